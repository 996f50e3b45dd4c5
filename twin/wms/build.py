"""Opens a site's WMS: the plan becomes places, the opening stock becomes the book, the policies get their desks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twin.domain.calendar import Calendar
from twin.domain.goods import Lot, OpeningStock, Sku, velocity_of
from twin.domain.ids import CarrierId, LocationId, OwnerId, Site, SkuId
from twin.events.stream import Record
from twin.space.plan import FloorPlan
from twin.space.travel import TravelGraph
from twin.wms.book import Book, Place
from twin.wms.policies import Decisions, PolicyInUse
from twin.wms.records import Departure, Records, SiteRules
from twin.wms.site import SiteDesk
from twin.wms.work import WorkQueue


def open_site(
    *, site: Site, plan: FloorPlan, graph: TravelGraph, calendar: Calendar, skus: Mapping[tuple[OwnerId, SkuId], Sku],
    lots: Iterable[Lot], opening: Iterable[OpeningStock], policies: Mapping[str, PolicyInUse],
    record: Record, rules: SiteRules, departures: Mapping[CarrierId, tuple[Departure, ...]],
    carrier_doors: Mapping[CarrierId, LocationId], speed_mm_per_ms: float,
) -> SiteDesk:  # fmt: skip
    """The desks of one site over a book that believes the opening stock's `book_units`."""
    depot = plan.depots[0]
    distance_mm = {x.location: graph.distance_mm(depot, x.location) for x in plan.locations}
    velocity: dict[LocationId, int] = {}
    for use in ("pick", "reserve"):
        nearest = sorted([x.location for x in plan.locations if x.use == use], key=lambda x: (distance_mm[x], x))
        velocity |= {x: velocity_of(rank, len(nearest)) for rank, x in enumerate(nearest)}
    places = {}
    for where in plan.locations:
        places[where.location] = Place(
            where.location, where.zone, kind=where.kind, tier=1 if where.use == "reserve" else 0,
            pick_rank=where.pick_rank, distance_mm=distance_mm[where.location], storage=where.storage,
            secure=where.secure, mix=where.mix, max_kg=where.max_kg, volume_l=where.volume_l,
            places=where.handling_unit_places, height_mm=where.height_mm,
            velocity=velocity[where.location],
        )  # fmt: skip
    book = Book(site, places, dict(skus), {lot.key: lot for lot in lots})
    decisions = Decisions(policies, record)
    zone_starts: dict[str, LocationId] = {}
    zone_of = {x.location: zone_starts.setdefault(x.zone, x.location) for x in plan.locations}
    work = WorkQueue(site, graph, decisions, record, speed_mm_per_ms, zone_of)
    records = Records(
        site=site, plan=plan, graph=graph, calendar=calendar, book=book, work=work, decisions=decisions, record=record,
        rules=rules, departures=departures, carrier_doors=carrier_doors,
    )  # fmt: skip
    for s in opening:
        key = (s.owner, s.sku)
        stock = book.add(
            s.location, key, s.lot, s.book_units, at_ms=s.received_at_ms, lpn=s.lpn, status=s.status,
            face=s.fixed_face, min_units=s.min_units, max_units=s.max_units,
        )  # fmt: skip
        account = stock.account
        if s.fixed_face and not account.home_zone:
            account.home_zone = stock.place.zone
    for account in book.accounts.values():
        if account.stocks and not account.home_zone:
            account.home_zone = account.stocks[0].place.zone
    return SiteDesk(records)
