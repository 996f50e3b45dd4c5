from __future__ import annotations

from typing import Any

import pytest

from twin.policies.allocation import ALLOCATION, Allocation, AllocationRules, AllocationSnapshot


@pytest.fixture
def allocate(order_line):
    def decide(
        name: str, rows: list[Any], units: int = 5, rules: AllocationRules | None = None, **line: Any
    ) -> Allocation:
        snapshot = AllocationSnapshot(
            now_ms=0,
            book_version=1,
            line=order_line(units, **line),
            on_day=10,
            deliver_on_day=12,
            stock=tuple(rows),
        )
        return ALLOCATION[name](rules=rules or AllocationRules())(snapshot)

    return decide


def taken(decision: Allocation) -> list[tuple[str, int]]:
    return [(r.stock, r.units) for r in decision.reservations]


def codes(decision: Allocation) -> dict[str, str]:
    return {r.subject: r.code for r in decision.rejected}


FAILS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("status", {"status": "qc_hold"}, {}),
    ("location_blocked", {"location_blocked": True}, {}),
    ("owner", {"owner": "them"}, {}),
    ("lot", {"lot": "L2"}, {"lot": "L1"}),
    ("expired", {"expires_on_day": 9}, {}),
    ("shelf_life", {"expires_on_day": 14}, {"min_days_left": 3}),
    ("temperature", {"storage": "chilled"}, {}),
    ("segregation", {"segregation": "acid"}, {}),
    ("secure_zone", {"secure": True}, {}),
    ("packing_level", {"units_per_pack": 12}, {"whole_packs_only": True}),
    ("no_units", {"reserved": 10}, {}),
]
RULES = AllocationRules(forbidden_segregation=frozenset({"acid"}))


@pytest.mark.parametrize(("code", "row", "line"), FAILS, ids=[f[0] for f in FAILS])
def test_each_hard_filter_gives_its_code(allocate, stock, code, row, line):
    decision = allocate("fifo", [stock("s", **row)], rules=RULES, **line)
    assert codes(decision) == {"s": code}
    assert decision.short == 5


@pytest.mark.parametrize("first", range(len(FAILS)))
def test_the_first_filter_that_fails_gives_the_code(allocate, stock, first):
    row: dict[str, Any] = {}
    line: dict[str, Any] = {}
    for _, of_row, of_line in reversed(FAILS[first:]):
        row |= of_row
        line |= of_line
    if first > 3:
        line.pop("lot", None)
    assert codes(allocate("fifo", [stock("s", **row)], rules=RULES, **line)) == {"s": FAILS[first][0]}


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"expires_on_day": 12}, {}),
        ({"expires_on_day": 15}, {"min_days_left": 3}),
        ({"remove_on_day": 10, "expires_on_day": 12}, {}),
        ({"segregation": "paint"}, {}),
        ({"secure": True}, {"cleared": True}),
        ({"lot": "L1"}, {"lot": "L1"}),
        ({"lpn": "P1"}, {"lpn": "P1"}),
        ({"units_per_pack": 5}, {"whole_packs_only": True}),
        ({"storage": "frozen"}, {"storage": "frozen"}),
    ],
)
def test_stock_on_the_right_side_of_a_filter_is_used(allocate, stock, row, line):
    assert taken(allocate("fifo", [stock("s", **row)], rules=RULES, **line)) == [("s", 5)]


def test_an_excursion_on_record_is_a_matter_of_temperature(allocate, stock):
    assert codes(allocate("fifo", [stock("s", excursion=True)])) == {"s": "temperature"}


def test_the_removal_day_governs_only_if_asked_for(allocate, stock):
    rows = [stock("s", remove_on_day=9, expires_on_day=30)]
    assert codes(allocate("fefo", rows)) == {"s": "expired"}
    assert taken(allocate("fefo", rows, rules=AllocationRules(governing="expires"))) == [("s", 5)]


