"""What the mouse does, told in gestures: click, double click, drag, wheel, hover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pygame
from pygame.event import Event

Gesture = Literal["click", "double_click", "drag_begin", "drag", "drag_end", "wheel", "hover"]
Point = tuple[int, int]

DOUBLE_MS = 400
SLACK_PX = 4
"""A hand trembles: less than this is a click, not a drag; two clicks nearer than this can be a double one."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One gesture. `start` is where the button went down, `by` how far the pointer came since the last one."""

    gesture: Gesture
    at: Point
    start: Point
    by: Point = (0, 0)
    notches: float = 0.0
    is_shift: bool = False
    is_ctrl: bool = False


class Pointer:
    """Takes pygame's events of the left button and the wheel. A drag keeps the modifiers it began with."""

    def __init__(self) -> None:
        self.at: Point = (0, 0)
        self._down: Point | None = None
        self._is_drag = False
        self._mod = 0
        self._last_click: tuple[Point, int] | None = None

    @property
    def is_dragging(self) -> bool:
        """Is a drag under way."""
        return self._is_drag

    def hear(self, event: Event, now_ms: int, mod: int = 0) -> list[Stroke]:
        """The gestures that an event completes; `mod` are the modifier keys held, `now_ms` a clock of the screen."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.at = self._down = event.pos
            self._is_drag, self._mod = False, mod
            return []
        if event.type == pygame.MOUSEMOTION:
            return self._move(event.pos)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            return self._up(event.pos, now_ms)
        if event.type == pygame.MOUSEWHEEL:
            notches = float(getattr(event, "precise_y", event.y)) or float(event.y)
            return [self._stroke("wheel", self.at, mod=mod, notches=notches)] if notches else []
        return []

    def drop(self) -> list[Stroke]:
        """Give up what is under way, as when a dialog opens or the window loses its focus."""
        ended = [self._stroke("drag_end", self._down)] if self._is_drag and self._down else []
        self._down, self._is_drag = None, False
        return ended

    def _move(self, at: Point) -> list[Stroke]:
        by = (at[0] - self.at[0], at[1] - self.at[1])
        self.at = at
        if self._down is None:
            return [self._stroke("hover", at)]
        if self._is_drag:
            return [self._stroke("drag", self._down, by=by)]
        if not _near(at, self._down):
            self._is_drag = True
            whole = (at[0] - self._down[0], at[1] - self._down[1])
            return [self._stroke("drag_begin", self._down), self._stroke("drag", self._down, by=whole)]
        return []

    def _up(self, at: Point, now_ms: int) -> list[Stroke]:
        self.at, down, self._down = at, self._down, None
        if down is None:
            return []
        if self._is_drag:
            self._is_drag = False
            return [self._stroke("drag_end", down)]
        last, self._last_click = self._last_click, (at, now_ms)
        if last is not None and now_ms - last[1] <= DOUBLE_MS and _near(at, last[0]):
            self._last_click = None
            return [self._stroke("double_click", down)]
        return [self._stroke("click", down)]

    def _stroke(
        self, gesture: Gesture, start: Point, *, by: Point = (0, 0), mod: int | None = None, notches: float = 0.0
    ) -> Stroke:
        held = self._mod if mod is None else mod
        is_ctrl = bool(held & (pygame.KMOD_CTRL | pygame.KMOD_META))
        return Stroke(gesture, self.at, start, by, notches, bool(held & pygame.KMOD_SHIFT), is_ctrl)


def _near(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < SLACK_PX and abs(a[1] - b[1]) < SLACK_PX
