"""Snapshots drawn from tiny domains, so that ties happen: what `twin policy check` asks a policy.

A snapshot is drawn by its type hints; what a hint cannot say (ids are unique, tuples stand beside each other, a plan
is a plan) is put right per family. Draws are keyed: the same number gives the same snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass, replace
from math import inf
from random import Random
from types import NoneType, UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.ids import LocationId
from twin.policies.named import register

ROWS_MAX = 4
WORDS = {
    "owner": ("us", "them"), "sku": ("tea", "cup"), "zone": ("A", "B"), "queue": ("main", "other"),
    "kind": ("shelf", "pallet"), "site": ("north", "south", "west"), "handling_unit_kind": ("tote", "pallet"),
    "lot": ("L1", "L2"), "order": ("o1", "o2"), "segregation": ("acid",),
    "carrier": ("road", "rail"), "queues": ("main", "other"), "target": ("r1", "r2"),
}  # fmt: skip
NUMBERS: dict[str, tuple[int, ...]] = {
    "units": (0, 1, 2, 3, 5), "reserved": (0, 0, 0, 1), "units_per_pack": (1, 2, 3), "priority": (0, 1, 2),
    "deliver_on_day": (1, 2), "size_mm": (1, 2), "inner_mm": (2, 3, 4),
    "max_counts": (0, 1, 3), "book_version": (1,), "left_out": (0,), "order_multiple": (1, 2), "prebuilt": (0, 1, 3),
    "shift_ends_ms": (0, 4, 9), "cutoff_at_ms": (0, 5, 5, 9), "latest_ms": (2, 5, 9), "capacity": (1, 3),
    "units_per_tote": (1, 3), "departs_at_ms": (0, 3_600_000, 7_200_000), "arrives_at_ms": (0, 3_600_000),
    "cart_positions": (0, 2, 3), "max_lines": (0, 4), "weekday": (0, 6), "quota_left": (1, 3),
}  # fmt: skip
REALS: dict[str, tuple[float, ...]] = {
    "mass_kg": (0.5, 1.0, 2.0), "volume_l": (0.5, 1.0, 2.0), "max_mass_kg": (inf, 3.0), "max_volume_l": (inf, 4.0),
    "free_kg": (0.0, 5.0), "free_l": (0.0, 5.0), "fill_share": (0.5, 1.0), "late_share": (0.0, 0.5),
    "max_kg": (1.0, 5.0), "lead_days": (0.0, 3.0),
}  # fmt: skip
BESIDE: dict[str, tuple[tuple[str, ...], ...]] = {
    "PromisingSnapshot": (
        ("lines",),
        ("supplies",),
        ("commitments",),
        ("feed",),
        ("quota_left",),
        ("recipes",),
        ("standing",),
    ),
    "SourcingSnapshot": (("lines",), ("sites", "distance_mm", "offered")),
    "AllocationSnapshot": (("stock",),),
    "ReleaseSnapshot": (("waiting",), ("open_lines",), ("caps",)),
    "BatchingSnapshot": (("orders",),),
    "ZoningSnapshot": (("lines",), ("waiting_totes",)),
    "RoutingSnapshot": (("stops",),),
    "PutawaySnapshot": (("candidates", "distance_mm", "face_distance_mm"),),
    "SlottingSnapshot": (("demand",), ("homes",), ("together",), ("ordered",)),
    "ReplenishmentSnapshot": (("faces",), ("reserve", "reserve_skus")),
    "ReorderingSnapshot": (("positions",),),
    "DispatchSnapshot": (("tasks", "travel_ms"),),
    "DockSnapshot": (("visits",), ("doors",)),
    "CartonizationSnapshot": (("lines",), ("kinds",)),
    "KittingSnapshot": (("recipe",), ("available",)),
    "SortationSnapshot": (("chutes",),),
    "CountSnapshot": (("candidates",),),
    "CrossDockSnapshot": (("arrivals",), ("demands",)),
    "FaultSnapshot": (("others",), ("coming",)),
}
"""Which tuples are listings without an order of their own; those in one group stand beside each other."""


EVEN = frozenset({"reason", "source", "grade", "trigger", "direction"})
"""Choices of which none is the usual."""

PLAIN = frozenset({"owner", "lot", "segregation", "zone", "queue"})
"""Words that are mostly the first, or hardly a candidate would pass the filters."""


class Luck(Random):
    """Draws of one snapshot. oddness: how often something is not as usual; in half of the snapshots hardly ever."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.oddness = self.choice((0.02, 0.25))

    def odd(self) -> bool:
        """Something is not as usual."""
        return self.random() < self.oddness


