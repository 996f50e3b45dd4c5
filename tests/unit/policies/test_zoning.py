from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.policies.laws import broken_laws
from twin.policies.snapshots import from_json, to_json
from twin.policies.why import watched
from twin.policies.zoning import ZONING, ZonedLine, ZonePlan, ZoningSnapshot, hand_offs, totes_for


def line(name: str, zone: str = "A", zone_rank: int = 0, pick_rank: int = 0, units: int = 1) -> ZonedLine:
    return ZonedLine(line=name, zone=zone, zone_rank=zone_rank, pick_rank=pick_rank, units=units)


def ask(lines: list[ZonedLine], **changed: Any) -> ZoningSnapshot:
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "lines": tuple(lines),
        "blocked": frozenset(),
        "waiting_totes": (),
        "units_per_tote": 0,
        "wall_places_free": 1,
    }
    return ZoningSnapshot(**(plain | changed))


def cut(name: str, lines: list[ZonedLine], **changed: Any) -> ZonePlan:
    snapshot = ask(lines, **changed)
    plan = ZONING[name]()(snapshot)
    assert broken_laws(snapshot, plan) == []
    return plan


def codes(plan: ZonePlan) -> dict[str, str]:
    return {rejection.subject: rejection.code for rejection in plan.held}


THREE = [line("1", "C", 3), line("2", "A", 1, 2), line("3", "A", 1, 1), line("4", "B", 2)]


class TestLegs:
    @pytest.mark.parametrize("name", ["single", "bucket_brigade"])
    def test_one_leg_by_zone_rank_pick_rank_and_line(self, name):
        plan = cut(name, [*THREE, line("0", "A", 1, 2)])
        assert plan == ZonePlan(legs=(("A", 0, ("3", "0", "2", "4", "1")),), consolidate=False, held=(), totes=(1,))

    def test_pick_and_pass_goes_through_the_zones_in_turn(self):
        plan = cut("pick_and_pass", THREE)
        assert plan.legs == (("A", 0, ("3", "2")), ("B", 1, ("4",)), ("C", 2, ("1",)))
        assert not plan.consolidate and plan.totes == (1, 1, 1)

    def test_zones_without_lines_are_skipped(self):
        assert [leg[:2] for leg in cut("pick_and_pass", [THREE[0], THREE[1]]).legs] == [("A", 0), ("C", 1)]

    def test_parallel_begins_everywhere_at_once_and_meets_again(self):
        plan = cut("parallel", THREE)
        assert plan.legs == (("A", 0, ("3", "2")), ("B", 0, ("4",)), ("C", 0, ("1",)))
        assert plan.consolidate

    def test_parallel_with_one_zone_has_nothing_to_join(self):
        plan = cut("parallel", [line("1"), line("2")], wall_places_free=0)
        assert plan.legs == (("A", 0, ("1", "2")),) and not plan.consolidate

    @pytest.mark.parametrize("name", ["pick_and_pass", "parallel"])
    def test_zones_of_one_rank_go_by_their_first_line(self, name):
        plan = cut(name, [line("1", "A", 1, 5), line("2", "B", 1, 4), line("3", "C", 1, 4)])
        assert [zone for zone, _, _ in plan.legs] == ["B", "C", "A"]

    @pytest.mark.parametrize("name", ZONING)
    def test_nothing_asked(self, name):
        assert cut(name, []) == ZonePlan(legs=(), consolidate=False, held=())

    def test_a_person_who_asks_why_sees_the_keys(self):
        with watched() as keys:
            cut("single", THREE)
        assert keys["2"] == (1, 2, "2")


@pytest.mark.parametrize("name", ZONING)
class TestBlockedZone:
    def test_it_holds_its_leg_not_the_order(self, name):
        plan = cut(name, THREE, blocked=frozenset({"A", "Z"}))
        assert [names for _, _, names in plan.legs] == ([("4", "1")] if len(plan.legs) == 1 else [("4",), ("1",)])
        assert codes(plan) == {"2": "location_blocked", "3": "location_blocked"}
        assert plan.consolidate, "the held part comes later"

    def test_all_blocked(self, name):
        plan = cut(name, [line("1")], blocked=frozenset({"A"}))
        assert plan.legs == () and not plan.consolidate and codes(plan) == {"1": "location_blocked"}


class TestWall:
    def test_without_a_place_no_part_begins(self):
        plan = cut("parallel", THREE, wall_places_free=0)
        assert plan.legs == () and not plan.consolidate
        assert codes(plan) == dict.fromkeys("1234", "no_wall_place")

    def test_a_held_part_needs_the_place_too(self):
        plan = cut("parallel", [line("1", "A"), line("2", "B")], blocked=frozenset({"A"}), wall_places_free=0)
        assert codes(plan) == {"1": "location_blocked", "2": "no_wall_place"}

    @pytest.mark.parametrize("name", ["single", "pick_and_pass", "bucket_brigade"])
    def test_other_rules_need_no_wall(self, name):
        assert cut(name, THREE, wall_places_free=0).held == ()


