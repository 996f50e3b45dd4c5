"""Three ways in which a scene depends on time: the last fact of each, sums over facts, and counts of facts.

Every few thousand rows a keyframe is kept, so that any instant costs the way from the keyframe before it.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from visualizer.stored.growing import Array, Growing

TRACK_ROWS = 8192
SUM_ROWS = 65_536


def place_of(rows: Array, row: int, side: Literal["left", "right"]) -> int:
    """Where `row` would stand. Asked in the type of the rows: else numpy turns all of them into another first."""
    return int(np.searchsorted(rows, rows.dtype.type(row), side=side))


def by_entity(entity: Array) -> Array:
    """All places, those of each entity together and in order. Small numbers are sorted in a tenth of the time."""
    few = len(entity) == 0 or int(entity.max()) <= np.iinfo(np.int16).max
    return np.argsort(entity.astype(np.int16) if few else entity, kind="stable")


class Track:
    """The last fact of each entity at any instant. Entities are small numbers from 0; more may come later."""

    def __init__(self, **fields: Any) -> None:
        self.row = Growing(np.int32)
        self.entity = Growing(np.int32)
        self.fields = {name: Growing(dtype) for name, dtype in fields.items()}
        self._keyframes: list[Array] = [np.empty(0, dtype=np.int32)]
        self._entities = 0

    def extend(self, row: Array, entity: Array, **fields: Array) -> None:
        """Facts behind the last, in order of row."""
        if not len(row):
            return
        self.row.extend(row)
        self.entity.extend(entity)
        for name, column in self.fields.items():
            column.extend(fields[name])
        self._entities = max(self._entities, int(entity.max()) + 1)
        while len(self._keyframes) * TRACK_ROWS <= len(self.row):
            done = len(self._keyframes) * TRACK_ROWS
            self._keyframes.append(self._after(done - TRACK_ROWS, done))

    def _after(self, start: int, end: int) -> Array:
        """Place of the last fact of each entity among the first `end`; -1 for none. `start` is a keyframe's."""
        before = self._keyframes[start // TRACK_ROWS]
        last = np.full(self._entities, -1, dtype=np.int32)
        last[: len(before)] = before
        last[self.entity.values[start:end]] = np.arange(start, end, dtype=np.int32)
        return last

    def at(self, row: int) -> Array:
        """For each entity the place in this track of its last fact at or before `row`; -1 for none."""
        end = place_of(self.row.values, row, "right")
        return self._after(end // TRACK_ROWS * TRACK_ROWS, end)

    def field(self, name: str, places: Array) -> Array:
        """Values at places."""
        return self.fields[name].values[places]

    def of(self, entity: int, first_row: int, last_row: int) -> Array:
        """Places of an entity's facts between two rows, both ends included, in order."""
        start = place_of(self.row.values, first_row, "left")
        end = place_of(self.row.values, last_row, "right")
        return start + np.flatnonzero(self.entity.values[start:end] == entity)

    @property
    def nbytes(self) -> int:
        """Memory held."""
        columns = (self.row, self.entity, *self.fields.values())
        return sum(c.nbytes for c in columns) + sum(k.nbytes for k in self._keyframes)


class Sums:
    """A running sum of each entity at any instant, from what it was at the start."""

    def __init__(self, start: Array) -> None:
        self.row = Growing(np.int32)
        self.entity = Growing(np.int32)
        self.change = Growing(np.int32)
        self._keyframes: list[Array] = [start.astype(np.int32)]

    def extend(self, row: Array, entity: Array, change: Array) -> None:
        """Changes behind the last, in order of row."""
        self.row.extend(row)
        self.entity.extend(entity)
        self.change.extend(change)
        while len(self._keyframes) * SUM_ROWS <= len(self.row):
            done = len(self._keyframes) * SUM_ROWS
            self._keyframes.append(self._after(done - SUM_ROWS, done))

    def _after(self, start: int, end: int) -> Array:
        sums = self._keyframes[start // SUM_ROWS].copy()
        np.add.at(sums, self.entity.values[start:end], self.change.values[start:end])
        return sums

    def at(self, row: int) -> Array:
        """The sums after `row`."""
        end = place_of(self.row.values, row, "right")
        return self._after(end // SUM_ROWS * SUM_ROWS, end)

    def over(self, first_row: int, last_row: int) -> tuple[Array, Array]:
        """(entity, change) of what changed after `first_row` up to `last_row`."""
        start = place_of(self.row.values, first_row, "right")
        end = place_of(self.row.values, last_row, "right")
        return self.entity.values[start:end], self.change.values[start:end]

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return sum(c.nbytes for c in (self.row, self.entity, self.change)) + sum(k.nbytes for k in self._keyframes)


class Peaks:
    """The largest sum that each entity ever had, the start included. Catches up with its sums when asked."""

    def __init__(self, sums: Sums) -> None:
        self._sums = sums
        self._now = sums.at(-1).astype(np.int64)
        self._most = self._now.copy()
        self._seen = 0

    def most(self) -> Array:
        """So far."""
        end = len(self._sums.row)
        if end > self._seen:
            entity = self._sums.entity.values[self._seen : end]
            order = np.argsort(entity, kind="stable")
            entity, change = entity[order], self._sums.change.values[self._seen : end][order].astype(np.int64)
            first = np.flatnonzero(np.diff(entity, prepend=-1))
            who, run = entity[first], np.cumsum(change)
            offset = np.repeat(run[first] - change[first], np.diff(np.append(first, len(entity))))
            run = run - offset
            self._most[who] = np.maximum(self._most[who], self._now[who] + np.maximum.reduceat(run, first))
            self._now[who] += np.add.reduceat(change, first)
            self._seen = end
        return self._most


class Occurrences:
    """For each of a few entities the rows and times of one kind of fact: how many so far, and when the n-th was."""

    def __init__(self, count: int) -> None:
        self._rows = [Growing(np.int32) for _ in range(count)]
        self._at_ms = [Growing(np.int64) for _ in range(count)]
        self._durations_ms = [Growing(np.int64) for _ in range(count)]

    def extend(self, row: Array, entity: Array, at_ms: Array, duration_ms: Array) -> None:
        """Facts behind the last, in order of row; those of unknown entities (-1) are left out."""
        for one in np.unique(entity[entity >= 0]).tolist():
            mine = entity == one
            self._rows[one].extend(row[mine])
            self._at_ms[one].extend(at_ms[mine])
            self._durations_ms[one].extend(duration_ms[mine])

    def so_far(self, entity: int, row: int) -> int:
        """How many at or before `row`."""
        return place_of(self._rows[entity].values, row, "right")

    def count(self, entity: int) -> int:
        """How many in all."""
        return len(self._rows[entity])

    def rows(self, entity: int, start: int, end: int) -> Array:
        """The events of the `start`-th to the one before the `end`-th, counted from 0."""
        return self._rows[entity].values[start:end]

    def at_ms(self, entity: int, start: int, end: int) -> Array:
        """When the `start`-th to the one before the `end`-th happened, counted from 0."""
        return self._at_ms[entity].values[start:end]

    def durations_ms(self, entity: int, start: int, end: int) -> Array:
        """How long they said they would last."""
        return self._durations_ms[entity].values[start:end]

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return sum(c.nbytes for some in (self._rows, self._at_ms, self._durations_ms) for c in some)
