from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.policies.laws import broken_laws
from twin.policies.snapshots import from_json, to_json
from twin.policies.sortation import SORTATION, Chute, Divert, SortationRules, SortationSnapshot
from twin.policies.why import watched

AGAIN = Divert(chute=None, again=True, reject_lane=False)
REJECT_LANE = Divert(chute=None, again=False, reject_lane=True)


def to(name: str) -> Divert:
    return Divert(chute=name, again=False, reject_lane=False)


def chute(name: str, bound_to: str | None = None, load: int = 0, rank: int = 0, capacity: int = 2) -> Chute:
    return Chute(chute=name, rank=rank, load=load, capacity=capacity, bound_to=bound_to)


def ask(chutes: list[Chute], **changed: Any) -> SortationSnapshot:
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "lpn": "P1",
        "target": "north",
        "rounds": 0,
        "chutes": tuple(chutes),
    }
    return SortationSnapshot(**(plain | changed))


def sort(name: str, chutes: list[Chute], max_rounds: int = 3, **changed: Any) -> Divert:
    snapshot = ask(chutes, **changed)
    decision = SORTATION[name](rules=SortationRules(max_rounds=max_rounds))(snapshot)
    assert broken_laws(snapshot, decision) == []
    return decision


class TestFixed:
    def test_a_route_leaves_at_its_chute(self):
        assert sort("fixed", [chute("1", "south"), chute("2", "north"), chute("3")]) == to("2")

    def test_of_several_the_best_rank_with_room_whatever_the_load(self):
        own = [chute("a", "north", load=2, rank=1), chute("b", "north", load=1, rank=2), chute("c", "north", rank=3)]
        assert sort("fixed", own) == to("b")
        assert sort("fixed", [chute("b", "north"), chute("a", "north")]) == to("a")

    def test_a_route_without_a_chute_is_unknown_even_if_one_is_free(self):
        assert sort("fixed", [chute("1", "south"), chute("2")]) == REJECT_LANE


class TestDynamic:
    def test_the_chute_of_the_target_comes_before_an_emptier_free_one(self):
        assert sort("dynamic", [chute("1", "north", load=1), chute("2")]) == to("1")

    def test_else_the_free_one_by_load_rank_and_id(self):
        assert sort("dynamic", [chute("a", load=1), chute("b", rank=2), chute("c", rank=1), chute("d", rank=1)]) == to(
            "c"
        )
        assert sort("dynamic", [chute("b"), chute("a")]) == to("a")

    def test_its_own_chute_full_is_waited_for(self):
        assert sort("dynamic", [chute("1", "north", load=2), chute("2")]) == AGAIN

    def test_all_chutes_kept_for_others(self):
        assert sort("dynamic", [chute("1", "south")]) == AGAIN
        assert sort("dynamic", [chute("1", "south")], rounds=3) == REJECT_LANE


class TestPutWall:
    def test_an_order_has_one_place(self):
        assert sort("put_wall", [chute("1"), chute("2", "north", load=1)]) == to("2")

    def test_a_new_order_takes_the_first_free_place_by_rank(self):
        assert sort("put_wall", [chute("b", rank=1), chute("a", rank=1), chute("c", rank=2)]) == to("a")

    def test_a_place_is_free_only_when_packed(self):
        assert sort("put_wall", [chute("1", load=1), chute("2", rank=9)]) == to("2")
        assert sort("put_wall", [chute("1", load=1)]) == AGAIN


@pytest.mark.parametrize("name", SORTATION)
class TestEdges:
    OPEN = (chute("1", "north"), chute("2"))

    def test_a_no_read_or_an_unknown_target_goes_to_the_reject_lane(self, name):
        assert sort(name, list(self.OPEN), lpn=None) == REJECT_LANE
        assert sort(name, list(self.OPEN), target=None) == REJECT_LANE

    @pytest.mark.parametrize(("rounds", "said"), [(0, AGAIN), (2, AGAIN), (3, REJECT_LANE), (4, REJECT_LANE)])
    def test_a_full_chute_means_another_round_up_to_the_most(self, name, rounds, said):
        assert sort(name, [chute("1", "north", load=2)], rounds=rounds) == said
        assert sort(name, [chute("1", "north", load=3)], rounds=rounds) == said

    def test_no_rounds_at_all(self, name):
        assert sort(name, [chute("1", "north", capacity=0)], max_rounds=0) == REJECT_LANE

    def test_after_rounds_a_chute_with_room_is_taken(self, name):
        assert sort(name, list(self.OPEN), rounds=9) == to("1")

    def test_no_chute_at_all(self, name):
        assert sort(name, []) == (REJECT_LANE if name == "fixed" else AGAIN)


def test_a_person_who_asks_why_sees_the_keys():
    with watched() as keys:
        sort("dynamic", [chute("a", load=1), chute("b", rank=2)])
    assert keys == {"a": (1, 0, "a"), "b": (0, 2, "b")}


few = st.integers(0, 2)
targets = st.sampled_from([None, "north", "north", "south"])


@st.composite
def snapshots(draw: st.DrawFn) -> SortationSnapshot:
    names = draw(st.permutations("abcd"))[: draw(st.integers(0, 4))]
    return ask(
        [chute(name, draw(targets), draw(few), draw(few), draw(few)) for name in names],
        lpn=draw(st.sampled_from([None, "P1", "P1"])),
        target=draw(targets),
        rounds=draw(few),
    )


rules = st.builds(SortationRules, max_rounds=few)
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("name", SORTATION)
class TestLaws:
    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_no_law_is_broken(self, name, snapshot, rules):
        decision = SORTATION[name](rules=rules)(snapshot)
        assert broken_laws(snapshot, decision) == []
        assert not (decision.again and snapshot.rounds >= rules.max_rounds)

    @given(snapshot=snapshots(), rules=rules, luck=st.randoms())
    @quick
    def test_the_order_of_listing_changes_nothing(self, name, snapshot, rules, luck):
        shuffled = replace(snapshot, chutes=tuple(luck.sample(snapshot.chutes, len(snapshot.chutes))))
        assert SORTATION[name](rules=rules)(shuffled) == SORTATION[name](rules=rules)(snapshot)

    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_json_and_back_changes_nothing(self, name, snapshot, rules):
        text = json.dumps(to_json(snapshot))
        again = from_json(SortationSnapshot, json.loads(text))
        decision = SORTATION[name](rules=rules)(again)
        assert again == snapshot and decision == SORTATION[name](rules=rules)(snapshot)
        assert json.dumps(to_json(snapshot)) == text
        assert from_json(Divert, json.loads(json.dumps(to_json(decision)))) == decision

    @given(snapshot=snapshots(), rules=rules)
    @quick
    def test_a_chute_kept_for_another_target_changes_nothing(self, name, snapshot, rules):
        more = replace(snapshot, chutes=(*snapshot.chutes, chute("0", "west", rank=-1)))
        assert SORTATION[name](rules=rules)(more) == SORTATION[name](rules=rules)(snapshot)


@pytest.mark.parametrize(
    ("decision", "law"),
    [
        (Divert(chute="b", again=True, reject_lane=False), "one of three"),
        (to("x"), "was offered"),
        (to("full"), "a full chute"),
        (to("south"), "kept for another"),
    ],
)
def test_the_laws_can_be_broken(decision, law):
    snapshot = ask([chute("b"), chute("full", load=2), chute("south", "south")])
    assert [said for said in broken_laws(snapshot, decision) if law in said]
    assert broken_laws(replace(snapshot, lpn=None), to("b")) == [
        "a no-read or an unknown target goes to the reject lane"
    ]
