"""Order times of tiny days told by hand: each part has an answer that can be added up on paper."""

from __future__ import annotations

from typing import Any

import pytest
from scenes import told

from twin.events import catalogue as c
from twin.events.catalogue import Fact
from twin.observers.order_times import OrderTimes, Times
from twin.observers.time_parts import PARTS, STATES

M = "m"
PICKER, PACKER, CLERK = "m/p1", "m/k1", "m/c1"


def decided(at: int, family: str, choice: str = "x", line: str | None = None, units: int | None = None) -> Fact:
    order = None if line is None else "O"
    return c.PolicyDecided(at, M, family, "rule", 1, choice, None, order, line, units=units)


def received(at: int = 0, *lines: str) -> list[Fact]:
    """An order of two units a line."""
    lines = lines or ("L1",)
    first: list[Fact] = [
        c.OrderReceived(at, M, "O", "own", "C", 2 * len(lines), None, 1, "priority", "promise", "dhl"),
        decided(at, "promising"),
    ]
    return first + [c.LinePromised(at, M, "O", line, "own", f"S{line}", 2, 2, at) for line in lines]


def until_released(released: int, *lines: str) -> list[Fact]:
    """Promised and allocated at once, released later; each line allocated then."""
    facts = received(0, *lines)
    facts += [
        c.OrderPromised(0, M, "O", 2, 2, None, "stock"),
        c.OrderAllocated(0, M, "O", 2, 2, "release"),
        c.OrderReleased(released, M, "O", "batch"),
    ]
    return facts + [decided(released, "allocation", "a", line, 2) for line in lines or ("L1",)]


def batched(at: int, tour: str, tote: str, order: str = "O") -> Fact:
    return c.OrderBatched(at, M, order, tour, tote, "worker")


def set_out(at: int, tour: str, worker: str = PICKER) -> list[Fact]:
    return [
        c.TaskCreated(at, M, tour, "pick", "m/depot"),
        c.TourStarted(at, M, tour, worker, 1, 1, "mm"),
        c.WorkStarted(at, M, worker, "pick", tour, tour),
    ]


def goes(at: int, to: str, took: int, worker: str = PICKER) -> Fact:
    return c.WorkerDeparted(at, M, worker, "m/x", to, took, took, "mm")


def takes(at: int, place: str, scan: int | None = None, line: str = "L1", worker: str = PICKER) -> Fact:
    return c.UnitsTaken(at, M, worker, "own", f"S{line}", None, place, "T", 2, "O", line, scan)


def books(at: int, tour: str, tote: str, line: str = "L1", units: int = 2) -> Fact:
    return c.LinePicked(at, M, PICKER, "O", line, "own", f"S{line}", None, "m/a", tote, tour, units, 2)


def back(at: int, tour: str, worker: str = PICKER) -> list[Fact]:
    return [c.TaskEnded(at, M, tour, worker, "pick"), c.WorkEnded(at, M, worker, "pick", 0, tour, tour)]


def packed(arrives: int, begins: int, ends: int, tote: str, carton: str) -> list[Fact]:
    return [
        c.StationArrived(arrives, M, "m/pack", tote, "O"),
        c.ServiceStarted(begins, M, "m/pack", PACKER, tote, begins - arrives, "O"),
        c.ServiceEnded(ends, M, "m/pack", PACKER, tote, ends - begins, "O"),
        c.CartonClosed(ends, M, PACKER, "m/pack", "O", "O#1", carton, 2, 2, "staging", tote),
    ]


def gone(staged: int, docked: int, loaded: int, left: int, carton: str, trailer: str = "R") -> list[Fact]:
    return [
        c.HandlingUnitStaged(staged, M, "O", "O#1", carton, "m/lane", "dhl", "truck"),
        c.TrailerDocked(docked, M, trailer, "m/door", "out", "dhl"),
        c.HandlingUnitLoaded(loaded, M, "m/l1", "O", "O#1", carton, trailer, "m/door", "dhl", "departure"),
        c.TrailerDeparted(left, M, trailer, "out", 1),
    ]


