from __future__ import annotations

import itertools
import random
import time
from typing import Any

import pytest

from twin.policies.dock_assignment import DOCK_ASSIGNMENT, DockRules, DockSnapshot, Door, DoorAssignment, Visit


def visit(name: str, arrived_at_ms: int | None = 0, **changed: Any) -> Visit:
    plain: dict[str, Any] = {
        "trailer": name,
        "direction": "out",
        "arrived_at_ms": arrived_at_ms,
        "earliest_ms": 0,
        "latest_ms": 1000,
        "work_ms": 100,
        "storage": "ambient",
        "carrier": "north",
        "loads": (("A", 2), ("B", 1)),
        "drop": False,
    }
    return Visit(**(plain | changed))


def door(name: str, **changed: Any) -> Door:
    plain: dict[str, Any] = {
        "door": name,
        "directions": frozenset({"in", "out"}),
        "storage": frozenset({"ambient"}),
        "busy": (),
        "lane_places_free": 1,
        "walk_mm": (),
    }
    return Door(**(plain | changed))


def assign(
    name: str, visits: list[Visit], doors: list[Door], rules: DockRules | None = None, now_ms: int = 10
) -> DoorAssignment:
    snapshot = DockSnapshot(now_ms=now_ms, book_version=1, visits=tuple(visits), doors=tuple(doors))
    return DOCK_ASSIGNMENT[name](rules=rules or DockRules())(snapshot)


def test_first_come_takes_the_door_that_is_free_first():
    doors = [door("d1", busy=((0, 50),)), door("d2", busy=((0, 40),))]
    assert assign("first_come", [visit("t")], doors).bookings == (("t", "d2", 40),)


def test_trailers_are_served_by_arrival_then_id():
    visits = [visit("c", 5), visit("b", 4), visit("a", 5)]
    assert assign("first_come", visits, [door("d")]).bookings == (("b", "d", 10), ("a", "d", 110), ("c", "d", 210))


def test_ties_go_to_the_shorter_walk_then_the_door_id():
    doors = [door("d1", walk_mm=(("A", 3), ("B", 9))), door("d2", walk_mm=(("A", 5), ("B", 4)))]
    assert assign("first_come", [visit("t")], doors).bookings == (("t", "d2", 10),)
    assert assign("first_come", [visit("t")], [door("d2"), door("d1")]).bookings == (("t", "d1", 10),)


def test_a_gap_between_two_bookings_is_used_only_if_the_work_fits():
    assert assign("first_come", [visit("t")], [door("d", busy=((110, 200),))]).bookings == (("t", "d", 10),)
    assert assign("first_come", [visit("t")], [door("d", busy=((109, 200),))]).bookings == (("t", "d", 200),)
    busy = ((300, 400), (0, 60))
    assert assign("first_come", [visit("t")], [door("d", busy=busy)]).bookings == (("t", "d", 60),)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("no_place", {"directions": frozenset({"in"})}),
        ("temperature", {"storage": frozenset({"chilled"})}),
        ("no_lane", {"lane_places_free": 0}),
    ],
)
def test_each_filter_gives_its_code(code, changed):
    decision = assign("first_come", [visit("t")], [door("d", **changed)])
    assert decision.bookings == () and [(r.subject, r.code) for r in decision.rejected] == [("t", code)]
    assert assign("first_come", [visit("t")], [door("d", **changed), door("e")]).bookings == (("t", "e", 10),)


def test_a_trailer_that_has_not_arrived_has_no_place_in_the_queue():
    decision = assign("first_come", [visit("t", None)], [door("d")])
    assert decision.bookings == () and decision.rejected[0].code == "window"


def test_no_trailer_is_given_a_door_before_it_arrived():
    assert assign("first_come", [visit("t", 70)], [door("d")]).bookings == (("t", "d", 70),)


RULES = DockRules(fixed=(("north", "d2"),))


def test_a_carrier_waits_for_its_fixed_door_and_others_take_the_first_free():
    doors = [door("d1"), door("d2", busy=((0, 500),))]
    visits = [visit("t"), visit("u", carrier="south")]
    assert assign("by_carrier", visits, doors, RULES).bookings == (("t", "d2", 500), ("u", "d1", 10))


