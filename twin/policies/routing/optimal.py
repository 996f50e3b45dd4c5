"""`optimal`: the shortest tour, and whether that is proven."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import itemgetter

from twin.domain.aisles import AislePlan, Point, Stop, x_of
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

_by_place = itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal:
    """The shortest tour.

    One block, back to where it started: Ratliff & Rosenthal (1983).
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
        if plan is not None and len(plan.cross_y_mm) == 2 and (not plan.one_way or plan.both_ways):
            if snapshot.start is snapshot.end or same_place(snapshot.start, snapshot.end):
                return loop_of_one_block(plan, snapshot.start, stops)
        raise NotImplementedError


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
