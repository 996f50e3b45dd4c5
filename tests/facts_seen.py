"""A sink for tests: facts of some kinds as they come, by name."""

from __future__ import annotations

from typing import Any

from twin.events.chunk import Chunk
from twin.events.columns import MISSING, NAMES


class FactsSeen:
    """`seen[kind]`: one mapping per fact, in order, of the columns that hold a value."""

    def __init__(self, *kinds: str) -> None:
        self.seen: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next facts."""
        for kind, facts in self.seen.items():
            rows = chunk.rows(kind)
            if not len(rows):
                continue
            columns = {}
            for name, values in chunk.columns.items():
                if name not in ("kind", "score", "detail"):
                    there = values[rows].tolist()
                    columns[name] = [chunk.names.name(v) for v in there] if name in NAMES else there
            columns["seq"] = chunk.seq[rows].tolist()
            facts += [
                {name: values[i] for name, values in columns.items() if values[i] not in (None, MISSING)}
                for i in range(len(rows))
            ]

    def __getitem__(self, kind: str) -> list[dict[str, Any]]:
        return self.seen[kind]
