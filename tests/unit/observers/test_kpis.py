from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.unit.observers.scenes import H, order, shorted, stock, told, whole_way
from twin.events import catalogue as c
from twin.events.journal import JournalWriter
from twin.events.reading import read_chunks
from twin.events.stream import EventStream
from twin.observers.kpis import KPIS
from twin.observers.run_context import RunContext
from twin.observers.watch import Watch, compute
from twin.session import Session
from twin.spec.loading import load_scenario

DAY = RunContext(
    horizon_ms=10 * H, floor_m2=50.0, location_count=100, servers={"m/pack": 1}, cost_per_h={"picker": 12.0}
)
WANTED = [
    "orders_received", "orders_shipped", "orders_unfinished", "lines_shipped", "units_shipped",
    "throughput_lines_per_h", "throughput_orders_per_h", "order_processing_time_mean_s",
    "order_processing_time_p50_s", "order_processing_time_p95_s", "order_processing_time_by_priority",
    "order_cycle_time_mean_s", "order_cycle_time_p50_s", "order_cycle_time_p95_s", "on_time_shipment",
    "order_picking_accuracy", "line_picking_accuracy", "unit_picking_accuracy", "perfect_order_rate",
    "customers_hit", "fill_rate", "ordered_then_short", "inventory_record_accuracy",
    "lines_per_labour_h", "labour_hours",
    "travel_m_per_line", "utilisation", "aisle_blocked_share", "dock_to_stock_mean_s", "storage_utilisation",
    "locations_per_m2", "floor_m2", "labour_cost_per_order",
    "labour_cost", "overtime_hours", "overtime_cost", "orders_late", "orders_wrong", "stations",
]  # fmt: skip


def a_day() -> list[c.Fact]:
    facts: list[c.Fact] = [c.WorkerCheckedIn(0, "m", "m/p1", "picker", "m/door")]
    for n in range(300):
        at = n * 60_000
        facts += order(at, f"O{n}", {"A": 1, "B": 1 + n % 3}, due=at + 2 * H, customer=f"C{n % 7}", priority=n % 2)
        facts.append(c.WorkerDeparted(at, "m", "m/p1", "m/door", "m/a", 9, 12_000, "mm"))
        facts += whole_way(at + 5000, f"O{n}", {"A": 1, "B": 1 + n % 3}, at + H + n % 5 * H)
        facts.append(c.StationArrived(at + 5100, "m", "m/pack", f"T-O{n}"))
        facts.append(c.ServiceStarted(at + 5200, "m", "m/pack", "m/k1", f"T-O{n}", 100))
        if n % 11 == 0:
            facts.append(shorted(at, f"O{n}", "B", 1))
    return sorted(facts, key=lambda f: f[0])


OPENING = [stock("m/a", "A", 1000), stock("m/a", "B", 1000, book=990)]


def watch() -> Watch:
    return Watch(OPENING, {"m/a": 5000.0}, {("own", "A"): 1.0, ("own", "B"): 2.0})


def test_every_figure_is_defined_once_and_computed() -> None:
    assert set(WANTED) == set(KPIS)
    figures = compute(told(watch(), a_day()), DAY)
    assert list(figures) == list(KPIS)
    assert all(kpi.definition.endswith(".") and kpi.unit for kpi in KPIS.values())
    assert figures["orders_received"] == 300
    assert figures["locations_per_m2"] == 2.0
    assert figures["travel_m_per_line"] == 6.0
    assert figures["lines_per_labour_h"] == figures["throughput_lines_per_h"]
    left_in_time = sum(1 for n in range(300) if n * 60_000 + H + n % 5 * H <= 10 * H and n % 11)
    assert abs(figures["labour_cost_per_order"] * left_in_time - 120.0) < 30  # type: ignore[operator]


def test_nothing_at_all_gives_counts_of_zero_and_nulls() -> None:
    figures = compute(told(Watch(), []), RunContext(horizon_ms=H))
    zeros = {
        "orders_received",
        "orders_shipped",
        "orders_unfinished",
        "lines_shipped",
        "units_shipped",
        "customers_hit",
        "orders_late",
        "orders_wrong",
    }
    zeros |= {"throughput_lines_per_h", "throughput_orders_per_h"}
    for name, value in figures.items():
        assert value == 0 if name in zeros else value in (None, {}), name


def test_fold_of_the_live_stream_equals_fold_of_the_replay(tmp_path: Path) -> None:
    """Whether the journal was merged, left in groups, or the stream sealed at odd moments for a viewer."""
    live, journal, broken_off = watch(), JournalWriter(tmp_path / "a", group_events=2000), JournalWriter(tmp_path / "b")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    stream = EventStream([live, journal, broken_off])
    for number, fact in enumerate(a_day()):
        stream.emit(fact)
        if number % 700 == 0:
            stream.seal()
    stream.close()
    journal.finish()
    broken_off.stop()
    for folder in ("a", "b"):
        replay = watch()
        for chunk in read_chunks(tmp_path / folder):
            replay.fold(chunk)
        assert compute(replay, DAY) == compute(live, DAY)
        assert replay.digest.value() == live.digest.value()
        assert replay.conservation.figures() == live.conservation.figures()
        assert replay.stations.littles_law(10 * H) == live.stations.littles_law(10 * H)


def test_figures_may_be_asked_on_the_way_and_change_nothing() -> None:
    asked, quiet = watch(), watch()
    stream = EventStream([asked])
    for number, fact in enumerate(a_day()):
        stream.emit(fact)
        if number % 500 == 0:
            stream.seal()
            compute(asked, DAY)
    stream.close()
    assert compute(asked, DAY) == compute(told(quiet, a_day()), DAY)


def test_watching_leaves_the_digest_unchanged() -> None:
    from twin.events.digest import Digest

    assert told(Digest(), a_day()).value() == told(watch(), a_day()).digest.value()


def test_figures_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import json; from tests.unit.observers.test_kpis import *; "
        "print(json.dumps(compute(told(watch(), a_day()), DAY)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert found == {json.dumps(compute(told(watch(), a_day()), DAY)) + "\n"}


def test_a_run_that_is_looked_at_in_its_warm_up_has_no_rates_yet() -> None:
    session = Session(load_scenario("one_order", ["warmup_h=2"]))
    for at_ms in (0, H, 2 * H):
        session.advance(at_ms)
        figures = session.figures()
        assert figures["throughput_lines_per_h"] is None
        assert figures["stations"]["main/pack"]["utilisation"] is None  # type: ignore[index, call-overload]
