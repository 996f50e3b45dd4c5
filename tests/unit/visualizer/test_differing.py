"""Where two recordings part, held against a comparison of their records one by one; planted differences are found."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from pairs import recorded, rows_of, tampered

from twin.run.commands import command_of
from visualizer.comparing import differing
from visualizer.comparing.differing import columns_that_differ, different_decisions, first_difference, reasons
from visualizer.stored.fingerprints import SUBJECT, Fingerprints
from visualizer.stored.recorded import RecordedFeed

LEFT_OUT = {"seq", "policy", "candidates", "score", "detail"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same morning under other policies, another seed, and with one command."""
    root = tmp_path_factory.mktemp("differing")
    command = command_of({"at_ms": 5_000_000, "action": "add_workers", "role": "picker"})
    return {
        "plain": recorded(root / "plain"),
        "again": recorded(root / "again"),
        "optimal": recorded(root / "optimal", policies={"routing": "optimal"}),
        "batched": recorded(root / "batched", policies={"batching": "one_by_one"}),
        "nearest": recorded(root / "nearest", policies={"allocation": "nearest"}),
        "seed": recorded(root / "seed", seed=7),
        "commanded": recorded(root / "commanded", commands=[command]),
        "longer": recorded(root / "longer", "horizon_h=4"),
    }


@pytest.fixture
def run_of(folders):
    return lambda name: Fingerprints(RecordedFeed(folders[name]))


def by_hand(run):
    return [{k: v for k, v in r.items() if k not in LEFT_OUT} for r in run.feed.records(0, run.events)]


def first_row_by_hand(a, b):
    ones, others = by_hand(a), by_hand(b)
    unlike = (row for row, (x, y) in enumerate(zip(ones, others, strict=False)) if x != y)
    return next(unlike, None if len(ones) == len(others) else min(len(ones), len(others)))


def answered(run):
    """Of each question asked in a run, by its occurrence: the row and what was chosen and came of it."""
    caused, seen, found = defaultdict(set), defaultdict(int), {}
    records = run.feed.records(0, run.events)
    for r in records:
        if "cause" in r:
            deed = tuple(r.get(c) for c in ("kind", "order", "line", "units", "value", "due_ms", "door"))
            caused[r["cause"]] ^= {deed}
    for r in records:
        if r["kind"] == "PolicyDecided":
            question = (r["family"], *(r.get(c) if r.get(c) != r["choice"] else None for c in SUBJECT))
            seen[question] += 1
            found[question, seen[question]] = (r["seq"], (r["choice"], r.get("units"), frozenset(caused[r["seq"]])))
    return found


def pairs_by_hand(a, b):
    ones, others = answered(a), answered(b)
    both = ones.keys() & others.keys()
    return {(ones[q][0], others[q][0]) for q in both if ones[q][1] != others[q][1]}, len(both)


@pytest.mark.parametrize("other", ["again", "optimal", "batched", "nearest", "seed", "commanded", "longer"])
def test_the_first_difference_is_where_the_records_say(run_of, other, monkeypatch):
    monkeypatch.setattr(differing, "SLICE_EVENTS", 1000)
    a, b = run_of("plain"), run_of(other)
    found = first_difference(a, b)
    assert (None if found is None else found.row) == first_row_by_hand(a, b)


@pytest.mark.parametrize("other", ["again", "optimal", "batched", "nearest", "seed", "commanded"])
def test_decisions_are_paired_as_by_hand(run_of, other):
    a, b = run_of("plain"), run_of(other)
    found = different_decisions(a, b)
    pairs, both = pairs_by_hand(a, b)
    listed = set(zip(found.rows_a.tolist(), found.rows_b.tolist(), strict=True))
    assert {pair for pair in listed if -1 not in pair} == pairs
    assert found.paired == both
    assert list(found.at_ms) == sorted(found.at_ms)


def test_equal_runs_say_so(run_of):
    shares = []
    assert first_difference(run_of("plain"), run_of("again"), shares.append) is None
    assert shares[-1] == 1.0
    assert len(different_decisions(run_of("plain"), run_of("again"))) == 0


def test_another_policy_parts_at_its_first_other_choice(run_of):
    a, b = run_of("plain"), run_of("optimal")
    found = first_difference(a, b)
    assert found.verdict == "decision"
    assert (found.a["family"], found.a["policy"], found.b["policy"]) == ("routing", "largest_gap", "optimal")
    assert found.a["seq"] == found.b["seq"] < found.row
    assert found.a["score"] != found.b["score"]
    listed = different_decisions(a, b, found)
    assert (listed.rows_a[0], listed.rows_b[0]) == (found.a["seq"], found.b["seq"])


def test_a_command_that_one_run_was_given_is_a_decision(run_of):
    found = first_difference(run_of("plain"), run_of("commanded"))
    assert found.verdict == "decision"
    assert found.a is None
    assert (found.b["kind"], found.b["at_ms"]) == ("CommandGiven", 5_000_000)
    listed = different_decisions(run_of("plain"), run_of("commanded"), found)
    assert (listed.rows_a[0], listed.rows_b[0]) == (-1, found.b["seq"])


def test_another_seed_is_not_comparable(run_of):
    a, b = run_of("plain"), run_of("seed")
    found = first_difference(a, b)
    assert found.verdict == "incomparable"
    assert {found.a["kind"], found.b["kind"]}.isdisjoint(differing.DECISIONS)
    assert reasons(a.feed.title, b.feed.title) == ("seed",)
    assert "at_ms" in columns_that_differ(found.a, found.b)


