"""Events as JSON lines, for pipes and people: `{column: value}`, nulls left out, ids as names."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from twin.domain.errors import JournalError
from twin.events.catalogue import KINDS
from twin.events.chunk import Chunk, Column
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, TEXTS
from twin.events.parquet import first_line

_ORDER = {name: place for place, name in enumerate(COLUMNS)}


class JsonLines:
    """A sink that writes each event as one line, to a file or, for `-`, to standard output."""

    def __init__(self, target: str | Path) -> None:
        self.target = str(target)
        self._own = self.target != "-"
        self._named = self.target if self._own else "standard output"
        if not self._own and sys.stdout is None:
            raise JournalError("events could not be written to standard output: it is closed")
        try:
            self._out: TextIO = open(self.target, "w", encoding="utf-8") if self._own else sys.stdout  # noqa: SIM115
        except OSError as cause:
            raise JournalError(f"{self.target} could not be opened: {first_line(cause)}") from cause

    def fold(self, chunk: Chunk, /) -> None:
        """Write the events of a chunk, in order."""
        try:
            self._out.writelines(lines_of(chunk))
        except OSError as cause:
            raise JournalError(f"events could not be written to {self._named}: {first_line(cause)}") from cause

    def close(self) -> None:
        """Write what is still in hand."""
        try:
            self._out.flush()
            if self._own:
                self._out.close()
        except OSError as cause:
            raise JournalError(f"events could not be written to {self._named}: {first_line(cause)}") from cause


def lines_of(chunk: Chunk) -> list[str]:
    """One line of JSON, with its line end, per event."""
    table = chunk.names.table
    lines = [""] * chunk.size
    for code in np.unique(chunk.columns["kind"]).tolist():
        kind = KINDS[table[code]]
        rows = chunk.rows(kind.name)
        fields = sorted((f for f in kind.fields if f in chunk.columns and f != "at_ms"), key=_ORDER.__getitem__)
        values = [_plain(f, chunk.columns[f][rows], table) for f in fields]
        seqs = (rows + chunk.first_seq).tolist()
        times = chunk.columns["at_ms"][rows].tolist()
        for place, row in enumerate(rows.tolist()):
            event: dict[str, Any] = {"at_ms": times[place], "seq": seqs[place], "kind": kind.name, "side": kind.side}
            for field, column in zip(fields, values, strict=True):
                value = column[place]
                if value is not None:
                    event[field] = value
            lines[row] = json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
    return lines


def _plain(name: str, values: Column, table: Sequence[str]) -> list[Any]:
    some: list[Any] = values.tolist()
    if name in NAMES:
        return [None if v == MISSING else table[v] for v in some]
    if name in FLOATS:
        return [None if v != v else v for v in some]
    return some if name in TEXTS else [None if v == MISSING else v for v in some]
