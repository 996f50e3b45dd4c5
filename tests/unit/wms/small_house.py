"""A small site's WMS without any floor, and the messages of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twin.domain.calendar import Calendar
from twin.domain.goods import Lot, OpeningStock, Sku
from twin.domain.orders import Order, OrderLine
from twin.policies.named import FAMILIES, chain, reference
from twin.space.parallel_aisle import parallel_aisle
from twin.space.placing import Where
from twin.space.plan import DockDoor, FloorZone, PackStation, StagingLane
from twin.space.travel import TravelGraph
from twin.wms import messages as m
from twin.wms.build import open_site
from twin.wms.control import Wms
from twin.wms.policies import PolicyInUse
from twin.wms.records import Departure, SiteRules

H = 3_600_000


@dataclass
class House:
    """A small site's WMS and all it said."""

    wms: Wms
    desk: Any
    facts: list[Any]

    def kinds(self) -> list[str]:
        return [type(f).__name__ for f in self.facts]

    def last(self, kind: str) -> Any:
        return next(f for f in reversed(self.facts) if type(f).__name__ == kind)

    def said(self, kind: str) -> list[Any]:
        return [f for f in self.facts if type(f).__name__ == kind]


def house(
    *, units: int = 10, policies: dict[str, Any] | None = None, lots: Sequence[Lot] = (),
    stock: Sequence[tuple[str, str, int]] = (), **rules: Any,
) -> House:  # fmt: skip
    """`stock`: more rows as (SKU, lot, units), each at a face of its own."""
    plan = parallel_aisle(
        site="s", aisles=3, locations_per_subaisle=4,
        zones=[FloorZone(name="A", aisles=(0, 1)), FloorZone(name="R", aisles=(2, 2), use="reserve")],
        pack_stations=[(PackStation(name="pack"), Where(x_m=0, y_m=-5))],
        lanes=[(StagingLane(name="lane"), Where(x_m=0, y_m=-8))],
        doors=[(DockDoor(name="door"), Where(x_m=0, y_m=-10)), (DockDoor(name="door2"), Where(x_m=4, y_m=-10))],
    )  # fmt: skip
    faces = [x.location for x in plan.locations if x.use == "pick"]
    reserve = [x.location for x in plan.locations if x.use == "reserve"]
    skus = {("o", n): Sku(owner="o", sku=n, units_per_pack=2, units_per_pallet=20) for n in ("A", "B")}
    opening = [
        OpeningStock(site="s", location=faces[0], owner="o", sku="A", book_units=units, floor_units=units,
                     fixed_face=True, min_units=4, max_units=10),
        OpeningStock(site="s", location=faces[1], owner="o", sku="B", book_units=5, floor_units=5,
                     fixed_face=True, min_units=0, max_units=10),
        OpeningStock(site="s", location=reserve[0], owner="o", sku="A", lpn="P1", book_units=20, floor_units=20),
    ]  # fmt: skip
    opening += [
        OpeningStock(site="s", location=faces[2 + n], owner="o", sku=sku, lot=lot, book_units=more, floor_units=more)
        for n, (sku, lot, more) in enumerate(stock)
    ]
    chosen = {}
    for family in FAMILIES:
        policy = chain(family, (policies or {}).get(family))
        chosen[family] = PolicyInUse(reference(policy, family), policy, 64)
    facts: list[Any] = []

    def record(kind: Any, *columns: Any) -> int:
        facts.append(kind(*columns))
        return len(facts) - 1

    desk = open_site(
        site="s", plan=plan, graph=TravelGraph(plan), calendar=Calendar(datetime(2026, 3, 2, 6)), skus=skus,
        lots=[Lot(owner="o", sku="A", lot="L"), *lots], opening=opening, policies=chosen, record=record,
        rules=SiteRules(**rules), departures={"van": (Departure(4 * H, 5 * H),)}, carrier_doors={},
        speed_mm_per_ms=1.2,
    )  # fmt: skip
    wms = Wms({"s": desk})
    wms.open(0)
    return House(wms, desk, facts)


def order(name: str, lines: dict[str, int], at_ms: int = 0, **more: Any) -> m.NewOrder:
    rows = tuple(
        OrderLine(line=f"{name}-{i}", order=name, sku=sku, units=n, owner="o", **more)
        for i, (sku, n) in enumerate(lines.items(), 1)
    )
    return m.NewOrder(
        at_ms,
        Order(
            order=name, site="s", owner="o", customer="c", priority=5, urgent=False, received_at_ms=at_ms,
            due_at_ms=None, carrier="van", batch=None, lines=rows,
        ),
    )  # fmt: skip


def wanted(h: House, queue: str, at_ms: int, worker: str = "s/w") -> m.Reply:
    return h.wms.tell(m.WorkWanted(at_ms, "s", worker, (queue,), frozenset(), "s/depot", None, 1 << 50, 0))
