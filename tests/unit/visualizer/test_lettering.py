"""Rendered text: cached, bounded, cut to its room, with another font for a string that ours cannot show."""

from __future__ import annotations

import logging
from pathlib import Path

import pygame
import pytest

import twin
from visualizer.drawing import lettering as module
from visualizer.drawing.lettering import BODY, CAPTION, CLOCK, SIZES, VALUE, Lettering, font_path, fonts_folder, plain
from visualizer.palette import DARK

WHITE = DARK.text


def test_the_shipped_fonts_stand_with_their_licence() -> None:
    assert font_path(bold=True).is_file()
    assert font_path(bold=False).is_file()
    assert "SIL OPEN FONT LICENSE" in (fonts_folder() / "OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_of_an_installed_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin, "__file__", str(tmp_path / "twin" / "__init__.py"))
    assert fonts_folder() == tmp_path / "fonts"
    (tmp_path / "twin" / "shipped" / "fonts").mkdir(parents=True)
    assert fonts_folder() == tmp_path / "twin" / "shipped" / "fonts"


def test_a_steady_frame_renders_nothing() -> None:
    lettering = Lettering()
    words = [("等待", BODY), ("Waiting", BODY), ("10:45:41", CLOCK), ("等待", CAPTION)]
    first = [lettering.picture(text, size, WHITE) for text, size in words]
    assert lettering.rendered == 4
    again = [lettering.picture(text, size, WHITE) for text, size in words]
    assert lettering.rendered == 4
    assert all(a is b for a, b in zip(first, again, strict=True))
    lettering.picture("等待", BODY, DARK.bad)
    lettering.picture("等待", BODY, WHITE, bold=True)
    assert lettering.rendered == 6


def test_the_cache_is_bounded_and_keeps_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED", 10)
    lettering = Lettering()
    for n in range(50):
        lettering.picture("always", BODY, WHITE)
        lettering.picture(str(n), BODY, WHITE)
    assert lettering.rendered == 51
    assert len(lettering._pictures) == 10
    lettering.picture("0", BODY, WHITE)
    assert lettering.rendered == 52


@pytest.mark.parametrize("scale", [1, 1.25, 1.5, 2])
def test_sizes_are_whole_pixels_and_take_the_scale(scale: float) -> None:
    lettering = Lettering(scale)
    assert [lettering.pixels(size) for size in SIZES] == [round(size * scale) for size in SIZES]
    assert lettering.height(CLOCK) > lettering.height(CAPTION)
    assert lettering.width("拣货利用率", VALUE) == 5 * round(19 * scale)


def test_counters_do_not_jitter() -> None:
    lettering = Lettering()
    for bold in (False, True):
        assert len({lettering.width(d * 6, CLOCK, bold) for d in "0123456789"}) == 1


def test_long_text_is_cut_with_an_ellipsis() -> None:
    lettering = Lettering()
    assert lettering.cut("short", BODY, 200) == "short"
    cut = lettering.cut("a name that somebody made far too long", BODY, 100)
    assert cut.endswith("…")
    assert cut.startswith("a name")
    assert lettering.width(cut, BODY) <= 100
    assert lettering.cut("anything", BODY, 2) == ""


def test_lines_break_at_spaces_and_between_chinese_characters() -> None:
    lettering = Lettering()
    lines = lettering.lines("the run can no longer be read: the file ends in the middle", BODY, 150)
    assert len(lines) > 2
    assert all(lettering.width(line, BODY) <= 150 for line in lines)
    assert " ".join(lines) == "the run can no longer be read: the file ends in the middle"
    lines = lettering.lines("无法继续读取运行：文件在中间结束，请重新打开。", BODY, 100)
    assert len(lines) == 3
    assert "".join(lines) == "无法继续读取运行：文件在中间结束，请重新打开。"
    assert all(line[0] not in "，。：" for line in lines)
    assert lettering.lines("a\nb", BODY, 100) == ("a", "b")


def test_a_string_that_ours_lacks_falls_back_whole_and_is_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pygame.font.get_default_font()
    asked: list[str] = []

    def stand_in(absent: str, text: str) -> str:
        asked.append(text)
        return module._default_path()

    monkeypatch.setattr(module, "stand_in", stand_in)
    lettering = Lettering()
    with caplog.at_level(logging.WARNING, logger="visualizer.drawing.lettering"):
        drawn = lettering.picture("Kovač W-087", BODY, WHITE)
        lettering.picture("Kovač W-088", BODY, WHITE)
    assert drawn.get_width() == pygame.font.Font(module._default_path(), 12).size("Kovač W-087")[0]
    assert asked == ["Kovač W-087", "Kovač W-088"]
    assert [r.getMessage() for r in caplog.records] == [
        f"the shipped font has no glyph for 'č' in 'Kovač W-087'; drawn with: {other}"
    ]


def test_without_any_font_for_it_the_default_is_taken_and_said(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_of_the_system", lambda: ())
    with caplog.at_level(logging.WARNING, logger="visualizer.drawing.lettering"):
        assert Lettering().picture("Kovač", BODY, WHITE).get_width() > 0
    assert "no font of this system" in caplog.text


def test_a_font_of_the_system_is_taken_only_if_it_has_the_whole_string(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_of_the_system", lambda: (str(font_path(bold=False)), module._default_path()))
    assert module.stand_in("č", "Kovač") == module._default_path()
    assert module.stand_in("č", "č 拣货") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\tb\nc", "a b c"), ("a\x00b", "a?b"), ("\u202eevil", "?evil"), ("\ud800", "?"), ("张三 W-01", "张三 W-01")],
)
def test_names_from_files_may_hold_anything(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert Lettering().picture(text, BODY, WHITE).get_width() > 0
