"""`twin study run`: designs, replications, the comparison, and where it is written."""

from __future__ import annotations

import json as jsonlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.gathering_options import gathering_of
from twin.cli.wide_console import wide_console

if TYPE_CHECKING:
    from experiments.selecting import Selection
    from experiments.steady import WarmUp
    from experiments.study import StudyResult


def study_run_command(
    file: str, out: Path | None, store: Path, workers: int | None, cluster: str | None, *, json: bool
) -> None:
    """Run it, print it, write it."""
    from experiments.study import load_study, run_study, study_path
    from experiments.written import replication_rows, study_json, write_csv, write_json, write_parquet

    spec, designs = load_study(study_path(file))
    with gathering_of(store, workers, cluster) as gathering:
        result = run_study(spec, designs, gathering, None if out is None else partial(_draw_warm_up, out))
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


def _draw_warm_up(out: Path, found: list[WarmUp]) -> None:
    """Welch's plot: a found warm-up is to be looked at."""
    from experiments.report import charts
    from experiments.written import write_bytes

    with charts.styled("en"):
        write_bytes(out / "warm_up.png", charts.png(charts.welch_plot(found)))


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


def study_select_command(
    file: str, figure: str | None, margin: str | None, n0: int, alpha: float, most: int, store: Path,
    workers: int | None, cluster: str | None, *, json: bool,
) -> int:  # fmt: skip
    """Select, and say what is promised; 1 where the budget ended first."""
    from dataclasses import replace

    from experiments.figures import asked, margin_of
    from experiments.selecting import select
    from experiments.study import load_study, primary_of, study_path
    from experiments.written import interval_json

    spec, designs = load_study(study_path(file))
    currency = designs[0].loaded.spec.costs.currency
    by = primary_of(spec, currency)[0]
    if figure is not None and figure != by.name:
        by = next((p for p in primary_of(spec, currency) if p.name == figure), asked(figure, currency=currency))
    if margin is not None:
        relative, absolute = margin_of(f"{by.name}={margin}")[1]
        by = replace(by, margin=relative, margin_absolute=absolute)
    with gathering_of(store, workers, cluster) as gathering:
        found = select(designs, by, gathering, first_seed=spec.first_seed, n0=n0, alpha=alpha, most=most)
    if json:
        said = {
            "schema": "twin.selection/1", "study": spec.name, "figure": by.name, "margin": found.delta, "n0": n0,
            "alpha": alpha, "best": found.best, "decided": found.decided, "survivors": list(found.survivors),
            "screened": list(found.screened), "dropped": found.dropped, "runs": found.runs,
            "means": {name: interval_json(x) for name, x in found.means.items()}, "guarantee": found.guarantee(),
        }  # fmt: skip
        print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_selection(found)
    return 0 if found.decided else 1


def print_selection(found: Selection) -> None:
    """The designs in order of their means, when each was dropped, and the promise."""
    from rich.table import Table

    from experiments.sentences import change, number

    console = wide_console()
    unit = found.figure.unit
    table = Table(
        title=f"{found.figure.name}, {found.figure.better} is better, margin {change(found.delta, unit)}",
        title_justify="left",
    )
    for name in ("design", "mean", "replications", ""):
        table.add_column(name, justify="left" if name in ("design", "") else "right")
    sign = -1 if found.figure.better == "higher" else 1
    for name, x in sorted(found.means.items(), key=lambda pair: sign * pair[1].estimate):
        half = "" if x.half_width is None else f" ± {number(x.half_width, unit, like=x.estimate)}"
        fate = (
            "chosen" if name == found.best and found.decided
            else "out at the first look" if name in found.screened
            else f"out after {found.dropped[name]}" if name in found.dropped
            else "still in"
        )  # fmt: skip
        table.add_row(name, f"{number(x.estimate, unit)}{half}", str(x.n), fate)
    console.print(table)
    console.print(f"{found.runs} runs in all; {found.guarantee()}")
