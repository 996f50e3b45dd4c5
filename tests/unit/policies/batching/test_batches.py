"""Which orders share a tour: the limits of a cart, and what each rule prefers."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.errors import PolicyError
from twin.domain.ids import LocationId, OrderId, OwnerId
from twin.policies.batching import BATCHING, Batching, BatchingRules, BatchingSnapshot, BatchOrder, Savings
from twin.policies.batching.cart import Limits, Load, Mates

HOUR_MS = 3_600_000
DEPOT = Point(location=LocationId("depot"), aisle=0, y_mm=0)
PLAN = AislePlan(x_mm=tuple(range(0, 40, 5)), cross_y_mm=(0, 20))
SEARCHES = [name for name in BATCHING if name != "given"]


def order(name: str, aisles: tuple[int, ...] = (0,), **more: Any) -> BatchOrder:
    stops = tuple(Stop(location=LocationId(f"{a}/{name}"), aisle=a, block=0, y_mm=5) for a in aisles)
    row = BatchOrder(
        order=OrderId(name),
        owner=OwnerId("acme"),
        stops=stops,
        lines=len(stops),
        mass_kg=1.0,
        volume_l=1.0,
        cutoff_at_ms=HOUR_MS,
        work_ms=0,
        storage="ambient",
        segregation=None,
    )
    return replace(row, **more)


def decide(name: str, *orders: BatchOrder, **more: Any) -> Batching:
    cart = {"cart_positions": 0, "max_lines": 0, "max_mass_kg": inf, "max_volume_l": inf, "now_ms": 0} | more
    snapshot = BatchingSnapshot(book_version=0, orders=orders, plan=PLAN, start=DEPOT, end=DEPOT, **cart)
    return BATCHING[name]()(snapshot)


def empty_snapshot() -> BatchingSnapshot:
    return BatchingSnapshot(
        now_ms=0, book_version=0, orders=(), plan=PLAN, start=DEPOT, end=DEPOT, cart_positions=0, max_lines=0,
        max_mass_kg=inf, max_volume_l=inf,
    )  # fmt: skip


def test_one_by_one_is_one_order_a_tour_most_pressing_first() -> None:
    late, soon = order("a", cutoff_at_ms=2 * HOUR_MS), order("b")
    decision = decide("one_by_one", late, soon)
    assert decision.batches == (("b",), ("a",))
    assert decision.put_to == (("b", 0), ("a", 0))


def test_first_come_fills_the_first_batch_with_room() -> None:
    rows = [order("a", (0, 1)), order("b", (2, 3)), order("c", (4,)), order("d", (5,))]
    decision = decide("first_come", *rows, max_lines=3)
    assert decision.batches == (("a", "c"), ("b", "d"))
    assert dict(decision.put_to) == {"a": 0, "c": 1, "b": 0, "d": 1}


def test_seed_adds_the_order_with_the_fewest_new_aisles_then_the_smallest_slack_then_the_id() -> None:
    rows = [
        order("a", (0, 1)),
        order("b", (4, 5), work_ms=10),
        order("c", (0, 2), cutoff_at_ms=2 * HOUR_MS),
        order("d", (1, 0), cutoff_at_ms=3 * HOUR_MS),
    ]
    assert decide("seed", *rows).batches == (("b", "a", "d", "c"),)
    assert decide("seed", *rows, cart_positions=2).batches == (("b", "a"), ("c", "d"))
    assert decide("seed", *rows[2:], order("e", (0, 2)), cart_positions=2).batches[0] == ("e", "c")
    tied = [order("z", (0,)), order("y", (1,), cutoff_at_ms=2 * HOUR_MS), order("x", (2,), cutoff_at_ms=2 * HOUR_MS)]
    assert decide("seed", *tied).batches == (("z", "x", "y"),)


def test_savings_joins_the_pair_that_saves_most() -> None:
    rows = [order("a", (7,)), order("b", (3,)), order("c", (7, 6)), order("d", (3,))]
    decision = decide("savings", *rows, cart_positions=2)
    assert sorted(decision.batches) == [("a", "c"), ("b", "d")]
    assert sorted(decide("savings", *rows, max_lines=2).batches) == [("a",), ("b", "d"), ("c",)]


def test_savings_never_walks_more_than_one_by_one_and_joins_nothing_that_saves_nothing() -> None:
    here = [order(x, (0,), stops=(Stop(location=LocationId(x), aisle=0, block=0, y_mm=0),)) for x in "ab"]
    assert decide("savings", *here).batches == (("a",), ("b",))


def test_savings_wants_a_routing_policy_that_exists() -> None:
    rules = BatchingRules(routing="zigzag")
    with pytest.raises(PolicyError, match="routing=zigzag is none of s_shape"):
        Savings(rules=rules)(empty_snapshot())


@pytest.mark.parametrize("name", ["first_come", "seed"])
@pytest.mark.parametrize(
    "limit",
    [{"cart_positions": 2}, {"max_lines": 2}, {"max_mass_kg": 2.0}, {"max_volume_l": 2.5}],
)
def test_every_limit_of_the_cart_holds_and_none_means_unlimited(name: str, limit: dict[str, Any]) -> None:
    rows = [order(x) for x in "abcde"]
    assert [len(b) for b in decide(name, *rows, **limit).batches] == [2, 2, 1]
    assert [len(b) for b in decide(name, *rows).batches] == [5]


@pytest.mark.parametrize("name", SEARCHES)
def test_an_order_above_a_limit_travels_alone(name: str) -> None:
    rows = [order("a"), order("big", (0, 1, 2)), order("c")]
    assert ("big",) in decide(name, *rows, max_lines=2).batches
    heavy = [order("a"), order("big", mass_kg=99.0), order("c")]
    assert ("big",) in decide(name, *heavy, max_mass_kg=5.0).batches


@pytest.mark.parametrize("name", ["first_come", "seed", "savings", "savings_improved", "optimised", "by_sku"])
def test_storage_and_segregation_are_never_mixed(name: str) -> None:
    rows = [order("a"), order("b", storage="chilled"), order("c", segregation="flammable"), order("d")]
    assert sorted(decide(name, *rows).batches) == [("a", "d"), ("b",), ("c",)]


@pytest.mark.parametrize("name", ["first_come", "seed", "savings", "savings_improved", "optimised", "by_sku"])
def test_cut_offs_share_only_while_nobody_is_late(name: str) -> None:
    rows = [order("a"), order("b", cutoff_at_ms=2 * HOUR_MS)]
    assert decide(name, *rows).batches == (("a", "b"),)
    assert decide(name, *rows, now_ms=HOUR_MS + 1).batches == (("a",), ("b",))
    both_late = [order("a"), order("b")]
    assert decide(name, *both_late, now_ms=HOUR_MS + 1).batches == (("a", "b"),)


def test_a_batch_of_two_cut_offs_takes_nobody_who_is_late() -> None:
    limits = Limits(empty_snapshot())
    load = Load(order("a"), 0)
    load.add(order("b", cutoff_at_ms=2 * HOUR_MS), 2 * HOUR_MS)
    assert load.takes(order("c"), 0, limits)
    assert not load.takes(order("late", work_ms=2 * HOUR_MS), -HOUR_MS, limits)


@pytest.mark.parametrize("name", list(BATCHING))
def test_an_unknown_size_is_refused_only_where_a_limit_asks_for_it(name: str) -> None:
    row = order("a", mass_kg=None, batch="x")
    assert decide(name, row).batches == (("a",),)
    refused = decide(name, row, max_mass_kg=10.0)
    assert [(r.subject, r.code) for r in refused.rejected] == [("a", "unknown_size")]
    assert refused.batches == ()


def test_given_takes_the_batches_of_the_order_data_as_they_stand() -> None:
    rows = [order("c", batch="two"), order("b", batch="one"), order("a", batch="one"), order("d")]
    decision = decide("given", *rows)
    assert decision.batches == (("a", "b"), ("c",))
    assert [(r.subject, r.code) for r in decision.rejected] == [("d", "not_in_batch")]


def test_given_refuses_an_overfull_or_mixed_batch_and_never_mends_it() -> None:
    rows = [order("a", batch="one"), order("b", batch="one"), order("c", batch="two")]
    for limit, code in (
        ({"cart_positions": 1}, "no_place"),
        ({"max_lines": 1}, "no_place"),
        ({"max_mass_kg": 1.5}, "mass"),
        ({"max_volume_l": 1.5}, "volume"),
    ):
        decision = decide("given", *rows, **limit)
        assert decision.batches == (("c",),)
        assert [(r.subject, r.code) for r in decision.rejected] == [("a", code), ("b", code)]
    cold = decide("given", rows[0], replace(rows[1], storage="frozen"))
    assert {r.code for r in cold.rejected} == {"temperature"}
    hazard = decide("given", rows[0], replace(rows[1], segregation="flammable"))
    assert {r.code for r in hazard.rejected} == {"segregation"}
    unsized = decide("given", rows[0], replace(rows[1], mass_kg=None), max_mass_kg=9.0)
    assert unsized.batches == ()
    assert {r.subject for r in unsized.rejected} == {"a", "b"}


@st.composite
def orders(draw: st.DrawFn) -> tuple[BatchOrder, ...]:
    rows = []
    for i in range(draw(st.integers(0, 7))):
        aisles = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=3)))
        rows.append(
            order(
                f"{i}",
                aisles,
                mass_kg=draw(st.sampled_from([None, 1.0, 2.0])),
                cutoff_at_ms=draw(st.sampled_from([1, 2])),
                storage=draw(st.sampled_from(["ambient", "chilled"])),
                batch=draw(st.sampled_from([None, "x", "y"])),
            )
        )
    return tuple(rows)


@pytest.mark.parametrize("name", list(BATCHING))
@given(
    rows=orders(),
    positions=st.integers(0, 2),
    lines=st.sampled_from([0, 2, 4]),
    kg=st.sampled_from([inf, 3.0]),
    luck=st.randoms(use_true_random=False),
)
def test_laws(name: str, rows: tuple[BatchOrder, ...], positions: int, lines: int, kg: float, luck: Any) -> None:
    cart = {"cart_positions": positions, "max_lines": lines, "max_mass_kg": kg, "now_ms": 2}
    decision = decide(name, *rows, **cart)
    by_id = {o.order: o for o in rows}
    batched = [o for batch in decision.batches for o in batch]
    assert sorted([*batched, *(r.subject for r in decision.rejected)]) == sorted(by_id)
    assert decision.put_to == tuple((o, i) for batch in decision.batches for i, o in enumerate(batch))
    for batch in decision.batches:
        together = [by_id[o] for o in batch]
        assert len({o.storage for o in together}) == 1
        if len(batch) > 1:
            if name == "by_sku":
                assert len({s.location for o in together for s in o.stops}) <= (lines or 99)
            else:
                assert sum(o.lines for o in together) <= (lines or 99)
            assert len(batch) <= (positions or 99)
            assert sum(o.mass_kg or 0.0 for o in together) <= kg
            if name != "given":
                assert len({o.cutoff_at_ms for o in together}) == 1 or min(o.cutoff_at_ms for o in together) >= 2
    assert decide(name, *luck.sample(rows, len(rows)), **cart) == decision


drawn_orders = st.lists(
    st.builds(
        order,
        st.uuids().map(str),
        lines=st.integers(1, 3),
        mass_kg=st.sampled_from([0.1, 0.2, 0.7, None]),
        volume_l=st.sampled_from([0.1, 1.0]),
        cutoff_at_ms=st.sampled_from([50, 50, 100]),
        work_ms=st.sampled_from([0, 60]),
        storage=st.sampled_from(["ambient", "ambient", "chilled"]),
        segregation=st.sampled_from([None, None, "acid"]),
    ),
    min_size=2,
    max_size=5,
)


@given(
    drawn_orders, st.integers(0, 3), st.sampled_from([0, 4]), st.sampled_from([inf, 0.3]), st.sampled_from([inf, 1.1])
)
def test_the_searches_see_the_cart_that_the_plain_rules_see(orders, positions, lines, kg, litres):
    """Mates.take is Load.takes, to the last rounding: 0.1 + 0.2 kg is above 0.3 for both."""
    asked = BatchingSnapshot(
        now_ms=0, book_version=0, orders=tuple(orders), plan=PLAN, start=DEPOT, end=DEPOT, cart_positions=positions,
        max_lines=lines, max_mass_kg=kg, max_volume_l=litres,
    )  # fmt: skip
    slack = [o.cutoff_at_ms - o.work_ms for o in orders]
    limits = Limits(asked)
    mates = Mates(orders, slack, limits)
    load, part = Load(orders[0], 0), [0]
    for i in range(1, len(orders)):
        fits = load.takes(orders[i], slack[i], limits)
        assert mates.take(part, i) == fits
        if fits:
            load.add(orders[i], slack[i])
            part.append(i)
