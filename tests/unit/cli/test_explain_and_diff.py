"""`twin explain` and `twin diff`: what they print, that it adds up, and what they say to wrong use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.cli.order_story import span
from twin.domain.errors import JournalError, SpecError
from twin.observers.time_parts import PARTS
from twin.run.commands import command_of
from twin.run.running import Run, run_scenario
from twin.spec.loading import load_scenario


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    said = ["horizon_h=8"]
    run_scenario(load_scenario("quickstart", said), out=folder / "a")
    run_scenario(load_scenario("quickstart", said), out=folder / "again")
    run_scenario(load_scenario("quickstart", [*said, "workforce.packers.count=1"]), out=folder / "b")
    paper = [*said, "methods.picking=paper", "opening_stock.generate.book_right=0.5"]
    run_scenario(load_scenario("quickstart", paper), out=folder / "paper", policies={"routing": "s_shape"})
    return folder


def said(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(*words: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(*words, "--json"))
    return found


class TestExplain:
    def test_the_parts_add_up_and_the_bottleneck_has_evidence(self, days: Path) -> None:
        told = answer("explain", days / "a")
        assert told["schema"] == "twin.explain/1"
        assert sum(p["sum_ms"] for p in told["parts"]) == told["sum_ms"] > 0
        assert [p["part"] for p in told["parts"]] == list(PARTS)
        assert told["orders"] == told["shipped"] + sum(row["orders"] for row in told["not_shipped"].values())
        waits = {w["source"]: w for w in told["waits"]}
        assert told["bottleneck"] == max(told["waits"], key=lambda w: w["sum_ms"])
        for wait in (told["bottleneck"], told["bottleneck_inside"]):
            hours = {h["from_ms"]: h["waiting"][wait["source"]] for h in told["hours"]}
            assert wait["peak_waiting"] == hours[wait["peak_from_ms"]] == max(hours.values())
        assert told["bottleneck_inside"]["inside"] and waits["packers"]["role"] == "packer"

    def test_a_table_in_a_file_has_its_figures_whole(self, days: Path) -> None:
        assert "\u2026" not in said("explain", days / "paper")

    @pytest.mark.slow
    def test_one_packer_makes_packers_the_bottleneck_inside(self, days: Path) -> None:
        inside = answer("explain", days / "b")["bottleneck_inside"]
        assert inside["source"] == "packers"
        assert inside["peak_utilisation"] > 0.95
        text = said("explain", days / "b")
        assert "Inside the building: packers." in text and "another packer or bench" in text

    def test_the_queue_by_hour_holds_what_the_orders_waited(self, days: Path) -> None:
        """Little: the time integral of the queue is the sum of the waits, open orders included."""
        from twin.observers.bottleneck import SOURCES, by_hour, steps_of
        from twin.observers.run_context import RunContext
        from twin.run.recorded_times import read_times

        run = read_times(days / "b")
        hours = by_hour(run.times, run.people, RunContext(horizon_ms=run.horizon_ms))
        legs = run.times.legs
        for source in SOURCES:
            if source.name != "aisles":
                own = steps_of(run.times, source)
                counted = sum(h.waiting[source.name] * 3_600_000 for h in hours)
                assert counted == pytest.approx(float((legs.to_ms - legs.from_ms)[own].sum()), abs=1)

    def test_the_story_of_an_order(self, days: Path) -> None:
        order = answer("explain", days / "a", "--order", "O000010")
        assert order["schema"] == "twin.explain-order/1" and order["state"] == "shipped"
        assert sum(order["parts_ms"].values()) == order["time_ms"] == order["end_ms"] - order["received_ms"]
        at_ms = order["received_ms"]
        for step in order["steps"]:
            assert step["from_ms"] == at_ms
            at_ms = step["to_ms"]
        assert at_ms == order["end_ms"]
        told = {row["seq"]: row for row in order["decisions"]}
        causes = {step["cause"] for step in order["steps"] if step["cause"] is not None}
        assert causes == told.keys()
        assert {"routing", "dock_assignment"} <= {row["family"] for row in told.values()}
        text = said("explain", days / "a", "--order", "O000010")
        assert "O000010 of customer" in text and "was on the tour for it" in text
        assert "routing by largest_gap: tour" in text and "packed it at main/pack" in text
        for sentence in order["story"]:
            assert sentence["sentence"] in text

    def test_an_open_order_says_so(self, days: Path) -> None:
        told = answer("explain", days / "a")
        assert told["not_shipped"]["open"]["orders"]
        from twin.observers.time_parts import STATES
        from twin.run.recorded_times import read_times

        times = read_times(days / "a").times
        row = times.state.tolist().index(STATES.index("open"))
        text = said("explain", days / "a", "--order", str(times.names.name(int(times.order[row]))))
        assert "is open at the end of the run" in text and "and does so still." in text

    def test_paper_is_told_when_the_book_hears_it(self, days: Path) -> None:
        text = said("explain", days / "paper", "--order", "O000010")
        assert "The book hears only now:" in text

    @pytest.mark.slow
    def test_a_fault_at_the_face_is_part_of_the_story(self, tmp_path: Path) -> None:
        from twin.events.reading import read_events
        from twin.run.recorded_times import read_times

        run_scenario(load_scenario("demo_before"), out=tmp_path / "r")
        run = read_times(tmp_path / "r")
        keyed = run.times.parts["keying"] > 0
        assert keyed.any(), "the day has no line that waited for the clerk"
        order = str(run.times.names.name(int(run.times.order[keyed][0])))
        found = read_events(tmp_path / "r", ["order"], ["ExceptionReported"]).columns["order"]
        assert order in found.tolist()
        text = said("explain", tmp_path / "r", "--order", order)
        assert "reported a fault at" in text and "keyed its sheet" in text

    def test_an_unknown_order_is_a_sentence(self, days: Path) -> None:
        with pytest.raises(SpecError, match="did you mean O000010"):
            said("explain", days / "a", "--order", "0000010")

    def test_no_run_folder_is_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(JournalError, match="not a run folder"):
            said("explain", tmp_path / "none")
        with pytest.raises(JournalError, match="holds no events"):
            said("explain", tmp_path)
        with pytest.raises(JournalError, match="not a run folder"):
            said("diff", tmp_path / "none", tmp_path)

    def test_a_run_that_was_broken_off_is_told_up_to_there(self, tmp_path: Path) -> None:
        run = Run(load_scenario("quickstart"), out=tmp_path / "r")
        run.advance(3 * 3_600_000)
        run.stop()
        told = answer("explain", tmp_path / "r")
        assert told["not_shipped"]["open"]["orders"] > 0
        assert sum(p["sum_ms"] for p in told["parts"]) == told["sum_ms"]

    def test_a_day_on_which_nothing_left(self, tmp_path: Path) -> None:
        run_scenario(load_scenario("quickstart", ["workforce.pickers.count=0", "horizon_h=1"]), out=tmp_path / "r")
        assert "none was staged" in said("explain", tmp_path / "r")

    @pytest.mark.slow
    def test_a_queue_of_theory_is_told_up_to_the_lane(self, tmp_path: Path) -> None:
        run_scenario(load_scenario("oracles/mm1", ["horizon_h=10", "warmup_h=0"]), out=tmp_path / "r")
        told = answer("explain", tmp_path / "r")
        assert told["shipped"] == 0 < told["counted"]
        assert told["bottleneck"]["source"] == "packers"
        assert {p["part"] for p in told["parts"] if p["sum_ms"]} == {"packing"}
        assert sum(p["sum_ms"] for p in told["parts"]) == told["sum_ms"]
        assert "None has left" in said("explain", tmp_path / "r")

    def test_a_cancelled_order_has_an_end(self, tmp_path: Path) -> None:
        command = command_of({"action": "cancel_order", "order": "O000002", "at_ms": 3_700_000})
        run = Run(load_scenario("demo_before", ["horizon_h=3"]), out=tmp_path / "r", commands=[command])
        run.advance(run.premises.horizon_ms)
        run.finish()
        told = answer("explain", tmp_path / "r", "--order", "O000002")
        assert told["state"] == "cancelled" and told["end_ms"] == 3_700_000
        assert sum(told["parts_ms"].values()) == told["time_ms"]
        assert "was cancelled" in said("explain", tmp_path / "r", "--order", "O000002")


class TestDiff:
    @pytest.mark.slow
    def test_the_parts_account_for_the_difference(self, days: Path) -> None:
        told = answer("diff", days / "a", days / "b")
        assert told["schema"] == "twin.diff/1" and not told["same"]
        assert sum(p["change_sum_ms"] for p in told["parts"]) == told["change_sum_ms"]
        assert told["cycle_b_sum_ms"] - told["cycle_a_sum_ms"] == told["change_sum_ms"]
        before_truck = [p for p in told["parts"] if p["part"] != "truck"]
        assert max(before_truck, key=lambda p: abs(p["change_sum_ms"]))["part"] == "packing"
        assert {"key": "workforce.packers.count", "a": 2, "b": 1} in told["settings"]
        assert told["first_decision"] is not None
        text = said("diff", days / "a", days / "b")
        assert "workforce.packers.count: 2 -> 1" in text and "First decision that differs: Mon " in text

    def test_the_same_events_are_said_to_be(self, days: Path) -> None:
        assert "nothing differs" in said("diff", days / "a", days / "again")
        told = answer("diff", days / "a", days / "again")
        assert told["same"] and told["first_decision"] is None and told["change_sum_ms"] == 0

    @pytest.mark.slow
    def test_a_policy_of_the_command_line_is_named(self, days: Path) -> None:
        told = answer("diff", days / "a", days / "paper")
        assert {"key": "--policy routing", "a": "largest_gap", "b": "s_shape"} in told["settings"]

    def test_other_days_are_not_compared(self, days: Path, tmp_path: Path) -> None:
        run_scenario(load_scenario("one_order"), out=tmp_path / "r")
        with pytest.raises(JournalError, match="cannot be compared"):
            said("diff", days / "a", tmp_path / "r")


def test_the_page_says_what_each_part_is() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "where-the-time-goes.md").read_text(encoding="utf-8")
    for part in PARTS.values():
        assert f"| `{part.name}` | {part.kind} | {part.means} | {part.behind} |" in page


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0.0 s"), (12_345, "12.3 s"), (-1_500, "-1.5 s"), (61_000, "1:01 min"), (-3_599_000, "-59:59 min"),
     (3_600_000, "1:00:00 h"), (36_061_000, "10:01:01 h")],
)  # fmt: skip
def test_lengths_of_time_read_well(ms: int, text: str) -> None:
    assert span(ms) == text
