"""When people come, pause and go, and whose work it is then: small days, each with one meeting of two rules."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from facts_seen import FactsSeen
from random_days import MINI, in_time

from twin.domain import draws
from twin.domain.variates import Variate
from twin.run.commands import command_of
from twin.run.running import Run
from twin.spec.loading import load_scenario

MINUTE = 60_000
HOUR = 60 * MINUTE
ALONE = ["inbound.generate=null", "faults=[]", "demand.generate.max_orders=6"]
LONG_TOURS = ["methods.handling.tour_setup_s=1500", "demand.generate.lines_per_order=8"]


def day(*said: str, seen: str, commands: tuple[dict[str, Any], ...] = (), scenario: str = "one_order") -> FactsSeen:
    """A day to its horizon, and the facts of some kinds."""
    facts = FactsSeen(*seen.split())
    base = MINI if scenario == "one_order" else []
    run = Run(load_scenario(scenario, [*base, *said]), sinks=[facts], commands=[command_of(c) for c in commands])
    with in_time(40):
        run.advance(run.premises.horizon_ms)
        run.finish()
    return facts


def of_role(facts: list[dict[str, Any]], role: str) -> list[int]:
    """When facts of people of a role happened."""
    return [f["at_ms"] for f in facts if f"/{role}-" in f["worker"]]


def test_the_end_of_a_shift_is_no_later_for_an_outage_of_the_wms() -> None:
    facts = day(
        "workforce.pickers={count: 2, shifts: [{starts: '08:00', ends: '09:00'}]}",
        "faults=[{kind: wms_outage, at: '08:20', duration_s: 4800}]", "methods.handling.tour_setup_s=600",
        seen="WorkerCheckedOut",
    )  # fmt: skip
    assert of_role(facts["WorkerCheckedOut"], "picker") == [HOUR, HOUR]


def test_a_packer_who_has_other_work_too_packs_what_comes_in_an_outage() -> None:
    facts = day(
        "workforce.pickers=[{count: 1}, {count: 1, time_factor: 3}, {count: 1, time_factor: 5}]",
        "workforce.packers={count: 1, also: [count]}", "methods.handling.grasp_first_s=30",
        "demand.generate.lines_per_order=6", "policies.batching=one_by_one",
        "faults=[{kind: wms_outage, at: '08:05', duration_s: 3600}]", seen="StationArrived ServiceStarted",
    )  # fmt: skip
    came = [f["at_ms"] for f in facts["StationArrived"] if 5 * MINUTE < f["at_ms"] < 65 * MINUTE]
    begun = [f["at_ms"] for f in facts["ServiceStarted"] if 5 * MINUTE < f["at_ms"] < 65 * MINUTE]
    assert len(came) > 1 and begun == came


def test_a_pause_that_fell_due_in_the_last_task_is_not_the_beginning_of_the_next_shift() -> None:
    shifts = (
        "[{starts: '08:00', ends: '08:31', breaks: [{at: '08:30', minutes: 10}]}, {starts: '09:30', ends: '11:00'}]"
    )
    facts = day(f"workforce.pickers={{count: 1, shifts: {shifts}}}", *LONG_TOURS, seen="BreakStarted WorkerCheckedOut")
    assert of_role(facts["WorkerCheckedOut"], "picker")[0] > 31 * MINUTE
    assert not of_role(facts["BreakStarted"], "picker")


@pytest.mark.parametrize("early", ["ends: '09:30'", "ends: '11:00', breaks: [{at: '09:30', minutes: 60}]"])
def test_work_that_comes_as_one_goes_is_done_by_another_who_waits(early: str) -> None:
    late = "{count: 1, shifts: [{starts: '09:00', ends: '11:00'}]}"
    facts = day(
        f"workforce.pickers=[{{count: 1, shifts: [{{starts: '08:00', {early}}}]}}, {late}]",
        "policies.release={name: wave, rules: {waves: [[late, '09:30', 0]]}}", *ALONE, seen="OrderReleased WorkStarted",
    )  # fmt: skip
    assert {f["at_ms"] for f in facts["OrderReleased"]} == {90 * MINUTE}
    picking = [f for f in facts["WorkStarted"] if f["action"] == "pick"]
    assert picking and picking[0]["at_ms"] < 91 * MINUTE and picking[0]["worker"] == "main/picker-002"


def test_people_without_number_come_with_their_shift_to_work_that_is_there() -> None:
    facts = day(
        "workforce.pickers={count: unlimited, shifts: [{starts: '09:00', ends: '11:00'}]}",
        *ALONE, "demand.generate.orders_per_day=1", seen="OrderReleased WorkStarted",
    )  # fmt: skip
    assert max(f["at_ms"] for f in facts["OrderReleased"]) < HOUR
    assert min(f["at_ms"] for f in facts["WorkStarted"] if f["action"] == "pick") < HOUR + MINUTE


def test_people_without_number_do_not_come_where_there_is_no_work() -> None:
    shift = "{count: unlimited, shifts: [{starts: '09:00', ends: '11:00'}]}"
    facts = day(f"workforce.counters={shift}", *ALONE, "methods.count_after_exception=false", seen="WorkerCheckedIn")
    assert not of_role(facts["WorkerCheckedIn"], "counter")


def test_who_is_to_leave_already_is_not_sent_home_again() -> None:
    home = {
        "action": "inject_fault",
        "kind": "absent_worker",
        "target": "picker",
        "duration_s": 0,
        "at_ms": 10 * MINUTE,
    }
    facts = day("workforce.pickers.count=3", *LONG_TOURS, seen="WorkerAbsent CommandGiven", commands=(home,) * 4)
    assert sorted(f["worker"][-3:] for f in facts["WorkerAbsent"]) == ["001", "002", "003"]
    assert [f["status"] for f in facts["CommandGiven"]] == ["done", "done", "done", "refused"]


def test_a_device_is_new_after_it_was_swapped_in_the_midst_of_a_tour() -> None:
    facts = day("equipment.scanner_mtbf_h=0.1", "equipment.scanner_swap_s=0", *LONG_TOURS, seen="EquipmentFailed")
    failed = of_role([f for f in facts["EquipmentFailed"] if f["reason"] == "device"], "picker")
    assert len(failed) > 5
    for n, (before, at_ms) in enumerate(pairwise(failed), 1):
        hours = 0.1 * Variate.exponential(1.0).at(draws.draw(7, "device_failure", "main/picker-001", n))
        assert at_ms - before >= round(hours * HOUR)


def test_a_delayed_message_is_of_the_site_where_it_was_to_be_said() -> None:
    facts = day(
        "sites=[{name: north, layout: small}, {name: south, layout: small}]", "layout=null", "horizon_h=1",
        "faults=[{kind: wms_outage, at: '06:10', duration_s: 600}]", scenario="quickstart", seen="MessageDelayed",
        commands=({"action": "rush_orders", "site": "south", "count": 9, "due_min": 60, "at_ms": 400_000},
                  {"action": "rush_orders", "site": "south", "count": 1, "due_min": 60, "at_ms": 700_000}),
    )  # fmt: skip
    said = [f for f in facts["MessageDelayed"] if "worker" in f]
    assert said and all(f["worker"].startswith(f["site"]) for f in said)
    ordered = [f for f in facts["MessageDelayed"] if f["action"] == "NewOrder" and f["at_ms"] == 700_000]
    assert [f["site"] for f in ordered] == ["south"]


def test_who_is_absent_for_a_time_does_not_come_before_it_is_over() -> None:
    home = {
        "action": "inject_fault", "kind": "absent_worker", "target": "picker", "duration_s": 7200, "at_ms": 50 * MINUTE,
    }  # fmt: skip
    shifts = "[{starts: '08:00', ends: '09:00'}, {starts: '09:10', ends: '11:00'}]"
    facts = day(f"workforce.pickers={{count: 1, shifts: {shifts}}}", seen="WorkerCheckedIn", commands=(home,))
    assert of_role(facts["WorkerCheckedIn"], "picker") == [0, 170 * MINUTE]


def test_of_people_without_number_somebody_is_always_there() -> None:
    facts = day("workforce.pickers={count: unlimited, absence: 1.0}", *ALONE, seen="WorkerAbsent WorkStarted")
    assert [f for f in facts["WorkStarted"] if f["action"] == "pick"]
    assert not facts["WorkerAbsent"]
