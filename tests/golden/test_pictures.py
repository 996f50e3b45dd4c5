"""The screen of each reference scenario, in both themes, to the pixel."""

from __future__ import annotations

import json
from pathlib import Path

import pygame
import pytest
from golden_pictures import ALL, FAILED, FOLDER, MADE_WITH, SHOTS, differing, drawn, machine, made, ran
from golden_training import TRAINING, pictured

from visualizer.palette import THEMES, ThemeName

pytestmark = pytest.mark.golden
CASES = [(name, theme) for name in ALL for theme in THEMES]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("golden")


@pytest.mark.parametrize(("name", "theme"), CASES)
def test_the_picture_is_the_one_kept(name: str, theme: ThemeName, runs: Path) -> None:
    picture = made(name, theme, runs)
    w, h = picture.get_size()
    colours = {tuple(picture.get_at((x, y)))[:3] for x in range(0, w, 3) for y in range(0, h, 3)}
    assert (w, h) == ALL[name].size and len(colours) > 20
    made_with = json.loads(MADE_WITH.read_text(encoding="utf-8"))
    if made_with != machine():
        pytest.skip(f"drawn, not compared: kept pictures were made with {made_with}, this is {machine()}")
    assert (said := differing(picture, FOLDER / f"{name}_{theme}.png", f"{name}_{theme}")) == "", said


def test_one_pixel_more_is_seen(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("golden_pictures.FAILED", tmp_path / FAILED)
    picture = drawn(SHOTS["one_order"], "dark", ran(SHOTS["one_order"], runs))
    kept = tmp_path / "kept.png"
    pygame.image.save(picture, str(kept))
    assert differing(picture, kept, "same") == ""
    r, g, b, _ = picture.get_at((17, 23))
    picture.set_at((17, 23), (r, g, b ^ 1))
    assert "pixels that differ: 1, within (17, 23, 18, 24)" in differing(picture, kept, "other")
    assert sorted(path.name for path in (tmp_path / FAILED).iterdir()) == ["other-actual.png", "other-difference.png"]


@pytest.mark.slow
def test_the_windows_of_an_exercise_are_those_kept(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(runs / "cache"))
    taken = pictured(runs)
    assert taken.keys() == {f"{name}_{theme}" for name in TRAINING for theme in THEMES}
    made_with = json.loads(MADE_WITH.read_text(encoding="utf-8"))
    if made_with != machine():
        pytest.skip(f"drawn, not compared: kept pictures were made with {made_with}, this is {machine()}")
    said = [differing(picture, FOLDER / f"{name}.png", name) for name, picture in taken.items()]
    assert said == [""] * len(taken), "\n".join(said)


def test_every_picture_kept_is_of_a_shot() -> None:
    wanted = {f"{name}_{theme}" for name in (*ALL, *TRAINING) for theme in THEMES}
    assert {path.stem for path in FOLDER.glob("*.png")} == wanted
