"""`twin train` in its windows under a real X server: a shift with its question, an order, the trainer, the debrief."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from exercised import LESSON
from windows_driven import PATIENCE_S, SIZE, UNDER_X, Window, display, opened

from visualizer.places import lay_out

__all__ = ["display", "opened"]
"""Fixtures of this module."""
pytestmark = UNDER_X


def written(folder: Path) -> str:
    """The short lesson as a file."""
    path = folder / "short.yaml"
    path.write_text(LESSON, encoding="utf-8")
    return str(path)


def children_of(window: Window) -> list[str]:
    """Processes that it started to run shifts and that still are."""
    told = subprocess.run(["ps", "--ppid", str(window.process.pid), "-o", "pid="], capture_output=True, text=True)
    return [pid for pid in told.stdout.split() if is_at_work(pid)]


def test_a_shift_is_led_laid_aside_taken_up_again_and_judged(opened: Callable[..., Window], tmp_path: Path) -> None:
    laid, out = tmp_path / "laid.json", tmp_path / "run"
    window = opened(written(tmp_path), "--save", str(laid), "--speed", "300", command="train")
    window.until(lambda s: s.get("mode") == "LIVE" and s["at_ms"] > 60_000, "the shift")
    window.do("key", "a")
    window.until(lambda s: s["overlay"] == "orders", "orders")
    window.do("type", "--delay", 30, "2 picker packer")
    time.sleep(0.5)
    window.do("key", "Return")
    window.until(lambda s: s["given"] == 1, "the order")
    asked = window.until(lambda s: s["questions"] == ["who"], "the question")
    stood = window.until(lambda s: not s["running"], "the run standing")
    assert asked["head_ms"] == stood["head_ms"] == 20 * 60_000
    window.do("key", "e")
    window.until(lambda s: s["chosen"] == 1, "a choice")
    window.do("key", "Return")
    window.until(lambda s: s["given"] == 2 and s["running"] and s["head_ms"] > stood["head_ms"], "the run going on")
    track = window.places["timeline_track"]
    window.click((track.x + 4, track.centery))
    back = window.until(lambda s: s["mode"] == "REVIEW" and not s["running"], "looking back, the run standing")
    window.do("key", "s")
    window.until(lambda s: str(s["toast"]).startswith("Saved"), "laid aside")
    assert json.loads(laid.read_text())["head_ms"] == back["head_ms"]
    assert window.close() == 0

    again = opened("--resume", str(laid), "--out", str(out), "--speed", "0", command="train")
    first = again.until(lambda s: s.get("given") == 2, "the shift taken up again")
    assert first["head_ms"] >= back["head_ms"]
    again.until(lambda s: s["over"] and s["overlay"] == "debrief", "the debrief")
    again.until(lambda s: s["judged"], "the verdict")
    again.do("key", "Escape")
    again.until(lambda s: s["overlay"] is None, "the run beneath")
    again.do("key", "a")
    again.until(lambda s: s["overlay"] == "debrief", "the debrief again")
    assert again.close() == 0
    assert json.loads((out / "result.json").read_text())["complete"]


def test_closing_while_it_is_judged_leaves_nothing_behind(opened: Callable[..., Window], tmp_path: Path) -> None:
    window = opened("speed", "--speed", "0", command="train")
    window.until(lambda s: bool(s.get("questions")), "the question")
    window.do("key", "q")
    window.until(lambda s: s["chosen"] == 0, "a choice")
    window.do("key", "Return")
    window.until(lambda s: s["overlay"] == "debrief", "the debrief")
    while not (at_it := children_of(window)):
        time.sleep(0.05)
    assert not window.states()[-1]["judged"]
    assert window.close() == 0
    end = time.monotonic() + PATIENCE_S
    while left := [pid for pid in at_it if is_at_work(pid)]:
        assert time.monotonic() < end, left
        time.sleep(0.05)


def is_at_work(pid: str) -> bool:
    """Whether it is there and runs shifts; another that got the number since does not."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_the_trainer_injects_in_a_window_of_his_own(opened: Callable[..., Window], tmp_path: Path) -> None:
    window = opened(written(tmp_path), "--trainer", "--speed", "60", command="train")
    window.until(lambda s: s.get("mode") == "LIVE" and s["at_ms"] > 10_000, "the shift")
    window.do("mousemove", SIZE[0] // 2, SIZE[1] // 2)
    told = subprocess.run(["xdotool", "getmouselocation", "--shell"], env=window.environment, capture_output=True,
                          text=True, check=True)  # fmt: skip
    on_top = dict(line.split("=") for line in told.stdout.split())["WINDOW"]
    window.do("windowfocus", on_top)
    window.do("key", "i")
    time.sleep(1.0)
    window.do("type", "--delay", 50, "wms 7")
    time.sleep(1.0)
    place = lay_out(SIZE, 1.0, "trainer", front="inject")["inject"]
    window.do("mousemove", "--window", on_top, place.x + 60, place.y + 36 + 12)
    time.sleep(0.2)
    window.do("click", 1)
    window.until(lambda s: s["given"] == 1, "the incident")
    window.do("key", "Escape")
    window.do("key", "space")
    window.until(lambda s: not s["running"], "the one clock standing")
    assert window.close() == 0
