"""How long the sweeps of `routing.sweeps` are over several blocks, for many batches at once.

`s_shape`, `return` and `combined` take each visited aisle of a block once, from its near or its far end; which, is all
they differ in. The picker's place is followed block by block and aisle by aisle, for all batches beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from twin.domain.aisles import AislePlan, Point, x_of
from twin.policies.batching.batch import BatchOrder
from twin.policies.batching.pieces import in_pieces

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NEVER = 1 << 50

# (nearest, farthest visit of every aisle in turn, which batches have such an aisle, length of the block) -> per aisle,
# whether it is entered at the far end
Sides = Callable[[list[Ints], list[Ints], list[Bools], int], list[Bools]]


def crossed_in_turn(nearest: list[Ints], farthest: list[Ints], there: list[Bools], block_mm: int) -> list[Bools]:
    """`s_shape`: every other aisle from the far end."""
    return [np.full(len(depths), i % 2 == 1) for i, depths in enumerate(nearest)]


def always_near(nearest: list[Ints], farthest: list[Ints], there: list[Bools], block_mm: int) -> list[Bools]:
    """`return`."""
    return [np.zeros(len(depths), dtype=bool) for depths in nearest]


def best_sides(nearest: list[Ints], farthest: list[Ints], there: list[Bools], block_mm: int) -> list[Bools]:
    """`combined`: each aisle crossed or left where it was entered, whichever is shorter in the end; equal: left."""
    near, far = np.zeros(len(nearest[0]), dtype=np.int64), np.full(len(nearest[0]), NEVER, dtype=np.int64)
    crossed: list[tuple[Bools, Bools]] = []
    for least, most in zip(nearest, farthest, strict=True):
        stay_near, stay_far = near + 2 * most, far + 2 * (block_mm - least)
        crossed.append((far + block_mm < stay_near, near + block_mm < stay_far))
        near, far = np.minimum(stay_near, far + block_mm), np.minimum(stay_far, near + block_mm)
    entered: list[Bools] = []
    side = np.zeros(len(near), dtype=bool)  # where the aisle is left, last aisle first
    for (to_near, to_far), here in zip(crossed[::-1], there[::-1], strict=True):
        far_end = side != np.where(side, to_far, to_near)
        entered.append(far_end)
        side = np.where(here, far_end, side)
    return entered[::-1]


SWEEPS: dict[str, Sides] = {"s_shape": crossed_in_turn, "return": always_near, "combined": best_sides}


class ManySweeps:
    """The visits of all orders as whole numbers `(block in turn, aisle) x depth + y`, one run per order."""

    def __init__(self, plan: AislePlan, orders: Sequence[BatchOrder], depot: Point, sides: Sides) -> None:
        crosses, home = plan.cross_y_mm, depot.y_mm
        blocks = sorted({s.block for o in orders for s in o.stops})
        ends = {b: (crosses[b], crosses[b + 1]) for b in blocks}
        self.near_far = [e if abs(e[0] - home) <= abs(e[1] - home) else e[::-1] for e in ends.values()]
        turn = sorted(range(len(blocks)), key=lambda i: (-abs(self.near_far[i][0] - home), blocks[i]))
        self.near_far = [self.near_far[i] for i in turn]
        rank = {blocks[i]: place for place, i in enumerate(turn)}
        aisles = sorted({s.aisle for o in orders for s in o.stops})
        place = {aisle: i for i, aisle in enumerate(aisles)}
        self.sides, self.front = sides, crosses[0]
        self.number = np.array(aisles, dtype=np.int64)
        self.x = np.array([plan.x_mm[aisle] for aisle in aisles], dtype=np.int64)
        self.depot = (x_of(plan, depot), depot.y_mm, -1 if depot.aisle is None else depot.aisle)
        self.depth = crosses[-1] - crosses[0] + 1
        self.stride = len(blocks) * len(aisles) * self.depth
        runs = [
            sorted({(rank[s.block] * len(aisles) + place[s.aisle]) * self.depth + s.y_mm - self.front for s in o.stops})
            for o in orders
        ]
        self.keys = np.array(list(chain.from_iterable(runs)), dtype=np.int64)
        self.size = np.array([len(run) for run in runs], dtype=np.int64)
        self.first = np.cumsum(self.size) - self.size

    def lengths(self, batches: Sequence[Sequence[int]] | Ints) -> list[int]:
        """The length of each batch, in pieces that fit the memory."""
        return in_pieces(batches, self._measure)

    def _measure(self, members: Ints, counts: Ints) -> Ints:
        """members: the orders of batch after batch; counts: how many each batch has, at least one."""
        number, blocks = len(counts), len(self.near_far)
        sizes = self.size[members]
        ends = sizes.cumsum()
        inner = np.arange(int(ends[-1]), dtype=np.int64) + (self.first[members] - ends + sizes).repeat(sizes)
        at = np.arange(number, dtype=np.int64) * self.stride
        keys = self.keys[inner] + at.repeat(counts).repeat(sizes)
        keys.sort()
        row_of, y = np.divmod(keys, self.depth)
        new = np.empty(len(keys), dtype=bool)
        new[0] = True
        np.not_equal(row_of[1:], row_of[:-1], out=new[1:])
        starts = new.nonzero()[0]
        y += self.front
        low, high = y[starts], y[np.append(starts[1:], len(y)) - 1]
        in_block, aisle = np.divmod(row_of[starts], len(self.x))
        bounds = in_block.searchsorted(np.arange(number * blocks + 1)).reshape(-1)
        walk = _Walk(number, *self.depot)
        for block, (near, far) in enumerate(self.near_far):
            first = bounds[block : number * blocks : blocks]
            walk.through(self, near, far, first, bounds[block + 1 :: blocks] - first, low, high, aisle)
        return walk.home(*self.depot)


class _Walk:
    """Where the picker of every batch is, and how far it was."""

    def __init__(self, number: int, x: int, y: int, aisle: int) -> None:
        self.x, self.y, self.aisle = (np.full(number, value, dtype=np.int64) for value in (x, y, aisle))
        self.near = np.zeros(number, dtype=np.int64)
        self.length_mm = np.zeros(number, dtype=np.int64)

    def through(
        self, many: ManySweeps, near: int, far: int, first: Ints, visited: Ints, low: Ints, high: Ints, aisle: Ints
    ) -> None:
        """One block. first, visited: of every batch the first row of its aisles there, and how many."""
        mine = visited.nonzero()[0]
        if not len(mine):
            return
        first, visited = first[mine], visited[mine]
        last = first + visited - 1
        left, right = np.abs(many.x[aisle[first]] - self.x[mine]), np.abs(many.x[aisle[last]] - self.x[mine])
        reverse = right < left
        in_turn = range(int(visited.max()))
        there: list[Bools] = [visited > i for i in in_turn]
        # beyond its last aisle a batch repeats it, and what comes of it is not looked at
        rows = [np.where(reverse, np.maximum(last - i, first), np.minimum(first + i, last)) for i in in_turn]
        up = far > near
        nearest = [low[r] - near if up else near - high[r] for r in rows]
        farthest = [high[r] - near if up else near - low[r] for r in rows]
        sides = many.sides(nearest, farthest, there, abs(far - near))
        for here, row, least, most, from_far in zip(there, rows, nearest, farthest, sides, strict=True):
            at, row, from_far = mine[here], row[here], from_far[here]
            least, most = least[here], most[here]
            begins, ends = np.where(from_far, most, least), np.where(from_far, least, most)
            begins, ends = (near + begins, near + ends) if up else (near - begins, near - ends)
            cross = np.where(from_far, far, near)
            x, number, y = many.x[aisle[row]], many.number[aisle[row]], self.y[at]
            around = np.abs(y - cross) + np.abs(self.x[at] - x) + np.abs(begins - cross)
            self.length_mm[at] += np.where(number == self.aisle[at], np.abs(begins - y), around) + most - least
            self.x[at], self.y[at], self.aisle[at] = x, ends, number
        self.near[mine] = near

    def home(self, x: int, y: int, aisle: int) -> Ints:
        """The lengths, with the way back to the depot."""
        around = np.abs(self.y - self.near) + np.abs(self.x - x) + np.abs(y - self.near)
        return self.length_mm + np.where(self.aisle == aisle, np.abs(self.y - y), around)