def times_of(facts: list[Fact], horizon: int = 1_000_000) -> Times:
    sink: OrderTimes = told(OrderTimes(), facts)
    times = sink.times(horizon)
    assert (sum(times.parts.values()) == times.whole_ms).all()  # type: ignore[attr-defined]
    return times


def parts_of(facts: list[Fact], horizon: int = 1_000_000) -> dict[str, int]:
    """The parts of the only order that are not 0."""
    times = times_of(facts, horizon)
    return {name: int(column[0]) for name, column in times.parts.items() if column[0]}


def line_of(times: Times) -> str | None:
    return times.names.name(int(times.line[0]))


def steps(times: Times) -> list[tuple[Any, ...]]:
    return [(s.part, s.deed, s.from_ms, s.to_ms) for s in times.steps(0)]


def test_a_whole_life_has_all_its_parts() -> None:
    facts = [
        *received(),
        c.OrderPromised(100, M, "O", 2, 2, None, "stock"),
        c.OrderAllocated(250, M, "O", 2, 2, "release"),
        c.OrderReleased(1_250, M, "O", "batch"),
        decided(1_250, "allocation", "m/a", "L1", 2),
        batched(3_250, "t", "T"),
        c.TaskCreated(3_250, M, "t", "pick", "m/depot"),
        c.TourStarted(7_250, M, "t", PICKER, 1, 1, "mm"),
        c.WorkStarted(7_550, M, PICKER, "pick", "t", "t"),  # 300 for the reply
        goes(8_550, "m/aisle", 2_000),  # 1,000 to set up the cart
        c.WorkerBlocked(10_550, M, PICKER, "m/aisle"),
        c.WorkerUnblocked(15_550, M, PICKER, "m/aisle", 5_000),
        goes(15_550, "m/a", 3_000),
        takes(25_000, "m/a", 1_450),  # 5,000 to search and pick
        books(25_000, "t", "T"),
        goes(25_000, "m/depot", 4_000),
        *back(30_000, "t"),  # 1,000 to put the tote down
        c.BeltEntered(30_500, M, "m/belt", "T", 9_000),
        *packed(40_000, 47_000, 60_000, "T", "K"),
        *gone(62_000, 70_000, 75_000, 100_000, "K"),
    ]
    times = times_of(facts)
    assert {name: int(column[0]) for name, column in times.parts.items()} == {
        "promise": 100, "stock": 150, "release": 1_000, "batch": 2_000, "worker": 4_000, "aisle": 5_000,
        "walking": 9_000, "search_and_pick": 5_000, "scan_and_retry": 1_750, "cart": 2_000, "keying": 0,
        "conveyor": 10_000, "consolidation": 0, "packing": 20_000, "staging": 2_000, "lane": 0, "truck": 38_000,
        "other": 0,
    }  # fmt: skip
    assert steps(times)[5:] == [
        ("scan_and_retry", "reply", 7_250, 7_550), ("cart", "set_up", 7_550, 8_550),
        ("walking", "", 8_550, 10_550), ("aisle", "", 10_550, 15_550), ("walking", "", 15_550, 18_550),
        ("search_and_pick", "", 18_550, 23_550), ("scan_and_retry", "scan", 23_550, 25_000),
        ("walking", "", 25_000, 29_000), ("cart", "put_down", 29_000, 30_000), ("conveyor", "", 30_000, 40_000),
        ("packing", "queue", 40_000, 47_000), ("packing", "bench", 47_000, 60_000), ("staging", "", 60_000, 62_000),
        ("truck", "trailer", 62_000, 70_000), ("truck", "loading", 70_000, 75_000),
        ("truck", "departure", 75_000, 100_000),
    ]  # fmt: skip
    assert times.processed_ms.tolist() == [62_000] and times.end_ms.tolist() == [100_000]
    assert STATES[times.state[0]] == "shipped" and line_of(times) == "L1"


