"""The floor as drawn: every named place with its point, from the tables of a run. Sites stand side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np

from twin.events.columns import MISSING
from visualizer.feed import Tables
from visualizer.stored.growing import Array

XY = tuple[float, float]

AISLE_HALF_MM = 800.0
"""From the centre line of an aisle to the faces of its locations."""
CELL_DEPTH_MM = 1000.0
DEPTHS_MM = (500.0, 1500.0)
"""Locations are drawn as deep as half the way to the next aisle leaves room for, within these; else CELL_DEPTH_MM."""
SITE_GAP_MM = 12_000.0
_HALT = re.compile(r"^(?P<aisle>.+)\+(?P<along>\d+(\.\d+)?)m$")


@dataclass(frozen=True, slots=True)
class Cells:
    """All locations as columns: centre x, y and half sizes in mm as drawn, beside what the layout says of them."""

    name: list[str]
    x: Array
    y: Array
    half_x: Array
    half_y: Array
    aisle: Array
    level: Array
    site: Array
    zone: list[str]
    use: list[str]
    storage: list[str]
    secure: Array
    volume_ml: Array

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """An aisle or a belt: from one point to another. Capacity: people inside, None for unlimited.

    `one_way`: `up` from start to end only, `down` the other way only, `both`.
    """

    name: str
    start: XY
    end: XY
    capacity: int | None = None
    length_mm: float = 0.0
    one_way: str = "both"


@dataclass(frozen=True, slots=True)
class Spot:
    """A named place. `lane` of a door: the lane before it; `benches` of a station, None for unlimited."""

    name: str
    kind: str
    at: XY
    benches: int | None = None
    lane: str | None = None


class Ground:
    """Static: made once from the tables; indices of places are their places in these lists."""

    def __init__(self, tables: Tables) -> None:
        self.sites: list[str] = list(dict.fromkeys(str(s) for s in tables["nodes"]["site"]))
        self._shift_mm = self._side_by_side(tables)
        self.points: dict[str, XY] = {}
        self.places: list[Spot] = []
        self._places(tables)
        self.aisles: list[Line] = [self._aisle(row) for row in _rows(tables["edges"])]
        self.aisle_of = {line.name: i for i, line in enumerate(self.aisles)}
        self.cells = self._cells(tables)
        self.cell_of = {name: i for i, name in enumerate(self.cells.name)}
        for row in _rows(tables["locations"]):
            self.points[row["location"]] = self._at(row)
        self.belts: list[Line] = [
            Line(r["equipment"], self.points[r["origin"]], self.points[r["destination"]], None, float(r["length_mm"]))
            for r in _rows(tables["equipment"])
            if r["kind"] == "conveyor"
        ]
        self.belt_of = {line.name: i for i, line in enumerate(self.belts)}
        by_kind = {kind: [p for p in self.places if p.kind == kind] for kind in ("pack_station", "door", "lane")}
        self.stations, self.doors, self.lanes = by_kind["pack_station"], by_kind["door"], by_kind["lane"]
        self.station_of, self.door_of, self.lane_of = (
            {place.name: i for i, place in enumerate(some)} for some in (self.stations, self.doors, self.lanes)
        )
        self.bounds = self._bounds()

    def point(self, name: str) -> XY | None:
        """Where a place is: a location, a named place, or a halt on the way (`A08+12.40m`). None for an aisle."""
        known = self.points.get(name)
        if known is not None:
            return known
        halt = _HALT.match(name)
        if halt is None or halt["aisle"] not in self.aisle_of:
            return None
        line = self.aisles[self.aisle_of[halt["aisle"]]]
        length = hypot(line.end[0] - line.start[0], line.end[1] - line.start[1])
        share = min(1.0, float(halt["along"]) * 1000 / length) if length else 0.0
        self.points[name] = at = (
            line.start[0] + (line.end[0] - line.start[0]) * share,
            line.start[1] + (line.end[1] - line.start[1]) * share,
        )
        return at

    def aisle_at(self, name: str) -> int:
        """The aisle of a location, of a halt, or the aisle itself; -1 for none."""
        if name in self.aisle_of:
            return self.aisle_of[name]
        cell = self.cell_of.get(name)
        if cell is not None:
            return int(self.cells.aisle[cell])
        halt = _HALT.match(name)
        return self.aisle_of.get(halt["aisle"], -1) if halt else -1

    def _side_by_side(self, tables: Tables) -> dict[str, float]:
        shift: dict[str, float] = {}
        edge = 0.0
        for site in self.sites:
            xs = [
                float(x)
                for table, column in (("nodes", "x_mm"), ("locations", "x_mm"), ("edges", "x_mm"), ("edges", "to_x_mm"))
                for s, x in zip(tables[table]["site"], tables[table][column], strict=True)
                if s == site
            ]
            shift[site] = edge - min(xs) if shift else 0.0
            edge = shift[site] + max(xs) + SITE_GAP_MM
        return shift

    def _at(self, row: dict[str, Any], x: str = "x_mm", y: str = "y_mm") -> XY:
        return float(row[x]) + self._shift_mm[row["site"]], float(row[y])

    def _places(self, tables: Tables) -> None:
        benches = {r["station"]: r["benches"] for r in _rows(tables["stations"])}
        lanes = {r["door"]: r["lane"] for r in _rows(tables["doors"])}
        for row in _rows(tables["nodes"]):
            name = row["node"]
            self.points[name] = self._at(row)
            some = benches.get(name)
            count = None if some is None or some == MISSING or some != some else int(some)
            self.places.append(Spot(name, row["kind"], self.points[name], count, lanes.get(name)))

    def _aisle(self, row: dict[str, Any]) -> Line:
        some = row["capacity"]
        capacity = None if some is None or some == MISSING or some != some else int(some)
        start, end = self._at(row), self._at(row, "to_x_mm", "to_y_mm")
        one_way = str(row.get("one_way", "both"))
        return Line(row["edge"], start, end, capacity, hypot(end[0] - start[0], end[1] - start[1]), one_way)

    def _cells(self, tables: Tables) -> Cells:
        rows = list(_rows(tables["locations"]))
        n = len(rows)
        aisle = np.array([self.aisle_of.get(r["aisle"], -1) for r in rows], dtype=np.int32)
        x, y = (np.array([float(r[c]) for r in rows], dtype=np.float64) for c in ("x_mm", "y_mm"))
        x += [self._shift_mm[r["site"]] for r in rows]
        right = np.array([1.0 if r["side"] == "right" else -1.0 for r in rows])
        level = np.array([int(r["level"]) for r in rows], dtype=np.int32)
        half_x, half_y = np.full(n, 500.0), np.full(n, 500.0)
        for i, line in enumerate(self.aisles):
            mine = np.flatnonzero(aisle == i)
            if not len(mine):
                continue
            along_x, along_y = _unit(line)
            offset = (x[mine] - line.start[0]) * along_x + (y[mine] - line.start[1]) * along_y
            steps = np.diff(np.unique(np.round(offset)))
            pitch = float(steps[steps > 1].min()) if (steps > 1).any() else 1000.0
            levels = int(level[mine].max()) + 1
            depth = self._depth(line) / levels
            away = AISLE_HALF_MM + depth * (level[mine] + 0.5)
            x[mine] += along_y * right[mine] * away
            y[mine] -= along_x * right[mine] * away
            long, deep = pitch * 0.46, depth * 0.46
            half_x[mine] = abs(along_x) * long + abs(along_y) * deep
            half_y[mine] = abs(along_y) * long + abs(along_x) * deep
        volume = [r.get("volume_l") for r in rows]
        return Cells(
            [r["location"] for r in rows], x, y, half_x, half_y, aisle, level,
            np.array([self.sites.index(r["site"]) for r in rows], dtype=np.int32),
            [r["zone"] for r in rows], [r["use"] for r in rows], [r["storage"] for r in rows],
            np.array([bool(r["secure"]) for r in rows]),
            np.array([np.nan if v is None else float(v) * 1000 for v in volume]),
        )  # fmt: skip

    def _depth(self, line: Line) -> float:
        """How deep a rack beside an aisle is drawn: up to the middle between it and the next parallel aisle."""
        across = 0 if abs(line.end[1] - line.start[1]) >= abs(line.end[0] - line.start[0]) else 1
        low, high = sorted((line.start[1 - across], line.end[1 - across]))
        gaps = [
            abs(other.start[across] - line.start[across])
            for other in self.aisles
            if other.start[across] == other.end[across] != line.start[across]
            and min(high, max(other.start[1 - across], other.end[1 - across]))
            > max(low, min(other.start[1 - across], other.end[1 - across]))
        ]
        if not gaps:
            return CELL_DEPTH_MM
        return min(max(min(gaps) / 2 - AISLE_HALF_MM - 50.0, DEPTHS_MM[0]), DEPTHS_MM[1])

    def _bounds(self) -> tuple[float, float, float, float]:
        ends = [p for line in (*self.aisles, *self.belts) for p in (line.start, line.end)]
        xs = [p[0] for p in (*ends, *self.points.values())]
        ys = [p[1] for p in (*ends, *self.points.values())]
        margin = 3000.0
        return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _unit(line: Line) -> XY:
    length = hypot(line.end[0] - line.start[0], line.end[1] - line.start[1]) or 1.0
    return (line.end[0] - line.start[0]) / length, (line.end[1] - line.start[1]) / length


def _rows(table: Any) -> Any:
    names = list(table)
    columns = [table[name].tolist() if hasattr(table[name], "tolist") else list(table[name]) for name in names]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))
