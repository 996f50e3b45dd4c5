"""What never moves: tinted zones, lanes of aisles and cross-aisles, one-way arrows, belts, outlines of fixtures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pygame

from visualizer.camera import Bounds, Projection
from visualizer.drawing.canvas import Canvas
from visualizer.mapping.fixtures import Fixtures
from visualizer.palette import mixed
from visualizer.stored.ground import AISLE_HALF_MM, CELL_DEPTH_MM, Ground, Line

LANE_SHARE = 0.22
"""How much of the line's colour the lanes of aisles have over the background."""
ZONE_PAD_MM = 500.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of a site: its name and the ground that its locations take up."""

    site: str
    name: str
    box: Bounds


class Decor:
    """Made once from the ground; draws into a kept picture."""

    def __init__(self, ground: Ground, fixtures: Fixtures) -> None:
        self._ground = ground
        self._fixtures = fixtures
        self.zones = _zones(ground)
        self.crossings = _crossings(ground)

    def draw(self, canvas: Canvas, projection: Projection) -> None:
        """Everything that stands still, below the racks."""
        theme = canvas.theme
        zone = mixed(theme.panel, theme.background, 0.4)
        lane = mixed(theme.line, theme.background, LANE_SHARE)
        for place in self.zones:
            canvas.rect(projection.box(*place.box), zone, canvas.px(4))
        for line in (*self.crossings, *self._ground.aisles):
            canvas.fill(lane, projection.box(*lane_of(line)))
        for line in self._ground.aisles:
            if line.one_way in ("up", "down"):
                self._arrows(canvas, projection, line)
        for belt in self._ground.belts:
            self._belt(canvas, projection, belt)
        edge = mixed(theme.line, theme.background, 0.9)
        for lane_box in self._fixtures.lanes:
            canvas.card(projection.box(*lane_box), mixed(theme.panel, theme.background, 0.8), edge, canvas.px(3))

    def _arrows(self, canvas: Canvas, projection: Projection, line: Line) -> None:
        """A chevron every few metres, the way that people may walk."""
        (ax, ay), (bx, by) = projection.px(*line.start), projection.px(*line.end)
        if line.one_way == "down":
            ax, ay, bx, by = bx, by, ax, ay
        length = float(np.hypot(bx - ax, by - ay))
        width = AISLE_HALF_MM * projection.px_per_mm
        if length < 1 or width < 2.5:
            return
        ux, uy = (bx - ax) / length, (by - ay) / length
        side = min(width * 0.5, canvas.px(6))
        colour = mixed(canvas.theme.text_3, canvas.theme.background, 0.6)
        for at in np.arange(side * 3, length - side, max(side * 7, canvas.px(36))).tolist():
            x, y = ax + ux * at, ay + uy * at
            points = [
                (x - ux * side - uy * side, y - uy * side + ux * side), (x, y),
                (x - ux * side + uy * side, y - uy * side - ux * side),
            ]  # fmt: skip
            pygame.draw.lines(canvas.surface, colour, False, points, max(canvas.px(1), round(side / 4)))

    def _belt(self, canvas: Canvas, projection: Projection, belt: Line) -> None:
        a, b = projection.px(*belt.start), projection.px(*belt.end)
        wide = max(round(1100 * projection.px_per_mm), canvas.px(5))
        theme = canvas.theme
        pygame.draw.line(canvas.surface, mixed(theme.text_3, theme.background, 0.6), a, b, wide)
        pygame.draw.line(canvas.surface, mixed(theme.line, theme.background, 0.6), a, b, max(wide - 2, 1))
        length = max(float(np.hypot(b[0] - a[0], b[1] - a[1])), 1.0)
        ux, uy, half = (b[0] - a[0]) / length, (b[1] - a[1]) / length, max((wide - 4) / 2, 1.0)
        for at in np.arange(canvas.px(12), length - canvas.px(6), canvas.px(18)).tolist():  # the way it runs
            x, y = a[0] + ux * at, a[1] + uy * at
            points = [
                (x - ux * half - uy * half, y - uy * half + ux * half), (x, y),
                (x - ux * half + uy * half, y - uy * half - ux * half),
            ]  # fmt: skip
            pygame.draw.lines(canvas.surface, mixed(theme.text_3, theme.background, 0.5), False, points, 1)


def _zones(ground: Ground) -> list[Zone]:
    cells = ground.cells
    found = []
    keys = list(zip((ground.sites[s] for s in cells.site.tolist()), cells.zone, strict=True))
    for site, name in dict.fromkeys(keys):
        mine = np.array([key == (site, name) for key in keys])
        box = (
            float((cells.x - cells.half_x)[mine].min()) - ZONE_PAD_MM,
            float((cells.y - cells.half_y)[mine].min()) - ZONE_PAD_MM,
            float((cells.x + cells.half_x)[mine].max()) + ZONE_PAD_MM,
            float((cells.y + cells.half_y)[mine].max()) + ZONE_PAD_MM,
        )
        found.append(Zone(site, name, box))
    return found


def lane_of(line: Line) -> Bounds:
    half = AISLE_HALF_MM
    (ax, ay), (bx, by) = line.start, line.end
    across_x, across_y = (half, 0.0) if abs(by - ay) >= abs(bx - ax) else (0.0, half)
    return (
        min(ax, bx) - across_x, min(ay, by) - across_y, max(ax, bx) + across_x, max(ay, by) + across_y,
    )  # fmt: skip


def _crossings(ground: Ground) -> list[Line]:
    """Where the ends of parallel aisles lie in one row: the cross-aisle that joins them."""
    if not ground.aisles or any(line.start[0] != line.end[0] for line in ground.aisles):
        return []
    rows: dict[float, set[float]] = {}
    for line in ground.aisles:
        for x, y in (line.start, line.end):
            rows.setdefault(y, set()).add(x)
    found = []
    for y, xs in sorted(rows.items()):
        run = sorted(xs)
        start = run[0]
        for left, right in pairwise([*run, float("inf")]):
            if right - left > 4 * (AISLE_HALF_MM + CELL_DEPTH_MM):
                if left > start:
                    found.append(Line("", (start - AISLE_HALF_MM, y), (left + AISLE_HALF_MM, y)))
                start = right
    return found
