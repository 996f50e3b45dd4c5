"""Belts with what rides on them, benches that are busy, trucks at the doors, what is staged, and who queues where."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.lettering import CAPTION
from visualizer.mapping.fixtures import Fixtures
from visualizer.palette import mixed
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import Moment

TOTE_MM = 600.0
"""A pitch on the belt: those that stand keep it between them."""
QUEUE_DOTS = 7
"""More than so many are told as a number."""


class Machines:
    """Draws what machines and doors do at an instant. Makes no pictures of its own."""

    def __init__(self, store: Store, fixtures: Fixtures) -> None:
        self._store = store
        self._ground = ground = store.ground
        self._fixtures = fixtures
        self._rides: list[tuple[float, float]] = [
            ((belt.end[0] - belt.start[0]), (belt.end[1] - belt.start[1])) for belt in ground.belts
        ]

    def draw(self, canvas: Canvas, projection: Projection, moment: Moment, seated: Sequence[Sequence[bool]]) -> None:
        """All of it, but the queues. `seated`: of each station whether those who sit at its benches work."""
        self._belts(canvas, projection, moment)
        self._stations(canvas, projection, moment, seated)
        self._lanes(canvas, projection, moment)
        self._doors(canvas, projection, moment)

    def on_belt(self, belt: int, moment: Moment) -> Array:
        """Shares of the belt that the units on it have done: as they ride, but a pitch behind the one before."""
        shares = moment.belts[belt].shares
        length = self._ground.belts[belt].length_mm or 1.0
        found: Array = np.maximum(np.minimum(shares, 1.0 - np.arange(len(shares)) * (TOTE_MM / length)), 0.0)
        return found

    def ways_of_trucks(self, moment: Moment) -> list[str]:
        """At each door `in` or `out`, as its truck came; empty where there is none."""
        last, store = self._store.door.at(moment.row), self._store
        found = [""] * len(moment.trailers)
        for door in np.flatnonzero(last >= 0).tolist():
            if moment.trailers[door]:
                found[door] = store.names.name(int(store.door.fields["action"].values[last[door]])) or ""
        return found

    def draw_queues(self, canvas: Canvas, projection: Projection, moment: Moment) -> list[Rect]:
        """What waits before each station: dots up to seven, then a number; amber above twice the benches.

        Of aisles, before which workers stand themselves, the number alone beyond seven. Where it is all drawn.
        """
        taken: list[Rect] = []
        for place, queue, fixture in zip(self._ground.stations, moment.queues, self._fixtures.stations, strict=True):
            if queue.waiting:
                box = projection.box(*fixture.box)
                many = queue.waiting > 2 * (place.benches or 1)
                taken.append(self._dots(canvas, box.right + canvas.px(6), box.centery, queue.waiting, many))
        for aisle, waiting in enumerate(moment.waiting.tolist()):
            if waiting > QUEUE_DOTS:
                line = self._ground.aisles[aisle]
                low = line.start if line.start[1] <= line.end[1] else line.end
                x, y = projection.px(*low)
                at = (x, y + canvas.px(16))
                number, tone = str(waiting), canvas.theme.warning
                taken.append(canvas.text(number, at, CAPTION, tone, bold=True, align="centre"))
        return taken

    # --- parts ------------------------------------------------------------------------------------------------

    def _belts(self, canvas: Canvas, projection: Projection, moment: Moment) -> None:
        down = set(moment.down)
        side = max(round(TOTE_MM * 0.8 * projection.px_per_mm), canvas.px(3))
        fill = canvas.surface.fill
        for i, belt in enumerate(self._ground.belts):
            shares = self.on_belt(i, moment)
            if belt.name in down:
                a, b = projection.px(*belt.start), projection.px(*belt.end)
                pygame.draw.line(canvas.surface, canvas.theme.blocked, a, b, canvas.px(2))
            if not len(shares):
                continue
            x, y = projection.all_px(
                belt.start[0] + self._rides[i][0] * shares, belt.start[1] + self._rides[i][1] * shares
            )
            colour = canvas.theme.blocked if belt.name in down else canvas.theme.text_2
            half = side // 2
            for px, py in zip(x.tolist(), y.tolist(), strict=True):
                fill(colour, (px - half, py - half, side, side))

    def _stations(
        self, canvas: Canvas, projection: Projection, moment: Moment, seated: Sequence[Sequence[bool]]
    ) -> None:
        theme = canvas.theme
        ground, busy = mixed(theme.raised, theme.background, 0.9), mixed(theme.working, theme.background, 0.32)
        gap = 1 if projection.px_per_m * 2 > 6 else 0
        for fixture, queue, works in zip(self._fixtures.stations, moment.queues, seated, strict=True):
            outline = projection.box(*fixture.box).inflate(canvas.px(4), canvas.px(4))
            canvas.card(outline, theme.panel, theme.line, canvas.px(3))
            for i, bench in enumerate(fixture.benches):
                box = projection.box(*bench)
                is_busy = works[i] if i < len(works) else not works and i < queue.serving
                canvas.surface.fill(busy if is_busy else ground, (box.x, box.y, box.w - gap, box.h - gap))

    def _lanes(self, canvas: Canvas, projection: Projection, moment: Moment) -> None:
        for box_mm, staged in zip(self._fixtures.lanes, moment.staged.tolist(), strict=True):
            if not staged:
                continue
            box = projection.box(*box_mm).inflate(-canvas.px(4), -canvas.px(4))
            side = max(round(700 * projection.px_per_mm), canvas.px(2))
            step = side + max(side // 3, 1)
            columns, rows = max(box.w // step, 1), max(box.h // step, 1)
            fit = min(staged, columns * rows)
            fill, colour = canvas.surface.fill, canvas.theme.text_2
            for i in range(fit):
                fill(colour, (box.x + i // rows * step, box.y + i % rows * step, side, side))
            if staged > fit and box.h >= canvas.px(9):
                more = canvas.lettering.width(str(staged), CAPTION, True) + canvas.px(6)
                fill(canvas.theme.panel, (box.right - more, box.y, more, box.h))
                canvas.text(str(staged), (box.right - canvas.px(2), box.centery), CAPTION, bold=True, align="right")

    def _doors(self, canvas: Canvas, projection: Projection, moment: Moment) -> None:
        theme = canvas.theme
        ways = self.ways_of_trucks(moment)
        for box_mm, truck_mm, trailer, way in zip(
            self._fixtures.doors, self._fixtures.trucks, moment.trailers, ways, strict=True
        ):
            box, truck = projection.box(*box_mm), projection.box(*truck_mm)
            canvas.card(box, theme.raised, theme.text_3 if trailer else theme.line, canvas.px(2))
            if trailer:
                canvas.card(truck, mixed(theme.moving, theme.background, 0.5), theme.moving, canvas.px(2))
                cab = Rect(truck.x, truck.bottom - max(truck.h // 5, 2), truck.w, max(truck.h // 5, 2))
                canvas.rect(cab, theme.moving, canvas.px(2))
                side = min(truck.w - canvas.px(2), canvas.px(12))
                if way and side >= canvas.px(5):
                    sign, at = "up" if way == "in" else "down", (truck.centerx, truck.centery - cab.h // 2)
                    canvas.sign(sign, at, side, theme.text)
            else:
                pygame.draw.rect(canvas.surface, mixed(theme.line, theme.background, 0.5), truck, 1, canvas.px(2))

    def _dots(self, canvas: Canvas, x: int, y: int, count: int, many: bool) -> Rect:
        colour = canvas.theme.waiting if many else canvas.theme.text_3
        side, step = canvas.px(4), canvas.px(6)
        shown = min(count, QUEUE_DOTS)
        for i in range(shown):
            canvas.surface.fill(colour, (x + i * step, y - side // 2, side, side))
        taken = Rect(x, y - side, shown * step, 2 * side)
        if count > QUEUE_DOTS:
            tone = canvas.theme.warning if many else canvas.theme.text_2
            at = (x + QUEUE_DOTS * step + canvas.px(3), y)
            taken.union_ip(canvas.text(str(count), at, CAPTION, tone, bold=many))
        return taken


def short(name: str) -> str:
    """A name without its site."""
    return name.rpartition("/")[2]


def briefest(name: str) -> str:
    """`main/A08-1` as `08`, `main/door-03` as `03`; a name without digits stays."""
    tail = short(name)
    found = re.search(r"\d+", tail)
    return found.group() if found else tail
