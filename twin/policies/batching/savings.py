"""`savings`: join the two batches that save most of the way, again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.domain.ids import OrderId
from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import Limits, Load, in_turn
from twin.policies.routing import ROUTING, RoutingSnapshot
from twin.policies.shape import PolicyError

LengthOf = Callable[[list[BatchOrder]], int]


def tour_length(snapshot: BatchingSnapshot, routing: str) -> LengthOf:
    """How long a tour of some orders is under a routing policy; on graph layouts `optimal` measures."""
    if routing not in ROUTING:
        raise PolicyError(f"batching rules: routing={routing} is none of {', '.join(ROUTING)}")
    route = ROUTING[routing if snapshot.plan is not None else "optimal"]()

    def length_mm(orders: list[BatchOrder]) -> int:
        asked = RoutingSnapshot(
            now_ms=snapshot.now_ms,
            book_version=snapshot.book_version,
            stops=tuple([s for o in orders for s in o.stops]),
            plan=snapshot.plan,
            start=snapshot.start,
            end=snapshot.end,
            ways=snapshot.ways,
        )
        return route(asked).length_mm

    return length_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Merge the fitting pair of batches with the largest `length(i) + length(j) - length(i and j)`.

    Lengths are those of `rules.routing`, measured again after each merge; it ends when no pair saves. Ties: the smaller
    pair of ids. Clarke & Wright (1964), as C&W(ii) of De Koster, Van der Poort & Wolters (1999).
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        limits = Limits(snapshot)
        length_of = tour_length(snapshot, self.rules.routing)
        # batches are known by their smallest order id
        loads = {o.order: Load(o, snapshot.now_ms) for o in sorted([o for _, _, o in waiting], key=lambda o: o.order)}
        length = {name: length_of(load.orders) for name, load in loads.items()}
        saved: dict[tuple[OrderId, OrderId], int] = {}

        def weigh(a: OrderId, b: OrderId) -> None:
            if loads[a].joins(loads[b], limits):
                both = length_of(loads[a].orders + loads[b].orders)
                saving = length[a] + length[b] - both
                if saving > 0:
                    saved[a, b] = saving

        names = list(loads)
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                weigh(a, b)
        while saved:
            kept, gone = min(saved, key=lambda pair: (-saved[pair], pair))
            length[kept] += length.pop(gone) - saved[kept, gone]
            loads[kept].merge(loads.pop(gone))
            saved = {pair: mm for pair, mm in saved.items() if kept not in pair and gone not in pair}
            for other in loads:
                if other != kept:
                    weigh(min(kept, other), max(kept, other))
        turn = {o.order: i for i, (_, _, o) in enumerate(waiting)}
        batches = [sorted(load.orders, key=lambda o: turn[o.order]) for load in loads.values()]
        return batching(sorted(batches, key=lambda batch: turn[batch[0].order]), rejected)
