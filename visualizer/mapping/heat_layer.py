"""Heat as a picture under the figures: rebuilt when the bucket of time or what is asked changes, else blitted."""

from __future__ import annotations

import math

import numpy as np
import pygame
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.mapping.heat import GRID, Field, HeatField
from visualizer.palette import ThemeName, heat_alpha, heat_table
from visualizer.stored.growing import Array
from visualizer.stored.moment import Moment
from visualizer.view import View

REBUILDS_PER_S = 4
LEAST_BUCKET_MS = 1000


def bucket_ms(window_ms: int, speed: float, *, playing: bool) -> int:
    """Time goes on in such steps for heat and classes: a 180th of the window, or what four rebuilds a second allow."""
    at_rest = max(window_ms // 180, LEAST_BUCKET_MS) if window_ms else 10_000
    if not playing or not math.isfinite(speed):
        return at_rest
    return max(at_rest, round(speed * 1000 / REBUILDS_PER_S))


class HeatLayer:
    """`made` counts pictures drawn anew; `field` is what was drawn last."""

    def __init__(self, heat: HeatField) -> None:
        self._heat = heat
        self.made = 0
        self.field: Field | None = None
        self._asked: tuple[object, ...] = ()
        self._drawn: tuple[object, ...] = ()
        self._picture: pygame.Surface | None = None
        self._corner = (0, 0)

    def draw(self, canvas: Canvas, projection: Projection, view: View, bucket: Moment) -> None:
        """The heat of a bucket's moment."""
        asked = (view.heat, view.heat_role, view.heat_window_ms, bucket.at_ms, bucket.row)
        if asked != self._asked or self.field is None:
            self.field = self._heat.field(view.heat, bucket, view.heat_window_ms, view.heat_role)
            self._asked, self._drawn = asked, ()
        place = (canvas.theme.name, projection.px_per_mm, projection.left, projection.top, tuple(projection.rect))
        if self._drawn != place:
            self._make(canvas.theme.name, projection)
            self._drawn = place
        if self._picture is not None:
            canvas.surface.blit(self._picture, self._corner)

    def _make(self, theme: ThemeName, projection: Projection) -> None:
        """Only the squares that are seen, smoothed up to pixels."""
        self.made += 1
        assert self.field is not None
        left, bottom, right, top = self._heat.bounds
        w_mm, h_mm = (right - left) / GRID[0], (top - bottom) / GRID[1]
        seen = projection.seen()
        i0, i1 = _span(seen[0] - left, seen[2] - left, w_mm, GRID[0])
        j0, j1 = _span(seen[1] - bottom, seen[3] - bottom, h_mm, GRID[1])
        self._picture = None
        if i1 <= i0 or j1 <= j0 or not (self.field.values[i0:i1, j0:j1] > 0).any():
            return
        box = projection.box(left + i0 * w_mm, bottom + j0 * h_mm, left + i1 * w_mm, bottom + j1 * h_mm)
        small = picture(self.field.values[i0:i1, j0:j1] / self.field.top, theme)
        cut = box.clip(projection.rect)
        big = pygame.transform.smoothscale(small, box.size)
        self._picture = big.subsurface(Rect(cut.x - box.x, cut.y - box.y, cut.w, cut.h))
        self._corner = cut.topleft


def picture(share: Array, theme: ThemeName) -> pygame.Surface:
    """A field [x, y upwards] of shares as colours: clear below 12 %."""
    step = np.clip(share * 255, 0, 255).astype(np.uint8)[:, ::-1]
    made = pygame.Surface(step.shape, pygame.SRCALPHA)
    pygame.surfarray.blit_array(made, np.zeros(step.shape, dtype=np.int32))
    pixels = pygame.surfarray.pixels3d(made)
    pixels[:] = heat_table(theme)[step]
    del pixels
    alpha = pygame.surfarray.pixels_alpha(made)
    alpha[:] = heat_alpha()[step]
    del alpha
    return made


def _span(low_mm: float, high_mm: float, square_mm: float, count: int) -> tuple[int, int]:
    """The squares between two places, with one more on each side."""
    return max(math.floor(low_mm / square_mm) - 1, 0), min(math.ceil(high_mm / square_mm) + 1, count)
