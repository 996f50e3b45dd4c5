"""What slips come to behind each check: simulated line errors beside the closed form, as a Markdown table.

    python -m twin.run.error_grid [--json] [--replications N] [--orders N] [--workers N]

First the shipped `oracles/errors`, where only picking can go wrong and the book is right: theory is known there.
Then a whole day (`quickstart`) with wrong books, putaway slips, carts and labels, at half, once and twice the slips.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from math import prod, sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple

from twin.run.running import run_scenario
from twin.run.workers import pool_of
from twin.spec.loading import load_scenario
from twin.spec.work import CheckSpec, MethodsSpec

METHODS = ("paper", "barcode")
CHECKS: tuple[tuple[str, ...], ...] = ((), ("scale",), ("every_unit",), ("scale", "every_unit"))
ORACLE, DAY = "oracles/errors", "quickstart"
SLIP_FACTORS = (0.5, 1.0, 2.0)
FIGURES = ("line_picking_accuracy", "order_picking_accuracy", "fill_rate", "inventory_record_accuracy")
FIRST_SEED = 1


class Cell(NamedTuple):
    """One way of working, at `factor` times the slips; `said`: further overrides."""

    scenario: str
    method: str
    checks: tuple[str, ...]
    factor: float
    orders: int | None = None
    said: tuple[str, ...] = ()

    @property
    def overrides(self) -> list[str]:
        """The scenario changed to this way of working, in every kind of work."""
        checks = self.checks
        if self.scenario == DAY and (self.method == "barcode" or "every_unit" in checks):
            checks = (*checks, "label")
        said = [f"methods.{work}={self.method}" for work in _WORK]
        said.append(f"methods.packing_checks=[{', '.join(checks)}]")
        if self.orders is not None:
            said.append(f"demand.generate.max_orders={self.orders}")
        methods = load_scenario(self.scenario).spec.methods
        for name, share in methods.slips.model_dump().items():
            said.append(f"methods.slips.{name}={min(1.0, share * self.factor)!r}")
        said.append(f"methods.clerk.wrong_units={min(1.0, methods.clerk.wrong_units * self.factor)!r}")
        return [*said, *self.said]


_WORK = ("picking", "receiving", "putaway", "replenishing", "counting")


class Estimate(NamedTuple):
    """A mean over replications with the half-width of its 95 % interval."""

    mean: float
    half_width: float
    n: int


def missed(methods: MethodsSpec, checks: Sequence[str], catches: str) -> float:
    """The share of wrong lines that no check at the bench sees."""
    seen: list[CheckSpec] = [getattr(methods, check) for check in checks]
    return prod(1.0 - (1.0 - check.skip) * float(getattr(check, catches)) for check in seen)


def line_error(methods: MethodsSpec, method: str, checks: Sequence[str], *, single: bool = False) -> float:
    """The share of lines that leave wrong when nothing but picking goes wrong; `single`: lines of one unit.

    A line is wrong in one way only: what is left out is neither of a wrong SKU nor of wrong units. To first order it
    is the sum of slip x guidance x (1 - (1 - skip) x catch) x (1 - later check) over the three slips.
    """
    slips = methods.slips
    guidance = methods.paper if method == "paper" else methods.barcode
    left_out = slips.left_out * guidance.left_out_factor
    sku = slips.wrong_sku * guidance.location_factor
    sku *= 1.0 - (1.0 - guidance.skip) * guidance.catches_wrong_sku
    units = (slips.wrong_units_single if single else slips.wrong_units) * guidance.units_factor
    units *= 1.0 - (1.0 - guidance.skip) * guidance.catches_wrong_units
    by_sku, by_units = missed(methods, checks, "catches_wrong_sku"), missed(methods, checks, "catches_wrong_units")
    return left_out * by_units + (1.0 - left_out) * (sku * by_sku + (1.0 - sku) * units * by_units)


def misplaced(methods: MethodsSpec, method: str, checks: Sequence[str]) -> float:
    """The share of lines that leave in another order's carton: put to a wrong place on the cart, or under its label."""
    guidance = methods.paper if method == "paper" else methods.barcode
    position = methods.slips.wrong_cart_position * (1.0 - (1.0 - guidance.skip) * guidance.catches_wrong_position)
    position *= missed(methods, [c for c in checks if c != "label"], "catches_wrong_units")
    label = methods.slips.wrong_label * missed(methods, [c for c in checks if c == "label"], "catches_wrong_label")
    return 1.0 - (1.0 - position) * (1.0 - label)


def closed_form(cell: Cell) -> float:
    """The share of wrong lines with a right book: picked wrong or misplaced; lines of one unit weighed in by demand."""
    spec = load_scenario(cell.scenario, cell.overrides).spec
    single = _share_of_single(spec.demand.generate.units_per_line if spec.demand.generate is not None else 1.0)
    several, one = (line_error(spec.methods, cell.method, cell.checks, single=s) for s in (False, True))
    picked_wrong = single * one + (1.0 - single) * several
    return 1.0 - (1.0 - picked_wrong) * (1.0 - misplaced(spec.methods, cell.method, spec.methods.packing_checks))


