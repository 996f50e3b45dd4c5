"""Reordering: what is bought from which supplier, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import Literal

from twin.domain.ids import OwnerId, SkuId, SupplierId
from twin.policies.shape import Policy, PolicyError, Rejection, RejectionCode, Rules, Snapshot
from twin.policies.why import seen

WEEK = 7
ROUNDING = 1e-9
"""Sums of days and deviations are rounded up only beyond this, so that 7.000000000001 units are 7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierTerms:
    """On which terms a supplier delivers. ships_on: weekdays, Monday = 0, () = any."""

    supplier: SupplierId
    rank: int
    lead_days: float
    lead_sd_days: float
    lead_shape: Literal["constant", "gamma", "lognormal"]
    late_share: float
    late_days: float
    fill_share: float
    order_multiple: int
    min_units: int
    unit_cents: int
    order_cents: int
    ships_on: tuple[int, ...] = ()

    @property
    def effective_days(self) -> float:
        """The mean lead time, lateness included."""
        return self.lead_days + self.late_share * self.late_days

    @property
    def variance(self) -> float:
        """Of the lead time, in days squared."""
        return self.lead_sd_days**2 + self.late_share * (1 - self.late_share) * self.late_days**2


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPosition:
    """One SKU. committed: promised, not shipped; forecast: units of the coming days, forecast_sd: error of one day."""

    owner: OwnerId
    sku: SkuId
    on_hand: int
    on_order: int
    committed: int
    per_day: float
    per_day_sd: float
    forecast: tuple[float, ...]
    forecast_sd: float
    max_units: int | None
    shelf_days: int | None
    suppliers: tuple[SupplierTerms, ...]

    @property
    def position(self) -> int:
        """Usable units and those on their way, less what is promised; may be negative."""
        return self.on_hand + self.on_order - self.committed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderingSnapshot(Snapshot):
    """All positions that are reviewed. weekday: Monday = 0."""

    on_day: int
    weekday: int
    positions: tuple[StockPosition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderingRules(Rules):
    """service: chance of no stock-out in a cycle; reorder_units, up_to_units: stand for s or R, and for S, if set."""

    review_days: float = 1.0
    service: float = 0.98
    cover_days: float = 14.0
    hold_share_per_year: float = 0.2
    reorder_units: int | None = None
    up_to_units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """What is ordered now."""

    supplier: SupplierId
    owner: OwnerId
    sku: SkuId
    units: int
    expected_on_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordering:
    """The orders by days of cover, owner, SKU; rejected: SKUs in need that nothing is ordered for."""

    orders: tuple[PurchaseOrder, ...]
    rejected: tuple[Rejection, ...]


Need = Callable[[StockPosition, SupplierTerms, ReorderingRules], int]

NOBODY = SupplierTerms(
    supplier=SupplierId(""), rank=0, lead_days=0.0, lead_sd_days=0.0, lead_shape="constant", late_share=0.0,
    late_days=0.0, fill_share=1.0, order_multiple=1, min_units=0, unit_cents=0, order_cents=0,
)  # fmt: skip
"""Without a supplier no lead time is known: the position is in need if it were so with none."""


def up(units: float) -> int:
    """Rounded up to whole units."""
    return ceil(units - ROUNDING)


def quantile(rules: ReorderingRules) -> float:
    """z of the cycle service."""
    if not 0 < rules.service < 1:
        raise PolicyError(f"reordering rules: service must lie between 0 and 1, got {rules.service}")
    return NormalDist().inv_cdf(rules.service)


def safety(days: float, sd_per_day: float, per_day: float, terms: SupplierTerms, rules: ReorderingRules) -> float:
    """z x sqrt(P x sd^2 + per_day^2 x var_L)."""
    return quantile(rules) * sqrt(days * sd_per_day**2 + per_day**2 * terms.variance)


def review(snapshot: ReorderingSnapshot, rules: ReorderingRules, need: Need) -> Reordering:
    """Each position in need is ordered from one supplier, by (rank, unit_cents, L, supplier)."""
    orders: list[PurchaseOrder] = []
    rejected: list[Rejection] = []
    for x in sorted(snapshot.positions, key=seen(_cover, lambda x: x.sku)):
        terms = min(x.suppliers, key=lambda t: (t.rank, t.unit_cents, t.effective_days, t.supplier), default=None)
        wanted = need(x, terms or NOBODY, rules)
        if wanted <= 0:
            continue
        if terms is None:
            rejected.append(Rejection(subject=x.sku, code="no_supplier", detail=f"{wanted} units are needed"))
            continue
        units, code = _ordered(x, terms, wanted)
        if code is not None:
            rejected.append(Rejection(subject=x.sku, code=code, detail=f"{wanted} units are needed"))
            continue
        day = snapshot.on_day + _days_to_shipping(snapshot.weekday, terms) + up(terms.effective_days)
        orders.append(
            PurchaseOrder(supplier=terms.supplier, owner=x.owner, sku=x.sku, units=units, expected_on_day=day)
        )
    return Reordering(orders=tuple(orders), rejected=tuple(rejected))


def _cover(x: StockPosition) -> tuple[float, OwnerId, SkuId]:
    """Days of cover; without demand a negative position is the most pressing, any other the least."""
    if x.per_day > 0:
        return (x.position / x.per_day, x.owner, x.sku)
    return (float("-inf") if x.position < 0 else float("inf"), x.owner, x.sku)


def _ordered(x: StockPosition, terms: SupplierTerms, wanted: int) -> tuple[int, RejectionCode | None]:
    """Units by multiple, minimum and caps; 0 and the code where nothing is left to order."""
    multiple = max(1, terms.order_multiple)
    units = up(wanted / terms.fill_share) if terms.fill_share > 0 else wanted
    units = max(units, terms.min_units)
    units = ceil(units / multiple) * multiple
    caps: list[tuple[int, RejectionCode]] = []
    if x.max_units is not None:
        caps.append((x.max_units - x.position, "order_minimum"))
    if x.shelf_days is not None:
        caps.append((floor(x.per_day * (x.shelf_days - terms.effective_days) + ROUNDING), "shelf_life"))
    for most, code in caps:
        if units > most:
            units = max(0, most) // multiple * multiple
            if units < max(1, terms.min_units) and not (x.position < 0 and units > 0):
                return 0, code
    return units, None


def _days_to_shipping(weekday: int, terms: SupplierTerms) -> int:
    return min([(day - weekday) % WEEK for day in terms.ships_on], default=0)


def forecast_units(x: StockPosition, days: float) -> float:
    """The forecast over so many days from today; one that is shorter repeats its last day."""
    rows = x.forecast or (x.per_day,)
    whole = int(days)
    total = sum([rows[min(i, len(rows) - 1)] for i in range(whole)])
    return total + (days - whole) * rows[min(whole, len(rows) - 1)]


def need_up_to(x: StockPosition, terms: SupplierTerms, rules: ReorderingRules) -> int:
    """Asked every review: position at or below s brings S - position."""
    if x.per_day <= 0:
        return max(0, -x.position)
    days = terms.effective_days + rules.review_days
    exact = x.per_day * days + safety(days, x.per_day_sd, x.per_day, terms, rules)
    low = up(exact) if rules.reorder_units is None else rules.reorder_units
    high = up(low + x.per_day * rules.cover_days) if rules.up_to_units is None else rules.up_to_units
    return high - x.position if x.position <= low else 0


def need_lots(x: StockPosition, terms: SupplierTerms, rules: ReorderingRules) -> int:
    """Asked on each change: position at or below R brings the least n Q that lifts it above R."""
    if x.per_day <= 0:
        return max(0, -x.position)
    days = terms.effective_days
    exact = x.per_day * days + safety(days, x.per_day_sd, x.per_day, terms, rules)
    low = up(exact) if rules.reorder_units is None else rules.reorder_units
    if x.position > low:
        return 0
    held = rules.hold_share_per_year * terms.unit_cents
    lot = sqrt(2 * 365 * x.per_day * terms.order_cents / held) if held > 0 else 0.0
    units = max(1, up(lot)) if lot > 0 else max(1, terms.order_multiple)
    return ((low - x.position) // units + 1) * units


def need_by_forecast(x: StockPosition, terms: SupplierTerms, rules: ReorderingRules) -> int:
    """Position below the forecast over P and its safety brings the forecast over P + cover_days, and the safety."""
    if not any(x.forecast or (x.per_day,)):
        return max(0, -x.position)
    days = terms.effective_days + rules.review_days
    mean = forecast_units(x, days)
    extra = safety(days, x.forecast_sd, x.per_day, terms, rules)
    low = up(mean + extra) if rules.reorder_units is None else rules.reorder_units
    high = up(forecast_units(x, days + rules.cover_days) + extra) if rules.up_to_units is None else rules.up_to_units
    return high - x.position if x.position < low else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SS:
    """(s, S): position at or below s = mean + safety over lead time and review is lifted to S = s + cover."""

    rules: ReorderingRules = ReorderingRules()

    def __call__(self, snapshot: ReorderingSnapshot, /) -> Reordering:
        return review(snapshot, self.rules, need_up_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RQ:
    """(R, Q): position at or below R = mean + safety over the lead time brings economic lots Q until it is above."""

    rules: ReorderingRules = ReorderingRules()

    def __call__(self, snapshot: ReorderingSnapshot, /) -> Reordering:
        return review(snapshot, self.rules, need_lots)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastBased:
    """As (s, S), with the forecast of the coming days and its error in place of the mean."""

    rules: ReorderingRules = ReorderingRules()

    def __call__(self, snapshot: ReorderingSnapshot, /) -> Reordering:
        return review(snapshot, self.rules, need_by_forecast)


REORDERING: dict[str, type[Policy[ReorderingSnapshot, Reordering]]] = {
    "s_S": SS,
    "R_Q": RQ,
    "forecast_based": ForecastBased,
}
