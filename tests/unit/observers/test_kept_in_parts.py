from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.observers.scenes import H, booked, order, shorted, stock, taken, told, whole_way
from twin.events import catalogue as c
from twin.events.archive import Archive
from twin.events.columns import MISSING
from twin.observers import kept, matching, order_lives
from twin.observers.accuracy import Accuracy
from twin.observers.kept import Kept, packed, unpacked
from twin.observers.run_context import RunContext
from twin.observers.service import Service
from twin.observers.storage import Storage
from twin.observers.throughput import Throughput

DAY = RunContext(horizon_ms=10 * H, warmup_ms=H)
EDGES = st.sampled_from([0, 1, 254, 255, 256, 257, 65535, 65536, 2**32 - 2, 2**32 - 1, 2**32, -1, 7, MISSING])


@given(st.lists(EDGES | st.integers(-(2**40), 2**40), min_size=1, max_size=40), st.booleans(), st.booleans())
def test_what_is_packed_comes_out_as_it_was(values: list[int], rising: bool, gaps: bool) -> None:
    if not gaps:
        values = [v for v in values if v != MISSING] or [3]
    column = np.array(sorted(values) if rising else values, dtype=np.int64)
    assert unpacked(packed(column)).tolist() == column.tolist()


def test_narrow_values_take_little_room_and_steps_less_than_distances() -> None:
    assert packed(np.full(1000, 5)).more is None
    few = packed(np.arange(1000) % 200 + 10**12)
    assert isinstance(few.more, np.ndarray) and few.more.itemsize == 1
    steps = packed(np.cumsum(np.arange(1000) % 200) + 10**12)
    assert steps.steps and isinstance(steps.more, np.ndarray) and steps.more.itemsize == 1
    some_missing = packed(np.where(np.arange(1000) % 7 == 0, MISSING, 300))
    assert isinstance(some_missing.more, np.ndarray) and some_missing.more.itemsize == 1


@given(sizes=st.lists(st.integers(0, 9), max_size=30), factor=st.sampled_from([0, 1, 37]), archived=st.booleans())
@settings(deadline=None)
def test_a_kept_column_gives_all_back_however_it_came(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], factor: int, archived: bool
) -> None:
    archive = Archive(tmp_path_factory.mktemp("run")) if archived else None
    before = kept.BLOCK_ROWS, kept.PARTS_MOST
    kept.BLOCK_ROWS, kept.PARTS_MOST = 16, 4
    try:
        column, told_all, at = Kept(), [], 0
        for size in sizes:
            some = (np.arange(at, at + size, dtype=np.int64) * factor) % 1000
            column.add(some, archive)
            told_all += some.tolist()
            at += size
        assert column.values().tolist() == told_all
        assert [x for part in column.parts() for x in part.tolist()] == told_all
        assert len(column) == len(told_all)
    finally:
        kept.BLOCK_ROWS, kept.PARTS_MOST = before


def a_day() -> tuple[list[Any], list[c.Fact]]:
    """Nine orders: shipped, wrongly picked, short, unfinished, of several priorities, with shared SKUs."""
    facts: list[c.Fact] = []
    for n in range(9):
        name, lines = f"O{n}", {"A": 1, "B": 1 + n % 3} if n % 2 else {"C": 2}
        facts += order(H + n, name, lines, due=(4 + n % 3) * H, priority=1 + n % 4, customer=f"c{n % 3}")
        if n == 4:
            facts.append(shorted(H + n, name, "C", 2))
        elif n == 6:
            facts.append(booked(2 * H, name, "C", 2, f"T-{name}"))
        else:
            way = whole_way(2 * H + n, name, lines, 3 * H + n * H // 2)
            if n == 3:
                way = [f._replace(units=9) if isinstance(f, c.UnitsTaken) and f.sku == "B" else f for f in way]
            facts += way
    facts.append(taken(9 * H, "A", 3, "stray", "m/a"))
    facts = sorted(facts, key=lambda f: f[0])  # type: ignore[no-any-return]
    return [stock("m/a", "A", 90), stock("m/a", "B", 90, book=80), stock("m/c", "C", 50)], facts


def figures(opening: list[Any], facts: list[c.Fact]) -> dict[str, Any]:
    volumes = {"m/a": 100.0, "m/c": 50.0}, {("own", "A"): 0.1, ("own", "B"): 0.7, ("own", "C"): 1 / 3}
    observers = (Throughput(), Service(), Accuracy(), Storage(opening, *volumes))
    return {k: v for one in observers for k, v in told(one, facts).figures(DAY).items()}


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_figures_taken_part_by_part_are_those_of_the_whole(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, facts = a_day()
    whole = figures(opening, facts)
    assert whole["orders_shipped"] > 4 and whole["orders_wrong"] and whole["customers_hit"]
    monkeypatch.setattr(kept, "BLOCK_ROWS", 3)
    monkeypatch.setattr(matching, "ROWS_TOGETHER", 2)
    monkeypatch.setattr(order_lives.OrderLives.parts, "__defaults__", (lines,))
    assert len(list(order_parts(facts))) > 2
    assert figures(opening, facts) == whole


def order_parts(facts: list[c.Fact]) -> list[order_lives.Lives]:
    lives = told(order_lives.OrderLives(), facts)
    parts = list(lives.parts())
    joined = sorted(x for part in parts for x in part.order.tolist())
    assert joined == sorted(lives.lives().order.tolist())
    return parts
