"""The tables that make a run folder self-contained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twin.floor.world import World
from twin.spec.unfold import Premises

Tables = dict[str, Mapping[str, Sequence[Any] | Any]]


def _columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {n: [row[n] for row in rows] for n in names}


def tables_of(premises: Premises, world: World) -> Tables:
    """All tables but orders and order_lines, which are known when the orders have come."""
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    locations: list[dict[str, Any]] = []
    stations: list[dict[str, Any]] = []
    doors: list[dict[str, Any]] = []
    equipment: list[dict[str, Any]] = []
    opening: list[dict[str, Any]] = []
    for site in premises.sites:
        plan, name = site.plan, site.site
        for place in plan.places.values():
            nodes.append({"site": name, "node": place.name, "kind": place.kind, "x_mm": place.x_mm, "y_mm": place.y_mm})
        for node, (node_x, node_y) in plan.nodes.items():
            if node not in plan.places:
                nodes.append({"site": name, "node": node, "kind": "crossing", "x_mm": node_x, "y_mm": node_y})
        for s in plan.subaisles:
            edges.append(
                {
                    "site": name, "edge": s.key, "x_mm": s.x_mm, "y_mm": s.y_mm, "to_x_mm": s.to_x_mm,
                    "to_y_mm": s.to_y_mm, "capacity": s.capacity, "one_way": s.one_way,
                }
            )  # fmt: skip
        for x in plan.locations:
            locations.append(
                {
                    "site": name, "location": x.location, "zone": x.zone, "aisle": x.subaisle, "x_mm": x.x_mm,
                    "y_mm": x.y_mm, "level": x.level, "side": x.side, "kind": x.kind, "use": x.use,
                    "storage": x.storage, "secure": x.secure, "volume_l": x.volume_l if x.volume_l < 1e12 else None,
                }
            )  # fmt: skip
        stations += [{"site": name, "station": s.name, "benches": s.benches} for s in plan.pack_stations.values()]
        doors += [{"site": name, "door": d.name, "lane": d.lane} for d in plan.doors.values()]
        equipment += [
            {
                "site": name, "equipment": c.name, "kind": "conveyor", "origin": c.origin,
                "destination": c.destination, "length_mm": c.length_mm,
            }
            for c in plan.conveyors
        ]  # fmt: skip
        opening += [
            {
                "site": name, "location": s.location, "owner": s.owner, "sku": s.sku, "lot": s.lot, "lpn": s.lpn,
                "book_units": s.book_units, "floor_units": s.floor_units, "status": s.status, "face": s.fixed_face,
            }
            for s in site.opening
        ]  # fmt: skip
    workers = [
        {"site": site.name, "worker": w.name, "role": w.role}
        for site in world.sites.values()
        for w in site.workers.values()
    ]
    skus = [
        {
            "owner": s.owner, "sku": s.sku, "mass_kg": s.mass_kg, "volume_l": s.volume_l,
            "units_per_pack": s.units_per_pack, "storage": s.storage, "secure": s.secure,
            "lines_per_day": s.lines_per_day,
        }
        for s in premises.skus.values()
    ]  # fmt: skip
    lots = [{"owner": x.owner, "sku": x.sku, "lot": x.lot, "expires_on_day": x.expires_on_day} for x in premises.lots]
    return {
        "nodes": _columns(nodes, ("site", "node", "kind", "x_mm", "y_mm")),
        "edges": _columns(edges, ("site", "edge", "x_mm", "y_mm", "to_x_mm", "to_y_mm", "capacity", "one_way")),
        "locations": _columns(
            locations,
            (
                "site",
                "location",
                "zone",
                "aisle",
                "x_mm",
                "y_mm",
                "level",
                "side",
                "kind",
                "use",
                "storage",
                "secure",
                "volume_l",
            ),
        ),
        "stations": _columns(stations, ("site", "station", "benches")),
        "doors": _columns(doors, ("site", "door", "lane")),
        "equipment": _columns(equipment, ("site", "equipment", "kind", "origin", "destination", "length_mm")),
        "opening_stock": _columns(
            opening,
            ("site", "location", "owner", "sku", "lot", "lpn", "book_units", "floor_units", "status", "face"),
        ),
        "workers": _columns(workers, ("site", "worker", "role")),
        "skus": _columns(
            skus,
            ("owner", "sku", "mass_kg", "volume_l", "units_per_pack", "storage", "secure", "lines_per_day"),
        ),
        "lots": _columns(lots, ("owner", "sku", "lot", "expires_on_day")),
    }


ORDER_TABLES = {
    "orders": (
        "OrderReceived",
        {"order": "order", "site": "site", "owner": "owner", "customer": "customer", "carrier": "carrier",
         "received_at_ms": "at_ms", "due_ms": "due_ms", "priority": "value", "units": "units"},
    ),
    "order_lines": (
        "LinePromised",
        {"order": "order", "line": "line", "owner": "owner", "sku": "sku", "units": "expected_units",
         "promised_units": "units", "promised_for_ms": "due_ms"},
    ),
}  # fmt: skip
"""Tables of a finished run, out of its own events: of which kind, and their columns by those of the events."""
