"""What is told of one order and of all that carried it; its time parted by the observers' own fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.events.columns import MISSING, NAMES
from twin.events.names import Names
from twin.observers.order_times import OrderTimes
from twin.observers.time_parts import STATES, Step
from visualizer.feed import Feed, Record

_NAMES = frozenset(NAMES)
_HANDED_OVER = ("BeltEntered", "StationArrived")
_OF_TRAILERS = frozenset({"TrailerArrived", "TrailerDocked", "TrailerDeparted"})
MOST = 4000
"""Events asked for of one thing that an order met."""


@dataclass(frozen=True, slots=True)
class OrderTime:
    """Where its time went up to `until_ms`; the parts add up to `until_ms` less `received_ms`."""

    state: str
    line: str | None
    received_ms: int
    until_ms: int
    parts_ms: Mapping[str, int]
    steps: tuple[Step, ...]

    @property
    def whole_ms(self) -> int:
        """Its time so far."""
        return self.until_ms - self.received_ms


def facts_of_order(feed: Feed, order: str, last_seq: int | None = None) -> list[Record]:
    """All events that its time rests on: its own, its tours' and their pickers', its totes', its trailers'."""
    own = feed.history("order", order, last_seq, MOST)
    found: dict[int, Record] = {r["seq"]: r for r in own}

    def more(records: Iterable[Record]) -> None:
        for record in records:
            found.setdefault(record["seq"], record)

    for unit in sorted(_of(own, "handling_unit") | _of(own, "origin")):
        more(feed.history("handling_unit", unit, last_seq, MOST))
    for tour in sorted(_of(own, "tour")):
        of_tour = feed.history("tour", tour, last_seq, MOST)
        of_task = feed.history("task", tour, last_seq, MOST)
        more(of_tour)
        more(of_task)
        more(_of_pickers(feed, of_tour, of_task, last_seq))
        totes = {r["handling_unit"] for r in of_tour if r["kind"] == "OrderBatched"}
        begun = min((r["seq"] for r in of_tour if r["kind"] == "TourStarted"), default=None)
        if begun is not None:
            own_totes = {r["handling_unit"] for r in own if r["kind"] == "OrderBatched"}
            off = [r["seq"] for r in found.values() if r["kind"] in _HANDED_OVER and r["handling_unit"] in own_totes]
            if off:
                passed = feed.records(begun, min(off), _HANDED_OVER)
                more(r for r in passed if r["handling_unit"] in totes)
    for trailer in sorted(_of(own, "trailer")):
        more(r for r in feed.history("trailer", trailer, last_seq, MOST) if r["kind"] in _OF_TRAILERS)
    for cause in sorted({r["cause"] for r in found.values() if "cause" in r and r.get("order") == order} - set(found)):
        more(feed.records(cause, cause))
    return [found[seq] for seq in sorted(found)]


def _of(records: Iterable[Record], column: str) -> set[str]:
    return {r[column] for r in records if column in r}


def _of_pickers(
    feed: Feed, of_tour: Sequence[Record], of_task: Sequence[Record], last_seq: int | None
) -> Iterable[Record]:
    """What the picker of a tour did between its start and the end of the work."""
    started = next((r for r in of_tour if r["kind"] == "TourStarted"), None)
    if started is None:
        return
    worker = started["worker"]
    began = [r["seq"] for r in (*of_tour, *of_task) if r["kind"] == "WorkStarted" and r.get("worker") == worker]
    ended = [r["seq"] for r in (*of_tour, *of_task) if r["kind"] == "WorkEnded" and r.get("worker") == worker]
    first = min([started["seq"], *began])
    upto = max(ended) if ended else last_seq
    for record in feed.history("worker", worker, upto, MOST):
        if record["seq"] >= first:
            yield record


def time_of_order(facts: Sequence[Record], order: str, last_seq: int, at_ms: int) -> OrderTime | None:
    """The order's time as it stands at `at_ms`, after event `last_seq`; None if it was not received by then."""
    known = [r for r in facts if r["seq"] <= last_seq]
    by_kind: dict[str, list[Record]] = {}
    for record in known:
        by_kind.setdefault(record["kind"], []).append(record)
    told, names = OrderTimes(), Names()
    for gathered in told.gathered.all:
        rows = by_kind.get(gathered.kind, [])
        columns = {
            column: np.array([_code(row.get(column), column, names) for row in rows], dtype=np.int64)
            for column in gathered.wanted
        }
        gathered.put(columns, names)
    times = told.times(at_ms)
    row = times.find(order)
    if row is None:
        return None
    return OrderTime(
        STATES[int(times.state[row])], names.name(int(times.line[row])), int(times.received_ms[row]),
        int(times.end_ms[row]), {part: int(column[row]) for part, column in times.parts.items() if column[row]},
        tuple(times.steps(row)),
    )  # fmt: skip


def _code(value: object, column: str, names: Names) -> int:
    if value is None:
        return MISSING
    return names.codes[str(value)] if column in _NAMES else int(str(value))
