"""The legs of many movements at once, for sums over hundreds of thousands of them: what `Ways.corners` says, as arrays.

A way is a lead from its origin to a node, a stretch between two nodes, and a lead from its destination backwards; or it
is direct. Movements are counted by these parts, of which there are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualizer.store import Store
from visualizer.stored.growing import Array

LEG = 4
"""Columns of a leg: from x, y to x, y."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Of each movement: whether it is direct, else which lead of its origin and of its destination it takes (0, 1)."""

    origin: Array
    destination: Array
    direct: Array
    first: Array
    last: Array


@dataclass(frozen=True, slots=True)
class Legs:
    """Straight pieces with how often each was walked, and the points where two pieces of one way join, as often."""

    leg: Array
    times: Array
    joint: Array
    joint_times: Array


class Passes:
    """Works on the place facts of a store, by their places in its track."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = 0
        self._has_point = np.empty(0, dtype=bool)
        self._point = np.empty((0, 2))
        self._aisle = np.empty(0, dtype=np.int32)
        self._node = np.empty((0, 2), dtype=np.int64)
        self._reach = np.empty((0, 2))
        self._foot = np.empty((0, 2, 2))
        self._node_at = np.asarray(store.ways.nodes, dtype=np.float64).reshape(-1, 2)
        self._far = store.ways.distances()

    def parts(self, places: Array) -> Parts:
        """How the movements of these place facts go: the same choice as `Ways.corners`."""
        track = self._store.place
        origin, destination = track.field("origin", places), track.field("destination", places)
        length = track.field("length", places)
        self._learn(np.concatenate([origin, destination]))
        best = np.full(len(places), np.inf)
        best_length = np.full(len(places), np.inf)
        direct_length = self._direct_length(origin, destination)
        direct = np.isfinite(direct_length)
        best[direct] = np.abs(direct_length[direct] - length[direct])
        best_length[direct] = direct_length[direct]
        first, last = np.zeros(len(places), dtype=np.int8), np.zeros(len(places), dtype=np.int8)
        if len(self._node_at):
            for a in (0, 1):
                for b in (0, 1):
                    n, m = self._node[origin, a], self._node[destination, b]
                    there = (n >= 0) & (m >= 0)
                    far = self._reach[origin, a] + self._far[n, m] + self._reach[destination, b]
                    miss = np.abs(far - length)
                    better = there & ((miss < best) | ((miss == best) & (far < best_length)))
                    best[better], best_length[better] = miss[better], far[better]
                    first[better], last[better], direct[better] = a, b, False
        return Parts(origin, destination, direct, first, last)

    def arrivals(self, places: Array) -> tuple[Array, Array]:
        """Where these movements end."""
        parts = self.parts(places)
        at = self._point[parts.destination].copy()
        node = self._node[parts.destination, parts.last]
        nowhere = ~self._has_point[parts.destination] & (node >= 0)
        at[nowhere] = self._node_at[node[nowhere]]
        return at[:, 0], at[:, 1]

    def legs(self, places: Array) -> Legs:
        """The legs of these movements, equal ones taken together; those that lead nowhere are left out."""
        track = self._store.place
        places = places[track.field("length", places) > 0]
        p = self.parts(places)
        names = len(self._has_point)
        pieces: list[tuple[Array, Array]] = []
        joints: list[tuple[Array, Array]] = []
        pair, times = _counted(p.origin[p.direct].astype(np.int64) * names + p.destination[p.direct])
        a, b = self._point[pair // max(names, 1)], self._point[pair % max(names, 1)]
        pieces.append((np.hstack([a, np.stack([b[:, 0], a[:, 1]], axis=1)]), times))
        pieces.append((np.hstack([np.stack([b[:, 0], a[:, 1]], axis=1), b]), times))
        joints.append((np.stack([b[:, 0], a[:, 1]], axis=1), times))
        along = self._straight(pair // max(names, 1), pair % max(names, 1))
        pieces[0], pieces[1] = _where(pieces[0], ~along), _where(pieces[1], ~along)
        joints[0] = (joints[0][0][~along], times[~along])
        pieces.append((np.hstack([a, b])[along], times[along]))
        rest = ~p.direct
        for who, end in ((p.origin[rest], p.first[rest]), (p.destination[rest], p.last[rest])):
            lead, times = _counted(who.astype(np.int64) * 2 + end)
            name, which = lead // 2, lead % 2
            there = self._has_point[name] & (self._node[name, which] >= 0)
            name, which, times = name[there], which[there], times[there]
            point, foot, node = self._point[name], self._foot[name, which], self._node_at[self._node[name, which]]
            pieces += [(np.hstack([point, foot]), times), (np.hstack([foot, node]), times)]
            joints += [(foot, times), (node, times)]
        n, m = self._node[p.origin[rest], p.first[rest]], self._node[p.destination[rest], p.last[rest]]
        count = max(len(self._node_at), 1)
        pair, times = _counted((n * count + m)[(n >= 0) & (m >= 0)])
        for one, often in zip(pair.tolist(), times.tolist(), strict=True):
            bends = self._store.ways.stretch(one // count, one % count)
            if bends is None:
                continue
            line = np.asarray(bends)
            if len(line) == 1:
                line = np.vstack([line, line])
            pieces.append((np.hstack([line[:-1], line[1:]]), np.full(len(line) - 1, often)))
            joints.append((line[1:-1], np.full(len(line) - 2, often)))
        return Legs(
            np.concatenate([x for x, _ in pieces]), np.concatenate([t for _, t in pieces]),
            np.concatenate([x for x, _ in joints]), np.concatenate([t for _, t in joints]),
        )  # fmt: skip

    # --- names ------------------------------------------------------------------------------------------------

    def _learn(self, codes: Array) -> None:
        """Points, aisles and leads of names not met before."""
        names = self._store.names.table
        if len(names) > len(self._has_point):
            more = len(names) - len(self._has_point)
            self._has_point = np.concatenate([self._has_point, np.zeros(more, dtype=bool)])
            self._point = np.concatenate([self._point, np.zeros((more, 2))])
            self._aisle = np.concatenate([self._aisle, np.full(more, -2, dtype=np.int32)])
            self._node = np.concatenate([self._node, np.full((more, 2), -1, dtype=np.int64)])
            self._reach = np.concatenate([self._reach, np.full((more, 2), np.inf)])
            self._foot = np.concatenate([self._foot, np.zeros((more, 2, 2))])
        ground, ways = self._store.ground, self._store.ways
        codes = np.unique(codes)
        for code in codes[self._aisle[codes] == -2].tolist():
            name = names[code]
            point = ground.point(name)
            self._aisle[code] = ground.aisle_at(name)
            if point is not None:
                self._has_point[code], self._point[code] = True, point
            for i, (node, lead, length) in enumerate(ways.leads(name)[:2]):
                self._node[code, i], self._reach[code, i] = node, length
                self._foot[code, i] = lead[-1] if lead else self._node_at[node]

    def _straight(self, origin: Array, destination: Array) -> Array:
        """Both in one aisle: the direct way is one leg."""
        same: Array = (self._aisle[origin] == self._aisle[destination]) & (self._aisle[origin] >= 0)
        return same

    def _direct_length(self, origin: Array, destination: Array) -> Array:
        """The length of the direct way; infinite where there is none."""
        both = self._has_point[origin] & self._has_point[destination]
        step = np.abs(self._point[destination] - self._point[origin])
        open_floor = (self._aisle[origin] < 0) & (self._aisle[destination] < 0) & self._store.ways.upright
        inside = self._straight(origin, destination)
        length = np.where(inside, np.hypot(step[:, 0], step[:, 1]), step.sum(axis=1))
        return np.where(both & (inside | open_floor), length, np.inf)


def _counted(keys: Array) -> tuple[Array, Array]:
    return np.unique(keys, return_counts=True)


def _where(piece: tuple[Array, Array], mask: Array) -> tuple[Array, Array]:
    return piece[0][mask], piece[1][mask]
