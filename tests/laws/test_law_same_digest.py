"""Law 8: the same inputs give the same digest, whoever looks on and however the run is stepped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from twin.run.commands import command_of
from twin.run.running import Run, run_scenario
from twin.session import Session
from twin.spec.loading import load_scenario
from twin.spec.yaml_text import write as as_yaml

DAY = ["demand.generate.orders_per_day=120", "horizon_h=6"]
CODE = f"""
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
print(run_scenario(load_scenario("quickstart", {DAY!r})).digest)
"""


@pytest.fixture(scope="module")
def digest() -> str:
    return run_scenario(load_scenario("quickstart", DAY)).digest


@pytest.mark.parametrize("hash_seed", ["0", "1", "2"])
def test_under_any_hash_seed(digest: str, hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == digest


def test_with_and_without_observers_journal_and_lines(digest: str, tmp_path: Path) -> None:
    loaded = load_scenario("quickstart", DAY)
    assert run_scenario(loaded, observers=False).digest == digest
    watched = run_scenario(loaded, out=tmp_path / "run", events=tmp_path / "events.jsonl")
    assert watched.digest == digest
    assert watched.events == len((tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines())


def test_another_seed_is_another_day(digest: str) -> None:
    assert run_scenario(load_scenario("quickstart", DAY), seed=2).digest != digest


def test_a_stepped_session_with_commands_is_the_run_with_the_same_commands(tmp_path: Path) -> None:
    loaded = load_scenario("quickstart", DAY)
    session = Session(loaded)
    at = 0
    while at < session.horizon_ms:
        at += 1_234_567
        session.advance(at)
        if at == 3 * 1_234_567:
            assert session.give({"action": "add_workers", "role": "picker", "count": 2}) is None
            assert session.give({"action": "block_aisle", "aisle": "A03", "duration_s": 600}) is None
    live = session.finish()
    given = [
        command_of({"action": "add_workers", "role": "picker", "count": 2, "at_ms": 3 * 1_234_567 + 1}),
        command_of({"action": "block_aisle", "aisle": "A03", "duration_s": 600, "at_ms": 3 * 1_234_567 + 1}),
    ]
    assert run_scenario(loaded, commands=given).digest == live.digest
    assert live.commands == 2


def test_a_scenario_written_in_another_order_is_the_same_scenario(digest: str, tmp_path: Path) -> None:
    loaded = load_scenario("quickstart", DAY)
    turned = yaml.safe_dump(_backwards(yaml.safe_load(as_yaml(loaded.resolved))), sort_keys=False)
    (tmp_path / "turned.yaml").write_text(turned)
    again = load_scenario(tmp_path / "turned.yaml")
    assert again.sha256 == loaded.sha256
    assert run_scenario(again).digest == digest


def _backwards(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _backwards(value[key]) for key in reversed(value)}
    return [_backwards(x) for x in value] if isinstance(value, list) else value


def test_a_look_inside_changes_nothing(digest: str) -> None:
    """A tap on the decisions, a stepped clock and sealed chunks leave the digest."""
    run = Run(load_scenario("quickstart", DAY))
    seen: list[str] = []
    for desk in run.world.wms.sites.values():
        desk.r.decisions.tap = lambda ref, snapshot, decision: seen.append(ref.family)
    for step in range(1, 8):
        run.advance(step * 777_777)
        run.stream.seal()
    run.advance(run.premises.horizon_ms)
    assert run.finish().digest == digest
    assert len(set(seen)) > 7


@pytest.mark.e2e
@pytest.mark.parametrize("step_ms", [1, 333_333, 7_654_321])
def test_the_command_with_a_file_of_commands_is_the_session_that_gave_them(tmp_path: Path, step_ms: int) -> None:
    """The session steps a millisecond at a time around its commands, the command runs through."""
    given = [
        {"action": "add_workers", "role": "picker", "count": 1},
        {"action": "cancel_order", "order": "O000007"},
        {"action": "inject_fault", "kind": "wms_outage", "duration_s": 120},
        {"action": "block_aisle", "aisle": "A02", "duration_s": 300},
    ]
    session = Session(load_scenario("quickstart", DAY), out=tmp_path / "live")
    for number, command in enumerate(given):
        at = 3_000_000 + number * 1_111_111
        session.advance(at - 3 * step_ms if step_ms == 1 else at - at % step_ms)
        for t in range(at - 3, at + 1):
            session.advance(t)
        session.give(command)
    live = session.finish()
    folder = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-m", "twin.cli.main", "run", "quickstart", *(w for d in DAY for w in ("-o", d)), "--json",
         "--commands", str(tmp_path / "live" / "commands.jsonl"), "--out", str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["digest"] == live.digest
    assert (folder / "commands.jsonl").read_text() == (tmp_path / "live" / "commands.jsonl").read_text()
