"""The whole floor in a corner once the map is zoomed: racks, workers as dots, and a frame around what is seen."""

from __future__ import annotations

import pygame
from pygame import Rect

from visualizer.camera import Bounds, Projection, project
from visualizer.drawing.canvas import Canvas
from visualizer.mapping.decor import Decor, lane_of
from visualizer.mapping.fixtures import Fixtures
from visualizer.palette import mixed
from visualizer.stored.ground import XY, Ground
from visualizer.stored.moment import OFF, STATE_NAMES, Workers
from visualizer.view import Camera

PAD = 5


class Minimap:
    """`made` counts pictures drawn anew."""

    def __init__(self, ground: Ground, fixtures: Fixtures, decor: Decor, bounds: Bounds) -> None:
        self._ground = ground
        self._fixtures = fixtures
        self._decor = decor
        self._bounds = bounds
        self.made = 0
        self._key: tuple[object, ...] = ()
        self._picture = pygame.Surface((1, 1))
        self._projection: Projection | None = None

    def draw(self, canvas: Canvas, rect: Rect, seen: Projection, workers: Workers) -> None:
        """Put it into `rect`; `seen` is the projection of the map."""
        key = (canvas.theme.name, tuple(rect), canvas.lettering.ui_scale)
        if key != self._key:
            self._make(canvas, rect)
            self._key = key
        projection = self._projection
        assert projection is not None
        canvas.surface.blit(self._picture, rect)
        x, y = projection.all_px(workers.x, workers.y)
        fill, side = canvas.surface.fill, canvas.px(2)
        colours = [canvas.theme.state(name) if name != "off" else canvas.theme.idle for name in STATE_NAMES]  # type: ignore[arg-type]
        for px, py, state in zip(x.tolist(), y.tolist(), workers.state.tolist(), strict=True):
            if state != OFF:
                fill(colours[state], (px, py, side, side))
        left, bottom, right, top = seen.seen()
        frame = projection.box(left, bottom, right, top).clip(rect.inflate(-2, -2))
        pygame.draw.rect(canvas.surface, canvas.theme.text, frame, canvas.px(1))

    def mm(self, x: int, y: int) -> XY | None:
        """The point of the floor under a pixel of the minimap drawn last."""
        if self._projection is None or not self._projection.rect.inflate(2 * PAD, 2 * PAD).collidepoint(x, y):
            return None
        return self._projection.mm(x, y)

    def _make(self, canvas: Canvas, rect: Rect) -> None:
        self.made += 1
        theme = canvas.theme
        self._picture = pygame.Surface(rect.size, 0, 32)
        brush = canvas.onto(self._picture)
        brush.fill(theme.line)
        brush.fill(theme.panel, Rect(1, 1, rect.w - 2, rect.h - 2))
        inner = rect.inflate(-2 * canvas.px(PAD), -2 * canvas.px(PAD))
        self._projection = project(Camera(), self._bounds, inner)
        own = self._projection.moved(-rect.x, -rect.y)
        for zone in self._decor.zones:
            brush.fill(mixed(theme.fill[2], theme.panel, 0.7), own.box(*zone.box))
        for line in self._ground.aisles:
            box = own.box(*lane_of(line))
            brush.fill(mixed(theme.panel, theme.fill[0], 0.6), Rect(box.x, box.y, max(box.w, 1), max(box.h, 1)))
        for box_mm in (*(s.box for s in self._fixtures.stations), *self._fixtures.lanes, *self._fixtures.doors):
            box = own.box(*box_mm)
            brush.fill(theme.fill[3], Rect(box.x, box.y, max(box.w, 1), max(box.h, 1)))
