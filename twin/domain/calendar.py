"""The clock of a world: whole milliseconds from the scenario's start, in local wall time without daylight saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY_MS = 86_400_000


def ms(seconds: float) -> int:
    """Seconds as whole milliseconds, rounded half to even."""
    return round(seconds * 1000)


def mm(metres: float) -> int:
    """Metres as whole millimetres, rounded half to even."""
    return round(metres * 1000)


def clock_ms(clock: str) -> int:
    """`HH:MM[:SS]` as milliseconds from midnight; 24:00 is the next one."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return ((hours * 60 + minutes) * 60 + (seconds[0] if seconds else 0)) * 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns local times into milliseconds from `start` and back; days count midnights from the date of `start`."""

    start: datetime

    @property
    def start_of_day_ms(self) -> int:
        """Milliseconds from the midnight before the start to the start."""
        s = self.start
        return ((s.hour * 60 + s.minute) * 60 + s.second) * 1000 + s.microsecond // 1000

    def at_ms(self, clock: str, day: int = 0) -> int:
        """When a clock time of a day is."""
        return day * DAY_MS + clock_ms(clock) - self.start_of_day_ms

    def day_of(self, at_ms: int) -> int:
        """Midnights since the date of the start."""
        return (at_ms + self.start_of_day_ms) // DAY_MS

    def weekday(self, day: int) -> int:
        """Monday = 0."""
        return (self.start.weekday() + day) % 7

    def clock(self, at_ms: int) -> str:
        """`HH:MM:SS` of a moment."""
        seconds = (at_ms + self.start_of_day_ms) % DAY_MS // 1000
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    def stamp(self, at_ms: int) -> str:
        """A moment as ISO text."""
        return (self.start + timedelta(milliseconds=at_ms)).isoformat()

    def from_datetime(self, moment: datetime) -> int:
        """Milliseconds from the start to a local time."""
        return round((moment - self.start) / timedelta(milliseconds=1))

    def occurrences(self, clock: str, days: Sequence[int], from_ms: int, to_ms: int) -> list[int]:
        """All moments of a clock time on these weekdays (none: every day) in [from_ms, to_ms]."""
        first, last = self.day_of(from_ms) - 1, self.day_of(to_ms) + 1
        found = [self.at_ms(clock, d) for d in range(first, last + 1) if not days or self.weekday(d) in days]
        return [t for t in found if from_ms <= t <= to_ms]
