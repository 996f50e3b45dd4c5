"""The shortest closed tours of many batches over several blocks at once: the programme of `routing.blocks`, in numpy.

The tables of moves are those of the routing policy; here every state bears the costs of all batches beside each other,
and only lengths are wanted. A tour may walk aisles without a visit, which never makes it shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from twin.domain.aisles import AislePlan, Point, x_of
from twin.policies.batching.batch import BatchOrder
from twin.policies.routing.frontier import NEVER, Moves, frontier

Ints = NDArray[np.int64]
CROSSES_MAX = 5
NUMBERS_AT_ONCE = 4_000_000


class ManyBlocks:
    """The visits of all orders as whole numbers `subaisle x depth + y`, one run per order."""

    def __init__(self, plan: AislePlan, orders: Sequence[BatchOrder], depot: Point) -> None:
        self.crosses = plan.cross_y_mm
        self.blocks = len(self.crosses) - 1
        front, back = self.crosses[0], self.crosses[-1]
        y = min(max(depot.y_mm, front), back)
        self.outside = abs(depot.y_mm - y)
        self.depth = back - front + 1
        columns = sorted({(plan.x_mm[s.aisle], s.aisle) for o in orders for s in o.stops})
        if depot.aisle is not None:
            home = (plan.x_mm[depot.aisle], depot.aisle)
        else:
            x = x_of(plan, depot)
            home = next((column for column in columns if column[0] == x), (x, -1))
        columns = sorted({*columns, home})
        place = {column: i for i, column in enumerate(columns)}
        self.xs = [x for x, _ in columns]
        self.front_of = np.array(self.crosses[:-1], dtype=np.int64) - front
        self.long = np.diff(np.array(self.crosses, dtype=np.int64))
        self.stride = len(columns) * self.blocks * self.depth

        def key(column: tuple[int, int], y_mm: int) -> int:
            block = max([k for k in range(self.blocks) if k == 0 or y_mm >= self.crosses[k]])
            return (place[column] * self.blocks + block) * self.depth + y_mm - front

        runs = [sorted({key((plan.x_mm[s.aisle], s.aisle), s.y_mm) for s in o.stops}) for o in orders]
        self.keys = np.array(list(chain.from_iterable(runs)), dtype=np.int64)
        self.size = np.array([len(run) for run in runs], dtype=np.int64)
        self.first = np.cumsum(self.size) - self.size
        self.depot = key(home, y)
        self.tables = frontier(len(self.crosses), open_ends=False)
        self.ways_on = np.array([sum(ways) for ways in self.tables.ways_on], dtype=np.int64)
        most = max([len(moves.source) for moves in (*self.tables.subaisle, self.tables.onward)])
        self.at_once = max(16, NUMBERS_AT_ONCE // (most + 6 * len(columns) * self.blocks))

    def lengths(self, batches: Sequence[Sequence[int]] | Ints) -> list[int]:
        """The length of each batch, in pieces that fit the memory."""
        found: list[int] = []
        for at in range(0, len(batches), self.at_once):
            piece = batches[at : at + self.at_once]
            counts = np.fromiter(map(len, piece), dtype=np.int64, count=len(piece))
            members = np.fromiter(chain.from_iterable(piece), dtype=np.int64, count=int(counts.sum()))
            found += self._measure(members, counts).tolist()
        return found

    def _measure(self, members: Ints, counts: Ints) -> Ints:
        """members: the orders of batch after batch; counts: how many each batch has, at least one."""
        number = len(counts)
        sizes = self.size[members]
        batch_of = np.repeat(np.arange(number, dtype=np.int64), counts)
        inner = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        keys = self.keys[inner + np.repeat(self.first[members], sizes)] + np.repeat(batch_of * self.stride, sizes)
        keys = np.concatenate([keys, np.arange(number, dtype=np.int64) * self.stride + self.depot])
        keys.sort()
        row_of, y = np.divmod(keys, self.depth)
        starts = np.flatnonzero(np.diff(row_of, prepend=-1))
        batch, subaisle = np.divmod(row_of[starts], len(self.xs) * self.blocks)
        walked = self._walked(number, batch, subaisle, self._prices(starts, y, subaisle % self.blocks))
        first = np.searchsorted(row_of[starts], np.arange(number) * (len(self.xs) * self.blocks))
        last = np.append(first[1:], len(starts)) - 1
        one_aisle = (
            subaisle[first] // self.blocks == subaisle[last] // self.blocks
        )  # there and back, no crossing needed
        ends = np.append(starts[1:], len(y)) - 1
        there_and_back = 2 * (y[ends[last]] - y[starts[first]])
        return np.where(one_aisle, there_and_back, walked) + 2 * self.outside

    def _prices(self, starts: Ints, y: Ints, block: Ints) -> Ints:
        """What each effect of `frontier.CLOSED` costs in each visited subaisle; left out it costs NEVER."""
        low, high = y[starts], y[np.append(starts[1:], len(y)) - 1]
        apart = np.diff(y, prepend=0)
        apart[starts] = -1
        gap = np.maximum.reduceat(apart, starts)
        front, long = self.front_of[block], self.long[block]
        between = np.where(gap >= 0, 2 * (long - gap), NEVER)
        return np.stack(
            [np.full_like(low, NEVER), 2 * (high - front), 2 * (front + long - low), between, 2 * long, long]
        )

    def _walked(self, number: int, batch: Ints, subaisle: Ints, prices: Ints) -> Ints:
        """Aisle by aisle, all batches beside each other; a batch is done after its last visited aisle."""
        tables = self.tables
        column = subaisle // self.blocks
        last = np.zeros(number, dtype=np.int64)
        np.maximum.at(last, batch, column)
        cost: Ints = np.full((tables.states, number), NEVER, dtype=np.int64)
        cost[0] = 0
        walked: Ints = np.full(number, NEVER, dtype=np.int64)
        order = np.argsort(subaisle, kind="stable")
        bounds = np.searchsorted(subaisle[order], np.arange(len(self.xs) * self.blocks + 1))
        visited = np.flatnonzero(np.bincount(column, minlength=len(self.xs)))
        for turn, j in enumerate(visited.tolist()):
            if turn:
                across = self.xs[j] - self.xs[visited[turn - 1]]
                begun = _cheapest(tables.onward, cost, (self.ways_on * across)[:, None])
                begun[0] = cost[0]  # a batch whose first aisle is still ahead
                cost = begun
            for k in range(self.blocks):
                here = order[bounds[j * self.blocks + k] : bounds[j * self.blocks + k + 1]]
                of_kind: Ints = np.empty((len(prices), number), dtype=np.int64)
                of_kind[:] = np.array([0, NEVER, NEVER, NEVER, 2 * self.long[k], self.long[k]])[:, None]
                of_kind[:, batch[here]] = prices[:, here]
                cost = _cheapest(tables.subaisle[k], cost, of_kind)
            done = last == j
            walked[done] = cost[tables.complete][:, done].min(axis=0)
        return walked


def _cheapest(moves: Moves, cost: Ints, of_kind: Ints) -> Ints:
    """The least cost of every state after one move, for all batches."""
    after: Ints = np.full_like(cost, NEVER)
    tried = cost[moves.source] + of_kind[moves.kind]
    after[moves.targets] = np.minimum(np.minimum.reduceat(tried, moves.starts, axis=0), NEVER)
    return after
