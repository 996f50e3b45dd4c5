from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import twin.events.stream
from tests.unit.events.days import facts
from twin.events import catalogue
from twin.events.catalogue import KINDS, BreakStarted, OrderReceived, WorkerCheckedIn
from twin.events.chunk import Chunk
from twin.events.columns import COLUMNS, FLOATS, MISSING, NAMES, TEXTS
from twin.events.stream import CHUNK_EVENTS, EventStream, Together


class Kept:
    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    def fold(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)


def restored(chunk: Chunk, row: int) -> dict[str, object]:
    """One event of a chunk, spelled out without vectors: the independent reading."""
    event: dict[str, object] = {}
    for name, column in chunk.columns.items():
        value = column[row]
        if name in TEXTS:
            event[name] = value
        elif name in FLOATS:
            event[name] = None if np.isnan(value) else float(value)
        elif value == MISSING:
            event[name] = None
        else:
            event[name] = chunk.names.table[value] if name in NAMES else int(value)
    return {name: value for name, value in event.items() if value is not None}


def test_every_fact_comes_out_as_it_went_in() -> None:
    kept = Kept()
    stream = EventStream([kept])
    day = facts(1000)
    assert [stream.emit(f) for f in day] == list(range(5000))
    assert stream.events == 5000
    stream.close()
    assert [c.size for c in kept.chunks] == [CHUNK_EVENTS, 5000 - CHUNK_EVENTS]
    assert [c.first_seq for c in kept.chunks] == [0, CHUNK_EVENTS]
    got = [restored(chunk, row) for chunk in kept.chunks for row in range(chunk.size)]
    for fact, event in zip(day, got, strict=True):
        kind = type(fact).__name__
        wanted = {k: v for k, v in fact._asdict().items() if v is not None}  # type: ignore[attr-defined]
        assert event == wanted | {"kind": kind, "side": KINDS[kind].side}


def test_columns_recorded_without_a_fact_are_the_fact() -> None:
    """In turn with facts that were built, with and without the last columns, and by name."""
    built, told = Kept(), Kept()
    stream, other = EventStream([built]), EventStream([told])
    for n, fact in enumerate(facts(1000)):
        short = tuple(fact[: max(i + 1 for i, v in enumerate(fact) if v is not None)])
        assert stream.emit(fact) == n
        if n % 3 == 0:
            assert other.record(type(fact), *short) == n
        elif n % 3 == 1:
            assert other.record(type(fact), **fact._asdict()) == n  # type: ignore[attr-defined]
        else:
            assert other.emit(fact) == n
    stream.close()
    other.close()
    for one, two in zip(built.chunks, told.chunks, strict=True):
        assert list(one.columns) == list(two.columns)
        assert [restored(one, row) for row in range(one.size)] == [restored(two, row) for row in range(two.size)]
    assert {d for kind in KINDS for d in getattr(catalogue, kind)._field_defaults.values()} == {None}


@pytest.mark.parametrize("columns", [(5, "main", "w"), (5, "main", "w", "picker", 10, None)])
def test_a_fact_has_the_columns_of_its_kind(columns: tuple[object, ...]) -> None:
    stream = EventStream()
    stream.record(BreakStarted, 5, "main", "v", "picker", 10)
    with pytest.raises(AssertionError, match="BreakStarted"):
        stream.record(BreakStarted, *columns)  # type: ignore[arg-type]
    assert stream.events == 1


def test_the_seq_is_right_across_the_seal() -> None:
    stream = EventStream()
    fact = WorkerCheckedIn(0, "main", "w", "picker", "a")
    assert [stream.emit(fact) for _ in range(CHUNK_EVENTS + 2)] == list(range(CHUNK_EVENTS + 2))


def test_rows_of_a_kind_are_those_of_a_plain_search() -> None:
    kept = Kept()
    stream = EventStream([kept])
    day = facts(400)
    random.Random(3).shuffle(day)
    for fact in day:
        stream.emit(fact._replace(at_ms=0))  # type: ignore[attr-defined]
    stream.close()
    (chunk,) = kept.chunks
    for kind in ("OrderReceived", "UnitsTaken", "GoodsLeft"):
        assert chunk.rows(kind).tolist() == [i for i, f in enumerate(day) if type(f).__name__ == kind]
    assert chunk.take("seq", chunk.rows("UnitsTaken")).tolist() == chunk.rows("UnitsTaken").tolist()
    assert set(chunk.take("trailer", chunk.rows("UnitsTaken")).tolist()) == {MISSING}
    assert set(chunk.columns) <= set(COLUMNS)
    part = chunk[100:150]
    assert (part.first_seq, part.size) == (100, 50)
    assert part.rows("UnitsTaken").tolist() == [
        i for i, f in enumerate(day[100:150]) if type(f).__name__ == "UnitsTaken"
    ]


