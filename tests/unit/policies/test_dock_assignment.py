from __future__ import annotations

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