class TestTotes:
    @pytest.mark.parametrize(("units", "totes"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
    def test_a_full_tote_asks_for_another(self, units, totes):
        assert totes_for([line("1", units=units)], 10) == totes

    def test_the_second_tote_goes_along_the_same_legs(self):
        lines = [line("1", "A", 1, units=6), line("2", "B", 2, units=5)]
        assert cut("pick_and_pass", lines, units_per_tote=10).totes == (2, 2)
        assert cut("single", lines, units_per_tote=10).totes == (2,)
        assert cut("parallel", lines, units_per_tote=5).totes == (2, 1)

    def test_zero_means_never_full(self):
        assert cut("single", [line("1", units=999)]).totes == (1,)


class TestBucketBrigade:
    def test_hand_offs_of_one_two_three_are_a_sixth_and_a_half_at_rate_six(self):
        assert hand_offs((1, 2, 3)) == hand_offs((3, 1, 2)) == (Fraction(1, 6), Fraction(1, 2))
        assert sum((1, 2, 3)) == 6

    def test_one_worker_hands_nothing_off(self):
        assert hand_offs((7,)) == () == hand_offs(())

    def test_a_brigade_that_starts_anywhere_settles_there(self):
        speeds, starts = (1.0, 2.0, 3.0), [0.0, 0.4, 0.9]
        for _ in range(60):
            # the last worker finishes; everyone takes over from the one before, at once
            until_done = (1 - starts[2]) / speeds[2]
            starts = [0.0, *[starts[i] + speeds[i] * until_done for i in (0, 1)]]
        assert starts[1:] == pytest.approx([1 / 6, 1 / 2])
        assert 1 / until_done == pytest.approx(6)


few = st.integers(0, 2)


@st.composite
def snapshots(draw: st.DrawFn) -> ZoningSnapshot:
    names = draw(st.permutations("abcd"))[: draw(st.integers(0, 4))]
    lines = [line(name, draw(st.sampled_from("ABC")), draw(few), draw(few), draw(few)) for name in names]
    return ask(
        lines,
        blocked=draw(st.frozensets(st.sampled_from("ABC"), max_size=1)),
        waiting_totes=tuple(draw(st.lists(st.tuples(st.sampled_from("ABC"), few), max_size=2))),
        units_per_tote=draw(few),
        wall_places_free=draw(st.integers(0, 1)),
    )


quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("name", ZONING)
class TestLaws:
    @given(snapshot=snapshots())
    @quick
    def test_no_law_is_broken(self, name, snapshot):
        assert broken_laws(snapshot, ZONING[name]()(snapshot)) == []

    @given(snapshot=snapshots(), luck=st.randoms())
    @quick
    def test_the_order_of_listing_changes_nothing(self, name, snapshot, luck):
        shuffled = replace(
            snapshot,
            lines=tuple(luck.sample(snapshot.lines, len(snapshot.lines))),
            waiting_totes=tuple(luck.sample(snapshot.waiting_totes, len(snapshot.waiting_totes))),
        )
        assert ZONING[name]()(shuffled) == ZONING[name]()(snapshot)

    @given(snapshot=snapshots())
    @quick
    def test_json_and_back_changes_nothing(self, name, snapshot):
        text = json.dumps(to_json(snapshot))
        again = from_json(ZoningSnapshot, json.loads(text))
        plan = ZONING[name]()(again)
        assert again == snapshot and plan == ZONING[name]()(snapshot)
        assert json.dumps(to_json(snapshot)) == text
        assert from_json(ZonePlan, json.loads(json.dumps(to_json(plan)))) == plan

    @given(snapshot=snapshots())
    @quick
    def test_one_more_line_in_a_blocked_zone_is_held_and_moves_no_other(self, name, snapshot):
        snapshot = replace(snapshot, wall_places_free=1)
        more = replace(snapshot, blocked=snapshot.blocked | {"Z"}, lines=(line("0", "Z", -1), *snapshot.lines))
        before, after = ZONING[name]()(snapshot), ZONING[name]()(more)
        assert (after.legs, after.totes) == (before.legs, before.totes)
        assert [r for r in after.held if r.subject != "0"] == list(before.held)
        assert codes(after)["0"] == "location_blocked"


def broken(snapshot: ZoningSnapshot, **changed: Any) -> list[str]:
    return broken_laws(snapshot, replace(ZONING["pick_and_pass"]()(snapshot), **changed))


def test_the_laws_can_be_broken():
    snapshot = ask([line("1", "A", units=9), line("2", "B", 1)], units_per_tote=5)
    assert broken(snapshot, legs=(("A", 0, ("1",)),)) == [
        "in legs + held = lines, each once",
        "totes stand beside legs",
    ]
    assert broken(snapshot, totes=(1, 1)) == ["the totes of a leg hold its units"]
    assert broken(replace(snapshot, blocked=frozenset({"B"})), legs=(("A", 0, ("1",)), ("B", 1, ("2",))), held=())