def drawn(family: str, number: int) -> Any:
    """The snapshot of this number."""
    luck = Luck(f"twin policy check/{family}/{number}")
    if family in ("routing", "batching"):
        return _walks(family, luck)
    cls = register(family).snapshot
    snapshot = _value(cls, "", luck, 0)
    for group in BESIDE.get(cls.__name__, ()):
        if len(group) > 1:
            first = getattr(snapshot, group[0])
            hints = get_type_hints(cls)
            beside = {
                name: tuple([_value(get_args(hints[name])[0], name, luck, i) for i in range(len(first))])
                for name in group[1:]
            }
            snapshot = replace(snapshot, **beside)
    return _put_right(family, snapshot, luck)


def shuffled(snapshot: Any, number: int) -> Any:
    """The same snapshot, its listings in another order."""
    luck = Random(f"shuffle/{number}")
    for group in BESIDE.get(type(snapshot).__name__, ()):
        rows = list(zip(*[getattr(snapshot, name) for name in group], strict=True))
        luck.shuffle(rows)
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(group)
        snapshot = replace(snapshot, **dict(zip(group, [tuple(c) for c in columns], strict=True)))
    return snapshot


def _value(hint: Any, name: str, luck: Luck, turn: int) -> Any:
    if isinstance(hint, NewType):
        return _value(hint.__supertype__, name, luck, turn)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint, luck, turn)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        some = next(part for part in parts if part is not NoneType)
        return None if luck.random() > 2 * luck.oddness else _value(some, name, luck, turn)
    if origin is Literal:
        return luck.choice(parts) if name in EVEN or luck.odd() else parts[0]
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
        count = luck.randint(0, ROWS_MAX)
        return tuple([_value(parts[0], name, luck, i) for i in range(count)])
    if origin is tuple:
        return tuple([_value(part, _inner(name, part), luck, turn) for part in parts])
    if origin is frozenset:
        return frozenset([w for w in WORDS.get(name, ("x", "y")) if luck.random() < 0.5])
    if hint is bool:
        return luck.odd()
    if hint is int:
        return luck.choice(NUMBERS.get(name, (0, 0, 1, 2, 3)))
    if hint is float:
        return luck.choice(REALS.get(name, (0.0, 0.5, 1.0, 2.0)))
    words = WORDS.get(name, (f"{name}1", f"{name}2"))
    return luck.choice(words) if luck.odd() or name not in PLAIN else words[0]


def _inner(name: str, part: Any) -> str:
    """The word that a bare id inside a row stands for."""
    supertype = getattr(part, "__name__", "")
    known = {"SkuId": "sku", "OwnerId": "owner", "Zone": "zone", "LineId": "line", "LotId": "lot"}
    return known.get(supertype, name)


IDS = {
    "StockLine": "stock", "OrderLine": "line", "Releasable": "order", "OpenLocation": "location", "OpenTask": "task",
    "Visit": "trailer", "Door": "door", "CountCandidate": "location", "Face": "location", "Home": "location",
    "Supply": "supply", "Commitment": "line", "SiteState": "site", "ZonedLine": "line", "PackLine": "line",
    "CartonKind": "kind", "Chute": "chute", "Arrival": "lpn", "Demand": "line", "SupplierTerms": "supplier",
    "Wave": "wave",
}  # fmt: skip
"""Rows of which each has an id of its own."""


def _record(cls: type[Any], luck: Luck, turn: int) -> Any:
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    for field in fields(cls):
        if field.default is not MISSING and luck.random() < 0.6:
            continue
        values[field.name] = _value(hints[field.name], field.name, luck, turn)
    own = IDS.get(cls.__name__)
    if own is not None:
        # ids in no particular order of the listing
        values[own] = f"{own}-{'dbca'[turn % 4]}{turn // 4 or ''}"
    return cls(**values)


