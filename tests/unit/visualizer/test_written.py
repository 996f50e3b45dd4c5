"""How numbers and times are written, and what a person may type for a time."""

from __future__ import annotations

from datetime import datetime

import pytest

from visualizer.drawing.lettering import missing_glyphs
from visualizer.drawing.written import clock, day, lasting, minutes, number, percent, points, speed, time_typed

START = datetime(2026, 3, 6, 6, 0)  # a Friday
H, M, S = 3_600_000, 60_000, 1000


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1284, 0, False, "1 284"), (1234567.891, 2, False, "1 234 567.89"), (-0.8, 1, False, "−0.8"),
        (6, 1, True, "+6.0"), (-6, 1, True, "−6.0"), (0, 1, True, "0.0"), (-0.04, 1, True, "0.0"),
        (None, 0, False, "–"),
        (float("nan"), 0, False, "–"), (999.6, 0, False, "1 000"),
    ],
)  # fmt: skip
def test_numbers(value: float | None, digits: int, signed: bool, text: str) -> None:
    written = number(value, digits, signed=signed)
    assert written.replace("\N{NO-BREAK SPACE}", " ") == text
    assert "-" not in written, "minus is U+2212"
    assert not missing_glyphs(written)


def test_shares_and_changes() -> None:
    assert percent(0.936) == "93.6%"
    assert percent(None) == "–"
    assert points(-0.022, "en") == "−2.2 pp"
    assert points(0.01, "zh", 0) == "+1 个百分点"
    assert minutes(38.4 * M, "en") == "38.4 min"
    assert minutes(None, "zh") == "–"
    assert [speed(s) for s in (1, 60, 0.5, 212.4, 2.25)] == ["1", "60", "0.5", "212", "2.2"]


def test_times() -> None:
    assert clock(4 * H + 45 * M + 41 * S, START) == "10:45:41"
    assert clock(20 * H, START, seconds=False) == "02:00"
    assert clock(-1, START) == "05:59:59"
    assert day(0, START, "en") == "Day 1 Fri"
    assert day(20 * H, START, "zh") == "第 2 天 周六"
    assert [lasting(t) for t in (211_000, 0, 59_600, H + 211_000, -90_000, -400)] == [
        "03:31", "00:00", "01:00", "1:03:31", "−01:30", "00:00",
    ]  # fmt: skip
    assert lasting(211_000, hours=True) == "0:03:31"


@pytest.mark.parametrize(
    ("typed", "at_ms"),
    [
        ("10:45:41", 4 * H + 45 * M + 41 * S), ("10:45", 4 * H + 45 * M), ("10：45", 4 * H + 45 * M), (" 6:00 ", 0),
        ("05:00", -H), ("2d 07:30", 25 * H + 30 * M), ("2d07:30", 25 * H + 30 * M),
        ("2h30m", 2 * H + 30 * M), ("+2h30m", 2 * H + 30 * M),
        ("90s", 90 * S), ("5min", 5 * M), ("1h", H), ("25:00", None), ("10:60", None), ("0d 10:00", None), ("", None),
        ("+", None), ("noon", None), ("10", None), ("1h30", None),
    ],
)  # fmt: skip
def test_a_time_is_typed_as_clock_or_elapsed(typed: str, at_ms: int | None) -> None:
    assert time_typed(typed, START) == at_ms


def test_a_clock_time_is_of_the_day_on_the_screen() -> None:
    assert time_typed("07:00", START, now_ms=20 * H) == 25 * H
    assert time_typed("1d 07:00", START, now_ms=20 * H) == H
