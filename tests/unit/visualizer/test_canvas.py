"""Shapes and words on a surface: where they stand, and that a steady frame makes no new picture."""

from __future__ import annotations

import pygame
import pytest
from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.lettering import BODY, CLOCK, LABEL, TITLE, VALUE, Lettering
from visualizer.drawing.signs import SIGNS, Signs
from visualizer.palette import DARK

GROUND, INK = DARK.background, DARK.text


@pytest.fixture
def canvas() -> Canvas:
    made = Canvas(pygame.Surface((200, 120)), DARK, Lettering())
    made.fill(GROUND)
    return made


def inked(surface: pygame.Surface) -> Rect:
    """The smallest rectangle around all that differs from the ground."""
    mask = pygame.mask.from_threshold(surface, (*GROUND, 255), (1, 1, 1, 255))
    mask.invert()
    found = mask.get_bounding_rects()
    return found[0].unionall(found[1:]) if found else Rect(0, 0, 0, 0)


def pixel(canvas: Canvas, x: int, y: int) -> tuple[int, ...]:
    return tuple(canvas.surface.get_at((x, y)))[:3]


@pytest.mark.parametrize("name", SIGNS)
def test_each_sign_is_drawn_in_the_middle_of_its_square(canvas: Canvas, name: str) -> None:
    canvas.sign(name, (100, 60), 32, INK)
    box = inked(canvas.surface)
    assert Rect(84, 44, 32, 32).contains(box)
    assert box.w >= 16 or box.h >= 16
    assert abs(box.centery - 60) <= 4


def test_hollow_signs_have_a_hole(canvas: Canvas) -> None:
    for n, name in enumerate(("circle_hollow", "diamond_hollow", "square_hollow", "triangle_hollow")):
        canvas.sign(name, (25 + 40 * n, 60), 32, INK)
        assert pixel(canvas, 25 + 40 * n, 62) == GROUND, name


def test_pictures_of_signs_are_kept_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = Signs()
    for _ in range(3):
        signs.picture("play", 14, INK)
        signs.corner(6, INK)
    assert signs.made == 5, "one sign, four corners"
    monkeypatch.setattr("visualizer.drawing.signs.KEPT", 20)
    for side in range(10, 90):
        signs.picture("play", side, INK)
    assert len(signs._kept) == 20


@pytest.mark.parametrize("width", [0, 2])
def test_a_rounded_rectangle_fills_its_place_but_for_the_corners(canvas: Canvas, width: int) -> None:
    rect = Rect(20, 30, 101, 41)
    canvas.rect(rect, INK, 8, width)
    assert inked(canvas.surface) == rect
    for corner in ((20, 30), (120, 30), (120, 70), (20, 70)):
        assert pixel(canvas, *corner) == GROUND
    for edge in ((70, 30), (70, 70), (20, 50), (120, 50)):
        assert pixel(canvas, *edge) == INK
    assert pixel(canvas, 70, 50) == (GROUND if width else INK)


def test_a_radius_is_never_more_than_half_the_height(canvas: Canvas) -> None:
    canvas.rect(Rect(20, 30, 100, 10), INK, 400)
    assert inked(canvas.surface) == Rect(20, 30, 100, 10)
    canvas.rect(Rect(20, 60, 0, 10), INK, 4)


def test_words_stand_where_they_are_told(canvas: Canvas) -> None:
    left = canvas.text("等待 42", (50, 60), LABEL)
    assert left.x == 50
    assert abs(inked(canvas.surface).centery - 60) <= 1, "in the middle of the line by eye"
    right = canvas.text("等待 42", (50, 60), LABEL, align="right")
    assert right.right == 50
    middle = canvas.text("等待 42", (50, 60), LABEL, align="centre")
    assert abs(middle.centerx - 50) <= 1
    assert canvas.text("", (5, 5)).w == 0


@pytest.mark.parametrize("size", [BODY, LABEL, TITLE, VALUE, CLOCK])
def test_a_line_of_any_size_is_in_the_middle_by_eye(canvas: Canvas, size: int) -> None:
    canvas.text("H中", (50, 60), size, INK)  # type: ignore[arg-type]
    assert abs(inked(canvas.surface).centery - 60) <= 1


