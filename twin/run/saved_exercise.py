"""An exercise laid aside: its lesson, what was given, and how far it had come. Resuming runs it again to there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError
from twin.events.whole_file import whole_file
from twin.run.commands import command_of
from twin.run.lesson_file import Lesson, read_lesson

SCHEMA = "twin.exercise/1"


@dataclass(frozen=True, slots=True)
class SavedExercise:
    """`commands`: given while it went on, by trainee or trainer; the lesson's own incidents are not among them."""

    lesson: str
    lesson_sha256: str
    seed: int
    head_ms: int
    commands: tuple[Mapping[str, Any], ...]

    def write(self, path: Path) -> None:
        """Written aside and renamed, so that a file is always whole."""
        text = json.dumps(
            {
                "schema": SCHEMA, "lesson": self.lesson, "lesson_sha256": self.lesson_sha256, "seed": self.seed,
                "head_ms": self.head_ms, "commands": [dict(c) for c in self.commands],
            },
            ensure_ascii=False, indent=1,
        )  # fmt: skip
        with whole_file(path) as part:
            part.write_text(text + "\n", encoding="utf-8")

    def given(self) -> list[Any]:
        """The commands, ready to be carried out again."""
        return [command_of(dict(c), f"command {n}") for n, c in enumerate(self.commands, 1)]

    def opened(self) -> Lesson:
        """Its lesson; SpecError when it is another by now, as the run would then be another."""
        lesson = with_seed(read_lesson(self.lesson), self.seed)
        if lesson.sha256 != self.lesson_sha256:
            raise SpecError(
                f"{self.lesson}: the lesson or its scenario has changed since the exercise was saved; begin it anew"
            )
        return lesson


def read_saved(path: Path) -> SavedExercise:
    """A saved exercise; SpecError says what is wrong with the file."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from None
    except json.JSONDecodeError as error:
        raise SpecError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    wanted = {"lesson": str, "lesson_sha256": str, "seed": int, "head_ms": int, "commands": list}
    if not isinstance(said, dict) or said.get("schema") != SCHEMA:
        raise SpecError(f"{path}: is not a saved exercise: schema {SCHEMA} is needed")
    wrong = [key for key, kind in wanted.items() if not isinstance(said.get(key), kind)]
    if wrong or not all(isinstance(c, dict) for c in said["commands"]):
        raise SpecError(f"{path}: is not a saved exercise: {', '.join(wrong) or 'commands'} is missing or wrong")
    return SavedExercise(said["lesson"], said["lesson_sha256"], said["seed"], said["head_ms"], tuple(said["commands"]))


def with_seed(lesson: Lesson, seed: int | None) -> Lesson:
    """The same lesson on another seed."""
    if seed is None or seed == lesson.spec.seed:
        return lesson
    return Lesson(lesson.spec.model_copy(update={"seed": seed}), lesson.loaded, lesson.path, lesson.written)


def commands_of(lesson: Lesson, given: Sequence[Any]) -> list[Any]:
    """All that a run of the exercise is given from the start: the plan first, then what was given, in its order."""
    return [*lesson.incident_commands(), *given]
