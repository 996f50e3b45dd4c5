"""Colours of locations against sums told one by one; bays where locations are too small to be seen."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from drawn import ToldFeed, filled, floor
from pygame import Rect

from visualizer.camera import project
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.racks import LEAST_PX, Racks
from visualizer.mapping.shading import NONE, A, B, C, Shader, classes, steps
from visualizer.view import Camera, View


def classes_told(lines: list[int]) -> list[int]:
    """A while what is more often picked makes up less than 80 % of all, B below 95 %, else C."""
    total, found = sum(lines), []
    for i, mine in enumerate(lines):
        before = sum(n for j, n in enumerate(lines) if (-n, j) < (-mine, i))
        if not mine:
            found.append(NONE)
        elif 100 * before < 80 * total:
            found.append(A)
        else:
            found.append(B if 100 * before < 95 * total else C)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_classes_equal_what_is_counted_by_hand(seed):
    draw = random.Random(seed)
    lines = [draw.choice([0, 0, 1, 1, 2, 5, 20]) for _ in range(40)]
    assert classes(np.array(lines)).tolist() == classes_told(lines)


def test_nobody_picked_nothing():
    assert classes(np.zeros(5, dtype=np.int64)).tolist() == [NONE] * 5


@pytest.fixture
def told():
    tables = floor()
    draw = random.Random(3)
    places = tables["locations"]["location"]
    records = [
        {"at_ms": 60_000 * n, "kind": "LinePicked", "location": draw.choice(places[:25]), "units": draw.choice([1, 2])}
        for n in range(200)
    ]
    return tables, records


@pytest.mark.parametrize("window_ms", [0, 300_000, 1_800_000])
def test_classes_count_the_lines_of_the_window(told, window_ms):
    tables, records = told
    store = filled(ToldFeed(tables, records))
    shader, at_ms = Shader(store), 7_000_000
    expected = [
        sum(r["location"] == name and (not window_ms or r["at_ms"] > at_ms - window_ms) and r["at_ms"] <= at_ms
            for r in records)
        for name in store.ground.cells.name
    ]  # fmt: skip
    assert sum(expected) > 3
    assert shader.lines_picked(at_ms, window_ms).tolist() == expected
    assert shader.classes_picked(at_ms, window_ms).tolist() == classes_told(expected)


def test_fill_is_the_volume_over_the_location_s(told):
    tables, records = told
    tables["skus"]["volume_l"] = [2.0]
    store = filled(ToldFeed(tables, records))
    moment = store.at(0)
    assert Shader(store).filled(moment, book=False) == pytest.approx(np.full(80, 10 * 2.0 / 100.0))


def test_without_a_volume_fill_is_against_the_most_ever_seen(told):
    tables, _ = told
    tables["locations"].pop("volume_l")
    where = tables["locations"]["location"][0]
    records = [
        {"at_ms": 1000, "kind": "UnitsTaken", "location": where, "units": 6},
        {"at_ms": 2000, "kind": "UnitsPlaced", "location": where, "units": 36},
        {"at_ms": 3000, "kind": "UnitsTaken", "location": where, "units": 20},
    ]
    store = filled(ToldFeed(tables, records))
    shader = Shader(store)
    seen = [shader.filled(store.at(t), book=False)[0] for t in (0, 1000, 2000, 3000)]
    assert seen == pytest.approx([10 / 40, 4 / 40, 1.0, 20 / 40])
    assert shader.filled(store.at(0), book=False)[1] == 1.0


def test_the_difference_is_floor_less_book(told):
    tables, _ = told
    names = tables["locations"]["location"]
    records = [
        {"at_ms": 1000, "kind": "UnitsLost", "location": names[0], "units": 3},
        {"at_ms": 1000, "kind": "UnitsPlaced", "location": names[1], "units": 30},
    ]
    store = filled(ToldFeed(tables, records))
    view = View(at_ms=1000, stock_side="difference")
    shading = Shader(store).shading(store.at(1000), view, 1000)
    assert shading.values[:3].tolist() == [-3, 30, 0]
    assert steps(shading, shading.values)[:3].tolist() == [1, 6, 0]
    blind = Shader(store).shading(store.at(1000), replace(view, sees_floor=False), 1000)
    assert blind.colouring == "fill"  # a trainee is not shown the difference
    assert blind.values[:2] == pytest.approx([0.1, 0.1])


def test_contradictions_are_two_classes_apart():
    tables = floor()
    names = tables["locations"]["location"]
    lines_a_day = [100.0, 1.0, 1.0]
    tables["skus"] = {"owner": ["o"] * 3, "sku": list("XYZ"), "volume_l": [1.0] * 3, "lines_per_day": lines_a_day}
    stock = [{"location": n, "owner": "o", "sku": s, "book_units": 1, "floor_units": 1, "face": True} for n, s in zip(names, "XYZ", strict=False)]  # noqa: E501 # fmt: skip
    tables["opening_stock"] = {key: [row[key] for row in stock] for key in stock[0]}
    picked = [names[1]] * 30 + [names[0]]
    records = [{"at_ms": i, "kind": "LinePicked", "location": n, "units": 1} for i, n in enumerate(picked)]
    store = filled(ToldFeed(tables, records))
    shader = Shader(store)
    assert shader.slotted[:3].tolist() == [A, C, C]
    shading = shader.shading(store.at(100), View(at_ms=100, layers=frozenset({"abc"}), heat_window_ms=0), 100)
    assert shading.values[:3].tolist() == [C, A, NONE]
    assert shading.outlined[:3].tolist() == [True, True, False]


@pytest.mark.parametrize("levels", [1, 4])
def test_every_location_is_drawn_at_least_three_pixels_or_in_a_bay(levels):
    store = filled(ToldFeed(floor(aisles=6, bays=40, levels=levels), []))
    racks, bounds = Racks(store.ground), Fixtures(store.ground).bounds
    sizes = {}
    for px_per_m in (1.2, 2.0, 4.0, 12.0, 40.0):
        window = Rect(0, 0, 24, 60)
        blocks = racks.blocks(project(Camera(x_mm=8000, y_mm=20_000, px_per_m=px_per_m), bounds, window))
        assert blocks.count.sum() == len(store.ground.cells) == len(blocks.of_cell)
        merged, flat = racks.bays_of(px_per_m / 1000)
        assert (px_per_m >= LEAST_PX) == (merged == 1)
        sizes[px_per_m] = len(blocks)
        ends = (blocks.left + blocks.w, blocks.top + blocks.h)
        for i in range(0, len(blocks), 17):  # none covers another
            apart = (
                (blocks.left >= ends[0][i]) | (ends[0] <= blocks.left[i])
                | (blocks.top >= ends[1][i]) | (ends[1] <= blocks.top[i])
            )  # fmt: skip
            assert apart.sum() == len(blocks) - 1
        assert blocks.whole == (len(blocks) == len(store.ground.cells))
        assert flat == (racks.least_deep_mm * px_per_m / 1000 < LEAST_PX)
    assert sizes[1.2] < sizes[2.0] < sizes[4.0] <= sizes[40.0] == len(store.ground.cells)
