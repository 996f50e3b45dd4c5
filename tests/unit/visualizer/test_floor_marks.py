"""Figures, machines, names and incidents on the map, on a floor made up for them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pygame
import pytest
from drawn import Studio, ToldFeed, filled, floor
from pygame import Rect

from visualizer.camera import fit_px_per_m, panned, project, zoomed
from visualizer.mapping.fixtures import Fixtures
from visualizer.mapping.floor_map import FloorMap
from visualizer.mapping.labels import Labels
from visualizer.mapping.machines import Machines, briefest, short
from visualizer.mapping.people import MARKS, SHAPES, sprite
from visualizer.palette import THEMES
from visualizer.view import Camera, Selection, View

ROLES = ("picker", "replenisher", "putaway_driver", "agv", "packer", "receiver", "loader", "counter", "clerk")


def made(*more, **shape):
    come = [
        {"at_ms": 0, "kind": "WorkerCheckedIn", "worker": f"s/{role}-{i}", "action": role,
         "location": "s/pack" if role == "packer" else "s/door" if role == "receiver" else "s/depot"}
        for role in ROLES for i in range(3)
    ]  # fmt: skip
    feed = ToldFeed(floor(**shape), [*come, *sorted(more, key=lambda r: r["at_ms"]), {"at_ms": 900_000, "kind": "WorkEnded", "worker": "s/clerk-0"}])  # noqa: E501 # fmt: skip
    store = filled(feed)
    return Studio(feed, store), FloorMap(store)


def drawn_at(studio, painter, view, **changes):
    studio.pixels(painter, view, **changes)
    return painter._figures


# --- figures ---------------------------------------------------------------------------------------------------


def test_every_role_and_every_state_has_a_figure_of_its_own():
    theme = THEMES["dark"]
    looks = {
        pygame.image.tobytes(
            sprite(
                SHAPES.get(role, "circle"),
                8 if role not in MARKS else 6,
                theme.moving,
                theme.halo,
                mark=MARKS.get(role, ""),
            ),
            "RGBA",
        )
        for role in ROLES
    }
    assert len(looks) == len(ROLES) - 1  # replenisher and putaway driver both drive a truck
    states = {
        pygame.image.tobytes(sprite("circle", 6, theme.state(s), theme.halo, hollow=s == "break"), "RGBA")
        for s in ("moving", "working", "waiting", "blocked", "idle", "break")
    }
    assert len(states) == 6


def test_the_halo_is_the_background_and_a_break_is_hollow():
    theme = THEMES["light"]
    full = sprite("circle", 8, theme.idle, theme.halo)
    hollow = sprite("circle", 8, theme.idle, theme.halo, hollow=True)
    middle = full.get_width() // 2
    assert full.get_at((middle, middle))[:3] == theme.idle
    assert hollow.get_at((middle, middle))[:3] == theme.halo
    assert hollow.get_at((middle - 7, middle))[:3] == theme.idle
    assert full.get_at((middle, 1))[:3] == theme.halo
    assert full.get_at((0, 0))[3] == 0


def test_nobody_hides_another_who_stands_at_the_same_point():
    studio, painter = made()
    figures = drawn_at(studio, painter, View(at_ms=1000))
    assert len(figures.who) == 3 * len(ROLES)
    for i, j in combinations(range(len(figures.who)), 2):
        assert np.hypot(figures.x[i] - figures.x[j], figures.y[i] - figures.y[j]) >= figures.radius


def test_packers_sit_at_their_benches_and_those_light_up():
    work = [{"at_ms": 2000, "kind": "WorkStarted", "worker": "s/packer-1", "action": "pack"}]
    studio, painter = made(*work)
    figures = drawn_at(studio, painter, View(at_ms=1000))
    store, benches = studio.store, painter.fixtures.stations[0].benches
    for seat in range(3):
        who = store.worker_of[f"s/packer-{seat}"]
        i = int(np.flatnonzero(figures.who == who)[0])
        assert painter.projection.box(*benches[seat]).inflate(2, 2).collidepoint(figures.x[i], figures.y[i])
    assert painter._people.at_benches(store.at(1000).workers) == [[False, False, False]]
    assert painter._people.at_benches(store.at(2000).workers) == [[False, True, False]]


def test_who_is_off_is_not_drawn():
    studio, painter = made({"at_ms": 5000, "kind": "WorkerCheckedOut", "worker": "s/picker-0"})
    assert len(drawn_at(studio, painter, View(at_ms=5000)).who) == 3 * len(ROLES) - 1
    assert len(drawn_at(studio, painter, View(at_ms=-1)).who) == 0


# --- machines --------------------------------------------------------------------------------------------------


def test_totes_ride_at_their_share_and_stand_a_pitch_apart_when_blocked():
    enter = [{"at_ms": t, "kind": "BeltEntered", "equipment": "s/belt", "duration_ms": 10_000} for t in (0, 2000, 4000)]
    studio, painter = made(*enter)
    machines = Machines(studio.store, painter.fixtures)
    assert machines.on_belt(0, studio.store.at(6000)).tolist() == pytest.approx([0.6, 0.4, 0.2])
    pitch = 600 / 8000
    assert machines.on_belt(0, studio.store.at(60_000)).tolist() == pytest.approx([1, 1 - pitch, 1 - 2 * pitch])


def test_trucks_stand_at_their_doors_and_say_which_way():
    dock = {"at_ms": 1000, "kind": "TrailerDocked", "trailer": "s/T1", "door": "s/door", "action": "in"}
    leave = {"at_ms": 2000, "kind": "TrailerDeparted", "trailer": "s/T1", "door": "s/door", "action": "in"}
    studio, painter = made(dock, leave)
    machines = Machines(studio.store, painter.fixtures)
    assert [machines.ways_of_trucks(studio.store.at(t)) for t in (500, 1500, 2500)] == [[""], ["in"], [""]]
    truck = painter.fixtures.trucks[0]
    for at_ms, found in ((500, None), (1500, Selection("trailer", "s/T1")), (2500, None)):
        studio.pixels(painter, View(at_ms=at_ms))
        assert painter.pick(*painter.projection.box(*truck).center) == found


def test_what_waits_or_is_staged_is_seen():
    arrive = [{"at_ms": 1000 * i, "kind": "StationArrived", "station": "s/pack"} for i in range(1, 13)]
    stage = [
        {"at_ms": 20_000 + i, "kind": "HandlingUnitStaged", "location": "s/lane", "door": "s/door"} for i in range(4)
    ]
    studio, painter = made(*arrive, *stage)
    seen = {studio.pixels(painter, View(at_ms=t)) for t in (500, 1500, 12_500, 20_001, 30_000)}
    assert len(seen) == 5
    without = View(at_ms=12_500, layers=frozenset({"locations"}))
    assert studio.pixels(painter, without) == studio.pixels(FloorMap(studio.store), without)
    studio.pixels(painter, View(at_ms=30_000))
    lane = painter.projection.box(*painter.fixtures.lanes[0])
    assert "4 staged" in painter.hover(lane.x + 3, lane.bottom - 3)


# --- incidents -------------------------------------------------------------------------------------------------

CLOSED = {"at_ms": 10_000, "kind": "CommandGiven", "action": "block_aisle", "location": "s/A02", "duration_ms": 60_000, "status": "done"}  # noqa: E501 # fmt: skip
JAM = [
    {"at_ms": 20_000, "kind": "EquipmentFailed", "equipment": "s/belt", "reason": "jam", "duration_ms": 30_000},
    {"at_ms": 50_000, "kind": "EquipmentRepaired", "equipment": "s/belt", "duration_ms": 30_000},
]


def test_incidents_last_from_their_fact_to_their_end():
    refused = CLOSED | {"location": "s/A03", "status": "refused"}
    studio, _ = made(CLOSED, refused, *JAM)
    told = {t: [(i.kind, i.name, i.since_ms) for i in studio.store.at(t).incidents] for t in (9999, 10_000, 30_000, 50_000, 69_999, 70_000)}  # noqa: E501 # fmt: skip
    closed, jam = ("closed", "s/A02", 10_000), ("down", "s/belt", 20_000)
    assert told == {9999: [], 10_000: [closed], 30_000: [jam, closed], 50_000: [closed], 69_999: [closed], 70_000: []}


def test_an_aisle_can_be_opened_before_its_time():
    studio, _ = made(CLOSED, {"at_ms": 15_000, "kind": "CommandGiven", "action": "unblock_aisle", "location": "s/A02"})
    assert [len(studio.store.at(t).incidents) for t in (14_999, 15_000, 30_000)] == [1, 0, 0]


def test_only_the_ring_moves_by_the_wall_clock():
    studio, painter = made(CLOSED, *JAM)
    view = View(at_ms=30_000)
    one, two = (np.frombuffer(studio.pixels(painter, view, wall_s=s), np.uint8) for s in (0.3, 1.7))
    w, h = studio.rect.size
    changed = np.argwhere((one != two).reshape(h, w, 3).any(axis=2))
    assert len(changed)
    projection, ground = painter.projection, studio.store.ground
    centres = []
    for line in (ground.aisles[2], ground.belts[0]):
        x, y = projection.px((line.start[0] + line.end[0]) / 2, (line.start[1] + line.end[1]) / 2)
        centres.append((x - studio.rect.x, y - studio.rect.y))
    apart = np.min([np.hypot(changed[:, 1] - x, changed[:, 0] - y) for x, y in centres], axis=0)
    assert apart.max() <= 13 + 16 + 2
    still = {studio.pixels(painter, view, wall_s=s, reduced_motion=True) for s in (0.3, 1.7)}
    assert len(still) == 1


def test_an_incident_says_since_when_and_who_waits():
    block = [
        {"at_ms": 30_000 + i, "kind": "WorkerBlocked", "worker": f"s/picker-{i}", "location": "s/A02"} for i in range(2)
    ]
    studio, painter = made(CLOSED, *JAM, *block)
    frame = studio.frame(View(at_ms=40_000))
    words = {i.name: painter._marked.words(i, frame) for i in frame.moment.incidents}
    assert words["s/A02"] == ("Aisle A02 closed", "since 06:00:10 · 2 waiting · 00:30")
    assert words["s/belt"][0] == "belt · conveyor jam"


# --- names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("px_per_m", [0.0, 12.0, 20.0, 40.0])
def test_names_never_cover_each_other(px_per_m, monkeypatch):
    walk = [
        {"at_ms": 1000, "kind": "WorkerDeparted", "worker": f"s/{role}-0", "origin": "s/depot",
         "destination": "s/A01-05-0L", "duration_ms": 30_000 + 700 * i, "value": 6500}
        for i, role in enumerate(ROLES) if role != "packer"
    ]  # fmt: skip
    studio, painter = made(*walk, CLOSED, aisles=12, bays=14)
    placed = []
    monkeypatch.setattr(Labels, "_put", remembered(Labels._put, placed))
    camera = Camera(x_mm=6000, y_mm=3000, px_per_m=px_per_m)
    studio.pixels(painter, View(at_ms=20_000, camera=camera))
    still, moving = [r for r, plate in placed if not plate], [r for r, plate in placed if plate]
    assert len(still) >= 2
    if px_per_m >= 11:
        assert len(moving) >= 2
    else:
        assert not moving
    for some in (still, moving):
        assert not [(a, b) for a, b in combinations(some, 2) if a.colliderect(b)]


def remembered(put, placed):
    def told(self, canvas, text, at, colour, **how):
        done = put(self, canvas, text, at, colour, **how)
        if done:
            placed.append((self._taken[-1].copy(), how.get("clear_of") is not None and bool(how.get("plate"))))
        return done

    return told


def test_short_names():
    assert [short("m/A08-1"), briefest("m/A08-1"), briefest("m/door-03"), briefest("m/pack")] == [
        "A08-1",
        "08",
        "03",
        "pack",
    ]


# --- one-way aisles, cameras -----------------------------------------------------------------------------------


def test_one_way_aisles_have_arrows_and_they_turn():
    looks = set()
    for way in ("both", "up", "down"):
        studio, painter = made(one_way=way)
        looks.add(studio.pixels(painter, View(at_ms=-1)))
    assert len(looks) == 3


def test_fit_shows_all_and_zoom_has_an_end():
    bounds, window = Fixtures(filled(ToldFeed(floor(), [])).ground).bounds, Rect(100, 50, 700, 400)
    fit = project(Camera(), bounds, window)
    assert fit.is_fit
    for x, y in ((bounds[0], bounds[1]), (bounds[2], bounds[3])):
        assert window.inflate(2, 2).collidepoint(fit.px(x, y))
    assert fit.px(0, 1000)[1] < fit.px(0, 0)[1]  # y goes up
    near = Camera()
    for _ in range(40):
        near = zoomed(near, bounds, window, 1.5)
    assert near.px_per_m == 120.0
    left, bottom, right, top = project(near, bounds, window).seen()
    assert bounds[0] <= left + 20 and right <= bounds[2] + 20
    assert bounds[1] <= bottom + 20 and top <= bounds[3] + 20
    far = panned(near, bounds, window, 1e6, 1e6)
    seen = project(far, bounds, window).seen()
    assert seen[0] == pytest.approx(bounds[0], abs=20)
    assert seen[3] == pytest.approx(bounds[3], abs=20)
    assert panned(Camera(), bounds, window, 30, 30) == Camera()
    assert fit_px_per_m(bounds, window) == fit.px_per_m


def test_pixels_and_millimetres_are_each_other_s_inverse():
    bounds, window = (-1000.0, -2000.0, 90_000.0, 60_000.0), Rect(40, 60, 500, 300)
    for camera in (Camera(), Camera(x_mm=30_000, y_mm=20_000, px_per_m=33.3)):
        projection = project(camera, bounds, window)
        for px in ((40, 60), (300, 200), (539, 359)):
            assert projection.px(*projection.mm(*px)) == px
        wider = projection.within(Rect(0, 0, 600, 420))
        assert wider.px(12_345, 6789) == projection.px(12_345, 6789)


def test_a_click_on_the_minimap_is_a_point_of_the_floor():
    studio, painter = made()
    studio.pixels(painter, View(at_ms=0))
    assert painter.minimap_at(studio.rect.right - 60, studio.rect.bottom - 60) is None  # not zoomed: none is shown
    studio.pixels(painter, View(at_ms=0, camera=Camera(x_mm=4000, y_mm=2000, px_per_m=60)))
    at = painter.minimap_at(studio.rect.right - 98, studio.rect.bottom - 82)
    bounds = painter.bounds
    assert bounds[0] <= at[0] <= bounds[2]
    assert bounds[1] <= at[1] <= bounds[3]
    assert painter.minimap_at(studio.rect.x + 10, studio.rect.y + 10) is None


def test_the_foot_offers_what_the_layers_that_are_on_can_be_asked_for():
    studio, painter = made()
    wide = Studio(studio.feed, studio.store, (1600, 900))
    asked = {}
    for layers in (("locations",), ("locations", "heat"), ("locations", "abc"), ("trails",)):
        hits = painter.draw(wide.canvas, wide.rect, wide.frame(View(at_ms=0, layers=frozenset(layers))))
        asked[layers] = {h.action for h in hits if not h.action.startswith("layer_")}
    assert asked == {
        ("locations",): {"location_colour", "book_or_floor"},
        ("locations", "heat"): {"heat_mode", "heat_window", "heat_movers"},
        ("locations", "abc"): {"location_colour"},
        ("trails",): set(),
    }
    blind = painter.draw(wide.canvas, wide.rect, wide.frame(View(at_ms=0, sees_floor=False)))
    assert "book_or_floor" not in {h.action for h in blind}


def test_classes_as_slotted_are_another_picture_than_classes_by_picks():
    pick = [{"at_ms": 1000 + i, "kind": "LinePicked", "location": "s/A01-03-0L", "units": 1} for i in range(9)]
    studio, painter = made(*pick)
    looks = {
        studio.pixels(painter, View(at_ms=20_000, layers=frozenset({"abc"}), abc_by=by)) for by in ("picks", "slotted")
    }
    assert len(looks) == 2
