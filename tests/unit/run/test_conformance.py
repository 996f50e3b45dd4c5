"""`twin policy check`: every registered policy keeps the laws, and each kind of planted fault is caught."""

from __future__ import annotations

import datetime
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from twin.cli.main import app
from twin.policies.allocation import ALLOCATION, Allocation, AllocationRules, AllocationSnapshot, Fefo, Reservation
from twin.policies.batching import BatchingSnapshot, FirstCome
from twin.policies.dispatch import Dispatch, DispatchSnapshot
from twin.policies.dock_assignment import DockSnapshot, DoorAssignment
from twin.policies.laws import broken_laws
from twin.policies.named import FAMILIES, named, register
from twin.policies.putaway import PutawayChoice, PutawaySnapshot
from twin.policies.replenishment import Replenishment, ReplenishmentSnapshot
from twin.policies.routing import RoutingSnapshot, SShape, Tour
from twin.policies.routing.optimal import Optimal
from twin.policies.shape import Rejection
from twin.policies.stock_filters import available
from twin.policies.why import watched
from twin.run.asked_elsewhere import asked_again, text_of
from twin.run.conformance import MEANING, check, may_refuse
from twin.run.deeds import watched_modules
from twin.run.drawn_snapshots import drawn, shuffled

ALL = [(family, name) for family, found in FAMILIES.items() for name in found.classes]


@pytest.mark.parametrize(("family", "name"), ALL)
def test_every_registered_policy_conforms(family: str, name: str) -> None:
    with watched_modules():
        verdict = check(family, name, lambda: named(family, name), snapshots=40, slow_ms=10_000)
    assert [(law.name, law.first) for law in verdict.laws.values() if law.broken] == []
    assert verdict.laws["total"].asked == 40


@pytest.mark.parametrize("family", list(FAMILIES))
def test_drawn_snapshots_are_of_many_kinds_and_always_the_same(family: str) -> None:
    some = [drawn(family, number) for number in range(40)]
    assert some == [drawn(family, number) for number in range(40)]
    assert len({repr(snapshot) for snapshot in some}) > 20
    if family != "disposition":  # one lot: no listing
        assert any(shuffled(snapshot, 1) != snapshot for snapshot in some)
    assert all(isinstance(snapshot, register(family).snapshot) for snapshot in some)


@pytest.mark.slow
def test_why_shows_the_sort_keys_of_every_policy_that_ranks() -> None:
    """The others search, look up one row, or rank nothing: their reasons are the rejections and the page."""
    silent = set()
    for family, name in ALL:
        policy = named(family, name)
        with watched() as keys:
            for snapshot in [drawn(family, number) for number in range(300)]:
                if not may_refuse(family, snapshot):
                    policy(snapshot)
        if not keys:
            silent.add(f"{family}={name}")
    assert not {one for one in silent if one.partition("=")[0] not in ("routing", "kitting", "disposition")}


class Honest:
    """Fefo, as a user would write it."""

    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return Fefo()(snapshot)


