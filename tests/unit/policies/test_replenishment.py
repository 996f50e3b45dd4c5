from __future__ import annotations

from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.replenishment import (
    REPLENISHMENT,
    Face,
    Replenishment,
    ReplenishmentRules,
    ReplenishmentSnapshot,
)

HOUR_MS = 3_600_000


def face(name: str = "face", units: int = 2, **changed: Any) -> Face:
    plain: dict[str, Any] = {
        "location": name,
        "owner": "us",
        "sku": "tea",
        "units": units,
        "coming_units": 0,
        "wanted_units": 0,
        "min_units": 5,
        "max_units": 20,
        "capacity_units": 30,
        "units_per_h": 1.0,
    }
    return Face(**(plain | changed))


def refill(
    name: str, faces: list[Face], reserve: list[Any], rules: ReplenishmentRules | None = None, **seen: Any
) -> Replenishment:
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "faces": tuple(faces),
        "reserve": tuple(reserve),
        "on_day": 10,
        "trigger": "level",
    }
    return REPLENISHMENT[name](rules=rules or ReplenishmentRules())(ReplenishmentSnapshot(**(plain | seen)))


def brought(decision: Replenishment) -> list[tuple[str, str, int]]:
    return [move[:3] for move in decision.moves]


def codes(decision: Replenishment) -> dict[str, str]:
    return {r.subject: r.code for r in decision.rejected}


def test_min_max_fills_to_the_maximum_below_the_minimum_only(stock):
    assert brought(refill("min_max", [face(units=4)], [stock("r", 90)])) == [("r", "face", 16)]
    assert brought(refill("min_max", [face(units=5)], [stock("r", 90)])) == []


def test_what_is_coming_counts_and_what_is_wanted_does_not(stock):
    rows = [stock("r", 90)]
    assert brought(refill("min_max", [face(units=2, coming_units=18)], rows)) == []
    assert brought(refill("min_max", [face(units=9, wanted_units=6)], rows)) == [("r", "face", 17)]


def test_whole_packs_are_rounded_up_then_capped_by_the_room(stock):
    rows = [stock("r", 90, units_per_pack=12)]
    assert brought(refill("min_max", [face(units=4)], rows)) == [("r", "face", 24)]
    assert brought(refill("min_max", [face(units=4, capacity_units=22)], rows)) == [("r", "face", 18)]
    assert brought(refill("min_max", [face(units=4, capacity_units=12)], rows)) == [("r", "face", 8)]


def test_a_full_face_gets_nothing(stock):
    decision = refill("min_max", [face(units=2, coming_units=1, capacity_units=3)], [stock("r")])
    assert brought(decision) == [] and codes(decision) == {"face": "no_place"}


def test_reserve_is_sourced_by_the_allocation_rule_and_its_filters(stock):
    rows = [
        stock("late", 9, expires_on_day=30),
        stock("soon", 9, expires_on_day=20, received_at_ms=5),
        stock("gone", 9, expires_on_day=9),
        stock("held", 9, status="blocked"),
    ]
    decision = refill("min_max", [face(units=4)], rows)
    assert brought(decision) == [("soon", "face", 9), ("late", "face", 7)]
    assert codes(decision) == {"gone": "expired", "held": "status"}
    fifo = refill("min_max", [face(units=4)], rows, ReplenishmentRules(allocation="fifo"))
    assert brought(fifo) == [("late", "face", 9), ("soon", "face", 7)]


def test_stock_of_another_owner_or_in_a_face_is_no_reserve(stock):
    decision = refill("min_max", [face()], [stock("theirs", owner="them"), stock("here", location="face")])
    assert brought(decision) == [] and codes(decision) == {"face": "no_stock"}


def test_cold_reserve_fills_too_but_not_after_an_excursion(stock):
    rows = [stock("r", 40, storage="chilled"), stock("warm", 40, storage="chilled", excursion=True)]
    decision = refill("min_max", [face(units=4)], rows)
    assert brought(decision) == [("r", "face", 16)] and codes(decision) == {"warm": "temperature"}


