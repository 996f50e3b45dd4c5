"""Puts a world together: premises, WMS and floor around one event stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twin.domain.calendar import ms
from twin.domain.ids import CarrierId, LocationId, Site
from twin.events.stream import EventStream, Sink
from twin.floor.clock import Clock
from twin.floor.link import Link
from twin.floor.site import FloorSite
from twin.floor.world import World
from twin.run.chosen import caps_of, policies_in_use
from twin.spec.scenario import ScenarioSpec
from twin.spec.unfold import Premises
from twin.spec.work import EquipmentSpec, MethodsSpec
from twin.wms.build import open_site
from twin.wms.control import Wms
from twin.wms.policies import PolicyInUse
from twin.wms.records import Departure, SiteRules
from twin.wms.site import SiteDesk


def _number(value: Any, unlimited: float | int) -> Any:
    return unlimited if value == "unlimited" else value


def site_rules(equipment: EquipmentSpec, methods: MethodsSpec, caps: Mapping[str, int]) -> SiteRules:
    """What the WMS knows of carts and working rules."""
    return SiteRules(
        cart_positions=_number(equipment.cart_positions, 0),
        cart_max_lines=_number(equipment.cart_max_lines, 0),
        cart_max_kg=float(_number(equipment.cart_max_kg, float("inf"))),
        cart_max_l=float(_number(equipment.cart_max_l, float("inf"))),
        short_lines=methods.short_lines,
        count_after_exception=methods.count_after_exception,
        count_tolerance_units=methods.count_tolerance_units,
        caps=dict(caps),  # type: ignore[arg-type]
        reply_ms=ms(equipment.wms_reply_s),
    )


def build_world(
    spec: ScenarioSpec, premises: Premises, seed: int, *, sinks: Sequence[Sink] = (),
    policies: Mapping[str, Any] | None = None,
) -> tuple[World, EventStream, dict[str, PolicyInUse]]:  # fmt: skip
    """A world at time 0, its stream, and the policies that decide in it."""
    stream = EventStream(sinks)
    env = Clock()
    desks: dict[Site, SiteDesk] = {}
    speed = spec.equipment.walking_speed_m_per_s
    chosen: dict[str, PolicyInUse] = {}
    for site in premises.sites:
        doors = {
            CarrierId(c.name): LocationId(f"{site.site}/{c.door}") for c in site.spec.carriers if c.door is not None
        }
        chosen = policies_in_use(spec.policies, policies, {str(c): str(d) for c, d in doors.items()})
        departures: dict[CarrierId, tuple[Departure, ...]] = {}
        for d in sorted(site.departures, key=lambda d: d.leaves_at_ms):
            carrier = CarrierId(d.carrier)
            departures[carrier] = (*departures.get(carrier, ()), Departure(d.cutoff_at_ms, d.leaves_at_ms))
        desks[site.site] = open_site(
            site=site.site, plan=site.plan, graph=site.graph, calendar=premises.calendar, skus=premises.skus,
            lots=premises.lots, opening=site.opening, policies=chosen, record=stream.record,
            rules=site_rules(spec.equipment, spec.methods, caps_of(spec.policies)), departures=departures,
            carrier_doors=doors, speed_mm_per_ms=0.0 if speed == "unlimited" else float(speed),
        )  # fmt: skip
    wms = Wms(desks)
    link = Link(env, wms, stream.record, premises.sites[0].site)
    floors = {
        site.site: FloorSite(
            env, site, seed=seed, horizon_ms=premises.horizon_ms, calendar=premises.calendar, methods=spec.methods,
            equipment=spec.equipment, skus=premises.skus, link=link, record=stream.record,
        )
        for site in premises.sites
    }  # fmt: skip
    world = World(
        env, wms, link, {str(k): f for k, f in floors.items()}, seed=seed, horizon_ms=premises.horizon_ms,
        calendar=premises.calendar, orders=iter(premises.orders()), asns=premises.asns, faults=spec.faults,
        rush=premises.rush, record=stream.record,
    )  # fmt: skip
    return world, stream, chosen
