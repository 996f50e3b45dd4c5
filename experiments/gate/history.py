"""A line per commit and scenario, so that small losses that each stay inside a margin are seen when they add up."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.gate.checking import Checked
from experiments.written import write_text
from twin.domain.errors import DataError

HISTORY_SCHEMA = "twin.gate-history/1"


def commit_here() -> str:
    """The commit that is checked out, with `+` where files were changed; "unknown" outside git."""
    try:
        found = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=20)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    if found.returncode:
        return "unknown"
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")


def add(path: Path, checks: Sequence[Checked], commit: str, at: datetime | None = None) -> None:
    """Put the checks of a commit on record; checked again, a commit's line is replaced."""
    moment = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    new = [
        {
            "schema": HISTORY_SCHEMA, "commit": commit, "at": moment, "scenario": c.baseline.name, "n": c.n,
            "metrics": {
                v.metric.name: {"mean": v.new_mean, "outcome": v.outcome, "unit": v.metric.unit} for v in c.verdicts
            },
        }
        for c in checks
    ]  # fmt: skip
    names = {c.baseline.name for c in checks}
    kept = [row for row in read(path) if row["commit"] != commit or row["scenario"] not in names]
    write_text(path, "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in [*kept, *new]))


def read(path: Path) -> list[dict[str, Any]]:
    """All lines, oldest first; none where there is no file."""
    if not path.is_file():
        return []
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["schema"] != HISTORY_SCHEMA:
                raise ValueError(f"{HISTORY_SCHEMA} is needed")
            rows.append({**row, "commit": str(row["commit"]), "scenario": str(row["scenario"])})
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}:{number}: not a line of a gate's history: {error}") from None
    return rows


def draw(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """A small chart per scenario and metric over commits; regressed commits are marked."""
    from io import BytesIO

    from matplotlib.figure import Figure

    from experiments.written import write_bytes

    series: dict[tuple[str, str], list[tuple[str, float, str]]] = {}
    units: dict[str, str] = {}
    for row in rows:
        for metric, said in row["metrics"].items():
            units[metric] = said.get("unit", "")
            if said.get("mean") is not None:
                series.setdefault((row["scenario"], metric), []).append((row["commit"], said["mean"], said["outcome"]))
    figure = Figure(figsize=(9, max(2.2, 2.0 * len(series))), layout="constrained")
    grid = figure.subplots(max(1, len(series)), 1, squeeze=False)[:, 0]
    for axes, ((scenario, metric), points) in zip(grid, series.items(), strict=False):
        at = range(len(points))
        axes.plot(at, [p[1] for p in points], color="#0072B2", marker="o", markersize=4)
        bad = [i for i, p in enumerate(points) if p[2] == "regressed"]
        axes.plot(
            bad, [points[i][1] for i in bad], linestyle="", marker="X", markersize=9, color="#D55E00", label="regressed"
        )
        if bad:
            axes.legend(frameon=False)
        axes.set_title(f"{scenario}: {metric} ({units[metric]})", loc="left", fontsize=10)
        axes.set_xticks(list(at), [p[0][:8] for p in points], fontsize=8)
        axes.margins(y=0.2)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=130)
    write_bytes(path, picture.getvalue())