class ReadsTheClock(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        time.monotonic()
        return super().__call__(snapshot)


class Draws(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        found = super().__call__(snapshot)
        return replace(found, rejected=()) if random.random() < 0.5 else found


class OpensAFile(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        Path("/dev/null").read_bytes()
        return super().__call__(snapshot)


class Remembers(Honest):
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        self.asked += 1
        found = super().__call__(snapshot)
        return replace(found, rejected=()) if self.asked > 30 else found


class TakesTheFirstListed(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        refused = {r.subject for r in Fefo()(snapshot).rejected}
        for row in snapshot.stock:
            if row.stock not in refused and snapshot.line.ship_rule == "partial":
                units = min(available(row), snapshot.line.units)
                mine = Reservation(line=snapshot.line.line, stock=row.stock, units=units)
                return Allocation(reservations=(mine,), short=snapshot.line.units - units, rejected=())
        return super().__call__(snapshot)


class ForgetsUnits(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return replace(super().__call__(snapshot), short=0)


class TakesWhatIsRefused(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        found = super().__call__(snapshot)
        for row in snapshot.stock:
            if row.owner != snapshot.line.owner and available(row) >= snapshot.line.units:
                mine = Reservation(line=snapshot.line.line, stock=row.stock, units=snapshot.line.units)
                return replace(found, reservations=(mine,), short=0)
        return found


class TakesMoreThanThereIs(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        found = super().__call__(snapshot)
        if not found.short or not snapshot.stock:
            return found
        more = Reservation(line=snapshot.line.line, stock=snapshot.stock[0].stock, units=snapshot.line.units)
        return Allocation(reservations=(more,), short=0, rejected=())


class Fails(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return super().__call__(replace(snapshot, stock=snapshot.stock[1:] if len(snapshot.stock) != 2 else None))  # type: ignore[arg-type]


class AnswersNothing:
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return None


class WritesOnTheSnapshot(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        found = super().__call__(snapshot)
        object.__setattr__(snapshot, "now_ms", snapshot.now_ms + 1)
        return found


class AnswersWithoutJson(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return replace(super().__call__(snapshot), rejected={"a": 1})  # type: ignore[arg-type]


class Sleeps(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        time.sleep(0.003)
        return super().__call__(snapshot)


class ShorterThanProven:
    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        tour = Optimal()(snapshot)
        return replace(tour, length_mm=tour.length_mm - 1)


class SkipsAStop:
    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        return Optimal()(replace(snapshot, stops=snapshot.stops[1:]))


class HasAClockOfItsOwn(Honest):
    """Bound when the class was made, long before any check."""

    clock = staticmethod(time.time)

    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return super().__call__(snapshot) if self.clock() else None


class LooksAtTheDate(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        assert datetime.datetime.now(datetime.UTC).year > 2000
        return super().__call__(snapshot)


class HasAnUnseededGenerator(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        random.Random().random()
        return super().__call__(snapshot)


class DrawsWithNumpy(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        np.random.standard_normal()
        return super().__call__(snapshot)


class AsksTheSystem(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        uuid.uuid4()
        return super().__call__(snapshot)


class ReadsTheEnvironment(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        os.environ.get("HOME")
        return super().__call__(snapshot)


class Prints(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        print("deciding")
        return super().__call__(snapshot)


class AnswersOfWrongParts(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Any:
        return replace(super().__call__(snapshot), reservations=("all of it",))  # type: ignore[arg-type]


class ForgetsOneWay:
    """Its length is that of aisles walked both ways."""

    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        plan = snapshot.plan
        return Optimal()(replace(snapshot, plan=replace(plan, one_way=()) if plan is not None else None))


class ForgetsTheEnd:
    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        return Optimal()(replace(snapshot, end=snapshot.start))


class ForgetsGroups:
    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        tour = Optimal()(replace(snapshot, stops=tuple([replace(s, visit_group=0) for s in snapshot.stops])))
        group = {s.location: s for s in snapshot.stops}
        return replace(tour, stops=tuple([group[s.location] for s in tour.stops]))


class SaysProven:
    """As listed, and said to be the shortest."""

    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        tour = SShape()(snapshot)
        return replace(tour, exact=True)


class ShortensAGraph:
    def __call__(self, snapshot: RoutingSnapshot) -> Tour:
        tour = Optimal()(snapshot)
        return replace(tour, length_mm=0, exact=False) if snapshot.plan is None else tour


class OverfillsPositions:
    def __call__(self, snapshot: BatchingSnapshot) -> Any:
        return FirstCome()(replace(snapshot, cart_positions=0))


class OverfillsLines:
    def __call__(self, snapshot: BatchingSnapshot) -> Any:
        return FirstCome()(replace(snapshot, max_lines=0))


class ForgetsCutoffs:
    def __call__(self, snapshot: BatchingSnapshot) -> Any:
        return FirstCome()(replace(snapshot, orders=tuple([replace(o, cutoff_at_ms=9) for o in snapshot.orders])))


class EndsTheInterpreter(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Allocation:
        sys.exit(3)


class NeverAnswers(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Allocation:
        while True:
            try:
                sum(range(100))
            except Exception:
                continue


class WritesPastTheStreams(Honest):
    def __call__(self, snapshot: AllocationSnapshot) -> Allocation:
        os.write(2, b"")
        return super().__call__(snapshot)


class PutsTwoInOnePlace:
    def __call__(self, snapshot: BatchingSnapshot) -> Any:
        found = FirstCome()(snapshot)
        return replace(found, put_to=tuple([(order, 0) for order, _ in found.put_to]))


FOREIGN_ROUTERS = (ForgetsOneWay, ForgetsTheEnd, ForgetsGroups, SaysProven, ShortensAGraph)
FOREIGN_BATCHERS = (OverfillsPositions, OverfillsLines, ForgetsCutoffs, PutsTwoInOnePlace)


@pytest.mark.parametrize(
    ("make", "law"),
    [
        (EndsTheInterpreter, "total"),
        (NeverAnswers, "total"),
        (NeverAnswers, "time"),
        (WritesPastTheStreams, "pure"),
        (PutsTwoInOnePlace, "filters and units"),
        (HasAClockOfItsOwn, "pure"),
        (LooksAtTheDate, "pure"),
        (HasAnUnseededGenerator, "pure"),
        (DrawsWithNumpy, "pure"),
        (AsksTheSystem, "pure"),
        (ReadsTheEnvironment, "pure"),
        (Prints, "pure"),
        (AnswersOfWrongParts, "filters and units"),
        (ForgetsOneWay, "filters and units"),
        (ForgetsTheEnd, "filters and units"),
        (ForgetsGroups, "filters and units"),
        (SaysProven, "exact bound"),
        (ShortensAGraph, "filters and units"),
        (OverfillsPositions, "filters and units"),
        (OverfillsLines, "filters and units"),
        (ForgetsCutoffs, "filters and units"),
        (ReadsTheClock, "pure"),
        (Draws, "pure"),
        (OpensAFile, "pure"),
        (WritesOnTheSnapshot, "pure"),
        (Remembers, "deterministic"),
        (TakesTheFirstListed, "ignores listing order"),
        (ForgetsUnits, "filters and units"),
        (TakesWhatIsRefused, "filters and units"),
        (TakesMoreThanThereIs, "exact bound"),
        (Fails, "total"),
        (AnswersNothing, "total"),
        (AnswersWithoutJson, "json"),
        (Sleeps, "time"),
        (ShorterThanProven, "exact bound"),
        (SkipsAStop, "filters and units"),
    ],
)
def test_a_planted_fault_is_caught_by_its_law(make: Callable[[], Any], law: str) -> None:
    family = "routing" if make in (ShorterThanProven, SkipsAStop, *FOREIGN_ROUTERS) else "allocation"
    family = "batching" if make in FOREIGN_BATCHERS else family
    with watched_modules():
        verdict = check(family, "planted", make, snapshots=80, slow_ms=1.0 if make is Sleeps else 10_000, limit_s=0.5)
    assert not verdict.conforms
    broken = {found.name for found in verdict.laws.values() if found.broken}
    assert law in broken
    assert verdict.laws[law].first


def test_an_honest_foreign_policy_conforms_and_every_law_was_asked() -> None:
    with watched_modules():
        verdict = check("allocation", "honest", Honest, snapshots=80, slow_ms=10_000)
    assert verdict.conforms
    assert {law.name for law in verdict.laws.values() if law.asked} == set(MEANING)


def test_what_an_honest_rule_may_do() -> None:
    """A generator with a seed, an import when it is needed, a router that is not for graphs."""

    class Keyed(Honest):
        def __call__(self, snapshot: AllocationSnapshot) -> Any:
            import colorsys  # nobody else does

            assert colorsys and 0 <= random.Random(7).random() < 1 and np.random.default_rng(7).random() < 1
            return super().__call__(snapshot)

    with watched_modules():
        verdict = check("allocation", "keyed", Keyed, snapshots=40, slow_ms=10_000)
        swept = check("routing", "combined", lambda: named("routing", "combined"), snapshots=80, slow_ms=10_000)
    assert verdict.conforms, verdict.laws["pure"].first
    assert swept.conforms and "refused" in swept.laws["total"].note


HASHED = """
from dataclasses import replace
from twin.policies.allocation import Fefo
def {name}(asked):
    rows = {{row.stock: row for row in asked.stock}}
    for stock in {order}:
        asked = replace(asked, stock=(rows[stock],))
        break
    return Fefo()(asked)
"""


@pytest.mark.parametrize(
    ("order", "broken"), [("set(rows)", True), ("sorted(rows, key=hash)", True), ("sorted(rows)", False)]
)
def test_a_policy_that_decides_by_how_words_hash_is_caught_by_asking_it_in_another_process(
    order: str, broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"rule_{abs(sum(map(ord, order)))}"
    (tmp_path / f"{name}.py").write_text(HASHED.format(name=name, order=order))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    told = CliRunner().invoke(app, ["policy", "check", f"allocation={name}:{name}", "--snapshots", "40", "--json"])
    laws = {law["law"]: law for law in json.loads(told.stdout)["laws"]}
    assert laws["deterministic"]["asked"] == 120
    assert bool(laws["deterministic"]["broken"]) is broken
    assert not broken or "in another process" in laws["deterministic"]["first"]


@pytest.mark.slow
@pytest.mark.parametrize("family", list(FAMILIES))
def test_no_registered_policy_decides_by_how_words_hash(family: str) -> None:
    for name in register(family).classes:
        there = asked_again(family, name, {}, range(60), "1")
        policy = named(family, name)
        assert there == {number: text_of(policy, drawn(family, number)) for number in range(60)}, name


def test_what_a_policy_prints_is_not_part_of_the_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from twin.policies.allocation import Fefo\ndef loud(asked):\n    print('here')\n    return Fefo()(asked)\n"
    (tmp_path / "loud_rules.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    asked = ["policy", "check", "allocation=loud_rules:loud", "--snapshots", "5", "--json"]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 1 and json.loads(told.stdout)["conforms"] is False


def nearest_of_all(snapshot: AllocationSnapshot) -> Allocation:
    """As somebody new would write it: available stock of the owner; dates, classes, vaults and lots are forgotten."""
    need, taken = snapshot.line.units, []
    for row in sorted(snapshot.stock, key=lambda row: (row.distance_mm, row.stock)):
        units = min(need, available(row))
        if row.status == "available" and row.owner == snapshot.line.owner and units:
            taken.append(Reservation(line=snapshot.line.line, stock=row.stock, units=units))
            need -= units
    return Allocation(reservations=tuple(taken), short=need, rejected=())


def first_place(snapshot: PutawaySnapshot) -> PutawayChoice:
    """Whatever is not blocked."""
    places = sorted([place.location for place in snapshot.candidates if not place.blocked])
    if places:
        return PutawayChoice(location=places[0], overflow=False, rejected=())
    nowhere = Rejection(subject=snapshot.lpn, code="no_location")
    return PutawayChoice(location=None, overflow=False, rejected=(nowhere,))


def first_task(snapshot: DispatchSnapshot) -> Dispatch:
    """Any task, whoever asks."""
    return Dispatch(task=min([t.task for t in snapshot.tasks], default=None), interleaved=False, rejected=())


def never_a_task(snapshot: DispatchSnapshot) -> Dispatch:
    """Nobody works, and each task is said not to fit."""
    refused = sorted([Rejection(subject=t.task, code="skill") for t in snapshot.tasks], key=lambda r: r.subject)
    return Dispatch(task=None, interleaved=False, rejected=tuple(refused))


def any_door(snapshot: DockSnapshot) -> DoorAssignment:
    """One trailer after the other at the first door, whatever it is for."""
    doors = sorted(snapshot.doors, key=lambda door: door.door)
    start = max([snapshot.now_ms, *[to for door in doors[:1] for _, to in door.busy]])
    bookings = []
    for visit in sorted(snapshot.visits, key=lambda visit: visit.trailer) if doors else ():
        bookings.append((visit.trailer, doors[0].door, start))
        start += visit.work_ms
    refused = [] if doors else [Rejection(subject=v.trailer, code="no_place") for v in snapshot.visits]
    return DoorAssignment(bookings=tuple(bookings), rejected=tuple(sorted(refused, key=lambda r: r.subject)))


def all_of_reserve(snapshot: ReplenishmentSnapshot) -> Replenishment:
    """Fills each face from any reserve of its owner and SKU, quality holds and all."""
    left = {row.stock: available(row) for row in snapshot.reserve}
    moves = []
    for face in sorted(snapshot.faces, key=lambda face: face.location):
        room = face.capacity_units - face.units - face.coming_units
        for row, sku in sorted(
            zip(snapshot.reserve, snapshot.reserve_skus, strict=True), key=lambda both: both[0].stock
        ):
            units = min(room, left[row.stock])
            if (row.owner, sku) == (face.owner, face.sku) and units > 0:
                moves.append((row.stock, face.location, units, snapshot.now_ms))
                left[row.stock] -= units
                room -= units
    return Replenishment(moves=tuple(moves), rejected=())


@pytest.mark.parametrize(
    ("family", "rule", "codes"),
    [
        ("allocation", nearest_of_all, ["expired", "temperature", "secure_zone", "location_blocked", "whole packs"]),
        ("putaway", first_place, ["temperature", "secure_zone", "mixing", "height", "segregation"]),
        ("dispatch", first_task, ["queue", "skill", "shift_end"]),
        ("dispatch", never_a_task, ["waits only if no task passes"]),
        ("dock_assignment", any_door, ["no_lane"]),
        ("replenishment", all_of_reserve, ["status", "expired"]),
    ],
)
def test_filters_are_held_whatever_a_rule_says_that_it_rejected(
    family: str, rule: Callable[[Any], Any], codes: list[str]
) -> None:
    verdict = check(family, "forgetful", lambda: rule, snapshots=80, slow_ms=10_000)
    assert {law.name for law in verdict.laws.values() if law.broken} == {"filters and units"}
    defaults = register(family).rules()
    asked = [drawn(family, number) for number in range(300)]
    told = "; ".join([law for snapshot in asked for law in broken_laws(snapshot, rule(snapshot), defaults)])
    assert [code for code in codes if code not in told] == []


def test_filters_that_depend_on_rules_are_held_by_the_rules_of_the_policy() -> None:
    """Markdown: expired stock last, but used; the defaults forbid it, nobody's rules say nothing."""
    rules = AllocationRules(expired="last")
    markdown = ALLOCATION["fefo"](rules=rules)
    assert check("allocation", "markdown", lambda: markdown, snapshots=80, slow_ms=10_000).conforms
    late = next(
        s for n in range(300)
        if broken_laws(s := drawn("allocation", n), markdown(s), AllocationRules()) and not broken_laws(s, markdown(s))
    )  # fmt: skip
    assert broken_laws(late, markdown(late), rules) == []
