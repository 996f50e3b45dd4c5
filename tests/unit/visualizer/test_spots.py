"""What can be pressed, by mouse and by key, and when it means something."""

from __future__ import annotations

import pygame
import pytest
from pygame import Rect
from pygame.event import Event

from visualizer.drawing.entries import Scroll, Slide, TextEntry
from visualizer.drawing.spots import Heard, Spot, Spots


def at(kind: int, x: int, y: int) -> Event:
    return Event(kind, pos=(x, y), button=1, rel=(0, 0), buttons=(0, 0, 0))


def key(code: int, typed: str = "", mod: int = 0) -> Event:
    return Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed)


def down(spots: Spots, x: int, y: int) -> Heard:
    return spots.hear(at(pygame.MOUSEBUTTONDOWN, x, y))


def up(spots: Spots, x: int, y: int) -> Heard:
    return spots.hear(at(pygame.MOUSEBUTTONUP, x, y))


A, B = Rect(0, 0, 100, 20), Rect(0, 20, 100, 20)


def shown(*spots: Spot) -> Spots:
    found = Spots()
    for spot in spots:
        found.spot(spot)
    found.end()
    return found


def test_a_click_asks_when_it_is_let_go_on_the_same_spot() -> None:
    spots = shown(Spot("a", A, "do a"), Spot("b", B, "do b"))
    assert down(spots, 5, 5) == Heard(True, None)
    assert spots.pressed == "a"
    assert up(spots, 50, 10) == Heard(True, "do a")
    down(spots, 5, 5)
    assert up(spots, 5, 25) == Heard(True, None), "let go elsewhere: nothing is meant"
    assert down(spots, 500, 5) == Heard(False, None)
    assert up(spots, 5, 5) == Heard(False, None)


def test_the_later_lies_over_the_earlier_and_a_disabled_one_is_not_there() -> None:
    spots = shown(Spot("a", A, "under"), Spot("b", A, "over"), Spot("c", A, "off", is_enabled=False))
    assert spots.action_at((1, 1)) == "over"
    assert spots.action_at((1, 21)) is None
    down(spots, 1, 1)
    assert up(spots, 1, 1).action == "over"


def test_behind_a_dialog_nothing_can_be_reached() -> None:
    spots = Spots()
    spots.spot(Spot("behind", A, "no"))
    spots.modal()
    spots.spot(Spot("ok", B, "yes"))
    spots.end()
    assert spots.action_at((1, 1)) is None
    for _ in range(2):
        spots.move_focus(1)
        assert spots.focus == "ok"


def test_keys_press_what_has_the_focus_in_order_and_around() -> None:
    spots = shown(
        Spot("a", A, "do a"),
        Spot("b", B, "do b"),
        Spot("c", B, "do c", is_enabled=False),
        Spot("row", B, 1, is_stop=False),
    )
    assert spots.hear(key(pygame.K_RETURN)) == Heard(False)
    spots.move_focus(1)
    assert spots.hear(key(pygame.K_RETURN)) == Heard(True, "do a")
    spots.move_focus(1)
    assert spots.hear(key(pygame.K_SPACE)) == Heard(True, "do b")
    spots.move_focus(1)
    assert spots.focus == "a"
    spots.move_focus(-1)
    assert spots.focus == "b"
    assert spots.hear(key(pygame.K_q)) == Heard(False), "other keys are not a button's"


def test_a_mouse_press_on_a_button_leaves_space_to_the_run() -> None:
    spots = shown(Spot("a", A, "do a"))
    down(spots, 1, 1)
    up(spots, 1, 1)
    assert spots.focus is None
    assert spots.hear(key(pygame.K_SPACE, " ")) == Heard(False)


def test_typing_goes_to_the_field_and_enter_gives_its_action() -> None:
    entry = TextEntry()
    spots = shown(Spot("find", A, "found", entry=entry), Spot("row", B, "that", is_stop=False))
    assert not spots.is_typing
    down(spots, 1, 1)
    up(spots, 1, 1)
    assert spots.is_typing
    assert spots.hear(Event(pygame.TEXTINPUT, text="货位")) == Heard(True)
    assert spots.hear(key(pygame.K_SPACE, " ")) == Heard(True)
    assert spots.hear(key(pygame.K_SPACE)) == Heard(True), "a space is typed, it presses nothing"
    assert spots.hear(key(pygame.K_SPACE, mod=pygame.KMOD_CTRL)).action is None, "switches input methods on Windows"
    assert spots.hear(key(pygame.K_RETURN)) == Heard(True, "found")
    assert spots.hear(key(pygame.K_DOWN)) == Heard(False), "left to the list below"
    assert entry.text == "货位"
    down(spots, 1, 21)
    assert up(spots, 1, 21).action == "that"
    assert spots.is_typing, "pressing a row leaves the focus"
    down(spots, 500, 500)
    assert not spots.is_typing


def test_the_input_method_is_on_only_while_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pygame.display, "get_init", lambda: True)  # whatever other tests left open or closed
    monkeypatch.setattr(pygame.key, "start_text_input", lambda: told.append("on"))
    monkeypatch.setattr(pygame.key, "stop_text_input", lambda: told.append("off"))
    monkeypatch.setattr(pygame.key, "set_text_input_rect", lambda rect: told.append(f"at {rect.topleft}"))
    spots = shown(Spot("find", A, "found", entry=TextEntry()), Spot("b", B, 1))
    spots.focus_on("find")
    down(spots, 1, 21)
    assert told == ["on", "at (0, 0)", "off"]


def test_a_focus_that_is_no_longer_drawn_is_dropped() -> None:
    spots = shown(Spot("a", A, 1))
    spots.focus_on("a")
    spots.end()
    assert spots.focus is None
    spots.spot(Spot("b", A, 1))
    spots.focus_on("b")
    spots.end()
    assert spots.focus == "b", "it may be given while the frame is drawn"


def test_a_slider_follows_the_pointer_until_it_is_let_go() -> None:
    slide = Slide(0, 0, 10, 1)
    spots = shown(Spot("speed", A, "speed", entry=slide))
    assert down(spots, 50, 5) == Heard(True, "speed")
    assert slide.value == 5
    assert spots.hear(at(pygame.MOUSEMOTION, 500, 400)) == Heard(True, "speed")
    assert slide.value == 10
    up(spots, 500, 400)
    spots.hear(at(pygame.MOUSEMOTION, 0, 0))
    assert slide.value == 10
    assert spots.hear(key(pygame.K_LEFT)) == Heard(True, "speed")
    assert slide.value == 9


def test_the_wheel_scrolls_the_list_under_the_pointer() -> None:
    scroll = Scroll()
    scroll.fit(50, 5)
    spots = shown(Spot("list", A, None, entry=scroll), Spot("row", A, 1, is_stop=False))
    spots.hear(at(pygame.MOUSEMOTION, 5, 5))
    assert spots.hear(Event(pygame.MOUSEWHEEL, x=0, y=-1)) == Heard(True)
    assert scroll.top == 3
    spots.hear(at(pygame.MOUSEMOTION, 5, 50))
    assert spots.hear(Event(pygame.MOUSEWHEEL, x=0, y=-1)) == Heard(False), "the map's"


def test_what_the_pointer_is_over_and_since_when() -> None:
    spots = shown(Spot("a", A, 1))
    spots.hear(at(pygame.MOUSEMOTION, 5, 5))
    for now_ms in (100, 200):
        spots.spot(Spot("a", A, 1))
        spots.end(now_ms)
    assert spots.hot == "a"
    assert spots.hot_since_ms == 100
