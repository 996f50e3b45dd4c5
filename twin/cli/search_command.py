"""`twin study optimise` and `twin study tornado`."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.gathering_options import gathering_of
from twin.cli.wide_console import wide_console

if TYPE_CHECKING:
    from experiments.designs import Design
    from experiments.statistics.intervals import Interval
    from experiments.study_file import StudySpec


def _study(file: str) -> tuple[StudySpec, Design]:
    from experiments.searching import base_of
    from experiments.study import study_path
    from experiments.study_file import read_study

    path = study_path(file)
    spec, tree = read_study(path)
    return spec, base_of(spec, tree, path.resolve().parent)


def optimise_command(
    file: str, trials: int | None, store: Path, workers: int | None, cluster: str | None, *, json: bool
) -> int:
    """Search and judge; 1 where nothing keeps the constraints."""
    from experiments.searching import search
    from experiments.written import interval_json

    spec, base = _study(file)
    if trials is not None and spec.search is not None:
        spec = spec.model_copy(update={"search": spec.search.model_copy(update={"trials": trials})})
    with gathering_of(store, workers, cluster) as gathering:
        found = search(spec, base, gathering)
    if json:
        said: dict[str, Any] = {
            "schema": "twin.search/1", "study": spec.name, "objective": found.objective.name,
            "unit": found.objective.unit, "every": found.every, "sentence": found.sentence(),
            "best": None if found.best is None else found.best.name,
            "trials": [
                {
                    "number": t.number, "cell": t.cell, "objective": t.objective, "misses": dict(t.misses),
                    "feasible": t.feasible, "fault": t.fault,
                }
                for t in found.trials
            ],
            "finalists": [
                {
                    "name": f.name, "cell": f.cell, "objective": interval_json(f.objective), "keeps": f.keeps,
                    "constraints": {n: interval_json(x) for n, x in f.constraints.items()},
                    "against_base": None if f.against_base is None else interval_json(f.against_base.difference),
                }
                for f in found.finalists
            ],
        }  # fmt: skip
        print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
        return 0 if found.best is not None else 1
    from rich.table import Table

    console = wide_console()
    table = Table(title=f"{spec.name}: the best on {found.search.held_out} held-out seeds", title_justify="left")
    names = list(found.search.constraints)
    for name in ("design", f"{found.objective.name}, {found.objective.unit}", "against base", *names, "keeps"):
        table.add_column(name, justify="left" if name == "design" else "right")
    for f in found.finalists:
        gap = "-" if f.against_base is None else _ends(f.against_base.difference)
        table.add_row(
            f.name, _ends(f.objective), gap, *(_ends(f.constraints[n]) for n in names), "yes" if f.keeps else "no"
        )
    console.print(table)
    faults = [t for t in found.trials if t.fault is not None]
    if faults:
        console.print(f"{len(faults)} of {len(found.trials)} designs could not be run; the first: {faults[0].fault}")
    console.print(found.sentence())
    return 0 if found.best is not None else 1


def tornado_command(
    file: str, png: Path | None, store: Path, workers: int | None, cluster: str | None, *, json: bool
) -> None:
    """One factor at a time."""
    from experiments.searching import draw_tornado, tornado
    from experiments.written import interval_json, write_bytes

    spec, base = _study(file)
    with gathering_of(store, workers, cluster) as gathering:
        objective, bars = tornado(spec, base, gathering)
    if png is not None:
        write_bytes(png, draw_tornado(objective, bars))
    if json:
        said = {
            "schema": "twin.tornado/1", "study": spec.name, "objective": objective.name, "unit": objective.unit,
            "bars": [
                {
                    "factor": b.factor, "low": b.low, "high": b.high, "at_low": interval_json(b.at_low.difference),
                    "at_high": interval_json(b.at_high.difference),
                }
                for b in bars
            ],
        }  # fmt: skip
        print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
        return
    from rich.table import Table

    console = wide_console()
    table = Table(title=f"{spec.name}: {objective.name} against the base, {objective.unit}", title_justify="left")
    for name in ("factor", "low", "difference there", "high", "difference at high"):
        table.add_column(name, justify="left" if name == "factor" else "right")
    for b in bars:
        table.add_row(b.factor, str(b.low), _ends(b.at_low.difference), str(b.high), _ends(b.at_high.difference))
    console.print(table)
    if png is not None:
        console.print(f"drawn: {png}")


def _ends(x: Interval) -> str:
    between = "" if x.low is None or x.high is None else f" [{x.low:,.4g}, {x.high:,.4g}]"
    return f"{x.estimate:,.4g}{between}"
