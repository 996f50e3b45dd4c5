"""Figures as a table on stdout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from twin.cli.wide_console import wide_console
from twin.observers.kpis import KPIS
from twin.run.result import RunResult


def as_text(value: Any, unit: str) -> str:
    """A figure with its unit; undefined is a dash."""
    if value is None:
        return "-"
    if unit == "share":
        return f"{100 * value:.2f} %"
    if unit == "s":
        return f"{value:,.0f} s" if value < 600 else f"{value / 3600:.2f} h"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f} {unit}".rstrip()


def intervals(results: Sequence[RunResult]) -> dict[str, dict[str, float]]:
    """Mean and 95 % half-width (Student t) of each figure that is defined in all replications."""
    from experiments.statistics.intervals import mean_interval

    found = {}
    for name in KPIS:
        values = [v for r in results if isinstance(v := r.kpis.get(name), int | float)]
        if len(values) > 1 and len(values) == len(results):
            x = mean_interval(values)
            found[name] = {"mean": x.estimate, "half_width": x.half_width or 0.0, "n": x.n}
    return found


def print_results(results: Sequence[RunResult]) -> None:
    """One run: its figures. Several: means with intervals."""
    console = wide_console()
    one = results[0]
    days = max(1, round(one.simulated_h / 24))
    title = f"{one.scenario}, {one.simulated_h:g} h, seed {one.seed}" if len(results) == 1 else (
        f"{one.scenario}, {one.simulated_h:g} h, {len(results)} seeds from {one.seed}"
    )  # fmt: skip
    table = Table(title=title, title_justify="left", show_header=len(results) > 1)
    table.add_column("figure")
    table.add_column("value" if len(results) == 1 else "mean", justify="right")
    found = intervals(results) if len(results) > 1 else {}
    if found:
        table.add_column("95 % half-width", justify="right")
    for name, kpi in KPIS.items():
        value = one.kpis.get(name)
        if isinstance(value, dict):
            continue
        if found:
            if name in found:
                table.add_row(
                    name, as_text(found[name]["mean"], kpi.unit), as_text(found[name]["half_width"], kpi.unit)
                )
            continue
        table.add_row(name, as_text(value, kpi.unit))
    console.print(table)
    if len(results) == 1:
        plural = "day" if days == 1 else "days"
        console.print(f"{days} {plural}, 1 seed: no interval; -n 20 gives one")
        for name, value in one.kpis.items():
            if isinstance(value, dict) and value:
                console.print(f"{name}: " + ", ".join(f"{k} {_short(v)}" for k, v in sorted(value.items())))
    console.print(f"digest {one.digest[:23]}…  events {one.events:,}  cpu {sum(r.cpu_s for r in results):.1f} s")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{k} {_short(v)}" for k, v in value.items()) + ")"
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(value)
