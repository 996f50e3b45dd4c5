"""`twin bench run`: what it says of a run is counted, and its shares are parts of a whole."""

from __future__ import annotations

import json

import pytest

from twin.cli.bench_command import bench_run_command
from twin.events import stream
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

DAY = ["demand.generate.orders_per_day=40"]


def test_a_bench_counts_what_the_run_counts_and_leaves_it_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    sealed = stream.sealed
    bench_run_command("quickstart", DAY, json=True)
    found = json.loads(capsys.readouterr().out)
    run = run_scenario(load_scenario("quickstart", DAY))
    assert stream.sealed is sealed
    assert (found["digest"], found["events"], found["lines"]) == (run.digest, run.events, run.kpis["lines_shipped"])
    assert found["scheduled_events"] == run.scheduled_events
    families = found["policies"]["families"]
    assert families["allocation"]["asked"] >= run.kpis["lines_shipped"]
    parts = found["record"]["parts"]
    assert list(parts) == ["columns", "digest and observers", "log", "log at the end"]
    assert all(0 < share < 1 for share in parts.values())
    assert found["record"]["share"] == pytest.approx(sum(parts.values()), abs=3e-4)
    assert found["policies"]["share"] == pytest.approx(sum(f["share"] for f in families.values()), abs=1e-3)
    assert found["record"]["share"] + found["policies"]["share"] < 1


def test_the_table_says_which_aims_are_reached(capsys: pytest.CaptureFixture[str]) -> None:
    bench_run_command("quickstart", DAY, json=False)
    said = capsys.readouterr().out
    assert said.count("aim at most") == 5
    assert "scheduled events per order line" in said and "share of the record in it" in said
