"""The form of a breakpoint: a time, a kind of event, or a figure that stays beyond a value. No text is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from pygame import Rect

from visualizer.controlling.breakpoints import FIGURES, AtKind, AtTime, Breakpoint, OnFigure, said
from visualizer.controlling.keys import Action
from visualizer.drawing.entries import TextEntry, clipboard
from visualizer.drawing.lettering import BODY, LABEL
from visualizer.drawing.overlays import Choice, buttons, frame
from visualizer.drawing.widgets import Widgets
from visualizer.drawing.written import time_typed
from visualizer.places import Places
from visualizer.words import Language, say, word

Sort = Literal["time", "kind", "metric"]
SORTS: tuple[Sort, ...] = ("time", "kind", "metric")
ROW_H = 30


class BreakForm:
    """An overlay. `add` and `remove` get a breakpoint; `choose_kind` opens the choice of kinds."""

    name = "breakpoint"

    def __init__(
        self, start: datetime, now_ms: int, breakpoints: Sequence[Breakpoint], add: Callable[[Breakpoint], None],
        remove: Callable[[Breakpoint], None], choose_kind: Callable[[], None], kind: str | None,
    ) -> None:  # fmt: skip
        self._start, self._now_ms = start, now_ms
        self._breakpoints = breakpoints
        self._add, self._remove, self._choose_kind = add, remove, choose_kind
        self.sort: Sort = "kind" if kind else "time"
        self.kind = kind
        self.figure = 0
        self.above = True
        self.time = TextEntry(paste=clipboard)
        self.value = TextEntry(paste=clipboard)
        self._bad = ""
        self._focus: str | None = "time"

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        canvas, theme = widgets.canvas, widgets.canvas.theme
        place = places["form"]
        high = canvas.px(238 + ROW_H * max(min(len(self._breakpoints), 5), 1))
        rect = Rect(place.x, max(place.centery - high // 2, canvas.px(8)), place.w, high)
        inside = frame(widgets, rect, say("break.title", language), close=Action.CLOSE)
        x = inside.x
        for sort in SORTS:
            chip = widgets.chip(("break", sort), (x, inside.y), say(f"break.at_{sort}", language),
                                self._choosing(sort), is_on=sort == self.sort)  # fmt: skip
            x = chip.right + canvas.px(8)
        line = Rect(inside.x, inside.y + canvas.px(36), inside.w, canvas.px(34))
        {"time": self._time, "kind": self._kind, "metric": self._metric}[self.sort](widgets, line, language)
        if self._bad:
            canvas.text(self._bad, (inside.x, line.bottom + canvas.px(12)), BODY, theme.bad, room=inside.w)
        self._list(widgets, Rect(inside.x, line.bottom + canvas.px(28), inside.w, 0), language)
        foot = Rect(inside.x, inside.bottom - canvas.px(32), inside.w, canvas.px(32))
        cancel = Choice(say("dialog.close", language), Action.CLOSE)
        set_ = Choice(say("break.set", language), lambda: self.take(language), "primary")
        buttons(widgets, foot, [cancel, set_])
        if self._focus is not None and self.sort != "kind":
            widgets.focus_on(("break", "field", self.sort))
            self._focus = None

    def _choosing(self, sort: Sort) -> Callable[[], None]:
        def choose() -> None:
            self.sort, self._bad, self._focus = sort, "", sort

        return choose

    def _time(self, widgets: Widgets, line: Rect, language: Language) -> None:
        widgets.text_field(("break", "field", "time"), line, self.time, lambda: self.take(language),
                           prompt=say("goto.prompt", language))  # fmt: skip

    def _kind(self, widgets: Widgets, line: Rect, language: Language) -> None:
        text = word("event", self.kind, language) if self.kind else say("break.any_kind", language)
        widgets.button(("break", "field", "kind"), line, text, self._choose_kind, sign="down")

    def _metric(self, widgets: Widgets, line: Rect, language: Language) -> None:
        canvas = widgets.canvas
        wide = canvas.px(186)
        gap = canvas.px(8)

        def other() -> None:
            self.figure = (self.figure + 1) % len(FIGURES)

        def turn() -> None:
            self.above = not self.above

        figure = Rect(line.x, line.y, wide, line.h)
        widgets.button(("break", "figure"), figure, word("metric", FIGURES[self.figure], language), other)
        way = Rect(figure.right + gap, line.y, canvas.px(74), line.h)
        widgets.button(("break", "way"), way, say("break.above" if self.above else "break.below", language), turn)
        after = canvas.px(74)
        field = Rect(way.right + gap, line.y, line.right - way.right - 2 * gap - after, line.h)
        widgets.text_field(("break", "field", "metric"), field, self.value, lambda: self.take(language),
                           prompt=say("break.value", language))  # fmt: skip
        canvas.text(say("break.for", language, s=60), (line.right, line.centery), BODY, canvas.theme.text_2,
                    align="right", room=after)  # fmt: skip

    def _list(self, widgets: Widgets, at: Rect, language: Language) -> None:
        canvas, theme = widgets.canvas, widgets.canvas.theme
        canvas.text(say("break.list", language), (at.x, at.y + canvas.px(8)), BODY, theme.text_3)
        y = at.y + canvas.px(20)
        if not self._breakpoints:
            canvas.text(say("break.none", language), (at.x, y + canvas.px(12)), LABEL, theme.text_2)
        for b in list(self._breakpoints)[-5:]:
            line = Rect(at.x, y, at.w, canvas.px(ROW_H - 4))
            canvas.text(said(b, language, self._start), (line.x, line.centery), LABEL, room=line.w - canvas.px(90))
            away = Rect(line.right - canvas.px(84), line.y, canvas.px(84), line.h)
            widgets.button(("break", "remove", b), away, say("break.remove", language), self._removing(b), size=BODY)
            y += canvas.px(ROW_H)

    def _removing(self, b: Breakpoint) -> Callable[[], None]:
        return lambda: self._remove(b)

    def take(self, language: Language) -> None:
        """Set it, or say what is wrong."""
        self._bad = ""
        if self.sort == "time":
            at_ms = time_typed(self.time.text, self._start, self._now_ms)
            if at_ms is None:
                self._bad = say("goto.bad", language, text=self.time.text)
            elif at_ms <= self._now_ms:
                self._bad = say("break.passed", language, time=self.time.text)
            else:
                self._add(AtTime(at_ms))
        elif self.sort == "kind":
            if self.kind is None:
                self._choose_kind()
            else:
                self._add(AtKind(self.kind))
        else:
            try:
                value = float(self.value.text.replace(",", "."))
            except ValueError:
                self._bad = say("break.bad_value", language, text=self.value.text)
                return
            self._add(OnFigure(FIGURES[self.figure], self.above, value))

    def hear(self, event: object) -> bool:
        """All keys go to the fields."""
        return False
