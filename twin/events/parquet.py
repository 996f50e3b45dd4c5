"""Parquet through DuckDB, one thread, no pandas: columns in as arrays, files written aside and renamed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from twin.domain.errors import JournalError
from twin.events.columns import FLOATS, MISSING, NUMBERS

if TYPE_CHECKING:
    import duckdb

Arrays = Mapping[str, NDArray[Any]]


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that keeps the order of rows and to one core."""
    import duckdb

    con = duckdb.connect(config={"threads": 1, "preserve_insertion_order": True})
    con.execute("SET enable_progress_bar = false")  # it would go to stdout, into the JSON of a command
    con.execute("SET pandas_analyze_sample = 0")  # a column of objects is text: no need to look at a thousand of them
    return con


def quoted(path: Path) -> str:
    """A path as an SQL text: from the root, for DuckDB takes `~` and `x:` at the beginning to be other places."""
    return "'" + str(path.absolute()).replace("'", "''") + "'"


def rows_of(*files: Path) -> str:
    """Files one behind the other as an SQL table; what their folders are called, `policy=fefo`, is no column."""
    named = ", ".join(map(quoted, files))
    return f"read_parquet([{named}], union_by_name = true, hive_partitioning = false)"


_FORMAT = "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE"
"""Above a thousand different words a column of ids packs better as differences than as a dictionary."""
ROWS_TOGETHER = 30720
"""Rows of a row group, a quarter of DuckDB's own: writing takes less room, the file a few per cent more."""


def write(path: Path, columns: Arrays, *, con: Any = None) -> None:
    """Write columns of equal length as one file; MISSING, NaN and None become null.

    `path` is there in full or not at all. Raises JournalError if it cannot be written.
    """
    own = connect() if con is None else con
    own.register("given", dict(columns))
    try:
        copy(own, f"SELECT {', '.join(_selected(n, values) for n, values in columns.items())} FROM given", path)
    finally:
        own.unregister("given")
        if con is None:
            own.close()


def copy(con: Any, query: str, path: Path) -> None:
    """Write what a query yields, aside first, then under its name."""
    import duckdb

    part = _part(path)
    try:
        con.execute(f"COPY ({query}) TO {quoted(part)} ({_FORMAT} {ROWS_TOGETHER})")
        settle(part, path)
    except (duckdb.Error, OSError) as cause:
        discard(part)
        raise JournalError(f"{path} could not be written: {first_line(cause)}") from cause
    except RuntimeError as cause:
        discard(part)
        if is_ctrl_c(cause):
            raise KeyboardInterrupt from cause
        raise


def is_ctrl_c(error: RuntimeError) -> bool:
    """Whether it is DuckDB's word for a Ctrl-C that came while it worked."""
    return str(error).startswith("Query interrupted")


@contextmanager
def aside(path: Path) -> Iterator[BinaryIO]:
    """A file to be written, which is given its name when all went well.

    `path` is there in full or not at all. Raises JournalError if it cannot be written.
    """
    part = _part(path)
    try:
        with part.open("wb") as file:
            yield file
        settle(part, path)
    except OSError as cause:
        raise JournalError(f"{path} could not be written: {first_line(cause)}") from cause
    finally:
        discard(part)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def settle(part: Path, path: Path) -> None:
    """Give a file written aside its name, so that a crash leaves the whole file or none."""
    sync(part)
    os.replace(part, path)
    sync(path.parent)


def discard(part: Path) -> None:
    """Take a file away that is not to be; where none can be, on a disk for reading only, there is none."""
    with suppress(OSError):
        part.unlink()


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, where the system can do that."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_ERRNO = re.compile(r'"errno":"(\d+)"')


def first_line(error: BaseException) -> str:
    """The first line of what an error says; of a refusal of the system only what it says, without number and file."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if told := _ERRNO.search(str(error)):  # DuckDB wraps it in JSON and ranges of bytes
        return os.strerror(int(told[1]))
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def plain(column: NDArray[Any]) -> NDArray[Any]:
    """A column as DuckDB hands it out, nulls as None, NaN or MISSING instead of a mask."""
    if not isinstance(column, np.ma.MaskedArray):
        return column
    values = np.array(column.data)
    mask = np.ma.getmaskarray(column)
    if mask.any():
        if values.dtype.kind in "iub":
            values = values.astype(np.int64)
            values[mask] = MISSING
        else:
            values[mask] = None if values.dtype == object else np.nan
    return values


def of_column(name: str) -> str:
    """The SQL type of a column of events."""
    if name in NUMBERS:
        return "BIGINT"
    return "DOUBLE" if name in FLOATS else "VARCHAR"


def _selected(name: str, values: NDArray[Any]) -> str:
    if values.dtype.kind == "i":
        return f'nullif("{name}", {MISSING}) AS "{name}"' if values.dtype.itemsize == 8 else f'"{name}"'
    if values.dtype.kind == "f":
        return f'CASE WHEN isnan("{name}") THEN NULL ELSE "{name}" END AS "{name}"'
    if values.dtype == object:
        return f'CAST("{name}" AS VARCHAR) AS "{name}"'
    return f'"{name}"'
