"""A field to type in with a list of what fits below it: Find, and the choice of a kind of event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pygame
from pygame import Rect
from pygame.event import Event

from visualizer.controlling.keys import Action
from visualizer.drawing.entries import Scroll, TextEntry, clipboard
from visualizer.drawing.lettering import BODY, LABEL
from visualizer.drawing.overlays import frame
from visualizer.drawing.widgets import Widgets
from visualizer.places import Places
from visualizer.words import Language, say

ROW_H = 26


@dataclass(frozen=True, slots=True)
class Fit:
    """Something that fits what was typed: its name, what it is, and what choosing it means."""

    label: str
    kind: str
    value: Any
    right: str = ""


class Chooser:
    """An overlay. `search` is asked in each frame: answers may come later. `choose` gets the value chosen."""

    def __init__(
        self, name: str, title: str, prompt: str, search: Callable[[str], list[Fit]], choose: Callable[[Any], None],
        text: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self._title, self._prompt = title, prompt
        self._search, self._choose = search, choose
        self.entry = TextEntry(paste=clipboard)
        self.entry.put(text)
        self.scroll = Scroll(chosen=0)
        self.found: list[Fit] = []
        self._typed = text
        self._begun = False

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint over the screen."""
        canvas, theme = widgets.canvas, widgets.canvas.theme
        inside = frame(widgets, places["find"], say(self._title, language), close=Action.CLOSE)
        field = Rect(inside.x, inside.y, inside.w, canvas.px(34))
        widgets.text_field((self.name, "field"), field, self.entry, self.take, prompt=say(self._prompt, language))
        if not self._begun:
            self._begun = True
            widgets.focus_on((self.name, "field"))
        if self.entry.text != self._typed:
            self._typed, self.scroll = self.entry.text, Scroll(chosen=0)
        self.found = self._search(self.entry.text)
        below = Rect(inside.x, field.bottom + canvas.px(8), inside.w, inside.bottom - field.bottom - canvas.px(8))
        if not self.found:
            text = say("find.none", language, text=self.entry.text) if self.entry.text else ""
            canvas.text(text, (below.x + canvas.px(10), below.y + canvas.px(14)), BODY, theme.text_3, room=below.w)
            return
        rows = self.found

        def row(n: int, where: Rect, is_hot: bool) -> None:
            fit = rows[n]
            if n == self.scroll.chosen:
                canvas.rect(where, theme.raised, canvas.px(4))
                canvas.fill(theme.accent, Rect(where.x, where.y + canvas.px(5), canvas.px(3), where.h - canvas.px(10)))
            pad = canvas.px(12)
            canvas.text(fit.label, (where.x + pad, where.centery), LABEL, bold=n == self.scroll.chosen,
                        room=where.w - canvas.px(190))  # fmt: skip
            right = canvas.text(fit.kind, (where.right - pad, where.centery), BODY, theme.text_3, align="right").x
            canvas.text(fit.right, (right - pad, where.centery), BODY, theme.text_3, align="right")

        widgets.rows((self.name, "rows"), below, self.scroll, len(rows), canvas.px(ROW_H), row,
                     lambda n: lambda: self.pick(n))  # fmt: skip

    def hear(self, event: Event) -> bool:
        """Arrows move through the list while the field has the focus."""
        if event.type == pygame.KEYDOWN and not self.entry.composing:
            if event.key in (pygame.K_UP, pygame.K_DOWN, pygame.K_PAGEUP, pygame.K_PAGEDOWN):
                return self.scroll.hear(event)
            if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
                self.take()
                return True
        return False

    def take(self) -> None:
        """The row that is chosen."""
        self.found = self._search(self.entry.text)
        self.pick(max(self.scroll.chosen, 0))

    def pick(self, n: int) -> None:
        """A row."""
        if n < len(self.found):
            self._choose(self.found[n].value)
