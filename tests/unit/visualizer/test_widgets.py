"""Widgets as they are drawn: states, what a click on them means, and a steady frame that makes nothing new."""

from __future__ import annotations

from typing import Any

import pygame
import pytest
from gallery import Gallery
from pygame import Rect
from pygame.event import Event

from visualizer.drawing import overlays
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll, Slide, TextEntry
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.widgets import Widgets
from visualizer.palette import DARK, THEMES, ThemeName
from visualizer.words import Language


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(pygame.Surface((400, 300)), DARK, Lettering())


def drawn(canvas: Canvas, widgets: Widgets, **more: Any) -> bytes:
    """One button on a clean ground, as pixels."""
    canvas.fill(DARK.background)
    widgets.begin(canvas)
    widgets.button("go", Rect(20, 20, 120, 30), "Go", "go", **more)
    widgets.end()
    return pygame.image.tobytes(canvas.surface, "RGB")


def test_a_button_shows_its_states(canvas: Canvas) -> None:
    widgets = Widgets()
    rest = drawn(canvas, widgets)
    widgets.hear(Event(pygame.MOUSEMOTION, pos=(30, 30), rel=(0, 0), buttons=(0, 0, 0)))
    drawn(canvas, widgets)
    hot = drawn(canvas, widgets)
    widgets.hear(Event(pygame.MOUSEBUTTONDOWN, pos=(30, 30), button=1))
    pressed = drawn(canvas, widgets)
    assert widgets.hear(Event(pygame.MOUSEBUTTONUP, pos=(30, 30), button=1)).action == "go"
    widgets.hear(Event(pygame.MOUSEMOTION, pos=(300, 200), rel=(0, 0), buttons=(0, 0, 0)))
    drawn(canvas, widgets)
    assert drawn(canvas, widgets) == rest
    widgets.move_focus(1)
    focus = drawn(canvas, widgets)
    widgets.focus_on(None)
    looks = [
        rest,
        hot,
        pressed,
        focus,
        drawn(canvas, widgets, is_enabled=False),
        drawn(canvas, widgets, look="primary"),
    ]
    assert len(set(looks)) == len(looks)


def test_a_disabled_button_cannot_be_pressed_or_reached(canvas: Canvas) -> None:
    widgets = Widgets()
    drawn(canvas, widgets, is_enabled=False)
    assert widgets.action_at((30, 30)) is None
    widgets.move_focus(1)
    assert widgets.focus is None


def test_chips_follow_each_other(canvas: Canvas) -> None:
    widgets = Widgets()
    widgets.begin(canvas)
    first = widgets.chip("1", (10, 10), "Locations", ("layer", 1), is_on=True, key="1")
    second = widgets.chip("2", (first.right + 8, 10), "热力", ("layer", 2), key="2")
    widgets.end()
    assert first.h == second.h == 22
    assert widgets.action_at(first.center) == ("layer", 1)
    assert widgets.action_at(second.center) == ("layer", 2)
    assert widgets.action_at((first.right + 4, 15)) is None


def test_rows_are_pressed_one_by_one_and_only_those_in_sight(canvas: Canvas) -> None:
    widgets, scroll, asked = Widgets(), Scroll(top=7), list[int]()

    def draw(row: int, where: Rect, is_hot: bool) -> None:
        asked.append(row)
        canvas.text(str(row), where.center)

    widgets.begin(canvas)
    widgets.rows("list", Rect(10, 10, 100, 105), scroll, 30, 20, draw, lambda row: ("row", row))
    widgets.end()
    assert asked == [7, 8, 9, 10, 11]
    assert widgets.action_at((20, 15)) == ("row", 7)
    assert widgets.action_at((20, 95)) == ("row", 11)
    widgets.move_focus(1)
    for _ in range(3):
        widgets.hear(Event(pygame.KEYDOWN, key=pygame.K_DOWN, mod=0, unicode=""))
    widgets.begin(canvas)
    widgets.rows("list", Rect(10, 10, 100, 105), scroll, 30, 20, draw, lambda row: ("row", row))
    widgets.end()
    assert widgets.hear(Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="")).action == ("row", 2)


def test_a_slider_and_a_field_are_reached_by_the_mouse(canvas: Canvas) -> None:
    widgets, slide, entry = Widgets(), Slide(0, 0, 100, 1), TextEntry()
    entry.put("a text that is far longer than the field it stands in, with its caret at the end")
    widgets.begin(canvas)
    widgets.slider("speed", Rect(10, 10, 200, 20), slide, "speed")
    widgets.text_field("find", Rect(10, 50, 120, 30), entry, "found", prompt="find")
    widgets.end()
    assert widgets.hear(Event(pygame.MOUSEBUTTONDOWN, pos=(110, 20), button=1)).action == "speed"
    assert slide.value == 50
    widgets.hear(Event(pygame.MOUSEBUTTONUP, pos=(110, 20), button=1))
    widgets.hear(Event(pygame.MOUSEBUTTONDOWN, pos=(20, 60), button=1))
    assert widgets.is_typing


def test_the_caret_stays_in_sight(canvas: Canvas) -> None:
    widgets, entry = Widgets(), TextEntry()
    entry.put("W" * 60)
    for caret in (0, 30, 60):
        entry.caret = caret
        for _ in range(2):
            canvas.fill(DARK.panel)
            widgets.begin(canvas)
            widgets.text_field("find", Rect(10, 50, 120, 30), entry, "found")
            widgets.focus_on("find")
            widgets.end()
        column = [x for x in range(10, 131) if canvas.surface.get_at((x, 57))[:3] == DARK.text]
        assert column, f"no caret at {caret}"


