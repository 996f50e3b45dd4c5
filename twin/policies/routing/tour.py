"""What routing sees and what it answers: the stops of one tour, and the order in which they are walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId
from twin.domain.legs import leg_mm
from twin.domain.records import builder
from twin.policies.shape import PolicyError, Rules, Snapshot

RoutingRules = Rules
RULES = RoutingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSnapshot(Snapshot):
    """One tour. With a plan the snapshot answers every distance itself; on graph layouts `plan` is None.

    ways: (from, to, mm) for each ordered pair of the stops, start and end.
    """

    stops: tuple[Stop, ...]
    plan: AislePlan | None
    start: Point
    end: Point
    ways: tuple[tuple[LocationId, LocationId, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """The order of the stops, each location once.

    length_mm: exactly the sum over the legs as walked; exact: proven shortest for this snapshot; via: for each leg
    (start to first stop, ..., last stop to end) the cross-aisle it goes through, -1 the shortest way.
    """

    stops: tuple[Stop, ...]
    length_mm: int
    exact: bool
    via: tuple[int, ...] = ()


build_tour: Callable[[tuple[Stop, ...], int, bool, tuple[int, ...]], Tour] = builder(Tour)


def walked_mm(plan: AislePlan, start: Point, end: Point, tour: Tour) -> int:
    """The length of a tour, leg by leg as `via` says."""
    origins: list[Stop | Point] = [start, *tour.stops]
    via = tour.via or (-1,) * (len(tour.stops) + 1)
    targets: list[Stop | Point] = [*tour.stops, end]
    return sum([leg_mm(plan, a, b, v) for a, b, v in zip(origins, targets, via, strict=True)])


def same_place(a: Point, b: Point) -> bool:
    """Whether two points are one place; the id alone tells on a graph."""
    return a.location == b.location or (a.aisle == b.aisle and a.x_mm == b.x_mm and a.y_mm == b.y_mm and _placed(a))


def _placed(point: Point) -> bool:
    return point.aisle is not None or point.x_mm is not None


def in_visit_groups(snapshot: RoutingSnapshot, route: Callable[[RoutingSnapshot], Tour]) -> Tour:
    """Each visit group routed alone, from where the group before ended; never claimed to be exact."""
    groups: dict[int, list[Stop]] = {}
    for stop in snapshot.stops:
        groups.setdefault(stop.visit_group, []).append(stop)
    start: Point = snapshot.start
    stops: list[Stop] = []
    via: list[int] = []
    length = 0
    seen: set[LocationId] = set()
    for number, group in enumerate(sorted(groups)):
        mine = tuple([s for s in groups[group] if s.location not in seen])
        if not mine:
            continue
        seen.update([s.location for s in mine])
        tour = route(replace(snapshot, stops=mine, start=start))
        if number:
            via.pop()
        last = tour.stops[-1]
        length += tour.length_mm - _way_mm(snapshot, last, snapshot.end, tour.via[-1])
        stops += tour.stops
        via += tour.via
        start = Point(location=last.location, aisle=last.aisle, y_mm=last.y_mm)
    length += _way_mm(snapshot, stops[-1], snapshot.end, via[-1])
    return Tour(stops=tuple(stops), length_mm=length, exact=False, via=tuple(via))


def _way_mm(snapshot: RoutingSnapshot, a: Stop, b: Point, via: int) -> int:
    if snapshot.plan is not None:
        return leg_mm(snapshot.plan, a, b, via)
    if a.location == b.location:
        return 0
    for origin, destination, length in snapshot.ways:
        if origin == a.location and destination == b.location:
            return length
    raise PolicyError(f"the snapshot's ways say nothing of {a.location} to {b.location}")


def empty_tour(snapshot: RoutingSnapshot) -> Tour:
    """The way from start to end without a stop."""
    if same_place(snapshot.start, snapshot.end):
        return Tour(stops=(), length_mm=0, exact=True, via=(-1,))
    if snapshot.plan is not None:
        return Tour(stops=(), length_mm=leg_mm(snapshot.plan, snapshot.start, snapshot.end), exact=True, via=(-1,))
    for origin, destination, length in snapshot.ways:
        if origin == snapshot.start.location and destination == snapshot.end.location:
            return Tour(stops=(), length_mm=length, exact=True, via=(-1,))
    raise PolicyError(f"the snapshot's ways say nothing of {snapshot.start.location} to {snapshot.end.location}")
