"""The length of one leg of a tour, through a stated cross-aisle or the shortest way."""

from __future__ import annotations

from twin.domain.aisles import AislePlan, Point, Stop, shortest_mm, x_of
from twin.domain.one_way import one_way_mm


def leg_mm(plan: AislePlan, a: Stop | Point, b: Stop | Point, via: int = -1) -> int:
    """The way from `a` to `b` through cross-aisle `via`; -1: the shortest allowed (same aisle: straight)."""
    if via >= 0:
        c = plan.cross_y_mm[via]
        return abs(x_of(plan, a) - x_of(plan, b)) + abs(a.y_mm - c) + abs(b.y_mm - c)
    if plan.one_way and not plan.both_ways:
        return one_way_mm(plan, a, b)
    return shortest_mm(plan, a, b)
