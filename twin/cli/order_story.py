"""One order's time told in sentences: what it waited for and why, who worked on it, how long each took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from twin.domain.calendar import DAY_MS, Calendar
from twin.observers.time_parts import Step

Decisions = Mapping[int, Mapping[str, Any]]
_ON_TOUR = ("aisle", "walking", "search_and_pick", "scan_and_retry", "cart", "other")
_SHORT = {
    "aisle": "waiting at a full aisle", "walking": "walking", "search_and_pick": "searching and picking",
    "scan_and_retry": "scans, ticks and replies of the WMS", "cart": "with the cart before and after",
    "other": "unexplained",
}  # fmt: skip
_SAYS = {
    ("promise", ""): "It waited {for_} to be promised",
    ("stock", "hold"): "It was held back {for_} until stock covered the whole order",
    ("stock", "goods"): "The line waited {for_} for goods to come",
    ("stock", "move"): "The line waited {for_} for goods on their way to the pick face",
    ("release", ""): "It waited {for_} for its release{wave}",
    ("batch", ""): "It waited {for_} in the pool for a picker to ask for work",
    ("worker", ""): "Its pick task waited {for_} for {worker}",
    ("keying", "tray"): "Its sheet lay {for_} in the tray",
    ("keying", "sheet"): "{worker} keyed its sheet, {for_}",
    ("keying", "report"): "The report waited {for_} for the WMS",
    ("conveyor", ""): "It rode {for_} on {place}, the wait before it included",
    ("conveyor", "queue"): "It waited {for_} before the belt",
    ("packing", "place"): "It waited {for_} for a place at a pack station",
    ("packing", "queue"): "It waited {for_} in the queue of {place}",
    ("packing", "bench"): "{worker} packed it at {place}, {for_}",
    ("staging", ""): "It was carried to {place}, {for_}",
    ("lane", ""): "It waited {for_} for a place in {place}",
    ("truck", "trailer"): "It stood {for_} in its lane until {trailer} came to a door",
    ("truck", "loading"): "It waited {for_} to be loaded into {trailer}",
    ("truck", "departure"): "It stood {for_} in {trailer} until that left",
    ("other", ""): "What happened for {for_} no fact explains",
}


def span(ms: float) -> str:
    """A length of time: 12.3 s, 4:05 min, 3:20:00 h."""
    if abs(ms) < 60_000:
        return f"{ms / 1000:.1f} s"
    seconds = round(abs(ms) / 1000)
    sign = "-" if ms < 0 else ""
    if seconds < 3600:
        return f"{sign}{seconds // 60}:{seconds % 60:02d} min"
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d} h"


def clock(calendar: Calendar, at_ms: int) -> str:
    """`Mon 06:41:10`, the weekday because a run may last for weeks."""
    return f"{_DAYS[calendar.weekday(calendar.day_of(at_ms))]} {calendar.clock(at_ms)}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_and_clock(calendar: Calendar, at_ms: int) -> str:
    """`2026-03-02 06:41:10`."""
    return calendar.stamp(at_ms - at_ms % 1000).replace("T", " ")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and the stretch of time that it tells of."""

    from_ms: int
    to_ms: int
    sentence: str


def story(steps: Sequence[Step], decisions: Decisions, carried: Mapping[str, str], *, open_: bool) -> list[Told]:
    """The sentences; `carried`: of each tour step's worker, what else to say of the tour. Steps of a tour are one."""
    told: list[Told] = []
    said = -1
    numbered = list(enumerate(steps))
    for (on_tour, _), group in groupby(
        numbered, key=lambda x: (_is_tour(x[1]), x[1].cause if _is_tour(x[1]) else x[0])
    ):
        mine = [step for _, step in group]
        first, last = mine[0], mine[-1]
        if on_tour:
            sentence = _tour(mine, decisions, carried)
        else:
            sentence = _plain(first, decisions if first.cause != said else {})
        said = -1 if first.cause is None else first.cause
        if open_ and last is steps[-1]:
            sentence = sentence.rstrip(".") + ", and does so still."
        told.append(Told(first.from_ms, last.to_ms, sentence))
    return told


def _is_tour(step: Step) -> bool:
    return step.part in _ON_TOUR and step.worker is not None


def _tour(steps: list[Step], decisions: Decisions, carried: Mapping[str, str]) -> str:
    took: dict[str, int] = {}
    for step in steps:
        took[step.part] = took.get(step.part, 0) + step.duration_ms
    parts = [f"{span(ms)} {_SHORT[part]}" for part, ms in sorted(took.items(), key=lambda row: -row[1])]
    whole = steps[-1].to_ms - steps[0].from_ms
    about = carried.get(str(steps[0].cause), "")
    why = _why(steps[0], decisions)
    return f"{steps[0].worker} was on the tour for it, {span(whole)}{about}: {', '.join(parts)}{why}."


def _plain(step: Step, decisions: Decisions) -> str:
    says = _SAYS.get((step.part, step.deed)) or _SAYS.get((step.part, ""), f"{step.part} {step.deed}, {{for_}}")
    wave = f" with wave {step.place}" if step.part == "release" and step.place else ""
    said = says.format(
        for_=span(step.duration_ms), worker=step.worker or "a picker", place=step.place or "its lane",
        trailer=step.place or "a trailer", wave=wave,
    )  # fmt: skip
    return f"{said}{_why(step, decisions)}."


def _why(step: Step, decisions: Decisions) -> str:
    """The decision behind a step: policy, number, choice, out of how many."""
    found = None if step.cause is None else decisions.get(step.cause)
    if found is None:
        return ""
    many = found.get("candidates")
    of = "" if not many else ", 1 candidate" if many == 1 else f", {many:,} candidates"
    return f" ({found['family']} by {found['policy']}: {found['choice']}{of}; decision {step.cause})"


def due_text(calendar: Calendar, due_ms: int | None, end_ms: int | None) -> str:
    """When it was due, and by how much that was missed."""
    if due_ms is None:
        return "no due time"
    text = f"due {day_and_clock(calendar, due_ms)}"
    if end_ms is not None and end_ms > due_ms:
        late = end_ms - due_ms
        text += f", late by {span(late)}" if late < DAY_MS else f", late by {late / DAY_MS:.1f} days"
    return text
