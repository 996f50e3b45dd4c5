"""Law 1: all that reaches the WMS is a frozen message; told again to another WMS, they make the same book."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from random_days import MINI

from twin.run.building import build_world
from twin.run.running import Run
from twin.spec.loading import load_scenario
from twin.wms import messages

DAYS = {
    "scanners": [],
    "paper": [f"methods.{work}=paper" for work in ("picking", "receiving", "putaway", "replenishing", "counting")],
    "outages": ["faults=[{kind: wms_outage, per_h: 4, duration_s: 600}]"],
}
HARD = ["opening_stock.generate.book_right=0.3", "methods.slips.wrong_units=0.2", "workforce.counters.count=1",
        "workforce.receivers.count=1", "workforce.putaway_drivers.count=1",
        "workforce.replenishers.count=1"]  # fmt: skip


def shape_of(book: Any) -> list[tuple[Any, ...]]:
    """A book's stock, line by line."""
    return sorted(
        (s.stock, s.place.location, s.sku_id, str(s.lot), s.units, s.reserved, s.status) for s in book.stocks.values()
    )


@pytest.mark.parametrize("day", DAYS)
def test_the_messages_of_a_day_told_again_make_the_same_book(day: str) -> None:
    loaded = load_scenario("one_order", [*MINI, *HARD, *DAYS[day]])
    run = Run(loaded)
    told: list[tuple[Any, Any]] = []
    tell = run.world.wms.tell

    def recorded(message: Any) -> Any:
        reply = tell(message)
        told.append((message, reply))
        return reply

    run.world.wms.tell = recorded  # type: ignore[method-assign]
    run.advance(run.premises.horizon_ms)
    again, _, _ = build_world(loaded.spec, run.premises, run.seed)
    again.wms.open(0)
    assert len(told) > 200
    for message, reply in told:
        said = again.wms.tell(message)
        assert said.work == reply.work and said.stops == reply.stops and said.lane == reply.lane
    mine, its = (next(iter(w.sites.values())) for w in (run.world.wms, again.wms))
    assert shape_of(mine.r.book) == shape_of(its.r.book)
    assert mine.r.book.held == its.r.book.held and mine.r.orders.keys() == its.r.orders.keys()
    assert mine.r.packed == its.r.packed
    assert again.env.now == 0 and all(not floor.workers for floor in again.sites.values())


def test_messages_and_replies_are_frozen() -> None:
    run = Run(load_scenario("one_order"))
    desk = next(iter(run.world.wms.sites.values()))
    kinds = [*desk.answers, messages.Reply, messages.Pick, messages.TourStop, messages.PickTour]
    assert len(kinds) > 20
    for kind in kinds:
        assert issubclass(kind, tuple), kind
        assert not hasattr(kind, "__dict__") or not vars(kind).get("__dict__"), kind
        blank = kind(*[None] * len(kind._fields))  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            setattr(blank, kind._fields[0], 1)  # type: ignore[attr-defined]


def test_the_wms_plans_a_day_without_a_simulator() -> None:
    code = """
import sys
sys.modules["simpy"] = None
import twin.wms.build, twin.wms.control, twin.policies.named as named
[register.classes for register in named.FAMILIES.values()]
loaded = [n for n in sys.modules if n.startswith(("twin.floor", "twin.run", "twin.spec", "twin.observers"))]
assert not loaded, loaded
assert not {"random", "secrets"} & {n for n in vars(sys.modules["twin.wms.control"])}
"""
    subprocess.run([sys.executable, "-c", code], check=True)
