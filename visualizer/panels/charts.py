"""Four strip charts over the stretch of time that the timeline shows; what lies behind the playhead is bright."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from pygame import Rect

from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit
from visualizer.drawing.lettering import BODY, CAPTION, LABEL
from visualizer.drawing.written import NOTHING, clock, number, percent
from visualizer.figures.series import PICKER, Series
from visualizer.palette import Colour, State, Theme, mixed
from visualizer.panels.marks import Mark
from visualizer.places import Places
from visualizer.stored.growing import Array
from visualizer.words import Language, say

WINDOW_MS: Final = 15 * 60_000
"""Rates and shares of a chart are those of the last quarter of an hour."""
HEAD_ROOM: Final = 1.12


@dataclass(frozen=True, slots=True)
class Chart:
    """A curve: its words, its values at many times, how one is written, its colour; `top`: what it is drawn up to."""

    key: str
    values: Callable[[Series, Array], Array]
    write: Callable[[float, Language], str]
    colour: State
    top: float | None = None
    parts: tuple[str, ...] = ()
    """Figures of which the value is the sum: written one by one."""


def _picked(series: Series, times_ms: Array) -> Array:
    return series.picked_per_h(times_ms, WINDOW_MS)


def _busy(series: Series, times_ms: Array) -> Array:
    return series.busy(PICKER, times_ms, WINDOW_MS)


def _waiting(series: Series, times_ms: Array) -> Array:
    return series.values("waiting_workers", times_ms) + series.values("waiting_units", times_ms)


CHARTS: Final = (
    Chart("chart.picked", _picked, lambda v, language: number(v), "moving"),
    Chart("chart.wip", lambda series, t: series.values("orders_in_process", t), lambda v, _: number(v), "blocked"),
    Chart("chart.waiting", _waiting, lambda v, _: number(v), "waiting",
          parts=("waiting_workers", "waiting_units")),
    Chart("chart.busy", _busy, lambda v, _: percent(v, 0), "working", 1.0),
)  # fmt: skip


class Charts:
    """`span`: from and to, set by whoever draws the timeline; `baseline`: the figures of another run, dashed."""

    def __init__(self) -> None:
        self.baseline: Series | None = None
        self.made = 0
        """Pictures drawn anew."""
        self._kept: dict[str, tuple[tuple[object, ...], _Drawn]] = {}
        self._shown: tuple[tuple[Rect, ...], tuple[int, int], Frame] | None = None

    def draw(
        self, canvas: Canvas, places: Places, frame: Frame, span: tuple[int, int], incidents: Sequence[Mark] = ()
    ) -> list[Hit]:
        """All that there is room for; nothing while the strip is folded away."""
        strip = places.get("chart_strip")
        if strip is None:
            self._shown = None
            return []
        theme = canvas.theme
        canvas.fill(theme.background, strip)
        canvas.fill(theme.line, Rect(strip.x, strip.y, strip.w, canvas.px(1)))
        self._shown = (places.charts, span, frame)
        if frame.series is None:
            return []
        for chart, rect in zip(CHARTS, places.charts, strict=False):
            self._draw_chart(canvas, rect, chart, frame, frame.series, span, incidents)
        return []

    # --- the pointer ------------------------------------------------------------------------------------------

    def time_at(self, at: tuple[int, int]) -> int | None:
        """The time of a point of a chart; None beside them. No later than what is known."""
        if self._shown is None:
            return None
        rects, (start, end), frame = self._shown
        rect = next((r for r in rects if r.collidepoint(at)), None)
        if rect is None:
            return None
        return min(start + round((at[0] - rect.x) / max(rect.w - 1, 1) * (end - start)), frame.head_ms)

    def hover(self, at: tuple[int, int]) -> str | None:
        """When, and how much, at a point of a chart."""
        at_ms = self.time_at(at)
        if at_ms is None or self._shown is None:
            return None
        rects, _, frame = self._shown
        chart = next(c for c, r in zip(CHARTS, rects, strict=False) if r.collidepoint(at))
        if frame.series is None or at_ms > frame.series.known_ms:
            return None
        said = _written(chart, frame.series, at_ms, frame.language)
        text = f"{clock(at_ms, frame.feed.title.start, seconds=False)} · {said}"
        if self.baseline is not None:
            told = _written(chart, self.baseline, at_ms, frame.language)
            text += f" · {say('chart.baseline', frame.language)} {told}"
        return text

    # --- drawing ----------------------------------------------------------------------------------------------

    def _draw_chart(
        self, canvas: Canvas, rect: Rect, chart: Chart, frame: Frame, series: Series, span: tuple[int, int],
        incidents: Sequence[Mark],
    ) -> None:  # fmt: skip
        theme, language = canvas.theme, frame.language
        at_ms = min(frame.at_ms, series.known_ms)
        drawn = self._picture(canvas, rect, chart, series, span, incidents)
        value = float(chart.values(series, np.array([at_ms]))[0])
        text = _written(chart, series, at_ms, language)
        y = rect.y - canvas.px(14)
        wide = canvas.text(text, (rect.right, y), LABEL, theme.text, bold=True, align="right").w
        canvas.text(say(chart.key, language), (rect.x, y), BODY, theme.text_2, room=rect.w - wide - canvas.px(8))
        x = round((frame.at_ms - span[0]) / max(span[1] - span[0], 1) * (rect.w - 1))
        split = min(max(x + 1, 0), rect.w)
        canvas.blit(drawn.past, rect.topleft, Rect(0, 0, split, rect.h))
        canvas.blit(drawn.future, (rect.x + split, rect.y), Rect(split, 0, rect.w - split, rect.h))
        if 0 <= x < rect.w:
            canvas.fill(mixed(theme.text, theme.background, 0.5), Rect(rect.x + x, rect.y + 1, 1, rect.h - 2))
            if not np.isnan(value):
                dot = (rect.x + x, rect.y + drawn.y_of(value))
                canvas.circle(dot, canvas.px(4), theme.background)
                canvas.circle(dot, canvas.px(3), theme.state(chart.colour))

    def _picture(
        self, canvas: Canvas, rect: Rect, chart: Chart, series: Series, span: tuple[int, int], incidents: Sequence[Mark]
    ) -> _Drawn:
        """The curve drawn once; anew when a pixel more of it is known."""
        per_px = max((span[1] - span[0]) / max(rect.w - 1, 1), 1.0)
        known = int((series.known_ms - span[0]) // per_px)
        key = (rect.size, span, min(known, rect.w), canvas.theme.name, len(incidents), self.baseline is not None,
               canvas.lettering.ui_scale)  # fmt: skip
        kept = self._kept.get(chart.key)
        if kept is None or kept[0] != key:
            self.made += 2
            kept = (key, _draw(canvas, rect.size, chart, series, self.baseline, span, incidents))
            self._kept[chart.key] = kept
        return kept[1]


@dataclass(frozen=True, slots=True)
class _Drawn:
    past: pygame.Surface
    future: pygame.Surface
    top: float

    def y_of(self, value: float) -> int:
        """The pixel of a value, from the top."""
        h = self.past.get_height()
        return round((h - 2) - min(max(value / self.top, 0.0), 1.0) * (h - 4))


def _written(chart: Chart, series: Series, at_ms: int, language: Language) -> str:
    if chart.parts:
        return " + ".join(number(series.value(part, at_ms)) for part in chart.parts)
    value = float(chart.values(series, np.array([at_ms]))[0])
    return NOTHING if np.isnan(value) else chart.write(value, language)


def _draw(
    canvas: Canvas, size: tuple[int, int], chart: Chart, series: Series, baseline: Series | None,
    span: tuple[int, int], incidents: Sequence[Mark],
) -> _Drawn:  # fmt: skip
    times = np.linspace(span[0], span[1], size[0]).astype(np.int64)
    values = chart.values(series, times).astype(np.float64)
    values[times > series.known_ms] = np.nan
    other = None if baseline is None else chart.values(baseline, times).astype(np.float64)
    both = values if other is None else np.concatenate([values, other])
    most = float(np.nanmax(both)) if not np.isnan(both).all() else 0.0
    top = chart.top or _nice(most * HEAD_ROOM)
    theme = canvas.theme
    drawn = _Drawn(pygame.Surface(size, 0, 32), pygame.Surface(size, 0, 32), top)
    colour = theme.state(chart.colour)
    at = [x for x in (_x(mark.at_ms, span, size[0]) for mark in incidents) if 0 <= x < size[0]]
    for picture, ink, under in (
        (drawn.past, colour, mixed(colour, theme.background, 0.22)),
        (drawn.future, mixed(colour, theme.background, 0.45), mixed(colour, theme.background, 0.07)),
    ):
        _curve(canvas.onto(picture), size, drawn, values, other, ink, under, at, theme)
        if chart.top is None:
            canvas.onto(picture).text(chart.write(top, "en"), (1, canvas.px(8)), CAPTION, theme.text_3)
    return drawn


def _curve(
    pen: Canvas, size: tuple[int, int], drawn: _Drawn, values: Array, other: Array | None, ink: Colour, under: Colour,
    incidents: Sequence[int], theme: Theme,
) -> None:  # fmt: skip
    w, h = size
    pen.fill(theme.background)
    there = np.flatnonzero(~np.isnan(values))
    y = np.full(w, h, dtype=np.float64)
    y[there] = (h - 2) - np.clip(values[there] / drawn.top, 0.0, 1.0) * (h - 4)
    for x in there.tolist():
        pen.fill(under, Rect(x, round(y[x]), 1, h - round(y[x])))
    pen.fill(theme.line, Rect(0, 0, w, 1))
    pen.fill(theme.line, Rect(0, h - 1, w, 1))
    for x in incidents:
        pen.fill(mixed(theme.blocked, theme.background, 0.8), Rect(x, 1, 1, h - 2))
    if other is not None:
        known = np.flatnonzero(~np.isnan(other))[:: pen.px(3)]
        level = (h - 2) - np.clip(other[known] / drawn.top, 0.0, 1.0) * (h - 4)
        pen.dashes(list(zip(known.tolist(), level.tolist(), strict=True)), theme.text_3, pen.px(5), pen.px(3))
    for run in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
        pen.polyline(list(zip(run.tolist(), y[run].tolist(), strict=True)), ink, smooth=True)


def _x(at_ms: int, span: tuple[int, int], width: int) -> int:
    return round((at_ms - span[0]) / max(span[1] - span[0], 1) * (width - 1))


def _nice(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 8, 10 times a power of ten."""
    if value <= 1:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return next(float(step * power) for step in (1, 1.5, 2, 3, 5, 8, 10) if step * power >= value * 0.999)
