"""The window of an exercise: questions pause it, orders are commands, the session runs again to the same digest."""

from __future__ import annotations

import time
from math import inf

import pygame
import pytest
from exercised import lesson, press, until, window

from twin.cli.exercise_desk import ExerciseDesk
from twin.run.commands import command_of
from twin.run.running import run_scenario
from twin.run.saved_exercise import commands_of, read_saved
from visualizer.controlling.keys import Action
from visualizer.training.debrief import DebriefPage
from visualizer.training.exercise import Verdict
from visualizer.view import Selection

__all__ = ["lesson"]
"""The fixture of this module."""


def test_a_question_pauses_the_run_until_it_is_answered_by_key(lesson, tmp_path):
    desk = ExerciseDesk(lesson)
    app = window(desk)
    try:
        until(app, desk.questions)
        app.step([], 0.0)
        stood = app.state()["head_ms"]
        assert stood == 20 * 60_000
        for _ in range(5):
            app.step([], 50.0)
        assert app.state()["head_ms"] == stood and not app.state()["running"]
        press(app, pygame.K_e)
        assert app.state()["chosen"] == 1 and desk.questions()
        press(app, pygame.K_RETURN)
        assert [g.offer.command["choice"] for g in desk.log()] == ["packing"]
        press(app, pygame.K_SPACE)
        until(app, lambda: not desk.questions())
    finally:
        app.close()


@pytest.mark.parametrize("speed", [1000.0, inf])
def test_however_fast_the_run_goes_a_question_stops_it_at_its_instant(lesson, speed):
    desk = ExerciseDesk(lesson)
    app = window(desk)
    try:
        app.showing.playhead.set_speed(speed)
        until(app, desk.questions)
        assert desk.feed.head_ms == 20 * 60_000 and not app.state()["running"]
        press(app, pygame.K_SPACE)
        app.step([], 50.0)
        assert desk.feed.head_ms > 20 * 60_000, "who goes on without an answer goes on"
    finally:
        app.close()
        desk.close()


@pytest.mark.slow
def test_the_window_gives_orders_and_the_exercise_runs_again_to_the_same_digest(lesson, tmp_path):
    desk = ExerciseDesk(lesson, save_to=tmp_path / "laid.json")
    app = window(desk)
    try:
        until(app, lambda: desk.feed.head_ms > 300_000)
        press(app, pygame.K_a)
        assert app.overlay is not None and app.overlay.name == "orders"
        app.overlay.entry.put("2 picker packer")
        app.step([], 0.0)
        app.overlay.take()
        assert [dict(g.offer.command)["action"] for g in desk.log()] == ["move_workers"]
        assert desk.log()[0].offer.command["count"] == 2
        app.act(Action.SAVE_VIEW)
        saved = read_saved(tmp_path / "laid.json")
        assert saved.head_ms == desk.feed.head_ms and len(saved.commands) == 1
        app.act(("seek", 60_000))
        app.step([], 50.0)
        assert app.state()["mode"] == "REVIEW" and not app.state()["running"], "looking back pauses an exercise"
        app.act(Action.GO_LIVE)
        press(app, pygame.K_SPACE)
        while desk.feed.live:
            app.showing.playhead.playing = app.showing.playhead.running = True
            app.step([], 50.0)
        assert isinstance(app.overlay, DebriefPage)
        given = [command_of(dict(g.offer.command) | {"at_ms": g.at_ms, "actor": g.actor}) for g in desk.log()]
        again = run_scenario(lesson.loaded, seed=2, commands=commands_of(lesson, given))
        assert again.digest == desk.feed.result.digest
    finally:
        app.close()
        desk.close()


