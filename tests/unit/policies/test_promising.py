from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

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
    earlier = (Commitment(line="z", owner="us", sku="kit", units=3, due_ms=0),)
    left = promise("on_hand_atp", [line("a", 9, "cup")], supplies=supplies, recipes=recipes, commitments=earlier)
    assert units(left) == {"a": 3}  # three kits promised before hold six cups


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


# --- over time ---------------------------------------------------------------------------------------------------


def coming(units: int, at_h: float, sku: str = "tea", expires_on_day: int | None = None) -> Supply:
    return Supply(
        supply=f"{sku}{units}@{at_h}", owner="us", sku=sku, units=units, at_ms=round(at_h * HOUR_MS), kind="asn",
        expires_on_day=expires_on_day,
    )  # fmt: skip


def due(units: int, at_h: float, name: str = "x", sku: str = "tea") -> Commitment:
    return Commitment(line=name, owner="us", sku=sku, units=units, due_ms=round(at_h * HOUR_MS))


NO_LEAD = PromisingRules(lead_h=0, horizon_h=100)


def in_h(decision: Promise) -> list[tuple[str, str, int, float]]:
    return [(name, sku, n, at_ms / HOUR_MS) for name, sku, n, at_ms in decision.promised]


def over_time(name: str, lines: list[OrderLine], rules: PromisingRules = NO_LEAD, **seen: Any) -> Promise:
    return promise(name, lines, rules, **({"now_ms": 0} | seen))


def test_cumulative_promises_in_the_steps_of_what_becomes_free():
    supplies = (on_hand(4), coming(3, 10), coming(5, 20))
    decision = over_time("cumulative_atp", [line("a", 9)], supplies=supplies)
    assert in_h(decision) == [("a", "tea", 4, 0), ("a", "tea", 3, 10), ("a", "tea", 2, 20)]
    assert decision.rejected == ()


def test_a_line_that_ships_whole_waits_for_the_first_moment_that_has_it_all():
    supplies = (on_hand(4), coming(3, 10), coming(5, 20))
    for rules, rule in (
        (NO_LEAD, "line_complete"),
        (PromisingRules(lead_h=0, horizon_h=100, partial=False), "partial"),
    ):
        decision = over_time("cumulative_atp", [line("a", 6, ship_rule=rule)], rules, supplies=supplies)
        assert in_h(decision) == [("a", "tea", 6, 10)]
    assert codes(over_time("cumulative_atp", [line("a", 13, ship_rule="line_complete")], supplies=supplies)) == {
        "a": "no_stock"
    }


def test_the_look_ahead_keeps_a_later_promise():
    # 10 on hand, 8 of them promised for hour 50, 5 more come at hour 60: only 2 are free before
    seen = {"supplies": (on_hand(10), coming(5, 60)), "commitments": (due(8, 50),)}
    assert in_h(over_time("cumulative_atp", [line("a", 4)], **seen)) == [("a", "tea", 2, 0), ("a", "tea", 2, 60)]
    # without the look-ahead all 4 would go at once: on_hand_atp does not see that 5 come either
    assert units(promise("on_hand_atp", [line("a", 4)], NO_LEAD, **seen)) == {"a": 2}


def test_supply_that_comes_before_a_later_promise_frees_what_is_there_now():
    seen = {"supplies": (on_hand(5), coming(5, 24)), "commitments": (due(5, 48),)}
    assert in_h(over_time("cumulative_atp", [line("a", 5)], **seen)) == [("a", "tea", 5, 0)]
    assert units(promise("on_hand_atp", [line("a", 5)], NO_LEAD, **seen)) == {}


def test_lead_is_added_to_every_supply_and_a_late_delivery_counts_from_now():
    rules = PromisingRules(lead_h=4, horizon_h=100)
    supplies = (on_hand(1), coming(1, 10), coming(1, -7))
    decision = over_time("cumulative_atp", [line("a", 3)], rules, supplies=supplies)
    assert in_h(decision) == [("a", "tea", 2, 4), ("a", "tea", 1, 14)]


