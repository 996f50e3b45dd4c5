"""Settings: where they stand, what a bad file does, and that a stopped write leaves the old one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from visualizer.settings import RECENT_MAX, Settings, language_of, load, save, settings_path

NOBODY: dict[str, str] = {}


@pytest.mark.parametrize(
    ("platform", "environment", "path"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/warehouse-twin/visualizer.json"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/warehouse-twin/visualizer.json"),
        (
            "darwin",
            {"HOME": "/h", "XDG_CONFIG_HOME": "/x"},
            "/h/Library/Application Support/warehouse-twin/visualizer.json",
        ),
        ("win32", {"USERPROFILE": "/h", "APPDATA": "/a"}, "/a/warehouse-twin/visualizer.json"),
        ("win32", {"USERPROFILE": "/h"}, "/h/AppData/Roaming/warehouse-twin/visualizer.json"),
    ],
)
def test_where_they_stand(platform: str, environment: dict[str, str], path: str) -> None:
    assert settings_path(environment, platform) == Path(path)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "visualizer.json"
    settings = Settings("light", "zh", 1.5, True).opened("runs/夜班").opened("runs/b")
    assert save(settings, path) == ""
    assert load(path, NOBODY) == (settings, "")
    assert settings.recent == ("runs/b", "runs/夜班")
    assert [p.name for p in path.parent.iterdir()] == ["visualizer.json"], "nothing is left aside"


def test_recent_ones_are_few_and_each_once() -> None:
    settings = Settings()
    for n in [*range(20), 15]:
        settings = settings.opened(f"run{n}")
    assert len(settings.recent) == RECENT_MAX
    assert settings.recent[:3] == ("run15", "run19", "run18")


def test_without_a_file_the_language_is_the_system_s(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json", {"LANG": "zh_CN.UTF-8"}) == (Settings(language="zh"), "")
    assert load(tmp_path / "none.json", NOBODY) == (Settings(), "")
    assert language_of({"LC_ALL": "en_US", "LANG": "zh_CN"}) == "en"


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", "[" * 100_000, '"dark"', "\x00", ""], ids=lambda t: t[:5] or "empty"
)
def test_a_bad_file_gives_the_defaults_and_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "visualizer.json"
    path.write_text(text, encoding="utf-8")
    settings, sentence = load(path, NOBODY)
    assert settings == Settings()
    assert sentence.startswith(f"The settings file {path} cannot be read (")
    assert "defaults" in sentence


def test_a_folder_or_bytes_in_its_place_are_said_too(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\xff")
    for name in ("bytes.json", ""):
        settings, sentence = load(tmp_path / name, NOBODY)
        assert settings == Settings()
        assert "cannot be read" in sentence


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"), ("theme", []), ("language", "de"), ("ui_scale", 3), ("ui_scale", True), ("ui_scale", "1"),
        ("reduced_motion", 1), ("recent", "run"), ("recent", [1]), ("theme", None),
    ],
)  # fmt: skip
def test_one_bad_value_leaves_the_others(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "visualizer.json"
    good = {"theme": "light", "language": "zh", "ui_scale": 2, "reduced_motion": True, "recent": ["a"], "newer": 1}
    path.write_text(json.dumps({**good, key: value}), encoding="utf-8")
    settings, sentence = load(path, NOBODY)
    assert getattr(settings, key) == getattr(Settings(), key)
    others = {name: getattr(settings, name) for name in ("theme", "ui_scale", "reduced_motion") if name != key}
    assert all(others[name] == good[name] for name in others)
    assert f"{key}=" in sentence


def test_what_cannot_be_written_is_said_and_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "visualizer.json"
    assert save(Settings("light"), path) == ""

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert save(Settings("dark"), path) == f"{path} cannot be written: No space left on device"
    assert load(path, NOBODY)[0].theme == "light"
    assert [p.name for p in tmp_path.iterdir()] == ["visualizer.json"]


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert "cannot be written" in save(Settings(), tmp_path / "taken" / "visualizer.json")