def test_without_a_belt_the_wait_for_a_place_is_packing() -> None:
    facts = [
        *until_released(10), batched(20, "t", "T"), *set_out(30, "t"), goes(30, "m/a", 5), takes(40, "m/a"),
        books(40, "t", "T"), goes(40, "m/depot", 10), *back(60, "t"), *packed(70, 90, 100, "T", "K"),
        *gone(100, 50, 110, 120, "K"),
    ]  # fmt: skip
    assert parts_of(facts) == {
        "release": 10, "batch": 10, "worker": 10, "walking": 15, "search_and_pick": 5, "cart": 10, "packing": 40,
        "truck": 20,
    }  # fmt: skip


def test_a_tour_for_many_counts_with_all_that_was_done_on_it() -> None:
    """Walking and picking for the other order before and after are of this order's time too."""
    facts = [
        *until_released(0), batched(0, "t", "T"), batched(0, "t", "T2", "other"), *set_out(0, "t"),
        goes(0, "m/b", 7), takes(20, "m/b", 3, "other"), goes(20, "m/a", 5), takes(30, "m/a", 2), books(30, "t", "T"),
        goes(30, "m/c", 4), takes(50, "m/c", 6, "other"), goes(50, "m/depot", 8), *back(60, "t"),
        *packed(60, 60, 70, "T", "K"), *gone(70, 0, 70, 70, "K"),
    ]  # fmt: skip
    assert parts_of(facts) == {
        "walking": 24, "search_and_pick": 10 + 3 + 10, "scan_and_retry": 11, "cart": 2, "packing": 10,
    }  # fmt: skip


def test_another_device_is_fetched_before_the_way_is_walked() -> None:
    facts = [
        *until_released(0), batched(0, "t", "T"), *set_out(0, "t"), goes(0, "m/a", 5),
        c.EquipmentFailed(0, M, "m/p1/device", "device", PICKER, 100), c.EquipmentRepaired(100, M, "d", 100, PICKER),
        takes(112, "m/a", 4), books(112, "t", "T"), *back(112, "t"), *packed(112, 112, 112, "T", "K"),
        *gone(112, 0, 112, 112, "K"),
    ]  # fmt: skip
    times = times_of(facts)
    assert steps(times) == [
        ("scan_and_retry", "device", 0, 100), ("walking", "", 100, 105), ("search_and_pick", "", 105, 108),
        ("scan_and_retry", "scan", 108, 112),
    ]  # fmt: skip


def test_a_way_longer_than_the_time_it_took_is_not_explained() -> None:
    facts = [
        *until_released(0), batched(0, "t", "T"), *set_out(0, "t"), goes(0, "m/a", 50), takes(40, "m/a"),
        books(40, "t", "T"), *back(40, "t"), *packed(40, 40, 40, "T", "K"), *gone(40, 0, 40, 40, "K"),
    ]  # fmt: skip
    assert parts_of(facts) == {"other": 40}


def test_a_fault_told_by_paper_waits_for_the_clerk_and_goes_out_again() -> None:
    facts = [
        *until_released(0), batched(0, "t", "T"), *set_out(0, "t"), goes(0, "m/a", 10), goes(25, "m/depot", 10),
        c.WorkEnded(40, M, PICKER, "pick", 40, "t", "t"),
        c.WorkStarted(100, M, CLERK, "key", "t"),
        c.ExceptionReported(130, M, PICKER, "O", "L1", "SL1", "m/a", 0, 2, "empty", "t"),
        decided(130, "pick_exceptions", "recover", "L1", 2),
        c.LineWaits(130, M, "O", "L1", "worker"),
        batched(130, "t2", "T2"),
        *set_out(180, "t2"), goes(180, "m/b", 20), takes(210, "m/b"), goes(210, "m/depot", 5),
        c.WorkEnded(216, M, PICKER, "pick", 36, "t2", "t2"), *packed(216, 216, 226, "T2", "K"),
        *gone(230, 0, 230, 300, "K"), books(400, "t2", "T2"),
    ]  # fmt: skip
    times = times_of(facts)
    assert {n: int(v[0]) for n, v in times.parts.items() if v[0]} == {
        "walking": 20 + 25, "search_and_pick": 15 + 10, "cart": 5 + 1, "keying": 90, "worker": 50, "packing": 10,
        "staging": 4, "truck": 70,
    }  # fmt: skip
    assert [s for s in steps(times) if s[0] == "keying"] == [("keying", "tray", 40, 100), ("keying", "sheet", 100, 130)]


