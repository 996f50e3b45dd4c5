"""Pictures of a run without a window: the same screen, drawn by the same code, into a surface that nobody sees."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from twin.domain.errors import SpecError
from twin.events.whole_file import whole_file
from visualizer.app import App
from visualizer.feed import Feed
from visualizer.palette import ThemeName
from visualizer.settings import Settings
from visualizer.view import LAYERS, Camera, Layer, Selection, View
from visualizer.window import Options
from visualizer.words import Language

FOLLOWED_PX_PER_M = 24.0
"""As near as a picture comes to a worker whom it follows."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How pictures look: everything that does not come from the run and the time."""

    size: tuple[int, int] = (1600, 900)
    theme: ThemeName = "dark"
    language: Language = "en"
    ui_scale: float = 1.0
    layers: frozenset[Layer] | None = None
    follow: str | None = None
    """The name of a worker, with or without his site."""


class Pictures:
    """Takes pictures of one run. `close` when done."""

    def __init__(self, feed: Feed, look: Look, *, playing_at: float | None = None) -> None:
        """`playing_at`: the speed that pictures of a film say; else they say that time stands."""
        self._opened = not pygame.display.get_init()
        if self._opened:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        settings = replace(
            Settings(), theme=look.theme, language=look.language, ui_scale=look.ui_scale, reduced_motion=True
        )
        self.app = App(feed, options=Options(settings=settings, size=look.size, patient=True))
        shown = self.app.showing
        assert shown is not None
        self._shown = shown
        shown.playhead.load_all()
        shown.series.follow(feed, shown.store)
        shown.view = self._view(shown.view, look)
        if playing_at is not None:
            shown.playhead.set_speed(playing_at)
            shown.playhead.play()
        self.app.lay_out()

    def take(self, at_ms: int) -> pygame.Surface:
        """The screen at a time; valid until the next is taken."""
        self._shown.playhead.seek(at_ms)
        self.app.draw()
        return self.app.surface

    def close(self) -> None:
        """Let go of the surface and the run."""
        self._shown.close()
        if self._opened:
            pygame.display.quit()

    def _view(self, view: View, look: Look) -> View:
        if look.layers is not None:
            view = replace(view, layers=look.layers)
        if look.follow is None:
            return view
        chosen = Selection("worker", worker_named(look.follow, self._shown.store.workers))
        return replace(view, selection=chosen, follow=True, camera=Camera(px_per_m=FOLLOWED_PX_PER_M))


def compose(feed: Feed, at_ms: int, look: Look) -> pygame.Surface:
    """The whole screen at a time, as a surface of one's own."""
    pictures = Pictures(feed, look)
    try:
        return pictures.take(at_ms).copy()
    finally:
        pictures.close()


def save(surface: pygame.Surface, path: Path) -> None:
    """Write a PNG, as small as it gets. JournalError when the disk refuses."""
    from PIL import Image

    picture = Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
    with whole_file(path) as part:
        picture.save(part, "PNG", optimize=True)


def worker_named(text: str, workers: list[str]) -> str:
    """The worker of a name, with or without the site. SpecError, with what is near, for one who is not there."""
    found = [name for name in workers if text in (name, name.rpartition("/")[2])]
    if len(found) == 1:
        return found[0]
    if found:
        raise SpecError(f"--follow {text}: there are {len(found)} of that name; name one of {', '.join(found)}")
    near = get_close_matches(text, [w.rpartition("/")[2] for w in workers], n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise SpecError(f"--follow {text}: nobody of that name works in this run{hint}")


def layers_of(text: str) -> frozenset[Layer]:
    """Layers as they are written on the command line. SpecError for one that is none."""
    found: set[Layer] = set()
    for word in filter(None, (part.strip() for part in text.split(","))):
        layer = next((known for known in LAYERS if known == word), None)
        if layer is None:
            raise SpecError(f"--layers: {word!r} is none of {', '.join(LAYERS)}")
        found.add(layer)
    return frozenset(found)
