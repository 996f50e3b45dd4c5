"""The laws of what is packed, built, bought and passed on: families whose flow the floor does not have yet."""

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
from twin.policies.kitting import KitPlan, KittingSnapshot
from twin.policies.reordering import Reordering, ReorderingSnapshot

Laws = list[tuple[bool, str]]


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


LAWS_TO_COME: dict[type[Any], Callable[[Any, Any], Laws]] = {
    KittingSnapshot: kitting_laws,
    CrossDockSnapshot: cross_dock_laws,
    CartonizationSnapshot: cartonization_laws,
    ReorderingSnapshot: reordering_laws,
}
