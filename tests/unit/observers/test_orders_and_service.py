from __future__ import annotations

import pytest

from tests.unit.observers.scenes import (
    H,
    booked,
    cancelled,
    departed,
    loaded,
    order,
    packed,
    shorted,
    staged,
    told,
    whole_way,
)
from twin.events import catalogue as c
from twin.events.chunk import Chunk
from twin.observers.run_context import RunContext
from twin.observers.service import Service
from twin.observers.throughput import Throughput
from twin.observers.travel import Travel

DAY = RunContext(horizon_ms=10 * H, warmup_ms=H)


def test_an_order_is_shipped_with_its_last_carton_and_not_before() -> None:
    facts = [
        *order(2 * H, "O", {"A": 1, "B": 2}, due=4 * H),
        booked(2 * H + 1, "O", "A", 1, "T1"),
        *packed(2 * H + 2, "O", "T1", "K1"),
        staged(2 * H + 3, "O", "K1"),
        loaded(3 * H, "O", "K1", "R1"),
        *departed(3 * H, "R1", {"K1": "O"}),
    ]
    half = told(Throughput(), facts).figures(DAY)
    assert (half["orders_shipped"], half["orders_unfinished"], half["lines_shipped"], half["units_shipped"]) == (
        0,
        1,
        1,
        1,
    )
    assert told(Service(), facts).figures(DAY)["order_processing_time_mean_s"] is None
    facts += [
        booked(3 * H + 1, "O", "B", 2, "T2"),
        *packed(3 * H + 2, "O", "T2", "K2"),
        staged(3 * H + 3, "O", "K2"),
        loaded(5 * H, "O", "K2", "R2"),
        *departed(5 * H, "R2", {"K2": "O"}),
    ]
    done = told(Throughput(), facts).figures(DAY)
    assert (done["orders_shipped"], done["orders_unfinished"], done["lines_shipped"], done["units_shipped"]) == (
        1,
        0,
        2,
        3,
    )
    assert done["throughput_lines_per_h"] == pytest.approx(2 / 9)
    assert done["throughput_orders_per_h"] == pytest.approx(1 / 9)
    served = told(Service(), facts).figures(DAY)
    assert served["order_processing_time_mean_s"] == 3600.003
    assert served["order_cycle_time_p95_s"] == 3 * 3600
    assert served["on_time_shipment"] == 0.0
    assert served["fill_rate"] == 1.0


def test_a_truck_that_only_came_or_is_only_loaded_ships_nothing() -> None:
    facts = [*order(2 * H, "O", {"A": 1}), *whole_way(3 * H, "O", {"A": 1}, 4 * H)]
    without = [f for f in facts if not isinstance(f, c.TrailerDeparted)]
    assert told(Throughput(), without).figures(DAY)["orders_shipped"] == 0
    arrived = [*without, c.TrailerDeparted(5 * H, "m", "R-O", "in", 0)]
    assert told(Throughput(), arrived).figures(DAY)["orders_shipped"] == 0
    assert told(Throughput(), facts).figures(DAY)["orders_shipped"] == 1


def test_paper_that_is_keyed_after_packing_still_finds_its_carton() -> None:
    facts = [*order(2 * H, "O", {"A": 1}), *whole_way(3 * H, "O", {"A": 1}, 4 * H)]
    late = [f._replace(at_ms=4 * H + 5) if isinstance(f, c.LinePicked) else f for f in facts]
    assert told(Service(), late).figures(DAY)["order_cycle_time_mean_s"] == 2 * 3600


def test_a_tote_that_goes_round_again_is_another_carton() -> None:
    first = [*order(2 * H, "O1", {"A": 1}), *whole_way(3 * H, "O1", {"A": 1}, 4 * H)]
    again = [*order(5 * H, "O2", {"A": 1}), booked(6 * H, "O2", "A", 1, "T-O1"), *packed(7 * H, "O2", "T-O1", "K2")]
    assert told(Throughput(), [*first, *again]).figures(DAY)["orders_shipped"] == 1


BACKORDER = c.LineBackordered(3 * H, "m", "O", "B", "own", "B", 2, "no_stock")


