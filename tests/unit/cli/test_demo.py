"""The demo's page: both arms, their paired differences, pictures inside, nothing fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from twin.cli.demo_command import demo_command

SMALL = ["demand.generate.orders_per_day=80", "horizon_h=6"]


def test_the_page_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo_command(tmp_path, quickstart=False, json=True, seeds=2, overrides=SMALL)
    answer = json.loads(capsys.readouterr().out)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 3
    assert not re.search(r'(src|href)="http', page)
    row = next(r for r in answer["figures"] if r["name"] == "travel_m_per_line")
    assert row["n"] == 2 and row["low"] <= row["difference"] <= row["high"]
    assert f">{row['verdict']} <" in page
    assert "methods.picking" in page and "policies.slotting" in page
    assert "demand" not in {key.split(".")[0] for key in re.findall(r"<tr><td><code>([a-z_.]+)</code>", page)} - {
        "demand"
    }


def test_the_quickstart_ends_with_a_picture_and_three_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo_command(tmp_path, quickstart=True, json=False, overrides=SMALL)
    said = capsys.readouterr().out
    picture = tmp_path / "day.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and str(picture) in said
    assert len(re.findall(r"^  \S*twin ", said, flags=re.MULTILINE)) == 3
