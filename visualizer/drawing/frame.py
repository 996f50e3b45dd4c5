"""What a panel is given to draw one picture, and what it says of where a click means something.

A panel is a class with `draw(canvas, rect, frame) -> list[Hit]`. It reads the frame and changes nothing: what a hit
asks for is done by the window, and everything that a hit does has a key in `keys.py` too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from pygame import Rect

if TYPE_CHECKING:
    from visualizer.drawing.canvas import Canvas  # type: ignore[import-untyped, unused-ignore]
    from visualizer.drawing.lettering import Lettering
    from visualizer.feed import Feed
    from visualizer.figures.series import Series  # type: ignore[import-untyped, unused-ignore]
    from visualizer.palette import Theme
    from visualizer.store import Store
    from visualizer.stored.moment import Moment
    from visualizer.view import View
    from visualizer.words import Language

Mode = Literal["LIVE", "REVIEW", "REPLAY"]
"""At the head of a run that goes on; looking back while it goes on; a recording."""


class Hit(NamedTuple):
    """A place that answers a click: the action of `keys.Action` it asks for, or one of `HIT_ACTIONS`."""

    rect: Rect
    action: str
    argument: Any = None
    tip: str | None = None


HIT_ACTIONS: dict[str, str] = {
    "seek": "argument: at_ms; go there",
    "select": "argument: Selection; inspect it",
    "centre": "argument: Selection; inspect it and bring it into the middle of the map",
    "speed": "argument: float, simulated per real time; inf as fast as it goes",
    "event": "argument: seq; go to that event and select what it is about",
    "alternatives": "argument: (order, seqs); ask what else these decisions about it could have been",
    "alternatives_of_both": "argument: the place of a different decision; ask what else either run could have decided",
    "chart": "argument: at_ms; go to the time of a chart's point",
}
"""What hits ask for beside the actions of `keys.py`, with what their argument is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """All that a picture depends on.

    `at_ms` of the view is the time drawn; `head_ms` how far the run or what was read of it goes; `end_ms` the horizon.
    `speed` is what was asked for (inf: as fast as it goes; 0 is never: `playing` says whether time goes on), `holding`
    what is reached when that falls short, else None. `wall_s` moves the two decorations only (easing, incident ring).
    """

    feed: Feed
    store: Store
    moment: Moment
    view: View
    theme: Theme
    lettering: Lettering
    language: Language
    ui_scale: float
    mode: Mode
    head_ms: int
    end_ms: int
    series: Series | None = None
    speed: float = 60.0
    holding: float | None = None
    playing: bool = False
    wall_s: float = 0.0
    reduced_motion: bool = False
    loaded: float | None = None
    """The share of a recording that was read, while the rest loads; None once all is there."""

    @property
    def at_ms(self) -> int:
        """The time drawn."""
        return self.view.at_ms


class Panel(Protocol):
    """A part of the window."""

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Paint into `rect`; what in it answers a click, what lies on top last."""
