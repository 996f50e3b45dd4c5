"""The floor on whole runs: belts carry what they can, Little's law is exact, a day is as long as its tours."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import pytest
from facts_seen import FactsSeen
from random_days import MINI

from twin.domain.errors import SpecError
from twin.observers.bottleneck import cohort, waits
from twin.observers.order_times import OrderTimes, Times
from twin.observers.stations import Stations
from twin.policies.routing import ROUTING
from twin.run.running import run_scenario
from twin.spec.loading import Loaded, load_scenario
from twin.spec.shipped import shipped_folder

BELT = ("BeltEntered", "BeltLeft", "BeltBlocked", "StationArrived", "ServiceStarted")


# --- conveyors -------------------------------------------------------------------------------------------------


def test_a_dense_train_does_what_theory_says() -> None:
    facts = FactsSeen(*BELT)
    run_scenario(load_scenario("oracles/belt"), observers=False, sinks=[facts])
    left = facts["BeltLeft"]
    assert len(facts["BeltEntered"]) == 2_250
    assert left[0]["at_ms"] == 60_000
    assert left[99]["at_ms"] == 218_400
    assert {fact["duration_ms"] for fact in left} == {60_000}
    assert all(b["at_ms"] - a["at_ms"] == 1_600 for a, b in pairwise(left))
    assert not facts["BeltBlocked"]


def test_a_full_queue_ahead_blocks_the_belt_and_the_belt_its_feeders() -> None:
    facts = FactsSeen(*BELT, "WorkEnded")
    run_scenario(load_scenario("oracles/belt_blocked"), observers=False, sinks=[facts])
    assert len(facts["ServiceStarted"]) == 3_540_000 // 10_000, "the bench alone sets the pace"
    queue = on_belt = most_on_belt = longest = 0
    for fact in in_order(facts, *BELT):
        queue += {"StationArrived": 1, "ServiceStarted": -1}.get(fact["kind"], 0)
        on_belt += {"BeltEntered": 1, "BeltLeft": -1}.get(fact["kind"], 0)
        assert queue >= 0
        assert on_belt >= 0
        longest, most_on_belt = max(longest, queue), max(most_on_belt, on_belt)
    assert longest == 5
    assert most_on_belt == 37 + 1, "37 standing, and the one that is still coming on"
    assert on_belt in (37, 38)
    assert facts["BeltBlocked"]
    assert len(facts["WorkEnded"]) < 600, "the pickers wait before the full belt"
    entered, left = [[f["handling_unit"] for f in facts[kind]] for kind in ("BeltEntered", "BeltLeft")]
    assert left == entered[: len(left)]
    assert len(entered) == len(left) + on_belt
    assert [f["handling_unit"] for f in facts["StationArrived"]] == left


def in_order(facts: FactsSeen, *kinds: str) -> list[dict[str, object]]:
    return sorted(({**f, "kind": kind} for kind in kinds for f in facts[kind]), key=lambda f: f["seq"])


# --- Little's law ----------------------------------------------------------------------------------------------


def shipped() -> list[str]:
    folder = shipped_folder("scenarios")
    return sorted(
        str(p.relative_to(folder).with_suffix("")) for p in folder.rglob("*.yaml") if p.parent.name != "lessons"
    )


SMALLER = {
    "reference": ["demand.generate.orders_per_day=600", "demand.generate.max_orders=600"],
    "saturated": ["demand.generate.backlog_orders=600", "demand.generate.max_orders=600", "workforce.packers.count=2"],
    "oracles/mm1": ["horizon_h=30"],
    "oracles/mm3": ["horizon_h=30"],
    "oracles/md1": ["horizon_h=30"],
}
"""The large ones with fewer orders or hours; the law is exact at any size."""


def loaded_small(name: str) -> Loaded:
    try:
        return load_scenario(name, SMALLER.get(name, []))
    except SpecError as error:
        if "orders_csv" not in str(error):
            raise
        pytest.skip(f"{name} needs a file of orders that does not ship")


@pytest.mark.parametrize("name", shipped())
def test_littles_law_is_exact_for_every_station_and_for_the_site(name: str) -> None:
    stations = Stations()
    facts = FactsSeen("StationArrived", "ServiceEnded", "OrderReceived", "OrderShipped", "OrderCancelled")
    loaded = loaded_small(name)
    horizon_ms = round(loaded.spec.horizon_h * 3_600_000)
    run_scenario(loaded, observers=False, sinks=[stations, facts])
    law = stations.littles_law(horizon_ms)
    assert law, "a scenario without a station proves nothing"
    for station, (by_time_ms, by_visit_ms) in law.items():
        assert by_time_ms == pytest.approx(by_visit_ms, rel=1e-9)
        came = [(f["at_ms"], f["handling_unit"]) for f in facts["StationArrived"] if f["station"] == station]
        gone = [(f["at_ms"], f["handling_unit"]) for f in facts["ServiceEnded"] if f["station"] == station]
        assert area(came, gone, horizon_ms) == pytest.approx(stayed(came, gone, horizon_ms), rel=1e-9)
        assert stayed(came, gone, horizon_ms) == by_visit_ms
    came = [(f["at_ms"], f["order"]) for f in facts["OrderReceived"]]
    gone = [(f["at_ms"], f["order"]) for kind in ("OrderShipped", "OrderCancelled") for f in facts[kind]]
    assert came
    assert area(came, gone, horizon_ms) == pytest.approx(stayed(came, gone, horizon_ms), rel=1e-9)


Marks = list[tuple[int, str]]


def area(came: Marks, gone: Marks, horizon_ms: int) -> int:
    """The number in the system, summed over time: knows when, not who."""
    steps = sorted([(at_ms, 1) for at_ms, _ in came] + [(at_ms, -1) for at_ms, _ in gone])
    total = inside = last = 0
    for at_ms, step in [*steps, (horizon_ms, 0)]:
        total += inside * (at_ms - last)
        inside, last = inside + step, at_ms
    return total


def stayed(came: Marks, gone: Marks, horizon_ms: int) -> int:
    """How long each stayed, summed over who came: knows who."""
    left = {who: at_ms for at_ms, who in gone}
    assert len(left) == len(gone), "nobody leaves twice"
    assert left.keys() <= {who for _, who in came}, "nobody leaves who never came"
    assert all(left.get(who, inf) >= at_ms for at_ms, who in came)
    return sum(min(left.get(who, horizon_ms), horizon_ms) - at_ms for at_ms, who in came)


# --- tours -----------------------------------------------------------------------------------------------------

ONE_PICKER = [
    "workforce.pickers.count=1",
    "equipment.walking_speed_m_per_s=1",
    "horizon_h=24",
]
AROUND = (
    "entry_m: 1.1, pack_stations: [{name: pack, x_m: 3, y_m: -5}], lanes: [{name: lane, x_m: 3, y_m: -7}], "
    "doors: [{name: door, x_m: 3, y_m: -9, lane: lane}]"
)
AISLES = {
    "one block": "aisles: 5, aisle_pitch_m: 3.7, locations_per_subaisle: 9, location_pitch_m: 1.3",
    "two blocks": "blocks: 2, aisles: 4, locations_per_subaisle: 6, depots: [{name: depot, aisle: 2, cross_aisle: 0}]",
    "one way": "one_way: alternate, aisles: 6, aisle_pitch_m: 3.7, locations_per_subaisle: 8",
}
LAYOUTS = {name: f"{{type: parallel_aisle, {words}, {AROUND}}}" for name, words in AISLES.items()}


def walked_alone(overrides: list[str], tours: int) -> None:
    """One picker at 1 m/s with no handling: the clock, the steps and the plan say the same number of mm and ms."""
    facts = FactsSeen("TourStarted", "WorkStarted", "WorkEnded", "WorkerDeparted", "UnitsTaken")
    run_scenario(load_scenario("oracles/mm1", [*ONE_PICKER, *overrides]), observers=False, sinks=[facts])
    planned_mm = [f["value"] for f in facts["TourStarted"]]
    ended = [f for f in facts["WorkEnded"] if f["action"] == "pick"]
    steps = [f for f in facts["WorkerDeparted"] if "picker" in f["worker"]]
    assert len(planned_mm) == len(ended) == tours
    assert [f["duration_ms"] for f in ended] == planned_mm
    assert ended[-1]["at_ms"] == sum(planned_mm)
    assert sum(f["value"] for f in steps) == sum(f["duration_ms"] for f in steps) == sum(planned_mm)
    assert sum(planned_mm) > 0


ONE_WAY_POLICIES = ("s_shape", "optimal")


@pytest.mark.parametrize(
    ("routing", "layout"), [(r, x) for r in ROUTING for x in LAYOUTS if x != "one way" or r in ONE_WAY_POLICIES]
)
def test_the_makespan_of_one_picker_is_the_sum_of_his_tours(routing: str, layout: str) -> None:
    walked_alone(
        [
            f"layout={LAYOUTS[layout]}",
            "assortment.generate.skus=30",
            "demand.generate={backlog_orders: 12, max_orders: 12, lines_per_order: 4, units_per_line: 1}",
            f"policies.routing={routing}",
        ],
        tours=12,
    )


@pytest.mark.parametrize("routing", ROUTING)
def test_the_makespan_of_given_batches_is_the_sum_of_their_tours(routing: str, tmp_path: Path) -> None:
    rows = ["order,line,sku,units,received_at,batch"]
    for order in range(18):
        for line in range(1 + order % 4):
            sku = 1 + (7 * order + 11 * line) % 30
            rows.append(f"o{order},o{order}-{line},SKU{sku:05d},1,2026-03-02T00:00:00,b{order % 5}")
    csv = tmp_path / "orders.csv"
    csv.write_text("\n".join(rows) + "\n", encoding="utf-8")
    walked_alone(
        [
            f"layout={LAYOUTS['one block']}",
            "assortment.generate.skus=30",
            f"demand={{orders_csv: '{csv}'}}",
            "policies.batching=given",
            f"policies.routing={routing}",
        ],
        tours=5,
    )


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_a_departure_takes_at_least_as_long_as_it_says(blocks: int) -> None:
    """Until a worker has come where he set off for, nothing else is done by him: on no layout is a way cut short."""
    seen = FactsSeen("WorkerDeparted", "WorkerBlocked", "UnitsTaken", "TaskEnded", "WorkerCheckedOut")
    floor = [f"layout.blocks={blocks}", "layout.aisle_capacity=1"]
    said = [*floor, "horizon_h=4", "policies.routing=s_shape", "policies.slotting=scattered"]
    run_scenario(load_scenario("quickstart", said), sinks=[seen], observers=False)
    by_worker: dict[str, list[dict[str, Any]]] = {}
    for fact in sorted((f for facts in seen.seen.values() for f in facts), key=lambda f: f["seq"]):
        by_worker.setdefault(fact["worker"], []).append(fact)
    ways = 0
    for facts in by_worker.values():
        for one, following in pairwise(facts):
            if "destination" in one and "picker" in one["worker"]:
                assert following["at_ms"] - one["at_ms"] >= one["duration_ms"], one
                ways += 1
    assert ways > 300


# --- staging lanes ---------------------------------------------------------------------------------------------

LANE = ("LaneFull", "BeltLeft", "HandlingUnitStaged", "HandlingUnitLoaded")


def a_day_with(places: object, *said: str) -> tuple[FactsSeen, Times]:
    facts, times = FactsSeen(*LANE), OrderTimes()
    lane = f"layout.lanes=[{{name: lane, x_m: 2, y_m: -7, places: {places}}}]"
    vans = "carriers=[{name: van, departures: ['09:30', '10:50'], cutoff_min: 10, arrives_min_before: 20}]"
    day = [*MINI, lane, vans, "inbound.generate=null", "workforce.pickers.count=4", "workforce.packers.count=2", *said]
    loaded = load_scenario("one_order", day)
    result = run_scenario(loaded, sinks=[facts, times])
    return facts, times.times(round(result.simulated_h * 3_600_000))


def test_a_lane_holds_what_it_has_places_for_and_the_rest_waits_in_turn() -> None:
    facts, times = a_day_with(3)
    standing = most = 0
    for fact in in_order(facts, *LANE):
        standing += {"HandlingUnitStaged": 1, "HandlingUnitLoaded": -1}.get(str(fact["kind"]), 0)
        most = max(most, standing)
    assert most == 3
    turned_away = [fact["handling_unit"] for fact in facts["LaneFull"]]
    assert len(turned_away) == len(set(turned_away)) > 10
    staged = {fact["handling_unit"]: fact["at_ms"] for fact in facts["HandlingUnitStaged"]}
    loads = {fact["at_ms"] for fact in facts["HandlingUnitLoaded"]}
    came = [unit for unit in turned_away if unit in staged]
    assert came == turned_away[: len(came)]
    assert all(staged[unit] in loads for unit in came)
    assert [staged[unit] for unit in came] == sorted(staged[unit] for unit in came)
    waited = [s for row in range(len(times.order)) for s in times.steps(row) if s.part == "lane"]
    assert {s.place for s in waited} == {"main/lane"}
    behind = {wait.source.name: wait for wait in waits(times, cohort(times, 0), [])}["lanes"]
    assert (behind.total_ms, behind.place) == (sum(s.duration_ms for s in waited), "main/lane")
    away = {fact["handling_unit"]: fact["at_ms"] for fact in facts["LaneFull"]}
    assert {s.from_ms for s in waited} <= set(away.values())
    assert sum(s.duration_ms for s in waited) == sum(staged[unit] - away[unit] for unit in came)


def test_a_lane_without_a_number_is_never_full_and_one_with_room_for_all_changes_nothing() -> None:
    assert not a_day_with("unlimited")[0]["LaneFull"]
    assert a_day_with("unlimited")[0]["HandlingUnitStaged"] == a_day_with(1000)[0]["HandlingUnitStaged"]


def test_a_belt_stands_before_a_full_lane() -> None:
    out = "layout.conveyors=[{name: out, origin: pack, destination: lane, speed_m_per_s: 0.5, pitch_m: 0.6}]"
    facts, _ = a_day_with(2, out)
    loads = [fact["at_ms"] for fact in facts["HandlingUnitLoaded"]]
    left = [fact["at_ms"] for fact in facts["BeltLeft"]]
    assert facts["LaneFull"]
    assert len(left) == len(loads) == 60
    assert all(left[n + 2] >= loads[n] for n in range(58)), "there is room when a carton is loaded, not before"
    assert [f["handling_unit"] for f in facts["BeltLeft"]] == [f["handling_unit"] for f in facts["HandlingUnitStaged"]]