def test_a_run_that_ends_earlier_is_the_same_up_to_there(run_of, tmp_path, folders):
    cut = tampered(folders["plain"], tmp_path / "cut", "DELETE FROM events WHERE seq >= 700")
    whole, part = run_of("plain"), Fingerprints(RecordedFeed(cut))
    found = first_difference(whole, part)
    assert (found.verdict, found.row, found.b) == ("ended", 700, None)
    assert found.a["seq"] == 700


def changes(draw):
    """One thing planted in a recording: what is done to event `row`, and the row at which it shows."""
    return {
        "later": lambda row: (f"UPDATE events SET at_ms = at_ms + 1 WHERE seq = {row}", row),
        "units": lambda row: (f"UPDATE events SET units = coalesce(units, 0) + 1 WHERE seq = {row}", row),
        "gone": lambda row: (f"DELETE FROM events WHERE seq = {row}", row),
        "twice": lambda row: (
            f"INSERT INTO events SELECT * REPLACE (place + 1 AS place) FROM events WHERE seq = {row}", row + 1
        ),
    }[draw]  # fmt: skip


@pytest.mark.parametrize("change", ["later", "units", "gone", "twice"])
@pytest.mark.parametrize("against", ["plain", pytest.param("optimal", marks=pytest.mark.slow)])
def test_a_tampered_record_is_found_and_is_no_decision(folders, tmp_path, change, against):
    """Even between two policies, before their first other choice; where the one taken out is just before a decision."""
    luck = random.Random(change)
    plain = Fingerprints(RecordedFeed(folders["plain"]))
    parted = first_difference(plain, Fingerprints(RecordedFeed(folders[against])))
    upto = plain.events if parted is None else parted.a["seq"]
    decided = rows_of(folders["plain"], ["PolicyDecided", "CommandGiven"])
    deeds = sorted(set(range(upto - 1)) - set(decided))
    before = [row for row in deeds if row + 1 in decided]
    for n, row in enumerate([*luck.sample(before, 2), *luck.sample(deeds, 2)]):
        statement, shows = changes(change)(row)
        other = Fingerprints(RecordedFeed(tampered(folders[against], tmp_path / f"t{n}", statement)))
        assert first_row_by_hand(plain, other) >= row
        found = first_difference(plain, other)
        assert found.row == first_row_by_hand(plain, other) <= shows + 1
        assert found.verdict == "incomparable", (row, found)


def test_a_tampered_choice_is_a_decision_at_its_place(folders, tmp_path):
    plain = Fingerprints(RecordedFeed(folders["plain"]))
    row = rows_of(folders["plain"], ["PolicyDecided"])[60]
    other = tampered(folders["plain"], tmp_path / "c", f"UPDATE events SET choice = 'elsewhere' WHERE seq = {row}")
    found = first_difference(plain, Fingerprints(RecordedFeed(other)))
    assert (found.verdict, found.row, found.b["choice"]) == ("decision", row, "elsewhere")


def test_who_decided_and_with_what_score_is_no_difference(folders, tmp_path):
    other = tampered(
        folders["plain"], tmp_path / "p",
        "UPDATE events SET policy = 'mine', candidates = 99, score = 1.5 WHERE kind = 'PolicyDecided'",
    )  # fmt: skip
    plain, mine = (Fingerprints(RecordedFeed(folder)) for folder in (folders["plain"], other))
    assert first_difference(plain, mine) is None
    assert len(different_decisions(plain, mine)) == 0


@pytest.mark.parametrize(
    ("changed", "verdict"), [("units = 77", "incomparable"), ("location = 'main/A01'", "decision")]
)
def test_a_tour_of_another_policy_may_lead_elsewhere_but_not_to_other_units(folders, tmp_path, changed, verdict):
    """The tours are as long: only their stops tell that the ways are not the same."""
    row = rows_of(folders["plain"], ["LinePicked"])[3]
    other = tampered(
        folders["plain"], tmp_path / "w", "UPDATE events SET policy = 'mine' WHERE kind = 'PolicyDecided'",
        f"UPDATE events SET {changed} WHERE seq = {row}",
    )  # fmt: skip
    plain = Fingerprints(RecordedFeed(folders["plain"]))
    found = first_difference(plain, Fingerprints(RecordedFeed(other)))
    assert (found.row, found.verdict) == (row, verdict)
    if verdict == "decision":
        task = plain.feed.records(row, row)[0]["tour"]
        assert (found.a["family"], found.a["task"], found.b["policy"]) == ("routing", task, "mine")


def test_a_column_that_one_recording_does_not_have_is_as_empty(folders, tmp_path):
    other = tampered(folders["plain"], tmp_path / "n", "ALTER TABLE events ADD COLUMN serial VARCHAR")
    plain, more = (Fingerprints(RecordedFeed(folder)) for folder in (folders["plain"], other))
    assert first_difference(plain, more) is None
    other = tampered(other, tmp_path / "m", "UPDATE events SET serial = 'S1' WHERE seq = 40")
    assert first_difference(plain, Fingerprints(RecordedFeed(other))).row == 40


def test_the_next_one_comes_after_the_one_shown(run_of):
    listed = different_decisions(run_of("plain"), run_of("optimal"))
    shown, seen = listed.next_after(-1), []
    while shown is not None:
        seen.append(shown)
        shown = listed.next_after(int(listed.at_ms[shown]), shown)
    assert seen == list(range(len(listed)))
    assert len(listed) > 10
    assert listed.next_after(int(listed.at_ms[5])) == next(
        (i for i, at in enumerate(listed.at_ms.tolist()) if at > listed.at_ms[5]), None
    )
