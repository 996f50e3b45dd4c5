"""Reading a journal: finished or broken off, whole or by columns and kinds, as arrays or as chunks to fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.chunk import Chunk, Column, blank
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, NUMBERS, TEXTS
from twin.events.journal import EVENTS_FILE, GROUPS_FOLDER
from twin.events.names import Names
from twin.events.stream import CHUNK_EVENTS

_STRETCH_EVENTS = 24 * CHUNK_EVENTS


@dataclass(frozen=True, slots=True)
class Events:
    """Events as columns: whole numbers as int64 (null: MISSING), scores as float64 (NaN), names as text (None).

    `complete`: the run was finished; else these are the events up to its last group.
    """

    columns: dict[str, Column]
    complete: bool

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0


@dataclass(frozen=True, slots=True)
class Recording:
    """The event files of a run folder, in order."""

    folder: Path
    files: tuple[Path, ...]
    complete: bool

    def rows(self) -> str:
        """The files as an SQL table."""
        return parquet.rows_of(*self.files)


def recording(folder: Path) -> Recording:
    """The event files of a run. Raises JournalError if there are none."""
    whole = folder / EVENTS_FILE
    if whole.is_file():
        return Recording(folder, (whole,), True)
    groups = tuple(sorted((folder / GROUPS_FOLDER).glob("[0-9]*.parquet")))
    if not groups:
        raise JournalError(f"{folder} holds no events: neither {EVENTS_FILE} nor {GROUPS_FOLDER}/00000.parquet")
    lost = next((n for n, group in enumerate(groups) if int(group.stem) != n), None)
    if lost is not None:
        raise JournalError(f"{folder} cannot be read: {GROUPS_FOLDER}/{lost:05d}.parquet is missing among its events")
    return Recording(folder, groups, False)


def is_broken_off(folder: Path) -> bool:
    """Whether a run's events are there up to a group, and no further."""
    return not (folder / EVENTS_FILE).exists() and any((folder / GROUPS_FOLDER).glob("[0-9]*.parquet"))


def read_events(folder: Path, columns: Sequence[str] | None = None, kinds: Sequence[str] | None = None) -> Events:
    """Events in order; of all `columns` that hold a value, or of those named; of all kinds or of those named.

    A named column that holds nothing in this run comes back as nulls.
    """
    record = recording(folder)
    con = parquet.connect()
    try:
        there = columns_there(con, record)
        wanted = [c for c in COLUMNS if c in there] if columns is None else list(columns)
        unknown = sorted(set(wanted) - set(COLUMNS))
        if unknown:
            raise JournalError(f"{folder}: no such column: {', '.join(unknown)}; there are: {', '.join(COLUMNS)}")
        where = "" if kinds is None else f" WHERE kind IN ({', '.join(_text(k) for k in kinds) or 'NULL'})"
        return Events(_fetched(con, record, wanted, there, where), record.complete)
    finally:
        con.close()


def read_chunks(folder: Path, names: Names | None = None) -> Iterator[Chunk]:
    """The run as chunks to fold, as it was live."""
    record = recording(folder)
    table = Names() if names is None else names
    con = parquet.connect()
    try:
        there = columns_there(con, record)
        wanted = [c for c in COLUMNS if c in there]
        events, rows = con.execute(f"SELECT coalesce(max(seq) + 1, 0), count(*) FROM {record.rows()}").fetchall()[0]
        if events != rows:
            told = f"{rows:,} events, but the last is number {events - 1:,}: they were changed since"
            raise JournalError(f"{folder}: {told}")
        for start in range(0, events, _STRETCH_EVENTS):
            where = f" WHERE seq >= {start} AND seq < {start + _STRETCH_EVENTS}"
            stretch = _chunk(_fetched(con, record, wanted, there, where), start, table)
            for first in range(0, stretch.size, CHUNK_EVENTS):
                yield _without_empty(stretch[first : first + CHUNK_EVENTS])
    finally:
        con.close()


def columns_there(con: Any, record: Recording) -> set[str]:
    """The columns that the event files hold."""
    import duckdb

    try:
        return {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {record.rows()}").fetchall()}
    except duckdb.Error as cause:
        raise JournalError(f"{record.folder} cannot be read: {parquet.first_line(cause)}") from cause


def _fetched(con: Any, record: Recording, wanted: list[str], there: set[str], where: str) -> dict[str, Column]:
    import duckdb

    asked = [c for c in wanted if c in there] or ["seq"]
    chosen = ", ".join(f'coalesce("{c}", {MISSING}) AS "{c}"' if c in NUMBERS else f'"{c}"' for c in asked)
    try:
        found = con.execute(f"SELECT {chosen} FROM {record.rows()}{where}").fetchnumpy()
    except duckdb.Error as cause:
        raise JournalError(f"{record.folder} cannot be read: {parquet.first_line(cause)}") from cause
    size = len(found[asked[0]])
    columns: dict[str, Column] = {}
    for name in wanted:
        if name in there:
            columns[name] = parquet.plain(found[name])
        elif name in NAMES:
            columns[name] = np.full(size, None, dtype=object)
        else:
            columns[name] = blank(name, size)
    return columns


def _chunk(columns: dict[str, Column], first_seq: int, names: Names) -> Chunk:
    size = len(columns["at_ms"])
    coded = {
        name: np.fromiter(map(names.codes.__getitem__, values.tolist()), dtype=np.int64, count=size)
        if name in NAMES
        else values
        for name, values in columns.items()
        if name != "seq"
    }
    return Chunk(first_seq, size, coded, names)


def _without_empty(chunk: Chunk) -> Chunk:
    chunk.columns = {name: values for name, values in chunk.columns.items() if _holds_a_value(name, values)}
    return chunk


def _holds_a_value(name: str, values: Column) -> bool:
    if name in FLOATS:
        return not np.isnan(values).all()
    if name in TEXTS:
        return any(text is not None for text in values)
    return bool(values.max() != MISSING)


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
