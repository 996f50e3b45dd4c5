"""Mistakes in a user's files: where they stand, what was expected, what was got; all of them in one error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from twin.domain.errors import SpecError

Path = tuple[str | int, ...]
"""Keys and list places from the top of a document down to one node."""


class Mark(NamedTuple):
    """A place in a file, from 1. Line 0: the whole file, or a value given on the command line."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One sentence about one key."""

    mark: Mark
    key: str
    sentence: str


def dotted(path: Path) -> str:
    """The path as it is written behind `-o`."""
    return ".".join(str(part) for part in path)


def report(mistakes: Iterable[Mistake]) -> str:
    """All mistakes by file, each on its line; in the order in which they stand."""
    files: dict[str, list[Mistake]] = {}
    for mistake in sorted(set(mistakes)):
        files.setdefault(mistake.mark.file, []).append(mistake)
    blocks = []
    for file, found in files.items():
        place_width = max(len(_place(m.mark)) for m in found)
        key_width = min(48, max(len(m.key) for m in found))
        lines = [f"{file}: {len(found)} fault{'s' if len(found) > 1 else ''}"]
        for m in found:
            parts = [_place(m.mark).ljust(place_width)] if place_width else []
            parts += [m.key.ljust(key_width)] if key_width else []
            lines.append("  " + "   ".join([*parts, m.sentence]).rstrip())
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def _place(mark: Mark) -> str:
    return f"{mark.line}:{mark.column}" if mark.line else ""


class MistakesError(SpecError):
    """The one error that tells them all."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return report(self.mistakes)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    names = {name.lower(): name for name in sorted(known, reverse=True)}
    found = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def unknown(word: str, known: Sequence[str], what: str = "unknown") -> str:
    """`unknown; did you mean speed_m_per_s?`, or the names that there are."""
    meant = nearest(word, known)
    if meant is not None:
        return f"{what}; did you mean {meant}?"
    if not known:
        return f"{what}; there are none here"
    shown = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return f"{what}; known here: {shown}"


def shown(value: object) -> str:
    """A value as the user wrote it, short enough for a line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:56]}...{text[-1]}"
