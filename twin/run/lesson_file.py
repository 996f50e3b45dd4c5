"""What a lesson file may say: a scenario, what goes wrong in it, and how an expert would act. It never names code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from twin.domain.calendar import Calendar
from twin.run.command_kinds import Command, Words, moment_ms, readable
from twin.spec.documents import Documents
from twin.spec.loading import Loaded, load_scenario
from twin.spec.mistakes import Mark, Mistake, MistakesError, unknown
from twin.spec.overrides import mark_of as override_mark
from twin.spec.plain_yaml import Node
from twin.spec.sentences import Translation
from twin.spec.shape import Name, Positive, Spec
from twin.spec.shipped import find_document, is_file, shipped_folder, shipped_names

TRAINER = "trainer"
"""Whose commands are incidents, the same in every run that is compared."""

FITTING: dict[str, tuple[str, ...]] = {
    "rush_orders": ("release_work", "release_order", "change_policy", "move_workers", "add_workers", "hold_work",
                    "set_benches", "open_station"),
    "late_truck": ("hold_work", "release_work", "change_policy", "hold_order", "release_order", "move_workers"),
    "late_trailer": ("move_workers", "change_policy", "hold_work", "release_work", "call_count"),
    "block_aisle": ("hold_work", "change_policy", "move_workers", "release_work"),
    "absent_workers": ("move_workers", "add_workers"),
    "inject_fault": ("move_workers", "add_workers", "hold_work", "change_policy", "open_station", "set_benches",
                     "call_count"),
    "change_order": ("hold_order", "release_order", "call_count"),
    "cancel_order": ("hold_order", "release_order", "call_count"),
    "ask_question": ("answer_question",),
}  # fmt: skip
"""Which commands answer an incident, where the lesson does not say; all others: any command."""


class Incident(Spec):
    """Something that goes wrong by plan. `fits`: the actions that answer it, for the reaction time."""

    name: Name
    command: Command
    words: Words | None = None
    fits: tuple[str, ...] = Field(default=(), strict=False)

    @property
    def answers(self) -> tuple[str, ...]:
        """The actions that answer it; empty: any."""
        return self.fits or FITTING.get(self.command.action, ())


class Hint(Spec):
    """A word of help: at a time, or so many minutes after an incident that nobody has answered."""

    words: Words
    at: str | None = None
    incident: str | None = None
    after_min: Annotated[float, Field(ge=0)] = 0.0

    @field_validator("at")
    @classmethod
    def _readable(cls, at: str | None) -> str | None:
        return readable(at)

    @model_validator(mode="after")
    def _when(self) -> Hint:
        if (self.at is None) == (self.incident is None):
            raise ValueError("say when: either at, or incident")
        return self


class Reference(Spec):
    """How an expert runs the shift: commands with their times, or policies by family and registered name."""

    commands: tuple[Command, ...] = Field(default=(), strict=False)
    policies: dict[str, str] = Field(default_factory=dict)


class LessonSpec(Spec):
    """A lesson file. `noise_seeds`: so many seeds tell what is chance; `react_within_min`: later counts as never."""

    name: Name
    title: Words
    goals: tuple[Words, ...] = Field(default=(), strict=False)
    scenario: str
    overrides: tuple[str, ...] = Field(default=(), strict=False)
    seed: int = 1
    time_limit_h: Positive | None = None
    pass_mark: Annotated[float, Field(ge=0, le=100)] = 60.0
    incidents: tuple[Incident, ...] = Field(default=(), strict=False)
    hints: tuple[Hint, ...] = Field(default=(), strict=False)
    reference: Reference = Reference()
    noise_seeds: Annotated[int, Field(ge=2, le=200)] = 20
    react_within_min: Positive = 30.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that holds together, with its scenario. `path`: the file, or the scenario's where there is no lesson."""

    spec: LessonSpec
    loaded: Loaded
    path: Path
    written: bool = True

    @property
    def sha256(self) -> str:
        """Of all that the lesson says and of its scenario."""
        said = json.dumps(self.spec.model_dump(mode="json", exclude_none=True), sort_keys=True)
        return sha256(f"{said}|{self.loaded.sha256}".encode()).hexdigest()

    @property
    def reference(self) -> str:
        """How it is found again: the name of what ships, else the path."""
        folder = shipped_folder("scenarios").resolve()
        return self.path.stem if self.path.resolve().parent in (folder, folder / "lessons") else str(self.path)

    @property
    def calendar(self) -> Calendar:
        """The clock of the scenario."""
        return Calendar(datetime.fromisoformat(self.loaded.spec.start))

    @property
    def horizon_ms(self) -> int:
        """When the exercise ends."""
        return round(self.loaded.spec.horizon_h * 3_600_000)

    @property
    def has_reference(self) -> bool:
        """Whether there is something to be measured against."""
        return bool(self.spec.reference.commands or self.spec.reference.policies)

    def scheduled(self) -> list[tuple[int, Incident]]:
        """The incidents in the order of their times."""
        calendar = self.calendar
        return sorted(((i.command.when_ms(calendar), i) for i in self.spec.incidents), key=lambda pair: pair[0])

    def incident_commands(self) -> list[Any]:
        """The incidents as commands of a trainer."""
        return [i.command.model_copy(update={"actor": TRAINER, "at_ms": at, "at": None}) for at, i in self.scheduled()]