def test_nothing_is_promised_before_it_is_wanted_and_stock_till_then_stays_free():
    seen = {"supplies": (on_hand(5), coming(5, 24))}
    decision = over_time("cumulative_atp", [line("a", 5)], wanted_at_ms=48 * HOUR_MS, **seen)
    assert in_h(decision) == [("a", "tea", 5, 48)]
    later = over_time("cumulative_atp", [line("b", 5)], commitments=(due(5, 48),), **seen)
    assert in_h(later) == [("b", "tea", 5, 0)]


def test_what_comes_after_the_horizon_is_told_as_beyond_it():
    decision = over_time("cumulative_atp", [line("a", 3)], supplies=(on_hand(1), coming(9, 101)))
    assert units(decision) == {"a": 1} and codes(decision) == {"a": "beyond_horizon"}
    assert codes(over_time("cumulative_atp", [line("a", 3)], supplies=(on_hand(1),))) == {"a": "no_stock"}
    far = over_time("cumulative_atp", [line("a", 1)], supplies=(on_hand(9),), wanted_at_ms=101 * HOUR_MS)
    assert codes(far) == {"a": "beyond_horizon"}


def test_dated_supply_counts_while_it_lasts():
    supplies = (on_hand(4, expires_on_day=2), coming(4, 72))
    both = over_time("cumulative_atp", [line("a", 9)], supplies=supplies)
    assert in_h(both) == [("a", "tea", 4, 0), ("a", "tea", 4, 72)]
    asks = over_time("cumulative_atp", [line("a", 4, min_days_left=3)], supplies=supplies)
    assert in_h(asks) == [("a", "tea", 4, 72)]
    late = over_time("cumulative_atp", [line("a", 9)], supplies=supplies, wanted_at_ms=72 * HOUR_MS)
    assert in_h(late) == [("a", "tea", 4, 72)]


def test_earlier_promises_count_in_full_against_what_lasts_longer():
    # nobody knows whether the 4 promised to others may come from the dated stock
    seen = {"supplies": (on_hand(4, expires_on_day=2), coming(4, 72)), "commitments": (due(4, 0),)}
    assert units(over_time("cumulative_atp", [line("a", 4, min_days_left=3)], **seen)) == {}


def test_a_kit_is_ready_with_its_latest_component():
    recipes = (("kit", "cup", 2), ("kit", "tea", 1))
    supplies = (on_hand(9, "cup"), on_hand(1, "tea"), coming(5, 30, "tea"))
    decision = over_time(
        "cumulative_atp", [line("a", 4, "kit"), line("b", 2, "cup")], supplies=supplies, recipes=recipes
    )
    assert in_h(decision) == [("a", "kit", 1, 0), ("a", "kit", 3, 30), ("b", "cup", 1, 0)]
    kit_promised = over_time(
        "cumulative_atp", [line("b", 9, "cup")], supplies=supplies, recipes=recipes,
        commitments=(due(3, 50, "k", "kit"),),
    )  # fmt: skip
    assert units(kit_promised) == {"b": 3}


def test_an_order_that_ships_complete_has_one_date():
    lines = [line("a", 2, ship_rule="order_complete"), line("b", 2, "cup", ship_rule="order_complete")]
    supplies = (on_hand(9), coming(2, 20, "cup"))
    assert in_h(over_time("cumulative_atp", lines, supplies=supplies)) == [("a", "tea", 2, 20), ("b", "cup", 2, 20)]
    assert units(over_time("cumulative_atp", lines, supplies=(on_hand(9), coming(1, 20, "cup")))) == {}


def test_first_ordered_first_served_over_time_too():
    lines = [line("z", 3, order="o1"), line("a", 3, order="o2")]
    decision = over_time("cumulative_atp", lines, supplies=(on_hand(4), coming(9, 5)))
    assert in_h(decision) == [("z", "tea", 3, 0), ("a", "tea", 1, 0), ("a", "tea", 2, 5)]


moments = st.integers(0, 6)


