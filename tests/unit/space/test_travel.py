"""Ways between places: arithmetic and network agree with each other and with routing."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from twin.domain.ids import LocationId, Site
from twin.domain.legs import leg_mm
from twin.space.graph import OnWay, Way, graph
from twin.space.network import NetworkWays
from twin.space.parallel_aisle import OneWay, parallel_aisle
from twin.space.placing import Where
from twin.space.plan import DockDoor, FloorPlan, PackStation
from twin.space.travel import TravelGraph

SITE = Site("s")


def floor(blocks: int = 2, one_way: OneWay = "no") -> FloorPlan:
    return parallel_aisle(
        site=SITE,
        aisles=3,
        blocks=blocks,
        aisle_pitch_mm=5,
        locations_per_subaisle=3,
        location_pitch_mm=2,
        entry_mm=1,
        sides=1,
        one_way=one_way,
        depots=[("depot", Where(aisle=1)), ("back", Where(aisle=0, cross_aisle=blocks))],
        doors=[(DockDoor(name=LocationId("D1")), Where(x_m=0.012, y_m=-0.004))],
        pack_stations=[(PackStation(name=LocationId("pack")), Where(x_m=0.003, y_m=-0.002))],
        offices=[("desk", Where(x_m=-0.003, y_m=0.002))],
    )


def names(plan: FloorPlan) -> list[LocationId]:
    return [*plan.places, *(x.location for x in plan.locations)]


def length(corners: tuple[tuple[int, int], ...]) -> int:
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(corners))


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_arithmetic_agrees_with_routing_and_with_a_network_of_all_crossings(blocks: int) -> None:
    plan = floor(blocks)
    assert plan.aisle_plan is not None
    ways, network = TravelGraph(plan), NetworkWays(plan)
    for a, b in product(names(plan), repeat=2):
        if a == b:
            continue
        d = ways.distance_mm(a, b)
        assert d == leg_mm(plan.aisle_plan, plan.routing_point(a), plan.routing_point(b)), (a, b)
        assert d == network.distance_mm(a, b), (a, b)
        assert sum(ways.leg(a, b)) == d == sum(network.leg(a, b)), (a, b)
        assert length(ways.path(a, b)) == d, (a, b)
        assert ways.path(a, b) == ways.path(b, a)[::-1] or length(ways.path(b, a)) == d


@pytest.mark.parametrize("one_way", ["alternate", "up", "down"])
def test_one_way_ways_agree_with_routing(one_way: OneWay) -> None:
    plan = floor(2, one_way)
    assert plan.aisle_plan is not None
    ways = TravelGraph(plan)
    some = 0
    for a, b in product(names(plan), repeat=2):
        if a == b:
            continue
        try:
            expected = leg_mm(plan.aisle_plan, plan.routing_point(a), plan.routing_point(b))
        except ValueError:
            assert not ways.reaches(a, b)
            continue
        some += 1
        assert ways.distance_mm(a, b) == expected == sum(ways.leg(a, b)), (a, b)
        assert length(ways.path(a, b)) == expected
    assert some > 50


def test_a_leg_says_how_much_of_it_lies_in_which_aisle() -> None:
    plan = floor(1)
    ways = TravelGraph(plan)
    first, last = LocationId("s/A01-1-001-1L"), LocationId("s/A03-1-003-1L")
    assert ways.leg(first, last) == (1, 10, 5)
    assert ways.leg(first, last, 1) == (5, 10, 1)
    assert ways.leg(first, LocationId("s/A01-1-003-1L")) == (0, 0, 4)
    assert ways.leg(LocationId("s/D1"), first) == (0, 16, 1)
    assert ways.leg(first, LocationId("s/D1")) == (1, 16, 0)
    assert ways.path(first, last, 1) == ((0, 1), (0, 6), (10, 6), (10, 5))


def test_a_leg_within_an_aisle_leaves_one_block_before_it_enters_the_next() -> None:
    ways = TravelGraph(floor(3))
    near, far = LocationId("s/A01-1-002-1L"), LocationId("s/A01-3-002-1L")
    beside = LocationId("s/A01-2-001-1L")
    assert ways.leg(near, beside) == (3, 0, 1)
    assert ways.leg(beside, near) == (1, 0, 3)
    assert ways.leg(near, far) == (3, 6, 3)
    assert ways.leg(far, near) == (3, 6, 3)


def test_distances_are_a_metric() -> None:
    plan = floor(2)
    ways = TravelGraph(plan)
    some = [*plan.places, *(x.location for x in plan.locations[::3])]
    for a, b, c in product(some, repeat=3):
        assert ways.distance_mm(a, c) <= ways.distance_mm(a, b) + ways.distance_mm(b, c)
    for a, b in product(some, repeat=2):
        assert ways.distance_mm(a, b) == ways.distance_mm(b, a)
        assert (ways.distance_mm(a, b) == 0) >= (a == b)


def ring() -> FloorPlan:
    """Round a ring one way, with a two-way spur, and an island."""
    return graph(
        site=SITE,
        points={"a": (0, 0), "b": (10, 0), "c": (10, 10), "d": (20, 0), "i": (99, 99), "j": (99, 109)},
        ways=[
            Way("a", "b", one_way=True),
            Way("b", "c", one_way=True),
            Way("c", "a", 14, one_way=True),
            Way("b", "d"),
            Way("i", "j"),
        ],
        locations=[
            OnWay("early", ("a", "b"), 2),
            OnWay("late", ("a", "b"), 8),
            OnWay("spur", ("b", "d"), 5),
            OnWay("far", ("i", "j"), 5),
        ],
        depots=[("depot", Where(point="a"))],
    )


def test_a_graph_goes_round_where_it_must() -> None:
    ways = TravelGraph(ring())
    early, late, spur = LocationId("s/early"), LocationId("s/late"), LocationId("s/spur")
    assert ways.distance_mm(early, late) == 6
    assert ways.distance_mm(late, early) == 2 + 10 + 14 + 2
    assert ways.distance_mm(spur, early) == 5 + 10 + 14 + 2
    assert ways.leg(spur, early) == (5, 24, 2)
    assert ways.leg(early, late) == (0, 0, 6)
    assert ways.distance_mm(LocationId("s/depot"), spur) == 15
    assert ways.path(late, early) == ((8, 0), (10, 0), (10, 10), (0, 0), (2, 0))


def test_unknown_and_unreachable_places_are_named() -> None:
    ways = TravelGraph(ring())
    with pytest.raises(ValueError, match="no way leads from s/depot to s/far"):
        ways.distance_mm(LocationId("s/depot"), LocationId("s/far"))
    assert not ways.reaches(LocationId("s/depot"), LocationId("s/far"))
    with pytest.raises(ValueError, match="no place named s/nowhere"):
        ways.distance_mm(LocationId("s/depot"), LocationId("s/nowhere"))
    with pytest.raises(ValueError, match="no place named s/nowhere"):
        TravelGraph(floor()).distance_mm(LocationId("s/nowhere"), LocationId("s/depot"))
