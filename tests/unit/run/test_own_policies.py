"""A policy of one's own: by the command line, by an entry point, as a Python object; never because a file names it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.domain.errors import JournalError, PolicyError, SpecError, TwinError
from twin.policies import named as named_module
from twin.policies.batching import BatchingSnapshot, FirstCome
from twin.policies.named import named, reference
from twin.run.foreign import foreign
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

HOURS = ["-o", "horizon_h=2"]
ROUTER = '''
from dataclasses import dataclass
from twin.policies.routing import Optimal, Tour
from twin.policies.shape import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The shortest tour, said twice."""

    rules: Rules = Rules()

    def __call__(self, snapshot):
        return Optimal(rules=self.rules)(snapshot)


def plain(snapshot):
    return Optimal()(snapshot)


class Bare:
    def __call__(self, snapshot):
        return Optimal()(snapshot)


NUMBER = 7


class Wrong:
    def __call__(self, snapshot):
        return "left, then right"


class WrongParts:
    def __call__(self, snapshot):
        return Tour(stops=("left", "right"), length_mm="far", exact=False)
'''


@pytest.fixture
def my_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a user's module, in which the command is given."""
    (tmp_path / "my_rules.py").write_text(ROUTER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "my_rules", raising=False)
    return tmp_path


def twin(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_line_names_a_class_or_a_function_and_the_source_is_on_record(my_folder: Path) -> None:
    said = json.loads(twin("run", "quickstart", *HOURS, "--policy", "routing=my_rules:Mine", "--json", "--out", "one"))
    assert said["policies"]["routing"] == "my_rules:Mine"
    assert said["policies_given"] == {"routing": "my_rules:Mine"}
    assert said["policy_sources"]["routing"].startswith("source:")
    other = json.loads(twin("run", "quickstart", *HOURS, "--policy", "routing=my_rules:plain", "--json"))
    ours = json.loads(twin("run", "quickstart", *HOURS, "--policy", "routing=optimal", "--json"))
    assert other["kpis"] == ours["kpis"] == said["kpis"]
    # a run folder never makes code load
    with pytest.raises(JournalError, match="give it again"):
        CliRunner().invoke(app, ["verify", "one"], catch_exceptions=False)
    assert "the same" in twin("verify", "one", "--policy", "routing=my_rules:Mine")


def test_a_scenario_file_never_names_code(my_folder: Path) -> None:
    (my_folder / "mine.yaml").write_text("extends: quickstart\nname: mine\npolicies: {routing: 'my_rules:Mine'}\n")
    with pytest.raises(TwinError, match="unknown policy"):
        load_scenario(my_folder / "mine.yaml")
    assert "my_rules" not in sys.modules


def test_the_python_argument_takes_an_object(my_folder: Path) -> None:
    sys.path.insert(0, str(my_folder))
    import my_rules  # type: ignore[import-not-found]

    result = run_scenario(load_scenario("quickstart", ["horizon_h=1"]), policies={"routing": my_rules.Mine()})
    assert result.policies["routing"] == "my_rules:Mine"
    assert result.policies_given == {"routing": "my_rules:Mine"}


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("routing=no_such_module:Router", "cannot be imported"),
        ("routing=my_rules:Nothing", "it has Bare, Mine"),
        ("routing=json:JSONDecoder", r"no __call__"),
        ("sourcing=my_rules:Mine", "unknown family|no flow that asks it"),
    ],
)
def test_what_cannot_be_used_is_told(my_folder: Path, target: str, fault: str) -> None:
    with pytest.raises(TwinError, match=fault):
        CliRunner().invoke(app, ["run", "quickstart", *HOURS, "--policy", target], catch_exceptions=False)


def test_a_wrong_answer_is_a_sentence(my_folder: Path) -> None:
    with pytest.raises(PolicyError, match="Tour is needed, got str"):
        CliRunner().invoke(
            app, ["run", "quickstart", *HOURS, "--policy", "routing=my_rules:Wrong"], catch_exceptions=False
        )


def test_an_answer_of_wrong_parts_is_a_sentence(my_folder: Path) -> None:
    with pytest.raises(PolicyError, match=r"routing=my_rules:WrongParts at .*: Tour\.stops"):
        CliRunner().invoke(
            app, ["run", "quickstart", *HOURS, "--policy", "routing=my_rules:WrongParts"], catch_exceptions=False
        )


@pytest.mark.parametrize("rule", ["cart_max_lines", "cart_max_kg"])
def test_the_book_looks_at_all_limits_of_the_cart(rule: str) -> None:
    def overfull(snapshot: BatchingSnapshot) -> Any:
        return FirstCome()(replace(snapshot, max_lines=0, max_mass_kg=inf))

    loaded = load_scenario("quickstart", ["horizon_h=2", f"equipment.{rule}=3"])
    with pytest.raises(PolicyError, match=r"a batch fits the cart: .*, at most 3"):
        run_scenario(loaded, policies={"batching": overfull})


def test_the_book_gives_each_order_of_a_tour_a_cart_position_of_its_own() -> None:
    def heaped(snapshot: BatchingSnapshot) -> Any:
        found = FirstCome()(snapshot)
        return replace(found, put_to=tuple([(order, 0) for order, _ in found.put_to]))

    with pytest.raises(PolicyError, match="a cart position of its own"):
        run_scenario(load_scenario("quickstart", ["horizon_h=2"]), policies={"batching": heaped})


def test_a_policy_that_ends_the_interpreter_has_failed_like_any_other() -> None:
    def ends(snapshot: BatchingSnapshot) -> Any:
        raise SystemExit(3)

    with pytest.raises(PolicyError, match=r"batching=.* failed on its snapshot at .* ms: SystemExit: 3"):
        run_scenario(load_scenario("quickstart", ["horizon_h=2"]), policies={"batching": ends})


def test_rules_of_the_scenario_reach_the_class(my_folder: Path) -> None:
    found = foreign("routing", "my_rules:Mine", {"candidates_max": 7})
    assert found.candidates_max == 7
    assert found.ref.rules_digest != foreign("routing", "my_rules:Mine").ref.rules_digest
    with pytest.raises(PolicyError, match="candidate_max: unknown"):
        foreign("routing", "my_rules:Mine", {"candidate_max": 7})


@pytest.fixture
def package(my_folder: Path) -> Iterator[Callable[[str], None]]:
    """Installs a package with these entry points."""
    info = my_folder / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    sys.path.insert(0, str(my_folder))

    def install(points: str) -> None:
        (info / "entry_points.txt").write_text(f"[twin.policies]\n{points}\n")
        named_module.installed.cache_clear()

    yield install
    named_module.installed.cache_clear()
    named_module.LOADED.clear()


def test_an_installed_package_adds_names_that_files_may_use(my_folder: Path, package: Callable[[str], None]) -> None:
    package("routing.twice_said = my_rules:Mine")
    policy = named("routing", "twice_said")
    assert reference(policy, "routing").name == "twice_said"
    (my_folder / "mine.yaml").write_text("extends: quickstart\nname: mine\npolicies: {routing: twice_said}\n")
    result = run_scenario(load_scenario(my_folder / "mine.yaml", ["horizon_h=1"]), out=my_folder / "run")
    assert result.policies["routing"] == "twice_said"
    assert result.policy_sources["routing"].startswith("source:")
    assert "twice_said" in twin("policy", "list")
    twin("verify", "run")
    twin("policy", "check", "routing=twice_said", "--snapshots", "20")


def test_functions_and_classes_without_rules_are_installed_too(my_folder: Path, package: Callable[[str], None]) -> None:
    package("routing.plain = my_rules:plain\nrouting.bare = my_rules:Bare")
    for name in ("plain", "bare"):
        result = run_scenario(load_scenario("quickstart", ["horizon_h=1", f"policies.routing={name}"]))
        assert result.policies["routing"] == name
    with pytest.raises(PolicyError, match="Bare takes no rules"):
        named("routing", "bare", {"candidates_max": 3})


def test_what_a_package_offers_wrongly_is_told_and_spoils_nothing_else(
    my_folder: Path, package: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    package(
        "routing.gone = no_such_module:Mine\nrouting.nameless = my_rules:Nobody\nrouting.number = my_rules:NUMBER\n"
        "nodot = my_rules:Mine\nroting.mine = my_rules:Mine\nrouting.optimal = my_rules:Mine\n"
        "routing.good = my_rules:Mine"
    )
    for name, fault in (("gone", "mine 1.0.*cannot be loaded: ModuleNotFound"), ("nameless", "cannot be loaded: Attr")):
        with pytest.raises(TwinError, match=fault):
            run_scenario(load_scenario("quickstart", ["horizon_h=1", f"policies.routing={name}"]))
    with pytest.raises(PolicyError, match="int cannot be called"):
        named("routing", "number")
    told = CliRunner().invoke(app, ["policy", "list"], catch_exceptions=False)
    assert told.exit_code == 0 and "  good " in told.stdout and "cannot be loaded" in told.stdout
    assert told.stderr.count("is left out") == 3
    assert type(named("routing", "optimal")).__module__ == "twin.policies.routing.optimal"


def test_an_installed_rule_that_answers_wrong_parts_is_a_sentence(
    my_folder: Path, package: Callable[[str], None]
) -> None:
    package("routing.wrong = my_rules:WrongParts")
    with pytest.raises(PolicyError, match=r"routing=wrong at .*: Tour\.stops"):
        run_scenario(load_scenario("quickstart", ["horizon_h=2", "policies.routing=wrong"]))


def test_a_table_of_cases(my_folder: Path) -> None:
    text = """
policy: allocation=fefo
defaults: {stock: {units: 10}, line: {units: 4}}
cases:
  - name: the oldest date first
    given:
      line: {}
      stock:
        - {stock: new, expires_on_day: 30}
        - {stock: old, expires_on_day: 10}
        - {stock: held, expires_on_day: 5, status: blocked}
    expect: {reservations: [{stock: old, units: 4}], rejected: [{subject: held, code: status}]}
  - name: a customer who wants fresh goods
    given:
      line: {min_days_left: 20}
      deliver_on_day: 1
      stock: [{stock: new, expires_on_day: 30}, {stock: old, expires_on_day: 10}]
    expect: {reservations: [{stock: new}], rejected: [{subject: old, code: shelf_life}]}
"""
    (my_folder / "cases.yaml").write_text(text)
    assert "2 cases, 0 failed" in twin("policy", "test", "cases.yaml", "--junit", "junit.xml")
    assert 'failures="0"' in (my_folder / "junit.xml").read_text()
    result = CliRunner().invoke(
        app, ["policy", "test", "cases.yaml", "--policy", "allocation=lefo", "--junit", "j.xml"]
    )
    assert result.exit_code == 1
    assert "expected 'old', got 'new'" in result.stdout
    assert 'failures="1"' in (my_folder / "j.xml").read_text()
    (my_folder / "bad.yaml").write_text("cases: [{policy: allocation=fefo, given: {lin: 1}, expect: {}}, {expct: 1}]")
    with pytest.raises(SpecError) as told:
        CliRunner().invoke(app, ["policy", "test", "bad.yaml"], catch_exceptions=False)
    assert "did you mean line?" in str(told.value) and "did you mean expect?" in str(told.value)


def test_one_question_with_its_reasons(my_folder: Path) -> None:
    asked = {
        "worker": "w", "tasks": [
            {"task": "far", "latest_start_ms": 5}, {"task": "near", "latest_start_ms": 9},
            {"task": "no", "needs": ["fork"]},
        ], "travel_ms": [50, 10, 0],
    }  # fmt: skip
    (my_folder / "asked.json").write_text(json.dumps(asked))
    found: dict[str, Any] = json.loads(twin("decide", "dispatch=nearest", "asked.json", "--why", "--json"))
    assert found["decision"]["task"] == "near"
    assert found["rejected"] == [{"subject": "no", "code": "skill", "detail": ""}]
    assert [row["subject"] for row in found["keys"]] == ["near", "far"]
    assert found["broken_laws"] == []
    assert "near" in twin("decide", "dispatch=nearest", "asked.json", "--why")
    shown = json.loads(twin("policy", "show", "fefo", "--json"))
    assert shown["family"] == "allocation" and shown["rules"]["expired"] == "refuse"
    assert "AllocationSnapshot" in twin("policy", "show", "allocation")
    with pytest.raises(PolicyError, match="several families"):
        CliRunner().invoke(app, ["policy", "show", "nearest"], catch_exceptions=False)
    with pytest.raises(PolicyError, match="did you mean fefo"):
        CliRunner().invoke(app, ["policy", "show", "feffo"], catch_exceptions=False)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("policy: routing=my_rules:Mine\ncases: [{given: {}, expect: {}}]", "--policy routing=my_rules:Mine"),
        ("cases: [{policy: 'routing=http://127.0.0.1:9/x', given: {}, expect: {}}]", "never loaded from a file"),
        ("policy: allocation=fefo\ncases: []", "nothing would be tried"),
        ("policy: allocation=fefo\nrules: [1]\ncases: [{given: {}, expect: {}}]", "rules: a mapping is needed"),
        ("policy: allocation=fefo\ncases: [{rules: x, given: {}, expect: {}}]", r"cases\[0\].rules: a mapping"),
    ],
)
def test_a_table_names_policies_and_never_makes_code_load(my_folder: Path, text: str, fault: str) -> None:
    (my_folder / "cases.yaml").write_text(text)
    with pytest.raises(SpecError, match=fault):
        CliRunner().invoke(app, ["policy", "test", "cases.yaml"], catch_exceptions=False)
    assert "my_rules" not in sys.modules


def test_a_table_says_which_policy_was_tried(my_folder: Path) -> None:
    text = "policy: routing=my_rules:Other\ncases: [{name: none, given: {stops: []}, expect: {stops: []}}]"
    (my_folder / "cases.yaml").write_text(text)
    tried = twin("policy", "test", "cases.yaml", "--policy", "routing=my_rules:Mine", "--junit", "j.xml")
    assert tried.startswith("passed  routing=my_rules:Mine: none")
    assert 'classname="routing.my_rules:Mine"' in (my_folder / "j.xml").read_text()


def test_the_sort_keys_shown_are_the_whole_keys(my_folder: Path) -> None:
    """The tier, expired stock and a long wait come before the rule's own key, and stand there."""
    stock = [
        {"stock": "reserve", "tier": 1, "units": 9, "received_at_ms": 1},
        {"stock": "face", "tier": 0, "units": 9, "received_at_ms": 2},
        {"stock": "late", "tier": 0, "units": 9, "received_at_ms": 0, "expires_on_day": 1},
    ]
    (my_folder / "stock.json").write_text(json.dumps({"line": {"units": 2}, "on_day": 5, "stock": stock}))
    asked = ["decide", "allocation=fifo", "stock.json", "--rule", "expired=last", "--why", "--json"]
    found: dict[str, Any] = json.loads(twin(*asked))
    assert [(row["subject"], row["key"][:3]) for row in found["keys"]] == [
        ("face", [False, 0, 2]), ("reserve", [False, 1, 1]), ("late", [True, 0, 0]),
    ]  # fmt: skip
    tasks = [{"task": "near", "created_at_ms": 9_000_000}, {"task": "waits", "created_at_ms": 0}]
    asked_of = {"worker": "w", "now_ms": 9_000_000, "tasks": tasks, "travel_ms": [0, 50]}
    (my_folder / "tasks.json").write_text(json.dumps(asked_of))
    found = json.loads(twin("decide", "dispatch=nearest", "tasks.json", "--why", "--json"))
    assert found["decision"]["task"] == "waits"
    assert [(row["subject"], row["key"][:2]) for row in found["keys"]] == [("waits", [False, 50]), ("near", [True, 0])]
