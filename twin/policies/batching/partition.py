"""The best batches of a few orders, proven: every batch that fits is measured, then the best partition is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.policies.batching.batch import BatchOrder
from twin.policies.batching.cart import Limits, Load
from twin.policies.batching.lengths import Lengths

ORDERS_MAX = 12
TABLE_MAX = 1_000_000
NEVER = 1 << 60


def best_partition(
    orders: Sequence[BatchOrder], places: Sequence[int], now_ms: int, limits: Limits, lengths: Lengths
) -> list[list[int]]:
    """The shortest batches of the orders at these places, at most ORDERS_MAX; ties: the smaller sets of places.

    Every part of a batch that fits fits too, so batches are grown order by order.
    """
    count = len(places)
    loads: dict[int, Load] = {}
    members: dict[int, list[int]] = {}
    slack = [orders[p].cutoff_at_ms - now_ms - orders[p].work_ms for p in places]
    fresh: list[int] = []
    for i, p in enumerate(places):
        loads[1 << i] = Load(orders[p], now_ms)
        members[1 << i] = [p]
        fresh.append(1 << i)
    while fresh:
        grown: list[int] = []
        for batch in fresh:
            load = loads[batch]
            for i in range(batch.bit_length(), count):
                p = places[i]
                if load.takes(orders[p], slack[i], limits):
                    larger = batch | 1 << i
                    loads[larger] = load.copy()
                    loads[larger].add(orders[p], slack[i])
                    members[larger] = [*members[batch], p]
                    grown.append(larger)
        fresh = grown
    batches = sorted(members)
    keys = [sum([1 << p for p in members[b]]) for b in batches]
    length = np.array(lengths.of([members[b] for b in batches], keys), dtype=np.int64)
    named = np.array(batches, dtype=np.int64)
    full = (1 << count) - 1
    # shortest[rest]: the best way to serve these orders; taken[rest]: the batch that takes the first of them
    shortest = np.zeros(full + 1, dtype=np.int64)
    taken = np.zeros(full + 1, dtype=np.int64)
    for lowest in range(count - 1, -1, -1):
        mine = (named & -named) == 1 << lowest
        batch, mm = named[mine], length[mine]
        # the first order is in the full set only, so the largest table is never needed
        rests = np.array([full]) if lowest == 0 else np.arange(1 << lowest, full + 1, 1 << (lowest + 1))
        for rest in np.array_split(rests, max(1, len(rests) * len(batch) // TABLE_MAX)):
            inside = (rest[:, None] & batch) == batch
            cost = np.where(inside, mm + shortest[np.where(inside, rest[:, None] ^ batch, 0)], NEVER)
            best = cost.argmin(axis=1)  # the first of equals
            shortest[rest], taken[rest] = cost[np.arange(len(rest)), best], batch[best]
    chosen: list[list[int]] = []
    left = full
    while left:
        chosen.append(members[int(taken[left])])
        left ^= int(taken[left])
    return chosen
