"""Events that wait to be written, and the bytes of the Parquet file that they become.

pyarrow takes names as they are in memory: per column a dictionary and for each row its place in it. DuckDB would take
them as text only, a Python object each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.events.chunk import Chunk, Column, Ints
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, NUMBERS, TEXTS
from twin.events.names import Names

if TYPE_CHECKING:
    import pyarrow

NO_EVENTS = ("at_ms", "seq", "kind", "side")
"""The columns of a file without events."""

_NO_NAME = -1
_IS_NAME = frozenset(NAMES)
_AS_WORDS = ("units", "expected_units", "duration_ms", "due_ms", "candidates", "value")
"""Whole numbers that come again and again: a dictionary packs them better than their differences."""
_FOUND_BY = ("at_ms", "seq")
"""Columns of which the file says the least and the most, so that readers may pass over what they do not seek."""


class Waiting:
    """Events that follow one another, by column, until they are written."""

    def __init__(self) -> None:
        self.size = 0
        self._first_seq = 0
        self._names: Names | None = None
        self._parts: dict[str, list[tuple[int, Column]]] = {}

    def add(self, chunk: Chunk) -> None:
        """Take the next events."""
        if self._names is None:
            self._first_seq, self._names = chunk.first_seq, chunk.names
        for name, values in chunk.columns.items():
            if name in _IS_NAME:  # in half the room
                values = np.maximum(values, _NO_NAME).astype(np.int32)
            self._parts.setdefault(name, []).append((self.size, values))
        self.size += chunk.size

    @property
    def spoken_of(self) -> tuple[str, ...]:
        """The columns that hold a value."""
        return tuple(c for c in COLUMNS if c in self._parts or c == "seq") if self.size else NO_EVENTS

    def packed(self, columns: Iterable[str]) -> pyarrow.Buffer:
        """The events as a Parquet file of these columns in one row group; those that hold no value are null."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        pa.set_memory_pool(pa.system_memory_pool())  # pyarrow's own keeps for itself what it was given back
        names = list(columns)
        words = _Words(self._names, self._codes(names))
        table = pa.Table.from_arrays([self._array(name, words) for name in names], names=names)
        del words
        by_difference = [n for n in names if n in NUMBERS and n not in _AS_WORDS]
        file = pa.BufferOutputStream()
        pq.write_table(
            table,
            file,
            row_group_size=max(self.size, 1),
            compression="zstd",
            use_dictionary=[n for n in names if n in _IS_NAME or n in TEXTS or n in _AS_WORDS],
            column_encoding=dict.fromkeys(by_difference, "DELTA_BINARY_PACKED"),
            write_statistics=[n for n in names if n in _FOUND_BY],
            store_schema=False,
        )
        return file.getvalue()

    def _array(self, name: str, words: _Words) -> pyarrow.Array:
        import pyarrow as pa

        if name == "seq":
            return _numbers(np.arange(self._first_seq, self._first_seq + self.size, dtype=np.int64))
        parts = self._parts.get(name, ())
        if name in _IS_NAME:
            return words.array(name, self.size) if parts else pa.nulls(self.size, pa.string())
        if name in TEXTS:
            texts = self._filled(parts, None, object)
            there = texts != None  # noqa: E711  (each of them is compared)
            return _texts([text.encode() for text in texts[there]], there)
        if name in FLOATS:
            scores = self._filled(parts, np.nan, np.float64)
            return _numbers(scores, ~np.isnan(scores))
        values = self._filled(parts, MISSING, np.int64)
        return _numbers(values, values != MISSING)

    def _codes(self, columns: list[str]) -> Iterator[tuple[str, NDArray[np.int32]]]:
        for name in columns:
            if name in _IS_NAME and name in self._parts:
                yield name, self._filled(self._parts[name], _NO_NAME, np.int32)

    def _filled(self, parts: Iterable[tuple[int, Column]], missing: Any, kind: Any) -> Column:
        values = np.full(self.size, missing, dtype=kind)
        for at, part in parts:
            values[at : at + len(part)] = part
        return values


def give_back() -> None:
    """Give the system what was freed since, by Python too: it would be as much as all that a run holds."""
    import pyarrow as pa

    pa.system_memory_pool().release_unused()


class _Words:
    """Columns of codes on their way to columns of words: each name they speak of is spelled out once."""

    def __init__(self, names: Names | None, columns: Iterable[tuple[str, NDArray[np.int32]]]) -> None:
        size = 0 if names is None else len(names)
        spoken_of = np.zeros(size, dtype=np.bool_)
        self._said: dict[str, tuple[Ints, NDArray[np.int32]]] = {}
        for column, codes in columns:
            rows = np.flatnonzero(codes != _NO_NAME)
            said = codes[rows]
            spoken_of[said] = True
            self._said[column] = rows, said
        there = np.flatnonzero(spoken_of)
        self._place = np.empty(size, dtype=np.int32)
        self._place[there] = np.arange(len(there), dtype=np.int32)
        self._texts = np.empty(len(there), dtype=object)
        self._texts[:] = [] if names is None else [text.encode() for text in names.texts(there)]
        self._number = np.empty(len(there), dtype=np.int32)

    def array(self, column: str, size: int) -> pyarrow.Array:
        """A column, to be asked for once, as rows of a dictionary that holds no name beside its own."""
        import pyarrow as pa

        rows, codes = self._said.pop(column)
        places = self._place[codes]
        spoken_of = np.zeros(len(self._texts), dtype=np.bool_)
        spoken_of[places] = True
        there = np.flatnonzero(spoken_of)
        self._number[there] = np.arange(len(there), dtype=np.int32)
        numbers = np.zeros(size, dtype=np.int32)
        numbers[rows] = self._number[places]
        named = None
        if len(rows) < size:
            named = np.zeros(size, dtype=np.bool_)
            named[rows] = True
        words = _texts(self._texts[there].tolist())
        return pa.DictionaryArray.from_arrays(_numbers(numbers, named), words, safe=False)


def _numbers(values: Column, there: NDArray[np.bool_] | None = None) -> pyarrow.Array:
    """An array over the memory of `values`. (`pa.array` would load pandas, if it finds it.)"""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [_valid(there), pa.py_buffer(values)])


def _texts(texts: list[bytes], there: NDArray[np.bool_] | None = None) -> pyarrow.Array:
    """An array of texts, or of texts where they are `there` and nulls between them."""
    import pyarrow as pa

    size = len(texts) if there is None else len(there)
    lengths = np.zeros(size, dtype=np.int32)
    lengths[slice(None) if there is None else there] = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    ends = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(lengths, out=ends[1:])
    return pa.Array.from_buffers(pa.string(), size, [_valid(there), pa.py_buffer(ends), pa.py_buffer(b"".join(texts))])


def _valid(there: NDArray[np.bool_] | None) -> pyarrow.Buffer | None:
    import pyarrow as pa

    return None if there is None else pa.py_buffer(np.packbits(there, bitorder="little"))
