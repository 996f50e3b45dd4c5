"""Many tours measured at once are exactly as long as the routing policy walks each of them."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId, OrderId, OwnerId
from twin.policies.batching import BatchingSnapshot, BatchOrder, block_lengths, pieces
from twin.policies.batching import lengths as lengths_module
from twin.policies.batching.lengths import Lengths
from twin.policies.routing import ROUTING, RoutingSnapshot

DEPTH = 7
DEPOTS = (
    Point(location=LocationId("corner"), aisle=0, y_mm=0),
    Point(location=LocationId("outside"), x_mm=-4, y_mm=-3),
    Point(location=LocationId("between"), x_mm=7, y_mm=DEPTH + 2),
    Point(location=LocationId("inside"), aisle=1, y_mm=3),
)


@st.composite
def waves(draw: st.DrawFn) -> BatchingSnapshot:
    blocks, aisles = draw(st.sampled_from([1, 1, 2, 3, 4])), draw(st.integers(2, 5))
    plan = AislePlan(
        x_mm=tuple([5 * a for a in range(aisles)]), cross_y_mm=tuple([DEPTH * c for c in range(blocks + 1)])
    )
    place = st.tuples(st.integers(0, aisles - 1), st.integers(0, blocks - 1), st.integers(0, DEPTH))
    orders = []
    for i in range(draw(st.integers(1, 5))):
        picks = draw(st.lists(place, min_size=1, max_size=4))
        stops = tuple(
            [Stop(location=LocationId(f"{a}/{b}/{y}"), aisle=a, block=b, y_mm=DEPTH * b + y) for a, b, y in picks]
        )
        orders.append(
            BatchOrder(
                order=OrderId(f"{i}"), owner=OwnerId("us"), stops=stops, lines=len(stops), mass_kg=1.0, volume_l=1.0,
                cutoff_at_ms=0, work_ms=0, storage="ambient", segregation=None,
            )
        )  # fmt: skip
    depot = draw(st.sampled_from(DEPOTS))
    return BatchingSnapshot(
        now_ms=0, book_version=0, orders=tuple(orders), plan=plan, start=depot, end=depot, cart_positions=0,
        max_lines=0, max_mass_kg=inf, max_volume_l=inf,
    )  # fmt: skip


def walked(snapshot: BatchingSnapshot, routing: str, members: list[int]) -> int:
    stops = tuple([s for i in members for s in snapshot.orders[i].stops])
    asked = RoutingSnapshot(
        now_ms=0, book_version=0, stops=stops, plan=snapshot.plan, start=snapshot.start, end=snapshot.end
    )
    return ROUTING[routing]()(asked).length_mm


@pytest.mark.parametrize("routing", list(ROUTING))
@given(snapshot=waves(), data=st.data())
def test_lengths_are_those_of_the_routing_policy(routing: str, snapshot: BatchingSnapshot, data: Any) -> None:
    some = st.lists(st.sampled_from(range(len(snapshot.orders))), min_size=1, unique=True)
    batches = data.draw(st.lists(some, min_size=1, max_size=5))
    lengths = Lengths(snapshot, snapshot.orders, routing)
    keys = [sum([1 << i for i in batch]) for batch in batches]
    assert lengths.of(batches, keys) == [walked(snapshot, routing, batch) for batch in batches]
    assert lengths.tours == lengths.work * len(set(keys))
    left, right = np.triu_indices(len(snapshot.orders), 1)
    pairs = [walked(snapshot, routing, [int(i), int(j)]) for i, j in zip(left, right, strict=True)]
    assert lengths.of_pairs(left, right).tolist() == pairs


def test_one_block_is_measured_without_asking_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Stop(location=LocationId("s"), aisle=1, block=0, y_mm=3)
    order = BatchOrder(
        order=OrderId("o"), owner=OwnerId("us"), stops=(stop,), lines=1, mass_kg=1.0, volume_l=1.0, cutoff_at_ms=0,
        work_ms=0, storage="ambient", segregation=None,
    )  # fmt: skip
    snapshot = BatchingSnapshot(
        now_ms=0, book_version=0, orders=(order, replace(order, order=OrderId("p"))),
        plan=AislePlan(x_mm=(0, 5), cross_y_mm=(0, DEPTH)), start=DEPOTS[0], end=DEPOTS[0], cart_positions=0,
        max_lines=0, max_mass_kg=inf, max_volume_l=inf,
    )  # fmt: skip
    monkeypatch.setattr(lengths_module, "_one_at_a_time", None)
    monkeypatch.setattr(lengths_module, "KEYS_AT_ONCE", 1)  # every batch a piece of its own
    for routing in ROUTING:
        assert Lengths(snapshot, snapshot.orders, routing).of([[0], [0, 1]], [1, 3]) == [16, 16]


def test_shortest_tours_over_blocks_are_measured_without_asking_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Piece by piece, each batch for itself, it is the same; other rules are asked tour by tour."""
    orders = tuple(
        [
            BatchOrder(
                order=OrderId(f"{i}"), owner=OwnerId("us"),
                stops=(Stop(location=LocationId(f"{i}"), aisle=i % 3, block=i % 2, y_mm=DEPTH * (i % 2) + i % 5 + 1),),
                lines=1, mass_kg=1.0, volume_l=1.0, cutoff_at_ms=0, work_ms=0, storage="ambient", segregation=None,
            )
            for i in range(40)
        ]
    )  # fmt: skip
    snapshot = BatchingSnapshot(
        now_ms=0, book_version=0, orders=orders, plan=AislePlan(x_mm=(0, 5, 9), cross_y_mm=(0, DEPTH, 2 * DEPTH)),
        start=DEPOTS[0], end=DEPOTS[0], cart_positions=0, max_lines=0, max_mass_kg=inf, max_volume_l=inf,
    )  # fmt: skip
    batches = [[i, (3 * i + 1) % 40, (7 * i + 5) % 40] for i in range(40)]
    keys = [sum([1 << i for i in set(batch)]) for batch in batches]
    expected = [walked(snapshot, "optimal", batch) for batch in batches]
    monkeypatch.setattr(lengths_module, "_one_at_a_time", None)
    monkeypatch.setattr(block_lengths, "BYTES_AT_ONCE", 1)
    monkeypatch.setattr(pieces, "PREPARED_AT_ONCE", 7)
    assert Lengths(snapshot, orders, "optimal").of(batches, keys) == expected
    for sweep in ("s_shape", "return", "combined"):
        expected = [walked(snapshot, sweep, batch) for batch in batches]
        assert Lengths(snapshot, orders, sweep).of(batches, keys) == expected
    with pytest.raises(TypeError):
        Lengths(snapshot, orders, "midpoint")