def _share_of_single(units_per_line: Any) -> float:
    """A plain mean m is geometric from 1, so 1/m of the lines are of one unit; else a constant is expected."""
    if isinstance(units_per_line, int | float):
        return 1.0 / max(1.0, units_per_line)
    return 1.0 if units_per_line.constant == 1 else 0.0


def replicate(cell: Cell, seed: int) -> dict[str, float]:
    """The figures of one run."""
    kpis = run_scenario(load_scenario(cell.scenario, cell.overrides), seed=seed).kpis
    return {name: float(kpis[name]) for name in FIGURES} | {"lines": float(kpis["lines_shipped"])}


def estimate(values: Sequence[float]) -> Estimate:
    """The t interval; one replication has none, and equal values have an exact one."""
    if len(values) < 2:
        return Estimate(fmean(values), float("nan"), len(values))
    from scipy.stats import t

    quantile = float(t.ppf(0.975, len(values) - 1))
    return Estimate(fmean(values), quantile * stdev(values) / sqrt(len(values)), len(values))


def grid(replications: int, orders: int, workers: int) -> list[dict[str, Any]]:
    """All cells, each with its figures; a replication meets the same luck in every cell."""
    cells = [Cell(ORACLE, m, c, f, orders) for f in (1.0, 10.0) for m in METHODS for c in CHECKS]
    cells += [Cell(DAY, m, c, f) for f in SLIP_FACTORS for m in METHODS for c in CHECKS]
    seeds = range(FIRST_SEED, FIRST_SEED + replications)
    rows = []
    with pool_of(workers) as pool:
        jobs = [[pool.submit(replicate, cell, seed) for seed in seeds] for cell in cells]
        for cell, job in zip(cells, jobs, strict=True):
            seen = [future.result() for future in job]
            print(f"{cell.scenario} {cell.method} {_words(cell.checks)} x {cell.factor:g}", file=sys.stderr)
            rows.append(
                {
                    "scenario": cell.scenario, "method": cell.method, "checks": list(cell.checks),
                    "slip_factor": cell.factor, "closed_form_line_error": closed_form(cell),
                    "lines": round(sum(s["lines"] for s in seen)),
                    "line_error": estimate([1.0 - s["line_picking_accuracy"] for s in seen])._asdict(),
                    "orders_right": estimate([s["order_picking_accuracy"] for s in seen])._asdict(),
                    "fill_rate": estimate([s["fill_rate"] for s in seen])._asdict(),
                    "book_right": estimate([s["inventory_record_accuracy"] for s in seen])._asdict(),
                }
            )  # fmt: skip
    return rows


def _words(checks: Sequence[str]) -> str:
    return " + ".join(c.replace("_", " ") for c in checks) or "no check"


def _percent(e: dict[str, float], digits: int = 3) -> str:
    return f"{100 * e['mean']:.{digits}f} ± {100 * e['half_width']:.{digits}f}"


def markdown(rows: Sequence[dict[str, Any]]) -> str:
    """Two tables: where theory is known, and a whole day."""
    text = ["| slips | method | check at packing | closed form, % | line error, % | orders right, % | lines |"]
    text.append("|---|---|---|---|---|---|---|")
    day = ["| slips | method | check at packing | closed form, % | line error, % | orders right, % | fill rate, % |"]
    day[0] += " book right at the end, % | lines |"
    day.append("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        start = f"| x {row['slip_factor']:g} | {row['method']} | {_words(row['checks'])} "
        start += f"| {100 * row['closed_form_line_error']:.4f} | {_percent(row['line_error'], 4)} "
        start += f"| {_percent(row['orders_right'])} "
        if row["scenario"] == ORACLE:
            text.append(f"{start}| {row['lines']:,} |")
        else:
            more = f"| {_percent(row['fill_rate'])} | {_percent(row['book_right'], 2)} "
            day.append(f"{start}{more}| {row['lines']:,} |")
    n = rows[0]["line_error"]["n"] if rows else 0
    note = f"Half-widths at 95 %, n = {n} replications, seeds {FIRST_SEED} to {FIRST_SEED + n - 1}."
    return "\n".join([f"`{ORACLE}`", "", *text, "", f"`{DAY}`", "", *day, "", note])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the grid."""
    parser = argparse.ArgumentParser(
        prog="python -m twin.run.error_grid", description="Line errors by method and check."
    )
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--orders", type=int, default=1500, help="orders of each run of oracles/errors, at most 5,000")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    rows = grid(asked.replications, asked.orders, asked.workers)
    print(json.dumps({"schema": "twin.error_grid/1", "cells": rows}, indent=2) if asked.json else markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
