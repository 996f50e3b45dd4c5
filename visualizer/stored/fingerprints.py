"""Fingerprints of a recording: 64 bits of each event, and of each decision what was asked and what was answered.

Equal in two recordings where these are equal. They are taken by the database that reads the files, many at a time, and
mean nothing outside one process. A test holds them against the records one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.columns import COLUMNS, NAMES, NOT_IN_DIGEST
from visualizer.feed import Record
from visualizer.stored.growing import Array
from visualizer.stored.recorded import RecordedFeed

COMPARED: Final = tuple(c for c in COLUMNS if c not in NOT_IN_DIGEST | {"policy"})
"""What makes two events the same: not who decided, out of how many, nor with what score."""

SUBJECT: Final = ("order", "line", "task", "worker", "location", "handling_unit", "trailer", "wave")
_COMMANDED: Final = ("action", "worker", "order", "location", "equipment", "station", "carrier", "family")
_TOLD: Final = ("choice", "value", "duration_ms", "policy", "status")
_CAUSED: Final = ("kind", "order", "line", "units", "value", "due_ms", "door")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions of policies and commands of people, in order: `row` in the stream and fingerprints.

    question: family and subject. answer: the choice with its units, and what it caused at once: the orders of a batch,
    the length of a tour. manner: policy, candidates, score. by_hand: a command.
    """

    row: Array
    at_ms: Array
    question: Array
    answer: Array
    manner: Array
    by_hand: Array

    def __len__(self) -> int:
        return len(self.row)


class Fingerprints:
    """Of one recording. Has its own access to the files, so that it can be asked from a thread of its own."""

    def __init__(self, feed: RecordedFeed) -> None:
        self.feed = feed
        self.events = feed.events
        self._from = feed.recording.rows()
        self._con: Any = parquet.connect()
        self._there = {name for name, *_ in self._run(f"DESCRIBE SELECT * FROM {self._from}").fetchall()}

    def of_events(self, first_seq: int, last_seq: int) -> Array:
        """One for each event, both ends included; in order."""
        sql = f"SELECT {self._hash(COMPARED)} AS h FROM {self._from} WHERE seq >= {first_seq} AND seq <= {last_seq}"
        return np.asarray(self._run(sql).fetchnumpy()["h"])

    def decisions(self) -> Decisions:
        """Of all decisions and commands."""
        asked = ["family", *(f"nullif({self._of(c)}, {self._of('choice')})" for c in SUBJECT)]
        choice, manner = self._of("choice"), self._hash(("policy", "candidates", "score"))
        sql = f"""
            WITH caused AS (
                SELECT {self._of("cause")} AS root, bit_xor({self._hash(_CAUSED)}) AS deeds
                FROM {self._from} GROUP BY root
            )
            SELECT seq AS row, at_ms, false AS by_hand, {self._hash(asked, as_written=True)} AS question,
                hash({choice}, {self._of("units")}, coalesce(deeds, 0)) AS answer, {manner} AS manner
            FROM (SELECT * FROM {self._from} WHERE kind = 'PolicyDecided') d LEFT JOIN caused ON caused.root = d.seq
            UNION ALL
            SELECT seq, at_ms, true, {self._hash(("kind", *_COMMANDED))},
                {self._hash(_TOLD)}, 0
            FROM {self._from} WHERE kind = 'CommandGiven'
            ORDER BY 1
        """
        found = self._run(sql).fetchnumpy()
        return Decisions(**{name: np.asarray(values) for name, values in found.items()})

    def records(self, seqs: Sequence[int]) -> list[Record]:
        """Events by number, in the order of their numbers."""
        listed = ", ".join(str(int(seq)) for seq in seqs) or "NULL"
        cursor = self._run(f"SELECT * FROM {self._from} WHERE seq IN ({listed}) ORDER BY seq")
        names = [d[0] for d in cursor.description]
        return [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in cursor.fetchall()]

    def close(self) -> None:
        """Let go of the files."""
        self._con.close()

    def _of(self, column: str) -> str:
        """A column, null where this recording has none: fingerprints of nothing are the same everywhere."""
        if column in self._there:
            return f'"{column}"'
        return "NULL::VARCHAR" if column in NAMES else "NULL::BIGINT"

    def _hash(self, columns: Sequence[str], *, as_written: bool = False) -> str:
        return f"hash({', '.join(columns if as_written else map(self._of, columns))})"

    def _run(self, sql: str) -> Any:
        import duckdb

        try:
            return self._con.cursor().execute(sql)
        except duckdb.Error as cause:
            raise JournalError(f"{self.feed.folder} cannot be read: {parquet.first_line(cause)}") from cause
