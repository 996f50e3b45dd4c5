"""Decisions of a recorded run: listed, turned into cases, put to another policy; the run is repeated for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.domain.errors import DataError, JournalError, SpecError
from twin.policies.named import ASKED
from twin.run.replay import Asked, again, recorded_run
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "morning"
    run_scenario(load_scenario("quickstart", ["horizon_h=3"]), out=folder)
    return folder


def twin(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    return result.exit_code, result.stdout


def test_decisions_are_listed_by_family(run: Path) -> None:
    code, text = twin("decisions", run, "--json", "--limit", 100000)
    rows = [json.loads(line) for line in text.splitlines()]
    assert code == 0
    assert {row["family"] for row in rows} <= set(ASKED) and len({row["family"] for row in rows}) > 5
    only = [json.loads(line) for line in twin("decisions", run, "--family", "batching", "--json")[1].splitlines()]
    assert only == [row for row in rows if row["family"] == "batching"][:1000]
    assert len(twin("decisions", run, "--limit", 5)[1].splitlines()) == 5


@pytest.mark.parametrize("family", ["allocation", "batching", "routing", "dispatch", "promising"])
def test_a_real_decision_becomes_a_case_that_holds(run: Path, family: str, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in twin("decisions", run, "--family", family, "--json")[1].splitlines()]
    number = rows[len(rows) // 2]["seq"]
    case = tmp_path / "case.yaml"
    assert twin("decisions", run, "--id", number, "--export", case)[0] == 0
    code, text = twin("policy", "test", case)
    assert code == 0 and f"{family}=" in text
    name = rows[len(rows) // 2]["policy"]
    assert twin("decide", f"{family}={name}", case, "--why")[0] == 0
    case.write_text("policy: x\ncases: [{}, {}]\n")
    with pytest.raises(SpecError, match="one case is one question, got 2"):
        twin("decide", f"{family}={name}", case)


def test_a_number_that_is_no_decision_is_told(run: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no decision has the number 0"):
        twin("decisions", run, "--id", 0, "--export", tmp_path / "x.yaml")
    with pytest.raises(SpecError, match="--id N"):
        twin("decisions", run, "--export", tmp_path / "x.yaml")


def test_shadow_says_where_and_how_much_another_policy_differs(run: Path) -> None:
    code, text = twin("shadow", run, "--policy", "routing=optimal", "--json")
    found = json.loads(text)
    assert code == 1
    assert found["asked"] > 20 and 0 < found["different"] == sum(found["where"].values()) < found["asked"]
    assert found["figures"]["length_mm"]["new"] < found["figures"]["length_mm"]["old"]
    first = found["first_difference"]
    assert first["old"] != first["new"] and first["snapshot"]["stops"]
    name = found["old"]
    code, text = twin("shadow", run, "--policy", f"routing={name}", "--json")
    assert code == 0 and json.loads(text)["different"] == 0


def test_a_tap_hears_every_question_and_a_changed_folder_is_not_believed(run: Path, tmp_path: Path) -> None:
    heard: list[Asked] = []
    recorded = recorded_run(run)
    again(recorded, heard.append)
    assert len({asked.ref.family for asked in heard}) > 5
    assert [a.from_seq for a in heard] == sorted(a.from_seq for a in heard)
    recorded.result["digest"] = "sha256:0"
    with pytest.raises(JournalError, match="cannot be told"):
        again(recorded, heard.append, frozenset())
    with pytest.raises(JournalError, match="is not a run folder"):
        recorded_run(tmp_path / "nothing")


def test_a_ledger_is_a_source_too(run: Path, tmp_path: Path) -> None:
    from twin.policies.snapshots import to_json

    ledger = tmp_path / "ledger.jsonl"
    with ledger.open("w") as out:

        def heard(asked: Asked) -> None:
            row = {
                "policy": to_json(asked.ref),
                "snapshot": to_json(asked.snapshot),
                "decision": to_json(asked.decision),
            }
            out.write(json.dumps(row) + "\n")

        again(recorded_run(run), heard, frozenset({"routing"}))
    direct = json.loads(twin("shadow", run, "--policy", "routing=optimal", "--json")[1])
    _, text = twin("shadow", ledger, "--policy", "routing=optimal", "--json")
    found = json.loads(text)
    assert (found["asked"], found["different"], found["figures"]) == (
        direct["asked"], direct["different"], direct["figures"],
    )  # fmt: skip
    with pytest.raises(DataError, match="holds no decision of putaway"):
        twin("shadow", ledger, "--policy", "putaway=closest_open")
    ledger.write_text("{\n")
    with pytest.raises(DataError, match=r"ledger\.jsonl:1: no JSON"):
        twin("shadow", ledger, "--policy", "routing=optimal")
    ledger.write_text('{"policy": 3}\n')
    with pytest.raises(DataError, match="holds no decision of routing"):
        twin("shadow", ledger, "--policy", "routing=optimal")
    ledger.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="no ledger"):
        twin("shadow", ledger, "--policy", "routing=optimal")


def test_who_claims_more_does_not_decide_otherwise(run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same stops, the same way: that one tour is said to be proven is no difference."""
    (tmp_path / "claiming_rules.py").write_text(
        "from dataclasses import replace\nfrom twin.policies.routing import LargestGap\n\n\n"
        "def claiming(s):\n    return replace(LargestGap()(s), exact=True)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    code, text = twin("shadow", run, "--policy", "routing=claiming_rules:claiming", "--json")
    assert code == 0 and json.loads(text)["different"] == 0
