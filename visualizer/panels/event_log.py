"""The event log: what happened up to now, the newest on top; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from pygame import Rect

from twin.events.catalogue import KINDS
from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, TITLE
from visualizer.drawing.written import clock
from visualizer.feed import Record
from visualizer.inspecting.blocks import Event
from visualizer.inspecting.painting import event_line
from visualizer.inspecting.subjects import COLUMNS_OF
from visualizer.panels.asking import Asking
from visualizer.panels.telling import LOGGED, Told, tell
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.view import Selection
from visualizer.words import say

Mode = Literal["marked", "all", "selected"]
MODES: Final[tuple[Mode, ...]] = ("marked", "all", "selected")
BLOCK = 64
"""Marked events are asked for in blocks of so many, plain ones in blocks of so many rows."""
KEPT_LINES = 400


class EventLog:
    """A panel. `mode`: what stands out, all events, or those of the selection."""

    def __init__(self, store: Store, asking: Asking) -> None:
        self.store, self.asking = store, asking
        self.mode: Mode = "marked"
        self.scroll = Scroll()
        self._marked: tuple[int, bool, Array] = (0, True, np.empty(0, dtype=np.int64))
        self._told: dict[tuple[int, str], Told] = {}

    def next_mode(self, has_selection: bool) -> None:
        """Of the three the next."""
        place = MODES.index(self.mode)
        self.mode = MODES[(place + 1) % (3 if has_selection else 2)]
        self.scroll = Scroll()

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Paint the last events."""
        theme, language = canvas.theme, frame.language
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, canvas.px(1)))
        left, right, middle = rect.x + canvas.px(18), rect.right - canvas.px(18), rect.y + canvas.px(20)
        mode = self.mode if frame.view.selection is not None or self.mode != "selected" else "marked"
        canvas.text(say("log.title", language), (left, middle), TITLE, bold=True)
        label = say(f"log.{mode}", language)
        at = canvas.text(label, (right, middle), BODY, theme.text_2, align="right")
        hits = [Hit(at.inflate(canvas.px(8), canvas.px(6)), Action.LOG_MODE, None, say("help.log_mode", language))]
        inside = Rect(rect.x, rect.y + canvas.px(36), rect.w, rect.h - canvas.px(40))
        step = canvas.px(18)
        fit = max(inside.h // step, 0)
        if not fit:
            return hits
        records = self.lines(frame, mode, fit)
        if not records:
            empty = "inspect.asking" if self.asking.is_waiting else "log.empty"
            canvas.text(say(empty, language), (left, inside.y + step // 2), BODY, theme.text_3)
        for n, record in enumerate(records):
            where = Rect(left, inside.y + n * step, right - left, step)
            told = self._line(record, frame)
            event_line(canvas, where, Event(told, clock(told.at_ms, frame.feed.title.start)))
            hits.append(Hit(where, "event", told.seq, f"{told.title} · {told.about}"))
        return hits

    def lines(self, frame: Frame, mode: Mode, fit: int) -> list[Record]:
        """The events to show, the newest first."""
        row = frame.moment.row
        selection = frame.view.selection
        if mode == "selected" and selection is not None:
            found = self._of(selection, row)
            if not frame.view.sees_floor:
                found = [r for r in found if r["side"] == "book"]
            self.scroll.fit(min(len(found), KEPT_LINES), fit)
            end = len(found) - self.scroll.top
            return found[max(end - fit, 0) : end][::-1]
        rows = self._rows(frame.view.sees_floor) if mode == "marked" else None
        upto = row + 1 if rows is None else int(np.searchsorted(rows, row, side="right"))
        self.scroll.fit(min(upto, KEPT_LINES), fit)
        end = upto - self.scroll.top
        first = max(end - fit, 0)
        found = []
        for block in range(first // BLOCK, max(end - 1, 0) // BLOCK + 1):
            found += self._block(block, rows, frame)
        if not frame.view.sees_floor:  # what a trainer lets go wrong is found out on the floor
            found = [r for r in found if r["kind"] != "CommandGiven" or r.get("actor") != "trainer"]
        if rows is None:
            return [r for r in found if first <= r["seq"] < end][::-1]
        wanted = set(rows[first:end].tolist())
        return [r for r in found if r["seq"] in wanted][::-1]

    def _rows(self, sees_floor: bool) -> Array:
        """Events that stand out, by number; those of the floor only where it is seen."""
        known, side, rows = self._marked
        if known < len(self.store) or side != sees_floor:
            kinds = [k for k in LOGGED if k in KINDS and (sees_floor or KINDS[k].side == "book")]
            rows = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *(self.store.rows_of(k) for k in kinds)]))
            self._marked = (len(self.store), sees_floor, rows)
        return rows

    def _block(self, block: int, rows: Array | None, frame: Frame) -> list[Record]:
        kinds: Sequence[str] | None = None
        if rows is None:
            first, last = block * BLOCK, min((block + 1) * BLOCK, len(self.store)) - 1
        else:
            some = rows[block * BLOCK : (block + 1) * BLOCK]
            if not len(some):
                return []
            first, last, kinds = int(some[0]), int(some[-1]), [k for k in LOGGED if k in KINDS]
        if last < first:
            return []
        sees = frame.view.sees_floor
        key = ("log", block, rows is None, sees, last if frame.feed.live else 0)
        found = self.asking.answer(key, lambda: frame.feed.records(first, last, kinds)) or []
        return [r for r in found if sees or r["side"] == "book"]

    def _of(self, selection: Selection, row: int) -> list[Record]:
        found: dict[int, Record] = {}
        for column in COLUMNS_OF[selection.kind]:
            for record in self.asking.history(column, selection.name, row) or []:
                found[record["seq"]] = record
        return [found[seq] for seq in sorted(found)]

    def _line(self, record: Record, frame: Frame) -> Told:
        key = (record["seq"], frame.language)
        if key not in self._told:
            if len(self._told) > 4 * KEPT_LINES:
                self._told.clear()
            self._told[key] = tell(record, frame.language, len(frame.store.ground.sites) == 1)
        return self._told[key]
