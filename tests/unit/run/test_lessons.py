"""Lesson files: what they may say, all that is wrong told with its place, hints, and the two that ship."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from lessons_tried import SMALL, WORDS, lesson_file, lesson_of

from twin.cli.live_exercise import LiveExercise
from twin.domain.errors import SpecError
from twin.run.commands import command_of, read_commands
from twin.run.counterfactuals import Shift, cost_per_order, run_shift
from twin.run.debrief import debrief
from twin.run.lesson_file import FITTING, hints_due, lesson_names, read_lesson
from twin.run.lesson_noise import reference_shift
from twin.run.score_so_far import ScoreSoFar
from twin.run.scoring import WEIGHTS, score, share_gained

SHIPPED = ("accuracy", "speed")
DOCS = Path(__file__).resolve().parents[3] / "docs"


def changed_in(key: str, place: int, **values: Any) -> dict[str, Any]:
    rows = [dict(row) for row in SMALL[key]]
    rows[place] |= values
    return {key: rows}


class TestReading:
    def test_a_lesson_is_its_scenario_with_a_limit(self, tmp_path: Path) -> None:
        lesson = lesson_of(tmp_path)
        assert lesson.written and lesson.horizon_ms == 2 * 3_600_000
        assert [(at // 60_000, i.name) for at, i in lesson.scheduled()] == [(10, "ill"), (30, "rush")]
        commands = lesson.incident_commands()
        assert {c.actor for c in commands} == {"trainer"} and [c.at for c in commands] == [None, None]
        assert lesson.spec.incidents[0].answers == ("move_workers", "add_workers")

    def test_the_mark_of_a_lesson_covers_its_scenario(self, tmp_path: Path) -> None:
        first = lesson_of(tmp_path)
        assert lesson_of(tmp_path).sha256 == first.sha256
        assert lesson_of(tmp_path, pass_mark=51).sha256 != first.sha256
        assert lesson_of(tmp_path, overrides=[*SMALL["overrides"], "horizon_h=1"]).sha256 != first.sha256

    def test_a_scenario_is_an_exercise_without_plan(self) -> None:
        lesson = read_lesson("one_order")
        assert not lesson.written and lesson.incident_commands() == [] and lesson.spec.seed == 7

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"pass_mark": 101}, "pass_mark *must be <= 100, got 101"),
            ({"goal": []}, "goal *unknown; did you mean goals"),
            ({"scenario": "one_ordr"}, "scenario *no such scenario; did you mean one_order"),
            ({"noise_seeds": 1}, "noise_seeds *must be >= 2, got 1"),
            (changed_in("incidents", 1, name="ill"), r"incidents\.1\.name *ill is taken"),
            (changed_in("incidents", 1, fits=["pray"]), r"incidents\.1\.fits *answers no incident"),
            (changed_in("incidents", 0, command={"action": "absent_workers", "role": "packer"}),
             r"incidents\.0\.command *say when"),
            (changed_in("incidents", 0, command={"action": "absent_workers", "role": "packer", "at": "10:30"}),
             r"incidents\.0\.command *is at 2026-03-02T10:30.*ends at 2026-03-02T10:00"),
            (changed_in("incidents", 0, command={"action": "absent_workers", "role": "clown", "at": "08:30"}),
             r"incidents\.0\.command\.role *.*picker"),
            (changed_in("incidents", 0, command={"action": "explode", "at": "08:30"}),
             r"incidents\.0\.command\.action *.*answer_question is needed, got 'explode'"),
            (changed_in("incidents", 0, command={"at": "08:30"}), r"incidents\.0\.command\.action *missing"),
            (changed_in("hints", 1, incident="fire"), r"hints\.1\.incident *no such incident"),
            (changed_in("hints", 0, at="8 o'clock"), r"hints\.0\.at *write HH:MM"),
            (changed_in("hints", 0, incident="ill"), r"hints\.0 *say when"),
            ({"reference": {"policies": {"routing": "os:system"}}}, r"reference\.policies\.routing *unknown policy"),
            ({"reference": {"policies": {"flying": "x"}}}, r"reference\.policies\.flying *the floor asks no such"),
            ({"overrides": ["workforce.pickers.cont=3"]}, "cont *unknown; did you mean count"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_where_it_stands(self, tmp_path: Path, changed: dict[str, Any], told: str) -> None:
        with pytest.raises(SpecError, match=told) as fault:
            lesson_of(tmp_path, **changed)
        assert "small.yaml" in str(fault.value) or "-o" in str(fault.value)

    def test_all_faults_at_once_with_line_and_column(self, tmp_path: Path) -> None:
        path = lesson_file(tmp_path, pass_mark=-1, noise_seeds=0)
        with pytest.raises(SpecError) as fault:
            read_lesson(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        for key in ("pass_mark", "noise_seeds"):
            number = next(n for n, line in enumerate(lines, 1) if f'"{key}"' in line)
            assert f"\n  {number}:" in str(fault.value) and key in str(fault.value)

    def test_faults_of_the_scenario_stand_where_the_lesson_says_so_beside_its_own(self, tmp_path: Path) -> None:
        said = ["workforce.pickers.cont=3", "seed=x"]
        path = lesson_file(tmp_path, overrides=said, hints=[{"at": "23:00", "words": WORDS}], reference={
            "policies": {"batching": "nope"},
        })  # fmt: skip
        lines = path.read_text(encoding="utf-8").splitlines()
        with pytest.raises(SpecError) as fault:
            read_lesson(path)
        for text in (*said, "nope"):
            number = next(n for n, line in enumerate(lines, 1) if text in line)
            assert re.search(rf"\n  {number}:\d+ ", str(fault.value)), text
        late = lesson_file(tmp_path, hints=[{"at": "23:00", "words": WORDS}])
        with pytest.raises(SpecError, match=r"hints\.0\.at +is at .* outside of the lesson"):
            read_lesson(late)

    def test_no_such_lesson(self) -> None:
        with pytest.raises(SpecError, match="did you mean speed"):
            read_lesson("sped")


class TestHints:
    def test_they_come_by_the_clock_and_after_unanswered_incidents(self, tmp_path: Path) -> None:
        lesson = lesson_of(tmp_path)
        by_clock, after_ill = lesson.spec.hints
        minute = 60_000
        assert hints_due(lesson, 4 * minute, []) == []
        assert hints_due(lesson, 14 * minute, []) == [by_clock]
        assert hints_due(lesson, 15 * minute, []) == [by_clock, after_ill]
        answer = {"at_ms": 12 * minute, "actor": "trainee", "action": "move_workers"}
        assert hints_due(lesson, 15 * minute, [answer]) == [by_clock]
        for other in ({"action": "hold_work"}, {"actor": "trainer"}, {"at_ms": 9 * minute}):
            assert hints_due(lesson, 15 * minute, [{**answer, **other}]) == [by_clock, after_ill]


class TestLiveExercise:
    def test_questions_are_open_until_answered(self, tmp_path: Path) -> None:
        choices = [{"choice": c, "words": WORDS} for c in ("yes", "no")]
        ask = {
            "action": "ask_question",
            "question": "q",
            "words": WORDS,
            "choices": choices,
            "default": "no",
            "at": "08:20",
        }
        exercise = LiveExercise.begun(lesson_of(tmp_path, incidents=[{"name": "q", "command": ask}], hints=[]))
        exercise.session.advance(20 * 60_000)
        assert [q.asked.question for q in exercise.questions] == ["q"]
        assert exercise.give({"action": "answer_question", "question": "q", "choice": "perhaps"})
        assert exercise.give({"action": "answer_question", "question": "q", "choice": "yes"}) is None
        assert exercise.questions == []
        assert [c["choice"] for c in exercise.given] == ["perhaps", "yes"]


class TestScoreSoFar:
    MOVE: ClassVar = {"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 1}

    @pytest.mark.slow
    def test_at_the_end_it_is_the_score_of_the_debrief_and_the_runs_are_the_same(self, tmp_path: Path) -> None:
        lesson = lesson_of(tmp_path)
        exercise, so_far = LiveExercise.begun(lesson), ScoreSoFar(lesson)
        for minute in range(5, 121, 5):
            exercise.session.advance(minute * 60_000)
            found = so_far.at(exercise.session.head_ms)
            if minute in (10, 20, 31):
                for actor, one in (("trainer", {"action": "absent_workers", "role": "picker"}), ("trainee", self.MOVE)):
                    exercise.give(one, actor)
                    so_far.given(exercise.commands[-1])
        final = debrief(lesson, exercise.commands, worth=False, noise_folder=tmp_path)
        digests = [course.digest() for course in (so_far.own, so_far.none, so_far.reference)]
        assert digests == [final.trainee.digest, final.none.digest, final.reference.digest]
        assert len(set(digests)) == 3
        for mine, part in zip(found.floor, final.parts, strict=True):
            assert (mine.part, mine.none, mine.reference, mine.trainee) == (
                part.part, part.none, part.reference, part.trainee
            )  # fmt: skip
        shares = [
            [p.points / p.most_points for p, f in zip(parts, final.parts, strict=True) if f.scored]
            for parts in (found.floor, final.parts)
        ]
        assert len(shares[0]) >= 2 and shares[0] == pytest.approx(shares[1])
        assert [p.most_points for p in found.floor] == [40, 30, 20, 10]

    @pytest.mark.slow
    def test_the_figures_are_those_of_the_instant_and_an_open_incident_counts_as_long_as_it_is(self) -> None:
        lesson = read_lesson("speed")
        exercise, so_far = LiveExercise.begun(lesson), ScoreSoFar(lesson)
        exercise.session.advance(92 * 60_000 - 1)
        exercise.give({**self.MOVE, "from_role": "receiver"})
        so_far.given(exercise.commands[-1])
        early, late = 94 * 60_000 + 123, 435 * 60_000 + 123
        reaction = so_far.at(early).floor[3]
        assert reaction.trainee == 2 and reaction.reference == 3 and reaction.none == 4 + 123 / 60_000
        exercise.session.advance(late)
        kpis, costs = exercise.session.figures(), lesson.loaded.spec.costs
        service, cost = so_far.at(late).floor[:2]
        assert service.trainee == 1 - kpis["perfect_order_rate"] and cost.trainee == cost_per_order(kpis, costs)
        assert service.why is None and service.none > service.trainee > service.reference

    @pytest.mark.slow
    def test_the_book_has_wrong_orders_for_right_ones(self) -> None:
        lesson = read_lesson("accuracy")
        exercise = LiveExercise.begun(lesson)
        exercise.session.advance(lesson.horizon_ms - 1)
        kpis, costs = exercise.session.figures(), lesson.loaded.spec.costs
        found = ScoreSoFar(lesson).at(lesson.horizon_ms - 1)
        assert kpis["orders_wrong"] > 0
        assert found.book[0].trainee == 1 - kpis["on_time_shipment"] < found.floor[0].trainee
        assert found.book[1].trainee == cost_per_order(kpis, costs, counts_wrong=False) < found.floor[1].trainee
        assert found.book[2:] == found.floor[2:]

    def test_it_moves_with_decisions(self, tmp_path: Path) -> None:
        lesson = lesson_of(tmp_path)
        points = []
        for given in ([], [command_of({**self.MOVE, "count": 2, "at_ms": 660_001, "actor": "trainee"})]):
            points.append(sum(p.points for p in ScoreSoFar(lesson, given).at(60 * 60_000).floor))
        assert points[0] == 0 < points[1]

    def test_there_are_no_points_where_the_reference_hardly_differs_nor_a_cost_before_an_order_left(
        self, tmp_path: Path
    ) -> None:
        found = ScoreSoFar(lesson_of(tmp_path)).at(13 * 60_000)
        by_name = {p.part: p for p in found.floor}
        assert by_name["cost"].why == "no_figure" and by_name["congestion"].why == "no_clear_difference"
        assert by_name["reaction"].why is None and by_name["reaction"].most_points == 10

    def test_nothing_is_scored_before_anything_happened_nor_without_a_reference(self, tmp_path: Path) -> None:
        assert not any(p.scored for p in ScoreSoFar(lesson_of(tmp_path)).at(0).floor)
        alone = ScoreSoFar(lesson_of(tmp_path, reference={})).at(60 * 60_000)
        assert [p.why for p in alone.floor] == ["no_figure"] * 4 and alone.floor[2].trainee is not None


class TestShipped:
    def test_the_lesson_and_the_commands_of_the_page_hold_together(self, tmp_path: Path) -> None:
        page = (DOCS / "training.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"(?s)```yaml\n(.*?)```", page)
        (tmp_path / "bench.yaml").write_text(block, encoding="utf-8")
        lesson = read_lesson(tmp_path / "bench.yaml")
        assert lesson.spec.name == "bench" and len(lesson.incident_commands()) == 1
        given = read_commands(DOCS / "examples" / "trainee.jsonl")
        speed = read_lesson("speed")
        run = run_shift(speed, [], Shift(speed.spec.seed, tuple(given)))
        assert [d for d in run.deeds if d.status != "done"] == []
        for action in {word for fitting in FITTING.values() for word in fitting}:
            assert f"`{action}`" in page, f"{action} answers incidents and is not on the page"

    def test_these_ship(self) -> None:
        assert lesson_names() == sorted(SHIPPED)

    @pytest.mark.parametrize("name", SHIPPED)
    @pytest.mark.slow
    def test_the_expert_beats_doing_nothing_and_nothing_is_refused(self, name: str) -> None:
        lesson = read_lesson(name)
        none = run_shift(lesson, [], Shift(lesson.spec.seed))
        expert = run_shift(lesson, [], reference_shift(lesson))
        for run in (none, expert):
            assert [d for d in run.deeds if d.status != "done"] == []
        parts = score(none.costlike, expert.costlike, expert.costlike, dict.fromkeys(WEIGHTS, 0.0))
        better = [p.part for p in parts if p.scored]
        assert {"service", "cost", "reaction"} <= set(better) and ("congestion" in better or name == "accuracy")
        assert all(expert.reactions[i.name] is not None for i in lesson.spec.incidents)

    @pytest.mark.slow
    @pytest.mark.parametrize("name", SHIPPED)
    def test_no_decision_alone_passes_and_all_together_do(self, name: str, tmp_path: Path) -> None:
        lesson = read_lesson(name)
        commands = list(lesson.spec.reference.commands)
        whole = debrief(lesson, commands, workers=2, noise_folder=tmp_path)
        assert whole.score == pytest.approx(100) and whole.passed
        assert {p.part for p in whole.parts if p.scored} >= {"service", "cost", "reaction"}
        assert all(d.worth is not None and d.worth > 0 for d in whole.decisions)
        for one in commands:
            alone = debrief(lesson, [one], workers=2, worth=False, noise_folder=tmp_path)
            assert alone.passed is False


def test_a_share_is_of_the_references_gain() -> None:
    assert share_gained(10.0, 4.0, 7.0) == 0.5
    assert (share_gained(10.0, 4.0, 1.0), share_gained(10.0, 4.0, 12.0)) == (1.0, 0.0)
