"""What every decision must keep, whoever took it: the laws as sentences, for tests and for the book's own check.

`broken_laws(snapshot, decision)` needs no policy: it reads the two records and lists each broken law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from twin.domain.ids import LocationId, StockId
from twin.policies.allocation import Allocation, AllocationSnapshot
from twin.policies.batching import BatchingSnapshot
from twin.policies.cycle_counting import CountProgramme, CountSnapshot
from twin.policies.dispatch import Dispatch, DispatchSnapshot
from twin.policies.dock_assignment import DockSnapshot, DoorAssignment
from twin.policies.laws_of_filters import FILTERS
from twin.policies.laws_of_tours import batching_laws, routing_laws
from twin.policies.laws_to_come import LAWS_TO_COME, Laws, once
from twin.policies.pick_exceptions import FaultSnapshot, Recovery, missing_units
from twin.policies.promising import Promise, PromisingSnapshot
from twin.policies.putaway import PutawayChoice, PutawaySnapshot
from twin.policies.release import Release, ReleaseSnapshot
from twin.policies.replenishment import Replenishment, ReplenishmentSnapshot
from twin.policies.routing import RoutingSnapshot
from twin.policies.shape import Rules
from twin.policies.slotting import SlottingPlan, SlottingSnapshot
from twin.policies.stock_filters import available

READABLE = "the decision is made of the parts that its records say"


def broken_laws(snapshot: Any, decision: Any, rules: Rules | None = None) -> list[str]:
    """The laws that the decision breaks, as sentences; empty for a family without laws here.

    rules: those of the policy, or the family's defaults; without them filters that depend on rules are not held.
    """
    laws, filters = LAWS.get(type(snapshot)), FILTERS.get(type(snapshot), _no_filters)
    if laws is None:
        return []
    try:
        found = [*laws(snapshot, decision), *filters(snapshot, decision, rules)]
        return [law for kept, law in found if not kept]
    except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:  # a stranger's, of wrong parts
        return [f"{READABLE}: {type(error).__name__}: {error}"]


def _no_filters(asked: Any, decided: Any, rules: Rules | None) -> Laws:
    return []


def promise_laws(asked: PromisingSnapshot, decided: Promise) -> Laws:
    """Never more than asked; what is promised in part or not at all has a reason."""
    units: Counter[str] = Counter()
    for line, _, promised, _ in decided.promised:
        units[line] += promised
    refused = {rejection.subject for rejection in decided.rejected}
    return [
        (set(units) <= {line.line for line in asked.lines}, "only lines that were asked are promised"),
        (all(n > 0 for _, _, n, _ in decided.promised), "a promise is of at least one unit"),
        (all(units[line.line] <= line.units for line in asked.lines), "no more units are promised than asked"),
        (
            all(units[line.line] == line.units or line.line in refused for line in asked.lines),
            "a line that is not promised in full is rejected with a code",
        ),
        (all(at_ms >= asked.now_ms for _, _, _, at_ms in decided.promised), "nothing is ready before now"),
    ]


def allocation_laws(asked: AllocationSnapshot, decided: Allocation) -> Laws:
    """Reserved + short = asked; free units of stock that was seen, of the line's owner, never of refused stock."""
    rows = {row.stock: row for row in asked.stock}
    names = [r.stock for r in decided.reservations]
    total = sum([r.units for r in decided.reservations])
    known = set(names) <= set(rows)
    return [
        (total + decided.short == asked.line.units and decided.short >= 0, "reserved + short = asked"),
        (known, "only stock that was seen is reserved"),
        (once(names), "each stock line is reserved once"),
        (all(r.line == asked.line.line for r in decided.reservations), "reservations are for the line that asked"),
        (
            known and all(0 < r.units <= available(rows[r.stock]) for r in decided.reservations),
            "reserved units are free units",
        ),
        (known and all(rows[n].owner == asked.line.owner for n in names), "stock of one owner never serves another"),
        (not {r.subject for r in decided.rejected} & set(names), "refused stock is not used"),
        (
            asked.line.ship_rule != "line_complete" or decided.short in (0, asked.line.units),
            "line_complete is all or nothing",
        ),
        (
            not asked.line.single_lot or (known and len({rows[n].lot for n in names}) <= 1),
            "a line of a single lot takes one lot",
        ),
    ]


def release_laws(asked: ReleaseSnapshot, decided: Release) -> Laws:
    """Released + held = waiting; a missed cut-off is noted beside the release and holds nothing."""
    held = {r.subject for r in decided.held if r.code != "cutoff_missed"}
    covered = {order.order for order in asked.waiting if order.covered}
    return [
        (once(list(decided.orders)), "each order is released once"),
        (set(decided.orders) <= covered, "only covered orders are released"),
        (not held & set(decided.orders), "a held order is not released"),
        (held | set(decided.orders) == {o.order for o in asked.waiting}, "released + held = waiting"),
    ]


def putaway_laws(asked: PutawaySnapshot, decided: PutawayChoice) -> Laws:
    """A place that was offered and not refused, or no place and the reason."""
    refused = {rejection.subject for rejection in decided.rejected}
    codes = {rejection.code for rejection in decided.rejected}
    return [
        (
            decided.location is None or decided.location in {c.location for c in asked.candidates},
            "the place was offered",
        ),
        (decided.location not in refused, "a refused place is not used"),
        ((decided.location is None) == ("no_location" in codes), "no place has the code no_location"),
    ]