@given(
    supplies=st.lists(st.tuples(st.integers(0, 4), moments), max_size=4),
    commitments=st.lists(st.tuples(st.integers(0, 4), moments), max_size=4),
    wanted=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    lead=st.integers(0, 2),
    horizon=st.integers(0, 6),
    safety=st.integers(0, 2),
    partial=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_cumulative_agrees_with_the_formula_at_every_moment(
    supplies, commitments, wanted, lead, horizon, safety, partial
):
    rules = PromisingRules(lead_h=lead, horizon_h=horizon, safety_units=safety, partial=partial)
    decision = over_time(
        "cumulative_atp",
        [line(f"l{i}", n) for i, n in enumerate(wanted)],
        rules,
        supplies=tuple(coming(n, at) for n, at in supplies),
        commitments=tuple(due(n, at) for n, at in commitments),
    )
    taken = list(commitments)

    def free(t: int) -> int:
        return max(
            0,
            min(
                sum(n for n, at in supplies if at + lead <= u) - sum(n for n, at in taken if at <= u) - safety
                for u in range(t, horizon + 1)
            ),
        )

    expected = []
    for i, need in enumerate(wanted):
        for t in range(lead, horizon + 1):
            most = min(need, free(t))
            if most and (partial or most == need):
                expected.append((f"l{i}", "tea", most, t))
                taken.append((most, t))
                need -= most
    assert in_h(decision) == expected
    behind = [u for u in range(lead, horizon + 1) if sum(n for n, at in commitments if at <= u) > sum(
        n for n, at in supplies if at + lead <= u)]  # fmt: skip
    for u in range(lead, horizon + 1):  # a promise that could be kept can still be kept
        if u not in behind and not any(b > u for b in behind):
            assert sum(n for n, at in taken if at <= u) <= sum(n for n, at in supplies if at + lead <= u)


# --- quota and substitutes ---------------------------------------------------------------------------------------


def test_quota_caps_what_is_free_and_is_used_up_line_by_line():
    lines = [line("a", 4), line("b", 4), line("c", 4, "cup")]
    seen = {"supplies": (on_hand(20), on_hand(3, "cup")), "quota_left": (("tea", 6),)}
    decision = over_time("quota_atp", lines, **seen)
    assert units(decision) == {"a": 4, "b": 2, "c": 3}
    assert codes(decision) == {"b": "quota", "c": "no_stock"}


def test_where_both_bind_the_tighter_one_is_the_reason():
    short = over_time("quota_atp", [line("a", 9)], supplies=(on_hand(3),), quota_left=(("tea", 5),))
    assert units(short) == {"a": 3} and codes(short) == {"a": "no_stock"}
    level = over_time("quota_atp", [line("a", 9)], supplies=(on_hand(5),), quota_left=(("tea", 5),))
    assert units(level) == {"a": 5} and codes(level) == {"a": "quota"}


def test_a_spent_quota_and_a_whole_line_above_the_quota_promise_nothing():
    spent = over_time("quota_atp", [line("a", 1)], supplies=(on_hand(3),), quota_left=(("tea", 0),))
    assert spent.promised == () and codes(spent) == {"a": "quota"}
    whole = [line("a", 4, ship_rule="line_complete"), line("b", 3)]
    decision = over_time("quota_atp", whole, supplies=(on_hand(9),), quota_left=(("tea", 3),))
    assert units(decision) == {"b": 3} and codes(decision) == {"a": "quota"}


def test_a_complete_order_gives_back_its_quota_when_it_fails():
    lines = [
        line("a", 2, ship_rule="order_complete"),
        line("b", 1, "cup", ship_rule="order_complete"),
        line("c", 2, order="p"),
    ]
    decision = over_time("quota_atp", lines, supplies=(on_hand(9),), quota_left=(("tea", 2),))
    assert units(decision) == {"c": 2} and codes(decision) == {"a": "no_stock", "b": "no_stock"}


SUBSTITUTES = (("tea", "mint", 2), ("tea", "lime", 1), ("tea", "tea", 0))


def test_what_is_not_to_be_had_in_time_is_tried_on_substitutes_in_their_rank():
    supplies = (on_hand(2), coming(9, 20), on_hand(3, "mint"), on_hand(1, "lime"))
    decision = over_time("substitute_atp", [line("a", 5)], supplies=supplies, substitutes=SUBSTITUTES)
    assert in_h(decision) == [("a", "tea", 2, 0), ("a", "lime", 1, 0), ("a", "mint", 2, 0)]
    more = over_time("substitute_atp", [line("a", 8)], supplies=supplies, substitutes=SUBSTITUTES)
    assert in_h(more)[-1] == ("a", "tea", 2, 20)


def test_a_whole_line_is_of_one_sku():
    supplies = (on_hand(2), coming(9, 20), on_hand(3, "lime"), on_hand(7, "mint"))
    lines = [line("a", 5, ship_rule="line_complete")]
    decision = over_time("substitute_atp", lines, supplies=supplies, substitutes=SUBSTITUTES)
    assert in_h(decision) == [("a", "mint", 5, 0)]


def test_the_rank_decides_then_the_sku_and_each_unit_is_promised_once():
    equal = (("tea", "mint", 1), ("tea", "lime", 1))
    supplies = (on_hand(3, "mint"), on_hand(3, "lime"))
    lines = [line("a", 4), line("b", 2, "mint")]
    decision = over_time("substitute_atp", lines, supplies=supplies, substitutes=equal)
    assert in_h(decision) == [("a", "lime", 3, 0), ("a", "mint", 1, 0), ("b", "mint", 2, 0)]


def test_a_line_that_names_its_lot_gets_no_substitute():
    supplies = (on_hand(9, "lime"),)
    for named in ({"lot": "L1"}, {"lpn": "P1"}):
        decision = over_time("substitute_atp", [line("a", 1, **named)], supplies=supplies, substitutes=SUBSTITUTES)
        assert codes(decision) == {"a": "no_stock"}


def test_in_time_is_when_it_is_wanted():
    supplies = (coming(5, 20), on_hand(5, "lime"))
    seen = {"supplies": supplies, "substitutes": SUBSTITUTES}
    assert in_h(over_time("substitute_atp", [line("a", 5)], **seen)) == [("a", "lime", 5, 0)]
    assert in_h(over_time("substitute_atp", [line("a", 5)], wanted_at_ms=20 * HOUR_MS, **seen)) == [("a", "tea", 5, 20)]


# --- reconfirm ---------------------------------------------------------------------------------------------------


def test_when_supply_falls_protect_keeps_share_gives_way_and_yield_is_last():
    lines = [line("p", 4), line("s", 4), line("y", 4)]
    seen = {
        "commitments": (due(4, 10, "p"), due(4, 5, "s"), due(4, 1, "y")),
        "standing": (("p", "protect", 9), ("s", "share", 1), ("y", "yield", 0)),
    }
    decision = over_time("reconfirm", lines, supplies=(on_hand(6),), **seen)
    assert units(decision) == {"p": 4, "s": 2} and codes(decision) == {"s": "no_stock", "y": "no_stock"}
    assert units(over_time("reconfirm", lines, supplies=(on_hand(12),), **seen)) == {"p": 4, "s": 4, "y": 4}


def test_protect_keeps_units_and_date_even_without_supply_and_says_so():
    lines = [line("p", 4), line("q", 4)]
    standing = (("p", "protect", 0), ("q", "protect", 0))
    seen = {"commitments": (due(4, 10, "p"), due(4, 12, "q")), "standing": standing}
    decision = over_time("reconfirm", lines, supplies=(on_hand(5),), **seen)
    assert in_h(decision) == [("p", "tea", 4, 10), ("q", "tea", 4, 12)]
    assert [(r.subject, r.code) for r in decision.rejected] == [("q", "no_stock")]
    assert "3 of them without supply" in decision.rejected[0].detail


def test_protect_gains_when_supply_comes_earlier_but_never_at_the_cost_of_another():
    lines = [line("p", 4), line("q", 4)]
    standing = (("p", "protect", 0), ("q", "protect", 0))
    seen = {"commitments": (due(4, 20, "p"), due(4, 1, "q")), "standing": standing}
    assert in_h(over_time("reconfirm", lines, supplies=(on_hand(4), coming(4, 8)), **seen)) == [
        ("q", "tea", 4, 0), ("p", "tea", 4, 8)
    ]  # fmt: skip


def test_a_covered_promise_keeps_its_date_when_it_is_asked_again_later():
    rules = PromisingRules(lead_h=4, horizon_h=100)
    for promise_class in ("protect", "share", "yield"):
        decision = over_time(
            "reconfirm", [line("a", 3)], rules, now_ms=2 * HOUR_MS, supplies=(on_hand(3),),
            commitments=(due(3, 4, "a"),), standing=(("a", promise_class, 0),),
        )  # fmt: skip
        assert in_h(decision) == [("a", "tea", 3, 4)], promise_class
        assert decision.rejected == ()


def test_within_a_class_promise_date_then_order_date_then_order_then_line():
    lines = [
        line(name, 1, order=order) for name, order in (("a", "o4"), ("b", "o3"), ("c", "o2"), ("d", "o1"), ("e", "o1"))
    ]
    decision = over_time(
        "reconfirm", lines, supplies=(on_hand(9),),
        commitments=(due(1, 3, "a"), due(1, 5, "b"), due(1, 5, "c"), due(1, 5, "d"), due(1, 5, "e")),
        standing=(("b", "share", 1), ("c", "share", 2), ("d", "share", 2), ("e", "share", 2)),
    )  # fmt: skip
    assert [row[0] for row in decision.promised] == ["a", "b", "d", "e", "c"]


def test_promises_of_other_lines_stand():
    decision = over_time("reconfirm", [line("a", 5)], supplies=(on_hand(5),), commitments=(due(2, 50), due(5, 1, "a")))
    assert units(decision) == {"a": 3}


def test_a_promise_in_a_substitute_is_kept_in_it():
    lines = [line("a", 5)]
    seen = {"commitments": (due(2, 0, "a"), due(3, 0, "a", "lime")), "standing": (("a", "protect", 0),)}
    decision = over_time("reconfirm", lines, supplies=(on_hand(2), on_hand(3, "lime")), **seen)
    assert in_h(decision) == [("a", "tea", 2, 0), ("a", "lime", 3, 0)] and decision.rejected == ()


def test_a_protected_order_that_ships_complete_is_protected_as_a_whole():
    lines = [
        line("a", 2, ship_rule="order_complete"),
        line("b", 2, "cup", ship_rule="order_complete"),
        line("c", 9, order="z"),
    ]
    seen = {"commitments": (due(2, 9, "a"), due(2, 9, "b", "cup"), due(2, 1, "c")), "standing": (("b", "protect", 0),)}
    decision = over_time("reconfirm", lines, supplies=(on_hand(3), coming(2, 30, "cup")), **seen)
    assert in_h(decision)[:2] == [("a", "tea", 2, 9), ("b", "cup", 2, 9)]
    assert codes(decision) == {"b": "no_stock", "c": "no_stock"} and units(decision)["c"] == 1


@given(
    on_hand_units=st.integers(0, 8),
    later=st.tuples(st.integers(0, 4), moments),
    lines=st.lists(
        st.tuples(st.integers(1, 4), st.integers(0, 4), moments, st.sampled_from(["protect", "share", "yield"])),
        min_size=1,
        max_size=4,
    ),
    lead=st.integers(0, 2),
)
@settings(max_examples=300, deadline=None)
def test_protect_never_gets_worse(on_hand_units, later, lines, lead):
    names = [f"l{i}" for i in range(len(lines))]
    decision = over_time(
        "reconfirm",
        [line(name, asked) for name, (asked, *_) in zip(names, lines, strict=True)],
        PromisingRules(lead_h=lead, horizon_h=6),
        supplies=(on_hand(on_hand_units), coming(*later)),
        commitments=tuple(due(had, at, name) for name, (_, had, at, _) in zip(names, lines, strict=True)),
        standing=tuple((name, row[3], 0) for name, row in zip(names, lines, strict=True)),
    )
    for name, (asked, had, at, promise_class) in zip(names, lines, strict=True):
        if promise_class == "protect":
            in_time = sum(n for row, _, n, at_ms in decision.promised if row == name and at_ms <= at * HOUR_MS)
            assert in_time >= min(asked, had)
