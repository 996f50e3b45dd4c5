"""B minus A for four figures over the whole run: A solid, B dashed, their difference below, the number at hand.

A chart is one kept picture; only the line of the time shown and the numbers are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import BODY, CAPTION, LABEL
from visualizer.drawing.written import NOTHING, number
from visualizer.figures.series import Series
from visualizer.palette import Tone, mixed
from visualizer.stored.growing import Array
from visualizer.words import Language, say

POINTS: Final = 300
WINDOW_MS: Final = 1_800_000
BOTH_SHARE: Final = 0.6
"""How much of a chart's height the two runs have; the rest is their difference."""
REFRESH_ROWS: Final = 60_000
"""While figures are still being followed, a chart is drawn again after so many more events."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a chart. `better`: whether more of it is better, 1, or less, -1."""

    words: str
    values: Callable[[Series, Array], Array]
    digits: int
    better: int
    factor: float = 1.0


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("metric.lines_per_h", lambda series, t: series.picked_per_h(t, WINDOW_MS), 0, 1),
    Figure("metric.backlog_lines", lambda series, t: series.values("backlog_lines", t), 0, -1),
    Figure("metric.waiting_workers", lambda series, t: series.values("waiting_workers", t), 0, -1),
    Figure("kpi.orders_late", lambda series, t: series.values("orders_late", t), 0, -1),
)


class DifferenceCharts:
    """Panels in the strip below the maps. `made` counts pictures drawn anew."""

    def __init__(self) -> None:
        self.made = 0
        self._kept: dict[int, tuple[Hashable, pygame.Surface]] = {}

    def draw(self, canvas: Canvas, rects: tuple[Rect, ...], a: Frame, b: Frame, at_ms: int) -> None:
        """One chart in each rectangle, all of the same stretch of time."""
        for n, (rect, figure) in enumerate(zip(rects, FIGURES, strict=False)):
            self._title(canvas, rect, figure, a, b, at_ms)
            picture = self._picture(canvas, n, figure, rect, a, b)
            canvas.blit(picture, rect.topleft)
            end_ms = max(a.end_ms, 1)
            x = rect.x + round(min(at_ms / end_ms, 1.0) * (rect.w - 1))
            canvas.line((x, rect.y), (x, rect.bottom - 1), canvas.theme.text_2)

    def _title(self, canvas: Canvas, rect: Rect, figure: Figure, a: Frame, b: Frame, at_ms: int) -> None:
        theme, middle = canvas.theme, rect.y - canvas.px(14)
        one, other = (value_at(figure, frame, at_ms) for frame in (a, b))
        more = None if one is None or other is None else other - one
        tone: Tone = "text_2" if not more else "good" if more * figure.better > 0 else "bad"
        shown = NOTHING if more is None else number(more, figure.digits, signed=True)
        right = canvas.text(shown, (rect.right, middle), LABEL, theme.tone(tone), bold=True, align="right").x
        label = canvas.text(say("compare.minus", a.language), (right - canvas.px(6), middle), CAPTION, theme.text_3,
                            align="right").x  # fmt: skip
        room = label - rect.x - canvas.px(10)
        end = canvas.text(say(figure.words, a.language), (rect.x, middle), BODY, theme.text, bold=True, room=room).right
        both = f"{number(one, figure.digits)} → {number(other, figure.digits)}"
        if canvas.lettering.width(both, CAPTION) < label - end - canvas.px(18):
            canvas.text(both, (end + canvas.px(8), middle), CAPTION, theme.text_2)

    def _picture(self, canvas: Canvas, n: int, figure: Figure, rect: Rect, a: Frame, b: Frame) -> pygame.Surface:
        seen = tuple(_progress(frame) for frame in (a, b))
        key = (rect.size, canvas.theme.name, canvas.lettering.ui_scale, a.language, a.end_ms, *seen)
        kept = self._kept.get(n)
        if kept is None or kept[0] != key:
            self.made += 1
            kept = self._kept[n] = (key, _drawn(canvas, figure, rect, a, b))
        return kept[1]


