"""The top bar: what is shown and when, how fast, and six figures with their change and the last two hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from pygame import Rect

from twin.observers.kpis import KPIS
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame, Hit, Mode
from visualizer.drawing.lettering import BODY, CAPTION, CLOCK, TITLE, VALUE
from visualizer.drawing.written import clock, day, minutes, number, percent, points, speed
from visualizer.figures.series import HOUR_MS, PICKER, UTILISATION, Series
from visualizer.palette import Colour, Theme, Tone
from visualizer.places import Places
from visualizer.stored.growing import Array
from visualizer.words import Language, say, word

Written = Callable[[float | None, Language], str]
SPARK_W, SPARK_H, SPARK_POINTS = 44, 20, 40
SPARK_MS: Final = 2 * HOUR_MS
NARROW_CARD: Final = 172
"""Below this width a card has no sparkline."""


@dataclass(frozen=True, slots=True)
class Card:
    """A figure: its words, its name in `Series`, how it and its change are written, and which way is better."""

    key: str
    figure: str
    write: Written
    change: Written
    better: str | None
    of: str | None = None
    """A figure that this one is a part of: `412 / 429`."""
    high: str | None = None
    """A figure written beside the words, where there is room: the 95th percentile of a time."""
    told: tuple[str, ...] = ()
    """Figures that its tip names too."""
    is_truth: bool = False
    """It reads the floor: a trainee does not see it."""


def _count(value: float | None, language: Language) -> str:
    return number(value)


def _more(value: float | None, language: Language) -> str:
    return "" if value is None else number(value, signed=True)


def _share(value: float | None, language: Language) -> str:
    return percent(value)


def _points(value: float | None, language: Language) -> str:
    return "" if value is None else points(value, language)


def _minutes(value: float | None, language: Language) -> str:
    return minutes(None if value is None else value * 1000, language)


def _more_minutes(value: float | None, language: Language) -> str:
    return "" if value is None else number(value / 60, 1, signed=True)


IN_PROCESS: Final = Card("card.in_process", "orders_in_process", _count, _more, "lower")
CARDS: Final = (
    Card("card.lines_per_h", "throughput_lines_per_h", _count, _more, "higher"),
    Card("card.shipped", "orders_shipped", _count, _more, None, of="orders_received"),
    Card("card.on_time", "on_time_shipment", _share, _points, "higher"),
    Card(
        "card.processing",
        "order_processing_time_mean_s",
        _minutes,
        _more_minutes,
        "lower",
        high="order_processing_time_p95_s",
        told=(
            "order_processing_time_p50_s",
            "order_processing_time_p95_s",
            "order_cycle_time_p50_s",
            "order_cycle_time_p95_s",
        ),
    ),
    Card("card.accuracy", "order_picking_accuracy", _share, _points, "higher", is_truth=True),
    Card("card.picker_utilisation", UTILISATION + PICKER, _share, _points, None),
)
assert all(card.figure in KPIS or card.figure.startswith(UTILISATION) for card in CARDS)

FOREMOST: Final = ("release", "batching", "routing")
"""The families whose policies are named in the bar; its tip names all."""
BADGES: Final[Mapping[Mode, str]] = {"LIVE": "badge.live", "REVIEW": "badge.review", "REPLAY": "badge.replay"}


def cards_for(*, sees_floor: bool) -> tuple[Card, ...]:
    """The six; who sees the book only has the orders in process in the place of what the floor knows."""
    return tuple(card if sees_floor or not card.is_truth else IN_PROCESS for card in CARDS)


class TopBar:
    """`baseline`: the figures of another run, by name, that changes are against; else an hour ago."""

    def __init__(self) -> None:
        self.baseline: tuple[str, Series] | None = None
        self.made = 0
        """Sparklines drawn anew."""
        self._sparks: dict[str, tuple[tuple[object, ...], pygame.Surface]] = {}

    def draw(self, canvas: Canvas, places: Places, frame: Frame) -> list[Hit]:
        """The whole bar."""
        theme, top = canvas.theme, places["top"]
        canvas.fill(theme.panel, top)
        canvas.fill(theme.line, Rect(top.x, top.bottom - canvas.px(1), top.w, canvas.px(1)))
        hits = [self._title(canvas, places, frame), self._badge(canvas, places["badge"], frame)]
        self._clock(canvas, places, frame)
        if frame.series is not None:
            cards = cards_for(sees_floor=frame.view.sees_floor)
            for n, (card, rect) in enumerate(zip(cards, places.cards, strict=False)):
                if n:
                    seam = Rect(rect.x, rect.y + canvas.px(12), canvas.px(1), rect.h - canvas.px(24))
                    canvas.fill(theme.line, seam)
                hits.append(self._card(canvas, rect, card, frame, frame.series))
        return hits

    # --- what is shown ----------------------------------------------------------------------------------------

    def _title(self, canvas: Canvas, places: Places, frame: Frame) -> Hit:
        theme, title, language = canvas.theme, frame.feed.title, frame.language
        sign = places["sign"]
        canvas.rect(sign, theme.accent, canvas.px(6))
        canvas.sign("building", sign.center, sign.h - canvas.px(10), theme.on_accent)
        name, policy = places["scenario"], places["policy"]
        canvas.text(title.scenario, (name.x, name.centery), TITLE, theme.text, bold=True, room=name.w)
        chosen = [title.policies[family] for family in FOREMOST if family in title.policies]
        said = " · ".join(filter(None, (say("top.seed", language, seed=title.seed), " / ".join(chosen))))
        canvas.text(said, (policy.x, policy.centery), CAPTION, theme.text_3, room=policy.w)
        every = [f"{word('family', family, language)} {name}" for family, name in sorted(title.policies.items())]
        return Hit(name.union(policy), "", None, "\n".join([title.scenario, *every]))

    def _badge(self, canvas: Canvas, rect: Rect, frame: Frame) -> Hit:
        theme, language = canvas.theme, frame.language
        ground, ink = _badge_colours(theme, frame.mode)
        text = say(BADGES[frame.mode], language)
        if frame.loaded is not None:
            ground, ink, text = theme.raised, theme.text_2, f"{frame.loaded:.0%}"
        canvas.rect(rect, ground, rect.h // 2)
        dot = canvas.px(5)
        wide = canvas.lettering.width(text, CAPTION, True) + dot + canvas.px(6)
        x = rect.centerx - wide // 2
        canvas.sign("circle", (x + dot / 2, rect.centery), dot, ink)
        canvas.text(text, (x + dot + canvas.px(6), rect.centery), CAPTION, ink, bold=True)
        tip = say("badge.loading", language) if frame.loaded is not None else None
        if frame.mode == "REVIEW":
            behind = clock(frame.head_ms, frame.feed.title.start)
            return Hit(rect, "go_live", None, f"{say('help.go_live', language)} · L · {behind}")
        return Hit(rect, "", None, tip)

    def _clock(self, canvas: Canvas, places: Places, frame: Frame) -> None:
        theme, language, start = canvas.theme, frame.language, frame.feed.title.start
        at, below = places["clock"], places["speed"]
        canvas.text(clock(frame.at_ms, start), (at.x, at.centery), CLOCK, theme.text, bold=True)
        ink = theme.text_3
        if not frame.playing:
            pace = say("top.paused", language)
        elif frame.speed == float("inf"):
            pace = say("timeline.fastest", language)
        elif frame.holding is not None:
            ink = theme.warning
            pace = say("top.holding", language, speed=speed(frame.speed), held=speed(frame.holding))
        else:
            pace = say("top.speed", language, speed=speed(frame.speed))
        text = f"{day(frame.at_ms, start, language)} · {pace}"
        if canvas.lettering.width(text, CAPTION) > below.w:
            text = pace
        canvas.text(text, (below.x, below.centery), CAPTION, ink, room=below.w)

    # --- figures ----------------------------------------------------------------------------------------------

    def _card(self, canvas: Canvas, rect: Rect, card: Card, frame: Frame, series: Series) -> Hit:
        theme, language = canvas.theme, frame.language
        at_ms = min(frame.at_ms, series.known_ms)
        value = series.value(card.figure, at_ms)
        x, right = rect.x + canvas.px(14), rect.right - canvas.px(10)
        head = canvas.text(say(card.key, language), (x, rect.y + canvas.px(17)), CAPTION, theme.text_2, room=right - x)
        if card.high is not None:
            self._high(canvas, Rect(head.right, head.y, right - head.right, head.h), series.value(card.high, at_ms))
        low = rect.y + canvas.px(44)
        text = card.write(value, language)
        end = canvas.text(text, (x, low), VALUE, theme.text, bold=True, upright="baseline").right
        if card.of is not None:
            whole = " / " + number(series.value(card.of, at_ms))
            end = canvas.text(whole, (end, low), BODY, theme.text_3, upright="baseline").right
        if rect.w >= canvas.px(NARROW_CARD):
            right -= canvas.px(SPARK_W)
            self._spark(canvas, Rect(right, rect.y + canvas.px(25), canvas.px(SPARK_W), canvas.px(SPARK_H)), card,
                        series, at_ms)  # fmt: skip
        change = self._change(card, series, at_ms, value)
        said = card.change(change, language)
        if _tells(said) and end + canvas.px(6) + canvas.lettering.width(said, CAPTION, True) <= right:
            tone = _tone(card, change or 0.0)
            canvas.text(said, (end + canvas.px(6), low), CAPTION, theme.tone(tone), bold=True, upright="baseline")
        tip = self._tip(card, language, said)
        for name in card.told:
            tip += f"\n{say(f'kpi.{name}', language)} {card.write(series.value(name, at_ms), language)}"
        return Hit(rect, "", None, tip)

    def _high(self, canvas: Canvas, room: Rect, value: float | None) -> None:
        """The 95th percentile at the right of a card's words, in the unit of its value, where there is room."""
        text = "" if value is None else f"p95 {number(value / 60, 1)}"
        if canvas.lettering.width(text, CAPTION) + canvas.px(8) <= room.w:
            canvas.text(text, (room.right, room.centery), CAPTION, canvas.theme.text_3, align="right")

    def _change(self, card: Card, series: Series, at_ms: int, value: float | None) -> float | None:
        if self.baseline is not None:
            before = self.baseline[1].value(card.figure, min(at_ms, self.baseline[1].known_ms))
        else:
            before = series.value(card.figure, at_ms - HOUR_MS) if at_ms - HOUR_MS > series.warmup_ms else None
        return None if value is None or before is None else value - before

    def _tip(self, card: Card, language: Language, said: str) -> str:
        name = card.figure.split(".")[0]
        key = f"kpi.{name}" if name in KPIS else f"metric.{name}"
        text = say(key, language)
        if not _tells(said):
            return text
        if self.baseline is not None:
            return f"{text} · {said} {say('top.against', language, baseline=self.baseline[0])}"
        return f"{text} · {said} {say('card.hour', language)}"

    def _spark(self, canvas: Canvas, rect: Rect, card: Card, series: Series, at_ms: int) -> None:
        """The last two hours, in steps that do not shift while time goes on."""
        step = SPARK_MS // SPARK_POINTS
        last = at_ms // step
        key = (last, series.known_ms >= last * step, rect.size, canvas.theme.name)
        kept = self._sparks.get(card.key)
        if kept is None or kept[0] != key:
            self.made += 1
            times = np.arange(last - SPARK_POINTS + 1, last + 1) * step
            values = series.values(card.figure, times)
            values[times <= series.warmup_ms] = np.nan
            kept = (key, _spark_picture(canvas, rect.size, values, canvas.theme))
            self._sparks[card.key] = kept
        canvas.blit(kept[1], rect.topleft)


