"""The laws of the families whose flow the floor does not have yet; `laws` joins them to its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from twin.domain.ids import LineId
from twin.policies.cartonization import (
    DEFAULT_CARTON,
    OWN_PARCEL,
    Cartonization,
    CartonizationSnapshot,
    edges_fit,
    volume_of,
)
from twin.policies.cross_docking import CrossDocking, CrossDockSnapshot
from twin.policies.disposition import Disposition, DispositionSnapshot
from twin.policies.kitting import KitPlan, KittingSnapshot
from twin.policies.reordering import Reordering, ReorderingSnapshot
from twin.policies.sortation import Divert, SortationSnapshot, has_room
from twin.policies.sourcing import Sourcing, SourcingSnapshot
from twin.policies.zoning import ZonePlan, ZoningSnapshot

Laws = list[tuple[bool, str]]
"""(is kept, the law)."""


def once(names: list[Any]) -> bool:
    """Whether no name stands twice."""
    return len(names) == len(set(names))


def kitting_laws(asked: KittingSnapshot, decided: KitPlan) -> Laws:
    """Prebuilt + built + short = kits; components are those of the kits built, and are there."""
    per_kit: Counter[str] = Counter()
    for sku, units in asked.recipe:
        per_kit[sku] += units
    free: Counter[str] = Counter()
    for sku, units in asked.available:
        free[sku] += max(0, units)
    used = dict(decided.components)
    return [
        (
            decided.take_prebuilt + decided.build + decided.short == max(0, asked.kits),
            "prebuilt + built + short = kits",
        ),
        (0 <= decided.take_prebuilt <= max(0, asked.prebuilt), "no more prebuilt kits than there are"),
        (min(decided.build, decided.short) >= 0, "no number is negative"),
        (
            used == {sku: units * decided.build for sku, units in per_kit.items() if units and decided.build},
            "a kit is complete",
        ),
        (all(units <= free[sku] for sku, units in used.items()), "components are free units"),
    ]


def cross_dock_laws(asked: CrossDockSnapshot, decided: CrossDocking) -> Laws:
    """Matched + put away = arrived; no line gets more than it wants, nothing of another owner."""
    arrived = {a.lpn: a for a in asked.arrivals}
    wanted = {d.line: d for d in asked.demands}
    left: Counter[str] = Counter({a.lpn: a.units for a in asked.arrivals})
    got: Counter[LineId] = Counter()
    known = all(line in wanted and lpn in arrived for line, lpn, _ in decided.matches)
    for line, lpn, units in decided.matches:
        left[lpn] -= units
        got[line] += units
    refused = {rejection.subject for rejection in decided.rejected}
    return [
        (known, "only what arrives goes to whom it was asked for"),
        (all(units > 0 for _, _, units in decided.matches), "a match is of at least one unit"),
        (
            dict(decided.to_putaway) == {lpn: units for lpn, units in left.items() if units},
            "matched + put away = arrived",
        ),
        (known and all(got[line] <= wanted[line].units for line in got), "no line gets more than it wants"),
        (
            known and all(arrived[lpn].owner == wanted[line].owner for line, lpn, _ in decided.matches),
            "goods of one owner never serve another",
        ),
        (not any(arrived[lpn].needs_check for _, lpn, _ in decided.matches if known), "what is to be checked waits"),
        (not {lpn for _, lpn, _ in decided.matches} & refused, "refused goods are not used"),
    ]


def cartonization_laws(asked: CartonizationSnapshot, decided: Cartonization) -> Laws:
    """Every unit in one carton that holds it; mix keys apart; the scale knows the weight."""
    lines = {x.line: x for x in asked.lines if x.units > 0}
    kinds = {k.kind: k for k in asked.kinds}
    units: Counter[str] = Counter()
    sound = apart = True
    weighed = True
    for kind, contents, kg in decided.cartons:
        inside = [lines[line] for line, _ in contents if line in lines]
        for line, count in contents:
            units[line] += count
        apart = apart and len({x.mix_key for x in inside}) <= 1
        mass = sum([count * lines[line].mass_kg for line, count in contents if line in lines])
        tare = kinds[kind].tare_kg if kind in kinds else 0.0
        weighed = weighed and abs(kg - tare - mass) < 1e-6
        if kind in (DEFAULT_CARTON, OWN_PARCEL) and kind not in kinds:
            continue
        inner = kinds[kind]
        volume = sum([count * volume_of(lines[line].size_mm or (0, 0, 0)) for line, count in contents])
        sound = sound and volume <= volume_of(inner.inner_mm) and mass <= inner.max_kg + 1e-9
        sound = sound and all(edges_fit(x.size_mm or (0, 0, 0), inner.inner_mm, x.upright) for x in inside)
    return [
        (dict(units) == {line: x.units for line, x in lines.items()}, "every unit is in one carton"),
        (sound, "a carton holds its contents by volume, mass and edges"),
        (apart, "unlike mix keys never share a carton"),
        (weighed, "expected_kg is contents and tare"),
    ]


def reordering_laws(asked: ReorderingSnapshot, decided: Reordering) -> Laws:
    """Multiples, minimum and caps hold; at most one order per SKU, from one of its suppliers."""
    positions = {(x.owner, x.sku): x for x in asked.positions}
    terms = {(x.owner, x.sku, t.supplier): (x, t) for x in asked.positions for t in x.suppliers}
    known = all((o.owner, o.sku, o.supplier) in terms for o in decided.orders)
    pairs = [terms[o.owner, o.sku, o.supplier] for o in decided.orders] if known else []
    return [
        (known, "only suppliers of the SKU are ordered from"),
        (len({(o.owner, o.sku) for o in decided.orders}) == len(decided.orders), "one order per owner and SKU"),
        ({(o.owner, o.sku) for o in decided.orders} <= set(positions), "only what was reviewed"),
        (all(o.units > 0 for o in decided.orders), "an order is of at least one unit"),
        (
            all(o.units % max(1, t.order_multiple) == 0 for o, (_, t) in zip(decided.orders, pairs, strict=False)),
            "whole multiples",
        ),
        (
            all(
                x.max_units is None or o.units <= max(0, x.max_units - x.position)
                for o, (x, _) in zip(decided.orders, pairs, strict=False)
            ),
            "never above the maximum",
        ),
        (all(o.expected_on_day >= asked.on_day for o in decided.orders), "nothing arrives before it is ordered"),
    ]


def sourcing_laws(asked: SourcingSnapshot, decided: Sourcing) -> Laws:
    """Shipped + backorder = asked; offered units of sites that were not refused; what must be whole is whole."""
    lines = {line.line: line for line in asked.lines}
    offers: Counter[tuple[str, str]] = Counter()
    for state, offered in zip(asked.sites, asked.offered, strict=True):
        for name, units, _ in offered:
            offers[state.site, name] += max(0, units)
    parts = [(site, name, units) for site, shipped in decided.shipments for name, units in shipped]
    got: Counter[str] = Counter()
    for _, name, units in parts:
        got[name] += units
    wanted = {name: max(0, line.units) for name, line in lines.items()}
    rest = dict(decided.backorder)
    refused = {rejection.subject for rejection in decided.rejected}
    whole = {line.order for line in asked.lines if line.ship_rule == "order_complete"}
    orders = [[name for name, line in lines.items() if line.order == order] for order in sorted(whole)]
    alone = [[line.line] for line in asked.lines if line.ship_rule == "line_complete"]
    kits = [[name for name in kit if wanted.get(name)] for kit in asked.kits]
    served = [(set(kit), {(site, name) for site, name, _ in parts if name in kit}) for kit in kits]
    return [
        (once([site for site, _ in decided.shipments]), "a site ships once"),
        (once([row[:2] for row in parts]), "a line stands once in a shipment"),
        (once([name for name, _ in decided.backorder]), "a line waits once"),
        (all(units > 0 for units in [*[part[2] for part in parts], *rest.values()]), "a part is of at least one unit"),
        (set(got) | set(rest) <= set(lines), "only lines that were asked are shipped or wait"),
        (all(got[name] + rest.get(name, 0) == units for name, units in wanted.items()), "shipped + backorder = asked"),
        (all(units <= offers[site, name] for site, name, units in parts), "no site ships more than it offered"),
        (not {site for site, _ in decided.shipments} & refused, "a refused site does not ship"),
        (set(rest) <= refused, "a line that waits is rejected with a code"),
        (
            all(len({got[name] == wanted[name] for name in group if wanted[name]}) <= 1 for group in orders)
            and all(got[name] in (0, wanted[name]) for group in [*orders, *alone] for name in group),
            "order_complete and line_complete are all or nothing",
        ),
        (
            all(len({site for site, _ in rows}) <= 1 and len(rows) in (0, len(kit)) for kit, rows in served),
            "a kit comes from one site, all of it",
        ),
    ]


def zoning_laws(asked: ZoningSnapshot, decided: ZonePlan) -> Laws:
    """Lines in legs + lines held = lines; nothing is picked in a blocked zone; the totes hold what the leg has."""
    rows = {line.line: line for line in asked.lines}
    planned = [name for _, _, names in decided.legs for name in names]
    held = [rejection.subject for rejection in decided.held]
    known = set(planned) <= set(rows)
    totes = [
        sum([rows[name].units for name in names]) <= count * asked.units_per_tote or asked.units_per_tote <= 0
        for (_, _, names), count in zip(decided.legs, decided.totes, strict=False)
        if known
    ]
    walled = [rejection for rejection in decided.held if rejection.code == "no_wall_place"]
    return [
        (sorted([*planned, *held]) == sorted(rows), "in legs + held = lines, each once"),
        (all(names for _, _, names in decided.legs), "no leg is empty"),
        (
            known and not any(rows[name].zone in asked.blocked for name in planned),
            "no line is picked in a blocked zone",
        ),
        (
            known and all(zone in {rows[name].zone for name in names} for zone, _, names in decided.legs),
            "a leg is in a zone of its lines",
        ),
        (once([zone for zone, _, _ in decided.legs]), "a zone has one leg"),
        (decided.totes == () or len(decided.totes) == len(decided.legs), "totes stand beside legs"),
        (all(totes), "the totes of a leg hold its units"),
        (not walled or asked.wall_places_free <= 0, "a line waits for the wall only if no place is free"),
        (bool(decided.legs) or not decided.consolidate, "nothing is joined if nothing is picked"),
    ]


def sortation_laws(asked: SortationSnapshot, decided: Divert) -> Laws:
    """A chute that was offered, has room and is kept for nobody else; or another round; or the reject lane."""
    chutes = {chute.chute: chute for chute in asked.chutes}
    chute = None if decided.chute is None else chutes.get(decided.chute)
    unknown = asked.lpn is None or asked.target is None
    return [
        (
            (decided.chute is not None) + decided.again + decided.reject_lane == 1,
            "one of three: a chute, another round, the reject lane",
        ),
        (decided.chute is None or chute is not None, "the chute was offered"),
        (chute is None or has_room(chute), "a full chute gets nothing"),
        (chute is None or chute.bound_to in (None, asked.target), "a chute kept for another target gets nothing"),
        (not unknown or decided.reject_lane, "a no-read or an unknown target goes to the reject lane"),
    ]


def disposition_laws(asked: DispositionSnapshot, decided: Disposition) -> Laws:
    """Only restocked goods are on sale, with their age; what is past its date or recalled never is."""
    doubted = asked.source == "recall" or (asked.source != "expiry_sweep" and asked.excursion)
    expired = asked.days_left is not None and asked.days_left < 0
    return [
        ((decided.status == "available") == (decided.action == "restock"), "restocked goods are on sale, no others"),
        (decided.keeps_age or decided.action != "restock", "restocked goods keep their age"),
        (not expired or decided.action != "restock", "goods past their date are not restocked"),
        (not doubted or decided.action == "quarantine", "a recall or a broken cold chain means quarantine"),
        (bool(decided.row) and bool(decided.zone), "the row that matched and the zone are named"),
    ]


LAWS_TO_COME: dict[type[Any], Callable[[Any, Any], Laws]] = {
    SourcingSnapshot: sourcing_laws,
    ZoningSnapshot: zoning_laws,
    SortationSnapshot: sortation_laws,
    DispositionSnapshot: disposition_laws,
    KittingSnapshot: kitting_laws,
    CrossDockSnapshot: cross_dock_laws,
    CartonizationSnapshot: cartonization_laws,
    ReorderingSnapshot: reordering_laws,
}
