"""Workers as figures: shape is role, colour is state, a halo of the background around each; hollow on a break.

Where several stand at one point they stand beside each other: packers at the benches of their station, who waits for
an aisle in a line before it, all others in rows in front of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pygame

from visualizer.camera import Projection
from visualizer.drawing.canvas import Canvas
from visualizer.mapping.fixtures import Fixtures
from visualizer.palette import Colour, State, Theme
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import BLOCKED, BREAK, IDLE, MOVING, OFF, STATE_NAMES, WAITING, WORKING, Workers

Shape = Literal["circle", "triangle", "square"]
SHAPES: dict[str, Shape] = {
    "replenisher": "triangle", "putaway_driver": "triangle", "forklift": "triangle", "agv": "square",
}  # fmt: skip
"""Of roles that are no person on foot."""
MARKS: dict[str, str] = {"packer": "bar", "receiver": "cross", "loader": "post", "counter": "dot", "clerk": "ring"}
"""Small figures, told apart by a mark inside once there is room for one."""
SMALL = 0.8
ON_TOP = np.zeros(len(STATE_NAMES), dtype=np.int64)
ON_TOP[[IDLE, BREAK, WORKING, MOVING, WAITING, BLOCKED]] = range(1, 7)
"""Who is drawn over whom."""
FINER = 8
ROW = 16
"""So many stand beside each other in one row; before a door, inside the hall, fewer."""
DOOR_ROW = 4
TRAIL_DOTS, TRAIL_PX, FLOW_DOTS = 8, 24, 24
FADED = 120


@dataclass(frozen=True, slots=True)
class Figures:
    """Who is drawn, in the order drawn, and at which pixel of the window."""

    who: Array
    x: Array
    y: Array
    radius: int


class People:
    """Draws the workers of a store. `made` counts sprites drawn anew."""

    def __init__(self, store: Store, fixtures: Fixtures) -> None:
        self._store = store
        self._fixtures = fixtures
        self.made = 0
        self._sprites: dict[tuple[object, ...], pygame.Surface] = {}
        self._known = -1
        doors = np.array([door.at for door in store.ground.doors]).reshape(-1, 2)
        self._door_spots = _spot(doors[:, 0], doors[:, 1])
        self._bench_x = self._bench_y = np.empty(0)
        self._home_x = self._home_y = np.empty(0)
        self._has_bench = np.empty(0, dtype=bool)
        self._seats: list[list[int]] = [[] for _ in store.ground.stations]

    def figures(self, workers: Workers, projection: Projection, ui_scale: float) -> Figures:
        """Where each worker that is here stands on the window; those of the rectangle's surroundings included."""
        self._seat()
        radius = figure_radius(projection.px_per_m, ui_scale)
        state, n = workers.state, len(workers.x)
        x_mm, y_mm = workers.x, workers.y
        standing = (state != MOVING) & (state != OFF)
        seated = standing & self._has_bench[:n] & (np.hypot(x_mm - self._home_x[:n], y_mm - self._home_y[:n]) < 1.0)
        if seated.any():
            x_mm, y_mm = x_mm.copy(), y_mm.copy()
            x_mm[seated], y_mm[seated] = self._bench_x[:n][seated], self._bench_y[:n][seated]
        x, y = projection.all_px(x_mm, y_mm)
        self._stand_apart(np.flatnonzero(standing & ~seated), workers, x, y, radius)
        near = projection.rect.inflate(60, 60)
        here = (state != OFF) & (x >= near.left) & (x < near.right) & (y >= near.top) & (y < near.bottom)
        who = np.flatnonzero(here)
        who = who[np.argsort(ON_TOP[state[who]], kind="stable")]
        return Figures(who, x[who], y[who], radius)

    def at_benches(self, workers: Workers) -> list[list[bool]]:
        """Of each station whether the worker of each bench works; empty where none has a bench."""
        self._seat()
        works = (workers.state == WORKING).tolist()
        return [[works[who] for who in seats] for seats in self._seats]

    def draw(self, canvas: Canvas, figures: Figures, state: Array, *, faded: bool = False) -> None:
        """Put them on the canvas."""
        store, sprite = self._store, self._sprite
        pairs = []
        for who, x, y in zip(figures.who.tolist(), figures.x.tolist(), figures.y.tolist(), strict=True):
            picture = sprite(canvas.theme, store.role[who], STATE_NAMES[state[who]], figures.radius, faded)
            half = picture.get_width() // 2
            pairs.append((picture, (x - half, y - half)))
        canvas.surface.fblits(pairs)

    def draw_trails(self, canvas: Canvas, workers: Workers, projection: Projection, *, flows: bool = False) -> None:
        """Eight fading dots along the last pixels of the way of each who moves; where it flows, three times as many."""
        count = FLOW_DOTS if flows else TRAIL_DOTS
        moving = np.flatnonzero((workers.state == MOVING) & (workers.way >= 0))
        if not len(moving):
            return
        ways, way = self._store.ways, workers.way[moving]
        legs = np.hypot(np.diff(ways.x[way], axis=1), np.diff(ways.y[way], axis=1)).sum(axis=1)
        step = TRAIL_PX / TRAIL_DOTS * canvas.lettering.ui_scale / np.maximum(legs * projection.px_per_mm, 1e-9)
        behind = np.arange(count, 0, -1)
        share = workers.share[moving][:, None] - step[:, None] * (behind + 1.5)[None, :]
        there = share > 0
        which, dot = np.nonzero(there)
        x, y = projection.all_px(*ways.positions(way[which], share[there]))
        dots = self._dots(canvas.theme, canvas.px(2), count)
        half = canvas.px(2) // 2
        canvas.surface.fblits(
            [(dots[d], (px - half, py - half)) for d, px, py in zip(dot.tolist(), x.tolist(), y.tolist(), strict=True)]
        )

    # --- where ------------------------------------------------------------------------------------------------

    def _seat(self) -> None:
        """Give each worker whose home is a station a bench there, in order; again when more workers come."""
        store = self._store
        if self._known == len(store.workers):
            return
        self._known = n = len(store.workers)
        ground = store.ground
        self._bench_x, self._bench_y = np.zeros(n), np.zeros(n)
        self._home_x, self._home_y = np.full(n, np.inf), np.full(n, np.inf)
        self._has_bench = np.zeros(n, dtype=bool)
        self._seats = [[] for _ in ground.stations]
        for who, home in enumerate(store.home):
            station = ground.station_of.get(home, -1)
            if station < 0:
                continue
            benches = self._fixtures.stations[station].benches
            seat = len(self._seats[station])
            if seat < len(benches):
                left, bottom, right, top = benches[seat]
                self._bench_x[who], self._bench_y[who] = (left + right) / 2, (bottom + top) / 2
                self._home_x[who], self._home_y[who] = ground.stations[station].at
                self._has_bench[who] = True
                self._seats[station].append(who)

    def _stand_apart(self, who: Array, workers: Workers, x: Array, y: Array, radius: int) -> None:
        """Move those who stand at one point: the blocked in a line away from the racks, others in rows before it."""
        if not len(who):
            return
        spot = _spot(workers.x[who], workers.y[who])
        order = np.argsort(spot, kind="stable")
        who, spot = who[order], spot[order]
        starts = np.flatnonzero(np.diff(spot, prepend=np.nan) != 0)
        size = np.diff(np.append(starts, len(who)))
        rank = np.arange(len(who)) - np.repeat(starts, size)
        many = np.repeat(size, size)
        pitch = 2 * radius + 2
        at_door = np.isin(spot, self._door_spots)
        wide = np.where(at_door, DOOR_ROW, ROW)
        row, column = rank // wide, rank % wide
        last = np.where(row == (many - 1) // wide, many - row * wide, wide)
        crowd = many > 1
        x[who] += np.where(crowd, np.rint((column - (last - 1) / 2) * pitch).astype(np.int64), 0)
        y[who] += np.where(at_door, -(row + 1) * pitch, np.where(crowd, row * pitch, 0))

    # --- sprites ----------------------------------------------------------------------------------------------

    def _sprite(self, theme: Theme, role: str, state: str, radius: int, faded: bool) -> pygame.Surface:
        key = (theme.name, role, state, radius, faded)
        found = self._sprites.get(key)
        if found is None:
            self.made += 1
            small = role in MARKS
            size = max(round(radius * SMALL), 3) if small else radius
            mark = MARKS.get(role, "") if size >= 5 else ""
            colour = theme.state("break" if state == "break" else _shown(state))
            found = self._sprites[key] = sprite(
                SHAPES.get(role, "circle"), size, colour, theme.halo, hollow=state == "break", mark=mark
            )
            if faded:
                found.set_alpha(FADED)
        return found

    def _dots(self, theme: Theme, side: int, count: int) -> list[pygame.Surface]:
        key = (theme.name, "dots", side, count)
        dots = [self._sprites.get((*key, n)) for n in range(count)]
        if dots[0] is None:
            for n in range(count):
                self.made += 1
                dot = pygame.Surface((side, side))
                dot.fill(theme.moving)
                dot.set_alpha(40 + 150 * (n + 1) // count)
                self._sprites[(*key, n)] = dots[n] = dot
        return [dot for dot in dots if dot is not None]


def _spot(x_mm: Array, y_mm: Array) -> Array:
    """A number for each point of the floor."""
    return np.round(x_mm) * 1e8 + np.round(y_mm)


def _shown(state: str) -> State:
    return "idle" if state == "off" else state  # type: ignore[return-value]


def figure_radius(px_per_m: float, ui_scale: float) -> int:
    """Half the height of a figure: it grows a little with the scale, and stays readable at the fit."""
    return round(min(max(2.6 + px_per_m * 0.32, 4.0), 9.0) * ui_scale)


def sprite(
    shape: Shape, radius: int, colour: Colour, halo: Colour, *, hollow: bool = False, mark: str = ""
) -> pygame.Surface:
    """One figure with its halo, smooth, on a clear square of odd side."""
    rim = max(round(radius * 0.38), 1)
    side = 2 * (radius + rim) + 1
    big = side * FINER
    middle, r, edge = big / 2, (radius + 0.3) * FINER, rim * FINER
    surface = pygame.Surface((big, big), pygame.SRCALPHA)
    surface.fill((*halo, 0))
    _shape(surface, shape, middle, r + edge, halo)
    _shape(surface, shape, middle, r, colour)
    if hollow:
        _shape(surface, shape, middle, r * 0.55, halo)
    thin = max(r * 0.22, 1)
    match mark:
        case "bar":
            pygame.draw.rect(surface, halo, (middle - r * 0.5, middle - thin, r, 2 * thin))
        case "post":
            pygame.draw.rect(surface, halo, (middle - thin, middle - r * 0.5, 2 * thin, r))
        case "cross":
            pygame.draw.rect(surface, halo, (middle - r * 0.5, middle - thin, r, 2 * thin))
            pygame.draw.rect(surface, halo, (middle - thin, middle - r * 0.5, 2 * thin, r))
        case "dot":
            pygame.draw.circle(surface, halo, (middle, middle), r * 0.32)
        case "ring":
            pygame.draw.circle(surface, halo, (middle, middle), r * 0.5, round(r * 0.2))
    small = pygame.transform.smoothscale(surface, (side, side))
    return small.convert_alpha() if pygame.display.get_surface() is not None else small


def _shape(surface: pygame.Surface, shape: Shape, middle: float, r: float, colour: Colour) -> None:
    if shape == "square":
        side = r * 0.88
        pygame.draw.rect(
            surface, colour, (middle - side, middle - side, 2 * side, 2 * side), border_radius=round(r / 4)
        )
    elif shape == "triangle":
        low, wide = r * 0.72, r * 1.08
        pygame.draw.polygon(
            surface, colour, [(middle, middle - r * 1.12), (middle + wide, middle + low), (middle - wide, middle + low)]
        )
    else:
        pygame.draw.circle(surface, colour, (middle, middle), r)
