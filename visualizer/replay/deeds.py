"""What workers did, one after the other, as columns of small numbers: the greater part of a page that replays a run.

A worker's deeds stand in the order of the stream. Times are written as the distance from when the deed before was
over, ways as the points where they begin and end and the corners between; takes name their location among those that
are reached from where the worker stands. So most numbers are zero, and the page stays small. `deeds.js` reads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from visualizer.feed import Feed
from visualizer.replay.byte_planes import BytePlanes
from visualizer.replay.points import Points
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import BLOCKED, MOVING

CHECKED_IN, TAKES, SERVES, SERVED, STARTS, UNBLOCKED = range(7, 13)
"""Deeds beside the states 0 to 6 of `moment.STATE_NAMES`; BLOCKED names its aisle, MOVING its way."""
SETS_STATE = frozenset({*range(7), CHECKED_IN, SERVES, SERVED, STARTS, UNBLOCKED})
PACE_ONE = 1 << 20
"""A worker's pace is kept in parts of this: ms a mm."""


class Deeds:
    """The deeds of all workers between two rows, with how each stood before."""

    def __init__(self, store: Store, feed: Feed, first_row: int, last_row: int, orders: dict[str, int]) -> None:
        self.store = store
        self.words: list[str] = []
        self.orders = orders
        self._row: list[Array] = []
        self._worker: list[Array] = []
        self._code: list[Array] = []
        self._value: list[Array] = []
        self._change: list[Array] = []
        self._states(feed)
        self._takes(feed)
        row, worker, code, value, change = (
            np.concatenate(parts) for parts in (self._row, self._worker, self._code, self._value, self._change)
        )
        order = np.lexsort((code == TAKES, row, worker))
        row, worker, code, value, change = (c[order] for c in (row, worker, code, value, change))
        keep = _wanted(store, row, worker, code, first_row, last_row)
        self.row, self.worker, self.code = row[keep], worker[keep], code[keep]
        self.value, self.change = value[keep], change[keep]
        rows = self.row[np.isin(self.code, (MOVING, CHECKED_IN))]
        self._places = np.searchsorted(store.place.row.values, rows)
        self.points = Points(store, self._places)
        self.taken: set[int] = set()
        """Rows of units moved that `write` has put among the deeds; others were moved by nobody who stood there."""
        self.movements = int(((self.code == MOVING) & (self.row > first_row)).sum())

    # --- gathering --------------------------------------------------------------------------------------------

    def _gather(self, row: Array, worker: Array, code: Array, value: Array, change: Array | None = None) -> None:
        known = worker >= 0
        none = np.zeros(len(row), dtype=np.int64) if change is None else change
        for parts, column in (
            (self._row, row), (self._worker, worker), (self._code, code), (self._value, value), (self._change, none),
        ):  # fmt: skip
            parts.append(column[known].astype(np.int64))

    def _word(self, name: str) -> int:
        if name not in self.words:
            self.words.append(name)
        return self.words.index(name)

    def _who(self, names: Any) -> Array:
        known = self.store.worker_of
        return np.array([known.get(name, -1) for name in names], dtype=np.int64)

    def _states(self, feed: Feed) -> None:
        store = self.store
        row, worker = store.state.row.values, store.state.entity.values
        code = store.state.fields["state"].values.astype(np.int64)
        value = np.zeros(len(row), dtype=np.int64)
        for kind, deed, column, number in (
            ("WorkerCheckedIn", CHECKED_IN, "location", lambda name: 0),
            ("ServiceStarted", SERVES, "station", store.ground.station_of.get),
            ("ServiceEnded", SERVED, "station", store.ground.station_of.get),
            ("WorkStarted", STARTS, "action", self._word),
            ("WorkerBlocked", BLOCKED, "location", store.ground.aisle_of.get),
            ("WorkerUnblocked", UNBLOCKED, "location", store.ground.aisle_of.get),
        ):
            facts = feed.columns(kind, (column,))
            at = np.searchsorted(row, facts["row"])
            numbers = {name: number(name) for name in set(facts[column])}
            named = np.array([-1 if (n := numbers[x]) is None else n for x in facts[column]], dtype=np.int64)
            there = at < len(row)
            there[there] = row[at[there]] == facts["row"][there]
            code[at[there]], value[at[there]] = deed, named[there]
        self._gather(row, worker, code, value)

    def _takes(self, feed: Feed) -> None:
        cells = self.store.ground.cell_of
        for kind, sign in (("UnitsTaken", -1), ("UnitsPlaced", 1)):
            facts = feed.columns(kind, ("worker", "location", "units", "order"))
            cell = np.array([cells.get(name, -1) for name in facts["location"]], dtype=np.int64)
            order = np.array([self.orders.get(name, -1) for name in facts["order"]], dtype=np.int64) + 1
            # cell and order share a column: they are parted again when written
            value = np.where(cell >= 0, cell + order * len(self.store.ground.cells), 0)
            who = np.where(cell >= 0, self._who(facts["worker"]), -1)
            self._gather(facts["row"], who, np.full(len(who), TAKES), value, sign * facts["units"])

    # --- writing ----------------------------------------------------------------------------------------------

    def write(self, planes: BytePlanes) -> None:
        """All columns `deed.*`, `move.*`, `take.*`, and the small ones."""
        store, points = self.store, self.points
        pace = self._paces()
        ways = iter(zip(points.way_of.tolist(), store.place.field("duration", self._places).tolist(), strict=True))
        at_ms = store.at_ms[self.row] if len(self.row) else self.row
        late: list[list[int]] = [[] for _ in range(UNBLOCKED + 1)]
        moves: list[tuple[int, ...]] = []
        takes: list[tuple[int, int, int]] = []
        stations: list[int] = []
        words: list[int] = []
        aisles: list[int] = []
        cells = len(store.ground.cells)
        ranks = points.ranks()
        codes: list[int] = []
        kept = np.zeros(len(store.workers), dtype=np.int64)
        of, over, here, order_before, aisle_before = -1, 0, 0, 0, 0
        for row, worker, code, value, change, at in zip(
            *(c.tolist() for c in (self.row, self.worker, self.code, self.value, self.change, at_ms)), strict=True
        ):
            if worker != of:
                of, over, here, order_before, aisle_before = worker, 0, 0, 0, 0
            ends = at
            if code == TAKES:
                order, cell = divmod(value, cells)
                rank = ranks.get((here, cell))
                if rank is None:
                    continue
                self.taken.add(row)
                takes.append((rank, change, order - order_before))
                order_before = order
            elif code in (MOVING, CHECKED_IN):
                way, duration = next(ways)
                expected = (points.length[way] * int(pace[worker]) + PACE_ONE // 2) // PACE_ONE
                start, end = points.start[way], points.end[way]
                moves.append((start - here, *points.step(start, end), way, duration - expected))
                here, ends = end, at + duration
            elif code in (SERVES, SERVED):
                stations.append(value)
            elif code == STARTS:
                words.append(value)
            elif code in (BLOCKED, UNBLOCKED):
                aisles.append(value - aisle_before)
                aisle_before = value
            late[code].append(at - over)
            over = ends
            codes.append(code)
            kept[worker] += 1
        planes.add("deed.count", kept)
        planes.add("deed.code", codes)
        for code, column in enumerate(late):
            planes.add(f"late.{code}", column)
        planes.add("worker.pace", pace)
        planes.add("move.from", [m[0] for m in moves])
        planes.add("move.homes", [m[1] for m in moves])
        planes.add("move.along", [m[2] for m in moves])
        planes.add("move.middle", points.middles_of([m[3] for m in moves]))
        planes.add("move.duration", [m[4] for m in moves])
        planes.add("take.rank", [t[0] for t in takes])
        planes.add("take.change", [t[1] for t in takes])
        planes.add("take.order", [t[2] for t in takes])
        planes.add("serve.station", stations)
        planes.add("start.word", words)
        planes.add("block.aisle", aisles)

    def _paces(self) -> Array:
        """The usual ms a mm of each worker, in parts of PACE_ONE."""
        place, points = self.store.place, self.points
        length = np.array([points.length[way] for way in points.way_of.tolist()], dtype=np.float64)
        duration = place.field("duration", self._places)
        usual = np.zeros(len(self.store.workers), dtype=np.int64)
        going = (length > 0) & (duration > 0)
        who, rate = place.entity.values[self._places[going]], duration[going] / length[going]
        for worker in np.unique(who).tolist():
            usual[worker] = round(float(np.median(rate[who == worker])) * PACE_ONE)
        return usual


def _wanted(store: Store, row: Array, worker: Array, code: Array, first_row: int, last_row: int) -> Array:
    """Deeds of the stretch, and before it the last state, the last place and the last work of each worker.

    A state that another of the same instant replaces is never seen: it is left out.
    """
    inside = (row > first_row) & (row <= last_row)
    wanted = inside.copy()
    before = row <= first_row
    for kinds in (SETS_STATE, {MOVING, CHECKED_IN}, {STARTS}, {BLOCKED, UNBLOCKED}):
        some = np.flatnonzero(before & np.isin(code, list(kinds)))
        last = np.append(worker[some][1:] != worker[some][:-1], True) if len(some) else np.empty(0, bool)
        wanted[some[last]] = True
    sets = np.flatnonzero(np.isin(code, list(SETS_STATE)) & wanted)
    at = store.at_ms[row[sets]] if len(sets) else sets
    replaced = np.zeros(len(sets), dtype=bool)
    replaced[:-1] = (worker[sets][1:] == worker[sets][:-1]) & (at[1:] == at[:-1])
    only_state = np.isin(code[sets], [c for c in range(7) if c not in (MOVING, BLOCKED)])
    wanted[sets[replaced & only_state]] = False
    return wanted
