"""How a batch is cut by zone and joined again."""

from __future__ import annotations

from typing import Any

import pytest

from twin.policies.zoning import ZONING, ZonedLine, ZonePlan, ZoningSnapshot, hand_offs


def line(name: str, zone: str, rank: int, pick: int = 0) -> ZonedLine:
    return ZonedLine(line=name, zone=zone, zone_rank=rank, pick_rank=pick, units=1)  # type: ignore[arg-type]


LINES = (line("c", "B", 2), line("a", "A", 1, 5), line("b", "A", 1, 3))


def cut(name: str, *lines: ZonedLine, **more: Any) -> ZonePlan:
    given: dict[str, Any] = {"blocked": frozenset(), "waiting_totes": (), "units_per_tote": 0, "wall_places_free": 1}
    snapshot = ZoningSnapshot(now_ms=0, book_version=0, lines=lines or LINES, **(given | more))
    return ZONING[name]()(snapshot)


def test_one_leg_through_all_zones() -> None:
    assert cut("single").legs == (("A", 0, ("b", "a", "c")),)


@pytest.mark.parametrize("name", ["pick_and_pass", "bucket_brigade"])
def test_one_tote_passes_through_the_zones_by_rank(name: str) -> None:
    plan = cut(name)
    assert plan.legs == (("A", 0, ("b", "a")), ("B", 1, ("c",)))
    assert not plan.consolidate


def test_all_zones_at_once_meet_at_the_wall() -> None:
    plan = cut("parallel")
    assert plan.legs == (("A", 0, ("b", "a")), ("B", 0, ("c",)))
    assert plan.consolidate
    full = cut("parallel", wall_places_free=0)
    assert full.legs == ()
    assert [(r.subject, r.code) for r in full.held] == [(n, "no_wall_place") for n in "abc"]
    one_zone = cut("parallel", LINES[1], wall_places_free=0)
    assert one_zone.legs == (("A", 0, ("a",)),) and not one_zone.consolidate


@pytest.mark.parametrize("name", list(ZONING))
def test_a_blocked_zone_holds_its_leg_and_not_the_order(name: str) -> None:
    plan = cut(name, blocked=frozenset({"A"}))
    assert [lines for _, _, lines in plan.legs] == [("c",)]
    assert [(r.subject, r.code) for r in plan.held] == [("a", "location_blocked"), ("b", "location_blocked")]


def test_bucket_brigades_settle_where_bartholdi_and_eisenstein_say() -> None:
    places, rate = hand_offs((1.0, 2.0, 3.0))
    assert places == pytest.approx((1 / 6, 1 / 2))
    assert rate == 6.0