def test_a_fixed_door_that_may_not_serve_is_refused_and_one_out_of_order_is_replaced():
    cold = [door("d1"), door("d2", storage=frozenset({"chilled"}))]
    assert assign("by_carrier", [visit("t")], cold, RULES).rejected[0].code == "temperature"
    assert assign("by_carrier", [visit("t")], [door("d1")], RULES).bookings == (("t", "d1", 10),)


MINUTE_MS = 60_000


def codes(decision: DoorAssignment) -> dict[str, str]:
    return {r.subject: r.code for r in decision.rejected}


def test_appointments_go_by_the_end_of_the_window_then_its_start_then_the_id():
    visits = [
        visit("a", latest_ms=900), visit("b", latest_ms=800, earliest_ms=5), visit("c", latest_ms=800, earliest_ms=5),
        visit("d", latest_ms=800, earliest_ms=2),
    ]  # fmt: skip
    decision = assign("appointment", visits, [door("x")])
    assert decision.bookings == (("d", "x", 10), ("b", "x", 110), ("c", "x", 210), ("a", "x", 310))


def test_an_appointment_is_kept_for_a_trailer_on_its_way_and_begins_no_earlier():
    decision = assign("appointment", [visit("t", None, earliest_ms=400)], [door("x"), door("y", busy=((390, 410),))])
    assert decision.bookings == (("t", "x", 400),)
    tie = assign("appointment", [visit("t")], [door("y", walk_mm=(("A", 1),)), door("x", walk_mm=(("A", 2),))])
    assert tie.bookings == (("t", "y", 10),)


def test_the_whole_work_lies_inside_the_window():
    just = [door("x", busy=((0, 900),))]
    assert assign("appointment", [visit("t", None)], just).bookings == (("t", "x", 900),)
    over = [door("x", busy=((0, 901),))]
    decision = assign("appointment", [visit("t", None)], over)
    assert decision.bookings == () and codes(decision) == {"t": "window"}
    assert assign("appointment", [visit("t", 0)], over).bookings == (("t", "x", 901),)  # it stands there: it queues


def test_a_late_trailer_keeps_its_window_within_the_grace_and_then_queues():
    rules = DockRules(grace_min=1)
    late = visit("late", 900 + MINUTE_MS, work_ms=100)
    other = visit("z", None, earliest_ms=900 + MINUTE_MS, latest_ms=900 + MINUTE_MS + 100)
    now = {"now_ms": 900 + MINUTE_MS, "rules": rules}
    assert assign("appointment", [late, other], [door("x")], **now).bookings[0] == ("late", "x", 900 + MINUTE_MS)
    later = visit("late", 901 + MINUTE_MS, work_ms=100)
    now = {"now_ms": 901 + MINUTE_MS, "rules": rules}
    other = visit("z", None, earliest_ms=950 + MINUTE_MS, latest_ms=1060 + MINUTE_MS)
    assert assign("appointment", [later, other], [door("x")], **now).bookings == (
        ("z", "x", 950 + MINUTE_MS), ("late", "x", 1050 + MINUTE_MS)
    )  # fmt: skip
    gone = assign("appointment", [visit("late", None)], [door("x")], **now)
    assert gone.bookings == () and codes(gone) == {"late": "window"}


def test_those_that_lost_their_windows_queue_by_arrival():
    visits = [visit("b", 2000), visit("a", 3000), visit("c", 2000)]
    decision = assign("appointment", visits, [door("x")], DockRules(grace_min=0), now_ms=5000)
    assert decision.bookings == (("b", "x", 5000), ("c", "x", 5100), ("a", "x", 5200))


@pytest.mark.parametrize("name", ["appointment", "least_walk"])
def test_windows_do_not_open_doors_that_may_not_serve(name):
    doors = [door("x", storage=frozenset({"chilled"})), door("y", lane_places_free=0)]
    assert codes(assign(name, [visit("t")], doors)) == {"t": "no_lane"}
    assert codes(assign(name, [visit("t")], doors[:1])) == {"t": "temperature"}
    assert codes(assign(name, [visit("t")], [])) == {"t": "no_place"}


