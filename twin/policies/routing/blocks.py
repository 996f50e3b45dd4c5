"""The shortest tour over any number of blocks, from any start to any end, by dynamic programming aisle by aisle.

A tour is a connected set of ways in which every crossing and visit has an even number of ways, start and end an odd
one if they differ. Only aisles with a visit, the start or the end are walked in: the shortest way between two stops
needs no other. Each way is walked at most twice.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from twin.domain.aisles import AislePlan, Point, Stop, x_of
from twin.domain.ids import LocationId
from twin.policies.routing.frontier import EVEN, FREE, NEVER, ODD, Effect, Ints, Moves, frontier

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
    crosses = plan.cross_y_mm
    tables = frontier(len(crosses), start is not end)
    number = {effect: kind for kind, effect in enumerate(tables.effects)}
    cost: Ints = np.full(tables.states, NEVER, dtype=np.int64)
    cost[0] = 0
    onward_times: Ints = np.array([sum(ways) for ways in tables.ways_on], dtype=np.int64)
    history: list[tuple[Moves, Ints, Ints]] = []  # moves, states before, cost of each kind
    stretches: list[list[dict[Effect, Stretch]]] = []
    for j, column in enumerate(columns):
        walked = [stretch_options(v, crosses[k], crosses[k + 1]) for k, v in enumerate(column.blocks)]
        stretches.append(walked)
        for k, options in enumerate(walked):
            prices: Ints = np.full(len(tables.effects), NEVER, dtype=np.int64)
            for effect, stretch in options.items():
                prices[number[effect]] = stretch.cost_mm
            history.append((tables.subaisle[k], cost, prices))
            cost = tables.subaisle[k].cheapest(cost, prices)
        if j + 1 < len(columns):
            prices = onward_times * (columns[j + 1].x_mm - column.x_mm)
            history.append((tables.onward, cost, prices))
            cost = tables.onward.cheapest(cost, prices)
    state = int(tables.complete[np.argmin(cost[tables.complete])])
    reached = int(cost[state])
    kinds: list[int] = []
    for moves, before, prices in reversed(history):
        state, kind = moves.choice(before, prices, state, reached)
        reached = int(before[state])
        kinds.append(kind)
    kinds.reverse()
    walk = _Walk()
    take = iter(kinds)
    for j, column in enumerate(columns):
        for k, visits in enumerate(column.blocks):
            walk.along(j, k, visits, stretches[j][k][tables.effects[next(take)]].times)
        if j + 1 < len(columns):
            for k, times in enumerate(tables.ways_on[next(take)]):
                walk.connect((j, k, -1), (j + 1, k, -1), times)
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
    places.sort(key=lambda row: row[:4])
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


Vertex = tuple[int, int, int]  # column, cross-aisle or block, visit (-1: the crossing)


class _Walk:
    """The ways chosen, and a walk over each as often as chosen (Hierholzer)."""

    def __init__(self) -> None:
        self.names: dict[Vertex, int] = {}
        self.to: list[list[int]] = []  # per vertex: neighbours still to be walked to, with repetition
        self.stops: list[tuple[Stop, ...]] = []
        self.start = -1

    def vertex(self, name: Vertex, stops: tuple[Stop, ...] = ()) -> int:
        at = self.names.get(name)
        if at is None:
            at = self.names[name] = len(self.to)
            self.to.append([])
            self.stops.append(stops)
        return at

    def along(self, j: int, k: int, visits: list[Visit], times: tuple[int, ...]) -> None:
        here = self.vertex((j, k, -1))
        for i, t in enumerate(times):
            if i < len(visits):
                there = self.vertex((j, k, i), visits[i].stops)
                if visits[i].start:
                    self.start = there
            else:
                there = self.vertex((j, k + 1, -1))
            self._join(here, there, t)
            here = there

    def connect(self, a: Vertex, b: Vertex, times: int) -> None:
        if times:
            self._join(self.vertex(a), self.vertex(b), times)

    def _join(self, a: int, b: int, times: int) -> None:
        for _ in range(times):
            self.to[a].append(b)
            self.to[b].append(a)

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
