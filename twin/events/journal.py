"""The journal: sealed chunks on disk, in groups while the run goes, as one file when it is done.

    RUN/events/00000.parquet ...   about 33,000 events each, written aside and renamed: a killed run is readable to its
                                   last group
    RUN/events.parquet             all events of a finished run, ids as text: the groups, one behind the other

A sink like any other: it reads chunks and frees them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from twin.domain.errors import JournalError
from twin.events import parquet
from twin.events.chunk import Chunk
from twin.events.columns import COLUMNS
from twin.events.one_file import write_as_one
from twin.events.waiting import Waiting, give_back

GROUP_EVENTS = 1 << 15
"""Waiting and being written, events take room for as long as a group is; twice as many take twice as much."""
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
        self.is_stuck = False
        """Whether the disk refused, and who called was told what can be read."""
        self._groups: list[Path] = []
        self._spoken_of: set[str] = set()
        self._waiting = Waiting()
        self._written_at_s = time.monotonic()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events; write a group when enough have come together."""
        self._waiting.add(chunk)
        late = self.every_s is not None and time.monotonic() - self._written_at_s >= self.every_s
        if late or self._waiting.size >= self.group_events:
            self.write_group()

    def write_group(self) -> None:
        """Write what waits as a group of its own, with all columns, so that the groups are alike."""
        if not self._waiting.size:
            return
        folder = self.folder / GROUPS_FOLDER
        path = folder / f"{len(self._groups):05d}.parquet"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise self._stuck(JournalError(f"{folder} could not be made: {parquet.first_line(cause)}")) from cause
        self._write(path, COLUMNS)
        self._groups.append(path)

    def finish(self) -> None:
        """The run is done: all events into one file, with the columns that hold a value."""
        if not self._groups:
            self._write(self.folder / EVENTS_FILE, self._waiting.spoken_of)
            return
        self.write_group()
        self._merge()
        for path in self._groups:
            path.unlink(missing_ok=True)
        folder = self.folder / GROUPS_FOLDER
        if not any(folder.iterdir()):
            folder.rmdir()

    def rest(self) -> None:
        """The run is over and its figures take room of their own: hold nothing that can be on disk."""
        if self._groups:
            self.write_group()

    def stop(self) -> None:
        """The run was broken off: keep what came, in groups, so that readers see it is not whole."""
        self.write_group()

    def _write(self, path: Path, columns: Iterable[str]) -> None:
        try:
            with parquet.aside(path) as part:
                part.write(self._waiting.packed(columns))
        except JournalError as fault:
            raise self._stuck(fault) from fault
        self.written += self._waiting.size
        self._spoken_of.update(self._waiting.spoken_of)
        self._waiting = Waiting()
        give_back()
        self._written_at_s = time.monotonic()

    def _merge(self) -> None:
        columns = [name for name in COLUMNS if name in self._spoken_of]
        path = self.folder / EVENTS_FILE
        try:
            if self.written < len(self._groups) * self.group_events // 2:
                self._pack_anew(path, columns)
            else:
                with parquet.aside(path) as part:
                    write_as_one(self._groups, part, columns)
        except JournalError as fault:
            raise self._stuck(fault) from fault
        except ValueError as cause:
            raise JournalError(f"{path} could not be written: {cause}") from cause

    def _pack_anew(self, path: Path, columns: list[str]) -> None:
        """Many small groups, of a live run, would leave as many small row groups."""
        files = parquet.rows_of(*self._groups)
        con = parquet.connect()
        try:
            parquet.copy(con, f"""SELECT {", ".join(f'"{name}"' for name in columns)} FROM {files}""", path)
        finally:
            con.close()

    @property
    def readable(self) -> str:
        """Up to where the journal can be read now, in words."""
        if self.written == 0:
            return "no event of this run is on disk yet"
        return f"events 0 to {self.written - 1} are readable in {self.folder}"

    def _stuck(self, fault: JournalError) -> JournalError:
        self.is_stuck = True
        return JournalError(f"{fault}; {self.readable}")
