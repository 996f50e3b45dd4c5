"""`twin gate`: record, check, update, history."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.gathering_options import gathering_of
from twin.domain.errors import SpecError, TwinError

if TYPE_CHECKING:
    from experiments.designs import Design
    from experiments.gate.baseline import Baseline
    from experiments.gate.checking import Checked
    from experiments.gate.recording import Recipe
    from experiments.gathering import Gathering


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What the command line of a check says."""

    policies: Sequence[str] = ()
    max_minutes: float | None = None
    nightly: bool = False
    exit_zero: bool = False
    junit: Path | None = None
    form: str = "text"
    history: Path | None = None
    store: Path = Path("runs/results")
    workers: int | None = None
    cluster: str | None = None
    json: bool = False


def record_command(
    scenarios: Sequence[str], baseline: Path, replications: int, seed: int | None, overrides: Sequence[str],
    figures: Sequence[str], margins: Sequence[str], policies: Sequence[str], reason: str, store: Path,
    workers: int | None, cluster: str | None,
) -> None:  # fmt: skip
    """Write baselines where there are none yet."""
    from experiments.designs import design_of
    from experiments.gate.baseline import files_of, is_folder, refuse_in_ci
    from experiments.gate.recording import Recipe
    from twin.cli.run_command import policies_of

    refuse_in_ci("record")
    names = [Path(s).stem for s in scenarios]
    there = [f for f in files_of(baseline) if f.is_file() and (not is_folder(baseline) or f.stem in names)]
    if there:
        raise SpecError(
            f"{there[0]} is there already; to record anew: twin gate update --baseline {baseline} --reason ..."
        )
    chosen = policies_of(list(policies))
    recipes = [
        Recipe(
            scenario=scenario, design=design_of(Path(scenario).stem, scenario, overrides, chosen),
            overrides=tuple(overrides), figures=tuple(figures), margins=margins_of(margins),
        )
        for scenario in scenarios
    ]  # fmt: skip
    with gathering_of(store, workers, cluster) as gathering:
        _record(recipes, [seed] * len(recipes), [replications] * len(recipes), baseline, reason, gathering)


def _record(
    recipes: Sequence[Recipe], seeds: Sequence[int | None], counts: Sequence[int], baseline: Path, reason: str,
    gathering: Gathering,
) -> None:  # fmt: skip
    from experiments.gate.baseline import write_baselines
    from experiments.gate.decision_record import beside, decisions_of, write_decisions
    from experiments.gate.recording import record
    from experiments.replication import job_of

    found = []
    decided = {}
    for recipe, seed, n in zip(recipes, seeds, counts, strict=True):
        first = recipe.design.loaded.spec.seed if seed is None else seed
        one = record(recipe, range(first, first + n), gathering, reason)
        found.append(one)
        decided[one.name] = decisions_of(job_of(recipe.design.loaded, first, recipe.design.policies))
    files = write_baselines(baseline, found)
    for file in files:
        names = [b.name for b in found] if len(files) < len(found) else [file.stem if len(found) > 1 else found[0].name]
        write_decisions(beside(file), {name: decided[name] for name in names})
        print(f"written {file} and {beside(file).name}")
    for one in found:
        for name, watched in one.metrics.items():
            margin = watched.metric.margin_relative
            shown = f"{100 * margin:g} %" if margin is not None else f"{watched.metric.margin_absolute:g}"
            print(f"  {one.name}: {name}, margin {shown}, {len(one.seeds)} seeds from {one.seeds[0]}")
        for warning in one.warnings:
            print(f"warning: {one.name}: {warning}", file=sys.stderr)


def check_command(path: Path, options: CheckOptions) -> int:
    """Check every baseline behind a path; the exit code."""
    from experiments.gate import outputs
    from experiments.gate.baseline import read_baselines
    from experiments.written import write_bytes

    if options.form not in ("text", "github"):
        raise SpecError(f"--format {options.form}: text or github")
    baselines = read_baselines(path)
    if not baselines:
        print(
            f"{path}: no baseline yet; record one and commit it: twin gate record quickstart --baseline {path}",
            file=sys.stderr,
        )
        return 0 if options.exit_zero else 3
    checks: list[Checked] = []
    first: dict[str, str] = {}
    with gathering_of(options.store, options.workers, options.cluster) as gathering:
        for file, baseline in baselines:
            checked = _check(baseline, options, gathering, path, share=len(baselines))
            checks.append(checked)
            if "regressed" in checked.outcomes:
                first[baseline.name] = _first_decision(file, baseline, options)
    files = {baseline.name: file for file, baseline in baselines}
    _print(checks, first)
    if options.junit is not None:
        write_bytes(options.junit, outputs.junit(checks))
    if options.form == "github":
        for line in outputs.github_lines(checks, files, first):
            print(line, file=sys.stderr if options.json else sys.stdout)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as out:
            out.write(outputs.markdown(checks, first))
    if options.history is not None:
        from experiments.gate.history import add, commit_here

        add(options.history, checks, commit_here())
    if options.json:
        print(jsonlib.dumps(outputs.as_json(checks, first), ensure_ascii=False, indent=2, allow_nan=False))
    for c in checks:
        if c.ours:
            print(f"This is our bug, please report it: {c.error}", file=sys.stderr)
    return 0 if options.exit_zero else outputs.code_of(checks)


