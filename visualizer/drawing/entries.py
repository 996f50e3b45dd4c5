"""What a person sets by hand and the screen remembers: a line of text, a value on a slider, a place in a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pygame
from pygame.event import Event

LONGEST = 200

OTHERS: Final = frozenset({
    pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_ESCAPE, pygame.K_TAB, pygame.K_UP, pygame.K_DOWN, pygame.K_PAGEUP,
    pygame.K_PAGEDOWN, *(getattr(pygame, f"K_F{n}") for n in range(1, 13)),
})  # fmt: skip
"""Keys that a line of text leaves to others."""


def _no_clipboard() -> str:
    return ""


def clipboard() -> str:
    """The text of the system's clipboard, its lines joined; empty where there is none."""
    try:
        return " ".join(pygame.scrap.get_text().split())
    except pygame.error:
        return ""


@dataclass(slots=True)
class TextEntry:
    """A line being typed. `composing` is what an input method shows before it is chosen: not yet part of `text`."""

    text: str = ""
    caret: int = 0
    composing: str = ""
    all_chosen: bool = False
    paste: Callable[[], str] = field(default=_no_clipboard, compare=False)

    def put(self, text: str) -> None:
        """Set the whole text, caret at its end."""
        self.text, self.caret, self.composing, self.all_chosen = text[:LONGEST], len(text[:LONGEST]), "", False

    def hear(self, event: Event) -> bool:
        """Take an event; False if it is none of a text's: Enter, Escape, Tab and function keys are others'."""
        if event.type == pygame.TEXTEDITING:
            self.composing = event.text
            return True
        if event.type == pygame.TEXTINPUT:
            self.composing = ""
            self._insert(event.text)
            return True
        if event.type != pygame.KEYDOWN:
            return False
        if self.composing:
            return True  # the keys belong to the input method: Enter takes its word, Backspace shortens it
        return self._key(event.key, bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META)), event)

    def _key(self, key: int, ctrl: bool, event: Event) -> bool:
        if ctrl and key == pygame.K_a:
            self.all_chosen = bool(self.text)
        elif ctrl and key == pygame.K_v:
            self._insert(self.paste())
        elif key in (pygame.K_BACKSPACE, pygame.K_DELETE) and self.all_chosen:
            self.put("")
        elif key == pygame.K_BACKSPACE:
            start = self._word_start() if ctrl else max(self.caret - 1, 0)
            self.text, self.caret = self.text[:start] + self.text[self.caret :], start
        elif key == pygame.K_DELETE:
            self.text = self.text[: self.caret] + self.text[self.caret + 1 :]
        elif key == pygame.K_LEFT:
            self._go(self._word_start() if ctrl else self.caret - 1)
        elif key == pygame.K_RIGHT:
            self._go(self._word_end() if ctrl else self.caret + 1)
        elif key == pygame.K_HOME:
            self._go(0)
        elif key == pygame.K_END:
            self._go(len(self.text))
        else:
            # A key that types comes again as TEXTINPUT; here it only must not mean anything else.
            return key not in OTHERS and (not ctrl or bool(event.mod & pygame.KMOD_ALT))
        return True

    def _go(self, caret: int) -> None:
        self.caret, self.all_chosen = min(max(caret, 0), len(self.text)), False

    def _insert(self, text: str) -> None:
        if self.all_chosen:
            self.put("")
        text = "".join(c for c in text if c.isprintable())[: LONGEST - len(self.text)]
        self.text = self.text[: self.caret] + text + self.text[self.caret :]
        self.caret += len(text)

    def _word_start(self) -> int:
        before = self.text[: self.caret].rstrip()
        return before.rfind(" ") + 1

    def _word_end(self) -> int:
        rest = self.text[self.caret :]
        word = len(rest) - len(rest.lstrip())
        end = rest.find(" ", word)
        return len(self.text) if end < 0 else self.caret + end


@dataclass(slots=True)
class Slide:
    """A value between two ends, in steps."""

    value: float
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01

    @property
    def share(self) -> float:
        """Where it stands between its ends, 0 to 1."""
        return (self.value - self.low) / (self.high - self.low) if self.high > self.low else 0.0

    def to_share(self, share: float) -> None:
        """Set it by where the pointer is."""
        self._to(self.low + min(max(share, 0.0), 1.0) * (self.high - self.low))

    def _to(self, value: float) -> None:
        steps = round((value - self.low) / self.step)
        self.value = min(max(self.low + steps * self.step, self.low), self.high)

    def hear(self, event: Event) -> bool:
        """Take a key: arrows by a step, Page by ten, Home and End."""
        if event.type != pygame.KEYDOWN:
            return False
        by = {
            pygame.K_LEFT: -1, pygame.K_DOWN: -1, pygame.K_RIGHT: 1, pygame.K_UP: 1, pygame.K_PAGEDOWN: -10,
            pygame.K_PAGEUP: 10,
        }.get(event.key)  # fmt: skip
        if by is not None:
            self._to(self.value + by * self.step)
        elif event.key in (pygame.K_HOME, pygame.K_END):
            self.value = self.low if event.key == pygame.K_HOME else self.high
        else:
            return False
        return True


@dataclass(slots=True)
class Scroll:
    """Which rows of a list are seen and which one is chosen. `count` and `seen` are told anew with each drawing."""

    top: int = 0
    chosen: int = -1
    count: int = 0
    seen: int = 1

    def fit(self, count: int, seen: int) -> range:
        """Tell how many rows there are and how many fit; the rows to draw."""
        self.count, self.seen = count, max(seen, 1)
        self.chosen = min(self.chosen, count - 1)
        self.top = min(max(self.top, 0), max(count - self.seen, 0))
        return range(self.top, min(self.top + self.seen, count))

    def by(self, rows: int) -> None:
        """Scroll; the wheel gives three rows a notch."""
        self.top = min(max(self.top + rows, 0), max(self.count - self.seen, 0))

    def choose(self, row: int) -> None:
        """Choose a row and bring it into sight."""
        self.chosen = min(max(row, 0), self.count - 1)
        self.top = min(max(self.top, self.chosen - self.seen + 1), max(self.chosen, 0))

    def hear(self, event: Event) -> bool:
        """Take a key: arrows, Page, Home and End."""
        if event.type != pygame.KEYDOWN or not self.count:
            return False
        to = {
            pygame.K_UP: self.chosen - 1, pygame.K_DOWN: self.chosen + 1, pygame.K_PAGEUP: self.chosen - self.seen,
            pygame.K_PAGEDOWN: self.chosen + self.seen, pygame.K_HOME: 0, pygame.K_END: self.count - 1,
        }.get(event.key)  # fmt: skip
        if to is None:
            return False
        self.choose(to)
        return True
