"""P, V and X: files written from the window while it goes on."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest
from driven import app_of, press

from twin.cli.live_feed import LiveFeed
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.app import App
from visualizer.sharing.films import MP4_FPS
from visualizer.stored.recorded import RecordedFeed

NOON_MS = 6 * 3_600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saving") / "run"
    run_scenario(load_scenario("one_order", []), out=folder)
    return folder


def frames_until_done(app: App) -> None:
    """The window goes on until nothing is being written."""
    ends = time.monotonic() + 60
    while app.saving.is_busy and time.monotonic() < ends:
        app.step([], 0.0)
        time.sleep(0.01)
    assert not app.saving.is_busy


def test_x_writes_a_page_of_a_recording_aside(folder: Path, tmp_path: Path) -> None:
    app = app_of(RecordedFeed(folder), pictures=tmp_path / "new")
    press(app, "X", "X")
    frames_until_done(app)
    (page,) = (tmp_path / "new").iterdir()
    assert page.name.startswith("replay-one_order-") and page.suffix == ".html"
    assert "</html>" in page.read_text(encoding="utf-8")
    assert app.toast is not None and "HTML" in app.toast[0]
    app.saving.close()


def test_x_writes_a_page_of_a_live_run_so_far(tmp_path: Path) -> None:
    app = app_of(LiveFeed(load_scenario("one_order", [])), pictures=tmp_path, speed=1000.0)
    for _ in range(40):
        app.step([], 50.0)
    press(app, "X")
    assert [path.suffix for path in tmp_path.iterdir()] == [".html"]


def test_p_names_its_file_by_what_a_file_may_be_called(folder: Path, tmp_path: Path) -> None:
    feed = RecordedFeed(folder)
    feed.title = replace(feed.title, scenario="../../peak <b>|大促 " + "x" * 300)
    press(app_of(feed, pictures=tmp_path), "P")
    (picture,) = tmp_path.iterdir()
    assert picture.name.startswith("picture-peak-b-大促-xxx") and len(picture.name) < 90
    assert pygame.image.load(str(picture)).get_size() == (1600, 900)


def test_v_films_what_is_seen(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    av = pytest.importorskip("av", reason="needs the extra `video`")
    app = app_of(RecordedFeed(folder), pictures=tmp_path, size=(641, 401))
    now: list[int] = [0]
    monkeypatch.setattr(App, "now_ms", property(lambda _: now[0]))
    press(app, "V")
    for _ in range(20):
        now[0] += 50
        app.step([], 50.0)
    press(app, "V")
    assert not app.saving.is_busy
    (path,) = tmp_path.iterdir()
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == MP4_FPS + 1 and frames[0].shape == (400, 640, 3)


def test_without_the_extra_v_says_how_to_get_it(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    app = app_of(RecordedFeed(folder), pictures=tmp_path)
    press(app, "V")
    assert app.toast is not None and "warehouse-twin[video]" in app.toast[0]
    assert list(tmp_path.iterdir()) == [] and not app.saving.is_busy


@pytest.mark.parametrize("key", ["X", "V"])
def test_what_cannot_be_written_is_said(key: str, folder: Path, tmp_path: Path) -> None:
    if key == "V":
        pytest.importorskip("av", reason="needs the extra `video`")
    (tmp_path / "file").write_text("")
    app = app_of(RecordedFeed(folder), pictures=tmp_path / "file")
    press(app, key)
    frames_until_done(app)
    overlay: Any = app.overlay
    assert overlay is not None and overlay.name == "note"
