"""The table of keys as a page: `python -m visualizer.controlling.key_table docs/visualizer.md` writes it there."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from visualizer.controlling.keys import BINDINGS, Binding
from visualizer.words import say

BEGINS, ENDS = "<!-- keys -->", "<!-- /keys -->"


def keys_as_markdown() -> str:
    """A table for each group, in the order of the table in code."""
    order = list(dict.fromkeys(binding.group for binding in BINDINGS))
    found: list[str] = []
    for group, bindings in groupby(sorted(BINDINGS, key=lambda b: order.index(b.group)), key=lambda b: b.group):
        found += ["", f"| {say(f'group.{group}', 'en')} | |", "|---|---|"]
        found += [f"| {_asked(b)} | {say(f'help.{b.action}', 'en')} |" for b in bindings]
    return "\n".join([*found, ""])


def _asked(binding: Binding) -> str:
    if binding.mouse:
        return say(binding.mouse, "en")
    return ", ".join(f"`{chord}`" for chord in binding.chords)


def written_into(page: str) -> str:
    """The page with the table between its two marks. ValueError without the marks."""
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError(f"the page has no {BEGINS} ... {ENDS}")
    return f"{before}{BEGINS}\n{keys_as_markdown()}\n{ENDS}{after}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(written_into(path.read_text(encoding="utf-8")), encoding="utf-8")
