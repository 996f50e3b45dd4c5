"""A recording read in stretches, kinds of like columns together: the facts are those of the records, name by name."""

from __future__ import annotations

import numpy as np
import pytest

from twin.events.columns import MISSING, NAMES
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.feed import WANTED
from visualizer.stored import recorded
from visualizer.stored.recorded import RecordedFeed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stretches") / "run"
    run_scenario(load_scenario("policy_day", ["horizon_h=3"]), out=folder)
    return folder


def told(feed: RecordedFeed) -> dict[int, dict[str, object]]:
    """All wanted facts by row, names as text."""
    found: dict[int, dict[str, object]] = {}
    expected = 0
    for batch in feed.read():
        assert batch.first_seq == expected
        expected += len(batch.at_ms)
        for kind, columns in batch.facts.items():
            for i, row in enumerate(columns["row"].tolist()):
                assert row not in found
                found[row] = {"kind": kind, "at_ms": int(batch.at_ms[row - batch.first_seq])}
                for column in WANTED[kind]:
                    value = int(columns[column][i])
                    if value != MISSING:
                        found[row][column] = batch.names.name(value) if column in NAMES else value
    return found


def asked(feed: RecordedFeed) -> dict[int, dict[str, object]]:
    """The same out of the records themselves."""
    return {
        r["seq"]: {k: v for k, v in r.items() if k in ("kind", "at_ms", *WANTED[r["kind"]])}
        for r in feed.records(0, feed.events - 1, list(WANTED))
    }


@pytest.mark.parametrize(("first", "then"), [(500_000, 5_000_000), (100, 700), (7000, 3000)])
def test_facts_are_those_of_the_records(folder, monkeypatch, first, then):
    monkeypatch.setattr(recorded, "FIRST_EVENTS", first)
    monkeypatch.setattr(recorded, "STRETCH_EVENTS", then)
    feed = RecordedFeed(folder)
    facts = told(feed)
    assert len(facts) > 5000
    assert facts == asked(feed)


def test_a_place_that_no_table_names_is_known_all_the_same(folder):
    feed = RecordedFeed(folder)
    expected = asked(feed)
    whole = feed.tables["locations"]["location"]
    feed.tables["locations"] = {"location": whole[::3]}
    assert told(feed) == expected
    assert set(whole) > set(whole[::3])


class Shuffled:
    """An answer of the database whose rows come in no order, as two threads may leave them."""

    def __init__(self, answer) -> None:
        self.answer = answer

    def __getattr__(self, name):
        return getattr(self.answer, name)

    def fetchnumpy(self):
        columns = self.answer.fetchnumpy()
        rows = np.random.default_rng(4).permutation(len(next(iter(columns.values()))))
        return {name: values[rows] for name, values in columns.items()}


def test_rows_are_in_order_whatever_order_the_database_hands_them_out_in(folder, monkeypatch):
    plain, mixed = RecordedFeed(folder), RecordedFeed(folder)
    run = RecordedFeed._run
    monkeypatch.setattr(mixed, "_run", lambda sql, values: Shuffled(run(mixed, sql, values)))
    for one, other in zip(plain.read(), mixed.read(), strict=True):
        assert one.at_ms.tolist() == other.at_ms.tolist()
        assert one.kinds.tolist() == other.kinds.tolist()
        assert list(one.facts) == list(other.facts)
        for kind, columns in one.facts.items():
            for name, values in columns.items():
                assert values.tolist() == other.facts[kind][name].tolist(), (kind, name)
    for kind in ("LinePicked", "BreakStarted"):
        one, other = (feed.columns(kind, ("worker", "units", "duration_ms")) for feed in (plain, mixed))
        assert {n: v.tolist() for n, v in one.items()} == {n: v.tolist() for n, v in other.items()}
