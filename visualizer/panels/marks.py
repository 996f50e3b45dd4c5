"""What stands on the timeline: incidents, saturation, decisions, questions, flags; and when people are on break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from twin.events.columns import MISSING
from visualizer.drawing.written import lasting
from visualizer.feed import Feed
from visualizer.store import Store
from visualizer.words import Language, word

Sort = Literal["incident", "saturation", "decision", "question", "flag"]
SERIOUS: Final[dict[Sort, int]] = {"flag": 0, "decision": 1, "saturation": 2, "question": 3, "incident": 4}
"""Which of several marks in one place is drawn."""
ONE_BREAK_MS: Final = 120_000
"""Breaks nearer than this are one band."""
_ASKED: Final[dict[str, tuple[str, ...]]] = {
    "EquipmentFailed": ("equipment", "worker", "reason"),
    "EquipmentRepaired": ("equipment",),
    "WorkerAbsent": ("worker", "reason"),
    "CommandGiven": ("action", "actor", "choice", "location", "worker", "equipment", "station", "order", "duration_ms",
                     "cause", "status"),
    "DecisionAsked": ("action", "actor", "choice", "due_ms"),
    "BreakStarted": ("duration_ms",),
}  # fmt: skip
_CAUSES_TROUBLE: Final = frozenset({"block_aisle", "inject_fault"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the timeline. `until_ms`: until when it is open (an incident lasts, a question waits); None: for ever.

    `what` are words to be said with `word(group, name)`; `who` an id as it is.
    """

    at_ms: int
    sort: Sort
    what: tuple[str, str]
    who: str = ""
    until_ms: int | None = 0
    row: int = -1

    def is_open(self, at_ms: int) -> bool:
        """Whether it is under way at a time."""
        return self.at_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)

    def told(self, at_ms: int, language: Language) -> str:
        """What, who, and how long it took or takes."""
        parts = [word(*self.what, language)]
        if self.who:
            parts.append(self.who.rsplit("/", 2)[-1] if self.who.count("/") < 2 else self.who.split("/", 1)[1])
        if self.until_ms is None or self.until_ms > self.at_ms:
            end_ms = at_ms if self.until_ms is None else min(self.until_ms, max(at_ms, self.at_ms))
            if end_ms > self.at_ms:
                parts.append(lasting(end_ms - self.at_ms))
        return " · ".join(parts)


def flag(at_ms: int, *, is_breakpoint: bool = False) -> Mark:
    """A bookmark, or a breakpoint at a time."""
    return Mark(at_ms, "flag", ("timeline", "breakpoint" if is_breakpoint else "bookmark"))


class Marks:
    """Follows a store: what its feed says of the few kinds that make marks is read when there are more of them."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.breaks: list[tuple[int, int]] = []
        """From and to, in order, without overlap."""
        self.version = 0
        self._seen: dict[str, int] = {}
        self._told: list[Mark] = []
        self._saturations = 0

    def follow(self, feed: Feed, store: Store) -> None:
        """Take what came."""
        seen = {kind: len(store.rows_of(kind)) for kind in _ASKED}
        saturations = store.saturations_version
        if seen == self._seen and saturations == self._saturations:
            return
        self.version += 1
        if seen != self._seen:
            told = {kind: _rows(feed, kind, len(store)) for kind, count in seen.items() if count}
            self._told = [*_failures(told), *_absences(told), *_commands(told), *_questions(told)]
            pauses = ((row["at_ms"], row["at_ms"] + row["duration_ms"]) for row in told.get("BreakStarted", ()))
            self.breaks = _bands(pauses)
        self._seen, self._saturations = seen, saturations
        self.marks = sorted([*self._told, *_saturations(store)], key=lambda mark: (mark.at_ms, mark.row, mark.who))

    def incidents(self) -> list[Mark]:
        """Incidents alone, in order."""
        return [mark for mark in self.marks if mark.sort == "incident"]


def next_mark(marks: Iterable[Mark], at_ms: int, by: int) -> Mark | None:
    """The first mark after a time, or with `by` below 0 the last before it."""
    if by > 0:
        return min((m for m in marks if m.at_ms > at_ms), key=lambda m: m.at_ms, default=None)
    return max((m for m in marks if m.at_ms < at_ms), key=lambda m: m.at_ms, default=None)


def next_of_kind(store: Store, kind: str, row: int, by: int) -> int | None:
    """The event of a kind that follows an event, or with `by` below 0 the one before it, by number; None for none."""
    rows = store.rows_of(kind)
    at = int(np.searchsorted(rows, row, side="right" if by > 0 else "left")) - (0 if by > 0 else 1)
    return int(rows[at]) if 0 <= at < len(rows) else None


def _rows(feed: Feed, kind: str, upto: int) -> list[dict[str, Any]]:
    columns = feed.columns(kind, _ASKED[kind])
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    rows = [dict(zip(columns, row, strict=True)) for row in values]
    return sorted((row for row in rows if row["row"] < upto), key=lambda row: int(row["row"]))


Rows = dict[str, list[dict[str, Any]]]


def _failures(told: Rows) -> list[Mark]:
    ends: dict[str, list[dict[str, Any]]] = {}
    for row in told.get("EquipmentRepaired", ()):
        ends.setdefault(row["equipment"], []).append(row)
    found = []
    for row in told.get("EquipmentFailed", ()):
        end = next((e["at_ms"] for e in ends.get(row["equipment"], ()) if e["row"] > row["row"]), None)
        who = row["worker"] or row["equipment"]
        found.append(Mark(row["at_ms"], "incident", ("reason", str(row["reason"])), str(who), end, row["row"]))
    return found


def _absences(told: Rows) -> list[Mark]:
    return [
        Mark(row["at_ms"], "incident", ("event", "WorkerAbsent"), str(row["worker"]), 0, row["row"])
        for row in told.get("WorkerAbsent", ())
    ]


def _commands(told: Rows) -> list[Mark]:
    found = []
    for row in told.get("CommandGiven", ()):
        sort: Sort = "incident" if row["action"] in _CAUSES_TROUBLE and row["status"] != "refused" else "decision"
        whom = next((row[c] for c in ("location", "station", "worker", "equipment", "order", "choice") if row[c]), "")
        end = row["at_ms"] + row["duration_ms"] if sort == "incident" and row["duration_ms"] != MISSING else 0
        found.append(Mark(row["at_ms"], sort, ("order", str(row["action"])), str(whom), end, row["row"]))
    return found


def _questions(told: Rows) -> list[Mark]:
    """A question waits until it is answered or its time is up."""
    answers = {row["cause"]: row["at_ms"] for row in told.get("CommandGiven", ()) if row["cause"] != MISSING}
    return [
        Mark(row["at_ms"], "question", ("question", str(row["action"])), "", answers.get(row["row"], row["due_ms"]),
             row["row"])
        for row in told.get("DecisionAsked", ())
    ]  # fmt: skip


def _saturations(store: Store) -> list[Mark]:
    """From when it is an alert; what goes on may yet become one, at a time that is still to come."""
    return [
        Mark(one.raised_ms, "saturation", ("saturated", one.sort), one.name, one.until_ms)
        for one in store.saturations()
    ]


def _bands(spells: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    bands: list[tuple[int, int]] = []
    for start, end in sorted(spells):
        if bands and start <= bands[-1][1] + ONE_BREAK_MS:
            bands[-1] = (bands[-1][0], max(bands[-1][1], end))
        else:
            bands.append((start, end))
    return bands