def _progress(frame: Frame) -> Hashable:
    series = frame.series
    if series is None:
        return None
    return (series.rows // REFRESH_ROWS, series.rows == frame.feed.events)


def value_at(figure: Figure, frame: Frame, at_ms: int) -> float | None:
    """A figure of a run at a time, at its end where it is over; None where it is undefined."""
    series = frame.series
    if series is None:
        return None
    found = float(figure.values(series, np.array([min(at_ms, frame.feed.head_ms, series.known_ms)]))[0])
    return None if np.isnan(found) else found


def _drawn(canvas: Canvas, figure: Figure, rect: Rect, a: Frame, b: Frame) -> pygame.Surface:
    """Above: both runs. Below: B minus A around its own line of nothing."""
    theme = canvas.theme
    surface = pygame.Surface(rect.size).convert()
    ground = mixed(theme.background, theme.panel, 0.5)
    surface.fill(ground)
    pens = canvas.onto(surface)
    times = np.linspace(0, max(a.end_ms, 1), POINTS).astype(np.int64)
    one, other = (_curve(figure, frame, times) for frame in (a, b))
    pad = canvas.px(3)
    above = Rect(0, pad, rect.w, round(rect.h * BOTH_SHARE) - pad)
    below = Rect(0, above.bottom + pad, rect.w, rect.h - above.bottom - 2 * pad)
    x = np.linspace(0, rect.w - 1, POINTS)
    low, high = _span(one, other)
    rows = [above.bottom - (curve - low) / (high - low) * above.h for curve in (one, other)]
    surface.fill(theme.line, Rect(0, above.bottom, rect.w, 1))
    for points in _stretches(x, rows[0]):
        pens.polyline(points, theme.moving, canvas.px(2))
    for points in _stretches(x, rows[1]):
        pens.dashes(points, theme.text, canvas.px(5), canvas.px(4), canvas.px(1))
    more = other - one
    known = more[~np.isnan(more)]
    most = float(np.abs(known).max(initial=0.0))
    middle = below.centery
    surface.fill(theme.text_3, Rect(0, middle, rect.w, 1))
    edges = np.rint(np.append(x, rect.w)).astype(np.int64).tolist()
    for left, right, value in zip(edges[:-1], edges[1:], more.tolist(), strict=True):
        tall = round(abs(value) / most * (below.h // 2)) if most and value == value else 0
        if tall:
            ink = theme.good if value * figure.better > 0 else theme.bad
            top = middle - tall if value > 0 else middle + 1
            surface.fill(ink, Rect(left, top, max(right - left, 1), tall))
    pens.text(number(high, figure.digits), (canvas.px(4), above.y + canvas.px(6)), CAPTION, theme.text_3)
    words = f"±{number(most, figure.digits)}"
    wide = canvas.lettering.width(words, CAPTION) + canvas.px(6)
    surface.fill(ground, Rect(rect.w - wide, below.y, wide, canvas.px(12)))
    pens.text(words, (rect.w - canvas.px(3), below.y + canvas.px(6)), CAPTION, theme.text_3, align="right")
    return surface


def _span(*curves: Array) -> tuple[float, float]:
    """From the lowest to the highest of some curves, nothing included; never empty."""
    known = np.concatenate([[0.0], *(curve[~np.isnan(curve)] for curve in curves)])
    low, high = float(known.min()), float(known.max())
    return low, high if high > low else low + 1.0


def _curve(figure: Figure, frame: Frame, times: Array) -> Array:
    """The figure at each time; nothing where the run is over or not followed yet."""
    if frame.series is None:
        return np.full(len(times), np.nan)
    known_ms = min(frame.series.known_ms, frame.feed.head_ms)
    values = figure.values(frame.series, np.minimum(times, max(known_ms, 0))).astype(np.float64)
    return np.where(times <= known_ms, values, np.nan)


def _stretches(x: Array, y: Array) -> list[list[tuple[float, float]]]:
    """The points of a curve, broken where it is undefined."""
    there = ~np.isnan(y)
    cuts = np.flatnonzero(np.diff(there.astype(np.int8))) + 1
    return [
        list(zip(px.tolist(), py.tolist(), strict=True))
        for px, py in zip(np.split(x, cuts), np.split(y, cuts), strict=True)
        if len(px) > 1 and not np.isnan(py[0])
    ]


def legend(canvas: Canvas, rect: Rect, language: Language) -> None:
    """What is A and what is B: a solid and a dashed line, at the right end of a row."""
    theme, middle, x = canvas.theme, rect.centery, rect.right
    for key, dashed in (("compare.b", True), ("compare.a", False)):
        x = canvas.text(say(key, language), (x, middle), CAPTION, theme.text_2, bold=True, align="right").x
        x -= canvas.px(5)
        start = x - canvas.px(22)
        if dashed:
            canvas.dashes([(start, middle), (x, middle)], theme.text, canvas.px(5), canvas.px(4))
        else:
            canvas.line((start, middle), (x, middle), theme.moving, canvas.px(2))
        x = start - canvas.px(12)
