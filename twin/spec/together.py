"""Which SKUs are ordered together: what slotting by affinity goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations

from twin.domain.ids import SkuId
from twin.domain.orders import Order

Pairs = tuple[tuple[SkuId, SkuId, float], ...]
Together = Callable[[], Pairs]
PARTNERS_MOST = 10
LINES_MOST = 40
"""Larger orders (wholesale) say little about what belongs together, and cost the square of their lines."""
DAY_MS = 86_400_000


def nothing_together() -> Pairs:
    """A generated day: its lines are drawn one by one."""
    return ()


def ordered_together(orders: Iterable[Order]) -> Pairs:
    """(SKU, SKU, orders a day that hold both): the ten strongest partners of each SKU, ties by id."""
    counted: Counter[tuple[SkuId, SkuId]] = Counter()
    days: set[int] = set()
    for order in orders:
        days.add(order.received_at_ms // DAY_MS)
        skus = sorted({line.sku for line in order.lines})
        if len(skus) <= LINES_MOST:
            counted.update(combinations(skus, 2))
    partners: dict[SkuId, list[tuple[int, SkuId, SkuId]]] = {}
    for (one, other), number in counted.items():
        if number > 1:
            for sku in (one, other):
                partners.setdefault(sku, []).append((-number, one, other))
    strongest = {row for rows in partners.values() for row in sorted(rows)[:PARTNERS_MOST]}
    return tuple([(one, other, -number / len(days)) for number, one, other in sorted(strongest)])
