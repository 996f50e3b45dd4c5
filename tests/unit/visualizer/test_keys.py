"""One table of keys: no chord twice, each reachable, each explained in both languages."""

from __future__ import annotations

from collections import Counter

import pygame
import pytest
from pygame.event import Event

from visualizer.controlling.keys import ACTION_OF, BINDINGS, NAMED, Action, action_of, chords, hint
from visualizer.words import CATALOGUE

CODE_OF = {name: code for code, name in reversed(NAMED.items())}
MODS = {"Ctrl": pygame.KMOD_LCTRL, "Alt": pygame.KMOD_LALT, "Shift": pygame.KMOD_LSHIFT}
ON_SHIFT = {"?": "/", "}": "]", "+": "="}
"""Where a United States keyboard has the signs that need Shift."""


def pressed(key: int, mod: int = 0, typed: str = "") -> Event:
    return Event(pygame.KEYDOWN, key=key, mod=mod, unicode=typed, scancode=0)


def press(chord: str) -> Event:
    """The event of a United States keyboard for a chord, without the character: the harder case."""
    *held, name = chord.replace("++", "+plus").split("+") if len(chord) > 1 else [chord]
    name = {"plus": "+"}.get(name, name)
    mod = sum(MODS[word] for word in held)
    if name in ON_SHIFT:
        name, mod = ON_SHIFT[name], mod | pygame.KMOD_LSHIFT
    return pressed(CODE_OF[name], mod)


def test_no_chord_means_two_things() -> None:
    twice = [chord for chord, count in Counter(chord for chord, _ in chords()).items() if count > 1]
    assert twice == []
    assert max(Counter(b.action for b in BINDINGS).values()) == 1


def test_every_action_is_in_the_table_once() -> None:
    assert {b.action for b in BINDINGS} == set(Action)
    assert all(bool(b.chords) != bool(b.mouse) for b in BINDINGS), "a key or the mouse"


@pytest.mark.parametrize("chord", ACTION_OF)
def test_each_chord_can_be_pressed(chord: str) -> None:
    assert action_of(press(chord)) == ACTION_OF[chord]


@pytest.mark.parametrize(
    ("event", "action"),
    [
        (pressed(pygame.K_7, pygame.KMOD_LSHIFT, "/"), Action.FIND),  # German
        (pressed(pygame.K_9, pygame.KMOD_LCTRL | pygame.KMOD_RALT, "]"), Action.FASTER),  # German, AltGr on Windows
        (pressed(pygame.K_AMPERSAND, pygame.KMOD_LSHIFT, "1"), Action.LAYER_1),  # French
        (pressed(pygame.K_SLASH, pygame.KMOD_LSHIFT, "?"), Action.HELP),
        (pressed(pygame.K_SLASH, pygame.KMOD_LSHIFT, "/"), Action.HELP),  # X11 while no field is typed in
        (pressed(pygame.K_RIGHTBRACKET, pygame.KMOD_LSHIFT, "]"), Action.FASTEST),
        (pressed(pygame.K_KP_PLUS), Action.ZOOM_IN),
        (pressed(pygame.K_EQUALS, pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT, "+"), Action.SCALE_UP),
        (pressed(pygame.K_RIGHT, pygame.KMOD_RCTRL), Action.MINUTES_FORWARD),
        (pressed(pygame.K_s, pygame.KMOD_RSHIFT, "S"), Action.RECALL_VIEW),
        (pressed(pygame.K_s, pygame.KMOD_NUM | pygame.KMOD_CAPS, "s"), Action.SAVE_VIEW),
        (pressed(pygame.K_KP_ENTER), Action.CONFIRM),
        (pressed(pygame.K_q, pygame.KMOD_LALT, "q"), None),
        (pressed(pygame.K_s, pygame.KMOD_LCTRL, "\x13"), None),
        (pressed(pygame.K_LSHIFT, pygame.KMOD_LSHIFT), None),
        (Event(pygame.KEYUP, key=pygame.K_SPACE, mod=0), None),
        (Event(pygame.MOUSEMOTION, pos=(0, 0), rel=(0, 0), buttons=(0, 0, 0)), None),
    ],
)
def test_keyboards_differ(event: Event, action: Action | None) -> None:
    assert action_of(event) == action


@pytest.mark.parametrize(
    ("chord", "action"),
    [
        ("Space", "play_pause"), (".", "event_forward"), (",", "event_back"), ("J", "marker_back"), ("L", "go_live"),
        ("Shift+Right", "minute_forward"), ("Ctrl+Left", "minutes_back"), ("B", "breakpoint"), ("F2", "language"),
        ("Shift+D", "first_difference"), ("Alt+Up", "pan_up"), ("Ctrl+F12", "frame_times"), ("I", "inject"),
        ("Q", "choice_1"), ("E", "choice_2"), ("R", "choice_3"), ("0", "fit_all"), ("Tab", "panel"),
        ("G", "go_to_time"),
    ],
)  # fmt: skip
def test_keys_are_those_of_the_design(chord: str, action: str) -> None:
    assert ACTION_OF[chord] == action


def test_every_action_and_group_has_words() -> None:
    wanted = {f"help.{b.action}" for b in BINDINGS} | {f"group.{b.group}" for b in BINDINGS}
    wanted |= {b.mouse for b in BINDINGS if b.mouse}
    assert wanted <= CATALOGUE.keys()


def test_hints() -> None:
    assert hint(Action.ZOOM_IN) == "+"
    assert hint(Action.LASSO) == ""
