"""What a wrong book does to customers: a day under right, slightly and badly wrong ones, by thickness of stock.

    python -m twin.run.wrong_books [--json] [--replications N] [--workers N]

The scenario is `quickstart` with a scale and label scans at packing; a replication meets the same orders, the same
stock on the floor and the same slips under each book.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from twin.events.chunk import Chunk
from twin.run.error_grid import DAY, FIRST_SEED, METHODS, Cell, estimate
from twin.run.running import Run
from twin.run.workers import pool_of
from twin.spec.loading import load_scenario

_STOCK = "opening_stock.generate."
FACES: dict[str, tuple[str, ...]] = {
    "as shipped": (),
    "refilled when empty": (f"{_STOCK}refill_below_share=0",),
    "refilled when empty, small": (
        f"{_STOCK}refill_below_share=0", f"{_STOCK}face_min_units=4", "assortment.generate.units_per_pack=4",
    ),
    "one day's goods, no reserve, nothing comes in": (
        f"{_STOCK}reserve_cover_days=0", f"{_STOCK}face_cover_days=1", f"{_STOCK}face_min_units=4",
        "inbound.generate=null",
    ),
}  # fmt: skip
BOOKS = (1.0, 0.98, 0.85)
FIGURES = ("line_picking_accuracy", "ordered_then_short", "fill_rate", "perfect_order_rate")


class _Exceptions:
    """Counts faults at the face."""

    def __init__(self) -> None:
        self.count = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next facts."""
        self.count += len(chunk.rows("ExceptionReported"))


def replicate(method: str, said: tuple[str, ...], book_right: float, seed: int) -> dict[str, float]:
    """The figures of one run."""
    cell = Cell(DAY, method, ("scale",), 1.0, said=(*said, f"{_STOCK}book_right={book_right}"))
    seen = _Exceptions()
    checks = "methods.packing_checks=[scale, label]"
    run = Run(load_scenario(DAY, [*cell.overrides, checks]), seed=seed, sinks=[seen])
    run.advance(run.premises.horizon_ms)
    kpis = run.finish().kpis
    return {name: float(kpis[name]) for name in FIGURES} | {"exceptions": float(seen.count)}


def table(replications: int, workers: int) -> list[dict[str, Any]]:
    """All cells in order, each with its figures."""
    seeds = range(FIRST_SEED, FIRST_SEED + replications)
    cells = [(faces, method, book) for faces in FACES for method in METHODS for book in BOOKS]
    rows = []
    with pool_of(workers) as pool:
        jobs = [[pool.submit(replicate, m, FACES[faces], book, seed) for seed in seeds] for faces, m, book in cells]
        for (faces, method, book), job in zip(cells, jobs, strict=True):
            seen = [future.result() for future in job]
            print(f"{faces} {method} {book:.0%}", file=sys.stderr)
            row: dict[str, Any] = {"faces": faces, "method": method, "book_right": book}
            for name in (*FIGURES, "exceptions"):
                row[name] = estimate([s[name] for s in seen])._asdict()
            rows.append(row)
    return rows


def _share(e: dict[str, float]) -> str:
    return f"{100 * e['mean']:.2f} ± {100 * e['half_width']:.2f}"


def markdown(rows: Sequence[dict[str, Any]]) -> str:
    """One table."""
    head = "| stock | method | book right, % | exceptions a day | promised, then short, % of lines | fill rate, % "
    text = [f"{head}| lines wrong, % | perfect orders, % |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        wrong = {
            "mean": 1 - row["line_picking_accuracy"]["mean"],
            "half_width": row["line_picking_accuracy"]["half_width"],
        }
        text.append(
            f"| {row['faces']} | {row['method']} | {100 * row['book_right']:.0f} "
            f"| {row['exceptions']['mean']:.1f} ± {row['exceptions']['half_width']:.1f} "
            f"| {_share(row['ordered_then_short'])} | {_share(row['fill_rate'])} | {_share(wrong)} "
            f"| {_share(row['perfect_order_rate'])} |"
        )
    n = rows[0]["exceptions"]["n"] if rows else 0
    note = f"Half-widths at 95 %, n = {n} replications, seeds {FIRST_SEED} to {FIRST_SEED + n - 1}."
    return "\n".join([*text, "", note])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m twin.run.wrong_books", description="What a wrong book does.")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    rows = table(asked.replications, asked.workers)
    print(json.dumps({"schema": "twin.wrong_books/1", "cells": rows}, indent=2) if asked.json else markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
