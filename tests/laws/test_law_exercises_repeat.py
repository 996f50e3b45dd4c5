"""A run steered by hand, in frames of any size, is its recorded commands run again: the same events, byte for byte.

The days are tiny: works of 1 to 3 ms, so that commands and what the floor does meet at one instant. With either rule
broken, that a command comes after the last complete instant and that it is first in its own, exercises differ.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from random_days import MINI, TIMES

from twin.events.stream import CHUNK_EVENTS
from twin.run.commands import command_of, read_commands
from twin.run.running import Run, run_scenario
from twin.session import Session
from twin.spec.loading import Loaded, load_scenario

TINY = [
    *MINI, *(f"methods.handling.{key}=0.00{1 + n % 3}" for n, key in enumerate(TIMES)),
    "equipment.walking_speed_m_per_s=1000", "equipment.truck_speed_m_per_s=1000", "equipment.wms_reply_s=0.001",
    "methods.clerk.key_line_s=0.002", "methods.paper.confirm_s=0.001", "methods.barcode.confirm_s=0.001",
    "policies.release={name: waveless, rules: {release_every_s: 0}, caps: {pick: 16}}", "policies.batching=one_by_one",
    "demand.generate.backlog_orders=30",
    "demand.generate.max_orders=30", "horizon_h=0.001", "workforce.pickers.count=3",
    "layout.aisle_capacity=1", "methods.barcode.retry_s=0.001",
]  # fmt: skip
METHODS = ("barcode", "paper")


@cache
def loaded(method: str) -> Loaded:
    return load_scenario("one_order", [*TINY, f"methods.picking={method}"])


WORDS = {"en": "More people?", "zh": "加人吗？"}
QUESTION: dict[str, Any] = {
    "question": "more", "default": "no", "words": WORDS,
    "choices": [{"choice": "no", "words": WORDS},
                {"choice": "yes", "words": WORDS, "commands": [{"action": "add_workers", "role": "picker"}]}],
}  # fmt: skip


def drawn(luck: random.Random) -> dict[str, Any]:
    """A command that often has something to do with what happens at the same instant."""
    order = {"order": f"O{luck.randint(1, 30):06d}"}
    return luck.choice(
        [
            {"action": "cancel_order", **order}, {"action": "cancel_order", **order},
            {"action": "hold_order", **order}, {"action": "release_order", **order},
            {"action": "change_order", **order, "line": f"{order['order']}-1", "units": luck.randint(0, 3)},
            {"action": "add_workers", "role": luck.choice(["picker", "packer"])},
            {"action": "block_aisle", "aisle": "A02", "duration_s": luck.choice([0.002, 0.02])},
            {"action": "inject_fault", "kind": "wms_outage", "duration_s": luck.choice([0.001, 0.02])},
            {"action": "inject_fault", "kind": "absent_worker", "target": "picker", "duration_s": 0.01},
            {"action": "inject_fault", "kind": "device", "target": "picker"},
            {"action": "add_workers", "role": "acrobat"},
            {"action": "move_workers", "from_role": "picker", "to_role": luck.choice(["packer", "loader"])},
            {"action": "move_workers", "from_role": "packer", "to_role": "picker"},
            {"action": luck.choice(["close_station", "open_station"]), "station": "pack"},
            {"action": "set_benches", "station": "pack", "benches": luck.randint(1, 3)},
            {"action": luck.choice(["hold_work", "release_work"]), "zone": "pick"},
            {"action": "call_count", "location": "A01-1-001-1L"},
            {"action": "change_policy", "family": "batching", "name": luck.choice(["first_come", "one_by_one"])},
            {"action": "rush_orders", "count": luck.randint(1, 3), "due_min": 0.001},
            {"action": "late_truck", "carrier": "van", "delay_min": 0.0005},
            {"action": "absent_workers", "role": "picker", "duration_s": 0.01},
            {"action": "inject_fault", "kind": "network", "duration_s": luck.choice([0.001, 0.02])},
            {"action": "ask_question", "due_min": 0.0001, **QUESTION},
            {"action": "answer_question", "question": "more", "choice": luck.choice(["yes", "no"])},
        ]
    )  # fmt: skip


def exercise(number: int, kind: type[Session], folder: Path | None = None) -> tuple[str, list[dict[str, Any]], int]:
    """A steered run in frames of drawn sizes, some of which break off early: digest, commands, seed."""
    luck = random.Random(number)
    session = kind(loaded(METHODS[number % 2]), seed=number, out=folder)
    session.stops_at_questions = number % 3 == 0
    target = 0
    while session.head_ms < 250:
        target += luck.choice([0, 1, 1, 2, 5, 17])
        reached = session.advance(target, luck.choice([None, 0.0]))
        assert reached == session.head_ms <= target
        target = reached
        if session.head_ms >= 0 and luck.random() < 0.2:
            for _ in range(luck.randint(1, 2)):
                session.give(drawn(luck))
        elif luck.random() < 0.3:
            target += 1
    session.advance(session.horizon_ms)
    return session.finish().digest, [dict(c) for c in session.given], number


def repeats(number: int, kind: type[Session]) -> bool:
    digest, given, seed = exercise(number, kind)
    again = Run(loaded(METHODS[number % 2]), seed=seed, commands=[command_of(c) for c in given])
    again.advance(again.premises.horizon_ms)
    return again.finish().digest == digest and again.given == given


class AtACompleteInstant(Session):
    """Rule 1 broken: a command is stamped with the instant that has already passed."""

    def give(self, command: Mapping[str, Any]) -> str | None:
        self._run.world.env.come_to(self.head_ms)
        return self._run.give(command_of({**command, "at_ms": self.head_ms}))


class LastInItsInstant(Session):
    """Rule 2 broken: a command comes after all else of its instant."""

    def give(self, command: Mapping[str, Any]) -> str | None:
        at_ms = self.head_ms + 1
        self._run.world.env.come_to(at_ms)
        self._run.world.complete(at_ms)
        return self._run.give(command_of({**command, "at_ms": at_ms}))


@pytest.mark.parametrize("tens", range(3))
def test_an_exercise_repeats(tens: int) -> None:
    assert [n for n in range(10 * tens, 10 * tens + 10) if not repeats(n, Session)] == []


@pytest.mark.slow
@pytest.mark.parametrize("tens", range(3, 30))
def test_many_exercises_repeat(tens: int) -> None:
    assert [n for n in range(10 * tens, 10 * tens + 10) if not repeats(n, Session)] == []


@pytest.mark.parametrize("broken", [AtACompleteInstant, LastInItsInstant])
def test_a_broken_rule_would_be_seen(broken: type[Session]) -> None:
    assert not all(repeats(n, broken) for n in range(10))


def test_the_file_of_commands_is_the_exercise(tmp_path: Path) -> None:
    digest, given, seed = exercise(3, Session, tmp_path / "live")
    recorded = read_commands(tmp_path / "live" / "commands.jsonl")
    assert len(given) > 10 and len(recorded) == len(given)
    again = run_scenario(loaded("paper"), seed=seed, commands=recorded, out=tmp_path / "again")
    assert again.digest == digest
    for name in ("commands.jsonl", "scenario.yaml"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "live" / name).read_bytes()


class TestStepping:
    def session(self, **more: Any) -> Session:
        return Session(loaded("barcode"), seed=1, keep_chunks=True, **more)

    def test_nothing_has_passed_at_first(self) -> None:
        session = self.session()
        assert (session.head_ms, session.now_ms, session.chunks) == (-1, 0, [])
        assert session.advance(-1) == -1

    def test_all_up_to_the_head_is_sealed_and_nothing_later(self) -> None:
        session = self.session()
        sizes = []
        for target in range(0, 120, 3):
            assert session.advance(target) == target
            at_ms = [int(t) for c in session.chunks for t in c.columns["at_ms"]]
            assert at_ms[-1] <= target
            sizes.append(len(at_ms))
        assert len(set(sizes)) > 10
        session.advance(119)
        whole = self.session()
        whole.advance(119)
        assert sum(c.size for c in session.chunks) == sum(c.size for c in whole.chunks)

    def test_a_spent_budget_ends_at_a_whole_instant(self) -> None:
        session = self.session()
        reached = session.advance(3000, 0.0)
        assert reached == session.head_ms == 0
        heads = [session.advance(3000, 0.0) for _ in range(20)]
        assert heads == sorted(set(heads)) and heads[-1] < 3000

    @pytest.mark.parametrize("budget_s", [None, 0.0])
    def test_a_question_stops_a_step_at_its_own_instant_and_only_once(self, budget_s: float | None) -> None:
        asked = [command_of({"action": "ask_question", "due_min": 0.01, "at_ms": at, **QUESTION, "question": f"q{at}"})
                 for at in (40, 40, 41, 90)][1:]  # fmt: skip
        session, straight = self.session(commands=asked), self.session(commands=asked)
        session.stops_at_questions = True
        stops = []
        while session.head_ms < 3000:
            before = {q.seq for q in session.questions}
            session.advance(3000, budget_s)
            if {q.seq for q in session.questions} - before:
                stops.append(session.head_ms)
        assert stops == [40, 41, 90]
        assert straight.advance(3000) == 3000, "who does not answer is not stopped"
        assert session.finish().digest == straight.finish().digest

    def test_a_command_waits_for_the_next_step_to_be_seen(self) -> None:
        session = self.session()
        session.advance(20)
        assert session.give({"action": "hold_order", "order": "O000030", "at": "09:00"}) is None
        assert session.head_ms == 20 and session.given[-1]["at_ms"] == 21
        assert session.give({"action": "hold_order", "order": "O999999"})
        before = len(session.chunks)
        session.advance(21)
        told = [c for c in session.chunks[before:] if len(c.rows("CommandGiven"))]
        assert [int(c.columns["at_ms"][i]) for c in told for i in c.rows("CommandGiven")] == [21, 21]

    def test_commands_known_before_come_before_those_given_live(self) -> None:
        known = command_of({"action": "add_workers", "role": "packer", "at_ms": 21})
        session = self.session(commands=[known])
        session.advance(20)
        session.give({"action": "add_workers", "role": "picker"})
        assert [c["role"] for c in session.given] == ["packer", "picker"]

    def test_after_the_end_a_command_is_refused_and_not_recorded(self) -> None:
        session = self.session()
        assert session.advance(10_000) == session.horizon_ms == session.head_ms
        assert "horizon" in str(session.give({"action": "add_workers", "role": "picker"}))
        assert session.given == []
        session.finish()

    def test_the_figures_at_the_end_are_those_of_the_result(self) -> None:
        session = self.session()
        session.advance(100)
        halfway = session.figures()
        session.advance(session.horizon_ms)
        at_the_end = session.figures()
        assert at_the_end == session.finish().kpis != halfway
        assert sum(c.size for c in session.chunks) < CHUNK_EVENTS

    def test_what_a_viewer_needs_is_there_without_a_folder(self, tmp_path: Path) -> None:
        session = self.session(out=tmp_path / "run")
        from twin.events.run_folder import RunFolder

        tables = session.tables()
        assert {"nodes", "edges", "locations", "stations", "doors", "equipment", "workers", "skus", "lots"} < set(
            tables
        )
        written = RunFolder(tmp_path / "run").read_table("locations")
        assert list(written["location"]) == list(tables["locations"]["location"])
        title = session.title
        assert (title.scenario, title.seed, title.horizon_ms) == ("one_order", 1, 3600)
        assert title.policies["release"] == "waveless" and title.start.startswith("2026-03-02T08:00")
        assert session.context.servers == {"main/pack": 1}
        session.stop()
