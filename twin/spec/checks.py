"""What the sections of a scenario must agree on: names that other sections define, times in order, doors to run on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from twin.domain.calendar import clock_ms
from twin.domain.errors import PolicyError
from twin.spec.distributions import mean_of
from twin.spec.goods import InboundSpec
from twin.spec.layout import GraphSpec, ParallelAisleSpec
from twin.spec.layout_checks import LayoutChecks, mark_at
from twin.spec.mistakes import Mistake, Path, dotted, unknown
from twin.spec.people import ROLES, CrewSpec, ShiftSpec, WorkforceSpec
from twin.spec.plain_yaml import Node
from twin.spec.scenario import PoliciesSpec, PolicyEntry, ScenarioSpec
from twin.spec.work import CarrierSpec, FaultSpec

_PART = re.compile(r"[^.\[\]]+")
LAST_YEAR = 8999
LINES_MOST = 10_000
_WORKER = re.compile(r"(?:[^/]+/)?([a-z_]+)-\d{3,}")


@dataclass(frozen=True, slots=True)
class SiteParts:
    """What the checks look at in one building, and the paths at which it says it. None: wrong already."""

    name: str
    layout: ParallelAisleSpec | GraphSpec | None
    layout_at: Path
    workforce: WorkforceSpec | None
    workforce_at: Path
    carriers: tuple[CarrierSpec, ...]
    carriers_at: Path
    inbound: InboundSpec | None
    inbound_at: Path

    @property
    def zones(self) -> list[str]:
        """Names of zones."""
        if self.layout is None:
            return []
        of_locations = [x.zone for x in self.layout.locations] if isinstance(self.layout, GraphSpec) else []
        named = [zone.name for zone in self.layout.zones]
        return named or list(dict.fromkeys(of_locations)) or ["A"]


@dataclass(slots=True)
class ScenarioChecks:
    """Checks the sections of a scenario that are right in themselves; `wrong` names the others."""

    spec: ScenarioSpec
    wrong: frozenset[str]
    tree: Node
    mistakes: list[Mistake]

    def run(self) -> None:
        """All checks."""
        self._times()
        self._sites_or_layout()
        sites = list(self._sites())
        for site in sites:
            self._site(site)
        self._policies(sites)
        self._faults(sites)
        self._names()
        self._dates()
        self._arrivals()

    def say(self, path: Path, sentence: str) -> None:
        """A mistake about a key."""
        self.mistakes.append(Mistake(mark_at(self.tree, path).mark, dotted(path), sentence))

    def right(self, *sections: str) -> bool:
        """Are these sections there to be looked at?"""
        return all(s not in self.wrong and hasattr(self.spec, s) for s in sections)

    def once(self, at: Path, names: Iterable[str], what: str) -> None:
        """Each name once in a list."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name in seen:
                self.say((*at, place), f"a second {what} named {name}")
            seen.add(name)

    def known(self, path: Path, name: str, names: Sequence[str], what: str) -> None:
        """A name must be one of those that another section defines."""
        if name not in names:
            self.say(path, unknown(name, names, f"no {what} named {name}"))

    def _times(self) -> None:
        spec = self.spec
        if self.right("horizon_h", "warmup_h") and spec.warmup_h >= spec.horizon_h:
            at: Path = ("warmup_h",) if self.tree.child("warmup_h") is not None else ("horizon_h",)
            self.say(at, f"warm-up must end before the horizon: {spec.warmup_h:g} h and {spec.horizon_h:g} h")
        if self.right("start"):
            try:
                start = datetime.fromisoformat(spec.start)
            except ValueError:
                self.say(("start",), f"a date and time such as 2026-03-02T06:00 is needed, got {spec.start!r}")
            else:
                if start.tzinfo is not None:
                    self.say(("start",), f"local wall time without a zone is needed, got {spec.start!r}")
                elif not 1900 <= start.year <= LAST_YEAR:
                    self.say(("start",), f"a year from 1900 to {LAST_YEAR} is needed, got {spec.start!r}")
                elif self.right("horizon_h") and spec.horizon_h > (datetime(LAST_YEAR + 1, 1, 1) - start).days * 24:
                    self.say(("horizon_h",), f"the run would go on beyond the year {LAST_YEAR}, got {spec.horizon_h:g}")

    def _sites_or_layout(self) -> None:
        layout = self.tree.child("layout") is not None and (self.spec.layout is not None or "layout" in self.wrong)
        sites = self.tree.child("sites") is not None and (bool(self.spec.sites) or "sites" in self.wrong)
        if layout and sites:
            self.say(("sites",), "give either layout (one site) or sites (a list), not both")
        if not layout and not sites:
            self.say(("layout",), "missing: give layout (one site) or sites (a list)")
        if self.right("sites"):
            self.once(("sites",), [site.name for site in self.spec.sites], "site")

    def _sites(self) -> Iterator[SiteParts]:
        spec = self.spec
        shared_carriers = spec.carriers if self.right("carriers") else ()
        shared_inbound = spec.inbound if self.right("inbound") else None
        shared_workforce = spec.workforce if self.right("workforce") else None
        if not self.right("sites"):
            return
        for i, site in enumerate(spec.sites):
            at: Path = ("sites", i)
            own = site.model_fields_set
            yield SiteParts(
                site.name, site.layout, (*at, "layout"),
                site.workforce if "workforce" in own else shared_workforce,
                (*at, "workforce") if "workforce" in own else ("workforce",),
                site.carriers if "carriers" in own else shared_carriers,
                (*at, "carriers") if "carriers" in own else ("carriers",),
                site.inbound or shared_inbound, (*at, "inbound") if site.inbound else ("inbound",),
            )  # fmt: skip
        if not spec.sites:
            yield SiteParts(
                "main", spec.layout if self.right("layout") else None, ("layout",),
                shared_workforce, ("workforce",), shared_carriers, ("carriers",), shared_inbound, ("inbound",),
            )  # fmt: skip

    def _site(self, site: SiteParts) -> None:
        if site.layout is not None:
            checks = LayoutChecks(site.layout, self.tree, site.layout_at, self.mistakes)
            checks.run()
            self._doors(site, site.layout)
            if site.workforce is not None:
                self._starts(site, site.workforce, checks.place_names)
        self.once(site.carriers_at, [c.name for c in site.carriers], "carrier")
        for place, carrier in enumerate(site.carriers):
            times = [_from("00:00", clock) for clock in carrier.departures]
            for i, clock in enumerate(carrier.departures):
                if times[i] in times[:i]:
                    told = f"a second departure at {clock}; each trailer of a carrier has a time of its own"
                    self.say((*site.carriers_at, place, "departures", i), told)

    def _doors(self, site: SiteParts, layout: ParallelAisleSpec | GraphSpec) -> None:
        outward = [door.name for door in layout.doors if "out" in door.directions]
        inward = [door.name for door in layout.doors if "in" in door.directions]
        doors_at = (*site.layout_at, "doors")
        if site.carriers and not outward:
            self.say(doors_at, "a layout without doors to run on: the carriers need a door with direction out")
        for place, carrier in enumerate(site.carriers):
            if carrier.door is not None and outward:
                self.known((*site.carriers_at, place, "door"), carrier.door, outward, "door with direction out")
        comes = site.inbound is not None and (site.inbound.generate is not None or site.inbound.asns_csv is not None)
        if comes and not inward:
            self.say(doors_at, "a layout without doors to run on: inbound trailers need a door with direction in")

    def _starts(self, site: SiteParts, workforce: WorkforceSpec, places: Sequence[str]) -> None:
        for role in ROLES:
            for crew, at in _crews(workforce, role, site.workforce_at):
                if crew.starts_at is not None:
                    self.known((*at, "starts_at"), crew.starts_at, places, "place")
                for i, shift in enumerate(crew.shifts):
                    if shift.starts == shift.ends:
                        told = (
                            f"a shift from {shift.starts} to {shift.ends} has no length; leave shifts out for all day"
                        )
                        self.say((*at, "shifts", i), told)
                        continue
                    if (
                        k := next((k for k, other in enumerate(crew.shifts[:i]) if _meet(other, shift)), None)
                    ) is not None:
                        told = f"overlaps shift {k}: nobody works two at once; make a list of groups, one for each"
                        self.say((*at, "shifts", i), told)
                    for k, pause in enumerate(shift.breaks):
                        if _from(shift.starts, pause.at) >= (_from(shift.starts, shift.ends) or clock_ms("24:00")):
                            told = f"{pause.at} is outside the shift from {shift.starts} to {shift.ends}"
                            self.say((*at, "shifts", i, "breaks", k, "at"), told)

    def _policies(self, sites: Sequence[SiteParts]) -> None:
        if not self.right("policies"):
            return
        zones = list(dict.fromkeys(zone for site in sites for zone in site.zones))
        all_layouts = bool(sites) and all(site.layout is not None for site in sites)
        for family in PoliciesSpec.model_fields:
            choice = getattr(self.spec.policies, family)
            self._rules(family, choice)
            for entry, at in _entries(choice, family):
                if all_layouts:
                    for i, zone in enumerate(entry.zones):
                        self.known((*at, "zones", i), zone, zones, "zone")
                    for zone in entry.caps:
                        self.known((*at, "caps", zone), zone, zones, "zone")
                if self.right("owners"):
                    for i, owner in enumerate(entry.owners):
                        self.known((*at, "owners", i), owner, self.spec.owners, "owner")
                if entry.caps and family != "release":
                    self.say((*at, "caps"), "caps are for release")
                if family == "release" and entry.caps and entry.name == "wave":
                    self.say((*at, "caps"), "contradicts wave, which looks at no caps; take waveless or leave caps out")
                if family == "release" and entry.name == "wave" and not entry.rules.get("waves"):
                    self.say((*at,), "wave without rules.waves: give waves such as [[noon, '12:00', 500]]")
                if family == "release" and entry.name != "wave" and entry.rules.get("waves"):
                    self.say((*at, "rules", "waves"), f"contradicts {entry.name}, which knows no waves; name wave")

    def _rules(self, family: str, choice: str | PolicyEntry | tuple[PolicyEntry, ...]) -> None:
        from twin.policies.named import chain

        entries = [entry.model_dump(exclude={"caps"}) for entry, _ in _entries(choice, family)]
        try:
            chain(family, entries if isinstance(choice, tuple) else entries[0])
        except PolicyError as error:
            for line in str(error).splitlines():
                where, _, sentence = line.partition(": ")
                parts = _PART.findall(where)
                path = tuple(int(p) if p.isdecimal() else p for p in parts)
                self.say(path, sentence)

    def _faults(self, sites: Sequence[SiteParts]) -> None:
        if not self.right("faults"):
            return
        layouts = [site.layout for site in sites if site.layout is not None]
        all_layouts = bool(layouts) and len(layouts) == len(sites)
        belts = [
            name
            for site in sites
            if site.layout
            for b in site.layout.conveyors
            for name in (b.name, f"{site.name}/{b.name}")
        ]
        for i, fault in enumerate(self.spec.faults):
            at: Path = ("faults", i)
            if fault.kind == "conveyor" and all_layouts:
                if not belts:
                    self.say(at, "the layout has no conveyor that could fail")
                elif fault.target is not None:
                    self.known((*at, "target"), fault.target, belts, "conveyor")
            if fault.kind in ("device", "absent_worker") and fault.target is not None:
                self._worker((*at, "target"), fault.target)
            if fault.kind == "wms_outage" and fault.target is not None:
                self.say((*at, "target"), "an outage is of the whole WMS: leave target out")
            self._fault_time(at, fault)

    def _worker(self, at: Path, target: str) -> None:
        found = _WORKER.fullmatch(target)
        role = found[1] if found else target
        if role not in ROLES.values():
            told = f"no role or worker named {target} (workers are named as picker-001)"
            self.say(at, unknown(role, list(ROLES.values()), told))

    def _fault_time(self, at: Path, fault: FaultSpec) -> None:
        if fault.at is None or not self.right("horizon_h", "start"):
            return
        try:
            start = datetime.fromisoformat(self.spec.start)
        except ValueError:
            return
        hours, minutes, *seconds = (int(part) for part in fault.at.split(":"))
        at_h = fault.day * 24 + hours + minutes / 60 + sum(seconds) / 3600
        start_h = start.hour + start.minute / 60 + start.second / 3600
        if not 0 <= at_h - start_h <= self.spec.horizon_h:
            told = f"day {fault.day} at {fault.at} is outside the run ({self.spec.start}, {self.spec.horizon_h:g} h)"
            self.say((*at, "at"), told)

    def _names(self) -> None:
        if self.right("owners"):
            self.once(("owners",), self.spec.owners, "owner")
        if self.right("demand", "carriers", "sites") and self.spec.demand.generate is not None:
            first = self.spec.sites[0] if self.spec.sites else None  # orders made up are of the first site
            there = self.spec.carriers
            if first is not None and "carriers" in first.model_fields_set:
                there = first.carriers
            carriers = [c.name for c in there]
            for name in self.spec.demand.generate.carrier_shares:
                self.known(("demand", "generate", "carrier_shares", name), name, carriers, "carrier")
        if self.right("costs"):
            roles = list(ROLES.values())
            for role in self.spec.costs.labour_per_h_by_role:
                self.known(("costs", "labour_per_h_by_role", role), role, roles, "role")

    def _arrivals(self) -> None:
        if not self.right("demand") or self.spec.demand.generate is None:
            return
        made = self.spec.demand.generate
        if (lines := mean_of(made.lines_per_order)) > LINES_MOST:
            told = f"orders of {lines:,.0f} lines are not made; at most {LINES_MOST:,} on average"
            self.say(("demand", "generate", "lines_per_order"), told)
        if made.interarrival_s is None or isinstance(made.max_orders, int):
            return
        if mean_of(made.interarrival_s) < 0.001:
            told = "orders without a pause have no end: say how many (max_orders), or use backlog_orders"
            self.say(("demand", "generate", "interarrival_s"), told)

    def _dates(self) -> None:
        if not self.right("demand"):
            return
        days: list[date] = []
        for key in ("from_date", "to_date"):
            text = getattr(self.spec.demand, key)
            if text is None:
                continue
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                moment = None
            if moment is None or moment.tzinfo is not None or not 1900 <= moment.year <= LAST_YEAR:
                self.say(("demand", key), f"a date such as 2026-03-02 is needed, got {text!r}")
            elif key == "to_date" and moment.time() != time.min:
                self.say(
                    ("demand", key), f"a date without a time is needed, to its midnight orders count; got {text!r}"
                )
            else:
                days.append(moment.date())
        if len(days) == 2 and days[0] > days[1]:
            self.say(("demand", "to_date"), f"must not be before from_date, {days[0]}; got {days[1]}")


