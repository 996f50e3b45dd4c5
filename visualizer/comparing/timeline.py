"""One timeline for two runs: events of A above the line, of B below it, the different decisions as diamonds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import pygame
from pygame import Rect

from visualizer.comparing.differing import DifferentDecisions
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Hit
from visualizer.drawing.lettering import BODY, CAPTION
from visualizer.drawing.written import clock
from visualizer.feed import Title
from visualizer.palette import mixed
from visualizer.panels.marks import Mark
from visualizer.places import Places
from visualizer.store import Store
from visualizer.stored.growing import Array
from visualizer.words import Language, say

BAR_PX: Final = 3
MERGED_PX: Final = 10
"""Marks nearer than this become one with a count."""
HOUR_MS: Final = 3_600_000
TICK_STEPS_MS: Final = tuple(m * 60_000 for m in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))


def density(store: Store, edges_ms: Array) -> Array:
    """Events in each of the stretches between the edges."""
    return np.diff(np.searchsorted(store.at_ms, edges_ms))


class TwoTimelines:
    """The panel at the foot. `made` counts pictures drawn anew."""

    def __init__(self) -> None:
        self.made = 0
        self._key: Hashable = None
        self._picture: pygame.Surface | None = None
        self._marks_key: Hashable = None
        self._marks: list[tuple[int, int, int]] = []

    def draw(
        self, canvas: Canvas, places: Places, stores: tuple[Store, Store], title: Title, language: Language, *,
        at_ms: int, end_ms: int, ends_ms: tuple[int, int], found: DifferentDecisions | None,
        marks: tuple[Sequence[Mark], Sequence[Mark]],
    ) -> list[Hit]:  # fmt: skip
        """Paint it; clicks on marks go to their decision."""
        theme, end_ms = canvas.theme, max(end_ms, 1)
        track, bar = places["timeline_track"], places["timeline_bar"]
        area = Rect(track.x, places["timeline_markers"].y, track.w, track.bottom - places["timeline_markers"].y)
        key = (area.size, theme.name, len(stores[0]), len(stores[1]), end_ms)
        if key != self._key or self._picture is None:
            self.made += 1
            self._key, self._picture = key, self._drawn(canvas, area, stores, end_ms)
        canvas.blit(self._picture, area.topleft)
        for label, up in (("compare.a", True), ("compare.b", False)):
            y = area.centery + (-1 if up else 1) * area.h // 4
            canvas.text(say(label, language), (area.x - canvas.px(6), y), CAPTION, theme.text_2, bold=True,
                        align="right")  # fmt: skip
        x = track.x + round(min(at_ms / end_ms, 1.0) * track.w)
        canvas.rect(bar, theme.raised, bar.h // 2)
        canvas.rect(Rect(bar.x, bar.y, max(x - bar.x, bar.h), bar.h), theme.accent, bar.h // 2)
        self._ticks(canvas, places["timeline_ticks"], track, title, end_ms)
        self._ends(canvas, area, track, ends_ms, end_ms)
        for side, listed in enumerate(marks):
            self._others(canvas, area, listed, end_ms, at_ms, is_b=side == 1)
        hits = self._draw_marks(canvas, area, end_ms, found, title, language)
        canvas.line((x, area.y), (x, bar.bottom), theme.text)
        canvas.circle((x, bar.centery), canvas.px(6), theme.text)
        canvas.circle((x, bar.centery), canvas.px(4), theme.accent)
        return hits

    def _drawn(self, canvas: Canvas, area: Rect, stores: Sequence[Store], end_ms: int) -> pygame.Surface:
        theme = canvas.theme
        surface = pygame.Surface(area.size).convert()
        surface.fill(theme.panel)
        step = canvas.px(BAR_PX)
        count = max(area.w // step, 1)
        edges = np.linspace(0, end_ms, count + 1)
        heights = [density(store, edges) for store in stores]
        most = max(int(h.max(initial=0)) for h in heights) or 1
        middle = area.h // 2
        for side, (ink, share) in enumerate(((theme.moving, 0.7), (theme.text_2, 0.7))):
            colour = mixed(ink, theme.panel, share)
            for n, events in enumerate(heights[side].tolist()):
                if not events:
                    continue
                high = max(round(events / most * (middle - 2)), 1)
                y = middle - high if side == 0 else middle + 1
                surface.fill(colour, Rect(n * step, y, max(step - 1, 1), high))
        surface.fill(theme.text_3, Rect(0, middle, area.w, 1))
        return surface

    def _ticks(self, canvas: Canvas, rect: Rect, track: Rect, title: Title, end_ms: int) -> None:
        least_ms = end_ms * canvas.px(64) / max(track.w, 1)
        step_ms = next((s for s in TICK_STEPS_MS if s >= least_ms), TICK_STEPS_MS[-1])
        start_ms = (title.start.hour * 60 + title.start.minute) * 60_000
        at_ms = -start_ms % step_ms
        while at_ms <= end_ms:
            x = track.x + round(at_ms / end_ms * track.w)
            canvas.text(clock(at_ms, title.start, seconds=False), (x, rect.centery), CAPTION, canvas.theme.text_3,
                        align="centre")  # fmt: skip
            at_ms += step_ms

    def _ends(self, canvas: Canvas, area: Rect, track: Rect, ends_ms: tuple[int, int], end_ms: int) -> None:
        """Where a run ends before the other one."""
        for side, at_ms in enumerate(ends_ms):
            if at_ms < end_ms:
                x = track.x + round(at_ms / end_ms * track.w)
                top = area.y if side == 0 else area.centery
                canvas.line((x, top), (x, top + area.h // 2), canvas.theme.warning, canvas.px(2))

    def _others(
        self, canvas: Canvas, area: Rect, marks: Sequence[Mark], end_ms: int, at_ms: int, *, is_b: bool
    ) -> None:
        """Incidents, commands and breakpoints at the outer edge of their run's side; near ones are one."""
        theme, side = canvas.theme, canvas.px(8)
        times = np.array([mark.at_ms for mark in marks], dtype=np.int64)
        order = np.argsort(times, kind="stable")
        for x, _, place in merged(times[order], area.w, end_ms, canvas.px(MERGED_PX)):
            mark = marks[int(order[place])]
            is_open = mark.sort == "incident" and mark.is_open(at_ms)
            is_trouble = mark.sort in ("incident", "saturation")
            ink = theme.blocked if is_open else theme.waiting if is_trouble else theme.text
            sign = {"incident": "triangle", "saturation": "square", "flag": "flag"}.get(mark.sort, "diamond_hollow")
            y = area.bottom - side // 2 if is_b else area.y + side // 2
            canvas.sign(sign, (area.x + x, y), side, ink)

    def _draw_marks(
        self, canvas: Canvas, area: Rect, end_ms: int, found: DifferentDecisions | None, title: Title,
        language: Language,
    ) -> list[Hit]:  # fmt: skip
        if found is None:
            return []
        key = (id(found), area.w, end_ms, canvas.px(MERGED_PX))
        if key != self._marks_key:
            self._marks_key, self._marks = key, merged(found.at_ms, area.w, end_ms, canvas.px(MERGED_PX))
        hits = []
        side = canvas.px(9)
        for x, count, place in self._marks:
            centre = (area.x + x, area.centery)
            canvas.sign("diamond", centre, side, canvas.theme.warning)
            at = clock(int(found.at_ms[place]), title.start)
            words = say("compare.marks", language, count=count, time=at) if count > 1 else at
            hits.append(Hit(Rect(0, 0, side, side).move(centre[0] - side // 2, centre[1] - side // 2), "difference",
                            place, f"{say('compare.next', language)} · {words}"))  # fmt: skip
        return hits


def merged(at_ms: Array, width: int, end_ms: int, least_px: int) -> list[tuple[int, int, int]]:
    """Marks on a line: pixel, how many, the place of the first. Those nearer than `least_px` to the first are one."""
    x = np.round(at_ms / max(end_ms, 1) * width).astype(np.int64)
    found: list[tuple[int, int, int]] = []
    place = 0
    while place < len(x):
        upto = int(np.searchsorted(x, x[place] + least_px, side="left"))
        found.append((int(x[place]), upto - place, place))
        place = max(upto, place + 1)
    return found


def title_row(canvas: Canvas, places: Places, language: Language) -> None:
    """Its name, and what the diamonds are."""
    row = places["timeline_title"]
    canvas.text(say("timeline.title", language), (row.x, row.centery), BODY, canvas.theme.text_2, bold=True)
    canvas.text(say("compare.timeline", language), (row.right, row.centery), CAPTION, canvas.theme.text_3,
                align="right")  # fmt: skip