def test_untracked_stock_serves_a_named_lot_only_if_ruled_and_never_for_named_lot(allocate, stock):
    rows, rules = [stock("s")], AllocationRules(untracked_serves_lot=True)
    assert codes(allocate("fifo", rows, lot="L1")) == {"s": "lot"}
    assert taken(allocate("fifo", rows, rules=rules, lot="L1")) == [("s", 5)]
    assert codes(allocate("named_lot", rows, rules=rules, lot="L1")) == {"s": "lot"}
    assert codes(allocate("named_lpn", rows, lpn="P1")) == {"s": "lot"}


def test_expired_stock_refused_last_or_ignored(allocate, stock):
    rows = [stock("old", 3, expires_on_day=8), stock("new", 3, expires_on_day=40, tier=1)]
    refuse = allocate("fefo", rows, rules=AllocationRules(expired="refuse"))
    assert taken(refuse) == [("new", 3)] and refuse.short == 2
    assert taken(allocate("fefo", rows, rules=AllocationRules(expired="last"))) == [("new", 3), ("old", 2)]
    assert taken(allocate("fefo", rows, rules=AllocationRules(expired="ignore"))) == [("old", 3), ("new", 2)]


def test_days_that_the_line_asks_for_hold_under_every_expired_rule(allocate, stock):
    for expired in ("refuse", "last", "ignore"):
        decision = allocate(
            "fefo", [stock("s", expires_on_day=13)], rules=AllocationRules(expired=expired), min_days_left=2
        )
        assert codes(decision) == {"s": "shelf_life"}


DATED = {
    "a": {"received_at_ms": 3, "expires_on_day": 20, "distance_mm": 1},
    "b": {"received_at_ms": 1, "expires_on_day": 30, "distance_mm": 3, "fixed_face": False},
    "c": {"received_at_ms": 2, "expires_on_day": None, "distance_mm": 2, "fixed_face": True},
}


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("fifo", "bca"),
        ("lifo", "acb"),
        ("fefo", "abc"),
        ("lefo", "bac"),
        ("nearest", "acb"),
        ("fixed_face_first", "cba"),
        ("exact_match", "bca"),
    ],
)
def test_the_order_of_the_take(allocate, stock, name, order):
    rows = [stock(n, 10, **changed) for n, changed in DATED.items()]
    assert "".join(n for n, _ in taken(allocate(name, rows, 25))) == order


def test_exact_match_prefers_stock_that_holds_just_what_is_needed(allocate, stock):
    rows = [stock("a", 9, received_at_ms=0), stock("b", 5, received_at_ms=9)]
    assert taken(allocate("exact_match", rows)) == [("b", 5)]


def test_ties_go_to_fewer_touches_then_pick_order_then_id(allocate, stock):
    rows = [stock("b", 9, pick_rank=1), stock("a", 9, pick_rank=1), stock("c", 9), stock("d", 2)]
    assert [n for n, _ in taken(allocate("fifo", rows, 25))] == ["c", "d", "a", "b"]
    assert [n for n, _ in taken(allocate("fifo", rows, 9))] == ["c"]
    assert [n for n, _ in taken(allocate("fifo", [stock("d", 2), stock("e", 9, pick_rank=5)], 9))] == ["e"]


def test_the_pick_face_comes_before_reserve_unless_tiers_are_off(allocate, stock):
    rows = [stock("face", 3, tier=0, received_at_ms=9), stock("reserve", 9, tier=1)]
    assert taken(allocate("fifo", rows)) == [("face", 3), ("reserve", 2)]
    assert taken(allocate("strict_fifo", rows)) == [("reserve", 5)]
    assert taken(allocate("fifo", rows, rules=AllocationRules(use_tiers=False))) == [("reserve", 5)]


def test_a_negative_book_counts_as_nothing(allocate, stock):
    assert codes(allocate("fifo", [stock("s", -4)])) == {"s": "no_units"}


def test_reserved_units_are_not_free(allocate, stock):
    decision = allocate("fifo", [stock("s", 10, reserved=7)])
    assert taken(decision) == [("s", 3)] and decision.short == 2


