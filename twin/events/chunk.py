"""A sealed stretch of the stream as typed columns; what every sink folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.events.columns import MISSING
from twin.events.names import Names

Column = NDArray[Any]
"""int64 of numbers or of codes of names, float64 of scores, object of details."""

Ints = NDArray[np.int64]

_NO_ROWS: Ints = np.empty(0, dtype=np.int64)


class Chunk:
    """Events `first_seq` to `first_seq + size - 1`, in order.

    `columns` has only the columns that hold a value; all have length `size`; missing is MISSING, NaN or None.
    """

    __slots__ = ("_rows", "columns", "first_seq", "names", "size")

    def __init__(
        self,
        first_seq: int,
        size: int,
        columns: dict[str, Column],
        names: Names,
        rows: dict[int, Ints] | None = None,
    ) -> None:
        self.first_seq = first_seq
        self.size = size
        self.columns = columns
        self.names = names
        self._rows = rows

    @property
    def seq(self) -> Ints:
        """The number of each event in the stream."""
        return np.arange(self.first_seq, self.first_seq + self.size, dtype=np.int64)

    def rows(self, kind: str) -> Ints:
        """Where in this chunk the events of a kind stand, ascending."""
        if self._rows is None:
            self._rows = rows_by_code(self.columns["kind"])
        return self._rows.get(self.names.find(kind), _NO_ROWS)

    def take(self, column: str, rows: Ints) -> Ints:
        """Values of a whole-number or name column at `rows`; MISSING where the column holds none."""
        values = self.columns.get(column)
        if values is None:
            if column == "seq":
                return rows + self.first_seq
            return np.full(len(rows), MISSING, dtype=np.int64)
        taken: Ints = values[rows]
        return taken

    def __getitem__(self, rows: slice) -> Chunk:
        """A part of the chunk, as a chunk."""
        start, stop, _ = rows.indices(self.size)
        columns = {name: values[start:stop] for name, values in self.columns.items()}
        return Chunk(self.first_seq + start, stop - start, columns, self.names)


def rows_by_code(codes: NDArray[np.integer[Any]]) -> dict[int, Ints]:
    """For each code the rows at which it stands, ascending. None may be missing."""
    if not len(codes):
        return {}
    narrow = codes.astype(np.uint16) if codes.max() < 1 << 16 else codes  # 16 bits are sorted by radix, in a tenth
    order = np.argsort(narrow, kind="stable").astype(np.int64, copy=False)
    ordered = codes[order]
    begins = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist()]
    ends = [*begins[1:], len(codes)]
    return {int(ordered[begin]): order[begin:end] for begin, end in zip(begins, ends, strict=True)}


def blank(column: str, size: int) -> Column:
    """A column that holds nothing yet."""
    if column == "score":
        return np.full(size, np.nan)
    if column == "detail":
        return np.full(size, None, dtype=object)
    return np.full(size, MISSING, dtype=np.int64)


def joined(chunks: list[Chunk]) -> Chunk:
    """Chunks that follow one another, as one."""
    first = chunks[0]
    names = sorted({name for chunk in chunks for name in chunk.columns})
    columns = {
        name: np.concatenate([c.columns[name] if name in c.columns else blank(name, c.size) for c in chunks])
        for name in names
    }
    return Chunk(first.first_seq, sum(chunk.size for chunk in chunks), columns, first.names)
