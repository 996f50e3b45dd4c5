from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.policies.disposition import (
    DISPOSITION,
    SWEEP,
    TABLE,
    Disposition,
    DispositionRules,
    DispositionSnapshot,
    Row,
    first_match,
    lot_to_ask_with,
)
from twin.policies.laws import broken_laws
from twin.policies.named import named
from twin.policies.shape import PolicyError
from twin.policies.snapshots import from_json, to_json


def goods(**changed: Any) -> DispositionSnapshot:
    """A return in perfect order, 90 days before its date."""
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "source": "return",
        "owner": "us",
        "sku": "tea",
        "lot": "L1",
        "units": 3,
        "reason": "changed my mind",
        "grade": "A",
        "sealed": True,
        "perishable": True,
        "days_left": 90,
        "excursion": False,
        "order": "o1",
    }
    return DispositionSnapshot(**(plain | changed))


def decide(snapshot: DispositionSnapshot, **rules: Any) -> Disposition:
    decision = DISPOSITION["first_match"](rules=DispositionRules(**rules))(snapshot)
    assert broken_laws(snapshot, decision) == []
    return decision


@pytest.mark.parametrize(
    ("changed", "row", "action", "status"),
    [
        ({}, "as_new", "restock", "available"),
        ({"source": "recall"}, "recall", "quarantine", "blocked"),
        ({"excursion": True}, "excursion", "quarantine", "qc_hold"),
        ({"order": None}, "no_order", "quarantine", "qc_hold"),
        ({"order": None, "source": "receipt"}, "as_new", "restock", "available"),
        ({"days_left": -1}, "expired", "scrap", "expired"),
        ({"days_left": 0}, "short_dated", "markdown", "blocked"),
        ({"days_left": 13}, "short_dated", "markdown", "blocked"),
        ({"days_left": 14}, "as_new", "restock", "available"),
        ({"days_left": None}, "as_new", "restock", "available"),
        ({"sealed": False}, "opened_perishable", "scrap", "damaged"),
        ({"sealed": False, "perishable": False}, "repairable", "rework", "qc_hold"),
        ({"grade": "B"}, "repairable", "rework", "qc_hold"),
        ({"grade": "C"}, "beyond_repair", "scrap", "damaged"),
        ({"grade": "unknown"}, "ungraded", "quarantine", "qc_hold"),
        ({"source": "pack", "grade": "C", "order": None}, "beyond_repair", "scrap", "damaged"),
    ],
)
def test_the_first_row_that_matches(changed, row, action, status):
    assert decide(goods(**changed)) == Disposition(
        status=status, action=action, zone=action, row=row, keeps_age=action == "restock"
    )


@pytest.mark.parametrize("turn", range(len(TABLE) - 1))
def test_an_earlier_row_comes_first(turn):
    """Goods that match each row from `turn` on are decided by that row."""
    worst = [
        {"source": "recall"},
        {"excursion": True},
        {"order": None},
        {"days_left": -1},
        {"days_left": 3},
        {"sealed": False},
    ]
    changed: dict[str, Any] = {}
    for one in reversed(worst[turn:]):
        changed |= one
    if turn == 7:
        changed = {"grade": "B"}
    if turn == 8:
        changed = {"grade": "C"}
    assert decide(goods(**changed)).row == TABLE[turn].name


def test_the_days_of_the_rules_count():
    assert decide(goods(days_left=20), min_days=21).row == "short_dated"
    assert decide(goods(days_left=0), min_days=0).row == "as_new"


@pytest.mark.parametrize(
    ("days_left", "row", "action", "status"),
    [
        (None, "in_date", "restock", "available"),
        (31, "in_date", "restock", "available"),
        (30, "alert", "restock", "available"),
        (8, "alert", "restock", "available"),
        (7, "removal", "quarantine", "blocked"),
        (0, "removal", "quarantine", "blocked"),
        (-1, "expired", "scrap", "expired"),
    ],
)
def test_the_daily_sweep_looks_at_the_date_alone(days_left, row, action, status):
    for other in ({}, {"grade": "C", "sealed": False, "order": None, "excursion": True}):
        decision = decide(goods(source="expiry_sweep", days_left=days_left, **other))
        assert (decision.row, decision.action, decision.status) == (row, action, status)


def test_the_days_of_the_sweep_are_rules():
    assert decide(goods(source="expiry_sweep", days_left=10), alert_days=9).row == "in_date"
    assert decide(goods(source="expiry_sweep", days_left=10), removal_days=10).row == "removal"


def test_restocked_goods_keep_their_age_and_others_do_not_matter():
    assert decide(goods()).keeps_age
    assert not decide(goods(grade="B")).keeps_age


