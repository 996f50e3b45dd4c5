"""The clock of a world: SimPy's environment, counting whole milliseconds.

A run waits some five times per order line, so what SimPy does in three calls for a timeout, and in two for the next
event, is done in one here. Events, processes and their order are SimPy's own.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import simpy
from simpy.events import NORMAL, Timeout

_new = object.__new__


class Clock(simpy.Environment):
    """Time is an `int`; whoever schedules gives whole delays."""

    __slots__ = ("_now",)

    if TYPE_CHECKING:

        @property
        def now(self) -> int: ...

    def timeout(self, delay_ms: int = 0, value: Any = None) -> Timeout:  # type: ignore[override]
        """An event after a delay."""
        if delay_ms < 0:
            raise ValueError(f"delay_ms must be >= 0, got {delay_ms}")
        event = _new(Timeout)
        event.env = self
        event.callbacks = []
        event._value = value
        event._delay = delay_ms
        event._ok = True
        heappush(self._queue, (self._now + delay_ms, NORMAL, next(self._eid), event))
        return event

    def run_before(self, at_ms: int) -> None:
        """Let all happen that is due before `at_ms`."""
        queue = self._queue
        while queue and queue[0][0] < at_ms:
            self._now, _, _, event = heappop(queue)
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)
            if not event._ok and not event.defused:
                raise event._value

    def come_to(self, at_ms: int) -> None:
        """Let the time pass to `at_ms`; nothing may be due before it."""
        assert self._now <= at_ms <= self.peek(), f"{self.peek()} ms is due before {at_ms} ms"
        self._now = at_ms

    @property
    def scheduled(self) -> int:
        """Events scheduled so far. SimPy numbers them with a counter whose next value only its repr tells."""
        return int(repr(self._eid)[len("count(") : -1])


# read twelve times per order line: the slot itself, no property
Clock.now = Clock._now  # type: ignore[method-assign, assignment, misc]
