"""The gate from end to end: recorded, checked, refused, explained."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_days import SMALL, small
from typer.testing import CliRunner

from experiments.execution import InPlace
from experiments.gate.baseline import read_baselines, write_baselines
from experiments.gate.checking import Checked, check, looks_of
from experiments.gate.decision_record import Decision, beside, decisions_of, first_difference, read_decisions
from experiments.gate.history import add, draw, read
from experiments.gate.outputs import as_json, code_of, github_lines, junit, markdown, sentence
from experiments.gate.recording import Recipe, record
from experiments.gathering import Gathering
from experiments.replication import Replication, job_of
from experiments.statistics.verdicts import Metric, Verdict
from experiments.store import ResultStore
from twin.cli.main import app, main
from twin.domain.errors import DataError, SpecError

RUN = CliRunner()
BUSY = (*SMALL, "demand.generate.orders_per_day=400")
DAY = [word for s in BUSY for word in ("-o", s)]


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch, tmp_path):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A baseline of six small days, and the store they are in."""
    store = ResultStore(tmp_path_factory.mktemp("store"))
    with Gathering(store, InPlace) as gathering:
        recipe = Recipe(scenario="quickstart", design=small("quickstart"), overrides=SMALL)
        return record(recipe, range(1, 7), gathering, "a test"), store


def checked(recorded, design, **more) -> Checked:
    baseline, store = recorded
    with Gathering(store, InPlace) as gathering:
        return check(baseline, design, gathering, **more)


# recording


def test_what_is_undefined_on_every_seed_is_not_watched_by_default(recorded):
    """The small day ends before a truck leaves: nothing is shipped, so accuracy is undefined."""
    baseline, _ = recorded
    assert "order_picking_accuracy" not in baseline.metrics
    assert {"labour_hours", "order_processing_time_p95_s"} <= set(baseline.metrics)
    assert len(baseline.event_digest) == len(baseline.seeds) == 6


def calm(value: float, unfinished: float) -> list[Replication]:
    """Days that received 100 orders."""
    kpis = {
        "orders_received": 100,
        "orders_unfinished": unfinished,
        "throughput_lines_per_h": value,
        "labour_hours": 9.0,
    }
    return [
        Replication(seed=s, address=f"{value}{unfinished}{s}", result={"kpis": {**kpis, "labour_hours": 9.0 + s},
                    "digest": f"d{s}", "versions": {}})
        for s in (1, 2, 3)
    ]  # fmt: skip


class Hat(Gathering):
    def __init__(self, rows) -> None:
        super().__init__(ResultStore(Path("/nowhere")), InPlace)
        self.rows = rows

    def gather(self, wanted):
        return self.rows[: len(list(wanted))]


def test_it_warns_of_a_figure_that_cannot_move():
    recipe = Recipe(scenario="quickstart", design=small(), figures=("throughput_lines_per_h", "labour_hours"))
    follows = record(recipe, range(1, 4), Hat(calm(50.0, 0)), "x")
    assert any("only follows the orders that arrive" in w for w in follows.warnings)
    moves = record(recipe, range(1, 4), Hat(calm(50.0, 40)), "x")
    assert not any("only follows" in w for w in moves.warnings)
    assert any("50 on every seed" in w for w in moves.warnings)


def test_throughput_is_watched_by_default_only_where_it_can_move():
    recipe = Recipe(scenario="quickstart", design=small())
    assert "throughput_lines_per_h" not in record(recipe, range(1, 4), Hat(calm(50.0, 0)), "x").metrics
    assert "throughput_lines_per_h" in record(recipe, range(1, 4), Hat(calm(50.0, 40)), "x").metrics


def test_a_file_reads_back_as_it_was_written_and_diffs_line_by_line(recorded, tmp_path):
    baseline, _ = recorded
    file = tmp_path / "b.json"
    write_baselines(file, [baseline])
    text = file.read_text()
    assert text.endswith("}\n") and text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"
    assert read_baselines(file) == [(file, baseline)]


def test_several_scenarios_share_a_file_or_a_folder(recorded, tmp_path):
    one = recorded[0]
    two = replace(one, scenario="demo_after")
    write_baselines(tmp_path / "all.json", [one, two])
    assert [b.name for _, b in read_baselines(tmp_path / "all.json")] == ["demo_after", "quickstart"]
    write_baselines(tmp_path / "folder", [one, two])
    assert [f.name for f, _ in read_baselines(tmp_path / "folder")] == ["demo_after.json", "quickstart.json"]


