"""The clock of a world: SimPy's environment, counting whole milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy


class Clock(simpy.Environment):
    """Time is an `int`; whoever schedules gives whole delays."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int: ...

    def come_to(self, at_ms: int) -> None:
        """Let the time pass to `at_ms`; nothing may be due before it."""
        assert self._now <= at_ms <= self.peek(), f"{self.peek()} ms is due before {at_ms} ms"
        self._now = at_ms

    @property
    def scheduled(self) -> int:
        """Events scheduled so far. SimPy numbers them with a counter whose next value only its repr tells."""
        return int(repr(self._eid)[len("count(") : -1])