def _badge_colours(theme: Theme, mode: Mode) -> tuple[Colour, Colour]:
    if mode == "LIVE":
        return theme.blocked, theme.on_badge
    return (theme.waiting, theme.on_badge) if mode == "REVIEW" else (theme.accent, theme.on_accent)


def _tells(change: str) -> bool:
    """Whether a change is one as it is written: `0.0` is none."""
    return any(c in "123456789" for c in change)


def _tone(card: Card, change: float) -> Tone:
    if card.better is None or not change:
        return "text_3"
    return "good" if (change > 0) == (card.better == "higher") else "warning"


def _spark_picture(canvas: Canvas, size: tuple[int, int], values: Array, theme: Theme) -> pygame.Surface:
    """A thin line over the points that are defined, with a dot at its end; opaque, so that a frame only copies it."""
    picture = pygame.Surface(size, 0, 32)
    picture.fill(theme.panel)
    there = np.flatnonzero(~np.isnan(values))
    if len(there) >= 2:
        pen, pad = canvas.onto(picture), canvas.px(3)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        w, h = size[0] - 2 * pad, size[1] - 2 * pad
        x = pad + there / (len(values) - 1) * w
        share = (values[there] - low) / (high - low) if high > low else np.full(len(there), 0.5)
        points_ = list(zip(x.tolist(), (pad + (1 - share) * h).tolist(), strict=True))
        pen.polyline(points_, theme.moving, smooth=True)
        pen.circle(points_[-1], canvas.px(2), theme.moving)
    return picture
