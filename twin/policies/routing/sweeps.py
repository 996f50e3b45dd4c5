"""Tours that sweep block by block: what a picker does without a computer, and `combined`, the best of such sweeps.

Each block is taken as one block between its two cross-aisles, from the farthest block to the nearest, entered at the
end that is nearer to the start ("near"; the other end is "far"). In a block the sweep begins at the outer visited aisle
that is nearer to where the picker comes from. Depths are measured from the near end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from twin.domain.aisles import AislePlan, Stop, x_of
from twin.domain.ids import LocationId
from twin.domain.legs import leg_mm
from twin.domain.records import new_row
from twin.policies.routing.tour import (
    RULES,
    RoutingRules,
    RoutingSnapshot,
    Tour,
    build_tour,
    empty_tour,
    in_visit_groups,
    same_place,
)
from twin.policies.shape import PolicyError


class Aisle(NamedTuple):
    """The visits of one aisle in one block, nearest first."""

    depths: list[int]
    stops: list[Stop]


NEAR, FAR = False, True
Piece = tuple[bool, list[Stop]]  # reached through the far cross-aisle?, the stops in walking order
Sweep = Callable[[list[Aisle], int], list[Piece]]
NEVER = 1 << 60
SWEEPS = frozenset({"s_shape", "return", "midpoint", "largest_gap", "combined"})


def cross_all(aisles: list[Aisle], length_mm: int) -> list[Piece]:
    """Every aisle crossed in turn; if their number is odd, the last is left where it was entered."""
    return [(FAR, a.stops[::-1]) if i % 2 else (NEAR, a.stops) for i, a in enumerate(aisles)]


def in_and_out(aisles: list[Aisle], length_mm: int) -> list[Piece]:
    """Every aisle entered and left at the near end."""
    return [(NEAR, a.stops) for a in aisles]


def both_ends(cut: Callable[[list[int], int], int]) -> Sweep:
    """First and last aisle crossed; of each between, the visits before `cut` from the near end, the others from far."""

    def sweep(aisles: list[Aisle], length_mm: int) -> list[Piece]:
        if len(aisles) == 1:
            return in_and_out(aisles, length_mm)
        inner = aisles[1:-1]
        cuts = [cut(a.depths, length_mm) for a in inner]
        way_out = [(FAR, a.stops[c:][::-1]) for a, c in zip(inner, cuts, strict=True) if c < len(a.stops)]
        way_home = [(NEAR, a.stops[:c]) for a, c in zip(inner, cuts, strict=True) if c]
        return [(NEAR, aisles[0].stops), *way_out, (FAR, aisles[-1].stops[::-1]), *way_home[::-1]]

    return sweep


def middle(depths: list[int], length_mm: int) -> int:
    """How many visits lie in the near half; the exact middle belongs to it."""
    return sum(2 * depth <= length_mm for depth in depths)


def largest_gap(depths: list[int], length_mm: int) -> int:
    """How many visits lie before the largest gap; both ends count, equal gaps: the nearest."""
    gap, cut, below = -1, 0, 0
    for i, depth in enumerate(depths):
        if depth - below > gap:
            gap, cut = depth - below, i
        below = depth
    return len(depths) if length_mm - below > gap else cut


def cross_or_return(aisles: list[Aisle], length_mm: int) -> list[Piece]:
    """Each aisle crossed, or left where it was entered, whichever is shorter in the end; equal: left there."""
    near, far = 0, NEVER
    crossed: list[tuple[bool, bool]] = []  # whether the best way to end this aisle near (far) crosses it
    for a in aisles:
        stay_near, stay_far = near + 2 * a.depths[-1], far + 2 * (length_mm - a.depths[0])
        crossed.append((far + length_mm < stay_near, near + length_mm < stay_far))
        near, far = min(stay_near, far + length_mm), min(stay_far, near + length_mm)
    pieces: list[Piece] = []
    side = NEAR  # where the aisle is left, last aisle first
    for a, cross in zip(aisles[::-1], crossed[::-1], strict=True):
        entered = side != cross[side]
        pieces.append((entered, a.stops[::-1] if entered else a.stops))
        side = entered
    return pieces[::-1]


def cannot_walk(name: str, plan: AislePlan | None) -> str | None:
    """Why no rule of this name walks such a floor; None: it does."""
    if name in SWEEPS and plan is None:
        return f"routing={name} needs parallel aisles; a graph layout takes routing=optimal"
    if name in SWEEPS and name != "s_shape" and plan is not None and plan.one_way and not plan.both_ways:
        return f"routing={name} walks aisles both ways; one-way aisles take s_shape or optimal"
    return None


def tour_by(snapshot: RoutingSnapshot, sweep: Sweep, name: str) -> Tour:
    """The tour of a sweep over all blocks."""
    plan = snapshot.plan
    stops = snapshot.stops
    told = cannot_walk(name, plan)
    if told is not None and (stops or plan is None):
        raise PolicyError(told)
    if not stops or plan is None:
        return empty_tour(snapshot)
    one_way = bool(plan.one_way) and not plan.both_ways
    if len({s.visit_group for s in stops}) > 1:
        return in_visit_groups(snapshot, lambda part: tour_by(part, sweep, name))
    if one_way:
        return _one_way_tour(snapshot, plan)
    return _two_way_tour(snapshot, plan, sweep)


def _blocks(snapshot: RoutingSnapshot, plan: AislePlan) -> list[tuple[int, int, dict[int, Aisle]]]:
    """(near cross-aisle, far cross-aisle, visited aisles) of each visited block, farthest block first."""
    once = {s.location: s for s in snapshot.stops}
    crosses, home = plan.cross_y_mm, snapshot.start.y_mm
    visited: defaultdict[int, list[tuple[int, int, LocationId, Stop]]] = defaultdict(list)
    for name, s in once.items():
        visited[s.block].append((s.aisle, s.y_mm, name, s))
    blocks: list[tuple[int, int, int, int, dict[int, Aisle]]] = []
    for block, rows in visited.items():
        front_near = abs(crosses[block] - home) <= abs(crosses[block + 1] - home)
        near, far = (block, block + 1) if front_near else (block + 1, block)
        start = crosses[near]
        if front_near:
            rows.sort()
        else:
            rows.sort(key=lambda row: (row[0], -row[1], row[2]))
        aisles: dict[int, Aisle] = {}
        for number, y, _, s in rows:
            depth = y - start if y > start else start - y
            if number in aisles:
                depths, stops = aisles[number]
                depths.append(depth)
                stops.append(s)
            else:
                aisles[number] = new_row(Aisle, ([depth], [s]))
        blocks.append((-abs(start - home), block, near, far, aisles))
    if len(blocks) > 1:
        blocks.sort(key=lambda row: row[:2])
    return [row[2:] for row in blocks]


def _two_way_tour(snapshot: RoutingSnapshot, plan: AislePlan, sweep: Sweep) -> Tour:
    xs, crosses = plan.x_mm, plan.cross_y_mm
    start, end = snapshot.start, snapshot.end
    order: list[Stop] = []
    via: list[int] = []
    x, y, number = x_of(plan, start), start.y_mm, start.aisle
    length = 0
    near = 0
    for near, far, aisles in _blocks(snapshot, plan):
        columns = list(aisles.values())
        left, right = columns[0].stops[0].aisle, columns[-1].stops[0].aisle
        if abs(xs[right] - x) < abs(xs[left] - x):
            columns.reverse()
        for by_far, stops in sweep(columns, abs(crosses[far] - crosses[near])):
            here, first_y = stops[0].aisle, stops[0].y_mm
            if here == number:
                via.append(-1)
                length += abs(first_y - y)
            else:
                cross = far if by_far else near
                c, x_here = crosses[cross], xs[here]
                via.append(cross)
                length += abs(y - c) + abs(x - x_here) + abs(first_y - c)
                x, number = x_here, here
            y = first_y
            if len(stops) > 1:
                y = stops[-1].y_mm
                length += abs(y - first_y)
                via += [-1] * (len(stops) - 1)
            order += stops
    last = -1 if number == end.aisle or not same_place(start, end) else near
    via.append(last)
    length += leg_mm(plan, order[-1], end, last)
    return build_tour(tuple(order), length, False, tuple(via))


def _one_way_tour(snapshot: RoutingSnapshot, plan: AislePlan) -> Tour:
    """Each visited aisle in its direction; aisles of both directions in the one that is nearer to come by."""
    xs = plan.x_mm
    here: Stop | None = None
    order: list[Stop] = []
    length = 0
    for _, _, aisles in _blocks(snapshot, plan):
        columns = [sorted(a.stops, key=lambda s: (s.y_mm, s.location)) for a in aisles.values()]
        x = x_of(plan, here or snapshot.start)
        if abs(xs[columns[-1][0].aisle] - x) < abs(xs[columns[0][0].aisle] - x):
            columns.reverse()
        for stops in columns:
            way = plan.one_way[stops[0].aisle]
            origin = here or snapshot.start
            if way == "down" or (way == "both" and leg_mm(plan, origin, stops[-1]) < leg_mm(plan, origin, stops[0])):
                stops = _falling(stops)
            for stop in stops:
                length += leg_mm(plan, here or snapshot.start, stop)
                here = stop
            order += stops
    length += leg_mm(plan, order[-1], snapshot.end)
    return build_tour(tuple(order), length, False, (-1,) * (len(order) + 1))


def _falling(stops: list[Stop]) -> list[Stop]:
    return sorted(stops, key=lambda s: (-s.y_mm, s.location))


@dataclass(frozen=True, slots=True, kw_only=True)
class SShape:
    """Cross every visited aisle; if their number is odd, the last is entered and left at the front.

    With one-way aisles each visited aisle is walked in its direction.
    """

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        return tour_by(snapshot, cross_all, "s_shape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Enter and leave every aisle at the front; as described by Hall (1993) and Petersen (1997)."""

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        return tour_by(snapshot, in_and_out, "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class Midpoint:
    """Cross the first and last aisle; serve the front half of the others from the front, the rest from the back."""

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        return tour_by(snapshot, _MIDPOINT, "midpoint")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestGap:
    """Enter each aisle from both ends up to its largest gap; cross only the first and last aisle.

    Never longer than midpoint in one block; as described by De Koster, Le-Duc & Roodbergen (2007).
    """

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        return tour_by(snapshot, _LARGEST_GAP, "largest_gap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """Cross each aisle or leave it where it was entered, the best of these by dynamic programming.

    Never longer than s_shape or return in one block.
    """

    rules: RoutingRules = RULES

    def __call__(self, snapshot: RoutingSnapshot, /) -> Tour:
        return tour_by(snapshot, cross_or_return, "combined")


_MIDPOINT, _LARGEST_GAP = both_ends(middle), both_ends(largest_gap)
