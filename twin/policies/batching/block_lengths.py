"""The shortest closed tours of many batches over several blocks at once: the programme of `routing.blocks`, in numpy.

Every state bears the costs of many batches beside each other, and only lengths are wanted. As there, only aisles with a
visit are walked in; the batches are sorted by how many those are, and go from visited aisle to visited aisle together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.domain.aisles import AislePlan, Point, x_of
from twin.policies.batching.batch import BatchOrder
from twin.policies.batching.block_moves import Rounds, block_moves
from twin.policies.batching.pieces import in_pieces
from twin.policies.routing.folded import (
    ALSO_BACK,
    ALSO_FRONT,
    BACK,
    BOTH,
    CROSSED,
    CROSSED_TWICE,
    FOLDED,
    FRONT,
    NONE,
    STAYS,
    STAYS_BACK,
    STAYS_FRONT,
)

Ints = NDArray[np.int64]
Costs = NDArray[Any]  # whole numbers, no wider than the floor needs: half as wide is twice as fast
CROSSES_MAX = 5
BYTES_AT_ONCE = 520_000  # what a processor keeps near


class ManyBlocks:
    """The visits of all orders as whole numbers `subaisle x depth + y`, one run per order."""

    def __init__(self, plan: AislePlan, orders: Sequence[BatchOrder], depot: Point) -> None:
        front, back = plan.cross_y_mm[0], plan.cross_y_mm[-1]
        y = min(max(depot.y_mm, front), back)
        self.outside_mm = abs(depot.y_mm - y)
        columns = sorted({(plan.x_mm[s.aisle], s.aisle) for o in orders for s in o.stops})
        if depot.aisle is not None:
            home = (plan.x_mm[depot.aisle], depot.aisle)
        else:
            x = x_of(plan, depot)
            home = next((column for column in columns if column[0] == x), (x, -1))
        columns = sorted({*columns, home})
        place = {column: i for i, column in enumerate(columns)}
        left = columns[0][0]
        ys = {s.y_mm - front for o in orders for s in o.stops} | {c - front for c in plan.cross_y_mm} | {y - front}
        self.unit_mm = gcd(*ys, *[x - left for x, _ in columns])  # every length is a multiple
        self.x = np.array([(x - left) // self.unit_mm for x, _ in columns], dtype=np.int64)
        crosses = [(c - front) // self.unit_mm for c in plan.cross_y_mm]
        self.blocks = len(crosses) - 1
        self.front_of = np.array(crosses[:-1], dtype=np.int64)
        self.long = np.diff(np.array(crosses, dtype=np.int64))
        self.depth = crosses[-1] + 1
        self.stride = len(columns) * self.blocks * self.depth

        def key(column: tuple[int, int], y_mm: int) -> int:
            block = max([k for k in range(self.blocks) if k == 0 or y_mm >= plan.cross_y_mm[k]])
            return (place[column] * self.blocks + block) * self.depth + (y_mm - front) // self.unit_mm

        runs = [sorted({key((plan.x_mm[s.aisle], s.aisle), s.y_mm) for s in o.stops}) for o in orders]
        self.keys = np.array(list(chain.from_iterable(runs)), dtype=np.int64)
        self.size = np.array([len(run) for run in runs], dtype=np.int64)
        self.first = np.cumsum(self.size) - self.size
        self.depot = key(home, y)
        self.of_cost, self.never = _narrowest(len(columns), crosses, int(self.x[-1]))
        self.moves = block_moves(len(crosses))
        most = max([len(step.source) for m in self.moves for step in (*m.subaisle, m.onward)])
        self.at_once = max(16, BYTES_AT_ONCE // (most * np.dtype(self.of_cost).itemsize))
        self.ways_on = [m.ways_on.astype(self.of_cost)[:, None] for m in self.moves]
        unvisited = np.zeros((self.blocks, FOLDED, 1), dtype=self.of_cost)
        unvisited[:, [FRONT, BACK, BOTH, ALSO_FRONT, ALSO_BACK]] = self.never
        unvisited[:, CROSSED, 0], unvisited[:, CROSSED_TWICE, 0] = self.long, 2 * self.long
        self.unvisited = unvisited
        self._room = [np.empty(most * self.at_once, dtype=self.of_cost) for _ in range(3)]

    def lengths(self, batches: Sequence[Sequence[int]] | Ints) -> list[int]:
        """The length of each batch, in pieces that fit the memory."""
        return in_pieces(batches, self._measure)

    def _measure(self, members: Ints, counts: Ints) -> Ints:
        """members: the orders of batch after batch; counts: how many each batch has, at least one."""
        number = len(counts)
        sizes = self.size[members]
        at = np.arange(number, dtype=np.int64) * self.stride
        ends = sizes.cumsum()
        inner = np.arange(int(ends[-1]), dtype=np.int64) + (self.first[members] - ends + sizes).repeat(sizes)
        keys = np.concatenate([self.keys[inner] + at.repeat(counts).repeat(sizes), at + self.depot])
        keys.sort()
        row_of, y = np.divmod(keys, self.depth)
        starts = _new(row_of)
        column_of, block = np.divmod(row_of[starts], self.blocks)
        own = _new(column_of)  # the first row of every visited aisle
        batch, column = np.divmod(column_of[own], len(self.x))
        visited = np.bincount(batch, minlength=number)
        first = visited.cumsum() - visited
        walked = self._walked(starts, y, block, own, self.x[column], visited, first)
        begun, ended = starts[own[first]], np.append(starts[own[first[1:]]], len(y)) - 1
        there_and_back = 2 * (y[ended] - y[begun])  # in one aisle no crossing is needed
        return np.where(visited == 1, there_and_back, walked) * self.unit_mm + 2 * self.outside_mm

    def _prices(self, starts: Ints, y: Ints, block: Ints) -> Costs:
        """What each kind of move costs in each visited subaisle."""
        low, high = y[starts], y[np.append(starts[1:], len(y)) - 1]
        apart = np.empty_like(y)
        apart[1:] = y[1:] - y[:-1]
        apart[starts] = -1
        gap = np.maximum.reduceat(apart, starts)
        front, long = self.front_of[block], self.long[block]
        from_front, from_back = 2 * (high - front), 2 * (front + long - low)
        from_both = np.where(gap >= 0, 2 * (long - gap), self.never)
        also_front, also_back = np.minimum(from_front, from_both), np.minimum(from_back, from_both)
        prices: Costs = np.empty((len(low), FOLDED), dtype=self.of_cost)
        for kind, price in (
            (NONE, self.never), (FRONT, from_front), (BACK, from_back), (BOTH, from_both), (ALSO_FRONT, also_front),
            (ALSO_BACK, also_back), (STAYS, np.minimum(also_front, also_back)), (STAYS_FRONT, from_front),
            (STAYS_BACK, from_back), (CROSSED, long), (CROSSED_TWICE, 2 * long),
        ):  # fmt: skip
            prices[:, kind] = price
        return prices

    def _walked(
        self, starts: Ints, y: Ints, block: Ints, own: Ints, x: Ints, visited: Ints, first: Ints
    ) -> Ints:  # fmt: skip
        """From visited aisle to visited aisle, many batches beside each other, those with most of them first."""
        turn = (-visited).argsort(kind="stable")
        place = np.empty_like(turn)
        place[turn] = np.arange(len(turn))
        rows = np.append(own[1:], len(starts)) - own
        tour = place.repeat(visited).repeat(rows)
        step = ((np.arange(len(own)) - first.repeat(visited)) * self.blocks).repeat(rows) + block
        order = tour.argsort(kind="stable")
        prices, tour, step = self._prices(starts, y, block)[order], tour[order], step[order]
        across = np.empty(len(x), dtype=self.of_cost)
        across[1:] = x[1:] - x[:-1]  # nothing asks for what lies between two batches
        pieces = range(0, len(turn), self.at_once)
        bounds = [*tour.searchsorted(list(pieces)).tolist(), len(tour)]
        walked: Ints = np.empty(len(turn), dtype=np.int64)
        for at, begin, end in zip(pieces, bounds, bounds[1:], strict=False):
            mine = turn[at : at + self.at_once]
            here = np.empty((int(visited[mine[0]]), self.blocks, FOLDED, len(mine)), dtype=self.of_cost)
            here[:] = self.unvisited
            here = here.reshape(-1, FOLDED, len(mine))
            here[step[begin:end], :, tour[begin:end] - at] = prices[begin:end]
            walked[mine] = self._walked_together(here, across, visited[mine], first[mine])
        return walked

    def _walked_together(self, of_kind: Costs, across: Costs, visited: Ints, first: Ints) -> Ints:
        """The same for as many as a processor keeps near. of_kind: per subaisle what each kind of move costs each."""
        n, most = len(visited), int(visited[0])
        still = (-visited).searchsorted(-np.arange(most + 1)).tolist()  # tours with more than j aisles
        walked: Ints = np.empty(n, dtype=np.int64)
        cost: Costs = np.zeros((1, n), dtype=self.of_cost)
        room, spare = self._room[:2]
        for j in range(most):
            level = min(j, len(self.moves) - 1)
            if j:
                before = min(j - 1, level)
                n, onward = still[j], self.moves[before].onward
                cost = self._after(onward, cost[:, :n], None, room)
                room, spare = spare, room
                cost[onward.unreached] = self.never
                cost += self.ways_on[before] * across[first[:n] + j]
            for k, step in enumerate(self.moves[level].subaisle):
                cost = self._after(step, cost, of_kind[j * self.blocks + k, :, :n], room)
                room, spare = spare, room
            np.minimum(cost, self.never, out=cost)
            if still[j + 1] < n:
                walked[still[j + 1] : n] = cost[self.moves[level].complete, still[j + 1] :].min(axis=0)
        return walked

    def _after(self, step: Rounds, cost: Costs, of_kind: Costs | None, room: Costs) -> Costs:
        """The least cost of every state after one step, for all batches, in the given room."""
        n = cost.shape[1]
        tried = room[: len(step.source) * n].reshape(-1, n)
        cost.take(step.source, axis=0, out=tried, mode="clip")
        if of_kind is not None:
            priced = self._room[2][: len(step.source) * n].reshape(-1, n)
            tried += of_kind.take(step.kind, axis=0, out=priced, mode="clip")
        begin = step.upto[0]
        for end in step.upto[1:]:
            best = tried[: end - begin]
            np.minimum(best, tried[begin:end], out=best)
            begin = end
        return tried[: step.states]


def _narrowest(columns: int, crosses: list[int], across: int) -> tuple[Any, int]:
    """The narrowest whole numbers in which no cost overflows, and a cost above that of every shortest tour.

    Costs are cut to it once an aisle, so in between at most one is added per block, and the ways across.
    """
    most = (columns + 3) * crosses[-1] + 4 * across  # every aisle walked once, there and back
    for kind in (np.int16, np.int32, np.int64):
        never = (int(np.iinfo(kind).max) - 2 * len(crosses) * across) // (len(crosses) + 1)
        if most < never:
            return kind, never
    raise OverflowError(f"a floor {most} units long")


def _new(numbers: Ints) -> Ints:
    """Where a rising row of numbers changes, its beginning included."""
    new = np.empty(len(numbers), dtype=bool)
    new[0] = True
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return new.nonzero()[0]
