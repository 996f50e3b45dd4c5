"""What stands on the timeline, out of facts that were written down."""

from __future__ import annotations

import pytest
from drawn import ToldFeed, filled, floor

from visualizer.feed import Record
from visualizer.panels.marks import Mark, Marks, flag, next_mark, next_of_kind
from visualizer.store import Store

MIN = 60_000


def told(*records: Record) -> tuple[ToldFeed, Store, Marks]:
    feed = ToldFeed(floor(), [*records, {"kind": "TrailerArrived", "at_ms": 90 * MIN}])
    store, marks = filled(feed), Marks()
    marks.follow(feed, store)
    return feed, store, marks


def failed(at_ms: int, equipment: str) -> Record:
    return {"kind": "EquipmentFailed", "at_ms": at_ms, "equipment": equipment, "reason": "device", "worker": "s/w-1"}


def repaired(at_ms: int, equipment: str) -> Record:
    return {"kind": "EquipmentRepaired", "at_ms": at_ms, "equipment": equipment}


def test_a_failure_is_open_until_its_own_equipment_is_repaired():
    _, _, marks = told(failed(10 * MIN, "s/a"), failed(12 * MIN, "s/b"), repaired(15 * MIN, "s/a"))
    first, second = marks.marks
    assert (first.at_ms, first.sort, first.until_ms) == (10 * MIN, "incident", 15 * MIN)
    assert [first.is_open(t) for t in (10 * MIN - 1, 10 * MIN, 15 * MIN - 1, 15 * MIN)] == [False, True, True, False]
    assert second.until_ms is None and second.is_open(80 * MIN)
    assert marks.incidents() == [first, second]


def test_what_fails_again_is_open_again():
    _, _, marks = told(failed(10 * MIN, "s/a"), repaired(15 * MIN, "s/a"), failed(20 * MIN, "s/a"))
    assert [mark.until_ms for mark in marks.marks] == [15 * MIN, None]


def test_a_mark_tells_what_who_and_how_long_in_either_language():
    _, _, marks = told(failed(10 * MIN, "s/a"), repaired(15 * MIN, "s/a"))
    (mark,) = marks.marks
    assert mark.told(12 * MIN, "en") == "device failed · w-1 · 02:00"
    assert mark.told(60 * MIN, "zh") == "设备故障 · w-1 · 05:00"


def test_commands_are_decisions_but_trouble_that_was_made_is_an_incident():
    command = {"kind": "CommandGiven", "at_ms": 5 * MIN, "actor": "t"}
    _, _, marks = told(
        {**command, "action": "add_workers", "worker": "picker"},
        {**command, "action": "block_aisle", "location": "s/A02", "duration_ms": 10 * MIN},
        {**command, "action": "block_aisle", "location": "s/A03", "duration_ms": 10 * MIN, "status": "refused"},
    )
    assert [(m.sort, m.who, m.until_ms) for m in marks.marks] == [
        ("decision", "picker", 0), ("incident", "s/A02", 15 * MIN), ("decision", "s/A03", 0),
    ]  # fmt: skip


def test_a_question_is_open_until_its_answer_or_its_time():
    asked = {"kind": "DecisionAsked", "action": "hold", "actor": "t", "choice": "a", "value": 2}
    _, _, marks = told(
        {**asked, "at_ms": 5 * MIN, "due_ms": 9 * MIN},
        {**asked, "at_ms": 6 * MIN, "due_ms": 9 * MIN},
        {"kind": "CommandGiven", "at_ms": 7 * MIN, "action": "answer", "cause": 0},
    )
    assert [(m.sort, m.until_ms) for m in marks.marks] == [
        ("question", 7 * MIN),
        ("question", 9 * MIN),
        ("decision", 0),
    ]


def test_breaks_that_touch_are_one_band():
    def pause(at_ms: int, minutes: int) -> Record:
        return {"kind": "BreakStarted", "at_ms": at_ms, "worker": "s/w-1", "duration_ms": minutes * MIN}

    _, _, marks = told(pause(10 * MIN, 15), pause(20 * MIN, 15), pause(36 * MIN, 5), pause(60 * MIN, 15))
    assert marks.breaks == [(10 * MIN, 41 * MIN), (60 * MIN, 75 * MIN)]


def test_marks_are_read_again_only_when_there_are_more():
    feed, store, marks = told(failed(10 * MIN, "s/a"))
    before, asked = marks.marks, marks.version
    marks.follow(feed, store)
    assert marks.marks is before and marks.version == asked == 1


@pytest.mark.parametrize(
    ("at", "by", "found"), [(0, 1, 5), (5, 1, 9), (9, 1, None), (9, -1, 5), (5, -1, None), (7, -1, 5)]
)
def test_next_and_previous_mark(at, by, found):
    marks = [Mark(5, "decision", ("order", "add_workers")), flag(9)]
    mark = next_mark(marks, at, by)
    assert (mark.at_ms if mark else None) == found


def test_next_and_previous_event_of_a_kind():
    _, store, _ = told(failed(1, "s/a"), repaired(2, "s/a"), failed(2, "s/b"), repaired(3, "s/b"))
    assert [next_of_kind(store, "EquipmentFailed", row, 1) for row in (-1, 0, 1, 2, 3)] == [0, 2, 2, None, None]
    assert [next_of_kind(store, "EquipmentFailed", row, -1) for row in (0, 1, 2, 3)] == [None, 0, 0, 2]
    assert next_of_kind(store, "BeltLeft", 0, 1) is None
