"""`twin bench view`: what the visualizer costs on this machine, against its aims. It prints; it does not gate."""

from __future__ import annotations

import json as jsonlib
import os
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pygame

    from visualizer.canvas import Canvas
    from visualizer.floor_map import FloorMap
    from visualizer.frame import Frame
    from visualizer.recorded import RecordedFeed
    from visualizer.store import Store
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
    "state", "floor", "machines", "heat", "names", "trails", "workers", "words", "foot", "panels", "present",
)  # fmt: skip


@dataclass
class Stage:
    """A run that is open, and what draws it onto a surface without a window."""

    feed: RecordedFeed
    store: Store
    floor_map: FloorMap
    canvas: Canvas
    screen: pygame.Surface
    timings: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: list[float] = field(default_factory=list)

    def frame(self, view: View, *, playing: bool) -> Frame:
        """The frame of a view, its state asked of the store."""
        from visualizer.frame import Frame

        moment = self.store.at(view.at_ms)
        return Frame(
            feed=self.feed, store=self.store, moment=moment, view=view, theme=self.canvas.theme,
            lettering=self.canvas.lettering, language="en", ui_scale=1.0, mode="REPLAY", head_ms=self.feed.head_ms,
            end_ms=self.feed.head_ms, speed=SPEED, playing=playing,
        )  # fmt: skip

    def draw(self, view: View, *, playing: bool) -> float:
        """One whole picture, in milliseconds; its parts are put on record."""
        import pygame

        from visualizer.places import lay_out

        begun, cpu = time.perf_counter(), time.thread_time()
        frame = self.frame(view, playing=playing)
        state = time.perf_counter()
        self.canvas.fill(self.canvas.theme.background)
        self.floor_map.draw(self.canvas, lay_out(SIZE)["map"], frame)
        drawn = time.perf_counter()
        pygame.display.flip()
        done = time.perf_counter()
        self.cpu_ms.append((time.thread_time() - cpu) * 1000)
        parts = {"state": (state - begun) * 1000, "present": (done - drawn) * 1000, **self.floor_map.timings}
        for name, ms in parts.items():
            self.timings.setdefault(name, []).append(ms)
        return (done - begun) * 1000


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
    store, head_ms = stage.store, stage.feed.head_ms
    plain = View()
    heated = View(layers=plain.layers | {"heat"}, heat="waiting")
    draw = random.Random(1)
    for view in (plain, heated):  # what is made once: fonts, figures, the picture of the racks
        stage.draw(_at(view, head_ms // 3), playing=False)
    begun = time.process_time()
    seeks = [stage.draw(_at(plain, draw.randrange(head_ms)), playing=False) for _ in range(SEEKS)]
    seek_cpu_ms = (time.process_time() - begun) / SEEKS * 1000
    found: dict[str, Any] = {
        "events": len(store), "locations": len(store.ground.cells), "workers": len(store.workers),
        "open_s": round(opened_s, 2), "bytes_per_event": round(store.nbytes / max(len(store), 1), 1),
        "seek_ms_median": _share(seeks, 0.5), "seek_ms_max": _share(seeks, 1.0), "seek_cpu_ms": round(seek_cpu_ms, 2),
    }  # fmt: skip
    for name, view in (("", plain), ("heat_", heated)):
        frames = played(stage, view, head_ms // 3)
        found[f"{name}frame_ms_median"], found[f"{name}frame_ms_p99"] = _share(frames, 0.5), _share(frames, 0.99)
        found[f"{name}frame_cpu_ms_median"] = _share(stage.cpu_ms, 0.5)
        found[f"{name}frame_cpu_ms_p99"] = _share(stage.cpu_ms, 0.99)
        found[f"{name}parts_ms"] = {
            part: [_share(stage.timings[part], 0.5), _share(stage.timings[part], 0.95)]
            for part in PARTS if part in stage.timings
        }  # fmt: skip
    found["steady"] = steady(stage, _at(heated, head_ms // 2))
    return found


def opened(folder: Path) -> tuple[Stage, float]:
    """A run folder with all that draws it, and the seconds that reading it took."""
    import pygame

    from visualizer.canvas import Canvas
    from visualizer.floor_map import FloorMap
    from visualizer.lettering import Lettering
    from visualizer.palette import DARK
    from visualizer.recorded import RecordedFeed
    from visualizer.signs import Signs
    from visualizer.store import Store

    pygame.display.init()
    pygame.font.init()
    screen = pygame.display.set_mode(SIZE)
    begun = time.perf_counter()
    feed = RecordedFeed(folder)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    opened_s = time.perf_counter() - begun
    return Stage(feed, store, FloorMap(store), Canvas(screen, DARK, Lettering(), Signs()), screen), opened_s


def played(stage: Stage, view: View, from_ms: int) -> list[float]:
    """Milliseconds of frames at 60x; the first ones, in which caches fill, are left out."""
    took = []
    for n in range(WARM_UP + FRAMES):
        ms = stage.draw(_at(view, from_ms + round(n * FRAME_MS * SPEED)), playing=True)
        if n >= WARM_UP:
            took.append(ms)
        else:
            stage.timings.clear()
            stage.cpu_ms.clear()
    return took


def steady(stage: Stage, view: View) -> dict[str, int]:
    """What a frame makes anew that shows the same as the one before: nothing."""
    counts: Callable[[], tuple[int, int, int]] = lambda: (  # noqa: E731 read twice, three lines apart
        stage.floor_map.made, stage.canvas.signs.made, stage.canvas.lettering.rendered,
    )  # fmt: skip
    stage.draw(view, playing=False)
    before = counts()
    stage.draw(view, playing=False)
    after = counts()
    return {"pictures": after[0] + after[1] - before[0] - before[1], "texts": after[2] - before[2]}


def _at(view: View, at_ms: int) -> View:
    from dataclasses import replace

    return replace(view, at_ms=at_ms)


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
        f"{SIZE[0]} x {SIZE[1]}, software surface"
    ]
    for what, took, aim, unit in rows:
        against = f"aim {answer['aims'][aim]:g} {unit}" if aim else ""
        lines.append(f"  {what:<32}{took:>12}   {against}".rstrip())
    lines.append("  parts of a frame, ms                median       p95   with heat")
    heated = answer["heat_parts_ms"]
    for part, (middle, high) in answer["parts_ms"].items():
        lines.append(f"    {part:<28}{middle:>12}{high:>10}{heated[part][0]:>12}")
    made = answer["steady"]
    lines.append(f"  a steady frame makes {made['pictures']} pictures and {made['texts']} texts")
    return "\n".join(lines)
