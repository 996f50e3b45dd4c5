"""The trainer's window: the same run with the truth in it, the score so far, and what can be let go wrong."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any, Final, Protocol

import pygame
from pygame.event import Event

from visualizer.app import App
from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll, TextEntry
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.signs import Signs
from visualizer.mapping.floor_map import FloorMap
from visualizer.panels.charts import Charts
from visualizer.panels.event_log import EventLog
from visualizer.panels.inspector import Inspector
from visualizer.panels.kpi_cards import TopBar
from visualizer.panels.queues import Queues
from visualizer.panels.timeline import Timeline
from visualizer.places import lay_out
from visualizer.settings import Settings
from visualizer.showing import Showing
from visualizer.training.exercise import Exercise, Offer
from visualizer.training.panel import TrainingPanel
from visualizer.training.telling import in_words, why
from visualizer.training.trainer_screen import TrainerScreen
from visualizer.view import View
from visualizer.window import Options
from visualizer.words import say

THE_TRAINEES: Final = frozenset({
    Action.CHOICE_1, Action.CHOICE_2, Action.CHOICE_3, Action.CONFIRM, Action.ORDERS, Action.COMPARE,
    Action.NEXT_DIFFERENCE, Action.FIRST_DIFFERENCE, Action.OVERLAY, Action.OPEN,
})  # fmt: skip
"""What is not asked for in this window."""


def seen_beside(shown: Showing) -> Showing:
    """The same run and clock, seen with a camera, a selection and panels of its own."""
    other = copy(shown)
    other.map, other.inspector = FloorMap(shown.store), Inspector(shown.asking)
    other.log = EventLog(shown.store, shown.asking)
    other.top, other.timeline, other.charts, other.queues = TopBar(), Timeline(), Charts(), Queues()
    other.view, other.kept_view, other.kind = View(), None, None
    return other


class TraineesWindow(Protocol):
    """The window of the trainee, as the trainer's depends on it."""

    options: Options
    settings: Settings
    ui_scale: float
    running: bool
    showing: Showing | None
    panel: TrainingPanel

    def change(self, settings: Settings) -> None:
        """Other settings, kept for the next time."""

    def scale_to(self, ui_scale: float) -> None:
        """Another size of everything."""

    def save(self) -> None:
        """Lay the exercise aside, and say where."""


class TrainerWindow(App):
    """A second window of the same process; its clock is the exercise's, its keys are those of any window."""

    def __init__(self, main: TraineesWindow, exercise: Exercise) -> None:
        assert main.showing is not None
        self._main, self._exercise = main, exercise
        super().__init__(options=replace(main.options, trace=None))
        self.overlay = None
        self.showing = seen_beside(main.showing)
        self.panel = TrainingPanel(exercise, is_trainers=True)
        self.entry, self.offers_scroll = TextEntry(), Scroll()
        self.wants_field = False
        """The field is to take the keys from the next frame on: the key that asked for it is not typed into it."""
        self.screen = TrainerScreen(self)
        self.lay_out()

    def _begin(self) -> None:
        self.ui_scale = self._main.ui_scale
        self.window = pygame.Window(say("inject.title", self.language), self.options.size, resizable=True)
        self.surface = self.window.get_surface()
        self.lettering, self.signs = Lettering(self.ui_scale), Signs()
        self.lay_out()

    # --- events -----------------------------------------------------------------------------------------------

    def owns(self, event: Event) -> bool:
        """Whether an event is of this window."""
        return getattr(event, "window", None) is self.window

    def hear(self, event: Event) -> None:
        """As any window; closing it leaves the exercise to the trainee."""
        if event.type == pygame.WINDOWCLOSE:
            self.running = False
        elif event.type == pygame.WINDOWSIZECHANGED:
            self.surface = self.window.get_surface()
            self.lay_out()
        else:
            super().hear(event)

    def act(self, action: Any) -> None:
        """What is not the trainee's, and the field of what can be injected."""
        name = action[0] if isinstance(action, tuple) else action
        if name == Action.INJECT and self.overlay is None:
            if "inject" not in self.places:
                self.drawer_open = True
                self.lay_out()
            self.wants_field = True
        elif name == Action.CLOSE and self.overlay is None and self.widgets.is_typing:
            self.widgets.focus_on(None)
        elif name == Action.QUIT:
            self._main.running = False
        elif name == Action.SAVE_VIEW:
            self._main.save()
        elif not isinstance(name, str) or name not in THE_TRAINEES:
            super().act(action)

    def open(self, path: str, *, beside: bool = False) -> None:
        """Nothing else is opened in an exercise."""
        self.say("train.only_this", "warning")

    # --- the same looks as the trainee's ----------------------------------------------------------------------

    def change(self, settings: Settings) -> None:
        """Theme and language are of both windows."""
        self.settings = settings
        self._main.change(settings)

    def scale_to(self, ui_scale: float) -> None:
        """The size of words too."""
        self._main.scale_to(ui_scale)
        self._as_the_other()

    def full_screen(self) -> None:
        """This window on the whole screen, or back."""
        if self._is_full:
            self.window.set_windowed()
        else:
            self.window.set_fullscreen(True)
        self._is_full = not self._is_full
        self.surface = self.window.get_surface()
        self.lay_out()

    _is_full = False

    def _as_the_other(self) -> None:
        self.settings = self._main.settings
        if self.ui_scale != self._main.ui_scale:
            self.ui_scale = self._main.ui_scale
            self.lettering = Lettering(self.ui_scale)
            self.lay_out()

    # --- the picture ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """One frame of it, after the trainee's."""
        self._as_the_other()
        self.panel.chosen, self.panel.is_over = self._main.panel.chosen, self._main.panel.is_over
        super().draw()

    def present(self) -> None:
        """Show what was drawn."""
        self.window.flip()

    def lay_out(self) -> None:
        """Where everything stands."""
        self.places = lay_out(
            self.surface.get_size(), self.ui_scale, "trainer", drawer_open=self.drawer_open, front="inject"
        )

    # --- incidents --------------------------------------------------------------------------------------------

    def incidents(self) -> list[Offer]:
        """What can be let go wrong, as far as it fits what was typed."""
        return list(self._exercise.incidents(self.entry.text))

    def inject(self, offer: Offer) -> None:
        """Let it go wrong now. It is told here alone: the trainee finds out on the floor."""
        refused = self._exercise.give(offer.command, "trainer")
        if refused:
            self.say("order.refused", "bad", why=why(refused, self.language))
        else:
            self.toast_words(in_words(offer, self.language), "good")

    def draw_panel(self, canvas: Canvas, frame: Frame) -> None:
        """The trainee's question and decisions, as they stand."""
        place = self.places.get("training")
        if place is not None:
            self.panel.draw(canvas, place, frame)

    def close(self) -> None:
        """Let go of the window; run and files are the trainee's."""
        self.window.destroy()
