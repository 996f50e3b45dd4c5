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
class Times:
    """How long something took again and again, in ms: by the clock, and of the processor in the window's thread."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def told(self, name: str) -> dict[str, float]:
        """Medians and ends, by name."""
        return {
            f"{name}_ms_median": share(self.wall, 0.5), f"{name}_ms_p99": share(self.wall, 0.99),
            f"{name}_ms_max": share(self.wall, 1.0), f"{name}_cpu_ms_median": share(self.cpu, 0.5),
            f"{name}_cpu_ms_p99": share(self.cpu, 0.99), f"{name}_cpu_ms_max": share(self.cpu, 1.0),
        }  # fmt: skip


@dataclass
class Stage:
    """The window without a screen, with a run open in it."""

    app: App
    shown: Showing

    def frame(self, real_ms: float, times: Times) -> None:
        """One frame, put on record."""
        begun, cpu = time.perf_counter(), time.thread_time()
        self.app.step([], real_ms)
        times.wall.append((time.perf_counter() - begun) * 1000)
        times.cpu.append((time.thread_time() - cpu) * 1000)

    def seek(self, at_ms: int, times: Times) -> None:
        """Another time, and the whole window drawn anew."""
        self.shown.playhead.seek(at_ms)
        self.frame(0.0, times)

    def play(self, from_ms: int) -> tuple[Times, dict[str, list[float]]]:
        """Frames at 60x and their parts; the first ones, in which caches fill, are left out."""
        head, times, parts = self.shown.playhead, Times(), dict[str, list[float]]()
        head.seek(from_ms)
        head.set_speed(SPEED)
        head.play()
        for _ in range(WARM_UP):
            self.frame(FRAME_MS, Times())
        for _ in range(FRAMES):
            self.frame(FRAME_MS, times)
            for name, ms in {**self.app.pace.last, **self.shown.map.timings}.items():
                parts.setdefault(name, []).append(ms)
        head.pause()
        return times, parts

    def work_out_figures(self) -> None:
        """Wait until the figures have caught up with the events."""
        while self.shown.series.rows < len(self.shown.store):
            self.shown.follow()
            time.sleep(0.01)


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
    answer = {"schema": "twin.bench.view/2", "size": list(SIZE), "speed": SPEED, "aims": AIMS, **figures}
    print(jsonlib.dumps(answer, indent=2) if json else as_table(answer))


def measured(folder: Path) -> dict[str, Any]:
    """Open a run folder, seek in it and play it at 60x while its figures catch up, and again when they have."""
    from visualizer.view import View

    begun, cpu = time.perf_counter(), time.process_time()
    stage = opened(folder)
    open_s, open_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    shown = stage.shown
    store, head_ms = shown.store, shown.feed.head_ms
    plain = View()
    heated = View(layers=plain.layers | {"heat"}, heat="waiting")
    draw = random.Random(1)
    first, seeks = Times(), Times()
    for shown.view in (plain, heated):  # what is made once: fonts, figures, the picture of the racks, grids of heat
        stage.seek(head_ms // 3, first)
    shown.view = plain
    found: dict[str, Any] = {
        "events": len(store), "locations": len(store.ground.cells), "workers": len(store.workers),
        "open_s": round(open_s, 2), "open_cpu_s": round(open_cpu_s, 2),
        "first_ms": [round(ms, 1) for ms in first.wall],
    }  # fmt: skip
    for _ in range(SEEKS // 2):
        stage.seek(draw.randrange(head_ms), seeks)
    found |= stage.play(head_ms // 3)[0].told("catching_up")
    stage.work_out_figures()
    found["figures_s"] = round(time.perf_counter() - begun, 1)
    for _ in range(SEEKS - SEEKS // 2):
        stage.seek(draw.randrange(head_ms), seeks)
    found |= seeks.told("seek")
    for name, shown.view in (("", plain), ("heat_", heated)):
        times, parts = stage.play(head_ms // 3)
        found |= times.told(f"{name}frame")
        found[f"{name}parts_ms"] = {
            part: [share(parts[part], 0.5), share(parts[part], 0.95)] for part in PARTS if part in parts
        }
    held = store.nbytes + shown.series.nbytes
    found["bytes_per_event"] = round(held / max(len(store), 1), 1)
    found["steady"] = steady(stage, heated, head_ms // 2)
    stage.app.close()
    return found


def opened(folder: Path) -> Stage:
    """A window with all of a run folder in it."""
    from visualizer.app import App
    from visualizer.settings import Settings
    from visualizer.stored.recorded import RecordedFeed
    from visualizer.window import Options

    app = App(options=Options(size=SIZE, settings=Settings(ui_scale=1.0)))
    app.show(RecordedFeed(folder))
    assert app.showing is not None
    app.showing.playhead.load_all()
    return Stage(app, app.showing)


def steady(stage: Stage, view: View, at_ms: int) -> dict[str, int]:
    """What a frame makes anew that shows the same as the one before: nothing."""
    app, shown = stage.app, stage.shown
    shown.view = view
    counts: list[tuple[int, int]] = []
    stage.seek(at_ms, Times())
    for _ in range(3):
        app.draw()
        counts.append((shown.map.made + app.signs.made, app.lettering.rendered))
    return {"pictures": counts[2][0] - counts[1][0], "texts": counts[2][1] - counts[1][1]}


def share(values: list[float], part: float) -> float:
    """The value that a part of all are not above."""
    ordered = sorted(values)
    return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 2)


def as_table(answer: dict[str, Any]) -> str:
    """The answer as lines: what, how much by the clock and of the processor, the aim."""
    first, heat = answer["first_ms"]
    rows = [
        ("open", f"{answer['open_s']} s", f"{answer['open_cpu_s']} s", "open_s", "s"),
        ("memory per event, figures included", f"{answer['bytes_per_event']} B", "", "bytes_per_event", "B"),
        ("the first picture, with heat", f"{first} / {heat} ms", "", "", ""),
        ("figures are worked out after", f"{answer['figures_s']} s", "", "", ""),
    ]
    for what, name, aims in (
        ("seek with full redraw", "seek", {"max": "seek_ms_max"}),
        ("frame at 60x", "frame", {"median": "frame_ms_median", "p99": "frame_ms_p99"}),
        ("frame with heat", "heat_frame", {"median": "frame_ms_median", "p99": "frame_ms_p99"}),
        ("frame, figures catching up", "catching_up", {"median": "frame_ms_median", "p99": "frame_ms_p99"}),
    ):
        for part in ("median", "p99", "max"):
            took, cpu = (f"{answer[f'{name}_{which}_{part}']} ms" for which in ("ms", "cpu_ms"))
            rows.append((f"{what}, {'worst' if part == 'max' else part}", took, cpu, aims.get(part, ""), "ms"))
    lines = [
        f"{answer['events']:,} events, {answer['locations']:,} locations, {answer['workers']:,} workers, "
        f"whole window of {SIZE[0]} x {SIZE[1]}, software surface",
        f"  {'':<36}{'by the clock':>18}{'processor':>12}",
    ]
    for what, took, cpu, aim, unit in rows:
        against = f"aim {answer['aims'][aim]:g} {unit}" if aim else ""
        lines.append(f"  {what:<36}{took:>18}{cpu:>12}   {against}".rstrip())
    lines.append("  processor: of the window's thread; of opening, all threads")
    lines.append("  parts of a frame, ms                median       p95   with heat")
    heated = answer["heat_parts_ms"]
    for part, (middle, high) in answer["parts_ms"].items():
        what = "time and figures" if part == "simulation" else part
        lines.append(f"    {what:<28}{middle:>12}{high:>10}{heated[part][0]:>12}")
    made = answer["steady"]
    lines.append(f"  a steady frame makes {made['pictures']} pictures and {made['texts']} texts")
    return "\n".join(lines)
