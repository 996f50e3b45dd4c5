"""Numbers and times as they are written on the screen: 24 hours, a true minus, thousands apart, units always there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from visualizer.words import Language, say

MINUS: Final = "\N{MINUS SIGN}"
GAP: Final = "\N{NO-BREAK SPACE}"
"""Between thousands; narrow enough in our font, which has no thin space."""

NOTHING: Final = "–"
"""Stands for a figure that is undefined."""

_DAY_S = 86_400
_ELAPSED = re.compile(r"\+?(?=\d)(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?")
_CLOCK = re.compile(r"(?:(\d+)\s*[dD]\s*)?(\d{1,2}):(\d{2})(?::(\d{2}))?")
_CLOCK_ZH = str.maketrans({"：": ":", "＋": "+"})


def number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """A number with its thousands apart; `signed` writes the plus too, for changes. None is a dash."""
    if value is None or value != value:
        return NOTHING
    text = f"{abs(value):,.{digits}f}".replace(",", GAP)
    is_zero = not text.strip("0.," + GAP)
    if value < 0 and not is_zero:
        return MINUS + text
    return f"+{text}" if signed and not is_zero else text


def percent(share: float | None, digits: int = 1, *, signed: bool = False) -> str:
    """A share of 0 to 1 as `93.6%`."""
    return NOTHING if share is None else number(share * 100, digits, signed=signed) + "%"


def points(share: float | None, language: Language, digits: int = 1) -> str:
    """A change of a share, in percentage points."""
    return NOTHING if share is None else say("unit.points", language, n=number(share * 100, digits, signed=True))


def clock(at_ms: int, start: datetime, *, seconds: bool = True) -> str:
    """The time of day, `10:45:41`."""
    return f"{start + timedelta(milliseconds=at_ms):%H:%M:%S}"[: 8 if seconds else 5]


def day(at_ms: int, start: datetime, language: Language) -> str:
    """Which day of the run it is, from 1, and its weekday."""
    now = start + timedelta(milliseconds=at_ms)
    nth = (now.date() - start.date()).days + 1
    return say("top.day", language, day=nth, weekday=say(f"weekday.{now.weekday()}", language))


def lasting(duration_ms: float, *, hours: bool | None = None) -> str:
    """How long something takes or took: `03:31`, from an hour on `1:03:31`."""
    sign = MINUS if duration_ms <= -500 else ""
    total_s = round(abs(duration_ms) / 1000)
    h, rest = divmod(total_s, 3600)
    m, s = divmod(rest, 60)
    return f"{sign}{h}:{m:02}:{s:02}" if (h if hours is None else hours) else f"{sign}{m:02}:{s:02}"


def minutes(duration_ms: float | None, language: Language, digits: int = 1) -> str:
    """A time in minutes with the unit, `38.4 min`."""
    return NOTHING if duration_ms is None else say("unit.min", language, n=number(duration_ms / 60_000, digits))


def speed(factor: float) -> str:
    """A speed against real time without its sign: `60`, `0.5`, `212`."""
    return number(factor, 0 if factor >= 10 or factor == int(factor) else 1)


def time_typed(text: str, start: datetime, now_ms: int = 0) -> int | None:
    """What a person means by `10:45`, `10:45:41`, `2d 07:30`, `2h30m` or `+90s`; None if nothing.

    `2d07:30` is on the second day; a clock time without a day is of the day that `now_ms` lies in. `2h30m` counts from
    the start.
    """
    text = text.strip().translate(_CLOCK_ZH)
    found = _CLOCK.fullmatch(text)
    if found:
        nth, h, m, s = (int(g) if g else None for g in found.groups())
        if h is None or h > 23 or m is None or m > 59 or (s or 0) > 59 or nth == 0:
            return None
        days = (start + timedelta(milliseconds=now_ms)).date() - start.date() if nth is None else timedelta(nth - 1)
        wanted = datetime.combine(start.date() + days, datetime.min.time()) + timedelta(
            hours=h, minutes=m, seconds=s or 0
        )
        return round((wanted - start).total_seconds() * 1000)
    found = _ELAPSED.fullmatch(text)
    if found and any(found.groups()):
        h, m, s = (int(g or 0) for g in found.groups())
        return (h * 3600 + m * 60 + s) * 1000
    return None
