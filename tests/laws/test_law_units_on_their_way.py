"""Goods in the house are not called short: units that a move brings to the face, pallets that wait for a place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from facts_seen import FactsSeen
from random_days import MINI, check_books, check_nothing_is_forgotten, in_time, run_of

from twin.domain.errors import SpecError
from twin.run.commands import command_of
from twin.run.running import Run
from twin.spec.loading import load_scenario

KINDS = ("LineWaits", "LineShorted", "LinePicked", "PolicyDecided", "CartonClosed", "GoodsPacked", "TrailerDeparted",
         "StockPutAway", "HandlingUnitReceived", "StockReplenished")  # fmt: skip
NO_SLIPS = [f"methods.slips.{k}=0" for k in ("wrong_sku", "wrong_units", "left_out", "wrong_cart_position", "damage")]


def day_of(tmp_path: Path, orders: str, stock: str, *said: str) -> tuple[Run, FactsSeen]:
    """Files of orders and stock over a mini warehouse whose third aisle is reserve."""
    (tmp_path / "skus.csv").write_text("sku\nS1\nS2\n")
    (tmp_path / "stock.csv").write_text("location,sku,units,floor_units,fixed_face,min_units,max_units\n" + stock)
    (tmp_path / "orders.csv").write_text("order,line,sku,units,received_at\n" + orders)
    files = [f"{key}={tmp_path / name}" for key, name in
             (("demand.orders_csv", "orders.csv"), ("assortment.csv.csv", "skus.csv"),
              ("opening_stock.csv.csv", "stock.csv"))]  # fmt: skip
    off = ["demand.generate=null", "assortment.generate=null", "opening_stock.generate=null"]
    zones = next(s for s in MINI if s.startswith("layout.zones"))
    seen = FactsSeen(*KINDS)
    return Run(load_scenario("one_order", [zones, *off, *files, *NO_SLIPS, "workforce.replenishers.count=1", *said]),
               sinks=[seen]), seen  # fmt: skip


def finished(run: Run) -> dict[str, Any]:
    with in_time(40):
        run.advance(run.premises.horizon_ms)
    check_books(run)
    check_nothing_is_forgotten(run)
    return dict(run.finish().kpis)


SLOW_MOVE = "methods.handling.replenish_pick_up_s=600"
TWO_ORDERS = "A,1,S1,3,2026-03-02T08:00\nB,2,S1,6,2026-03-02T08:01\n"
ALL_MOVES = "A01-1-001-1L,S1,4,4,yes,3,12\nA03-1-001-1L,S1,8,8,no,,\n"


@pytest.mark.parametrize("ship_rule", ["partial", "line_complete"])
def test_units_that_a_move_brings_are_waited_for(tmp_path: Path, ship_rule: str) -> None:
    run, seen = day_of(tmp_path, TWO_ORDERS, ALL_MOVES, f"demand.ship_rule={ship_rule}")
    kpis = finished(run)
    assert [(f["line"], f["reason"]) for f in seen["LineWaits"]] == [("B-2", "replenishment")]
    assert not seen["LineShorted"]
    assert sum(f["units"] for f in seen["LinePicked"] if f["line"] == "B-2") == 6
    assert kpis["orders_shipped"] == 2 and kpis["ordered_then_short"] == 0


def test_what_a_move_brings_waits_on_while_its_order_is_held(tmp_path: Path) -> None:
    run, seen = day_of(tmp_path, TWO_ORDERS, ALL_MOVES)
    run.advance(61_000)
    assert [(f["line"], f["reason"]) for f in (run.stream.seal() or seen)["LineWaits"]] == [("B-2", "replenishment")]
    hold = {"action": "hold_work", "at_ms": 61_000}
    assert run.give(command_of(hold)) is None
    run.advance(3_600_000)
    run.stream.seal()
    assert seen["StockReplenished"] and not [f for f in seen["LinePicked"] if f["order"] == "B"]
    assert run.give(command_of({**hold, "action": "release_work"})) is None
    kpis = finished(run)
    assert sum(f["units"] for f in seen["LinePicked"] if f["line"] == "B-2") == 6
    assert kpis["orders_shipped"] == 2 and kpis["ordered_then_short"] == 0


def test_a_move_that_finds_nothing_leaves_the_line_short_after_all(tmp_path: Path) -> None:
    run, seen = day_of(tmp_path, TWO_ORDERS, ALL_MOVES.replace("S1,8,8", "S1,8,0"))
    kpis = finished(run)
    assert [f["units"] for f in seen["StockReplenished"]] == [0]
    assert sum(f["units"] for f in seen["LineShorted"]) == 5
    assert kpis["orders_shipped"] == 2


@pytest.mark.parametrize("method", ["barcode", "paper"])
def test_wait_for_face_waits(tmp_path: Path, method: str) -> None:
    orders, stock = "A,1,S1,4,2026-03-02T08:00\n", ALL_MOVES.replace("S1,4,4", "S1,4,0")
    said = (f"methods.picking={method}", "workforce.replenishers.count=0")
    more = command_of({"action": "add_workers", "role": "replenisher", "at_ms": 3_600_000})
    run, seen = day_of(tmp_path, orders, stock, "policies.pick_exceptions=wait_for_face", *said)
    run.advance(3_600_000)
    assert run.give(more) is None
    finished(run)
    chosen = [f["choice"] for f in seen["PolicyDecided"] if f["family"] == "pick_exceptions"]
    assert chosen == ["wait"]
    assert sum(f["units"] for f in seen["LinePicked"]) == 4 and not seen["LineShorted"]
    (tmp_path / "again").mkdir()
    run, seen = day_of(tmp_path / "again", orders, stock, "policies.pick_exceptions=ship_short", *said)
    finished(run)
    assert sum(f["units"] for f in seen["LineShorted"]) == 4


def test_a_pallet_without_a_place_is_put_away_when_a_place_comes_free() -> None:
    tight = [
        s.replace("places: 200", "places: 1").replace("trailers_per_day: 40", "trailers_per_day: 90") for s in MINI
    ]
    seen = FactsSeen("StockPutAway", "PolicyDecided")
    hold = ["opening_stock.generate.reserve_cover_days=0", "assortment.generate.units_per_pallet=480",
            "demand.generate.units_per_line=12",
            "opening_stock.generate.face_cover_days=0.02", "demand.generate.max_orders=250"]  # fmt: skip
    run = Run(load_scenario("one_order", [*tight, *hold, "horizon_h=8", *BUSY]), sinks=[seen])
    finished(run)
    nowhere = {f["handling_unit"] for f in seen["PolicyDecided"]
               if f["family"] == "putaway" and f["choice"] == "no_location"}  # fmt: skip
    later = nowhere & {f["handling_unit"] for f in seen["StockPutAway"]}
    assert nowhere and later


BUSY = [f"workforce.{role}.count=3" for role in ("pickers", "receivers", "putaway_drivers", "replenishers")]


def test_a_tote_of_which_nothing_is_found_becomes_no_carton(tmp_path: Path) -> None:
    run, seen = day_of(
        tmp_path, "A,1,S1,4,2026-03-02T08:00\nB,2,S2,1,2026-03-02T08:00\n",
        "A01-1-001-1L,S1,9,9,yes,0,9\nA02-1-001-1L,S2,9,9,yes,0,9\n", "methods.slips.left_out=1",
        "methods.packing_checks=[every_unit]", "methods.every_unit.skip=0",
    )  # fmt: skip
    finished(run)
    assert all(f["units"] > 0 for f in seen["GoodsPacked"])
    assert len(seen["CartonClosed"]) == len(seen["GoodsPacked"])


def test_a_carton_is_closed_with_the_units_booked_into_it(tmp_path: Path) -> None:
    run, seen = day_of(tmp_path, TWO_ORDERS, "A01-1-001-1L,S1,9,9,yes,0,9\n", "equipment.cart_positions=4")
    finished(run)
    assert sorted((f["order"], f["units"], f["expected_units"]) for f in seen["CartonClosed"]) == [
        ("A", 3, 3), ("B", 6, 6)
    ]  # fmt: skip


def test_a_command_that_nobody_would_carry_out_is_refused() -> None:
    late = command_of({"action": "cancel_order", "order": "A", "at": "+3h"})
    with pytest.raises(SpecError, match="cancel_order at 3 h: the run ends at 3 h"):
        Run(load_scenario("one_order"), commands=[late])
    run = run_of([*MINI], ())
    assert "horizon" in str(run.give(command_of({"action": "cancel_order", "order": "A", "at_ms": 0})))
