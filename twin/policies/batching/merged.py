"""Batches that are sorted later or while picking: `cluster` and `by_sku`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.domain.ids import LocationId
from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import UNLIMITED, Limits, Load, in_turn
from twin.policies.batching.search import SavingsImproved


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Batches of `savings_improved` with one cart position per order, sorted while picking; an order never shares one.

    A cart without stated positions takes one order.
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        positions = snapshot.cart_positions or 1
        return SavingsImproved(rules=self.rules)(replace(snapshot, cart_positions=positions))


@dataclass(frozen=True, slots=True, kw_only=True)
class BySku:
    """Lines of all orders on one stock line merged at each stop, sorted later at a put wall: by (slack, order).

    An order joins the first batch with room; the positions are the places of the put wall, a location counts once
    against `max_lines`.
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        limits = Limits(snapshot)
        most, limits.lines = limits.lines, UNLIMITED
        loads: list[tuple[Load, set[LocationId]]] = []
        for slack, _, o in waiting:
            places = _places(o)
            for load, visited in loads:
                if len(visited | places) <= most and load.takes(o, slack, limits):
                    load.add(o, slack)
                    visited |= places
                    break
            else:
                loads.append((Load(o, snapshot.now_ms), places))
        return batching([load.orders for load, _ in loads], rejected)


def _places(order: BatchOrder) -> set[LocationId]:
    return {s.location for s in order.stops}
