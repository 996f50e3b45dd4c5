"""Law 5: time is whole milliseconds and an order's times are in order; law 4: a walk says how long it takes."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any

import pytest
from random_days import MINI

from twin.events import catalogue
from twin.events.catalogue import KINDS
from twin.events.columns import NUMBERS
from twin.events.reading import read_events
from twin.events.stream import EventStream
from twin.run.running import Run, run_scenario
from twin.spec.loading import load_scenario

DAY = ["demand.generate.orders_per_day=150", "horizon_h=9"]
LIFE = ("OrderReceived", "OrderPromised", "OrderAllocated", "OrderReleased", "OrderBatched", "LinePicked",
        "CartonClosed", "HandlingUnitStaged", "HandlingUnitLoaded")  # fmt: skip


def test_the_catalogue_holds_no_broken_times() -> None:
    for name in KINDS:
        hints = typing.get_type_hints(getattr(catalogue, name))
        assert hints["at_ms"] is int
        for field, hint in hints.items():
            if field.endswith("_ms") or field in NUMBERS:
                assert hint in (int, int | None), f"{name}.{field}"


@pytest.mark.parametrize("method", ["barcode", "paper"])
def test_every_number_of_a_day_is_whole(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    record = EventStream.record
    seen = 0

    def checked(self: EventStream, kind: Any, *columns: Any) -> int:
        nonlocal seen
        seen += 1
        fact = kind(*columns)
        for field, value in zip(fact._fields, fact, strict=True):
            if field in NUMBERS or field.endswith("_ms"):
                assert value is None or type(value) is int, (type(fact).__name__, field, value)
        assert fact.at_ms >= 0
        return record(self, kind, *columns)

    monkeypatch.setattr(EventStream, "record", checked)
    said = [f"methods.{work}={method}" for work in ("picking", "receiving", "putaway", "replenishing", "counting")]
    run = Run(load_scenario("one_order", [*MINI, *said, "workforce.receivers.count=1", "workforce.counters.count=1"]))
    run.advance(run.premises.horizon_ms)
    assert seen > 500 and type(run.world.env.now) is int


def test_the_stream_goes_forward_and_an_order_lives_in_order(tmp_path: Path) -> None:
    run_scenario(load_scenario("quickstart", DAY), out=tmp_path / "run")
    rows = read_events(tmp_path / "run", ("at_ms", "kind", "order", "trailer", "handling_unit", "due_ms")).columns
    times = rows["at_ms"].tolist()
    assert times == sorted(times)
    first: dict[str, dict[str, int]] = {}
    trailer_of: dict[str, str] = {}
    for at, kind, order, trailer, unit in zip(
        times, *(rows[c].tolist() for c in ("kind", "order", "trailer", "handling_unit")), strict=True
    ):
        if kind in LIFE and order is not None:
            first.setdefault(order, {}).setdefault(kind, at)
        if kind == "HandlingUnitLoaded":
            trailer_of[unit] = trailer
    whole = [life for life in first.values() if len(life) == len(LIFE)]
    assert len(whole) > 20 and len(set(trailer_of.values())) > 1
    for life in whole:
        assert [life[kind] for kind in LIFE] == sorted(life[kind] for kind in LIFE)
