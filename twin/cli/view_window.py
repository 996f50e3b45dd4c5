"""Opens the window of `twin view` on a live run, a recording, or the start screen."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from twin.cli.asked_again import AskedAgain
from twin.cli.run_command import policies_of
from twin.cli.view_options import Window
from twin.domain.errors import SpecError
from twin.events.journal import EVENTS_FILE, GROUPS_FOLDER
from twin.run.running import few_collections
from visualizer.app import App
from visualizer.drawing.written import time_typed
from visualizer.feed import Feed
from visualizer.opening import Offer
from visualizer.settings import Settings, load, settings_path
from visualizer.stored.recorded import RecordedFeed
from visualizer.window import Options

RUNS_SHOWN = 40
LOOKED_IN = (".", "runs", "runs/demo")


def open_window(what: str | None, beside: str | None, asked: Window) -> None:
    """Open it, and come back when it is closed. Raises SpecError or JournalError, in a sentence."""
    asked.check()
    wants_display()
    opener = Files(asked)
    feed = None if what is None else opener.open(what)
    other = None if beside is None else _second(opener, feed, what, beside)
    path = settings_path()
    settings, complaint = load(path)
    settings = with_asked(settings, asked)
    if what is not None:
        settings = settings.opened(str(Path(what).resolve()) if Path(what).exists() else what)
    app = App(feed, opener=opener, options=_options(feed, asked, settings, path))
    if other is not None:
        app.beside(other)
    if complaint:
        app.toast_words(complaint, "warning")
    with few_collections():  # a live run makes millions of small records: looking through them all would be a hitch
        app.run()


def _second(opener: Files, feed: Feed | None, what: str | None, beside: str) -> RecordedFeed:
    """The run to put beside the first. SpecError if either is none that was recorded."""
    for path, one in ((what, feed), (beside, None)):
        if one is None:
            one = opener.open(beside) if Path(beside).exists() else None
        if not isinstance(one, RecordedFeed):
            raise SpecError(f"{path} is no folder of a run; two runs are put side by side once both are recorded")
    assert isinstance(one, RecordedFeed)
    return one


def wants_display() -> None:
    """A sentence where there is no screen: SDL's own words help nobody."""
    import pygame

    try:
        pygame.display.init()
    except pygame.error as error:
        raise SpecError(
            f"no window can be opened here ({error}); set SDL_VIDEODRIVER=dummy for none, or write files: --html"
        ) from None


def with_asked(settings: Settings, asked: Window) -> Settings:
    """What the command line says goes before what was chosen last."""
    told: dict[str, Any] = {"theme": asked.theme, "language": asked.lang, "ui_scale": asked.scale}
    return replace(settings, **{name: value for name, value in told.items() if value is not None})


def _options(feed: Feed | None, asked: Window, settings: Settings, path: Path) -> Options:
    at_ms = None
    if asked.start is not None and feed is not None:
        if feed.live:
            raise SpecError("--from goes with a recording; a live run begins at its start")
        at_ms = time_typed(asked.start, feed.title.start)
        if at_ms is None or not 0 <= at_ms <= feed.head_ms:
            raise SpecError(f"--from must be a time within the run, as 10:45:41 or 2h30m, got {asked.start!r}")
    return Options(
        settings=settings, settings_path=path, size=asked.pixels(), speed=asked.times_real or float("inf"), at_ms=at_ms,
        trace=asked.trace, frames=asked.frames,
    )  # fmt: skip


class Files:
    """Opens run folders and scenarios."""

    def __init__(self, asked: Window) -> None:
        self._asked = asked

    def open(self, path: str) -> Feed:
        """A folder with events as a recording; else a scenario, by path or shipped name, as a live run."""
        folder = Path(path)
        if folder.is_dir():
            if self._asked.is_of_live_runs:
                raise SpecError(f"{path} is a recording: --seed, -o, --policy, --commands and --out go with a scenario")
            return cast(Feed, RecordedFeed(folder, alternatives=AskedAgain(folder)))
        if folder.name == EVENTS_FILE and folder.is_file():
            return cast(Feed, RecordedFeed(folder.parent, alternatives=AskedAgain(folder.parent)))
        return cast(Feed, self._live(path))

    def _live(self, path: str) -> Any:
        from twin.cli.live_feed import LiveFeed
        from twin.run.commands import read_commands
        from twin.spec.loading import load_scenario

        asked = self._asked
        loaded = load_scenario(path, asked.overrides)
        given = read_commands(asked.commands) if asked.commands is not None else []
        return LiveFeed(loaded, seed=asked.seed, policies=policies_of(asked.policies), out=asked.out, commands=given)

    def offers(self) -> Sequence[Offer]:
        """Runs near the working folder, the newest first, and the scenarios that are shipped."""
        return [*_runs(), *_scenarios()]


def _runs() -> list[Offer]:
    found: dict[Path, float] = {}
    for place in map(Path, LOOKED_IN):
        try:
            folders = [f for f in place.iterdir() if f.is_dir()]
        except OSError:
            continue
        for folder in folders:
            if (folder / EVENTS_FILE).is_file() or (folder / GROUPS_FOLDER).is_dir():
                found[folder] = folder.stat().st_mtime
    newest = sorted(found, key=lambda f: -found[f])[:RUNS_SHOWN]
    return [
        Offer("run", f.name, str(f), f"{f.parent}{os.sep} · {datetime.fromtimestamp(found[f]):%Y-%m-%d %H:%M}")  # noqa: DTZ006
        for f in newest
    ]


def _scenarios() -> list[Offer]:
    from twin.spec.shipped import shipped_folder, shipped_names

    folder = shipped_folder("scenarios")
    return [Offer("scenario", n, n, _first_sentence(folder / f"{n}.yaml")) for n in shipped_names("scenarios")]


def _first_sentence(path: Path) -> str:
    """What a scenario says of itself in its first comment; the point of an initial ends no sentence."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    told = (line.lstrip("# ") for line in lines if line.startswith("#") and "yaml-language-server" not in line)
    return re.split(r"(?<!\b[A-Z])\. ", next(told, ""))[0].rstrip(".:").replace("`", "")
