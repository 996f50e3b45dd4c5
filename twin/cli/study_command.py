"""`twin study run`: designs, replications, the comparison, and where it is written."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.compare_command import wide_console
from twin.cli.gathering_options import gathering_of

if TYPE_CHECKING:
    from experiments.study import StudyResult


def study_run_command(
    file: str, out: Path | None, store: Path, workers: int | None, cluster: str | None, *, json: bool
) -> None:
    """Run it, print it, write it."""
    from experiments.study import load_study, run_study, study_path
    from experiments.written import replication_rows, study_json, write_csv, write_json, write_parquet

    spec, designs = load_study(study_path(file))
    with gathering_of(store, workers, cluster) as gathering:
        result = run_study(spec, designs, gathering)
    said = study_json(result)
    if out is not None:
        write_json(out / "study.json", said)
        rows = replication_rows(result.sampled)
        write_csv(out / "replications.csv", rows)
        write_parquet(out / "replications.parquet", rows)
    if json:
        print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_study(result)
        if out is not None:
            print(f"written to {out}")


def print_study(result: StudyResult) -> None:
    """Means with intervals, then what can be said."""
    from rich.table import Table

    from experiments.comparison import alone
    from experiments.sentences import decisions, number

    console = wide_console()
    n = {len(s.replications) for s in result.sampled}
    many = str(n.pop()) if len(n) == 1 else f"{min(n)} to {max(n)}"
    kind = "terminating runs" if result.warmup_h is None else f"steady state, {result.warmup_h:g} h of warm-up left out"
    title = f"{result.spec.name}: {len(result.sampled)} designs, {many} replications each, {kind}"
    table = Table(title=title, title_justify="left")
    table.add_column("design")
    for figure in result.primary:
        table.add_column(figure.name, justify="right")
    for s in result.sampled:
        cells = []
        for figure in result.primary:
            found = alone(s.replications, figure.name, result.spec.confidence)
            text = "-" if found is None else number(found.estimate, figure.unit)
            if found is not None and found.half_width is not None:
                text += f" ± {number(found.half_width, figure.unit, like=found.estimate)}"
            cells.append(text)
        table.add_row(s.design.name, *cells)
    console.print(table)
    console.print(f"± half-width of the {100 * result.spec.confidence:g} % interval of each mean by itself")
    for s in result.sampled:
        if s.stopped == "by budget":
            reached = "unknown" if s.relative_precision is None else f"{100 * s.relative_precision:.1f} %"
            n_taken = len(s.replications)
            console.print(f"{s.design.name}: stopped by budget at n = {n_taken}; precision reached {reached}")
    if result.comparison is not None:
        console.print()
        for sentence in decisions(result.comparison):
            console.print(sentence)
