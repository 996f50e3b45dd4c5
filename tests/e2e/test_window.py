"""`twin view` in a real window under a real X server, with real keys and clicks; held against what `--trace` tells."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from windows_driven import SIZE, UNDER_X, Window, display, opened

from visualizer.places import lay_out

__all__ = ["display", "opened"]
"""Fixtures of this module."""
pytestmark = UNDER_X


def record(folder: Path) -> Path:
    """A short run."""
    from twin.run.running import run_scenario
    from twin.spec.loading import load_scenario

    out = folder / "run"
    run_scenario(load_scenario("quickstart", ["horizon_h=3"]), out=out)
    return out


def test_a_recording_is_played_sought_zoomed_followed_and_closed(opened: Callable[..., Window], tmp_path: Path) -> None:
    window = opened(str(record(tmp_path)))
    window.until(lambda s: s.get("loaded", 0) is None, "loading")
    window.do("key", "space")
    window.until(lambda s: s["playing"] and s["at_ms"] > 20_000, "playing")
    window.do("key", "space")
    stand = window.until(lambda s: not s["playing"], "pause")
    track = window.places["timeline_track"]
    window.click((track.x + track.w // 2, track.centery))
    sought = window.until(lambda s: s["at_ms"] > stand["at_ms"] + 60_000, "seek by click")
    assert abs(sought["at_ms"] - sought["end_ms"] / 2) < 0.02 * sought["end_ms"]
    window.do("key", "period")
    window.until(lambda s: s["action"] == "event_forward", "step")
    middle = window.places["map_view"].center
    window.do("mousemove", *middle)
    for _ in range(4):
        window.do("click", 4)
    window.until(lambda s: s["camera"][2] > 0, "zoom by wheel")
    window.do("key", "slash")
    window.until(lambda s: s["overlay"] == "find", "find")
    window.do("type", "--delay", 40, "picker-001")
    time.sleep(0.3)
    window.do("key", "Return")
    window.until(lambda s: s["selection"] == "worker:main/picker-001", "selection")
    window.do("key", "f")
    window.until(lambda s: s["follow"], "follow")
    window.do("key", "F2")
    window.until(lambda s: s["language"] == "zh", "language")
    window.do("key", "t")
    window.until(lambda s: s["theme"] == "light", "theme")
    window.do("key", "ctrl+equal")
    window.until(lambda s: s["ui_scale"] == 1.25, "scale")
    window.do("key", "question")
    window.until(lambda s: s["overlay"] == "help", "help")
    window.do("key", "Escape")
    window.until(lambda s: s["overlay"] is None, "closing help")
    assert window.close() == 0


def test_a_live_run_is_reviewed_while_it_goes_on_and_repeats_without_the_window(
    opened: Callable[..., Window], tmp_path: Path
) -> None:
    out = tmp_path / "live"
    window = opened("quickstart", "-o", "horizon_h=2", "--out", str(out), "--speed", "300")
    window.until(lambda s: s.get("mode") == "LIVE" and s["at_ms"] > 120_000, "live run")
    track = window.places["timeline_track"]
    window.click((track.x + 3, track.centery))
    past = window.until(lambda s: s["mode"] == "REVIEW", "review")
    later = window.until(lambda s: s["head_ms"] > past["head_ms"] + 30_000, "the run going on")
    assert later["at_ms"] < later["head_ms"]
    window.do("key", "l")
    window.until(lambda s: s["mode"] == "LIVE", "live head")
    window.do("key", "braceright")
    window.until(lambda s: s["speed"] == "max", "as fast as it goes")
    window.until(lambda s: s["mode"] == "REPLAY", "the end of the run")
    assert window.close(by_key=False) == 0
    from twin.run.running import run_scenario
    from twin.spec.loading import load_scenario

    alone = run_scenario(load_scenario("quickstart", ["horizon_h=2"]))
    assert json.loads((out / "result.json").read_text())["digest"] == alone.digest


def test_the_start_screen_opens_what_is_typed_and_says_what_cannot_be(
    opened: Callable[..., Window], tmp_path: Path
) -> None:
    run = record(tmp_path)
    window = opened()
    window.until(lambda s: s["overlay"] == "start", "start screen")
    place = window.places["start"]
    field = (place.x + 200, place.y + 26 + 56 + 17)
    window.click(field)
    window.do("type", "--delay", 20, "no such run")
    window.do("key", "Return")
    window.until(lambda s: s["overlay"] == "note", "the sentence")
    window.do("key", "Escape")
    window.until(lambda s: s["overlay"] == "start", "start screen again")
    window.click(field)
    window.do("key", "ctrl+a", "BackSpace")
    window.do("type", "--delay", 20, str(run))
    window.do("key", "Return")
    window.until(lambda s: s.get("mode") == "REPLAY", "the recording")
    assert window.close() == 0


def test_two_runs_are_shown_where_they_part_overlaid_and_left(opened: Callable[..., Window], tmp_path: Path) -> None:
    from twin.run.running import run_scenario
    from twin.spec.loading import load_scenario

    other = tmp_path / "optimal"
    run_scenario(load_scenario("quickstart", ["horizon_h=3"]), out=other, policies={"routing": "optimal"})
    window = opened(str(record(tmp_path)), str(other))
    window.until(lambda s: s.get("parted") == "decision" and s["loaded"] is None, "where they part")
    window.do("key", "shift+d")
    first = window.until(lambda s: s["difference"] == 0, "the first different decision")
    window.do("key", "d")
    window.until(lambda s: s["difference"] == 1 and s["at_ms"] > first["at_ms"], "the next one")
    window.do("key", "o")
    window.until(lambda s: s["overlaid"], "overlay")
    places = lay_out(SIZE, 1.0, "compare")
    track = places["timeline_track"]
    window.click((track.x + track.w // 2, places["timeline_bar"].centery))
    window.until(lambda s: s["at_ms"] > 4_000_000 and s["difference"] is None, "seek by click")
    window.do("key", "Escape")
    window.until(lambda s: s["selection"] is None, "no cards over the map")
    middle = places["map_view_b"].center
    window.do("mousemove", *middle, "click", 4, "click", 4)
    window.until(lambda s: s["camera"][2] > 0, "zoom over B")
    window.do("key", "c")
    window.until(lambda s: "beside" not in s, "one run alone")
    assert window.close() == 0
