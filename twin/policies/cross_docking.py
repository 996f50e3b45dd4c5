"""Cross-docking: which arriving goods skip storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.domain.ids import LineId, LotId, Lpn, OwnerId, SkuId
from twin.policies.shape import Policy, Rejection, RejectionCode, Rules, Snapshot
from twin.policies.why import seen

HOUR_MS = 3_600_000
UNDATED = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A handling unit that comes in. needs_check: quality control is due; mixed: holds several SKUs.

    for_line: the line that the ASN names, for goods distributed by the supplier.
    """

    lpn: Lpn
    owner: OwnerId
    sku: SkuId
    lot: LotId | None
    units: int
    expires_on_day: int | None
    arrives_at_ms: int
    needs_check: bool
    mixed: bool
    for_line: LineId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A line of the same SKU that leaves with a departure."""

    line: LineId
    owner: OwnerId
    units: int
    priority: int
    departs_at_ms: int
    min_expiry_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDockSnapshot(Snapshot):
    """Of one SKU. older_stock_units: free units that must go first; received: the goods are here."""

    arrivals: tuple[Arrival, ...]
    demands: tuple[Demand, ...]
    older_stock_units: int
    received: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDockRules(Rules):
    """Departure minus arrival lies within the window. whole_units_only: a handling unit is never split."""

    min_window_h: float = 0.0
    max_window_h: float = 8.0
    whole_units_only: bool = True
    rotation_guard: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDocking:
    """matches: (line, LPN, units); to_putaway: (LPN, units) that nothing takes; both add up to what arrives."""

    matches: tuple[tuple[LineId, Lpn, int], ...]
    to_putaway: tuple[tuple[Lpn, int], ...]
    rejected: tuple[Rejection, ...]


def _by_departure(d: Demand) -> tuple[int, int, str]:
    return (d.priority, d.departs_at_ms, d.line)


Fits = Callable[[Arrival, Demand], bool]


def matched(snapshot: CrossDockSnapshot, rules: CrossDockRules, fits: Fits = lambda a, d: True) -> CrossDocking:
    """Demands by (priority, departs_at_ms, line) take arrivals by (expires_on_day, arrives_at_ms, lpn)."""
    demands = sorted(snapshot.demands, key=seen(_by_departure, lambda d: d.line))
    arrivals = sorted(
        snapshot.arrivals,
        key=lambda a: (UNDATED if a.expires_on_day is None else a.expires_on_day, a.arrives_at_ms, a.lpn),
    )
    left = {a.lpn: a.units for a in arrivals}
    wanted = {d.line: d.units for d in demands}
    matches: list[tuple[LineId, Lpn, int]] = []
    refused: dict[Lpn, RejectionCode] = {}
    for demand in demands:
        for arrival in arrivals:
            if not wanted[demand.line]:
                break
            if not left[arrival.lpn] or not fits(arrival, demand):
                continue
            code = _refusal(arrival, demand, left[arrival.lpn], wanted[demand.line], snapshot, rules)
            if code is not None:
                refused.setdefault(arrival.lpn, code)
                continue
            units = min(left[arrival.lpn], wanted[demand.line])
            matches.append((demand.line, arrival.lpn, units))
            left[arrival.lpn] -= units
            wanted[demand.line] -= units
    taken = {lpn for _, lpn, _ in matches}
    return CrossDocking(
        matches=tuple(matches),
        to_putaway=tuple([(lpn, units) for lpn, units in sorted(left.items()) if units]),
        rejected=tuple(
            [Rejection(subject=lpn, code=code) for lpn, code in sorted(refused.items()) if lpn not in taken]
        ),
    )


def _refusal(
    arrival: Arrival, demand: Demand, units: int, wanted: int, snapshot: CrossDockSnapshot, rules: CrossDockRules
) -> RejectionCode | None:
    """The conditions in order: owner, window, quality, shelf life, whole units, rotation."""
    if arrival.owner != demand.owner:
        return "owner"
    window = demand.departs_at_ms - arrival.arrives_at_ms
    if not rules.min_window_h * HOUR_MS <= window <= rules.max_window_h * HOUR_MS:
        return "window"
    if arrival.needs_check:
        return "quality_hold"
    least = demand.min_expiry_day
    if least is not None and (arrival.expires_on_day is None or arrival.expires_on_day < least):
        return "shelf_life"
    if rules.whole_units_only and (arrival.mixed or units > wanted):
        return "mixing"
    if rules.rotation_guard and snapshot.older_stock_units > 0:
        return "rotation"
    return None


def _all_to_putaway(snapshot: CrossDockSnapshot) -> CrossDocking:
    rest = sorted([(a.lpn, a.units) for a in snapshot.arrivals if a.units])
    return CrossDocking(matches=(), to_putaway=tuple(rest), rejected=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Matched with the ASN at release, and checked again on receipt by the same rule; a late arrival drops out."""

    rules: CrossDockRules = CrossDockRules()

    def __call__(self, snapshot: CrossDockSnapshot, /) -> CrossDocking:
        return matched(snapshot, self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunistic:
    """Matched on receipt only; before that everything goes to putaway."""

    rules: CrossDockRules = CrossDockRules()

    def __call__(self, snapshot: CrossDockSnapshot, /) -> CrossDocking:
        return matched(snapshot, self.rules) if snapshot.received else _all_to_putaway(snapshot)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreDistributed:
    """Only the line that the ASN names gets the goods."""

    rules: CrossDockRules = CrossDockRules()

    def __call__(self, snapshot: CrossDockSnapshot, /) -> CrossDocking:
        return matched(snapshot, self.rules, lambda arrival, demand: arrival.for_line == demand.line)


CROSS_DOCKING: dict[str, type[Policy[CrossDockSnapshot, CrossDocking]]] = {
    "planned": Planned,
    "opportunistic": Opportunistic,
    "pre_distributed": PreDistributed,
}
