"""One run on the screen: its store, clock and panels. Opening another run makes a new one."""

from __future__ import annotations

from dataclasses import replace

from visualizer.controlling.breakpoints import AtTime, Breakpoint, Stopped, first_stop, next_time
from visualizer.controlling.playhead import Playhead
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import Lettering
from visualizer.feed import Feed
from visualizer.figures.aside import FiguresAside
from visualizer.figures.reading_ahead import ReadingAhead
from visualizer.figures.series import Series
from visualizer.mapping.floor_map import FloorMap
from visualizer.palette import Theme
from visualizer.panels.asking import Asking
from visualizer.panels.charts import Charts
from visualizer.panels.event_log import EventLog
from visualizer.panels.inspector import Inspector
from visualizer.panels.kpi_cards import TopBar
from visualizer.panels.marks import Mark, next_mark
from visualizer.panels.queues import Queues
from visualizer.panels.searching import Search
from visualizer.panels.timeline import Timeline
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Selection, View
from visualizer.words import Language

FIGURES_S, FIGURES_AT_REST_S = 0.003, 0.010
"""What figures may take of a frame to follow the events, while time goes on and while it stands."""


LONG_EVENTS = 100_000
"""From so many events on, the figures of a recording are worked out by a process of their own."""


class Showing:
    """A feed and all that is made of it. `patient`: panels wait for their answers, as in pictures and tests."""

    def __init__(self, feed: Feed, *, patient: bool = False) -> None:
        self.feed = feed
        self.store = Store(feed)
        self.playhead = Playhead(feed, self.store)
        self.patient = patient
        self.asking = Asking(feed, patient=patient)
        self._ahead = ReadingAhead(feed)
        self._is_long = isinstance(feed, RecordedFeed) and not patient and feed.events >= LONG_EVENTS
        self._aside: FiguresAside | None = None
        self.series = Series(feed.context)
        self.map = FloorMap(self.store)
        self.inspector = Inspector(self.asking)
        self.log = EventLog(self.store, self.asking)
        self.top, self.timeline, self.charts, self.queues = TopBar(), Timeline(), Charts(), Queues()
        self.search = Search(self.store, self.asking)
        self.view = View()
        self.kept_view: View | None = None
        self.kind: str | None = None
        """The kind of event that N and Shift+N step by."""
        self.breakpoints: list[Breakpoint] = []
        self.stopped: Stopped | None = None

    def frame_on(self, real_ms: float, budget_s: float) -> Stopped | None:
        """Let time pass; where a breakpoint stopped it."""
        head = self.playhead
        before_ms = head.view_ms
        was_playing = head.playing
        head.frame(real_ms, budget_s, next_time(self.breakpoints, before_ms) if was_playing else None)
        self.follow()
        if not was_playing or not self.breakpoints:
            return None
        upto_ms = head.view_ms
        stop = first_stop(self.breakpoints, self.store, self.series.values, before_ms, upto_ms)
        if stop is not None:
            head.hold()
            if stop.at_ms < upto_ms:
                head.seek(stop.at_ms)
        return stop

    def follow(self) -> None:
        """Let the figures take of what was read and they have not: those of a long recording are worked out aside."""
        if self._is_long:
            self.series.crowd.follow(self.store)
            if self._aside is None and self.playhead.loaded is None:
                assert isinstance(self.feed, RecordedFeed)
                self._aside = FiguresAside(self.feed.folder)
            if self._aside is not None:
                self._aside.tell(self.series, self.store)
            return
        self.series.follow(
            self.feed, self.store, FIGURES_S if self.playhead.playing else FIGURES_AT_REST_S,
            None if self.patient else self._ahead.facts,
        )  # fmt: skip

    @property
    def is_busy(self) -> bool:
        """Is something still being read or worked out."""
        return self.asking.is_waiting or self.series.rows < len(self.store)

    def next_mark(self, by: int) -> int | None:
        """The time of the next mark of the timeline, or of the one before; None if there is none."""
        found = next_mark([*self.timeline.marks.marks, *self.flags()], self.playhead.view_ms, by)
        return None if found is None or found.at_ms > self.playhead.head_ms else found.at_ms

    def flags(self) -> list[Mark]:
        """Breakpoints on times, as marks."""
        times = [b.at_ms for b in self.breakpoints if isinstance(b, AtTime)]
        return [Mark(at_ms, "flag", ("timeline", "breakpoint")) for at_ms in times]

    def select(self, chosen: Selection | None, *, follow: bool | None = None) -> None:
        """Inspect a thing, or nothing."""
        keeps = self.view.follow if chosen == self.view.selection else False
        self.view = replace(self.view, selection=chosen, follow=keeps if follow is None else follow)

    def frame(
        self, *, theme: Theme, lettering: Lettering, language: Language, wall_s: float, reduced_motion: bool = False
    ) -> Frame:
        """All that the picture of this instant depends on."""
        head = self.playhead
        self.view = replace(self.view, at_ms=head.view_ms)
        return Frame(
            feed=self.feed, store=self.store, moment=self.store.at(head.view_ms), view=self.view, theme=theme,
            lettering=lettering, language=language, ui_scale=lettering.ui_scale, mode=head.mode, head_ms=head.head_ms,
            end_ms=head.end_ms, series=self.series, speed=head.speed, holding=head.holding, playing=head.playing,
            wall_s=wall_s, reduced_motion=reduced_motion, loaded=head.loaded,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of threads and files."""
        self.asking.forget()
        self._ahead.close()
        if self._aside is not None:
            self._aside.close()
        close = getattr(self.feed, "close", None)
        if close is not None:
            close()
