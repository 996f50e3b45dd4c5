"""What is bought from which supplier, and when: textbook numbers, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.reordering import (
    REORDERING,
    Reordering,
    ReorderingRules,
    ReorderingSnapshot,
    StockPosition,
    SupplierTerms,
)


def terms(name: str = "acme", **more: Any) -> SupplierTerms:
    given: dict[str, Any] = {
        "rank": 1, "lead_days": 4.0, "lead_sd_days": 1.0, "lead_shape": "gamma", "late_share": 0.0, "late_days": 0.0,
        "fill_share": 1.0, "order_multiple": 1, "min_units": 0, "unit_cents": 500, "order_cents": 2000,
    } | more  # fmt: skip
    return SupplierTerms(supplier=name, **given)  # type: ignore[arg-type]


def position(on_hand: int, *suppliers: SupplierTerms, **more: Any) -> StockPosition:
    given: dict[str, Any] = {
        "owner": "us", "sku": "tea", "on_order": 0, "committed": 0, "per_day": 10.0, "per_day_sd": 3.0,
        "forecast": (10.0, 10.0), "forecast_sd": 3.0, "max_units": None, "shelf_days": None,
    } | more  # fmt: skip
    return StockPosition(on_hand=on_hand, suppliers=suppliers or (terms(),), **given)


def order(name: str, *positions: StockPosition, weekday: int = 0, **rules: Any) -> Reordering:
    snapshot = ReorderingSnapshot(now_ms=0, book_version=0, on_day=100, weekday=weekday, positions=positions)
    return REORDERING[name](rules=ReorderingRules(**rules))(snapshot)


def units(found: Reordering) -> list[int]:
    return [row.units for row in found.orders]


def test_s_and_capital_s() -> None:
    # P = 5: M = 50, z = 2.0537, safety = z sqrt(5 x 9 + 100 x 1) = 24.73; s = 75, S = 75 + 140
    assert units(order("s_S", position(76))) == []
    assert units(order("s_S", position(75))) == [140]
    assert units(order("s_S", position(60, on_order=40, committed=30))) == [145]
    assert order("s_S", position(75)).orders[0].expected_on_day == 104
    assert units(order("s_S", position(10), reorder_units=10, up_to_units=50)) == [40]


def test_r_and_q() -> None:
    # P = 4: M = 40, safety = z sqrt(4 x 9 + 100) = 23.95; R = 64; Q = sqrt(2 x 365 x 10 x 2000 / (0.2 x 500)) = 382.1
    assert units(order("R_Q", position(65))) == []
    assert units(order("R_Q", position(64))) == [383]
    assert units(order("R_Q", position(0, committed=319))) == [2 * 383]
    assert units(order("R_Q", position(64, terms(unit_cents=0, order_multiple=12)))) == [12]


def test_the_forecast_repeats_its_last_day() -> None:
    assert units(order("forecast_based", position(75))) == []
    assert units(order("forecast_based", position(74))) == [141]
    # 20 + 4 x 5 over five days
    rising = position(0, forecast=(20.0, 5.0), forecast_sd=0.0, per_day_sd=0.0)
    flat = order("forecast_based", position(0, terms(lead_sd_days=0.0), forecast=(20.0, 5.0), forecast_sd=0.0))
    assert units(flat) == [20 + 18 * 5]
    # the deviation of the lead time weighs with the demand of a day, as in s_S: z sqrt(10 x 10 x 1) = 20.54
    assert units(order("forecast_based", rising)) == [131]


def test_late_suppliers_count_with_their_lateness() -> None:
    # L = 4 + 0.5 x 2 = 5, var = 0.25 x 4 = 1
    late = terms(lead_sd_days=0.0, late_share=0.5, late_days=2.0)
    assert (late.effective_days, late.variance) == (5.0, 1.0)
    assert order("s_S", position(0, late)).orders[0].expected_on_day == 105


def test_multiples_minimum_fill_and_caps() -> None:
    assert units(order("s_S", position(75, terms(order_multiple=24)))) == [144]
    assert units(order("s_S", position(75, terms(min_units=200)))) == [200]
    assert units(order("s_S", position(75, terms(fill_share=0.7)))) == [200]
    assert units(order("s_S", position(75, terms(order_multiple=24), max_units=175))) == [96]
    assert units(order("s_S", position(75, shelf_days=9))) == [50]
    full = order("s_S", position(75, terms(order_multiple=24), max_units=80))
    assert [(r.subject, r.code) for r in full.rejected] == [("tea", "order_minimum")]
    stale = order("s_S", position(75, shelf_days=4))
    assert [(r.subject, r.code) for r in stale.rejected] == [("tea", "shelf_life")]


def test_the_supplier_is_chosen_by_rank_price_and_lead_time() -> None:
    rows = [
        terms("slow", lead_days=9.0),
        terms("dear", unit_cents=501),
        terms("second", rank=2),
        terms("b"),
        terms("a"),
    ]
    assert order("s_S", position(0, *rows)).orders[0].supplier == "a"
    assert order("s_S", position(0, rows[0], rows[1])).orders[0].supplier == "slow"


def test_ships_on_delays_and_no_demand_only_lifts_to_zero() -> None:
    tuesdays = terms(ships_on=(1,))
    assert order("s_S", position(0, tuesdays), weekday=2).orders[0].expected_on_day == 100 + 6 + 4
    assert units(order("s_S", position(0, per_day=0.0, forecast=()))) == []
    assert units(order("s_S", position(0, committed=7, per_day=0.0, forecast=()))) == [7]
    nobody = StockPosition(
        owner="us", sku="tea", on_hand=-1, on_order=0, committed=0, per_day=1.0, per_day_sd=0.0, forecast=(),  # type: ignore[arg-type]
        forecast_sd=0.0, max_units=None, shelf_days=None, suppliers=(),
    )  # fmt: skip
    assert [(r.subject, r.code) for r in order("s_S", nobody).rejected] == [("tea", "no_supplier")]


def test_least_cover_is_ordered_first_and_a_wrong_service_is_told() -> None:
    rows = [position(50, sku="b"), position(20, sku="a"), position(20, sku="c", per_day=100.0)]
    assert [row.sku for row in order("s_S", *rows).orders] == ["c", "a", "b"]
    with pytest.raises(PolicyError, match="service must lie between 0 and 1"):
        order("s_S", position(0), service=1.0)


def test_without_demand_nothing_is_ordered_whatever_the_rule_and_the_forecast() -> None:
    """R_Q ordered a lot here, as R = 0 and the position stands at it."""
    still = {"per_day": 0.0, "forecast": (10.0,), "per_day_sd": 0.0}
    assert units(order("R_Q", position(0, **still))) == []
    assert units(order("R_Q", position(0, committed=7, **still))) == [7]
    assert units(order("s_S", position(0, **(still | {"per_day_sd": 5.0})))) == []
    assert units(order("forecast_based", position(0, **(still | {"forecast_sd": 0.0})))) == [190]
    assert units(order("forecast_based", position(0, **(still | {"forecast": (0.0,)})))) == []


def test_a_position_in_need_without_a_supplier_is_told() -> None:
    for name in REORDERING:
        nobody = replace(position(0), suppliers=())
        assert [(r.subject, r.code) for r in order(name, nobody).rejected] == [("tea", "no_supplier")]
        assert order(name, replace(nobody, on_hand=10_000)).rejected == ()
