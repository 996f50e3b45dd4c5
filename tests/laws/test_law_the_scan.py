"""Law 1: the WMS knows only what was scanned, and only when it was; law 6: luck belongs to the line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.events.reading import read_events
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

DAY = ["demand.generate.orders_per_day=150", "horizon_h=8", "opening_stock.generate.book_right=1"]


def rows(folder: Path, kinds: list[str], columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    found = read_events(folder, columns, kinds).columns
    return list(zip(*(found[c] for c in columns), strict=True))


def test_the_wms_needs_no_simulator() -> None:
    code = (
        "import sys; sys.modules['simpy'] = None; import twin.wms.build, twin.wms.control, twin.policies.named as n\n"
    )
    code += "[r.classes for r in n.FAMILIES.values()]; assert 'twin.floor' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("method", "late"), [("barcode", False), ("paper", True)])
def test_paper_tells_the_book_later_than_a_scan(tmp_path: Path, method: str, late: bool) -> None:
    run_scenario(load_scenario("quickstart", [*DAY, f"methods.picking={method}"]), out=tmp_path / "run")
    taken: dict[str, int] = {}
    for line, at in rows(tmp_path / "run", ["UnitsTaken"], ("line", "at_ms")):
        taken.setdefault(line, at)
    booked = dict(rows(tmp_path / "run", ["LinePicked"], ("line", "at_ms")))
    both = sorted(taken.keys() & booked.keys())
    assert len(both) > 100
    lag = np.array([booked[x] - taken[x] for x in both])
    assert (lag > 0).all() if late else (np.median(lag) == 0)


def test_every_walk_says_how_long_it_takes_and_nobody_acts_on_the_way(tmp_path: Path) -> None:
    run_scenario(load_scenario("quickstart", DAY), out=tmp_path / "run")
    busy_until: dict[str, int] = {}
    kinds = ["WorkerDeparted", "UnitsTaken", "UnitsPlaced", "WorkEnded", "WorkerBlocked"]
    seen = 0
    for kind, worker, at, duration in rows(tmp_path / "run", kinds, ("kind", "worker", "at_ms", "duration_ms")):
        assert at >= busy_until.get(worker, 0), (kind, worker, at)
        if kind == "WorkerDeparted":
            busy_until[worker] = at + duration
            seen += 1
    assert seen > 100


def test_another_route_leaves_every_line_its_luck(tmp_path: Path) -> None:
    slips = ["methods.slips.wrong_units=0.2", "methods.slips.left_out=0.1", "methods.slips.damage=0"]
    made = []
    for number, routing in enumerate(("s_shape", "optimal")):
        folder = tmp_path / str(number)
        run_scenario(load_scenario("quickstart", [*DAY, *slips, f"policies.routing={routing}"]), out=folder)
        kinds = {
            (line, reason) for line, reason in rows(folder, ["SlipMade"], ("line", "reason"))
            if reason in ("wrong_units", "left_out")
        }  # fmt: skip
        ordered = set(rows(folder, ["LinePromised"], ("line", "sku", "expected_units")))
        made.append((kinds, ordered))
    assert made[0][1] == made[1][1]
    assert len(made[0][0]) > 20
    assert made[0][0] == made[1][0]


def test_an_idle_extra_counter_changes_nothing_for_the_others(tmp_path: Path) -> None:
    told = []
    for number, count in enumerate((1, 2)):
        folder = tmp_path / str(number)
        run_scenario(load_scenario("quickstart", [*DAY, f"workforce.counters.count={count}"]), out=folder)
        columns = ("at_ms", "kind", "worker", "order", "line", "location", "units", "duration_ms", "task")
        told.append([r for r in rows(folder, list(all_kinds()), columns) if r[2] != "main/counter-002"])
    assert told[0] == told[1]


def all_kinds() -> list[str]:
    from twin.events.catalogue import KINDS

    return [k for k in KINDS if k != "WorkerCheckedOut"]
