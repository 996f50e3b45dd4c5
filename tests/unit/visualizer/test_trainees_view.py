"""What a trainee sees before the end and after it: the book alone, then the truth; and how questions come and go."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import replace

import pygame
import pytest
from exercised import LESSON, gone_on, lesson, press, until, window

from twin.cli.exercise_desk import ExerciseDesk
from twin.events.catalogue import KINDS
from twin.run.lesson_file import read_lesson
from twin.run.saved_exercise import read_saved
from twin.run.score_so_far import ScoreSoFar
from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.training.exercise import Offer, Verdict
from visualizer.training.telling import in_words, why
from visualizer.words import say

__all__ = ["lesson"]


@pytest.fixture
def desk(lesson):
    desk = ExerciseDesk(lesson)
    yield desk
    desk.close()


def test_steps_and_breakpoints_by_kind_know_no_kind_of_the_floor(desk):
    app = window(desk)
    try:
        until(app, lambda: len(app.showing.store.rows_of("UnitsTaken")) > 3)
        everything = {fit.value for fit in app.showing.search.kinds("", "en")}
        assert {"UnitsTaken"} <= everything
        app.act(Action.KIND_CHOOSE)
        offered = {fit.value for fit in app.overlay._search("")}
        assert offered and all(KINDS[kind].side == "book" for kind in offered)
        app.overlay = None
        app.act(Action.BREAKPOINT)
        app.overlay._choose_kind()
        assert {fit.value for fit in app.overlay._search("")} == offered
    finally:
        app.close()


def test_nothing_else_is_opened_and_no_page_with_the_truth_is_written(desk, tmp_path):
    written = tmp_path / "written"
    written.mkdir()
    app = window(desk, pictures=written)
    try:
        until(app, lambda: desk.feed.head_ms > 60_000)
        for action in (Action.OPEN, Action.COMPARE, Action.HTML):
            app.act(action)
            assert app.overlay is None and app.toast is not None
        app.step([pygame.event.Event(pygame.DROPFILE, file=str(tmp_path))], 0.0)
        assert app.pending is None and not list(written.iterdir())
    finally:
        app.close()


def test_points_so_far_come_from_aside_and_a_trainee_sees_those_of_the_book(desk):
    app = window(desk, has_trainer=True)
    try:
        gone_on(desk, 40 * 60_000)
        app.step([], 0.0)
        assert desk.so_far(sees_floor=True) is None or desk.so_far(sees_floor=True).at_ms <= desk.feed.head_ms
        assert desk.give({"action": "add_workers", "role": "packer", "count": 1}, "trainee") is None
        desk.feed.advance(80 * 60_000, 600.0)
        while (found := desk.so_far(sees_floor=False)) is None or found.at_ms < 80 * 60_000:
            time.sleep(0.02)
        ahead = ScoreSoFar(desk.lesson, desk._live.commands).at(80 * 60_000)
        assert [p.trainee for p in found.parts] == [p.trainee for p in ahead.book]
        assert found.score == sum(p.points for p in ahead.book) and 0 < found.most < 100
        app.step([], 0.0)
        app._score_at_ms = -1000
        app.step([], 0.0)
        assert app.panel.so_far == found and not app.panel.standing.sees_floor
        assert app.trainer.panel.so_far.parts[0].trainee == ahead.floor[0].trainee
    finally:
        app.close()
        desk.close()


def test_a_score_that_comes_no_more_is_told_and_the_exercise_goes_on(desk):
    app = window(desk)
    try:
        until(app, lambda: desk.feed.head_ms > 60_000)
        (child,) = multiprocessing.active_children()
        child.terminate()
        child.join()
        app._score_at_ms = -1000
        before = desk.feed.head_ms
        until(app, lambda: app.panel.trouble)
        until(app, lambda: desk.feed.head_ms > before)
        assert app.panel.standing.note(app.frame)[0].startswith("No further points before the debrief: its process")
    finally:
        app.close()
        desk.close()


@pytest.mark.slow
def test_at_the_end_the_floor_is_seen_and_the_debrief_can_be_opened_again(desk):
    app = window(desk)
    try:
        assert not app.showing.view.sees_floor
        desk.judge = lambda: None
        desk.verdict = lambda: Verdict(None, 60.0, None, (), (), ())
        while desk.feed.live:
            app.showing.playhead.playing = app.showing.playhead.running = True
            app.step([], 50.0)
        assert app.showing.view.sees_floor and app.overlay.name == "debrief"
        said = []
        with pytest.MonkeyPatch.context() as patch:
            plain = Canvas.text
            patch.setattr(
                Canvas, "text", lambda canvas, words, *a, **k: said.append(words) or plain(canvas, words, *a, **k)
            )
            app.step([], 0.0)
        assert say("debrief.nothing", "en") in said
        press(app, pygame.K_ESCAPE)
        assert app.overlay is None
        press(app, pygame.K_a)
        assert app.overlay is not None and app.overlay.name == "debrief"
    finally:
        app.close()


def test_a_long_goal_is_told_to_its_end(lesson):
    goal = "No totes pile up at the pack benches, nobody queues before an aisle, and every truck is full and leaves"
    desk = ExerciseDesk(lesson)
    desk.goals = [(goal, goal)]
    app = window(desk)
    try:
        said = []
        plain = Canvas.text

        def text(canvas, words, *where, **how):
            said.append(canvas.lettering.cut(words, where[1], how["room"]) if how.get("room") else words)
            return plain(canvas, words, *where, **how)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Canvas, "text", text)
            app.step([], 0.0)
        assert goal in " ".join(said)
    finally:
        app.close()
        desk.close()


def test_an_answer_closes_its_question_at_once_and_the_run_goes_on(desk):
    app = window(desk)
    try:
        until(app, desk.questions)
        app.step([], 0.0)
        stood = desk.feed.head_ms
        press(app, pygame.K_e)
        press(app, pygame.K_RETURN)
        assert not desk.questions() and app.state()["running"]
        assert in_words(desk.log()[0].offer, "zh") == "作答：两人打包" and app.toast[0] == "Answer: Two pickers pack"
        app.step([], 50.0)
        assert desk.feed.head_ms > stood
    finally:
        app.close()


def test_a_question_is_in_sight_in_a_small_window_too(desk):
    app = window(desk, size=(1000, 650))
    try:
        assert "training" not in app.places
        until(app, desk.questions)
        app.step([], 0.0)
        assert "training" in app.places
    finally:
        app.close()


def test_what_was_chosen_for_one_question_is_not_the_answer_to_the_next(tmp_path):
    second = LESSON[LESSON.index("  - name: who") : LESSON.index("reference:")]
    second = second.replace("name: who", "name: what").replace("question: who", "question: what")
    second = second.replace("06:20", "06:22").replace("due_min: 10", "due_min: 20")
    path = tmp_path / "two.yaml"
    path.write_text(LESSON.replace("reference:", second + "reference:"), encoding="utf-8")
    desk = ExerciseDesk(read_lesson(path))
    app = window(desk)
    try:
        until(app, desk.questions)
        app.step([], 0.0)
        press(app, pygame.K_SPACE)
        until(app, lambda: len(desk.questions()) == 2)
        app.step([], 0.0)
        press(app, pygame.K_e)
        assert app.panel.chosen == 1 and desk.questions()[0].name == "who"
        press(app, pygame.K_SPACE)
        until(app, lambda: [q.name for q in desk.questions()] == ["what"])
        app.step([], 0.0)
        assert app.panel.chosen is None and app.toast[0] == "No answer: Nobody applied"
        press(app, pygame.K_RETURN)
        assert not desk.log()
    finally:
        app.close()
        desk.close()


ENDED = (BrokenExecutor, CancelledError, OSError)
"""What a pool says whose processes were ended; OSError when it was about to hand over the next run."""


def test_closing_while_the_shift_is_judged_ends_the_processes_that_are_at_it(desk):
    gone_on(desk, 100 * 3_600_000)
    desk.judge()
    while not multiprocessing.active_children():
        time.sleep(0.01)
    at_it = multiprocessing.active_children()
    desk.close()
    assert desk._coming.done() and isinstance(desk._coming.exception(), ENDED)
    for process in at_it:
        process.join(60)
        assert process.exitcode != 0, "it was let finish"


def test_a_refusal_is_said_in_the_language_of_the_window_and_what_waits_for_the_wms_says_so(desk):
    app = window(desk)
    try:
        until(app, lambda: desk.feed.head_ms > 60_000)
        app.change(replace(app.settings, language="zh"))
        assert desk.give({"action": "inject_fault", "kind": "wms_outage", "duration_s": 120}, "trainer") is None
        assert desk.give({"action": "inject_fault", "kind": "wms_outage", "duration_s": 120}, "trainer") == (
            "it is down already"
        )
        assert why(desk.log()[-1].why, "zh") == "已处于故障中"
        app.give(Offer("deed.hold_work", {"action": "hold_work", "carrier": "nobody"}, {"carrier": "nobody"}))
        assert desk.log()[-1].status == "waiting" and app.toast[0] == "暂停 nobody 的订单：系统恢复后执行"
        app.step([], 50.0)
        assert [g.status for g in desk.log()] == ["done", "refused", "waiting"]
        until(app, lambda: desk.feed.head_ms > 240_000)
        last = desk.log()[-1]
        assert last.status == "refused" and why(last.why, "zh") == "没有尚未开始拣货的订单：承运商 nobody"
        assert why(last.why, "en") == "no order of carrier nobody that no picker has begun"
        app.give(Offer("deed.hold_work", {"action": "hold_work", "carrier": "nobody"}, {"carrier": "nobody"}))
        assert app.toast[0] == "被拒绝：没有尚未开始拣货的订单：承运商 nobody"
    finally:
        app.close()
        desk.close()


def test_a_refused_command_is_still_refused_when_the_exercise_is_taken_up_again(desk, tmp_path):
    desk._save_to = tmp_path / "laid.json"
    desk.feed.advance(120_000, 600.0)
    assert desk.give({"action": "close_station", "station": "nowhere"}, "trainee")
    desk.feed.advance(180_000, 600.0)
    desk.save()
    again = ExerciseDesk(desk.lesson, saved=read_saved(tmp_path / "laid.json"))
    assert [(g.status, why(g.why, "en")) for g in again.log()] == [
        ("refused", "no pack station nowhere; there are main/pack")
    ]
    again.feed.close()
    desk.feed.close()


def test_the_station_page_counts_the_benches_that_commands_left(desk):
    app = window(desk)
    try:
        until(app, lambda: desk.feed.head_ms > 60_000)
        store = app.showing.store
        (station,) = range(len(store.ground.stations))
        planned = store.commanded.benches(station, len(store))
        assert planned == store.ground.stations[station].benches
        for order, then in (("set_benches", 2), ("close_station", 0), ("open_station", planned)):
            before = len(store)
            values = {"benches": 2} if order == "set_benches" else {}
            assert desk.give({"action": order, "station": "pack", **values}, "trainee") is None
            until(app, lambda before=before: len(store.rows_of("CommandGiven")) and len(store) > before + 1)
            assert store.commanded.benches(station, len(store)) == then
            assert store.commanded.benches(station, 0) == planned
    finally:
        app.close()
        desk.close()


def test_incidents_with_words_are_told_and_what_the_trainer_injects_is_not(tmp_path):
    ill = """
  - name: ill
    words: {en: A packer goes., zh: 一人离岗。}
    command: {action: absent_workers, role: packer, at: "06:05"}
  - name: secret
    command: {action: absent_workers, role: picker, at: "06:06"}