def test_the_face_with_least_cover_is_served_first_and_units_are_given_once(stock):
    faces = [face("slow", units=4), face("fast", units=4, units_per_h=9.0)]
    decision = refill("min_max", faces, [stock("r", 20)])
    assert brought(decision) == [("r", "fast", 16), ("r", "slow", 4)]
    assert codes(decision) == {"slow": "no_stock"}


def test_equal_cover_goes_by_sku_then_location(stock):
    faces = [face("b", units=4), face("a", units=4), face("c", units=4, sku="cup")]
    decision = refill("min_max", faces, [stock("r", 90), stock("s", 90)], reserve_skus=("tea", "cup"))
    assert [move[1] for move in decision.moves] == ["c", "a", "b"]


def test_a_move_is_due_when_the_face_runs_empty(stock):
    due = [refill("min_max", [face(units=4, units_per_h=u)], [stock("r", 90)]).moves[0][3] for u in (2.0, 0.0, 0.01)]
    assert due == [2 * HOUR_MS, 24 * HOUR_MS, 24 * HOUR_MS]
    assert refill("min_max", [face(units=0, wanted_units=3)], [stock("r", 90)], now_ms=7).moves[0][3] == 7


def test_other_rules_differ_in_what_they_bring(stock):
    rows = [stock("r", 90)]
    assert brought(refill("percent_of_max", [face(units=6)], rows)) == [("r", "face", 14)]
    assert brought(refill("percent_of_max", [face(units=7)], rows)) == []
    assert brought(refill("demand", [face(units=6, wanted_units=9)], rows)) == [("r", "face", 3)]
    assert brought(refill("demand", [face(units=0)], rows)) == []
    assert brought(refill("immediate", [face(units=0)], rows)) == [("r", "face", 20)]
    assert brought(refill("immediate", [face(units=1)], rows)) == []
    assert brought(refill("top_up", [face(units=19)], rows)) == [("r", "face", 1)]


def test_the_faces_of_a_sku_in_a_zone_are_looked_at_together(stock):
    rows = [stock("r", 90)]
    # 2 + 9 = 11 is not below 5 + 5; 2 + 7 = 9 is, and both are filled to 20
    assert brought(refill("zone_threshold", [face("a", 2, zone="A"), face("b", 9, zone="A")], rows)) == []
    low = [face("a", 2, zone="A"), face("b", 7, zone="A")]
    assert brought(refill("zone_threshold", low, rows)) == [("r", "a", 18), ("r", "b", 13)]
    assert brought(refill("min_max", [face("a", 2), face("b", 9)], rows)) == [("r", "a", 18)]
    just = [face("a", 3, zone="A"), face("b", 7, zone="A")]
    assert brought(refill("zone_threshold", just, rows)) == []


def test_a_zone_threshold_sums_one_sku_of_one_owner_in_one_zone(stock):
    rows = [stock("r", 90), stock("s", 90, owner="them"), stock("t", 90)]
    faces = [
        face("a", 2, zone="A"),
        face("b", 19, zone="B"),
        face("c", 19, zone="A", owner="them"),
        face("d", 19, zone="A", sku="cup"),
    ]
    decision = refill("zone_threshold", faces, rows, reserve_skus=("tea", "tea", "cup"))
    assert brought(decision) == [("r", "a", 18)]
    coming = [face("a", 2, zone="A", coming_units=8), face("b", 7, zone="A", wanted_units=9)]
    assert brought(refill("zone_threshold", coming, rows[:1])) == [("r", "b", 22), ("r", "a", 10)]


def test_faces_of_several_skus_need_to_know_whose_the_reserve_is(stock):
    faces, rows = [face("f1"), face("f2", sku="cup")], [stock("r1", 30), stock("r2", 30)]
    decision = refill("min_max", faces, rows, reserve_skus=("cup", "tea"))
    assert brought(decision) == [("r1", "f2", 18), ("r2", "f1", 18)]
    with pytest.raises(PolicyError, match="reserve_skus"):
        refill("min_max", faces, rows)
    with pytest.raises(PolicyError, match="beside reserve"):
        refill("min_max", faces, rows, reserve_skus=("cup",))


def test_an_unknown_allocation_is_an_error(stock):
    with pytest.raises(PolicyError, match="allocation must be one of"):
        refill("min_max", [face()], [stock("r")], ReplenishmentRules(allocation="luck"))
