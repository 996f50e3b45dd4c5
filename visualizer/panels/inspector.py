"""The inspector: one thing that was clicked or found, as it stands at the time shown."""

from __future__ import annotations

from collections.abc import Callable

from pygame import Rect

from visualizer.controlling.keys import Action
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, TITLE
from visualizer.inspecting.blocks import Block
from visualizer.inspecting.known import Known
from visualizer.inspecting.order import order_page
from visualizer.inspecting.painting import Painter, height
from visualizer.inspecting.places import aisle_page, belt_page, door_page, station_page, trailer_page
from visualizer.inspecting.stock import location_page, sku_page
from visualizer.inspecting.worker import worker_page
from visualizer.panels.asking import Asking
from visualizer.view import Selection, Thing
from visualizer.words import say

PAGES: dict[Thing, Callable[[Known, str], list[Block]]] = {
    "worker": worker_page, "order": order_page, "location": location_page, "sku": sku_page, "station": station_page,
    "aisle": aisle_page, "belt": belt_page, "door": door_page, "lane": door_page, "trailer": trailer_page,
}  # fmt: skip
TITLE_H = 34
SCROLL_PX = 14


class Inspector:
    """A panel. `scroll` is moved by the wheel over it."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.scroll = Scroll()
        self._shown: Selection | None = None
        self._key: tuple[object, ...] | None = None
        self._blocks: list[Block] = []

    def blocks(self, frame: Frame) -> list[Block]:
        """The page of what is selected; empty for nothing."""
        selection = frame.view.selection
        if selection is None:
            return []
        moment = frame.moment
        key = (selection, moment.at_ms, moment.row, frame.language, frame.view.sees_floor, len(frame.store))
        if key != self._key or self.asking.is_waiting:
            known = Known(
                feed=frame.feed, store=frame.store, moment=moment, asking=self.asking, language=frame.language,
                sees_floor=frame.view.sees_floor,
            )  # fmt: skip
            self._blocks = PAGES[selection.kind](known, selection.name)
            self._key = key
        return self._blocks

    def wanted_height(self, frame: Frame) -> int:
        """How high all of it stands, at scale 1."""
        return TITLE_H + sum(height(block) for block in self.blocks(frame)) + 8

    def draw(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        """Paint what is selected."""
        theme = canvas.theme
        selection = frame.view.selection
        if selection != self._shown:
            self._shown, self.scroll = selection, Scroll()
        canvas.fill(theme.panel, rect)
        hits = self._title(canvas, rect, frame)
        inside = Rect(rect.x, rect.y + canvas.px(TITLE_H), rect.w, rect.h - canvas.px(TITLE_H))
        if selection is None:
            place = inside.inflate(-2 * canvas.px(18), -canvas.px(8))
            canvas.lines(say("inspect.nothing", frame.language), place, BODY, theme.text_3)
            return hits
        blocks = self.blocks(frame)
        step = canvas.px(SCROLL_PX)
        whole = sum(canvas.px(height(block)) for block in blocks) + canvas.px(6)
        seen = max(inside.h // step, 1)
        self.scroll.fit(max(-(-(whole - inside.h) // step), 0) + seen, seen)
        hits += Painter(canvas, inside, self.scroll.top * step).draw(blocks)
        if self.scroll.count > seen:
            length = max(inside.h * seen // self.scroll.count, canvas.px(16))
            top = (inside.h - length) * self.scroll.top // max(self.scroll.count - seen, 1)
            bar = Rect(rect.right - canvas.px(6), inside.y + top, canvas.px(3), length)
            canvas.rect(bar, theme.line, canvas.px(1))
        return hits

    def _title(self, canvas: Canvas, rect: Rect, frame: Frame) -> list[Hit]:
        theme = canvas.theme
        middle = rect.y + canvas.px(19)
        canvas.text(say("inspect.title", frame.language), (rect.x + canvas.px(18), middle), TITLE, bold=True)
        if frame.view.selection is None:
            return []
        key = "inspect.following" if frame.view.follow else "inspect.follow"
        ink = theme.info if frame.view.follow else theme.text_2
        at = canvas.text(say(key, frame.language), (rect.right - canvas.px(18), middle), BODY, ink, align="right")
        return [Hit(at.inflate(canvas.px(8), canvas.px(6)), Action.FOLLOW)]
