"""Returns and quality disposition: what becomes of goods not known to be good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import LotId, OrderId, OwnerId, SkuId, StockStatus, Zone
from twin.policies.shape import Policy, PolicyError, Rules, Snapshot

Action = Literal["restock", "quarantine", "rework", "markdown", "return_to_vendor", "scrap"]
UNKNOWN_LOT = LotId("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionSnapshot(Snapshot):
    """Units of one SKU that somebody doubts. days_left: whole days to expiry, None: undated."""

    source: Literal["return", "receipt", "pick", "pack", "expiry_sweep", "recall"]
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    reason: str
    grade: Literal["A", "B", "C", "unknown"]
    sealed: bool
    perishable: bool
    days_left: int | None
    excursion: bool
    order: OrderId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionRules(Rules):
    """In days left. zones: (action, zone) where a site's zone is not named as the action."""

    alert_days: int = 30
    removal_days: int = 7
    min_days: int = 14
    zones: tuple[tuple[Action, Zone], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What becomes of all the units. row: the row of the table that matched.

    keeps_age: receipt and expiry stay as they were, so that restocked goods do not pass for fresh ones.
    """

    status: StockStatus
    action: Action
    zone: Zone
    row: str
    keeps_age: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: if it matches, this is what becomes of the goods."""

    name: str
    matches: Callable[[DispositionSnapshot, DispositionRules], bool]
    action: Action
    status: StockStatus


def within(days_left: int | None, days: int) -> bool:
    """Fewer than so many days left? Undated goods never."""
    return days_left is not None and days_left < days


TABLE: tuple[Row, ...] = (
    Row("recall", lambda s, _: s.source == "recall", "quarantine", "blocked"),
    Row("excursion", lambda s, _: s.excursion, "quarantine", "qc_hold"),
    Row("no_order", lambda s, _: s.source == "return" and s.order is None, "quarantine", "qc_hold"),
    Row("expired", lambda s, _: within(s.days_left, 0), "scrap", "expired"),
    Row("short_dated", lambda s, rules: within(s.days_left, rules.min_days), "markdown", "blocked"),
    Row("opened_perishable", lambda s, _: s.perishable and not s.sealed, "scrap", "damaged"),
    Row("as_new", lambda s, _: s.grade == "A" and s.sealed, "restock", "available"),
    Row("repairable", lambda s, _: s.grade in ("A", "B"), "rework", "qc_hold"),
    Row("beyond_repair", lambda s, _: s.grade == "C", "scrap", "damaged"),
    Row("ungraded", lambda s, _: True, "quarantine", "qc_hold"),
)
"""Goods not known to be good, first match. Marked-down goods are blocked: no ordinary line may take them."""

SWEEP: tuple[Row, ...] = (
    Row("expired", lambda s, _: within(s.days_left, 0), "scrap", "expired"),
    Row("removal", lambda s, rules: within(s.days_left, rules.removal_days + 1), "quarantine", "blocked"),
    Row("alert", lambda s, rules: within(s.days_left, rules.alert_days + 1), "restock", "available"),
    Row("in_date", lambda s, _: True, "restock", "available"),
)
"""Stock on sale, once a day, by its date alone. `alert` is a warning only: the goods stay where they are."""


def first_match(snapshot: DispositionSnapshot, rules: DispositionRules, table: Sequence[Row]) -> Disposition:
    """The first row that matches; a table of your own goes in here."""
    row = next((row for row in table if row.matches(snapshot, rules)), None)
    if row is None:
        raise PolicyError(f"disposition of {snapshot.owner} {snapshot.sku}: no row matches; end the table with one")
    return Disposition(
        status=row.status,
        action=row.action,
        zone=dict(rules.zones).get(row.action, Zone(row.action)),
        row=row.name,
        keeps_age=row.action == "restock",
    )


def lot_to_ask_with(
    lot: LotId | None, days_left: int | None, days_left_on_sale: Iterable[int]
) -> tuple[LotId, int | None]:
    """The lot and the days of a SKU kept by lot: a lot nobody can read is `unknown`, as old as the oldest on sale."""
    if lot is not None and lot != UNKNOWN_LOT:
        return lot, days_left
    known = [*days_left_on_sale, *([] if days_left is None else [days_left])]
    return UNKNOWN_LOT, min(known, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMatch:
    """The first row that matches: recall, excursion, no order, date, opened, then the grade; stock on sale by date."""

    rules: DispositionRules = DispositionRules()

    def __call__(self, snapshot: DispositionSnapshot, /) -> Disposition:
        return first_match(snapshot, self.rules, SWEEP if snapshot.source == "expiry_sweep" else TABLE)


DISPOSITION: dict[str, type[Policy[DispositionSnapshot, Disposition]]] = {
    "first_match": FirstMatch,
}
