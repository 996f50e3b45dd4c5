"""Locations as blocks of pixels: one each, or whole bays where a location would be narrower than three pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualizer.camera import Projection
from visualizer.stored.ground import Ground
from visualizer.stored.growing import Array

LEAST_PX = 3.0
BAY_PX = 4.0
DRAWN_SHARE = 0.92
"""Ground leaves this share of a location's pitch to its cell; here the gap is in whole pixels instead."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What is drawn as one: left, top, width, height in pixels; `of_cell` the block of each location, `count` theirs.

    `member` is a location of each block; of a block of one, that one. `whole`: every block is one location.
    """

    left: Array
    top: Array
    w: Array
    h: Array
    of_cell: Array
    count: Array
    member: Array
    whole: bool

    def __len__(self) -> int:
        return len(self.left)


class Racks:
    """Made once from the ground: the bay, side and level of each location."""

    def __init__(self, ground: Ground) -> None:
        cells = ground.cells
        n = len(cells)
        self.cells = cells
        self.long_mm = np.full(n, 1000.0)
        self.deep_mm = np.full(n, 1000.0)
        bay, side = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        order = np.argsort(cells.aisle, kind="stable")
        starts = np.searchsorted(cells.aisle[order], np.arange(len(ground.aisles) + 1))
        for i, line in enumerate(ground.aisles):
            mine = order[starts[i] : starts[i + 1]]
            if not len(mine):
                continue
            dx, dy = line.end[0] - line.start[0], line.end[1] - line.start[1]
            length = float(np.hypot(dx, dy)) or 1.0
            dx, dy = dx / length, dy / length
            along = np.round((cells.x[mine] - line.start[0]) * dx + (cells.y[mine] - line.start[1]) * dy)
            bay[mine] = np.unique(along, return_inverse=True)[1]
            side[mine] = (cells.x[mine] - line.start[0]) * dy - (cells.y[mine] - line.start[1]) * dx > 0
            lengthwise = abs(dy) >= abs(dx)
            long, deep = (cells.half_y, cells.half_x) if lengthwise else (cells.half_x, cells.half_y)
            self.long_mm[mine], self.deep_mm[mine] = 2 * long[mine] / DRAWN_SHARE, 2 * deep[mine] / DRAWN_SHARE
        self.bay, self.side = bay, side
        self.alone = cells.aisle < 0
        self.least_long_mm = float(self.long_mm.min()) if n else 1000.0
        self.least_deep_mm = float(self.deep_mm.min()) if n else 1000.0

    def bays_of(self, px_per_mm: float) -> tuple[int, bool]:
        """How many neighbours along the aisle are drawn as one at a scale, and whether levels are."""
        long_px = self.least_long_mm * px_per_mm
        merged = 1 if long_px >= LEAST_PX else int(np.ceil(BAY_PX / max(long_px, 1e-9)))
        return merged, self.least_deep_mm * px_per_mm < LEAST_PX

    def blocks(self, projection: Projection) -> Blocks:
        """All blocks at a projection."""
        cells, n = self.cells, len(self.cells)
        merged, flat = self.bays_of(projection.px_per_mm)
        whole = merged == 1 and not (flat and bool((cells.level > 0).any()))
        grow_x, grow_y = cells.half_x / DRAWN_SHARE, cells.half_y / DRAWN_SHARE
        left, right = cells.x - grow_x, cells.x + grow_x
        bottom, top = cells.y - grow_y, cells.y + grow_y
        if whole:
            of_cell, count, member = np.arange(n), np.ones(n, dtype=np.int64), np.arange(n)
        else:
            key = (cells.aisle.astype(np.int64) + 1) * 2 + self.side
            key = key * (int(self.bay.max(initial=0)) // merged + 1) + self.bay // merged
            key = key * (int(cells.level.max(initial=0)) + 1) + (0 if flat else cells.level)
            key = np.where(self.alone, -1 - np.arange(n), key)
            _, member, of_cell, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
            order = np.argsort(of_cell, kind="stable")
            starts = np.concatenate([[0], np.cumsum(count)[:-1]])
            left, bottom = (np.minimum.reduceat(a[order], starts) for a in (left, bottom))
            right, top = (np.maximum.reduceat(a[order], starts) for a in (right, top))
        x0, y0 = projection.all_px(left, top)
        x1, y1 = projection.all_px(right, bottom)
        w, h = np.maximum(x1 - x0, 1), np.maximum(y1 - y0, 1)
        w -= np.where(w >= 3, np.maximum(np.rint(w * 0.06).astype(np.int64), 1), 0)
        h -= np.where(h >= 3, np.maximum(np.rint(h * 0.06).astype(np.int64), 1), 0)
        return Blocks(x0, y0, w, h, of_cell, count, member, whole)
