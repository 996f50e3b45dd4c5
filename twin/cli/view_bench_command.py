"""`twin bench view`: what the visualizer costs on this machine, against its aims. It prints; it does not gate."""

from __future__ import annotations

import json as jsonlib
import os
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visualizer.app import App
    from visualizer.showing import Showing
    from visualizer.view import View

SIZE = (1600, 900)
SPEED = 60.0
FRAME_MS = 1000 / 60
SEEKS, FRAMES, WARM_UP = 200, 400, 30
AIMS: dict[str, float] = {
    "open_s": 3.0, "bytes_per_event": 60.0, "seek_ms_max": 50.0, "frame_ms_median": 8.0, "frame_ms_p99": 16.0,
}  # fmt: skip
"""At 5 million events, 20,000 locations and 200 workers, on a software surface of 1600 x 900."""
PARTS = (
    "simulation", "state", "floor", "machines", "heat", "names", "trails", "workers", "words", "foot", "panels",
    "present",
)  # fmt: skip
"""Of a frame; those between `state` and `panels` are of the map."""


@dataclass
class Stage:
    """The window without a screen, with a run open in it; the times of its frames and of their parts."""

    app: App
    shown: Showing
    parts: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: list[float] = field(default_factory=list)

    def seek(self, at_ms: int) -> float:
        """Another time, and the whole window drawn anew; in milliseconds."""
        begun = time.perf_counter()
        self.shown.playhead.seek(at_ms)
        self.app.step([], 0.0)
        return (time.perf_counter() - begun) * 1000

    def frame(self) -> float:
        """The next frame of what plays, in milliseconds; its parts are put on record."""
        begun, cpu = time.perf_counter(), time.thread_time()
        self.app.step([], FRAME_MS)
        took_ms = (time.perf_counter() - begun) * 1000
        self.cpu_ms.append((time.thread_time() - cpu) * 1000)
        for name, ms in {**self.app.pace.last, **self.shown.map.timings}.items():
            self.parts.setdefault(name, []).append(ms)
        return took_ms

    def forget(self) -> None:
        """What was put on record so far."""
        self.parts.clear()
        self.cpu_ms.clear()


def bench_view_command(events: int, locations: int, workers: int, *, json: bool) -> None:
    """Make a run, open it, seek in it, play it; print what it took."""
    from twin.cli.made_up_run import MadeUpRun

    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        begun = time.perf_counter()
        MadeUpRun(events, locations, workers).write(folder)
        made_s = time.perf_counter() - begun
        figures = {"made_s": round(made_s, 1), **measured(folder)}
    answer = {"schema": "twin.bench.view/1", "size": list(SIZE), "speed": SPEED, "aims": AIMS, **figures}
    print(jsonlib.dumps(answer, indent=2) if json else as_table(answer))


