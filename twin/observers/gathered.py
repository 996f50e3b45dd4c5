"""What observers are made of: the columns of one kind of fact, gathered from chunk after chunk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.events.chunk import Chunk, Ints, narrow, wide
from twin.events.columns import MISSING
from twin.events.names import Names

Columns = dict[str, Ints]


class Gathered:
    """All facts of a kind so far, `seq`, `at_ms` and the columns asked for, in order.

    May be shared: a chunk that it has seen is not taken twice. What is kept is as narrow as the values allow.
    """

    def __init__(self, kind: str, *columns: str) -> None:
        self.kind = kind
        self.names = Names()
        self._parts: dict[str, list[NDArray[Any]]] = {name: [] for name in ("seq", "at_ms", *columns)}
        self._next_seq = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the facts of this kind."""
        if chunk.first_seq < self._next_seq:
            return
        self._next_seq = chunk.first_seq + chunk.size
        self.names = chunk.names
        rows = chunk.rows(self.kind)
        if len(rows):
            for name, parts in self._parts.items():
                parts.append(narrow(chunk.take(name, rows)))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns it keeps."""
        return tuple(self._parts)

    def put(self, columns: Columns, names: Names) -> None:
        """Take facts that were read otherwise than in chunks: all of this kind, once."""
        self.names = names
        for name, parts in self._parts.items():
            parts.append(narrow(columns[name]))

    def columns(self) -> Columns:
        """The columns, each of one length."""
        return {name: wide(parts) for name, parts in self._parts.items()}

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts["seq"])


def fold_all(gathered: Sequence[Gathered], chunk: Chunk) -> None:
    """Let each take its own."""
    for one in gathered:
        one.fold(chunk)


class Coding:
    """Codes for words from outside the stream: the stream's own where it has one, else further ones of our own."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._own: dict[str, int] = {}

    def code(self, word: str | None) -> int:
        """The code of a word; MISSING for None."""
        if word is None:
            return MISSING
        code = self._names.find(word)
        return code if code != MISSING else self._own.setdefault(word, len(self._names) + len(self._own))

    def codes(self, words: Sequence[str | None]) -> Ints:
        """The codes of words."""
        return np.array([self.code(word) for word in words], dtype=np.int64)

    def name(self, code: int) -> str | None:
        """The word of a code; None for MISSING."""
        if code < len(self._names):
            return self._names.name(code)
        return next(word for word, own in self._own.items() if own == code)
