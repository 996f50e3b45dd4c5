"""What is drawn at a pixel of the map, what is said of it in a tip, and the sums over a rectangle of locations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pygame import Rect

from visualizer.camera import Projection
from visualizer.drawing.frame import Frame
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.floor_layer import FloorLayer
from visualizer.mapping.machines import short
from visualizer.mapping.people import Figures
from visualizer.mapping.shading import CLASS_NAMES, Shader
from visualizer.store import Store
from visualizer.stored.ground import AISLE_HALF_MM, Line
from visualizer.stored.moment import STATE_NAMES
from visualizer.view import Selection
from visualizer.words import say, word

REACH_PX = 4
"""So far beside a thing a click still means it."""


@dataclass(frozen=True, slots=True)
class Lasso:
    """Locations marked, and their sums: units on the floor and on the book, lines picked in the window, waiting now."""

    locations: tuple[str, ...]
    floor_units: int
    book_units: int
    lines: int
    fill: float
    waiting: int

    def words(self, language: str) -> str:
        """The sums as one line."""
        return say(
            "map.lasso", language,  # type: ignore[arg-type]
            locations=len(self.locations), fill=f"{self.fill:.0%}", lines=self.lines, waiting=self.waiting,
        )  # fmt: skip


class Finder:
    """Answers for the picture drawn last: give it that picture's projection, figures and frame."""

    def __init__(self, store: Store, fixtures: Fixtures, layer: FloorLayer, shader: Shader) -> None:
        self._store = store
        self._fixtures = fixtures
        self._layer = layer
        self._shader = shader

    def pick(self, x: int, y: int, projection: Projection, figures: Figures, frame: Frame) -> Selection | None:
        """Workers first, then doors and their trucks, stations, lanes, belts, locations, aisles."""
        ground, fixtures = self._store.ground, self._fixtures
        near = np.hypot(figures.x - x, figures.y - y)
        mine = np.flatnonzero(near <= figures.radius + REACH_PX)
        if len(mine):
            nearest = mine[near[mine] == near[mine].min()][-1]  # of those at one place the one drawn last
            return Selection("worker", self._store.workers[int(figures.who[nearest])])
        for truck, trailer in zip(fixtures.trucks, frame.moment.trailers, strict=True):
            if trailer and projection.box(*truck).collidepoint(x, y):
                return Selection("trailer", trailer)
        for kind, places, boxes in (
            ("door", ground.doors, fixtures.doors), ("station", ground.stations, [s.box for s in fixtures.stations]),
            ("lane", ground.lanes, fixtures.lanes),
        ):  # fmt: skip
            for place, box in zip(places, boxes, strict=True):
                rect = projection.box(*box)
                if rect.inflate(max(2 * REACH_PX - rect.w, 0), max(2 * REACH_PX - rect.h, 0)).collidepoint(x, y):
                    return Selection(kind, place.name)  # type: ignore[arg-type]
        at = projection.mm(x, y)
        reach_mm = REACH_PX / projection.px_per_mm
        for belt in ground.belts:
            if _apart(belt, at) <= max(550.0, reach_mm):
                return Selection("belt", belt.name)
        cell = self.location_at(x, y, projection)
        if cell >= 0:
            return Selection("location", ground.cells.name[cell])
        apart = [(_apart(line, at), i) for i, line in enumerate(ground.aisles)]
        nearest_mm, aisle = min(apart, default=(float("inf"), -1))
        return Selection("aisle", ground.aisles[aisle].name) if nearest_mm <= AISLE_HALF_MM else None

    def location_at(self, x: int, y: int, projection: Projection) -> int:
        """The location drawn at a pixel; of a bay the one whose middle is nearest. -1 for none."""
        blocks = self._layer.blocks
        block = self._layer.block_at(projection, x, y)
        if block < 0 or blocks is None:
            return -1
        if blocks.whole:
            return int(blocks.member[block])
        members = np.flatnonzero(blocks.of_cell == block)
        cells, (mx, my) = self._store.ground.cells, projection.mm(x, y)
        return int(members[np.argmin(np.hypot(cells.x[members] - mx, cells.y[members] - my))])

    def lasso(self, area: Rect, projection: Projection, frame: Frame) -> Lasso:
        """All locations whose middle is in a rectangle of the window."""
        cells, moment, view = self._store.ground.cells, frame.moment, frame.view
        left, top = projection.mm(area.left, area.top)
        right, bottom = projection.mm(area.right, area.bottom)
        inside = np.flatnonzero((cells.x >= left) & (cells.x <= right) & (cells.y >= bottom) & (cells.y <= top))
        lines = self._shader.lines_picked(moment.at_ms, view.heat_window_ms)[inside]
        fill = self._shader.filled(moment, book=not view.sees_floor)[inside]
        aisles = np.unique(cells.aisle[inside])
        return Lasso(
            tuple(cells.name[i] for i in inside.tolist()), int(moment.floor_units[inside].sum()),
            int(moment.book_units[inside].sum()), int(lines.sum()), float(fill.mean()) if len(inside) else 0.0,
            int(moment.waiting[aisles[aisles >= 0]].sum()),
        )  # fmt: skip

    # --- tips -------------------------------------------------------------------------------------------------

    def hover(self, found: Selection, frame: Frame) -> str:
        """One line on a thing."""
        store, ground, moment, language = self._store, self._store.ground, frame.moment, frame.language
        name, kind = found.name, found.kind
        parts = [short(name)]
        if kind == "worker":
            who = store.worker_of[name]
            parts += [word("role", store.role[who], language)]
            parts += [word("state", STATE_NAMES[moment.workers.state[who]], language)]
        elif kind == "location":
            parts += self._of_location(ground.cell_of[name], frame)
        elif kind == "station":
            queue = moment.queues[ground.station_of[name]]
            parts += [say("hover.serving", language, count=queue.serving)]
            parts += [say("hover.waiting", language, count=queue.waiting)]
        elif kind == "lane":
            parts.append(say("hover.staged", language, count=int(moment.staged[ground.lane_of[name]])))
        elif kind == "door":
            trailer = moment.trailers[ground.door_of[name]]
            parts.append(short(trailer) if trailer else say("hover.no_truck", language))
        elif kind == "belt":
            parts.append(say("hover.riding", language, count=len(moment.belts[ground.belt_of[name]].shares)))
        elif kind == "aisle":
            parts.append(say("hover.waiting", language, count=int(moment.waiting[ground.aisle_of[name]])))
        return " · ".join(parts)

    def _of_location(self, cell: int, frame: Frame) -> list[str]:
        moment, view, language = frame.moment, frame.view, frame.language
        floor, book = int(moment.floor_units[cell]), int(moment.book_units[cell])
        fill = float(self._shader.filled(moment, book=not view.sees_floor)[cell])
        parts = [say("hover.fill", language, share=f"{fill:.0%}")]
        if not view.sees_floor:
            parts.append(say("hover.units", language, units=book))
        elif floor == book:
            parts.append(say("hover.units", language, units=floor))
        else:
            parts.append(say("hover.both", language, floor=floor, book=book))
        lines = int(self._shader.lines_picked(moment.at_ms, view.heat_window_ms)[cell])
        if lines:
            letter = CLASS_NAMES[self._shader.classes_picked(moment.at_ms, view.heat_window_ms)[cell]]
            parts.append(say("hover.lines", language, lines=lines, letter=letter))
            slotted = CLASS_NAMES[self._shader.slotted[cell]]
            if slotted != letter:
                parts.append(say("abc.contradiction", language, slotted=slotted, picked=letter))
        return parts


def _apart(line: Line, at: tuple[float, float]) -> float:
    """How far a point is from a line, in mm."""
    (ax, ay), (bx, by) = line.start, line.end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    share = min(max(((at[0] - ax) * dx + (at[1] - ay) * dy) / length, 0.0), 1.0) if length else 0.0
    return float(np.hypot(at[0] - ax - dx * share, at[1] - ay - dy * share))
