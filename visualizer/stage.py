"""What a window shows, as far as its parts look at it and ask for something; the app carries it out."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Protocol

from pygame.event import Event

from visualizer.comparing.comparison import Comparison
from visualizer.controlling.pace import Pace
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.pointer import Pointer, Stroke
from visualizer.drawing.widgets import Widgets
from visualizer.feed import Feed
from visualizer.opening import NoOpener, Opener, Pending
from visualizer.places import Places
from visualizer.sharing.saving import Saving
from visualizer.showing import Showing
from visualizer.view import Selection
from visualizer.window import Options, Window
from visualizer.words import Language


class Overlay(Protocol):
    """What lies over the screen and takes the keys."""

    name: str

    def draw(self, widgets: Widgets, places: Places, language: Language) -> None:
        """Paint it, leaving its spots."""

    def hear(self, event: Event) -> bool:
        """Take an event that no widget took; whether it was taken."""


class Strokes(Protocol):
    """What the mouse does on the map and on the timeline."""

    rests_since_ms: int

    @property
    def is_hurried(self) -> bool:
        """Is the camera on its way."""

    def take(self, stroke: Stroke) -> None:
        """One gesture."""

    def part(self, at: tuple[int, int]) -> str:
        """Where a point lies."""

    def clear(self) -> bool:
        """Take the marked locations away; whether there were some."""

    def moved(self) -> None:
        """The camera was moved by a key."""

    def draw(self, canvas: Canvas) -> None:
        """What is marked."""


class Stage(Window):
    """One window with what it shows: a run, or two, or none; what lies on top; what is on its way."""

    gestures: Strokes

    def __init__(self, options: Options, opener: Opener | None = None) -> None:
        self.overlay: Overlay | None = None
        self.showing: Showing | None = None
        self.comparison: Comparison | None = None
        """A second run beside the one that is shown."""
        self.drawer_open = False
        super().__init__(options)
        self.opener: Opener = opener or NoOpener()
        self.running = True
        self.last_action = ""
        self.shows_frame_times = False
        self.pending: Pending | None = None
        self.frame: Frame | None = None
        self.frames = 0
        self.pace = Pace()
        self.widgets = Widgets()
        self.pointer = Pointer()
        self.saving = Saving()

    @abstractmethod
    def show(self, feed: Feed) -> None:
        """Put a run on the screen."""

    @abstractmethod
    def open(self, path: str, *, beside: bool = False) -> None:
        """Open a run or scenario aside, the window goes on meanwhile; `beside` the one that is shown."""

    @abstractmethod
    def alone(self) -> None:
        """Back to one run."""

    @abstractmethod
    def select(self, chosen: Selection | None) -> None:
        """Inspect a thing."""

    @abstractmethod
    def act(self, action: Any) -> None:
        """What a key, a button or a hit asks for."""