@pytest.mark.parametrize("blocks", [2, 3, 4])
@pytest.mark.parametrize(("unit", "width"), [(1, np.int16), (1_009, np.int16), (0, np.int32), (10**7, np.int64)])
def test_numbers_are_as_narrow_as_the_floor_allows_and_lengths_the_same(blocks: int, unit: int, width: type) -> None:
    """unit 0: nothing common to divide by; 10**7: and a floor of hundreds of kilometres."""
    luck = Random(blocks)
    big, odd = (unit, 0) if unit in (1, 1_009) else (max(unit, 1_000), 1)
    plan = AislePlan(
        x_mm=tuple(big * x for x in (0, 3, 6, 11)), cross_y_mm=tuple(big * DEPTH * c for c in range(blocks + 1))
    )
    orders = []
    for i in range(12):
        picks = [
            (luck.randrange(4), luck.randrange(blocks), luck.randrange(1, DEPTH)) for _ in range(luck.randint(1, 6))
        ]
        stops = tuple(
            Stop(location=LocationId(f"{a}/{b}/{y}"), aisle=a, block=b, y_mm=big * (DEPTH * b + y) + odd)
            for a, b, y in picks
        )
        orders.append(
            BatchOrder(
                order=OrderId(f"{i:02d}"), owner=OwnerId("us"), stops=stops, lines=len(stops), mass_kg=1.0,
                volume_l=1.0, cutoff_at_ms=0, work_ms=0, storage="ambient", segregation=None,
            )
        )  # fmt: skip
    snapshot = BatchingSnapshot(
        now_ms=0, book_version=0, orders=tuple(orders), plan=plan, start=DEPOTS[0], end=DEPOTS[0], cart_positions=0,
        max_lines=0, max_mass_kg=inf, max_volume_l=inf,
    )  # fmt: skip
    many = block_lengths.ManyBlocks(plan, orders, DEPOTS[0])
    assert many.of_cost is width
    batches = [sorted(luck.sample(range(12), luck.randint(1, 9))) for _ in range(30)]
    assert many.lengths(batches) == [walked(snapshot, "optimal", batch) for batch in batches]


def test_a_subaisle_walked_twice_to_connect_its_crossings_is_measured_too() -> None:
    picks = [(0, 43), (0, 45), (3, 1), (3, 25), (3, 26), (3, 46), (4, 14), (4, 31), (4, 42), (4, 46)]
    stops = tuple(Stop(location=LocationId(f"{a}/{y}"), aisle=a, block=0, y_mm=y) for a, y in picks)
    order = BatchOrder(
        order=OrderId("o"), owner=OwnerId("us"), stops=stops, lines=1, mass_kg=1.0, volume_l=1.0, cutoff_at_ms=0,
        work_ms=0, storage="ambient", segregation=None,
    )  # fmt: skip
    plan = AislePlan(x_mm=(0, 5, 35, 36, 41), cross_y_mm=(0, 40, 44, 47))
    assert block_lengths.ManyBlocks(plan, [order], DEPOTS[0]).lengths([[0]]) == [218]