def lesson_names() -> list[str]:
    """The lessons that come with the product."""
    folder = shipped_folder("scenarios") / "lessons"
    return sorted(p.stem for p in folder.glob("*.yaml"))


def read_lesson(path_or_name: str | Path) -> Lesson:
    """A lesson by path or shipped name, or a scenario as an exercise without plan; SpecError tells all faults."""
    reference = str(path_or_name)
    path = find_document(reference, "scenarios", Path.cwd())
    if path is None and reference in lesson_names():
        path = shipped_folder("scenarios") / "lessons" / f"{reference}.yaml"
    if path is None:
        known = [*lesson_names(), *shipped_names("scenarios")]
        told = unknown(reference, known, "no such lesson or scenario")
        raise MistakesError([Mistake(Mark(reference or "(no name)"), "", told)])
    tree = Documents().scenario(path)
    if tree.child("scenario") is None:
        return _exercise_in(load_scenario(path), path)
    return _checked(tree, path)


def _exercise_in(loaded: Loaded, path: Path) -> Lesson:
    name = loaded.spec.name
    spec = LessonSpec(name=name, title=Words(en=name, zh=name), scenario=str(path), seed=loaded.spec.seed)
    return Lesson(spec, loaded, path, written=False)


def _checked(tree: Node, path: Path) -> Lesson:
    mistakes: list[Mistake] = []
    try:
        spec = TypeAdapter(LessonSpec).validate_python(tree.plain())
    except ValidationError as error:
        Translation(LessonSpec, tree, mistakes).add(error)
        raise MistakesError(mistakes) from None
    lesson = None
    try:
        lesson = Lesson(spec, _scenario(spec, tree, path), path)
        _times_are_within(lesson, tree, mistakes)
    except MistakesError as error:
        mistakes += error.mistakes
    _names_are_known(spec, tree, mistakes)
    if mistakes or lesson is None:
        raise MistakesError(mistakes)
    return lesson


def _scenario(spec: LessonSpec, tree: Node, path: Path) -> Loaded:
    """The scenario of a lesson, from the folder of the lesson or by shipped name."""
    beside = find_document(spec.scenario, "scenarios", path.parent)
    if beside is None or not is_file(beside):
        node = tree.child("scenario")
        assert node is not None
        raise MistakesError(
            [Mistake(node.mark, "scenario", unknown(spec.scenario, shipped_names("scenarios"), "no such scenario"))]
        )
    said = list(spec.overrides)
    if spec.time_limit_h is not None:
        said.append(f"horizon_h={spec.time_limit_h:g}")
    places = {override_mark(text): _at(tree, "overrides", n) for n, text in enumerate(spec.overrides)}
    try:
        return load_scenario(beside, said)
    except MistakesError as error:
        raise MistakesError(replace(m, mark=places.get(m.mark, m.mark)) for m in error.mistakes) from None


