from __future__ import annotations

from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.pick_exceptions import PICK_EXCEPTIONS, Fault, FaultSnapshot, PickExceptionRules, Recovery


@pytest.fixture
def recover(order_line):
    def decide(
        name: str,
        others: list[Any],
        code: str = "short",
        found: int = 2,
        rules: PickExceptionRules | None = None,
        coming: tuple[tuple[str, int, int], ...] = (),
        ahead: tuple[str, ...] = (),
        **line: Any,
    ) -> Recovery:
        snapshot = FaultSnapshot(
            now_ms=100,
            book_version=1,
            fault=Fault(line="line", stock="bad", location="face", asked=5, found=found, code=code),
            line=order_line(5, **line),
            on_day=1,
            deliver_on_day=2,
            others=tuple(others),
            slack_ms=50,
            coming=coming,
            still_ahead=frozenset(ahead),
        )
        return PICK_EXCEPTIONS[name](rules=rules or PickExceptionRules())(snapshot)

    return decide


def taken(decision: Recovery) -> list[tuple[str, int]]:
    return [(r.stock, r.units) for r in decision.reservations]


@pytest.mark.parametrize("name", PICK_EXCEPTIONS)
def test_the_sequence_blocks_backorders_and_asks_for_a_count(recover, name):
    assert recover(name, []) == Recovery(
        block=(("bad", 3),), reservations=(), wait_until_ms=None, backorder=3, count=("face",), notify=True
    )


@pytest.mark.parametrize(
    ("code", "blocked"),
    [
        ("short", (("bad", 3),)),
        ("empty", (("bad", 3),)),
        ("damaged", (("bad", 3),)),
        ("wrong_sku", (("bad", 40),)),
        ("wrong_lot", (("bad", 40),)),
        ("expired", (("bad", 40),)),
        ("unreadable", ()),
    ],
)
def test_what_is_blocked_depends_on_the_fault(recover, stock, code, blocked):
    decision = recover("new_task", [stock("bad", 40, location="face")], code)
    assert decision.block == blocked and taken(decision) == []


def test_all_units_asked_stand_for_a_stock_line_that_is_not_shown(recover):
    assert recover("new_task", [], "wrong_sku").block == (("bad", 5),)


def test_an_unreadable_label_asks_for_no_count(recover):
    assert recover("new_task", [], "unreadable").count == ()


def test_a_new_task_takes_the_best_stock_anywhere(recover, stock):
    others = [stock("far", 9, received_at_ms=1), stock("near", 9, received_at_ms=2)]
    assert taken(recover("new_task", others, ahead=("at-near",))) == [("far", 3)]


def test_same_tour_takes_what_is_still_ahead_first(recover, stock):
    others = [stock("far", 9, received_at_ms=1), stock("near", 2, received_at_ms=2)]
    decision = recover("same_tour", others, ahead=("at-near",))
    assert taken(decision) == [("near", 2), ("far", 1)]
    assert decision.backorder == 0 and not decision.notify


def test_nobody_is_sent_to_a_location_found_empty(recover, stock):
    others = [stock("below", 9, location="face")]
    assert taken(recover("new_task", others, "empty")) == []
    assert taken(recover("new_task", others, "wrong_lot")) == [("below", 3)]


def test_the_allocation_rule_is_a_parameter(recover, stock):
    others = [stock("a", 9, expires_on_day=50), stock("b", 9, expires_on_day=20, received_at_ms=1)]
    assert taken(recover("new_task", others)) == [("b", 3)]
    assert taken(recover("new_task", others, rules=PickExceptionRules(allocation="fifo"))) == [("a", 3)]
    with pytest.raises(PolicyError, match="allocation must be one of"):
        recover("new_task", others, rules=PickExceptionRules(allocation="luck"))


def test_hard_filters_hold_in_an_exception_too(recover, stock):
    others = [stock("held", 9, status="damaged"), stock("other", 9, lot="L2"), stock("same", 1, lot="L1")]
    decision = recover("new_task", others, lot="L1")
    assert taken(decision) == [("same", 1)] and decision.backorder == 2


def test_a_line_that_ships_complete_takes_all_or_nothing(recover, stock):
    others = [stock("a", 2)]
    for name in ("same_tour", "new_task", "ship_short"):
        decision = recover(name, others, ship_rule="line_complete", ahead=("at-a",))
        assert taken(decision) == [] and decision.backorder == 3


def test_a_single_lot_is_not_mixed_with_what_was_found(recover, stock):
    bad = stock("bad", 9, lot="L1", location="face")
    others = [bad, stock("a", 9, lot="L2"), stock("b", 2, lot="L1")]
    decision = recover("new_task", others, single_lot=True)
    assert taken(decision) == [("b", 2)] and decision.backorder == 1
    assert taken(recover("new_task", others[1:], single_lot=True)) == []
    assert taken(recover("same_tour", others, found=0, single_lot=True, ahead=("at-b",))) == [("a", 5)]


def test_waiting_for_the_face_holds_only_while_the_slack_lasts_and_all_is_covered(recover, stock):
    others = [stock("a", 9)]
    waits = recover("wait_for_face", others, coming=(("face", 2, 120), ("face", 1, 150)))
    assert waits.wait_until_ms == 150 and taken(waits) == [] and waits.backorder == 0 and not waits.notify
    for coming in ((("face", 9, 151),), (("face", 2, 120),), (("elsewhere", 9, 120),)):
        decision = recover("wait_for_face", others, coming=coming)
        assert decision.wait_until_ms is None and taken(decision) == [("a", 3)]


def test_ship_short_looks_no_further(recover, stock):
    decision = recover("ship_short", [stock("a", 9)])
    assert taken(decision) == [] and decision.backorder == 3 and decision.notify
