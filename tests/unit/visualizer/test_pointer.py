"""Gestures of the mouse."""

from __future__ import annotations

import pygame
from pygame.event import Event

from visualizer.drawing.pointer import DOUBLE_MS, Pointer, Stroke


def down(x: int, y: int, button: int = 1) -> Event:
    return Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=button)


def up(x: int, y: int, button: int = 1) -> Event:
    return Event(pygame.MOUSEBUTTONUP, pos=(x, y), button=button)


def move(x: int, y: int) -> Event:
    return Event(pygame.MOUSEMOTION, pos=(x, y), rel=(0, 0), buttons=(0, 0, 0))


def told(pointer: Pointer, *events: Event, now_ms: int = 0, mod: int = 0) -> list[Stroke]:
    return [stroke for event in events for stroke in pointer.hear(event, now_ms, mod)]


def names(strokes: list[Stroke]) -> list[str]:
    return [s.gesture for s in strokes]


def test_a_click_may_tremble() -> None:
    strokes = told(Pointer(), down(10, 10), move(12, 11), up(12, 11))
    assert names(strokes) == ["click"]
    assert strokes[0].at == (12, 11)
    assert strokes[0].start == (10, 10)


def test_a_double_click_is_two_near_in_time_and_place_and_a_third_begins_anew() -> None:
    pointer = Pointer()
    first = told(pointer, down(10, 10), up(10, 10), now_ms=0)
    second = told(pointer, down(11, 10), up(11, 10), now_ms=DOUBLE_MS)
    third = told(pointer, down(11, 10), up(11, 10), now_ms=DOUBLE_MS + 50)
    assert names([*first, *second, *third]) == ["click", "double_click", "click"]
    late = told(pointer, down(11, 10), up(11, 10), now_ms=2 * DOUBLE_MS + 51)
    assert names(late) == ["click"]
    elsewhere = told(pointer, down(40, 10), up(40, 10), now_ms=2 * DOUBLE_MS + 60)
    assert names(elsewhere) == ["click"]


def test_a_drag_tells_where_it_began_and_loses_no_pixel() -> None:
    strokes = told(
        Pointer(), down(10, 10), move(12, 10), move(20, 10), move(30, 15), up(30, 15), mod=pygame.KMOD_LSHIFT
    )
    assert names(strokes) == ["drag_begin", "drag", "drag", "drag_end"]
    assert {s.start for s in strokes} == {(10, 10)}
    assert (sum(s.by[0] for s in strokes), sum(s.by[1] for s in strokes)) == (20, 5)
    assert all(s.is_shift for s in strokes), "the keys it began with"


def test_after_a_drag_comes_no_click_and_no_double_click() -> None:
    pointer = Pointer()
    told(pointer, down(0, 0), move(50, 0), up(50, 0))
    assert names(told(pointer, down(50, 0), up(50, 0))) == ["click"]


def test_wheel_and_hover_and_other_buttons() -> None:
    pointer = Pointer()
    strokes = told(pointer, move(5, 6), Event(pygame.MOUSEWHEEL, x=0, y=1, precise_y=0.5), down(5, 6, 3), up(5, 6, 3))
    assert names(strokes) == ["hover", "wheel"]
    assert strokes[1].at == (5, 6)
    assert strokes[1].notches == 0.5
    assert told(pointer, Event(pygame.MOUSEWHEEL, x=1, y=0, precise_y=0.0)) == []


def test_what_is_under_way_can_be_given_up() -> None:
    pointer = Pointer()
    told(pointer, down(0, 0), move(50, 0))
    assert pointer.is_dragging
    assert names(pointer.drop()) == ["drag_end"]
    assert names(told(pointer, move(60, 0), up(60, 0))) == ["hover"]
    assert pointer.drop() == []
