"""What `twin view` writes without a window: a page for a browser, pictures, films."""

from __future__ import annotations

import json as json_text
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from twin.cli.view_options import LANGUAGES, SCALES, THEMES
from twin.domain.errors import JournalError, SpecError
from visualizer.stored.recorded import RecordedFeed

if TYPE_CHECKING:
    from visualizer.palette import ThemeName
    from visualizer.sharing.pictures import Look
    from visualizer.words import Language

LEAST, MOST = (640, 400), (7680, 4320)
GIF_SIZE = "800x450"
ENDINGS = {"--html": ".html", "--shot": ".png", "--gif": ".gif", "--mp4": ".mp4"}
OTHER_KINDS = frozenset({".jpg", ".jpeg", ".bmp", ".webp", ".svg", ".pdf", ".avi", ".mov", ".webm"})
GIF_S, MP4_S = 10, 60
"""How long a film lasts for which no speed is asked."""


@dataclass(frozen=True, kw_only=True)
class Exports:
    """The options of `twin view` that ask for files, as written on the command line."""

    html: Path | None = None
    shot: tuple[str, Path] | None = None
    gif: Path | None = None
    mp4: Path | None = None
    start: str | None = None
    end: str | None = None
    times_real: float | None = None
    follow: str | None = None
    layers: str | None = None
    size: str | None = None
    theme: str = "dark"
    lang: str = "en"
    scale: float | None = None
    json: bool = False

    @property
    def paths(self) -> dict[str, Path]:
        """The files asked for, by their options."""
        asked = {"--html": self.html, "--shot": self.shot and self.shot[1], "--gif": self.gif, "--mp4": self.mp4}
        return {option: path for option, path in asked.items() if path is not None}

    @property
    def any(self) -> bool:
        """Whether a file is asked for, so that no window opens."""
        return bool(self.paths)

    def check(self) -> None:
        """SpecError for a value that is none of those there are, before anything is read."""
        for option, path in self.paths.items():
            if path.is_dir():
                raise SpecError(f"{option}: {path} is a folder; name the file to write")
            ending = path.suffix.lower()
            if ending != ENDINGS[option] and (ending in OTHER_KINDS or ending in ENDINGS.values()):
                raise SpecError(f"{option} writes a file of kind {ENDINGS[option]}; {path} is named as another kind")
        scale = f"{self.scale or 1:g}"
        for option, value, known in (
            ("--theme", self.theme, THEMES), ("--lang", self.lang, LANGUAGES), ("--scale", scale, SCALES),
        ):  # fmt: skip
            if value not in known:
                raise SpecError(f"{option} must be {' or '.join(known)}, got {value}")
        if self.times_real is not None and self.times_real <= 0 and (self.gif or self.mp4):
            raise SpecError(f"--speed of a film must be above 0, got {self.times_real:g}")
        wide, high = self.pixels("1600x900")
        if self.mp4 is not None and (wide % 2 or high % 2):
            raise SpecError(f"--size of an MP4 must be even both ways, got {self.size}")
        if self.mp4 is not None:
            from visualizer.sharing.films import wants_video

            wants_video()
        if self.layers is not None:
            from visualizer.sharing.pictures import layers_of

            layers_of(self.layers)

    def pixels(self, default: str) -> tuple[int, int]:
        """The size as two numbers. SpecError if it is none that can be drawn."""
        text = self.size or default
        wide, sign, high = text.lower().partition("x")
        if not (sign and wide.isdecimal() and high.isdecimal() and wide.isascii() and high.isascii()):
            raise SpecError(f"--size must be as 1600x900, got {text!r}")
        size = int(wide), int(high)
        if not all(low <= n <= most for low, n, most in zip(LEAST, size, MOST, strict=True)):
            bounds = " to ".join(f"{w}x{h}" for w, h in (LEAST, MOST))
            raise SpecError(f"--size of pictures must be {bounds}, got {text}")
        return size

    def look(self, default_size: str) -> Look:
        """How pictures look."""
        from visualizer.sharing.pictures import Look, layers_of

        return Look(
            size=self.pixels(default_size), theme=cast("ThemeName", self.theme), language=cast("Language", self.lang),
            ui_scale=self.scale or 1.0, layers=None if self.layers is None else layers_of(self.layers),
            follow=self.follow,
        )  # fmt: skip


