"""The one order, fact by fact, as it was. Against ourselves: a change shows what it changes; it proves nothing else.

After a change that is meant: `TWIN_GOLDEN=write pytest tests/golden`, and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

HERE = Path(__file__).parent


@pytest.mark.golden
@pytest.mark.parametrize("method", ["barcode", "paper"])
def test_the_facts_are_the_same_byte_for_byte(method: str, tmp_path: Path) -> None:
    golden, now = HERE / f"one_order_{method}.jsonl", tmp_path / "now.jsonl"
    run_scenario(load_scenario("one_order", [f"methods.picking={method}"]), events=now)
    if os.environ.get("TWIN_GOLDEN") == "write":
        golden.write_bytes(now.read_bytes())
    assert now.read_text(encoding="utf-8").splitlines() == golden.read_text(encoding="utf-8").splitlines()
