"""The shortest closed tour of one block: Ratliff & Rosenthal, "Order-picking in a rectangular warehouse", 1983.

Aisles are taken from left to right. What has been walked so far is one of five shapes, by how often each cross-aisle is
walked on to the next aisle and by what hangs together:

    through  once at the front, once at the back: one path from front to back
    front    twice at the front: a loop that begins and ends at the front
    back     twice at the back
    ring     twice at both, one piece: a path to the back and a path home
    apart    twice at both, two loops

An aisle is crossed, or visited from its ends up to its largest gap (both gaps to the cross-aisles count). A double
crossing is never needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

V = TypeVar("V")

NEVER = 1 << 60
THROUGH, FRONT, BACK, RING, APART = range(5)
Step = tuple[int, int, int, int, int]
Column = tuple[int, list[int], list[V]]


def shortest_loop(columns: Sequence[Column[V]], front_mm: int, back_mm: int) -> tuple[list[V], int]:
    """The visits in walking order, as a loop, and its length.

    columns: (x, y of each visit rising, the visits) per aisle from left to right; at least one, none empty.
    """
    depth = back_mm - front_mm
    through = front = back = ring = apart = NEVER
    steps: list[Step] = []
    splits: list[int] = []
    last = len(columns) - 1
    for j, (x, ys, _) in enumerate(columns):
        low, high = ys[0], ys[-1]
        # the largest gap lies below visit number `cut`: visits before it are reached from the front
        gap, cut, below, k = low - front_mm, 0, low, 0
        for y in ys:
            if y - below > gap:
                gap, cut = y - below, k
            below = y
            k += 1
        if back_mm - high > gap:
            gap, cut = back_mm - high, k
        splits.append(cut)
        from_front, from_back, from_both = 2 * (high - front_mm), 2 * (back_mm - low), 2 * (depth - gap)
        if j == 0:
            if last == 0:
                return columns[0][2], 2 * (high - low)
            n_through, n_front, n_back, n_ring, n_apart = depth, from_front, from_back, NEVER, from_both
            steps.append((-1, -1, -1, -1, -1))
        else:
            # which shape comes before: a crossing is told from a visit by the pair of shapes alone, see `join`
            entry, entry_by = front, FRONT
            if back < entry:
                entry, entry_by = back, BACK
            if apart < entry:
                entry, entry_by = apart, APART
            crossed = through + depth
            if j == last:
                ends = (crossed, front + from_front, back + from_back, ring + from_both)
                best = min(ends)
                return join(columns, steps, splits, ends.index(best)), best
            n_through, by_through = through + from_both, THROUGH
            if entry + depth < n_through:
                n_through, by_through = entry + depth, entry_by
            n_front, by_front = crossed, THROUGH
            if front + from_front < n_front:
                n_front, by_front = front + from_front, FRONT
            if ring + from_both < n_front:
                n_front, by_front = ring + from_both, RING
            n_back, by_back = crossed, THROUGH
            if back + from_back < n_back:
                n_back, by_back = back + from_back, BACK
            if ring + from_both < n_back:
                n_back, by_back = ring + from_both, RING
            n_ring, by_ring = crossed, THROUGH
            if ring + from_both < n_ring:
                n_ring, by_ring = ring + from_both, RING
            n_apart, by_apart = entry + from_both, entry_by
            steps.append((by_through, by_front, by_back, by_ring, by_apart))
        across = 2 * (columns[j + 1][0] - x)
        through, front, back = n_through + across, n_front + across, n_back + across
        ring, apart = n_ring + 2 * across, n_apart + 2 * across
    raise AssertionError("a loop ends in its last aisle")


def join(columns: Sequence[Column[V]], steps: list[Step], splits: list[int], end: int) -> list[V]:
    """The loop, put together from left to right along the shapes chosen; `end`: shape before the last aisle."""
    shapes = [end]
    for j in range(len(columns) - 2, 0, -1):
        shapes.append(steps[j][shapes[-1]])
    shapes.reverse()  # shapes[j]: on the way from aisle j to j + 1
    visits, cut = columns[0][2], splits[0]
    shape = shapes[0]
    # one: the path or the loop at the front; two: the way home of a ring, the loop at the back of `apart`
    one: list[V] = visits[:cut] if shape == APART else visits[::-1] if shape == BACK else visits
    two: list[V] = visits[cut:][::-1] if shape == APART else []
    for j in range(1, len(shapes)):
        visits, cut, after = columns[j][2], splits[j], shapes[j]
        if shape == THROUGH:
            if after == THROUGH:
                one = visits[:cut] + one + visits[cut:][::-1]
            elif after == FRONT:
                one = one + visits[::-1]
            elif after == BACK:
                one = visits[::-1] + one
            else:
                two = visits[::-1]
        elif shape == RING:
            if after == FRONT:
                one, two = one + visits[cut:][::-1] + two + visits[:cut], []
            elif after == BACK:
                one, two = two + visits[:cut] + one + visits[cut:][::-1], []
            else:
                one, two = one + visits[cut:][::-1], two + visits[:cut]
        elif shape == FRONT:
            if after == APART:
                one, two = one + visits[:cut], visits[cut:][::-1]
            else:
                one = one + visits
        elif shape == BACK:
            if after == BACK:
                one = one + visits[::-1]
            elif after == APART:
                one, two = visits[:cut], one + visits[cut:][::-1]
            else:
                one = visits + one
        elif after == APART:
            one, two = one + visits[:cut], two + visits[cut:][::-1]
        else:
            one, two = one + visits + two, []
        shape = after
    visits, cut = columns[-1][2], splits[-1]
    if end == THROUGH:
        return one + visits[::-1]
    if end == FRONT:
        return one + visits
    if end == BACK:
        return one + visits[::-1]
    return one + visits[cut:][::-1] + two + visits[:cut]
