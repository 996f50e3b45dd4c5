"""The simple routing rules against the closed formulas and worked examples of the reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain.errors import PolicyError
from twin.domain.ids import LocationId
from twin.policies.routing import ROUTING, AislePlan, Point, RoutingSnapshot, Stop, Tour, walked_mm

FRONT_LEFT = Point(location=LocationId("depot"), aisle=0, y_mm=0)
EXAMPLES = [  # picks as aisle:position in 10 aisles, pitch 5, L 47, y = 1.5 + position; the columns as in ROUTING
    ("3:10 3:30", (93, 93, 93, 93, 93, 93)),
    ("1:8 4:2 4:40 6:12 6:20", (197, 205, 172, 172, 173, 172)),
    ("0:5 2:22 2:35 5:3 5:41 8:10", (268, 274, 260, 239, 210, 205)),
    ("0:44 1:0 1:30 3:12 3:14 6:2 6:25 6:40 9:7", (295, 375, 297, 297, 295, 245)),
]


def snapshot(plan: AislePlan, picks: list[tuple[int, int]], start: Point, end: Point | None = None) -> RoutingSnapshot:
    crosses = plan.cross_y_mm
    stops = [
        Stop(
            location=LocationId(f"{i}"),
            aisle=a,
            block=next(k for k in range(len(crosses) - 1) if y <= crosses[k + 1]),
            y_mm=y,
        )
        for i, (a, y) in enumerate(picks)
    ]
    return RoutingSnapshot(now_ms=0, book_version=0, stops=tuple(stops), plan=plan, start=start, end=end or start)


def route(name: str, asked: RoutingSnapshot) -> Tour:
    tour = ROUTING[name]()(asked)
    assert asked.plan is not None
    assert tour.length_mm == walked_mm(asked.plan, asked.start, asked.end, tour)
    assert sorted(s.location for s in tour.stops) == sorted(s.location for s in asked.stops)
    return tour


@pytest.mark.parametrize(("picks", "lengths"), EXAMPLES)
def test_the_worked_examples(picks: str, lengths: tuple[int, ...]) -> None:
    plan = AislePlan(x_mm=tuple(range(0, 50_000, 5_000)), cross_y_mm=(0, 47_000))
    rows = [(int(a), 1_500 + 1_000 * int(p)) for a, p in (pick.split(":") for pick in picks.split())]
    asked = snapshot(plan, rows, FRONT_LEFT)
    assert tuple(route(name, asked).length_mm for name in ROUTING) == tuple(1_000 * x for x in lengths)


def test_the_worked_example_of_the_policy_table() -> None:
    plan = AislePlan(x_mm=(0, 5, 10, 15), cross_y_mm=(0, 20))
    asked = snapshot(plan, [(0, 2), (1, 16), (1, 18), (2, 6), (2, 12), (3, 12)], FRONT_LEFT)
    lengths = {name: route(name, asked).length_mm for name in ROUTING}
    assert lengths == {
        "s_shape": 110,
        "return": 118,
        "midpoint": 106,
        "largest_gap": 102,
        "combined": 98,
        "optimal": 90,
    }


def formula(name: str, picks: list[tuple[int, int]], pitch: int, L: int) -> int:
    """Length by the closed formulas: one block, depot at the left front."""
    by_aisle: dict[int, list[int]] = {}
    for a, y in sorted(set(picks)):
        by_aisle.setdefault(a, []).append(y)
    rows = list(by_aisle.values())
    m, x_far = len(rows), pitch * max(by_aisle)
    if name == "s_shape":
        return 2 * x_far + (m * L if m % 2 == 0 else (m - 1) * L + 2 * rows[-1][-1])
    if name == "return" or (m == 1 and name != "combined"):
        return 2 * x_far + sum(2 * ys[-1] for ys in rows)
    if name == "midpoint":
        front = [max((y for y in ys if 2 * y <= L), default=0) for ys in rows[1:-1]]
        back = [L - min((y for y in ys if 2 * y > L), default=L) for ys in rows[1:-1]]
        return 2 * x_far + 2 * L + 2 * sum(front) + 2 * sum(back)
    if name == "largest_gap":
        gaps = [max(b - a for a, b in zip([0, *ys], [*ys, L], strict=True)) for ys in rows[1:-1]]
        return 2 * x_far + 2 * L + sum(2 * (L - gap) for gap in gaps)
    b, t = 0, 10**9
    for ys in rows:
        b, t = min(b + 2 * ys[-1], t + L), min(t + 2 * (L - ys[0]), b + L)
    return 2 * x_far + b


@pytest.mark.parametrize("name", ["s_shape", "return", "midpoint", "largest_gap", "combined"])
@given(
    picks=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=8),
    pitch=st.sampled_from([0, 1, 3]),
)
def test_one_block_from_the_left_front_is_the_closed_formula(
    name: str, picks: list[tuple[int, int]], pitch: int
) -> None:
    plan = AislePlan(x_mm=tuple(pitch * a for a in range(5)), cross_y_mm=(0, 6))
    assert route(name, snapshot(plan, picks, FRONT_LEFT)).length_mm == formula(name, picks, pitch, 6)


@pytest.mark.parametrize("name", ["s_shape", "return", "midpoint", "largest_gap", "combined"])
@given(picks=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=8))
def test_a_depot_at_another_corner_is_the_same_floor_turned_round(name: str, picks: list[tuple[int, int]]) -> None:
    plan = AislePlan(x_mm=(0, 3, 6, 9, 12), cross_y_mm=(0, 6))
    right = Point(location=LocationId("depot"), aisle=4, y_mm=0)
    back = Point(location=LocationId("depot"), aisle=0, y_mm=6)
    mirrored = [(4 - a, y) for a, y in picks]
    turned = [(a, 6 - y) for a, y in picks]
    length = formula(name, picks, 3, 6)
    assert route(name, snapshot(plan, mirrored, right)).length_mm == length
    assert route(name, snapshot(plan, turned, back)).length_mm == length


def test_blocks_are_taken_from_the_farthest_to_the_nearest() -> None:
    plan = AislePlan(x_mm=(0, 5, 10), cross_y_mm=(0, 10, 20))
    picks = [(0, 5), (1, 6), (0, 15), (2, 14)]
    tour = route("s_shape", snapshot(plan, picks, FRONT_LEFT))
    assert [(s.aisle, s.y_mm) for s in tour.stops] == [(0, 15), (2, 14), (1, 6), (0, 5)]
    # up aisle 0, over the back, down aisle 2 to the middle, on to the front, up aisle 1, over the middle, home
    assert tour.length_mm == 20 + 10 + 20 + 5 + 10 + 5 + 10
    at_the_back = Point(location=LocationId("depot"), aisle=0, y_mm=20)
    tour = route("s_shape", snapshot(plan, picks, at_the_back))
    assert [s.block for s in tour.stops] == [0, 0, 1, 1]


@pytest.mark.parametrize("name", list(ROUTING))
def test_a_tour_may_end_elsewhere(name: str) -> None:
    plan = AislePlan(x_mm=(0, 5, 10), cross_y_mm=(0, 10))
    station = Point(location=LocationId("pack"), x_mm=12, y_mm=-2)
    tour = route(name, snapshot(plan, [(0, 5), (1, 6), (2, 9)], FRONT_LEFT, station))
    assert len(tour.via) == 4


@pytest.mark.parametrize("name", list(ROUTING))
def test_no_stops_is_no_way_and_two_stops_at_one_location_are_one_visit(name: str) -> None:
    plan = AislePlan(x_mm=(0, 5), cross_y_mm=(0, 10))
    assert ROUTING[name]()(snapshot(plan, [], FRONT_LEFT)).length_mm == 0
    stop = Stop(location=LocationId("a"), aisle=1, block=0, y_mm=4)
    asked = RoutingSnapshot(now_ms=0, book_version=0, stops=(stop, stop), plan=plan, start=FRONT_LEFT, end=FRONT_LEFT)
    tour = ROUTING[name]()(asked)
    assert tour.stops == (stop,)
    assert tour.length_mm == 18


def test_only_s_shape_and_optimal_walk_one_way_aisles() -> None:
    plan = AislePlan(x_mm=(0, 5, 10), cross_y_mm=(0, 10), one_way=("up", "down", "up"))
    asked = snapshot(plan, [(0, 2), (0, 7), (1, 3), (1, 8)], FRONT_LEFT)
    tour = route("s_shape", asked)
    assert [s.y_mm for s in tour.stops] == [2, 7, 8, 3]
    assert tour.length_mm == 10 + 5 + 10 + 5 == route("optimal", asked).length_mm
    for name in ("return", "midpoint", "largest_gap", "combined"):
        with pytest.raises(PolicyError, match=f"routing={name} walks aisles both ways"):
            ROUTING[name]()(asked)


def test_simple_rules_refuse_a_graph() -> None:
    here = Point(location=LocationId("depot"))
    stop = Stop(location=LocationId("a"), aisle=0, block=0, y_mm=0)
    asked = RoutingSnapshot(now_ms=0, book_version=0, stops=(stop,), plan=None, start=here, end=here)
    with pytest.raises(PolicyError, match="routing=return needs parallel aisles"):
        ROUTING["return"]()(asked)


@pytest.mark.parametrize("name", list(ROUTING))
def test_visit_groups_are_walked_one_after_the_other(name: str) -> None:
    plan = AislePlan(x_mm=(0, 5, 10), cross_y_mm=(0, 10))
    stops = tuple(
        Stop(location=LocationId(f"{a}{g}"), aisle=a, block=0, y_mm=3 + a + g, visit_group=g)
        for a in range(3)
        for g in (2, 1)
    )
    asked = RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=plan, start=FRONT_LEFT, end=FRONT_LEFT)
    tour = route(name, asked)
    assert [s.visit_group for s in tour.stops] == [1, 1, 1, 2, 2, 2]
    assert not tour.exact


def places(tour: Tour) -> list[tuple[int, int]]:
    return [(s.aisle, s.y_mm) for s in tour.stops]


def test_of_equal_gaps_the_one_nearest_the_front_is_not_walked() -> None:
    plan = AislePlan(x_mm=(0, 1, 2), cross_y_mm=(0, 9))
    tour = route("largest_gap", snapshot(plan, [(0, 1), (1, 3), (1, 6), (2, 1)], FRONT_LEFT))
    assert places(tour) == [(0, 1), (1, 6), (1, 3), (2, 1)]


def test_combined_leaves_where_it_entered_if_crossing_is_no_shorter() -> None:
    plan = AislePlan(x_mm=(0, 1), cross_y_mm=(0, 8))
    tour = route("combined", snapshot(plan, [(0, 4), (1, 2), (1, 4)], FRONT_LEFT))
    assert places(tour) == [(0, 4), (1, 2), (1, 4)]
    assert tour.via == (-1, 0, -1, 0)


@pytest.mark.parametrize(("back", "depot"), [(10, 0), (10, 1), (10, 2), (20, 2)])
def test_of_the_two_directions_of_a_shortest_tour_the_lower_aisle_comes_first(back: int, depot: int) -> None:
    plan = AislePlan(x_mm=(0, 5, 10), cross_y_mm=(0, 10) if back == 10 else (0, 10, 20))
    home = Point(location=LocationId("depot"), aisle=depot, y_mm=0)
    tour = route("optimal", snapshot(plan, [(2, 5), (1, 5), (0, 5)], home))
    assert tour.stops[0].aisle < tour.stops[-1].aisle
