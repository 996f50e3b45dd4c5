"""B drawn over the map of A as outlines: where its workers are, and the locations that do not hold the same."""

from __future__ import annotations

import numpy as np
import pygame
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.mapping.people import SHAPES, People
from visualizer.palette import mixed
from visualizer.showing import Showing
from visualizer.stored.growing import Array

LEAST_PX = 4
"""Locations smaller than this are not outlined one by one."""


class Outlines:
    """Of one pair of runs. `made` counts pictures drawn anew."""

    def __init__(self, a: Showing, b: Showing) -> None:
        self._a, self._b = a, b
        self._people_a = People(a.store, a.map.fixtures)
        self._people_b = People(b.store, b.map.fixtures)
        self._same_floor = a.store.ground.cells.name == b.store.ground.cells.name
        self._key: object = None
        self._boxes: list[Rect] = []

    def draw(self, canvas: Canvas, area: Rect, projection: Projection, a: Frame, b: Frame) -> None:
        """Paint them within `area` of A's map."""
        theme = canvas.theme
        with canvas.clip(area):
            for box in self._boxes_of(projection, a, b):
                pygame.draw.rect(canvas.surface, theme.warning, box, 1)
            places = self._places(self._people_a, a, projection)
            shown = self._people_b.figures(b.moment.workers, projection, b.ui_scale)
            side = 2 * shown.radius + canvas.px(5)
            line = mixed(theme.text, theme.background, 0.55)
            for who, x, y in zip(shown.who.tolist(), shown.x.tolist(), shown.y.tolist(), strict=True):
                name = b.store.workers[who]
                there = places.get(name)
                if there is not None and abs(there[0] - x) + abs(there[1] - y) > side:
                    canvas.line(there, (x, y), line)
                shape = SHAPES.get(b.store.role[who], "circle")
                canvas.sign(f"{shape}_hollow", (x, y), side, theme.text)

    def _places(self, people: People, frame: Frame, projection: Projection) -> dict[str, tuple[int, int]]:
        figures = people.figures(frame.moment.workers, projection, frame.ui_scale)
        names = frame.store.workers
        return {
            names[who]: (x, y)
            for who, x, y in zip(figures.who.tolist(), figures.x.tolist(), figures.y.tolist(), strict=True)
        }

    def _boxes_of(self, projection: Projection, a: Frame, b: Frame) -> list[Rect]:
        key = (projection, a.moment.row, b.moment.row, a.view.stock_side)
        if key != self._key:
            self._key = key
            self._boxes = self._unlike(projection, a, b) if self._same_floor else []
        return self._boxes

    def _unlike(self, projection: Projection, a: Frame, b: Frame) -> list[Rect]:
        """The boxes of the locations that do not hold as many units in both."""
        cells = a.store.ground.cells
        rows = np.flatnonzero(_units(a) != _units(b))
        found: dict[tuple[int, int, int, int], Rect] = {}
        for row in rows.tolist():
            x, y, w, h = (float(part[row]) for part in (cells.x, cells.y, cells.half_x, cells.half_y))
            box = projection.box(x - w, y - h, x + w, y + h)
            if box.w >= LEAST_PX and box.h >= LEAST_PX:
                found[box.x, box.y, box.w, box.h] = box  # levels of a rack lie over one another
        return list(found.values())


def _units(frame: Frame) -> Array:
    return frame.moment.book_units if frame.view.stock_side == "book" else frame.moment.floor_units
