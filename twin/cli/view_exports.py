"""What `twin view` writes without a window: a page that replays the run."""

from __future__ import annotations

import json as json_text
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from twin.domain.errors import JournalError
from visualizer.recorded import RecordedFeed
from visualizer.store import Store

if TYPE_CHECKING:
    from visualizer.palette import ThemeName
    from visualizer.words import Language


@dataclass(frozen=True, kw_only=True)
class Exports:
    """The options of `twin view` that ask for files, as written on the command line."""

    html: Path | None = None
    start: str | None = None
    end: str | None = None
    theme: str = "dark"
    lang: str = "en"
    json: bool = False

    @property
    def any(self) -> bool:
        """Whether a file is asked for, so that no window opens."""
        return self.html is not None


def export(target: str, asked: Exports) -> None:
    """Write what is asked for; a TwinError, in a sentence, where that cannot be."""
    _one_of("--theme", asked.theme, ("dark", "light"))
    _one_of("--lang", asked.lang, ("en", "zh"))
    if asked.html is not None and asked.html.is_dir():
        raise JournalError(f"{asked.html} is a folder; name the file to write")
    feed = RecordedFeed(Path(target))
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    first, last = stretch(feed, asked)
    files: list[dict[str, Any]] = []
    if asked.html is not None:
        from visualizer.replay_page import write_replay

        files.append(
            write_replay(
                asked.html, feed, store, from_ms=first, to_ms=last, theme=cast("ThemeName", asked.theme),
                language=cast("Language", asked.lang),
            )
        )  # fmt: skip
    if asked.json:
        answer = {"schema": "twin.view/1", "run": target, "from_ms": first, "to_ms": last, "files": files}
        typer.echo(json_text.dumps(answer, ensure_ascii=False, indent=2))
        return
    for file in files:
        typer.echo(f"{file['path']}: {file['bytes'] / 1000:,.0f} kB, {told(file)}")


def told(file: dict[str, Any]) -> str:
    """What a file holds, in words."""
    return f"{file['movements']:,} movements of {file['workers']} workers"


def stretch(feed: RecordedFeed, asked: Exports) -> tuple[int, int]:
    """From when to when, in ms from the scenario's start; all of the run where nothing is said."""
    first = 0 if asked.start is None else time_of("--from", asked.start, feed)
    last = feed.head_ms if asked.end is None else time_of("--to", asked.end, feed)
    if last <= first:
        raise JournalError(f"--to must be after --from; got {asked.start or 'the start'} to {asked.end or 'the end'}")
    return first, last


def time_of(option: str, text: str, feed: RecordedFeed) -> int:
    """A time that a person wrote, within the run."""
    from visualizer.written import clock, day, time_typed

    at_ms = time_typed(text, feed.title.start)
    if at_ms is None:
        raise JournalError(f"{option} must be a time as 10:45:41, 2d10:45 or 2h30m, got {text!r}")
    if not 0 <= at_ms <= feed.head_ms:
        start = feed.title.start
        ends = [f"{day(ms, start, 'en')} {clock(ms, start)}" for ms in (0, feed.head_ms)]
        raise JournalError(f"{option} {text} is not within the run, which lasts from {ends[0]} to {ends[1]}")
    return at_ms


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise JournalError(f"{option} must be {' or '.join(known)}, got {value!r}")
