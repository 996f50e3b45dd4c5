"""`seed`: start with the most pressing order, add those that need the fewest new aisles."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import Limits, Load, in_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The order of smallest slack opens a batch; the order with fewest new aisles joins until nothing fits.

    Ties: smallest slack, then order id. Seed rules: De Koster, Van der Poort & Wolters (1999).
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        limits, now = Limits(snapshot), snapshot.now_ms
        rows = [(_aisles(o), slack, o) for slack, _, o in waiting]
        batches: list[list[BatchOrder]] = []
        while rows:
            visited, _, first = rows[0]
            load = Load(first, now)
            joined = {first.order}
            takes = load.takes
            fitting = rows[1:]
            while fitting and not load.full(limits):
                new = [(aisles & ~visited).bit_count() for aisles, _, _ in fitting]
                best = new.index(min(new))
                aisles, slack, order = fitting[best]
                if not takes(order, slack, limits):
                    fitting = [row for row in fitting if takes(row[2], row[1], limits)]
                    continue
                del fitting[best]
                load.add(order, slack)
                joined.add(order.order)
                visited |= aisles
            batches.append(load.orders)
            rows = [row for row in rows if row[2].order not in joined]
        return batching(batches, rejected)


def _aisles(order: BatchOrder) -> int:
    """The aisles of an order, one bit each."""
    aisles = 0
    for stop in order.stops:
        aisles |= 1 << stop.aisle
    return aisles
