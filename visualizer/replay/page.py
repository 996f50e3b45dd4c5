"""A recorded run as one file that a browser replays: no network, no server, no library."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from twin.events.whole_file import whole_file
from visualizer import palette
from visualizer.controlling import keys
from visualizer.feed import Feed
from visualizer.replay.byte_planes import BytePlanes
from visualizer.replay.columns import counted_up, write_orders, write_queues, write_stock
from visualizer.replay.deeds import Deeds
from visualizer.replay.figures import density_of, marks_of, saturated_of, series_of
from visualizer.replay.floor import ground_of, write_cells
from visualizer.store import Store
from visualizer.stored.moment import STATE_NAMES
from visualizer.words import CATALOGUE, Language

FOLDER = Path(__file__).parent
SCRIPTS = (
    "unpack.js",
    "deeds.js",
    "moment.js",
    "heat.js",
    "fixtures.js",
    "people.js",
    "marked.js",
    "labels.js",
    "minimap.js",
    "painter.js",
    "words.js",
    "inspector.js",
    "queues.js",
    "panels.js",
    "charts.js",
    "timeline.js",
    "foot.js",
    "finding.js",
    "listening.js",
    "controls.js",
    "start.js",
)
"""In the order in which the page runs them."""
DENSITY_BINS = 1600


def write_replay(
    path: Path,
    feed: Feed,
    store: Store,
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    theme: palette.ThemeName = "dark",
    language: Language = "en",
) -> dict[str, Any]:
    """Write the page of a run, or of a stretch of it; how large it became. JournalError when the disk refuses."""
    page, told = replay_page(feed, store, from_ms=from_ms, to_ms=to_ms, theme=theme, language=language)
    with whole_file(path) as part:
        part.write_text(page, encoding="utf-8")
    return {"path": str(path), "kind": "html", "bytes": len(page.encode()), **told}


def replay_page(
    feed: Feed, store: Store, *, from_ms: int | None = None, to_ms: int | None = None,
    theme: palette.ThemeName = "dark", language: Language = "en",
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The text of the page, and what it holds."""
    from jinja2 import Environment, StrictUndefined

    first = 0 if from_ms is None else from_ms
    last = feed.head_ms if to_ms is None else to_ms
    planes = BytePlanes()
    head, told = _head(feed, store, first, last, planes)
    script = "".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    script = f"'use strict';\n(() => {{\n{script}}})();\n"
    head |= {"words": _words_of(script, head), "keys": _keys_of(script), "theme": theme, "language": language}
    script, style = _bare(script), _bare((FOLDER / "replay.css").read_text(encoding="utf-8"))
    template = Environment(undefined=StrictUndefined, autoescape=True, keep_trailing_newline=True).from_string(
        (FOLDER / "page.html.j2").read_text(encoding="utf-8")
    )
    page = template.render(
        title=feed.title.scenario, language={"en": "en", "zh": "zh-CN"}[language], theme=theme,
        style=style, style_hash=_hash(style), script=script, script_hash=_hash(script), packed=planes.text(head),
    )  # fmt: skip
    return page, told


def _head(feed: Feed, store: Store, first: int, last: int, planes: BytePlanes) -> tuple[dict[str, Any], dict[str, Any]]:
    first_row, last_row = store.row_at(first), store.row_at(last)
    order_names = write_orders(feed, first, last, planes)
    deeds = Deeds(store, feed, first_row, last_row, {name: i for i, name in enumerate(order_names)})
    deeds.write(planes)
    deeds.points.write(planes)
    cells = write_cells(store, planes)
    write_stock(store, first_row, last_row, planes, deeds.taken)
    queues = write_queues(store, first_row, last_row, planes)
    title = feed.title
    marks, bands = marks_of(feed, store, first, last)
    head = {
        "title": {
            "scenario": title.scenario, "seed": title.seed, "start": title.start.isoformat(timespec="seconds"),
            "policies": dict(title.policies), "complete": title.complete, "digest": title.digest,
        },
        "from": first, "to": last, "ground": ground_of(store), "cells": cells, **queues,
        "workers": [[name, role] for name, role in zip(store.workers, store.role, strict=True)],
        "started_words": deeds.words, "states": list(STATE_NAMES),
        "orders": counted_up(order_names, "order.number", planes),
        "density": density_of(store, first, last, DENSITY_BINS), "marks": marks, "bands": bands,
        "saturated": saturated_of(store, first, last),
        "series": series_of(feed, store, first, last),
        "themes": {name: _colours(theme) for name, theme in palette.THEMES.items()},
    }  # fmt: skip
    return head, {"movements": deeds.movements, "workers": len(store.workers)}


def _colours(theme: palette.Theme) -> dict[str, Any]:
    """A theme's tokens as a browser writes them, and the table of heat with how solid each colour is."""

    def written(value: Any) -> Any:
        if isinstance(value, tuple) and value and isinstance(value[0], tuple):
            return [written(v) for v in value]
        return f"#{value[0]:02x}{value[1]:02x}{value[2]:02x}" if isinstance(value, tuple) else value

    tokens = {f.name: written(getattr(theme, f.name)) for f in fields(theme)}
    table = np.concatenate([palette.heat_table(theme.name), palette.heat_alpha()[:, None]], axis=1)
    return {**tokens, "heat_table": b64encode(table.astype(np.uint8).tobytes()).decode("ascii")}


def _words_of(script: str, head: Mapping[str, Any]) -> Mapping[str, tuple[str, str]]:
    """The words that the script says: keys written out, and whole groups where it puts the key together."""
    said = set(re.findall(r'"([a-z_]+\.[A-Za-z_0-9]+)"', script))
    said |= {figure["key"] for figure in (*head["series"]["cards"], *head["series"]["charts"])}
    said |= {".".join(mark["what"]) for mark in head["marks"]}
    groups = set(re.findall(r"""word\("([a-z_]+)"|`([a-z]+)\.(?:unit_)?\$""", script))
    groups = {name for pair in groups for name in pair if name}
    missing = {key for key in re.findall(r'say\("([^"]+)"', script) if key not in CATALOGUE}
    if missing:
        raise ValueError(f"the page says what no catalogue has: {sorted(missing)}")
    return {k: pair for k, pair in CATALOGUE.items() if k in said or k.split(".")[0] in groups}


def _keys_of(script: str) -> list[list[Any]]:
    """The rows of the table of keys that the page knows: action, chords, what the mouse does, words."""
    known = set(re.findall(r"^  ([a-z_0-9]+)\(\) \{\n    // key$", script, flags=re.MULTILINE))
    known |= set(re.findall(r"// mouse: ([a-z_]+)", script))
    return [
        [
            str(b.action),
            list(b.chords),
            CATALOGUE.get(b.mouse),
            CATALOGUE[f"help.{b.action}"],
            CATALOGUE[f"group.{b.group}"],
        ]
        for b in keys.BINDINGS
        if str(b.action) in known
    ]


def _bare(text: str) -> str:
    """A script or style without indents and without lines that are comments."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")
