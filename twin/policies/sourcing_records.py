"""What sourcing sees and answers: the sites that are able, and the lines that are decided together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.domain.ids import LineId, Site
from twin.domain.orders import OrderLine
from twin.policies.shape import PolicyError, Rejection, RejectionCode, Rules, Snapshot

CLIMATES = frozenset({"ambient", "chilled", "frozen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """A site that may ship. `book_version` is that of its own book; cents: per shipment and per unit."""

    site: Site
    book_version: int
    rank: int
    open_lines: int
    capacity_lines: int
    abilities: frozenset[str]
    fixed_cents: int
    unit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingSnapshot(Snapshot):
    """The lines of an order; `distance_mm` and `offered` (line, units, delivered_at_ms) stand beside `sites`.

    `needs` and `abilities` are words: a storage class, `secure`, or a segregation class. `kits`: the lines that make
    up each kit, to come from one site; a kit sold as one line is a row of one.
    """

    lines: tuple[OrderLine, ...]
    promised_at_ms: int
    needs: frozenset[str]
    sites: tuple[SiteState, ...]
    distance_mm: tuple[int, ...]
    offered: tuple[tuple[tuple[LineId, int, int], ...], ...]
    kits: tuple[tuple[LineId, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingRules(Rules):
    """max_splits: cuts, so one shipment more than that. max_sites: how many, best rank first, are enumerated."""

    max_splits: int = 2
    max_sites: int = 10
    late_cents_per_h: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourcing:
    """Shipped + backorder = asked, line by line. Each site that ships, each line that waits, stands here once."""

    shipments: tuple[tuple[Site, tuple[tuple[LineId, int], ...]], ...]
    backorder: tuple[tuple[LineId, int], ...]
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An able site and what it offers of each line: (late_ms, units), soonest first."""

    state: SiteState
    distance_mm: int
    offers: dict[LineId, tuple[tuple[int, int], ...]]

    def has(self, line: OrderLine) -> int:
        """Units of the line, no more than asked."""
        return min(line.units, sum([units for _, units in self.offers.get(line.line, ())]))

    def by(self, late_ms: int) -> Place:
        """The same site with only what is no later than this."""
        soon = {line: tuple([row for row in rows if row[0] <= late_ms]) for line, rows in self.offers.items()}
        return Place(state=self.state, distance_mm=self.distance_mm, offers=soon)

    def late_ms(self, line: LineId, units: int) -> int:
        """How late the last of so many units is."""
        for late_ms, there in self.offers[line]:
            units -= there
            if units <= 0:
                return late_ms
        raise PolicyError(f"{self.state.site} offers too little of {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Lines that are decided together. whole: all or nothing; each of `kits` comes from one site."""

    loose: tuple[OrderLine, ...]
    kits: tuple[tuple[OrderLine, ...], ...]
    whole: bool

    @property
    def lines(self) -> list[OrderLine]:
        """All of them."""
        return [*self.loose, *[line for kit in self.kits for line in kit]]


def able(snapshot: SourcingSnapshot) -> tuple[list[Place], list[Rejection]]:
    """The sites that can do all that is needed, by (rank, site), and a code for each other one."""
    if not len(snapshot.sites) == len(snapshot.distance_mm) == len(snapshot.offered):
        raise PolicyError("sourcing: distance_mm and offered must stand beside sites, one for each")
    places: list[Place] = []
    refused: list[Rejection] = []
    for state, distance_mm, offered in zip(snapshot.sites, snapshot.distance_mm, snapshot.offered, strict=True):
        missing = snapshot.needs - state.abilities
        if missing:
            refused.append(
                Rejection(subject=state.site, code=lacks(missing), detail="lacks " + ", ".join(sorted(missing)))
            )
            continue
        offers: dict[LineId, tuple[tuple[int, int], ...]] = {}
        for line, units, at_ms in sorted(offered, key=lambda row: row[2]):
            if units > 0:
                offers[line] = (*offers.get(line, ()), (max(0, at_ms - snapshot.promised_at_ms), units))
        places.append(Place(state=state, distance_mm=distance_mm, offers=offers))
    return sorted(places, key=lambda p: (p.state.rank, p.state.site)), refused


def lacks(missing: frozenset[str]) -> RejectionCode:
    """The code of a site without these abilities: climate first, then segregation, then security."""
    if missing & CLIMATES:
        return "temperature"
    return "secure_zone" if missing == {"secure"} else "segregation"


def joined(groups: Iterable[Iterable[LineId]]) -> list[frozenset[LineId]]:
    """The groups, those that share a line made one."""
    found: list[frozenset[LineId]] = []
    for group in groups:
        mine = frozenset(group)
        apart = [other for other in found if not other & mine]
        found = [*apart, mine.union(*[other for other in found if other & mine])]
    return [group for group in found if group]


def bundles_of(snapshot: SourcingSnapshot) -> list[Bundle]:
    """What is decided together, by (order, line): an `order_complete` order, a kit, else each line for itself."""
    lines = {line.line: line for line in sorted(snapshot.lines, key=lambda x: (x.order, x.line)) if line.units > 0}
    orders = {line.order for line in snapshot.lines if line.ship_rule == "order_complete"}
    kits = joined([frozenset(kit) & frozenset(lines) for kit in snapshot.kits])
    together = joined([*kits, *[[x.line for x in lines.values() if x.order == order] for order in orders]])
    in_kit: dict[LineId, frozenset[LineId]] = {name: kit for kit in kits for name in kit}
    apart = set(lines).difference(*together)
    bundles: dict[LineId, Bundle] = {}
    for group in [*together, *[frozenset({name}) for name in apart]]:
        members = [line for line in lines.values() if line.line in group]
        mine = {min(in_kit[x.line]): in_kit[x.line] for x in members if x.line in in_kit}
        bundles[members[0].line] = Bundle(
            loose=tuple([line for line in members if line.line not in in_kit]),
            kits=tuple([tuple([line for line in members if line.line in kit]) for kit in mine.values()]),
            whole=group in together or members[0].ship_rule == "line_complete",
        )
    return [bundles[name] for name in lines if name in bundles]
