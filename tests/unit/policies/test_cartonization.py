"""What goes into which carton."""

from __future__ import annotations

from typing import Any

import pytest

from twin.policies.cartonization import (
    CARTONIZATION,
    Cartonization,
    CartonizationRules,
    CartonizationSnapshot,
    CartonKind,
    PackLine,
)

SMALL = CartonKind(kind="small", inner_mm=(100, 100, 100), max_kg=5.0, tare_kg=0.1, cents=20)
LARGE = CartonKind(kind="large", inner_mm=(200, 200, 100), max_kg=9.0, tare_kg=0.3, cents=50)


def line(name: str, units: int = 1, size: tuple[int, int, int] | None = (100, 100, 50), **more: Any) -> PackLine:
    given: dict[str, Any] = {"sku": name, "mass_kg": 1.0, "upright": False, "mix_key": "o"} | more
    return PackLine(line=name, units=units, size_mm=size, **given)  # type: ignore[arg-type]


def pack(
    name: str, *lines: PackLine, share: float = 1.0, kinds: tuple[CartonKind, ...] = (SMALL, LARGE)
) -> Cartonization:
    snapshot = CartonizationSnapshot(now_ms=0, book_version=0, lines=lines, kinds=kinds)
    return CARTONIZATION[name](rules=CartonizationRules(fill_share=share))(snapshot)


def contents(found: Cartonization) -> list[tuple[str, dict[str, int]]]:
    return [(kind, dict(inside)) for kind, inside, _ in found.cartons]  # type: ignore[arg-type]


def test_first_fit_fills_the_largest_and_shrinks_to_the_cheapest_that_holds_it() -> None:
    # a large carton holds 8 of these, a small one 2
    assert contents(pack("first_fit_decreasing", line("a", 8))) == [("large", {"a": 8})]
    assert contents(pack("first_fit_decreasing", line("a", 9))) == [("large", {"a": 8}), ("small", {"a": 1})]
    assert contents(pack("first_fit_decreasing", line("a", 2))) == [("small", {"a": 2})]
    assert contents(pack("first_fit_decreasing", line("a", 2), share=0.85)) == [("large", {"a": 2})]


def test_the_scale_knows_contents_and_tare() -> None:
    (row,) = pack("first_fit_decreasing", line("a", 2, mass_kg=0.5)).cartons
    assert row[2] == pytest.approx(1.1)


def test_large_units_come_first_and_best_fit_takes_the_tightest_carton() -> None:
    kinds = (SMALL,)
    lines = [line("half", 2, (100, 100, 50)), line("big", 2, (100, 100, 60)), line("bit", 1, (100, 100, 40))]
    assert contents(pack("first_fit_decreasing", *lines, kinds=kinds)) == [
        ("small", {"big": 1, "bit": 1}), ("small", {"big": 1}), ("small", {"half": 2}),
    ]  # fmt: skip
    tight = [line("c", 1, (100, 100, 50)), line("b", 1, (100, 100, 70)), line("bit", 1, (100, 100, 30))]
    assert contents(pack("best_fit", *tight, kinds=kinds)) == [("small", {"b": 1, "bit": 1}), ("small", {"c": 1})]


def test_current_only_never_goes_back() -> None:
    lines = [line("big", 1, (100, 100, 60)), line("half", 1, (100, 100, 50)), line("bit", 1, (100, 100, 40))]
    assert contents(pack("current_only", *lines, kinds=(SMALL,))) == [
        ("small", {"big": 1}),
        ("small", {"half": 1, "bit": 1}),
    ]


def test_one_per_order_and_own_carton() -> None:
    lines = [line("a", 3), line("b", 1, mix_key="p")]
    assert contents(pack("one_per_order", *lines)) == [("large", {"a": 3}), ("small", {"b": 1})]
    assert contents(pack("own_carton", line("a", 2))) == [("small", {"a": 1})] * 2
    assert contents(pack("one_per_order", line("a", 9))) == [("large", {"a": 8}), ("small", {"a": 1})]


@pytest.mark.parametrize("name", list(CARTONIZATION))
def test_unlike_mix_keys_never_share(name: str) -> None:
    found = pack(name, line("a"), line("b", mix_key="hazard"))
    assert [set(inside) for _, inside in contents(found)] in ([{"a"}, {"b"}], [{"b"}, {"a"}])


@pytest.mark.parametrize("name", list(CARTONIZATION))
def test_unknown_sizes_and_units_larger_than_every_kind_stand_apart(name: str) -> None:
    found = pack(name, line("x", 2, None), line("pole", 2, (900, 10, 10)), line("anvil", 1, mass_kg=40.0))
    assert {(r.subject, r.code) for r in found.rejected} == {
        ("x", "unknown_size"),
        ("pole", "volume"),
        ("anvil", "mass"),
    }
    assert sorted(contents(found), key=str) == [
        ("default", {"x": 2}), ("own_parcel", {"anvil": 1}), ("own_parcel", {"pole": 1}), ("own_parcel", {"pole": 1}),
    ]  # fmt: skip


def test_upright_goods_do_not_lie() -> None:
    tall = (50, 50, 150)
    assert contents(pack("own_carton", line("a", 1, tall))) == [("large", {"a": 1})]
    assert pack("own_carton", line("a", 1, tall, upright=True)).rejected[0].code == "volume"
