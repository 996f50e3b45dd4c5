"""The journal: sealed chunks on disk, in groups while the run goes, as one file when it is done.

    RUN/events/00000.parquet ...   about 33,000 events each, written aside and renamed: a killed run is readable to its
                                   last group
    RUN/events.parquet             all events of a finished run, ids as text; the groups are gone

A sink like any other: it reads chunks and frees them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.chunk import Chunk, Column, blank, narrow, wide
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, TEXTS

GROUP_EVENTS = 1 << 15
"""Waiting and being written, events take room for as long as a group is; twice as many take twice as much."""
GROUP_ROWS_TOGETHER = 16384
"""Rows of a row group in a group of events, which is to take little room while it is written, and is merged later."""
LIVE_GROUP_S = 30.0

EVENTS_FILE = "events.parquet"
GROUPS_FOLDER = "events"


class JournalWriter:
    """Writes the events of a run into `folder`; `every_s` writes a group at least that often in a live run.

    Raises JournalError when the disk refuses, saying what can still be read.
    """

    def __init__(self, folder: Path, *, group_events: int = GROUP_EVENTS, every_s: float | None = None) -> None:
        self.folder = folder
        self.group_events = group_events
        self.every_s = every_s
        self.written = 0
        self._groups: list[Path] = []
        self._spoken_of: set[str] = set()
        self._chunks: list[Chunk] = []
        self._waiting = 0
        self._written_at_s = time.monotonic()
        self._con: Any = None

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events; write a group when enough have come together."""
        slim = {name: narrow(v) if v.dtype == np.int64 else v for name, v in chunk.columns.items()}
        self._chunks.append(Chunk(chunk.first_seq, chunk.size, slim, chunk.names))
        self._waiting += chunk.size
        late = self.every_s is not None and time.monotonic() - self._written_at_s >= self.every_s
        if late or self._waiting >= self.group_events:
            self.write_group()

    def write_group(self) -> None:
        """Write what waits as a group of its own."""
        if not self._chunks:
            return
        folder = self.folder / GROUPS_FOLDER
        path = folder / f"{len(self._groups):05d}.parquet"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise self._stuck(JournalError(f"{folder} could not be made: {parquet.first_line(cause)}")) from cause
        self._write(path, GROUP_ROWS_TOGETHER, COLUMNS)
        self._groups.append(path)

    def finish(self) -> None:
        """The run is done: all events into one file."""
        try:
            if not self._groups:
                self._write(self.folder / EVENTS_FILE)
            else:
                self.write_group()
                self._merge()
        finally:
            self._close()

    def stop(self) -> None:
        """The run was broken off: keep what came, in groups, so that readers see it is not whole."""
        try:
            self.write_group()
        finally:
            self._close()

    def rest(self) -> None:
        """Give back what writing holds: nothing comes for a while."""
        self._close()

    def _write(self, path: Path, rows_together: int = parquet.ROWS_TOGETHER, empty: Sequence[str] = ()) -> None:
        columns = self._columns() if self._chunks else _NO_EVENTS
        self._spoken_of |= columns.keys()
        try:
            parquet.write(path, columns, con=self._connection(), rows_together=rows_together, empty=empty)
        except JournalError as fault:
            raise self._stuck(fault) from fault
        self.written += self._waiting
        self._chunks, self._waiting = [], 0
        self._written_at_s = time.monotonic()

    def _merge(self) -> None:
        """Groups have all columns, so that their files are read one after the other and none is kept in mind."""
        files = f"read_parquet([{', '.join(map(parquet.quoted, self._groups))}])"
        columns = ", ".join(f'"{name}"' for name in COLUMNS if name in self._spoken_of)
        try:
            parquet.copy(self._connection(), f"SELECT {columns} FROM {files}", self.folder / EVENTS_FILE)
        except JournalError as fault:
            raise self._stuck(fault) from fault
        for path in self._groups:
            path.unlink(missing_ok=True)
        folder = self.folder / GROUPS_FOLDER
        if not any(folder.iterdir()):
            folder.rmdir()

    def _columns(self) -> dict[str, Column]:
        """What waits as columns, names as text. One column at a time, so that little memory is held twice."""
        chunks = self._chunks
        text = _Text(chunks)
        columns: dict[str, Column] = {}
        for name in COLUMNS:
            if name == "seq":
                columns[name] = np.concatenate([chunk.seq for chunk in chunks])
            elif any(name in chunk.columns for chunk in chunks):
                parts = [c.columns[name] if name in c.columns else blank(name, c.size) for c in chunks]
                values = np.concatenate(parts) if name in (*FLOATS, *TEXTS) else wide(parts)
                columns[name] = text.of(values) if name in NAMES else values
        return columns

    def _connection(self) -> Any:
        if self._con is None:
            self._con = parquet.connect()
        return self._con

    def _close(self) -> None:
        if self._con is not None:
            self._con.close()
            self._con = None

    def _stuck(self, fault: JournalError) -> JournalError:
        if self.written == 0:
            return JournalError(f"{fault}; no event of this run is on disk yet")
        return JournalError(f"{fault}; events 0 to {self.written - 1} are readable in {self.folder}")


_NO_EVENTS: dict[str, Column] = {
    name: np.empty(0, dtype=object if name in NAMES else np.int64) for name in ("at_ms", "seq", "kind", "side")
}


class _Text:
    """The names that some chunks speak of, as text by code."""

    def __init__(self, chunks: list[Chunk]) -> None:
        names = chunks[0].names
        spoken_of = np.zeros(len(names), dtype=np.bool_)
        for chunk in chunks:
            for name, codes in chunk.columns.items():
                if name in NAMES:
                    spoken_of[codes[codes >= 0]] = True
        there = np.flatnonzero(spoken_of)
        self._row = np.zeros(len(names), dtype=np.int32)
        self._row[there] = np.arange(len(there))
        self._texts = np.empty(len(there), dtype=object)
        self._texts[:] = names.texts(there)

    def of(self, codes: Column) -> Column:
        """A column of codes as text, None where missing."""
        text = np.full(len(codes), None, dtype=object)
        there = np.flatnonzero(codes != MISSING)
        text[there] = self._texts[self._row[codes[there]]]
        return text
