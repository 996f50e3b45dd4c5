"""Where a handling unit leaves the sorter."""

from __future__ import annotations

from typing import Any

import pytest

from twin.policies.sortation import SORTATION, Chute, Divert, SortationRules, SortationSnapshot

OUT = {"again": False, "reject_lane": False}
AGAIN = Divert(chute=None, again=True, reject_lane=False)
REJECTED = Divert(chute=None, again=False, reject_lane=True)


def chute(name: str, to: str | None = None, load: int = 0, rank: int = 0, capacity: int = 2) -> Chute:
    return Chute(chute=name, rank=rank, load=load, capacity=capacity, bound_to=to)


def sort(name: str, *chutes: Chute, target: str | None = "north", rounds: int = 0, lpn: Any = "P1") -> Divert:
    snapshot = SortationSnapshot(now_ms=0, book_version=0, lpn=lpn, target=target, rounds=rounds, chutes=chutes)
    return SORTATION[name](rules=SortationRules(max_rounds=2))(snapshot)


@pytest.mark.parametrize("name", list(SORTATION))
def test_no_read_and_unknown_target_are_rejected(name: str) -> None:
    assert sort(name, chute("1", "north"), lpn=None) == REJECTED
    assert sort(name, chute("1", "north"), target=None) == REJECTED
    assert sort(name) == REJECTED


@pytest.mark.parametrize("name", list(SORTATION))
def test_a_full_chute_means_another_round_and_in_the_end_the_reject_lane(name: str) -> None:
    assert sort(name, chute("1", "north", load=1)) == Divert(chute="1", **OUT)
    assert sort(name, chute("1", "north", load=2), rounds=1) == AGAIN
    assert sort(name, chute("1", "north", load=2), rounds=2) == REJECTED


def test_fixed_knows_only_its_plan_and_takes_the_first_with_room() -> None:
    assert sort("fixed", chute("1"), chute("2", "south")) == REJECTED
    two = (chute("b", "north", rank=2), chute("a", "north", rank=1, load=2), chute("c", "north", rank=3))
    assert sort("fixed", *two) == Divert(chute="b", **OUT)


def test_dynamic_binds_the_free_chute_of_least_load() -> None:
    assert sort("dynamic", chute("a", load=1), chute("b", rank=9), chute("c", "south")) == Divert(chute="b", **OUT)
    assert sort("dynamic", chute("a"), chute("b", "north", load=1)) == Divert(chute="b", **OUT)
    assert sort("dynamic", chute("a", "south"), chute("b", "west")) == AGAIN


def test_a_put_wall_takes_the_first_free_place() -> None:
    assert sort("put_wall", chute("a", rank=2), chute("b", rank=1, load=1)) == Divert(chute="b", **OUT)
