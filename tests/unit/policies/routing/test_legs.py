"""Distances on a plan of aisles: the formula, and one-way aisles against a walk over every millimetre."""

from __future__ import annotations

from itertools import product

import pytest

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId
from twin.domain.legs import leg_mm


def stop(aisle: int, y: int) -> Stop:
    return Stop(location=LocationId(f"{aisle}/{y}"), aisle=aisle, block=0, y_mm=y)


def test_a_leg_is_the_formula_of_the_doc_whatever_the_number_of_blocks() -> None:
    for crosses in ((0, 4), (0, 3, 7), (1, 3, 6, 7)):
        plan = AislePlan(x_mm=(0, 2, 5), cross_y_mm=crosses)
        ys = range(crosses[0], crosses[-1] + 1)
        for a, b, y1, y2 in product(range(3), range(3), ys, ys):
            if a == b:
                expected = abs(y1 - y2)
            else:
                expected = abs(plan.x_mm[a] - plan.x_mm[b]) + min(abs(y1 - c) + abs(y2 - c) for c in crosses)
            assert leg_mm(plan, stop(a, y1), stop(b, y2)) == expected


def test_via_names_the_cross_aisle_that_is_walked() -> None:
    plan = AislePlan(x_mm=(0, 5), cross_y_mm=(0, 10))
    assert leg_mm(plan, stop(0, 2), stop(1, 3), 0) == 10 == leg_mm(plan, stop(0, 2), stop(1, 3))
    assert leg_mm(plan, stop(0, 2), stop(1, 3), 1) == 20


def test_points_outside_the_aisles_have_their_own_way_and_the_floor_before_them_is_open() -> None:
    plan = AislePlan(x_mm=(0, 10), cross_y_mm=(0, 20))
    door = Point(location=LocationId("door"), x_mm=4, y_mm=-3)
    lane = Point(location=LocationId("lane"), x_mm=9, y_mm=-1)
    assert leg_mm(plan, door, stop(1, 5)) == 3 + 6 + 5
    assert leg_mm(plan, door, stop(1, 19)) == 3 + 6 + 19
    assert leg_mm(plan, door, lane) == 5 + 2


def test_a_plan_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="x_mm must rise"):
        AislePlan(x_mm=(5, 0), cross_y_mm=(0, 10))
    with pytest.raises(ValueError, match="cross_y_mm"):
        AislePlan(x_mm=(0,), cross_y_mm=(0,))
    with pytest.raises(ValueError, match="one_way must name all 2"):
        AislePlan(x_mm=(0, 5), cross_y_mm=(0, 10), one_way=("up",))


def walked_cell_by_cell(plan: AislePlan, source: tuple[int, int]) -> dict[tuple[int, int], int]:
    """Breadth-first over every millimetre of the centre lines."""
    xs, crosses = plan.x_mm, plan.cross_y_mm
    seen, ring, far = {source: 0}, [source], 0
    while ring:
        far, following = far + 1, []
        for x, y in ring:
            steps = []
            if y in crosses:
                steps += [(x - 1, y), (x + 1, y)]
            if x in xs:
                way = plan.one_way[xs.index(x)]
                steps += [(x, y + 1)] if way != "down" else []
                steps += [(x, y - 1)] if way != "up" else []
            for cell in steps:
                if xs[0] <= cell[0] <= xs[-1] and crosses[0] <= cell[1] <= crosses[-1] and cell not in seen:
                    seen[cell] = far
                    following.append(cell)
        ring = following
    return seen


@pytest.mark.parametrize("one_way", [("up", "down", "up"), ("both", "up", "down"), ("down", "both", "both")])
def test_one_way_legs_are_the_shortest_that_respect_the_arrows(one_way: tuple) -> None:  # type: ignore[type-arg]
    plan = AislePlan(x_mm=(0, 2, 4), cross_y_mm=(0, 3, 6), one_way=one_way)
    for a, y1 in product(range(3), range(7)):
        reach = walked_cell_by_cell(plan, (plan.x_mm[a], y1))
        for b, y2 in product(range(3), range(7)):
            expected = reach.get((plan.x_mm[b], y2))
            if expected is None:
                with pytest.raises(ValueError, match="no way"):
                    leg_mm(plan, stop(a, y1), stop(b, y2))
            else:
                assert leg_mm(plan, stop(a, y1), stop(b, y2)) == expected, (a, y1, b, y2)
