"""Every command does on the floor or in the WMS what it says, is on record, and is refused with a sentence if not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from facts_seen import FactsSeen
from random_days import MINI, check_books, check_nothing_is_forgotten

from twin.domain.errors import SpecError
from twin.events.reading import read_events
from twin.policies.named import ASKED
from twin.run.commands import command_of, read_commands
from twin.run.running import Run
from twin.session import Session
from twin.spec.loading import load_scenario

MIN = 60_000
CREWS = ["workforce.pickers.count=3", "workforce.packers.count=2", "workforce.counters.count=1"]
DAY = [
    *MINI, *CREWS, "demand.generate.backlog_orders=30", "demand.generate.orders_per_day=1500",
    "demand.generate.max_orders=300", "policies.batching=first_come", "horizon_h=2",
    "methods.handling.tour_setup_s=60", "methods.handling.pack_fixed_s=40",
]  # fmt: skip
KINDS = (
    "CommandAnswered", "CommandGiven", "OrderReceived", "OrderReleased", "LinePromised", "TrailerArrived",
    "TrailerDeparted",
    "DepartureMoved", "MessageDelayed", "WorkerAbsent", "WorkerCheckedIn", "WorkerCheckedOut", "ServiceStarted",
    "CountRequested", "LocationCounted", "PolicyDecided", "DecisionAsked", "TaskAssigned", "TourStarted", "LineWaits",
    "WorkStarted", "WorkerBlocked", "SheetKeyed", "SlipCaught", "StationArrived",
)  # fmt: skip


class Day:
    """A day with commands, run to its end: its facts and its digest."""

    def __init__(self, said: Sequence[str] = (), *commands: dict[str, Any]) -> None:
        self.seen = FactsSeen(*KINDS)
        loaded = load_scenario("one_order", [*DAY, *said])
        self.run = Run(loaded, commands=[command_of(c) for c in commands], sinks=[self.seen])
        self.run.advance(self.run.premises.horizon_ms)
        check_books(self.run)
        check_nothing_is_forgotten(self.run)
        self.result = self.run.finish()
        assert self.run.watch is not None
        self.run.watch.conservation.check()
        again = Run(loaded, commands=[command_of(c) for c in self.run.given])
        again.advance(again.premises.horizon_ms)
        assert again.finish().digest == self.result.digest

    def __getitem__(self, kind: str) -> list[dict[str, Any]]:
        return self.seen[kind]

    def refused(self) -> list[bool]:
        return [f["status"] == "refused" for f in self["CommandGiven"]]


@pytest.fixture(scope="module")
def plain() -> Day:
    return Day()


def at(minutes: float, action: str, **arguments: Any) -> dict[str, Any]:
    return {"at_ms": round(minutes * MIN), "action": action, **arguments}


def between(facts: list[dict[str, Any]], low_min: float, high_min: float) -> list[dict[str, Any]]:
    return [f for f in facts if low_min * MIN <= f["at_ms"] < high_min * MIN]


class TestIncidents:
    def test_a_rush_of_orders_comes_beside_the_days_own(self, plain: Day) -> None:
        day = Day([], at(20, "rush_orders", count=7, due_min=45))
        rushed = [f for f in day["OrderReceived"] if f["order"].startswith("RUSH")]
        assert [(f["at_ms"], f["due_ms"], f["value"]) for f in rushed] == [(20 * MIN, 65 * MIN, 1)] * 7
        assert len({f["order"] for f in rushed}) == 7
        own = [(f["order"], f["units"], f["at_ms"]) for f in day["OrderReceived"] if f not in rushed]
        assert own == [(f["order"], f["units"], f["at_ms"]) for f in plain["OrderReceived"]]
        assert day.refused() == [False] and day["CommandGiven"][0]["value"] == 7

    def test_two_rushes_at_once_have_orders_of_their_own(self) -> None:
        day = Day([], at(20, "rush_orders", count=2), at(20, "rush_orders", count=3))
        assert len({f["order"] for f in day["OrderReceived"] if f["order"].startswith("RUSH")}) == 5

    def test_a_rush_may_say_its_lines(self) -> None:
        lines = [{"sku": "SKU00003", "units": 2}, {"sku": "SKU00001", "units": 1}]
        day = Day([], at(20, "rush_orders", count=2, lines=lines, carrier="van"))
        asked = [(f["sku"], f["expected_units"]) for f in day["LinePromised"] if f["order"].startswith("RUSH")]
        assert asked == [("SKU00003", 2), ("SKU00001", 1)] * 2

    def test_a_late_truck_comes_and_leaves_later(self, plain: Day) -> None:
        day = Day([], at(0, "late_truck", carrier="van", delay_min=25))
        name = day["DepartureMoved"][0]["trailer"]
        when = {}
        for who in (plain, day):
            arrived = next(f for f in who["TrailerArrived"] if f["trailer"] == name)
            left = next(f for f in who["TrailerDeparted"] if f["trailer"] == name)
            when[who] = (arrived["at_ms"], left["at_ms"], left["due_ms"])
        assert when[plain] == (0, 60 * MIN, 60 * MIN)
        assert when[day] == (25 * MIN, 85 * MIN, 85 * MIN)
        others = [f for f in plain["TrailerDeparted"] if f.get("carrier") and f["trailer"] != name]
        assert [f["at_ms"] for f in day["TrailerDeparted"] if f["trailer"] == others[0]["trailer"]] == [100 * MIN]

    def test_a_late_trailer_comes_in_later_and_its_notice_stays(self) -> None:
        inbound = ["inbound.generate={trailers_per_day: 2, pallets_per_trailer: 2, first: '08:30', last: '09:00'}"]
        plain, late = (
            Day(inbound),
            Day(inbound, at(10, "late_trailer", delay_min=20), at(119, "late_trailer", delay_min=1)),
        )
        assert late.refused() == [False, True]
        came = [[f["at_ms"] for f in d["TrailerArrived"] if f["action"] == "in"] for d in (plain, late)]
        assert len(came[0]) == 2 and sorted(came[1]) == sorted([came[0][0] + 20 * MIN, came[0][1]])
        assert Day(inbound, at(10, "late_trailer", supplier="nobody", delay_min=20)).refused() == [True]

    def test_a_truck_at_its_door_only_leaves_later_and_is_loaded_on(self, plain: Day) -> None:
        day = Day([], at(40, "late_truck", carrier="van", delay_min=25))
        name = day["DepartureMoved"][0]["trailer"]
        arrived = next(f for f in day["TrailerArrived"] if f["trailer"] == name)
        left = next(f for f in day["TrailerDeparted"] if f["trailer"] == name)
        before = next(f for f in plain["TrailerDeparted"] if f["trailer"] == name)
        assert (arrived["at_ms"], left["at_ms"], left["due_ms"]) == (0, 85 * MIN, 85 * MIN)
        assert left["units"] > before["units"]

    def test_without_the_network_scans_wait_and_customers_do_not(self) -> None:
        for kind, hears in (("network", True), ("wms_outage", False)):
            day = Day([], at(20, "inject_fault", kind=kind, duration_s=1200))
            delayed = between(day["MessageDelayed"], 20, 40)
            assert {f["reason"] for f in delayed} == {kind}
            assert ("NewOrder" not in {f["action"] for f in delayed}) is hears
            assert "PickConfirmed" in {f["action"] for f in delayed}
            assert bool(between(day["OrderReceived"], 20.01, 39.99)) is hears
            assert not between(day["TaskAssigned"], 20.01, 39.99)

    def test_a_command_that_waits_for_the_wms_is_done_or_refused_when_it_is_heard(self) -> None:
        day = Day(
            [], at(20, "inject_fault", kind="wms_outage", duration_s=1200),
            at(25, "call_count", location="A01-1-001-1L"), at(26, "change_policy", family="slotting", name="abc"),
            at(27, "add_workers", role="picker"),
        )  # fmt: skip
        given, answered = day["CommandGiven"], day["CommandAnswered"]
        assert [f["status"] for f in given] == ["done", "waiting", "waiting", "done"]
        assert [(f["at_ms"], f["status"], f["action"]) for f in answered] == [
            (40 * MIN, "done", "call_count"), (40 * MIN, "refused", "change_policy"),
        ]  # fmt: skip
        assert [f["cause"] for f in answered] == [given[1]["seq"], given[2]["seq"]]
        assert (
            Day([], at(20, "inject_fault", kind="network", duration_s=1200), at(25, "hold_work"))["CommandAnswered"]
            == []
        )

    def test_what_is_down_cannot_fail(self) -> None:
        twice = [at(m, "inject_fault", kind=kind, duration_s=1200) for m, kind in ((5, "network"), (6, "wms_outage"))]
        assert Day([], *twice).refused() == [False, True]

    def test_people_of_a_role_stay_away_and_come_back(self) -> None:
        day = Day([], at(15, "absent_workers", role="picker", count=2, duration_s=1800))
        gone = [f["worker"] for f in day["WorkerAbsent"]]
        assert len(set(gone)) == 2 and all("picker" in w for w in gone)
        back = [(f["worker"], f["at_ms"]) for f in day["WorkerCheckedIn"] if f["at_ms"]]
        assert sorted(back) == sorted((w, 45 * MIN) for w in gone)
        off = {f["worker"]: f["at_ms"] for f in day["WorkerCheckedOut"]}
        assert not [f for f in day["TourStarted"] if f["worker"] in off and off[f["worker"]] < f["at_ms"] < 45 * MIN]

    def test_of_too_few_all_are_absent(self) -> None:
        day = Day([], at(15, "absent_workers", role="packer", count=9), at(90, "absent_workers", role="packer"))
        assert len(day["WorkerAbsent"]) == 2 and day.refused() == [False, True]


class TestStations:
    def test_a_closed_station_begins_nothing_until_it_opens(self) -> None:
        day = Day([], at(20, "close_station", station="pack"), at(50, "open_station", station="pack"))
        assert between(day["ServiceStarted"], 0, 20) and not between(day["ServiceStarted"], 20, 50)
        assert between(day["ServiceStarted"], 50, 51)

    def test_more_benches_work_side_by_side(self, plain: Day) -> None:
        said = ["workforce.packers.count=4", "workforce.pickers.count=9"]
        few, many = Day(said), Day(said, at(20, "set_benches", station="main/pack", benches=4))
        assert len(between(many["ServiceStarted"], 20, 120)) > 1.5 * len(between(few["ServiceStarted"], 20, 120))

    def test_totes_go_to_the_station_that_is_open(self) -> None:
        said = ["layout.pack_stations=[{name: one, x_m: 2, y_m: -4, benches: 1, queue_places: 1}, "
                "{name: two, x_m: 6, y_m: -4, benches: 1, queue_places: 1}]"]  # fmt: skip
        day = Day(said, at(20, "close_station", station="one"))
        used = {f["station"] for f in between(day["ServiceStarted"], 20, 120)}
        assert used == {"main/two"}
        came = [f["station"] for f in between(day["StationArrived"], 20.001, 120)]
        assert came.count("main/one") <= 1 < came.count("main/two"), "one was on its way to it"


class TestPeople:
    def test_pickers_pack_from_their_next_task_on(self) -> None:
        day = Day(["layout.pack_stations.pack.benches=3"],
                  at(20, "move_workers", from_role="picker", to_role="packer", count=2))  # fmt: skip
        came = [f for f in day["WorkerCheckedIn"] if f["at_ms"]]
        assert [f["action"] for f in came] == ["packer", "packer"]
        for fact in came:
            who = fact["worker"]
            assert [f for f in day["ServiceStarted"] if f["worker"] == who]
            assert not [f for f in day["TourStarted"] if f["worker"] == who and f["at_ms"] > fact["at_ms"]]
            out = next(f for f in day["WorkerCheckedOut"] if f["worker"] == who)
            assert (out["at_ms"], out["action"]) == (fact["at_ms"], "picker")

    def test_hours_count_for_the_role_in_which_they_were_worked(self, plain: Day) -> None:
        day = Day(["costs.labour_per_h_by_role={picker: 0, packer: 100}"],
                  at(20, "move_workers", from_role="picker", to_role="packer", count=1))  # fmt: skip
        moved = next(f["at_ms"] for f in day["WorkerCheckedIn"] if f["at_ms"])
        packers_h = 2 * 2 + 2 - moved / 3_600_000
        others = day.result.kpis["labour_cost"] - 100 * packers_h
        plain_others = Day(["costs.labour_per_h_by_role={picker: 0, packer: 100}"]).result.kpis["labour_cost"] - 400
        assert others == pytest.approx(plain_others)

    def test_skills_are_asked_for(self) -> None:
        said = ["workforce.replenishers={count: 1, skills: [forklift]}"]
        day = Day(said, at(20, "move_workers", from_role="picker", to_role="replenisher"))
        assert day.refused() == [True]
        able = ["workforce.pickers={count: 3, skills: [forklift]}", *said]
        assert Day(able, at(20, "move_workers", from_role="picker", to_role="replenisher")).refused() == [False]

    def test_of_nobody_nobody_moves(self) -> None:
        day = Day([], at(20, "move_workers", from_role="replenisher", to_role="picker"))
        assert day.refused() == [True]

    def test_a_role_is_not_moved_to_itself(self) -> None:
        with pytest.raises(SpecError, match="both picker"):
            command_of(at(20, "move_workers", from_role="picker", to_role="picker"))


class TestMethodsAndChecks:
    def test_work_goes_from_paper_to_scanner(self) -> None:
        said = ["methods.picking=paper", "workforce.clerks.count=1"]
        day = Day(said, at(30, "set_method", work="picking", method="barcode"),
                  at(31, "set_method", work="picking", method="barcode"))  # fmt: skip
        last = max(f["at_ms"] for f in day["SheetKeyed"])
        assert between(day["SheetKeyed"], 0, 30) and last < max(f["at_ms"] for f in Day(said)["SheetKeyed"])
        assert day.refused() == [False, True]

    def test_a_check_catches_from_then_on(self) -> None:
        said = ["methods.packing_checks=[]", "methods.slips.wrong_units=0.2", "methods.slips.wrong_sku=0.2"]
        day = Day(said, at(30, "set_checks", checks=["scale"]), at(31, "set_checks", checks=["scale"]))
        caught = [f for f in day["SlipCaught"] if f["action"] == "scale"]
        assert caught and min(f["at_ms"] for f in caught) >= 30 * MIN
        assert day.refused() == [False, True]


class TestHeldWork:
    @pytest.mark.parametrize("which", [{}, {"priority": 5}, {"zone": "pick"}, {"carrier": "van"}])
    def test_what_is_held_is_not_begun_until_it_is_let_go(self, which: dict[str, Any]) -> None:
        said = ["demand.generate.orders_per_day=1", "demand.generate.backlog_orders=24", "equipment.cart_positions=2"]
        held = Day(said, at(5, "hold_work", **which), at(20, "release_work", **which))
        assert held.refused() == [False, False]
        assert between(held["TourStarted"], 0, 5) and not between(held["TourStarted"], 5, 20)
        assert between(held["TourStarted"], 20, 40)
        assert between(held["LineWaits"], 5, 6), "released orders were taken back"
        assert held.result.kpis["orders_unfinished"] == 0 and held.result.kpis["orders_shipped"] == 24
        assert [desk.r.orders | desk.r.packed for desk in held.run.world.wms.sites.values()] == [{}], (
            "no tote is waited for"
        )

    def test_another_carrier_goes_on(self) -> None:
        day = Day([], at(10, "hold_work", carrier="train"), at(10, "hold_work", priority=2, zone="pick"))
        assert day.refused() == [True, True]

    def test_a_wave_is_held_and_let_go_before_its_time(self) -> None:
        said = ["policies.release={name: wave, rules: {waves: [[early, '08:30', 0], [late, '09:30', 0]]}}"]
        waves = Day(said)
        assert {f["at_ms"] for f in waves["OrderReleased"]} == {30 * MIN, 90 * MIN}
        soon = Day(said, at(5, "release_work", wave="early"))
        assert between(soon["OrderReleased"], 5, 6)
        later = Day(said, at(5, "hold_work", wave="early"), at(45, "release_work", wave="early"))
        assert len(between(later["OrderReleased"], 45, 46)) >= 30
        back = Day(said, at(31, "hold_work", wave="early"), at(50, "release_work", wave="early"))
        assert between(back["OrderReleased"], 50, 51) and not between(back["TourStarted"], 32, 50)
        assert Day(said, at(5, "hold_work", wave="noon")).refused() == [True]


class TestCountsAndPolicies:
    def test_a_location_is_counted(self, plain: Day) -> None:
        here = next(x.location for x in plain.run.premises.opening_rows() if x.floor_units)
        day = Day([], at(10, "call_count", location=here.split("/")[1]), at(10.001, "call_count", location=here))
        asked = [f["reason"] for f in between(day["CountRequested"], 10, 10.1) if f["location"] == here]
        assert asked == ["supervisor"]
        assert here in {f["location"] for f in between(day["LocationCounted"], 10, 40)}
        assert here not in {f["location"] for f in between(plain["LocationCounted"], 10, 40)}
        assert day.refused() == [False, True]
        assert Day([], at(10, "call_count", location="A99-1-001-1L")).refused() == [True]

    @pytest.mark.parametrize(
        ("family", "name"),
        [("release", "earliest_cutoff"), ("batching", "one_by_one"), ("allocation", "fefo"), ("routing", "return"),
         ("promising", "accept_all"), ("dispatch", "nearest"), ("putaway", "scattered"),
         ("replenishment", "top_up"), ("cycle_counting", "spot"), ("dock_assignment", "by_carrier"),
         ("pick_exceptions", "ship_short")],
    )  # fmt: skip
    def test_another_policy_decides_from_then_on(self, family: str, name: str) -> None:
        cover = {"replenishment": (3, 0.5), "pick_exceptions": (0, 0.3)}.get(family, (0.4, 0.01))
        said = ["opening_stock.generate.book_right=0.2", f"opening_stock.generate.reserve_cover_days={cover[0]}",
                f"opening_stock.generate.face_cover_days={cover[1]}", "workforce.receivers.count=2",
                "workforce.putaway_drivers.count=2", "workforce.replenishers.count=2",
                f"policies.promising={'accept_all' if family == 'pick_exceptions' else 'on_hand_atp'}"]  # fmt: skip
        day = Day(said, at(30, "change_policy", family=family, name=name))
        assert day.refused() == [False]
        took = [(f["at_ms"] >= 30 * MIN, f["policy"]) for f in day["PolicyDecided"] if f["family"] == family]
        assert {p for late, p in took if late} == {name}
        assert name not in {p for late, p in took if not late}
        assert {(f["family"], f["policy"]) for f in day["CommandGiven"]} == {(family, name)}

    def test_rules_come_with_the_name(self) -> None:
        day = Day([], at(30, "change_policy", family="release", name="wave", rules={"waves": [["noon", "09:10", 0]]}))
        after = [f for f in day["OrderReleased"] if f["at_ms"] > 30 * MIN]
        assert {(f["at_ms"], f["wave"]) for f in after} == {(70 * MIN, "noon")} and len(after) > 20

    @pytest.mark.parametrize(
        ("family", "name", "rules"),
        [("slotting", "abc", {}), ("kitting", "prebuilt_first", {}), ("magic", "wand", {}),
         ("routing", "os:system", {}), ("routing", "s_shap", {}), ("release", "waveless", {"release_every": 3}),
         ("batching", "by_sku", {})],
    )  # fmt: skip
    def test_only_a_known_policy_of_a_family_that_is_asked(
        self, plain: Day, family: str, name: str, rules: Any
    ) -> None:
        day = Day([], at(30, "change_policy", family=family, name=name, rules=rules))
        assert day.refused() == [True]
        assert [f["policy"] for f in day["PolicyDecided"]] == [f["policy"] for f in plain["PolicyDecided"]]
        assert family not in ASKED or family in ("slotting", "routing", "release", "batching")


QUESTION = {
    "question": "who_packs", "words": {"en": "Totes pile up. Who packs?", "zh": "料箱堆积，谁来打包？"}, "due_min": 10,
    "default": "wait",
    "choices": [
        {"choice": "wait", "words": {"en": "We wait", "zh": "等待"}},
        {"choice": "pickers", "words": {"en": "Two pickers", "zh": "两名拣货员"},
         "commands": [{"action": "move_workers", "from_role": "picker", "to_role": "packer", "count": 2},
                      {"action": "set_benches", "station": "pack", "benches": 3}]},
    ],
}  # fmt: skip


class TestQuestions:
    def test_an_answer_does_what_its_choice_says(self) -> None:
        day = Day([], at(20, "ask_question", actor="trainer", **QUESTION),
                  at(24, "answer_question", actor="trainee", question="who_packs", choice="pickers"))  # fmt: skip
        asked = day["DecisionAsked"]
        assert [(f["action"], f["choice"], f["value"], f["due_ms"]) for f in asked] == [
            ("who_packs", "wait", 2, 30 * MIN)
        ]
        told = [(f["action"], f["actor"], f["at_ms"] // MIN) for f in day["CommandGiven"]]
        assert told == [
            ("ask_question", "trainer", 20), ("answer_question", "trainee", 24), ("move_workers", "trainee", 24),
            ("set_benches", "trainee", 24),
        ]  # fmt: skip
        assert [f.get("cause") for f in day["CommandGiven"][:2]] == [asked[0]["seq"]] * 2
        assert day["CommandGiven"][1]["choice"] == "pickers"
        assert [f["action"] for f in day["WorkerCheckedIn"] if f["at_ms"]] == ["packer", "packer"]
        assert len(day.run.given) == 2, "what an answer does is not told twice"

    @pytest.mark.parametrize("default", ["wait", "pickers"])
    def test_unanswered_the_default_applies_when_it_falls_due(self, default: str) -> None:
        day = Day([], at(20, "ask_question", **{**QUESTION, "default": default}))
        closed = [(f["action"], f["actor"], f["at_ms"]) for f in day["CommandGiven"][1:]]
        assert closed[0] == ("answer_question", "policy", 30 * MIN)
        assert len(closed) == (3 if default == "pickers" else 1)

    def test_it_is_answered_once_and_with_one_of_its_choices(self) -> None:
        answer = {"actor": "trainee", "question": "who_packs"}
        day = Day([], at(19, "answer_question", **answer, choice="wait"), at(20, "ask_question", **QUESTION),
                  at(20.5, "ask_question", **QUESTION), at(21, "answer_question", **answer, choice="robots"),
                  at(22, "answer_question", **answer, choice="wait"),
                  at(23, "answer_question", **answer, choice="pickers"))  # fmt: skip
        assert day.refused() == [True, False, True, True, False, True]

    @pytest.mark.parametrize(
        ("change", "told"),
        [({"default": "robots"}, "default must be one of wait, pickers"), ({"choices": QUESTION["choices"][:1]}, "2"),
         ({"choices": [QUESTION["choices"][0]] * 2}, "two choices bear one name"),
         ({"choices": [{**QUESTION["choices"][1], "commands": [at(3, "hold_work")]}, QUESTION["choices"][0]]},
          "leave its time")],
    )  # fmt: skip
    def test_a_question_holds_together(self, change: dict[str, Any], told: str) -> None:
        with pytest.raises(SpecError, match=told):
            command_of(at(20, "ask_question", **{**QUESTION, **change}))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ({"at": "08:00", "action": "cancel_order"}, "command: order: missing"),
        ({"at": "08:00", "action": "cancel_order", "order": 7}, "command: order: text is needed, got 7"),
        ({"at": "08:00", "action": "hold_order", "order": "O1", "oder": "O1"}, "command: oder: unknown"),
        ({"at": "08:00", "action": "set_method", "work": "picking", "method": "bar"}, "paper or barcode is needed"),
        ({"at": "08:00", "action": "cancel_ordr", "order": "O1"}, "did you mean cancel_order?"),
        ({"at": "08:00", "action": "block_aisle", "aisle": "A", "duration_s": 1e300}, "duration_s: must be <= 1e"),
        ({"at": "08:00", "at_ms": 5, "action": "cancel_order", "order": "O1"}, "say when: .*, not both"),
        ({"action": "cancel_order", "order": "O1"}, "say when: at_ms, or at as HH:MM$"),
    ],
)
def test_what_is_wrong_with_a_command_is_a_sentence(command: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        command_of(command)


@pytest.mark.parametrize("odd", ["\ud800", "O\x00", "\x1b[2J"])
def test_what_is_no_text_reaches_no_record(odd: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"a character \(U\+[0-9A-F]{4}\) that is no part of a text"):
        command_of({"at_ms": 0, "action": "rush_orders", "lines": [{"sku": odd, "units": 1}]})
    (tmp_path / "c.jsonl").write_text(json.dumps({"at_ms": 0, "action": "cancel_order", "order": odd}))
    with pytest.raises(SpecError, match="no part of a text"):
        read_commands(tmp_path / "c.jsonl")


@pytest.mark.parametrize(
    ("odd", "told"), [(float("nan"), "finite"), (float("inf"), "finite"), ({1}, "not set"), (object(), "not object")]
)
def test_what_no_json_holds_is_no_command(odd: Any, told: str, tmp_path: Path) -> None:
    session = Session("one_order", out=tmp_path / "run")
    wanted = {"action": "change_policy", "family": "release", "name": "urgent_first", "rules": {"x": [{"y": odd}]}}
    with pytest.raises(SpecError, match=told):
        session.give(wanted)
    assert session.give({"action": "add_workers", "role": "picker"}) is None
    session.finish()
    assert [c.action for c in read_commands(tmp_path / "run" / "commands.jsonl")] == ["add_workers"]


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85"])
def test_commands_are_read_back_as_they_were_given(odd: str, tmp_path: Path) -> None:
    session = Session(load_scenario("one_order", ["horizon_h=2.5"]), out=tmp_path / "run")
    session.give({"action": "cancel_order", "order": f"O{odd}1"})
    session.finish()
    assert [c.order for c in read_commands(tmp_path / "run" / "commands.jsonl")] == [f"O{odd}1"]


@pytest.mark.parametrize(
    ("line", "told"),
    [("[" * 100_000, "nested too deep"), ('{"at_ms": ' + "9" * 5000 + "}", "a number of too many digits")],
)
def test_what_no_reader_of_json_takes_is_a_sentence(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(SpecError, match=f"c.jsonl:2: not read: {told}"):
        read_commands(tmp_path / "c.jsonl")


def test_a_session_ends_once_however_often_it_is_asked(tmp_path: Path) -> None:
    session = Session(load_scenario("one_order", ["horizon_h=2.5"]), out=tmp_path / "run")
    session.advance(0.5 * 3_600_000)  # type: ignore[arg-type]
    assert session.give({"action": "add_workers", "role": "picker"}) is None
    result = session.finish()
    session.stop()
    assert session.finish() is result and session.advance(10**9) == session.horizon_ms
    assert session.give({"action": "hold_work"}) == "the run has come to its horizon: nothing happens any more"
    assert read_events(tmp_path / "run").complete


def test_a_command_before_the_start_is_refused() -> None:
    early = {"at": "07:59", "action": "cancel_order", "order": "O1"}
    with pytest.raises(SpecError, match=r"cancel_order at 07:59: before the run starts \(08:00:00\)"):
        Day((), early)


def test_every_action_is_refused_where_there_is_no_such_site() -> None:
    assert Day([], at(5, "close_station", station="pack", site="elsewhere")).refused() == [True]


def test_a_command_goes_to_the_site_of_what_it_names() -> None:
    sites = "sites=[{name: east, layout: small}, {name: west, layout: small}]"
    loaded = load_scenario("quickstart", ["horizon_h=1", "layout=null", sites])
    commands = [
        at(20, "block_aisle", aisle="west/A02", duration_s=60), at(20, "call_count", location="west/A01-1-001-1L"),
        at(20, "close_station", station="west/pack"), at(20, "rush_orders", site="west", count=1),
        at(20, "inject_fault", kind="device", target="west/picker-001"),
        at(21, "cancel_order", order="RUSH001200.000-1"), at(22, "block_aisle", aisle="A02", duration_s=9),
    ]  # fmt: skip
    seen = FactsSeen("CommandGiven")
    run = Run(loaded, commands=[command_of(c) for c in commands], sinks=[seen])
    run.advance(run.premises.horizon_ms)
    run.finish()
    assert [f["site"] for f in seen["CommandGiven"]] == ["west"] * 6 + ["east"]
    assert [f["status"] for f in seen["CommandGiven"][:5]] == ["done"] * 5


def test_a_fault_at_rate_0_never_comes(plain: Day) -> None:
    faults = "faults=[{kind: wms_outage, per_h: 0}, {kind: device, per_h: 0}]"
    assert Day([faults]).result.digest == plain.result.digest


def test_a_planned_fault_strikes_at_the_site_of_its_target() -> None:
    sites = "sites=[{name: east, layout: small}, {name: west, layout: small}]"
    faults = (
        "{kind: absent_worker, at: '06:10', target: west/packer-001}, {kind: conveyor, at: '06:10', target: west/spine}"
    )
    loaded = load_scenario("quickstart", ["horizon_h=0.5", "layout=null", sites, f"faults=[{faults}]"])
    seen = FactsSeen("WorkerAbsent", "EquipmentFailed")
    run = Run(loaded, sinks=[seen])
    run.advance(run.premises.horizon_ms)
    run.finish()
    assert [f["worker"] for f in seen["WorkerAbsent"]] == ["west/packer-001"]
    assert [(f["site"], f["equipment"]) for f in seen["EquipmentFailed"]] == [("west", "west/spine")]


def test_a_planned_fault_that_finds_nobody_is_told() -> None:
    faults = "{kind: absent_worker, at: '08:10', target: picker-099}, {kind: device, at: '08:10', target: picker}"
    result = Day([f"faults=[{faults}]"]).result
    assert result.as_json()["faults_missed"] == [{"fault": 0, "times": 1, "why": "no worker 'picker-099'"}]


def test_a_location_under_count_is_not_given_to_another_counter() -> None:
    spot = ["policies.cycle_counting=spot", "workforce.counters.count=2", "methods.handling.count_location_s=300"]
    stocked = sorted({row.location for row in Day(spot).run.premises.opening_rows()})
    day = Day(spot, *[at(20, "call_count", location=location) for location in stocked])
    assert len(day["LocationCounted"]) >= 2
