"""Which arriving goods skip storage."""

from __future__ import annotations

from typing import Any

import pytest

from twin.policies.cross_docking import (
    CROSS_DOCKING,
    Arrival,
    CrossDocking,
    CrossDockRules,
    CrossDockSnapshot,
    Demand,
)

HOUR = 3_600_000


def arrival(lpn: str, units: int = 5, **more: Any) -> Arrival:
    given: dict[str, Any] = {
        "owner": "us", "sku": "tea", "lot": None, "expires_on_day": None, "arrives_at_ms": 0, "needs_check": False,
        "mixed": False,
    } | more  # fmt: skip
    return Arrival(lpn=lpn, units=units, **given)  # type: ignore[arg-type]


def demand(line: str, units: int = 10, hours: float = 2, **more: Any) -> Demand:
    given: dict[str, Any] = {"owner": "us", "priority": 5, "min_expiry_day": None} | more
    return Demand(line=line, units=units, departs_at_ms=int(hours * HOUR), **given)  # type: ignore[arg-type]


def match(
    name: str, arrivals: list[Arrival], demands: list[Demand], older: int = 0, received: bool = True, **rules: Any
) -> CrossDocking:
    snapshot = CrossDockSnapshot(
        now_ms=0, book_version=0, arrivals=tuple(arrivals), demands=tuple(demands), older_stock_units=older,
        received=received,
    )  # fmt: skip
    return CROSS_DOCKING[name](rules=CrossDockRules(**rules))(snapshot)


def test_the_pressing_demand_takes_the_goods_that_expire_first() -> None:
    found = match(
        "planned",
        [arrival("new", expires_on_day=9), arrival("old", expires_on_day=3), arrival("undated")],
        [demand("later", hours=3, units=5), demand("first", units=5), demand("urgent", hours=4, units=5, priority=1)],
    )
    assert found.matches == (("urgent", "old", 5), ("first", "new", 5), ("later", "undated", 5))
    assert found.to_putaway == () and found.rejected == ()


@pytest.mark.parametrize(
    ("goods", "wants", "older", "code"),
    [
        ({"owner": "them"}, {}, 0, "owner"),
        ({}, {"hours": 9}, 0, "window"),
        ({"arrives_at_ms": 3 * HOUR}, {}, 0, "window"),
        ({"needs_check": True}, {}, 0, "quality_hold"),
        ({"expires_on_day": 3}, {"min_expiry_day": 4}, 0, "shelf_life"),
        ({}, {"min_expiry_day": 4}, 0, "shelf_life"),
        ({"mixed": True}, {}, 0, "mixing"),
        ({"units": 11}, {}, 0, "mixing"),
        ({}, {}, 1, "rotation"),
    ],
)
def test_every_condition_has_its_code(goods: dict[str, Any], wants: dict[str, Any], older: int, code: str) -> None:
    found = match("planned", [arrival("P", **goods)], [demand("d", **wants)], older)
    assert [(r.subject, r.code) for r in found.rejected] == [("P", code)]
    assert found.matches == () and found.to_putaway == (("P", goods.get("units", 5)),)


def test_rules_lift_whole_units_and_rotation() -> None:
    found = match("planned", [arrival("P", 11)], [demand("d")], 1, whole_units_only=False, rotation_guard=False)
    assert found.matches == (("d", "P", 10),)
    assert found.to_putaway == (("P", 1),)


def test_opportunistic_waits_for_the_goods_and_planned_does_not() -> None:
    assert match("opportunistic", [arrival("P")], [demand("d")], received=False).to_putaway == (("P", 5),)
    assert match("opportunistic", [arrival("P")], [demand("d")]).matches == (("d", "P", 5),)
    assert match("planned", [arrival("P")], [demand("d")], received=False).matches == (("d", "P", 5),)


def test_pre_distributed_goods_serve_only_the_line_that_the_asn_names() -> None:
    goods = [arrival("P", for_line="d"), arrival("Q")]
    found = match("pre_distributed", goods, [demand("first", priority=0), demand("d")])
    assert found.matches == (("d", "P", 5),) and found.to_putaway == (("Q", 5),)
