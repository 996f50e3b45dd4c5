"""The same shift again, otherwise: without decisions, with the expert's, without one of the trainee's; headless."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from twin.domain.refusals import Refusal
from twin.events.chunk import Chunk
from twin.observers.congestion import Congestion
from twin.run.lesson_file import FITTING, TRAINER, Lesson
from twin.run.running import run_scenario
from twin.run.scoring import CostLike, mean_reaction_min
from twin.run.workers import pool_of
from twin.spec.work import CostsSpec

NOT_TRAINEES = (TRAINER, "policy")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shift:
    """A run to be made: after the incidents these commands, under these policies, on this seed."""

    seed: int
    commands: tuple[Any, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deed:
    """A command as the run has it on record. `status`: done, refused, or waiting: the WMS has not heard it yet."""

    at_ms: int
    action: str
    actor: str
    status: str = "done"
    why: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ShiftResult:
    """What came of a shift. `costlike`: by part, less is better; `reactions`: minutes by incident, None: none."""

    costlike: CostLike
    kpis: Mapping[str, Any]
    reactions: Mapping[str, float | None]
    deeds: tuple[Deed, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class IncidentAt:
    """An incident with its time and the actions that answer it (none: any)."""

    name: str
    at_ms: int
    action: str
    answers: tuple[str, ...]


def incidents_of(lesson: Lesson, injected: Sequence[Any]) -> list[IncidentAt]:
    """Those of the plan, and those that the trainer injected besides."""
    found = [IncidentAt(i.name, at, i.command.action, i.answers) for at, i in lesson.scheduled()]
    found += [
        IncidentAt(f"trainer-{n}", c.when_ms(lesson.calendar), c.action, FITTING.get(c.action, ()))
        for n, c in enumerate(injected, 1)
    ]
    return sorted(found, key=lambda i: i.at_ms)


def cost_per_order(kpis: Mapping[str, Any], costs: CostsSpec, *, counts_wrong: bool = True) -> float | None:
    """Hours, their surcharge, and what late and wrong orders cost, per shipped order; who knows the wrong ones?"""
    hours, overtime = kpis["labour_cost"], kpis["overtime_cost"]
    if hours is None or overtime is None:
        return None
    orders_wrong = kpis["orders_wrong"] if counts_wrong else 0
    wrong = orders_wrong * (costs.per_wrong_order + costs.returns_per_wrong_order * costs.per_return)
    money = hours + overtime * costs.overtime_share + kpis["orders_late"] * costs.per_late_order + wrong
    return float(money) / max(1, int(kpis["orders_shipped"]))


def reactions_of(incidents: Sequence[IncidentAt], deeds: Sequence[Deed]) -> dict[str, float | None]:
    """Simulated minutes from each incident to the first fitting command at or after it; None: there was none.

    Only what was done counts: not what was refused, at once or when the WMS came back, nor what it has not heard yet.
    """
    own = sorted((d.at_ms, d.action) for d in deeds if d.actor not in NOT_TRAINEES and d.status == "done")
    found: dict[str, float | None] = {}
    for incident in incidents:
        answers = [at for at, action in own if at >= incident.at_ms and action in (incident.answers or (action,))]
        found[incident.name] = (answers[0] - incident.at_ms) / 60_000 if answers else None
    return found


class Deeds:
    """A sink that gathers commands, and of those that waited for the WMS what it answered."""

    def __init__(self) -> None:
        self._found: dict[int, Deed] = {}

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        name = chunk.names.name
        rows = chunk.rows("CommandGiven")
        columns = [chunk.take(c, rows).tolist() for c in ("at_ms", "action", "actor", "status", "detail")]
        for seq, at_ms, action, actor, status, detail in zip(rows + chunk.first_seq, *columns, strict=True):
            self._found[int(seq)] = Deed(at_ms, str(name(action)), str(name(actor)), str(name(status)), _why(detail))
        rows = chunk.rows("CommandAnswered")
        columns = [chunk.take(c, rows).tolist() for c in ("cause", "status", "detail")]
        for cause, status, detail in zip(*columns, strict=True):
            self._found[cause] = replace(self._found[cause], status=str(name(status)), why=_why(detail))

    def all(self) -> tuple[Deed, ...]:
        """All so far, in order."""
        return tuple(self._found.values())


def _why(detail: str) -> Refusal | None:
    why = json.loads(detail).get("why")
    return None if why is None else Refusal(**why)


def run_shift(lesson: Lesson, injected: Sequence[Any], shift: Shift) -> ShiftResult:
    """One run, and its figures."""
    congestion, deeds = Congestion(), Deeds()
    result = run_scenario(
        lesson.loaded, seed=shift.seed, policies=shift.policies, sinks=[congestion, deeds],
        commands=[*lesson.incident_commands(), *injected, *shift.commands],
    )  # fmt: skip
    done = deeds.all()
    reactions = reactions_of(incidents_of(lesson, injected), done)
    reaction = mean_reaction_min(list(reactions.values()), lesson.spec.react_within_min)
    costlike = costlike_of(lesson, result.kpis, congestion.hours(lesson.horizon_ms), reaction)
    return ShiftResult(costlike, result.kpis, reactions, done, result.digest)


def costlike_of(
    lesson: Lesson, kpis: Mapping[str, Any], congestion_h: float, reaction_min: float | None, *,
    sees_floor: bool = True,
) -> dict[str, float | None]:  # fmt: skip
    """By part the figure of a shift of which less is better; of the book, which orders were late, not which wrong."""
    good = kpis["perfect_order_rate" if sees_floor else "on_time_shipment"]
    return {
        "service": None if good is None else 1.0 - float(good),
        "cost": cost_per_order(kpis, lesson.loaded.spec.costs, counts_wrong=sees_floor),
        "congestion": congestion_h,
        "reaction": reaction_min,
    }


def run_shifts(
    lesson: Lesson, injected: Sequence[Any], shifts: Sequence[Shift], *, workers: int = 1,
    progress: Progress | None = None,
) -> list[ShiftResult]:  # fmt: skip
    """Many runs, several at a time; the results do not depend on how many.

    What `progress` raises ends them: those that wait are not begun.
    """
    done: list[ShiftResult] = []
    if workers <= 1 or len(shifts) < 2:
        for shift in shifts:
            done.append(run_shift(lesson, injected, shift))
            if progress is not None:
                progress(len(done), len(shifts))
        return done
    with pool_of(min(workers, len(shifts))) as pool:
        try:
            for result in pool.map(run_shift, *zip(*((lesson, injected, s) for s in shifts), strict=True)):
                done.append(result)
                if progress is not None:
                    progress(len(done), len(shifts))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done
