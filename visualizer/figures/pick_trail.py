"""Every confirmed pick followed by the book from tote to carton to lane to trailer, as facts come in.

A fact of a handling unit serves the picks that wait for it: the next one after them, else, where the book heard late,
the one before. So a pick may find its carton staged already, and may be told another place once a later fact comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from twin.events.columns import MISSING
from visualizer.figures.order_lines import DEPARTED, LOADED, PACKED, STAGED, Line, Pick

Told = tuple[Any, ...]
"""Facts of one thing, in order: number and what it says (a time, a trailer, a carton), number and what it says, ..."""


PICKS_AT_ONCE = 512


class PickTrail:
    """Takes the book's facts in order; calls `changed` with each line of which a pick was staged or left."""

    def __init__(self, changed: Callable[[Line], None]) -> None:
        self._changed = changed
        self._closed: dict[str, Told] = {}
        self._staged: dict[str, Told] = {}
        self._loaded: dict[str, Told] = {}
        self._departed: dict[str, Told] = {}
        self._unpacked: dict[str, list[Pick]] = defaultdict(list)
        self._unstaged: dict[str, list[Pick]] = defaultdict(list)
        self._unloaded: dict[str, list[Pick]] = defaultdict(list)
        self._undeparted: dict[str, list[Pick]] = defaultdict(list)

    def picked(self, seq: int, tote: str, pick: Pick) -> None:
        """Units were confirmed as picked into a tote."""
        self._unpacked[tote].append(pick)
        closings = self._closed.get(tote)
        if closings:
            self._place(pick, closings[-1], closings[-2])
        else:
            self._place(pick, tote, seq)

    def closed(self, seq: int, tote: str, unit: str) -> None:
        """The contents of a tote went into a carton."""
        self._closed[tote] = (*self._closed.get(tote, ()), seq, unit)
        for pick in self._unpacked.pop(tote, ()):
            pick.waits &= ~PACKED
            self._place(pick, unit, seq)
        for waiting in (self._unstaged, self._unloaded):
            left = [pick for pick in waiting.pop(tote, ()) if pick.unit == tote]
            if left:
                waiting[tote] = left

    def staged(self, seq: int, at_ms: int, unit: str) -> None:
        """A handling unit stands in its lane."""
        self._staged[unit] = (*self._staged.get(unit, ()), seq, at_ms)
        for pick in self._unstaged.pop(unit, ()):
            if pick.unit == unit:
                pick.staged_ms = at_ms
                pick.waits &= ~STAGED
                self._changed(pick.line)

    def loaded(self, seq: int, unit: str, trailer: str) -> None:
        """A handling unit was loaded."""
        self._loaded[unit] = (*self._loaded.get(unit, ()), seq, trailer)
        for pick in self._unloaded.pop(unit, ()):
            if pick.unit == unit:
                pick.waits &= ~LOADED
                self._board(pick, seq, trailer)

    def departed(self, seq: int, at_ms: int, trailer: str) -> None:
        """A trailer left with what it carries."""
        for _ in self.departing(seq, at_ms, trailer):
            pass

    def departing(self, seq: int, at_ms: int, trailer: str) -> Iterator[None]:
        """As `departed`, bit by bit: a trailer carries thousands of picks. No other facts before it is done."""
        self._departed[trailer] = (*self._departed.get(trailer, ()), seq, at_ms)
        for n, pick in enumerate(self._undeparted.pop(trailer, ()), 1):
            if n % PICKS_AT_ONCE == 0:
                yield
            if pick.trailer == trailer:
                pick.departed_ms = at_ms
                pick.waits &= ~DEPARTED
                self._changed(pick.line)

    def _place(self, pick: Pick, unit: str, seq: int) -> None:
        """A pick is in or on `unit` since the fact `seq`."""
        pick.unit, pick.unit_seq = unit, seq
        pick.waits |= STAGED | LOADED
        _, staged_ms, follows = _met(self._staged.get(unit, ()), seq)
        if staged_ms != pick.staged_ms:
            pick.staged_ms = staged_ms
            self._changed(pick.line)
        if follows:
            pick.waits &= ~STAGED
        else:
            self._unstaged[unit].append(pick)
        loaded_seq, trailer, follows = _met(self._loaded.get(unit, ()), seq, "")
        if follows:
            pick.waits &= ~LOADED
        else:
            self._unloaded[unit].append(pick)
        self._board(pick, loaded_seq, trailer)

    def _board(self, pick: Pick, seq: int, trailer: str) -> None:
        """A pick is on a trailer since the fact `seq`; on none if that has no name."""
        pick.trailer, pick.loaded_seq = trailer, seq
        pick.waits |= DEPARTED
        _, departed_ms, follows = _met(self._departed.get(trailer, ()), seq)
        if departed_ms != pick.departed_ms:
            pick.departed_ms = departed_ms
            self._changed(pick.line)
        if follows:
            pick.waits &= ~DEPARTED
        elif trailer:
            self._undeparted[trailer].append(pick)


def _met(told: Told, seq: int, nothing: Any = MISSING) -> tuple[int, Any, bool]:
    """The first fact after `seq`, else the last before it: its number, what it says, and whether it comes after."""
    for at in range(0, len(told), 2):
        if told[at] > seq:
            return told[at], told[at + 1], True
    return (told[-2], told[-1], False) if told else (MISSING, nothing, False)
