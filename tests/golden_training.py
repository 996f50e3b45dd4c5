"""The windows of a short exercise at fixed instants, for the pictures that are kept: a question, and the debrief."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pygame

from twin.cli.exercise_desk import ExerciseDesk
from twin.run.lesson_file import read_lesson
from visualizer.palette import THEMES, ThemeName
from visualizer.settings import Settings
from visualizer.training.app import SCORE_EVERY_MS, TrainingApp
from visualizer.window import Options

TRAINING = ("training_question", "training_trainer", "training_debrief")
SIZE = (1280, 800)
PATIENCE_S = 120.0
HELP = {"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 1}
LESSON = """
name: pictured
title: {en: One packer too few, zh: 缺一名打包员}
goals: [{en: All leaves, zh: 全部发出}]
scenario: quickstart
overrides: ["demand.generate.backlog_orders=30", "workforce.packers={count: 2}"]
seed: 2
time_limit_h: 1.5
noise_seeds: 2
incidents:
  - name: ill
    words: {en: A packer goes home ill., zh: 一名打包员因病离岗。}
    command: {action: absent_workers, role: packer, at: "06:10"}
  - name: who
    command:
      action: ask_question
      at: "06:20"
      question: who
      due_min: 10
      default: nobody
      words: {en: Who helps at the benches?, zh: 谁去打包台帮忙？}
      choices:
        - {choice: nobody, words: {en: Nobody, zh: 不用人}}
        - choice: packing
          words: {en: Two pickers pack, zh: 两名拣货员去打包}
          commands: [{action: move_workers, from_role: picker, to_role: packer, count: 2}]
reference:
  commands:
    - {at: "06:12", action: move_workers, from_role: picker, to_role: packer, count: 2}
    - {at: "06:21", action: answer_question, question: who, choice: packing}
"""


@contextmanager
def windows(folder: Path) -> Iterator[tuple[TrainingApp, ExerciseDesk]]:
    """Both windows of an exercise that nobody plays yet."""
    path = folder / "pictured.yaml"
    path.write_text(LESSON, encoding="utf-8")
    desk = ExerciseDesk(read_lesson(path))
    settings = Settings(theme="dark", language="en", ui_scale=1.0, reduced_motion=True)
    app = TrainingApp(desk.feed, desk, options=Options(settings=settings, size=SIZE, patient=True), has_trainer=True)
    try:
        app.showing.playhead.hold()
        yield app, desk
    finally:
        app.close()
        desk.close()


def pictured(folder: Path) -> dict[str, pygame.Surface]:
    """The three pictures in both themes, as `name_theme`."""
    made: dict[str, pygame.Surface] = {}
    with windows(folder) as (app, desk):
        desk.feed.advance(13 * 60_000, PATIENCE_S)
        assert desk.give(HELP, "trainee") is None
        assert desk.give({"action": "close_station", "station": "nowhere"}, "trainee")
        desk.feed.advance(3_600_000, PATIENCE_S)
        assert desk.feed.head_ms == 20 * 60_000, "a question stops it"
        _settle(app, lambda: _scored_ms(desk) == desk.feed.head_ms)
        app.panel.chosen = 1
        _settle(app, lambda: app.panel.so_far is not None and app.panel.so_far.at_ms == desk.feed.head_ms)
        for theme in THEMES:
            _look(app, theme)
            made[f"training_question_{theme}"] = app.surface.copy()
            _look(app, theme, "zh")
            made[f"training_trainer_{theme}"] = app.trainer.surface.copy()
        answer = {"action": "answer_question", "question": "who", "choice": "packing"}
        assert desk.give(answer, "trainee") is None
        desk.feed.advance(app.showing.playhead.end_ms, PATIENCE_S)
        _settle(app, lambda: app.panel.verdict is not None)
        for theme in THEMES:
            _look(app, theme)
            made[f"training_debrief_{theme}"] = app.surface.copy()
    return made


def _scored_ms(desk: ExerciseDesk) -> int:
    found = desk.so_far(sees_floor=False)
    return -1 if found is None else found.at_ms


def _look(app: TrainingApp, theme: ThemeName, language: str = "en") -> None:
    """The windows as they would stand there: no notice, nothing under way."""
    app.change(replace(app.settings, theme=theme, language=language))
    app.toast = app.trainer.toast = None
    _settle(app, lambda: not app.showing.is_busy and not app.trainer.showing.is_busy)
    app.toast = app.trainer.toast = None
    app.step([], 0.0)


def _settle(app: TrainingApp, wanted: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not wanted():
        app.showing.playhead._take()
        app._score_at_ms = -SCORE_EVERY_MS  # no clock ticks here
        app.step([], 0.0)
        assert time.monotonic() < end_s, "it never came"
        time.sleep(0.01)
    app.step([], 0.0)
