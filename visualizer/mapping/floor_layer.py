"""The floor that stands still, kept as one picture per camera: racks in the colours of the instant, aisles, zones.

A little more than the window shows is kept, so that a pan moves the picture; while the wheel turns the last picture is
scaled; a few locations that change are filled, many are recoloured at once through a map from pixels to blocks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pygame
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.mapping.racks import Blocks, Racks
from visualizer.mapping.shading import Shading, steps
from visualizer.palette import Colour
from visualizer.stored.growing import Array

MARGIN_PX = 160
FEW = 400
"""Up to so many changed blocks are filled one by one."""

Decorate = Callable[[Canvas, Projection], None]


class FloorLayer:
    """`made` counts pictures drawn anew."""

    def __init__(self, racks: Racks, decorate: Decorate) -> None:
        self._racks = racks
        self._decorate = decorate
        self.made = 0
        self._key: tuple[object, ...] = ()
        self._projection: Projection | None = None
        self._surface = pygame.Surface((1, 1))
        self._blocks: Blocks | None = None
        self._shown = np.empty(0, dtype=np.int64)
        self._rects: dict[int, Rect] = {}
        self._where = np.empty(0, dtype=np.int64)
        self._which = np.empty(0, dtype=np.int32)
        self._steps: Array | None = None
        self._outlined: Array | None = None
        self._colours: tuple[Colour, ...] = ()

    @property
    def blocks(self) -> Blocks | None:
        """What is drawn as one; pixels of the kept picture."""
        return self._blocks

    def draw(
        self,
        canvas: Canvas,
        projection: Projection,
        shading: Shading | None,
        colours: tuple[Colour, ...],
        *,
        hurried: bool = False,
    ) -> None:
        """Put the floor into the projection's rectangle; `hurried`: a scaled picture will do for now."""
        there = self._holds(canvas, projection)
        if not there and hurried and self._projection is not None and self._key[0] == canvas.theme.name:
            self._draw_scaled(canvas, projection)
            return
        if not there:
            self._make(canvas, projection)
        self._recolour(canvas, shading, colours)
        kept, rect = self._projection, projection.rect
        assert kept is not None
        canvas.surface.blit(self._surface, (rect.x + kept.left - projection.left, rect.y + projection.top - kept.top))

    def block_at(self, projection: Projection, x: int, y: int) -> int:
        """The block drawn at a pixel of the window; -1 for none. Meant for the projection last drawn."""
        if self._blocks is None or self._projection is None or not self._holds_scale(projection):
            return -1
        px = x - projection.rect.x - self._projection.left + projection.left
        py = y - projection.rect.y - projection.top + self._projection.top
        b = self._blocks
        found = np.flatnonzero((b.left <= px) & (px < b.left + b.w) & (b.top <= py) & (py < b.top + b.h))
        return int(found[0]) if len(found) else -1

    # --- the kept picture -------------------------------------------------------------------------------------

    def _holds_scale(self, projection: Projection) -> bool:
        return self._projection is not None and self._projection.px_per_mm == projection.px_per_mm

    def _holds(self, canvas: Canvas, projection: Projection) -> bool:
        key = (canvas.theme.name, canvas.lettering.ui_scale, projection.rect.size)
        if key != self._key or not self._holds_scale(projection) or self._projection is None:
            return False
        dx, dy = projection.left - self._projection.left, self._projection.top - projection.top
        w, h = self._surface.get_size()
        return 0 <= dx <= w - projection.rect.w and 0 <= dy <= h - projection.rect.h

    def _make(self, canvas: Canvas, projection: Projection) -> None:
        self.made += 1
        self._key = (canvas.theme.name, canvas.lettering.ui_scale, projection.rect.size)
        margin = 0 if projection.is_fit else MARGIN_PX
        big = projection.rect.inflate(2 * margin, 2 * margin)
        self._projection = kept = projection.within(big).moved(-big.x, -big.y)
        if self._surface.get_size() != big.size or self._surface.get_bytesize() != 4:
            self._surface = pygame.Surface(big.size, 0, 32)
        brush = canvas.onto(self._surface)
        brush.fill(canvas.theme.background)
        self._decorate(brush, kept)
        self._blocks = b = self._racks.blocks(kept)
        w, h = big.size
        inside = (b.left < w) & (b.left + b.w > 0) & (b.top < h) & (b.top + b.h > 0)
        self._shown = np.flatnonzero(inside)
        self._index()
        self._steps, self._colours = None, ()

    def _index(self) -> None:
        """The map from pixels to blocks: each block painted in its number, then read as an array."""
        b, shown = self._blocks, self._shown
        assert b is not None
        numbers = pygame.Surface(self._surface.get_size(), 0, 32)
        numbers.fill(0)
        rects = np.stack([b.left[shown], b.top[shown], b.w[shown], b.h[shown]], axis=1).tolist()
        self._rects = {}
        fill = numbers.fill
        for block, rect in zip(shown.tolist(), rects, strict=True):
            fill(block + 1, rect)
        self._rects = dict(zip(shown.tolist(), rects, strict=True))
        flat = _flat(numbers) & 0xFFFFFF
        self._where = np.flatnonzero(flat)
        self._which = (flat[self._where] - 1).astype(np.int32)

    def _recolour(self, canvas: Canvas, shading: Shading | None, colours: tuple[Colour, ...]) -> None:
        b = self._blocks
        assert b is not None
        if shading is None:
            now, outlined = np.zeros(len(b), dtype=np.uint8), None
        else:
            now = steps(shading, _by_block(b, shading))
            outlined = shading.outlined if b.whole else None
        same = self._steps is not None and colours == self._colours and (outlined is None) == (self._outlined is None)
        if same and self._steps is not None:
            changed = now != self._steps
            if outlined is not None:
                changed |= outlined != self._outlined
            few = np.flatnonzero(changed[self._shown])
            if len(few) <= FEW:
                self._fill(self._shown[few], now, outlined, colours, canvas)
            else:
                same = False
        if not same:
            self._paint(now, outlined, colours, canvas)
        self._steps, self._colours = now, colours
        self._outlined = None if outlined is None else outlined.copy()

    def _paint(self, now: Array, outlined: Array | None, colours: tuple[Colour, ...], canvas: Canvas) -> None:
        mapped = np.array([self._surface.map_rgb(c) for c in colours], dtype=np.uint32)
        flat = _flat(self._surface)
        flat[self._where] = mapped[now][self._which]
        del flat  # a surface is locked as long as its pixels are held
        if outlined is not None:
            self._outline(self._shown[outlined[self._shown]], canvas)

    def _fill(
        self, blocks: Array, now: Array, outlined: Array | None, colours: tuple[Colour, ...], canvas: Canvas
    ) -> None:
        fill, rects = self._surface.fill, self._rects
        for block in blocks.tolist():
            fill(colours[now[block]], rects[block])
        if outlined is not None:
            self._outline(blocks[outlined[blocks]], canvas)

    def _outline(self, blocks: Array, canvas: Canvas) -> None:
        for block in blocks.tolist():
            pygame.draw.rect(self._surface, canvas.theme.text, self._rects[block], 1)

    def _draw_scaled(self, canvas: Canvas, projection: Projection) -> None:
        """The part of the last picture that is now seen, larger or smaller."""
        kept, rect = self._projection, projection.rect
        assert kept is not None
        ratio = kept.px_per_mm / projection.px_per_mm
        part = Rect(
            round(projection.left * ratio) - kept.left, kept.top - round(projection.top * ratio),
            max(round(rect.w * ratio), 1), max(round(rect.h * ratio), 1),
        )  # fmt: skip
        seen = part.clip(self._surface.get_rect())
        canvas.surface.fill(canvas.theme.background, rect)
        if not seen.w or not seen.h:
            return
        size = (max(round(seen.w / ratio), 1), max(round(seen.h / ratio), 1))
        at = (rect.x + round((seen.x - part.x) / ratio), rect.y + round((seen.y - part.y) / ratio))
        canvas.surface.blit(pygame.transform.scale(self._surface.subsurface(seen), size), at)


def _flat(surface: pygame.Surface) -> Array:
    """The pixels of a surface of 32 bits, row by row; writing to them writes to it."""
    return np.asarray(surface.get_view("0")).view(np.uint32)


def _by_block(blocks: Blocks, shading: Shading) -> Array:
    values = shading.values
    if blocks.whole:
        return values
    n = len(blocks)
    if shading.reduce == "most":
        found = np.zeros(n, dtype=values.dtype)
        np.maximum.at(found, blocks.of_cell, values)
        return found
    sums = np.bincount(blocks.of_cell, weights=values, minlength=n)
    return sums if shading.reduce == "sum" else sums / blocks.count
