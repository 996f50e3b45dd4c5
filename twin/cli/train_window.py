"""Opens the window of `twin train`: the trainee's, and with `--trainer` the trainer's beside it."""

from __future__ import annotations

from pathlib import Path

from twin.cli.exercise_desk import ExerciseDesk
from twin.cli.view_options import Window
from twin.cli.view_window import wants_display, with_asked
from twin.run.lesson_file import Lesson
from twin.run.saved_exercise import SavedExercise
from visualizer.settings import load, settings_path
from visualizer.training.app import TrainingApp
from visualizer.window import Options


def open_train_window(
    lesson: Lesson, asked: Window, *, saved: SavedExercise | None = None, save_to: Path | None = None,
    has_trainer: bool = False,
) -> None:  # fmt: skip
    """Until it is closed. Raises SpecError, in a sentence."""
    asked.check()
    wants_display()
    path = settings_path()
    settings, complaint = load(path)
    desk = ExerciseDesk(lesson, saved=saved, out=asked.out, save_to=save_to)
    options = Options(
        settings=with_asked(settings, asked), settings_path=path, size=asked.pixels(),
        speed=asked.times_real or float("inf"), trace=asked.trace, frames=asked.frames,
    )  # fmt: skip
    app = TrainingApp(desk.feed, desk, options=options, has_trainer=has_trainer)
    if complaint:
        app.toast_words(complaint, "warning")
    try:
        app.run()
    finally:
        desk.close()
