"""From a scenario to premises: all that a run needs, as plain records, before any clock ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin.domain.calendar import DAY_MS, Calendar, ms
from twin.domain.errors import DataError
from twin.domain.goods import Lot, LotKey, OpeningStock, Sku
from twin.domain.ids import OwnerId, Site, SkuId
from twin.domain.orders import Asn, Order
from twin.space.plan import FloorPlan
from twin.space.travel import TravelGraph
from twin.spec.building import plan_of
from twin.spec.demand import generated_orders, rush_orders
from twin.spec.distributions import variate
from twin.spec.goods import DemandGeneratorSpec
from twin.spec.inbound import TrailerDue, arrivals_of, generated_asns
from twin.spec.lint import must_be_walkable
from twin.spec.loading import Loaded
from twin.spec.people import ROLES
from twin.spec.scenario import ScenarioSpec, SiteSpec
from twin.spec.stocking import generated_stock
from twin.spec.together import Together, nothing_together, ordered_together

Skus = dict[tuple[OwnerId, SkuId], Sku]

__all__ = ["DepartureDue", "Premises", "SitePremises", "TrailerDue", "unfold", "variate"]


@dataclass(frozen=True, slots=True)
class DepartureDue:
    """One scheduled departure of a carrier."""

    trailer: str
    carrier: str
    cutoff_at_ms: int
    arrives_at_ms: int
    leaves_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePremises:
    """One building and what is known of its day. The three shares say how often an ASN is wrong."""

    site: Site
    spec: SiteSpec
    plan: FloorPlan
    graph: TravelGraph
    opening: tuple[OpeningStock, ...]
    departures: tuple[DepartureDue, ...]
    arrivals: tuple[TrailerDue, ...]
    capacity: Mapping[str, int | None]
    wrong_units: float = 0.0
    wrong_sku: float = 0.0
    damaged: float = 0.0

    def capacity_of(self, trailer: str) -> int | None:
        """Handling units that an outbound trailer takes; None: any number."""
        return self.capacity.get(trailer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A scenario unfolded. `orders()` yields them in the order of their receipt.

    `rush(names, site, at_ms, due_at_ms)`: urgent orders of these names, drawn from the assortment.
    """

    calendar: Calendar
    horizon_ms: int
    warmup_ms: int
    sites: tuple[SitePremises, ...]
    skus: dict[tuple[OwnerId, SkuId], Sku]
    lots: tuple[Lot, ...]
    asns: tuple[Asn, ...]
    orders: Callable[[], Iterator[Order]]
    rush: Callable[[Sequence[str], str, int, int], list[Order]]
    cleaning: list[dict[str, Any]] = field(default_factory=list)

    def opening_rows(self) -> list[OpeningStock]:
        """The opening stock of all sites."""
        return [row for site in self.sites for row in site.opening]


def unfold(loaded: Loaded, seed: int) -> Premises:
    """Build the premises of a loaded scenario under a seed; SpecError or DataError says what cannot be."""
    spec = loaded.spec
    calendar = Calendar(datetime.fromisoformat(spec.start))
    horizon_ms = ms(spec.horizon_h * 3600)
    plans = {s.name: plan_of(s.layout, s.name) for s in spec.site_specs}
    must_be_walkable(plans.values())
    carriers = {s.name: tuple(c.name for c in s.carriers) for s in spec.site_specs}
    told: list[str] = []
    skus = _assortment(spec, seed)
    try:
        orders, skus, cleaning, together = _demand(spec, skus, seed, calendar, horizon_ms, carriers)
    except DataError as error:
        if not skus:
            raise
        told.append(str(error))
    lots: dict[LotKey, Lot] = {}
    asns: list[Asn] = []
    sites = []
    for s in spec.site_specs:
        plan = plans[s.name]
        graph = TravelGraph(plan)
        opening: tuple[OpeningStock, ...] = ()
        opening_lots: tuple[Lot, ...] = ()
        try:
            opening, opening_lots = _stock(
                spec, s, plan, graph, skus, seed, calendar, nothing_together if told else together, tuple(lots.values())
            )
        except DataError as error:
            told.append(str(error))
        lots.update({lot.key: lot for lot in opening_lots})
        inbound = s.inbound if s.inbound is not None else spec.inbound
        if inbound.asns_csv is not None:
            from twin.spec.asn_csv import read_asns

            try:
                here = read_asns(
                    inbound, site=s.name, owners=spec.owners, skus=skus, calendar=calendar, lots=lots.values()
                )
            except DataError as error:
                here = ()
                told.append(str(error))
            shares = (inbound.wrong_units, inbound.wrong_sku, inbound.damaged)
        elif inbound.generate is not None:
            here = generated_asns(inbound.generate, s.name, skus, calendar, horizon_ms)
            g = inbound.generate
            shares = (g.wrong_units, g.wrong_sku, g.damaged)
        else:
            here, shares = (), (0.0, 0.0, 0.0)
        asns += here
        departures, capacity = _departures(s, calendar, horizon_ms)
        sites.append(
            SitePremises(
                site=Site(s.name),
                spec=s,
                plan=plan,
                graph=graph,
                opening=opening,
                departures=departures,
                arrivals=arrivals_of(here, inbound, seed),
                capacity=capacity,
                wrong_units=shares[0],
                wrong_sku=shares[1],
                damaged=shares[2],
            )
        )
    if told:
        raise DataError("\n".join(told))
    return Premises(
        calendar=calendar, horizon_ms=horizon_ms, warmup_ms=ms(spec.warmup_h * 3600), sites=tuple(sites), skus=skus,
        lots=tuple(lots.values()), asns=tuple(asns), orders=orders, rush=_rush(spec, skus, seed), cleaning=cleaning,
    )  # fmt: skip


