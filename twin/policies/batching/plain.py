"""Batches without a look at the way: one by one, first come first served, or as the order data says."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.batching.batch import RULES, Batching, BatchingRules, BatchingSnapshot, BatchOrder, batching
from twin.policies.batching.cart import Limits, Load, in_turn, overfull
from twin.policies.shape import Rejection, RejectionCode


@dataclass(frozen=True, slots=True, kw_only=True)
class OneByOne:
    """Each order its own tour, smallest slack first."""

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        return batching([[o] for _, _, o in waiting], rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome:
    """By (slack, order), each into the first batch with room."""

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        limits, now = Limits(snapshot), snapshot.now_ms
        batches: list[Load] = []
        with_room: list[Load] = []
        for slack, _, o in waiting:
            for load in with_room:
                if load.takes(o, slack, limits):
                    load.add(o, slack)
                    if load.full(limits):
                        with_room.remove(load)
                    break
            else:
                load = Load(o, now)
                batches.append(load)
                if not load.full(limits):
                    with_room.append(load)
        return batching([load.orders for load in batches], rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The batches named in the order data, for tests and benchmarks.

    An order without a name is rejected as `not_in_batch`; an overfull or mixed batch is refused whole, never mended.
    Orders of a batch join by id; the limits are those of the cart, cut-offs may differ.
    """

    rules: BatchingRules = RULES

    def __call__(self, snapshot: BatchingSnapshot, /) -> Batching:
        waiting, rejected = in_turn(snapshot)
        named: dict[str, list[BatchOrder]] = {}
        unknown = {r.subject for r in rejected}
        spoilt: dict[str, str] = {}
        for o in snapshot.orders:
            if o.order in unknown and o.batch is not None:
                spoilt[o.batch] = min(o.order, spoilt.get(o.batch, o.order))
        for _, _, o in waiting:
            if o.batch is None:
                rejected.append(Rejection(subject=o.order, code="not_in_batch", detail="the order names no batch"))
            else:
                named.setdefault(o.batch, []).append(o)
        batches: list[list[BatchOrder]] = []
        for name, orders in named.items():
            refused: tuple[RejectionCode, str] | None = overfull(orders, Limits(snapshot))
            if name in spoilt:
                refused = ("unknown_size", f"size of {spoilt[name]} is unknown")
            if refused is None:
                batches.append(sorted(orders, key=lambda o: o.order))
            else:
                code, detail = refused
                rejected += [Rejection(subject=o.order, code=code, detail=f"batch {name}: {detail}") for o in orders]
        return batching(batches, sorted(rejected, key=lambda r: r.subject))
