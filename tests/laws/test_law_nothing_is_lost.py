"""Law 7, and the book's own sums, on days made hard on purpose."""

from __future__ import annotations

from typing import Any

import pytest
from random_days import check_books, check_nothing_is_forgotten

from twin.run.running import Run
from twin.spec.loading import load_scenario

DAY = ["demand.generate.orders_per_day=150", "horizon_h=9"]
PAPER = [f"methods.{k}=paper" for k in ("picking", "receiving", "putaway", "replenishing", "counting")]
SCANT = ["opening_stock.generate.reserve_cover_days=0", "opening_stock.generate.face_cover_days=0.05"]
HARD = {
    "paper": [*PAPER, "opening_stock.generate.book_right=0.3"],
    "backorders": [*SCANT, "methods.short_lines=backorder", "demand.generate.units_per_line=40"],
    "backorders on paper": [*SCANT, *PAPER, "methods.short_lines=backorder", "policies.promising=accept_all",
                            "demand.generate.units_per_line=40"],
    "complete or nothing": [*SCANT, "demand.ship_rule=order_complete", "demand.generate.units_per_line={constant: 20}"],
    "narrow": ["layout.aisle_capacity=1", "layout.pack_stations.pack.queue_places=1", "workforce.pickers.count=12"],
    "slips": [f"methods.slips.{k}=0.1" for k in
              ("wrong_sku", "wrong_units", "left_out", "wrong_cart_position", "wrong_label", "putaway_wrong_location",
               "putaway_wrong_units", "miscount", "damage")],
    "faults": ['faults=[{kind: device, per_h: 4}, {kind: conveyor, per_h: 2}, '
               '{kind: wms_outage, per_h: 0.5, duration_s: 900}, {kind: absent_worker, target: picker, per_h: 0.5}]'],
    "small carts": ["equipment.cart_positions=1", "equipment.cart_max_lines=2"],
    "dated goods": ["policies.allocation=fefo", "assortment.generate.perishable_share=1",
                    "assortment.generate.shelf_life_days=6", "opening_stock.generate.lots_per_sku=3"],
    "no stock check": [*SCANT, "policies.promising={name: stock_feed, rules: {feed_every_min: 60}}",
                       "demand.generate.units_per_line=30"],
    "unlimited": ["workforce.pickers.count=unlimited", "equipment.walking_speed_m_per_s=unlimited",
                  "equipment.wms_reply_s=0"],
}  # fmt: skip


@pytest.fixture(scope="module")
def ran() -> Any:
    days: dict[str, tuple[Run, Any]] = {}

    def run(name: str) -> tuple[Run, Any]:
        if name not in days:
            run = Run(load_scenario("quickstart", [*DAY, *HARD[name]]))
            run.advance(run.premises.horizon_ms)
            days[name] = (run, run.finish())
        return days[name]

    return run


@pytest.mark.parametrize("name", HARD)
def test_units_in_are_units_out_and_units_on_the_floor(ran: Any, name: str) -> None:
    run, _ = ran(name)
    run.world.check_nothing_is_lost()
    assert run.watch is not None
    run.watch.conservation.check()
    for site in run.world.sites.values():
        assert all(units > 0 for pile in site.truth.places.values() for units in pile.values())


@pytest.mark.parametrize("name", HARD)
def test_the_book_adds_up(ran: Any, name: str) -> None:
    run, _ = ran(name)
    for desk in run.world.wms.sites.values():
        book = desk.r.book
        on_hand: dict[Any, int] = dict.fromkeys(book.on_hand, 0)
        for stock in book.stocks.values():
            assert 0 <= stock.reserved <= stock.units, stock.stock
            if stock.usable:
                on_hand[stock.owner, stock.sku_id] += stock.units
        assert on_hand == book.on_hand
        held: dict[Any, int] = dict.fromkeys(book.held, 0)
        for hand in desk.r.orders.values():
            for x in hand.lines.values():
                assert 0 <= x.in_work <= x.held
                held[x.key] += x.held
            assert hand.open_units == sum(x.promised - x.picked - x.shorted - x.cancelled for x in hand.lines.values())
        assert held == book.held


@pytest.mark.parametrize("name", HARD)
def test_orders_in_are_orders_out_and_orders_open(ran: Any, name: str) -> None:
    run, result = ran(name)
    received = result.kpis["orders_received"]
    assert received > 40
    open_now = sum(len(desk.r.orders) + len(desk.r.packed) for desk in run.world.wms.sites.values())
    closed_short = received - result.kpis["orders_shipped"] - result.kpis["orders_unfinished"]
    assert closed_short >= 0
    assert open_now == result.kpis["orders_unfinished"]


SHIPPED = ["one_order", "quickstart", *(pytest.param(name, marks=pytest.mark.slow) for name in (
    "demo_before", "demo_after", "saturated", "reference", "oracles/mm1", "oracles/mm3", "oracles/md1",
    "oracles/errors", "oracles/belt", "oracles/belt_blocked"))]  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_loses_and_forgets_nothing(name: str) -> None:
    run = Run(load_scenario(name))
    run.advance(run.premises.horizon_ms)
    check_books(run)
    check_nothing_is_forgotten(run)
    kpis = run.finish().kpis
    assert run.watch is not None
    run.watch.conservation.check()
    in_hand = sum(len(desk.r.orders) + len(desk.r.packed) for desk in run.world.wms.sites.values())
    assert in_hand == kpis["orders_unfinished"] or run.premises.warmup_ms
