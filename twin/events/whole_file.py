"""Files that a command writes: there in full or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from twin.domain.errors import JournalError
from twin.events.parquet import first_line


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write what is to be `path`: beside it, renamed when all went well. JournalError if it cannot be written.

    The place ends as the path does: programs read from it what kind of file is wanted.
    """
    part = path.with_name(f".part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise JournalError(f"{path} could not be written: {first_line(error)}") from None
    finally:
        with suppress(OSError):  # it has its name; or there is none, and none can be
            part.unlink()
