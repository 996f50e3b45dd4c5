"""A recorded day with its figures, and frames of it, for tests of the panels that show them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
from drawn import filled

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.signs import Signs
from visualizer.figures.series import Series
from visualizer.palette import THEMES, ThemeName
from visualizer.places import Places, lay_out
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import View


class Figured:
    """A feed with its store, its figures and a surface to draw on."""

    def __init__(self, feed: Any, *, theme: ThemeName = "dark", scale: float = 1.0, language: str = "en") -> None:
        self.feed = feed
        self.store: Store = filled(feed)
        self.series = Series(feed.context)
        assert self.series.follow(feed, self.store)
        self.theme, self.scale, self.language = THEMES[theme], scale, language
        size = (round(1600 * scale), round(900 * scale))
        self.surface = pygame.Surface(size, 0, 32)
        self.letters, self.signs = Lettering(scale), Signs()
        self.canvas = Canvas(self.surface, self.theme, self.letters, self.signs)
        self.places: Places = lay_out(size, scale)

    def frame(self, at_ms: int, **changes: Any) -> Frame:
        """The day at a time."""
        made = Frame(
            feed=self.feed, store=self.store, moment=self.store.at(at_ms), view=View(at_ms=at_ms), theme=self.theme,
            lettering=self.letters, language=self.language, ui_scale=self.scale, mode="REPLAY",
            head_ms=self.feed.head_ms, end_ms=self.feed.head_ms, series=self.series,
        )  # fmt: skip
        return replace(made, **changes)

    def made(self, *panels: Any) -> tuple[int, ...]:
        """Texts, signs and pictures made so far: a steady frame makes none."""
        return (self.letters.rendered, self.signs.made, *(panel.made for panel in panels))


class Writing(Lettering):
    """Letters that remember what was written, in order."""

    def __init__(self, ui_scale: float = 1.0) -> None:
        super().__init__(ui_scale)
        self.written: list[str] = []

    def picture(self, text: str, size: Any, colour: Any, bold: bool = False) -> pygame.Surface:
        self.written.append(text)
        return super().picture(text, size, colour, bold)


def written(day: Figured, draw: Any) -> list[str]:
    """What a panel writes, piece by piece."""
    letters = Writing(day.scale)
    canvas = Canvas(day.surface, day.theme, letters, day.signs)
    draw(canvas)
    return letters.written


def day_of(folder: Path, **options: Any) -> Figured:
    """A recorded day."""
    return Figured(RecordedFeed(folder), **options)
