"""Pick exceptions: what to do when the face is not as booked.

The sequence is fixed: block the suspect stock, allocate again over the others, backorder what stays short, request a
count. The strategies differ in the second step only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from twin.domain.ids import LineId, LocationId, StockId
from twin.domain.orders import OrderLine
from twin.policies.allocation import ALLOCATION
from twin.policies.shape import Policy, PolicyError, Rules, Snapshot
from twin.policies.stock_filters import Allocation, AllocationSnapshot, Reservation, StockLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the picker reports. `found`: right and sound units taken there."""

    line: LineId
    stock: StockId
    location: LocationId
    asked: int
    found: int
    code: Literal["short", "empty", "damaged", "wrong_sku", "wrong_lot", "expired", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSnapshot(Snapshot):
    """The fault, its line, and where else the SKU stands. coming: (location, units, at_ms)."""

    fault: Fault
    line: OrderLine
    on_day: int
    deliver_on_day: int
    others: tuple[StockLine, ...]
    slack_ms: int
    coming: tuple[tuple[LocationId, int, int], ...]
    still_ahead: frozenset[LocationId]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickExceptionRules(Rules):
    """`allocation`: the rule that allocates again."""

    allocation: str = "fefo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Reserved + backordered = missing, unless the picker waits: then `wait_until_ms` says until when.

    block: (stock, units). Of stock that is wrong as a whole all units are blocked; if the faulty stock line is not
    among `others`, its units are known to the book alone and the units asked stand in their place.
    """

    block: tuple[tuple[StockId, int], ...]
    reservations: tuple[Reservation, ...]
    wait_until_ms: int | None
    backorder: int
    count: tuple[LocationId, ...]
    notify: bool


def missing_units(fault: Fault) -> int:
    """Units of the line that the face did not give."""
    return max(0, fault.asked - fault.found)


def suspect(snapshot: FaultSnapshot) -> tuple[tuple[StockId, int], ...]:
    """The stock to block, so that nobody is sent there next; an unreadable label blocks nothing."""
    fault = snapshot.fault
    if fault.code in ("short", "empty", "damaged"):
        units = missing_units(fault)
    elif fault.code == "unreadable":
        units = 0
    else:
        units = max([row.units for row in snapshot.others if row.stock == fault.stock], default=fault.asked)
    return ((fault.stock, units),) if units > 0 else ()


def elsewhere(snapshot: FaultSnapshot) -> list[StockLine]:
    """Stock that may serve instead: not the suspect one, nothing at a location found empty, the same lot if asked."""
    fault, line = snapshot.fault, snapshot.line
    rows = [row for row in snapshot.others if row.stock != fault.stock]
    if fault.code == "empty":
        rows = [row for row in rows if row.location != fault.location]
    if line.single_lot and fault.found > 0:
        lots = [row.lot for row in snapshot.others if row.stock == fault.stock]
        rows = [row for row in rows if row.lot in lots]
    return rows


def allocated_again(
    snapshot: FaultSnapshot, rules: PickExceptionRules, passes: list[Callable[[StockLine], bool]]
) -> tuple[Reservation, ...]:
    """The missing units by the allocation rule, pass by pass; `line_complete`: all or nothing."""
    if rules.allocation not in ALLOCATION:
        raise PolicyError(
            f"pick_exceptions: allocation must be one of {', '.join(ALLOCATION)}, got {rules.allocation!r}"
        )
    decide: Policy[AllocationSnapshot, Allocation] = ALLOCATION[rules.allocation]()
    need = missing_units(snapshot.fault)
    rows = elsewhere(snapshot)
    reservations: list[Reservation] = []
    for allowed in passes:
        stock = tuple([row for row in rows if allowed(row)])
        if need <= 0 or not stock:
            continue
        found = decide(
            AllocationSnapshot(
                now_ms=snapshot.now_ms,
                book_version=snapshot.book_version,
                line=replace(snapshot.line, units=need, ship_rule="partial"),
                on_day=snapshot.on_day,
                deliver_on_day=snapshot.deliver_on_day,
                stock=stock,
            )
        )
        reservations += found.reservations
        need = found.short
    if need > 0 and snapshot.line.ship_rule == "line_complete":
        return ()
    return tuple(reservations)


def recovered(
    snapshot: FaultSnapshot, reservations: tuple[Reservation, ...] = (), wait_until_ms: int | None = None
) -> Recovery:
    """The fixed sequence around the second step. The customer is told only if the promise moves."""
    fault = snapshot.fault
    backorder = 0
    if wait_until_ms is None:
        backorder = missing_units(fault) - sum([r.units for r in reservations])
    return Recovery(
        block=suspect(snapshot),
        reservations=reservations,
        wait_until_ms=wait_until_ms,
        backorder=backorder,
        count=() if fault.code == "unreadable" else (fault.location,),
        notify=backorder > 0,
    )


def _anywhere(row: StockLine) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SameTour:
    """Locations that are still ahead on the tour first, then any other."""

    rules: PickExceptionRules = PickExceptionRules()

    def __call__(self, snapshot: FaultSnapshot, /) -> Recovery:
        ahead = snapshot.still_ahead
        if snapshot.line.single_lot:
            near = allocated_again(snapshot, self.rules, [lambda row: row.location in ahead])
            if sum([r.units for r in near]) == missing_units(snapshot.fault):
                return recovered(snapshot, near)
            return recovered(snapshot, allocated_again(snapshot, self.rules, [_anywhere]))
        passes = [lambda row: row.location in ahead, lambda row: row.location not in ahead]
        return recovered(snapshot, allocated_again(snapshot, self.rules, passes))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """The best stock anywhere, as an urgent task for anyone."""

    rules: PickExceptionRules = PickExceptionRules()

    def __call__(self, snapshot: FaultSnapshot, /) -> Recovery:
        return recovered(snapshot, allocated_again(snapshot, self.rules, [_anywhere]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForFace:
    """Wait if replenishments due at the face before the slack ends cover all that is missing; else a new task."""

    rules: PickExceptionRules = PickExceptionRules()

    def __call__(self, snapshot: FaultSnapshot, /) -> Recovery:
        missing, there = missing_units(snapshot.fault), 0
        until_ms = snapshot.now_ms + snapshot.slack_ms
        for at_ms, units in sorted([(at, n) for where, n, at in snapshot.coming if where == snapshot.fault.location]):
            there += units
            if at_ms <= until_ms and 0 < missing <= there:
                return recovered(snapshot, wait_until_ms=max(at_ms, snapshot.now_ms))
        return recovered(snapshot, allocated_again(snapshot, self.rules, [_anywhere]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipShort:
    """Ship what was found and backorder the rest; a line that may not ship in part gets a new task."""

    rules: PickExceptionRules = PickExceptionRules()

    def __call__(self, snapshot: FaultSnapshot, /) -> Recovery:
        if snapshot.line.ship_rule == "partial":
            return recovered(snapshot)
        return recovered(snapshot, allocated_again(snapshot, self.rules, [_anywhere]))


PICK_EXCEPTIONS: dict[str, type[Policy[FaultSnapshot, Recovery]]] = {
    "same_tour": SameTour,
    "new_task": NewTask,
    "wait_for_face": WaitForFace,
    "ship_short": ShipShort,
}