def test_a_fault_told_by_scanner_cuts_the_tour() -> None:
    facts = [
        *until_released(0), batched(0, "t", "T"), *set_out(0, "t"), goes(0, "m/a", 10),
        c.ExceptionReported(25, M, PICKER, "O", "L1", "SL1", "m/a", 0, 2, "empty", "t"),
        c.LineWaits(25, M, "O", "L1", "worker"), batched(25, "t2", "T2"),
        goes(30, "m/depot", 10), *back(50, "t"),
        *set_out(60, "t2"), goes(60, "m/b", 5), takes(70, "m/b"), books(70, "t2", "T2"), *back(70, "t2"),
        *packed(70, 70, 70, "T2", "K"), *gone(70, 0, 70, 80, "K"),
    ]  # fmt: skip
    assert parts_of(facts) == {"walking": 15, "search_and_pick": 20, "worker": 35, "truck": 10}


def backordered(at: int) -> Fact:
    return c.LineBackordered(at, M, "O", "L2", "own", "SL2", 2, "no_stock", None, 1)


def test_backordered_units_wait_for_goods_while_the_others_are_picked() -> None:
    """The line that was there has left long before: the one that came last tells the time."""
    facts = [
        *received(0, "L1", "L2"), c.OrderPromised(0, M, "O", 4, 4, None, "stock"), backordered(0),
        c.OrderAllocated(0, M, "O", 2, 4, "release"), c.OrderReleased(5, M, "O", "batch"),
        decided(5, "allocation", "m/a", "L1", 2), batched(10, "t", "T"), *set_out(10, "t"), takes(20, "m/a"),
        books(20, "t", "T"), *back(20, "t"), *packed(20, 20, 20, "T", "K"), *gone(20, 20, 20, 30, "K"),
        c.LineWaits(500, M, "O", "L2", "release"), c.OrderReleased(540, M, "O", "batch"),
        decided(540, "allocation", "m/b", "L2", 2), batched(600, "t2", "T2"), *set_out(600, "t2"), goes(600, "m/b", 6),
        takes(610, "m/b", None, "L2"), books(610, "t2", "T2", "L2"), *back(610, "t2"),
        *packed(610, 610, 610, "T2", "K2"), *gone(610, 610, 610, 700, "K2", "R2"),
    ]  # fmt: skip
    times = times_of(facts)
    assert line_of(times) == "L2"
    assert {n: int(v[0]) for n, v in times.parts.items() if v[0]} == {
        "stock": 500, "release": 40, "batch": 60, "walking": 6, "search_and_pick": 4, "truck": 90,
    }  # fmt: skip


