"""A belt alone: how fast it takes, carries and gives, what a full one holds, and what a jam costs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from twin.domain.ids import Lpn
from twin.events.catalogue import BeltBlocked, BeltEntered, BeltLeft
from twin.floor.belts import Belt


class Line:
    """One belt, whose end takes units when the gate is open, or so many as are let pass."""

    def __init__(self, length_mm: int, speed_mm_per_s: float, pitch_mm: int) -> None:
        self.env = simpy.Environment()
        self.facts: list[Any] = []
        self.gate_open = True
        self.passes = 0
        self.opened = self.env.event()
        self.belt = Belt(
            self.env, "main", "main/belt", length_mm=length_mm, speed_mm_per_s=speed_mm_per_s, pitch_mm=pitch_mm,
            record=self._record, deliver=self._deliver, room_ahead=lambda: self.opened,
        )  # fmt: skip

    def _record(self, kind: Any, /, *columns: Any, **named: Any) -> int:
        self.facts.append(kind(*columns, **named))
        return len(self.facts)

    def _deliver(self, unit: Lpn) -> bool:
        self.passes -= 1
        return self.gate_open or self.passes >= 0

    def let_pass(self, units: int) -> None:
        self.passes = units
        opened, self.opened = self.opened, self.env.event()
        opened.succeed()

    def at(self, at_ms: int, deed: Callable[[], object]) -> None:
        self.env.timeout(at_ms).callbacks.append(lambda _: deed())

    def put(self, at_ms: int, number: int) -> None:
        self.at(at_ms, lambda: self.belt.accept(Lpn(f"unit-{number}")))

    def open_at(self, at_ms: int) -> None:
        def open_gate() -> None:
            self.gate_open = True
            self.opened.succeed()

        self.at(at_ms, open_gate)

    def run(self, until_ms: int) -> tuple[list[BeltEntered], list[BeltLeft]]:
        self.env.run(until=until_ms)
        return [f for f in self.facts if type(f) is BeltEntered], [f for f in self.facts if type(f) is BeltLeft]


def dense(length_mm: int = 30_000, speed: float = 500.0, pitch_mm: int = 800, units: int = 3_000) -> Line:
    line = Line(length_mm, speed, pitch_mm)
    for number in range(units):
        line.belt.accept(Lpn(f"unit-{number}"))
    return line


def test_the_figures_of_theory_for_a_dense_train() -> None:
    line = dense()
    entered, left = line.run(3_600_000)
    assert line.belt.places == 37
    assert len(entered) == 2_250
    assert left[0].at_ms == 60_000
    assert left[99].at_ms == 218_400
    assert {fact.duration_ms for fact in left} == {60_000}
    assert [fact.handling_unit for fact in left] == [f"unit-{n}" for n in range(len(left))]


def test_one_hour_after_the_first_unit_came_out_just_speed_by_pitch_units_have_come_out() -> None:
    _, left = dense().run(3_660_000)
    assert len(left) == 2_250


def test_a_full_belt_holds_its_places_and_takes_one_for_each_that_it_gives() -> None:
    line = dense()
    line.gate_open = False
    entered, left = line.run(1_000_000)
    assert not left
    assert len(entered) == line.belt.places + 1  # the last still half before the belt: 38 x 0.8 m > 30 m
    for number in range(19):
        line.at(200_000 + 10_000 * number, lambda: line.let_pass(1))
    entered, left = line.run(1_400_000)
    assert [f.at_ms for f in left] == [1_200_000 + 10_000 * number for number in range(19)]
    assert len(entered) - len(left) == line.belt.places


def test_a_blocked_unit_is_told_of_once() -> None:
    line = dense(units=60)
    line.gate_open = False
    line.open_at(500_000)
    line.run(2_000_000)
    told = [f.handling_unit for f in line.facts if type(f) is BeltBlocked]
    assert told
    assert len(told) == len(set(told))


def test_a_jam_makes_late_what_rides_by_just_its_length_and_the_ride_says_so() -> None:
    line = Line(30_000, 500.0, 800)
    line.put(0, 0)
    line.put(50_000, 1)
    line.put(100_000, 2)
    line.at(40_000, lambda: line.belt.stop(25_000))
    entered, left = line.run(1_000_000)
    assert [f.at_ms for f in entered] == [0, 65_000, 100_000]
    assert [f.at_ms for f in left] == [85_000, 125_000, 160_000]
    assert [f.duration_ms for f in left] == [85_000, 60_000, 60_000]


def test_jams_that_overlap_do_not_add_up() -> None:
    line = Line(30_000, 500.0, 800)
    line.put(0, 0)
    line.at(10_000, lambda: line.belt.stop(20_000))
    line.at(20_000, lambda: line.belt.stop(20_000))
    _, left = line.run(1_000_000)
    assert left[0].at_ms == 90_000


@pytest.mark.parametrize("speed", [300.0, 500.0, 700.0, 750.0, 1100.0])
@pytest.mark.parametrize("pitch_mm", [300, 600, 701])
def test_never_more_than_speed_by_pitch(speed: float, pitch_mm: int) -> None:
    entered, left = dense(length_mm=5_000, speed=speed, pitch_mm=pitch_mm, units=600).run(10_000_000)
    for facts in (entered, left):
        span_s = (facts[-1].at_ms - facts[0].at_ms) / 1000
        assert (len(facts) - 1) <= span_s * speed / pitch_mm + 1e-6
    assert len(left) == 600


arrivals = st.lists(st.integers(0, 12), max_size=14)


@given(came=arrivals, shut=st.booleans(), opens=st.integers(1, 30), jam=st.integers(0, 20), jam_s=st.integers(0, 9))
def test_first_in_first_out_nothing_lost_and_no_closer_than_a_pitch(
    came: list[int], shut: bool, opens: int, jam: int, jam_s: int
) -> None:
    line = Line(4_000, 1000.0, 1_000)
    line.gate_open = not shut
    for number, at_s in enumerate(sorted(came)):
        line.put(at_s * 1000, number)
    line.open_at(opens * 1000)
    line.at(jam * 1000, lambda: line.belt.stop(jam_s * 1000))
    entered, left = line.run(200_000)
    names = [f"unit-{n}" for n in range(len(came))]
    assert [f.handling_unit for f in entered] == [f.handling_unit for f in left] == names
    for facts in (entered, left):
        times = [f.at_ms for f in facts]
        assert all(b - a >= 1_000 for a, b in pairwise(times))
    assert all(o.at_ms - i.at_ms == o.duration_ms >= 4_000 for i, o in zip(entered, left, strict=True))
    standing = 0
    for fact in line.facts:
        standing += {BeltEntered: 1, BeltLeft: -1}.get(type(fact), 0)
        assert 0 <= standing <= line.belt.places + 1


def test_a_merge_gives_no_more_than_its_own_limit_and_what_came_in_is_out_or_on_it() -> None:
    out = Line(12_000, 500.0, 800)
    feeders = [Line(5_000, 500.0, 600), Line(9_000, 1000.0, 700)]
    for number, line in enumerate(feeders):
        line.env = line.belt.env = out.env
        line.belt.deliver = lambda unit: out.belt.has_room and (out.belt.accept(unit), True)[1]
        line.belt.room_ahead = out.belt.next_taken
        for unit in range(900):
            line.belt.accept(Lpn(f"unit-{number}-{unit}"))
    entered, left = out.run(600_000)
    fed = [[f for f in line.facts if type(f) is BeltLeft] for line in feeders]
    assert all(b.at_ms - a.at_ms == 1_600 for a, b in pairwise(left)), "the merge is never idle and never too fast"
    assert len(entered) == (600_000 - entered[0].at_ms + 1_599) // 1_600
    assert sum(len(units) for units in fed) == len(entered) + len(out.belt.before)
    assert len(entered) == len(left) + len(out.belt.riding)
    assert abs(len(fed[0]) - len(fed[1])) <= 8, "neither feeder is starved"
    for number, units in enumerate(fed):
        assert [f.handling_unit for f in units] == [f"unit-{number}-{n}" for n in range(len(units))]


def test_without_pitch_a_belt_takes_all_at_once() -> None:
    entered, left = dense(3_000, 500.0, 0, units=5).run(60_000)
    assert [fact.at_ms for fact in entered] == [0] * 5
    assert [fact.at_ms for fact in left] == [6_000] * 5