def test_a_site_names_its_zones():
    rules = named("disposition", "first_match", {"zones": [["quarantine", "s/cage"], ["scrap", "s/skip"]]}).rules
    assert DISPOSITION["first_match"](rules=rules)(goods(excursion=True)).zone == "s/cage"
    assert DISPOSITION["first_match"](rules=rules)(goods()).zone == "restock"
    with pytest.raises(PolicyError, match="must be one of restock"):
        named("disposition", "first_match", {"zones": [["burn", "s/skip"]]})


@pytest.mark.parametrize(
    ("lot", "days_left", "on_sale", "said"),
    [
        ("L1", 40, (10, 20), ("L1", 40)),
        (None, None, (20, 10), ("unknown", 10)),
        (None, 40, (20, 10), ("unknown", 10)),
        (None, 5, (20, 10), ("unknown", 5)),
        (None, None, (), ("unknown", None)),
        ("unknown", 40, (10,), ("unknown", 10)),
    ],
)
def test_an_unknown_lot_is_as_old_as_the_oldest_on_sale(lot, days_left, on_sale, said):
    assert lot_to_ask_with(lot, days_left, on_sale) == said


def test_a_returned_kit_is_asked_part_by_part():
    parts = [goods(sku="cup", perishable=False, days_left=None), goods(sku="milk", sealed=False)]
    assert [decide(part).action for part in parts] == ["restock", "scrap"]


def test_a_table_of_ones_own():
    back = Row("to_vendor", lambda s, _: s.source == "receipt", "return_to_vendor", "blocked")
    assert first_match(goods(source="receipt"), DispositionRules(), (back, *TABLE)).action == "return_to_vendor"
    with pytest.raises(PolicyError, match="no row matches"):
        first_match(goods(), DispositionRules(), (back,))
    assert TABLE[-1].matches(goods(), DispositionRules()) and SWEEP[-1].matches(goods(), DispositionRules())


snapshots = st.builds(
    goods,
    source=st.sampled_from(["return", "receipt", "pick", "pack", "expiry_sweep", "recall"]),
    lot=st.sampled_from([None, "L1"]),
    units=st.integers(0, 2),
    grade=st.sampled_from(["A", "B", "C", "unknown"]),
    sealed=st.booleans(),
    perishable=st.booleans(),
    days_left=st.none() | st.sampled_from([-1, 0, 6, 7, 8, 13, 14, 30, 31]),
    excursion=st.booleans(),
    order=st.sampled_from([None, "o1"]),
)
rules = st.builds(
    DispositionRules,
    alert_days=st.sampled_from([0, 30]),
    removal_days=st.sampled_from([0, 7]),
    min_days=st.sampled_from([0, 14]),
    zones=st.sampled_from([(), (("scrap", "bin"),)]),
)
quick = settings(max_examples=100, deadline=None)


@pytest.mark.parametrize("name", DISPOSITION)
class TestLaws:
    @given(snapshot=snapshots, rules=rules)
    @quick
    def test_no_law_is_broken(self, name, snapshot, rules):
        assert broken_laws(snapshot, DISPOSITION[name](rules=rules)(snapshot)) == []

    @given(snapshot=snapshots, rules=rules)
    @quick
    def test_json_and_back_changes_nothing(self, name, snapshot, rules):
        text = json.dumps(to_json(snapshot))
        again = from_json(DispositionSnapshot, json.loads(text))
        decision = DISPOSITION[name](rules=rules)(again)
        assert again == snapshot and decision == DISPOSITION[name](rules=rules)(snapshot)
        assert json.dumps(to_json(snapshot)) == text
        assert from_json(Disposition, json.loads(json.dumps(to_json(decision)))) == decision

    @given(snapshot=snapshots, rules=rules)
    @quick
    def test_units_and_the_reason_given_change_nothing(self, name, snapshot, rules):
        other = replace(snapshot, units=99, reason="")
        assert DISPOSITION[name](rules=rules)(other) == DISPOSITION[name](rules=rules)(snapshot)


@pytest.mark.parametrize(
    ("changed", "said", "law"),
    [
        ({}, {"status": "blocked"}, "no others"),
        ({}, {"keeps_age": False}, "keep their age"),
        ({"days_left": -1}, {}, "past their date"),
        ({"source": "recall"}, {}, "a recall"),
        ({}, {"row": ""}, "are named"),
    ],
)
def test_the_laws_can_be_broken(changed, said, law):
    fine = decide(goods())
    assert [one for one in broken_laws(goods(**changed), replace(fine, **said)) if law in one]
