"""Between the floor in millimetres, y up, and the window in pixels, y down: fit, zoom, pan, and their bounds.

A projection snaps to whole pixels of one lattice per scale, so a pan moves every pixel alike and a kept picture of the
floor can be shifted instead of drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pygame import Rect

from visualizer.stored.ground import XY
from visualizer.stored.growing import Array
from visualizer.view import Camera

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in mm."""

MOST_PX_PER_M = 120.0
FIT_SLACK = 1.02
"""Zooming out to within this of the fit is the fit."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the floor stands in a rectangle of the window."""

    rect: Rect
    px_per_mm: float
    left: int
    top: int
    is_fit: bool

    @property
    def px_per_m(self) -> float:
        """Pixels a metre has."""
        return self.px_per_mm * 1000

    def px(self, x_mm: float, y_mm: float) -> tuple[int, int]:
        """The pixel of a point."""
        return (
            self.rect.x + _near(x_mm * self.px_per_mm) - self.left,
            self.rect.y + self.top - _near(y_mm * self.px_per_mm),
        )

    def all_px(self, x_mm: Array, y_mm: Array) -> tuple[Array, Array]:
        """The pixels of many points, as whole numbers."""
        x = np.floor(x_mm * self.px_per_mm + 0.5).astype(np.int64) + (self.rect.x - self.left)
        y = (self.rect.y + self.top) - np.floor(y_mm * self.px_per_mm + 0.5).astype(np.int64)
        return x, y

    def mm(self, x: float, y: float) -> XY:
        """The point under a pixel."""
        return (x - self.rect.x + self.left) / self.px_per_mm, (self.rect.y + self.top - y) / self.px_per_mm

    def box(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """A rectangle of the floor, its edges rounded so that neighbours touch."""
        x0, y0 = self.px(left, top)
        x1, y1 = self.px(right, bottom)
        return Rect(x0, y0, x1 - x0, y1 - y0)

    def seen(self, margin_px: int = 0) -> Bounds:
        """What of the floor is in the rectangle."""
        left, top = self.mm(self.rect.left - margin_px, self.rect.top - margin_px)
        right, bottom = self.mm(self.rect.right + margin_px, self.rect.bottom + margin_px)
        return left, bottom, right, top

    def within(self, rect: Rect) -> Projection:
        """The same floor at the same pixels, for a larger or smaller part of the window."""
        return Projection(
            rect, self.px_per_mm, self.left + rect.x - self.rect.x, self.top - rect.y + self.rect.y, self.is_fit
        )

    def moved(self, dx: int, dy: int) -> Projection:
        """The same picture on a surface whose corner stands elsewhere."""
        return Projection(self.rect.move(dx, dy), self.px_per_mm, self.left, self.top, self.is_fit)


def fit_px_per_m(bounds: Bounds, rect: Rect) -> float:
    """The scale at which all of the floor is in the rectangle."""
    left, bottom, right, top = bounds
    return 1000 * min(max(rect.w, 1) / max(right - left, 1.0), max(rect.h, 1) / max(top - bottom, 1.0))


def project(camera: Camera, bounds: Bounds, rect: Rect) -> Projection:
    """The projection of a camera, kept so that no more than needed lies outside the floor."""
    fit = fit_px_per_m(bounds, rect)
    is_fit = camera.px_per_m <= fit * FIT_SLACK
    scale = (fit if is_fit else min(camera.px_per_m, max(MOST_PX_PER_M, fit))) / 1000
    x = _held(camera.x_mm, bounds[0], bounds[2], rect.w / scale)
    y = _held(camera.y_mm, bounds[1], bounds[3], rect.h / scale)
    return Projection(rect.copy(), scale, _near(x * scale - rect.w / 2), _near(y * scale + rect.h / 2), is_fit)


def zoomed(camera: Camera, bounds: Bounds, rect: Rect, factor: float, at: tuple[int, int] | None = None) -> Camera:
    """Nearer or farther by a factor; the point of the floor under `at` (else the middle) stays where it is."""
    now = project(camera, bounds, rect)
    fit = fit_px_per_m(bounds, rect)
    px_per_m = min(now.px_per_m * factor, max(MOST_PX_PER_M, fit))
    if px_per_m <= fit * FIT_SLACK:
        return Camera()
    px, py = at or rect.center
    x, y = now.mm(px, py)
    scale = px_per_m / 1000
    return held(
        Camera(x_mm=x - (px - rect.centerx) / scale, y_mm=y + (py - rect.centery) / scale, px_per_m=px_per_m),
        bounds, rect,
    )  # fmt: skip


def panned(camera: Camera, bounds: Bounds, rect: Rect, dx: float, dy: float) -> Camera:
    """The floor moved by pixels, as a hand moves paper; a fit camera has nothing to move."""
    now = project(camera, bounds, rect)
    if now.is_fit:
        return camera
    x, y = now.mm(rect.x + rect.w / 2 - dx, rect.y + rect.h / 2 - dy)
    return held(Camera(x_mm=x, y_mm=y, px_per_m=now.px_per_m), bounds, rect)


def centred(camera: Camera, bounds: Bounds, rect: Rect, at: XY, px_per_m: float | None = None) -> Camera:
    """A point of the floor in the middle, at the camera's scale or another."""
    scale = px_per_m or project(camera, bounds, rect).px_per_m
    if scale <= fit_px_per_m(bounds, rect) * FIT_SLACK:
        return Camera()
    return held(Camera(x_mm=at[0], y_mm=at[1], px_per_m=min(scale, MOST_PX_PER_M)), bounds, rect)


def held(camera: Camera, bounds: Bounds, rect: Rect) -> Camera:
    """The camera with its middle where the window stays on the floor."""
    if not camera.px_per_m:
        return camera
    scale = camera.px_per_m / 1000
    return Camera(
        x_mm=_held(camera.x_mm, bounds[0], bounds[2], rect.w / scale),
        y_mm=_held(camera.y_mm, bounds[1], bounds[3], rect.h / scale),
        px_per_m=camera.px_per_m,
    )


def _held(middle: float, low: float, high: float, seen: float) -> float:
    if seen >= high - low:
        return (low + high) / 2
    return min(max(middle, low + seen / 2), high - seen / 2)


def _near(value: float) -> int:
    return int(np.floor(value + 0.5))
