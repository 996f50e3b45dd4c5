"""Ways between parallel aisles that are walked both ways: answered by arithmetic, nothing is stored per pair."""

from __future__ import annotations

from bisect import bisect_left

from twin.domain.aisles import AislePlan
from twin.domain.ids import LocationId
from twin.space.plan import FloorPlan

OUTSIDE = -1
# aisle (OUTSIDE the aisles: -1), x, y, and the cross-aisles around it: equal when it stands on one or beyond the last
Spot = tuple[int, int, int, int, int]
XY = tuple[int, int]


def spot(plan: AislePlan, aisle: int | None, x_mm: int, y_mm: int) -> Spot:
    """A place with the cross-aisles before and behind it."""
    crosses = plan.cross_y_mm
    above = bisect_left(crosses, y_mm)
    if above == len(crosses):
        low = high = crosses[-1]
    elif above == 0 or crosses[above] == y_mm:
        low = high = crosses[above]
    else:
        low, high = crosses[above - 1], crosses[above]
    return (OUTSIDE if aisle is None else aisle, x_mm, y_mm, low, high)


class StraightWays:
    """Every named place of a plan of parallel aisles."""

    def __init__(self, plan: FloorPlan) -> None:
        aisles = plan.aisle_plan
        if aisles is None:
            raise ValueError("straight ways need parallel aisles")
        self.crosses = aisles.cross_y_mm
        self.spots: dict[LocationId, Spot] = {}
        for p in plan.places.values():
            self.spots[p.name] = spot(aisles, p.aisle, p.x_mm, p.y_mm)
        for x in plan.locations:
            self.spots[x.location] = spot(aisles, x.aisle, x.x_mm, x.y_mm)

    def distance_mm(self, a: LocationId, b: LocationId) -> int:
        """The shortest way from one named place to another."""
        try:
            aisle1, x1, y1, low, high = self.spots[a]
            aisle2, x2, y2, low2, high2 = self.spots[b]
        except KeyError as error:
            raise ValueError(f"no place named {error.args[0]}") from None
        if aisle1 == aisle2 and aisle1 >= 0:
            return y1 - y2 if y1 > y2 else y2 - y1
        across = x1 - x2 if x1 > x2 else x2 - x1
        if low != low2 or high != high2 or low == high or (across == 0 and (aisle1 < 0 or aisle2 < 0)):
            return across + (y1 - y2 if y1 > y2 else y2 - y1)
        both = y1 + y2
        below, above = both - low - low, high + high - both
        return across + (below if below < above else above)

    def leg(self, a: LocationId, b: LocationId, via: int = -1) -> tuple[int, int, int]:
        """(leave, cross, enter): out of the aisle of `a`, outside aisles, into the aisle of `b`.

        In one aisle all is `enter`, but for what lies in another block: that is left before the next is entered.
        via: the cross-aisle, -1: the shortest way, ties: the one nearest the front.
        """
        aisle1, x1, y1, low, high = self.spots[a]
        aisle2, x2, y2, low2, high2 = self.spots[b]
        across = x1 - x2 if x1 > x2 else x2 - x1
        if via >= 0:
            c = self.crosses[via]
        elif aisle1 == aisle2 and aisle1 >= 0:
            if low == low2 and high == high2:
                return 0, 0, (y1 - y2 if y1 > y2 else y2 - y1)
            if y1 < y2:
                return high - y1, low2 - high, y2 - low2
            return y1 - low, low - high2, high2 - y2
        elif aisle1 < 0 and aisle2 < 0:
            return 0, self.distance_mm(a, b), 0
        elif across == 0 and (aisle1 < 0 or aisle2 < 0):
            return (0, 0, abs(y1 - y2)) if aisle1 < 0 else (abs(y1 - y2), 0, 0)
        elif low != low2 or high != high2 or low == high:
            c = high if y1 <= y2 else high2
        else:
            c = low if y1 + y2 - low - low <= high + high - y1 - y2 else high
        leave = c - y1 if c > y1 else y1 - c
        enter = c - y2 if c > y2 else y2 - c
        if aisle1 < 0:
            return 0, leave + across, enter
        if aisle2 < 0:
            return leave, across + enter, 0
        return leave, across, enter

    def path(self, a: LocationId, b: LocationId, via: int = -1) -> tuple[XY, ...]:
        """The corners of the way that `leg` measures, ends included."""
        _, x1, y1, low, high = self.spots[a]
        _, x2, y2, low2, high2 = self.spots[b]
        if via >= 0:
            c = self.crosses[via]
        elif self._straight_on(a, b):
            c = y1
        elif low != low2 or high != high2 or low == high:
            c = high if y1 <= y2 else high2
        else:
            c = low if y1 + y2 - low - low <= high + high - y1 - y2 else high
        return without_repeats([(x1, y1), (x1, c), (x2, c), (x2, y2)])

    def _straight_on(self, a: LocationId, b: LocationId) -> bool:
        """Whether the way stays in one line, or on the open floor before or behind the aisles."""
        aisle1, x1, _, low, high = self.spots[a]
        aisle2, x2, _, low2, high2 = self.spots[b]
        if aisle1 >= 0 and aisle2 >= 0:
            return aisle1 == aisle2
        return x1 == x2 or (aisle1 < 0 and aisle2 < 0 and low == low2 == high == high2)


def without_repeats(points: list[XY]) -> tuple[XY, ...]:
    """The same corners, each once in a row."""
    kept = points[:1]
    for p in points[1:]:
        if p != kept[-1]:
            kept.append(p)
    return tuple(kept)
