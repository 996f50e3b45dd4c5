"""`twin view` on the command line: what opens, what is refused in a sentence, what is not loaded for nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from twin.cli.view_options import Window
from twin.cli.view_window import Files, open_window
from twin.domain.errors import JournalError, SpecError, TwinError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("view_window") / "run"
    run_scenario(load_scenario("one_order"), out=folder)
    return folder


def twin(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    known = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(cwd / "config")}
    return subprocess.run(
        [sys.executable, "-m", "twin.cli.main", *arguments], cwd=cwd, env={**known, **environment}, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def test_help_loads_neither_pygame_nor_simpy(tmp_path):
    code = (
        "import sys, twin.cli.main as m\ntry:\n    m.app(['view', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'pygame', 'simpy', 'numpy', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True).stdout
    assert "--trace" in told
    assert told.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("what", "arguments"),
    [("run", ()), ("one_order", ("--seed", "3", "-o", "horizon_h=1")), (None, ())],
    ids=["recording", "live", "start screen"],
)
def test_a_window_opens_and_closes(folder, tmp_path, what, arguments):
    trace = tmp_path / "trace.jsonl"
    named = [str(folder) if what == "run" else what] if what else []
    done = twin("view", *named, *arguments, "--frames", "12", "--trace", str(trace), "--lang", "zh", "--theme", "light",
                "--size", "1000x700", "--scale", "1", cwd=tmp_path)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    last = json.loads(trace.read_text().splitlines()[-1])
    assert (last["language"], last["theme"], last["size"]) == ("zh", "light", [1000, 700])
    assert last.get("mode") == {"run": "REPLAY", "one_order": "LIVE", None: None}[what]
    assert last["overlay"] == (None if what else "start")


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ("nothing_of_that_name", {}, "nothing_of_that_name"), ("{empty}", {}, "holds no events"),
        ("{run}", {"seed": 3}, "is a recording"), ("{run}", {"size": "big"}, "--size must be"),
        ("{run}", {"size": "99999x99999"}, "--size must be"),
        ("{run}", {"theme": "pink"}, "--theme must be dark or light"), ("{run}", {"lang": "fr"}, "--lang must be"),
        ("{run}", {"scale": 3.0}, "--scale must be"), ("{run}", {"start": "25:00"}, "--from must be"),
        ("{run}", {"start": "23h"}, "--from must be"), ("one_order", {"policies": ["routing"]}, "FAMILY=NAME"),
        ("one_order", {"overrides": ["horizon_h=-1"]}, "horizon_h"),
        ("one_order", {"start": "10:00"}, "--from goes with a recording"),
        ("{run}", {"trace": Path("no/such/folder/file")}, "--trace"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(folder, tmp_path, monkeypatch, what, options, says):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    (tmp_path / "empty").mkdir()
    with pytest.raises(TwinError, match=re.escape(says)):
        open_window(what.format(run=folder, empty=tmp_path / "empty"), None, Window(frames=2, **options))


def test_a_refusal_leaves_no_traceback(folder, tmp_path):
    done = twin("view", str(folder), "--size", "big", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("--size must be as 1600x900")
    assert "Traceback" not in done.stderr


def test_where_there_is_no_screen_it_says_so(folder, tmp_path):
    done = twin("view", str(folder), cwd=tmp_path, SDL_VIDEODRIVER="no_such_driver")
    assert done.returncode == 2
    assert "no window can be opened here" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_lies_at_hand_is_offered(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder.parent)
    offers = Files(Window()).offers()
    assert [o.name for o in offers if o.sort == "run"] == ["run"]
    quickstart = next(o for o in offers if o.name == "quickstart")
    assert quickstart.about.startswith("One day of a small warehouse")
    assert Files(Window()).open("run").live is False
    assert Files(Window()).open("run/events.parquet").live is False
    assert Files(Window()).open("one_order").live is True
    with pytest.raises(SpecError):
        Files(Window(seed=3)).open("run")
    with pytest.raises(JournalError):
        Files(Window()).open(str(tmp_path))


def test_two_runs_open_side_by_side(folder, tmp_path):
    run_scenario(load_scenario("one_order"), seed=5, out=tmp_path / "other")
    trace = tmp_path / "trace.jsonl"
    done = twin("view", str(folder), str(tmp_path / "other"), "--frames", "40", "--trace", str(trace), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    last = json.loads(trace.read_text().splitlines()[-1])
    assert (last["scenario"], last["beside"], last["overlay"]) == ("one_order", "one_order", None)
    assert last["events_b"] > 0


@pytest.mark.parametrize(
    ("a", "b", "more", "says"),
    [
        ("{run}", "one_order", (), "one_order is no folder of a run"),
        ("one_order", "{run}", (), "one_order is no folder of a run"),
        ("{run}", "nowhere", (), "nowhere is no folder of a run"), ("{run}", "{empty}", (), "holds no events"),
        ("{run}", "{run}", ("--seed", "3"), "is a recording"),
        ("{run}", "{run}", ("--html", "x.html"), "two runs side by side are for a window"),
    ],
)  # fmt: skip
def test_what_cannot_stand_beside_is_a_sentence(folder, tmp_path, a, b, more, says):
    (tmp_path / "empty").mkdir()
    named = [name.format(run=folder, empty=tmp_path / "empty") for name in (a, b)]
    done = twin("view", *named, *more, "--frames", "2", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_the_point_of_an_initial_ends_no_sentence(tmp_path) -> None:
    from twin.cli.view_window import _first_sentence

    path = tmp_path / "some.yaml"
    path.write_text("# Orders of a shop (D. Chen 2012), not shipped here. More of it.\n", encoding="utf-8")
    assert _first_sentence(path) == "Orders of a shop (D. Chen 2012), not shipped here"