@pytest.mark.parametrize(
    ("change", "told"),
    [(lambda s: s[:300], "no JSON"),
     (lambda s: s.replace('"schema_version": 1', '"schema_version": 9'), "schema_version 1"),
     (lambda s: s.replace('"seeds"', '"sedes"'), "not a baseline"),
     (lambda s: s.replace('"policies": {}', '"policies": {"routing": "os:system"}'), "names code")],
)  # fmt: skip
def test_a_damaged_file_is_a_sentence(recorded, tmp_path, change, told):
    file = tmp_path / "b.json"
    write_baselines(file, [recorded[0]])
    file.write_text(change(file.read_text()))
    with pytest.raises(DataError, match=told):
        read_baselines(file)


# checking


def test_the_same_code_passes_by_its_digests(recorded):
    found = checked(recorded, small())
    assert (found.tier, found.n, set(found.outcomes)) == (0, 6, {"equivalent"})


def test_slower_hands_regress_and_the_code_is_1(recorded):
    """The scenario bears the change, so the hash is told to be the baseline's: as if the code had become slower."""
    slow = small("slow", "equipment.walking_speed_m_per_s=0.9", "methods.handling.search_s=9")
    baseline, store = recorded
    as_code = replace(slow.loaded, sha256=baseline.scenario_sha256)
    found = checked((baseline, ResultStore(Path("elsewhere"))), replace(slow, loaded=as_code))
    by_name = {v.metric.name: v for v in found.verdicts}
    assert by_name["labour_hours"].outcome == "regressed"
    assert (found.tier, code_of([found])) == (1, 1)
    assert "margin" in sentence(by_name["labour_hours"])
    assert store is not None


def test_another_scenario_is_not_comparable(recorded):
    found = checked(recorded, small("x", "workforce.pickers.count=3"))
    assert set(found.outcomes) == {"not_comparable"}
    assert (found.n, code_of([found])) == (0, 3)


def test_a_figure_that_is_defined_otherwise_is_not_comparable(recorded):
    baseline, store = recorded
    metrics = dict(baseline.metrics)
    metrics["labour_hours"] = replace(metrics["labour_hours"], definition=1)
    found = checked((replace(baseline, metrics=metrics), store), small())
    assert {v.metric.name: v.outcome for v in found.verdicts}["labour_hours"] == "not_comparable"
    assert code_of([found]) == 3


def test_a_run_that_fails_is_errored_and_the_code_is_2(recorded, tmp_path):
    (tmp_path / "failing_rule.py").write_text(
        "class Failing:\n    def __call__(self, snapshot):\n        raise RuntimeError('no')\n"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        found = checked(recorded, replace(small(), policies={"routing": "failing_rule:Failing"}))
    finally:
        sys.path.remove(str(tmp_path))
    assert set(found.outcomes) == {"errored"} and code_of([found]) == 2


def test_looks_are_planned_by_what_is_recorded():
    assert [looks_of(n) for n in (5, 10, 20, 30, 40)] == [(5,), (10,), (10, 20), (10, 20, 30), (10, 20, 40)]


def made_up(n: int, shift: float, spread: float) -> tuple[list[Replication], list[float]]:
    """n days whose labour hours moved by a share, with a spread of the difference that alternates."""
    base = [100.0 + s for s in range(n)]
    rows = [
        Replication(
            seed=s + 1, address=f"{shift}{s}", result={
                "kpis": {"labour_hours": b * (1 + shift) + spread * (1 if s % 2 else -1)}, "digest": f"x{s}",
                "versions": {},
            },
        )
        for s, b in enumerate(base)
    ]  # fmt: skip
    return rows, base


def looking(recorded, shift: float, spread: float, **more) -> Checked:
    rows, base = made_up(40, shift, spread)
    baseline = replace(
        recorded[0], seeds=tuple(range(1, 41)), event_digest=("y",) * 40,
        metrics={"labour_hours": replace(recorded[0].metrics["labour_hours"], values=tuple(base))},
    )  # fmt: skip

    class Row(Hat):
        def gather(self, wanted):
            return [rows[seed - 1] for _, seed in wanted]

    return check(baseline, small(), Row(rows), **more)


def test_it_takes_more_replications_only_while_it_cannot_tell(recorded):
    assert looking(recorded, 0.0, 0.1).n == 10
    unclear = looking(recorded, 0.009, 1.5)
    assert (unclear.n, unclear.outcomes) == (40, ["inconclusive"])
    assert unclear.verdicts[0].pairs_needed > 40 and "replications would decide" in sentence(unclear.verdicts[0])
    assert looking(recorded, 0.03, 1.0).outcomes == ["regressed"]


def test_the_budget_ends_a_search_for_certainty(recorded):
    now = iter([0.0, 60.0, 120.0])
    found = looking(recorded, 0.009, 1.5, max_s=90, clock=lambda: next(now))
    assert (found.n, found.outcomes) == (10, ["inconclusive"])
    assert "out of time" in found.notes[0]


def test_nightly_runs_every_seed(recorded):
    assert looking(recorded, 0.0, 0.1, every_seed=True).n == 40


# the first decision that differs


def test_the_first_decision_that_differs_is_named():
    day = small()
    before = decisions_of(job_of(day.loaded, 1))
    now = decisions_of(job_of(small("x", "policies.batching=first_come").loaded, 1))
    found = first_difference(before, now)
    assert found is not None and before[: found.place] == now[: found.place]
    assert "batching=first_come" in found.sentence()
    assert first_difference(before, list(before)) is None


def test_decisions_in_words():
    one = Decision(3_600_000, "main", "routing", "s_shape", "task=T1", "a b")
    other = replace(one, choice="b a")
    assert first_difference([one], [other]).sentence() == (
        "decision 1, 1.000 h: routing=s_shape about task=T1 chose b a, in the baseline a b"
    )
    assert "decided nothing more" in first_difference([], [one]).sentence()
    assert "nothing more is decided" in first_difference([one], []).sentence()


# what it says


def regressed(name: str = "labour_hours", outcome: str = "regressed") -> Verdict:
    from experiments.statistics.intervals import Interval

    return Verdict(
        metric=Metric(name=name, better="lower", margin_relative=0.01, unit="h"), outcome=outcome, n=10,  # type: ignore[arg-type]
        baseline_mean=100.0, new_mean=103.0, difference=Interval(3.0, 2.5, 3.5, 0.9, 10), margin=1.0,
    )  # fmt: skip


def told(recorded, *verdicts: Verdict) -> Checked:
    return Checked(baseline=recorded[0], verdicts=verdicts, tier=1, n=10, looks=(10,))


def test_junit_has_a_case_for_each_metric(recorded):
    found = told(
        recorded, regressed(), regressed("a", "errored"), regressed("b", "inconclusive"), regressed("c", "equivalent")
    )
    suite = ElementTree.fromstring(junit([found])).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "1")
    kinds = {case.get("name"): [child.tag for child in case if child.tag != "properties"] for case in suite}
    assert kinds == {"labour_hours": ["failure"], "a": ["error"], "b": ["failure"], "c": []}
    assert suite[0].find("failure").get("type") == "regressed"


