"""The real order lines, row by row: the counts stated beside the data, and a replay."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from twin.spec.unfold import unfold

ROOT = Path(os.environ.get("TWIN_BENCH_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
DATA = ROOT / "online_retail" / "online_retail_2010-12_2011-06.csv.gz"
absent = pytest.mark.skipif(
    not DATA.is_file(), reason=f"the Online Retail set is not at {DATA} (set TWIN_BENCH_DATA to the folder above it)"
)


@absent
def test_every_rule_leaves_the_rows_that_are_stated() -> None:
    loaded = load_scenario("online_retail", [f"demand.orders_csv={DATA}"])
    report = unfold(loaded, 1).cleaning
    with (DATA.parent / "expected_counts.csv").open(newline="") as file:
        stated = [[int(row[k]) for k in ("rows", "orders", "skus", "units")] for row in csv.DictReader(file)]
    found = [[r["kept"], r["orders"], r["skus"], r["units"]] for r in report[:7]]
    assert found == stated[:7]
    assert all(r["rows"] == r["kept"] + sum(r["refused"].values()) for r in report)
    december = report[-1]
    assert (december["orders"], december["kept"]) == (1550, 40370)


@absent
@pytest.mark.slow
def test_a_month_of_real_orders_adds_up() -> None:
    loaded = load_scenario("online_retail", [f"demand.orders_csv={DATA}"])
    result = run_scenario(loaded)
    kpis = result.kpis
    assert kpis["orders_received"] == 1550
    assert kpis["orders_shipped"] + kpis["orders_unfinished"] == 1550
    assert kpis["lines_shipped"] == 40370
    assert run_scenario(loaded).digest == result.digest
