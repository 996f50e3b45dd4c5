"""What the inspector shows, before it is drawn: headings, rows, bars and lines of any thing that can be inspected."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualizer.palette import State, Tone
from visualizer.panels.telling import Told
from visualizer.view import Selection


@dataclass(frozen=True, slots=True)
class Heading:
    """What it is: a mark by role and state, its name, a line below, and a word in a pill."""

    name: str
    below: str = ""
    pill: str = ""
    tone: Tone = "text_2"
    state: State | None = None
    sign: str = "circle"


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value; `link` is what a click inspects, `at_ms` where it goes."""

    label: str
    value: str
    tone: Tone = "text"
    link: Selection | None = None
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A small title over what follows, with a word at its right end."""

    title: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar of states over a stretch of time: (share of the width, state); None is off shift. With its legend."""

    label: str
    pieces: tuple[tuple[float, State | None], ...]
    legend: tuple[tuple[State, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole with its length; `is_wait` draws it as waiting, else as work; `is_marked` sets it off."""

    label: str
    value: str
    share: float
    is_wait: bool
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole in its parts: one bar, and a line for each."""

    label: str
    whole: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table."""

    text: str
    tone: Tone = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A few columns under their heads; numbers stand right. `links` go by row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    links: tuple[Selection | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event; a click goes to its time."""

    told: Told
    clock: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: who decided what out of how many, and what else could have been, the best first."""

    seq: int
    at_ms: int
    clock: str
    family: str
    chose: str
    out_of: str = ""
    others: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Ask:
    """A sentence that asks for something when it is clicked."""

    text: str
    action: str
    argument: object


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str
    tone: Tone = "text_3"


@dataclass(frozen=True, slots=True)
class Gap:
    """Room for an event that the other of two pages has and this one has not."""


Block = Heading | Row | Section | Strip | Parts | Table | Event | Decision | Ask | Note | Gap
