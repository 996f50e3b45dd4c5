"""The trainer's window: the same run with the truth in it, the score so far, and what can be let go wrong."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pygame
from pygame import Rect
from pygame.event import Event

from visualizer.canvas import Canvas
from visualizer.charts import Charts
from visualizer.entries import Scroll, TextEntry
from visualizer.floor_map import FloorMap
from visualizer.frame import Frame, Panel
from visualizer.inspector import Inspector
from visualizer.kpi_cards import TopBar
from visualizer.lettering import BODY, TITLE, Lettering
from visualizer.places import lay_out
from visualizer.queues import Queues
from visualizer.signs import Signs
from visualizer.spots import Spot
from visualizer.timeline import Timeline
from visualizer.training.exercise import Exercise, Offer
from visualizer.training.panel import TrainingPanel
from visualizer.training.telling import in_words
from visualizer.view import Selection, View
from visualizer.widgets import Widgets
from visualizer.words import say

if TYPE_CHECKING:
    from visualizer.training.app import TrainingApp

ROW_H = 24


class TrainerWindow:
    """A second window of the same process; its clock is the exercise's."""

    def __init__(self, app: TrainingApp, exercise: Exercise) -> None:
        assert app.showing is not None
        self._app, self._exercise = app, exercise
        self.window = pygame.Window(say("inject.title", app.language), app.options.size, resizable=True)
        self.view = View()
        self.map = FloorMap(app.showing.store)
        self.inspector = Inspector(app.showing.asking)
        self.panel = TrainingPanel(exercise)
        self.top, self.timeline, self.charts, self.queues = TopBar(), Timeline(), Charts(), Queues()
        self.widgets = Widgets()
        self.entry = TextEntry()
        self._scroll = Scroll()
        self._signs = Signs()
        self._letters = Lettering(app.ui_scale)

    def owns(self, event: Event) -> bool:
        """Whether an event is of this window."""
        return getattr(event, "window", None) is self.window

    def hear(self, event: Event) -> None:
        """The mouse selects and injects; typing filters what can be injected."""
        if event.type in (pygame.WINDOWCLOSE, pygame.QUIT):
            self._app.running = False
            return
        heard = self.widgets.hear(event)
        if heard.action is not None:
            self._act(heard.action)
        if heard.taken or self._app.showing is None:
            return
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self.view = replace(self.view, selection=self.map.pick(*event.pos))

    def _act(self, action: Any) -> None:
        if callable(action):
            action()
        elif isinstance(action, tuple) and action[0] in ("seek", "chart"):
            self._app.act(action)
        elif isinstance(action, tuple) and action[0] in ("select", "centre") and isinstance(action[1], Selection):
            self.view = replace(self.view, selection=action[1])

    def draw(self) -> None:
        """One frame of it, after the trainee's."""
        app = self._app
        if app.frame is None or app.showing is None:
            return
        if self._letters.ui_scale != app.ui_scale:
            self._letters = Lettering(app.ui_scale)
        surface = self.window.get_surface()
        canvas = Canvas(surface, app.theme, self._letters, self._signs)
        self.view = replace(self.view, at_ms=app.frame.at_ms, sees_floor=True)
        frame = replace(app.frame, view=self.view, lettering=self._letters, wall_s=perf_counter())
        places = lay_out(surface.get_size(), app.ui_scale, "trainer", front="inject")
        self.panel.so_far, self.panel.chosen = app.panel.so_far, app.panel.chosen
        self.widgets.begin(canvas)
        canvas.fill(app.theme.background)
        self._hits("map", self.map.draw(canvas, places["map"], frame))
        self._hits("top", self.top.draw(canvas, places, frame))
        self._hits("timeline", self.timeline.draw(canvas, places, frame))
        self._hits("charts", self.charts.draw(canvas, places, frame, self.timeline.span,
                                              self.timeline.marks.incidents()))  # fmt: skip
        canvas.fill(app.theme.panel, places["panel"])
        panels: tuple[tuple[str, Panel], ...] = (
            ("inspector", self.inspector), ("queues", self.queues), ("training", self.panel)
        )  # fmt: skip
        for name, panel in panels:
            place = places.get(name)
            if place is not None:
                self._hits(name, panel.draw(canvas, place, frame))
        place = places.get("inject")
        if place is not None:
            self._inject(canvas, place, frame)
        corner = places["map"].topleft
        canvas.text(say("inject.truth", app.language), (corner[0] + canvas.px(16), corner[1] + canvas.px(18)), TITLE,
                    app.theme.warning, bold=True)  # fmt: skip
        self.widgets.end(app.now_ms)
        self.window.flip()

    def _hits(self, part: str, hits: Any) -> None:
        for n, hit in enumerate(hits):
            if part != "training":  # the choices are the trainee's
                self.widgets.spot(Spot((part, n), hit.rect, (hit.action, hit.argument), hit.tip or "", is_stop=False))

    def _inject(self, canvas: Canvas, rect: Rect, frame: Frame) -> None:
        theme, px, language = canvas.theme, canvas.px, frame.language
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, px(1)))
        left = rect.x + px(18)
        canvas.text(say("inject.title", language), (left, rect.y + px(18)), TITLE, bold=True)
        field = Rect(rect.right - px(18 + 170), rect.y + px(6), px(170), px(24))
        self.widgets.text_field("inject.text", field, self.entry, None, prompt=say("order.prompt", language))
        offers = self._exercise.incidents(self.entry.text)
        below = Rect(left, rect.y + px(36), rect.w - px(36), rect.h - px(40))

        def row(n: int, where: Rect, is_hot: bool) -> None:
            canvas.sign("triangle", (where.x + px(8), where.centery), px(9), theme.warning)
            words = in_words(offers[n], language)
            canvas.text(words, (where.x + px(20), where.centery), BODY, room=where.w - px(24))

        self.widgets.rows("inject.rows", below, self._scroll, len(offers), px(ROW_H), row,
                          lambda n: lambda: self.inject(offers[n]))  # fmt: skip

    def inject(self, offer: Offer) -> None:
        """Let it go wrong now."""
        self._app.give(offer, "trainer")

    def close(self) -> None:
        """Let go of the window."""
        self.window.destroy()
