from __future__ import annotations

from typing import Any

import pytest

from twin.policies.release import RELEASE, Releasable, Release, ReleaseRules, ReleaseSnapshot, Wave

MINUTE_MS = 60_000


def order(name: str, cutoff_min: int = 600, lines: int = 1, zone: str = "A", **changed: Any) -> Releasable:
    plain: dict[str, Any] = {
        "order": name,
        "owner": "us",
        "priority": 5,
        "urgent": False,
        "created_at_ms": 0,
        "cutoff_at_ms": cutoff_min * MINUTE_MS,
        "work_ms": 10 * MINUTE_MS,
        "lines_by_zone": ((zone, lines),),
        "covered": True,
    }
    return Releasable(**(plain | changed))


def wave(name: str, closes_min: int, max_lines: int = 100, lines: int = 0) -> Wave:
    return Wave(wave=name, closes_at_ms=closes_min * MINUTE_MS, max_lines=max_lines, lines=lines)


def release(
    name: str, waiting: list[Releasable], rules: ReleaseRules | None = None, now_min: float = 0, **seen: Any
) -> Release:
    plain: dict[str, Any] = {
        "now_ms": round(now_min * MINUTE_MS),
        "book_version": 1,
        "waiting": tuple(waiting),
        "waves": (),
        "open_lines": (),
        "caps": (),
        "trigger": "tick",
    }
    return RELEASE[name](rules=rules or ReleaseRules())(ReleaseSnapshot(**(plain | seen)))


def codes(decision: Release) -> dict[str, str]:
    return {r.subject: r.code for r in decision.held}


@pytest.mark.parametrize("name", ["waveless", "earliest_cutoff", "urgent_first"])
def test_without_caps_all_covered_orders_are_released(name):
    decision = release(name, [order("a"), order("b", covered=False)])
    assert decision.orders == ("a",) and codes(decision) == {"b": "not_covered"}


def test_waveless_goes_by_slack_and_earliest_cutoff_by_the_cutoff_alone():
    waiting = [order("long", 600, work_ms=500 * MINUTE_MS), order("soon", 300)]
    assert release("waveless", waiting).orders == ("long", "soon")
    assert release("earliest_cutoff", waiting).orders == ("soon", "long")


def test_ties_go_to_priority_then_age_then_id():
    waiting = [order("d"), order("c"), order("b", created_at_ms=-1), order("a", priority=9), order("z", priority=1)]
    for name in ("waveless", "earliest_cutoff"):
        assert release(name, waiting).orders == ("z", "b", "c", "d", "a")


def test_release_stops_at_the_cap_of_a_zone():
    waiting = [order("a", lines=4), order("b", lines=4), order("c", lines=1)]
    decision = release("waveless", waiting, open_lines=(("A", 3),), caps=(("A", 10),))
    assert decision.orders == ("a",)
    assert codes(decision) == {"b": "wip_cap", "c": "wip_cap"}


def test_as_many_later_orders_as_ruled_may_pass_one_that_does_not_fit():
    waiting = [order("a", 100, lines=9), order("b", 200), order("c", 300), order("d", 400)]
    seen: dict[str, Any] = {"open_lines": (("A", 2),), "caps": (("A", 10),)}
    assert release("waveless", waiting, **seen).orders == ()
    assert release("waveless", waiting, ReleaseRules(may_pass=2), **seen).orders == ("b", "c")


def test_every_zone_of_an_order_needs_room():
    two = order("a", lines_by_zone=(("A", 1), ("B", 1)))
    assert release("waveless", [two], open_lines=(("B", 5),), caps=(("B", 5),)).orders == ()
    assert release("waveless", [two], open_lines=(("B", 4),), caps=(("B", 5),)).orders == ("a",)


def test_an_order_above_the_cap_goes_alone_when_the_zone_is_empty():
    waiting = [order("a", 100, lines=50), order("b", 200)]
    assert release("waveless", waiting, caps=(("A", 10),)).orders == ("a",)
    assert release("waveless", waiting, caps=(("A", 10),), open_lines=(("A", 1),)).orders == ()


