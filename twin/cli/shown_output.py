"""What the documents show of a command's output: read it, compare it, measure it again.

An excerpt is an indented block under `<!-- printed by: twin ... -->`. `python -m twin.cli.shown_output` runs the
commands again and writes the lines as they are printed now; `--check` only says which pages are old.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from twin.domain.errors import SpecError

EXCERPT = re.compile(r"(<!-- printed by: (twin .*?) -->\n\n)((?: {4}.*\n)+)")
_STROKES = str.maketrans("│┃", "  ")

Printed = Callable[[str], str]
"""The output of a command line."""


def words_of(line: str) -> str:
    """A line without the strokes of tables and without runs of blanks."""
    return " ".join(line.translate(_STROKES).split())


def excerpts(text: str) -> list[tuple[str, list[str]]]:
    """(command, the lines shown) of each excerpt of a page."""
    return [(m[2], [line[4:] for line in m[3].splitlines()]) for m in EXCERPT.finditer(text)]


def measured_again(text: str, printed: Printed) -> str:
    """The page with each shown line as it is printed now: the same line, else the one with the same first word."""

    def block(found: re.Match[str]) -> str:
        now = printed(found[2]).splitlines()
        by_words = {words_of(line): line for line in reversed(now)}
        by_first = {words.split()[0]: line for words, line in reversed(by_words.items()) if words}
        lines = []
        for shown in found[3].splitlines():
            words = words_of(shown)
            line = by_words.get(words) or by_first.get(words.split()[0])
            if line is None:
                raise SpecError(f"{found[2]}: prints no line that begins as: {words}")
            lines.append(f"    {line.rstrip()}\n")
        return found[1] + "".join(lines)

    return EXCERPT.sub(block, text)


def main() -> int:
    """0 when the pages are current or written, 1 when `--check` finds an old one."""
    root = Path(__file__).resolve().parents[2]
    known: dict[str, str] = {}
    old = []
    with tempfile.TemporaryDirectory() as scratch:

        def printed(command: str) -> str:
            if command not in known:
                print(command, file=sys.stderr)
                words = [sys.executable, "-m", "twin.cli.main", *shlex.split(command)[1:]]
                known[command] = subprocess.run(words, cwd=scratch, capture_output=True, text=True, check=True).stdout
            return known[command]

        for page in [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]:
            text = page.read_text(encoding="utf-8")
            again = measured_again(text, printed)
            if again != text:
                old.append(page.name)
                if "--check" not in sys.argv:
                    page.write_text(again, encoding="utf-8")
    print(f"{'old' if '--check' in sys.argv else 'written'}: {', '.join(old) or 'none'}")
    return 1 if old and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
