"""Figures, marks and density of a page that replays a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from visualizer.feed import Feed
from visualizer.growing import Array
from visualizer.series import Series
from visualizer.store import Store

POINTS = 480
WINDOW_MS = 900_000
CARDS: dict[str, dict[str, Any]] = {
    "throughput_orders_per_h": {"key": "card.orders_per_h"},
    "on_time_shipment": {"key": "card.on_time", "percent": True, "digits": 1},
    "order_cycle_time_mean_s": {"key": "kpi.order_cycle_time_mean_s", "per": 60, "unit": " min", "digits": 1},
    "utilisation.picker": {"key": "card.picker_utilisation", "percent": True},
    "backlog_lines": {"key": "card.backlog"},
}
"""Figures of `Series` with how a card writes them: divided by `per`, with so many digits."""
MARKED = {
    "EquipmentFailed": "incident", "WorkerAbsent": "incident", "ExceptionReported": "incident",
    "CommandGiven": "decision", "DecisionAsked": "question",
}  # fmt: skip


def density_of(store: Store, first: int, last: int, bins: int) -> list[int]:
    """Events in each of so many equal parts of a stretch."""
    counts, _ = np.histogram(store.at_ms, bins=bins, range=(first, max(last, first + 1)))
    return [int(n) for n in counts]


def marks_of(feed: Feed, store: Store, first: int, last: int) -> list[dict[str, Any]]:
    """What the timeline marks."""
    found: list[dict[str, Any]] = []
    for kind, shape in MARKED.items():
        facts = feed.columns(kind, ("worker", "equipment", "location", "reason", "action"))
        for i, at in enumerate(facts["at_ms"].tolist()):
            if first <= at <= last:
                said = {c: facts[c][i] for c in ("worker", "equipment", "location", "reason", "action") if facts[c][i]}
                found.append({"at": at, "shape": shape, "kind": kind, **said})
    return sorted(found, key=lambda mark: (mark["at"], mark["kind"]))


def bands_of(feed: Feed, first: int, last: int) -> list[list[int]]:
    """When somebody is on break: stretches that touch are one."""
    facts = feed.columns("BreakStarted", ("duration_ms",))
    bands: list[list[int]] = []
    for start, end in sorted(
        (max(at, first), min(at + duration, last))
        for at, duration in zip(facts["at_ms"].tolist(), facts["duration_ms"].tolist(), strict=True)
        if at < last and at + duration > first
    ):
        if bands and start <= bands[-1][1]:
            bands[-1][1] = max(bands[-1][1], end)
        else:
            bands.append([start, end])
    return bands


def series_of(feed: Feed, store: Store, first: int, last: int) -> dict[str, Any]:
    """Cards and charts as points at equal steps; between two points a page shows the one before."""
    series = Series(feed.context)
    series.follow(feed, store)
    at = np.linspace(first, last, POINTS).astype(np.int64)
    return {
        "at": at.tolist(),
        "cards": [{**card, "points": _points(series.values(name, at))} for name, card in CARDS.items()],
        "charts": [
            {"key": "chart.throughput", "colour": "moving", "points": _points(series.picked_per_h(at, WINDOW_MS))},
            {"key": "chart.backlog", "colour": "blocked", "points": _points(series.values("backlog_lines", at))},
            {"key": "metric.waiting_workers", "colour": "waiting",
             "points": _points(series.values("waiting_workers", at))},
            {"key": "chart.packing", "colour": "working", "percent": True,
             "points": _points(series.busy("packer", at, WINDOW_MS))},
        ],
    }  # fmt: skip


def _points(values: Array) -> list[float | None]:
    return [None if value != value else float(f"{value:.5g}") for value in values.tolist()]