def _put_right(family: str, snapshot: Any, luck: Luck) -> Any:
    """What the hints cannot say."""
    if family == "allocation":
        line = replace(snapshot.line, units=max(1, snapshot.line.units))
        return replace(snapshot, line=line)
    if family == "promising":
        lines = tuple([replace(line, units=max(1, line.units)) for line in snapshot.lines])
        seen: set[Any] = set()
        quota = tuple([row for row in snapshot.quota_left if not (row[0] in seen or seen.add(row[0]))])  # type: ignore[func-returns-value]
        feed = {(row.owner, row.sku): row for row in snapshot.feed}
        recipes = tuple([("kit", part, luck.randint(1, 2)) for part in ("tea", "cup") if luck.odd()])
        if recipes:
            lines = tuple([replace(line, sku="kit") if luck.odd() else line for line in lines])
        others = (("tea", "cup", 1),) if luck.odd() else ()
        return replace(
            snapshot, lines=lines, quota_left=quota, feed=tuple(feed.values()), substitutes=others, recipes=recipes
        )
    if family == "slotting":
        pairs = {(d.owner, d.sku): d for d in snapshot.demand}
        skus = sorted({d.sku for d in pairs.values()})
        partners = tuple([(a, b, luck.choice((1.0, 9.0))) for a in skus for b in skus if a < b and luck.random() < 0.5])
        return replace(snapshot, demand=tuple(pairs.values()), together=partners)
    if family == "replenishment":
        faces = {(f.owner, f.sku): replace(f, capacity_units=f.capacity_units + f.max_units) for f in snapshot.faces}
        of_reserve = tuple([luck.choice(("tea", "tea", "cup")) for _ in snapshot.reserve])
        return replace(snapshot, faces=tuple(faces.values()), reserve_skus=of_reserve)
    if family == "dispatch":
        return replace(snapshot, queues=tuple(dict.fromkeys(snapshot.queues)))
    if family == "dock_assignment":
        doors = [
            replace(
                d,
                busy=tuple(sorted([(min(b), max(b)) for b in d.busy])),
                directions=frozenset({"in", "out"}),
                storage=d.storage | {"ambient"},
            )
            for d in snapshot.doors
        ]
        return replace(snapshot, doors=tuple(doors))
    if family == "pick_exceptions":
        fault, line = snapshot.fault, snapshot.line
        fault = replace(
            fault, line=line.line, asked=max(1, fault.asked), found=min(fault.found, max(1, fault.asked) - 1)
        )
        return replace(snapshot, fault=fault, line=replace(line, units=max(1, line.units)))
    if family == "release":
        return replace(
            snapshot,
            open_lines=tuple(dict(snapshot.open_lines).items()),
            caps=tuple(dict(snapshot.caps).items()),
            waiting=tuple([replace(o, lines_by_zone=tuple(dict(o.lines_by_zone).items())) for o in snapshot.waiting]),
        )
    if family == "putaway":
        roomy = [
            place
            if luck.odd()
            else replace(
                place,
                free_kg=5.0,
                free_l=5.0,
                height_mm=3,
                free_places=place.coming_handling_units + luck.randint(1, 2),
            )
            for place in snapshot.candidates
        ]
        last = luck.choice(roomy).location if roomy and luck.random() < 0.5 else snapshot.last_used
        return replace(snapshot, candidates=tuple(roomy), last_used=last)
    if family == "sourcing":
        offered = [
            tuple([(x.line, luck.randint(0, 5), luck.randint(0, 3)) for x in snapshot.lines if luck.random() < 0.7])
            for _ in snapshot.sites
        ]
        needs = snapshot.needs if luck.odd() else frozenset()
        return replace(snapshot, offered=tuple(offered), needs=needs)
    if family == "sortation":
        target = None if luck.odd() else luck.choice(WORDS["target"])
        kept = [replace(c, bound_to=luck.choice((None, *WORDS["target"]))) for c in snapshot.chutes]
        return replace(snapshot, lpn=None if luck.odd() else "lpn1", target=target, chutes=tuple(kept))
    if family == "cross_docking":
        older = snapshot.older_stock_units if luck.odd() else 0
        return replace(snapshot, older_stock_units=older, received=luck.random() < 0.8)
    if family == "reordering":
        pairs = {(x.owner, x.sku): x for x in snapshot.positions}
        return replace(snapshot, positions=tuple(pairs.values()))
    if family == "kitting":
        return replace(snapshot, recipe=tuple([(sku, abs(units)) for sku, units in snapshot.recipe]))
    return snapshot


