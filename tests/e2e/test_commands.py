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
from twin.events.reading import read_events

TWIN = [sys.executable, "-m", "twin.cli.main"]


def twin(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TWIN, *words], capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


BAD = {
    "unknown scenario": (["run", "quickstrt"], "quickstart"),
    "unknown key": (["run", "one_order", "-o", "workforce.pickrs.count=1"], "pickers"),
    "wrong unit": (["run", "one_order", "-o", "horizon_h=ten"], "horizon_h"),
    "negative time": (["run", "one_order", "-o", "methods.handling.search_s=-1"], "search_s"),
    "horizon before warm-up": (["run", "one_order", "-o", "warmup_h=5"], "warmup_h"),
    "unknown policy": (["run", "one_order", "--policy", "routing=optimall"], "optimal"),
    "unknown family": (["run", "one_order", "--policy", "rooting=optimal"], "rooting"),
    "policy without a name": (["run", "one_order", "--policy", "routing"], "FAMILY=NAME"),
    "no data file": (["run", "online_retail"], "orders_csv"),
    "missing commands": (["run", "one_order", "--commands", "none.jsonl"], "none.jsonl"),
    "no run folder": (["verify", "nowhere"], "nowhere"),
    "unknown figure": (["explain-kpi", "fill_rte"], "fill_rate"),
    "unknown schema": (["schema", "warehouse"], "scenario or layout"),
    "no location master": (["layout", "import", "none.csv"], "none.csv"),
    "one-way aisles": (["run", "quickstart", "-o", "layout.one_way=alternate"], "largest_gap"),
    "too little room": (["run", "quickstart", "-o", "assortment.generate.skus=5000"], "pick locations"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_sentence(case: str, tmp_path: Path) -> None:
    words, said = BAD[case]
    done = twin(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = twin("run", "one_order", "--out", str(tmp_path))
    assert done.returncode == 2 and "thesis.txt" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_commands_with_faults_are_told_all_at_once(tmp_path: Path) -> None:
    commands = tmp_path / "c.jsonl"
    commands.write_text('{"action": "fly", "at": "08:00"}\nnot json\n{"action": "cancel_order", "order": "O1"}\n')
    done = twin("run", "one_order", "--commands", str(commands))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(f"c.jsonl:{line}" in done.stderr for line in (1, 2, 3))


def test_json_on_stdout_and_talk_on_stderr(tmp_path: Path) -> None:
    done = twin("run", "one_order", "--json", "--out", str(tmp_path / "run"))
    result = json.loads(done.stdout)
    assert result["schema"] == "twin.result/1" and result["kpis"]["orders_shipped"] == 1
    assert json.loads((tmp_path / "run" / "result.json").read_text()) == result
    lines = twin("run", "one_order", "--events", "-").stdout.splitlines()
    assert len(lines) == result["events"] and json.loads(lines[0])["kind"]


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
    assert not events.complete and len(events) >= 250_000
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
