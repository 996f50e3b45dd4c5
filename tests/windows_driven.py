"""A command with a window under a real X server: keys and clicks go in by xdotool, `--trace` tells what it shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from visualizer.places import lay_out

MISSING = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
UNDER_X = [
    pytest.mark.e2e, pytest.mark.screen,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]  # fmt: skip

SIZE = (1400, 820)
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x900x24", "-nolisten", "tcp"], pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=20)


class Window:
    """A `twin view` or `twin train` under way: keys and clicks go in, its trace comes out."""

    def __init__(self, display: str, folder: Path, *arguments: str, command: str = "view") -> None:
        self.trace = folder / "trace.jsonl"
        self.environment = {
            **os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "XDG_CONFIG_HOME": str(folder / "config"),
            "LANG": "C.UTF-8", "SDL_VIDEO_WINDOW_POS": "0,0", "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "twin.cli.main", command, *arguments, "--trace", str(self.trace), "--size",
             f"{SIZE[0]}x{SIZE[1]}", "--scale", "1", "--lang", "en", "--theme", "dark"],
            env=self.environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.places = lay_out(SIZE)

    def do(self, *words: object) -> None:
        """One call of xdotool."""
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=30)

    def click(self, at: tuple[int, int], *more: object) -> None:
        """Move there and click."""
        self.do("mousemove", *at)
        time.sleep(0.1)
        self.do("click", *more, 1)

    def states(self) -> list[dict[str, Any]]:
        """All that was told so far."""
        if not self.trace.exists():
            return []
        lines = self.trace.read_text(encoding="utf-8").splitlines()
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:  # the last one is being written
                break
        return found

    def until(self, holds: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait for a state; what the window told last if it does not come."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            states = self.states()
            if states and holds(states[-1]):
                return states[-1]
            if self.process.poll() is not None:
                pytest.fail(f"it closed before {what}: {self.process.stdout.read() if self.process.stdout else ''}")
            time.sleep(0.05)
        pytest.fail(f"no {what}; last told: {self.states()[-1:]}")

    def close(self, *, by_key: bool = True) -> int:
        """Close it as a person does, or as a system that shuts down; its exit code."""
        if by_key:
            self.do("key", "ctrl+q")
        else:
            self.process.terminate()
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def opened(display: str, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Opens windows, and leaves none behind."""
    windows: list[Window] = []

    def open_(*arguments: str, command: str = "view") -> Window:
        windows.append(Window(display, tmp_path, *arguments, command=command))
        return windows[-1]

    yield open_
    for window in windows:
        if window.process.poll() is None:
            window.process.kill()
        window.process.communicate(timeout=20)