def _check(baseline: Baseline, options: CheckOptions, gathering: Gathering, path: Path, share: int) -> Checked:
    from experiments.gate.checking import Checked, check, looks_of
    from experiments.statistics.verdicts import Verdict

    try:
        design = _design(baseline, options.policies)
    except TwinError as error:
        lost = tuple(Verdict(metric=w.metric, outcome="errored", why=str(error)) for w in baseline.metrics.values())
        looks = looks_of(len(baseline.seeds))
        return Checked(baseline=baseline, verdicts=lost, tier=1, n=0, looks=looks, error=str(error))
    max_s = None if options.max_minutes is None else 60 * options.max_minutes / share
    return check(baseline, design, gathering, max_s=max_s, every_seed=options.nightly)


def _design(baseline: Baseline, policies: Sequence[str]) -> Design:
    from experiments.designs import design_of
    from twin.cli.run_command import policies_of

    given = {**baseline.policies, **policies_of(list(policies))}
    return design_of(baseline.name, baseline.scenario, baseline.overrides, given)


def _first_decision(file: Path, baseline: Baseline, options: CheckOptions) -> str:
    """The first decision that is not the baseline's, on its first seed."""
    from experiments.gate.decision_record import beside, decisions_of, first_difference, read_decisions
    from experiments.replication import job_of

    design = _design(baseline, options.policies)
    before = read_decisions(beside(file), baseline.name)
    if before is None:
        return f"unknown: {beside(file)} is not there"
    found = first_difference(before, decisions_of(job_of(design.loaded, baseline.seeds[0], design.policies)))
    if found is None:
        return f"none on seed {baseline.seeds[0]}: the policies decided the same, the floor took another time"
    return f"seed {baseline.seeds[0]}, {found.sentence()}"


def _print(checks: Sequence[Checked], first: Mapping[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    from experiments.gate.outputs import rows

    console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 150)
    for c in checks:
        how = (
            f"the events are the baseline's on the first {c.n} seeds" if c.tier == 0
            else f"{c.n} of {len(c.baseline.seeds)} recorded replications, paired"
        )  # fmt: skip
        table = Table(title=f"{c.baseline.name}: {how}", title_justify="left")
        for name in ("metric", "verdict", ""):
            table.add_column(name)
        for _, metric, outcome, said in rows([c]):
            table.add_row(metric, outcome, said)
        console.print(table)
        for note in (*c.notes, *(f"warning: {w}" for w in c.baseline.warnings)):
            console.print(note)
        if c.baseline.name in first:
            console.print(f"first decision that differs: {first[c.baseline.name]}")
        if "improved" in c.outcomes:
            console.print("improved: record it, else the gain can be lost unseen: twin gate update --reason ...")


def update_command(
    path: Path, reason: str, policies: Sequence[str], store: Path, workers: int | None, cluster: str | None
) -> None:
    """Record the same scenarios, figures and margins again."""
    from experiments.gate.baseline import read_baselines, refuse_in_ci
    from experiments.gate.recording import Recipe

    if not reason.strip():
        raise SpecError("--reason: say why the figures may be others now; it goes into the file")
    refuse_in_ci("update")
    baselines = read_baselines(path)
    if not baselines:
        raise SpecError(f"{path}: no baseline yet; twin gate record SCENARIO --baseline {path}")
    recipes = [
        Recipe(
            scenario=b.scenario, design=_design(b, policies), overrides=b.overrides, figures=tuple(b.metrics),
            margins={n: (w.metric.margin_relative, w.metric.margin_absolute) for n, w in b.metrics.items()},
        )
        for _, b in baselines
    ]  # fmt: skip
    firsts, counts = [b.seeds[0] for _, b in baselines], [len(b.seeds) for _, b in baselines]
    with gathering_of(store, workers, cluster) as gathering:
        _record(recipes, firsts, counts, path, reason.strip(), gathering)


def history_command(file: Path, png: Path | None, *, json: bool) -> None:
    """Print the lines; draw them."""
    from experiments.gate.history import draw, read

    rows = read(file)
    if not rows:
        raise SpecError(f"{file}: no history yet; twin gate check --history {file} adds a line")
    if png is not None:
        draw(png, rows)
    if json:
        print(jsonlib.dumps({"schema": "twin.gate-history/1", "rows": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        told = ", ".join(
            f"{name} {'-' if m['mean'] is None else format(m['mean'], ',.6g')} {m['outcome']}"
            for name, m in row["metrics"].items()
        )
        print(f"{row['at']}  {row['commit']:<14}{row['scenario']:<20}{told}")
    if png is not None:
        print(f"drawn: {png}")


def margins_of(texts: Sequence[str]) -> dict[str, tuple[float | None, float | None]]:
    """`FIGURE=2%` or `FIGURE=5`, in the figure's unit."""
    from experiments.figures import margin_of

    return dict(margin_of(text) for text in texts)