def test_line_complete_takes_all_or_nothing(allocate, stock):
    decision = allocate("fifo", [stock("s", 4)], ship_rule="line_complete")
    assert taken(decision) == [] and decision.short == 5
    assert taken(allocate("fifo", [stock("s", 5)], ship_rule="line_complete")) == [("s", 5)]


def test_a_single_lot_is_the_first_that_covers_the_line_alone(allocate, stock):
    rows = [
        stock("a", 3, lot="L1", received_at_ms=1),
        stock("b", 4, lot="L2", received_at_ms=2),
        stock("c", 4, lot="L2", received_at_ms=3),
        stock("d", 9, lot="L3", received_at_ms=4),
    ]
    decision = allocate("fifo", rows, 6, single_lot=True)
    assert taken(decision) == [("b", 4), ("c", 2)] and decision.rejected == ()


def test_without_a_lot_that_covers_the_line_the_one_with_most_units_serves(allocate, stock):
    rows = [
        stock("a", 2, lot="L1"),
        stock("b", 4, lot="L2", received_at_ms=1),
        stock("c", 4, lot="L3", received_at_ms=2),
    ]
    decision = allocate("fifo", rows, 6, single_lot=True)
    assert taken(decision) == [("b", 4)] and decision.short == 2
    assert codes(decision) == {"line": "lot_mixing"}


def test_a_short_for_want_of_stock_is_no_matter_of_lots(allocate, stock):
    assert codes(allocate("fifo", [stock("a", 2, lot="L1")], single_lot=True)) == {}
    packs = [stock(name, 4, lot="L1", units_per_pack=4) for name in "ab"]
    decision = allocate("fifo", packs, 5, single_lot=True, whole_packs_only=True)
    assert decision.short == 1 and codes(decision) == {}


def test_whole_packs_only_takes_no_broken_pack(allocate, stock):
    decision = allocate("fifo", [stock("s", 11, units_per_pack=4)], 10, whole_packs_only=True)
    assert taken(decision) == [("s", 8)] and decision.short == 2


def test_whole_packs_takes_the_largest_packs_and_breaks_one_only_if_ruled(allocate, stock):
    rows = [stock("six", 12, units_per_pack=6, received_at_ms=1), stock("ten", 20, units_per_pack=10)]
    assert taken(allocate("whole_packs", rows, 17)) == [("ten", 10 + 1), ("six", 6)]
    decision = allocate("whole_packs", rows, 17, AllocationRules(break_packs=False))
    assert taken(decision) == [("ten", 10), ("six", 6)] and decision.short == 1


def test_partial_first_takes_full_units_for_a_large_need_and_partials_for_a_small_one(allocate, stock):
    rows = [stock("full", 20, units_per_pack=10), stock("part", 6, units_per_pack=10, received_at_ms=5)]
    assert taken(allocate("partial_first", rows, 13)) == [("full", 10), ("part", 3)]
    assert taken(allocate("partial_first", rows, 4)) == [("part", 4)]
    assert taken(allocate("partial_first", rows, 8)) == [("part", 6), ("full", 2)]


def test_empty_location_takes_only_what_it_empties(allocate, stock):
    rows = [stock("big", 8), stock("small", 3, received_at_ms=5)]
    decision = allocate("empty_location", rows, 5)
    assert taken(decision) == [("small", 3)] and decision.short == 2
    together = [stock("x", 3, location="here"), stock("y", 3, location="here")]
    assert taken(allocate("empty_location", together, 5)) == []


def test_fewest_stops_swaps_the_last_for_the_smallest_that_covers_the_rest(allocate, stock):
    rows = [stock("a", 9), stock("b", 7), stock("c", 4), stock("d", 3)]
    assert taken(allocate("fewest_stops", rows, 12)) == [("a", 9), ("d", 3)]
    assert taken(allocate("fewest_stops", rows, 4)) == [("c", 4)]


@pytest.mark.parametrize("name", ALLOCATION)
def test_no_stock_is_all_short(allocate, name):
    assert allocate(name, []) == Allocation(reservations=(), short=5, rejected=())