def test_words_of_two_sizes_share_a_base_line() -> None:
    feet = []
    for size in (VALUE, BODY):
        canvas = Canvas(pygame.Surface((200, 120)), DARK, Lettering())
        canvas.fill(GROUND)
        canvas.text("HE", (10, 60), size, upright="baseline")  # type: ignore[arg-type]
        feet.append(inked(canvas.surface).bottom)
    assert feet[0] == feet[1]


def test_words_are_cut_to_their_room(canvas: Canvas) -> None:
    assert canvas.text("a name that is far too long", (10, 60), BODY, room=60).w <= 60


def test_a_paragraph_stays_in_its_rectangle_and_shows_that_it_is_cut(canvas: Canvas) -> None:
    rect = Rect(10, 10, 120, 40)
    below = canvas.lines("the run can no longer be read: the file ends in the middle of a line", rect)
    assert below <= rect.bottom
    assert rect.inflate(0, 4).contains(inked(canvas.surface))
    shown = [text for text, *_ in canvas.lettering._pictures]
    assert shown[-1].endswith("…")
    assert canvas.lines("short", rect) == rect.y + canvas.lettering.height(BODY)


def test_nothing_is_drawn_outside_a_clip(canvas: Canvas) -> None:
    with canvas.clip(Rect(0, 0, 50, 50)), canvas.clip(Rect(40, 40, 50, 50)):
        canvas.fill(INK)
    assert inked(canvas.surface) == Rect(40, 40, 10, 10)
    assert canvas.surface.get_clip() == canvas.surface.get_rect()


def test_dashes_have_gaps_and_run_on_around_a_corner(canvas: Canvas) -> None:
    canvas.dashes([(10, 10), (26, 10), (26, 40)], INK, dash=8, gap=4)
    row = "".join("x" if pixel(canvas, x, 10) == INK else "." for x in range(10, 26))
    assert row in ("xxxxxxxx....xxxx", "xxxxxxxxx...xxxx"), "an end point may be drawn too"
    column = "".join("x" if pixel(canvas, 26, y) == INK else "." for y in range(10, 30))
    assert column in ("xxxx....xxxxxxxx....", "xxxxx...xxxxxxxxx..."), "the second dash goes on around the corner"


def test_the_same_pens_on_another_surface_share_what_is_kept(canvas: Canvas) -> None:
    canvas.text("kept", (1, 10))
    canvas.sign("play", (50, 50), 14, INK)
    other = canvas.onto(pygame.Surface((50, 50)))
    other.text("kept", (1, 10))
    other.sign("play", (20, 20), 14, INK)
    assert canvas.lettering.rendered == 1
    assert canvas.signs.made == 1


def test_lengths_take_the_scale_and_a_line_is_never_lost() -> None:
    canvas = Canvas(pygame.Surface((10, 10)), DARK, Lettering(1.5))
    assert [canvas.px(n) for n in (0, 0.2, 1, 11)] == [0, 1, 2, 16]


@pytest.mark.parametrize("has_window", [False, True])
def test_a_veil_lets_what_is_below_shine_through(canvas: Canvas, has_window: bool) -> None:
    if has_window:
        canvas.surface = pygame.display.set_mode((200, 120))
    canvas.fill(GROUND)
    canvas.fill(INK, Rect(0, 0, 20, 20))
    canvas.veil(Rect(0, 0, 20, 20), GROUND, 128)
    assert GROUND[0] + 50 < pixel(canvas, 5, 5)[0] < INK[0] - 50
    canvas.card(Rect(30, 30, 40, 20), DARK.panel, INK, 8)
    assert (pixel(canvas, 50, 40), pixel(canvas, 50, 30), pixel(canvas, 30, 30)) == (DARK.panel, INK, GROUND)
    canvas.text("x", (100, 60), colour=INK)
    pygame.display.quit()
    pygame.display.init()


def test_a_large_card_is_drawn_like_a_small_one(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    rect, looks = Rect(20, 20, 120, 60), []
    for limit in (60_000, 0):
        monkeypatch.setattr("visualizer.drawing.canvas.CARD_PIXELS", limit)
        canvas.fill(GROUND)
        canvas.card(rect, DARK.panel, INK, 8)
        looks.append(
            [pixel(canvas, *p) for p in ((80, 50), (80, 20), (20, 50), (139, 50), (80, 79), (20, 20), (24, 40))]
        )
    assert looks[0] == looks[1]
    assert looks[0][:2] == [DARK.panel, INK]
