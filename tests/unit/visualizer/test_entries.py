"""Typing, sliding and scrolling."""

from __future__ import annotations

import pygame
import pytest
from pygame.event import Event

from visualizer.drawing.entries import LONGEST, Scroll, Slide, TextEntry


def key(code: int, mod: int = 0, typed: str = "") -> Event:
    return Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed)


def typed(text: str) -> Event:
    return Event(pygame.TEXTINPUT, text=text)


def composing(text: str) -> Event:
    return Event(pygame.TEXTEDITING, text=text, start=0, length=0)


def after(entry: TextEntry, *events: Event) -> tuple[str, int]:
    for event in events:
        entry.hear(event)
    return entry.text, entry.caret


def test_typing_moving_and_removing() -> None:
    entry = TextEntry()
    assert after(entry, typed("A08"), typed("-03")) == ("A08-03", 6)
    assert after(entry, key(pygame.K_LEFT), key(pygame.K_BACKSPACE)) == ("A08-3", 4)
    assert after(entry, key(pygame.K_HOME), typed("区"), key(pygame.K_DELETE)) == ("区08-3", 1)
    assert after(entry, key(pygame.K_END), key(pygame.K_RIGHT), typed("!")) == ("区08-3!", 6)
    assert after(entry, key(pygame.K_HOME), key(pygame.K_LEFT), key(pygame.K_BACKSPACE)) == ("区08-3!", 0)


def test_words_all_and_the_clipboard() -> None:
    entry = TextEntry(paste=lambda: "W-087\n")
    entry.put("aisle 08 left")
    assert after(entry, key(pygame.K_LEFT, pygame.KMOD_CTRL)) == ("aisle 08 left", 9)
    assert after(entry, key(pygame.K_BACKSPACE, pygame.KMOD_LCTRL)) == ("aisle left", 6)
    assert after(entry, key(pygame.K_RIGHT, pygame.KMOD_CTRL)) == ("aisle left", 10)
    assert after(entry, key(pygame.K_a, pygame.KMOD_CTRL), key(pygame.K_v, pygame.KMOD_CTRL)) == ("W-087", 5)
    assert after(entry, key(pygame.K_a, pygame.KMOD_CTRL), key(pygame.K_BACKSPACE)) == ("", 0)


def test_an_input_method_keeps_its_keys_until_a_word_is_chosen() -> None:
    entry = TextEntry()
    assert after(entry, typed("拣"), composing("huo")) == ("拣", 1)
    assert entry.composing == "huo"
    assert entry.hear(key(pygame.K_RETURN)), "Enter takes the word of the input method"
    assert entry.hear(key(pygame.K_ESCAPE))
    assert after(entry, key(pygame.K_BACKSPACE)) == ("拣", 1)
    assert after(entry, typed("货")) == ("拣货", 2)
    assert entry.composing == ""
    assert not entry.hear(key(pygame.K_RETURN)), "now it is the dialog's"


@pytest.mark.parametrize(
    "event",
    [key(pygame.K_RETURN), key(pygame.K_ESCAPE), key(pygame.K_TAB), key(pygame.K_DOWN), key(pygame.K_F11),
     key(pygame.K_f, pygame.KMOD_CTRL), Event(pygame.KEYUP, key=pygame.K_a, mod=0)],
)  # fmt: skip
def test_what_is_not_a_text_s_is_left_to_others(event: Event) -> None:
    assert not TextEntry("abc").hear(event)


@pytest.mark.parametrize(
    "event",
    [key(pygame.K_q, 0, "q"), key(pygame.K_SPACE, 0, " "), key(pygame.K_q), key(pygame.K_SLASH, pygame.KMOD_SHIFT, "?"),
     key(pygame.K_9, pygame.KMOD_LCTRL | pygame.KMOD_RALT, "]")],
)  # fmt: skip
def test_letters_mean_nothing_else_while_typing(event: Event) -> None:
    entry = TextEntry("abc", 3)
    assert entry.hear(event)
    assert entry.text == "abc", "the character comes by TEXTINPUT"


def test_a_line_is_bounded_and_holds_no_control_character() -> None:
    entry = TextEntry()
    after(entry, typed("a\x00b\n"), typed("x" * 500))
    assert entry.text == "ab" + "x" * (LONGEST - 2)
    assert entry.caret == LONGEST


def test_a_slider_moves_by_steps_and_stays_between_its_ends() -> None:
    slide = Slide(10, low=0, high=60, step=5)
    slide.to_share(0.52)
    assert slide.value == 30
    assert slide.share == 0.5
    assert slide.hear(key(pygame.K_RIGHT))
    assert slide.value == 35
    slide.to_share(7)
    slide.hear(key(pygame.K_UP))
    assert slide.value == 60
    slide.hear(key(pygame.K_PAGEDOWN))
    assert slide.value == 10
    slide.hear(key(pygame.K_HOME))
    assert slide.value == 0
    assert not slide.hear(key(pygame.K_RETURN))
    assert Slide(1, 1, 1).share == 0


def test_a_list_keeps_the_chosen_row_in_sight() -> None:
    scroll = Scroll()
    assert scroll.fit(100, 10) == range(10)
    scroll.by(95)
    assert scroll.fit(100, 10) == range(90, 100)
    scroll.by(-500)
    for _ in range(12):
        scroll.hear(key(pygame.K_DOWN))
    assert scroll.chosen == 11
    assert scroll.fit(100, 10) == range(2, 12)
    scroll.hear(key(pygame.K_END))
    assert scroll.fit(100, 10) == range(90, 100)
    scroll.hear(key(pygame.K_PAGEUP))
    assert (scroll.chosen, scroll.top) == (89, 89)
    assert scroll.fit(4, 10) == range(4), "the list became shorter"
    assert scroll.chosen == 3
    assert not Scroll().hear(key(pygame.K_DOWN))