DEPTH_MM, PITCH_MM = 6, 3


class _Floor:
    """Aisles, or in every tenth snapshot a graph; where tours start and end, mostly in one place."""

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self.aisles, self.blocks = luck.randint(1, 4), luck.choice((1, 1, 2))
        one_way: tuple[Any, ...] = ()
        if self.aisles > 1 and luck.random() < 0.1:
            one_way = tuple([("up", "down")[a % 2] for a in range(self.aisles)])
        self.plan: AislePlan | None = AislePlan(
            x_mm=tuple([PITCH_MM * a for a in range(self.aisles)]),
            cross_y_mm=tuple([DEPTH_MM * k for k in range(self.blocks + 1)]), one_way=one_way,
        )  # fmt: skip
        if luck.random() < 0.1:
            self.plan = None
        self.start = self._point("depot") if luck.random() < 0.3 else Point(location=LocationId("depot"), aisle=0)
        self.end = self._point("end") if luck.random() < 0.15 else self.start

    def _point(self, name: str) -> Point:
        across = self.luck.randrange(self.blocks + 1)
        if self.luck.random() < 0.3:
            return Point(location=LocationId(name), x_mm=self.luck.randint(0, PITCH_MM * self.aisles), y_mm=-2)
        return Point(location=LocationId(name), aisle=self.luck.randrange(self.aisles), y_mm=DEPTH_MM * across)

    def stops(self, count: int, groups: tuple[int, ...] = (0,)) -> tuple[Stop, ...]:
        """So many stops, few places; now and then two at one."""
        rows = []
        for _ in range(count):
            a, b = self.luck.randrange(self.aisles), self.luck.randrange(self.blocks)
            y = self.luck.randint(1, DEPTH_MM - 1)
            row = Stop(location=LocationId(f"{a}/{b}/{y}"), aisle=a, block=b, y_mm=DEPTH_MM * b + y)
            if self.plan is None:
                row = replace(row, aisle=0, block=0, y_mm=0)
            rows.append(replace(row, visit_group=self.luck.choice(groups)))
        first = {row.location: row for row in reversed(rows)}
        return tuple([row for row in rows if row == first[row.location]])

    def ways(self, stops: Iterable[Stop]) -> tuple[tuple[LocationId, LocationId, int], ...]:
        """Of a graph: drawn lengths between all its places, not alike in both directions."""
        if self.plan is not None:
            return ()
        places = sorted({stop.location for stop in stops} | {self.start.location, self.end.location})
        return tuple([(a, b, self.luck.randint(1, 9)) for a in places for b in places if a != b])


def _walks(family: str, luck: Luck) -> Any:
    floor = _Floor(luck)
    cls = register(family).snapshot
    if family == "routing":
        stops = floor.stops(luck.randint(0, 7), luck.choice(((0,), (0,), (0,), (0, 1))))
        return cls(
            now_ms=0, book_version=1, stops=stops, plan=floor.plan, start=floor.start, end=floor.end,
            ways=floor.ways(stops),
        )  # fmt: skip
    row = get_args(get_type_hints(cls)["orders"])[0]
    orders = tuple(
        [
            row(
                order=f"o{'dbcaef'[i]}", owner="us", stops=(visits := floor.stops(luck.randint(1, 3))),
                lines=len(visits), mass_kg=luck.choice((None, 1.0, 1.0, 2.0)),
                volume_l=luck.choice((None, 1.0, 1.0, 2.0)), cutoff_at_ms=luck.choice((0, 5, 5, 9)),
                work_ms=luck.choice((0, 1)), storage=luck.choice(("ambient", "ambient", "chilled")),
                segregation=luck.choice((None, None, "acid")), batch=luck.choice((None, "x", "y")),
            )
            for i in range(luck.randint(0, 5))
        ]
    )  # fmt: skip
    return cls(
        now_ms=luck.choice((0, 3)), book_version=1, orders=orders, plan=floor.plan, start=floor.start, end=floor.end,
        ways=floor.ways([stop for order in orders for stop in order.stops]), cart_positions=luck.choice((0, 2, 3)),
        max_lines=luck.choice((0, 4)), max_mass_kg=luck.choice((inf, 3.0)), max_volume_l=luck.choice((inf, 3.0)),
    )  # fmt: skip
