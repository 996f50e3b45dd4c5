from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.observers.scenes import H, booked, told
from twin.events import catalogue as c
from twin.observers import kept, matching
from twin.observers.inbound import Inbound
from twin.observers.run_context import RunContext
from twin.observers.stations import Stations
from twin.observers.travel import Travel
from twin.observers.utilisation import Utilisation, labour_cost
from twin.observers.waiting import Waiting

DAY = RunContext(horizon_ms=10 * H, warmup_ms=2 * H, servers={"m/pack": 2}, cost_per_h={"picker": 10.0, "packer": 20.0})


@pytest.fixture(autouse=True, params=["whole", "in shares"])
def _share_by_share(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in shares":
        monkeypatch.setattr(matching, "SHARE_ROWS", 2)
        monkeypatch.setattr(kept, "BLOCK_ROWS", 3)


def came(at: int, worker: str, role: str) -> c.Fact:
    return c.WorkerCheckedIn(at, "m", worker, role, "m/door")


def work(start: int, end: int, worker: str) -> list[c.Fact]:
    return [c.WorkStarted(start, "m", worker, "pick"), c.WorkEnded(end, "m", worker, "pick", end - start)]


def test_time_on_shift_at_work_and_on_breaks() -> None:
    facts = [
        came(0, "p1", "picker"), c.WorkerCheckedOut(6 * H, "m", "p1", "picker"),
        c.BreakStarted(3 * H, "m", "p1", "picker", 9), c.BreakEnded(4 * H, "m", "p1", "picker"),
        *work(H, 3 * H, "p1"),
        came(4 * H, "p2", "picker"), c.WorkStarted(9 * H, "m", "p2", "pick"),
        came(0, "k1", "packer"),
        c.ServiceStarted(8 * H, "m", "m/pack", "k1", "T", 0), c.ServiceEnded(9 * H, "m", "m/pack", "k1", "T", H),
        *work(8 * H, 9 * H, "k1"), *work(5 * H, 6 * H, "nobody"),
    ]  # fmt: skip
    observer = told(Utilisation(), facts)
    labour = observer.labour(DAY)
    assert labour.on_shift_ms == {"picker": 4 * H + 6 * H, "packer": 8 * H}
    assert labour.on_break_ms == {"picker": H}
    assert labour.at_work_ms == {"picker": H + H, "packer": H}  # the packer's task and service overlap
    assert labour.hours == 18.0
    assert labour_cost(labour, DAY) == 10 * 10.0 + 8 * 20.0
    assert labour_cost(labour, RunContext(horizon_ms=10 * H, cost_per_h={"picker": 1.0})) is None
    assert observer.figures(DAY) == {"utilisation": {"packer": 1 / 8, "picker": 2 / 9}}


def test_a_shift_that_follows_a_shift_is_no_overtime() -> None:
    facts = [
        c.WorkerCheckedIn(0, "m", "p1", "picker", "m/door", 4 * H),
        c.WorkerCheckedIn(4 * H, "m", "p1", "picker", "m/door", 8 * H),
        c.WorkerCheckedOut(9 * H, "m", "p1", "picker"),
    ]  # fmt: skip
    labour = told(Utilisation(), facts).labour(RunContext(horizon_ms=10 * H))
    assert labour.on_shift_ms == {"picker": 9 * H}
    assert labour.overtime_ms == {"picker": H}


def test_ways_and_waits_belong_to_the_role_of_their_time() -> None:
    facts = [
        came(0, "w", "picker"), c.WorkerDeparted(3 * H, "m", "w", "x", "y", 1, 8_000, "mm"), *work(3 * H, 5 * H, "w"),
        booked(4 * H, "O", "A", 1, "T"), c.WorkerBlocked(3 * H, "m", "w", "m/a"),
        c.WorkerUnblocked(4 * H, "m", "w", "m/a", H),
        c.WorkerCheckedOut(5 * H, "m", "w", "picker"), came(5 * H, "w", "packer"),
        c.WorkerDeparted(6 * H, "m", "w", "x", "y", 1, 500_000, "mm"),
    ]  # fmt: skip
    assert told(Travel(), facts).figures(DAY) == {"travel_m_per_line": 8.0}
    assert told(Waiting(), facts).figures(DAY) == {"aisle_blocked_share": 0.5}


def test_who_still_stands_before_a_full_aisle_at_the_horizon_has_waited_till_then() -> None:
    facts = [came(0, "w", "picker"), c.WorkStarted(6 * H, "m", "w", "pick"), c.WorkerBlocked(7 * H, "m", "w", "m/a")]
    assert told(Waiting(), facts).figures(DAY) == {"aisle_blocked_share": 0.75}


def test_a_station_that_nothing_came_to_is_told_too() -> None:
    idle = {"arrivals": 0, "served": 0, "wait_mean_s": None, "p_wait": None, "utilisation": 0.0}
    assert told(Stations(), []).figures(DAY) == {"stations": {"m/pack": idle}}


def test_travel_is_of_pickers_and_waiting_of_the_window() -> None:
    facts = [
        came(0, "p1", "picker"), came(0, "d1", "driver"), *work(2 * H, 6 * H, "p1"),
        c.WorkerDeparted(H, "m", "p1", "x", "y", 1, 500_000, "mm"),
        c.WorkerDeparted(3 * H, "m", "p1", "x", "y", 1, 30_000, "mm"),
        c.WorkerDeparted(3 * H, "m", "d1", "x", "y", 1, 900_000, "mm"),
        booked(3 * H, "O", "A", 1, "T"), booked(3 * H, "O", "A", 1, "T"), booked(3 * H, "O", "B", 1, "T"),
        booked(3 * H, "O", "C", 0, "T"), booked(H, "O", "D", 1, "T"),
        c.WorkerUnblocked(2 * H + H // 2, "m", "p1", "m/a", H),
        c.WorkerUnblocked(5 * H, "m", "d1", "m/a", H),
    ]  # fmt: skip
    assert told(Travel(), facts).figures(DAY) == {"travel_m_per_line": 15.0}
    assert told(Waiting(), facts).figures(DAY) == {"aisle_blocked_share": pytest.approx(0.5 / 4)}
    assert told(Travel(), []).figures(DAY) == {"travel_m_per_line": None}


def test_dock_to_stock_counts_from_the_door_of_its_own_trailer() -> None:
    def put(at: int, unit: str) -> c.Fact:
        return c.StockPutAway(at, "m", "w", unit, "own", "A", 1, "m/a")

    def received(at: int, unit: str, trailer: str) -> c.Fact:
        return c.HandlingUnitReceived(at, "m", "w", unit, trailer, "own", "A", 1, 1, "m/lane")

    facts = [
        c.TrailerDocked(H, "m", "R1", "d", "in"), c.TrailerDocked(2 * H, "m", "R2", "d", "in"),
        received(2 * H, "P1", "R1"), received(3 * H, "P2", "R2"), received(2 * H, "P3", "R1"),
        put(4 * H, "P1"), put(6 * H, "P2"), put(11 * H, "P3"), put(5 * H, "unknown"),
    ]  # fmt: skip
    assert told(Inbound(), facts).figures(DAY) == {"dock_to_stock_mean_s": (3 + 4) / 2 * 3600}
    assert told(Inbound(), []).figures(DAY) == {"dock_to_stock_mean_s": None}


def visit(unit: str, arrives: int, begins: int, ends: int) -> list[c.Fact]:
    return [
        c.StationArrived(arrives, "m", "m/pack", unit),
        c.ServiceStarted(begins, "m", "m/pack", "k", unit, begins - arrives),
        c.ServiceEnded(ends, "m", "m/pack", "k", unit, ends - begins),
    ]


def test_utilisation_is_of_the_benches_that_commands_left() -> None:
    def ordered(at: int, action: str, status: str = "done", value: int | None = None, station: str = "pack") -> c.Fact:
        return c.CommandGiven(at, action, "m", "trainee", value=value, station=station, status=status)

    def served(at: int, unit: str, lasts: int) -> list[c.Fact]:
        return [
            c.ServiceStarted(at, "m", "m/pack", "k", unit, 0),
            c.ServiceEnded(at + lasts, "m", "m/pack", "k", unit, lasts),
        ]

    facts = sorted(
        [
            *served(2 * H, "A", 2 * H), *served(3 * H, "B", 3 * H), *served(8 * H, "C", H),
            ordered(4 * H, "set_benches", value=1), ordered(4 * H, "set_benches", value=9, station="other"),
            ordered(5 * H, "close_station"), ordered(5 * H, "set_benches", "refused", value=7),
            ordered(7 * H, "open_station", station="m/pack"),
        ], key=lambda fact: fact.at_ms,
    )  # fmt: skip
    # two benches to 4 h, one to 5 h, none to 7 h but for the one that is still at work to 6 h, then two
    there = 2 * 2 + 1 + 1 + 0 + 2 * 3
    assert told(Stations(), facts).figures(DAY)["stations"]["m/pack"]["utilisation"] == 6 / there
    unlimited = RunContext(horizon_ms=10 * H, servers={"m/pack": None})
    assert told(Stations(), facts).figures(unlimited)["stations"]["m/pack"]["utilisation"] is None


def test_station_figures_over_the_window() -> None:
    facts = [
        *visit("T1", H, 2 * H - 1, 3 * H),
        *visit("T2", 2 * H, 3 * H, 4 * H),
        *visit("T3", 5 * H, 5 * H, 6 * H),
        *visit("T4", 8 * H, 9 * H, 12 * H)[:2],
        c.StationArrived(9 * H, "m", "m/other", "T5"),
    ]
    got = told(Stations(), facts).figures(DAY)["stations"]
    assert got["m/pack"] == {
        "arrivals": 3,
        "served": 3,
        "wait_mean_s": pytest.approx(2 / 3 * 3600),
        "p_wait": pytest.approx(2 / 3),
        "utilisation": pytest.approx((1 + 1 + 1 + 1) / (2 * 8)),
    }
    assert got["m/other"] == {"arrivals": 1, "served": 0, "wait_mean_s": None, "p_wait": None, "utilisation": None}


visits = st.lists(
    st.tuples(st.sampled_from("XYZ"), st.integers(0, 9), st.integers(0, 6), st.integers(0, 6)), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(visits, st.integers(5, 12))
def test_littles_law_by_two_ways_and_by_hand(day: list[tuple[str, int, int, int]], horizon: int) -> None:
    facts = [f for n, (_, a, w, s) in enumerate(day) for f in visit(f"T{n}", a, a + w, a + w + s)]
    law = told(Stations(), facts).littles_law(horizon)
    by_hand = sum(1 for _, a, w, s in day for t in range(a, a + w + s) if t < horizon)
    assert set(law) == ({"m/pack"} if facts else set())
    for little in law.values():
        assert little.by_time_ms == little.by_visit_ms == by_hand
