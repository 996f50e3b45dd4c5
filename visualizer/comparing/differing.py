"""Where two recordings part: the first event that is not the same and the decision behind it, and all that follow.

Draws are keyed, so two runs of one scenario and seed are the same up to a decision. If something else differs first,
the runs are not comparable: another scenario, another version, or a leak. Pure functions of two recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np

from visualizer.feed import Record, Title
from visualizer.stored.fingerprints import COMPARED, SUBJECT, Decisions
from visualizer.stored.growing import Array

SLICE_EVENTS: Final = 131_072
SOON_EVENTS: Final = 4096
"""A decision that one run has and the other has not must not turn up there within so many events."""
BEHIND: Final = 256
"""How many decisions are looked through for the one behind an event."""

DECISIONS: Final = frozenset({"PolicyDecided", "CommandGiven"})
_WAYS: Final = ("kind", "line", "location", "origin", "destination", "value")
_BONDS: Final = ("order", "line", "task", "tour", "wave", "trailer", "handling_unit")

Verdict = Literal["decision", "incomparable", "ended"]
Reason = Literal["scenario", "seed", "version"]


class Compared(Protocol):
    """What is asked of a recording here."""

    events: int

    def of_events(self, first_seq: int, last_seq: int) -> Array:
        """A fingerprint for each event."""

    def decisions(self) -> Decisions:
        """Fingerprints of all decisions."""

    def records(self, seqs: list[int]) -> list[Record]:
        """Events by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first difference. `row`: the first event that is not the same, or the end of the shorter run.

    decision: `a` and `b` are what each run decided, None where it decided nothing. incomparable: they are the two
    events that differ. ended: all is the same up to where one run ends.
    """

    verdict: Verdict
    row: int
    at_ms: int
    a: Record | None
    b: Record | None


def first_difference(a: Compared, b: Compared, tell: Callable[[float], None] = lambda share: None) -> Difference | None:
    """Compare event by event; None if all are the same. `tell` hears the share that was compared, slice by slice."""
    size = min(a.events, b.events)
    row = size
    for start in range(0, size, SLICE_EVENTS):
        last = min(start + SLICE_EVENTS, size) - 1
        unlike = np.flatnonzero(a.of_events(start, last) != b.of_events(start, last))
        if len(unlike):
            row = start + int(unlike[0])
            break
        tell((last + 1) / size)
    if row == a.events == b.events:
        return None
    one, other = _record(a, row), _record(b, row)
    if one is None or other is None:
        end = one or other
        assert end is not None
        return Difference(verdict="ended", row=row, at_ms=end["at_ms"], a=one, b=other)
    return _judged(a, b, row, one, other)


def _judged(a: Compared, b: Compared, row: int, one: Record, other: Record) -> Difference:
    is_a, is_b = one["kind"] in DECISIONS, other["kind"] in DECISIONS
    at_ms = min(one["at_ms"], other["at_ms"])
    if is_a and is_b and _question(one) == _question(other):
        return Difference(verdict="decision", row=row, at_ms=at_ms, a=one, b=other)
    told = _command_told(a, b, row, at_ms)
    if told is not None:
        return Difference(verdict="decision", row=row, at_ms=at_ms, a=told[0], b=told[1])
    taken_a = is_a and one["at_ms"] <= other["at_ms"] and not _soon_in(b, row, a)
    taken_b = is_b and other["at_ms"] <= one["at_ms"] and not _soon_in(a, row, b)
    if taken_a or taken_b:
        return Difference(
            verdict="decision", row=row, at_ms=at_ms, a=one if taken_a else None, b=other if taken_b else None
        )
    behind = _decision_behind(a, b, row, one, other)
    if behind is not None:
        return Difference(verdict="decision", row=row, at_ms=behind[0]["at_ms"], a=behind[0], b=behind[1])
    return Difference(verdict="incomparable", row=row, at_ms=at_ms, a=one, b=other)


def _command_told(a: Compared, b: Compared, row: int, at_ms: int) -> tuple[Record | None, Record | None] | None:
    """The command of this instant that the runs were not given alike. What it does is told before it is."""
    lists = [run.decisions() for run in (a, b)]
    here = [np.flatnonzero(d.by_hand & (d.at_ms == at_ms) & (d.row >= row)) for d in lists]
    meant_a, meant_b = (d.question[h] ^ d.answer[h] for d, h in zip(lists, here, strict=True))
    alone_a = lists[0].row[here[0][~np.isin(meant_a, meant_b)]]
    alone_b = lists[1].row[here[1][~np.isin(meant_b, meant_a)]]
    if not len(alone_a) and not len(alone_b):
        return None
    return _first_of(a, alone_a), _first_of(b, alone_b)


def _first_of(run: Compared, rows: Array) -> Record | None:
    return run.records([int(rows[0])])[0] if len(rows) else None


def _record(run: Compared, row: int) -> Record | None:
    return run.records([row])[0] if row < run.events else None


def _question(record: Record) -> tuple[object, ...]:
    """Family and subject; where the answer is the subject, what remains of it."""
    family = record.get("family") or record.get("action")
    return (record["kind"], family, *(record.get(c) for c in SUBJECT if record.get(c) != record.get("choice")))


def _soon_in(run: Compared, row: int, taker: Compared) -> bool:
    """Is the decision that `taker` took at `row` taken a little later in `run`: then something else came between."""
    print_ = taker.of_events(row, row)[0]
    return bool((run.of_events(row, min(row + SOON_EVENTS, run.events) - 1) == print_).any())


def _decision_behind(a: Compared, b: Compared, row: int, one: Record, other: Record) -> tuple[Record, Record] | None:
    """The last decision before `row` that was taken in another manner and led to what differs.

    Some decisions name their choice by a word only (`tour`, `batch`): what they chose shows in what comes of them.
    """
    theirs, ours = a.decisions(), b.decisions()
    rows_a, rows_b = theirs.row < row, ours.row < row
    unlike = theirs.row[rows_a][theirs.manner[rows_a] != ours.manner[rows_b]]
    cause = one.get("cause")
    if cause is not None and cause == other.get("cause") and cause in unlike:
        return a.records([cause])[0], b.records([cause])[0]
    if all(one.get(c) == other.get(c) for c in _WAYS):
        return None
    seqs = unlike[-BEHIND:].tolist()
    pairs = list(zip(a.records(seqs), b.records(seqs), strict=True))
    return next((pair for pair in reversed(pairs) if _is_bound(pair[0], one, other)), None)


def _is_bound(decided: Record, one: Record, other: Record) -> bool:
    """Does a decision speak of something of which both events speak. A tour is the task of who walks it."""
    named = {decided[c] for c in _BONDS if c in decided}
    return all(named & {record[c] for c in _BONDS if c in record} for record in (one, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentDecisions:
    """Questions that both runs answered, and answered otherwise; in order of the earlier answer. -1: no answer there.

    `paired`: how many questions both answered. only_a, only_b: how many one of them alone.
    """

    rows_a: Array
    rows_b: Array
    at_ms: Array
    paired: int = 0
    only_a: int = 0
    only_b: int = 0

    def __len__(self) -> int:
        return len(self.rows_a)

    def next_after(self, at_ms: int, shown: int | None = None) -> int | None:
        """The place of the next one: behind the one `shown` where that is at this time, else the first later one."""
        if shown is not None and int(self.at_ms[shown]) == at_ms:
            return shown + 1 if shown + 1 < len(self) else None
        place = int(np.searchsorted(self.at_ms, at_ms, side="right"))
        return place if place < len(self) else None


def different_decisions(a: Compared, b: Compared, first: Difference | None = None) -> DifferentDecisions:
    """Pair decisions by question and occurrence, compare their answers. `first`, if it is a decision, leads the list.

    A command that one run alone was given counts; a decision that one run alone took is only counted in `only_a/b`.
    """
    ones, others = a.decisions(), b.decisions()
    _, numbers = np.unique(np.concatenate([ones.question, others.question]), return_inverse=True)
    number_a, number_b = numbers[: len(ones)], numbers[len(ones) :]
    nth_a, nth_b = _occurrence(number_a), _occurrence(number_b)
    span = max(int(nth_a.max(initial=0)), int(nth_b.max(initial=0))) + 1
    key_a, key_b = number_a * span + nth_a, number_b * span + nth_b
    _, at_a, at_b = np.intersect1d(key_a, key_b, assume_unique=True, return_indices=True)
    unlike = ones.answer[at_a] != others.answer[at_b]
    rows_a, rows_b = [ones.row[at_a[unlike]]], [others.row[at_b[unlike]]]
    at_ms = [np.minimum(ones.at_ms[at_a[unlike]], others.at_ms[at_b[unlike]])]
    for side, paired, mine, theirs in ((ones, at_a, rows_a, rows_b), (others, at_b, rows_b, rows_a)):
        alone = np.setdiff1d(np.flatnonzero(side.by_hand), paired)
        mine.append(side.row[alone])
        theirs.append(np.full(len(alone), -1, dtype=np.int64))
        at_ms.append(side.at_ms[alone])
    all_a, all_b, all_ms = (np.concatenate(parts).astype(np.int64) for parts in (rows_a, rows_b, at_ms))
    if first is not None and first.verdict == "decision":
        lead_a, lead_b = (-1 if r is None else int(r["seq"]) for r in (first.a, first.b))
        others_ = (all_a != lead_a) | (all_b != lead_b)
        all_a, all_b, all_ms = all_a[others_], all_b[others_], all_ms[others_]
        all_a, all_b = np.append(all_a, lead_a), np.append(all_b, lead_b)
        all_ms = np.append(all_ms, first.at_ms)
    earlier = np.where(all_a < 0, all_b, np.where(all_b < 0, all_a, np.minimum(all_a, all_b)))
    order = np.lexsort((earlier, all_ms))
    return DifferentDecisions(
        rows_a=all_a[order], rows_b=all_b[order], at_ms=all_ms[order], paired=len(at_a),
        only_a=len(ones) - len(at_a), only_b=len(others) - len(at_b),
    )  # fmt: skip


def _occurrence(numbers: Array) -> Array:
    """For each place, how many times its number stood before."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(ordered)])
    nth = np.empty(len(numbers), dtype=np.int64)
    nth[order] = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return nth


def reasons(a: Title, b: Title) -> tuple[Reason, ...]:
    """What the two runs say of themselves that is not the same and makes them incomparable."""
    said: tuple[tuple[Reason, object, object], ...] = (
        ("scenario", a.scenario, b.scenario), ("seed", a.seed, b.seed), ("version", a.version, b.version),
    )  # fmt: skip
    return tuple(name for name, one, other in said if one != other)


def columns_that_differ(one: Record, other: Record) -> tuple[str, ...]:
    """The columns in which two events are not the same."""
    return tuple(c for c in COMPARED if one.get(c) != other.get(c))
