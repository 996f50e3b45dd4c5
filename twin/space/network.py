"""Ways over points and edges: graph layouts, and parallel aisles with one-way traffic.

Distances between the points are computed once for all pairs; a place is (edge, offset) and is never paired with others.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.domain.aisles import AislePlan
from twin.domain.ids import LocationId
from twin.space.plan import FloorPlan
from twin.space.straight import XY, without_repeats

NO_WAY = 1 << 60
Ends = tuple[tuple[int, int], ...]  # (node, mm)


class Edge(NamedTuple):
    """A way between two nodes; `aisle` or a stretch of a cross-aisle."""

    origin: int
    destination: int
    length_mm: int
    one_way: bool


class NetworkSpot(NamedTuple):
    """A place: on an edge (else -1), at an offset, with the nodes one may walk to and come from."""

    edge: int
    offset_mm: int
    exits: Ends
    entries: Ends
    xy: XY


def all_pairs_mm(count: int, edges: list[Edge]) -> NDArray[np.int64]:
    """Shortest ways between all nodes; NO_WAY where there is none."""
    steps: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for e in edges:
        steps[e.origin].append((e.destination, e.length_mm))
        if not e.one_way:
            steps[e.destination].append((e.origin, e.length_mm))
    table = np.full((count, count), NO_WAY, dtype=np.int64)
    for source in range(count):
        best = [NO_WAY] * count
        best[source] = 0
        heap = [(0, source)]
        while heap:
            far, node = heappop(heap)
            if far > best[node]:
                continue
            for other, length in steps[node]:
                if far + length < best[other]:
                    best[other] = far + length
                    heappush(heap, (far + length, other))
        table[source] = best
    return table


class NetworkWays:
    """Every named place of a plan that is a network."""

    def __init__(self, plan: FloorPlan) -> None:
        self.nodes: list[XY] = []
        self.edges: list[Edge] = []
        self.spots: dict[LocationId, NetworkSpot] = {}
        self.outside: tuple[int, int] | None = None  # first and last cross-aisle: beyond them the floor is open
        if plan.aisle_plan is None:
            self._from_graph(plan)
        else:
            self._from_aisles(plan, plan.aisle_plan)
        self.table: list[list[int]] = all_pairs_mm(len(self.nodes), self.edges).tolist()

    def _from_graph(self, plan: FloorPlan) -> None:
        number = {name: i for i, name in enumerate(plan.nodes)}
        self.nodes = list(plan.nodes.values())
        self.edges = [Edge(number[e.origin], number[e.destination], e.length_mm, e.one_way) for e in plan.edges]
        for p in plan.places.values():
            if p.node is not None:
                self.spots[p.name] = _at_node(number[p.node], (p.x_mm, p.y_mm))
        for x in plan.locations:
            self.spots[x.location] = self._on_edge(x.aisle, x.along_mm, (x.x_mm, x.y_mm))

    def _from_aisles(self, plan: FloorPlan, aisles: AislePlan) -> None:
        xs, crosses = aisles.x_mm, aisles.cross_y_mm
        rows = len(crosses)
        self.nodes = [(x, y) for x in xs for y in crosses]
        edge_of: dict[tuple[int, int], int] = {}
        for a in range(len(xs)):
            way = aisles.one_way[a] if aisles.one_way else "both"
            for block in range(rows - 1):
                low, high = a * rows + block, a * rows + block + 1
                length = crosses[block + 1] - crosses[block]
                edge_of[a, block] = len(self.edges)
                self.edges.append(
                    Edge(low, high, length, way == "up") if way != "down" else Edge(high, low, length, True)
                )
            if a:
                across = xs[a] - xs[a - 1]
                self.edges += [Edge((a - 1) * rows + c, a * rows + c, across, False) for c in range(rows)]
        for x in plan.locations:
            edge = edge_of[x.aisle, x.block]
            front, back = crosses[x.block], crosses[x.block + 1]
            from_front = self.nodes[self.edges[edge].origin][1] == front
            offset = x.y_mm - front if from_front else back - x.y_mm
            self.spots[x.location] = self._on_edge(edge, offset, (x.x_mm, x.y_mm))
        for p in plan.places.values():
            if p.aisle is not None:
                self.spots[p.name] = _at_node(p.aisle * rows + crosses.index(p.y_mm), (p.x_mm, p.y_mm))
                continue
            # an own way to the cross-aisles before and behind, then along them to the aisles left and right
            right = next((i for i, x_mm in enumerate(xs) if x_mm >= p.x_mm), len(xs) - 1)
            left = next((i for i in range(len(xs) - 1, -1, -1) if xs[i] <= p.x_mm), 0)
            behind = next((i for i, y_mm in enumerate(crosses) if y_mm >= p.y_mm), rows - 1)
            before = next((i for i in range(rows - 1, -1, -1) if crosses[i] <= p.y_mm), 0)
            ends = tuple(
                [
                    (a * rows + c, abs(xs[a] - p.x_mm) + abs(crosses[c] - p.y_mm))
                    for a, c in sorted({(a, c) for a in (left, right) for c in (before, behind)})
                ]
            )
            self.spots[p.name] = NetworkSpot(-1, 0, ends, ends, (p.x_mm, p.y_mm))
        self.outside = (crosses[0], crosses[-1])

    def _on_edge(self, edge: int, offset: int, xy: XY) -> NetworkSpot:
        e = self.edges[edge]
        back, on = (e.origin, offset), (e.destination, e.length_mm - offset)
        if e.one_way:
            # at its ends a place belongs to the crossing too
            exits: Ends = (on, back) if offset == 0 else (on,)
            entries: Ends = (back, on) if offset == e.length_mm else (back,)
            return NetworkSpot(edge, offset, exits, entries, xy)
        return NetworkSpot(edge, offset, (back, on), (back, on), xy)

    def _best(self, a: LocationId, b: LocationId) -> tuple[int, int, int, int, int]:
        """(length, exit node, leave, entry node, enter); exit node -1: straight."""
        try:
            here, there = self.spots[a], self.spots[b]
        except KeyError as error:
            raise ValueError(f"no place named {error.args[0]}") from None
        if here is there:
            return 0, -1, 0, -1, 0
        best = (NO_WAY, -1, 0, -1, 0)
        if here.edge == there.edge and here.edge >= 0:
            on = there.offset_mm - here.offset_mm
            if on >= 0 or not self.edges[here.edge].one_way:
                best = (abs(on), -1, 0, -1, abs(on))
        elif here.edge < 0 and there.edge < 0 and self.outside is not None:
            (x1, y1), (x2, y2) = here.xy, there.xy
            front, back = self.outside
            open_floor = max(y1, y2) <= front or min(y1, y2) >= back
            if open_floor or (x1 == x2 and len(here.exits) > 1 and len(there.exits) > 1):
                straight = abs(x1 - x2) + abs(y1 - y2)
                best = (straight, -1, 0, -1, straight)
        for leave_node, leave in here.exits:
            row = self.table[leave_node]
            for enter_node, enter in there.entries:
                length = leave + row[enter_node] + enter
                if length < best[0]:
                    best = (length, leave_node, leave, enter_node, enter)
        if best[0] >= NO_WAY:
            raise ValueError(f"no way leads from {a} to {b}")
        return best

    def distance_mm(self, a: LocationId, b: LocationId) -> int:
        """The shortest allowed way from one named place to another; ValueError where there is none."""
        return self._best(a, b)[0]

    def leg(self, a: LocationId, b: LocationId, via: int = -1) -> tuple[int, int, int]:
        """(leave, cross, enter): along the edge of `a`, between, along the edge of `b`; `via` is not used here."""
        length, leave_node, leave, _, enter = self._best(a, b)
        if leave_node < 0:
            return 0, 0, length
        if self.spots[a].edge < 0:
            leave = 0
        if self.spots[b].edge < 0:
            enter = 0
        return leave, length - leave - enter, enter

    def path(self, a: LocationId, b: LocationId, via: int = -1) -> tuple[XY, ...]:
        """The corners of the shortest way, ends included."""
        _, node, _, goal, _ = self._best(a, b)
        points = [self.spots[a].xy]
        if node >= 0:
            steps = self._steps()
            points.append(self.nodes[node])
            seen = {node}
            while node != goal:
                left = self.table[node][goal]
                node = next(n for n, mm in steps[node] if n not in seen and mm + self.table[n][goal] == left)
                seen.add(node)
                points.append(self.nodes[node])
        points.append(self.spots[b].xy)
        return without_repeats(points)

    def _steps(self) -> list[list[tuple[int, int]]]:
        steps: list[list[tuple[int, int]]] = [[] for _ in self.nodes]
        for e in self.edges:
            steps[e.origin].append((e.destination, e.length_mm))
            if not e.one_way:
                steps[e.destination].append((e.origin, e.length_mm))
        return steps


def _at_node(node: int, xy: XY) -> NetworkSpot:
    return NetworkSpot(-1, 0, ((node, 0),), ((node, 0),), xy)
