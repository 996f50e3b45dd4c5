"""Who stood waiting, from when to when, and where: intervals out of the state facts, for sums over any window."""

from __future__ import annotations

import numpy as np

from visualizer.store import Store
from visualizer.stored.growing import Array, Growing
from visualizer.stored.moment import BLOCKED, WAITING
from visualizer.stored.passes import Passes
from visualizer.stored.tracks import by_entity


class Standing:
    """Closed waits in the order in which they ended; those still open at an instant come from the tracks."""

    def __init__(self, store: Store, passes: Passes) -> None:
        self._store = store
        self._passes = passes
        self._states = self._places = 0
        self._since: dict[int, int] = {}  # the worker's last state fact, if it is a wait: its place in the track
        self._last_place: Array = np.empty(0, dtype=np.int64)
        self.start_ms, self.end_ms = Growing(np.int64), Growing(np.int64)
        self.worker = Growing(np.int32)
        self.x, self.y = Growing(np.float64), Growing(np.float64)

    def closed(self, after_ms: int | None, upto_ms: int) -> tuple[Array, Array, Array, Array]:
        """(worker, x, y, ms) of waits that ended after `after_ms` and up to `upto_ms`, what lay before cut off."""
        self._catch_up()
        end = self.end_ms.values
        low = 0 if after_ms is None else int(np.searchsorted(end, after_ms, side="right"))
        high = int(np.searchsorted(end, upto_ms, side="right"))
        start = self.start_ms.values[low:high]
        if after_ms is not None:
            start = np.maximum(start, after_ms)
        some = slice(low, high)
        return self.worker.values[some], self.x.values[some], self.y.values[some], end[some] - start

    def open(self, after_ms: int | None, upto_ms: int, row: int) -> tuple[Array, Array, Array, Array]:
        """(worker, x, y, ms) of waits that go on at `upto_ms`, after event `row`."""
        store = self._store
        last, place = store.state.at(row), store.place.at(row)
        n = min(len(last), len(place))
        last, place = last[:n], place[:n]
        states = np.where(last >= 0, store.state.field("state", np.maximum(last, 0)), 0) if n else last
        who = np.flatnonzero(((states == WAITING) | (states == BLOCKED)) & (place >= 0))
        since = store.at_ms[store.state.row.values[last[who]]]
        if after_ms is not None:
            since = np.maximum(since, after_ms)
        x, y = self._passes.arrivals(place[who])
        return who, x, y, upto_ms - since

    def _catch_up(self) -> None:
        """Take in the state facts that came since the last time."""
        store = self._store
        done, track = self._states, store.state
        if len(track.row) == done:
            return
        entity, row = track.entity.values[done:], track.row.values[done:].astype(np.int64)
        states = track.fields["state"].values[done:]
        waits = (states == WAITING) | (states == BLOCKED)
        order = by_entity(entity)
        same = np.diff(entity[order], append=-1) == 0
        follower = np.full(len(entity), -1, dtype=np.int64)
        follower[order[:-1][same[:-1]]] = order[1:][same[:-1]]
        firsts = order[np.flatnonzero(np.diff(entity[order], prepend=-1))]
        starts: list[Array] = []
        carried = [(self._since.pop(w), int(row[i])) for i, w in zip(firsts.tolist(), entity[firsts].tolist(), strict=True) if w in self._since]  # noqa: E501 # fmt: skip
        closed = np.flatnonzero(waits & (follower >= 0))
        place = self._place_before(entity[closed], row[closed])
        starts.append(np.stack([row[closed], row[follower[closed]], entity[closed], place], axis=1))
        if carried:
            old = np.array([c[0] for c in carried], dtype=np.int64)
            who, began = track.entity.values[old], track.row.values[old].astype(np.int64)
            starts.append(np.stack([began, [c[1] for c in carried], who, self._place_before(who, began)], axis=1))
        for i in np.flatnonzero(waits & (follower < 0)).tolist():
            self._since[int(entity[i])] = done + i
        found = np.concatenate(starts)
        found = found[found[:, 3] >= 0]
        found = found[np.argsort(found[:, 1], kind="stable")]
        x, y = self._passes.arrivals(found[:, 3])
        self.start_ms.extend(store.at_ms[found[:, 0]])
        self.end_ms.extend(store.at_ms[found[:, 1]])
        self.worker.extend(found[:, 2])
        self.x.extend(x)
        self.y.extend(y)
        self._states = len(track.row)

    def _place_before(self, entity: Array, row: Array) -> Array:
        """The last place fact of each entity at or before its row, as a place in the track; -1 for none."""
        track = self._store.place
        order = by_entity(track.entity.values)
        key = track.entity.values[order].astype(np.int64) << 32 | track.row.values[order]
        at = np.searchsorted(key, entity.astype(np.int64) << 32 | row, side="right") - 1
        found = order[np.maximum(at, 0)] if len(order) else np.full(len(entity), -1)
        mine = (at >= 0) & (track.entity.values[found] == entity) if len(order) else np.zeros(len(entity), dtype=bool)
        return np.where(mine, found, -1)