@pytest.mark.parametrize(
    ("fate", "shipped", "fill", "short", "on_time"),
    [
        (shorted(3 * H, "O", "B", 2), 1, 1 / 3, 0.5, 1.0),
        (shorted(2 * H, "O", "B", 2, "not_promised"), 1, 1 / 3, 0.0, 1.0),
        (cancelled(3 * H, "O", "B", 2), 1, 1.0, 0.0, 1.0),
        (BACKORDER, 0, 1 / 3, 0.5, 0.0),
        (None, 0, 1 / 3, 0.0, 0.0),
    ],
)
def test_units_that_do_not_come(fate: c.Fact | None, shipped: int, fill: float, short: float, on_time: float) -> None:
    facts = [*order(2 * H, "O", {"A": 1, "B": 2}, due=5 * H), *whole_way(3 * H, "O", {"A": 1}, 4 * H)]
    facts += [] if fate is None else [fate]
    counts, served = told(Throughput(), facts).figures(DAY), told(Service(), facts).figures(DAY)
    assert (counts["orders_shipped"], counts["orders_unfinished"]) == (shipped, 1 - shipped)
    assert served["fill_rate"] == pytest.approx(fill)
    assert served["ordered_then_short"] == short
    assert served["on_time_shipment"] == on_time


def test_an_order_closed_short_is_neither_shipped_nor_unfinished_nor_on_time() -> None:
    facts = [*order(2 * H, "O", {"A": 1}, due=9 * H), shorted(3 * H, "O", "A", 1)]
    counts, served = told(Throughput(), facts).figures(DAY), told(Service(), facts).figures(DAY)
    assert (counts["orders_received"], counts["orders_shipped"], counts["orders_unfinished"]) == (1, 0, 0)
    assert (served["on_time_shipment"], served["fill_rate"]) == (0.0, 0.0)


def test_a_cancelled_order_counts_as_received_only() -> None:
    for last in ([c.OrderCancelled(3 * H, "m", "O")], []):
        facts = [*order(2 * H, "O", {"A": 1}, due=9 * H), cancelled(3 * H, "O", "A", 1), *last]
        counts, served = told(Throughput(), facts).figures(DAY), told(Service(), facts).figures(DAY)
        assert (counts["orders_received"], counts["orders_shipped"], counts["orders_unfinished"]) == (1, 0, 0)
        assert (served["on_time_shipment"], served["fill_rate"]) == (None, None)


def test_units_missing_at_packing_are_not_shipped() -> None:
    told_so = c.ExceptionReported(3 * H + 500, "m", "k", "O", "A", "A", "m/a", 2, 3, "missing_at_packing")
    facts = [*order(2 * H, "O", {"A": 3}, due=5 * H), *whole_way(3 * H, "O", {"A": 3}, 4 * H), told_so]
    assert told(Throughput(), facts).figures(DAY)["orders_unfinished"] == 1
    facts.append(shorted(3 * H + 500, "O", "A", 1))
    done = told(Throughput(), facts).figures(DAY)
    assert (done["orders_shipped"], done["units_shipped"]) == (1, 2)


def test_units_missing_at_packing_count_for_the_carton_that_lacks_them() -> None:
    facts = [
        *order(2 * H, "O", {"A": 5}, due=5 * H),
        booked(3 * H, "O", "A", 2, "T1"), *packed(3 * H + 1, "O", "T1", "K1"), staged(3 * H + 2, "O", "K1"),
        loaded(3 * H + 3, "O", "K1", "R1"), *departed(4 * H, "R1", {"K1": "O"}),
        booked(4 * H, "O", "A", 3, "T2"),
        c.ExceptionReported(4 * H + 1, "m", "k", "O", "A", "A", "m/a", 0, 3, "missing_at_packing"),
        *packed(4 * H + 2, "O", "T2", "K2"),
    ]  # fmt: skip
    counts, served = told(Throughput(), facts).figures(DAY), told(Service(), facts).figures(DAY)
    assert (counts["units_shipped"], counts["orders_shipped"], served["fill_rate"]) == (2, 0, 0.4)
    nothing_left = told(Throughput(), [f for f in facts if f[0] >= 4 * H or f[0] == 2 * H]).figures(DAY)
    assert nothing_left["units_shipped"] == 0  # it was -3


def test_a_change_that_asks_for_more_keeps_the_order_open() -> None:
    for units, shipped in ((2, 0), (1, 1)):
        more = c.OrderChanged(2 * H + 1, "m", "O", "A", units, 1)
        facts = [*order(2 * H, "O", {"A": 1}), more, *whole_way(3 * H, "O", {"A": 1}, 4 * H)]
        assert told(Throughput(), facts).figures(DAY)["orders_shipped"] == shipped


