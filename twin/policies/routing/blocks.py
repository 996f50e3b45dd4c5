"""The shortest tour over any number of blocks, from any start to any end, by dynamic programming aisle by aisle.

A tour is a connected set of ways in which every crossing and visit has an even number of ways, start and end an odd
one if they differ. Only aisles with a visit, the start or the end are walked in: the shortest way between two stops
needs no other. Each way is walked at most twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from twin.domain.aisles import AislePlan, Point, Stop, x_of
from twin.domain.ids import LocationId
from twin.policies.routing.folded import folded_prices
from twin.policies.routing.frontier import NEVER, Ints, Moves, frontier
from twin.policies.routing.frontier_states import CLOSED, EVEN, FREE, ODD, OPEN, Effect

_by_place = itemgetter(0, 1, 2, 3)
CROSSES_MAX = {True: 6, False: 5}  # cross-aisles up to which the tables are made; by whether start and end are one


def along_one_aisle(start: Point, end: Point, stops: list[Stop]) -> list[Stop]:
    """All in one aisle: first to its end that lies away from where the tour ends."""
    rising = sorted(stops, key=lambda s: (s.y_mm, s.location))
    low, high = rising[0].y_mm, rising[-1].y_mm
    up_last = abs(start.y_mm - low) + high - low + abs(end.y_mm - high)
    down_last = abs(start.y_mm - high) + high - low + abs(end.y_mm - low)
    return rising if up_last <= down_last else rising[::-1]


class Visit(NamedTuple):
    """One y in an aisle: the stops there, and how often the tour starts or ends there without returning."""

    y_mm: int
    stops: tuple[Stop, ...]
    ends: int
    start: bool


class Column(NamedTuple):
    """One visited aisle: its x and its visits in each block, front first."""

    x_mm: int
    blocks: list[list[Visit]]


class Stretch(NamedTuple):
    """How a subaisle is walked: times per piece between neighbours, front crossing first."""

    cost_mm: int
    times: tuple[int, ...]


def shortest_over_blocks(plan: AislePlan, start: Point, end: Point, stops: list[Stop]) -> list[Stop]:
    """The stops in the order of a shortest tour. `start is end` for a closed one."""
    columns = _columns(plan, start, end, stops)
    if len(columns) == 1:
        return along_one_aisle(start, end, stops)
    closed = start is end
    crosses = plan.cross_y_mm
    tables = frontier(len(crosses), not closed)
    cost: Ints = np.full(tables.states, NEVER, dtype=np.int64)
    cost[0] = 0
    history: list[tuple[Moves, Ints, Sequence[int]]] = []  # moves, states before, cost of each kind
    x = columns[0].x_mm
    for j, column in enumerate(columns):
        if j:
            across = column.x_mm - x
            x = column.x_mm
            prices: Sequence[int] = [across * number for number in tables.times_on]
            history.append((tables.onward, cost, prices))
            cost = tables.onward.cheapest(cost, np.array(prices, dtype=np.int64))
        for k, visits in enumerate(column.blocks):
            if closed:
                prices = closed_prices(visits, crosses[k], crosses[k + 1])
                looked_at = folded_prices(prices)
            else:
                looked_at = prices = open_prices(visits, crosses[k], crosses[k + 1])
            history.append((tables.subaisle[k], cost, prices))
            cost = tables.subaisle[k].cheapest(cost, np.array(looked_at, dtype=np.int64))
    state = int(tables.complete[cost[tables.complete].argmin()])
    reached = cost.item(state)
    kinds: list[int] = []
    for moves, before, prices in reversed(history):
        state, kind = moves.choice(before, prices, state, reached)
        reached = before.item(state)
        kinds.append(kind)
    kinds.reverse()
    walk = _Walk(len(columns), len(crosses))
    take = iter(kinds)
    for j, column in enumerate(columns):
        if j:
            walk.across(j, tables.ways_on[next(take)])
        for k, visits in enumerate(column.blocks):
            if closed:
                times = closed_times(visits, next(take))
            else:
                times = stretch_options(visits, crosses[k], crosses[k + 1])[tables.effects[next(take)]].times
            walk.along(j, k, visits, times)
    return walk.order()


def _columns(plan: AislePlan, start: Point, end: Point, stops: list[Stop]) -> list[Column]:
    """The visited aisles from left to right; start and end outside the aisles get an aisle of their own."""
    crosses = plan.cross_y_mm
    closed = start is end
    places: list[tuple[int, int, int, LocationId, Stop | Point]] = [
        (plan.x_mm[s.aisle], s.aisle, s.y_mm, s.location, s) for s in stops
    ]
    own_aisle = {plan.x_mm[s.aisle]: s.aisle for s in reversed(stops)}
    for p in (start,) if closed else (start, end):
        x, y = x_of(plan, p), min(max(p.y_mm, crosses[0]), crosses[-1])
        aisle = own_aisle.get(x, -1) if p.aisle is None else p.aisle
        places.append((x, aisle, y, p.location, p))
    places.sort(key=_by_place)
    columns: list[Column] = []
    last: tuple[int, int] | None = None
    for x, aisle, y, _, place in places:
        if (x, aisle) != last:
            columns.append(Column(x, [[] for _ in crosses[1:]]))
            last = (x, aisle)
        block = 0
        while block + 2 < len(crosses) and y >= crosses[block + 1]:
            block += 1
        row = columns[-1].blocks[block]
        if isinstance(place, Stop):
            visit = Visit(y, (place,), 0, False)
        else:
            visit = Visit(y, (), 0 if closed else 1, place is start)
        known = row[-1] if row else None
        if known is not None and known.y_mm == y:
            row[-1] = Visit(y, known.stops + visit.stops, known.ends + visit.ends, known.start or visit.start)
        else:
            row.append(visit)
    return columns


def stretch_options(visits: list[Visit], front_mm: int, back_mm: int) -> dict[Effect, Stretch]:
    """The cheapest way to walk a subaisle for each effect on its two crossings.

    Between two neighbours people walk once where the number of ways is odd; else twice, or, in one place, not at all.
    """
    ys = [front_mm, *[v.y_mm for v in visits], back_mm]
    lengths = [b - a for a, b in pairwise(ys)]
    options: dict[Effect, Stretch] = {}

    def offer(effect: Effect, cost: int, times: list[int], gap: int | None) -> None:
        known = options.get(effect)
        if known is None or cost < known.cost_mm:
            options[effect] = Stretch(cost, tuple([0 if i == gap else t for i, t in enumerate(times)]))

    last = len(lengths) - 1
    for first_times in (2, 1):
        times = [first_times]
        for v in visits:
            times.append(3 - times[-1] if v.ends % 2 else times[-1])
        whole = sum([t * length for t, length in zip(times, lengths, strict=True)])
        at_front, at_back = (ODD if times[0] == 1 else EVEN), (ODD if times[-1] == 1 else EVEN)
        offer((at_front, at_back, True), whole, times, None)
        for gap, t in enumerate(times):
            if t == 2:
                effect = (FREE if gap == 0 else at_front, FREE if gap == last else at_back, False)
                offer(effect, whole - 2 * lengths[gap], times, gap)
    return options


def closed_prices(visits: list[Visit], front_mm: int, back_mm: int) -> list[int]:
    """What `stretch_options` costs for each effect of CLOSED, if the tour neither starts nor ends here for good."""
    long = back_mm - front_mm
    if not visits:
        return [0, NEVER, NEVER, NEVER, 2 * long, long]
    below = visits[0].y_mm
    gap, price = -1, [NEVER, 0, 2 * (back_mm - below), NEVER, 2 * long, long]
    for visit in visits:
        if visit.y_mm - below > gap and visit is not visits[0]:
            gap = visit.y_mm - below
        below = visit.y_mm
    price[1] = 2 * (below - front_mm)
    if gap >= 0:
        price[3] = 2 * (long - gap)
    return price


def closed_times(visits: list[Visit], effect: int) -> tuple[int, ...]:
    """The times of `stretch_options` for that effect of CLOSED."""
    last = len(visits)
    if effect == CLOSED.index((ODD, ODD, True)):
        return (1,) * (last + 1)
    times = [2] * (last + 1)
    front, back, joins = CLOSED[effect]
    if not joins:
        ys = [visit.y_mm for visit in visits]
        gaps = [b - a for a, b in pairwise(ys)]
        gap = 0 if front == FREE else last if back == FREE else 1 + gaps.index(max(gaps))
        times[gap] = 0
    return tuple(times)


def open_prices(visits: list[Visit], front_mm: int, back_mm: int) -> list[int]:
    """What `stretch_options` costs for each effect of OPEN."""
    options = stretch_options(visits, front_mm, back_mm)
    return [options[effect].cost_mm if effect in options else NEVER for effect in OPEN]


class _Walk:
    """The ways chosen, and a walk over each as often as chosen (Hierholzer)."""

    def __init__(self, columns: int, crosses: int) -> None:
        self.crosses = crosses
        # the crossings, aisle by aisle, then the visits; per place: neighbours still to be walked to, with repetition
        self.to: list[list[int]] = [[] for _ in range(columns * crosses)]
        self.stops: list[tuple[Stop, ...]] = [()] * len(self.to)
        self.start = -1

    def along(self, j: int, k: int, visits: list[Visit], times: tuple[int, ...]) -> None:
        """Walk a subaisle from its front crossing, each piece so many times."""
        here = j * self.crosses + k
        for visit, number in zip(visits, times, strict=False):
            there = len(self.to)
            self.to.append([])
            self.stops.append(visit.stops)
            if visit.start:
                self.start = there
            self._join(here, there, number)
            here = there
        self._join(here, j * self.crosses + k + 1, times[-1])

    def across(self, j: int, times: tuple[int, ...]) -> None:
        """Walk on to aisle j, each cross-aisle so many times."""
        for k, number in enumerate(times):
            self._join((j - 1) * self.crosses + k, j * self.crosses + k, number)

    def _join(self, a: int, b: int, times: int) -> None:
        to = self.to
        for _ in range(times):
            to[a].append(b)
            to[b].append(a)

    def order(self) -> list[Stop]:
        """The stops by first visit."""
        path, walked = [self.start], []
        to = self.to
        while path:
            here = path[-1]
            if to[here]:
                there = to[here].pop()
                to[there].remove(here)
                path.append(there)
            else:
                walked.append(path.pop())
        walked.reverse()
        order: list[Stop] = []
        seen: set[int] = set()
        for at in walked:
            if at not in seen:
                seen.add(at)
                order += self.stops[at]
        return order