def test_an_order_whose_cutoff_is_past_is_released_for_the_next_departure():
    decision = release("waveless", [order("a", 5)], now_min=6)
    assert decision.orders == ("a",) and codes(decision) == {"a": "cutoff_missed"}
    assert codes(release("waveless", [order("a", 6)], now_min=6)) == {}


def test_urgent_orders_go_first_and_may_use_their_share_on_top_of_the_cap():
    waiting = [order("plain", 100), order("rush", 900, urgent=True)]
    rules = ReleaseRules(urgent_share=0.1)
    assert release("urgent_first", waiting, rules).orders == ("rush", "plain")
    decision = release("urgent_first", waiting, rules, open_lines=(("A", 10),), caps=(("A", 10),))
    assert decision.orders == ("rush",) and codes(decision) == {"plain": "wip_cap"}
    full = release("urgent_first", waiting, rules, open_lines=(("A", 11),), caps=(("A", 10),))
    assert full.orders == ()


def test_an_aged_plain_order_stands_level_with_a_new_urgent_one():
    aged, ageing_min = 5 + 5, 15
    plain = order("plain", 900, priority=5)
    for waited_min, first in [(aged * ageing_min - 1, "rush"), (aged * ageing_min, "plain")]:
        rush = order("rush", 9000, urgent=True, priority=0, created_at_ms=waited_min * MINUTE_MS)
        assert release("urgent_first", [plain, rush], now_min=waited_min).orders[0] == first


def test_no_ageing_is_no_division_by_zero():
    assert release("urgent_first", [order("a")], ReleaseRules(ageing_s=0)).orders == ("a",)


def test_a_wave_starts_when_it_closes_and_not_before():
    waves = (wave("noon", 120),)
    before = release("wave", [order("a")], waves=waves, now_min=119)
    assert before.orders == () and codes(before) == {"a": "window"}
    assert before.look_again_at_ms == 120 * MINUTE_MS
    at = release("wave", [order("b", 500), order("a", 400)], waves=waves, now_min=120)
    assert at.orders == ("a", "b") and at.wave == "noon"


def test_a_wave_starts_early_when_its_lines_reach_the_maximum():
    waves = (wave("noon", 120, max_lines=10, lines=4),)
    assert release("wave", [order("a", lines=5)], waves=waves).orders == ()
    assert release("wave", [order("a", lines=6)], waves=waves).orders == ("a",)


def test_a_wave_takes_no_more_than_its_maximum():
    waves = (wave("noon", 120, max_lines=10),)
    decision = release("wave", [order("a", 300, lines=6), order("b", 400, lines=6)], waves=waves, now_min=120)
    assert decision.orders == ("a",) and codes(decision) == {"b": "wip_cap"}
    alone = release("wave", [order("a", lines=60), order("b")], waves=waves, now_min=120)
    assert alone.orders == ("a",)


def test_the_first_template_in_sequence_that_closes_in_time_wins():
    waves = (wave("evening", 480), wave("noon", 120))
    waiting = [order("late", 600), order("early", 200)]
    noon = release("wave", waiting, waves=waves, now_min=120)
    assert noon.orders == ("early",) and noon.wave == "noon" and codes(noon) == {"late": "window"}


def test_an_order_that_no_template_matches_goes_with_the_next_closing():
    waves = (wave("evening", 480), wave("noon", 120))
    decision = release("wave", [order("tight", 121)], waves=waves, now_min=120)
    assert decision.orders == ("tight",) and decision.wave == "noon"


def test_two_waves_that_close_together_are_started_one_after_the_other():
    waves = (wave("a", 120), wave("b", 60))
    waiting = [order("x", 600), order("y", 75)]
    first = release("wave", waiting, waves=waves, now_min=120)
    assert (first.wave, first.orders, first.look_again_at_ms) == ("a", ("x",), 120 * MINUTE_MS)
    second = release("wave", waiting[1:], waves=waves, now_min=120)
    assert (second.wave, second.orders) == ("b", ("y",))


def test_without_a_template_orders_start_at_once():
    assert release("wave", [order("a"), order("b", covered=False)]).orders == ("a",)
