"""Delimited text files: plain or gzipped, read as columns; what is wrong with a file is said with its line."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.domain.errors import DataError
from twin.spec.mistakes import nearest

_LINE = re.compile(r":(\d+): ")
LARGEST = 10**12
TRUE, FALSE = ("1", "true", "yes"), ("", "0", "false", "no")
SHOWN = 20
"""Faults that are spelled out; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header, its rows, and the line each row ends on; no blanks around a cell.

    `faults`: of rows that are left out, being ragged.
    """

    path: Path
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    faults: tuple[str, ...] = ()

    def at(self, column: str) -> int:
        """The place of a column; DataError with what is there instead."""
        if column not in self.header:
            near = nearest(column, self.header)
            hint = f"; did you mean {near}?" if near else "."
            other = [d for d in (";", "\t", "|", ",") if d in self.header[0]] if len(self.header) == 1 else []
            split = f"; say delimiter: {other[0]!r}" if other else ""
            raise DataError(f"{self.path}:1: no column {column!r}{hint} The file has: {', '.join(self.header)}{split}")
        return self.header.index(column)


def read_table(path: str | Path, *, delimiter: str = ",", encoding: str = "utf-8") -> Table:
    """Read a file whole; DataError when it is missing or not in its encoding. Its reader tells the faults of rows."""
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
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(
            f"{where}:{line}: not {encoding} text (byte {error.start}); name its encoding, as encoding: latin-1"
        ) from None
    except (LookupError, UnicodeError):
        raise DataError(f"{where}: unknown encoding {encoding!r}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{where}:{line}: a character (U+0000) that is no part of a text; is its encoding another?")
    return _parsed(where, text, delimiter)


def _parsed(where: Path, text: str, delimiter: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = tuple(name.strip() for name in next((row for row in reader if row), []))
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
            rows.append([cell.strip() for cell in row])
            lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{where}:{reader.line_num}: {error}") from None
    return Table(where, header, rows, lines, tuple(faults))


def complain(faults: Sequence[str]) -> None:
    """Raise all faults in one DataError, in the order of their lines, the first ones spelled out."""
    if faults:
        faults = sorted(faults, key=_line_of)
        more = len(faults) - SHOWN
        tail = [f"... and {more} more"] if more > 0 else []
        plural = "fault" if len(faults) == 1 else "faults"
        raise DataError("\n".join([f"{len(faults)} {plural}", *faults[:SHOWN], *tail]))


def _line_of(fault: str) -> int:
    said = _LINE.search(fault)
    return int(said[1]) if said else 0


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
    """A whole number, `6` or `6.0`; None when it is not one, or one that no warehouse counts to."""
    try:
        value: float = int(text)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            return None
    return int(value) if abs(value) <= LARGEST and value == int(value) else None


def yes(text: str) -> bool | None:
    """Yes or no in words or digits, nothing is no; None for what is neither."""
    word = text.lower()
    return True if word in TRUE else False if word in FALSE else None
