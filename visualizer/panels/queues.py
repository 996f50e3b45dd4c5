"""The six longest waits: goods before stations, people before aisles, loads for a truck, orders past their time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, LABEL, TITLE
from visualizer.drawing.written import lasting, number
from visualizer.palette import Colour, Theme
from visualizer.panels.telling import short
from visualizer.store import Store
from visualizer.view import Selection
from visualizer.words import say

SHOWN: Final = 6
LOOK_BACK: Final = 20_000
"""Waits before aisles that are looked through for the beginning of a queue."""
LONG_MS: Final = 5 * 60_000
"""From this age on a wait is long, from three times it very long."""
Sort = Literal["station", "aisle", "door", "overdue"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Who waits where: how many, since when the first."""

    sort: Sort
    name: str
    count: int
    since_ms: int

    @property
    def selection(self) -> Selection | None:
        """What a click brings into the middle."""
        return None if self.sort == "overdue" else Selection(self.sort, self.name)


def waits_of(frame: Frame) -> list[Wait]:
    """All waits at the time drawn, the longest first; ties by name."""
    found = [*_stations(frame), *_aisles(frame), *_doors(frame), *_overdue(frame)]
    return sorted(found, key=lambda wait: (wait.since_ms, wait.sort, wait.name))


def _stations(frame: Frame) -> Iterator[Wait]:
    for station, queue in zip(frame.store.ground.stations, frame.moment.queues, strict=True):
        if queue.waiting > 0 and queue.since_ms is not None:
            yield Wait("station", station.name, queue.waiting, queue.since_ms)


def _aisles(frame: Frame) -> Iterator[Wait]:
    store, moment = frame.store, frame.moment
    for aisle in np.flatnonzero(moment.waiting > 0).tolist():
        since_ms = _waited_since(store, aisle, moment.row, int(moment.waiting[aisle]))
        yield Wait("aisle", store.ground.aisles[aisle].name, int(moment.waiting[aisle]), since_ms)


def _waited_since(store: Store, aisle: int, row: int, waiting: int) -> int:
    """Since when somebody has stood before an aisle without a gap: back to where nobody did."""
    rows = store.waiting.row.values
    end = int(np.searchsorted(rows, row, side="right"))
    start = max(end - LOOK_BACK, 0)
    mine = start + np.flatnonzero(store.waiting.entity.values[start:end] == aisle)
    before = waiting - np.cumsum(store.waiting.change.values[mine][::-1])
    empty = np.flatnonzero(before <= 0)
    first = mine[::-1][empty[0]] if len(empty) else (mine[0] if len(mine) else end - 1)
    return int(store.at_ms[rows[first]])


def _doors(frame: Frame) -> Iterator[Wait]:
    """Loads in the lane of a door where a truck stands, since it docked."""
    ground, store = frame.store.ground, frame.store
    last = store.door.at(frame.moment.row)
    for door, trailer in enumerate(frame.moment.trailers):
        lane = ground.lane_of.get(ground.doors[door].lane or "", -1)
        staged = int(frame.moment.staged[lane]) if lane >= 0 else 0
        if trailer is not None and staged > 0:
            docked = store.door.row.values[int(last[door])]
            yield Wait("door", ground.doors[door].name, staged, int(store.at_ms[docked]))


def _overdue(frame: Frame) -> Iterator[Wait]:
    if frame.series is None:
        return
    at = np.array([min(frame.at_ms, frame.series.known_ms)])
    count, since = (int(frame.series.ledgers.orders.open.at(c, at)[0]) for c in ("overdue", "overdue_since_ms"))
    if count:
        yield Wait("overdue", "", count, since)


class Queues:
    """The panel."""

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Title and six rows: what, a bar as long as the wait, how many, how long."""
        theme, language = canvas.theme, frame.language
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, canvas.px(1)))
        left, right, middle = rect.x + canvas.px(18), rect.right - canvas.px(18), rect.y + canvas.px(20)
        canvas.text(say("queues.title", language), (left, middle), TITLE, bold=True)
        waits = waits_of(frame)
        note = say("queues.by_wait", language)
        if len(waits) > SHOWN:
            note = f"{note} · {say('queues.more', language, count=len(waits) - SHOWN)}"
        canvas.text(note, (right, middle), BODY, theme.text_3, align="right")
        top, hits = rect.y + canvas.px(36), list[Hit]()
        step = min((rect.bottom - canvas.px(8) - top) // SHOWN, canvas.px(24))
        if not waits:
            canvas.text(say("queues.none", language), (left, top + step // 2), BODY, theme.text_3)
        queued = [wait for wait in waits if wait.sort != "overdue"] or waits
        longest_ms = max((frame.at_ms - wait.since_ms for wait in queued), default=0)
        for n, wait in enumerate(waits[:SHOWN]):
            row = Rect(left, top + n * step, right - left, step)
            self._row(canvas, row, wait, frame, longest_ms)
            if wait.selection is not None:
                hits.append(Hit(row, "centre", wait.selection, _named(wait, frame)))
        return hits

    def _row(self, canvas: Canvas, row: Rect, wait: Wait, frame: Frame, longest_ms: int) -> None:
        theme, y = canvas.theme, row.centery
        age_ms = frame.at_ms - wait.since_ms
        canvas.text(_named(wait, frame), (row.x, y), BODY, theme.text, room=canvas.px(108))
        groove = Rect(row.x + canvas.px(114), y - canvas.px(4), row.w - canvas.px(114 + 104), canvas.px(9))
        canvas.rect(groove, theme.raised, groove.h // 2)
        long = min(max(round(groove.w * age_ms / max(longest_ms, 1)), groove.h), groove.w)
        canvas.rect(Rect(groove.x, groove.y, long, groove.h), _urgency(theme, age_ms), groove.h // 2)
        canvas.text(number(wait.count), (row.right - canvas.px(62), y), LABEL, theme.text, bold=True, align="right")
        canvas.text(lasting(age_ms), (row.right, y), BODY, theme.text_2, align="right")


def _named(wait: Wait, frame: Frame) -> str:
    one_site = len(frame.store.ground.sites) <= 1
    return say(f"queue.{wait.sort}", frame.language, name=short(wait.name, one_site))


def _urgency(theme: Theme, age_ms: int) -> Colour:
    return theme.blocked if age_ms >= 3 * LONG_MS else theme.waiting if age_ms >= LONG_MS else theme.idle