def _assortment(spec: ScenarioSpec, seed: int) -> Skus:
    """The SKUs that are known before any order; none where the orders tell them."""
    from twin.spec.assortment import generated_assortment

    if spec.assortment.csv is not None:
        from twin.spec.assortment_csv import read_assortment

        return read_assortment(spec.assortment.csv, spec.owners)
    if spec.assortment.generate is not None:
        return generated_assortment(spec.assortment.generate, spec.owners, seed, spec.demand.generate)
    return {}


def _demand(
    spec: ScenarioSpec, skus: Skus, seed: int, calendar: Calendar, horizon_ms: int,
    carriers: dict[str, tuple[str, ...]],
) -> tuple[Callable[[], Iterator[Order]], Skus, list[dict[str, Any]], Together]:  # fmt: skip
    demand = spec.demand
    first_site = spec.site_specs[0].name
    if demand.generate is not None:
        generate = demand.generate
        ranked = skus
        return (
            lambda: generated_orders(
                generate, demand, ranked, seed=seed, calendar=calendar, horizon_ms=horizon_ms, site=first_site,
                carriers=carriers[first_site],
            ),
            skus,
            [],
            nothing_together,
        )  # fmt: skip
    from twin.spec.orders_csv import read_orders

    read = read_orders(demand, calendar=calendar, owners=spec.owners, carriers=carriers, skus=skus or None)
    if not skus:
        from twin.spec.assortment_csv import assortment_from_history

        given = spec.assortment.from_orders
        skus = assortment_from_history(read.history, given if not isinstance(given, bool) else None, seed)
    return lambda: iter(read.orders), skus, list(read.report), lambda: ordered_together(read.orders)


def _rush(
    spec: ScenarioSpec, skus: dict[tuple[OwnerId, SkuId], Sku], seed: int
) -> Callable[[Sequence[str], str, int, int], list[Order]]:
    generate = spec.demand.generate or DemandGeneratorSpec()
    carriers = {s.name: tuple(c.name for c in s.carriers) for s in spec.site_specs}
    return lambda names, site, at_ms, due_at_ms: rush_orders(
        generate, spec.demand, skus, seed=seed, site=site, carriers=carriers[site], names=names, at_ms=at_ms,
        due_at_ms=due_at_ms,
    )  # fmt: skip


def _stock(
    spec: ScenarioSpec, site: SiteSpec, plan: FloorPlan, graph: TravelGraph, skus: dict[tuple[OwnerId, SkuId], Sku],
    seed: int, calendar: Calendar, together: Together, lots: tuple[Lot, ...],
) -> tuple[tuple[OpeningStock, ...], tuple[Lot, ...]]:  # fmt: skip
    opening = site.opening_stock if site.opening_stock is not None else spec.opening_stock
    if opening.csv is not None:
        from twin.spec.stock_csv import read_opening_stock

        return read_opening_stock(
            opening.csv, site=site.name, locations=set(plan.by_name), skus=skus, calendar=calendar, owners=spec.owners,
            lots=lots,
        )  # fmt: skip
    return generated_stock(opening, spec.policies.slotting, plan, graph, skus, seed, together)


def _departures(
    site: SiteSpec, calendar: Calendar, horizon_ms: int
) -> tuple[tuple[DepartureDue, ...], dict[str, int | None]]:
    """Two days beyond the horizon too: an order received late is due with the next departure."""
    departures: list[DepartureDue] = []
    capacity: dict[str, int | None] = {}
    for c in site.carriers:
        for clock in c.departures:
            for leaves in calendar.occurrences(clock, c.days, 0, horizon_ms + 2 * DAY_MS):
                stamp = calendar.stamp(leaves)
                trailer = f"{site.name}/{c.name}-{stamp[: 16 if stamp[16:19] == ':00' else 19]}"
                departures.append(
                    DepartureDue(
                        trailer, c.name, leaves - ms(c.cutoff_min * 60), leaves - ms(c.arrives_min_before * 60), leaves
                    )
                )
                most = c.capacity_handling_units
                capacity[trailer] = None if most == "unlimited" else most
    return tuple(sorted(departures, key=lambda d: (d.leaves_at_ms, d.trailer))), capacity


def labour_cost_per_h(spec: ScenarioSpec) -> dict[str, float]:
    """Cost of an hour by role."""
    own = spec.costs.labour_per_h_by_role
    return {role: own.get(role, own.get(plural, spec.costs.labour_per_h)) for plural, role in ROLES.items()}
