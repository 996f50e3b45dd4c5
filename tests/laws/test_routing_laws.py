"""What every routing policy keeps, whatever the plan: a new one is tested by being added to the register."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain.ids import LocationId
from twin.policies.routing import ROUTING, AislePlan, Point, RoutingSnapshot, Stop, walked_mm

DEPTH = 6


@st.composite
def snapshots(draw: st.DrawFn, blocks_max: int = 3) -> RoutingSnapshot:
    blocks, aisles = draw(st.integers(1, blocks_max)), draw(st.integers(1, 4))
    plan = AislePlan(x_mm=tuple(3 * a for a in range(aisles)), cross_y_mm=tuple(DEPTH * c for c in range(blocks + 1)))
    where = st.tuples(st.integers(0, aisles - 1), st.integers(0, blocks - 1), st.integers(1, DEPTH - 1))
    picks = draw(st.lists(where, max_size=7))
    groups = draw(st.sampled_from([1, 1, 2]))
    stops = tuple(
        Stop(location=LocationId(f"{i}"), aisle=a, block=b, y_mm=DEPTH * b + y, visit_group=i % groups)
        for i, (a, b, y) in enumerate(picks)
    )
    points = [
        Point(location=LocationId("depot"), aisle=draw(st.integers(0, aisles - 1)), y_mm=DEPTH * draw(crosses))
        for crosses in [st.integers(0, blocks)]
    ]
    points.append(Point(location=LocationId("pack"), x_mm=draw(st.integers(-1, 12)), y_mm=-2))
    start = draw(st.sampled_from(points))
    end = draw(st.sampled_from([start, *points]))
    return RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=plan, start=start, end=end)


@pytest.mark.parametrize("name", list(ROUTING))
@given(snapshot=snapshots())
def test_every_stop_once_and_the_length_is_what_is_walked(name: str, snapshot: RoutingSnapshot) -> None:
    tour = ROUTING[name]()(snapshot)
    assert snapshot.plan is not None
    assert sorted(s.location for s in tour.stops) == sorted(s.location for s in snapshot.stops)
    assert set(tour.stops) == set(snapshot.stops)
    assert len(tour.via) == len(tour.stops) + 1
    assert tour.length_mm == walked_mm(snapshot.plan, snapshot.start, snapshot.end, tour)


@pytest.mark.parametrize("name", list(ROUTING))
@given(snapshot=snapshots(), order=st.randoms(use_true_random=False))
def test_ignores_the_order_in_which_stops_are_listed(name: str, snapshot: RoutingSnapshot, order: object) -> None:
    decide = ROUTING[name]()
    shuffled = order.sample(snapshot.stops, len(snapshot.stops))  # type: ignore[attr-defined]
    assert decide(snapshot) == decide(replace(snapshot, stops=tuple(shuffled)))


@pytest.mark.parametrize("name", list(ROUTING))
@given(snapshot=snapshots())
def test_optimal_is_never_longer_and_only_it_claims_proof(name: str, snapshot: RoutingSnapshot) -> None:
    tour, best = ROUTING[name]()(snapshot), ROUTING["optimal"]()(snapshot)
    grouped = len({s.visit_group for s in snapshot.stops}) > 1
    if not grouped:
        assert best.length_mm <= tour.length_mm
    assert best.exact == (not grouped)
    if name != "optimal":
        assert not tour.exact or not snapshot.stops


@given(snapshot=snapshots(blocks_max=1))
def test_the_better_of_two_rules_is_never_longer_in_one_block(snapshot: RoutingSnapshot) -> None:
    corner = Point(location=LocationId("depot"), aisle=0, y_mm=0)
    plain = replace(snapshot, start=corner, end=corner, stops=tuple(replace(s, visit_group=0) for s in snapshot.stops))
    length = {name: ROUTING[name]()(plain).length_mm for name in ROUTING}
    assert length["combined"] <= min(length["s_shape"], length["return"])
    assert length["largest_gap"] <= length["midpoint"]
