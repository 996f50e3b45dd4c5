"""Where it is too full for too long: an aisle that somebody waits for without a gap, a station that cannot keep up.

Saturated is an aisle before which at least one worker waits, and a station before which more than two units wait for
each of its benches. After five minutes without a gap that is an alert, until the saturation ends. What comes and goes
within one instant is no gap: of one time the last event counts.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from visualizer.stored.ground import Ground
from visualizer.stored.growing import Array
from visualizer.stored.tracks import Occurrences, Sums

LASTING_MS: Final = 5 * 60_000
"""Saturation that lasts so long raises an alert."""
PER_BENCH: Final = 2
"""More units than this before each bench are too many."""
Sort = Literal["aisle", "station"]


@dataclass(frozen=True, slots=True)
class Saturated:
    """Something that has been saturated for five minutes: what, since when, and until when if that is known."""

    sort: Sort
    name: str
    since_ms: int
    until_ms: int | None = None

    @property
    def raised_ms(self) -> int:
        """When it became an alert."""
        return self.since_ms + LASTING_MS


class Turns:
    """When each of a few places became saturated and free again, in turn: an odd count means that it is saturated."""

    def __init__(self, most: Array) -> None:
        self._most = most
        self._count = np.zeros(len(most), dtype=np.int64)
        self.times: list[list[int]] = [[] for _ in most]
        self.version = 0
        """Grows with every turn."""

    def take(self, place: int, at_ms: Array, change: Array) -> None:
        """Who came (1) and went (-1) behind what was taken before, in order."""
        count = self._count[place] + np.cumsum(change)
        self._count[place] = count[-1]
        last = np.append(at_ms[1:] != at_ms[:-1], True)
        full, times = count[last] > self._most[place], at_ms[last]
        turned = np.flatnonzero(np.append(True, full[1:] != full[:-1]))
        for one in turned.tolist():
            self._put(place, int(times[one]), bool(full[one]))

    def _put(self, place: int, at_ms: int, is_full: bool) -> None:
        """How it stands from a time on; what was said of the same time before does not count."""
        times = self.times[place]
        if times and times[-1] == at_ms:
            times.pop()
            self.version += 1
        if (len(times) % 2 == 1) != is_full:
            times.append(at_ms)
            self.version += 1

    def since(self, place: int, at_ms: int) -> int | None:
        """Since when it has been saturated at a time; None if it is not."""
        times = self.times[place]
        turns = bisect_right(times, at_ms)
        return times[turns - 1] if turns % 2 else None

    def spells(self, place: int) -> list[tuple[int, int | None]]:
        """From when to when it was saturated; the last may go on."""
        times = self.times[place]
        return list(zip(times[::2], [*times[1::2], None][: len(times[::2])], strict=True))


class Saturation:
    """Follows the sums of a store; catches up when asked."""

    def __init__(self, ground: Ground, waiting: Sums, arrived: Occurrences, begun: Occurrences) -> None:
        self._waiting, self._arrived, self._begun = waiting, arrived, begun
        self._aisles = [line.name for line in ground.aisles]
        self._stations = [place.name for place in ground.stations]
        self._of_aisles = Turns(np.zeros(len(self._aisles), dtype=np.int64))
        self._of_stations = Turns(np.array([PER_BENCH * (s.benches or 1) for s in ground.stations], dtype=np.int64))
        self._changes = 0
        self._came = [[0, 0] for _ in self._stations]

    def version(self, event_at_ms: Array) -> int:
        """Other when there are other spells."""
        self._catch_up(event_at_ms)
        return self._of_aisles.version + self._of_stations.version

    def at(self, event_at_ms: Array, at_ms: int) -> tuple[Saturated, ...]:
        """The alerts of a time, the longest first."""
        self._catch_up(event_at_ms)
        found = []
        for sort, names, turns in self._all():
            for place, name in enumerate(names):
                since = turns.since(place, at_ms) if turns.times[place] else None
                if since is not None and at_ms - since >= LASTING_MS:
                    found.append(Saturated(sort, name, since))
        return tuple(sorted(found, key=lambda one: (one.since_ms, one.sort, one.name)))

    def spells(self, event_at_ms: Array) -> list[Saturated]:
        """All that lasted long enough, and all that go on: those may yet."""
        self._catch_up(event_at_ms)
        return [
            Saturated(sort, name, since, until)
            for sort, names, turns in self._all()
            for place, name in enumerate(names)
            for since, until in turns.spells(place)
            if until is None or until - since > LASTING_MS
        ]

    def _all(self) -> tuple[tuple[Sort, list[str], Turns], tuple[Sort, list[str], Turns]]:
        return ("aisle", self._aisles, self._of_aisles), ("station", self._stations, self._of_stations)

    def _catch_up(self, event_at_ms: Array) -> None:
        done, end = self._changes, len(self._waiting.row)
        if end > done:
            entity = self._waiting.entity.values[done:end]
            for place in np.unique(entity).tolist():
                mine = done + np.flatnonzero(entity == place)
                rows = self._waiting.row.values[mine]
                self._of_aisles.take(place, event_at_ms[rows], self._waiting.change.values[mine].astype(np.int64))
            self._changes = end
        for place, seen in enumerate(self._came):
            now = [self._arrived.count(place), self._begun.count(place)]
            if now == seen:
                continue
            came, began = (o.rows(place, s, e) for o, s, e in zip((self._arrived, self._begun), seen, now, strict=True))
            rows = np.concatenate([came, began])
            change = np.append(np.ones(len(came), dtype=np.int64), np.full(len(began), -1, dtype=np.int64))
            order = np.argsort(rows, kind="stable")
            self._of_stations.take(place, event_at_ms[rows[order]], change[order])
            self._came[place] = now