def test_github_lines_are_escaped_and_the_worst_come_first(recorded, tmp_path):
    file = tmp_path / "b,1.json"
    write_baselines(file, [recorded[0]])
    lines = github_lines(
        [told(recorded, regressed("order_processing_time_p95_s", "inconclusive"), regressed())],
        {"quickstart": file}, {"quickstart": "50 % of\nit"},
    )  # fmt: skip
    assert lines[0].startswith("::error file=") and "labour_hours regressed" in lines[0]
    assert "b%2C1.json" in lines[0] and "50 %25 of%0Ait" in lines[0]
    assert ",line=1," not in lines[0]
    many = [told(recorded, *[regressed(f"m{i}") for i in range(25)])]
    assert len(github_lines(many, {}, {})) == 10
    assert "and 16 more" in github_lines(many, {}, {})[-1]


def test_the_summary_stays_below_github_s_limit(recorded):
    text = markdown([told(recorded, *[regressed(f"m{i}") for i in range(9000)])], {})
    assert len(text.encode()) < 1024 * 1024


def test_json_holds_estimate_interval_and_margin(recorded):
    said = as_json([told(recorded, regressed())], {"quickstart": "x"})
    metric = said["scenarios"][0]["metrics"][0]
    assert (metric["difference"], metric["low"], metric["high"], metric["margin"]) == (3.0, 2.5, 3.5, 1.0)
    assert (said["exit_code"], said["scenarios"][0]["first_decision"]) == (1, "x")


def test_history_keeps_one_line_per_commit_and_draws_it(recorded, tmp_path):
    path = tmp_path / "h.jsonl"
    add(path, [told(recorded, regressed(outcome="equivalent"))], "aaa")
    add(path, [told(recorded, regressed())], "bbb")
    add(path, [told(recorded, regressed())], "bbb")
    assert [row["commit"] for row in read(path)] == ["aaa", "bbb"]
    draw(tmp_path / "h.png", read(path))
    assert (tmp_path / "h.png").read_bytes()[:4] == b"\x89PNG"
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(DataError, match=":3:"):
        read(path)


# the commands