def _at(tree: Node, *path: str | int) -> Mark:
    node: Node = tree
    for part in path:
        node = node.child(part) or node
    return node.mark


def _times_are_within(lesson: Lesson, tree: Node, mistakes: list[Mistake]) -> None:
    spec, calendar = lesson.spec, lesson.calendar
    timed: list[tuple[tuple[str | int, ...], Any]] = [
        *((("incidents", n, "command"), i.command) for n, i in enumerate(spec.incidents)),
        *((("reference", "commands", n), c) for n, c in enumerate(spec.reference.commands)),
    ]
    for path, command in timed:
        where, mark = ".".join(map(str, path)), _at(tree, *path)
        if command.at is None and command.at_ms is None:
            mistakes.append(Mistake(mark, where, "say when: at as HH:MM or +1h30m, or at_ms"))
            continue
        at_ms = command.when_ms(calendar)
        _is_within(at_ms, lesson, mark, where, mistakes)
    for n, hint in enumerate(spec.hints):
        if hint.at is not None:
            at_ms = moment_ms(hint.at, calendar)
            _is_within(at_ms, lesson, _at(tree, "hints", n, "at"), f"hints.{n}.at", mistakes)


def _is_within(at_ms: int, lesson: Lesson, mark: Mark, where: str, mistakes: list[Mistake]) -> None:
    stamp = lesson.calendar.stamp
    if not 0 <= at_ms < lesson.horizon_ms:
        mistakes.append(
            Mistake(mark, where, f"is at {stamp(at_ms)}, outside of the lesson, which ends at "
                    f"{stamp(lesson.horizon_ms)}")
        )  # fmt: skip


def _names_are_known(spec: LessonSpec, tree: Node, mistakes: list[Mistake]) -> None:
    from twin.policies.named import ASKED, FAMILIES

    names = [i.name for i in spec.incidents]
    for n, name in enumerate(names):
        if name in names[:n]:
            mistakes.append(Mistake(_at(tree, "incidents", n, "name"), f"incidents.{n}.name", f"{name} is taken"))
    actions = [*dict.fromkeys(word for fitting in FITTING.values() for word in fitting)]
    for n, incident in enumerate(spec.incidents):
        for word in incident.fits:
            if word not in actions:
                told = unknown(word, actions, "answers no incident")
                mistakes.append(Mistake(_at(tree, "incidents", n, "fits"), f"incidents.{n}.fits", told))
    for n, hint in enumerate(spec.hints):
        if hint.incident is not None and hint.incident not in names:
            told = unknown(hint.incident, names, "no such incident")
            mistakes.append(Mistake(_at(tree, "hints", n, "incident"), f"hints.{n}.incident", told))
    for family, name in spec.reference.policies.items():
        mark, where = _at(tree, "reference", "policies", family), f"reference.policies.{family}"
        if family not in ASKED:
            mistakes.append(Mistake(mark, where, unknown(family, list(ASKED), "the floor asks no such family")))
        elif name not in (known := [*FAMILIES[family].classes, *FAMILIES[family].installed]):
            mistakes.append(Mistake(mark, where, unknown(name, known, "unknown policy")))


def hints_due(lesson: Lesson, head_ms: int, given: Sequence[Mapping[str, Any]]) -> list[Hint]:
    """The hints that may be read: those whose time has come, and those of incidents unanswered for so long."""
    due = []
    when = {i.name: (at, i) for at, i in lesson.scheduled()}
    for hint in lesson.spec.hints:
        if hint.at is not None:
            if moment_ms(hint.at, lesson.calendar) <= head_ms:
                due.append(hint)
            continue
        at, incident = when[str(hint.incident)]
        answered = any(c["at_ms"] >= at and c["actor"] != TRAINER and fits(incident, c["action"]) for c in given)
        if at + hint.after_min * 60_000 <= head_ms and not answered:
            due.append(hint)
    return due


def fits(incident: Incident, action: str) -> bool:
    """Whether an action answers an incident."""
    return not incident.answers or action in incident.answers
