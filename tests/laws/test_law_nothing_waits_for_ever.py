"""Cases in which work once stood still, went in a circle or was forgotten; each a small day of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from facts_seen import FactsSeen
from random_days import MINI, NO_TIME, check_books, check_nothing_is_forgotten, in_time, run_of

from twin.run.commands import command_of
from twin.run.running import Run
from twin.spec.loading import load_scenario
from twin.wms import messages as m

NO_SLIPS = [f"methods.slips.{k}=0" for k in ("wrong_sku", "wrong_units", "left_out", "wrong_cart_position", "damage")]
SCANT = ["opening_stock.generate.face_cover_days=0", "opening_stock.generate.reserve_cover_days=0",
         "opening_stock.generate.face_min_units=4", "opening_stock.generate.book_right=1"]  # fmt: skip


def ran(*said: str, commands: tuple[dict[str, Any], ...] = ()) -> Run:
    with in_time(40):
        return run_of([*MINI, *said], commands)


def goes_well(run: Run) -> None:
    check_books(run)
    check_nothing_is_forgotten(run)


def desk_of(run: Run) -> Any:
    return next(iter(run.world.wms.sites.values()))


@pytest.mark.parametrize("loaders", ["1", "unlimited"])
def test_a_full_trailer_is_not_offered_again_and_again(loaders: str) -> None:
    vans = "carriers=[{name: van, departures: ['09:00', '10:00'], arrives_min_before: 60, capacity_handling_units: 2}]"
    goes_well(ran(*NO_TIME, vans, f"workforce.loaders.count={loaders}"))


def test_two_trailers_of_one_carrier_share_what_stands_in_the_lane() -> None:
    doors = "layout.doors=[{name: a, x_m: 2, y_m: -9, lane: lane}, {name: b, x_m: 5, y_m: -9, lane: lane}]"
    vans = (
        "carriers=[{name: van, departures: ['09:30', '09:40'], cutoff_min: 10, arrives_min_before: 80, "
        "capacity_handling_units: 3}]"
    )
    run = ran(*NO_TIME, doors, vans, "inbound.generate=null")
    goes_well(run)
    assert run.finish().kpis["orders_shipped"] == 6


def test_nobody_is_sent_to_empty_reserve_twice_before_it_is_counted() -> None:
    wrong = ["opening_stock.generate.book_right=0", "opening_stock.generate.face_cover_days=0.1"]
    loaded = load_scenario("one_order", [*MINI, *wrong, "demand.generate.units_per_line=20", "inbound.generate=null",
                                         "workforce.counters.count=0", "workforce.replenishers.count=2"])  # fmt: skip
    seen = FactsSeen("StockReplenished")
    run = Run(loaded, sinks=[seen])
    with in_time(40):
        run.advance(run.premises.horizon_ms)
        run.finish()
    found_nothing = [f["origin"] for f in seen["StockReplenished"] if not f["units"]]
    assert len(found_nothing) == len(set(found_nothing))
    goes_well(run)


def test_an_order_whose_sheet_is_keyed_after_its_truck_left_is_closed() -> None:
    slow = "methods.clerk.key_line_s={constant: 900}"
    run = ran("methods.picking=paper", slow, "demand.generate.max_orders=4", "carriers=[{name: van, departures: "
              "['08:30'], cutoff_min: 1, arrives_min_before: 30}]", *NO_SLIPS)  # fmt: skip
    goes_well(run)
    assert run.finish().kpis["orders_shipped"] > 0


def test_backorders_of_goods_that_no_order_may_have_do_not_go_in_a_circle() -> None:
    stale = ["assortment.generate.perishable_share=1", "assortment.generate.shelf_life_days=2",
             "demand.min_days_left=30", "policies.allocation=fefo"]  # fmt: skip
    goes_well(ran(*SCANT, *stale, "methods.short_lines=backorder", "policies.release=waveless",
                  "policies.promising=accept_all"))  # fmt: skip


def two_orders(tmp_path: Path, *said: str) -> Run:
    """Order A takes all four units of a SKU, order B waits for as many."""
    (tmp_path / "skus.csv").write_text("sku\nS1\nS2\n")
    (tmp_path / "stock.csv").write_text("location,sku,units,fixed_face\nA01-1-001-1L,S1,4,yes\nA02-1-001-1L,S2,9,yes\n")
    (tmp_path / "orders.csv").write_text(
        "order,line,sku,units,received_at\nA,1,S1,4,2026-03-02T08:00\nB,1,S1,4,2026-03-02T08:01\n"
    )
    files = [f"{key}={tmp_path / name}" for key, name in
             (("demand.orders_csv", "orders.csv"), ("assortment.csv.csv", "skus.csv"),
              ("opening_stock.csv.csv", "stock.csv"))]  # fmt: skip
    off = ["demand.generate=null", "assortment.generate=null", "opening_stock.generate=null"]
    return Run(load_scenario("one_order", [*off, *files, *said, "policies.promising=accept_all",
                                           "methods.short_lines=backorder", "workforce.pickers.count=0"]))  # fmt: skip


def test_a_cancelled_order_gives_its_units_to_a_backorder(tmp_path: Path) -> None:
    run = two_orders(tmp_path)
    run.advance(10 * 60_000)
    hand = desk_of(run).r.orders["B"]
    assert hand.lines["B-1"].backordered == 4
    assert run.give(command_of({"action": "cancel_order", "order": "A", "at_ms": 600_000})) is None
    assert hand.lines["B-1"].backordered == 0 and hand.lines["B-1"].held == 4
    goes_well(run)


def test_who_wants_fewer_units_gives_up_those_that_wait_first(tmp_path: Path) -> None:
    run = two_orders(tmp_path, "policies.release={name: wave, rules: {waves: [[late, '10:59', 0]]}}")
    run.advance(10 * 60_000)
    hand = desk_of(run).r.orders["B"]
    change = {"action": "change_order", "order": "B", "line": "B-1", "at_ms": 600_000}
    assert run.give(command_of({**change, "units": 1})) is None
    assert (hand.lines["B-1"].backordered, hand.open_units) == (1, 1)
    assert run.give(command_of({**change, "order": "A", "line": "A-1", "units": 2})) is None
    assert (hand.lines["B-1"].backordered, hand.lines["B-1"].held) == (0, 1)
    assert run.give(command_of({**change, "units": 0})) is None
    assert "B" not in desk_of(run).r.orders
    goes_well(run)


def test_a_count_takes_from_the_book_what_orders_in_the_pool_hold(tmp_path: Path) -> None:
    run = two_orders(tmp_path, "policies.release=waveless")
    run.advance(10 * 60_000)
    desk = desk_of(run)
    assert desk.tours.pool.keys() == {"A"}
    location = desk.tours.pool["A"][0].stock.place.location
    task = m.CountTask("main/count-000009", location)
    owner = next(iter(desk.r.book.by_sku))[0]
    desk.answers[m.CountConfirmed](
        m.CountConfirmed(600_000, "main", "main/counter-001", task, ((owner, "S1", None, 1),))
    )
    assert desk.r.book.units_at(location, (owner, "S1")) == 1
    assert desk.r.orders["A"].lines["A-1"].in_work <= 1
    check_books(run)
    check_nothing_is_forgotten(run)


def test_a_short_pick_in_an_outage_is_picked_elsewhere_later() -> None:
    outages = "faults=[{kind: wms_outage, per_h: 12, duration_s: 600}]"
    faces = ["opening_stock.generate.faces_per_sku=2", "opening_stock.generate.book_right=0",
             "opening_stock.generate.face_cover_days=0.3", "demand.generate.lines_per_order=8"]  # fmt: skip
    for seed in range(4):
        with in_time(40):
            goes_well(run_of([*MINI, *faces, outages, "equipment.cart_positions=8"], (), seed))


def test_a_device_is_swapped_once_where_devices_do_not_fail_by_themselves() -> None:
    seen = FactsSeen("EquipmentFailed")
    run = Run(
        load_scenario("one_order", [*MINI, "equipment.scanner_mtbf_h=unlimited", "demand.generate.lines_per_order=8",
                                    "faults=[{kind: device, target: picker, at: '08:20'}]"]),
        sinks=[seen],
    )  # fmt: skip
    run.advance(run.premises.horizon_ms)
    run.finish()
    assert len(seen["EquipmentFailed"]) == 1


def test_who_came_back_goes_home_with_the_shift_and_who_is_off_does_not_come() -> None:
    seen = FactsSeen("WorkerCheckedIn", "WorkerCheckedOut", "WorkerAbsent")
    run = Run(
        load_scenario("one_order", [*MINI, "workforce.pickers={count: 2, shifts: [{starts: '08:00', ends: '09:00'}]}",
                                    "faults=[{kind: absent_worker, target: picker, at: '08:10', duration_s: 600}, "
                                    "{kind: absent_worker, target: picker, at: '10:00', duration_s: 60}]"]),
        sinks=[seen],
    )  # fmt: skip
    run.advance(run.premises.horizon_ms)
    run.finish()
    assert len(seen["WorkerAbsent"]) == 1
    back = [f["at_ms"] for f in seen["WorkerCheckedIn"] if "picker" in f["worker"] and f["at_ms"]]
    assert len(back) == 1 and back[0] < 3_600_000
    home = [f["at_ms"] for f in seen["WorkerCheckedOut"] if "picker" in f["worker"]]
    assert len(home) == 3 and max(home) < 4_200_000


def test_an_aisle_closed_twice_opens_with_the_second() -> None:
    run = Run(load_scenario("one_order", MINI))
    block = {"action": "block_aisle", "aisle": "A01", "at_ms": 0}
    for seconds in (60, 600):
        run.give(command_of({**block, "duration_s": seconds}))
    aisle = next(a for name, a in run.world.first.aisles.items() if "A01" in name)
    run.advance(120_000)
    assert aisle.closed
    run.advance(700_000)
    assert not aisle.closed


def test_a_trailer_that_comes_before_its_asn_is_unloaded_when_it_is_announced(tmp_path: Path) -> None:
    asns = tmp_path / "asns.csv"
    asns.write_text(
        "trailer,expected_at,announced_at,lpn,sku,units\n"
        "T,2026-03-02T08:30,2026-03-02T09:30,P1,SKU00001,5\nT,2026-03-02T08:30,2026-03-02T09:30,P2,SKU00002,6\n"
    )
    seen = FactsSeen("TrailerDocked", "HandlingUnitReceived", "StockPutAway", "TrailerDeparted")
    run = Run(
        load_scenario("one_order", [*MINI, *NO_SLIPS, "inbound={}", f"inbound.asns_csv={asns}",
                                    "workforce.receivers.count=1", "workforce.putaway_drivers.count=1"]),
        sinks=[seen],
    )  # fmt: skip
    run.advance(run.premises.horizon_ms)
    goes_well(run)
    run.finish()
    docked = [f["at_ms"] for f in seen["TrailerDocked"] if f["action"] == "in"]
    assert docked == [30 * 60_000]
    assert [f["units"] for f in seen["HandlingUnitReceived"]] == [5, 6]
    assert min(f["at_ms"] for f in seen["HandlingUnitReceived"]) > 90 * 60_000
    assert len(seen["StockPutAway"]) == 2
    assert [f["trailer"] for f in seen["TrailerDeparted"] if f["action"] == "in"] == ["main/T"]
