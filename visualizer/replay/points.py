"""The points of a floor that ways begin, bend and end at, and the ways as numbers of points. Whole millimetres."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from visualizer.replay.byte_planes import BytePlanes
from visualizer.store import Store
from visualizer.stored.growing import Array

Point = tuple[int, int]


class Points:
    """Points in the order of aisles and along them: a point is its home, an aisle, and its place along it.

    Ways by their numbers in `store.ways`: `start` and `end` are points, `length` is along x and y, in mm.
    """

    def __init__(self, store: Store, places: Array) -> None:
        self._store = store
        self.way_of = self._ways(places)
        """The numbers of the ways of `places`, facts of `store.place`."""
        corners = {way: self._corners(way) for way in dict.fromkeys(self.way_of.tolist())}
        ground = store.ground
        self._cell_points = [_whole(ground.points[name]) for name in ground.cells.name]
        along = dict(zip(self._cell_points, ground.cells.aisle.tolist(), strict=True))
        ends: dict[Point, int] = {}
        for aisle, line in enumerate(ground.aisles):
            ends.setdefault(_whole(line.start), aisle)
            ends.setdefault(_whole(line.end), aisle)
        outside = len(ground.aisles)
        every = {p for way in corners.values() for p in way} | along.keys() | ends.keys()
        homes = {p: ends.get(p, along.get(p, outside)) for p in every}
        self.points = sorted(every, key=lambda p: (homes[p], p))
        self.home = [homes[p] for p in self.points]
        self.first: dict[int, int] = {}
        for i, home in enumerate(self.home):
            self.first.setdefault(home, i)
        self._point_of = {p: i for i, p in enumerate(self.points)}
        self.is_shared = [p in along and p not in ends for p in self.points]
        """Whether ways from here bend as ways from other points of the same aisle do."""
        number = self._point_of.__getitem__
        self.start = {way: number(some[0]) for way, some in corners.items()}
        self.end = {way: number(some[-1]) for way, some in corners.items()}
        self._bends = {way: tuple(map(number, some[1:-1])) for way, some in corners.items()}
        self.length = {
            way: sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(some)) for way, some in corners.items()
        }
        self._middles: dict[tuple[int, ...], int] = {(): 0}

    def step(self, before: int, after: int) -> tuple[int, int]:
        """From one point to another: how many homes on, and how far along, from the start of a new home."""
        homes = self.home[after] - self.home[before]
        return homes, after - (before if homes == 0 else self.first[self.home[after]])

    def ranks(self) -> dict[tuple[int, int], int]:
        """Each location's number among those that are reached from the same point."""
        ranks: dict[tuple[int, int], int] = {}
        seen = [0] * len(self.points)
        for cell, point in enumerate(self._cell_points):
            at = self._point_of[point]
            ranks[at, cell] = seen[at]
            seen[at] += 1
        return ranks

    def middles_of(self, ways: list[int]) -> list[int]:
        """0 where a way bends as the last one between the same two aisles did, else its bends' number and one."""
        found: list[int] = []
        usual: dict[tuple[int, int], int] = {}
        for way in ways:
            middle = self._middles.setdefault(self._bends[way], len(self._middles))
            between = (self._group(self.start[way]), self._group(self.end[way]))
            found.append(0 if usual.get(between, 0) == middle else middle + 1)
            usual[between] = middle
        return found

    def write(self, planes: BytePlanes) -> None:
        """Columns `point.*`, `middle.*` (after the ways were written) and `cell.point`."""
        planes.add("point.x", [p[0] for p in self.points], steps=True)
        planes.add("point.y", [p[1] for p in self.points], steps=True)
        planes.add("point.home", self.home, steps=True)
        planes.add("point.is_shared", [int(shared) for shared in self.is_shared])
        planes.add("middle.count", [len(bends) for bends in self._middles])
        planes.add("middle.point", [p for bends in self._middles for p in bends], steps=True)
        planes.add("cell.point", [self._point_of[p] for p in self._cell_points], steps=True)

    def _group(self, point: int) -> int:
        return -1 - self.home[point] if self.is_shared[point] else point

    def _ways(self, places: Array) -> Array:
        place, table, number = self._store.place, self._store.names.table, self._store.ways.number
        columns = np.stack([place.fields[c].values[places] for c in ("origin", "destination", "length")])
        if not columns.shape[1]:
            return np.empty(0, dtype=np.int64)
        once, where = np.unique(columns, axis=1, return_inverse=True)
        numbers = np.array([number(table[o], table[d], n) for o, d, n in once.T.tolist()], dtype=np.int64)
        ways: Array = numbers[where.reshape(-1)]
        return ways

    def _corners(self, way: int) -> list[Point]:
        ways = self._store.ways
        corners: list[Point] = []
        for x, y in zip(ways.x[way].tolist(), ways.y[way].tolist(), strict=True):
            point = _whole((x, y))
            if not corners or point != corners[-1]:
                corners.append(point)
        return corners


def _whole(point: tuple[float, float]) -> Point:
    return round(point[0]), round(point[1])
