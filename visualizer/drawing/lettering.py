"""Words as pictures: the shipped fonts, whole-pixel sizes, and a bounded cache of rendered text."""

from __future__ import annotations

import logging
import warnings
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeVar

import pygame
import pygame.freetype

import twin
from visualizer.palette import Colour

Size = Literal[11, 12, 13, 15, 19, 22]
CAPTION: Final[Size] = 11
BODY: Final[Size] = 12
LABEL: Final[Size] = 13
TITLE: Final[Size] = 15
VALUE: Final[Size] = 19
CLOCK: Final[Size] = 22
SIZES: Final[tuple[Size, ...]] = (CAPTION, BODY, LABEL, TITLE, VALUE, CLOCK)

CACHED = 3_000
"""Texts kept as pictures; some 40 stand on a screen, counters come and go."""

ELSEWHERE: Final = (
    "notosans", "segoeui", "helveticaneue", "dejavusans", "arialunicodems", "arial", "freesans", "liberationsans",
    "notosanscjksc", "notosanscjkjp", "microsoftyahei", "pingfangsc", "malgungothic", "wenquanyizenhei",
)  # fmt: skip
"""Fonts of the system that are asked, in this order, for what ours lacks."""

K = TypeVar("K")
V = TypeVar("V")
_log = logging.getLogger(__name__)


def fonts_folder() -> Path:
    """Where the shipped fonts stand: inside the installed package, else the checkout beside it."""
    package = Path(twin.__file__).resolve().parent
    inside = package / "shipped" / "fonts"
    return inside if inside.is_dir() else package.parent / "fonts"


def font_path(bold: bool) -> Path:
    """The file of a weight."""
    return fonts_folder() / ("TwinSansSC-Bold.otf" if bold else "TwinSansSC-Regular.otf")


def missing_glyphs(text: str, path: Path | None = None) -> str:
    """The characters of `text` that a font lacks, each once, in order; the shipped font if none is named."""
    font = _measured(str(path or font_path(bold=False)))
    return "".join(dict.fromkeys(c for c, got in zip(text, font.get_metrics(text), strict=True) if got is None))


@cache
def _measured(path: str) -> pygame.freetype.Font:
    """Only freetype tells an absent character; `pygame.font` measures the box drawn in its place."""
    if not pygame.freetype.get_init():
        pygame.freetype.init()
    return pygame.freetype.Font(path, 12)


