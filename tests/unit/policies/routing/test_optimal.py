"""The exact router against all permutations, over one block and several, from anywhere to anywhere."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twin.domain.errors import PolicyError
from twin.domain.ids import LocationId
from twin.policies.routing import ROUTING, AislePlan, Point, RoutingSnapshot, Stop, leg_mm, walked_mm
from twin.policies.routing.any_ways import EXACT_STOPS, held_karp, improve, nearest_neighbour, path_mm
from twin.policies.routing.optimal import loop_of_one_block, over_blocks, search

OPTIMAL = ROUTING["optimal"]()
L = 4


@st.composite
def asked(draw: st.DrawFn, blocks_max: int, ends: bool, one_way: bool = False) -> RoutingSnapshot:
    blocks = draw(st.integers(1, blocks_max))
    aisles = draw(st.integers(1, 4))
    pitch = draw(st.sampled_from([0, 1, 3]))
    directions = st.sampled_from(["both", "up", "down"])
    plan = AislePlan(
        x_mm=tuple(pitch * a for a in range(aisles)),
        cross_y_mm=tuple(L * c for c in range(blocks + 1)),
        one_way=tuple(draw(directions) for _ in range(aisles)) if one_way else (),
    )
    where = st.tuples(st.integers(0, aisles - 1), st.integers(0, blocks - 1), st.integers(0, L))
    picks = draw(st.lists(where, min_size=1, max_size=5))
    stops = tuple(
        Stop(location=LocationId(f"{i}"), aisle=a, block=b, y_mm=b * L + y) for i, (a, b, y) in enumerate(picks)
    )

    def point(name: str) -> Point:
        if draw(st.booleans()):
            return Point(location=LocationId(name), aisle=draw(st.integers(0, aisles - 1)), y_mm=draw(deep))
        y = draw(st.sampled_from([-2, *plan.cross_y_mm, L * blocks + 3]))
        return Point(location=LocationId(name), x_mm=draw(st.integers(-2, 8)), y_mm=y)

    deep = st.integers(0, L * blocks)
    start = point("start")
    end = point("end") if ends else start
    return RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=plan, start=start, end=end)


def shortest(snapshot: RoutingSnapshot) -> int:
    plan = snapshot.plan
    assert plan is not None
    lengths = []
    for order in permutations(snapshot.stops):
        places = [snapshot.start, *order, snapshot.end]
        lengths.append(sum(leg_mm(plan, a, b) for a, b in pairwise(places)))
    return min(lengths)


def proven(snapshot: RoutingSnapshot) -> None:
    tour = OPTIMAL(snapshot)
    assert snapshot.plan is not None
    assert tour.exact
    assert sorted(s.location for s in tour.stops) == sorted(s.location for s in snapshot.stops)
    walked = walked_mm(snapshot.plan, snapshot.start, snapshot.end, tour)
    assert tour.length_mm == walked == shortest(snapshot)


@given(asked(blocks_max=1, ends=False))
@settings(max_examples=300)
def test_one_block_and_back(snapshot: RoutingSnapshot) -> None:
    proven(snapshot)


@given(asked(blocks_max=4, ends=False))
@settings(max_examples=200)
def test_several_blocks_and_back(snapshot: RoutingSnapshot) -> None:
    proven(snapshot)


@given(asked(blocks_max=4, ends=True))
@settings(max_examples=200)
def test_any_start_to_any_end(snapshot: RoutingSnapshot) -> None:
    proven(snapshot)


@given(asked(blocks_max=2, ends=False, one_way=True))
def test_one_way_aisles(snapshot: RoutingSnapshot) -> None:
    try:
        expected = shortest(snapshot)
    except ValueError:
        with pytest.raises(ValueError, match="no way"):
            OPTIMAL(snapshot)
        return
    tour = OPTIMAL(snapshot)
    assert tour.exact
    assert tour.length_mm == expected


def test_the_two_exact_programmes_agree_on_larger_lists() -> None:
    luck = Random(1983)
    for _ in range(400):
        aisles, depth, pitch = luck.randint(2, 8), luck.choice([4, 12]), luck.choice([1, 3])
        plan = AislePlan(x_mm=tuple(pitch * a for a in range(aisles)), cross_y_mm=(0, depth))
        stops = tuple(
            Stop(location=LocationId(f"{i}"), aisle=luck.randrange(aisles), block=0, y_mm=luck.randint(0, depth))
            for i in range(luck.randint(1, 14))
        )
        depot = Point(
            location=LocationId("depot"), aisle=luck.randrange(aisles), y_mm=luck.choice([0, depth, depth // 3])
        )
        one, several = loop_of_one_block(plan, depot, stops), over_blocks(plan, depot, depot, stops)
        assert one.length_mm == several.length_mm == walked_mm(plan, depot, depot, one)


def test_a_subaisle_is_walked_twice_where_nothing_else_connects_its_crossings_as_cheaply() -> None:
    """Without such ways the shortest tour found would be 220 long."""
    plan = AislePlan(x_mm=(0, 5, 35, 36, 41), cross_y_mm=(0, 40, 44, 47))
    picks = [(0, 43), (0, 45), (3, 1), (3, 25), (3, 26), (3, 46), (4, 14), (4, 31), (4, 42), (4, 46)]
    stops = tuple(
        Stop(location=LocationId(f"{a}/{y}"), aisle=a, block=sum(y >= c for c in (40, 44)), y_mm=y) for a, y in picks
    )
    depot = Point(location=LocationId("depot"), aisle=0, y_mm=0)
    snapshot = RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=plan, start=depot, end=depot)
    by_distances = search(snapshot)
    assert by_distances.exact
    assert OPTIMAL(snapshot).length_mm == by_distances.length_mm == 218


def graph(count: int) -> RoutingSnapshot:
    """Places on a line that is quicker to walk one way than the other."""
    names = [LocationId(f"{i}") for i in range(count)]
    here = Point(location=LocationId("depot"))
    at = {name: 7 * i % 31 for i, name in enumerate([here.location, *names])}
    ways = tuple((a, b, max(at[b] - at[a], 2 * (at[a] - at[b]))) for a in at for b in at if a != b)
    stops = tuple(Stop(location=name, aisle=0, block=0, y_mm=0) for name in names)
    return RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=None, start=here, end=here, ways=ways)


def test_a_graph_is_proven_up_to_the_stated_number_of_stops_and_says_so() -> None:
    snapshot = graph(EXACT_STOPS)
    tour = OPTIMAL(snapshot)
    assert tour.exact
    assert tour.length_mm == 3 * max(7 * i % 31 for i in range(EXACT_STOPS + 1))
    tour = OPTIMAL(graph(EXACT_STOPS + 1))
    assert not tour.exact
    assert len(tour.stops) == EXACT_STOPS + 1


def test_a_graph_without_a_way_is_an_error_of_the_snapshot() -> None:
    here = Point(location=LocationId("depot"))
    stop = Stop(location=LocationId("a"), aisle=0, block=0, y_mm=0)
    snapshot = RoutingSnapshot(now_ms=0, book_version=0, stops=(stop,), plan=None, start=here, end=here)
    with pytest.raises(PolicyError, match="ways say nothing"):
        OPTIMAL(snapshot)


@given(st.lists(st.lists(st.integers(0, 5), min_size=7, max_size=7), min_size=7, max_size=7))
@example([[0, 9, 9, 9, 9, 9, 1]] * 7)
def test_held_karp_is_the_best_permutation_and_the_search_never_worse_than_its_start(table: list[list[int]]) -> None:
    order, length = held_karp(table)
    assert path_mm(table, order) == length == min(path_mm(table, list(p)) for p in permutations(range(1, 6)))
    first = nearest_neighbour(table)
    better = improve(table, first)
    assert sorted(better) == sorted(first)
    assert length <= path_mm(table, better) <= path_mm(table, first)
