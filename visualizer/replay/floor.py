"""The floor of a page that replays a run: what stands on it, how it is drawn, and how full locations are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from visualizer.mapping.decor import Decor, lane_of
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.labels import columns_of
from visualizer.mapping.machines import briefest, short
from visualizer.mapping.racks import Racks
from visualizer.mapping.shading import FILL_BOUNDS, STEPS, Shader, Shading, steps
from visualizer.replay.byte_planes import BytePlanes
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.stored.moment import Moment

MOST_UNITS = 1 << 24
"""More than any location holds."""
FULL_PARTS = 1000
"""Units that make a location full are kept in thousandths, for the mean of many."""


def ground_of(store: Store) -> dict[str, Any]:
    """What stands on the floor and never changes, but for the locations; boxes are left, bottom, right, top in mm."""
    ground = store.ground
    fixtures = Fixtures(ground)
    decor = Decor(ground, fixtures)
    racks = Racks(ground)
    return {
        "bounds": _box(fixtures.bounds),
        "aisles": [
            [a.name, *_xy(a.start), *_xy(a.end), a.capacity, _box(lane_of(a)), a.one_way] for a in ground.aisles
        ],
        "crossings": [_box(lane_of(line)) for line in decor.crossings],
        "zones": [[zone.site, zone.name, _box(zone.box)] for zone in decor.zones],
        "columns": [[round(x), round(y), round(low), name, briefest(name)] for x, y, low, name in columns_of(ground)],
        "belts": [[b.name, *_xy(b.start), *_xy(b.end), round(b.length_mm)] for b in ground.belts],
        "stations": [
            [spot.name, *_xy(spot.at), spot.benches, _box(made.box), [_box(b) for b in made.benches]]
            for spot, made in zip(ground.stations, fixtures.stations, strict=True)
        ],
        "doors": [
            [spot.name, *_xy(spot.at), ground.lane_of.get(spot.lane or "", -1), _box(box), _box(truck),
             [short(spot.name), briefest(spot.name)]]
            for spot, box, truck in zip(ground.doors, fixtures.doors, fixtures.trucks, strict=True)
        ],
        "lanes": [
            [spot.name, *_xy(spot.at), _box(box)] for spot, box in zip(ground.lanes, fixtures.lanes, strict=True)
        ],
        "places": [[p.name, p.kind, *_xy(p.at)] for p in ground.places],
        "sites": ground.sites,
        "seats": _seats(store),
        "least_mm": [racks.least_long_mm, racks.least_deep_mm],
        "fill_bounds": list(FILL_BOUNDS),
    }  # fmt: skip


def write_cells(store: Store, planes: BytePlanes) -> dict[str, Any]:
    """Columns `cell.*`; their names and words."""
    cells, racks = store.ground.cells, Racks(store.ground)
    for name, values in (
        ("x", cells.x), ("y", cells.y), ("half_x", cells.half_x), ("half_y", cells.half_y), ("bay", racks.bay),
        ("side", racks.side), ("level", cells.level), ("aisle", cells.aisle),
    ):  # fmt: skip
        planes.add(f"cell.{name}", np.rint(values).astype(np.int64), steps=True)
    shader = Shader(store)
    for step, fewest in enumerate(fewest_units(store, shader), start=1):
        planes.add(f"cell.fewest_{step}", fewest)
    one = shader.filled(_holding(store, np.ones(len(cells), dtype=np.int64)), book=False)
    planes.add("cell.full", np.rint(FULL_PARTS / np.maximum(one, 1e-6)).astype(np.int64))
    words: dict[str, Any] = {"names": cells.name}
    for column in ("zone", "use", "storage"):
        values = getattr(cells, column)
        once = sorted({str(v) for v in values})
        words[column] = once
        planes.add(f"cell.{column}", [once.index(str(v)) for v in values], steps=True)
    return words


def fewest_units(store: Store, shader: Shader) -> list[Array]:
    """For each step of fill the fewest units that each location shows it with, by the window's own rule."""
    n = len(store.ground.cells)
    found = []
    for step in range(1, STEPS + 1):
        low, high = np.zeros(n, dtype=np.int64), np.full(n, MOST_UNITS, dtype=np.int64)
        while (high - low > 1).any():  # below at `low`, reached at `high`
            middle = (low + high) // 2
            filled = shader.filled(_holding(store, middle), book=False)
            reached = steps(Shading("fill", filled, "mean"), filled) >= step
            high, low = np.where(reached, middle, high), np.where(reached, low, middle)
        found.append(high)
    return found


def _holding(store: Store, units: Array) -> Moment:
    return replace(store.at(-1), floor_units=units)


def _seats(store: Store) -> list[list[int] | None]:
    """The station and the bench of each worker whose home is a station, in their order."""
    stations = [len(made.benches) for made in Fixtures(store.ground).stations]
    taken = [0] * len(stations)
    seats: list[list[int] | None] = []
    for home in store.home:
        station = store.ground.station_of.get(home, -1)
        if station >= 0 and taken[station] < stations[station]:
            seats.append([station, taken[station]])
            taken[station] += 1
        else:
            seats.append(None)
    return seats


def _xy(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _box(box: Iterable[float]) -> list[int]:
    return [round(edge) for edge in box]
