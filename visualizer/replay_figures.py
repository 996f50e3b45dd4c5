"""Figures, marks and density of a page that replays a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from visualizer.feed import Feed
from visualizer.store import Store

POINTS = 300
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
    """Cards and charts as points at equal steps."""
    at = np.linspace(first, last, POINTS).astype(np.int64)
    picked = store.at_ms[store.picks.row.values] if len(store.picks.row) else np.empty(0, np.int64)
    hour = 3_600_000
    lines = np.searchsorted(picked, at, side="right") - np.searchsorted(picked, at - hour, side="right")
    return {
        "at": at.tolist(),
        "cards": [],
        "charts": [{"key": "chart.throughput", "points": lines.tolist(), "colour": "moving"}],
    }