@pytest.mark.slow
def test_the_debrief_tells_the_score_and_what_each_decision_was_worth(lesson):
    desk = ExerciseDesk(lesson)
    desk.feed.advance(300_000, 60.0)
    assert (
        desk.give({"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 2}, "trainee") is None
    )
    app = window(desk)
    try:
        while desk.feed.live:
            app.showing.playhead.playing = app.showing.playhead.running = True
            app.step([], 50.0)
        assert isinstance(app.overlay, DebriefPage)
        while app.overlay.found is None:
            app.step([], 0.0)
            assert not app.overlay.trouble
            time.sleep(0.05)
        verdict = app.overlay.found
        assert isinstance(verdict, Verdict)
        assert [p.name for p in verdict.parts] == ["service", "cost", "congestion", "reaction"]
        assert [j.given.offer.command["action"] for j in verdict.decisions] == ["move_workers"]
        assert [r.words for r in verdict.reactions] == [("Who helps?", "谁去？")]
        for part in verdict.parts:
            assert part.trainee is None or part.none is not None
        app.step([], 0.0)
        app.overlay._go(verdict.decisions[0])()
        assert app.overlay is None and app.showing.playhead.view_ms == verdict.decisions[0].given.at_ms
    finally:
        app.close()
        desk.close()


def test_a_saved_exercise_goes_on_where_it_was_left(lesson, tmp_path):
    desk = ExerciseDesk(lesson, save_to=tmp_path / "laid.json")
    desk.feed.advance(600_000, 60.0)
    assert desk.give({"action": "add_workers", "role": "packer", "count": 1}, "trainee") is None
    desk.feed.advance(900_000, 60.0)
    desk.save()
    desk.feed.close()
    later = ExerciseDesk(lesson, saved=read_saved(tmp_path / "laid.json"))
    assert later.feed.head_ms == 900_000
    assert [g.at_ms for g in later.log()] == [600_001]
    later.feed.close()


def test_the_trainee_sees_the_book_and_the_trainer_the_truth(lesson):
    desk = ExerciseDesk(lesson)
    app = window(desk, has_trainer=True)
    try:
        until(app, lambda: desk.feed.head_ms > 120_000)
        assert app.frame is not None and not app.frame.view.sees_floor
        assert app.trainer is not None and app.trainer.showing.view.sees_floor
        offers = desk.incidents("wms 7")
        assert offers and offers[0].command["duration_s"] == 420.0
        app.trainer.inject(offers[0])
        assert [(g.actor, g.offer.command["kind"]) for g in desk.log()] == [("trainer", "wms_outage")]
        app.step([], 50.0)
    finally:
        app.close()


def test_orders_are_narrowed_by_every_word_in_either_language(lesson):
    desk = ExerciseDesk(lesson)
    found = desk.orders("3 拣货员 包装员", None)
    assert {(o.command["from_role"], o.command["to_role"]) for o in found if o.command["action"] == "move_workers"} == {
        ("picker", "packer"), ("packer", "picker"),
    }  # fmt: skip
    assert all(o.command["count"] == 3 for o in found if "count" in o.command)
    assert not desk.orders("nothing like this", None)
    for typed, roles in (("receiver packer", ("receiver", "packer")), ("包装员 收货", ("packer", "receiver"))):
        first = desk.orders(typed, None)[0].command
        assert (first["from_role"], first["to_role"]) == roles, "as it was typed"
    assert desk.orders("", Selection("location", "main/A01-1-001-1L"))[0].command == {
        "action": "call_count", "location": "main/A01-1-001-1L",
    }  # fmt: skip
    for offer in desk.orders("", None) + desk.incidents(""):
        command_of({**offer.command, "at_ms": 1, "actor": "trainee"})  # every offer is a command that there is
    desk.feed.close()


def test_what_is_offered_can_be_said_in_both_languages(lesson):
    from visualizer.training.telling import in_words

    desk = ExerciseDesk(lesson)
    offers = [o for text in ("", "policy", "checks", "aisle", "orders", "paper") for o in desk.orders(text, None)]
    for offer in [*offers, *desk.incidents("")]:
        assert in_words(offer, "en") and in_words(offer, "zh")
    desk.feed.close()
