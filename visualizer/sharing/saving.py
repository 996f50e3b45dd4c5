"""What P, V and X write from the window: a picture, a film of what is seen, the run as a page for a browser."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pygame

from twin.domain.errors import SpecError, TwinError
from visualizer.drawing.written import clock
from visualizer.replay.page import write_replay
from visualizer.sharing.films import MP4_FPS, Mp4
from visualizer.store import Store
from visualizer.stored.recorded import RecordedFeed

if TYPE_CHECKING:
    from visualizer.palette import ThemeName
    from visualizer.showing import Showing
    from visualizer.window import Window
    from visualizer.words import Language

NAME_LETTERS: Final = 60


class Saving:
    """What is being written while the window goes on. `after_frame` once a frame, `close` at the end."""

    def __init__(self) -> None:
        self._film: Mp4 | None = None
        self._film_since_ms = 0
        self._page: tuple[Path, Future[Any]] | None = None
        self._aside: ThreadPoolExecutor | None = None

    @property
    def is_busy(self) -> bool:
        """Does a film run, or is a page on its way."""
        return self._film is not None or self._page is not None

    def picture(self, app: Window, shown: Showing) -> None:
        """The window as PNG."""
        path = _path(app, shown, "picture", "png")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            pygame.image.save(app.surface, str(path))
        except (OSError, pygame.error) as error:
            app.say("error.write", "bad", path=path, why=str(error))
            return
        app.say("toast.picture", "good", path=_shown(path))

    def film(self, app: Window, shown: Showing) -> None:
        """Begin a film of what is seen, or end it."""
        if self._film is not None:
            self._end_film(app)
            return
        try:
            self._film = Mp4(_path(app, shown, "film", "mp4"))
        except SpecError:
            app.say("error.no_video", "warning")
        except TwinError as error:
            app.complain(str(error))
        else:
            self._film_since_ms = app.now_ms
            app.say("toast.video_on")

    def page(self, app: Window, shown: Showing) -> None:
        """The run so far as a page; of a recording aside, so that the window goes on."""
        if self._page is not None:
            return
        path = _path(app, shown, "replay", "html")
        look: tuple[ThemeName, Language] = app.settings.theme, app.language
        if isinstance(shown.feed, RecordedFeed):
            self._aside = self._aside or ThreadPoolExecutor(1, thread_name_prefix="saving")
            self._page = path, self._aside.submit(_page_of, path, shown.feed.folder, *look)
            app.say("toast.exporting", share="…")
            return
        try:
            write_replay(path, shown.feed, shown.store, theme=look[0], language=look[1])
        except TwinError as error:
            app.complain(str(error))
        else:
            app.say("toast.html", "good", path=_shown(path))

    def after_frame(self, app: Window) -> None:
        """Take a picture for the film when one is due; tell of a page that is done."""
        if self._film is not None:
            due = (app.now_ms - self._film_since_ms) * MP4_FPS // 1000 + 1
            try:
                while self._film.frames < due:
                    self._film.add(app.surface)
            except TwinError as error:
                self._film = None
                app.complain(str(error))
        if self._page is not None and self._page[1].done():
            (path, coming), self._page = self._page, None
            try:
                coming.result()
            except TwinError as error:
                app.complain(str(error))
            else:
                app.say("toast.html", "good", path=_shown(path))

    def close(self) -> None:
        """End the film; wait for a page that is on its way."""
        if self._film is not None:
            film, self._film = self._film, None
            film.close()
        if self._aside is not None:
            self._aside.shutdown(wait=True)

    def _end_film(self, app: Window) -> None:
        assert self._film is not None
        film, self._film = self._film, None
        try:
            film.close()
        except TwinError as error:
            app.complain(str(error))
        else:
            app.say("toast.video_off", "good", path=_shown(film.path))


def _page_of(path: Path, folder: Path, theme: ThemeName, language: Language) -> None:
    """From files of its own: the window's are busy."""
    feed = RecordedFeed(folder)
    try:
        store = Store(feed)
        for batch in feed.read():
            store.add(batch)
        write_replay(path, feed, store, theme=theme, language=language)
    finally:
        feed.close()


def _path(app: Window, shown: Showing, what: str, ending: str) -> Path:
    """Named after scenario and time; a scenario's name may hold anything, a file's may not."""
    title = shown.feed.title
    name = re.sub(r"[^\w.-]+", "-", title.scenario)[:NAME_LETTERS].strip("-.") or "run"
    at = clock(shown.playhead.view_ms, title.start).replace(":", "")
    return app.options.pictures / f"{what}-{name}-{at}.{ending}"


def _shown(path: Path) -> str:
    return str(path) if len(str(path)) < 48 else f"…/{path.name}"
