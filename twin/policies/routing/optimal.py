"""`optimal`: the shortest tour, and whether that is proven."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import itemgetter

from twin.domain.aisles import AislePlan, Point, Stop, shortest_mm, x_of
from twin.domain.legs import leg_mm
from twin.policies.routing.any_ways import shortest_path
from twin.policies.routing.blocks import CROSSES_MAX, shortest_over_blocks
from twin.policies.routing.one_block import Column, shortest_loop
from twin.policies.routing.tour import (
    RULES,
    RoutingRules,
    RoutingSnapshot,
    Tour,
    build_tour,
    empty_tour,
    in_visit_groups,
    same_place,
)
from twin.policies.shape import PolicyError

_by_place = itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal:
    """The shortest tour.

    One block and back to the start: Ratliff & Rosenthal (1983). Several blocks, or another end: the same programme with
    more states, proven up to 5 blocks (4 with another end). One-way aisles, graphs and more blocks: proven up to 10
    stops, beyond that a bounded search; `exact` says which.
    """

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        stops = snapshot.stops
        if not stops:
            return empty_tour(snapshot)
        group = stops[0].visit_group
        for stop in stops:
            if stop.visit_group != group:
                return in_visit_groups(snapshot, self)
        plan = snapshot.plan
        start, end = snapshot.start, snapshot.end
        closed = start is end or same_place(start, end)
        if plan is None or (plan.one_way and not plan.both_ways):
            return search(snapshot)
        if closed and len(plan.cross_y_mm) == 2:
            return loop_of_one_block(plan, start, stops)
        if len(plan.cross_y_mm) > CROSSES_MAX[closed]:
            return search(snapshot)
        return over_blocks(plan, start, start if closed else end, stops)


def over_blocks(plan: AislePlan, start: Point, end: Point, stops: tuple[Stop, ...]) -> Tour:
    """The shortest tour over several blocks, or to another end. `start is end` for a closed one."""
    once = list({s.location: s for s in stops}.values())
    order = shortest_over_blocks(plan, start, end, once)
    if start is end:
        first, last = order[0], order[-1]
        if (last.aisle, last.y_mm, last.location) < (first.aisle, first.y_mm, first.location):
            order.reverse()
    origins: list[Stop | Point] = [start, *order]
    targets: list[Stop | Point] = [*order, end]
    length = sum([shortest_mm(plan, a, b) for a, b in zip(origins, targets, strict=True)])
    return build_tour(tuple(order), length, True, (-1,) * (len(order) + 1))


def search(snapshot: RoutingSnapshot) -> Tour:
    """By distances alone: proven for few stops, a bounded search for many."""
    once = sorted({s.location: s for s in snapshot.stops}.values(), key=lambda s: (s.aisle, s.y_mm, s.location))
    places: list[Stop | Point] = [snapshot.start, *once, snapshot.end]
    plan = snapshot.plan
    if plan is not None:
        table = [[0 if a is b else leg_mm(plan, a, b) for b in places] for a in places]
    else:
        ways = {(a, b): mm for a, b, mm in snapshot.ways}
        try:
            table = [[0 if a.location == b.location else ways[a.location, b.location] for b in places] for a in places]
        except KeyError as error:
            raise PolicyError(f"routing=optimal: the snapshot's ways say nothing of {error.args[0]}") from None
    order, length, exact = shortest_path(table)
    return build_tour(tuple([once[k - 1] for k in order]), length, exact, (-1,) * (len(order) + 1))


def loop_of_one_block(plan: AislePlan, depot: Point, stops: tuple[Stop, ...]) -> Tour:
    """The shortest closed tour from a depot anywhere in or beside one block; ties of direction: lower aisle first."""
    front, back = plan.cross_y_mm
    xs = plan.x_mm
    rows = sorted({s.location: (s.aisle, s.y_mm, s.location, s) for s in stops}.values(), key=_by_place)
    outside = 0
    y = depot.y_mm
    if y < front:
        outside, y = front - y, front
    elif y > back:
        outside, y = y - back, back
    columns: list[Column[Stop | None]] = []
    x, home_aisle, aisle, place, entered = x_of(plan, depot), depot.aisle, -1, 0, False
    for number, where, _, stop in rows:
        if number != aisle:
            aisle, ys = number, [where]
            visits: list[Stop | None] = [stop]
            column = (xs[number], ys, visits)
            columns.append(column)
            if number == home_aisle or (home_aisle is None and column[0] == x):
                entered = True
                own = column
            elif column[0] < x or (column[0] == x and home_aisle is not None and number < home_aisle):
                place += 1
        else:
            ys.append(where)
            visits.append(stop)
    if entered:
        at = bisect_left(own[1], y)
        own[1].insert(at, y)
        own[2].insert(at, None)
    else:
        columns.insert(place, (x, [y], [None]))
    loop, length = shortest_loop(columns, front, back)
    home = loop.index(None)
    order: list[Stop] = loop[home + 1 :] + loop[:home]  # type: ignore[assignment]  # the depot is the only None
    first, last = order[0], order[-1]
    if (last.aisle, last.y_mm, last.location) < (first.aisle, first.y_mm, first.location):
        order.reverse()
    return build_tour(tuple(order), length + 2 * outside, True, (-1,) * (len(order) + 1))
