"""The facts that tell an order's time, by order, line, tour and handling unit."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from twin.events.chunk import Chunk, Ints
from twin.events.columns import MISSING
from twin.events.names import Names
from twin.observers.gathered import Gathered, fold_all
from twin.observers.order_lives import OrderLives
from twin.observers.tour_times import TourTimes

Line = tuple[int, int]
"""Order and line, as codes."""


class Fact(NamedTuple):
    """When something was told, by which decision, and what it names: a tour, a reason, a worker ..."""

    seq: int
    at_ms: int
    cause: int = MISSING
    about: int = MISSING
    more: int = MISSING


class GatheredTimes:
    """Folds all facts from which order times are put together."""

    def __init__(self) -> None:
        self.lives = OrderLives()
        self.pickers = TourTimes()
        self.promised = Gathered("OrderPromised", "order", "cause")
        self.allocated = Gathered("OrderAllocated", "order", "cause")
        self.backordered = Gathered("LineBackordered", "order", "line", "cause")
        self.shorted = Gathered("LineShorted", "order", "line", "cause")
        self.waits = Gathered("LineWaits", "order", "line", "reason", "cause")
        self.released = Gathered("OrderReleased", "order", "cause", "wave")
        self.batched = Gathered("OrderBatched", "order", "tour", "handling_unit", "cause")
        self.assigned = Gathered("TaskAssigned", "task", "cause")
        self.task_ended = Gathered("TaskEnded", "task")
        self.picked = Gathered("LinePicked", "order", "line", "tour", "handling_unit", "units")
        self.faults = Gathered("ExceptionReported", "order", "line", "task", "worker", "reason")
        self.cancelled = Gathered("OrderCancelled", "order")
        self.begun = Gathered("WorkStarted", "task", "action", "worker")
        self.decided = Gathered("PolicyDecided", "family", "order", "line", "units")
        self.arrived = Gathered("StationArrived", "station", "handling_unit")
        self.serving = Gathered("ServiceStarted", "station", "worker", "handling_unit", "order")
        self.served = Gathered("ServiceEnded", "handling_unit")
        self.entered = Gathered("BeltEntered", "equipment", "handling_unit")
        self.closed = Gathered("CartonClosed", "origin", "handling_unit")
        self.turned_away = Gathered("LaneFull", "handling_unit", "location")
        self.staged = Gathered("HandlingUnitStaged", "handling_unit", "location")
        self.loaded = Gathered("HandlingUnitLoaded", "handling_unit", "trailer", "worker")
        self.docked = Gathered("TrailerDocked", "trailer", "cause")
        self._own = [v for v in vars(self).values() if isinstance(v, Gathered)]

    @property
    def all(self) -> list[Gathered]:
        """Everything that is gathered."""
        lives = [v for v in vars(self.lives).values() if isinstance(v, Gathered)]
        return [*lives, *self.pickers.all, *self._own]

    @property
    def names(self) -> Names:
        """The names behind the codes."""
        return self.lives.names

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.lives.fold(chunk)
        self.pickers.fold(chunk)
        fold_all(self._own, chunk)


class OrderFacts:
    """Look-ups of gathered facts, each list by seq. By-line look-ups hold the lines of `critical` only."""

    def __init__(self, gathered: GatheredTimes, critical: set[Line]) -> None:
        g, find = gathered, gathered.names.find
        self.names = gathered.names
        self.promised = _first(g.promised, "order", "cause")
        self.allocated = _by(g.allocated, "order")
        self.released = _by(g.released, "order", about="wave")
        self.batched = _by(g.batched, "order", about="tour", more="handling_unit")
        self.assigned = _first(g.assigned, "task", "cause")
        self.task_ended = _first(g.task_ended, "task")
        self.backordered = _by_line(g.backordered, critical)
        self.shorted = _by_line(g.shorted, critical)
        self.waits = _by_line(g.waits, critical, about="reason")
        self.faults = _by_line(g.faults, critical, about="task", more="worker", reason="reason")
        self.allocations = _by_line(g.decided, critical, only=("family", find("allocation")), some="units")
        self.picks = _by_line(g.picked, critical, about="tour", some="units")
        self.arrived = _first(g.arrived, "handling_unit", about="station")
        self.serving = _first(g.serving, "handling_unit", about="station", more="worker")
        self.served = _first(g.served, "handling_unit")
        self.entered = _first(g.entered, "handling_unit", about="equipment")
        self.closed = _first(g.closed, "origin", about="handling_unit")
        self.turned_away = _first(g.turned_away, "handling_unit", about="location")
        self.staged = _first(g.staged, "handling_unit", about="location")
        self.loaded = _first(g.loaded, "handling_unit", about="trailer", more="worker")
        self.docked = _first(g.docked, "trailer", "cause")
        self.started = _first(g.pickers.started, "tour", "cause", about="worker")
        key = find("key")
        begun = _rows(g.begun, "task", None, "worker", "action")
        self.keyed = {task: fact for task, fact in reversed(begun) if fact.more == key}
        self.went_off = _first(g.pickers.ended, "tour")
        self._benches = _by(g.serving, "worker", about="handling_unit", more="order")
        decided = g.decided.columns()
        self._decision_seq: Ints = decided["seq"]
        self._decision_family: Ints = decided["family"]
        self.replenishment, self.for_release, self.for_worker = map(find, ("replenishment", "release", "worker"))
        self.taken_back = find("taken_back")
        self.totes: dict[int, list[int]] = defaultdict(list)
        for rows in self.batched.values():
            for fact in rows:
                self.totes[fact.about].append(fact.more)

    def family(self, seq: int) -> str | None:
        """The family of the decision of this seq; None if it is none."""
        at = int(np.searchsorted(self._decision_seq, seq))
        if at < len(self._decision_seq) and self._decision_seq[at] == seq:
            return self.names.name(int(self._decision_family[at]))
        return None

    def at_bench(self, worker: int, order: int, before_seq: int) -> int | None:
        """The tote of an order that a packer began last before a fact."""
        for fact in reversed(upto(self._benches.get(worker, []), before_seq)):
            if fact.more == order:
                return fact.about
        return None

    def handed_over_ms(self, tour: int) -> int | None:
        """When the totes of a tour left the hands of the picker; None while they have not.

        With a scanner the end of the task says so; on paper, which tells it late, the first tote at a belt or station.
        """
        known = [self.task_ended.get(tour), self.went_off.get(tour)]
        for tote in self.totes.get(tour, []):
            known += [self.entered.get(tote), self.arrived.get(tote)]
        return min((fact.at_ms for fact in known if fact is not None), default=None)


def last(facts: list[Fact], before_seq: int) -> Fact | None:
    """The last fact before a seq."""
    at = bisect_left(facts, (before_seq,))
    return facts[at - 1] if at else None


def upto(facts: list[Fact], before_seq: int) -> list[Fact]:
    """The facts before a seq."""
    return facts[: bisect_left(facts, (before_seq,))]


def _first(
    gathered: Gathered, key: str, cause: str | None = None, *, about: str | None = None, more: str | None = None
) -> dict[int, Fact]:
    found: dict[int, Fact] = {}
    for k, fact in _rows(gathered, key, cause, about, more):
        found.setdefault(k, fact)
    return found


def _by(gathered: Gathered, key: str, *, about: str | None = None, more: str | None = None) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = defaultdict(list)
    cause = "cause" if "cause" in gathered.wanted else None
    for k, fact in _rows(gathered, key, cause, about, more):
        found[k].append(fact)
    return found


def _rows(
    gathered: Gathered, key: str, cause: str | None, about: str | None, more: str | None
) -> list[tuple[int, Fact]]:
    columns = gathered.columns()
    none = [MISSING] * len(columns["seq"])
    taken = [columns[name].tolist() if name else none for name in ("seq", "at_ms", cause, about, more)]
    return list(zip(columns[key].tolist(), map(Fact._make, zip(*taken, strict=True)), strict=True))


def _by_line(
    gathered: Gathered, critical: set[Line], *, about: str | None = None, more: str | None = None,
    reason: str | None = None, only: tuple[str, int] | None = None, some: str | None = None,
) -> dict[Line, list[Fact]]:  # fmt: skip
    """By line; `reason` stands in for a cause; `only`: a column's value; `some`: a column that must be above 0."""
    columns = gathered.columns()
    keep = (columns["order"] != MISSING) & (columns["line"] != MISSING)
    if only is not None:
        keep &= columns[only[0]] == only[1]
    if some is not None:
        keep &= columns[some] > 0
    lines = line_keys(columns["order"], columns["line"])
    wanted = np.array(sorted(order * 2**31 + line for order, line in critical), dtype=np.int64)
    keep &= np.isin(lines, wanted)
    cause = reason or ("cause" if "cause" in columns else None)
    none = np.full(len(lines), MISSING, dtype=np.int64)
    taken = [(columns[name] if name else none)[keep].tolist() for name in ("seq", "at_ms", cause, about, more)]
    found: dict[Line, list[Fact]] = defaultdict(list)
    keys = zip(columns["order"][keep].tolist(), columns["line"][keep].tolist(), strict=True)
    for key, fact in zip(keys, map(Fact._make, zip(*taken, strict=True)), strict=True):
        found[key].append(fact)
    return found


def line_keys(order: Ints, line: Ints) -> Ints:
    """A line's id is its own within its order: both in one number."""
    return order * 2**31 + line
