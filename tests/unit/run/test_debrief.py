"""Scores by counterfactuals: what counts, what is chance, what a decision was worth, and how fast it came."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from statistics import stdev
from typing import Any

import pytest
from lessons_tried import lesson_of
from scipy.stats import t

from twin.run.commands import as_mapping, command_of
from twin.run.counterfactuals import Deed, IncidentAt, Shift, cost_per_order, reactions_of, run_shift
from twin.run.debrief import debrief, split
from twin.run.lesson_file import Lesson
from twin.run.lesson_noise import noise_of, reference_shift
from twin.run.scoring import WEIGHTS, half_widths, mean_reaction_min, score, total_of
from twin.spec.work import CostsSpec

MIN = 60_000
FLAT = {"service": 0.5, "cost": 20.0, "congestion": 100.0, "reaction": 30.0}
BEST = {"service": 0.1, "cost": 10.0, "congestion": 20.0, "reaction": 5.0}
HALF = {"service": 0.3, "cost": 15.0, "congestion": 60.0, "reaction": 17.5}
QUIET = dict.fromkeys(WEIGHTS, 0.0)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return lesson_of(tmp_path_factory.mktemp("lesson"))


def given(at_min: float, action: str, **arguments: Any) -> Any:
    return command_of({"at_ms": round(at_min * MIN), "action": action, "actor": "trainee", **arguments})


def helped(at_min: float) -> Any:
    return given(at_min, "move_workers", from_role="picker", to_role="packer", count=2)


class TestScore:
    def test_the_weights_are_those_of_the_four_parts(self) -> None:
        assert {p.part: p.most_points for p in score(FLAT, BEST, HALF, QUIET)} == {
            "service": 40, "cost": 30, "congestion": 20, "reaction": 10
        }  # fmt: skip
        assert total_of(score(FLAT, BEST, HALF, QUIET)) == pytest.approx(50)
        assert total_of(score(FLAT, BEST, FLAT, QUIET)) == 0
        assert total_of(score(FLAT, BEST, dict.fromkeys(WEIGHTS, 0.0), QUIET)) == pytest.approx(100)

    def test_what_chance_may_explain_is_not_scored_and_the_rest_grows(self) -> None:
        noise = {**QUIET, "service": 0.4, "cost": 9.99}
        parts = {p.part: p for p in score(FLAT, BEST, HALF, noise)}
        assert not parts["service"].scored and parts["service"].why == "no_clear_difference"
        assert parts["cost"].most_points == pytest.approx(50) and parts["reaction"].most_points == pytest.approx(
            100 / 6
        )
        assert total_of(list(parts.values())) == pytest.approx(50)

    def test_a_reference_that_is_worse_is_no_yardstick(self) -> None:
        parts = {p.part: p for p in score(FLAT, {**BEST, "cost": 40.0}, {**HALF, "cost": 40.0}, QUIET)}
        assert not parts["cost"].scored and parts["cost"].points == 0

    @pytest.mark.parametrize("where", [0, 1, 2])
    def test_a_part_without_a_figure_is_not_scored(self, where: int) -> None:
        runs: list[Any] = [dict(FLAT), dict(BEST), dict(HALF)]
        runs[where]["congestion"] = None
        parts = {p.part: p for p in score(runs[0], runs[1], runs[2], QUIET)}
        assert parts["congestion"].why == "no_figure"

    def test_nothing_scored_is_no_score(self) -> None:
        assert total_of(score(FLAT, FLAT, FLAT, QUIET)) is None

    def test_half_widths_are_of_paired_differences(self) -> None:
        gains = [3.0, 5.0, 4.5]
        none = [{**FLAT, "cost": 20.0 + n} for n in range(3)]
        reference = [{**BEST, "cost": a["cost"] - gain} for a, gain in zip(none, gains, strict=True)]
        width = half_widths(none, reference)
        assert width["cost"] == pytest.approx(t.ppf(0.975, 2) * stdev(gains) / sqrt(3))
        assert width["service"] == 0
        assert half_widths(none, [{**reference[0], "cost": None}, *reference[1:]])["cost"] == float("inf")


class TestReactions:
    INCIDENTS = (
        IncidentAt("ill", 10 * MIN, "absent_workers", ("move_workers", "add_workers")),
        IncidentAt("odd", 30 * MIN, "other", ()),
    )

    def test_the_first_fitting_command_counts(self) -> None:
        deeds = [
            Deed(9 * MIN, "move_workers", "trainee"), Deed(11 * MIN, "hold_work", "trainee"),
            Deed(12 * MIN, "move_workers", "trainee", "refused"), Deed(13 * MIN, "move_workers", "trainer"),
            Deed(14 * MIN, "move_workers", "policy"), Deed(16 * MIN, "add_workers", "trainee"),
            Deed(17 * MIN, "move_workers", "trainee"), Deed(30 * MIN, "hold_work", "trainee"),
        ]  # fmt: skip
        assert reactions_of(self.INCIDENTS, deeds) == {"ill": 6.0, "odd": 0.0}
        assert reactions_of(self.INCIDENTS, deeds[:5]) == {"ill": None, "odd": None}

    def test_a_command_that_waits_for_the_wms_counts_once_it_was_done(self, lesson: Lesson) -> None:
        down = given(9, "inject_fault", kind="wms_outage", duration_s=1200).model_copy(update={"actor": "trainer"})
        wishes = [given(12, "change_policy", family="slotting", name="abc"), given(14, "hold_work", priority=77),
                  given(15, "change_policy", family="batching", name="one_by_one")]  # fmt: skip
        found = run_shift(lesson, [down], Shift(lesson.spec.seed, tuple(wishes)))
        record = [d for d in found.deeds if d.actor == "trainee"]
        assert [(d.at_ms // MIN, d.status, d.why and d.why.code) for d in record] == [
            (12, "refused", "slotting_once"), (14, "refused", "none_to_hold_of"), (15, "done", None)
        ]  # fmt: skip
        assert found.reactions["trainer-1"] == 6.0
        waiting = [Deed(12 * MIN, "move_workers", "trainee", "waiting")]
        assert reactions_of(self.INCIDENTS, waiting)["ill"] is None

    def test_none_and_late_count_as_the_whole_span(self) -> None:
        assert mean_reaction_min([None, 50.0, 6.0], 30.0) == 22.0
        assert mean_reaction_min([], 30.0) is None


def test_money_per_order() -> None:
    kpis = {"labour_cost": 1000.0, "overtime_cost": 80.0, "orders_late": 5, "orders_wrong": 2, "orders_shipped": 100}
    assert cost_per_order(kpis, CostsSpec()) == pytest.approx((1000 + 80 * 0.25 + 5 * 4 + 2 * (18 + 8)) / 100)
    assert cost_per_order({**kpis, "labour_cost": None}, CostsSpec()) is None
    assert cost_per_order({**kpis, "orders_shipped": 0}, CostsSpec()) == pytest.approx(1092)


class TestDebrief:
    @pytest.mark.slow
    def test_doing_nothing_scores_nothing_and_the_reference_all(self, lesson: Lesson, tmp_path: Path) -> None:
        nothing = debrief(lesson, [], noise_folder=tmp_path)
        assert nothing.score == 0 and nothing.passed is False and nothing.decisions == ()
        assert nothing.trainee.digest == nothing.none.digest
        expert = debrief(lesson, lesson.spec.reference.commands, noise_folder=tmp_path)
        assert expert.score == pytest.approx(100) and expert.passed
        assert expert.trainee.digest == expert.reference.digest

    @pytest.mark.slow
    def test_a_decision_is_worth_what_is_lost_without_it(self, lesson: Lesson, tmp_path: Path) -> None:
        decisions = [helped(20), given(31, "call_count", location="A01-1-001-1L"),
                     given(40, "close_station", station="nowhere")]  # fmt: skip
        found = debrief(lesson, decisions, noise_folder=tmp_path)
        without = debrief(lesson, decisions[1:], worth=False, noise_folder=tmp_path)
        assert found.score is not None and without.score is not None
        assert found.decisions[0].worth == pytest.approx(found.score - without.score, abs=0.01)
        assert found.decisions[0].worth > 10
        assert [d.status for d in found.decisions] == ["done", "done", "refused"] and found.decisions[2].worth is None
        assert found.trainee.reactions == {"ill": 10.0, "rush": None}

    @pytest.mark.slow
    def test_later_help_is_worth_less(self, lesson: Lesson, tmp_path: Path) -> None:
        scores = [debrief(lesson, [helped(m)], worth=False, noise_folder=tmp_path).score for m in (12, 45, 100)]
        assert all(s is not None for s in scores) and scores[0] > scores[1] > scores[2]  # type: ignore[operator]

    @pytest.mark.slow
    def test_incidents_of_the_trainer_are_in_every_run(self, lesson: Lesson, tmp_path: Path) -> None:
        more = given(15, "absent_workers", role="picker", count=2).model_copy(update={"actor": "trainer"})
        found = debrief(lesson, [more, helped(20)], noise_folder=tmp_path)
        assert [i.name for i in found.incidents] == ["ill", "trainer-1", "rush"]
        assert len(found.decisions) == 1
        for run in (found.none, found.reference, found.trainee):
            assert [d.at_ms for d in run.deeds if d.actor == "trainer"] == [10 * MIN, 15 * MIN, 30 * MIN]

    def test_a_recorded_plan_is_not_an_incident_more(self, lesson: Lesson) -> None:
        plan = [command_of(as_mapping(c.at_ms, c)) for c in lesson.incident_commands()]
        assert split(lesson, [*plan, helped(20)]) == ([], [helped(20)])
        assert split(lesson, [*plan, plan[0]])[0] == [plan[0]]

    def test_without_a_reference_nothing_is_scored(self, tmp_path: Path) -> None:
        found = debrief(lesson_of(tmp_path, reference={}), [helped(20)], noise_folder=tmp_path)
        assert found.score is None and found.passed is None and found.decisions[0].worth is None
        assert json.dumps(found.as_json(), allow_nan=False)

    @pytest.mark.slow
    def test_the_number_of_processes_changes_nothing(self, lesson: Lesson, tmp_path: Path) -> None:
        one = debrief(lesson, [helped(20)], noise_folder=tmp_path / "a").as_json()
        assert debrief(lesson, [helped(20)], workers=2, noise_folder=tmp_path / "b").as_json() == one


class TestNoise:
    @pytest.mark.slow
    def test_it_is_found_once_and_again_when_a_run_changes(self, lesson: Lesson, tmp_path: Path) -> None:
        none = run_shift(lesson, [], Shift(lesson.spec.seed))
        expert = run_shift(lesson, [], reference_shift(lesson))
        told: list[int] = []
        widths = [
            noise_of(lesson, [], none, expert, folder=tmp_path, progress=lambda done, of: told.append(of))
            for _ in range(2)
        ]
        assert widths[0] == widths[1] and told == [4, 4, 4, 4], "two further seeds, each with and without"
        (kept,) = tmp_path.glob("*.json")
        kept.write_text("{}")
        assert noise_of(lesson, [], none, expert, folder=tmp_path) == widths[0]
        other = type(none)(none.costlike, none.kpis, none.reactions, none.deeds, "sha256:other")
        noise_of(lesson, [], other, expert, folder=tmp_path)
        assert len(list(tmp_path.glob("*.json"))) == 2

    def test_a_folder_that_cannot_be_written_is_no_fault(self, lesson: Lesson, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        none = run_shift(lesson, [], Shift(lesson.spec.seed))
        expert = run_shift(lesson, [], reference_shift(lesson))
        assert noise_of(lesson, [], none, expert, folder=tmp_path / "file" / "inside")["reaction"] == 0
