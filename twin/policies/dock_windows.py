"""Doors for trailers with a window: the whole work lies inside it; who loses the window queues.

A trailer is late once the work, begun on arrival, would end after its window; so many minutes late as are grace it
keeps the window, which then ends that much later. A late trailer, and one whose window no door serves, queues behind
all others if it stands at the gate; if it has not arrived it is refused (`window`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from twin.domain.ids import DoorId, TrailerId
from twin.policies.dock_doors import (
    DEFAULTS,
    Busy,
    DockRules,
    DockSnapshot,
    Door,
    DoorAssignment,
    Visit,
    earliest_gap,
    nearest_miss,
    refusal,
    walk_mm,
)
from twin.policies.shape import Rejection
from twin.policies.why import seen

EXACT_VISITS = 5
"""So many trailers at once are assigned exactly; with more, those with most loads choose first."""

Booking = tuple[TrailerId, DoorId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed:
    """A trailer that may still have its window, and the doors that may serve it. until_ms: the work has ended."""

    visit: Visit
    from_ms: int
    until_ms: int
    doors: tuple[Door, ...]


Serve = Callable[[list[Windowed], Busy], list[Booking]]
"""Books trailers inside their windows, and adds the bookings to what the doors are busy with."""


def _by_arrival(row: tuple[int, TrailerId, Visit]) -> tuple[int, str]:
    return row[0], row[1]


def assigned(snapshot: DockSnapshot, rules: DockRules, serve: Serve) -> DoorAssignment:
    """The windows first, by the rule given; then those at the gate without one, by (arrived, trailer)."""
    grace_ms = round(rules.grace_min * 60_000)
    busy: Busy = {door.door: list(door.busy) for door in snapshot.doors}
    doors_of: dict[TrailerId, tuple[Door, ...]] = {}
    windowed: list[Windowed] = []
    rejected: list[Rejection] = []
    for visit in sorted(snapshot.visits, key=lambda v: v.trailer):
        codes = [refusal(door, visit) for door in snapshot.doors]
        doors = tuple([door for door, code in zip(snapshot.doors, codes, strict=True) if code is None])
        if not doors:
            rejected.append(Rejection(subject=visit.trailer, code=nearest_miss(codes)))
            continue
        doors_of[visit.trailer] = doors
        here_ms = snapshot.now_ms if visit.arrived_at_ms is None else visit.arrived_at_ms
        late_ms = here_ms - max(visit.earliest_ms, visit.latest_ms - visit.work_ms)
        if late_ms <= grace_ms:
            until_ms = visit.latest_ms + (grace_ms if late_ms > 0 else 0)
            from_ms = max(snapshot.now_ms, visit.earliest_ms, here_ms)
            windowed.append(Windowed(visit=visit, from_ms=from_ms, until_ms=until_ms, doors=doors))
    bookings = serve(windowed, busy)
    booked = {trailer for trailer, _, _ in bookings}
    queue: list[tuple[int, TrailerId, Visit]] = []
    for visit in snapshot.visits:
        if visit.trailer in booked or visit.trailer not in doors_of:
            continue
        if visit.arrived_at_ms is None:
            rejected.append(Rejection(subject=visit.trailer, code="window", detail="no door inside its window"))
        else:
            queue.append((visit.arrived_at_ms, visit.trailer, visit))
    for arrived_at_ms, trailer, visit in sorted(queue, key=seen(_by_arrival, lambda row: row[1])):
        from_ms = max(snapshot.now_ms, arrived_at_ms)
        start_ms, _, name = min(
            [
                (earliest_gap(busy[door.door], from_ms, visit.work_ms), walk_mm(door, visit), door.door)
                for door in doors_of[trailer]
            ]
        )
        busy[name].append((start_ms, start_ms + visit.work_ms))
        bookings.append((trailer, name, start_ms))
    return DoorAssignment(bookings=tuple(bookings), rejected=tuple(sorted(rejected, key=lambda r: r.subject)))


def inside(asking: Windowed, busy: Busy) -> Iterator[tuple[int, int, DoorId]]:
    """(start, walk, door) of each door that has a gap inside the window."""
    visit = asking.visit
    for door in asking.doors:
        start_ms = earliest_gap(busy[door.door], asking.from_ms, visit.work_ms)
        if start_ms + visit.work_ms <= asking.until_ms:
            yield start_ms, walk_mm(door, visit), door.door


def _by_window(w: Windowed) -> tuple[int, int, str]:
    return (w.visit.latest_ms, w.visit.earliest_ms, w.visit.trailer)


def _by_loads(w: Windowed) -> tuple[int, int, str]:
    return (-sum([n for _, n in w.visit.loads]), w.from_ms, w.visit.trailer)


def _trailer(w: Windowed) -> str:
    return w.visit.trailer


def by_appointment(windowed: list[Windowed], busy: Busy) -> list[Booking]:
    """In the order in which the windows end, each trailer the earliest gap."""
    bookings: list[Booking] = []
    for asking in sorted(windowed, key=seen(_by_window, _trailer)):
        options = sorted(inside(asking, busy))
        if options:
            start_ms, _, name = options[0]
            busy[name].append((start_ms, start_ms + asking.visit.work_ms))
            bookings.append((asking.visit.trailer, name, start_ms))
    return bookings


def most_loads_first(windowed: list[Windowed], busy: Busy) -> list[Booking]:
    """Trailer by trailer, the one with most loads first: a door without a wait, then the least walk."""
    alone: Busy = {name: list(spans) for name, spans in busy.items()}
    bookings: list[Booking] = []
    for asking in sorted(windowed, key=seen(_by_loads, _trailer)):
        soonest = {name: start_ms for start_ms, _, name in inside(asking, alone)}
        options = [(start > soonest[name], walk, start, name) for start, walk, name in inside(asking, busy)]
        if options:
            _, _, start_ms, name = min(options)
            busy[name].append((start_ms, start_ms + asking.visit.work_ms))
            bookings.append((asking.visit.trailer, name, start_ms))
    return bookings


class _LeastWalkSearch:
    """All assignments, branch by branch; a branch that cannot beat the best is cut.

    Best is least by (trailers left out, trailers that wait for another of these, walk, sum of starts, doors).
    """

    def __init__(self, windowed: list[Windowed], busy: Busy) -> None:
        self.asking = sorted(windowed, key=lambda w: (w.from_ms, w.visit.trailer))
        self.busy = {name: list(spans) for name, spans in busy.items()}
        self.soonest = [{name: start for start, _, name in inside(w, busy)} for w in self.asking]
        walks = [min([walk for _, walk, _ in inside(w, busy)], default=0) for w in self.asking]
        starts = [min([start for start, _, _ in inside(w, busy)], default=0) for w in self.asking]
        never = [0 if soonest else 1 for soonest in self.soonest]
        self.least = [(sum(never[i:]), sum(walks[i:]), sum(starts[i:])) for i in range(len(walks) + 1)]
        self.best: tuple[tuple[int, int, int, int], list[tuple[int, str]]] | None = None
        self.bookings: list[Booking] = []

    def look(
        self, out: int, waits: int, walk: int, starts: int, chosen: list[tuple[Windowed, DoorId | None, int]]
    ) -> None:
        """Try every door for the next trailer, and none."""
        place = len(chosen)
        names = [(1, "") if name is None else (0, str(name)) for _, name, _ in chosen]
        never, least_walk, least_starts = self.least[place]
        score = (out, waits, walk, starts)
        if self.best is not None:
            # leaving a trailer out saves its walk and start, which only counts with more left out
            hope = (out + never, waits, walk + least_walk, starts + least_starts)
            if hope > self.best[0] or (hope == self.best[0] and names > self.best[1][:place]):
                return
        if place == len(self.asking):
            if self.best is None or (score, names) < self.best:
                self.best = (score, names)
                self.bookings = [(w.visit.trailer, name, start) for w, name, start in chosen if name is not None]
            return
        asking = self.asking[place]
        soonest = self.soonest[place]
        options = sorted([(s > soonest[n], walk_of, s, n) for s, walk_of, n in inside(asking, self.busy)])
        for wait, walk_of, start, name in options:
            self.busy[name].append((start, start + asking.visit.work_ms))
            self.look(out, waits + wait, walk + walk_of, starts + start, [*chosen, (asking, name, start)])
            self.busy[name].pop()
        self.look(out + 1, waits, walk, starts, [*chosen, (asking, None, 0)])


def least_walk(windowed: list[Windowed], busy: Busy) -> list[Booking]:
    """Exact for few trailers, else most loads first."""
    if len(windowed) > EXACT_VISITS:
        return most_loads_first(windowed, busy)
    search = _LeastWalkSearch(windowed, busy)
    search.look(0, 0, 0, 0, [])
    work_ms = {asking.visit.trailer: asking.visit.work_ms for asking in windowed}
    for trailer, name, start_ms in search.bookings:
        busy[name].append((start_ms, start_ms + work_ms[trailer]))
    return search.bookings


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Trailers by (latest_ms, earliest_ms, trailer), each at the earliest gap inside its window; ties: walk, door."""

    rules: DockRules = DEFAULTS

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return assigned(snapshot, self.rules, by_appointment)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastWalk:
    """Least sum of loads x walk inside the windows, no trailer waiting for another if it need not; ties: start, door.

    Exact for up to five trailers; with more, by (most loads, earliest, trailer) each takes its best door.
    """

    rules: DockRules = DEFAULTS

    def __call__(self, snapshot: DockSnapshot, /) -> DoorAssignment:
        return assigned(snapshot, self.rules, least_walk)
