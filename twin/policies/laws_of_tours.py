"""The laws of tours and of the batches that share one, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from twin.domain.ids import LocationId
from twin.policies.batching import Batching, BatchingSnapshot, BatchOrder
from twin.policies.laws_to_come import Laws, once
from twin.policies.routing import RoutingSnapshot, Tour, walked_mm


def routing_laws(asked: RoutingSnapshot, decided: Tour) -> Laws:
    """Every location once, groups in order, and the length is what is walked."""
    visits = [stop.location for stop in decided.stops]
    groups = [stop.visit_group for stop in decided.stops]
    complete = set(decided.stops) <= set(asked.stops) and set(visits) == {stop.location for stop in asked.stops}
    legs = decided.via == () or len(decided.via) == len(decided.stops) + 1
    walked = decided.length_mm
    if complete and legs:
        walked = walked_mm(asked.plan, asked.start, asked.end, decided) if asked.plan else _over_ways_mm(asked, visits)
    return [
        (complete, "every stop is visited, and no other"),
        (once(visits), "a location is visited once"),
        (groups == sorted(groups), "visit groups come in order"),
        (legs, "via names the way of every leg, or of none"),
        (decided.length_mm == walked, "the length is what is walked"),
    ]


def _over_ways_mm(asked: RoutingSnapshot, visits: Sequence[LocationId]) -> int:
    """The length of a tour on a graph; a way that the snapshot does not name cannot be walked."""
    ways = {(a, b): mm for a, b, mm in asked.ways}
    places = [asked.start.location, *visits, asked.end.location]
    legs = [ways.get((a, b)) for a, b in pairwise(places) if a != b]
    return sum([mm for mm in legs if mm is not None]) if None not in legs else -1


def batching_laws(asked: BatchingSnapshot, decided: Batching) -> Laws:
    """Batched + rejected = orders; each batch of several fits the cart and mixes nothing that may not mix."""
    by_id = {order.order: order for order in asked.orders}
    batched = [order for batch in decided.batches for order in batch]
    refused = [rejection.subject for rejection in decided.rejected]
    known = set(batched) <= set(by_id)
    several = [[by_id[order] for order in batch] for batch in decided.batches if len(batch) > 1] if known else []
    put_to, place = [order for order, _ in decided.put_to], dict(decided.put_to)
    return [
        (known, "only orders that were offered are batched"),
        (sorted([*batched, *refused]) == sorted(by_id), "batched + rejected = orders, each once"),
        (all(decided.batches), "no batch is empty"),
        (all(len({o.storage for o in batch}) == 1 for batch in several), "storage classes are never mixed"),
        (all(len({o.segregation for o in batch}) == 1 for batch in several), "segregation classes are never mixed"),
        (
            not asked.cart_positions or all(len(batch) <= asked.cart_positions for batch in several),
            "a batch has no more orders than the cart has positions",
        ),
        (
            not asked.max_lines or all(_lines(batch) <= asked.max_lines for batch in several),
            "a batch has no more lines than a tour takes",
        ),
        (
            all(_in_time(batch, asked.now_ms) for batch in several),
            "orders of different cut-offs share only while none of them is late",
        ),
        (
            all(sum([o.mass_kg or 0.0 for o in batch]) <= asked.max_mass_kg * (1 + 1e-9) for batch in several),
            "a batch is no heavier than the cart takes",
        ),
        (
            all(sum([o.volume_l or 0.0 for o in batch]) <= asked.max_volume_l * (1 + 1e-9) for batch in several),
            "a batch is no larger than the cart takes",
        ),
        (sorted(put_to) == sorted(batched), "every batched order has a place"),
        (
            all(_apart([place.get(order, 0) for order in batch], asked.cart_positions) for batch in decided.batches),
            "each order of a batch has a cart position of its own",
        ),
    ]


def _apart(places: Sequence[int], cart_positions: int) -> bool:
    """Whether no two are one, from 0 and, of a cart with positions, below their number."""
    return len(set(places)) == len(places) and min(places, default=0) >= 0 and max(places, default=0) < (
        cart_positions or 1 + max(places, default=0)
    )  # fmt: skip


def _lines(batch: Sequence[BatchOrder]) -> int:
    """Lines of the orders; those merged at one location may count as one."""
    return min(sum([o.lines for o in batch]), len({stop.location for o in batch for stop in o.stops}))


def _in_time(batch: Sequence[BatchOrder], now_ms: int) -> bool:
    """One cut-off, or slack for all; a batch that the order data names is taken as it stands."""
    given = {o.batch for o in batch}
    late = min([o.cutoff_at_ms - now_ms - o.work_ms for o in batch]) < 0
    return not late or len({o.cutoff_at_ms for o in batch}) == 1 or (len(given) == 1 and None not in given)
