"""Recordings that differ in one planted thing, for tests of two runs side by side."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

HOURS = 3


def recorded(folder: Path, *overrides: str, scenario: str = "quickstart", **given: Any) -> Path:
    """A short recorded day."""
    run_scenario(load_scenario(scenario, [f"horizon_h={HOURS}", *overrides]), out=folder, **given)
    return folder


def tampered(folder: Path, into: Path, *statements: str) -> Path:
    """A copy of a recording with its events changed by SQL on the table `events`; they are numbered anew."""
    shutil.copytree(folder, into)
    path = into / "events.parquet"
    con = duckdb.connect()
    con.execute(f"CREATE TABLE events AS SELECT seq * 10 AS place, * FROM read_parquet('{folder / 'events.parquet'}')")
    for statement in statements:
        con.execute(statement)
    columns = [row[0] for row in con.execute("DESCRIBE events").fetchall() if row[0] not in ("place", "seq")]
    con.execute(
        f"""COPY (SELECT row_number() OVER (ORDER BY place) - 1 AS seq, {", ".join(f'"{c}"' for c in columns)}
        FROM events ORDER BY place) TO '{path}' (FORMAT parquet)"""
    )
    con.close()
    return into


def rows_of(folder: Path, kinds: Sequence[str]) -> list[int]:
    """The numbers of events of some kinds."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    path = folder / "events.parquet"
    sql = f"SELECT seq FROM read_parquet('{path}') WHERE kind IN ({listed}) ORDER BY seq"
    con = duckdb.connect()
    found = con.execute(sql).fetchall()
    con.close()
    return [row[0] for row in found]
