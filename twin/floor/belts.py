"""Accumulating conveyors: a unit enters a pitch behind the one before, and leaves when there is room ahead.

At most one unit enters per `pitch / speed`; nothing blocking, a unit rides `length / speed`; standing units need a
pitch each, and a full belt blocks what comes before it. With a pitch of 0 it is never full.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from math import ceil
from typing import Any

from simpy.events import Event as SimEvent

from twin.domain.ids import Lpn
from twin.events.catalogue import BeltBlocked, BeltEntered, BeltLeft
from twin.events.stream import Record
from twin.floor.clock import Clock

Activity = Generator[SimEvent, Any, None]
NEVER_FULL = 1 << 60


class Belt:
    """One conveyor. `deliver(unit)`: what lies ahead took the unit; if not, `room_ahead()` is an event to wait for."""

    def __init__(
        self, env: Clock, site: str, name: str, *, length_mm: int, speed_mm_per_s: float, pitch_mm: int,
        record: Record, deliver: Callable[[Lpn], bool], room_ahead: Callable[[], SimEvent],
        buffer: int = 40,
    ) -> None:  # fmt: skip
        self.env = env
        self.site = site
        self.name = name
        self.transit_ms = round(length_mm / speed_mm_per_s * 1000)
        self.gap_ms = ceil(round(pitch_mm / speed_mm_per_s * 1000, 6))  # never more than speed / pitch
        self.places = max(1, length_mm // pitch_mm) if pitch_mm else NEVER_FULL
        self.record = record
        self.deliver = deliver
        self.room_ahead = room_ahead
        self.buffer = buffer
        self.before: deque[Lpn] = deque()
        self.riding: deque[tuple[Lpn, int, int]] = deque()  # unit, entered at, at the end by
        self.stopped_until_ms = 0
        self._last_entry_ms = -(1 << 60)
        self._last_exit_ms = -(1 << 60)
        self._feeding = False
        self._leaving = False
        self._left: SimEvent | None = None
        self._taken: SimEvent | None = None
        self._blocked: Lpn | None = None
        self._waiting: deque[SimEvent] = deque()

    def offer(self, units: list[Lpn]) -> Activity:
        """Put units on the belt one after the other; ends when the last is on it or in the buffer before it."""
        for unit in units:
            while len(self.before) >= self.buffer:
                turn = self.env.event()
                self._waiting.append(turn)
                yield turn
            self.accept(unit)

    def accept(self, unit: Lpn) -> None:
        """A unit stands before the belt."""
        self.before.append(unit)
        if not self._feeding:
            self._feeding = True
            self.env.process(self._feed())

    @property
    def has_room(self) -> bool:
        """Another belt may hand over a unit now."""
        return len(self.before) == 0

    def next_taken(self) -> SimEvent:
        """An event for the next unit that this belt takes in."""
        self._taken = self._taken or self.env.event()
        return self._taken

    def stop(self, duration_ms: int) -> None:
        """The belt stands still; what rides is late by that much."""
        now = self.env.now
        until = now + duration_ms
        late = until - max(now, self.stopped_until_ms)
        if late > 0:
            self.stopped_until_ms = until
            self.riding = deque((u, entered, due + late) for u, entered, due in self.riding)

    def _feed(self) -> Activity:
        env = self.env
        while self.before:
            wait = max(self._last_entry_ms + self.gap_ms, self.stopped_until_ms) - env.now
            if wait > 0:
                yield env.timeout(wait)
                continue
            if len(self.riding) > self.places or (len(self.riding) == self.places and self.riding[0][2] <= env.now):
                if self._blocked != self.before[0]:
                    self._blocked = self.before[0]
                    self.record(BeltBlocked, env.now, self.site, self.name, self.before[0])
                self._left = env.event()
                yield self._left
                continue
            unit = self.before.popleft()
            self._last_entry_ms = env.now
            self.riding.append((unit, env.now, env.now + self.transit_ms))
            self.record(BeltEntered, env.now, self.site, self.name, unit, self.transit_ms)
            if self._waiting:
                self._waiting.popleft().succeed()
            if self._taken is not None:
                taken, self._taken = self._taken, None
                taken.succeed()
            if not self._leaving:
                self._leaving = True
                env.process(self._ride())
        self._feeding = False

    def _ride(self) -> Activity:
        env = self.env
        while self.riding:
            unit, entered, at_end = self.riding[0]
            due = max(at_end, self._last_exit_ms + self.gap_ms, self.stopped_until_ms)
            if due > env.now:
                yield env.timeout(due - env.now)
                continue
            if not self.deliver(unit):
                yield self.room_ahead()
                continue
            self.riding.popleft()
            self._last_exit_ms = env.now
            self.record(BeltLeft, env.now, self.site, self.name, unit, env.now - entered)
            if self._left is not None:
                left, self._left = self._left, None
                left.succeed()
        self._leaving = False
