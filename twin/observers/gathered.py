"""What observers are made of: the columns of one kind of fact, gathered from chunk after chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.kept import Kept
from twin.observers.matching import Flags

Columns = dict[str, Ints]


class Gathered:
    """All facts of a kind so far, `seq`, `at_ms` and the columns asked for, in order.

    May be shared: a chunk that it has seen is not taken twice. What is kept is packed.
    """

    def __init__(self, kind: str, *columns: str) -> None:
        self.kind = kind
        self.names = Names()
        self._kept: dict[str, Kept] = {name: Kept() for name in ("seq", "at_ms", *columns)}
        self._next_seq = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the facts of this kind."""
        if chunk.first_seq < self._next_seq:
            return
        self._next_seq = chunk.first_seq + chunk.size
        self.names = chunk.names
        rows = chunk.rows(self.kind)
        if len(rows):
            for name, kept in self._kept.items():
                kept.add(chunk.take(name, rows), chunk.names.archive)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns it keeps."""
        return tuple(self._kept)

    def put(self, columns: Columns, names: Names) -> None:
        """Take facts that were read otherwise than in chunks: all of this kind, once."""
        self.names = names
        for name, kept in self._kept.items():
            kept.add(columns[name], names.archive)

    def columns(self, *names: str) -> Columns:
        """The columns (or those named), each of one length."""
        return {name: self._kept[name].values() for name in names or self._kept}

    def parts(self, *names: str) -> Iterator[Columns]:
        """The columns (or those named), some thousand rows at a time."""
        chosen = names or tuple(self._kept)
        for some in zip(*(self._kept[name].parts() for name in chosen), strict=True):
            yield dict(zip(chosen, some, strict=True))

    def those(self, wanted: Callable[..., Flags], *keys: str) -> Columns:
        """The columns of the facts that are `wanted` for these `keys`; of all others little is looked at."""
        nothing: Ints = np.empty(0, dtype=np.int64)
        found: dict[str, list[Ints]] = {name: [nothing] for name in self._kept}
        for number in range(self._kept["seq"].part_count):
            some = {key: self._kept[key].part(number) for key in keys}
            mine = np.flatnonzero(wanted(*some.values()))
            if len(mine):
                for name, kept in self._kept.items():
                    found[name].append((some[name] if name in some else kept.part(number))[mine])
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def __len__(self) -> int:
        return len(self._kept["seq"])


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