def measured(folder: Path) -> dict[str, Any]:
    """Open a run folder, seek in it, play it at 60x with the layers of a first look, and again with heat."""
    from visualizer.view import View

    stage, opened_s = opened(folder)
    shown = stage.shown
    store, head_ms = shown.store, shown.feed.head_ms
    plain = View()
    heated = View(layers=plain.layers | {"heat"}, heat="waiting")
    draw = random.Random(1)
    for shown.view in (plain, heated, plain):  # what is made once: fonts, figures, the picture of the racks
        stage.seek(head_ms // 3)
    begun = time.process_time()
    seeks = [stage.seek(draw.randrange(head_ms)) for _ in range(SEEKS)]
    seek_cpu_ms = (time.process_time() - begun) / SEEKS * 1000
    found: dict[str, Any] = {
        "events": len(store), "locations": len(store.ground.cells), "workers": len(store.workers),
        "open_s": round(opened_s, 2), "bytes_per_event": round(store.nbytes / max(len(store), 1), 1),
        "seek_ms_median": _share(seeks, 0.5), "seek_ms_max": _share(seeks, 1.0), "seek_cpu_ms": round(seek_cpu_ms, 2),
    }  # fmt: skip
    for name, view in (("", plain), ("heat_", heated)):
        shown.view = view
        frames = played(stage, head_ms // 3)
        found[f"{name}frame_ms_median"], found[f"{name}frame_ms_p99"] = _share(frames, 0.5), _share(frames, 0.99)
        found[f"{name}frame_cpu_ms_median"] = _share(stage.cpu_ms, 0.5)
        found[f"{name}frame_cpu_ms_p99"] = _share(stage.cpu_ms, 0.99)
        found[f"{name}parts_ms"] = {
            part: [_share(stage.parts[part], 0.5), _share(stage.parts[part], 0.95)]
            for part in PARTS if part in stage.parts
        }  # fmt: skip
    found["steady"] = steady(stage, heated, head_ms // 2)
    stage.app.close()
    return found


def opened(folder: Path) -> tuple[Stage, float]:
    """A window with all of a run folder in it, and the seconds that reading it took."""
    from visualizer.app import App
    from visualizer.recorded import RecordedFeed
    from visualizer.settings import Settings
    from visualizer.window import Options

    app = App(options=Options(size=SIZE, settings=Settings(ui_scale=1.0)))
    begun = time.perf_counter()
    app.show(RecordedFeed(folder))
    assert app.showing is not None
    app.showing.playhead.load_all()
    return Stage(app, app.showing), time.perf_counter() - begun


def played(stage: Stage, from_ms: int) -> list[float]:
    """Milliseconds of frames at 60x; the first ones, in which caches fill, are left out."""
    head = stage.shown.playhead
    head.seek(from_ms)
    head.set_speed(SPEED)
    head.play()
    for _ in range(WARM_UP):
        stage.frame()
    stage.forget()
    took = [stage.frame() for _ in range(FRAMES)]
    head.pause()
    return took


def steady(stage: Stage, view: View, at_ms: int) -> dict[str, int]:
    """What a frame makes anew that shows the same as the one before: nothing."""
    app, shown = stage.app, stage.shown
    shown.view = view
    counts: list[tuple[int, int]] = []
    stage.seek(at_ms)
    for _ in range(3):  # drawn without a step: figures that are still worked out would change what is shown
        app.draw()
        counts.append((shown.map.made + app.signs.made, app.lettering.rendered))
    return {"pictures": counts[2][0] - counts[1][0], "texts": counts[2][1] - counts[1][1]}


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)


def as_table(answer: dict[str, Any]) -> str:
    """The answer as lines: what, how much, the aim."""
    rows = [
        ("open", f"{answer['open_s']} s", "open_s", "s"),
        ("memory per event", f"{answer['bytes_per_event']} B", "bytes_per_event", "B"),
        ("seek with full redraw, median", f"{answer['seek_ms_median']} ms", "", ""),
        ("seek with full redraw, worst", f"{answer['seek_ms_max']} ms", "seek_ms_max", "ms"),
        ("frame at 60x, median", f"{answer['frame_ms_median']} ms", "frame_ms_median", "ms"),
        ("frame at 60x, p99", f"{answer['frame_ms_p99']} ms", "frame_ms_p99", "ms"),
        ("  processor alone, median", f"{answer['frame_cpu_ms_median']} ms", "", ""),
        ("  processor alone, p99", f"{answer['frame_cpu_ms_p99']} ms", "", ""),
        ("the same with heat, median", f"{answer['heat_frame_ms_median']} ms", "frame_ms_median", "ms"),
        ("the same with heat, p99", f"{answer['heat_frame_ms_p99']} ms", "frame_ms_p99", "ms"),
        ("  processor alone, p99", f"{answer['heat_frame_cpu_ms_p99']} ms", "", ""),
    ]
    lines = [
        f"{answer['events']:,} events, {answer['locations']:,} locations, {answer['workers']:,} workers, "
        f"whole window of {SIZE[0]} x {SIZE[1]}, software surface"
    ]
    for what, took, aim, unit in rows:
        against = f"aim {answer['aims'][aim]:g} {unit}" if aim else ""
        lines.append(f"  {what:<32}{took:>12}   {against}".rstrip())
    lines.append("  parts of a frame, ms                median       p95   with heat")
    heated = answer["heat_parts_ms"]
    for part, (middle, high) in answer["parts_ms"].items():
        what = "figures catching up" if part == "simulation" else part
        lines.append(f"    {what:<28}{middle:>12}{high:>10}{heated[part][0]:>12}")
    made = answer["steady"]
    lines.append(f"  a steady frame makes {made['pictures']} pictures and {made['texts']} texts")
    return "\n".join(lines)
