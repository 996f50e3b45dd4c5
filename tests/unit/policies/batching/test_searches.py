"""`savings_improved` and `optimised`: shorter than `savings`, proven for few orders, the same on every machine."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.domain.draws import draw
from twin.domain.ids import OrderId, OwnerId
from twin.policies.batching import BATCHING, BatchingRules, BatchingSnapshot, BatchOrder
from twin.policies.batching import search as search_module
from twin.run.policy_times import drawn_stops, floor

PLAN, DEPOT = floor(1)


def wave(count: int, kg: float, name: str = "a", **cart: int) -> BatchingSnapshot:
    orders = tuple(
        [
            BatchOrder(
                order=OrderId(f"{i:03d}"), owner=OwnerId("us"), stops=(stops := drawn_stops(PLAN, f"{name}{i}", size)),
                lines=len(stops), mass_kg=float(size), volume_l=0.0, cutoff_at_ms=0, work_ms=0, storage="ambient",
                segregation=None,
            )
            for i in range(count)
            for size in [1 + int(5 * draw(0, "size", f"{name}{i}"))]
        ]
    )  # fmt: skip
    return BatchingSnapshot(
        now_ms=0, book_version=0, orders=orders, plan=PLAN, start=DEPOT, end=DEPOT,
        cart_positions=cart.get("positions", 0), max_lines=0, max_mass_kg=kg, max_volume_l=inf,
    )  # fmt: skip


def total(snapshot: BatchingSnapshot, name: str, **rules: object) -> int:
    policy = BATCHING[name](rules=BatchingRules(routing="optimal", **rules))  # type: ignore[arg-type]
    place = {o.order: i for i, o in enumerate(snapshot.orders)}
    batches = [[place[o] for o in batch] for batch in policy(snapshot).batches]
    keys = [sum([1 << i for i in batch]) for batch in batches]
    from twin.policies.batching.lengths import Lengths

    return sum(Lengths(snapshot, snapshot.orders, "optimal").of(batches, keys))


def partitions(names: list[int]) -> list[list[list[int]]]:
    if not names:
        return [[]]
    first, rest = names[0], names[1:]
    found = []
    for chosen in range(1 << len(rest)):
        batch = [first, *[n for i, n in enumerate(rest) if chosen >> i & 1]]
        left = [n for i, n in enumerate(rest) if not chosen >> i & 1]
        found += [[batch, *others] for others in partitions(left)]
    return found


@given(seed=st.integers(0, 10_000), kg=st.sampled_from([6.0, 9.0, inf]))
@settings(max_examples=25)
def test_optimised_is_the_best_of_all_partitions(seed: int, kg: float) -> None:
    from twin.policies.batching.lengths import Lengths

    snapshot = wave(6, kg, f"p{seed}")
    lengths = Lengths(snapshot, snapshot.orders, "optimal")
    mass = [o.mass_kg or 0.0 for o in snapshot.orders]
    best = min(
        sum(lengths.of(parts, [sum([1 << i for i in part]) for part in parts]))
        for parts in partitions(list(range(6)))
        if all(sum(mass[i] for i in part) <= kg for part in parts)
    )
    assert total(snapshot, "optimised") == best


@pytest.mark.parametrize("kg", [15.0, 30.0])
def test_each_search_shortens_what_it_starts_from(kg: float) -> None:
    snapshot = wave(40, kg)
    savings, improved, best = [total(snapshot, name) for name in ("savings", "savings_improved", "optimised")]
    assert best < improved < savings


def test_rounds_alone_shorten_and_the_seed_changes_the_search_but_not_its_answer_to_it() -> None:
    snapshot = wave(40, 15.0)
    search = search_module.Search(
        snapshot, search_module.in_turn(snapshot)[0], BatchingRules(routing="optimal", destroy_share=0.3)
    )
    before = sum(search.length)
    for number in range(60):
        search.round(number)
    assert sum(search.length) < before
    assert sorted([i for part in search.parts for i in part]) == list(range(40))
    assert search.length == search.measured(search.parts)
    policy = BATCHING["optimised"](rules=BatchingRules(routing="optimal", seed=7))
    assert policy(snapshot) == policy(snapshot)


@pytest.mark.parametrize("name", ["savings_improved", "optimised"])
def test_work_is_bounded_by_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[search_module.Search] = []
    real = search_module.Search.__init__

    def kept(self: search_module.Search, *given: object) -> None:
        real(self, *given)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(search_module.Search, "__init__", kept)
    snapshot = wave(60, 20.0)
    total(snapshot, "savings_improved", max_tours=0)
    total(snapshot, name, max_tours=500)
    start, bounded = [search.lengths.tours for search in made]
    # one look may end above the bound: the largest is a round of 30 orders or the swaps of one
    assert start < bounded < start + 500 + 1_000
    assert total(snapshot, name, max_tours=0) == total(snapshot, "savings")


def test_cluster_keeps_one_cart_position_per_order() -> None:
    decision = BATCHING["cluster"](rules=BatchingRules(routing="optimal"))(wave(20, inf, positions=4))
    assert {len(batch) for batch in decision.batches} <= {1, 2, 3, 4}
    assert sorted({place for _, place in decision.put_to}) == [0, 1, 2, 3]
    alone = BATCHING["cluster"]()(wave(3, inf))
    assert [len(batch) for batch in alone.batches] == [1, 1, 1]


def test_by_sku_counts_a_location_once_and_fills_the_places_of_the_put_wall() -> None:
    assert {len(batch) for batch in BATCHING["by_sku"]()(wave(30, inf, positions=8)).batches} == {8, 6}
    snapshot = wave(30, inf)
    everything = BATCHING["by_sku"]()(snapshot)
    assert len(everything.batches) == 1
    assert [place for _, place in everything.put_to] == list(range(30))
