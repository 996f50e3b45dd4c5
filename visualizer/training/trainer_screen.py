"""What the trainer's window draws over the floor: that it is the truth, the exercise, and what can go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll, TextEntry
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import BODY, TITLE
from visualizer.drawing.widgets import Widgets
from visualizer.screen import Screen
from visualizer.training.exercise import Offer
from visualizer.training.telling import in_words
from visualizer.words import say

if TYPE_CHECKING:
    from visualizer.stage import Stage

ROW_H: Final = 24
FIELD: Final = "inject.text"


class Injecting(Protocol):
    """The window as its screen sees it."""

    widgets: Widgets
    entry: TextEntry
    offers_scroll: Scroll
    wants_field: bool

    def incidents(self) -> Sequence[Offer]:
        """What can be let go wrong, as far as it fits what was typed."""

    def inject(self, offer: Offer) -> None:
        """Let it go wrong now."""

    def draw_panel(self, canvas: Canvas, frame: Frame) -> None:
        """The trainee's question and decisions, as they stand."""


class TrainerScreen(Screen):
    """The floor with the exercise and its incidents."""

    def __init__(self, window: Injecting) -> None:
        super().__init__()
        self._window = window

    def draw(self, app: Stage, canvas: Canvas, frame: Frame) -> None:
        """One frame."""
        super().draw(app, canvas, frame)
        self._window.draw_panel(canvas, frame)
        place = app.places.get("inject")
        if place is not None:
            self._inject(canvas, place, frame)
        corner = app.places["map"].topleft
        canvas.text(say("inject.truth", frame.language), (corner[0] + canvas.px(16), corner[1] + canvas.px(18)), TITLE,
                    canvas.theme.warning, bold=True)  # fmt: skip

    def _inject(self, canvas: Canvas, rect: Rect, frame: Frame) -> None:
        window, theme, px, language = self._window, canvas.theme, canvas.px, frame.language
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, px(1)))
        left, title = rect.x + px(18), say("inject.title", language)
        canvas.text(title, (left, rect.y + px(18)), TITLE, bold=True)
        begins = left + canvas.lettering.width(title, TITLE, True) + px(14)
        field = Rect(begins, rect.y + px(6), rect.right - px(18) - begins, px(24))
        window.widgets.text_field(FIELD, field, window.entry, None, prompt=say("inject.prompt", language))
        if window.wants_field:
            window.wants_field = False
            window.widgets.focus_on(FIELD)
        offers = window.incidents()
        below = Rect(left, rect.y + px(36), rect.w - px(36), rect.h - px(40))

        def row(n: int, where: Rect, is_hot: bool) -> None:
            canvas.sign("triangle", (where.x + px(8), where.centery), px(9), theme.warning)
            words = in_words(offers[n], language)
            canvas.text(words, (where.x + px(20), where.centery), BODY, room=where.w - px(24))

        window.widgets.rows("inject.rows", below, window.offers_scroll, len(offers), px(ROW_H), row,
                            lambda n: lambda: window.inject(offers[n]))  # fmt: skip
