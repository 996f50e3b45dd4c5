"""The window: events in, one frame after another out. The loop owns the pace; a live run follows it.

What keys, buttons and the mouse ask for is carried out in `controls`, `map_controls` and `gestures`; what is drawn
where is in `screen`. The window itself keeps what belongs to no run: theme, language, scale, what lies on top.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import pygame
from pygame.event import Event

from twin.domain.errors import TwinError
from visualizer.collecting import Collecting
from visualizer.comparing.comparison import Comparison
from visualizer.comparing.screen import PairScreen
from visualizer.comparing.strokes import PairGestures
from visualizer.controlling import controls
from visualizer.controlling.gestures import Gestures
from visualizer.controlling.keys import action_of
from visualizer.feed import Feed
from visualizer.opening import Opener, Pending
from visualizer.overlaid.note import Note
from visualizer.overlaid.start import Start
from visualizer.places import lay_out
from visualizer.screen import Screen
from visualizer.showing import Showing
from visualizer.stage import Stage, Strokes
from visualizer.stored.recorded import RecordedFeed
from visualizer.tracing import Trace, state_of
from visualizer.view import Selection
from visualizer.window import Options
from visualizer.words import say

_log = logging.getLogger(__name__)
FRAMES_PER_S = 60
MOST_FAILURES = 3
"""Frames that may fail one after the other before the window is closed."""
IDLE_FRAMES_PER_S = 20
"""While nothing moves and nobody does anything."""
PAGE_H: dict[str, int] = {"worker": 330, "order": 480, "location": 380, "sku": 380, "trailer": 330, "aisle": 340}
"""How high the inspector would like to stand, by what it shows."""


class App(Stage):
    """One window and what it shows."""

    def __init__(
        self, feed: Feed | None = None, *, opener: Opener | None = None, options: Options | None = None
    ) -> None:
        super().__init__(options or Options(), opener)
        self.gestures: Strokes = Gestures(self)
        self.screen = Screen()
        self.collecting = Collecting()
        self._failures = 0
        self._trace = Trace(self.options.trace) if self.options.trace else None
        if feed is not None:
            self.show(feed)
        else:
            self.overlay = Start(self)

    # --- what is -------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What the window shows, as `--trace` writes it."""
        return state_of(self)

    # --- two runs -----------------------------------------

    def beside(self, feed: RecordedFeed) -> None:
        """Put a second recording beside the one that is shown."""
        assert self.showing is not None
        self.alone()
        self.overlay = None
        self.comparison = Comparison(self.showing, feed, patient=self.options.patient)
        self.screen, self.gestures = PairScreen(self.comparison), PairGestures(self, self.comparison)
        if self.options.patient:
            self.showing.playhead.load_all()
        self.lay_out()

    def alone(self) -> None:
        """Back to one run."""
        if self.comparison is None:
            return
        self.comparison.close()
        self.comparison = None
        self.screen, self.gestures = Screen(), Gestures(self)
        self.lay_out()

    # --- opening -------------------------------------------------------------------------------------------------

    def show(self, feed: Feed) -> None:
        """Put a run on the screen."""
        self.alone()
        if self.showing is not None:
            self.showing.close()
            self.collecting.close()
        shown = Showing(feed, patient=self.options.patient)
        self.showing = shown
        self.overlay = None
        shown.playhead.set_speed(self.options.speed)
        if self.options.at_ms is not None:
            shown.playhead.load_all()
            shown.playhead.seek(self.options.at_ms)
        if self.options.playing or feed.live:
            shown.playhead.play()
        self.lay_out()
        pygame.display.set_caption(f"{feed.title.scenario} · {say('app.name', self.language)}")

    def open(self, path: str, *, beside: bool = False) -> None:
        """Open a run or scenario aside, the window goes on meanwhile; `beside` the one that is shown."""
        if self.pending is None:
            self.pending = Pending(self.opener, path, beside=beside)

    def _opened(self) -> None:
        pending = self.pending
        if pending is None or not pending.is_done:
            return
        self.pending = None
        try:
            feed = pending.result()
        except TwinError as error:
            self.complain(say("error.open", self.language, path=pending.path, why=str(error)))
            return
        path = Path(pending.path)
        self.change(self.settings.opened(str(path.resolve()) if path.exists() else pending.path))
        if not pending.beside or self.showing is None:
            self.show(feed)
        elif isinstance(feed, RecordedFeed):
            self.beside(feed)
        else:
            self.complain(say("compare.only_recordings", self.language))

    # --- saying things -------------------------------------------------------------------------------------------

    def complain(self, sentence: str) -> None:
        """An error, as a sentence that stays until it is read."""
        self.overlay = Note(say("error.title", self.language), sentence, back=self.overlay)

    def lay_out(self) -> None:
        """Where everything stands in the window as it is now."""
        chosen = self.showing.view.selection if self.showing is not None else None
        wanted = None if chosen is None else PAGE_H.get(chosen.kind, PAGE_H["aisle"])
        self.places = lay_out(
            self.surface.get_size(), self.ui_scale, "compare" if self.comparison is not None else "floor",
            drawer_open=self.drawer_open and self.comparison is None,
            front="inspector" if chosen else None, inspector_h=wanted,
        )  # fmt: skip

    # --- the loop ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Until it is closed."""
        clock = pygame.time.Clock()
        real_ms = 0.0
        try:
            while self.running:
                events = pygame.event.get()
                self._stepped(events, real_ms)
                is_moving = bool(events) or self.pending is not None or self._moves
                real_ms = float(clock.tick(FRAMES_PER_S if is_moving else IDLE_FRAMES_PER_S))
                if self.options.frames is not None and self.frames >= self.options.frames:
                    break
        finally:
            self.close()

    def _stepped(self, events: list[Event], real_ms: float) -> None:
        """A frame. What we did wrong is a sentence in the window; a window that fails again and again is closed."""
        try:
            self.step(events, real_ms)
            self._failures = 0
        except Exception as error:
            self._failures += 1
            _log.debug("a frame failed", exc_info=True)
            what = f"{type(error).__name__}: {error}"
            if self._failures >= MOST_FAILURES:
                print(f"The window failed, which is our bug, please report it: {what}", file=sys.stderr)
                raise SystemExit(3) from None
            if self.showing is not None:
                self.showing.playhead.hold()
            self.complain(say("error.bug", self.language, what=what))

    @property
    def _moves(self) -> bool:
        shown = self.showing
        if shown is None:
            return False
        head = shown.playhead
        if self.comparison is not None and self.comparison.is_moving:
            return True
        return head.playing or head.running or head.loaded is not None or shown.is_busy or self.saving.is_busy

    def step(self, events: list[Event], real_ms: float) -> None:
        """One frame: what came from mouse and keys, then time, then the picture."""
        try:
            for event in events:
                self.hear(event)
            self._opened()
            if self.showing is not None:
                with self.pace.part("simulation"):
                    stop = self.showing.frame_on(real_ms, self.pace.budget_s)
                if stop is not None:
                    controls.stopped(self, stop)
                if self.showing.asking.failed:
                    sentence, self.showing.asking.failed = self.showing.asking.failed, None
                    self.complain(say("error.feed", self.language, why=sentence))
            if self.comparison is not None:
                self.comparison.frame_on()
                trouble = self.comparison.failed
                if trouble:
                    self.complain(say("error.feed", self.language, why=trouble))
        except TwinError as error:
            if self.showing is not None:
                self.showing.playhead.hold()
            self.complain(say("error.feed", self.language, why=str(error)))
        self.draw()
        self.saving.after_frame(self)
        self.frames += 1
        self.pace.end()
        is_loaded = self.showing is not None and self.showing.playhead.loaded is None
        self.collecting.after_frame(is_loaded=is_loaded, moves=self._moves)
        if self._trace is not None:
            self._trace.write(self.state())

    def hear(self, event: Event) -> None:
        """One event of mouse, keys or window."""
        if event.type == pygame.QUIT:
            self.running = False
        elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self.surface = pygame.display.get_surface() or self.surface
            self.lay_out()
        elif event.type == pygame.DROPFILE:
            self.open(event.file)
        elif event.type == pygame.WINDOWLEAVE:
            self.widgets.pointer = (-1, -1)
        else:
            heard = self.widgets.hear(event)
            if heard.action is not None:
                self.act(heard.action)
            if heard.taken:
                return
            if self.overlay is not None and self.overlay.hear(event):
                return
            if event.type == pygame.KEYDOWN:
                action = action_of(event)
                if action is not None:
                    self.act(action)
            elif self.overlay is None:
                for stroke in self.pointer.hear(event, self.now_ms, pygame.key.get_mods()):
                    self.gestures.take(stroke)

    def act(self, action: Any) -> None:
        """What a key, a button or a hit asks for."""
        if callable(action):
            action()
        elif isinstance(action, tuple):
            controls.perform(self, str(action[0]), action[1])
        else:
            controls.perform(self, str(action), None)

    def select(self, chosen: Selection | None) -> None:
        """Inspect a thing."""
        if self.comparison is not None:
            self.comparison.forget_place()
        if self.showing is not None:
            self.showing.select(chosen)
            if chosen is not None and self.places.is_narrow and self.comparison is None:
                self.drawer_open = True
            self.lay_out()

    # --- the picture ---------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """The whole window as it is now."""
        canvas = self.canvas()
        widgets = self.widgets
        widgets.begin(canvas)
        if self.showing is not None:
            with self.pace.part("state"):
                self.frame = self.showing.frame(
                    theme=self.theme, lettering=self.lettering, language=self.language, wall_s=perf_counter(),
                    reduced_motion=self.settings.reduced_motion,
                )  # fmt: skip
            self.screen.draw(self, canvas, self.frame)
        else:
            canvas.fill(self.theme.background)
        with self.pace.part("panels"):
            self.screen.draw_over(self, canvas)
        widgets.end(self.now_ms)
        with self.pace.part("present"):
            self.present()

    def present(self) -> None:
        """Show what was drawn."""
        pygame.display.flip()

    def close(self) -> None:
        """Let go of everything."""
        self.saving.close()
        self.alone()
        if self.showing is not None:
            self.showing.close()
        self.collecting.close()
        if self._trace is not None:
            self._trace.close()
        pygame.display.quit()
