"""What is kept for a whole run and seldom read: bytes in a nameless file of the run's folder, gone with the process."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple

from twin.domain.errors import JournalError
from twin.events.parquet import first_line


class Archived(NamedTuple):
    """Bytes in an archive."""

    archive: Archive
    at: int
    size: int

    def read(self) -> bytes:
        """The bytes again."""
        return self.archive.read(self.at, self.size)


class Archive:
    """Takes bytes and gives them back; the file is made with the first of them.

    Raises JournalError when the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[bytes] | None = None
        self.size = 0
        self._one_at_a_time = Lock()

    def put(self, data: bytes) -> Archived:
        """Keep bytes."""
        with self._one_at_a_time:
            try:
                if self._file is None:
                    self._file = tempfile.TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115
                    weakref.finalize(self, self._file.close)
                self._file.seek(self.size)
                rest = memoryview(data)
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError as cause:
                raise JournalError(f"{self.folder} takes no more of what a run keeps: {first_line(cause)}") from cause
            at, self.size = self.size, self.size + len(data)
        return Archived(self, at, len(data))

    def read(self, at: int, size: int) -> bytes:
        """Bytes from where they were put."""
        assert self._file is not None, "nothing was put here"
        try:
            with self._one_at_a_time:
                self._file.seek(at)
                data = self._file.read(size)
        except OSError as cause:
            raise JournalError(
                f"{self.folder} does not give back what a run keeps there: {first_line(cause)}"
            ) from cause
        if len(data) != size:
            raise JournalError(f"{self.folder} gave back {len(data)} of {size} bytes that a run keeps there")
        return data