def test_a_column_without_values_is_not_there() -> None:
    kept = Kept()
    stream = EventStream([kept])
    stream.emit(WorkerCheckedIn(5, "main", "w", "picker", "a"))
    stream.close()
    assert set(kept.chunks[0].columns) == {"at_ms", "kind", "side", "site", "worker", "action", "location"}


def test_seal_shows_what_waits_and_close_ends_the_stream() -> None:
    kept = Kept()
    stream = EventStream([kept])
    fact = WorkerCheckedIn(5, "main", "w", "picker", "a")
    stream.emit(fact)
    stream.seal()
    stream.seal()
    assert stream.emit(fact) == 1
    stream.close()
    stream.close()
    assert [c.first_seq for c in kept.chunks] == [0, 1]
    with pytest.raises(RuntimeError, match="closed"):
        stream.emit(fact)
    assert stream.events == 2


def test_a_seal_that_is_interrupted_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes while columns are made; what is under way in the same instant still puts facts on record."""
    kept = Kept()
    stream = EventStream([kept])
    told = facts(10)
    for fact in told[:40]:
        stream.emit(fact)
    once = iter([KeyboardInterrupt])

    def typed(*args: Any) -> Any:
        for stop in once:
            raise stop
        return whole(*args)

    whole = twin.events.stream._typed
    monkeypatch.setattr(twin.events.stream, "_typed", typed)
    with pytest.raises(KeyboardInterrupt) as stopped:
        stream.seal()
    assert stopped.tb is not None  # it is still on its way, and with it what it came through
    for fact in told[40:]:
        stream.emit(fact)
    stream.close()
    assert [c.first_seq for c in kept.chunks] == [0] and stream.events == 50
    want = EventStream([plain := Kept()])
    for fact in told:
        want.emit(fact)
    want.close()
    rows = range(50)
    assert [restored(kept.chunks[0], n) for n in rows] == [restored(plain.chunks[0], n) for n in rows]


@pytest.mark.parametrize("seal_between", [False, True])
def test_time_may_not_run_back(seal_between: bool) -> None:
    stream = EventStream()
    stream.emit(WorkerCheckedIn(5, "main", "w", "picker", "a"))
    if seal_between:
        stream.seal()
    stream.emit(WorkerCheckedIn(4, "main", "late", "picker", "a"))
    with pytest.raises(AssertionError, match="late"):
        stream.close()


@pytest.mark.parametrize(
    "fact",
    [
        BreakStarted(5, "main", "w", "picker", 1.5),  # type: ignore[arg-type]
        BreakStarted(5, "main", 7, "picker", 1),  # type: ignore[arg-type]
        OrderReceived(5.0, "main", "o", "own", "c", 1, None, 1, "priority", "", "x"),  # type: ignore[arg-type]
    ],
)
def test_fractions_and_nameless_ids_are_refused(fact: BreakStarted) -> None:
    stream = EventStream()
    stream.emit(fact)
    with pytest.raises(TypeError):
        stream.close()


def test_short_chunks_are_handed_on_together() -> None:
    """All facts, in order, in few chunks; what waits comes with a flush."""

    class Sizes:
        def __init__(self) -> None:
            self.rows: list[int] = []
            self.sizes: list[int] = []

        def fold(self, chunk: Chunk, /) -> None:
            self.rows += chunk.seq.tolist()
            self.sizes.append(chunk.size)

    behind = Sizes()
    together = Together(behind)
    stream = EventStream([together])
    for fact in facts(2 * 4100 // 5 + 30):
        stream.emit(fact)
        if stream.events % 100 == 0:
            stream.seal()
    stream.close()
    assert len(behind.sizes) == 2 and min(behind.sizes) >= CHUNK_EVENTS
    together.flush()
    together.flush()
    assert behind.rows == list(range(stream.events)) and len(behind.sizes) == 3
