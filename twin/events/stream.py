"""The stream: facts go in one by one, sealed chunks of typed columns come out to the sinks.

A sink reads and never answers: attaching or removing one changes nothing. Facts wait by kind and are turned into
columns together, because a hundred facts of one kind cost little more than one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
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


class _OfKind(list[Any]):
    """What facts of one kind say that wait to be sealed: the columns of a fact, then those of the next."""

    __slots__ = ("kind", "number", "width")

    def __init__(self, kind: Kind, number: int) -> None:
        super().__init__()
        self.kind = kind
        self.number = number
        self.width = len(kind.fields)

    def filled_up(self, fact: Fact) -> Fact:
        """A fact with the last columns too, which it may leave out; missing, as is every default of the catalogue."""
        kind = self.kind
        assert len(kind.required) <= len(fact) <= self.width, f"{kind.name} has other columns: {fact}"
        return (*fact, *(None,) * (self.width - len(fact)))


class _Waiting(dict[Any, _OfKind]):
    """Facts that wait, by their class; kinds are numbered as they come."""

    def __missing__(self, cls: Any) -> _OfKind:
        of_kind = self[cls] = _OfKind(KINDS[cls.__name__], len(self))
        return of_kind


class _Closed(_Waiting):
    def __missing__(self, cls: Any) -> NoReturn:
        raise RuntimeError(f"the stream is closed, and still there came a fact: {cls.__name__}")


class EventStream:
    """All facts of a run in order. `emit` and `record` give each its number, its seq, from 0."""

    __slots__ = ("_before", "_last_ms", "_order", "_waiting", "names", "sinks")

    def __init__(self, sinks: Sequence[Sink] = (), names: Names | None = None) -> None:
        self.sinks = list(sinks)
        self.names = Names() if names is None else names
        self._waiting = _Waiting()
        self._order = bytearray()
        self._before = -1
        self._last_ms = MISSING

    @property
    def events(self) -> int:
        """How many facts were emitted."""
        return self._before + 1 + len(self._order)

    def emit(self, fact: Fact) -> int:
        """Put a fact on record; its seq, by which later facts may name it as their cause."""
        return self.record(type(fact), *fact)

    def record(self, kind: Callable[P, Fact], /, *columns: P.args, **named: P.kwargs) -> int:
        """As `emit(kind(...))`, in a quarter of the time: the fact is never built, its columns wait as they come."""
        of_kind = self._waiting[kind]
        fact = kind(*columns, **named) if named else columns
        of_kind += fact if len(fact) == of_kind.width else of_kind.filled_up(fact)
        order = self._order
        order.append(of_kind.number)
        size = len(order)
        if size >= CHUNK_EVENTS:
            self.seal()
            return self._before
        return self._before + size

    def seal(self) -> None:
        """Hand what waits to the sinks now, as a short chunk if it must be."""
        order = self._order
        if not order:
            return
        chunk = sealed(order, list(self._waiting.values()), self._before + 1, self._last_ms, self.names)
        last_ms, before, rest = int(chunk.columns["at_ms"][-1]), self._before + len(order), (_Waiting(), bytearray())
        # no call in between: a Ctrl-C comes before all of it, and the facts wait on, or after
        self._last_ms, self._before, (self._waiting, self._order) = last_ms, before, rest
        for sink in self.sinks:
            sink.fold(chunk)

    def close(self) -> None:
        """Seal the rest; no fact may follow."""
        self.seal()
        self._waiting = _Closed()


def sealed(order: bytearray, waiting: list[_OfKind], first_seq: int, not_before_ms: int, names: Names) -> Chunk:
    """Facts as typed columns; `order` has for each the number of its kind. Columns of all kinds are filled at once."""
    size, codes = len(order), names.codes
    numbers = np.frombuffer(bytes(order), dtype=np.uint8)  # of kinds there are far fewer than 256
    rows = rows_by_code(numbers)
    gathered: dict[str, list[Any]] = {}
    places: dict[str, list[Ints]] = {}
    for number, where in rows.items():
        of_kind = waiting[number]
        for at, column in enumerate(of_kind.kind.fields):
            values = of_kind[at :: of_kind.width]
            if values[0] is None and values.count(None) == len(values):
                continue
            if column in gathered:
                gathered[column] += values
                places[column].append(where)
            else:
                gathered[column] = values
                places[column] = [where]
    kinds = np.array([codes[of_kind.kind.name] for of_kind in waiting], dtype=np.int64)
    sides = np.array([codes[of_kind.kind.side] for of_kind in waiting], dtype=np.int64)
    columns: dict[str, Column] = {"kind": kinds[numbers], "side": sides[numbers]}
    for column, some in gathered.items():
        columns[column] = filled = blank(column, size)
        at_rows = places[column]
        filled[at_rows[0] if len(at_rows) == 1 else np.concatenate(at_rows)] = _typed(column, some, codes)
    _assert_in_order(columns["at_ms"], not_before_ms, order, waiting)
    return Chunk(first_seq, size, columns, names, {int(kinds[number]): where for number, where in rows.items()})


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


def _assert_in_order(at_ms: Ints, not_before_ms: int, order: bytearray, waiting: list[_OfKind]) -> None:
    """Time never runs back in the stream; a fact out of order is a fault of whoever emitted it."""
    before = np.concatenate([[not_before_ms], at_ms[:-1]])
    late = np.flatnonzero(at_ms < before)
    if len(late):
        row = int(late[0])
        of_kind = waiting[order[row]]
        begins = order[:row].count(order[row]) * of_kind.width
        fact = tuple(of_kind[begins : begins + of_kind.width])
        raise AssertionError(f"time runs back from {before[row]} ms: {of_kind.kind.name}{fact}")
