"""The real `twin` command: what goes wrong is a sentence and an exit code, and what was done is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twin.domain.errors import JournalError
from twin.events.journal import GROUP_EVENTS
from twin.events.reading import read_events

TWIN = [sys.executable, "-m", "twin.cli.main"]


def twin(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TWIN, *words], capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


BAD = {
    "unknown scenario": (["run", "quickstrt"], "quickstart"),
    "unknown key": (["run", "one_order", "-o", "workforce.pickrs.count=1"], "pickers"),
    "wrong unit": (["run", "one_order", "-o", "horizon_h=ten"], "horizon_h"),
    "more people than can be meant": (["run", "one_order", "-o", "workforce.pickers.count=100000000000"], "10000"),
    "negative time": (["run", "one_order", "-o", "methods.handling.search_s=-1"], "search_s"),
    "horizon before warm-up": (["run", "one_order", "-o", "warmup_h=5"], "warmup_h"),
    "unknown policy": (["run", "one_order", "--policy", "routing=optimall"], "optimal"),
    "unknown family": (["run", "one_order", "--policy", "rooting=optimal"], "rooting"),
    "policy without a name": (["run", "one_order", "--policy", "routing"], "FAMILY=NAME"),
    "no data file": (["run", "online_retail"], "orders_csv"),
    "missing commands": (["run", "one_order", "--commands", "none.jsonl"], "none.jsonl"),
    "no run folder": (["verify", "nowhere"], "nowhere"),
    "unknown figure": (["explain-kpi", "fill_rte"], "fill_rate"),
    "unknown schema": (["schema", "warehouse"], "one of scenario, layout, lesson, command"),
    "no location master": (["layout", "import", "none.csv"], "none.csv"),
    "one-way aisles": (["run", "quickstart", "-o", "layout.one_way=alternate"], "largest_gap"),
    "aisles nobody can leave": (["run", "one_order", "-o", "layout.one_way=up"], "no way leads back from it"),
    "aisles nobody can enter": (["run", "one_order", "-o", "layout.one_way=down"], "no way leads to it"),
    "too little room": (["run", "quickstart", "-o", "assortment.generate.skus=5000"], "pick locations"),
    "no secure room": (["run", "quickstart", "-o", "assortment.generate.secure_share=0.3"], "(ambient, secure)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_sentence(case: str, tmp_path: Path) -> None:
    words, said = BAD[case]
    done = twin(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_answer_is_utf_8_in_any_locale(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_text("extends: one_order\nname: één 日\n", "utf-8")
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for words in (["run", "day.yaml", "--json"], ["run", "day.yaml"]):
        done = subprocess.run([*TWIN, *words], capture_output=True, check=False, cwd=tmp_path, env=env, timeout=120)
        assert done.returncode == 0, done.stderr
        answer = done.stdout.decode("utf-8")
        assert "één 日" in (json.loads(answer)["scenario"] if "--json" in words else answer)


FILES = {
    "words.txt": b"no folder\n",
    "bytes.yaml": bytes(range(128, 256)),
    "no_time.jsonl": b'{"action": "cancel_order", "order": "O1"}\n',
    "bad_clock.jsonl": b'{"action": "cancel_order", "order": "O1", "at": "25:99"}\n',
    "bad_after.jsonl": b'{"action": "cancel_order", "order": "O1", "at": "+2x"}\n',
    "bad_number.jsonl": b'{"action": "add_workers", "role": "picker", "count": -1, "at": "08:10"}\n',
    "endless.jsonl": b'{"action": "block_aisle", "aisle": "A1", "duration_s": 1e400, "at": "08:10"}\n',
    "list.jsonl": b"[1]\n",
}
WRONG = {
    "override without a value": ["run", "one_order", "-o", "workforce.pickers.count"],
    "override without a key": ["run", "one_order", "-o", "=3"],
    "a seed that is no number": ["run", "one_order", "--seed", "abc"],
    "no replication": ["run", "one_order", "-n", "0"],
    "out below a file": ["run", "one_order", "--out", "words.txt/run"],
    "out is a file": ["run", "one_order", "--out", "words.txt"],
    "events below a file": ["run", "one_order", "--events", "words.txt/e"],
    "events to a folder": ["run", "one_order", "--events", "."],
    "two things on stdout": ["run", "one_order", "--events", "-", "--json"],
    "a folder as scenario": ["run", "."],
    "bytes as scenario": ["run", "bytes.yaml"],
    "bytes to check": ["check", "bytes.yaml"],
    "a folder of commands": ["run", "one_order", "--commands", "."],
    "bytes as commands": ["run", "one_order", "--commands", "bytes.yaml"],
    "a policy from a module": ["run", "one_order", "--policy", "routing=os:no_such_policy"],
    "a question without a file": ["decide", "allocation=fefo", "nope.yaml"],
    "a question to nobody": ["decide", "allocation=feffo", "words.txt"],
    "a question in words": ["decide", "allocation=fefo", "words.txt"],
    "cases in words": ["policy", "test", "words.txt"],
    "a check of nothing": ["policy", "check", "routing"],
    "a check of an unknown module": ["policy", "check", "routing=nope:Router"],
    "a policy that nobody has": ["policy", "show", "nope"],
    "decisions of no run": ["decisions", "nope"],
    "a shadow of nothing": ["shadow", "nope", "--policy", "routing=optimal"],
    "stops that are not there": ["route", "small", "--stops", "nope.json"],
    "stops in words": ["route", "small", "--stops", "words.txt"],
    "an unknown set": ["bench", "routing", "--set", "nope", ".", "--policy", "optimal"],
    "a dead address": ["run", "one_order", "--policy", "allocation=http://127.0.0.1:1/v1/policies/allocation/fifo"],
    "a rule out of bounds": ["run", "one_order", "-o", "policies.routing={name: optimal, rules: {candidates_max: -1}}"],
    "a date that is none": ["run", "one_order", "-o", "start=2026-02-30T08:00"],
    "a clock that is none": ["run", "one_order", "-o", 'carriers=[{name: van, departures: ["25:00"]}]'],
    "verify a file": ["verify", "words.txt"],
    "a picture below a file": ["layout", "show", "quickstart", "--png", "words.txt/x.png"],
    "a layout that is not there": ["layout", "show", "nope", "--png", "x.png"],
    "bytes as locations": ["layout", "import", "bytes.yaml"],
    "init into a file": ["init", "words.txt"],
    "a schema below a file": ["schema", "scenario", "--out", "words.txt/x"],
    **{name: ["run", "one_order", "--commands", name] for name in FILES if name.endswith(".jsonl")},
}


@pytest.mark.e2e
@pytest.mark.parametrize("case", WRONG)
def test_more_bad_words(case: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text)
    done = twin(*WRONG[case], cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip() and "Traceback" not in done.stderr and done.stdout == ""
    assert "Error" not in done.stderr or "─ Error" in done.stderr, "a class name is no sentence"
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == FILES


def test_a_command_may_say_how_long_after_the_start(tmp_path: Path) -> None:
    digests = []
    for at in ('"at": "+1h30m"', '"at": "09:30"', '"at_ms": 5400000'):
        (tmp_path / "c.jsonl").write_text(f'{{"action": "add_workers", "role": "picker", {at}}}\n')
        done = twin("run", "one_order", "--json", "--commands", str(tmp_path / "c.jsonl"))
        digests.append(json.loads(done.stdout)["digest"])
    assert len(set(digests)) == 1


def test_commands_that_were_refused_are_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(
        '{"action": "add_workers", "role": "picker", "at": "08:30"}\n'
        '{"action": "cancel_order", "order": "O9", "at": "09:30"}\n'
    )
    done = twin("run", "one_order", "--commands", str(tmp_path / "c.jsonl"))
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if line.startswith("refused")]
    assert told == ["refused at 1.50 h: cancel_order: no such order in hand"]


BROKEN = {
    "no events": lambda f: (f / "events.parquet").unlink(),
    "half the events": lambda f: (f / "events.parquet").write_bytes((f / "events.parquet").read_bytes()[:500]),
    "other bytes": lambda f: (f / "events.parquet").write_bytes(b"x" * 3000),
    "no scenario": lambda f: (f / "scenario.yaml").unlink(),
    "no result": lambda f: (f / "result.json").unlink(),
    "half a result": lambda f: (f / "result.json").write_text('{"seed": 1'),
    "an empty result": lambda f: (f / "result.json").write_text("{}"),
    "a list as result": lambda f: (f / "result.json").write_text("[]"),
    "bad commands": lambda f: (f / "commands.jsonl").write_text("x\n"),
}


@pytest.mark.e2e
@pytest.mark.parametrize("case", BROKEN)
def test_verify_of_a_broken_folder_is_a_sentence(case: str, tmp_path: Path) -> None:
    twin("run", "one_order", "--out", str(tmp_path / "run"))
    BROKEN[case](tmp_path / "run")
    done = twin("verify", "run", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "run" in done.stderr and "Traceback" not in done.stderr and done.stdout == ""


def test_verify_sees_one_changed_value_in_the_recorded_events(tmp_path: Path) -> None:
    import duckdb

    folder = tmp_path / "run"
    twin("run", "one_order", "--out", str(folder))
    events, edited = folder / "events.parquet", folder / "edited.parquet"
    duckdb.execute(
        f"COPY (SELECT * REPLACE (CASE WHEN seq = 40 THEN at_ms + 1 ELSE at_ms END AS at_ms) "
        f"FROM read_parquet('{events}')) TO '{edited}' (FORMAT parquet)"
    )
    edited.replace(events)
    done = twin("verify", str(folder), "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1 and answer["same"] is False
    assert answer["digest"] == answer["digest_again"] != answer["digest_of_events"]
    assert answer["first_difference"]["seq"] == 40
    told = twin("verify", str(folder))
    assert told.returncode == 1 and "first difference at event 40" in told.stdout


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = twin("run", "one_order", "--out", str(tmp_path))
    assert done.returncode == 2 and "thesis.txt" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_commands_with_faults_are_told_all_at_once(tmp_path: Path) -> None:
    commands = tmp_path / "c.jsonl"
    commands.write_text(
        '{"action": "fly", "at": "08:00"}\nnot json\n{"action": "cancel_order", "order": "O1"}\n'
        '{"action": "add_workers", "at": "08:00", "role": "picker", "count": 1000000000000}\n'
    )
    done = twin("run", "one_order", "--commands", str(commands))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(f"c.jsonl:{line}" in done.stderr for line in (1, 2, 3, 4))


def test_json_on_stdout_and_talk_on_stderr(tmp_path: Path) -> None:
    done = twin("run", "one_order", "--json", "--out", str(tmp_path / "run"))
    result = json.loads(done.stdout)
    assert result["schema"] == "twin.result/1" and result["kpis"]["orders_shipped"] == 1
    assert json.loads((tmp_path / "run" / "result.json").read_text()) == result
    lines = twin("run", "one_order", "--events", "-").stdout.splitlines()
    assert len(lines) == result["events"] and json.loads(lines[0])["kind"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["run", "one_order", "--json"], ["schema"], ["explain-kpi"], ["check", "one_order"]])
def test_an_answer_that_finds_no_room_is_a_sentence(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*TWIN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert "cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closes the streams of a process, which Windows cannot")
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
def test_talk_that_finds_no_room_ends_no_run(closed: str) -> None:
    line = f'exec "$@" {closed}'
    words = ["sh", "-c", line, "sh", *TWIN, "run", "one_order", "--json"]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 0 and json.loads(done.stdout)["kpis"]["orders_shipped"] == 1


@pytest.mark.skipif(os.name == "nt", reason="closes the streams of a process, which Windows cannot")
@pytest.mark.parametrize("words", [["run", "one_order"], ["run", "one_order", "--json"], ["check", "one_order"]])
def test_a_reader_who_went_away_has_an_exit_code_of_its_own(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*TWIN, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    os.close(writing)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closes the streams of a process, which Windows cannot")
@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_events_that_find_no_room_leave_the_journal_and_say_so(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    words = ["sh", "-c", f'exec "$@" {where}', "sh", *TWIN, "run", "quickstart", "--events", "-", "--out", str(folder)]
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "events could not be written to standard output: " in done.stderr
    if where == ">/dev/full":
        assert f"events 0 to {len(read_events(folder)) - 1} are readable in {folder}" in done.stderr
        done = twin("verify", str(folder))
        assert done.returncode == 2 and "the run was stopped before its end" in done.stderr


def test_verify_says_same_and_names_the_first_difference(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    twin("run", "quickstart", "-o", "horizon_h=3", "--out", str(folder))
    same = twin("verify", str(folder), "--json")
    assert same.returncode == 0 and json.loads(same.stdout)["same"] is True
    scenario = folder / "scenario.yaml"
    text = scenario.read_text(encoding="utf-8")
    assert "routing: {name: largest_gap" in text or "largest_gap" in text
    scenario.write_text(text.replace("largest_gap", "return"), encoding="utf-8")
    other = twin("verify", str(folder), "--json")
    answer = json.loads(other.stdout)
    assert other.returncode == 1 and answer["same"] is False
    assert answer["first_difference"]["recorded"] != answer["first_difference"]["now"]


@pytest.mark.e2e
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_what_was_sealed(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "run"
    process = subprocess.Popen(
        [*TWIN, "run", "saturated", "--out", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    groups = folder / "events"
    for _ in range(900):
        time.sleep(0.1)
        if list(groups.glob("[0-9]*.parquet")) or process.poll() is not None:
            break
    assert process.poll() is None, "the run ended before it could be stopped"
    os.kill(process.pid, how)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    if how is signal.SIGINT:
        assert process.returncode == 130
    events = read_events(folder, ("at_ms", "kind"))
    assert not events.complete and len(events) >= GROUP_EVENTS, "a sealed group is read whole"
    assert not (folder / "result.json").exists()
    with pytest.raises(JournalError):
        read_events(tmp_path / "nothing")


@pytest.mark.e2e
@pytest.mark.slow
def test_a_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(root)], check=True,
        capture_output=True,
    )  # fmt: skip
    wheel = next(tmp_path.glob("*.whl"))
    place = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(place)}
    code = "import twin, sys; sys.argv = ['twin', 'run', 'one_order', '--json']; import twin.cli.main as m; "
    code += f"assert twin.__file__.startswith({str(place)!r}); m.main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["kpis"]["orders_shipped"] == 1
    shown = subprocess.run(
        [sys.executable, "-m", "twin.cli.main", "init", str(tmp_path / "mine")], env=env, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.returncode == 0 and (tmp_path / "mine" / "scenarios" / "quickstart.yaml").is_file()


@pytest.mark.parametrize(
    "words", [["verify"], ["init"], ["layout", "show", "small", "--png"], ["run", "one_order", "--out"], ["check"]]
)
def test_a_name_that_is_too_long_is_a_sentence(words: list[str], tmp_path: Path) -> None:
    done = twin(*words, f"{'long' * 100}.png", cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "longlong" in done.stderr
    assert list(tmp_path.iterdir()) == []
