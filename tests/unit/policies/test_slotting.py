from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

import pytest

from twin.policies.home_search import HashedHomes, SortedHomes
from twin.policies.laws import broken_laws
from twin.policies.slotting import (
    SLOTTING,
    Home,
    SkuDemand,
    SlottingPlan,
    SlottingRules,
    SlottingSnapshot,
    velocity_class,
)
from twin.policies.stable import word


def sku(name: str, lines: float = 1.0, **changed: Any) -> SkuDemand:
    plain: dict[str, Any] = {
        "owner": "us",
        "sku": name,
        "lines_per_day": lines,
        "units_per_day": lines,
        "litres_at_max": 10.0,
        "home": None,
        "storage": "ambient",
        "secure": False,
    }
    return SkuDemand(**(plain | changed))


def home(name: str, walk_m: int, **changed: Any) -> Home:
    plain: dict[str, Any] = {
        "location": name,
        "walk_mm": walk_m * 1000,
        "x_mm": 0,
        "y_mm": 0,
        "free_l": 100.0,
        "kind": "shelf",
        "storage": "ambient",
        "secure": False,
        "taken_by": None,
    }
    return Home(**(plain | changed))


def slotted(
    name: str, demand: Sequence[SkuDemand], homes: Sequence[Home], rules: SlottingRules | None = None
) -> SlottingPlan:
    snapshot = SlottingSnapshot(now_ms=0, book_version=1, demand=tuple(demand), homes=tuple(homes), together=())
    plan = SLOTTING[name](rules=rules or SlottingRules())(snapshot)
    assert broken_laws(snapshot, plan) == []
    return plan


def at(plan: SlottingPlan) -> dict[str, str]:
    return {name: location for _, name, location in plan.homes}


def test_classes_are_cut_at_cumulative_shares_of_the_lines():
    demand = [sku("a", 50), sku("b", 30), sku("c", 15), sku("d", 5), sku("e", 0)]
    classes = velocity_class(demand, (0.8, 0.95))
    assert [classes["us", name] for name in "abcde"] == [1, 1, 2, 3, 3]


def test_the_fastest_sku_is_of_the_first_class_however_large_its_share():
    assert velocity_class([sku("a", 99), sku("b", 1)], (0.8, 0.95)) == {("us", "a"): 1, ("us", "b"): 3}


def test_without_lines_all_are_of_the_last_class():
    assert velocity_class([sku("a", 0)], (0.8, 0.95)) == {("us", "a"): 3}


def test_abc_gives_fast_classes_the_near_homes_and_goes_by_id_inside_a_class():
    demand = [sku("z", 45), sku("b", 40), sku("c", 10), sku("d", 5)]
    homes = [home("far", 30), home("near", 10), home("mid", 20), home("last", 40)]
    assert at(slotted("abc", demand, homes)) == {"b": "near", "z": "mid", "c": "far", "d": "last"}


def test_full_turnover_and_cube_per_order_rank_each_sku():
    demand = [sku("a", 1, units_per_day=9.0, litres_at_max=90.0), sku("b", 5, units_per_day=5.0), sku("c", 0)]
    homes = [home("far", 30), home("near", 10), home("mid", 20)]
    assert at(slotted("full_turnover", demand, homes)) == {"a": "near", "b": "mid", "c": "far"}
    assert at(slotted("cube_per_order", demand, homes)) == {"b": "near", "a": "mid", "c": "far"}


@pytest.mark.parametrize("name", SLOTTING)
def test_wrong_class_unsafe_or_too_small_is_never_a_home(name):
    homes = [home("small", 1, free_l=9.0), home("cold", 2, storage="chilled"), home("vault", 3, secure=True)]
    demand = [sku("plain"), sku("gold", secure=True), sku("milk", storage="chilled"), sku("ice", storage="frozen")]
    assert at(slotted(name, demand, homes)) == {"gold": "vault", "milk": "cold"}


def test_a_home_taken_by_a_sku_outside_the_plan_is_not_open():
    assert at(slotted("abc", [sku("a")], [home("x", 1, taken_by=("them", "a")), home("y", 2)])) == {"a": "y"}


def moved(hurdle: float = 1.5, lines: float = 10.0, **rules: Any) -> SlottingPlan:
    demand = [sku("a", lines, home="far")]
    homes = [home("near", 10), home("far", 40, taken_by=("us", "a"))]
    return slotted("abc", demand, homes, SlottingRules(hurdle=hurdle, speed_m_per_s=1.0, **rules))


def test_a_move_saves_the_walk_both_ways_over_the_horizon():
    plan = moved()
    saved_ms = 2 * 30_000 * 10 * 30
    assert plan.moves == (("us", "a", "far", "near", saved_ms),)
    assert at(plan) == {"a": "near"}


