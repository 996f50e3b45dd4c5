"""What is chance in a lesson: doing nothing and the reference on many seeds. Found once and kept."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from twin.run.counterfactuals import Progress, Shift, ShiftResult, run_shifts
from twin.run.lesson_file import Lesson
from twin.run.scoring import half_widths

SCHEMA = "twin.lesson-noise/1"


def kept_in() -> Path:
    """The user's folder for what can be found again."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(home) / "warehouse-twin" / "lessons"


def noise_of(
    lesson: Lesson, injected: Sequence[Any], none: ShiftResult, reference: ShiftResult, *, workers: int = 1,
    progress: Progress | None = None, folder: Path | None = None,
) -> dict[str, float]:  # fmt: skip
    """By part the half-width over the lesson's seeds. Kept under the two runs' digests: any change finds it anew."""
    n, seed = lesson.spec.noise_seeds, lesson.spec.seed
    key = sha256(f"{lesson.sha256}|{none.digest}|{reference.digest}|{n}".encode()).hexdigest()[:32]
    path = (folder or kept_in()) / f"{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):  # not there, or not ours: find it again
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["schema"] == SCHEMA:
            return {part: float(width) for part, width in kept["half_widths"].items()}
    seeds = range(seed + 1, seed + n)
    told = reference_shift(lesson)
    shifts = [s for other in seeds for s in (Shift(other), replace(told, seed=other))]
    found = run_shifts(lesson, injected, shifts, workers=workers, progress=progress)
    widths = half_widths(
        [none.costlike, *(r.costlike for r in found[::2])], [reference.costlike, *(r.costlike for r in found[1::2])]
    )
    with suppress(OSError):  # it is found again the next time
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps({"schema": SCHEMA, "lesson": lesson.spec.name, "half_widths": widths}))
        part.replace(path)
    return widths


def reference_shift(lesson: Lesson) -> Shift:
    """The shift as the expert runs it."""
    told = lesson.spec.reference
    return Shift(lesson.spec.seed, told.commands, told.policies)