def export(target: str, asked: Exports) -> None:
    """Write what is asked for; a TwinError, in a sentence, where that cannot be."""
    asked.check()
    feed = RecordedFeed(Path(target))
    first, last = stretch(feed, asked)
    at_ms = None if asked.shot is None else time_of("--shot", asked.shot[0], feed)
    feed.close()
    files: list[dict[str, Any]] = []
    if asked.html is not None:
        files.append(_page(Path(target), asked.html, asked, first, last))
    if asked.shot is not None and at_ms is not None:
        files.append(_shot(Path(target), asked.shot[1], asked, at_ms))
    for path, kind in ((asked.gif, "gif"), (asked.mp4, "mp4")):
        if path is not None:
            files.append(_film(Path(target), path, kind, asked, first, last))
    if asked.json:
        answer = {"schema": "twin.view/1", "run": target, "from_ms": first, "to_ms": last, "files": files}
        typer.echo(json_text.dumps(answer, ensure_ascii=False, indent=2))
        return
    for file in files:
        typer.echo(f"{file['path']}: {file['bytes'] / 1000:,.0f} kB{told(file)}")


def told(file: dict[str, Any]) -> str:
    """What a file holds, in words."""
    match file["kind"]:
        case "html":
            return f", {file['movements']:,} movements of {file['workers']} workers"
        case "gif" | "mp4":
            return f", {file['frames']:,} frames at {file['speed']:g} times real time"
    return ""


def _page(run: Path, path: Path, asked: Exports, first: int, last: int) -> dict[str, Any]:
    from visualizer.replay.page import write_replay
    from visualizer.store import Store

    feed = RecordedFeed(run)
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    theme, language = cast("ThemeName", asked.theme), cast("Language", asked.lang)
    written = write_replay(path, feed, store, from_ms=first, to_ms=last, theme=theme, language=language)
    feed.close()
    return written


def _shot(run: Path, path: Path, asked: Exports, at_ms: int) -> dict[str, Any]:
    from visualizer.sharing.pictures import compose, save

    save(compose(RecordedFeed(run), at_ms, asked.look("1600x900")), path)
    return {"path": str(path), "kind": "png", "bytes": path.stat().st_size}


def _film(run: Path, path: Path, kind: str, asked: Exports, first: int, last: int) -> dict[str, Any]:
    from visualizer.sharing.films import GIF_FPS, MP4_FPS, times, write_gif, write_mp4
    from visualizer.sharing.pictures import Pictures

    write, fps, lasts_s, size = (
        (write_gif, GIF_FPS, GIF_S, GIF_SIZE) if kind == "gif" else (write_mp4, MP4_FPS, MP4_S, "1600x900")
    )
    speed = asked.times_real or max((last - first) / 1000 / lasts_s, 1.0)
    at = times(first, last, speed, fps)
    pictures = Pictures(RecordedFeed(run), asked.look(size), playing_at=speed)
    try:
        write(path, at, pictures.take)
    finally:
        pictures.close()
    return {"path": str(path), "kind": kind, "bytes": path.stat().st_size, "frames": len(at), "speed": speed}


def stretch(feed: RecordedFeed, asked: Exports) -> tuple[int, int]:
    """From when to when, in ms from the scenario's start; all of the run where nothing is said."""
    first = 0 if asked.start is None else time_of("--from", asked.start, feed)
    last = feed.head_ms if asked.end is None else time_of("--to", asked.end, feed)
    if last <= first:
        raise JournalError(f"--to must be after --from; got {asked.start or 'the start'} to {asked.end or 'the end'}")
    return first, last


def time_of(option: str, text: str, feed: RecordedFeed) -> int:
    """A time that a person wrote, within the run."""
    from visualizer.drawing.written import clock, day, time_typed

    at_ms = time_typed(text, feed.title.start)
    if at_ms is None:
        raise JournalError(f"{option} must be a time as 10:45:41, 2d10:45 or 2h30m, got {text!r}")
    if not 0 <= at_ms <= feed.head_ms:
        start = feed.title.start
        ends = [f"{day(ms, start, 'en')} {clock(ms, start)}" for ms in (0, feed.head_ms)]
        raise JournalError(f"{option} {text} is not within the run, which lasts from {ends[0]} to {ends[1]}")
    return at_ms