def test_a_move_that_does_not_clear_the_hurdle_is_not_made():
    saved_ms, move_ms = 2 * 30_000 * 10 * 30, 240_000
    assert moved(hurdle=saved_ms / move_ms).moves == ()
    assert at(moved(hurdle=saved_ms / move_ms)) == {"a": "far"}
    assert moved(hurdle=saved_ms / move_ms - 0.01).moves != ()


def test_a_move_waits_for_the_one_that_frees_its_target_and_a_swap_is_not_made():
    homes = [home("h1", 10), home("h2", 20, taken_by=("us", "a")), home("h3", 90, taken_by=("us", "b"))]
    demand = [sku("a", 10, home="h2"), sku("b", 9, home="h3")]
    plan = slotted("abc", demand, homes, SlottingRules(class_cuts=()))
    assert [move[1:4] for move in plan.moves] == [("a", "h2", "h1"), ("b", "h3", "h2")]
    full = [home("h1", 10, taken_by=("us", "b")), home("h2", 90, taken_by=("us", "a"))]
    swap = slotted("full_turnover", [sku("a", 100, home="h2"), sku("b", 1, home="h1")], full)
    assert swap.moves == () and at(swap) == {"a": "h2", "b": "h1"}


def test_most_saved_goes_first_and_the_number_of_moves_is_capped():
    homes = [home(f"near{i}", i) for i in range(3)] + [home(f"far{i}", 100, taken_by=("us", f"s{i}")) for i in range(3)]
    demand = [sku(f"s{i}", 10.0 + i, home=f"far{i}") for i in range(3)]
    plan = slotted("full_turnover", demand, homes, SlottingRules(max_moves=2))
    assert [move[1] for move in plan.moves] == ["s2", "s1"]
    assert at(plan)["s0"] == "far0"
    assert len(slotted("full_turnover", demand, homes, SlottingRules(max_moves=0)).moves) == 3


def test_a_new_sku_whose_best_home_stays_taken_gets_the_next():
    homes = [home("h1", 10, taken_by=("us", "slow")), home("h2", 20), home("h3", 30)]
    demand = [sku("fast", 50), sku("slow", 1, home="h1")]
    assert at(slotted("abc", demand, homes)) == {"fast": "h2", "slow": "h1"}


def test_scattered_takes_the_least_hash_of_sku_and_location():
    names = [f"h{i}" for i in range(30)]
    plan = slotted("scattered", [sku(f"s{i:02}") for i in range(30)], [home(n, i) for i, n in enumerate(names)])
    free, expected = set(names), {}
    for i in range(30):
        best = min(free, key=lambda n: word(f"s{i:02}") ^ word(n))
        free.remove(best)
        expected[f"s{i:02}"] = best
    assert at(plan) == expected


def test_scattered_walks_further_than_abc():
    rng = random.Random(1)
    homes = [home(f"h{i}", i) for i in range(200)]
    demand = [sku(f"s{i}", 100 / (rng.randrange(200) + 1)) for i in range(200)]
    walk = {h.location: h.walk_mm for h in homes}

    def walked(name: str) -> float:
        where = at(slotted(name, demand, homes))
        return sum(row.lines_per_day * walk[where[row.sku]] for row in demand)

    assert walked("abc") < 0.6 * walked("scattered")


@pytest.mark.parametrize("seed", range(20))
def test_both_searches_agree_with_looking_at_every_home(seed):
    rng = random.Random(seed)
    rows = [(f"h{i}", rng.randrange(5), float(rng.randrange(4))) for i in range(rng.randrange(12))]
    asks = [(f"s{i}", float(rng.randrange(4))) for i in range(15)]
    rng.shuffle(rows)
    near, hashed = SortedHomes(rows), HashedHomes(rows)
    by_walk, by_hash = list(rows), list(rows)
    for name, litres in asks:
        fits = [row for row in by_walk if row[2] >= litres]
        best = min(fits, key=lambda row: (row[1], row[0]), default=None)
        assert near.take(name, litres) == (best and best[0])
        by_walk = [row for row in by_walk if row is not best]
        fits = [row for row in by_hash if row[2] >= litres]
        best = min(fits, key=lambda row: word(name) ^ word(row[0]), default=None)
        assert hashed.take(name, litres) == (best and best[0])
        by_hash = [row for row in by_hash if row is not best]


@pytest.mark.parametrize("name", SLOTTING)
def test_cost_grows_about_linearly_in_skus_and_homes(name):
    def cpu_s(size: int) -> float:
        demand = [sku(f"s{i}", i % 97) for i in range(size)]
        homes = [home(f"h{i}", i % 89, free_l=5.0 + i % 7) for i in range(size)]
        snapshot = SlottingSnapshot(now_ms=0, book_version=1, demand=tuple(demand), homes=tuple(homes), together=())
        decide = SLOTTING[name](rules=SlottingRules())
        decide(snapshot)
        best = 1e9
        for _ in range(3):
            started = time.process_time()
            decide(snapshot)
            best = min(best, time.process_time() - started)
        return best

    assert cpu_s(4000) < 30 * cpu_s(400)
