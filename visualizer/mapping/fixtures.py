"""What stands on the floor beside racks, as rectangles in millimetres: stations with benches, lanes, doors, trucks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visualizer.camera import Bounds
from visualizer.stored.ground import Ground, Spot

BENCHES_IN_A_ROW = 20
BENCHES_DRAWN = 80
BENCH_W_MM, BENCH_H_MM = 2200.0, 2000.0
LANE_W_MM, LANE_H_MM = 12_000.0, 2600.0
DOOR_W_MM, DOOR_H_MM = 3600.0, 1400.0
TRUCK_W_MM, TRUCK_H_MM = 2600.0, 5500.0
PAD_MM = 800.0


@dataclass(frozen=True, slots=True)
class Station:
    """A station's outline, and its benches from left to right, row by row; none drawn where they are unlimited."""

    box: Bounds
    benches: tuple[Bounds, ...]


class Fixtures:
    """Made once from the ground; lists go by its stations, lanes and doors. `bounds` is all that is ever drawn."""

    def __init__(self, ground: Ground) -> None:
        self.stations = [_station(spot, _room(spot, ground.places, 8000.0)) for spot in ground.stations]
        self.lanes = [
            _around(spot, min(LANE_W_MM, _room(spot, ground.lanes, 3000.0)), LANE_H_MM) for spot in ground.lanes
        ]
        self.doors = [
            _around(spot, min(DOOR_W_MM, _room(spot, ground.doors, 3000.0)), DOOR_H_MM) for spot in ground.doors
        ]
        self.trucks = [_truck(door) for door in self.doors]
        boxes = [s.box for s in self.stations] + self.lanes + self.doors + self.trucks + _outlines(ground)
        self.bounds: Bounds = (
            min(b[0] for b in boxes) - PAD_MM, min(b[1] for b in boxes) - PAD_MM,
            max(b[2] for b in boxes) + PAD_MM, max(b[3] for b in boxes) + PAD_MM,
        )  # fmt: skip


def _outlines(ground: Ground) -> list[Bounds]:
    """All points and all racks, as boxes."""
    cells = ground.cells
    boxes = [(x, y, x, y) for x, y in ground.points.values()]
    for line in ground.aisles:
        (ax, ay), (bx, by) = line.start, line.end
        boxes.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    if len(cells):
        left, bottom = (cells.x - cells.half_x).min(), (cells.y - cells.half_y).min()
        right, top = (cells.x + cells.half_x).max(), (cells.y + cells.half_y).max()
        boxes.append((float(left), float(bottom), float(right), float(top)))
    return boxes or [(0.0, 0.0, 1000.0, 1000.0)]


def _room(spot: Spot, others: Sequence[Spot], beside_mm: float) -> float:
    """How wide a thing at a spot may be so that it does not touch others at its height."""
    x, y = spot.at
    gaps = [abs(o.at[0] - x) for o in others if o is not spot and abs(o.at[1] - y) < beside_mm and o.at[0] != x]
    return min(gaps, default=1e9) * 0.86


def _around(spot: Spot, w: float, h: float) -> Bounds:
    x, y = spot.at
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


def _station(spot: Spot, room: float) -> Station:
    count = min(spot.benches or 0, BENCHES_DRAWN)
    columns = max(min(count, BENCHES_IN_A_ROW), 1)
    rows = max(-(-count // columns), 1)
    columns = -(-count // rows) if count else 3
    w = min(BENCH_W_MM, room / columns)
    x, y = spot.at
    left, top = x - w * columns / 2, y + BENCH_H_MM * rows / 2
    benches = tuple(
        (
            left + w * (i % columns), top - BENCH_H_MM * (i // columns + 1),
            left + w * (i % columns + 1), top - BENCH_H_MM * (i // columns),
        )
        for i in range(count)
    )  # fmt: skip
    return Station((left, top - BENCH_H_MM * rows, left + w * columns, top), benches)


def _truck(door: Bounds) -> Bounds:
    x = (door[0] + door[2]) / 2
    w = min(TRUCK_W_MM, (door[2] - door[0]) * 0.9)
    return x - w / 2, door[1] - 400.0 - TRUCK_H_MM, x + w / 2, door[1] - 400.0
