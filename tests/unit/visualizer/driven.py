"""An App under the dummy driver, driven with posted events as a person would."""

from __future__ import annotations

from typing import Any

import pygame
from pygame.event import Event

from visualizer.app import App
from visualizer.controlling.keys import NAMED, SHIFTED
from visualizer.window import Options

_KEY_OF = {name: key for key, name in reversed(NAMED.items())}
_MODS = {"Ctrl": pygame.KMOD_LCTRL, "Shift": pygame.KMOD_LSHIFT, "Alt": pygame.KMOD_LALT}
_UNSHIFTED = {sign: key for key, sign in SHIFTED.items()}


def app_of(feed: Any, **options: Any) -> App:
    """A window of 1600 x 900 that waits for all answers."""
    return App(feed, options=Options(patient=True, **{"size": (1600, 900), **options}))


def chord(text: str) -> Event:
    """The key press that a person means by `Ctrl+Right` or `?`."""
    mod = 0
    name = text
    while "+" in name[:-1] and name.split("+", 1)[0] in _MODS:
        held, name = name.split("+", 1)
        mod |= _MODS[held]
    typed = name if len(name) == 1 and not mod & pygame.KMOD_LCTRL else ""
    key = _KEY_OF.get(_UNSHIFTED.get(name, name), 0) or _KEY_OF.get(name, 0)
    return Event(pygame.KEYDOWN, key=key, mod=mod, unicode=typed)


def press(app: App, *chords: str, real_ms: float = 0.0) -> None:
    """Press keys one after the other, a frame each."""
    for one in chords:
        app.step([chord(one)], real_ms)


def typed(app: App, text: str) -> None:
    """Type letters into the field in focus."""
    app.step([Event(pygame.TEXTINPUT, text=c) for c in text], 0.0)


def click(app: App, at: tuple[int, int], times: int = 1) -> None:
    """Press and let go, as often as said."""
    app.step([Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0))], 0.0)
    for _ in range(times):
        app.step([Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1), Event(pygame.MOUSEBUTTONUP, pos=at, button=1)], 0.0)


def drag(app: App, start: tuple[int, int], end: tuple[int, int], mod: int = 0) -> None:
    """Press, move in a few steps, let go."""
    pygame.key.set_mods(mod)
    try:
        app.step([Event(pygame.MOUSEBUTTONDOWN, pos=start, button=1)], 0.0)
        for n in range(1, 5):
            at = (start[0] + (end[0] - start[0]) * n // 4, start[1] + (end[1] - start[1]) * n // 4)
            app.step([Event(pygame.MOUSEMOTION, pos=at, rel=(1, 1), buttons=(1, 0, 0))], 0.0)
        app.step([Event(pygame.MOUSEBUTTONUP, pos=end, button=1)], 0.0)
    finally:
        pygame.key.set_mods(0)


def wheel(app: App, at: tuple[int, int], notches: int) -> None:
    """Turn the wheel at a point."""
    app.step([
        Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)),
        Event(pygame.MOUSEWHEEL, x=0, y=notches, precise_x=0.0, precise_y=float(notches), flipped=False),
    ], 0.0)  # fmt: skip
