"""How long the tours of many batches are, measured together: what the searches of this family ask most.

Answers are exactly the lengths that the routing policy gives to the same stops. One block with one depot, and the
shortest tours over several, are measured in numpy, thousands of batches at a time; any other plan asks the policy once
per batch. No batch is measured twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from twin.domain.aisles import AislePlan, x_of
from twin.policies.batching.batch import BatchingSnapshot, BatchOrder
from twin.policies.batching.block_lengths import CROSSES_MAX, ManyBlocks
from twin.policies.batching.one_block_lengths import RULES_OF_ONE_BLOCK, Visits
from twin.policies.batching.sweep_lengths import SWEEPS, ManySweeps
from twin.policies.routing import ROUTING, RoutingSnapshot
from twin.policies.routing.tour import same_place
from twin.policies.shape import PolicyError

Ints = NDArray[np.int64]
Members = Sequence[int]
KEYS_AT_ONCE = 4_000_000
WORK_OF_TOUR = {2: 2, 3: 3, 4: 10}
"""By blocks: what measuring a shortest tour costs, as a multiple of one in one block."""
WORK_OF_SWEEP = 3
"""The same of a rule of thumb over several blocks."""


class Lengths:
    """Tour lengths of batches of orders, given as indices into `orders`, in mm.

    tours: how many were measured, those over several blocks counted WORK_OF_TOUR times; dear: shortest tours over
    several blocks, of which as few as possible are measured.
    """

    def __init__(self, snapshot: BatchingSnapshot, orders: Sequence[BatchOrder], routing: str) -> None:
        if routing not in ROUTING:
            raise PolicyError(f"batching rules: routing={routing} is none of {', '.join(ROUTING)}")
        self._orders = orders
        together = _together(snapshot, orders, routing)
        self._many = together or _one_at_a_time(snapshot, orders, routing)
        several = snapshot.plan is not None and len(snapshot.plan.cross_y_mm) > 2
        self.dear = together is not None and several and routing == "optimal"
        self.work = 1
        if together is not None and several and snapshot.plan is not None:
            self.work = WORK_OF_TOUR[len(snapshot.plan.cross_y_mm) - 1] if self.dear else WORK_OF_SWEEP
        self._known: dict[int, int] = {}
        self.tours = 0

    def of(self, batches: Sequence[Members], keys: Sequence[int]) -> list[int]:
        """The length of each batch; `keys`: its orders as a set of bits."""
        known = self._known
        new = {key: members for key, members in zip(keys, batches, strict=True) if key not in known}
        if new:
            self.tours += self.work * len(new)
            known.update(zip(new, self._many(list(new.values())), strict=True))
        return [known[key] for key in keys]

    def of_pairs(self, left: Ints, right: Ints) -> Ints:
        """The length of each pair of orders, for very many pairs; these are not kept."""
        self.tours += self.work * len(left)
        return np.array(self._many(np.stack([left, right], axis=1)), dtype=np.int64)


Many = Callable[[Sequence[Members] | Ints], Iterable[int]]


def _one_at_a_time(snapshot: BatchingSnapshot, orders: Sequence[BatchOrder], routing: str) -> Many:
    """On graph layouts `optimal` measures."""
    route = ROUTING[routing if snapshot.plan is not None else "optimal"]()

    def lengths(batches: Sequence[Members] | Ints) -> list[int]:
        return [
            route(
                RoutingSnapshot(
                    now_ms=snapshot.now_ms,
                    book_version=snapshot.book_version,
                    stops=tuple([s for i in members for s in orders[i].stops]),
                    plan=snapshot.plan,
                    start=snapshot.start,
                    end=snapshot.end,
                    ways=snapshot.ways,
                )
            ).length_mm
            for members in batches
        ]

    return lengths


def _together(snapshot: BatchingSnapshot, orders: Sequence[BatchOrder], routing: str) -> Many | None:
    """All at once, if the plan is walked both ways and the tour ends where it starts; else None.

    The rules of thumb are known in closed form only in one block, from a depot in front and to the left of all stops.
    """
    plan = snapshot.plan
    if plan is None or not plan.both_ways or routing not in RULES_OF_ONE_BLOCK:
        return None
    stops = [s for o in orders for s in o.stops]
    if not same_place(snapshot.start, snapshot.end) or len({s.visit_group for s in stops}) > 1:
        return None
    front, back = plan.cross_y_mm[0], plan.cross_y_mm[-1]
    if not all(o.stops for o in orders) or any(not front <= s.y_mm <= back for s in stops):
        return None
    if len(plan.cross_y_mm) > 2:
        if routing in SWEEPS:
            return ManySweeps(plan, orders, snapshot.start, SWEEPS[routing]).lengths
        many = routing == "optimal" and len(plan.cross_y_mm) <= CROSSES_MAX
        return ManyBlocks(plan, orders, snapshot.start).lengths if many else None
    x, y = x_of(plan, snapshot.start), snapshot.start.y_mm
    with_depot = routing == "optimal"
    if not with_depot and (y > front or any(plan.x_mm[s.aisle] < x for s in stops)):
        return None
    inside = min(max(y, front), back)
    return _OneBlock(plan, orders, routing, x, inside if with_depot else None, abs(y - inside)).lengths


class _OneBlock:
    """The stops of all orders as whole numbers `column x depth + y`, one run per order."""

    def __init__(
        self,
        plan: AislePlan,
        orders: Sequence[BatchOrder],
        routing: str,
        depot_x: int,
        depot_y: int | None,
        outside: int,
    ) -> None:
        front, back = plan.cross_y_mm
        self.x, self.outside = depot_x, outside
        self.rule = RULES_OF_ONE_BLOCK[routing]
        self.block = back - front
        self.depth = self.block + 1
        columns = sorted({(plan.x_mm[s.aisle], s.aisle) for o in orders for s in o.stops})
        if depot_y is not None and all(x != depot_x for x, _ in columns):
            columns = sorted([*columns, (depot_x, -1)])
        place = {aisle: i for i, (_, aisle) in enumerate(columns)}
        self.xs = np.array([x for x, _ in columns], dtype=np.int64)
        self.stride = max(1, len(columns)) * self.depth
        runs = [sorted({place[s.aisle] * self.depth + s.y_mm - front for s in o.stops}) for o in orders]
        self.keys = np.array(list(chain.from_iterable(runs)), dtype=np.int64)
        self.size = np.array([len(run) for run in runs], dtype=np.int64)
        self.first = np.cumsum(self.size) - self.size
        self.depot: int | None = None
        if depot_y is not None:
            own = next(i for i, (x, _) in enumerate(columns) if x == depot_x)
            self.depot = own * self.depth + depot_y - front

    def lengths(self, batches: Sequence[Members] | Ints) -> list[int]:
        """The length of each batch, in pieces that fit the memory."""
        if isinstance(batches, np.ndarray):
            counts = np.full(len(batches), batches.shape[1], dtype=np.int64)
            members: Ints = batches.reshape(-1)
        else:
            counts = np.fromiter(map(len, batches), dtype=np.int64, count=len(batches))
            members = np.fromiter(chain.from_iterable(batches), dtype=np.int64, count=int(counts.sum()))
        ends = np.cumsum(counts)
        keys_upto = np.cumsum(self.size[members])[ends - 1] if len(members) else ends
        found: list[int] = []
        done, at = 0, 0
        while at < len(counts):
            behind = int(keys_upto[at - 1]) if at else 0
            upto = max(at + 1, int(np.searchsorted(keys_upto, behind + KEYS_AT_ONCE, side="right")))
            last = int(ends[upto - 1])
            found += self._measure(members[done:last], counts[at:upto]).tolist()
            done, at = last, upto
        return found

    def _measure(self, members: Ints, counts: Ints) -> Ints:
        """members: the orders of batch after batch; counts: how many each batch has, at least one."""
        number = len(counts)
        sizes = self.size[members]
        batch_of = np.repeat(np.arange(number, dtype=np.int64), counts)
        inner = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        keys = self.keys[inner + np.repeat(self.first[members], sizes)] + np.repeat(batch_of * self.stride, sizes)
        if self.depot is not None:
            keys = np.concatenate([keys, np.arange(number, dtype=np.int64) * self.stride + self.depot])
        keys.sort()
        aisle_of, y = np.divmod(keys, self.depth)
        new = np.empty(len(keys), dtype=bool)
        new[0] = True
        np.not_equal(aisle_of[1:], aisle_of[:-1], out=new[1:])
        starts = np.flatnonzero(new)
        batch, column = np.divmod(aisle_of[starts], len(self.xs))
        visited = np.bincount(batch, minlength=number)
        visits = Visits(
            y=y, starts=starts, block=self.block, x=self.xs[column], home_x=self.x, visited=visited,
            first=np.cumsum(visited) - visited,
        )  # fmt: skip
        lengths: Ints = self.rule(visits) + 2 * self.outside
        return lengths
