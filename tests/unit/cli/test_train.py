"""`twin train` without a window: scored, laid aside, resumed; and an exercise resumed is the exercise uninterrupted."""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from lessons_tried import lesson_file, lesson_of

from twin.cli import main as entry
from twin.cli.live_exercise import LiveExercise
from twin.domain.errors import JournalError
from twin.run.commands import command_of, read_commands
from twin.run.lesson_file import read_lesson
from twin.run.running import run_scenario
from twin.run.saved_exercise import commands_of, read_saved

MIN = 60_000
INTERFACE = (Path(__file__).resolve().parents[3] / "docs" / "interface.md").read_text(encoding="utf-8")
HELP = {"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 2}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def twin(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command, run in this process in a folder that holds the small lesson."""
    lesson_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["twin", "train", *words, "--workers", "1"])
        with pytest.raises(SystemExit) as ended:
            entry.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def written(path: Path, *commands: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps({"actor": "trainee", **c}) + "\n" for c in commands), encoding="utf-8")
    return str(path)


class TestCommand:
    def test_it_scores_and_says_what_decisions_were_worth(self, twin: Any, tmp_path: Path) -> None:
        file = written(tmp_path / "mine.jsonl", {"at": "08:14", **HELP})
        code, out, _ = twin("small.yaml", "--commands", file, "--json", "--out", "run")
        answer = json.loads(out)
        told = re.search(r"\| `twin.training/1` \| `([^`]*)`", INTERFACE)
        assert told is not None and told[1].split() == list(answer)
        assert code == 0 and answer["passed"] and answer["score"] > 50
        assert [d["command"]["action"] for d in answer["decisions"]] == ["move_workers"]
        again = run_scenario(
            lesson_of(tmp_path).loaded, seed=2, commands=read_commands(tmp_path / "run" / "commands.jsonl")
        )
        assert again.digest == answer["digests"]["trainee"]
        for part, keys in (("part", "parts"), ("incident", "incidents"), ("decision", "decisions")):
            row = re.search(rf"each {part} `([^`]*)`", INTERFACE.split("twin.training/1")[1])
            assert row is not None and row[1].split() == list(answer[keys][0])

    def test_below_the_pass_mark_is_exit_code_1(self, twin: Any, tmp_path: Path) -> None:
        code, out, _ = twin("small.yaml", "--commands", written(tmp_path / "none.jsonl"))
        assert code == 1 and "score 0 of 100, pass mark 50: not passed" in out and "no answer" in out

    def test_a_scenario_without_plan_is_not_scored(self, twin: Any, tmp_path: Path) -> None:
        file = written(tmp_path / "mine.jsonl", {"at": "08:14", "action": "add_workers", "role": "picker"})
        code, out, _ = twin("one_order", "--commands", file)
        assert code == 0 and "not scored" in out

    @pytest.mark.slow
    def test_laid_aside_and_resumed_it_is_scored_as_if_in_one_go(self, twin: Any, tmp_path: Path) -> None:
        early, late = {"at": "08:14", **HELP}, {"at": "09:01", "action": "hold_work", "priority": 1}
        whole = json.loads(twin("small.yaml", "--commands", written(tmp_path / "all.jsonl", early, late), "--json")[1])
        code, _, err = twin(
            "small.yaml", "--commands", written(tmp_path / "a.jsonl", early), "--save", "kept.json", "--until", "08:40"
        )
        assert code == 0 and "saved to kept.json at 2026-03-02T08:40" in err
        assert [p.name for p in tmp_path.glob("*.part")] == []
        assert read_saved(tmp_path / "kept.json").head_ms == 40 * MIN
        parts = json.loads(
            twin("--resume", "kept.json", "--commands", written(tmp_path / "b.jsonl", late), "--json")[1]
        )
        assert parts["digests"] == whole["digests"] and parts["score"] == whole["score"]

    def test_an_incident_that_cannot_happen_is_told(self, twin: Any, tmp_path: Path) -> None:
        block = {"action": "block_aisle", "aisle": "A99", "duration_s": 60, "at": "08:20"}
        lesson_file(tmp_path, incidents=[{"name": "closed", "command": block}], hints=[])
        written(tmp_path / "none.jsonl")
        _, out, _ = twin("small.yaml", "--commands", "none.jsonl")
        assert "08:20:00  block_aisle did not happen: no aisle 'A99'" in out

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((), "name a lesson or scenario, or give --resume"),
            (("small.yaml", "--resume", "kept.json"), "one of the two"),
            (("nothing", "--commands", "x.jsonl"), "no such lesson or scenario"),
            (("small.yaml", "--commands", "x.jsonl"), "x.jsonl: cannot be read"),
            (("small.yaml", "--commands", "late.jsonl"), "the run ends at 2 h"),
            (("small.yaml", "--commands", "wrong.jsonl"), "wrong.jsonl:1.*not JSON"),
            (("small.yaml", "--until", "09:00"), "--until goes with --save"),
            (("small.yaml", "--save", "s.json", "--until", "nine"), "--until: write HH:MM"),
            (("--resume", "x.json"), "x.json: cannot be read"),
            (("--resume", "wrong.jsonl"), "wrong.jsonl:1:1: not JSON"),
            (("--resume", "other.json"), "other.json: is not a saved exercise"),
            (("--resume", "kept.json", "--seed", "3"), "leave --seed out"),
            (("--resume", "kept.json", "--commands", "early.jsonl"), "the exercise has come to .*08:40.* already"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_a_sentence(self, twin: Any, tmp_path: Path, words: Any, told: str) -> None:
        written(tmp_path / "late.jsonl", {"at": "10:30", **HELP})
        written(tmp_path / "early.jsonl", {"at": "08:20", **HELP})
        (tmp_path / "wrong.jsonl").write_text("nonsense")
        (tmp_path / "other.json").write_text("{}")
        if "kept.json" in words:
            twin("small.yaml", "--save", "kept.json", "--until", "08:40")
        code, _, err = twin(*words)
        assert code == 2 and re.search(told, err), err
        assert "Traceback" not in err

    def test_a_lesson_that_has_changed_is_not_resumed(self, twin: Any, tmp_path: Path) -> None:
        twin("small.yaml", "--save", "kept.json", "--until", "08:40")
        lesson_file(tmp_path, pass_mark=70)
        code, _, err = twin("--resume", "kept.json")
        assert code == 2 and "has changed since the exercise was saved" in err


DRAWN: tuple[dict[str, Any], ...] = (
    HELP, {"action": "hold_work", "priority": 5}, {"action": "release_work"},
    {"action": "close_station", "station": "pack"}, {"action": "open_station", "station": "pack"},
    {"action": "call_count", "location": "A01-1-001-1L"}, {"action": "add_workers", "role": "packer"},
    {"action": "absent_workers", "role": "picker", "actor": "trainer"},
)  # fmt: skip


def _go_on(exercise: LiveExercise, luck: random.Random, until_ms: int) -> None:
    while exercise.session.head_ms < until_ms:
        exercise.session.advance(exercise.session.head_ms + luck.randint(1, 9 * MIN), luck.choice([None, 0.0]))
        if luck.random() < 0.4:
            command = luck.choice(DRAWN)
            exercise.give(command, command.get("actor", "trainee"))


@pytest.mark.parametrize("number", range(6))
def test_a_resumed_exercise_is_the_uninterrupted_one(tmp_path: Path, number: int) -> None:
    """Saved at a drawn moment, once with commands given and not yet seen; gone on with as if nothing had been."""
    lesson = lesson_of(tmp_path)
    luck = random.Random(number)
    exercise = LiveExercise.begun(lesson)
    _go_on(exercise, luck, 50 * MIN)
    if number % 2:
        exercise.give(HELP)
        exercise.give({"action": "hold_work"})
    exercise.save(tmp_path / "kept.json")
    state = luck.getstate()
    resumed = LiveExercise.resumed(read_saved(tmp_path / "kept.json"))
    assert resumed.session.head_ms == exercise.session.head_ms and resumed.given == exercise.given
    resumed.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "kept.json").read_bytes()
    digests = []
    for one in (exercise, resumed):
        luck.setstate(state)
        _go_on(one, luck, 110 * MIN)
        digests.append(one.session.finish().digest)
    assert digests[0] == digests[1] and exercise.given == resumed.given
    headless = run_scenario(
        lesson.loaded, seed=2, commands=commands_of(lesson, [command_of(dict(c)) for c in exercise.given])
    )
    assert headless.digest == digests[0]


def test_what_ships_is_found_again_by_its_name(tmp_path: Path) -> None:
    LiveExercise.begun(read_lesson("speed")).save(tmp_path / "kept.json")
    saved = read_saved(tmp_path / "kept.json")
    assert saved.lesson == "speed" and saved.opened().spec.name == "speed"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(JournalError, match="could not be written"):
        LiveExercise.begun(lesson_of(tmp_path)).save(tmp_path / "file" / "kept.json")
