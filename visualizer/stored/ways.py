"""The way that a movement takes, as corners: from where it says, to where it says, as long as it says."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from math import hypot

import numpy as np

from visualizer.stored.ground import XY, Ground
from visualizer.stored.growing import Array

CORNERS = 12
"""Of a way with more corners the last ones are kept; the way before them is cut short."""


class Ways:
    """Ways by (origin, destination, length), each worked out once.

    Ways lead along aisles, between the ends of neighbouring aisles, and straight from there to places outside. Where
    several lead from one to the other, the one whose length is nearest to what the movement says is it.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._known: dict[tuple[str, str, int], int] = {}
        self.x = np.zeros((64, CORNERS))
        self.y = np.zeros((64, CORNERS))
        self.along = np.zeros((64, CORNERS))  # share of the way done at each corner
        self.count = 0
        self._nodes: list[XY] = []
        self._node_of: dict[XY, int] = {}
        self._near: dict[int, dict[int, float]] = {}
        self._from: dict[int, tuple[dict[int, float], dict[int, int]]] = {}
        self._stretches: dict[tuple[int, int], tuple[list[XY], float]] = {}
        self._leads: dict[str, list[tuple[int, list[XY], float]]] = {}
        self._network()

    def number(self, origin: str, destination: str, length_mm: int) -> int:
        """The number of a way; its corners are in row `number` of `x`, `y`, `along`."""
        key = (origin, destination, length_mm)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._keep(self.corners(origin, destination, length_mm))
        return known

    def positions(self, numbers: Array, shares: Array) -> tuple[Array, Array]:
        """Where those are who have done a share of their way."""
        along = self.along[numbers]
        leg = np.clip((along <= shares[:, None]).sum(axis=1) - 1, 0, CORNERS - 2)
        rows = np.arange(len(numbers))
        before, after = along[rows, leg], along[rows, leg + 1]
        part = np.where(after > before, (shares - before) / np.where(after > before, after - before, 1.0), 1.0)
        x, y = self.x[numbers], self.y[numbers]
        return (
            x[rows, leg] + (x[rows, leg + 1] - x[rows, leg]) * part,
            y[rows, leg] + (y[rows, leg + 1] - y[rows, leg]) * part,
        )

    def corners(self, origin: str, destination: str, length_mm: int) -> list[XY]:
        """The corners of the way, ends included."""
        starts, ends = self._leads_of(origin), self._leads_of(destination)
        if not starts or not ends:
            some = self._stand(destination) or self._stand(origin) or (0.0, 0.0)
            return [some]
        direct = self._direct(origin, destination)
        best: tuple[float, float] | None = None
        way: list[XY] = []
        if direct is not None:
            length = _length(direct)
            best, way = (abs(length - length_mm), length), direct
        for at, lead, before in starts:
            for to, tail, after in ends:
                stretch = self._stretch(at, to)
                if stretch is None:
                    continue
                length = before + stretch[1] + after
                if best is None or (abs(length - length_mm), length) < best:
                    best, way = (abs(length - length_mm), length), [*lead, *stretch[0], *reversed(tail)]
        if best is None:
            return [p for p in (self._stand(origin), self._stand(destination)) if p is not None]
        return _bends_only(way)

    def _leads_of(self, name: str) -> list[tuple[int, list[XY], float]]:
        """As `_ends`, each with the length of its way; worked out once per name."""
        found = self._leads.get(name)
        if found is None:
            ends = self._ends(name)
            found = [(node, lead, _length([*lead, self._nodes[node]]) if lead else 0.0) for node, lead in ends]
            self._leads[name] = found
        return found

    def _stretch(self, at: int, to: int) -> tuple[list[XY], float] | None:
        """From node to node: the bends between, ends included, and the length; None if none leads there."""
        found = self._stretches.get((at, to))
        if found is None:
            reach, before = self._reach(at)
            if to not in reach:
                return None
            between = [to]
            while between[-1] != at:
                between.append(before[between[-1]])
            found = (_bends_only([self._nodes[n] for n in reversed(between)]), reach[to])
            self._stretches[(at, to)] = found
        return found

    @property
    def nodes(self) -> list[XY]:
        """The ends of aisles, by number."""
        return self._nodes

    @property
    def upright(self) -> bool:
        """Whether all aisles are parallel: then places outside are joined over the open floor."""
        return self._upright

    def leads(self, name: str) -> list[tuple[int, list[XY], float]]:
        """The nodes next to a place, each with the way from the place to it and its length."""
        return self._leads_of(name)

    def stretch(self, at: int, to: int) -> list[XY] | None:
        """The bends between two nodes, ends included."""
        found = self._stretch(at, to)
        return None if found is None else found[0]

    def distances(self) -> Array:
        """The way between each two nodes, in mm; infinite where none leads."""
        n = len(self._nodes)
        far = np.full((n, n), np.inf)
        for at in range(n):
            reach, _ = self._reach(at)
            far[at, list(reach)] = list(reach.values())
        return far

    # --- the network ------------------------------------------------------------------------------------------

    def _network(self) -> None:
        for line in self.ground.aisles:
            a, b = self._node(line.start), self._node(line.end)
            self._join(a, b)
        upright = all(line.start[0] == line.end[0] for line in self.ground.aisles)
        if upright:  # parallel aisles: their ends are joined along the cross-aisles
            rows: dict[float, list[XY]] = {}
            for point in self._nodes:
                rows.setdefault(point[1], []).append(point)
            for points in rows.values():
                for left, right in pairwise(sorted(points)):
                    self._join(self._node(left), self._node(right))
        self._upright = upright

    def _node(self, at: XY) -> int:
        if at not in self._node_of:
            self._node_of[at] = len(self._nodes)
            self._nodes.append(at)
            self._near[self._node_of[at]] = {}
        return self._node_of[at]

    def _join(self, a: int, b: int) -> None:
        far = hypot(self._nodes[a][0] - self._nodes[b][0], self._nodes[a][1] - self._nodes[b][1])
        self._near[a][b] = self._near[b][a] = far

    def _reach(self, start: int) -> tuple[dict[int, float], dict[int, int]]:
        if start not in self._from:
            best, before = {start: 0.0}, {start: start}
            heap = [(0.0, start)]
            while heap:
                far, node = heappop(heap)
                if far > best[node]:
                    continue
                for other, length in self._near[node].items():
                    if far + length < best.get(other, 1e18):
                        best[other], before[other] = far + length, node
                        heappush(heap, (far + length, other))
            self._from[start] = (best, before)
        return self._from[start]

    def _ends(self, name: str) -> list[tuple[int, list[XY]]]:
        """Nodes next to a place, each with the way from the place to it (the place first)."""
        aisle = self.ground.aisle_at(name)
        point = self.ground.point(name)
        if aisle >= 0:
            line = self.ground.aisles[aisle]
            lead = [] if point is None else [point]
            return [(self._node(line.start), lead), (self._node(line.end), lead)]
        if point is None:
            return []
        if point in self._node_of:
            return [(self._node_of[point], [point])]
        if not self._upright or not self._nodes:
            if not self._nodes:
                return []
            nearest = min(self._nodes, key=lambda n: (hypot(n[0] - point[0], n[1] - point[1]), n))
            return [(self._node_of[nearest], [point])]
        inside = [line for line in self.ground.aisles if line.start[0] == point[0] and _between(line.start[1], point[1], line.end[1])]  # noqa: E501 # fmt: skip
        if inside:
            return [(self._node(inside[0].start), [point]), (self._node(inside[0].end), [point])]
        rows = sorted({n[1] for n in self._nodes})
        row = min(rows, key=lambda y: abs(y - point[1]))
        beside = [n for n in self._nodes if n[1] == row]
        left = [n for n in beside if n[0] <= point[0]]
        right = [n for n in beside if n[0] >= point[0]]
        foot = (point[0], row)
        near = [max(left)] * bool(left) + [min(right)] * bool(right)
        return [(self._node_of[n], [point, foot]) for n in dict.fromkeys(near)]

    def _direct(self, origin: str, destination: str) -> list[XY] | None:
        """The way within one aisle, or over the open floor between two places outside aisles."""
        a, b = self.ground.aisle_at(origin), self.ground.aisle_at(destination)
        start, end = self.ground.point(origin), self.ground.point(destination)
        if a == b and a >= 0:
            if start is None or end is None:  # from an end of the aisle into it: the nodes tell which end
                return None
            return [start, end]
        if start is None or end is None or not self._upright:
            return None
        if a < 0 and b < 0:
            return [start, (end[0], start[1]), end]
        return None

    def _stand(self, name: str) -> XY | None:
        point = self.ground.point(name)
        if point is None and name in self.ground.aisle_of:
            return self.ground.aisles[self.ground.aisle_of[name]].start
        return point

    def _keep(self, corners: list[XY]) -> int:
        corners = corners[-CORNERS:]
        if self.count == len(self.x):
            self.x, self.y, self.along = (np.vstack([a, np.zeros_like(a)]) for a in (self.x, self.y, self.along))
        last = corners[-1]
        padded = corners + [last] * (CORNERS - len(corners))
        done = [0.0]
        for (ax, ay), (bx, by) in pairwise(padded):
            done.append(done[-1] + hypot(bx - ax, by - ay))
        whole = done[-1]
        self.x[self.count] = [c[0] for c in padded]
        self.y[self.count] = [c[1] for c in padded]
        self.along[self.count] = [d / whole for d in done] if whole > 0 else [i / (CORNERS - 1) for i in range(CORNERS)]
        self.count += 1
        return self.count - 1


def _between(a: float, x: float, b: float) -> bool:
    return min(a, b) <= x <= max(a, b)


def _length(points: list[XY]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def _bends_only(points: list[XY]) -> list[XY]:
    """Without repeats, and without points at which the way goes straight on."""
    kept: list[XY] = []
    for p in points:
        if kept and p == kept[-1]:
            continue
        if len(kept) > 1 and _goes_straight_on(kept[-2], kept[-1], p):
            kept.pop()
        kept.append(p)
    return kept


def _goes_straight_on(a: XY, b: XY, c: XY) -> bool:
    ax, ay, bx, by = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    return ax * by == ay * bx and ax * bx + ay * by > 0
