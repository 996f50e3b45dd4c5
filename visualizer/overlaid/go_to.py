"""Going to a time: a clock time of the day shown, a day and a time, or so long after the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pygame import Rect

from visualizer.controlling.keys import Action
from visualizer.drawing.entries import TextEntry, clipboard
from visualizer.drawing.lettering import BODY
from visualizer.drawing.overlays import Choice, buttons, frame
from visualizer.drawing.widgets import Widgets
from visualizer.drawing.written import time_typed
from visualizer.places import Places
from visualizer.words import Language, say


class GoTo:
    """An overlay. `go` gets the time typed."""

    name = "go_to"

    def __init__(self, start: datetime, now_ms: int, go: Callable[[int], None]) -> None:
        self._start, self._now_ms, self._go = start, now_ms, go
        self.entry = TextEntry(paste=clipboard)
        self._bad = ""
        self._begun = False

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        canvas, theme = widgets.canvas, widgets.canvas.theme
        place = places["dialog"]
        rect = Rect(place.x, place.y, place.w, canvas.px(178))
        inside = frame(widgets, rect, say("goto.title", language), close=Action.CLOSE)
        field = Rect(inside.x, inside.y, inside.w, canvas.px(34))
        widgets.text_field("go_to", field, self.entry, self.take, prompt=say("goto.prompt", language))
        if not self._begun:
            self._begun = True
            widgets.focus_on("go_to")
        if self._bad:
            text = say("goto.bad", language, text=self._bad)
            canvas.text(text, (inside.x, field.bottom + canvas.px(14)), BODY, theme.bad, room=inside.w)
        foot = Rect(inside.x, inside.bottom - canvas.px(32), inside.w, canvas.px(32))
        cancel = Choice(say("dialog.cancel", language), Action.CLOSE)
        buttons(widgets, foot, [cancel, Choice(say("dialog.ok", language), self.take, "primary")])

    def take(self) -> None:
        """Go there, or say why not."""
        at_ms = time_typed(self.entry.text, self._start, self._now_ms)
        if at_ms is None:
            self._bad = self.entry.text.strip() or " "
        else:
            self._go(at_ms)

    def hear(self, event: object) -> bool:
        """All keys go to the field."""
        return False
