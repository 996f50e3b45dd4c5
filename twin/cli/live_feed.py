"""A live run as the visualizer's feed: it is stepped by the window, and what it seals is shown and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.cli.kept_events import KeptEvents
from twin.domain.errors import TwinError
from twin.events.catalogue import KINDS
from twin.events.chunk import Chunk, joined
from twin.events.columns import MISSING
from twin.events.stream import Sink
from twin.session import Session
from visualizer.feed import WANTED, Batch, Record, Title
from visualizer.stored.growing import Array

if TYPE_CHECKING:
    from twin.run.result import RunResult
    from twin.spec.loading import Loaded

_KIND_NUMBER = {name: number for number, name in enumerate(KINDS)}


class LiveFeed:
    """Steps a session. `result` is there once the run has come to its horizon; `live` is False from then on."""

    alternatives = None

    def __init__(
        self, scenario: Loaded, *, seed: int | None = None, policies: Mapping[str, Any] | None = None,
        out: Path | None = None, commands: Sequence[Any] = (),
    ) -> None:  # fmt: skip
        self._look_on(lambda sinks: Session(
            scenario, seed=seed, policies=policies, out=out, commands=commands, sinks=sinks
        ))  # fmt: skip

    @classmethod
    def over(cls, begin: Callable[[Sequence[Sink]], Session]) -> LiveFeed:
        """A session that somebody else begins, given the sinks that look on."""
        feed = cls.__new__(cls)
        feed._look_on(begin)
        return feed

    def _look_on(self, begin: Callable[[Sequence[Sink]], Session]) -> None:
        self._kept = KeptEvents()
        self._fresh: list[Chunk] = []
        self.session = begin([self._kept, _Fresh(self._fresh)])
        self.result: RunResult | None = None
        named = self.session.title
        self.title = Title(
            scenario=named.scenario, seed=named.seed, start=datetime.fromisoformat(named.start),
            policies=dict(named.policies), complete=False,
        )  # fmt: skip
        self.context = self.session.context
        self.tables: dict[str, Mapping[str, Any]] = {
            name: {column: _as_array(values) for column, values in table.items()}
            for name, table in self.session.tables().items()
        }
        self._kind_numbers: Array = np.empty(0, dtype=np.int16)

    # --- the run ------------------------------------------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether it still goes on."""
        return self.result is None

    @property
    def head_ms(self) -> int:
        """The last complete instant."""
        return self.session.now_ms

    def advance(self, target_ms: int, budget_s: float) -> int:
        """Let it go on to `target_ms`, or until the budget is spent; its new head. At the horizon its books close."""
        if self.result is None:
            self.session.advance(target_ms, budget_s)
            if self.session.head_ms >= self.session.horizon_ms:
                self.result = self.session.finish()
        return self.head_ms

    def give(self, command: Mapping[str, Any]) -> str | None:
        """Carry a command out after the head; why not, if not."""
        if self.result is not None:
            return "the run has come to its end"
        try:
            return self.session.give(command)
        except TwinError as error:
            return str(error)

    def close(self) -> None:
        """Leave off: what was written stays readable."""
        if self.result is None:
            self.session.stop()

    # --- what came ----------------------------------------------------------------------------------------------

    def read(self) -> Iterator[Batch]:
        """What came since the last call."""
        if self._fresh:
            chunk = self._fresh[0] if len(self._fresh) == 1 else joined(self._fresh)
            self._fresh.clear()
            yield self._batch(chunk)

    def _batch(self, chunk: Chunk) -> Batch:
        facts: dict[str, dict[str, Array]] = {}
        for kind, columns in WANTED.items():
            rows = chunk.rows(kind)
            if len(rows):
                facts[kind] = {"row": rows + chunk.first_seq, **{c: chunk.take(c, rows) for c in columns}}
        codes = chunk.columns["kind"]
        if int(codes.max()) >= len(self._kind_numbers):
            table = chunk.names.table[: int(codes.max()) + 1]
            self._kind_numbers = np.array([_KIND_NUMBER.get(name, -1) for name in table], dtype=np.int16)
        return Batch(
            first_seq=chunk.first_seq, at_ms=chunk.columns["at_ms"],
            kinds=self._kind_numbers[codes].astype(np.uint8), facts=facts, names=chunk.names,
        )  # fmt: skip

    def history(self, column: str, name: str, last_seq: int | None = None, limit: int = 2000) -> list[Record]:
        """The last `limit` events up to `last_seq` that name `name` in `column`, in order."""
        return self._kept.history(column, name, last_seq, limit)

    def records(self, first_seq: int, last_seq: int, kinds: Sequence[str] | None = None) -> list[Record]:
        """Events by number, both ends included, of all kinds or of those named."""
        return self._kept.records(first_seq, last_seq, kinds)

    def names_like(self, column: str, text: str, limit: int = 20) -> list[str]:
        """Names that occur in a column and hold `text`, the shortest first."""
        return self._kept.names_like(column, text, limit)

    @property
    def events(self) -> int:
        """How many events there are up to the head."""
        return len(self._kept)

    def facts(self, kinds: Sequence[str], columns: Sequence[str], first_row: int, last_row: int) -> Mapping[str, Array]:
        """Facts of some kinds from one row to another, both included, in order: `row`, `at_ms`, `kind` and columns."""
        return self._kept.facts(kinds, columns, first_row, last_row)

    def columns(self, kind: str, columns: Sequence[str]) -> Mapping[str, Array]:
        """All facts of a kind so far, names as text."""
        return self._kept.columns(kind, columns)


class _Fresh:
    """A sink that hands over what it gets at the next read."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks

    def fold(self, chunk: Chunk, /) -> None:
        self._chunks.append(chunk)


def _as_array(values: Any) -> Array:
    """A column of a table as a recording has it: text as objects; None among whole numbers is MISSING, else NaN."""
    some = list(values)
    if any(isinstance(v, str) for v in some):
        return np.array([*some, None], dtype=object)[:-1]
    if all(v is None for v in some):
        return np.array([*some, None], dtype=object)[:-1]
    if any(isinstance(v, float) for v in some):
        return np.array([np.nan if v is None else v for v in some], dtype=np.float64)
    return np.array([MISSING if v is None else v for v in some])