def slotting_laws(asked: SlottingSnapshot, decided: SlottingPlan) -> Laws:
    """One home per SKU, one SKU per home, of the right class and security; moves in an order that can be done."""
    homes = {home.location: home for home in asked.homes}
    demand = {(row.owner, row.sku): row for row in asked.demand}
    at = {(owner, sku): location for owner, sku, location in decided.homes}
    stays = {key for key, row in demand.items() if row.home is not None and at.get(key) == row.home}
    occupied = Counter([row.home for row in asked.demand if row.home is not None])
    possible = True
    for _, _, old, new, _ in decided.moves:
        possible = possible and occupied[new] == 0
        occupied[old] -= 1
        occupied[new] += 1
    return [
        (once([row[:2] for row in decided.homes]), "a SKU has one home"),
        (once([row[2] for row in decided.homes]), "a home has one SKU"),
        (set(at) <= set(demand) and set(at.values()) <= set(homes), "SKUs and homes were seen"),
        (
            all(
                homes[location].storage == demand[key].storage and homes[location].secure == demand[key].secure
                for key, location in at.items()
                if key not in stays
            ),
            "a home is of the SKU's storage class and security",
        ),
        (possible, "the target of a move is free by then"),
    ]


def replenishment_laws(asked: ReplenishmentSnapshot, decided: Replenishment) -> Laws:
    """No more than reserve has free, no more than the face has room for."""
    reserve = {row.stock: row for row in asked.reserve}
    faces = {face.location: face for face in asked.faces}
    taken: Counter[StockId] = Counter()
    brought: Counter[LocationId] = Counter()
    for stock, to, units, _ in decided.moves:
        taken[stock] += units
        brought[to] += units
    known = set(taken) <= set(reserve) and set(brought) <= set(faces)
    return [
        (known, "stock and faces were seen"),
        (all(units > 0 for _, _, units, _ in decided.moves), "a move is of at least one unit"),
        (known and all(n <= available(reserve[s]) for s, n in taken.items()), "moved units are free units"),
        (
            known
            and all(n <= faces[f].capacity_units - faces[f].units - faces[f].coming_units for f, n in brought.items()),
            "a face gets no more than it has room for",
        ),
        (
            known and all(reserve[s].owner == faces[to].owner for s, to, _, _ in decided.moves),
            "stock of one owner never serves another",
        ),
    ]


def dispatch_laws(asked: DispatchSnapshot, decided: Dispatch) -> Laws:
    """A task that was offered and not refused; none only if all were refused."""
    offered = {task.task for task in asked.tasks}
    refused = {rejection.subject for rejection in decided.rejected}
    return [
        (decided.task is None or decided.task in offered, "the task was offered"),
        (decided.task not in refused, "a refused task is not given"),
        (decided.task is not None or refused == offered, "a worker waits only if no task fits"),
    ]


def dock_laws(asked: DockSnapshot, decided: DoorAssignment) -> Laws:
    """Booked + rejected = visits; no two trailers at one door at one time."""
    visits = {visit.trailer: visit for visit in asked.visits}
    names = [trailer for trailer, _, _ in decided.bookings]
    spans: dict[str, list[tuple[int, int]]] = {door.door: list(door.busy) for door in asked.doors}
    clear = True
    for trailer, door, start_ms in decided.bookings:
        end_ms = start_ms + visits[trailer].work_ms
        clear = clear and not any(start_ms < to and begin < end_ms for begin, to in spans[door])
        spans[door].append((start_ms, end_ms))
    return [
        (once(names), "a trailer has one door"),
        (sorted([*names, *[r.subject for r in decided.rejected]]) == sorted(visits), "booked + rejected = visits"),
        (clear, "a door serves one trailer at a time"),
        (all(start_ms >= asked.now_ms for _, _, start_ms in decided.bookings), "no trailer stood there before now"),
    ]


def counting_laws(asked: CountSnapshot, decided: CountProgramme) -> Laws:
    """Counted + left over = candidates; at most `max_counts`."""
    locations = [location for location, _ in decided.counts]
    reasons = {(c.location, c.reason) for c in asked.candidates}
    return [
        (once(locations), "a location is counted once"),
        (len(locations) <= max(0, asked.max_counts), "no more counts than there are hands for"),
        (all(row in reasons for row in decided.counts), "each count has its reason among the candidates"),
        (
            len(locations) + decided.left_over == len({c.location for c in asked.candidates}),
            "counted + left over = candidates",
        ),
    ]


def recovery_laws(asked: FaultSnapshot, decided: Recovery) -> Laws:
    """Reserved + backordered = missing, or wait; nobody is sent back to the suspect stock."""
    rows = {row.stock: row for row in asked.others}
    total = sum([r.units for r in decided.reservations])
    waits = decided.wait_until_ms is not None
    known = {r.stock for r in decided.reservations} <= set(rows)
    return [
        (waits or total + decided.backorder == missing_units(asked.fault), "reserved + backordered = missing"),
        (not waits or total + decided.backorder == 0, "who waits reserves nothing"),
        (all(r.stock != asked.fault.stock for r in decided.reservations), "nobody is sent to the suspect stock"),
        (
            known and all(0 < r.units <= available(rows[r.stock]) for r in decided.reservations),
            "reserved units are free units",
        ),
        (decided.notify == (decided.backorder > 0), "the customer is told if the promise moves, and only then"),
    ]


LAWS: dict[type[Any], Callable[[Any, Any], Laws]] = {
    PromisingSnapshot: promise_laws,
    RoutingSnapshot: routing_laws,
    BatchingSnapshot: batching_laws,
    AllocationSnapshot: allocation_laws,
    ReleaseSnapshot: release_laws,
    PutawaySnapshot: putaway_laws,
    SlottingSnapshot: slotting_laws,
    ReplenishmentSnapshot: replenishment_laws,
    DispatchSnapshot: dispatch_laws,
    DockSnapshot: dock_laws,
    CountSnapshot: counting_laws,
    FaultSnapshot: recovery_laws,
    **LAWS_TO_COME,
}
