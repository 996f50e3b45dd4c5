"""An exercise that goes on: a session of a lesson, what was given, its open questions and hints, and its saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.domain.refusals import Refusal
from twin.run.commands import as_mapping, command_of
from twin.run.lesson_file import Hint, Lesson, hints_due
from twin.run.questions import OpenQuestion
from twin.run.saved_exercise import SavedExercise, commands_of
from twin.session import Session

TRAINEE = "trainee"


class LiveExercise:
    """Keeps what was given beside the session that carries it out. A viewer may step the session itself."""

    def __init__(self, lesson: Lesson, session: Session, given: Sequence[Any] = ()) -> None:
        """`session`: over `commands_of(lesson, given)`, not yet stepped; `given`: before it was saved."""
        self.lesson = lesson
        self.session = session
        self.given: list[dict[str, Any]] = [as_mapping(c.when_ms(lesson.calendar), c) for c in given]

    @classmethod
    def begun(cls, lesson: Lesson, given: Sequence[Any] = (), **session: Any) -> LiveExercise:
        """An exercise from its start; further arguments are the session's."""
        seed = lesson.spec.seed
        return cls(lesson, Session(lesson.loaded, seed=seed, commands=commands_of(lesson, given), **session), given)

    @classmethod
    def resumed(cls, saved: SavedExercise, **session: Any) -> LiveExercise:
        """A saved exercise, run again to where it was left."""
        exercise = cls.begun(saved.opened(), saved.given(), **session)
        exercise.session.advance(saved.head_ms)
        return exercise

    def give(self, command: Mapping[str, Any], actor: str = TRAINEE) -> Refusal | None:
        """Carry a command out at `head_ms + 1`; why not, if not."""
        before = len(self.session.given)
        refused = self.session.give({"actor": actor, **command})
        if len(self.session.given) > before:
            self.given.append(dict(self.session.given[-1]))
        return refused

    @property
    def commands(self) -> list[Any]:
        """What was given, as commands."""
        return [command_of(dict(c)) for c in self.given]

    def is_planned(self, at_ms: int, command: Any) -> bool:
        """Whether a command on record is one of the lesson's own incidents, which come anyway."""
        told = as_mapping(at_ms, command)
        plan = [as_mapping(c.when_ms(self.lesson.calendar), c) for c in self.lesson.incident_commands()]
        return told in plan

    def save(self, path: Path) -> None:
        """Lay it aside."""
        lesson, session = self.lesson, self.session
        SavedExercise(
            lesson.reference, lesson.sha256, lesson.spec.seed, session.head_ms, tuple(self.given)
        ).write(path)  # fmt: skip

    @property
    def questions(self) -> list[OpenQuestion]:
        """The open questions, the most pressing first."""
        return sorted(self.session.questions, key=lambda q: (q.due_ms, q.seq))

    def hints(self) -> list[Hint]:
        """The hints that may be read by now."""
        return hints_due(self.lesson, self.session.head_ms, self.given)
