"""The map is a function of store, time and view; a pixel gives what is drawn there; a steady frame makes nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest
from drawn import Studio, filled

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.mapping.floor_map import FloorMap
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Camera, Selection, View

ALL = frozenset({"locations", "heat", "trails", "queues", "labels"})
CLOSE = Camera(x_mm=20_000, y_mm=10_000, px_per_m=30.0)


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map") / "run"
    run_scenario(load_scenario("policy_day", ["horizon_h=6"]), out=folder)
    return RecordedFeed(folder)


@pytest.fixture(scope="module")
def store(feed):
    return filled(feed)


@pytest.fixture
def studio(feed, store):
    return Studio(feed, store)


def views(head_ms: int) -> list[View]:
    draw = random.Random(5)
    some = [draw.randrange(head_ms) for _ in range(5)]
    who = Selection("worker", "main/picker-001")
    return [
        *(
            View(at_ms=t, layers=ALL, selection=who, heat=kind)
            for t, kind in zip(some, ("volume", "waiting", "backlog", "volume", "waiting"), strict=True)
        ),
        View(at_ms=some[0], camera=CLOSE, layers=ALL, selection=who, follow=True),
        View(at_ms=some[1], camera=CLOSE, layers=frozenset({"abc", "labels"}), heat_window_ms=0),
        View(at_ms=some[2], camera=Camera(x_mm=5000, y_mm=0, px_per_m=60.0), colouring="picks"),
        View(at_ms=some[3], stock_side="difference"),
        View(at_ms=some[3], stock_side="difference", sees_floor=False),
    ]


def test_the_picture_is_a_function_of_store_time_and_view(feed, store, studio):
    asked = views(feed.head_ms)
    fresh = [studio.pixels(FloorMap(store), view) for view in asked]
    assert len(set(fresh)) == len(asked)  # no two of these views look alike
    used = FloorMap(store)
    order = list(range(len(asked))) * 3
    random.Random(2).shuffle(order)
    for i in order:
        assert studio.pixels(used, asked[i]) == fresh[i], asked[i]


def test_panning_a_kept_picture_is_drawing_a_new_one(store, studio):
    painter = FloorMap(store)
    for x_mm in (20_000, 21_300, 24_900, 12_000):
        view = View(at_ms=3_600_000, camera=Camera(x_mm=x_mm, y_mm=10_000 + x_mm / 7, px_per_m=37.3))
        assert studio.pixels(painter, view) == studio.pixels(FloorMap(store), view)


def test_a_steady_frame_makes_no_picture_and_no_text(store, studio):
    for camera in (Camera(), CLOSE):
        painter = FloorMap(store)
        view = View(at_ms=5_000_000, camera=camera, layers=ALL, selection=Selection("worker", "main/picker-002"))
        studio.pixels(painter, view)
        letters, signs = studio.canvas.lettering, studio.canvas.signs
        before = painter.made, letters.rendered, signs.made
        assert before[0] > 0
        for _ in range(3):
            studio.pixels(painter, view)
        assert (painter.made, letters.rendered, signs.made) == before


def test_playing_on_recolours_instead_of_drawing_the_floor_again(store, studio):
    painter = FloorMap(store)
    layers = frozenset({"locations", "trails"})
    studio.pixels(painter, View(at_ms=4_000_000, layers=layers))
    made = painter.made
    for at_ms in range(4_000_000, 4_600_000, 20_000):
        view = View(at_ms=at_ms, layers=layers)
        assert studio.pixels(painter, view) == studio.pixels(FloorMap(store), view)
    assert painter._layer.made == 1
    assert painter.made - made <= 20  # figures of states not met before


def test_a_hurried_frame_scales_and_the_next_one_at_rest_is_crisp(store, studio):
    painter = FloorMap(store)
    near = View(at_ms=4_000_000, camera=CLOSE)
    studio.pixels(painter, View(at_ms=4_000_000))
    painter.hurried = True
    scaled = studio.pixels(painter, near)
    assert painter._layer.made == 1
    painter.hurried = False
    crisp = studio.pixels(painter, near)
    assert crisp == studio.pixels(FloorMap(store), near) != scaled


def test_a_pixel_gives_what_is_drawn_there(feed, store, studio):
    ground = store.ground
    for camera in (Camera(), CLOSE):
        painter = FloorMap(store)
        for at_ms in (2_000_000, 9_000_000, 15_000_000):
            studio.pixels(painter, View(at_ms=at_ms, camera=camera))
            figures, projection = painter._figures, painter.projection
            seen = projection.rect
            shown = [i for i, (x, y) in enumerate(zip(figures.x, figures.y, strict=True)) if seen.collidepoint(x, y)]
            for i in shown:
                found = painter.pick(int(figures.x[i]), int(figures.y[i]))
                assert found.kind == "worker"
                who = store.worker_of[found.name]
                j = int(np.flatnonzero(figures.who == who)[0])
                assert (figures.x[j], figures.y[j]) == (figures.x[i], figures.y[i])
            hits = 0
            for cell in range(0, len(ground.cells), 7):
                x, y = projection.px(ground.cells.x[cell], ground.cells.y[cell])
                apart = np.hypot(figures.x - x, figures.y - y).min(initial=99)
                if seen.collidepoint(x, y) and apart > figures.radius + 6:
                    hits += 1
                    assert painter.pick(x, y) == Selection("location", ground.cells.name[cell])
                    assert ground.cells.name[cell].rpartition("/")[2] in painter.hover(x, y)
            assert hits > 10


def test_places_are_found_where_they_stand(store, studio):
    painter = FloorMap(store)
    studio.pixels(painter, View(at_ms=-1))  # before anybody came
    ground, fixtures, projection = store.ground, painter.fixtures, painter.projection
    for kind, places, boxes in (
        ("station", ground.stations, [s.box for s in fixtures.stations]), ("door", ground.doors, fixtures.doors),
        ("lane", ground.lanes, fixtures.lanes),
    ):  # fmt: skip
        for place, box in zip(places, boxes, strict=True):
            assert painter.pick(*projection.box(*box).center) == Selection(kind, place.name)
    belt = ground.belts[0]
    middle = (belt.start[0] + belt.end[0]) / 2, (belt.start[1] + belt.end[1]) / 2
    assert painter.pick(*projection.px(*middle)) == Selection("belt", belt.name)
    aisle = ground.aisles[3]
    assert painter.pick(*projection.px(aisle.start[0], 15_000)) == Selection("aisle", aisle.name)
    assert painter.pick(studio.rect.x + 2, studio.rect.y + 60) is None
    assert painter.pick(0, 0) is None  # beside the map


def test_a_lasso_sums_what_is_inside(store, studio):
    painter = FloorMap(store)
    view = View(at_ms=9_000_000, heat_window_ms=0)
    studio.pixels(painter, view)
    cells, moment = store.ground.cells, store.at(view.at_ms)
    left, top = painter.projection.px(-2500, 12_000)
    right, bottom = painter.projection.px(9_000, 4_000)
    found = painter.lasso(type(studio.rect)(left, top, right - left, bottom - top))
    x0, y1 = painter.projection.mm(left, top)
    x1, y0 = painter.projection.mm(right, bottom)
    inside = [i for i in range(len(cells)) if x0 <= cells.x[i] <= x1 and y0 <= cells.y[i] <= y1]
    assert len(inside) > 20
    assert found.locations == tuple(cells.name[i] for i in inside)
    assert found.floor_units == sum(int(moment.floor_units[i]) for i in inside)
    assert found.book_units == sum(int(moment.book_units[i]) for i in inside)
    picks = store.picks.at(moment.row)
    assert found.lines == sum(int(picks[i]) for i in inside) > 0
    assert str(found.lines) in found.words("en")


def test_every_chip_asks_for_an_action_of_the_keys(store, studio):
    from visualizer.controlling.keys import CHORDS_OF, Action

    painter = FloorMap(store)
    hits = painter.draw(studio.canvas, studio.rect, studio.frame(View(layers=ALL)))
    assert {h.action for h in hits} >= {f"layer_{n}" for n in range(1, 7)} | {"heat_mode", "heat_window"}
    assert all(CHORDS_OF[Action(hit.action)] and hit.tip for hit in hits)
    assert all(studio.rect.contains(hit.rect) for hit in hits)


def test_the_camera_keeps_the_point_under_the_pointer(store, studio):
    painter = FloorMap(store)
    view = View(at_ms=0, camera=CLOSE)
    frame = studio.frame(view)
    painter.draw(studio.canvas, studio.rect, frame)
    at = (studio.rect.centerx + 130, studio.rect.centery - 60)
    before = painter.projection.mm(*at)
    nearer = View(at_ms=0, camera=painter.zoomed(frame, 1.6, at))
    painter.draw(studio.canvas, studio.rect, studio.frame(nearer))
    after = painter.projection.mm(*at)
    assert nearer.camera.px_per_m == pytest.approx(48.0)
    assert np.hypot(after[0] - before[0], after[1] - before[1]) < 2 / 0.048
    assert painter.zoomed(frame, 1e-6) == Camera()
    moved = painter.panned(frame, 50, 0)
    assert moved.x_mm == pytest.approx(CLOSE.x_mm - 50 / 0.030, abs=2 / 0.030)


def test_who_is_followed_is_in_the_middle(store, studio):
    painter = FloorMap(store)
    for at_ms in (3_000_000, 3_020_000, 8_000_000):
        view = View(at_ms=at_ms, camera=CLOSE, selection=Selection("worker", "main/picker-001"), follow=True)
        frame = studio.frame(view)
        painter.draw(studio.canvas, studio.rect, frame)
        who = store.worker_of["main/picker-001"]
        camera = painter.camera(frame)
        assert (camera.x_mm, camera.y_mm) == (frame.moment.workers.x[who], frame.moment.workers.y[who])
