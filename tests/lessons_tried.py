"""A small lesson for tests: a packer goes, somebody has to help; runs in a fraction of a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from random_days import MINI

from twin.run.lesson_file import Lesson, read_lesson

DAY = [
    *MINI, "workforce.pickers.count=4", "workforce.packers.count=2", "workforce.loaders.count=2",
    "demand.generate.backlog_orders=20", "demand.generate.orders_per_day=2000", "demand.generate.max_orders=300",
    "policies.batching=first_come", "methods.handling.pack_fixed_s=50", "layout.pack_stations.pack.benches=4",
    "carriers=[{name: van, departures: ['09:40'], cutoff_min: 10, arrives_min_before: 60}]",
]  # fmt: skip
WORDS = {"en": "Words", "zh": "话"}
SMALL: dict[str, Any] = {
    "name": "small", "title": WORDS, "scenario": "one_order", "overrides": DAY, "seed": 2, "time_limit_h": 2,
    "noise_seeds": 3, "pass_mark": 50, "react_within_min": 20,
    "incidents": [
        {"name": "ill", "words": WORDS, "command": {"action": "absent_workers", "role": "packer", "at": "+10m"}},
        {"name": "rush", "command": {"action": "rush_orders", "count": 15, "due_min": 80, "at": "08:30"}},
    ],
    "hints": [{"at": "08:05", "words": WORDS}, {"incident": "ill", "after_min": 5, "words": WORDS}],
    "reference": {
        "commands": [
            {"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 2, "at": "08:12"},
            {"action": "change_policy", "family": "release", "name": "urgent_first", "at": "08:31"},
        ]
    },
}  # fmt: skip


def lesson_of(folder: Path, **changed: Any) -> Lesson:
    """The small lesson with other words, read from a file of its own."""
    return read_lesson(lesson_file(folder, **changed))


def lesson_file(folder: Path, **changed: Any) -> Path:
    """The file of the small lesson; JSON is YAML."""
    path = folder / "small.yaml"
    path.write_text(json.dumps({**SMALL, **changed}, indent=1, ensure_ascii=False), encoding="utf-8")
    return path
