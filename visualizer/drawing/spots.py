"""Where the screen can be pressed: pointer, focus and keys over the spots that the last frame left."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pygame
from pygame import Rect
from pygame.event import Event

from visualizer.drawing.entries import Scroll, Slide, TextEntry

Entry = TextEntry | Slide | Scroll
PRESSES: Final = (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE)
"""Keys that press what has the focus."""


class Heard(NamedTuple):
    """`taken`: the event was a widget's, nobody else should act on it. `action`: what it asks for, if anything."""

    taken: bool
    action: Any = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something can be pressed, and what that means. An entry takes keys while it is in focus.

    `is_stop`: the focus stops here. Rows of a list are no stops: the list is one, and pressing a row leaves the focus.
    """

    name: Hashable
    rect: Rect
    action: Any = None
    tip: str = ""
    is_enabled: bool = True
    entry: Entry | None = None
    is_stop: bool = True


class Spots:
    """The spots of the frame, what the pointer is over, what is pressed and what has the focus."""

    def __init__(self) -> None:
        self.pointer = (-1, -1)
        self.hot: Hashable | None = None
        self.pressed: Hashable | None = None
        self.focus: Hashable | None = None
        self.hot_since_ms = 0
        self._spots: list[Spot] = []
        self._next: list[Spot] = []

    # --- frame -----------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Start a frame."""
        self._next = []

    def end(self, now_ms: int = 0) -> None:
        """The frame is drawn: its spots are those that can be pressed from now on."""
        self._spots, self._next = self._next, []
        if self.focus is not None and self._named(self.focus) is None:
            self._focus_on(None)
        spot = self.spot_at(self.pointer)
        if (spot and spot.name) != self.hot:
            self.hot, self.hot_since_ms = spot and spot.name, now_ms

    def modal(self) -> None:
        """What was drawn before in this frame cannot be reached: a dialog lies over it."""
        self._next.clear()

    def spot(self, spot: Spot) -> None:
        """Leave a spot; later ones lie over earlier ones."""
        self._next.append(spot)

    def spot_at(self, position: tuple[int, int]) -> Spot | None:
        """What can be pressed at a point."""
        return next((s for s in reversed(self._spots) if s.is_enabled and s.rect.collidepoint(position)), None)

    def action_at(self, position: tuple[int, int]) -> Any:
        """What a click at a point would ask for."""
        spot = self.spot_at(position)
        return spot.action if spot else None

    # --- events ----------------------------------------------------------------------------------------------

    def hear(self, event: Event) -> Heard:
        """Take an event."""
        if event.type == pygame.MOUSEMOTION:
            self.pointer = event.pos
            spot = self._named(self.pressed)
            if spot and isinstance(spot.entry, Slide):
                return self._slide(spot)
            return Heard(self.pressed is not None)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._press(event.pos)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            return self._release(event.pos)
        if event.type == pygame.MOUSEWHEEL:
            return self._wheel(-3 * event.y)
        if event.type in (pygame.KEYDOWN, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return self._key(event)
        return Heard(False)

    def _press(self, position: tuple[int, int]) -> Heard:
        self.pointer = position
        spot = self.spot_at(position)
        self.pressed = spot.name if spot else None
        if spot is None:
            self._focus_on(None)
            return Heard(False)
        if spot.is_stop:
            self._focus_on(spot if spot.entry is not None else None)
        if isinstance(spot.entry, Slide):
            return self._slide(spot)
        return Heard(True)

    def _release(self, position: tuple[int, int]) -> Heard:
        self.pointer = position
        pressed, self.pressed = self.pressed, None
        spot = self.spot_at(position)
        if pressed is None:
            return Heard(False)
        if spot is None or spot.name != pressed:
            return Heard(True)  # let go elsewhere: nothing is meant
        if isinstance(spot.entry, TextEntry | Scroll):
            return Heard(True)  # a click sets the focus; Enter means its action
        return Heard(True, spot.action)

    def _wheel(self, rows: int) -> Heard:
        for spot in reversed(self._spots):
            if isinstance(spot.entry, Scroll) and spot.rect.collidepoint(self.pointer):
                spot.entry.by(rows)
                return Heard(True)
        return Heard(False)

    def _slide(self, spot: Spot) -> Heard:
        assert isinstance(spot.entry, Slide)
        spot.entry.to_share((self.pointer[0] - spot.rect.x) / max(spot.rect.w, 1))
        return Heard(True, spot.action)

    def _key(self, event: Event) -> Heard:
        spot = self._named(self.focus)
        if spot is None:
            return Heard(False)
        if spot.entry is not None and spot.entry.hear(event):
            return Heard(True, spot.action if isinstance(spot.entry, Slide) else None)
        if (
            event.type == pygame.KEYDOWN
            and event.key in PRESSES
            and not (event.key == pygame.K_SPACE and isinstance(spot.entry, TextEntry))
        ):
            return Heard(True, spot.action)
        return Heard(False)

    # --- focus -----------------------------------------------------------------------------------------------

    def move_focus(self, step: int) -> None:
        """To the next spot that can be pressed, in the order of drawing; around at the ends."""
        names = list(dict.fromkeys(s.name for s in self._spots if s.is_enabled and s.is_stop))
        if not names:
            return
        at = names.index(self.focus) if self.focus in names else (-1 if step > 0 else 0)
        self._focus_on(self._named(names[(at + step) % len(names)]))

    def focus_on(self, name: Hashable | None) -> None:
        """Give the focus to a widget of this or the next frame; None takes it away."""
        spot = next((s for s in (*self._spots, *self._next) if s.name == name), None)
        self._focus_on(spot)

    def has_focus_in_frame(self) -> bool:
        """Has anything drawn so far in this frame the focus."""
        return any(s.name == self.focus for s in self._next)

    def _focus_on(self, spot: Spot | None) -> None:
        self.focus = spot.name if spot else None
        if not pygame.display.get_init():
            return
        if spot is not None and isinstance(spot.entry, TextEntry):
            pygame.key.start_text_input()
            pygame.key.set_text_input_rect(spot.rect)
        else:
            pygame.key.stop_text_input()

    def _named(self, name: Hashable | None) -> Spot | None:
        if name is None:
            return None
        return next((s for s in reversed(self._spots) if s.name == name and s.is_enabled), None)

    @property
    def is_typing(self) -> bool:
        """Does a line of text take the keys."""
        spot = self._named(self.focus)
        return spot is not None and isinstance(spot.entry, TextEntry)
