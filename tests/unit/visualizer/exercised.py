"""A short exercise in its window under the dummy driver, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from twin.cli.exercise_desk import ExerciseDesk
from twin.run.lesson_file import Lesson, read_lesson
from visualizer.settings import Settings
from visualizer.training.app import TrainingApp
from visualizer.window import Options

LESSON = """
name: short
title: {en: Short, zh: 短}
goals: [{en: All leaves, zh: 全部发出}]
scenario: quickstart
overrides: ["demand.generate.backlog_orders=30", "workforce.packers={count: 1}"]
seed: 2
time_limit_h: 1.5
noise_seeds: 2
incidents:
  - name: who
    words: {en: Who helps?, zh: 谁去？}
    command:
      action: ask_question
      at: "06:20"
      question: who
      due_min: 10
      default: nobody
      words: {en: Who helps?, zh: 谁去？}
      choices:
        - {choice: nobody, words: {en: Nobody, zh: 不}}
        - choice: packing
          words: {en: Two pickers pack, zh: 两人打包}
          commands: [{action: move_workers, from_role: picker, to_role: packer, count: 2}]
reference:
  commands: [{at: "06:05", action: move_workers, from_role: picker, to_role: packer, count: 2}]
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """One question after twenty minutes."""
    path = tmp_path / "short.yaml"
    path.write_text(LESSON, encoding="utf-8")
    return read_lesson(path)


def window(
    desk: ExerciseDesk, *, has_trainer: bool = False, pictures: Path = Path(), size: tuple[int, int] = (1600, 900)
) -> TrainingApp:
    """Its window."""
    told = Options(
        settings=Settings(theme="dark", language="en", ui_scale=1.0),
        size=size,
        patient=True,
        speed=600,
        pictures=pictures,
    )
    return TrainingApp(desk.feed, desk, options=told, has_trainer=has_trainer)


def press(app: TrainingApp, key: int, real_ms: float = 0.0) -> None:
    """One key, one frame."""
    app.step([pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", scancode=0)], real_ms)


def until(app: TrainingApp, wanted: Callable[[], object], frames: int = 4000) -> None:
    """Let frames pass until something holds."""
    for _ in range(frames):
        if wanted():
            return
        app.step([], 50.0)
    raise AssertionError("it never came")


def gone_on(desk: ExerciseDesk, at_ms: int) -> None:
    """Let an exercise go to a time, past its questions."""
    while desk.feed.live and desk.feed.head_ms < at_ms:
        desk.feed.advance(at_ms, 600.0)
