"""`twin train`: an exercise from a file of decisions, scored and debriefed; or in a window."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.cli.live_exercise import LiveExercise
from twin.cli.view_options import Window
from twin.domain.errors import SpecError
from twin.run.command_kinds import moment_ms, readable
from twin.run.commands import in_order, read_commands
from twin.run.counterfactuals import Progress
from twin.run.debrief import Debrief, debrief
from twin.run.lesson_file import TRAINER, read_lesson
from twin.run.running import run_scenario
from twin.run.saved_exercise import commands_of, read_saved, with_seed

PARTS = {
    "service": ("service", "imperfect orders", 100.0, "%"), "cost": ("cost and overtime", "money per order", 1.0, ""),
    "congestion": ("congestion", "hours waited", 1.0, "h"), "reaction": ("reaction", "minutes to answer", 1.0, "min"),
}  # fmt: skip
WHY = {
    "no_figure": "it has no figure here",
    "no_clear_difference": "the reference does not clearly beat doing nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """What the command line says."""

    commands: Path | None = None
    until: str | None = None
    save: Path | None = None
    resume: Path | None = None
    seed: int | None = None
    out: Path | None = None
    worth: bool = True
    workers: int | None = None
    json: bool = False
    trainer: bool = False
    window: Window = field(default_factory=Window)

    @property
    def is_headless(self) -> bool:
        """Decisions come from a file, or an answer is printed: no window opens."""
        return self.commands is not None or self.until is not None or self.json


def train_command(name: str | None, options: TrainOptions) -> int:
    """0 passed, not scored or saved; 1 below the pass mark."""
    if (name is None) == (options.resume is None):
        raise SpecError("name a lesson or scenario, or give --resume FILE (one of the two)")
    if options.until is not None and options.save is None:
        raise SpecError("--until goes with --save: an exercise is scored at its end")
    if not options.is_headless:
        return _in_a_window(name, options)
    exercise = _begun(name, options)
    if options.commands is not None:
        _give_all(exercise, read_commands(options.commands))
    if options.save is not None:
        return _lay_aside(exercise, options)
    lesson, given = exercise.lesson, exercise.commands
    exercise.session.stop()
    if options.out is not None:
        run_scenario(lesson.loaded, seed=lesson.spec.seed, commands=commands_of(lesson, given), out=options.out)
        print(f"written to {options.out}", file=sys.stderr)
    workers = options.workers or os.cpu_count() or 1
    found = debrief(lesson, given, workers=workers, worth=options.worth, progress=progress_printer(lesson.spec.name))
    if options.json:
        print(jsonlib.dumps(found.as_json(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(told(found)))
    return 1 if found.passed is False else 0


def _in_a_window(name: str | None, options: TrainOptions) -> int:
    """The exercise is run and judged in its window."""
    from twin.cli.train_window import open_train_window

    saved = None if options.resume is None else read_saved(options.resume)
    if saved is not None and options.seed is not None:
        raise SpecError("--resume goes on with the exercise's own seed; leave --seed out")
    lesson = saved.opened() if saved is not None else with_seed(read_lesson(str(name)), options.seed)
    kept = options.save or options.resume
    open_train_window(lesson, options.window, saved=saved, save_to=kept, has_trainer=options.trainer)
    return 0


def _begun(name: str | None, options: TrainOptions) -> LiveExercise:
    if options.resume is not None:
        if options.seed is not None:
            raise SpecError("--resume goes on with the exercise's own seed; leave --seed out")
        return LiveExercise.resumed(read_saved(options.resume))
    return LiveExercise.begun(with_seed(read_lesson(str(name)), options.seed))


def _give_all(exercise: LiveExercise, commands: Sequence[Any]) -> None:
    """Decisions of a file, each at its time; what is already past cannot be decided any more."""
    lesson, session = exercise.lesson, exercise.session
    for at_ms, command in in_order(commands, lesson.calendar, lesson.horizon_ms):
        if command.actor == TRAINER and exercise.is_planned(at_ms, command):
            continue
        if at_ms <= session.head_ms:
            stamp = lesson.calendar.stamp
            raise SpecError(
                f"{command.action} at {stamp(at_ms)}: the exercise has come to {stamp(session.head_ms)} already"
            )
        session.advance(at_ms - 1)
        exercise.give(command.model_dump(exclude_none=True, exclude={"at", "at_ms"}), command.actor)


def _lay_aside(exercise: LiveExercise, options: TrainOptions) -> int:
    assert options.save is not None
    if options.until is not None:
        try:
            moment = moment_ms(str(readable(options.until)), exercise.lesson.calendar)
        except ValueError as error:
            raise SpecError(f"--until: {error}") from None
        exercise.session.advance(moment)
    exercise.save(options.save)
    exercise.session.stop()
    print(f"saved to {options.save} at {exercise.lesson.calendar.stamp(exercise.session.now_ms)}", file=sys.stderr)
    return 0


def progress_printer(name: str) -> Progress:
    """How many of the runs are done, on stderr."""

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{name}: {done} of {of} runs ", end="" if done < of else "\n", file=sys.stderr, flush=True)

    return show


def told(found: Debrief) -> list[str]:
    """The debrief as lines."""
    spec, lesson = found.lesson.spec, found.lesson
    lines = [f"{spec.title.en} ({lesson.loaded.spec.name}, seed {spec.seed}, {lesson.loaded.spec.horizon_h:g} h)"]
    if found.score is None:
        lines.append("not scored: the lesson has no reference that clearly beats doing nothing")
    else:
        verdict = "passed" if found.passed else "not passed"
        lines.append(f"score {found.score:.0f} of 100, pass mark {spec.pass_mark:g}: {verdict}")
    lines += ["", f"{'part':<20}{'less is better':<20}{'nothing':>10}{'reference':>11}{'you':>10}{'points':>12}"]
    for p in found.parts:
        name, figure, factor, unit = PARTS[p.part]
        values = "".join(
            f"{'-' if v is None else f'{v * factor:.2f}{unit and chr(32)}{unit}':>{width}}"
            for v, width in ((p.none, 10), (p.reference, 11), (p.trainee, 10))
        )
        points = f"{p.points:.0f}/{p.most_points:.0f}" if p.scored else "not scored"
        lines.append(f"{name:<20}{figure:<20}{values}{points:>12}")
    lines += [f"{PARTS[p.part][0]} is not scored: {WHY[str(p.why)]}" for p in found.parts if not p.scored]
    stamp = lesson.calendar.stamp
    if found.incidents:
        lines += ["", "incidents"]
    for i in found.incidents:
        mine, theirs = found.trainee.reactions[i.name], found.reference.reactions[i.name]
        lines.append(
            f"{stamp(i.at_ms)[11:19]}  {i.name} ({i.action}): {_answered(mine)}; reference {_answered(theirs)}"
        )
    lines += [
        f"{stamp(d.at_ms)[11:19]}  {d.action} did not happen: {d.why}"
        for d in found.trainee.deeds if d.actor == TRAINER and d.why is not None
    ]  # fmt: skip
    if found.decisions:
        lines += ["", "decisions"]
    for d in found.decisions:
        arguments = {k: v for k, v in d.command.items() if k not in ("at_ms", "action", "actor", "site")}
        what = " ".join([str(d.command["action"]), *(f"{k}={v}" for k, v in arguments.items())])
        worth = f"refused: {d.why}" if d.why else "" if d.worth is None else f"worth {d.worth:+.1f}"
        lines.append(f"{stamp(d.command['at_ms'])[11:19]}  {what}: {worth}".rstrip(": "))
    return lines


def _answered(minutes: float | None) -> str:
    return "no answer" if minutes is None else f"answered after {minutes:.1f} min"
