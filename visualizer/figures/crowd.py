"""How many wait on the floor at any time: workers before aisles, devices and messages; goods before stations."""

from __future__ import annotations

import numpy as np

from visualizer.store import KIND_OF, Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import BLOCKED, WAITING
from visualizer.stored.steps import Steps
from visualizer.stored.tracks import by_entity

PARTS = ("workers", "units")


class Crowd:
    """Follows a store; each call of `follow` takes what came since the last."""

    def __init__(self) -> None:
        self.workers, self.units = Steps("count"), Steps("count")
        self._facts = self._rows = self._workers = self._units = 0
        self._waits: Array = np.zeros(0, dtype=np.int64)

    def follow(self, store: Store) -> None:
        """Take the facts that came."""
        self._follow_workers(store)
        self._follow_units(store)

    def _follow_workers(self, store: Store) -> None:
        track = store.state
        start, end = self._facts, len(track.row)
        if end == start:
            return
        self._facts = end
        who, state = track.entity.values[start:end], track.fields["state"].values[start:end]
        waits = ((state == WAITING) | (state == BLOCKED)).astype(np.int64)
        known = np.zeros(max(len(store.workers), int(who.max()) + 1), dtype=np.int64)
        known[: len(self._waits)] = self._waits
        order = by_entity(who)
        first = np.append(True, who[order][1:] != who[order][:-1])
        before = np.empty(len(who), dtype=np.int64)
        before[order] = np.where(first, known[who[order]], np.append(0, waits[order][:-1]))
        last = order[np.append(first[1:], True)]
        known[who[last]] = waits[last]
        self._waits = known
        self._workers = _steps(self.workers, store, track.row.values[start:end], waits - before, self._workers)

    def _follow_units(self, store: Store) -> None:
        start, end = self._rows, len(store)
        if end == start:
            return
        self._rows = end
        kinds = store.kinds[start:end]
        came = kinds == KIND_OF["StationArrived"]
        rows = np.flatnonzero(came | (kinds == KIND_OF["ServiceStarted"]))
        change = np.where(came[rows], 1, -1)
        self._units = _steps(self.units, store, start + rows, change, self._units)


def _steps(steps: Steps, store: Store, rows: Array, change: Array, so_far: int) -> int:
    """Write a running count where it changes; of one time the last row counts. The count after all."""
    there = np.flatnonzero(change)
    if len(there):
        steps.extend(store.at_ms[rows[there]], count=so_far + np.cumsum(change[there]))
    return so_far + int(change.sum())
