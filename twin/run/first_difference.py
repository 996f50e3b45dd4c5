"""Where two recorded runs part: the first event, the first decision, and the settings that are not the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from twin.events.chunk import Chunk, blank
from twin.events.columns import MISSING, NOT_IN_DIGEST
from twin.events.json_lines import lines_of
from twin.events.names import Names
from twin.events.reading import read_chunks, read_events

SUBJECT = ("order", "line", "task", "worker", "location", "handling_unit", "trailer", "wave")
_DECISION = ("seq", "at_ms", "site", "family", "policy", "choice", "candidates", "score", "units", *SUBJECT)
_COMPARED = ("at_ms", "site", "family", "choice", "score", "units", *SUBJECT)
"""What makes two decisions the same. Not the policy's name: two policies may decide alike. Of a tour the way counts."""


def first_event(a: Path, b: Path) -> dict[str, Any] | None:
    """The first event that is not the same in what the digest covers: its number and both forms; None: all are."""
    names = Names()
    ones, others = read_chunks(a, names), read_chunks(b, names)
    while True:
        one, other = next(ones, None), next(others, None)
        if one is None or other is None:
            if one is other:
                return None
            left = one or other
            assert left is not None
            return _both(left.first_seq, one, other, 0)
        size = min(one.size, other.size)
        differs = np.zeros(size, dtype=np.bool_)
        for column in {*one.columns, *other.columns} - NOT_IN_DIGEST:
            differs |= _values(one, column)[:size] != _values(other, column)[:size]
        if differs.any() or one.size != other.size:
            at = int(np.flatnonzero(differs)[0]) if differs.any() else size
            return _both(one.first_seq + at, one, other, at)


def _values(chunk: Chunk, column: str) -> Any:
    return chunk.columns.get(column, blank(column, chunk.size))


def _both(seq: int, one: Chunk | None, other: Chunk | None, at: int) -> dict[str, Any]:
    def row(chunk: Chunk | None) -> Any:
        if chunk is None or at >= chunk.size:
            return None
        return json.loads(next(iter(lines_of(chunk[at : at + 1]))))

    return {"seq": seq, "a": row(one), "b": row(other)}


def first_decision(a: Path, b: Path) -> dict[str, Any] | None:
    """The first decision, in the order in which they were taken, that is not the same in both runs.

    `a` and `b`: what each run decided there (None: it took no more). `again_in_b`: how run B decided the same question,
    by family and subject, if it came to it later.
    """
    one, other = _decisions(a), _decisions(b)
    size = min(len(one["seq"]), len(other["seq"]))
    differs = np.zeros(size, dtype=np.bool_)
    for column in _COMPARED:
        x, y = one[column][:size], other[column][:size]
        unlike = x != y
        if column == "score":
            unlike &= ~(np.isnan(x) & np.isnan(y))
        differs |= unlike.astype(np.bool_)
    if not differs.any() and len(one["seq"]) == len(other["seq"]):
        return None
    at = int(np.flatnonzero(differs)[0]) if differs.any() else size
    row_a, row_b = _row(one, at), _row(other, at)
    again = None
    if row_a is not None and (row_b is None or _question(row_a) != _question(row_b)):
        again = next((r for r in _rows(other, at) if _question(r) == _question(row_a)), None)
    return {"same_before": at, "a": row_a, "b": row_b, "again_in_b": again}


def _decisions(folder: Path) -> dict[str, Any]:
    return dict(read_events(folder, _DECISION, ["PolicyDecided"]).columns)


def _row(columns: dict[str, Any], at: int) -> dict[str, Any] | None:
    if at >= len(columns["seq"]):
        return None
    row = {name: values[at] for name, values in columns.items()}
    there = {name: v for name, v in row.items() if v is not None and v != MISSING and v == v}  # NaN is not itself
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in there.items()}


def _rows(columns: dict[str, Any], start: int) -> Iterator[dict[str, Any]]:
    for at in range(start, len(columns["seq"])):
        row = _row(columns, at)
        assert row is not None
        yield row


def _question(row: dict[str, Any]) -> tuple[Any, ...]:
    """Family and subject. Where the answer is the subject (a location, a trailer's door), what remains of it."""
    return (row["family"], *(row.get(name) for name in SUBJECT if row.get(name) != row.get("choice")))


def settings_that_differ(a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
    """Keys of two resolved scenarios that are not the same, dotted; None where one has none."""
    one, other = dict(_flat(a, "")), dict(_flat(b, ""))
    keys = [key for key in dict.fromkeys([*one, *other]) if one.get(key) != other.get(key)]
    return [{"key": key, "a": one.get(key), "b": other.get(key)} for key in keys if key not in ("name", "description")]


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            named = path == "policies" and isinstance(inner, str)  # a name alone is a policy with its own rules
            yield from _flat({"name": inner} if named else inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value
