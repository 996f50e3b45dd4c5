"""Ways on a wide floor: kept whole, however many aisles they pass."""

from __future__ import annotations

import numpy as np
import pytest

from visualizer.stored.ground import Ground
from visualizer.stored.ways import Ways

AISLES, LENGTH_MM = 40, 30_000


@pytest.fixture
def ways() -> Ways:
    """A depot before forty parallel aisles of 30 m, 4.5 m apart, each with one location at 10 m."""
    across = [4500 * i for i in range(AISLES)]
    names = [f"main/A{i:02d}" for i in range(AISLES)]
    site = ["main"] * AISLES
    tables = {
        "nodes": {"site": ["main"], "node": ["main/depot"], "kind": ["depot"], "x_mm": [0], "y_mm": [0]},
        "edges": {
            "site": site, "edge": names, "x_mm": across, "y_mm": [0] * AISLES, "to_x_mm": across,
            "to_y_mm": [LENGTH_MM] * AISLES, "capacity": [None] * AISLES, "one_way": [False] * AISLES,
        },
        "locations": {
            "site": site, "location": [f"{n}-010" for n in names], "zone": ["z"] * AISLES, "aisle": names,
            "x_mm": across, "y_mm": [10_000] * AISLES, "level": [0] * AISLES, "side": ["left"] * AISLES,
            "kind": ["shelf"] * AISLES, "use": ["pick"] * AISLES, "storage": ["ambient"] * AISLES,
            "secure": [False] * AISLES,
        },
        "stations": {"site": [], "station": [], "benches": []},
        "doors": {"site": [], "door": [], "lane": []},
        "equipment": {"site": [], "equipment": [], "kind": [], "origin": [], "destination": [], "length_mm": []},
    }  # fmt: skip
    return Ways(Ground(tables))


def test_a_way_across_forty_aisles_starts_where_it_says(ways):
    far = 4500 * (AISLES - 1) + 20_000
    number = ways.number("main/A00-010", "main/A39-010", far)
    x, y = ways.positions(np.array([number] * 3), np.array([0.0, 0.5, 1.0]))
    assert (x[0], y[0]) == (0, 10_000)
    assert (x[1], y[1]) == (4500 * (AISLES - 1) / 2, 0)
    assert (x[2], y[2]) == (4500 * (AISLES - 1), 10_000)


def test_only_bends_are_corners(ways):
    far = 4500 * (AISLES - 1) + 10_000
    assert ways.corners("main/depot", "main/A39-010", far) == [
        (0, 0),
        (4500 * (AISLES - 1), 0),
        (4500 * (AISLES - 1), 10_000),
    ]


def test_a_way_back_is_not_straight_on(ways):
    """Out of an aisle at one end and in again: the turning point stays."""
    corners = ways.corners("main/A00-010", "main/A00", 20_000)
    assert corners == [(0, 10_000), (0, LENGTH_MM)]
