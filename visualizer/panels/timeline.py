"""The timeline: how much happened when, what stands out, where the playhead is; transport and key hints below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import CAPTION, LABEL
from visualizer.drawing.written import clock
from visualizer.palette import Colour, Theme, mixed
from visualizer.panels.marks import SERIOUS, Mark, Marks
from visualizer.panels.transport import hints, speeds, transport
from visualizer.places import Places
from visualizer.stored.growing import Array
from visualizer.words import say

BAR_PX: Final = 3
MERGE_PX: Final = 10
BEFORE_MS: Final = 5000
"""A click on a mark goes there, to five seconds before it."""
LEAST_SPAN_MS: Final = 120_000
ZOOM: Final = 1.25
TICKS_MS: Final = tuple(s * 1000 for s in (10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400))
TICK_ROOM: Final = 84


@dataclass(frozen=True, slots=True)
class Group:
    """Marks that stand together: where, and the one that is drawn for all."""

    x: int
    marks: tuple[Mark, ...]

    @property
    def foremost(self) -> Mark:
        """The most serious, the first of several."""
        return max(self.marks, key=lambda mark: SERIOUS[mark.sort])


class Timeline:
    """`flags` are bookmarks and breakpoints; `span` what is shown of the run. Panels beside it use the same."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.flags: list[Mark] = []
        self.made = 0
        """Pictures drawn anew."""
        self._zoomed: tuple[int, int] | None = None
        self._whole = (0, 1)
        self._track = Rect(0, 0, 1, 1)
        self._groups: list[Group] = []
        self._grouped_for: tuple[object, ...] | None = None
        self._density: tuple[tuple[object, ...], pygame.Surface, pygame.Surface] | None = None

    # --- what stretch is shown --------------------------------------------------------------------------------

    @property
    def span(self) -> tuple[int, int]:
        """From and to."""
        return self._zoomed or self._whole

    def follow(self, frame: Frame) -> None:
        """Learn how long the run is and what stands out in it; a zoomed stretch goes with the playhead."""
        self.marks.follow(frame.feed, frame.store)
        self._whole = (min(0, frame.at_ms), max(frame.end_ms, frame.head_ms, 1))
        if self._zoomed is not None:
            start, end = self._zoomed
            if not start <= frame.at_ms <= end:
                start = frame.at_ms - (end - start) // 4
                self._zoomed = self._kept_inside(start, start + end - self._zoomed[0])

    def time_at(self, x: int) -> int:
        """The time under a pixel, whether or not it lies on the track."""
        start, end = self.span
        share = min(max((x - self._track.x) / max(self._track.w - 1, 1), 0.0), 1.0)
        return round(start + share * (end - start))

    def zoom(self, x: int, notches: float) -> None:
        """Show less around the time under a pixel, or more; all of it at last."""
        start, end = self.span
        at_ms = self.time_at(x)
        factor = ZOOM**-notches
        new = max(round((end - start) * factor), LEAST_SPAN_MS)
        if new >= self._whole[1] - self._whole[0]:
            self._zoomed = None
            return
        left = round(at_ms - (at_ms - start) * new / max(end - start, 1))
        self._zoomed = self._kept_inside(left, left + new)

    def _kept_inside(self, start: int, end: int) -> tuple[int, int]:
        low, high = self._whole
        length = min(end - start, high - low)
        start = min(max(start, low), high - length)
        return start, start + length

    def hover(self, at: tuple[int, int], frame: Frame) -> str | None:
        """What stands under the pointer: a mark, a band, else the time."""
        group = self._group_at(at)
        if group is not None:
            return _told(group, frame)
        if not self._track.inflate(0, self._track.h).collidepoint(at):
            return None
        return clock(self.time_at(at[0]), frame.feed.title.start)

    def seek_to(self, at: tuple[int, int]) -> int:
        """The time that a click means: five seconds before a mark, else the time under it."""
        group = self._group_at(at)
        return max(group.marks[0].at_ms - BEFORE_MS, self._whole[0]) if group is not None else self.time_at(at[0])

    def _group_at(self, at: tuple[int, int]) -> Group | None:
        near = [g for g in self._groups if abs(g.x - at[0]) <= MERGE_PX * self._track.h / 30 * 0.8]
        if not near or at[1] > self._track.bottom - self._track.h // 2:
            return None
        return min(near, key=lambda g: abs(g.x - at[0]))

    # --- drawing ----------------------------------------------------------------------------------------------

    def draw(self, canvas: Canvas, places: Places, frame: Frame) -> list[Hit]:
        """All of it."""
        theme, rect = canvas.theme, places["timeline"]
        self.follow(frame)
        self._track = places["timeline_track"]
        canvas.fill(theme.panel, rect)
        canvas.fill(theme.line, Rect(rect.x, rect.y, rect.w, canvas.px(1)))
        self._draw_title(canvas, places["timeline_title"], frame)
        self._draw_density(canvas, frame)
        self._draw_breaks(canvas, frame)
        self._draw_bar(canvas, places["timeline_bar"], frame)
        self._draw_ticks(canvas, places["timeline_ticks"], frame)
        stands = (
            self.marks.version,
            tuple(self.flags),
            self.span,
            tuple(self._track),
            frame.head_ms,
            canvas.px(MERGE_PX),
        )
        if stands != self._grouped_for:
            self._groups, self._grouped_for = self._grouped(canvas, frame), stands
        for group in self._groups:
            self._draw_mark(canvas, places["timeline_markers"], group, frame)
        self._draw_playhead(canvas, places, frame)
        return [*transport(canvas, places["transport"], frame), *speeds(canvas, places["speeds"], frame),
                *hints(canvas, places["hints"], frame)]  # fmt: skip

    def _draw_title(self, canvas: Canvas, title: Rect, frame: Frame) -> None:
        """What it is and what its signs mean; not what the plate of the playhead would cut in two."""
        plate, x = self._plate(canvas, title, self._x(frame.at_ms)), self._x(frame.at_ms)
        free = title.x
        for key, is_right in (("title", False), ("marks", True)):
            words = say(f"timeline.{key}", frame.language)
            wide = canvas.lettering.width(words, CAPTION)
            where = Rect(title.right - wide if is_right else title.x, title.y, wide, title.h)
            if where.x >= free and not (self._shows(x) and where.colliderect(plate)):
                free = where.right + canvas.px(16)
                canvas.text(words, (where.x, title.centery), CAPTION, canvas.theme.text_3)

    def _plate(self, canvas: Canvas, title: Rect, x: int) -> Rect:
        """Where the time of the playhead stands."""
        wide = canvas.lettering.width("00:00:00", LABEL, True) + canvas.px(12)
        box = Rect(0, title.y - canvas.px(3), wide, canvas.px(18))
        box.centerx = min(max(x, title.x + box.w // 2), title.right - box.w // 2)
        return box

    def _x(self, at_ms: int) -> int:
        start, end = self.span
        return self._track.x + round((at_ms - start) / max(end - start, 1) * (self._track.w - 1))

    def _shows(self, x: int) -> bool:
        return self._track.x <= x < self._track.right

    def _draw_density(self, canvas: Canvas, frame: Frame) -> None:
        track, span, store = self._track, self.span, frame.store
        count = max(track.w // canvas.px(BAR_PX), 1)
        edges = np.linspace(span[0], span[1], count + 1)
        head = int(np.searchsorted(edges, store.head_ms))
        key = (span, head, frame.loaded is None, track.size, canvas.theme.name)
        if self._density is None or self._density[0] != key:
            self.made += 2
            rows = np.searchsorted(store.at_ms, edges)
            past, future = (
                _bars(canvas, track.size, np.diff(rows), mixed(canvas.theme.moving, canvas.theme.panel, share))
                for share in (0.62, 0.28)
            )
            self._density = (key, past, future)
        _, past, future = self._density
        split = min(max(self._x(frame.at_ms) - track.x, 0), track.w)
        canvas.blit(past, track.topleft, Rect(0, 0, split, track.h))
        canvas.blit(future, (track.x + split, track.y), Rect(split, 0, track.w - split, track.h))

    def _draw_breaks(self, canvas: Canvas, frame: Frame) -> None:
        theme, track, label = canvas.theme, self._track, say("timeline.break", frame.language)
        for start, end in self.marks.breaks:
            left, right = max(self._x(start), track.x), min(self._x(end), track.right)
            if right <= left or start > frame.head_ms:
                continue
            band = Rect(left, track.y, max(right - left, canvas.px(2)), track.h)
            canvas.veil(band, theme.break_band, 70)
            if canvas.lettering.width(label, CAPTION) + canvas.px(6) <= band.w:
                canvas.text(label, (band.x + canvas.px(3), band.y + canvas.px(8)), CAPTION, theme.text)

    def _draw_bar(self, canvas: Canvas, bar: Rect, frame: Frame) -> None:
        theme = canvas.theme
        canvas.rect(bar, theme.line, bar.h // 2)
        head = min(max(self._x(frame.head_ms), bar.x), bar.right)
        if head > bar.x:
            canvas.rect(Rect(bar.x, bar.y, head - bar.x, bar.h), mixed(theme.text_3, theme.panel, 0.55), bar.h // 2)
        now = min(max(self._x(frame.at_ms), bar.x), bar.right)
        if now > bar.x:
            canvas.rect(Rect(bar.x, bar.y, now - bar.x, bar.h), theme.accent, bar.h // 2)

    def _draw_ticks(self, canvas: Canvas, ticks: Rect, frame: Frame) -> None:
        theme, start = canvas.theme, frame.feed.title.start
        first, last = self.span
        room = max(self._track.w // canvas.px(TICK_ROOM), 1)
        step = next((s for s in TICKS_MS if (last - first) / s <= room), TICKS_MS[-1])
        midnight = round((start - start.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() * 1000)
        at_ms = -(-(first + midnight) // step) * step - midnight
        while at_ms <= last:
            x = self._x(at_ms)
            canvas.fill(theme.text_3, Rect(x, ticks.y - canvas.px(2), canvas.px(1), canvas.px(4)))
            text = clock(at_ms, start, seconds=step < 60_000)
            half = canvas.lettering.width(text, CAPTION) // 2
            x = min(max(x, ticks.x + half - canvas.px(10)), ticks.right - half + canvas.px(10))
            canvas.text(text, (x, ticks.y + canvas.px(9)), CAPTION, theme.text_3, align="centre")
            at_ms += step

    def _grouped(self, canvas: Canvas, frame: Frame) -> list[Group]:
        """Marks nearer than 10 px to the first of their group stand together."""
        groups: list[tuple[int, list[Mark]]] = []
        for mark in sorted([*self.marks.marks, *self.flags], key=lambda m: m.at_ms):
            x = self._x(mark.at_ms)
            if not self._shows(x) or (mark.sort != "flag" and mark.at_ms > frame.head_ms):
                continue
            if groups and x - groups[-1][0] < canvas.px(MERGE_PX):
                groups[-1][1].append(mark)
            else:
                groups.append((x, [mark]))
        return [Group(x, tuple(marks)) for x, marks in groups]

    def _draw_mark(self, canvas: Canvas, row: Rect, group: Group, frame: Frame) -> None:
        theme, mark = canvas.theme, group.foremost
        sign, ink = _sign(mark, frame.at_ms, theme)
        if mark.at_ms > frame.at_ms:
            ink = mixed(ink, theme.panel, 0.6)
        canvas.line((group.x, row.centery), (group.x, self._track.bottom - 1), mixed(ink, theme.panel, 0.7))
        canvas.sign(sign, (group.x, row.centery), canvas.px(13), ink)
        if len(group.marks) > 1:
            canvas.text(str(len(group.marks)), (group.x + canvas.px(8), row.y + canvas.px(3)), CAPTION, theme.text_2)

    def _draw_playhead(self, canvas: Canvas, places: Places, frame: Frame) -> None:
        theme, bar, x = canvas.theme, places["timeline_bar"], self._x(frame.at_ms)
        if not self._shows(x):
            return
        text = clock(frame.at_ms, frame.feed.title.start)
        box = self._plate(canvas, places["timeline_title"], x)
        canvas.fill(theme.text, Rect(x, box.bottom, canvas.px(1), bar.centery - box.bottom))
        canvas.rect(box, theme.text, canvas.px(4))
        canvas.text(text, box.center, LABEL, theme.panel, bold=True, align="centre")
        canvas.sign("circle", (x, bar.centery), canvas.px(15), theme.text)
        canvas.sign("circle", (x, bar.centery), canvas.px(11), theme.accent)


def _sign(mark: Mark, at_ms: int, theme: Theme) -> tuple[str, Colour]:
    match mark.sort:
        case "incident":
            return "triangle", theme.blocked if mark.is_open(at_ms) else theme.waiting
        case "saturation":
            return "square" if mark.is_open(at_ms) else "square_hollow", theme.waiting
        case "question":
            return ("diamond_hollow", theme.waiting) if mark.is_open(at_ms) else ("diamond_hollow", theme.text_2)
        case "decision":
            return "diamond", theme.text
    return "flag", theme.moving


def _told(group: Group, frame: Frame) -> str:
    start, lines = frame.feed.title.start, []
    for mark in group.marks[:4]:
        lines.append(f"{clock(mark.at_ms, start)} · {mark.told(frame.at_ms, frame.language)}")
    if len(group.marks) > 4:
        lines.append(say("timeline.merged", frame.language, count=len(group.marks)))
    return "\n".join(lines)


def _bars(canvas: Canvas, size: tuple[int, int], counts: Array, ink: Colour) -> pygame.Surface:
    """One bar per stretch; the tallest is the busiest of the 99 % least busy, so that a burst does not flatten all."""
    picture = pygame.Surface(size, 0, 32)
    picture.fill(canvas.theme.panel)
    top = max(float(np.quantile(counts, 0.99)), 1.0)
    step, wide = canvas.px(BAR_PX), max(canvas.px(BAR_PX) - canvas.px(1), 1)
    heights = np.minimum(np.ceil(counts / top * (size[1] - 2)), size[1] - 2).astype(int)
    for n, h in enumerate(heights.tolist()):
        if h > 0:
            picture.fill(ink, (n * step, size[1] - h, wide, h))
    return picture
