"""What the visualizer asks of whoever feeds it, a recording or a run that goes on. The protocol is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from twin.events.chunk import Chunk
from twin.events.columns import MISSING, NAMES
from twin.events.names import Names
from twin.observers.run_context import RunContext
from visualizer.stored.growing import Array

Record = dict[str, Any]
"""One event as `{column: value}`, ids as names, nulls left out; always with `seq`, `at_ms` and `kind`."""

Tables = Mapping[str, Mapping[str, Any]]
"""The tables of a run folder (nodes, edges, locations, stations, doors, skus, equipment, opening_stock) as columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What the run is called."""

    scenario: str
    seed: int
    start: datetime
    policies: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    digest: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stretch of the stream, in order.

    at_ms: int64 of all its events; kinds: their places in `feed.KIND_NAMES`; facts: for each kind in `WANTED` that
    occurs, `row` (seq) and its columns: names as codes of `names`, null as MISSING.
    """

    first_seq: int
    at_ms: Array
    kinds: Array
    facts: Mapping[str, Mapping[str, Array]]
    names: Names


WANTED: dict[str, tuple[str, ...]] = {
    "WorkerCheckedIn": ("worker", "location", "action"),
    "WorkerCheckedOut": ("worker",),
    "WorkerAbsent": ("worker", "reason"),
    "BreakStarted": ("worker", "duration_ms"),
    "BreakEnded": ("worker",),
    "WorkStarted": ("worker", "action"),
    "WorkEnded": ("worker",),
    "WorkerDeparted": ("worker", "origin", "destination", "duration_ms", "value"),
    "WorkerBlocked": ("worker", "location"),
    "WorkerUnblocked": ("worker", "location", "duration_ms"),
    "UnitsTaken": ("location", "units", "worker"),
    "UnitsPlaced": ("location", "units", "worker"),
    "UnitsLost": ("location", "units", "handling_unit"),
    "LinePicked": ("location", "units", "value"),
    "StockPutAway": ("location", "origin", "units"),
    "StockReplenished": ("location", "origin", "units"),
    "StockAdjusted": ("location", "units"),
    "StationArrived": ("station",),
    "ServiceStarted": ("station", "worker", "duration_ms"),
    "ServiceEnded": ("station", "worker"),
    "BeltEntered": ("equipment", "duration_ms"),
    "BeltLeft": ("equipment",),
    "BeltBlocked": ("equipment",),
    "LaneFull": ("location",),
    "TrailerDocked": ("trailer", "door", "action"),
    "TrailerDeparted": ("trailer", "door", "action"),
    "HandlingUnitStaged": ("location", "door"),
    "HandlingUnitLoaded": ("door",),
    "EquipmentFailed": ("equipment", "worker", "reason", "duration_ms"),
    "EquipmentRepaired": ("equipment", "worker"),
    "MessageDelayed": ("worker", "reason"),
    "CommandGiven": (
        "action",
        "actor",
        "choice",
        "value",
        "duration_ms",
        "location",
        "worker",
        "equipment",
        "station",
        "status",
    ),
    "SlipMade": ("worker", "reason"),
    "SlipCaught": ("worker", "reason"),
    "ExceptionReported": ("location", "reason"),
}
"""The columns of which the store makes scenes. All others are asked for with `history` and `records`."""


def facts_of(
    chunks: Iterable[Chunk], kinds: Sequence[str], columns: Sequence[str], first_row: int, last_row: int
) -> dict[str, Array]:
    """`Feed.facts` of whoever has chunks."""
    found: dict[str, list[Array]] = {name: [] for name in ("row", "at_ms", "kind", *columns)}
    for chunk in chunks:
        rows = np.concatenate([np.empty(0, dtype=np.int64), *(chunk.rows(kind) for kind in kinds)])
        rows = np.sort(rows[(rows + chunk.first_seq >= first_row) & (rows + chunk.first_seq <= last_row)])
        table = np.array([*chunk.names.table, None], dtype=object)
        for name, parts in found.items():
            values = chunk.take("seq" if name == "row" else name, rows)
            parts.append(table[np.where(values == MISSING, -1, values)] if name in NAMES else values)
    return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a decision was chosen from: what was taken and the best of what was not, with sort keys as text, the least
    first; who was rejected, and the code why; what the policy was asked with, field by field."""

    chosen: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    seen: tuple[tuple[str, str], ...] = ()


class Alternatives(Protocol):
    """Finds out what else decisions of a recording could have been; it may take a while."""

    def __call__(self, seqs: Sequence[int], events: int, /) -> Mapping[int, Ranking]:
        """By the decision's number, as far as a policy was asked; `events`: how many the recording has."""

    def close(self) -> None:
        """Wait for nothing any more: who waits is told so."""


class Feed(Protocol):
    """A recording or a live run."""

    @property
    def alternatives(self) -> Alternatives | None:
        """Who is asked for alternatives to decisions; None of a live run, and where nobody can be asked."""

    @property
    def title(self) -> Title:
        """What it is called."""

    @property
    def context(self) -> RunContext:
        """Horizon, warm-up, benches, costs: what figures need beside events."""

    @property
    def tables(self) -> Tables:
        """What makes the run self-contained."""

    @property
    def live(self) -> bool:
        """Whether it still goes on: `advance` brings more, `give` is heard."""

    @property
    def head_ms(self) -> int:
        """The last complete instant."""

    def advance(self, target_ms: int, budget_s: float) -> int:
        """Let a live run go on to `target_ms`, or until the budget is spent; its new head. A recording stays."""

    def read(self) -> Iterator[Batch]:
        """What came since the last call; of a recording all, in stretches, so that progress can be shown."""

    def give(self, command: Mapping[str, Any]) -> str | None:
        """Carry a command out after the head; why not, if not."""

    def history(self, column: str, name: str, last_seq: int | None = None, limit: int = 2000) -> list[Record]:
        """The last `limit` events up to `last_seq` that name `name` in `column`, in order."""

    def records(self, first_seq: int, last_seq: int, kinds: Sequence[str] | None = None) -> list[Record]:
        """Events by number, both ends included, of all kinds or of those named."""

    def names_like(self, column: str, text: str, limit: int = 20) -> list[str]:
        """Names that occur in a column and hold `text`, for Find."""

    @property
    def events(self) -> int:
        """How many events it holds: all of a recording, those up to the head of a live run."""

    def facts(self, kinds: Sequence[str], columns: Sequence[str], first_row: int, last_row: int) -> Mapping[str, Array]:
        """Facts of some kinds from one row (seq) to another, both included, in order: `row`, `at_ms`, `kind` and the
        columns asked for, all of one length, names as text. What figures are folded from, stretch by stretch."""

    def columns(self, kind: str, columns: Sequence[str]) -> Mapping[str, Array]:
        """All facts of a kind so far: `row`, `at_ms` and the columns asked for, names as text. For figures."""