def plain(text: str) -> str:
    """Text that a font can draw on one line: names from files may hold anything."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)


class Lettering:
    """Renders text at one `ui_scale`. `rendered` counts the pictures made: a steady frame makes none."""

    def __init__(self, ui_scale: float = 1.0) -> None:
        if not pygame.font.get_init():
            pygame.font.init()
        self.ui_scale = ui_scale
        self.rendered = 0
        self._fonts: dict[tuple[Size, bool, str], pygame.font.Font] = {}
        self._pictures: OrderedDict[tuple[str, Size, bool, Colour], pygame.Surface] = OrderedDict()
        self._widths: OrderedDict[tuple[str, Size, bool], int] = OrderedDict()
        self._cut: OrderedDict[tuple[str, Size, bool, int], str] = OrderedDict()
        self._broken: OrderedDict[tuple[str, Size, bool, int], tuple[str, ...]] = OrderedDict()
        self._known: dict[str, bool] = {}
        self._told: set[str] = set()

    def pixels(self, size: Size) -> int:
        """The size of the font in whole pixels of this window."""
        return round(size * self.ui_scale)

    def height(self, size: Size) -> int:
        """From one line to the next."""
        return self._font(size, False, "").get_linesize()

    def ascent(self, size: Size) -> int:
        """From the top of a line to its base line."""
        return self._font(size, False, "").get_ascent()

    def picture(self, text: str, size: Size, colour: Colour, bold: bool = False) -> pygame.Surface:
        """The text as a surface with alpha, from the cache or new. Not to be drawn on."""
        key = (text, size, bold, colour)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        self.rendered += 1
        shown = plain(text)
        made = self._font_for(shown, size, bold).render(shown, True, colour)
        if pygame.display.get_surface() is not None:
            made = made.convert_alpha()
        return _kept(self._pictures, key, made)

    def width(self, text: str, size: Size, bold: bool = False) -> int:
        """How wide the text stands, in pixels of this window."""
        key = (text, size, bold)
        found = self._widths.get(key)
        if found is not None:
            return found
        shown = plain(text)
        return _kept(self._widths, key, self._font_for(shown, size, bold).size(shown)[0])

    def cut(self, text: str, size: Size, room: int, bold: bool = False) -> str:
        """The text, or as much of it as fits into `room` pixels with an ellipsis."""
        if self.width(text, size, bold) <= room:
            return text
        key = (text, size, bold, room)
        found = self._cut.get(key)
        if found is not None:
            return found
        font = self._font_for(plain(text), size, bold)
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if font.size(plain(text[:middle]).rstrip() + "…")[0] <= room:
                low = middle
            else:
                high = middle - 1
        return _kept(self._cut, key, text[:low].rstrip() + "…" if low else "")

    def lines(self, text: str, size: Size, room: int, bold: bool = False) -> tuple[str, ...]:
        """The text broken into lines of at most `room` pixels: at spaces, or after any Chinese character."""
        key = (text, size, bold, room)
        if key in self._broken:
            return self._broken[key]
        found: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for piece in _pieces(paragraph):
                if line and self.width((line + piece).rstrip(), size, bold) > room:
                    found.append(line.rstrip())
                    line = piece.lstrip()
                else:
                    line += piece
            found.append(line.rstrip())
        return _kept(self._broken, key, tuple(found))

    def _font(self, size: Size, bold: bool, path: str) -> pygame.font.Font:
        key = (size, bold, path)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(path or str(font_path(bold)), self.pixels(size))
        return self._fonts[key]

    def _font_for(self, text: str, size: Size, bold: bool) -> pygame.font.Font:
        """Ours; for a string with a character that ours lacks, one of the system's for the whole string."""
        unknown = {c for c in text if c not in self._known}
        if unknown:
            absent = missing_glyphs("".join(sorted(unknown)))
            self._known |= {c: c not in absent for c in unknown}
        absent = "".join(dict.fromkeys(c for c in text if not self._known[c]))
        if not absent:
            return self._font(size, bold, "")
        path = stand_in(absent, text)
        if not set(absent) <= self._told:
            self._told |= set(absent)
            whose = Path(path).name if path else "no font of this system either"
            _log.warning("the shipped font has no glyph for %r in %r; drawn with: %s", absent, text, whose)
        return self._font(size, bold, path or _default_path())


def stand_in(absent: str, text: str) -> str:
    """The file of a system font that has all of `text`; empty if there is none."""
    return next((path for path in _of_the_system() if not missing_glyphs(text + absent, Path(path))), "")


@cache
def _of_the_system() -> tuple[str, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pygame warns where the system lists no fonts; then there are none
        found = [pygame.font.match_font(name) for name in ELSEWHERE]
    return tuple(dict.fromkeys(path for path in found if path))


def _default_path() -> str:
    return str(Path(pygame.font.__file__ or "").parent / pygame.font.get_default_font())


def _pieces(paragraph: str) -> list[str]:
    """Where a line may break: after each space and each Chinese character, never before closing punctuation."""
    pieces: list[str] = []
    for c in paragraph:
        wide = "\u2e80" <= c <= "\uffef"
        closing = c in "，。、；：？！）》」』】…"
        opens = not pieces or pieces[-1][-1] == " " or (wide and not closing) or (
            "\u2e80" <= pieces[-1][-1] <= "\uffef" and not closing and c != " "
        )  # fmt: skip
        if opens:
            pieces.append(c)
        else:
            pieces[-1] += c
    return pieces


def _kept(store: OrderedDict[K, V], key: K, value: V) -> V:
    store[key] = value
    if len(store) > CACHED:
        store.popitem(last=False)
    return value
