"""The score while an exercise goes on: doing nothing and the reference keep step with it, headless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from twin.events.chunk import Chunk
from twin.observers.congestion import Congestion
from twin.observers.watch import compute
from twin.run.counterfactuals import Deeds, IncidentAt, Shift, costlike_of, incidents_of, reactions_of
from twin.run.lesson_file import TRAINER, Lesson
from twin.run.lesson_noise import reference_shift
from twin.run.running import Run, context_of
from twin.run.scoring import WEIGHTS, CostLike, Part, mean_reaction_min, score


class Marks:
    """What a run's score is read from beside its key figures: waits and commands. A sink."""

    def __init__(self) -> None:
        self.congestion = Congestion()
        self.deeds = Deeds()

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.congestion.fold(chunk)
        self.deeds.fold(chunk)

    def costlike(
        self, lesson: Lesson, kpis: Mapping[str, Any], incidents: Sequence[IncidentAt], at_ms: int
    ) -> CostLike:
        """By part the figure up to a time; an incident not answered yet counts as long as it has been open."""
        within = lesson.spec.react_within_min
        begun = [i for i in incidents if i.at_ms <= at_ms]
        found = reactions_of(begun, self.deeds.all())
        spans = [
            min(within, (at_ms - i.at_ms) / 60_000) if (r := found[i.name]) is None else min(r, within) for i in begun
        ]
        return costlike_of(lesson, kpis, self.congestion.hours(at_ms), mean_reaction_min(spans, within))


class Course:
    """One shift that is run along."""

    def __init__(self, lesson: Lesson, shift: Shift) -> None:
        self.lesson = lesson
        self.marks = Marks()
        self._run = Run(
            lesson.loaded, seed=shift.seed, policies=shift.policies, sinks=[self.marks],
            commands=[*lesson.incident_commands(), *shift.commands],
        )  # fmt: skip
        self._context = context_of(self._run.spec, self._run.premises)

    def inject(self, at_ms: int, command: Any) -> None:
        """A trainer's incident comes here too. What is past is past: give it before looking further."""
        self._run.advance(at_ms)
        self._run.give(command)

    def costlike(self, incidents: Sequence[IncidentAt], at_ms: int) -> CostLike:
        """Go on to the end of an instant, and read the figures."""
        run = self._run
        run.advance(at_ms + 1)
        run.stream.seal()
        assert run.watch is not None
        kpis = compute(run.watch, replace(self._context, horizon_ms=at_ms))
        return self.marks.costlike(self.lesson, kpis, incidents, at_ms)


class ScoreSoFar:
    """Follows an exercise with the two runs that it is measured against."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._none = Course(lesson, Shift(lesson.spec.seed))
        self._reference = Course(lesson, reference_shift(lesson))
        self._injected: list[Any] = []

    def given(self, at_ms: int, command: Any) -> None:
        """A command was carried out; only a trainer's is carried out in the other runs."""
        if command.actor == TRAINER:
            self._injected.append(command)
            for course in (self._none, self._reference):
                course.inject(at_ms, command)

    def parts(self, trainee: Marks, kpis: Mapping[str, Any], at_ms: int) -> list[Part]:
        """The parts up to a time. Provisional: chance is left out until the debrief."""
        incidents = incidents_of(self.lesson, self._injected)
        none, reference = (course.costlike(incidents, at_ms) for course in (self._none, self._reference))
        own = trainee.costlike(self.lesson, kpis, incidents, at_ms)
        return score(none, reference, own, dict.fromkeys(WEIGHTS, 0.0))
