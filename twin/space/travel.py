"""The TravelGraph: how far it is from any named place of a site to any other, in whole millimetres."""

from __future__ import annotations

from collections.abc import Callable

from twin.domain.ids import LocationId
from twin.space.network import NetworkWays
from twin.space.plan import FloorPlan
from twin.space.straight import XY, StraightWays

Distance = Callable[[LocationId, LocationId], int]


class TravelGraph:
    """Ways between locations, depots, stations, lanes, doors and points; ValueError for unknown or unreachable places.

    distance_mm(a, b): the shortest way. leg(a, b, via=-1): (leave, cross, enter) of the way through a cross-aisle, for
    those who hold the aisle while they are in it. path(a, b, via=-1): its corners as (x, y).
    """

    distance_mm: Distance
    leg: Callable[..., tuple[int, int, int]]
    path: Callable[..., tuple[XY, ...]]

    def __init__(self, plan: FloorPlan) -> None:
        self.plan = plan
        straight = plan.aisle_plan is not None and plan.aisle_plan.both_ways
        ways: StraightWays | NetworkWays = StraightWays(plan) if straight else NetworkWays(plan)
        self.distance_mm = ways.distance_mm
        self.leg = ways.leg
        self.path = ways.path

    def reaches(self, a: LocationId, b: LocationId) -> bool:
        """Whether a way leads from `a` to `b`."""
        try:
            self.distance_mm(a, b)
        except ValueError:
            return False
        return True