def test_a_line_parked_for_a_move_waits_for_stock_after_its_release() -> None:
    facts = [
        *until_released(10), decided(10, "allocation", "none", "L2", 0),
        c.LineWaits(10, M, "O", "L2", "replenishment", 6), decided(90, "allocation", "m/b", "L2", 2),
        batched(100, "t", "T"), *set_out(100, "t"), takes(105, "m/a"), books(105, "t", "T"),
        takes(110, "m/b", None, "L2"), books(110, "t", "T", "L2"), *back(110, "t"), *packed(110, 110, 110, "T", "K"),
        *gone(110, 0, 110, 110, "K"),
    ]  # fmt: skip
    facts = [*received(0, "L1", "L2"), *(f for f in facts if not isinstance(f, c.OrderReceived | c.LinePromised))]
    cause = sorted(facts, key=lambda f: f[0]).index(next(f for f in facts if getattr(f, "choice", "") == "none"))
    facts = [f._replace(cause=cause) if isinstance(f, c.LineWaits) else f for f in facts]
    times = times_of(facts)
    assert line_of(times) == "L2"
    assert steps(times)[:3] == [("release", "", 0, 10), ("stock", "move", 10, 90), ("batch", "", 90, 100)]


def test_of_lines_picked_at_one_time_the_first_by_id_tells() -> None:
    facts = [
        *until_released(0, "L2", "L1"), batched(0, "t", "T"), *set_out(0, "t"), takes(9, "m/a"),
        books(9, "t", "T", "L2"),
        books(9, "t", "T", "L1"), *back(9, "t"), *packed(9, 9, 9, "T", "K"), *gone(9, 0, 9, 9, "K"),
    ]  # fmt: skip
    assert line_of(times_of(facts)) == "L1"


def test_of_cartons_on_one_truck_the_one_staged_last_tells() -> None:
    facts = [
        *until_released(0, "L1", "L2"), batched(0, "t", "T"), batched(0, "u", "U"), *set_out(0, "t"), takes(9, "m/a"),
        books(9, "t", "T"), *back(9, "t"), *set_out(0, "u", "m/p2"), takes(20, "m/b", None, "L2", "m/p2"),
        books(20, "u", "U", "L2"), *back(20, "u", "m/p2"), *packed(20, 20, 30, "U", "KU"), *gone(30, 0, 95, 99, "KU"),
        *packed(9, 30, 80, "T", "KT"), *gone(81, 0, 90, 99, "KT"),
    ]  # fmt: skip
    facts = [f for i, f in enumerate(facts) if not isinstance(f, c.TrailerDeparted) or f not in facts[:i]]
    times = times_of(facts)
    assert line_of(times) == "L1" and times.processed_ms.tolist() == [81]
    assert {n: int(v[0]) for n, v in times.parts.items() if v[0]} == {
        "cart": 9, "packing": 71, "staging": 1, "truck": 18,
    }  # fmt: skip


def taken_back(at: int) -> Fact:
    return c.LineWaits(at, M, "O", "L1", "taken_back")


AGAIN: list[Fact] = [
    c.OrderReleased(100, M, "O", "batch"), decided(100, "allocation", "m/a", "L1", 2), batched(105, "u", "U"),
    *set_out(112, "u"), takes(120, "m/a"), books(120, "u", "U"), *back(120, "u"), *packed(120, 120, 130, "U", "K"),
    *gone(130, 135, 140, 150, "K"),
]  # fmt: skip


def test_a_released_order_taken_back_waits_for_its_second_release() -> None:
    """Out of a task that nobody had begun: it had waited 4 for a tour and 6 for a worker."""
    begun = [*until_released(10), batched(14, "t", "T"), taken_back(20)]
    assert steps(times_of([*begun, *AGAIN]))[:5] == [
        ("release", "", 0, 10), ("batch", "", 10, 14), ("worker", "", 14, 20), ("release", "", 20, 100),
        ("batch", "", 100, 105),
    ]  # fmt: skip
    assert steps(times_of(begun, 50))[-1] == ("release", "", 20, 50)


def test_an_order_taken_back_out_of_the_pool_or_from_before_a_move() -> None:
    pool = [*until_released(10), taken_back(20)]
    assert steps(times_of([*pool, *AGAIN]))[:3] == [
        ("release", "", 0, 10), ("batch", "", 10, 20), ("release", "", 20, 100)
    ]  # fmt: skip
    moved = [
        *until_released(10),
        c.LineWaits(10, M, "O", "L1", "replenishment", len(until_released(10)) - 1),
        taken_back(20),
    ]
    assert steps(times_of([*moved, *AGAIN]))[:3] == [
        ("release", "", 0, 10), ("stock", "move", 10, 20), ("release", "", 20, 100)
    ]  # fmt: skip


