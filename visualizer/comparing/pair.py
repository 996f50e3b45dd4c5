"""Two runs on one clock: the second follows the first in time, camera, layers and selection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from visualizer.controlling.playhead import Playhead
from visualizer.drawing.frame import Frame
from visualizer.feed import Batch
from visualizer.showing import Showing
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import View


class TwoHeads(Playhead):
    """One clock over two recordings. It goes on to the end of the longer one, and while they load as far as both."""

    def __init__(self, first: Playhead, other: Playhead) -> None:
        super().__init__(first.feed, first.store)
        self._both = (first, other)
        self._view_ms = float(first.view_ms)
        self.speed, self.playing = first.speed, first.playing

    @property
    def head_ms(self) -> int:
        """As far as there is something to show of both, once they are there of either."""
        if self._loading is None:
            return max(one.feed.head_ms for one in self._both)
        return min(one.head_ms for one in self._both)

    @property
    def end_ms(self) -> int:
        """Where the longer one ends."""
        return max(one.end_ms for one in self._both)

    @property
    def loaded(self) -> float | None:
        """The share of both that was read."""
        if self._loading is None:
            return None
        return min(1.0 if one.loaded is None else one.loaded for one in self._both)

    def load(self) -> bool:
        """Read the next stretch of each."""
        if self._loading is None:
            return False
        more = [one.load() for one in self._both]
        if not any(more):
            self._loading = None
        return any(more)

    @property
    def loading(self) -> Iterator[Batch] | None:
        """What is still being read."""
        return self._loading

    def step(self, by: int) -> bool:
        """To the next instant with events of either, or the one before; stands then."""
        self.pause()
        found = [_instant(one.store, self.view_ms, by) for one in self._both]
        there = [at_ms for at_ms in found if at_ms is not None and at_ms <= self.head_ms]
        if not there:
            return False
        self.seek(min(there) if by > 0 else max(there))
        return True

    def next_of(self, kind: str, by: int) -> int | None:
        """The time of the next or last event of a kind in either."""
        found: list[int] = []
        for one in self._both:
            at_ms = one.store.at_ms[one.store.rows_of(kind)]
            place = _beside(at_ms, self.view_ms, by)
            if place is not None:
                found.append(int(at_ms[place]))
        return (min(found) if by > 0 else max(found)) if found else None


def _instant(store: Store, at_ms: int, by: int) -> int | None:
    place = _beside(store.at_ms, at_ms, by)
    return None if place is None else int(store.at_ms[place])


def _beside(times_ms: np.ndarray[tuple[int], np.dtype[np.int64]], at_ms: int, by: int) -> int | None:
    """The place of the first time after, or the last one before."""
    if by > 0:
        place = int(np.searchsorted(times_ms, at_ms, side="right"))
    else:
        place = int(np.searchsorted(times_ms, at_ms, side="left")) - 1
    return place if 0 <= place < len(times_ms) else None


class Other(Showing):
    """The second run: what is chosen to look at is the first one's."""

    def __init__(self, feed: RecordedFeed, first: Showing, *, patient: bool = False) -> None:
        self._first = first
        chosen = first.view
        super().__init__(feed, patient=patient)
        first.view = chosen

    @property
    def view(self) -> View:
        """The first one's."""
        return self._first.view

    @view.setter
    def view(self, view: View) -> None:
        self._first.view = view


class Pair:
    """The first run, as the window shows it, with a second beside it."""

    def __init__(self, a: Showing, b: RecordedFeed, *, patient: bool = False) -> None:
        self.a = a
        self.b = Other(b, a, patient=patient)
        self._alone = a.playhead
        self.clock = TwoHeads(a.playhead, self.b.playhead)
        self.a.playhead = self.b.playhead = self.clock

    @property
    def sides(self) -> tuple[Showing, Showing]:
        """Both, A first."""
        return self.a, self.b

    def frame_on(self) -> None:
        """Let the figures of the second follow what was read; those of the first do."""
        self.b.follow()

    def frames(self, frame: Frame) -> tuple[Frame, Frame]:
        """The frame of each run at this instant, out of that of A; one that is over stays at its end."""
        a, b = self.sides
        held = _held(frame)
        at_ms = min(frame.at_ms, b.feed.head_ms)
        camera = a.map.camera(held)
        view = replace(frame.view, at_ms=at_ms, camera=camera, follow=False)
        other = replace(frame, feed=b.feed, store=b.store, moment=b.store.at(at_ms), view=view, series=b.series)
        return held, other

    def ended(self, side: Showing) -> bool:
        """Is the clock beyond the end of this run."""
        return self.clock.view_ms > side.feed.head_ms

    def close(self) -> None:
        """Let go of the second; the first has its own clock again."""
        self._alone.set_speed(self.clock.speed)
        self._alone.seek(self.clock.view_ms)
        self._alone.playing = self.clock.playing
        self.a.playhead = self._alone
        self.b.close()


def _held(frame: Frame) -> Frame:
    end_ms = frame.feed.head_ms
    if frame.at_ms <= end_ms:
        return frame
    return replace(frame, moment=frame.store.at(end_ms), view=replace(frame.view, at_ms=end_ms))
