"""The length of many tours of one block at once, by rule: the formulas of WMS_POLICIES.md 3.7 in numpy.

A tour is a run of visited aisles from left to right; an aisle is a run of visits by rising y, 0 at the front. Per tour
the result equals what the routing policy of that name walks (a law in the tests).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NEVER = 1 << 60


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Visited aisles of many tours, one row each, tour after tour.

    y: all visits; starts: where each aisle's visits begin in y; block: length of the block; x: of each aisle; home_x:
    of the depot; visited: aisles per tour; first: row of each tour's first aisle.
    """

    y: Ints
    starts: Ints
    block: int
    x: Ints
    home_x: int
    visited: Ints
    first: Ints

    @cached_property
    def low(self) -> Ints:
        """The visit nearest the front."""
        return self.y[self.starts]

    @cached_property
    def high(self) -> Ints:
        """The visit nearest the back."""
        high: Ints = self.y[np.append(self.starts[1:], len(self.y)) - 1]
        return high

    @cached_property
    def gap(self) -> Ints:
        """The largest gap between neighbours, both cross-aisles included."""
        between = np.diff(self.y, prepend=0)
        between[self.starts] = 0
        inner = np.maximum.reduceat(between, self.starts)
        return np.maximum(np.maximum(inner, self.low), self.block - self.high)

    @property
    def last(self) -> Ints:
        """The row of each tour's last aisle."""
        return self.first + self.visited - 1

    def summed(self, per_aisle: Ints) -> Ints:
        """The sum over the aisles of each tour."""
        return np.add.reduceat(per_aisle, self.first)

    def across(self) -> Ints:
        """Twice the way to the farthest aisle; the depot is at the left."""
        return 2 * (self.x[self.last] - self.home_x)


def s_shape(v: Visits) -> Ints:
    """Every aisle crossed, the last of an odd number left at the front."""
    odd = v.visited % 2 == 1
    return v.across() + np.where(odd, (v.visited - 1) * v.block + 2 * v.high[v.last], v.visited * v.block)


def return_(v: Visits) -> Ints:
    """Every aisle left at the front."""
    return v.across() + v.summed(2 * v.high)


def midpoint(v: Visits) -> Ints:
    """First and last crossed, the others from both ends to the middle."""
    in_front = 2 * v.y <= v.block
    front = np.maximum.reduceat(np.where(in_front, v.y, 0), v.starts)
    back = np.minimum.reduceat(np.where(in_front, v.block, v.y), v.starts)
    return _ends_crossed(v, 2 * front + 2 * (v.block - back))


def largest_gap(v: Visits) -> Ints:
    """First and last crossed, the others from both ends to the largest gap."""
    return _ends_crossed(v, 2 * (v.block - v.gap))


def _ends_crossed(v: Visits, inner: Ints) -> Ints:
    whole = v.summed(inner) - inner[v.first] - inner[v.last] + 2 * v.block
    return v.across() + np.where(v.visited == 1, 2 * v.high[v.first], whole)


def combined(v: Visits) -> Ints:
    """Each aisle crossed, or left on the side where it was entered: the best of these."""
    turn, rows_of = _by_visited(v)
    near = np.zeros(len(turn), dtype=np.int64)
    far = np.full(len(turn), NEVER, dtype=np.int64)
    for rows in rows_of:
        n = len(rows)
        stay_near = near[:n] + 2 * v.high[rows]
        stay_far = far[:n] + 2 * (v.block - v.low[rows])
        near[:n], far[:n] = np.minimum(stay_near, far[:n] + v.block), np.minimum(stay_far, near[:n] + v.block)
    walked = np.empty_like(near)
    walked[turn] = near
    return v.across() + walked


def optimal(v: Visits) -> Ints:
    """The shortest tour, Ratliff & Rosenthal as in `routing.one_block`; the depot is among the visits."""
    turn, rows_of = _by_visited(v)
    best = np.empty(len(turn), dtype=np.int64)
    depth = v.block
    costs = 2 * np.stack([v.high, depth - v.low, depth - v.gap, v.x])
    for j, rows in enumerate(rows_of):
        n = len(rows)
        from_front, from_back, from_both, across = costs[:, rows]
        if j == 0:
            best[:] = from_front + from_back - 2 * depth
            through = np.full(n, depth, dtype=np.int64)
            front, back, apart = from_front, from_back, from_both
            ring = np.full(n, NEVER, dtype=np.int64)
            x = across
            continue
        step = across - x[:n]
        x = across
        through, front, back = through[:n] + step, front[:n] + step, back[:n] + step
        ring, apart = ring[:n] + 2 * step, apart[:n] + 2 * step
        entry = np.minimum(np.minimum(front, back), apart)
        crossed, same = through + depth, ring + from_both
        stay_front, stay_back = front + from_front, back + from_back
        front = np.minimum(np.minimum(crossed, stay_front), same)
        back = np.minimum(np.minimum(crossed, stay_back), same)
        ring = np.minimum(crossed, same)
        best[:n] = np.minimum(np.minimum(front, stay_back), ring)
        through = np.minimum(through + from_both, entry + depth)
        apart = entry + from_both
    walked = np.empty_like(best)
    walked[turn] = best
    return walked


def _by_visited(v: Visits) -> tuple[Ints, list[Ints]]:
    """The tours, most aisles first, and the rows of their first aisle, their second, ...: each a shorter list."""
    turn = np.argsort(-v.visited, kind="stable")
    first, counts = v.first[turn], v.visited[turn]
    most = int(counts[0]) if len(counts) else 0
    still = np.searchsorted(-counts, -np.arange(most), side="left")  # tours with more than j aisles
    return turn, [first[:n] + j for j, n in enumerate(still.tolist())]


RULES_OF_ONE_BLOCK: dict[str, Callable[[Visits], Ints]] = {
    "s_shape": s_shape,
    "return": return_,
    "midpoint": midpoint,
    "largest_gap": largest_gap,
    "combined": combined,
    "optimal": optimal,
}
