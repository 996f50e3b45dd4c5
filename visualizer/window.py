"""The window itself: surface, letters, theme, language, scale, notices. What it shows is the app's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from pathlib import Path

import pygame

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.signs import Signs
from visualizer.palette import THEMES, Theme, Tone
from visualizer.places import Places, lay_out, suggested_scale
from visualizer.settings import Settings, save
from visualizer.words import Language, say

TOAST_MS = 2600
ICON_PX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the window begins."""

    settings: Settings = field(default_factory=Settings)
    settings_path: Path | None = None
    size: tuple[int, int] = (1600, 900)
    speed: float = 60.0
    at_ms: int | None = None
    playing: bool = False
    trace: Path | None = None
    patient: bool = False
    pictures: Path = Path()
    """The folder that P writes to."""
    frames: int | None = None
    """Stop after so many frames; for tests and measurements."""


class Window(ABC):
    """Opens with the options; `places` says where everything stands."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.settings = options.settings
        self.toast: tuple[str, Tone, int] | None = None
        self.places: Places = lay_out(options.size)
        self._begin()

    def _begin(self) -> None:
        pygame.display.init()
        pygame.font.init()
        desktop = pygame.display.get_desktop_sizes()[0] if pygame.display.get_desktop_sizes() else self.options.size
        self.ui_scale = self.settings.ui_scale or suggested_scale(desktop)
        size = self.options.size if self.options.patient else _within(self.options.size, desktop)
        self.surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        pygame.display.set_caption(say("app.name", self.language))
        pygame.key.set_repeat(350, 40)
        self.lettering = Lettering(self.ui_scale)
        self.signs = Signs()
        self._icon()
        self.lay_out()

    def _icon(self) -> None:
        icon = pygame.Surface((ICON_PX, ICON_PX), pygame.SRCALPHA)
        canvas = Canvas(icon, self.theme, self.lettering, self.signs)
        canvas.sign("building", (ICON_PX / 2, ICON_PX / 2), ICON_PX, self.theme.accent)
        pygame.display.set_icon(icon)

    @property
    def theme(self) -> Theme:
        """The colours."""
        return THEMES[self.settings.theme]

    @property
    def language(self) -> Language:
        """The language of all words."""
        return self.settings.language

    @property
    def now_ms(self) -> int:
        """A clock of the screen."""
        return pygame.time.get_ticks()

    def say(self, key: str, tone: Tone = "info", **values: object) -> None:
        """A short notice at the foot of the map."""
        self.toast = (say(key, self.language, **values), tone, self.now_ms + TOAST_MS)

    def toast_words(self, text: str, tone: Tone = "info") -> None:
        """A short notice of words already put together."""
        self.toast = (text, tone, self.now_ms + TOAST_MS)

    @abstractmethod
    def complain(self, sentence: str) -> None:
        """An error, as a sentence that stays until it is read."""

    def change(self, settings: Settings) -> None:
        """Other settings, kept for the next time."""
        self.settings = settings
        if self.options.settings_path is not None:
            trouble = save(settings, self.options.settings_path)
            if trouble:
                self.toast = (trouble, "warning", self.now_ms + 2 * TOAST_MS)

    def scale_to(self, ui_scale: float) -> None:
        """Another size of everything."""
        self.ui_scale = ui_scale
        self.lettering = Lettering(ui_scale)
        self.change(replace(self.settings, ui_scale=ui_scale))
        self.lay_out()

    def full_screen(self) -> None:
        """On the whole screen, or back in a window."""
        pygame.display.toggle_fullscreen()
        self.surface = pygame.display.get_surface() or self.surface
        self.lay_out()

    def canvas(self, surface: pygame.Surface | None = None) -> Canvas:
        """Pens for a surface, the window's if none is given."""
        return Canvas(surface or self.surface, self.theme, self.lettering, self.signs)

    def lay_out(self) -> None:
        """Where everything stands in the window as it is now."""
        self.places = lay_out(self.surface.get_size(), self.ui_scale)


def _within(size: tuple[int, int], desktop: tuple[int, int]) -> tuple[int, int]:
    """A window no larger than the desktop."""
    return min(size[0], desktop[0]), min(size[1], desktop[1])
