"""`--trace FILE`: what the window shows, as JSON lines, for end-to-end tests: a line when something changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from twin.domain.errors import JournalError

if TYPE_CHECKING:
    from visualizer.stage import Stage

EVERY_MS = 100
"""While only time goes on there is a line so often."""
_RUNNING = frozenset({"at_ms", "head_ms", "holding", "wall_ms", "frame"})


class Trace:
    """Writes a state when anything but the time differs from the last one written, or after a while."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: TextIO = path.open("w", encoding="utf-8")
        except OSError as error:
            raise JournalError(f"--trace {path} cannot be written: {error.strerror or error}") from error
        self._last: dict[str, Any] = {}

    def write(self, state: dict[str, Any]) -> None:
        """Take the state after a frame."""
        last = self._last
        still = last and all(last.get(name) == value for name, value in state.items() if name not in _RUNNING)
        if still and (state["at_ms"] == last["at_ms"] or state["wall_ms"] - last["wall_ms"] < EVERY_MS):
            return
        self._last = state
        self._file.write(json.dumps(state, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def state_of(app: Stage) -> dict[str, Any]:
    """What a window shows."""
    shown = app.showing
    told: dict[str, Any] = {
        "frame": app.frames, "wall_ms": app.now_ms, "action": app.last_action,
        "overlay": app.overlay.name if app.overlay else None, "theme": app.settings.theme,
        "language": app.language, "ui_scale": app.ui_scale, "size": list(app.surface.get_size()),
        "toast": app.toast[0] if app.toast else None, "at_ms": 0,
    }  # fmt: skip
    if shown is not None:
        head, view = shown.playhead, shown.view
        chosen = view.selection
        told |= {
            "scenario": shown.feed.title.scenario, "at_ms": head.view_ms, "head_ms": head.head_ms,
            "end_ms": head.end_ms, "mode": head.mode, "playing": head.playing, "running": head.running,
            "speed": head.speed if head.speed != float("inf") else "max", "holding": head.holding,
            "loaded": head.loaded, "selection": f"{chosen.kind}:{chosen.name}" if chosen else None,
            "follow": view.follow, "layers": sorted(view.layers), "heat": view.heat, "colouring": view.colouring,
            "camera": [round(view.camera.x_mm), round(view.camera.y_mm), round(view.camera.px_per_m, 2)],
            "breakpoints": len(shown.breakpoints), "kind": shown.kind, "log": shown.log.mode,
            "events": len(shown.store),
        }  # fmt: skip
    if app.comparison is not None:
        told |= app.comparison.state()
    return told
