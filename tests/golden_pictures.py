"""Pictures of the reference scenarios, to the pixel. `python tests/golden_pictures.py` makes them anew.

They are equal under one version of pygame-ce on one kind of machine: smooth edges differ elsewhere. `made_with.json`
beside them says which; a test on another makes each picture too, but cannot compare it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pygame
from golden_training import pictured
from PIL import Image, ImageChops

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from visualizer.app import App
from visualizer.palette import THEMES, ThemeName
from visualizer.settings import Settings
from visualizer.sharing.pictures import Look, compose, save
from visualizer.stored.recorded import RecordedFeed
from visualizer.view import Layer, Selection
from visualizer.window import Options
from visualizer.words import Language

FOLDER = Path(__file__).parent / "golden" / "pictures"
MADE_WITH = FOLDER / "made_with.json"
FAILED = Path("build") / "golden"
"""Where a test that fails puts what it saw."""
HOUR_MS = 3_600_000


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture of a scenario, in both themes."""

    scenario: str
    at_h: float
    overrides: tuple[str, ...] = ()
    size: tuple[int, int] = (800, 450)
    layers: frozenset[Layer] | None = None
    follow: str | None = None
    language: Language = "en"


SHOTS: dict[str, Shot] = {
    "quickstart": Shot(scenario="quickstart", at_h=4.76, size=(1600, 900), follow="picker-002"),
    "demo_before": Shot(scenario="demo_before", at_h=3.5, language="zh"),
    "demo_after": Shot(scenario="demo_after", at_h=3.5),
    "policy_day": Shot(scenario="policy_day", at_h=4.0),
    "one_order": Shot(scenario="one_order", at_h=0.05),
    "saturated_small": Shot(
        scenario="saturated_small", at_h=1.5, overrides=("horizon_h=2",),
        layers=frozenset({"locations", "heat", "queues", "labels"}),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PairShot:
    """A picture of a scenario beside itself under another policy: maps, stories of an order, or a decision."""

    scenario: str
    overrides: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]
    at_h: float
    what: Literal["maps", "stories", "decision"]
    order: str = ""
    overlaid: bool = False
    size: tuple[int, int] = (1280, 720)
    language: Language = "en"


_SAVINGS: Final = (("batching", "savings"),)
PAIRS: Final[dict[str, PairShot]] = {
    "pair_maps": PairShot(
        scenario="quickstart", overrides=("horizon_h=4",), policies=_SAVINGS, at_h=3.25, what="maps", overlaid=True,
        size=(1600, 900),
    ),
    "pair_stories": PairShot(
        scenario="quickstart", overrides=("horizon_h=4",), policies=_SAVINGS, at_h=3.75, what="stories",
        order="O000037", size=(1600, 900),
    ),
    "pair_decision": PairShot(
        scenario="quickstart", overrides=("horizon_h=4",), policies=_SAVINGS, at_h=0.0, what="decision", language="zh"
    ),
}  # fmt: skip
ALL: Final[dict[str, Shot | PairShot]] = {**SHOTS, **PAIRS}


def machine() -> dict[str, str]:
    """What smooth edges depend on."""
    return {
        "pygame-ce": pygame.version.ver, "sdl": ".".join(map(str, pygame.get_sdl_version())),
        "system": platform.system(), "machine": platform.machine(),
    }  # fmt: skip


def ran(shot: Shot, folder: Path) -> Path:
    """The scenario as a run folder, made once."""
    run = folder / shot.scenario
    if not run.is_dir():
        run_scenario(load_scenario(shot.scenario, list(shot.overrides)), out=run)
    return run


def ran_otherwise(shot: PairShot, folder: Path) -> tuple[Path, Path]:
    """The scenario as two run folders, made once."""
    runs = folder / f"{shot.scenario}-pair", folder / f"{shot.scenario}-{'-'.join(n for _, n in shot.policies)}"
    for run, policies in zip(runs, ({}, dict(shot.policies)), strict=True):
        if not run.is_dir():
            run_scenario(load_scenario(shot.scenario, list(shot.overrides)), out=run, policies=policies)
    return runs


def drawn_beside(shot: PairShot, theme: ThemeName, runs: tuple[Path, Path]) -> pygame.Surface:
    """The picture of two runs, once all that is worked out aside is there."""
    at_ms = round(shot.at_h * HOUR_MS)
    settings = replace(Settings(), theme=theme, language=shot.language, reduced_motion=True)
    feeds = [RecordedFeed(run) for run in runs]
    app = App(feeds[0], options=Options(settings=settings, size=shot.size, patient=True, at_ms=at_ms))
    app.beside(feeds[1])
    both = app.comparison
    assert both is not None
    for side in both.pair.sides:
        side.series.follow(side.feed, side.store)
    both.overlaid = shot.overlaid
    if shot.what == "decision":
        both.go_to(0)
    if shot.what == "stories":
        app.select(Selection("order", shot.order))
    app.step([], 0.0)
    made = app.surface.copy()
    app.close()
    return made


def made(name: str, theme: ThemeName, folder: Path) -> pygame.Surface:
    """One of them all; its runs are made in a folder."""
    shot = ALL[name]
    if isinstance(shot, PairShot):
        return drawn_beside(shot, theme, ran_otherwise(shot, folder))
    return drawn(shot, theme, ran(shot, folder))


def drawn(shot: Shot, theme: ThemeName, run: Path) -> pygame.Surface:
    """The picture."""
    look = Look(size=shot.size, theme=theme, language=shot.language, layers=shot.layers, follow=shot.follow)
    return compose(RecordedFeed(run), round(shot.at_h * HOUR_MS), look)


def differing(made: pygame.Surface, golden: Path, name: str) -> str:
    """What differs from the picture kept, in words; empty if nothing. What differs is written to FAILED."""
    seen = Image.frombytes("RGB", made.get_size(), pygame.image.tobytes(made, "RGB"))
    with Image.open(golden) as kept:
        wanted = kept.convert("RGB")
    if seen.size != wanted.size:
        return f"{name} is {seen.size[0]}x{seen.size[1]}, kept was {wanted.size[0]}x{wanted.size[1]}"
    difference = ImageChops.difference(seen, wanted)
    box = difference.getbbox()
    if box is None:
        return ""
    FAILED.mkdir(parents=True, exist_ok=True)
    seen.save(FAILED / f"{name}-actual.png")
    lit = difference.point(lambda value: 255 if value else 0).convert("L").point(lambda value: 255 if value else 0)
    lit.save(FAILED / f"{name}-difference.png")
    count = sum(lit.histogram()[1:])
    return (
        f"{name}: pixels that differ: {count:,}, within {box}; see {FAILED / name}-actual.png and -difference.png. "
        "If that is as it should be: python tests/golden_pictures.py"
    )


def write_all() -> None:
    """All pictures anew, with what made them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as folder:
        for name in ALL:
            for theme in THEMES:
                path = FOLDER / f"{name}_{theme}.png"
                save(made(name, theme, Path(folder)), path)
                print(f"{path} {path.stat().st_size / 1000:.0f} kB")
        for name, picture in pictured(Path(folder)).items():
            path = FOLDER / f"{name}.png"
            save(picture, path)
            print(f"{path} {path.stat().st_size / 1000:.0f} kB")
    MADE_WITH.write_text(json.dumps(machine(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write_all())
