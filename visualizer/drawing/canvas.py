"""The thin seam between what is drawn and pygame: a surface with theme, letters and signs. A GPU may come behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Literal

import pygame
from pygame import Rect

from visualizer.drawing.lettering import BODY, Lettering, Size
from visualizer.drawing.signs import Signs
from visualizer.palette import Colour, Theme

Position = tuple[float, float]
Align = Literal["left", "centre", "right"]
Upright = Literal["top", "middle", "baseline", "bottom"]

CARD_PIXELS = 60_000


class Canvas:
    """Draws on one surface. Lengths given to it are pixels of that surface; `px` makes them of lengths at scale 1."""

    def __init__(self, surface: pygame.Surface, theme: Theme, lettering: Lettering, signs: Signs | None = None) -> None:
        self.surface = surface
        self.theme = theme
        self.lettering = lettering
        self.signs = signs or Signs()
        self._lengths: dict[float, int] = {}

    def px(self, length: float) -> int:
        """A length at scale 1 in pixels, at least 1 unless it is 0."""
        found = self._lengths.get(length)
        if found is None:
            found = max(round(length * self.lettering.ui_scale), 1) if length else 0
            self._lengths[length] = found
        return found

    def onto(self, surface: pygame.Surface) -> Canvas:
        """The same pens on another surface, for what is drawn once and kept."""
        return Canvas(surface, self.theme, self.lettering, self.signs)

    # --- shapes ----------------------------------------------------------------------------------------------

    def fill(self, colour: Colour, rect: Rect | None = None) -> None:
        """Plain colour."""
        self.surface.fill(colour, rect)

    def rect(self, rect: Rect, colour: Colour, radius: int = 0, width: int = 0) -> None:
        """A rectangle, filled or, with `width`, as an outline; its corners are round and smooth."""
        self.signs.round(self.surface, rect, colour, radius, width)

    def card(self, rect: Rect, ground: Colour, edge: Colour, radius: int = 0) -> None:
        """A filled rectangle with a thin edge. Small ones are kept as pictures: not for what changes its size."""
        thin = self.px(1)
        if rect.w * rect.h <= CARD_PIXELS:
            self.surface.blit(self.signs.card(rect.size, ground, edge, radius, thin), rect)
            return
        self.rect(rect, ground, radius)
        self.rect(rect, edge, radius, thin)

    def veil(self, rect: Rect, colour: Colour, alpha: int) -> None:
        """Half-clear colour over a part of the surface."""
        self.surface.blit(self.signs.sheet(rect.size, colour, alpha), rect)

    def line(self, a: Position, b: Position, colour: Colour, width: int = 1) -> None:
        """A straight line."""
        pygame.draw.line(self.surface, colour, a, b, width)

    def polyline(self, points: Sequence[Position], colour: Colour, width: int = 1, smooth: bool = False) -> None:
        """Straight lines from point to point; smooth ones cost ten times as much: for pictures that are kept."""
        if len(points) < 2:
            return
        if smooth and width == 1:
            pygame.draw.aalines(self.surface, colour, False, points)
        else:
            pygame.draw.lines(self.surface, colour, False, points, width)

    def dashes(self, points: Sequence[Position], colour: Colour, dash: int = 5, gap: int = 4, width: int = 1) -> None:
        """A dashed way from point to point; dashes run on around corners."""
        left, pen = float(dash), True
        for (ax, ay), (bx, by) in pairwise(points):
            length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
            at = 0.0
            while at < length:
                step = min(left, length - at)
                if pen:
                    a, b = at / length, (at + step) / length
                    start, end = (ax + (bx - ax) * a, ay + (by - ay) * a), (ax + (bx - ax) * b, ay + (by - ay) * b)
                    pygame.draw.line(self.surface, colour, start, end, width)
                at, left = at + step, left - step
                if left <= 0:
                    pen = not pen
                    left = float(dash if pen else gap)

    def circle(self, centre: Position, radius: float, colour: Colour, width: int = 0) -> None:
        """A disc, or a ring of `width`, with smooth edges."""
        pygame.draw.aacircle(self.surface, colour, centre, radius, width)

    def polygon(self, points: Sequence[Position], colour: Colour, width: int = 0) -> None:
        """A polygon, its edges not smooth: small signs come from `sign`."""
        pygame.draw.polygon(self.surface, colour, points, width)

    def sign(self, name: str, centre: Position, side: int, colour: Colour) -> None:
        """One of the signs around a point."""
        self.surface.blit(
            self.signs.picture(name, side, colour), (round(centre[0] - side / 2), round(centre[1] - side / 2))
        )

    def blit(self, picture: pygame.Surface, position: Position, area: Rect | None = None) -> None:
        """A picture made before."""
        self.surface.blit(picture, position, area)

    # --- words -----------------------------------------------------------------------------------------------

    def text(
        self,
        text: str,
        position: Position,
        size: Size = BODY,
        colour: Colour | None = None,
        *,
        bold: bool = False,
        align: Align = "left",
        upright: Upright = "middle",
        room: int | None = None,
    ) -> Rect:
        """One line at a point, cut with an ellipsis to `room` pixels; where it stands."""
        if room is not None:
            text = self.lettering.cut(text, size, room, bold)
        if not text:
            return Rect(round(position[0]), round(position[1]), 0, 0)
        picture = self.lettering.picture(text, size, colour or self.theme.text, bold)
        w, h = picture.get_size()
        x = round(position[0]) - {"left": 0, "centre": w // 2, "right": w}[align]
        y = round(position[1])
        match upright:
            case "middle":
                y -= (h + round(self.lettering.pixels(size) * 0.12)) // 2  # letters stand below the middle of a line
            case "baseline":
                y -= self.lettering.ascent(size)
            case "bottom":
                y -= h
        self.surface.blit(picture, (x, y))
        return Rect(x, y, w, h)

    def lines(self, text: str, rect: Rect, size: Size = BODY, colour: Colour | None = None) -> int:
        """A paragraph in a rectangle; lines that do not fit are left out, the last one shown ends in an ellipsis.

        Returns the y below it.
        """
        step = self.lettering.height(size)
        rows = self.lettering.lines(text, size, rect.w)
        fit = max(rect.h // step, 1)
        if len(rows) > fit:
            rows = (*rows[: fit - 1], self.lettering.cut(" ".join(rows[fit - 1 :]), size, rect.w))
        for n, row in enumerate(rows):
            self.text(row, (rect.x, rect.y + n * step), size, colour, upright="top", room=rect.w)
        return rect.y + len(rows) * step

    @contextmanager
    def clip(self, rect: Rect) -> Iterator[None]:
        """Nothing outside `rect` is drawn meanwhile."""
        before = self.surface.get_clip()
        self.surface.set_clip(rect.clip(before))
        try:
            yield
        finally:
            self.surface.set_clip(before)
