"""A made-up floor and what happened on it, as a feed: for tests of what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pygame

from twin.events.columns import MISSING, NAMES
from twin.events.names import Names
from twin.observers.run_context import RunContext
from visualizer.drawing.canvas import Canvas
from visualizer.drawing.frame import Frame
from visualizer.drawing.lettering import Lettering
from visualizer.drawing.signs import Signs
from visualizer.feed import WANTED, Batch, Record, Title
from visualizer.mapping.floor_map import FloorMap
from visualizer.palette import THEMES, ThemeName
from visualizer.places import lay_out
from visualizer.store import KIND_OF, Store
from visualizer.view import View


class ToldFeed:
    """A feed out of records and tables that a test wrote down."""

    live = False
    alternatives = None

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], records: Sequence[Record]) -> None:
        self.tables = tables
        self._records = list(records)
        self.title = Title(scenario="told", seed=1, start=datetime(2026, 3, 2, 6))
        self.head_ms = self._records[-1]["at_ms"] if self._records else 0
        self.context = RunContext(horizon_ms=self.head_ms, warmup_ms=0, start="2026-03-02T06:00", location_count=0)

    def read(self) -> Iterator[Batch]:
        names = Names()
        facts: dict[str, dict[str, Any]] = {}
        for kind, columns in WANTED.items():
            mine = [(row, r) for row, r in enumerate(self._records) if r["kind"] == kind]
            if mine:
                facts[kind] = {"row": np.array([row for row, _ in mine], dtype=np.int64)} | {
                    c: np.array([coded(names, c, r.get(c)) for _, r in mine], dtype=np.int64) for c in columns
                }
        yield Batch(
            first_seq=0, at_ms=np.array([r["at_ms"] for r in self._records], dtype=np.int64),
            kinds=np.array([KIND_OF[r["kind"]] for r in self._records], dtype=np.uint8), facts=facts, names=names,
        )  # fmt: skip

    @property
    def events(self) -> int:
        return len(self._records)

    def columns(self, kind: str, wanted: Sequence[str]) -> dict[str, Any]:
        """All facts of a kind."""
        mine = [(row, r) for row, r in enumerate(self._records) if r["kind"] == kind]
        return {
            "row": np.array([row for row, _ in mine], dtype=np.int64),
            "at_ms": np.array([r["at_ms"] for _, r in mine], dtype=np.int64),
            **{c: _column(c, [r.get(c) for _, r in mine]) for c in wanted},
        }

    def facts(self, kinds: Sequence[str], wanted: Sequence[str], first_row: int, last_row: int) -> dict[str, Any]:
        """Facts of some kinds between two rows."""
        mine = [(n, r) for n, r in enumerate(self._records) if first_row <= n <= last_row and r["kind"] in kinds]
        return {
            "row": np.array([n for n, _ in mine], dtype=np.int64),
            **{c: _column(c, [r.get(c) for _, r in mine]) for c in ("at_ms", "kind", *wanted)},
        }


def _column(name: str, values: list[Any]) -> Any:
    if name in NAMES:
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found
    return np.array([MISSING if v is None else v for v in values], dtype=np.int64)


def coded(names: Names, column: str, value: Any) -> int:
    """A value as it stands in a batch."""
    if value is None:
        return MISSING
    return names.codes[value] if column in NAMES else int(value)


def floor(aisles: int = 4, bays: int = 10, levels: int = 1, one_way: str = "both") -> dict[str, dict[str, Any]]:
    """Parallel aisles 4 m apart with a location on both sides of each metre, a station, a lane and a door in front."""
    high = bays * 1000 + 2000
    rows = [
        {
            "site": "s", "location": f"s/A{a:02d}-{b:02d}-{level}{side[0].upper()}", "zone": "pick", "use": "pick",
            "aisle": f"s/A{a:02d}", "x_mm": a * 4000, "y_mm": 1500 + b * 1000, "level": level, "side": side,
            "storage": ("ambient", "chilled", "frozen")[a % 3], "secure": False, "volume_l": 100.0,
        }
        for a in range(aisles) for b in range(bays) for level in range(levels) for side in ("left", "right")
    ]  # fmt: skip
    nodes = [("depot", "depot", 4000, 0), ("pack", "pack_station", 4000, -8000), ("lane", "lane", 4000, -13000), ("door", "door", 4000, -17000)]  # noqa: E501 # fmt: skip
    return {
        "nodes": columns([{"site": "s", "node": f"s/{n}", "kind": k, "x_mm": x, "y_mm": y} for n, k, x, y in nodes]),
        "edges": columns([
            {"site": "s", "edge": f"s/A{a:02d}", "x_mm": a * 4000, "y_mm": 0, "to_x_mm": a * 4000, "to_y_mm": high,
             "capacity": 2, "one_way": one_way} for a in range(aisles)
        ]),
        "locations": columns(rows),
        "stations": {"station": ["s/pack"], "benches": [4]},
        "doors": {"door": ["s/door"], "lane": ["s/lane"]},
        "equipment": columns([{"equipment": "s/belt", "kind": "conveyor", "origin": "s/depot",
                               "destination": "s/pack", "length_mm": 8000}]),
        "skus": {"owner": ["o"], "sku": ["X"], "volume_l": [1.0], "lines_per_day": [5.0]},
        "opening_stock": columns([
            {"location": r["location"], "owner": "o", "sku": "X", "book_units": 10, "floor_units": 10, "face": True}
            for r in rows
        ]),
    }  # fmt: skip


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def filled(feed: Any) -> Store:
    """A store with all that a feed has."""
    store = Store(feed)
    for batch in feed.read():
        store.add(batch)
    return store


class Studio:
    """Draws maps onto a surface of its own, always with the same letters and signs."""

    def __init__(self, feed: Any, store: Store, size: tuple[int, int] = (1280, 800), theme: ThemeName = "dark") -> None:
        self.feed, self.store, self.theme = feed, store, THEMES[theme]
        self.surface = pygame.Surface(size, 0, 32)
        self.canvas = Canvas(self.surface, self.theme, Lettering(1.0), Signs())
        self.rect = lay_out(size)["map"]

    def frame(self, view: View, **changes: Any) -> Frame:
        made = Frame(
            feed=self.feed, store=self.store, moment=self.store.at(view.at_ms), view=view, theme=self.theme,
            lettering=self.canvas.lettering, language="en", ui_scale=1.0, mode="REPLAY", head_ms=self.feed.head_ms,
            end_ms=self.feed.head_ms,
        )  # fmt: skip
        return replace(made, **changes)

    def pixels(self, painter: FloorMap, view: View, **changes: Any) -> bytes:
        """The map as drawn over anything that was there before."""
        self.surface.fill((255, 0, 255))
        painter.draw(self.canvas, self.rect, self.frame(view, **changes))
        return pygame.image.tobytes(self.surface.subsurface(self.rect), "RGB")