def test_what_fell_short_and_is_asked_for_again_was_ordered_once() -> None:
    """Of 10 units 4 were not promised; the customer wants 8, then 12."""
    asked = [*order(2 * H, "O", {"A": 10}, due=9 * H), shorted(2 * H, "O", "A", 4, "not_promised")]
    for changes, ordered in (((8,), 10), ((12,), 12), ((8, 12), 12)):
        more = [c.OrderChanged(2 * H + n, "m", "O", "A", units, 10) for n, units in enumerate(changes, 1)]
        facts = [*asked, *more, *whole_way(3 * H, "O", {"A": changes[-1]}, 4 * H)]
        assert told(Throughput(), facts).figures(DAY)["orders_shipped"] == 1
        assert told(Service(), facts).figures(DAY)["fill_rate"] == pytest.approx(changes[-1] / ordered)


def test_the_warm_up_and_the_horizon_decide_who_counts() -> None:
    facts = []
    for name, at in (("early", H - 1), ("first", H), ("last", 10 * H - 1)):
        facts += order(at, name, {"A": 1}, due=at + H)
    facts += whole_way(H, "early", {"A": 1}, 2 * H) + whole_way(H, "first", {"A": 1}, 2 * H)
    counts, served = told(Throughput(), facts).figures(DAY), told(Service(), facts).figures(DAY)
    assert (counts["orders_received"], counts["orders_shipped"], counts["orders_unfinished"]) == (2, 1, 1)
    assert counts["throughput_orders_per_h"] == pytest.approx(2 / 9)  # what left in the window, whenever received
    assert served["on_time_shipment"] == 1.0  # "last" is due after the horizon
    assert served["order_cycle_time_mean_s"] == 3600


def test_times_by_priority_and_their_quantiles() -> None:
    facts = []
    for n in range(4):
        facts += order(2 * H, f"O{n}", {"A": 1}, priority=n // 2)
        facts += whole_way(2 * H + n * 10_000, f"O{n}", {"A": 1}, 5 * H)
    served = told(Service(), facts).figures(DAY)
    assert served["order_processing_time_mean_s"] == pytest.approx(17.0)
    assert served["order_processing_time_p95_s"] == pytest.approx(2 + 30 * 0.95)
    assert served["order_processing_time_by_priority"] == {
        "0": {"mean_s": 7.0, "p50_s": 7.0, "p95_s": pytest.approx(11.5)},
        "1": {"mean_s": 27.0, "p50_s": 27.0, "p95_s": pytest.approx(31.5)},
    }


def test_nothing_at_all_is_undefined() -> None:
    served = told(Service(), []).figures(DAY)
    assert served.pop("orders_late") == 0
    assert all(value is None or value == {} for value in served.values())
    assert told(Throughput(), []).figures(DAY)["orders_received"] == 0


def test_units_picked_on_top_keep_the_order_open_until_they_leave() -> None:
    facts = [*order(2 * H, "O", {"A": 2}, due=5 * H), *whole_way(3 * H, "O", {"A": 2}, 4 * H)]
    facts.append(booked(3 * H, "O", "A", 1, "T2"))
    assert told(Throughput(), facts).figures(DAY)["orders_unfinished"] == 1
    assert told(Service(), facts).figures(DAY)["order_processing_time_mean_s"] is None


def test_a_line_that_was_promised_nothing_cannot_fall_short_later() -> None:
    facts = [f._replace(units=0) if isinstance(f, c.LinePromised) else f for f in order(2 * H, "O", {"A": 1})]
    facts += [*order(2 * H, "P", {"B": 1}), shorted(3 * H, "P", "B", 1), shorted(3 * H, "O", "A", 1)]
    assert told(Service(), facts).figures(DAY)["ordered_then_short"] == 1.0


def test_what_happened_outside_the_window_does_not_count() -> None:
    facts = [*order(0, "O", {"A": 1}), *whole_way(1, "O", {"A": 1}, H - 1), *order(10 * H, "late", {"A": 1})]
    counts = told(Throughput(), facts).figures(DAY)
    assert counts["orders_received"] == 0
    assert counts["throughput_lines_per_h"] == counts["throughput_orders_per_h"] == 0


def test_a_chunk_seen_twice_counts_once() -> None:
    class Twice:
        def __init__(self) -> None:
            self.seen = Travel()

        def fold(self, chunk: Chunk) -> None:
            self.seen.fold(chunk)
            self.seen.picked.fold(chunk)
            self.seen.ways.fold(chunk)

    facts = [c.WorkerDeparted(2 * H, "m", "p", "a", "b", 1, 3000, "mm"), booked(2 * H, "O", "A", 1, "T")]
    facts.append(c.WorkerCheckedIn(H, "m", "p", "picker", "a"))
    assert told(Twice(), facts).seen.figures(DAY) == {"travel_m_per_line": 3.0}
