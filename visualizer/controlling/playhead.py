"""The clock of the window: the frame loop owns the pace, a live run follows it as far as it can, debt is dropped.

At the head of a live run what is shown is the head (LIVE). Going back leaves the run going on and shows the past
(REVIEW); a recording is walked through as it stands (REPLAY).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from math import inf, isinf

import numpy as np

from visualizer.drawing.frame import Mode
from visualizer.feed import Batch, Feed
from visualizer.store import Store

SPEEDS = (1.0, 10.0, 60.0, 300.0, 1000.0, inf)
FRAME_MS = 50.0
"""Real time that one frame may count for: after a hitch the view goes on, it does not leap."""
FASTEST_REPLAY = 3600.0
"""What `as fast as it goes` means where nothing has to be computed: an hour a second."""
BEYOND_MS = 3_600_000
"""How far ahead `as fast as it goes` asks a live run to come in one frame; its budget ends it before."""
MEASURED_MS = 600.0
HELD = 0.93
"""Below this share of the speed asked for it is said that the run cannot hold it."""
QUIET_INSTANTS = 2000
"""Instants of a live run in which nothing is told that one step forward may pass."""


class Playhead:
    """Where the view is, how fast it goes, and how far the run or the loading has come."""

    def __init__(self, feed: Feed, store: Store) -> None:
        self.feed, self.store = feed, store
        self.playing = False
        self.running = False
        """Whether a live run goes on; in REVIEW it does so although the view may stand."""
        self.speed = 60.0
        self._view_ms = 0.0
        self._at_head = bool(feed.live)
        self._target_ms = float(feed.head_ms)
        self._passed: deque[tuple[float, float]] = deque()
        self._loading: Iterator[Batch] | None = None if feed.live else feed.read()
        self.simulation_ms = 0.0

    # --- what is ------------------------------------------------------------------------------------------------

    @property
    def view_ms(self) -> int:
        """The time shown."""
        return self.head_ms if self._at_head else int(self._view_ms)

    @property
    def head_ms(self) -> int:
        """How far there is something to show."""
        return self.store.head_ms if self._loading is not None else self.feed.head_ms

    @property
    def end_ms(self) -> int:
        """Where the run ends or will end."""
        return max(self.feed.context.horizon_ms, self.feed.head_ms)

    @property
    def mode(self) -> Mode:
        """LIVE at the head of a run that goes on, REVIEW behind it, REPLAY of what is over."""
        if not self.feed.live:
            return "REPLAY"
        return "LIVE" if self._at_head else "REVIEW"

    @property
    def loaded(self) -> float | None:
        """The share of a recording that was read; None when all is there."""
        if self._loading is None:
            return None
        return min(1.0, self.store.head_ms / self.feed.head_ms) if self.feed.head_ms else 0.0

    @property
    def effective(self) -> float | None:
        """Simulated per real time lately; None while there is too little to tell."""
        real = sum(r for r, _ in self._passed)
        return sum(s for _, s in self._passed) / real if real >= MEASURED_MS / 2 else None

    @property
    def holding(self) -> float | None:
        """What is reached of the speed asked for, where that falls short; of `as fast as it goes` always."""
        now = self.effective
        if now is None or not self.playing:
            return None
        return now if isinf(self.speed) or now < HELD * self.speed else None

    # --- a frame ------------------------------------------------------------------------------------------------

    def load(self) -> bool:
        """Read the next stretch of a recording; whether there was one."""
        if self._loading is None:
            return False
        batch = next(self._loading, None)
        if batch is None:
            self._loading = None
            return False
        self.store.add(batch)
        return True

    def load_all(self) -> None:
        """Read a recording to its end."""
        while self.load():
            pass

    def frame(self, real_ms: float, budget_s: float, stop_ms: int | None = None) -> None:
        """Let `real_ms` pass. A live run gets `budget_s` to follow; it and the view come no further than `stop_ms`."""
        self.load()
        real_ms = min(real_ms, FRAME_MS)
        before = self.view_ms
        head_before = self.feed.head_ms
        if self.feed.live and self.running:
            self._run_on(real_ms, budget_s, stop_ms if self._at_head else None)
        if self.playing and not self._at_head:
            self._play_on(real_ms, stop_ms)
        if self.playing:
            came = self.feed.head_ms - head_before if self._at_head else self.view_ms - before
            self._passed.append((real_ms, float(came)))
            while sum(r for r, _ in self._passed) > MEASURED_MS:
                self._passed.popleft()
        if not self.feed.live and self.playing and self.view_ms >= self.head_ms and self._loading is None:
            self.pause()

    def _run_on(self, real_ms: float, budget_s: float, stop_ms: int | None) -> None:
        ahead = BEYOND_MS if isinf(self.speed) else real_ms * self.speed
        self._target_ms = max(self._target_ms, float(self.feed.head_ms)) + ahead
        target = round(self._target_ms)
        if stop_ms is not None:
            target = min(target, stop_ms)
        reached = self.feed.advance(target, budget_s)
        if reached < target or stop_ms is not None or isinf(self.speed):
            self._target_ms = float(reached)  # what was not reached is not caught up later
        self._take()
        if not self.feed.live:  # it came to its horizon
            self._arrive()

    def _play_on(self, real_ms: float, stop_ms: int | None) -> None:
        speed = FASTEST_REPLAY if isinf(self.speed) else self.speed
        to_ms = self._view_ms + real_ms * speed
        if stop_ms is not None:
            to_ms = min(to_ms, float(stop_ms))
        self._view_ms = min(to_ms, float(self.head_ms))
        if self.feed.live and self._view_ms >= self.feed.head_ms:
            self._at_head = self.running = True

    def _arrive(self) -> None:
        """The live run is over: from now on it is a recording, shown where it was."""
        if self._at_head:
            self._view_ms, self._at_head = float(self.feed.head_ms), False
            self.playing = False
        self.running = False

    def _take(self) -> None:
        for batch in self.feed.read():
            self.store.add(batch)

    # --- what a person asks ---------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let time go on; from the end of a recording it begins anew."""
        if not self.feed.live and self._loading is None and self.view_ms >= self.head_ms:
            self._view_ms = 0.0
        self.playing = True
        if self._at_head:
            self.running = True
        self._passed.clear()

    def pause(self) -> None:
        """Stand still. In REVIEW the view stands, the run goes on."""
        self.playing = False
        if self._at_head:
            self.running = False
        self._passed.clear()

    def hold(self) -> None:
        """Stand still, the run too: as a breakpoint or a question does."""
        self.playing = self.running = False
        self._passed.clear()

    def set_speed(self, speed: float) -> None:
        """Simulated per real time; inf is as fast as it goes."""
        self.speed = speed
        self._passed.clear()

    def faster(self, steps: int = 1) -> None:
        """The next of SPEEDS up, or down for a negative step."""
        if steps > 0:
            above = [s for s in SPEEDS if s > self.speed]
            self.set_speed(above[min(steps, len(above)) - 1] if above else SPEEDS[-1])
        else:
            below = [s for s in SPEEDS if s < self.speed]
            self.set_speed(below[max(steps, -len(below))] if below else SPEEDS[0])

    def seek(self, at_ms: int) -> None:
        """Go to a time; what lies beyond the head is the head. Playing stays as it is."""
        at_ms = max(0, at_ms)
        if self.feed.live and at_ms >= self.feed.head_ms:
            self.go_live()
            return
        if self._at_head:
            self._at_head = False
        self._view_ms = float(min(at_ms, self.head_ms))
        self._passed.clear()

    def go_live(self) -> None:
        """To the head: of a live run, or of what there is."""
        self._passed.clear()
        if self.feed.live:
            self._at_head = True
            self.playing = self.running
        else:
            self._view_ms = float(self.head_ms)

    def step(self, by: int) -> bool:
        """To the next instant with events, or the one before; at a live head the run goes on to it. Stands then."""
        at_ms = self.store.at_ms
        if by < 0:
            self._stand()
            first = int(np.searchsorted(at_ms, self.view_ms, side="left"))
            if first == 0:
                return False
            self.seek(int(at_ms[first - 1]))
            return True
        after = self.store.row_at(self.view_ms) + 1
        if after >= len(self.store) and self.feed.live:
            return self._step_live()
        self._stand()
        if after >= len(self.store):
            return False
        self.seek(int(at_ms[after]))
        return True

    def _stand(self) -> None:
        self.playing = False
        if self._at_head:
            self.running = False

    def _step_live(self) -> bool:
        self.go_live()
        self._stand()
        before = len(self.store)
        for _ in range(QUIET_INSTANTS):
            self.feed.advance(self.end_ms, 0.0)
            self._take()
            if not self.feed.live:
                self._arrive()
                break
            if len(self.store) > before:
                break
        self._target_ms = float(self.feed.head_ms)
        return len(self.store) > before

    def next_of(self, kind: str, by: int) -> int | None:
        """The time of the next or last event of a kind after or before the instant shown; None if there is none."""
        rows = self.store.rows_of(kind)
        at_ms = self.store.at_ms[rows]
        if by > 0:
            place = int(np.searchsorted(at_ms, self.view_ms, side="right"))
        else:
            place = int(np.searchsorted(at_ms, self.view_ms, side="left")) - 1
        return int(at_ms[place]) if 0 <= place < len(rows) else None