def _from(start: str, clock: str) -> int:
    """Milliseconds from one time of day to the next one."""
    return (clock_ms(clock) - clock_ms(start)) % clock_ms("24:00")


def _meet(one: ShiftSpec, other: ShiftSpec) -> bool:
    """Whether two shifts overlap somewhere in the week."""
    day = clock_ms("24:00")

    def spans(shift: ShiftSpec) -> list[tuple[int, int]]:
        starts = [weekday * day + clock_ms(shift.starts) for weekday in shift.days or range(7)]
        return [(at, at + _from(shift.starts, shift.ends)) for at in starts]

    return any(
        a + turn < d and c < b + turn
        for a, b in spans(one) for c, d in spans(other) for turn in (-7 * day, 0, 7 * day)
    )  # fmt: skip


def _crews(workforce: WorkforceSpec, role: str, at: Path) -> Iterator[tuple[CrewSpec, Path]]:
    crew = getattr(workforce, role)
    if isinstance(crew, CrewSpec):
        yield crew, (*at, role)
    else:
        for i, one in enumerate(crew):
            yield one, (*at, role, i)


def _entries(choice: str | PolicyEntry | tuple[PolicyEntry, ...], family: str) -> Iterator[tuple[PolicyEntry, Path]]:
    if isinstance(choice, tuple):
        for i, entry in enumerate(choice):
            yield entry, ("policies", family, i)
    else:
        yield PolicyEntry(name=choice) if isinstance(choice, str) else choice, ("policies", family)
