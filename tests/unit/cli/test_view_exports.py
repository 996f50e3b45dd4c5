"""`twin view` with files asked for: what it writes, and what it says to wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.cli.view_exports import Exports, export
from twin.domain.errors import TwinError
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("exports") / "run"
    run_scenario(load_scenario("one_order", []), out=folder)
    return str(folder)


def view(*words: str) -> str:
    done = CliRunner().invoke(app, ["view", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_page_picture_and_film_in_one_go(run: str, tmp_path: Path) -> None:
    html, png, gif = (tmp_path / name for name in ("x.html", "x.png", "x.gif"))
    asked = ["--html", str(html), "--shot", "0h1m", str(png), "--gif", str(gif), "--size", "640x400", "--to", "5m"]
    answer = json.loads(view(run, *asked, "--json"))
    assert list(answer) == ["schema", "run", "from_ms", "to_ms", "files"]
    assert (answer["from_ms"], answer["to_ms"]) == (0, 300_000)
    assert [(file["kind"], file["path"]) for file in answer["files"]] == [
        ("html", str(html)), ("png", str(png)), ("gif", str(gif)),
    ]  # fmt: skip
    assert all(file["bytes"] == Path(file["path"]).stat().st_size > 1000 for file in answer["files"])
    assert answer["files"][2]["frames"] == 101 and answer["files"][2]["speed"] == 30


def test_what_was_written_is_told_in_words(run: str, tmp_path: Path) -> None:
    said = view(run, "--shot", "1m", str(tmp_path / "x.png"), "--size", "640x400", "--theme", "light", "--lang", "zh")
    assert said.startswith(f"{tmp_path / 'x.png'}: ")


WRONG = {
    "no time": ({"shot": ("noon", "x.png")}, "--shot must be a time as 10:45:41"),
    "before the run": ({"shot": ("05:00", "x.png")}, "is not within the run, which lasts from Day 1"),
    "after the run": ({"shot": ("9d10:00", "x.png")}, "is not within the run"),
    "ends before it starts": ({"gif": "x.gif", "start": "2m", "end": "1m"}, "--to must be after --from"),
    "no size": ({"shot": ("1m", "x.png"), "size": "big"}, "--size must be as 1600x900"),
    "too small": ({"shot": ("1m", "x.png"), "size": "300x200"}, "640x400 to 7680x4320"),
    "too large": ({"shot": ("1m", "x.png"), "size": "99999x900"}, "640x400 to 7680x4320"),
    "odd film": ({"mp4": "x.mp4", "size": "801x451"}, "must be even"),
    "stands still": ({"gif": "x.gif", "times_real": 0.0}, "--speed of a film must be above 0"),
    "too long": ({"gif": "x.gif", "times_real": 0.001}, "raise --speed"),
    "no theme": ({"html": "x.html", "theme": "blue"}, "--theme must be dark or light, got blue"),
    "no language": ({"html": "x.html", "lang": "de"}, "--lang must be en or zh, got de"),
    "no scale": ({"html": "x.html", "scale": 1.1}, "--scale must be 1 or 1.25"),
    "no layer": ({"shot": ("1m", "x.png"), "layers": "heat,heet"}, "'heet' is none of locations"),
    "nobody": ({"shot": ("1m", "x.png"), "follow": "picker-99"}, "nobody of that name"),
    "named as another picture": ({"shot": ("1m", "x.JPG")}, "--shot writes a file of kind .png; x.JPG is named"),
    "named as a page": ({"gif": "x.html"}, "--gif writes a file of kind .gif"),
    "a folder": ({"html": "."}, "is a folder; name the file"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_a_sentence_and_writes_nothing(
    case: str, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given, said = WRONG[case]
    if "mp4" in given:
        pytest.importorskip("av", reason="needs the extra `video`")
    paths = {k: Path(v) for k, v in given.items() if k in ("html", "gif", "mp4")}
    if "shot" in given:
        paths["shot"] = (given["shot"][0], Path(given["shot"][1]))
    with pytest.raises(TwinError) as refused:
        export(run, Exports(**{**given, **paths}))
    assert said in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_is_not_a_recording(tmp_path: Path) -> None:
    with pytest.raises(TwinError, match="name one that `twin run --out` has written"):
        export("quickstart", Exports(html=tmp_path / "x.html"))
