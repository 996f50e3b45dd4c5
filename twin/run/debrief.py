"""What an exercise was worth: the score against doing nothing and against the reference, and each decision's part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twin.domain.refusals import Refusal
from twin.run.commands import as_mapping
from twin.run.counterfactuals import (
    Deed,
    IncidentAt,
    Progress,
    Shift,
    ShiftResult,
    incidents_of,
    run_shifts,
)
from twin.run.lesson_file import TRAINER, Lesson
from twin.run.lesson_noise import noise_of, reference_shift
from twin.run.scoring import WEIGHTS, Part, score, total_of

SCHEMA = "twin.training/1"
FIGURES = (
    "orders_received", "orders_shipped", "orders_unfinished", "orders_late", "orders_wrong", "on_time_shipment",
    "perfect_order_rate", "order_picking_accuracy", "inventory_record_accuracy", "fill_rate", "lines_per_labour_h",
    "labour_cost", "overtime_hours", "aisle_blocked_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionWorth:
    """One command of the trainee. `worth`: points lost without it; None where nothing is scored, or it was refused.

    `status`: done, refused (`why`), or waiting: the WMS was down to the end.
    """

    command: Mapping[str, Any]
    status: str
    why: Refusal | None
    worth: float | None
    without: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Debrief:
    """The outcome of an exercise."""

    lesson: Lesson
    none: ShiftResult
    reference: ShiftResult
    trainee: ShiftResult
    parts: tuple[Part, ...]
    incidents: tuple[IncidentAt, ...]
    decisions: tuple[DecisionWorth, ...]

    @property
    def score(self) -> float | None:
        """Points of 100; None where nothing is scored."""
        return total_of(self.parts)

    @property
    def passed(self) -> bool | None:
        """Whether the pass mark was reached."""
        return None if self.score is None else self.score >= self.lesson.spec.pass_mark

    def as_json(self) -> dict[str, Any]:
        """The answer of `twin train --json`."""
        spec, runs = self.lesson.spec, {"none": self.none, "reference": self.reference, "trainee": self.trainee}
        shown = None if self.score is None else round(self.score, 2)
        return {
            "schema": SCHEMA, "lesson": spec.name, "scenario": self.lesson.loaded.spec.name, "seed": spec.seed,
            "lesson_sha256": self.lesson.sha256, "horizon_h": self.lesson.loaded.spec.horizon_h, "score": shown,
            "pass_mark": spec.pass_mark, "passed": self.passed,
            "parts": [
                {
                    **{k: v for k, v in asdict(p).items() if k != "half_width"},
                    "half_width": p.half_width if p.half_width < float("inf") else None, "scored": p.scored,
                }
                for p in self.parts
            ],
            "figures": {name: {run: r.kpis.get(name) for run, r in runs.items()} for name in FIGURES},
            "incidents": [
                {
                    "name": i.name, "at_ms": i.at_ms, "action": i.action,
                    "reaction_min": self.trainee.reactions[i.name],
                    "reference_min": self.reference.reactions[i.name],
                }
                for i in self.incidents
            ],
            "decisions": [
                {
                    "command": dict(d.command), "refused": d.status == "refused", "status": d.status, "why": d.why,
                    "worth": d.worth, "without": dict(d.without),
                }
                for d in self.decisions
            ],
            "digests": {run: r.digest for run, r in runs.items()},
        }  # fmt: skip


def split(lesson: Lesson, given: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The trainer's incidents beside the plan, and the trainee's decisions; a plan on record is known again."""
    calendar = lesson.calendar
    planned = [as_mapping(c.when_ms(calendar), c) for c in lesson.incident_commands()]
    injected, decisions = [], []
    for command in given:
        if command.actor != TRAINER:
            decisions.append(command)
        elif (told := as_mapping(command.when_ms(calendar), command)) in planned:
            planned.remove(told)
        else:
            injected.append(command)
    return injected, decisions


def debrief(
    lesson: Lesson, given: Sequence[Any], *, workers: int = 1, worth: bool = True, progress: Progress | None = None,
    noise_folder: Path | None = None,
) -> Debrief:  # fmt: skip
    """Run the shift as it was, without decisions, with the reference, and without each decision; and score it."""
    injected, decisions = split(lesson, given)
    seed = lesson.spec.seed
    shifts = [Shift(seed), reference_shift(lesson), Shift(seed, tuple(decisions))]
    if worth:
        shifts += [Shift(seed, tuple(c for c in decisions if c is not one)) for one in decisions]
    none, reference, trainee, *without = run_shifts(lesson, injected, shifts, workers=workers, progress=progress)
    noise = dict.fromkeys(WEIGHTS, float("inf"))
    if lesson.has_reference:
        noise = noise_of(lesson, injected, none, reference, workers=workers, progress=progress, folder=noise_folder)
    parts = score(none.costlike, reference.costlike, trainee.costlike, noise)
    rows = []
    deeds = deeds_of(lesson, decisions, trainee.deeds)
    for n, command in enumerate(decisions):
        told = as_mapping(command.when_ms(lesson.calendar), command)
        other = without[n] if worth else None
        rows.append(_worth(told, deeds[n], parts, none, reference, other, noise))
    incidents = tuple(incidents_of(lesson, injected))
    return Debrief(lesson, none, reference, trainee, tuple(parts), incidents, tuple(rows))


def deeds_of(lesson: Lesson, given: Sequence[Any], record: Sequence[Deed]) -> list[Deed]:
    """What came of commands, by the record: those of one time and action in their order."""
    left = list(record)
    found = []
    for command in given:
        at = command.when_ms(lesson.calendar)
        mine = next(d for d in left if (d.at_ms, d.action, d.actor) == (at, command.action, command.actor))
        left.remove(mine)
        found.append(mine)
    return found


def _worth(
    told: Mapping[str, Any], deed: Deed, parts: Sequence[Part], none: ShiftResult, reference: ShiftResult,
    without: ShiftResult | None, noise: Mapping[str, float],
) -> DecisionWorth:  # fmt: skip
    total = total_of(parts)
    figures = without.costlike if without is not None else {}
    if without is None or deed.status == "refused" or total is None:
        return DecisionWorth(told, deed.status, deed.why, None, figures)
    other = total_of(score(none.costlike, reference.costlike, without.costlike, noise))
    return DecisionWorth(told, deed.status, deed.why, None if other is None else round(total - other, 2), figures)