def test_the_end_of_a_long_line_is_seen_while_it_is_typed(canvas: Canvas) -> None:
    widgets, entry = Widgets(), TextEntry()
    entry.put("." * 100 + "HHH")
    canvas.fill(DARK.panel)
    widgets.begin(canvas)
    widgets.text_field("find", Rect(10, 50, 120, 30), entry, "found")
    widgets.end()
    above_the_dots = [x for x in range(20, 120) if canvas.surface.get_at((x, 63))[:3] != DARK.background]
    assert len(above_the_dots) > 5


def test_a_dialog_is_as_high_as_it_needs_and_hides_what_is_behind(canvas: Canvas) -> None:
    widgets = Widgets()
    widgets.begin(canvas)
    widgets.button("behind", Rect(0, 0, 400, 300), "behind", "behind")
    place = Rect(20, 10, 360, 280)
    choices = [overlays.Choice("Cancel", "no"), overlays.Choice("OK", "yes", "primary", "Enter")]
    room = overlays.dialog(widgets, place, "Title", "One sentence.", choices, room_h=40)
    widgets.end()
    assert room.h == 40
    found = {widgets.action_at((x, y)) for x in range(0, 400, 5) for y in range(0, 300, 3)}
    assert found == {None, "no", "yes"}
    foot = max(y for y in range(300) if widgets.action_at((350, y)) == "yes")
    assert foot < 280, "not as high as its place"
    assert widgets.hear(Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="\r")).action == "yes", (
        "the primary one"
    )
    widgets.move_focus(1)
    assert widgets.hear(Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="\r")).action == "no"


def test_a_tip_waits_and_stays_inside(canvas: Canvas) -> None:
    widgets = Widgets()
    widgets.hear(Event(pygame.MOUSEMOTION, pos=(395, 295), rel=(0, 0), buttons=(0, 0, 0)))
    seen = []
    for now_ms in (0, 100, overlays.TIP_AFTER_MS):
        canvas.fill(DARK.background)
        widgets.begin(canvas)
        widgets.button("b", Rect(360, 270, 40, 30), "", "b", sign="play", tip="run, pause")
        before = canvas.lettering.rendered
        widgets.end(now_ms)
        overlays.tip(widgets, now_ms)
        seen.append(canvas.lettering.rendered > before)
    assert seen == [False, False, True]
    for pointer in ((395, 295), (5, 295), (395, 5), (200, 150)):
        bubble = overlays.bubble(widgets, "run, pause", pointer)
        assert canvas.surface.get_rect().contains(bubble)
        assert not bubble.collidepoint(pointer), "it never hides what it speaks of"


@pytest.mark.parametrize(
    ("theme", "language", "scale"), [("dark", "en", 1.0), ("light", "zh", 1.5), ("dark", "zh", 2.0)]
)
def test_a_steady_frame_makes_no_text_and_no_sign(theme: ThemeName, language: Language, scale: float) -> None:
    canvas = Canvas(pygame.Surface((round(1240 * scale), round(660 * scale))), THEMES[theme], Lettering(scale))
    widgets, gallery = Widgets(), Gallery()
    gallery.draw(widgets, canvas, language)
    first = pygame.image.tobytes(canvas.surface, "RGB")
    made = canvas.lettering.rendered, canvas.signs.made
    gallery.draw(widgets, canvas, language)
    assert (canvas.lettering.rendered, canvas.signs.made) == made
    assert pygame.image.tobytes(canvas.surface, "RGB") == first
    assert made[0] > 60


def test_a_click_into_a_field_or_beside_the_rows_of_a_list_asks_for_nothing(canvas: Canvas) -> None:
    widgets, entry, scroll = Widgets(), TextEntry(), Scroll(chosen=0)

    def draw() -> None:
        widgets.begin(canvas)
        widgets.text_field("find", Rect(10, 10, 120, 30), entry, "found")
        widgets.rows("list", Rect(10, 50, 120, 90), scroll, 2, 20, lambda *_: None, lambda n: f"row {n}")
        widgets.end()

    draw()
    for at, wanted in (((20, 20), None), ((20, 130), None), ((20, 55), "row 0")):
        widgets.hear(Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1))
        draw()
        assert widgets.hear(Event(pygame.MOUSEBUTTONUP, pos=at, button=1)).action == wanted


def test_what_scrolls_as_a_whole_is_not_painted_over_under_the_pointer(canvas: Canvas) -> None:
    from visualizer.overlaid.help import Help
    from visualizer.places import lay_out

    places, help_ = lay_out((400, 300)), Help()
    seen = []
    for pointer in ((-1, -1), (200, 150)):
        widgets = Widgets()
        widgets.pointer = pointer
        for _ in range(2):
            canvas.fill(DARK.background)
            widgets.begin(canvas)
            help_.draw(widgets, places, "en")
            widgets.end(0)
        seen.append(pygame.image.tobytes(canvas.surface, "RGB"))
    assert seen[0] == seen[1]
    widgets.hear(Event(pygame.MOUSEWHEEL, y=-1, x=0))
    assert help_.scroll.top == 3
