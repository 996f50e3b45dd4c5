"""One table of keys and mouse: it drives the window and it is what `?` lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import pygame
from pygame.event import Event

Group = Literal["time", "map", "layers", "look", "save", "compare", "training", "window"]


class Action(StrEnum):
    """What a key, a button or the mouse asks for. The words of each are `help.ACTION` in the catalogue."""

    PLAY_PAUSE = "play_pause"
    EVENT_FORWARD = "event_forward"
    EVENT_BACK = "event_back"
    KIND_FORWARD = "kind_forward"
    KIND_BACK = "kind_back"
    SECONDS_FORWARD = "seconds_forward"
    SECONDS_BACK = "seconds_back"
    MINUTE_FORWARD = "minute_forward"
    MINUTE_BACK = "minute_back"
    MINUTES_FORWARD = "minutes_forward"
    MINUTES_BACK = "minutes_back"
    MARKER_BACK = "marker_back"
    MARKER_FORWARD = "marker_forward"
    FASTER = "faster"
    SLOWER = "slower"
    FASTEST = "fastest"
    GO_START = "go_start"
    GO_END = "go_end"
    GO_LIVE = "go_live"
    GO_TO_TIME = "go_to_time"
    BREAKPOINT = "breakpoint"
    KIND_CHOOSE = "kind_choose"
    LOG_MODE = "log_mode"
    FOLLOW = "follow"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    PAN_UP = "pan_up"
    PAN_DOWN = "pan_down"
    FIT_ALL = "fit_all"
    ZOOM_SELECTION = "zoom_selection"
    MINIMAP = "minimap"
    LAYER_1 = "layer_1"
    LAYER_2 = "layer_2"
    LAYER_3 = "layer_3"
    LAYER_4 = "layer_4"
    LAYER_5 = "layer_5"
    LAYER_6 = "layer_6"
    HEAT_MODE = "heat_mode"
    HEAT_MOVERS = "heat_movers"
    HEAT_WINDOW = "heat_window"
    LOCATION_COLOUR = "location_colour"
    BOOK_OR_FLOOR = "book_or_floor"
    SAVE_VIEW = "save_view"
    RECALL_VIEW = "recall_view"
    PICTURE = "picture"
    VIDEO = "video"
    HTML = "html"
    FIND = "find"
    HELP = "help"
    CLOSE = "close"
    PANEL = "panel"
    THEME = "theme"
    LANGUAGE = "language"
    SCALE_UP = "scale_up"
    SCALE_DOWN = "scale_down"
    FULL_SCREEN = "full_screen"
    FRAME_TIMES = "frame_times"
    OPEN = "open"
    QUIT = "quit"
    FOCUS_NEXT = "focus_next"
    FOCUS_BACK = "focus_back"
    COMPARE = "compare"
    NEXT_DIFFERENCE = "next_difference"
    FIRST_DIFFERENCE = "first_difference"
    OVERLAY = "overlay"
    CHOICE_1 = "choice_1"
    CHOICE_2 = "choice_2"
    CHOICE_3 = "choice_3"
    CONFIRM = "confirm"
    ORDERS = "orders"
    INJECT = "inject"
    SELECT = "select"
    DOUBLE_FOLLOW = "double_follow"
    LASSO = "lasso"
    WHEEL_ZOOM = "wheel_zoom"
    DRAG_PAN = "drag_pan"
    TIMELINE_SEEK = "timeline_seek"
    TIMELINE_ZOOM = "timeline_zoom"
    CLICK_TIME = "click_time"


@dataclass(frozen=True, slots=True)
class Binding:
    """One action and the chords that ask for it, written as a person reads them: `Space`, `Ctrl+Right`, `?`."""

    action: Action
    chords: tuple[str, ...]
    group: Group
    mouse: str = ""
    """Instead of chords: the key of the words that say what the mouse does."""


A = Action
BINDINGS: Final[tuple[Binding, ...]] = (
    Binding(A.PLAY_PAUSE, ("Space",), "time"),
    Binding(A.EVENT_FORWARD, (".",), "time"),
    Binding(A.EVENT_BACK, (",",), "time"),
    Binding(A.KIND_FORWARD, ("N",), "time"),
    Binding(A.KIND_BACK, ("Shift+N",), "time"),
    Binding(A.KIND_CHOOSE, ("Ctrl+N",), "time"),
    Binding(A.SECONDS_FORWARD, ("Right",), "time"),
    Binding(A.SECONDS_BACK, ("Left",), "time"),
    Binding(A.MINUTE_FORWARD, ("Shift+Right",), "time"),
    Binding(A.MINUTE_BACK, ("Shift+Left",), "time"),
    Binding(A.MINUTES_FORWARD, ("Ctrl+Right",), "time"),
    Binding(A.MINUTES_BACK, ("Ctrl+Left",), "time"),
    Binding(A.MARKER_BACK, ("J",), "time"),
    Binding(A.MARKER_FORWARD, ("K",), "time"),
    Binding(A.FASTER, ("]",), "time"),
    Binding(A.SLOWER, ("[",), "time"),
    Binding(A.FASTEST, ("}",), "time"),
    Binding(A.GO_START, ("Home",), "time"),
    Binding(A.GO_END, ("End",), "time"),
    Binding(A.GO_LIVE, ("L",), "time"),
    Binding(A.GO_TO_TIME, ("G",), "time"),
    Binding(A.BREAKPOINT, ("B",), "time"),
    Binding(A.TIMELINE_SEEK, (), "time", "mouse.timeline_seek"),
    Binding(A.TIMELINE_ZOOM, (), "time", "mouse.timeline_zoom"),
    Binding(A.CLICK_TIME, (), "time", "mouse.click_time"),
    Binding(A.SELECT, (), "map", "mouse.select"),
    Binding(A.DOUBLE_FOLLOW, (), "map", "mouse.double_follow"),
    Binding(A.LASSO, (), "map", "mouse.lasso"),
    Binding(A.WHEEL_ZOOM, (), "map", "mouse.wheel_zoom"),
    Binding(A.DRAG_PAN, (), "map", "mouse.drag_pan"),
    Binding(A.FOLLOW, ("F",), "map"),
    Binding(A.ZOOM_IN, ("+", "="), "map"),
    Binding(A.ZOOM_OUT, ("-",), "map"),
    Binding(A.PAN_LEFT, ("Alt+Left",), "map"),
    Binding(A.PAN_RIGHT, ("Alt+Right",), "map"),
    Binding(A.PAN_UP, ("Alt+Up",), "map"),
    Binding(A.PAN_DOWN, ("Alt+Down",), "map"),
    Binding(A.FIT_ALL, ("0",), "map"),
    Binding(A.ZOOM_SELECTION, ("Z",), "map"),
    Binding(A.MINIMAP, ("M",), "map"),
    Binding(A.LAYER_1, ("1",), "layers"),
    Binding(A.LAYER_2, ("2",), "layers"),
    Binding(A.LAYER_3, ("3",), "layers"),
    Binding(A.LAYER_4, ("4",), "layers"),
    Binding(A.LAYER_5, ("5",), "layers"),
    Binding(A.LAYER_6, ("6",), "layers"),
    Binding(A.HEAT_MODE, ("H",), "layers"),
    Binding(A.HEAT_MOVERS, ("Shift+H",), "layers"),
    Binding(A.HEAT_WINDOW, ("W",), "layers"),
    Binding(A.LOCATION_COLOUR, ("Y",), "layers"),
    Binding(A.BOOK_OR_FLOOR, ("U",), "layers"),
    Binding(A.SAVE_VIEW, ("S",), "save"),
    Binding(A.RECALL_VIEW, ("Shift+S",), "save"),
    Binding(A.PICTURE, ("P",), "save"),
    Binding(A.VIDEO, ("V",), "save"),
    Binding(A.HTML, ("X",), "save"),
    Binding(A.COMPARE, ("C",), "compare"),
    Binding(A.NEXT_DIFFERENCE, ("D",), "compare"),
    Binding(A.FIRST_DIFFERENCE, ("Shift+D",), "compare"),
    Binding(A.OVERLAY, ("O",), "compare"),
    Binding(A.CHOICE_1, ("Q",), "training"),
    Binding(A.CHOICE_2, ("E",), "training"),
    Binding(A.CHOICE_3, ("R",), "training"),
    Binding(A.CONFIRM, ("Enter",), "training"),
    Binding(A.ORDERS, ("A",), "training"),
    Binding(A.INJECT, ("I",), "training"),
    Binding(A.FIND, ("/", "Ctrl+F"), "window"),
    Binding(A.HELP, ("?", "F1"), "window"),
    Binding(A.CLOSE, ("Esc",), "window"),
    Binding(A.PANEL, ("Tab",), "window"),
    Binding(A.LOG_MODE, ("Shift+L",), "window"),
    Binding(A.OPEN, ("Ctrl+O",), "window"),
    Binding(A.QUIT, ("Ctrl+Q",), "window"),
    Binding(A.FOCUS_NEXT, ("F6",), "window"),
    Binding(A.FOCUS_BACK, ("Shift+F6",), "window"),
    Binding(A.THEME, ("T",), "look"),
    Binding(A.LANGUAGE, ("F2",), "look"),
    Binding(A.SCALE_UP, ("Ctrl++", "Ctrl+="), "look"),
    Binding(A.SCALE_DOWN, ("Ctrl+-",), "look"),
    Binding(A.FULL_SCREEN, ("F11",), "look"),
    Binding(A.FRAME_TIMES, ("Ctrl+F12",), "look"),
)

SIGNS: Final = frozenset(".,[]{}+-=/?0123456789")
"""Chords that a layout of keys may put anywhere: taken by the character typed, not by the key."""

SHIFTED: Final = {"/": "?", "]": "}", "[": "{", "=": "+"}
"""On keys as in the United States; used where the system does not tell the character."""

NAMED: Final[dict[int, str]] = {
    pygame.K_SPACE: "Space", pygame.K_RIGHT: "Right", pygame.K_LEFT: "Left", pygame.K_UP: "Up", pygame.K_DOWN: "Down",
    pygame.K_HOME: "Home", pygame.K_END: "End", pygame.K_ESCAPE: "Esc", pygame.K_TAB: "Tab", pygame.K_RETURN: "Enter",
    pygame.K_KP_ENTER: "Enter", pygame.K_KP_PLUS: "+", pygame.K_KP_MINUS: "-", pygame.K_PLUS: "+", pygame.K_MINUS: "-",
    pygame.K_EQUALS: "=", pygame.K_PERIOD: ".", pygame.K_COMMA: ",", pygame.K_SLASH: "/", pygame.K_QUESTION: "?",
    pygame.K_LEFTBRACKET: "[", pygame.K_RIGHTBRACKET: "]",
    **{getattr(pygame, f"K_F{n}"): f"F{n}" for n in range(1, 13)},
    **{getattr(pygame, f"K_{c}"): c.upper() for c in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{getattr(pygame, f"K_KP{n}"): str(n) for n in range(10)},
}  # fmt: skip


def chords() -> Iterator[tuple[str, Action]]:
    """Every chord of the table with its action."""
    for binding in BINDINGS:
        for chord in binding.chords:
            yield chord, binding.action


ACTION_OF: Final[dict[str, Action]] = dict(chords())
CHORDS_OF: Final[dict[Action, tuple[str, ...]]] = {binding.action: binding.chords for binding in BINDINGS}


def chord_of(event: Event) -> str:
    """The chord of a KEYDOWN as it is written in the table; empty for keys that mean nothing alone."""
    ctrl, alt = event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META), event.mod & pygame.KMOD_ALT
    shift = event.mod & pygame.KMOD_SHIFT
    typed = getattr(event, "unicode", "")
    name = NAMED.get(event.key, "")
    if typed in SIGNS and (not ctrl or alt):
        # While nobody types the system tells the sign of the key alone: what Shift makes of it is ours to know.
        return SHIFTED.get(typed, typed) if shift and typed == name else typed
    if name in SIGNS and shift:
        name, shift = SHIFTED.get(name, name), 0
    if not name:
        return ""
    held = [word for word, is_held in (("Ctrl", ctrl), ("Alt", alt), ("Shift", shift)) if is_held]
    return "+".join([*held, name])


def action_of(event: Event) -> Action | None:
    """What a KEYDOWN asks for; None for any other event and for keys without a meaning."""
    if event.type != pygame.KEYDOWN:
        return None
    return ACTION_OF.get(chord_of(event))


def hint(action: Action) -> str:
    """The first chord of an action, for buttons and tips; empty if only the mouse does it."""
    found = CHORDS_OF.get(action, ())
    return found[0] if found else ""