"""
    path = tmp_path / "told.yaml"
    path.write_text(LESSON.replace("incidents:\n", f"incidents:{ill}"), encoding="utf-8")
    desk = ExerciseDesk(read_lesson(path))
    app = window(desk, has_trainer=True)
    try:
        until(app, lambda: desk.feed.head_ms >= 4 * 60_000)
        assert not desk.news()
        until(app, lambda: desk.feed.head_ms >= 5 * 60_000)
        assert app.toast[0] == "A packer goes."
        assert desk.give({"action": "inject_fault", "kind": "network", "duration_s": 60}, "trainer") is None
        until(app, lambda: desk.feed.head_ms >= 7 * 60_000)
        assert [n.words[0] for n in desk.news()] == ["A packer goes."]
        assert len(app.panel._log()) == 1 and len(app.trainer.panel._log()) == 2
        seen, all_of_it = (
            [r for r in shown.log.lines(frame, "marked", 50) if r["kind"] == "CommandGiven"]
            for shown, frame in ((app.showing, app.frame), (app.trainer.showing, app.trainer.frame))
        )
        assert not seen and len(all_of_it) == 3
        assert (
            desk._called("secret") == ("1 absent: Picker", "缺勤 1 人：拣货员")
            and desk._called("ill")[1] == "一人离岗。"
        )
        assert desk._called("trainer-1") == ("No network, 1 min", "断网 1 分钟")
        assert desk._called("who") == ("Who helps?", "谁去？")
    finally:
        app.close()
        desk.close()
