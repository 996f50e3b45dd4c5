from __future__ import annotations

from typing import Any

from twin.domain.orders import OrderLine
from twin.policies.promising import (
    PROMISING,
    Commitment,
    FeedRow,
    Promise,
    PromisingRules,
    PromisingSnapshot,
    Supply,
)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def line(name: str, units: int, sku: str = "tea", **changed: Any) -> OrderLine:
    return OrderLine(**({"line": name, "order": "o", "sku": sku, "units": units, "owner": "us"} | changed))


def on_hand(units: int, sku: str = "tea", expires_on_day: int | None = None, kind: str = "on_hand") -> Supply:
    return Supply(
        supply=f"{sku}{units}", owner="us", sku=sku, units=units, at_ms=0, kind=kind, expires_on_day=expires_on_day
    )


def fed(units: int, promised_since: int = 0, sku: str = "tea") -> FeedRow:
    return FeedRow(owner="us", sku=sku, units=units, published_at_ms=0, promised_since=promised_since)


def promise(name: str, lines: list[OrderLine], rules: PromisingRules | None = None, **seen: Any) -> Promise:
    plain: dict[str, Any] = {
        "now_ms": 1000,
        "book_version": 1,
        "lines": tuple(lines),
        "wanted_at_ms": 0,
        "supplies": (),
        "commitments": (),
        "quota_left": (),
        "substitutes": (),
        "recipes": (),
    }
    return PROMISING[name](rules=rules or PromisingRules())(PromisingSnapshot(**(plain | seen)))


def units(decision: Promise) -> dict[str, int]:
    return {name: n for name, _, n, _ in decision.promised}


def codes(decision: Promise) -> dict[str, str]:
    return {r.subject: r.code for r in decision.rejected}


def test_accept_all_promises_what_is_asked_at_now_plus_lead_whatever_the_stock():
    decision = promise("accept_all", [line("b", 7), line("a", 2)], PromisingRules(lead_h=2.0))
    assert decision.promised == (("a", "tea", 2, 1000 + 2 * HOUR_MS), ("b", "tea", 7, 1000 + 2 * HOUR_MS))
    assert decision.rejected == ()


def test_on_hand_atp_subtracts_commitments_and_safety_stock():
    committed = (Commitment(line="x", owner="us", sku="tea", units=3, due_ms=0),)
    decision = promise(
        "on_hand_atp", [line("a", 9)], PromisingRules(safety_units=2), supplies=(on_hand(10),), commitments=committed
    )
    assert units(decision) == {"a": 5} and codes(decision) == {"a": "no_stock"}


def test_on_hand_atp_counts_nothing_that_is_still_to_come_or_belongs_to_others():
    other = Supply(supply="s", owner="them", sku="tea", units=9, at_ms=0, kind="on_hand", expires_on_day=None)
    decision = promise("on_hand_atp", [line("a", 1)], supplies=(on_hand(10, kind="asn"), other))
    assert units(decision) == {}


def test_more_committed_than_there_is_promises_nothing():
    committed = (Commitment(line="x", owner="us", sku="tea", units=30, due_ms=0),)
    assert units(promise("on_hand_atp", [line("a", 1)], supplies=(on_hand(10),), commitments=committed)) == {}


def test_lines_are_served_by_order_id_then_line_id():
    lines = [line("b", 4, order="p"), line("c", 4, order="o"), line("a", 4, order="p")]
    decision = promise("on_hand_atp", lines, supplies=(on_hand(9),))
    assert [row[0] for row in decision.promised] == ["c", "a", "b"]
    assert units(decision) == {"c": 4, "a": 4, "b": 1}


def test_stock_that_expires_before_delivery_plus_the_days_asked_is_not_counted():
    supplies = (on_hand(4, expires_on_day=5), on_hand(3, expires_on_day=9))
    wanted = {"wanted_at_ms": 3 * DAY_MS, "supplies": supplies}
    assert units(promise("on_hand_atp", [line("a", 9)], **wanted)) == {"a": 7}
    assert units(promise("on_hand_atp", [line("a", 9, min_days_left=3)], **wanted)) == {"a": 3}


def test_a_kit_is_as_many_as_its_scarcest_component():
    recipes = (("kit", "cup", 2), ("kit", "tea", 1))
    supplies = (on_hand(9, "cup"), on_hand(7, "tea"))
    decision = promise("on_hand_atp", [line("a", 9, "kit"), line("b", 9, "tea")], supplies=supplies, recipes=recipes)
    assert units(decision) == {"a": 4, "b": 3}


def test_ship_rules_decide_whether_a_part_may_be_promised():
    supplies = (on_hand(4), on_hand(9, "cup"))
    whole = [line("a", 5, ship_rule="line_complete"), line("b", 2, "cup")]
    assert units(promise("on_hand_atp", whole, supplies=supplies)) == {"b": 2}
    order = [line("a", 5, ship_rule="order_complete"), line("b", 2, "cup", ship_rule="order_complete")]
    assert units(promise("on_hand_atp", order, supplies=supplies)) == {}
    assert units(promise("on_hand_atp", [line("a", 5)], PromisingRules(partial=False), supplies=supplies)) == {}


def test_units_that_a_refused_order_gives_back_serve_the_next():
    lines = [
        line("a", 3, ship_rule="order_complete"),
        line("b", 1, "cup", ship_rule="order_complete"),
        line("c", 4, order="p"),
    ]
    assert units(promise("on_hand_atp", lines, supplies=(on_hand(4),))) == {"c": 4}


def test_stock_feed_promises_against_the_last_copy_less_its_own_sales():
    feed = (fed(10, promised_since=6),)
    assert units(promise("stock_feed", [line("a", 9)], feed=feed)) == {"a": 4}
    assert units(promise("stock_feed", [line("a", 9)], PromisingRules(feed_net=False), feed=feed)) == {"a": 9}
    assert units(promise("stock_feed", [line("a", 9)], PromisingRules(safety_units=1), feed=feed)) == {"a": 3}


def test_stock_feed_counts_its_own_sales_within_an_order_only_if_net():
    lines, feed = [line("a", 6), line("b", 6)], (fed(10),)
    assert units(promise("stock_feed", lines, feed=feed)) == {"a": 6, "b": 4}
    assert units(promise("stock_feed", lines, PromisingRules(feed_net=False), feed=feed)) == {"a": 6, "b": 6}


def test_stock_feed_sees_neither_the_book_nor_a_sku_missing_from_the_feed():
    decision = promise("stock_feed", [line("a", 1)], supplies=(on_hand(10),))
    assert units(decision) == {} and codes(decision) == {"a": "no_stock"}


def test_a_lead_beyond_the_horizon_is_no_promise():
    rules = PromisingRules(lead_h=10, horizon_h=5)
    assert codes(promise("on_hand_atp", [line("a", 1)], rules, supplies=(on_hand(9),))) == {"a": "beyond_horizon"}
