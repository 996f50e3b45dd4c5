"""Every key figure in one place: its name, unit, side and definition. `twin explain-kpi` and the docs print these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure. `better`: the direction of improvement; `side`: whose facts it reads."""

    name: str
    unit: str
    better: Literal["higher", "lower"] | None
    side: Literal["book", "floor", "both"]
    definition: str
    undefined_when: str = "never"


_COHORT = "Orders received between warm-up and horizon"
_NO_TIMES = "no such order was finished by the horizon"
_PROCESSING = (
    "from OrderReceived to the HandlingUnitStaged of the order's last handling unit, over orders received between "
    "warm-up and horizon and staged by the horizon"
)
_CYCLE = (
    "from OrderReceived to the departure of the trailer that carries the order's last handling unit, over orders "
    "received between warm-up and horizon and shipped by the horizon"
)


def _times(name: str, what: str) -> tuple[Kpi, ...]:
    by_linear = "(linear interpolation between order statistics)"
    return (
        Kpi(f"{name}_mean_s", "s", "lower", "book", f"Mean time {what}.", _NO_TIMES),
        Kpi(f"{name}_p50_s", "s", "lower", "book", f"Median time {what} {by_linear}.", _NO_TIMES),
        Kpi(f"{name}_p95_s", "s", "lower", "book", f"95th percentile of the time {what} {by_linear}.", _NO_TIMES),
    )


