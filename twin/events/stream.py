"""The stream: facts go in one by one, sealed chunks of typed columns come out to the sinks.

A sink reads and never answers: attaching or removing one changes nothing. Facts wait as they are and are turned into
columns together, because a hundred facts of one kind cost little more than one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NoReturn, ParamSpec, Protocol

import numpy as np

from twin.events.catalogue import KINDS, Fact, Kind
from twin.events.chunk import Chunk, Column, Ints, blank, joined, rows_by_code
from twin.events.columns import FLOATS, MISSING, NUMBERS, TEXTS
from twin.events.names import Names

CHUNK_EVENTS = 4096
P = ParamSpec("P")


class Sink(Protocol):
    """Whoever wants to know: observers, the digest, the journal."""

    def fold(self, chunk: Chunk, /) -> None: ...


class Together:
    """A sink for one that costs by the chunk: the short chunks of a stepped run are handed on a few thousand at a time.

    `flush` hands on what waits, so that whoever reads the sink behind it sees all that was sealed.
    """

    __slots__ = ("_events", "_waiting", "sink")

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._waiting: list[Chunk] = []
        self._events = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self._waiting.append(chunk)
        self._events += chunk.size
        if self._events >= CHUNK_EVENTS:
            self.flush()

    def flush(self) -> None:
        """Hand on what waits."""
        if self._waiting:
            waiting, self._waiting, self._events = self._waiting, [], 0
            self.sink.fold(joined(waiting))


class Record(Protocol):
    """Puts a fact on record, given by its kind and its columns, and tells its seq."""

    def __call__(self, kind: Callable[P, Fact], /, *columns: P.args, **named: P.kwargs) -> int: ...


class _Closed(list[Fact]):
    def append(self, fact: Fact, /) -> NoReturn:
        raise RuntimeError(f"the stream is closed, and still there came {fact!r}")


class EventStream:
    """All facts of a run in order. `emit` and `record` give each its number, its seq, from 0."""

    __slots__ = ("_before", "_kinds", "_last_ms", "_rows", "names", "sinks")

    def __init__(self, sinks: Sequence[Sink] = (), names: Names | None = None) -> None:
        self.sinks = list(sinks)
        self.names = Names() if names is None else names
        self._rows: list[Fact] = []
        self._kinds: list[Any] = []
        self._before = -1
        self._last_ms = MISSING

    @property
    def events(self) -> int:
        """How many facts were emitted."""
        return self._before + 1 + len(self._rows)

    def emit(self, fact: Fact) -> int:
        """Put a fact on record; its seq, by which later facts may name it as their cause."""
        rows = self._rows
        rows.append(fact)
        self._kinds.append(type(fact))
        waiting = len(rows)
        if waiting == CHUNK_EVENTS:
            self.seal()
            return self._before
        return self._before + waiting

    def record(self, kind: Callable[P, Fact], /, *columns: P.args, **named: P.kwargs) -> int:
        """As `emit(kind(...))`, in a third of the time: the fact is never built, its columns wait as they come."""
        rows = self._rows
        rows.append(kind(*columns, **named) if named else columns)
        self._kinds.append(kind)
        waiting = len(rows)
        if waiting == CHUNK_EVENTS:
            self.seal()
            return self._before
        return self._before + waiting

    def seal(self) -> None:
        """Hand what waits to the sinks now, as a short chunk if it must be."""
        rows = self._rows
        if not rows:
            return
        chunk = sealed(rows, self._kinds, self._before + 1, self._last_ms, self.names)
        self._last_ms = int(chunk.columns["at_ms"][-1])
        self._before += len(rows)
        self._rows, self._kinds = [], []
        for sink in self.sinks:
            sink.fold(chunk)

    def close(self) -> None:
        """Seal the rest; no fact may follow."""
        self.seal()
        self._rows = _Closed()


def sealed(facts: list[Fact], classes: list[Any], first_seq: int, not_before_ms: int, names: Names) -> Chunk:
    """Facts as typed columns. Facts of a class are turned over together, columns of all classes filled at once.

    A fact may end before its last columns; these are missing then, as is every default of the catalogue.
    """
    size, codes = len(facts), names.codes
    code_of = {cls: codes[cls.__name__] for cls in dict.fromkeys(classes)}
    kinds = np.fromiter(map(code_of.__getitem__, classes), dtype=np.int64, count=size)
    rows = rows_by_code(kinds)
    sides = np.empty(size, dtype=np.int64)
    gathered: dict[str, list[Any]] = {}
    places: dict[str, list[Ints]] = {}
    for code, where in rows.items():
        kind = KINDS[names[code]]
        sides[where] = codes[kind.side]
        alike = [facts[i] for i in where.tolist()]
        for column, values in zip(kind.fields, _turned(kind, alike), strict=False):
            if values[0] is None and values.count(None) == len(values):
                continue
            if column in gathered:
                gathered[column] += values
                places[column].append(where)
            else:
                gathered[column] = list(values)
                places[column] = [where]
    columns: dict[str, Column] = {"kind": kinds, "side": sides}
    for column, some in gathered.items():
        columns[column] = filled = blank(column, size)
        at = places[column]
        filled[at[0] if len(at) == 1 else np.concatenate(at)] = _typed(column, some, codes)
    _assert_in_order(columns["at_ms"], not_before_ms, facts, classes)
    return Chunk(first_seq, size, columns, names, rows)


def _turned(kind: Kind, alike: list[Fact]) -> list[tuple[Any, ...]]:
    """Facts of a kind by column; those that end early lack their last columns."""
    try:
        turned = list(zip(*alike, strict=True))
        shortest = len(turned)
    except ValueError:
        turned = list(zip_longest(*alike))
        shortest = min(map(len, alike))
    if not len(kind.required) <= shortest <= len(turned) <= len(kind.fields):
        wrong = (fact for fact in alike if not len(kind.required) <= len(fact) <= len(kind.fields))
        raise AssertionError(f"{kind.name} has other columns: {next(wrong)}")
    return turned


_NUMBERS = frozenset(NUMBERS)


def _typed(column: str, values: list[Any], codes: dict[str | None, int]) -> Column:
    """Values as an array."""
    size = len(values)
    if column in TEXTS:
        texts = np.empty(size, dtype=object)
        texts[:] = values
        return texts
    if column in FLOATS:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if column in _NUMBERS:
        try:
            return np.frombuffer(array("q", values), dtype=np.int64)
        except TypeError:  # None among them; array, unlike numpy, also refuses fractions
            return np.frombuffer(array("q", [MISSING if v is None else v for v in values]), dtype=np.int64)
    if values[0] == values[-1] and values.count(values[0]) == size:  # one word throughout, as site mostly is
        return np.full(size, codes[values[0]], dtype=np.int64)
    return np.fromiter(map(codes.__getitem__, values), dtype=np.int64, count=size)


def _assert_in_order(at_ms: Ints, not_before_ms: int, facts: list[Fact], classes: list[Any]) -> None:
    """Time never runs back in the stream; a fact out of order is a fault of whoever emitted it."""
    if at_ms[0] >= not_before_ms and (at_ms[1:] >= at_ms[:-1]).all():
        return
    before = not_before_ms
    for fact, cls, at in zip(facts, classes, at_ms.tolist(), strict=True):
        assert at >= before, f"time runs back from {before} ms: {cls(*fact)!r}"
        before = at