LIFE: list[Fact] = [
    *received(), c.OrderPromised(5, M, "O", 2, 2, None, "stock"), c.OrderAllocated(10, M, "O", 2, 2, "release"),
    c.OrderReleased(20, M, "O", "batch"), decided(20, "allocation", "m/a", "L1", 2), batched(30, "t", "T"),
    *set_out(40, "t"), goes(40, "m/a", 6), takes(50, "m/a"), books(50, "t", "T"), goes(50, "m/depot", 5),
    *back(60, "t"), *packed(70, 80, 90, "T", "K"), *gone(100, 110, 120, 130, "K"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("until", "last"),
    [(5, "stock"), (10, "release"), (20, "batch"), (30, "worker"), (40, "walking"), (50, "walking"), (60, "packing"),
     (70, "packing"), (80, "packing"), (90, "staging"), (100, "truck"), (120, "truck")],
)  # fmt: skip
def test_an_open_order_counts_up_to_the_horizon(until: int, last: str) -> None:
    """Told up to a moment, and looked at 3 ms later."""
    times = times_of([f for f in LIFE if f[0] <= until], until + 3)
    assert STATES[times.state[0]] == "open"
    assert times.whole_ms.tolist() == [until + 3]
    found = steps(times)
    assert found[-1][0] == last and found[-1][3] == until + 3
    assert not times.parts["other"].any()
    whole = times_of(LIFE)
    assert [s for s in steps(whole) if s[3] <= until] == [s for s in found if s[3] <= until]


def test_a_cancelled_order_counts_up_to_its_cancellation() -> None:
    facts = [
        *until_released(10), c.LineCancelled(25, M, "O", "L1", 2, "customer"), c.OrderCancelled(25, M, "O", "customer"),
    ]  # fmt: skip
    times = times_of(facts)
    assert STATES[times.state[0]] == "cancelled" and times.end_ms.tolist() == [25]
    assert steps(times) == [("release", "", 0, 10), ("batch", "", 10, 25)]


def test_an_order_that_fell_short_counts_up_to_that() -> None:
    facts = [
        *until_released(10), batched(10, "t", "T"), *set_out(12, "t"), goes(12, "m/a", 4),
        c.ExceptionReported(20, M, PICKER, "O", "L1", "SL1", "m/a", 0, 2, "empty", "t"),
        decided(20, "pick_exceptions", "short", "L1", 0),
        c.LineShorted(20, M, "O", "L1", "own", "SL1", 2, "no_stock"), goes(20, "m/depot", 4), *back(25, "t"),
    ]  # fmt: skip
    times = times_of(facts)
    assert STATES[times.state[0]] == "closed_short" and times.end_ms.tolist() == [20]
    assert {n: int(v[0]) for n, v in times.parts.items() if v[0]} == {
        "release": 10, "worker": 2, "walking": 4, "search_and_pick": 4,
    }  # fmt: skip


def test_what_no_fact_explains_is_other() -> None:
    """Batched, and nothing says since when it was offered to batching."""
    facts = [
        *received(), batched(30, "t", "T"), *set_out(40, "t"), takes(50, "m/a"), books(50, "t", "T"), *back(50, "t"),
        *packed(50, 50, 50, "T", "K"), *gone(50, 0, 50, 50, "K"),
    ]  # fmt: skip
    assert parts_of(facts) == {"other": 30, "worker": 10, "cart": 10}


def test_no_orders_have_no_times() -> None:
    times = times_of([c.WorkerCheckedIn(0, M, PICKER, "picker", "m/depot")])
    assert len(times.order) == 0 and times.find("O") is None
    assert list(times.parts) == list(PARTS)
