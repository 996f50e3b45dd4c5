"""Signs as polygons in a square of side 1, made once per size and colour with smooth edges; no font has them all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from math import cos, pi, sin
from typing import Final

import pygame

from visualizer.palette import Colour

Point = tuple[float, float]
Polygon = tuple[Point, ...]

KEPT = 600
"""Pictures of signs and corners kept at once."""

FINER = 8
"""Signs are drawn this much larger and made smaller once: smooth edges without drawing them in the frame."""


def _bar(left: float, top: float, right: float, bottom: float) -> Polygon:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _round(cx: float, cy: float, radius: float, count: int = 48) -> Polygon:
    turns = [2 * pi * n / count for n in range(count)]
    return tuple((cx + radius * cos(t), cy + radius * sin(t)) for t in turns)


def _ring(cx: float, cy: float, outer: float, inner: float) -> Polygon:
    """One polygon with a seam, so that the hole stays clear."""
    out, back = _round(cx, cy, outer), _round(cx, cy, inner)
    return (*out, out[0], back[0], *reversed(back))


def _stroke(a: Point, b: Point, width: float) -> Polygon:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    return ((a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny), (b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny))


_RIGHT: Polygon = ((0.24, 0.12), (0.86, 0.5), (0.24, 0.88))
_LEFT: Polygon = ((0.76, 0.12), (0.14, 0.5), (0.76, 0.88))
_DIAMOND: Polygon = ((0.5, 0.04), (0.96, 0.5), (0.5, 0.96), (0.04, 0.5))

SIGNS: Final[dict[str, tuple[Polygon, ...]]] = {
    "play": (_RIGHT,),
    "pause": (_bar(0.2, 0.12, 0.42, 0.88), _bar(0.58, 0.12, 0.8, 0.88)),
    "step": (((0.14, 0.14), (0.68, 0.5), (0.14, 0.86)), _bar(0.72, 0.14, 0.88, 0.86)),
    "step_back": (((0.86, 0.14), (0.32, 0.5), (0.86, 0.86)), _bar(0.12, 0.14, 0.28, 0.86)),
    "next_event": (((0.08, 0.2), (0.44, 0.5), (0.08, 0.8)), ((0.7, 0.22), (0.98, 0.5), (0.7, 0.78), (0.42, 0.5))),
    "previous_event": (((0.92, 0.2), (0.56, 0.5), (0.92, 0.8)), ((0.3, 0.22), (0.58, 0.5), (0.3, 0.78), (0.02, 0.5))),
    "fastest": (((0.06, 0.16), (0.5, 0.5), (0.06, 0.84)), ((0.48, 0.16), (0.94, 0.5), (0.48, 0.84))),
    "left": (_LEFT,),
    "right": (_RIGHT,),
    "up": (((0.12, 0.76), (0.5, 0.14), (0.88, 0.76)),),
    "down": (((0.12, 0.24), (0.5, 0.86), (0.88, 0.24)),),
    "triangle": (((0.5, 0.04), (0.98, 0.92), (0.02, 0.92)),),
    "triangle_hollow": (
        ((0.5, 0.04), (0.98, 0.92), (0.02, 0.92), (0.5, 0.04), (0.5, 0.34), (0.25, 0.78), (0.75, 0.78), (0.5, 0.34)),
    ),
    "diamond": (_DIAMOND,),
    "diamond_hollow": (
        (*_DIAMOND, _DIAMOND[0], (0.5, 0.28), (0.28, 0.5), (0.5, 0.72), (0.72, 0.5), (0.5, 0.28)),
    ),
    "flag": (_bar(0.2, 0.06, 0.32, 0.96), ((0.32, 0.1), (0.9, 0.3), (0.32, 0.52))),
    "circle": (_round(0.5, 0.5, 0.46),),
    "circle_hollow": (_ring(0.5, 0.5, 0.46, 0.28),),
    "square": (_bar(0.1, 0.1, 0.9, 0.9),),
    "square_hollow": (
        (*_bar(0.1, 0.1, 0.9, 0.9), (0.1, 0.1), (0.3, 0.3), (0.3, 0.7), (0.7, 0.7), (0.7, 0.3), (0.3, 0.3)),
    ),
    "close": (_stroke((0.2, 0.2), (0.8, 0.8), 0.14), _stroke((0.8, 0.2), (0.2, 0.8), 0.14)),
    "plus": (_bar(0.43, 0.12, 0.57, 0.88), _bar(0.12, 0.43, 0.88, 0.57)),
    "minus": (_bar(0.12, 0.43, 0.88, 0.57),),
    "check": (_stroke((0.14, 0.52), (0.42, 0.8), 0.15), _stroke((0.36, 0.8), (0.88, 0.22), 0.15)),
    "find": (_ring(0.42, 0.42, 0.34, 0.22), _stroke((0.64, 0.64), (0.92, 0.92), 0.15)),
    "record": (_ring(0.5, 0.5, 0.48, 0.36), _round(0.5, 0.5, 0.24)),
    "building": (
        ((0.5, 0.1), (0.94, 0.36), (0.94, 0.92), (0.72, 0.92), (0.72, 0.52), (0.28, 0.52), (0.28, 0.92), (0.06, 0.92),
         (0.06, 0.36)),
        _bar(0.36, 0.62, 0.64, 0.74), _bar(0.36, 0.8, 0.64, 0.92),
    ),
    "truck": (_bar(0.02, 0.24, 0.6, 0.72), ((0.64, 0.38), (0.84, 0.38), (0.98, 0.54), (0.98, 0.72), (0.64, 0.72)),
              _round(0.24, 0.78, 0.12), _round(0.78, 0.78, 0.12)),
}  # fmt: skip


class Signs:
    """Pictures of signs and of rounded corners. `made` counts new ones: a steady frame makes none."""

    def __init__(self) -> None:
        self.made = 0
        self._kept: OrderedDict[Hashable, pygame.Surface] = OrderedDict()

    def picture(self, name: str, side: int, colour: Colour) -> pygame.Surface:
        """A sign as a surface with alpha. Not to be drawn on."""
        key = (name, side, colour)
        if key not in self._kept:
            big = _clear((side * FINER, side * FINER), colour)
            for polygon in SIGNS[name]:
                pygame.draw.polygon(big, colour, [(x * side * FINER, y * side * FINER) for x, y in polygon])
            self._keep(key, pygame.transform.smoothscale(big, (side, side)))
        self._kept.move_to_end(key)
        return self._kept[key]

    def corner(self, radius: int, colour: Colour, width: int = 0) -> tuple[pygame.Surface, ...]:
        """Four corners of a rounded rectangle, from the top left one clockwise; `width` 0 fills them."""
        found = []
        for turn in range(4):
            key = (radius, colour, width, turn)
            if key not in self._kept:
                big = _clear((radius * FINER, radius * FINER), colour)
                centre, outer = (radius * FINER, radius * FINER), radius * FINER
                pygame.draw.circle(big, colour, centre, outer, width * FINER)
                small = pygame.transform.smoothscale(big, (radius, radius))
                self._keep(key, pygame.transform.flip(small, turn in (1, 2), turn in (2, 3)))
            self._kept.move_to_end(key)
            found.append(self._kept[key])
        return tuple(found)

    def card(self, size: tuple[int, int], ground: Colour, edge: Colour, radius: int, thin: int) -> pygame.Surface:
        """A rounded rectangle with its edge as one picture: a single blit in the frame."""
        key = (size, ground, edge, radius, thin)
        if key not in self._kept:
            made = _clear(size, edge)
            whole = made.get_rect()
            self.round(made, whole, edge, radius)
            self.round(made, whole.inflate(-2 * thin, -2 * thin), ground, max(radius - thin, 0))
            self._keep(key, made)
        self._kept.move_to_end(key)
        return self._kept[key]

    def sheet(self, size: tuple[int, int], colour: Colour, alpha: int) -> pygame.Surface:
        """Half-clear colour."""
        key = (size, colour, alpha)
        if key not in self._kept:
            made = pygame.Surface(size)
            made.fill(colour)
            self._keep(key, made, is_opaque=True)
            self._kept[key].set_alpha(alpha)  # last: convert() would drop it
        self._kept.move_to_end(key)
        return self._kept[key]

    def round(self, surface: pygame.Surface, rect: pygame.Rect, colour: Colour, radius: int, width: int = 0) -> None:
        """Draw a rectangle with smooth corners, filled or, with `width`, as an outline."""
        radius = min(radius, rect.w // 2, rect.h // 2)
        if radius <= 0:
            pygame.draw.rect(surface, colour, rect, width)
            return
        x, y, w, h = rect
        right, low, across, down = x + w - radius, y + h - radius, w - 2 * radius, h - 2 * radius
        corners = self.corner(radius, colour, width)
        surface.blits(list(zip(corners, ((x, y), (right, y), (right, low), (x, low)), strict=True)), doreturn=False)
        if width:
            surface.fill(colour, (x + radius, y, across, width))
            surface.fill(colour, (x + radius, y + h - width, across, width))
            surface.fill(colour, (x, y + radius, width, down))
            surface.fill(colour, (x + w - width, y + radius, width, down))
        else:
            surface.fill(colour, (x + radius, y, across, radius))
            surface.fill(colour, (x, y + radius, w, down))
            surface.fill(colour, (x + radius, low, across, radius))

    def _keep(self, key: Hashable, picture: pygame.Surface, *, is_opaque: bool = False) -> None:
        self.made += 1
        if pygame.display.get_surface() is not None:
            picture = picture.convert() if is_opaque else picture.convert_alpha()
        self._kept[key] = picture
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _clear(size: tuple[int, int], colour: Colour) -> pygame.Surface:
    """Clear, but of the picture's own colour: else its smooth edge would be dark."""
    surface = pygame.Surface(size, pygame.SRCALPHA)
    surface.fill((*colour, 0))
    return surface
