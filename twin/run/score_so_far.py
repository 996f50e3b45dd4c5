"""The score while an exercise goes on: it, doing nothing and the reference are run aside and read at one instant.

The figures of all three are those of the same time, so the points are honest as far as they go. They are provisional:
what is chance is known in the debrief only, where the weights of what is not scored go to the other parts. A part in
which doing nothing and the reference hardly differ yet has no points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from twin.events.chunk import Chunk
from twin.observers.congestion import Congestion
from twin.observers.watch import compute
from twin.run.commands import in_order
from twin.run.counterfactuals import Deeds, IncidentAt, Shift, costlike_of, incidents_of, reactions_of
from twin.run.debrief import split
from twin.run.lesson_file import TRAINER, Lesson
from twin.run.lesson_noise import reference_shift
from twin.run.running import Run, context_of
from twin.run.scoring import WEIGHTS, CostLike, Part, mean_reaction_min, score

CLEAR_SHARE = 0.02
"""The reference differs from doing nothing when it spares at least this share of the figure."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """The parts up to a time: as they are, and as far as the book knows, which has wrong orders for right ones."""

    at_ms: int
    floor: tuple[Part, ...]
    book: tuple[Part, ...]


class Course:
    """One shift that is run along."""

    def __init__(self, lesson: Lesson, shift: Shift, injected: Sequence[Any] = ()) -> None:
        self.lesson = lesson
        self._given = list(shift.commands)
        self._injected = list(injected)
        self._congestion, self._deeds = Congestion(), Deeds()
        self._run = Run(
            lesson.loaded, seed=shift.seed, policies=shift.policies, sinks=[self], commands=self._commands(),
        )  # fmt: skip
        self._context = context_of(self._run.spec, self._run.premises)

    def fold(self, chunk: Chunk, /) -> None:
        """Look on at the run: waits and commands."""
        self._congestion.fold(chunk)
        self._deeds.fold(chunk)

    def _commands(self) -> list[Any]:
        return [*self.lesson.incident_commands(), *self._injected, *self._given]

    def take(self, command: Any) -> None:
        """A command of the exercise comes here too, unless its time is past already: give it before looking further."""
        (self._injected if command.actor == TRAINER else self._given).append(command)
        now = self._run.world.env.now
        planned = in_order(self._commands(), self.lesson.calendar, self.lesson.horizon_ms)
        self._run.commands = [(at_ms, one) for at_ms, one in planned if at_ms >= now]

    def costlike(self, incidents: Sequence[IncidentAt], at_ms: int, *, sees_floor: bool) -> CostLike:
        """By part the figure at the end of an instant; an incident not answered yet counts as long as it is open."""
        self._come_to(at_ms)
        within = self.lesson.spec.react_within_min
        begun = [i for i in incidents if i.at_ms <= at_ms]
        answers = reactions_of(begun, self._deeds.all())
        spans = [
            min(within, (at_ms - i.at_ms) / 60_000) if (r := answers[i.name]) is None else min(r, within) for i in begun
        ]
        found = costlike_of(
            self.lesson, self._kpis, self._congestion.hours(at_ms), mean_reaction_min(spans, within),
            sees_floor=sees_floor,
        )  # fmt: skip
        has_cost = self._kpis["orders_shipped"] or at_ms >= self.lesson.horizon_ms
        return found if has_cost else {**found, "cost": None}  # money per order says nothing before there is one

    _at_ms = -1
    _kpis: Mapping[str, Any]

    def _come_to(self, at_ms: int) -> None:
        if at_ms == self._at_ms:
            return
        run = self._run
        run.advance(at_ms + 1)
        run.stream.seal()
        assert run.watch is not None
        self._at_ms, self._kpis = at_ms, compute(run.watch, replace(self._context, horizon_ms=at_ms))

    def digest(self) -> str:
        """Of the whole shift: it is run to its end."""
        self._run.advance(self._run.premises.horizon_ms)
        return self._run.finish().digest


class ScoreSoFar:
    """An exercise and the two runs that it is measured against, kept in step."""

    def __init__(self, lesson: Lesson, given: Sequence[Any] = ()) -> None:
        """`given`: what was before. A lesson without a reference has figures, not points."""
        self.lesson = lesson
        self._injected, decisions = split(lesson, given)
        seed, injected = lesson.spec.seed, self._injected
        self.own = Course(lesson, Shift(seed, tuple(decisions)), injected)
        self.none = Course(lesson, Shift(seed), injected) if lesson.has_reference else None
        self.reference = Course(lesson, reference_shift(lesson), injected) if lesson.has_reference else None

    def given(self, command: Any) -> None:
        """A command of the exercise; only a trainer's is carried out in the other runs."""
        self.own.take(command)
        if command.actor != TRAINER:
            return
        self._injected.append(command)
        for course in (self.none, self.reference):
            if course is not None:
                course.take(command)

    def at(self, at_ms: int) -> SoFar:
        """The parts at the end of an instant, which is none before the last that was asked for."""
        return SoFar(at_ms, self._parts(at_ms, sees_floor=True), self._parts(at_ms, sees_floor=False))

    def _parts(self, at_ms: int, *, sees_floor: bool) -> tuple[Part, ...]:
        incidents = incidents_of(self.lesson, self._injected)
        own, none, reference = (
            dict.fromkeys(WEIGHTS) if course is None else course.costlike(incidents, at_ms, sees_floor=sees_floor)
            for course in (self.own, self.none, self.reference)
        )
        clear = {part: CLEAR_SHARE * (none[part] or 0.0) for part in WEIGHTS}
        return tuple(_unscaled(part) for part in score(none, reference, own, clear))


def _unscaled(part: Part) -> Part:
    """Of its own weight; which parts will count is not known yet."""
    weight = WEIGHTS[part.part]
    return replace(part, most_points=weight, points=weight * part.points / part.most_points if part.scored else 0.0)
