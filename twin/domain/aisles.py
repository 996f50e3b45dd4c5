"""Parallel aisles between cross-aisles, the stops in them, and how far it is from one to another.

People walk on the centre lines and may turn anywhere. Same aisle: |y1 - y2|. Else |x1 - x2| + min over the
cross-aisles c of (|y1 - c| + |y2 - c|). A point outside the aisles has its own straight way to the cross-aisles; the
floor before the first and behind the last cross-aisle is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.domain.ids import LocationId

Direction = Literal["both", "up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AislePlan:
    """Centre lines: aisles from left to right, cross-aisles front first (n + 1 for n blocks), all in mm.

    one_way: per aisle, () = all both. "up" aisles are walked towards greater y only, "down" towards smaller.
    """

    x_mm: tuple[int, ...]
    cross_y_mm: tuple[int, ...]
    one_way: tuple[Direction, ...] = ()

    def __post_init__(self) -> None:
        if any(b < a for a, b in zip(self.x_mm, self.x_mm[1:], strict=False)):
            raise ValueError(f"x_mm must rise from aisle to aisle, got {self.x_mm}")
        if len(self.cross_y_mm) < 2 or any(b < a for a, b in zip(self.cross_y_mm, self.cross_y_mm[1:], strict=False)):
            raise ValueError(f"cross_y_mm must be two or more values, front first, got {self.cross_y_mm}")
        if self.one_way and len(self.one_way) != len(self.x_mm):
            raise ValueError(f"one_way must name all {len(self.x_mm)} aisles, got {len(self.one_way)}")

    @property
    def both_ways(self) -> bool:
        """Whether every aisle may be walked in both directions."""
        return not self.one_way or all(way == "both" for way in self.one_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A location to visit; `y_mm` from the front of the plan, not of the block.

    visit_group: groups are visited in order: heavy first, cold last.
    """

    location: LocationId
    aisle: int
    block: int
    y_mm: int
    visit_group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a tour starts or ends: in an aisle (aisle, y_mm) or outside (x_mm, y_mm); on a graph the location alone."""

    location: LocationId
    aisle: int | None = None
    x_mm: int | None = None
    y_mm: int = 0


def x_of(plan: AislePlan, place: Stop | Point) -> int:
    """The x of a stop or point."""
    if place.aisle is not None:
        return plan.x_mm[place.aisle]
    if isinstance(place, Stop) or place.x_mm is None:
        raise ValueError(f"point {place.location} needs an aisle or x_mm on an aisle plan")
    return place.x_mm


def shortest_mm(plan: AislePlan, a: Stop | Point, b: Stop | Point) -> int:
    """The shortest way when every aisle is walked both ways."""
    y1, y2 = a.y_mm, b.y_mm
    if a.aisle == b.aisle and a.aisle is not None:
        return abs(y1 - y2)
    across = abs(x_of(plan, a) - x_of(plan, b))
    if y1 > y2:
        y1, y2 = y2, y1
    crosses = plan.cross_y_mm
    if a.aisle is None and b.aisle is None and (across == 0 or y2 <= crosses[0] or y1 >= crosses[-1]):
        return across + y2 - y1
    if (a.aisle is None or b.aisle is None) and across == 0:
        return y2 - y1
    below = None
    for c in crosses:
        if c < y1:
            below = c
        elif c <= y2:
            return across + y2 - y1
        else:
            round_above = 2 * c - y1 - y2
            return across + (round_above if below is None else min(round_above, y1 + y2 - 2 * below))
    return across + y1 + y2 - 2 * crosses[-1]