_ALL = (
    Kpi("orders_received", "orders", None, "book", f"{_COHORT} and found valid."),
    Kpi(
        "orders_shipped", "orders", "higher", "book",
        f"{_COHORT} and shipped by the horizon: every unit still wanted (ordered less shorted less cancelled) has left "
        "with a trailer. Backordered units keep an order open.",
    ),
    Kpi(
        "orders_unfinished", "orders", "lower", "book",
        f"{_COHORT} and at the horizon neither shipped, nor cancelled, nor closed because all its units were shorted.",
    ),
    Kpi(
        "lines_shipped", "lines", "higher", "book",
        "Lines of orders received between warm-up and horizon of which every unit still wanted has left.",
    ),
    Kpi(
        "units_shipped", "units", "higher", "book",
        "Units of orders received between warm-up and horizon that were confirmed as picked and have left.",
    ),
    Kpi(
        "throughput_lines_per_h", "lines/h", "higher", "book",
        "Lines that left whole between warm-up and horizon, whenever received, per hour between the two.",
    ),
    Kpi(
        "throughput_orders_per_h", "orders/h", "higher", "book",
        "Orders that left whole between warm-up and horizon, whenever received, per hour between the two.",
    ),
    *_times("order_processing_time", _PROCESSING),
    Kpi(
        "order_processing_time_by_priority", "s", "lower", "book",
        f"mean_s, p50_s and p95_s of the time {_PROCESSING}, for each priority.",
        "a priority without such an order is left out",
    ),
    *_times("order_cycle_time", _CYCLE),
    Kpi(
        "on_time_shipment", "share", "higher", "book",
        f"{_COHORT}, not cancelled and due by the horizon: the share shipped by their due time. Unfinished counts as "
        "late, and so does an order whose units were all shorted.",
        "no order was due by the horizon",
    ),
    Kpi(
        "order_picking_accuracy", "share", "higher", "both",
        "Shipped orders of which, SKU by SKU, what truly left under the order's label equals what the order still "
        "wants (ordered less openly shorted less cancelled), over all shipped orders. Units broken on the way count "
        "as picked right.",
        "no order was shipped",
    ),
    Kpi(
        "line_picking_accuracy", "share", "higher", "both",
        "Lines of shipped orders of which the SKU left under the order's label in just the units wanted.",
        "no order was shipped",
    ),
    Kpi(
        "unit_picking_accuracy", "share", "higher", "both",
        "Over shipped orders: units that left and were wanted / the greater of units wanted and units that left, order "
        "by order. So a missing, a surplus and a swapped unit are one error each.",
        "no order was shipped",
    ),
    Kpi(
        "perfect_order_rate", "share", "higher", "both",
        f"{_COHORT}, not cancelled, that were shipped, fell due by the horizon, or were closed short: the share that "
        "left right (as in order_picking_accuracy), complete (nothing ever short or backordered), undamaged and on "
        "time.",
        "no order was shipped or due",
    ),
    Kpi(
        "customers_hit", "customers", "lower", "both",
        "Different customers who were sent at least one order that was not exactly right.",
    ),
    Kpi(
        "fill_rate", "share", "higher", "book",
        f"{_COHORT}, not cancelled, that were shipped, fell due by the horizon, or were closed short: units shipped / "
        "units ordered less cancelled.",
        "no order was shipped or due",
    ),
    Kpi(
        "ordered_then_short", "share", "lower", "book",
        "Lines of orders received between warm-up and horizon that were promised units and later fell short or were "
        "backordered, over all lines that were promised units; waiting for announced goods as promised is neither.",
        "no line was promised",
    ),
    Kpi(
        "inventory_record_accuracy", "share", "higher", "both",
        "At the horizon, stock lines (location, owner, SKU, lot) in storage locations whose units on the book equal "
        "those on the floor, over all that either side has. What paper has not yet told the book counts as wrong.",
        "there is no stock",
    ),
    Kpi(
        "lines_per_labour_h", "lines/h", "higher", "both",
        "Lines that left whole between warm-up and horizon / hours on shift of all roles, breaks included.",
        "nobody was on shift",
    ),
    Kpi(
        "labour_hours", "h", "lower", "floor",
        "Hours that people of all roles were at work (tasks and station services, cut at the horizon, overlaps once) "
        "between warm-up and horizon.",
        "nobody was on shift",
    ),
    Kpi(
        "travel_m_per_line", "m", "lower", "both",
        "Metres that pickers set out to go / different lines picked, both between warm-up and horizon.",
        "no line was picked",
    ),
    Kpi(
        "utilisation", "share", None, "floor",
        "By role: time at work (tasks and station services, cut at the horizon, overlaps once) / time on shift less "
        "breaks, between warm-up and horizon.",
        "a role that was never on shift is left out",
    ),
    Kpi(
        "aisle_blocked_share", "share", "lower", "floor",
        "Time pickers waited for room in an aisle / their time at work, between warm-up and horizon.",
        "no picker worked",
    ),
    Kpi(
        "dock_to_stock_mean_s", "s", "lower", "book",
        "Mean time from TrailerDocked to the StockPutAway of each handling unit booked away between warm-up and "
        "horizon.",
        "nothing was put away",
    ),
    Kpi(
        "storage_utilisation", "share", None, "floor",
        "Volume of the goods truly in storage locations that have a volume, as a mean over the time from warm-up to "
        "horizon / volume of those locations.",
        "storage locations have no volume",
    ),
    Kpi("locations_per_m2", "1/m2", "higher", "floor", "Locations / floor_m2.", "the area is not known"),
    Kpi("floor_m2", "m2", None, "floor", "Area of the layout.", "the layout states none"),
    Kpi(
        "labour_cost_per_order", "money", "lower", "both",
        "Hours on shift of each role, breaks included, times its cost per hour / orders that left whole, between "
        "warm-up and horizon.",
        "no order left, nobody was on shift, or a role has no cost",
    ),
    Kpi(
        "labour_cost", "money", "lower", "both",
        "Hours on shift of each role, breaks included, times its cost per hour, between warm-up and horizon.",
        "nobody was on shift, or a role has no cost",
    ),
    Kpi(
        "overtime_hours", "h", "lower", "both",
        "Hours that people of all roles stayed after the end of their shift, between warm-up and horizon.",
        "nobody was on shift",
    ),
    Kpi(
        "overtime_cost", "money", "lower", "both",
        "overtime_hours by role times its cost per hour: what they cost beside their surcharge, if they are paid.",
        "nobody was on shift, or a role has no cost",
    ),
    Kpi(
        "orders_late", "orders", "lower", "book",
        f"{_COHORT}, not cancelled and due by the horizon, that were not shipped by their due time.",
    ),
    Kpi(
        "orders_wrong", "orders", "lower", "both",
        "Shipped orders of which what truly left is not what the order still wants, as in order_picking_accuracy.",
    ),
    Kpi(
        "stations", "by station", None, "floor",
        "For each station, between warm-up and horizon: arrivals; served (services ended); wait_mean_s and p_wait "
        "(mean wait and share that waited, over services begun); utilisation (time in service / benches x time).",
        "wait_mean_s and p_wait: no service began; utilisation: benches are unlimited",
    ),
)  # fmt: skip

KPIS: dict[str, Kpi] = {kpi.name: kpi for kpi in _ALL}
"""By name, in the order in which results list them."""
