"""The keys in the documentation are those of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from visualizer.controlling.key_table import BEGINS, ENDS, keys_as_markdown, written_into
from visualizer.controlling.keys import BINDINGS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "visualizer.md"


def test_the_page_shows_the_table_of_the_program() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written_into(page), "run: python -m visualizer.controlling.key_table docs/visualizer.md"


def test_every_binding_has_its_row() -> None:
    rows = [line for line in keys_as_markdown().splitlines() if line.startswith("| ") and not line.endswith("| |")]
    assert len(rows) == len(BINDINGS)
    assert "| `Space` | run, pause |" in rows and "| wheel | zoom at the pointer |" in rows


def test_a_page_without_marks_is_refused() -> None:
    assert written_into(f"a {BEGINS} old {ENDS} b").startswith("a <!-- keys -->\n")
    with pytest.raises(ValueError, match="has no"):
        written_into(f"a {BEGINS} b")
