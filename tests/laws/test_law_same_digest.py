"""Law 8: the same inputs give the same digest, whoever looks on and however the run is stepped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from twin.run.commands import command_of
from twin.run.running import run_scenario
from twin.session import Session
from twin.spec.loading import load_scenario

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
        command_of({"action": "add_workers", "role": "picker", "count": 2, "at_ms": 3 * 1_234_567}),
        command_of({"action": "block_aisle", "aisle": "A03", "duration_s": 600, "at_ms": 3 * 1_234_567}),
    ]
    assert run_scenario(loaded, commands=given).digest == live.digest
    assert live.commands == 2
