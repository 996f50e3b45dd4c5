"""The trainer's window beside the trainee's: keys and mouse of its own, one clock, closed alone."""

from __future__ import annotations

import pygame
import pytest
from exercised import lesson, press, until, window

from twin.cli.exercise_desk import ExerciseDesk
from visualizer.controlling.keys import Action
from visualizer.training.trainer_screen import FIELD

__all__ = ["lesson"]


@pytest.fixture
def both(lesson):
    desk = ExerciseDesk(lesson)
    app = window(desk, has_trainer=True)
    until(app, lambda: desk.feed.head_ms > 60_000)
    yield app, app.trainer, desk
    app.close()
    desk.close()


def key(app, trainer, code: int, typed: str = "", mod: int = 0) -> None:
    event = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed, scancode=0, window=trainer.window)
    app.step([event], 0.0)


def test_its_keys_are_those_of_any_window_and_move_the_one_clock(both):
    app, trainer, _ = both
    assert app.state()["running"]
    key(app, trainer, pygame.K_SPACE)
    assert not app.state()["running"]
    key(app, trainer, pygame.K_2)
    assert "heat" in trainer.showing.view.layers and "heat" not in app.showing.view.layers
    key(app, trainer, pygame.K_u)
    assert trainer.showing.view.stock_side == "book"
    key(app, trainer, pygame.K_SLASH, "/")
    assert trainer.overlay is not None and trainer.overlay.name == "find" and app.overlay is None
    trainer.overlay.entry.put("picker-001")
    app.step([], 0.0)
    trainer.overlay.take()
    assert trainer.showing.view.selection.name.endswith("picker-001") and app.showing.view.selection is None


def test_it_zooms_and_selects_with_the_mouse(both):
    app, trainer, _ = both
    middle = trainer.places["map_view"].center
    of = {"window": trainer.window}
    app.step([pygame.event.Event(pygame.MOUSEMOTION, pos=middle, rel=(0, 0), buttons=(0, 0, 0), **of)], 0.0)
    app.step([pygame.event.Event(pygame.MOUSEWHEEL, y=1, x=0, precise_y=1.0, **of)], 0.0)
    assert trainer.showing.view.camera.px_per_m > 0 and app.showing.view.camera.px_per_m == 0


def test_i_goes_to_the_field_and_is_not_typed_into_it(both):
    app, trainer, _ = both
    of = {"window": trainer.window}
    app.step([
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_i, mod=0, unicode="i", scancode=0, **of),
        pygame.event.Event(pygame.TEXTINPUT, text="i", **of),
    ], 0.0)  # fmt: skip
    assert trainer.widgets.focus == FIELD and trainer.entry.text == ""
    app.step([pygame.event.Event(pygame.TEXTINPUT, text="wms", **of)], 0.0)
    assert [o.command["kind"] for o in trainer.incidents()] == ["wms_outage"]
    key(app, trainer, pygame.K_ESCAPE)
    assert trainer.widgets.focus is None


def test_what_is_injected_is_told_to_the_trainer_alone(both):
    app, trainer, desk = both
    app.toast = None
    trainer.inject(desk.incidents("wms 7")[0])
    assert trainer.toast is not None and app.toast is None


def test_the_questions_are_the_trainees(both):
    app, trainer, desk = both
    until(app, desk.questions)
    app.step([], 0.0)
    key(app, trainer, pygame.K_e)
    key(app, trainer, pygame.K_RETURN)
    assert app.panel.chosen is None and not desk.log()
    press(app, pygame.K_e)
    assert trainer.panel.chosen == 1


def test_closed_alone_it_leaves_the_exercise_and_the_trainees_closes_all(both):
    app, trainer, _ = both
    app.step([pygame.event.Event(pygame.WINDOWCLOSE, window=trainer.window)], 0.0)
    assert app.trainer is None and app.running
    app.step([], 50.0)
    app.step([pygame.event.Event(pygame.WINDOWCLOSE)], 0.0)
    assert not app.running


def test_both_windows_have_one_theme_language_and_scale(both):
    app, trainer, _ = both
    key(app, trainer, pygame.K_F2)
    assert app.language == trainer.language == "zh"
    press(app, pygame.K_t)
    assert trainer.theme is app.theme
    app.act(Action.SCALE_UP)
    app.step([], 0.0)
    assert trainer.ui_scale == app.ui_scale == 1.25 and trainer.lettering.ui_scale == 1.25
    trainer.act(Action.SCALE_UP)
    app.step([], 0.0)
    assert trainer.ui_scale == app.ui_scale == 1.5
