"""Mean tour lengths of random pick lists against our own table of 4,000 lists per row.

10 aisles x 45 positions, pitch 5 m, aisle length 47 m, depot at the left front; picks uniform with replacement.
"""

from __future__ import annotations

from math import sqrt
from statistics import fmean, stdev

import pytest

from twin.domain.draws import draw
from twin.domain.ids import LocationId
from twin.policies.routing import ROUTING, AislePlan, Point, RoutingSnapshot, Stop

AISLES, PITCH_MM, LENGTH_MM = 10, 5_000, 47_000
LISTS = 1_500
TABLE = {  # picks, policy: mean and half-width of its 95 % interval, in metres
    (5, "s_shape"): (270.84, 1.3),
    (5, "return"): (281.07, 1.84),
    (5, "midpoint"): (228.92, 0.98),
    (5, "largest_gap"): (227.87, 0.96),
    (5, "combined"): (230.2, 1.13),
    (5, "optimal"): (212.14, 0.89),
    (30, "s_shape"): (546.72, 0.8),
    (30, "return"): (730.4, 2.06),
    (30, "midpoint"): (553.79, 1.59),
    (30, "largest_gap"): (518.83, 1.21),
    (30, "combined"): (508.0, 1.0),
    (30, "optimal"): (474.63, 1.0),
}


def pick_list(picks: int, number: int) -> tuple[Stop, ...]:
    stops = {}
    for i in range(picks):
        place = int(draw(1, f"pick {i} of {picks}", "list", number) * AISLES * 45)
        aisle, position = divmod(place, 45)
        stops[place] = Stop(location=LocationId(f"{place}"), aisle=aisle, block=0, y_mm=1_500 + 1_000 * position)
    return tuple(stops.values())


@pytest.mark.statistical
@pytest.mark.parametrize("picks", [5, 30])
def test_mean_lengths_agree_with_the_table_and_the_closed_form(picks: int) -> None:
    plan = AislePlan(x_mm=tuple(PITCH_MM * a for a in range(AISLES)), cross_y_mm=(0, LENGTH_MM))
    depot = Point(location=LocationId("depot"), aisle=0, y_mm=0)
    lists = [pick_list(picks, i) for i in range(LISTS)]
    visited = [len({s.aisle for s in stops}) for stops in lists]
    expected = AISLES * (1 - (1 - 1 / AISLES) ** picks)
    assert abs(fmean(visited) - expected) < 3.3 * stdev(visited) / sqrt(LISTS)
    for name in ROUTING:
        decide = ROUTING[name]()
        lengths = [
            decide(RoutingSnapshot(now_ms=0, book_version=0, stops=stops, plan=plan, start=depot, end=depot)).length_mm
            / 1_000
            for stops in lists
        ]
        mean, half_width = TABLE[picks, name]
        error = sqrt(stdev(lengths) ** 2 / LISTS + (half_width / 1.96) ** 2)
        assert abs(fmean(lengths) - mean) / error < 3, (name, fmean(lengths), mean)
