from __future__ import annotations

from typing import Any

import pytest

from twin.domain.errors import PolicyError
from twin.policies.dispatch import DISPATCH, Dispatch, DispatchRules, DispatchSnapshot, OpenTask


def task(name: str, **changed: Any) -> OpenTask:
    plain: dict[str, Any] = {
        "task": name,
        "queue": "pick",
        "kind": "pick",
        "priority": 5,
        "latest_start_ms": 1_000_000,
        "created_at_ms": 0,
        "starts_at": "x",
        "work_ms": 100,
        "needs": frozenset(),
        "cold": False,
    }
    return OpenTask(**(plain | changed))


def next_task(name: str, tasks: list[OpenTask], rules: DispatchRules | None = None, **seen: Any) -> Dispatch:
    plain: dict[str, Any] = {
        "now_ms": 0,
        "book_version": 1,
        "worker": "w",
        "queues": ("pick", "store"),
        "has": frozenset({"scanner"}),
        "last_kind": None,
        "shift_ends_ms": 10_000_000,
        "cold_left_ms": 1000,
        "tasks": tuple(tasks),
        "travel_ms": (0,) * len(tasks),
    }
    return DISPATCH[name](rules=rules or DispatchRules())(DispatchSnapshot(**(plain | seen)))


@pytest.mark.parametrize("name", DISPATCH)
@pytest.mark.parametrize(
    ("code", "row", "seen"),
    [
        ("queue", {"queue": "load"}, {}),
        ("skill", {"needs": frozenset({"scanner", "forklift"})}, {}),
        ("shift_end", {}, {"shift_ends_ms": 149, "travel_ms": (50,)}),
        ("cold_exposure", {"cold": True}, {"cold_left_ms": 99}),
    ],
)
def test_each_filter_gives_its_code_and_the_worker_waits(name, code, row, seen):
    decision = next_task(name, [task("a", **row)], **seen)
    assert decision.task is None
    assert [(r.subject, r.code) for r in decision.rejected] == [("a", code)]


def test_work_that_just_fits_the_shift_the_skills_and_the_cold_is_given():
    fits = task("a", needs=frozenset({"scanner"}), cold=True)
    assert next_task("nearest", [fits], shift_ends_ms=150, travel_ms=(50,), cold_left_ms=100).task == "a"
    overrun = DispatchRules(may_overrun_s=0.05)
    assert next_task("nearest", [fits], overrun, shift_ends_ms=100, travel_ms=(50,)).task == "a"


def test_warm_work_needs_no_cold_time():
    assert next_task("nearest", [task("a")], cold_left_ms=0).task == "a"


@pytest.mark.parametrize(
    ("name", "expected"), [("earliest_start", "early"), ("nearest", "near"), ("queue_order", "first_queue")]
)
def test_what_comes_first(name, expected):
    tasks = [
        task("early", queue="store", latest_start_ms=1),
        task("near", queue="store"),
        task("first_queue", queue="pick", latest_start_ms=2),
    ]
    assert next_task(name, tasks, travel_ms=(9, 1, 5)).task == expected


@pytest.mark.parametrize("name", ["earliest_start", "queue_order"])
def test_ties_go_to_priority_then_travel_then_id(name):
    assert next_task(name, [task("a"), task("b", priority=1)]).task == "b"
    assert next_task(name, [task("a"), task("b")], travel_ms=(2, 1)).task == "b"
    assert next_task(name, [task("b"), task("a")]).task == "a"


def test_nearest_breaks_ties_by_latest_start_then_priority_then_id():
    assert next_task("nearest", [task("a"), task("b", latest_start_ms=1)]).task == "b"
    assert next_task("nearest", [task("a"), task("b", priority=1)]).task == "b"
    assert next_task("nearest", [task("b"), task("a")]).task == "a"


@pytest.mark.parametrize("name", DISPATCH)
def test_a_task_that_waited_too_long_comes_before_all_others(name):
    tasks = [task("new", created_at_ms=7_200_000, latest_start_ms=0, priority=0), task("old", created_at_ms=-1)]
    seen: dict[str, Any] = {"now_ms": 7_200_000, "travel_ms": (0, 9)}
    assert next_task(name, tasks, **seen).task == "old"
    assert next_task(name, tasks, DispatchRules(max_wait_s=7300.0), **seen).task == "new"


def test_a_task_that_waited_just_as_long_as_it_may_is_not_yet_too_old():
    tasks = [task("new", created_at_ms=1, latest_start_ms=0), task("old", created_at_ms=0)]
    assert next_task("earliest_start", tasks, now_ms=7_200_000).task == "new"


def test_interleave_prefers_the_complement_near_by_unless_work_presses():
    store, pick = task("store", queue="store", kind="putaway"), task("pick")
    for last_kind, expected in [("putaway", "pick"), ("pick", "store"), ("replenish", "store")]:
        decision = next_task("interleave", [store, pick], last_kind=last_kind, travel_ms=(9, 9))
        assert decision == Dispatch(task=expected, interleaved=True, rejected=())
    pressing = task("pressing", queue="store", kind="putaway", latest_start_ms=600_000)
    decision = next_task("interleave", [pressing, pick], last_kind="putaway")
    assert decision.task == "pressing" and not decision.interleaved


def test_without_tasks_the_worker_waits():
    assert next_task("nearest", []) == Dispatch(task=None, interleaved=False, rejected=())


def test_travel_that_does_not_stand_beside_the_tasks_is_an_error():
    with pytest.raises(PolicyError, match="beside tasks"):
        next_task("nearest", [task("a")], travel_ms=())
