"""The table of places: section 5 of the design at 1600 x 900, and no overlap or gap at any other size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from visualizer.places import SCALES, SMALLEST, Variant, lay_out, next_scale, suggested_scale

VARIANTS: tuple[Variant, ...] = ("floor", "compare", "training", "trainer")
TILES = (
    "top", "map", "chart_strip", "timeline", "inspector", "queues", "training", "log", "inject",
)  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "part", "box"),
    [
        ("floor", "top", (0, 0, 1600, 58)),
        ("floor", "map", (0, 58, 1190, 598)),
        ("floor", "inspector", (1190, 58, 410, 206)),
        ("floor", "queues", (1190, 264, 410, 180)),
        ("floor", "log", (1190, 444, 410, 456)),
        ("floor", "chart_strip", (0, 656, 1190, 118)),
        ("floor", "timeline", (0, 774, 1190, 126)),
        ("training", "training", (1190, 444, 410, 300)),
        ("trainer", "training", (1190, 444, 410, 300)),
        ("trainer", "inject", (1190, 744, 410, 156)),
        ("compare", "map_a", (0, 58, 799, 598)),
        ("compare", "map_b", (801, 58, 799, 598)),
        ("compare", "divider", (799, 58, 2, 598)),
        ("compare", "timeline", (0, 774, 1600, 126)),
    ],
)
def test_the_table_at_1600_by_900(variant: Variant, part: str, box: tuple[int, int, int, int]) -> None:
    assert lay_out((1600, 900), variant=variant)[part] == Rect(box)


def test_what_is_left_in_a_high_window_goes_to_the_log_or_the_training() -> None:
    assert lay_out((1600, 1000))["log"].h == 556
    trainer = lay_out((1600, 1000), variant="trainer")
    assert (trainer["training"].h, trainer["inject"].h) == (400, 156)


def test_cards_charts_chips_and_minimap_have_the_sizes_of_the_table() -> None:
    places = lay_out((1600, 900))
    assert [card.w for card in places.cards] == [192] * 6
    assert [chart.size for chart in places.charts] == [(276, 80)] * 4
    assert places["layers"].h == 22
    assert places["minimap"].size == (176, 88)


def test_a_narrow_window_folds_the_panel_and_a_low_one_the_charts() -> None:
    assert not lay_out((1280, 760)).is_narrow
    assert not lay_out((1280, 760)).charts_folded
    narrow = lay_out((1279, 760))
    assert narrow.is_narrow
    assert "inspector" not in narrow
    assert narrow["map"].w == 1279
    opened = lay_out((1279, 760), drawer_open=True)
    assert opened["inspector"].right == 1279
    assert opened["map"] == narrow["map"], "a drawer lies over the map"
    assert opened["panel"].bottom == opened["timeline"].top
    assert opened["legend"].right < opened["panel"].left
    assert opened["minimap"].right < opened["panel"].left
    assert opened.part_at(opened["inspector"].center) == "inspector"
    low = lay_out((1280, 759))
    assert low.charts_folded
    assert low.get("chart_strip") is None
    assert low.charts == ()
    assert low["map"].bottom == low["timeline"].top


sizes = st.tuples(st.integers(SMALLEST[0], 4000), st.integers(SMALLEST[1], 2400))


@given(sizes, st.sampled_from(SCALES), st.sampled_from(VARIANTS))
def test_the_parts_cover_the_window_once(size: tuple[int, int], scale: float, variant: Variant) -> None:
    size = (round(size[0] * scale), round(size[1] * scale))
    places = lay_out(size, scale, variant)
    tiles = [places[name] for name in TILES if name in places]
    if variant == "compare":
        tiles = [*(t for t in tiles if t != places["map"]), *(places[n] for n in ("map_a", "map_b", "divider"))]
    assert sum(t.w * t.h for t in tiles) == size[0] * size[1]
    assert all(not a.colliderect(b) for n, a in enumerate(tiles) for b in tiles[:n])
    window = Rect((0, 0), size)
    inside = [*places.rects.values(), *places.cards, *places.charts]
    assert all(window.contains(r) for r in inside)
    assert all(r.w > 0 and r.h > 0 for n, r in places.rects.items() if n != "hints")


@given(sizes, st.sampled_from(VARIANTS), st.sampled_from(["inspector", "queues", None]))
def test_a_drawer_fills_its_side_and_keeps_what_is_in_front(
    size: tuple[int, int], variant: Variant, front: str | None
) -> None:
    places = lay_out(size, 1.0, variant, drawer_open=True, front=front)
    parts = [places[n] for n in ("inspector", "queues", "training", "log", "inject") if n in places]
    assert sum(p.h for p in parts) == places["panel"].h
    assert all(places["panel"].contains(p) for p in parts)
    if front:
        assert front in places


@pytest.mark.parametrize("scale", SCALES)
def test_everything_takes_the_scale(scale: float) -> None:
    plain, scaled = lay_out((1600, 900)), lay_out((round(1600 * scale), round(900 * scale)), scale)
    assert scaled.rects.keys() == plain.rects.keys()
    for name, rect in plain.rects.items():
        assert abs(scaled[name].w - rect.w * scale) <= 1, name
    assert scaled.px(10) == round(10 * scale)


def test_what_lies_under_a_point() -> None:
    places = lay_out((1600, 900), variant="trainer")
    for name in ("inject", "training", "queues", "inspector", "top", "timeline", "legend"):
        assert places.part_at(places[name].center) == name
    assert places.part_at((300, 300)) == "map"
    assert places.part_at((1700, 300)) is None


def test_scales_for_desktops_and_steps() -> None:
    desktops = [(1366, 768), (1920, 1080), (2560, 1440), (3200, 1800), (3840, 2160)]
    assert [suggested_scale(d) for d in desktops] == [1, 1, 1.25, 1.5, 2]
    assert [next_scale(1.25, 1), next_scale(2, 1), next_scale(1, -1), next_scale(1.3, -1)] == [1.5, 2, 1, 1]
