"""Every colour of the screen, dark and light; tests hold contrast and colour-blind distance. No other file has any."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
ThemeName = Literal["dark", "light"]
State = Literal["moving", "working", "waiting", "blocked", "idle", "break", "off"]
Tone = Literal["text", "text_2", "text_3", "good", "info", "warning", "bad"]
Bytes = NDArray[np.uint8]

STATES: Final[tuple[State, ...]] = ("moving", "working", "waiting", "blocked", "idle")
"""What a mover may be doing; a person on break is drawn idle and hollow."""

HEAT_FROM: Final = 31
"""Heat below 12 % is clear: the first entry of the 256 that shows."""


def rgb(text: str) -> Colour:
    """`#RRGGBB` as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. State colours are for marks; words in colour use the text tones `good` to `bad`."""

    name: ThemeName
    background: Colour
    panel: Colour
    raised: Colour
    line: Colour
    text: Colour
    text_2: Colour
    text_3: Colour
    good: Colour
    info: Colour
    warning: Colour
    bad: Colour
    moving: Colour
    working: Colour
    waiting: Colour
    blocked: Colour
    idle: Colour
    fill: tuple[Colour, ...]
    abc_a: Colour
    abc_b: Colour
    abc_c: Colour
    abc_none: Colour
    temperature: tuple[Colour, Colour, Colour]
    heat: tuple[Colour, ...]
    break_band: Colour
    on_accent: Colour
    on_badge: Colour

    @property
    def halo(self) -> Colour:
        """Drawn around every figure, so that it does not drown in the racks."""
        return self.background

    @property
    def accent(self) -> Colour:
        """What is chosen or in focus; words on it are `on_accent`."""
        return self.moving

    def state(self, state: State) -> Colour:
        """The colour of a mover's mark."""
        if state in ("break", "off"):
            return self.idle
        colour: Colour = getattr(self, state)
        return colour

    def tone(self, tone: Tone) -> Colour:
        """The colour of words."""
        colour: Colour = getattr(self, tone)
        return colour

    def abc(self, letter: str) -> Colour:
        """The colour of a class; what has none is `abc_none`."""
        return {"A": self.abc_a, "B": self.abc_b, "C": self.abc_c}.get(letter, self.abc_none)

    def fill_step(self, share: float) -> Colour:
        """One of five steps for how full a location is, 0 to 1."""
        return self.fill[min(max(int(share * len(self.fill)), 0), len(self.fill) - 1)]


def is_hollow(state: State) -> bool:
    """Is the mark of this state drawn as an outline."""
    return state in ("break", "off")


DARK: Final = Theme(
    name="dark",
    background=rgb("#0D131A"), panel=rgb("#141C25"), raised=rgb("#1A2430"), line=rgb("#273442"),
    text=rgb("#EAF0F6"), text_2=rgb("#A9B8C6"), text_3=rgb("#7C8EA0"),
    good=rgb("#BCE6C3"), info=rgb("#56B4E9"), warning=rgb("#E69F00"), bad=rgb("#FF7B86"),
    moving=rgb("#56B4E9"), working=rgb("#BCE6C3"), waiting=rgb("#E69F00"), blocked=rgb("#EF3945"), idle=rgb("#757F8A"),
    fill=tuple(map(rgb, ("#1D2833", "#27394A", "#31495D", "#3D5B73", "#4C6F8A"))),
    abc_a=rgb("#F3E38C"), abc_b=rgb("#D0855A"), abc_c=rgb("#8A4F7D"), abc_none=rgb("#2B3743"),
    temperature=(rgb("#3D4650"), rgb("#4C8FB8"), rgb("#CFE8FF")),
    heat=tuple(map(rgb, ("#00224E", "#35456C", "#7C7B78", "#BCAF6F", "#FEE838"))),
    break_band=rgb("#CC79A7"), on_accent=rgb("#0D131A"), on_badge=rgb("#0D131A"),
)  # fmt: skip

LIGHT: Final = Theme(
    name="light",
    background=rgb("#F4F6F8"), panel=rgb("#FFFFFF"), raised=rgb("#EEF2F5"), line=rgb("#D5DDE4"),
    text=rgb("#17212B"), text_2=rgb("#44525F"), text_3=rgb("#5F6E7D"),
    good=rgb("#1C5436"), info=rgb("#0068A3"), warning=rgb("#8A5200"), bad=rgb("#A52009"),
    moving=rgb("#0072B2"), working=rgb("#1C5436"), waiting=rgb("#C2720A"), blocked=rgb("#A52009"), idle=rgb("#67737E"),
    fill=tuple(map(rgb, ("#E6EBEF", "#D5DEE5", "#C3D0DA", "#B0C1CE", "#9DB2C2"))),
    abc_a=rgb("#2E1A4F"), abc_b=rgb("#8F3F70"), abc_c=rgb("#CC7844"), abc_none=rgb("#DDE4EA"),
    temperature=(rgb("#D9D2C5"), rgb("#6FA8CF"), rgb("#123E63")),
    heat=tuple(map(rgb, ("#FFF6DC", "#FDCB7A", "#D9681F", "#6E1F0B"))),
    break_band=rgb("#A3517F"), on_accent=rgb("#FFFFFF"), on_badge=rgb("#FFFFFF"),
)  # fmt: skip

THEMES: Final[dict[ThemeName, Theme]] = {"dark": DARK, "light": LIGHT}


@cache
def heat_table(name: ThemeName) -> Bytes:
    """256 rows of red, green, blue between the theme's heat colours, evenly spaced; read only."""
    anchors = np.array(THEMES[name].heat, dtype=np.float64)
    at = np.linspace(0, len(anchors) - 1, 256)
    columns = [np.interp(at, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    table = np.rint(np.stack(columns, axis=1)).astype(np.uint8)
    table.flags.writeable = False
    return table


@cache
def heat_alpha() -> Bytes:
    """How solid each of the 256 heat colours is: clear below 12 %, then from faint to nearly solid; read only."""
    alpha = np.rint(np.interp(np.arange(256), (HEAT_FROM, 255), (70, 225)))
    alpha[:HEAT_FROM] = 0
    table: Bytes = alpha.astype(np.uint8)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=2048)
def mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    """`colour` laid over `ground` at a share of 0 to 1: an opaque tint, cheaper than alpha."""
    r, g, b = (round(c * share + d * (1 - share)) for c, d in zip(colour, ground, strict=True))
    return r, g, b


def names_of_colours() -> tuple[str, ...]:
    """The tokens of a theme that are one colour each."""
    return tuple(f.name for f in fields(Theme) if f.name not in {"name", "fill", "temperature", "heat"})
