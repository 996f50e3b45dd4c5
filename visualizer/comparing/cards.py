"""The two cards beside the divider: of what is selected, or of the decision gone to, A's page and B's."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from pygame import Rect

from visualizer.comparing.pair import Pair
from visualizer.comparing.parting import Parting
from visualizer.comparing.sheets import Asked, asked_for, decision_sheet, event_sheet
from visualizer.comparing.stories import known_of, stories
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.entries import Scroll
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.written import number
from visualizer.inspecting.blocks import Block
from visualizer.inspecting.known import Known
from visualizer.inspecting.order_alternatives import ranking_of
from visualizer.inspecting.painting import Painter, height
from visualizer.palette import mixed
from visualizer.panels.inspector import PAGES
from visualizer.places import Places
from visualizer.view import Selection
from visualizer.words import Language, say

CARD_W = 416
HEAD_H = 30
SCROLL_PX = 14
GAP = 8

Pages = tuple[list[Block], list[Block]]


class Compared(Protocol):
    """Two runs, and what is looked at of them."""

    pair: Pair
    parting: Parting
    place: int | None
    told: bool

    @property
    def shown(self) -> int | None:
        """The different decision whose sheets are shown."""


class Cards:
    """`scroll` moves both, so that the same stands beside the same."""

    def __init__(self, comparison: Compared) -> None:
        self._comparison = comparison
        self.scroll = Scroll()
        self.hidden = False
        self.rects: tuple[Rect, ...] = ()
        self._key: Hashable = None
        self._about: Hashable = None
        self._pages: Pages = ([], [])
        self._over: tuple[Selection, Hashable, tuple[int, int]] | None = None

    def pages(self, a: Frame, b: Frame) -> Pages:
        """The blocks of both cards; empty where nothing is chosen."""
        both = self._comparison
        shown, chosen = both.shown, a.view.selection
        found = both.parting.found
        about: Hashable = shown if shown is not None else chosen
        if about is None and found is not None and not found.is_comparable and both.place is None:
            about = "incomparable" if both.told else None
        if about != self._about:
            self._about, self.scroll = about, Scroll()
        if about is None:
            return [], []
        key = (about, a.moment.at_ms, a.moment.row, b.moment.row, a.language, a.view.sees_floor, len(a.store))
        waiting = both.pair.a.asking.is_waiting or both.pair.b.asking.is_waiting
        if key != self._key or waiting:
            if not self._still(about, a, b):
                self._pages = self._made(about, a, b)
            self._key = key
        return self._pages

    def anew(self) -> None:
        """Something was asked: put the pages together once more."""
        self._key = None

    def _still(self, about: Hashable, a: Frame, b: Frame) -> bool:
        """Is it the story of an order that is over on both sides, and no fact has come or gone."""
        over, self._over = self._over, None
        if over is None or over[0] != about or over[1] != (a.language, a.view.sees_floor):
            return False
        assert isinstance(about, Selection)
        if over[2] != tuple(known_of(known, about.name) for known in self._known(a, b)):
            return False
        self._over = over
        return True

    def _known(self, a: Frame, b: Frame) -> tuple[Known, Known]:
        one, other = (
            Known(feed=f.feed, store=f.store, moment=f.moment, asking=side.asking, language=f.language,
                  sees_floor=f.view.sees_floor)
            for f, side in zip((a, b), self._comparison.pair.sides, strict=True)
        )  # fmt: skip
        return one, other

    def _made(self, about: Hashable, a: Frame, b: Frame) -> Pages:
        both = self._comparison
        ones, others = self._known(a, b)
        if isinstance(about, int):
            mine, theirs = both.parting.records(about)
            ranked = ranking_of(ones, mine), ranking_of(others, theirs)
            ask = asked_for(about, (ones, mine), (others, theirs))
            return (
                decision_sheet(ones, mine, theirs, Asked(ranked[0], ranked[1], ask)),
                decision_sheet(others, theirs, mine, Asked(ranked[1], ranked[0], ask)),
            )
        if isinstance(about, Selection):
            if about.kind == "order":
                return self._stories(about, ones, others, (a.language, a.view.sees_floor))
            page = PAGES[about.kind]
            return page(ones, about.name), page(others, about.name)
        found = both.parting.found
        assert found is not None and found.first is not None
        one, other = found.first.a, found.first.b
        return event_sheet(ones, one, other), event_sheet(others, other, one)

    def _stories(self, about: Selection, a: Known, b: Known, look: Hashable) -> Pages:
        told = stories(a, b, about.name)
        if told.over:
            self._over = (about, look, (known_of(a, about.name), known_of(b, about.name)))
        return told.pages

    def draw(self, canvas: Canvas, places: Places, a: Frame, b: Frame) -> list[Hit]:
        """Paint both; nothing where there is nothing to show."""
        pages = self.pages(a, b)
        self.rects = ()
        if not any(pages):
            return []
        px = canvas.px
        inner = max(sum(px(height(block)) for block in page) for page in pages) + px(8)
        maps = places["map_view_a"], places["map_view_b"]
        wide = min(px(CARD_W), maps[0].w - 2 * px(GAP))
        high = min(px(HEAD_H) + inner, maps[0].h - 2 * px(GAP))
        top = maps[0].y + px(GAP)
        self.rects = (
            Rect(maps[0].right - px(GAP) - wide, top, wide, high), Rect(maps[1].x + px(GAP), top, wide, high),
        )  # fmt: skip
        step = px(SCROLL_PX)
        seen = max((high - px(HEAD_H)) // step, 1)
        self.scroll.fit(max(-(-(inner - (high - px(HEAD_H))) // step), 0) + seen, seen)
        hits: list[Hit] = []
        for n, (rect, page) in enumerate(zip(self.rects, pages, strict=True)):
            hits += self._card(canvas, rect, page, "ab"[n], a.language)
        return hits

    def _title(self, language: Language) -> str:
        about, found = self._about, self._comparison.parting.found
        if isinstance(about, int) and found is not None:
            return say("compare.nth", language, n=number(about + 1), count=number(len(found.decisions)))
        if isinstance(about, Selection):
            return say("compare.order" if about.kind == "order" else "compare.card", language)
        return say("compare.first_record", language)

    def _card(self, canvas: Canvas, rect: Rect, page: list[Block], run: str, language: Language) -> list[Hit]:
        theme, px = canvas.theme, canvas.px
        canvas.card(rect, theme.panel, theme.line, px(8))
        head = Rect(rect.x, rect.y, rect.w, px(HEAD_H))
        chip = Rect(head.x + px(12), head.y + px(7), px(20), px(18))
        canvas.card(chip, mixed(theme.accent, theme.panel, 0.16), theme.accent, px(4))
        canvas.text(say(f"compare.{run}", language), chip.center, CAPTION, bold=True, align="centre")
        canvas.text(self._title(language), (chip.right + px(8), chip.centery), BODY, theme.text_2,
                    room=rect.right - chip.right - px(20))  # fmt: skip
        inside = Rect(rect.x, head.bottom, rect.w, rect.h - head.h - px(3))
        hits = Painter(canvas, inside, self.scroll.top * px(SCROLL_PX)).draw(page)
        if self.scroll.count > self.scroll.seen:
            length = max(inside.h * self.scroll.seen // self.scroll.count, px(16))
            top = (inside.h - length) * self.scroll.top // max(self.scroll.count - self.scroll.seen, 1)
            canvas.rect(Rect(rect.right - px(6), inside.y + top, px(3), length), theme.line, px(1))
        return hits
