"""What a study or comparison leaves behind: JSON, and tables as CSV and Parquet, written aside and renamed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.comparison import Comparison, Difference
from experiments.figures import scalar_figures
from experiments.replication import Replication
from experiments.sampling import Sampled
from experiments.sentences import claim, decisions
from experiments.statistics.intervals import Interval
from experiments.study import StudyResult
from twin.events.whole_file import whole_file

COMPARISON_SCHEMA = "twin.comparison/1"
STUDY_SCHEMA = "twin.study/1"
Row = dict[str, Any]


def comparison_json(comparison: Comparison) -> Row:
    """A comparison whole: every n, level, interval and seed."""
    together = len(comparison.differences)
    base = comparison.baseline.name
    return {
        "schema": COMPARISON_SCHEMA, "baseline": base, "arms": [arm.name for arm in comparison.arms],
        "seeds": list(comparison.seeds), "confidence": comparison.confidence, "joint_level": comparison.joint_level,
        "decisions": decisions(comparison),
        "differences": [_difference(d, claim(d, base, together)) for d in comparison.differences],
        "beside": [_difference(d, None) for d in comparison.beside],
        "single": {
            arm: {name: interval_json(x) for name, x in figures.items()} for arm, figures in comparison.single.items()
        },
        "risks": [
            {
                "name": r.name, "target": r.target, "held": {arm: list(k) for arm, k in r.held.items()},
                "by_arm": {arm: interval_json(x) for arm, x in r.by_arm.items()}, "p_value": r.p_value,
            }
            for r in comparison.risks
        ],
        "scenarios": {
            arm.name: {
                "scenario": arm.design.loaded.spec.name, "scenario_sha256": arm.design.loaded.sha256,
                "policies_given": dict(arm.design.policies), "digests": [r.digest for r in arm.replications],
                "versions": dict(arm.replications[0].result["versions"]) if arm.replications else {},
            }
            for arm in comparison.arms
        },
    }  # fmt: skip


def study_json(result: StudyResult) -> Row:
    """A study whole."""
    return {
        "schema": STUDY_SCHEMA, "name": result.spec.name, "run": result.spec.model_dump(mode="json")["run"],
        "warmup_h": result.warmup_h,
        "warm_up": [
            {"design": w.design, "hours": w.hours, "too_short": w.too_short, "period_s": w.period_s}
            for w in result.warm_up
        ],
        "designs": [
            {
                "design": s.design.name, "factors": dict(s.design.factors), "n": len(s.replications),
                "stopped": s.stopped, "accepted_at": s.accepted_at, "relative_precision": s.relative_precision,
                "scenario_sha256": s.design.loaded.sha256, "seeds": [r.seed for r in s.replications],
                "digests": [r.digest for r in s.replications],
            }
            for s in result.sampled
        ],
        "comparison": None if result.comparison is None else comparison_json(result.comparison),
    }  # fmt: skip


def interval_json(x: Interval | None) -> Row | None:
    """An interval as a mapping."""
    if x is None:
        return None
    return {"estimate": x.estimate, "low": x.low, "high": x.high, "level": x.level, "n": x.n}


def _difference(d: Difference, sentence: str | None) -> Row:
    found = d.found
    return {
        "figure": d.figure.name, "unit": d.figure.unit, "better": d.figure.better, "arm": d.arm, "pairs": d.pairs,
        "seeds": d.seeds, "verdict": d.verdict, "inside_margin": d.inside_margin, "margin": d.margin,
        "baseline_mean": None if found is None else found.base_mean,
        "arm_mean": None if found is None else found.cand_mean,
        "difference": None if found is None else interval_json(found.difference),
        "relative": None if found is None else interval_json(found.relative),
        "p_value": None if found is None else found.p_value, "p_holm": d.p_holm,
        "correlation": None if found is None else found.correlation,
        "variance_ratio": None if found is None else found.variance_ratio, "pairs_needed": d.pairs_needed,
        **({} if sentence is None else {"sentence": sentence}),
    }  # fmt: skip


def replication_rows(sampled: Sequence[Sampled]) -> list[Row]:
    """One row per design and seed: factors, every figure that is a number, the digest."""
    factors = list(dict.fromkeys(key for s in sampled for key in s.design.factors))
    rows: list[Row] = []
    for s in sampled:
        for replication in s.replications:
            rows.append(
                {
                    "design": s.design.name, "seed": replication.seed,
                    **{key: _plain(s.design.factors.get(key)) for key in factors},
                    **{name: replication.figure(name) for name in figure_columns(s.replications)},
                    "digest": replication.digest,
                }
            )  # fmt: skip
    return rows


def figure_columns(replications: Sequence[Replication]) -> list[str]:
    """The figures of a row: every number, and the utilisation of each role."""
    roles = dict.fromkeys(
        f"utilisation.{role}" for r in replications for role in r.result.get("kpis", {}).get("utilisation", {})
    )
    return [*scalar_figures(), *roles]


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else json.dumps(value, ensure_ascii=False)


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A table; undefined is empty."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())


def write_parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same table as Parquet, by DuckDB."""
    import tempfile

    import duckdb

    columns = list(dict.fromkeys(key for row in rows for key in row))
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.jsonl"
        lines.write_text(
            "".join(json.dumps({key: row.get(key) for key in columns}, ensure_ascii=False) + "\n" for row in rows),
            encoding="utf-8",
        )
        made = Path(folder) / "rows.parquet"
        with duckdb.connect() as con:  # the one all share may hold the unread answer of somebody else's question
            con.execute(
                f"COPY (SELECT * FROM read_json('{lines}', format='newline_delimited')) TO '{made}' (FORMAT parquet)"
            )
        write_bytes(path, made.read_bytes())


def write_json(path: Path, said: object) -> None:
    """JSON, readable."""
    write_text(path, json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """A file, whole or not at all; JournalError when the disk refuses."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """A file, whole or not at all; JournalError when the disk refuses."""
    with whole_file(path) as part:
        part.write_bytes(content)


def interval_fields(x: Interval) -> Row:
    """All that an interval holds, for tables."""
    return asdict(x)