def test_record_check_update_by_command(tmp_path, monkeypatch):
    words = ["gate", "record", "quickstart", *DAY, "-n", "5", "--baseline", "b.json", "--workers", "1"]
    assert RUN.invoke(app, words).exit_code == 0
    file = Path("b.json")
    assert beside(file).is_file() and read_decisions(beside(file), "quickstart")
    assert RUN.invoke(app, ["gate", "check", "--baseline", "b.json", "--workers", "1"]).exit_code == 0
    worse = RUN.invoke(
        app, ["gate", "check", "--baseline", "b.json", "--workers", "1", "--policy", "batching=one_by_one", "--json",
              "--junit", "j.xml", "--history", "h.jsonl", "--format", "github"],
    )  # fmt: skip
    assert worse.exit_code == 1, worse.output
    said = json.loads(worse.stdout)
    assert "batching=one_by_one" in said["scenarios"][0]["first_decision"]
    assert "::error file=b.json" in worse.stderr
    assert Path("j.xml").is_file() and Path("h.jsonl").is_file()
    lenient = [
        "gate",
        "check",
        "--baseline",
        "b.json",
        "--workers",
        "1",
        "--policy",
        "batching=one_by_one",
        "--exit-zero",
    ]
    assert RUN.invoke(app, lenient).exit_code == 0
    before = file.read_bytes()
    assert isinstance(RUN.invoke(app, words).exception, SpecError), "a baseline that is there is not overwritten"
    monkeypatch.setenv("CI", "true")
    for refused in (["gate", "update", "--reason", "x", "--baseline", "b.json"], [*words[:-4], "--baseline", "c.json"]):
        found = RUN.invoke(app, refused)
        assert isinstance(found.exception, SpecError) and "refused in CI" in str(found.exception)
    assert file.read_bytes() == before and not Path("c.json").exists()
    monkeypatch.setenv("CI", "false")
    assert isinstance(RUN.invoke(app, ["gate", "update", "--reason", " ", "--baseline", "b.json"]).exception, SpecError)
    again = RUN.invoke(app, ["gate", "update", "--reason", "a better rule", "--baseline", "b.json", "--workers", "1"])
    assert again.exit_code == 0, again.output
    assert json.loads(file.read_text())["reason"] == "a better rule"


def test_a_first_check_says_how_to_record_and_writes_nothing(tmp_path):
    found = RUN.invoke(app, ["gate", "check", "--baseline", "none.json"])
    assert found.exit_code == 3
    assert "twin gate record" in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_step_summary_is_written(recorded, tmp_path, monkeypatch):
    write_baselines(Path("b.json"), [recorded[0]])
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert RUN.invoke(app, ["gate", "check", "--baseline", "b.json", "--workers", "1"]).exit_code == 0
    assert "## Throughput gate" in (tmp_path / "summary.md").read_text()


def test_a_scenario_that_is_gone_is_an_error_of_its_own(recorded, monkeypatch, capsys):
    write_baselines(Path("b.json"), [replace(recorded[0], scenario="gone.yaml")])
    monkeypatch.setattr(sys, "argv", ["twin", "gate", "check", "--baseline", "b.json"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "no file 'gone.yaml'" in capsys.readouterr().err


# the pytest fixture

SUITE = """
import pytest

DAY = {day!r}

def test_as_it_was(twin_gate):
    assert twin_gate("quickstart", overrides=DAY, replications=5).tier == 0

@pytest.mark.twin_margins(labour_hours="1%")
def test_one_by_one(twin_gate):
    twin_gate("quickstart", policy={{"batching": "one_by_one"}}, overrides=DAY)

def test_one_by_one_with_room(twin_gate):
    twin_gate("quickstart", policy={{"batching": "one_by_one"}}, overrides=DAY,
              margin={{"labour_hours": "900%", "order_processing_time_p95_s": "900%"}})
"""

pytest_plugins = ["pytester"]


@pytest.mark.slow
def test_the_fixture_and_the_command_say_the_same(pytester, monkeypatch):
    pytester.makepyfile(SUITE.format(day=list(BUSY)))
    missing = pytester.runpytest_subprocess("-k", "as_it_was")
    missing.stdout.fnmatch_lines(["*no baseline yet; pytest --twin-update records it*"])
    pytester.runpytest_subprocess("--twin-update", "-k", "as_it_was").assert_outcomes(passed=1)
    found = pytester.runpytest_subprocess()
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines(["*order_processing_time_p95_s: regressed*"])
    by_command = RUN.invoke(
        app, ["gate", "check", "--baseline", str(pytester.path / "baselines"), "--workers", "1", "--json",
              "--policy", "batching=one_by_one"],
    )  # fmt: skip
    outcomes = {m["metric"]: m["outcome"] for m in json.loads(by_command.stdout)["scenarios"][0]["metrics"]}
    assert outcomes["order_processing_time_p95_s"] == "regressed"
    for metric, outcome in outcomes.items():
        found.stdout.fnmatch_lines([f"*{metric}: {outcome}*"])
    monkeypatch.setenv("CI", "1")
    refused = pytester.runpytest_subprocess("--twin-update", "-k", "as_it_was")
    refused.stdout.fnmatch_lines(["*refused in CI*"])
