"""Shortest allowed ways where some aisles are walked in one direction only. Cross-aisles always go both ways."""

from __future__ import annotations

from functools import lru_cache
from heapq import heappop, heappush

from twin.domain.aisles import AislePlan, Point, Stop, x_of

FAR = 1 << 60
Crossing = tuple[int, int]


@lru_cache(maxsize=64)
def crossings_mm(plan: AislePlan) -> dict[Crossing, dict[Crossing, int]]:
    """From each crossing (aisle, cross-aisle) to each other that can be reached."""
    steps = {(a, c): steps_from(plan, (a, c)) for a in range(len(plan.x_mm)) for c in range(len(plan.cross_y_mm))}
    table: dict[Crossing, dict[Crossing, int]] = {}
    for source in steps:
        done: dict[Crossing, int] = {}
        heap: list[tuple[int, Crossing]] = [(0, source)]
        while heap:
            far, node = heappop(heap)
            if node in done:
                continue
            done[node] = far
            for other, length in steps[node]:
                if other not in done:
                    heappush(heap, (far + length, other))
        table[source] = done
    return table


def steps_from(plan: AislePlan, crossing: Crossing) -> list[tuple[Crossing, int]]:
    """The neighbouring crossings one may walk to."""
    a, c = crossing
    xs, crosses = plan.x_mm, plan.cross_y_mm
    way = plan.one_way[a] if plan.one_way else "both"
    steps: list[tuple[Crossing, int]] = []
    if a:
        steps.append(((a - 1, c), xs[a] - xs[a - 1]))
    if a + 1 < len(xs):
        steps.append(((a + 1, c), xs[a + 1] - xs[a]))
    if c and way != "up":
        steps.append(((a, c - 1), crosses[c] - crosses[c - 1]))
    if c + 1 < len(crosses) and way != "down":
        steps.append(((a, c + 1), crosses[c + 1] - crosses[c]))
    return steps


def exits(plan: AislePlan, place: Stop | Point) -> list[tuple[Crossing, int]]:
    """The crossings next to a place that one may reach from it, with the way to each."""
    return _doors(plan, place, leaving=True)


def entries(plan: AislePlan, place: Stop | Point) -> list[tuple[Crossing, int]]:
    """The crossings next to a place from which one may walk to it, with the way from each."""
    return _doors(plan, place, leaving=False)


def _doors(plan: AislePlan, place: Stop | Point, *, leaving: bool) -> list[tuple[Crossing, int]]:
    y, crosses = place.y_mm, plan.cross_y_mm
    above = next((i for i, c in enumerate(crosses) if c >= y), None)
    below = next((i for i in range(len(crosses) - 1, -1, -1) if crosses[i] <= y), None)
    if place.aisle is None:
        x = x_of(plan, place)
        right = next((i for i, ax in enumerate(plan.x_mm) if ax >= x), None)
        left = next((i for i in range(len(plan.x_mm) - 1, -1, -1) if plan.x_mm[i] <= x), None)
        ends = {(a, c) for a in (left, right) if a is not None for c in (below, above) if c is not None}
        return [((a, c), abs(plan.x_mm[a] - x) + abs(crosses[c] - y)) for a, c in sorted(ends)]
    way = plan.one_way[place.aisle] if plan.one_way else "both"
    ends = set()
    if above is not None and (way != ("down" if leaving else "up") or crosses[above] == y):
        ends.add((place.aisle, above))
    if below is not None and (way != ("up" if leaving else "down") or crosses[below] == y):
        ends.add((place.aisle, below))
    return [((a, c), abs(crosses[c] - y)) for a, c in sorted(ends)]


def straight_mm(plan: AislePlan, a: Stop | Point, b: Stop | Point) -> int:
    """The way inside one aisle, or over open floor; FAR where there is none."""
    rise = b.y_mm - a.y_mm
    if a.aisle is not None and a.aisle == b.aisle:
        way = plan.one_way[a.aisle] if plan.one_way else "both"
        allowed = rise == 0 or way == "both" or way == ("up" if rise > 0 else "down")
        return abs(rise) if allowed else FAR
    if a.aisle is None and b.aisle is None:
        across = abs(x_of(plan, a) - x_of(plan, b))
        front, back = plan.cross_y_mm[0], plan.cross_y_mm[-1]
        low, high = min(a.y_mm, b.y_mm), max(a.y_mm, b.y_mm)
        same_cross = low == high and low in plan.cross_y_mm
        if across == 0 or high <= front or low >= back or same_cross:
            return across + abs(rise)
    return FAR


def one_way_mm(plan: AislePlan, a: Stop | Point, b: Stop | Point) -> int:
    """The shortest allowed way from `a` to `b`; ValueError where there is none."""
    best = straight_mm(plan, a, b)
    table = crossings_mm(plan)
    for leave, out_mm in exits(plan, a):
        reach = table[leave]
        for enter, in_mm in entries(plan, b):
            if enter in reach:
                best = min(best, out_mm + reach[enter] + in_mm)
    if best >= FAR:
        raise ValueError(f"no way from {a.location} to {b.location} that respects the one-way aisles")
    return best