def test_least_walk_gives_up_one_best_door_to_save_more_in_all():
    # alone each would take d1: 10 x 5 + 1 x 9 = 59 beats 1 x 5 + 10 x 9
    doors = [door("d1", walk_mm=(("A", 5),)), door("d2", walk_mm=(("A", 9),))]
    visits = [visit("a", loads=(("A", 1),)), visit("b", loads=(("A", 10),))]
    assert sorted(assign("least_walk", visits, doors).bookings) == [("a", "d2", 10), ("b", "d1", 10)]
    # a saves 6 at d1, b saves 8
    doors = [door("d1", walk_mm=(("A", 1), ("B", 1))), door("d2", walk_mm=(("A", 4), ("B", 9)))]
    visits = [visit("a", loads=(("A", 2),)), visit("b", loads=(("B", 1),))]
    assert sorted(assign("least_walk", visits, doors).bookings) == [("a", "d2", 10), ("b", "d1", 10)]


def test_least_walk_takes_a_free_door_rather_than_wait_for_another_trailer():
    doors = [door("d1", walk_mm=(("A", 1),)), door("d2", walk_mm=(("A", 100),))]
    visits = [visit("a", loads=(("A", 1),)), visit("b", loads=(("A", 1),))]
    assert sorted(assign("least_walk", visits, doors).bookings) == [("a", "d1", 10), ("b", "d2", 10)]
    assert sorted(assign("least_walk", visits, doors[:1]).bookings) == [("a", "d1", 10), ("b", "d1", 110)]


def test_least_walk_breaks_ties_by_start_then_door():
    doors = [door("d1", busy=((0, 50),)), door("d3"), door("d2")]
    assert assign("least_walk", [visit("t", loads=())], doors).bookings == (("t", "d2", 10),)


def brute_force(visits: list[Visit], doors: list[Door], now_ms: int) -> tuple[int, int]:
    """(trailers inside their windows, walk) of the best way to put each at a door of its own, or at none."""
    best = (0, 0)
    for choice in itertools.product([None, *doors], repeat=len(visits)):
        used = [d.door for d in choice if d is not None]
        if len(used) != len(set(used)):
            continue
        walk, fits = 0, True
        for v, d in zip(visits, choice, strict=True):
            if d is not None:
                start = max([now_ms, v.arrived_at_ms or 0, v.earliest_ms, *[to for _, to in d.busy]])
                fits = fits and start + v.work_ms <= v.latest_ms
                walk += sum(n * dict(d.walk_mm).get(z, 0) for z, n in v.loads)
        if fits:
            best = max(best, (len(used), -walk))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_least_walk_agrees_with_trying_every_assignment(seed):
    rng = random.Random(seed)
    visits = [
        visit(f"t{i}", 0, latest_ms=rng.choice((115, 1000)), loads=(("A", rng.randrange(4)), ("B", rng.randrange(4))))
        for i in range(rng.randint(1, 4))
    ]
    doors = [
        door(f"d{i}", busy=rng.choice(((), (), ((0, 20),))), walk_mm=(("A", rng.randrange(9)), ("B", rng.randrange(9))))
        for i in range(4)
    ]
    decision = assign("least_walk", visits, doors)
    by_id = {v.trailer: v for v in visits}
    inside = [row for row in decision.bookings if row[2] + 100 <= by_id[row[0]].latest_ms]
    walks = {d.door: dict(d.walk_mm) for d in doors}
    walk = sum(n * walks[d][z] for t, d, _ in inside for z, n in by_id[t].loads)
    fitting, least = brute_force(visits, doors, 10)
    assert len(inside) >= fitting
    if len({d for _, d, _ in inside}) == len(inside) == fitting:
        assert walk == -least
    else:  # somebody waits for another of them: only where not all have a door of their own in time
        assert fitting < len(visits)


def test_with_many_trailers_those_with_most_loads_choose_first():
    doors = [door(f"d{i}", walk_mm=(("A", 1 + i),)) for i in range(8)]
    visits = [visit(f"t{i}", loads=(("A", 1 + (3 * i) % 8),)) for i in range(8)]
    decision = assign("least_walk", visits, doors)
    by_load = sorted(visits, key=lambda v: -v.loads[0][1])
    assert [row[:2] for row in decision.bookings] == [(v.trailer, f"d{i}") for i, v in enumerate(by_load)]


def test_many_doors_are_tried_in_no_time():
    doors = [door(f"d{i:02}", walk_mm=(("A", 1 + i % 7), ("B", 1 + i % 5))) for i in range(25)]
    visits = [visit(f"t{i}", loads=(("A", i), ("B", 5 - i))) for i in range(5)]
    began = time.process_time()
    assert len(assign("least_walk", visits, doors).bookings) == 5
    assert time.process_time() - began < 5
