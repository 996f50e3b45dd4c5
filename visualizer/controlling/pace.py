"""How long frames take: what drawing needs, what is left for the simulation, and the table of Ctrl+F12."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

FRAME_MS = 16.7
LEAST_MS, MOST_MS = 2.0, 10.0
KEPT_FRAMES = 120


class Pace:
    """Times the parts of a frame; `budget_s` is what a live run may take of the next one."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self.last: dict[str, float] = {}
        """The parts of the last frame as they were; `parts` are smoothed."""
        self._drawn: deque[float] = deque(maxlen=KEPT_FRAMES)
        self._now: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a part of the frame under way."""
        begun = perf_counter()
        try:
            yield
        finally:
            self._now[name] = self._now.get(name, 0.0) + (perf_counter() - begun) * 1000

    def end(self) -> None:
        """The frame is done."""
        self._drawn.append(sum(ms for name, ms in self._now.items() if name != "simulation"))
        for name, ms in self._now.items():
            self.parts[name] = ms if name not in self.parts else 0.9 * self.parts[name] + 0.1 * ms
        self.last, self._now = self._now, {}

    @property
    def drawing_p95_ms(self) -> float:
        """What drawing took in 95 of 100 frames, of the last two seconds."""
        if not self._drawn:
            return FRAME_MS - MOST_MS
        return sorted(self._drawn)[int(0.95 * (len(self._drawn) - 1))]

    @property
    def budget_s(self) -> float:
        """What is left of a frame for the simulation: between 2 and 10 ms."""
        return min(max(FRAME_MS - self.drawing_p95_ms, LEAST_MS), MOST_MS) / 1000
