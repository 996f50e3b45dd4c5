"""Hard filters as laws: what a decision uses must pass them, whatever the rule says that it rejected.

Some filters depend on the family's Rules (may expired stock be used? may a task overrun the shift?); without Rules
those are not held against anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twin.domain.ids import LineId, OrderId
from twin.domain.orders import OrderLine
from twin.policies.allocation import Allocation, AllocationSnapshot
from twin.policies.dispatch import Dispatch, DispatchRules, DispatchSnapshot
from twin.policies.dispatch import refusal as task_refusal
from twin.policies.dock_assignment import DockSnapshot, DoorAssignment
from twin.policies.dock_doors import refusal as door_refusal
from twin.policies.laws_to_come import Laws
from twin.policies.pick_exceptions import FaultSnapshot, Recovery
from twin.policies.putaway import PutawayChoice, PutawaySnapshot
from twin.policies.putaway import refusal as place_refusal
from twin.policies.replenishment import Face, Replenishment, ReplenishmentSnapshot
from twin.policies.shape import Rules
from twin.policies.slotting import SlottingPlan, SlottingRules, SlottingSnapshot
from twin.policies.stock_filters import AllocationRules, StockLine, refusal

STRICT = AllocationRules()
LENIENT = AllocationRules(expired="ignore", untracked_serves_lot=True)


def passed(codes: Iterable[str | None], what: str) -> tuple[bool, str]:
    """The law that nothing used has a code, with the codes found."""
    found = sorted({code for code in codes if code is not None})
    return not found, f"{what} passes the hard filters" + (f", not: {' '.join(found)}" if found else "")


def _stock_rules(rules: Rules | None) -> AllocationRules:
    return rules if isinstance(rules, AllocationRules) else LENIENT if rules is None else STRICT


def allocation_filters(asked: AllocationSnapshot, decided: Allocation, rules: Rules | None) -> Laws:
    """Each stock line reserved may serve the line; whole packs if it wants them."""
    rows = {row.stock: row for row in asked.stock}
    taken = [(rows[r.stock], r.units) for r in decided.reservations if r.stock in rows]
    whole = all(units % row.units_per_pack == 0 for row, units in taken)
    return [
        passed([refusal(row, asked, _stock_rules(rules)) for row, _ in taken], "reserved stock"),
        (whole or not asked.line.whole_packs_only, "a line of whole packs only takes whole packs"),
    ]


def recovery_filters(asked: FaultSnapshot, decided: Recovery, rules: Rules | None) -> Laws:
    """Stock reserved instead may serve the line as any other."""
    question = AllocationSnapshot(
        now_ms=asked.now_ms, book_version=asked.book_version, line=asked.line, on_day=asked.on_day,
        deliver_on_day=asked.deliver_on_day, stock=asked.others,
    )  # fmt: skip
    used = {r.stock for r in decided.reservations}
    return [passed([refusal(row, question, _stock_rules(rules)) for row in asked.others if row.stock in used],
                   "stock reserved instead")]  # fmt: skip


def replenishment_filters(asked: ReplenishmentSnapshot, decided: Replenishment, rules: Rules | None) -> Laws:
    """Reserve stock moved may serve; a face has no storage class of its own."""
    reserve = {row.stock: row for row in asked.reserve}
    faces = {face.location: face for face in asked.faces}
    moved = [(reserve[s], faces[to]) for s, to, _, _ in decided.moves if s in reserve and to in faces]
    return [passed([_source_refusal(row, face, asked, _stock_rules(rules)) for row, face in moved], "stock moved")]


def _source_refusal(row: StockLine, face: Face, asked: ReplenishmentSnapshot, rules: AllocationRules) -> str | None:
    line = OrderLine(
        line=LineId("replenish"), order=OrderId("replenish"), sku=face.sku, units=1, owner=face.owner,
        storage=row.storage, cleared=True,
    )  # fmt: skip
    question = AllocationSnapshot(
        now_ms=asked.now_ms, book_version=asked.book_version, line=line, on_day=asked.on_day,
        deliver_on_day=asked.on_day, stock=(),
    )  # fmt: skip
    return refusal(row, question, rules)


def putaway_filters(asked: PutawaySnapshot, decided: PutawayChoice, rules: Rules | None) -> Laws:
    """The place chosen may take the goods."""
    chosen = [place for place in asked.candidates if place.location == decided.location]
    return [passed([place_refusal(place, asked) for place in chosen], "the place")]


def dispatch_filters(asked: DispatchSnapshot, decided: Dispatch, rules: Rules | None) -> Laws:
    """The task given suits the worker; who waits could do none."""
    own = rules if isinstance(rules, DispatchRules) else DispatchRules()
    works = zip(asked.tasks, asked.travel_ms, strict=True)
    codes = {task.task: task_refusal(task, travel_ms, asked, own) for task, travel_ms in works}
    given = codes.get(decided.task) if decided.task is not None else None
    if rules is None and given == "shift_end":
        given = None
    idle = decided.task is None and rules is not None and None in codes.values()
    return [passed([given], "the task"), (not idle, "a worker waits only if no task passes the hard filters")]


def dock_filters(asked: DockSnapshot, decided: DoorAssignment, rules: Rules | None) -> Laws:
    """The door booked suits the trailer."""
    doors, visits = {door.door: door for door in asked.doors}, {visit.trailer: visit for visit in asked.visits}
    pairs = [(doors[d], visits[t]) for t, d, _ in decided.bookings if d in doors and t in visits]
    return [passed([door_refusal(door, visit) for door, visit in pairs], "the door")]


def slotting_filters(asked: SlottingSnapshot, decided: SlottingPlan, rules: Rules | None) -> Laws:
    """A new home holds the SKU and is nobody else's; no more moves than there is a budget for."""
    homes = {home.location: home for home in asked.homes}
    demand = {(row.owner, row.sku): row for row in asked.demand}
    at = {(owner, sku): location for owner, sku, location in decided.homes}
    new = [(key, homes[to]) for key, to in at.items() if to in homes and key in demand and demand[key].home != to]
    budget = len(decided.moves) <= rules.max_moves if isinstance(rules, SlottingRules) else True
    return [
        (all(home.free_l >= demand[key].litres_at_max for key, home in new), "a home holds the SKU's litres"),
        (
            all(home.taken_by in (None, key) or home.taken_by in demand for key, home in new),
            "a home of a SKU that is not planned is not given away",
        ),
        (budget, "no more moves than the budget"),
    ]


FILTERS: dict[type[Any], Callable[[Any, Any, Rules | None], Laws]] = {
    AllocationSnapshot: allocation_filters,
    FaultSnapshot: recovery_filters,
    ReplenishmentSnapshot: replenishment_filters,
    PutawaySnapshot: putaway_filters,
    DispatchSnapshot: dispatch_filters,
    DockSnapshot: dock_filters,
    SlottingSnapshot: slotting_filters,
}
