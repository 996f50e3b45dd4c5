"""Order times by other ways: one order added up by hand, others told forward fact by fact, planted slowness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from facts_seen import FactsSeen

from twin.events.chunk import Chunk
from twin.observers.order_times import OrderTimes, Times
from twin.observers.time_parts import PARTS
from twin.observers.times_compared import Compared, compare
from twin.run.first_difference import first_decision, first_event
from twin.run.recorded_times import read_times
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

KINDS = (
    "OrderReceived", "OrderPromised", "OrderAllocated", "OrderReleased", "OrderBatched", "TourStarted", "WorkStarted",
    "WorkerDeparted", "WorkerBlocked", "WorkerUnblocked", "UnitsTaken", "TaskEnded", "WorkEnded", "BeltEntered",
    "StationArrived", "ServiceEnded", "HandlingUnitStaged", "HandlingUnitLoaded", "TrailerDeparted", "LineWaits",
    "ExceptionReported", "LineBackordered", "EquipmentFailed", "CartonClosed",
)  # fmt: skip


def times_of(scenario: str, *said: str, seed: int | None = None) -> Times:
    sink = OrderTimes()
    result = run_scenario(load_scenario(scenario, list(said)), seed=seed, sinks=[sink])
    return sink.times(round(result.simulated_h * 3_600_000))


def test_the_one_order_added_up_by_hand() -> None:
    """The numbers stand in tests/golden/one_order_barcode.jsonl; a reader can do the sums."""
    times = times_of("one_order")
    scans = 4 * 4_800
    assert {name: int(column[0]) for name, column in times.parts.items() if column[0]} == {
        "walking": 3 * 833 + 2_500,
        "search_and_pick": (85_768 - 68_426 - 833) + (99_444 - 85_768) + (114_254 - 99_444 - 833)
        + (137_718 - 114_254 - 833) - scans,
        "scan_and_retry": 300 + scans,
        "cart": (68_426 - 300) + (166_295 - 137_718 - 2_500),
        "packing": 287_094 - 166_295,
        "staging": 297_802 - 287_094,
        "truck": 7_200_000 - 297_802,
    }  # fmt: skip
    assert times.names.name(int(times.line[0])) == "O000001-3"  # the last of the tour


class _InOrder:
    """All facts of some kinds in one list."""

    def __init__(self) -> None:
        self.seen = FactsSeen(*KINDS)

    def fold(self, chunk: Chunk, /) -> None:
        self.seen.fold(chunk)

    def facts(self) -> list[dict[str, Any]]:
        rows = [{**fact, "what": kind} for kind, facts in self.seen.seen.items() for fact in facts]
        return sorted(rows, key=lambda f: f["seq"])


def told_forward(facts: list[dict[str, Any]], order: str) -> dict[str, int] | None:
    """The parts of an order with one tote and a plain life, told from its first fact on; None for all others.

    What goes on is kept as a word, and time is added to it as it passes; nothing is looked up backwards.
    """
    own = [f for f in facts if f.get("order") == order]
    totes = [f for f in own if f["what"] == "OrderBatched"]
    odd = any(f["what"] in ("LineWaits", "ExceptionReported", "LineBackordered") for f in own)
    if odd or len(totes) != 1 or sum(f["what"] == "CartonClosed" for f in own) != 1:
        return None
    tour, tote = totes[0]["tour"], totes[0]["handling_unit"]
    carton = next(f for f in own if f["what"] == "CartonClosed")["handling_unit"]
    worker = next(f["worker"] for f in facts if f["what"] == "TourStarted" and f["tour"] == tour)
    depot = "main/depot"
    spent = dict.fromkeys(PARTS, 0)
    doing, since, walks_until, trailer, touring = "", 0, 0, "", False

    def pass_time(now: int) -> None:
        nonlocal since
        walked = max(0, min(walks_until, now) - since) if touring else 0
        spent["walking"] += walked
        spent[doing] += now - since - walked
        since = now

    after = {
        "OrderPromised": "stock", "OrderAllocated": "release", "OrderReleased": "batch", "OrderBatched": "worker",
    }  # fmt: skip
    for f in facts:
        what, now = f["what"], f["at_ms"]
        mine = f.get("order") == order or f.get("handling_unit") in (tote, carton)
        his = touring and f.get("worker") == worker
        if what == "OrderReceived" and mine:
            doing, since = "promise", now
        elif what in after and mine:
            pass_time(now)
            doing = after[what]
        elif what == "TourStarted" and f["tour"] == tour:
            pass_time(now)
            doing, touring = "scan_and_retry", True
        elif what == "EquipmentFailed" and f.get("worker") == worker and touring:
            return None
        elif what == "WorkStarted" and his:
            pass_time(now)
            doing = "cart"
        elif what == "WorkerDeparted" and his:
            pass_time(now)
            walks_until = now + f["duration_ms"]
            doing = "cart" if f["destination"] == depot else "search_and_pick"
        elif what == "WorkerBlocked" and his:
            pass_time(now)
            doing = "aisle"
        elif what == "WorkerUnblocked" and his:
            pass_time(now)
            doing = "search_and_pick"
        elif what == "UnitsTaken" and his:
            pass_time(now)
            spent["search_and_pick"] -= f.get("duration_ms", 0)
            spent["scan_and_retry"] += f.get("duration_ms", 0)
        elif what == "TaskEnded" and f["task"] == tour:
            pass_time(now)
            doing, touring = "conveyor", False
        elif what == "StationArrived" and mine:
            pass_time(now)
            doing = "packing"
        elif what == "ServiceEnded" and mine:
            pass_time(now)
            doing = "staging"
        elif what == "HandlingUnitStaged" and mine:
            pass_time(now)
            doing = "truck"
        elif what == "HandlingUnitLoaded" and mine:
            trailer = f["trailer"]
        elif what == "TrailerDeparted" and f["trailer"] == trailer:
            pass_time(now)
            return spent
    return None


@pytest.mark.parametrize(("scenario", "seed"), [("quickstart", 1), ("policy_day", 2)])
def test_orders_told_forward_have_the_same_parts(scenario: str, seed: int) -> None:
    """Another way to the same numbers, over all orders of a plain life in three hours."""
    sink, seen = OrderTimes(), _InOrder()
    result = run_scenario(load_scenario(scenario, ["horizon_h=8"]), seed=seed, sinks=[sink, seen])
    times, facts = sink.times(round(result.simulated_h * 3_600_000)), seen.facts()
    same = 0
    for row in range(0, len(times.order), 4):
        order = times.names.name(int(times.order[row]))
        assert order is not None
        parts = told_forward(facts, order)
        if parts is not None:
            assert parts == {name: int(column[row]) for name, column in times.parts.items()}, order
            same += 1
    assert same > 20


def biggest(compared: Compared) -> str:
    """The part up to the lane that changed most."""
    return max((p for p in PARTS if p != "truck"), key=lambda p: int(compared.change_of(p).sum()))


SLOWER = {
    "grasping": ("search_and_pick", ["methods.handling.grasp_first_s=30"]),
    "scanning": ("scan_and_retry", ["methods.barcode.confirm_s=40"]),
    "walking": ("walking", ["equipment.walking_speed_m_per_s=0.3"]),
    "setting up the cart": ("cart", ["methods.handling.tour_setup_s=400"]),
    "one packer less": ("packing", ["workforce.packers.count=1"]),
    "narrow aisles": ("aisle", ["layout.aisle_capacity=1", "methods.handling.search_s=25"]),
    "releases once in an hour": (
        "release", ["policies.release={name: urgent_first, rules: {release_every_s: 3600}}",
                    "workforce.pickers.count=30",
                    "workforce.packers.count=30"],
    ),
    "a slow belt": ("conveyor", ["layout.conveyors.0.speed_m_per_s=0.02", "workforce.packers.count=30"]),
    "few pickers": ("batch", ["workforce.pickers.count=1"]),
    "slow carriers to the lane": ("staging", ["methods.handling.stage_s=900"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def plain_day() -> Times:
    return times_of("quickstart", "layout.aisle_capacity=unlimited")


@pytest.mark.parametrize("slow", SLOWER)
def test_planted_slowness_shows_in_its_own_part(slow: str, plain_day: Times) -> None:
    part, said = SLOWER[slow]
    first = [] if slow == "narrow aisles" else ["layout.aisle_capacity=unlimited"]
    compared = compare(plain_day, times_of("quickstart", *first, *said))
    assert compared.orders > 100
    changes = {name: int(compared.change_of(name).sum()) for name in PARTS}
    assert sum(changes.values()) == int(compared.change_ms.sum())
    found = biggest(compared)
    if slow == "narrow aisles":  # handling was made slower too; what the aisle adds must be there beside it
        assert changes["aisle"] > 60_000 * compared.orders / 10
    else:
        assert found == part, changes


def test_differences_add_up_order_by_order(plain_day: Times) -> None:
    compared = compare(plain_day, times_of("quickstart", "policies.routing=s_shape", "policies.batching=first_come"))
    total: Any = sum(compared.change_of(name) for name in PARTS)
    assert (total == compared.change_ms).all() and compared.change_ms.any()
    assert compared.change_ms.sum() == compared.whole_b_ms.sum() - compared.whole_a_ms.sum()
    worst = compared.most_changed(3)
    assert [abs(int(compared.change_ms[i])) for i in worst] == sorted(np.abs(compared.change_ms).tolist())[:-4:-1]


def decisions(folder: Path) -> list[tuple[Any, ...]]:
    from twin.events.reading import read_events

    names = ["at_ms", "family", "order", "line", "task", "worker", "choice", "score"]
    found = read_events(folder, [*names, "seq"], ["PolicyDecided"]).columns
    rows = zip(*(found[name].tolist() for name in names), strict=True)
    return [tuple(None if v != v else v for v in row) for row in rows]  # no score is NaN


@pytest.mark.parametrize(
    ("scenario", "family", "policies"),
    [("quickstart", "routing", ("largest_gap", "s_shape")), ("policy_day", "allocation", ("fefo", "lefo"))],
)
def test_the_first_decision_that_differs_is_found(
    scenario: str, family: str, policies: tuple[str, str], tmp_path: Path
) -> None:
    for folder, policy in zip(("a", "b"), policies, strict=True):
        run_scenario(
            load_scenario(scenario, ["horizon_h=4"]), out=tmp_path / folder, policies={family: policy}, observers=False
        )
    found = first_decision(tmp_path / "a", tmp_path / "b")
    assert found is not None
    assert found["a"]["family"] == found["b"]["family"] == family
    assert (found["a"]["policy"], found["b"]["policy"]) == policies
    assert found["a"]["at_ms"] == found["b"]["at_ms"]
    ones, others = decisions(tmp_path / "a"), decisions(tmp_path / "b")
    first = next(i for i, (one, other) in enumerate(zip(ones, others, strict=False)) if one != other)
    assert found["same_before"] == first
    assert ones[first][6] == found["a"]["choice"] and others[first][6] == found["b"]["choice"]
    assert found["a"]["choice"] != found["b"]["choice"] or found["a"]["score"] != found["b"]["score"]
    event = first_event(tmp_path / "a", tmp_path / "b")
    assert event is not None and event["seq"] <= found["a"]["seq"] and event["a"] != event["b"]


def test_a_run_and_its_repetition_do_not_differ(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        run_scenario(load_scenario("one_order"), out=tmp_path / folder, observers=False)
    assert first_decision(tmp_path / "a", tmp_path / "b") is None
    assert first_event(tmp_path / "a", tmp_path / "b") is None


def test_a_folder_gives_the_same_times_as_the_live_run(tmp_path: Path) -> None:
    live = OrderTimes()
    run_scenario(load_scenario("demo_before"), out=tmp_path / "r", sinks=[live])
    recorded = read_times(tmp_path / "r")
    mine = live.times(recorded.horizon_ms)
    for name in PARTS:
        assert (recorded.times.parts[name] == mine.parts[name]).all()
    for row in (0, 7, 300):
        assert recorded.times.steps(row) == mine.steps(row)
