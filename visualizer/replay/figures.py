"""Figures, marks and density of a page that replays a run: those of the window, as points and lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from visualizer.feed import Feed
from visualizer.figures.series import Series
from visualizer.panels.charts import CHARTS, Chart
from visualizer.panels.kpi_cards import CARDS, Card
from visualizer.panels.marks import Marks
from visualizer.store import Store
from visualizer.stored.growing import Array

POINTS = 600
"""Between two points a page shows the one before."""


def density_of(store: Store, first: int, last: int, bins: int) -> list[int]:
    """Events in each of so many equal parts of a stretch."""
    counts, _ = np.histogram(store.at_ms, bins=bins, range=(first, max(last, first + 1)))
    return [int(n) for n in counts]


def marks_of(feed: Feed, store: Store, first: int, last: int) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """What the timeline marks, and when people are on break."""
    marks = Marks()
    marks.follow(feed, store)
    found = [
        {"at": m.at_ms, "sort": m.sort, "what": list(m.what), "who": m.who, "until": m.until_ms}
        for m in marks.marks
        if first <= m.at_ms <= last
    ]
    bands = [[max(start, first), min(end, last)] for start, end in marks.breaks if end > first and start < last]
    return found, bands


def saturated_of(store: Store, first: int, last: int) -> list[dict[str, Any]]:
    """Alerts of saturation in a stretch: which aisle or station, since when, from when on and until when."""
    of = {"aisle": store.ground.aisle_of, "station": store.ground.station_of}
    return [
        {
            "sort": one.sort, "index": of[one.sort][one.name], "since": one.since_ms, "at": one.raised_ms,
            "until": one.until_ms,
        }
        for one in store.saturations()
        if one.raised_ms <= last and (one.until_ms is None or one.until_ms > first)
    ]  # fmt: skip


def series_of(feed: Feed, store: Store, first: int, last: int) -> dict[str, Any]:
    """Cards and charts as points at equal steps; orders past their time, and since when."""
    series = Series(feed.context)
    series.follow(feed, store)
    at = np.linspace(first, last, POINTS).astype(np.int64)
    late, since = (series.ledgers.orders.open.at(column, at) for column in ("overdue", "overdue_since_ms"))
    return {
        "at": at.tolist(), "warmup": series.warmup_ms, "cards": [_card(card, series, at) for card in CARDS],
        "charts": [_chart(chart, series, at) for chart in CHARTS],
        "overdue": [[int(n), int(ms)] for n, ms in zip(late.tolist(), since.tolist(), strict=True)],
    }  # fmt: skip


def _card(card: Card, series: Series, at: Array) -> dict[str, Any]:
    whole = None if card.of is None else _points(series.values(card.of, at))
    return {
        "key": card.key, "better": card.better, "of": whole, "points": _points(series.values(card.figure, at)),
        **_style(card.write(0.5, "en"), 1),
    }  # fmt: skip


def _chart(chart: Chart, series: Series, at: Array) -> dict[str, Any]:
    points = _points(chart.values(series, at).astype(np.float64))
    return {
        "key": chart.key, "colour": chart.colour, "top": chart.top, "points": points,
        **_style(chart.write(0.5, "en"), 0),
    }  # fmt: skip


def _style(written: str, digits: int) -> dict[str, Any]:
    """How the window writes a figure, told from how it writes one half: a share, minutes out of seconds, or a count."""
    if "%" in written:
        return {"style": "share", "digits": digits}
    return {"style": "minutes", "digits": 1} if "min" in written else {"style": "count", "digits": 0}


def _points(values: Array) -> list[float | None]:
    return [None if value != value else float(f"{value:.5g}") for value in values.tolist()]
