"""Delimited text files: plain or gzipped, read as columns; what is wrong with a file is said with its line."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.domain.errors import DataError
from twin.spec.mistakes import nearest

SHOWN = 20
"""Faults that are spelled out; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header, its rows, and the line each row ends on."""

    path: Path
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def at(self, column: str) -> int:
        """The place of a column; DataError with what is there instead."""
        if column not in self.header:
            near = nearest(column, self.header)
            hint = f"; did you mean {near}?" if near else ""
            raise DataError(f"{self.path}:1: no column {column!r}{hint} The file has: {', '.join(self.header)}")
        return self.header.index(column)


def read_table(path: str | Path, *, delimiter: str = ",", encoding: str = "utf-8") -> Table:
    """Read a file whole; DataError when it is missing, not in its encoding, or ragged."""
    where = Path(path)
    try:
        raw = where.read_bytes()
        if where.suffix == ".gz" or raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
    except FileNotFoundError:
        raise DataError(f"{where}: there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where}: cannot be read: {error}") from None
    try:
        text = raw.decode("utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(
            f"{where}:{line}: not {encoding} text (byte {error.start}); name its encoding, as encoding: latin-1"
        ) from None
    except LookupError:
        raise DataError(f"{where}: unknown encoding {encoding!r}") from None
    return _parsed(where, text, delimiter)


def _parsed(where: Path, text: str, delimiter: str) -> Table:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        header = tuple(name.strip() for name in next(reader, []))
        if not header:
            raise DataError(f"{where}: the file is empty; its first line must name the columns")
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise DataError(f"{where}:1: column named twice: {', '.join(twice)}")
        rows, lines, faults = [], [], []
        width = len(header)
        for row in reader:
            if len(row) != width:
                if not row:
                    continue
                faults.append(f"{where}:{reader.line_num}: {len(row)} fields, the header has {width}")
                continue
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{where}:{reader.line_num}: {error}") from None
    complain(faults)
    return Table(where, header, rows, lines)


def complain(faults: Sequence[str]) -> None:
    """Raise all faults in one DataError, the first ones spelled out."""
    if faults:
        more = len(faults) - SHOWN
        tail = [f"... and {more} more"] if more > 0 else []
        plural = "fault" if len(faults) == 1 else "faults"
        raise DataError("\n".join([f"{len(faults)} {plural}", *faults[:SHOWN], *tail]))


def columns_of(
    table: Table, canonical: Iterable[str], needed: Iterable[str], mapped: Mapping[str, str]
) -> dict[str, int]:
    """Places of our columns in the file; a mapped or needed one must be there."""
    names = list(canonical)
    unknown = sorted(set(mapped) - set(names))
    if unknown:
        near = nearest(unknown[0], names)
        hint = f"; did you mean {near}?" if near else ""
        raise DataError(f"columns.{unknown[0]}: unknown{hint} There are: {', '.join(names)}")
    places = {}
    for name in names:
        theirs = mapped.get(name, name)
        if theirs in table.header:
            places[name] = table.at(theirs)
        elif name in mapped or name in set(needed):
            table.at(theirs)
    return places


def whole(text: str) -> int | None:
    """A whole number, `6` or `6.0`; None when it is not one."""
    try:
        return int(text)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            return None
        return int(value) if value == value and abs(value) < 1e15 and value == int(value) else None
