"""How much peak a design bears: demand grows until on-time falls below a floor, and what gives way first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.comparison import Arm
from experiments.designs import Design
from experiments.figures import values
from experiments.gathering import Gathering
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.paired import paired
from experiments.steady import changed
from twin.domain.errors import SpecError
from twin.spec.people import ROLES

FIGURE = "on_time_shipment"
GROWTH = 1.25
"""Demand grows by this factor until the floor is passed; then the step between is halved."""
MORE = 0.25
"""A counterfactual: a quarter more of a resource, at least one."""
BUSY = 0.6
"""A role busier than this at the crossing is a candidate for what gives way."""
CANDIDATES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One demand, as a factor of the scenario's own."""

    factor: float
    on_time: Interval
    busy: dict[str, float]
    arm: Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What more of one resource does at the crossing: the paired gain in on-time share."""

    resource: str
    change: str
    busy: float | None
    gain: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """`holds`: the largest factor tried with mean on-time at the floor or above; `breaks`: the smallest below.

    `crossing`: the factor at which each seed's own day falls below, by linear interpolation, with its interval; None
    where the floor was never passed. `reliefs`: the strongest first.
    """

    floor: float
    levels: tuple[Level, ...]
    holds: float | None
    breaks: float | None
    crossing: Interval | None
    reliefs: tuple[Relief, ...]

    def sentence(self) -> str:
        """The answer in words."""
        goal = f"{100 * self.floor:g} % on time"
        if self.holds is None:
            return (
                f"{goal} is not kept even at the scenario's own demand ({100 * self.levels[0].on_time.estimate:.1f} %)"
            )
        if self.breaks is None:
            return f"{goal} is kept up to {self.holds:.2f} times the demand, the most tried"
        between = ""
        if self.crossing is not None and self.crossing.low is not None and self.crossing.high is not None:
            between = f" [{self.crossing.low:.2f}, {self.crossing.high:.2f}]"
        factor = self.crossing.estimate if self.crossing is not None else (self.holds + self.breaks) / 2
        said = f"{goal} is kept up to {factor:.2f}{between} times the demand, a peak of {100 * (factor - 1):+.0f} %"
        return f"{said}; {self.gives_way()}"

    def gives_way(self) -> str:
        """What gives way first, where a counterfactual shows it."""
        sure = [r for r in self.reliefs if r.gain.low is not None and r.gain.low > 0]
        if not sure:
            return "no single resource gives way first: more of none of them alone helps beyond the noise"
        first = sure[0]
        busy = "" if first.busy is None else f", busy {100 * first.busy:.0f} % of their time,"
        return (
            f"the {first.resource}{busy} give way first: {first.change} bring {100 * first.gain.estimate:+.1f} points"
        )


def with_demand(design: Design, factor: float) -> Design:
    """The design with its generated demand times a factor; SpecError where demand is recorded orders."""
    spec = design.loaded.spec
    generate = spec.demand.generate
    if generate is None or generate.orders_per_day is None:
        why = "come from a file" if generate is None else "come at stated intervals (interarrival_s)"
        raise SpecError(
            f"{spec.name}: its orders {why}; a peak of them would be made up: describe the demand with "
            "demand.generate.orders_per_day, or look for the fewest people (twin staff)"
        )
    said: dict[str, object] = {"demand.generate.orders_per_day": generate.orders_per_day * factor}
    for key in ("backlog_orders", "max_orders"):
        count = getattr(generate, key, None)
        if isinstance(count, int) and count:
            said[f"demand.generate.{key}"] = round(count * factor)
    if factor == 1.0:
        return design
    return replace(design, name=f"{factor:.3g} x demand", loaded=changed(design, said))


def stress(
    design: Design, floor: float, gathering: Gathering, *, most: float = 4.0, steps: int = 4,
    seeds: Sequence[int] = range(1, 11), confidence: float = 0.95,
) -> Stress:  # fmt: skip
    """Raise demand until mean on-time is below the floor, narrow the step, then try more of what is busy there."""
    if not 0 < floor <= 1:
        raise SpecError(f"--until-on-time must be above 0 and at most 1, got {floor:g}")
    if most < 1:
        raise SpecError(f"--most must be at least 1, got {most:g}")
    levels: dict[float, Level] = {}

    def at(factor: float) -> Level:
        factor = round(factor, 4)
        if factor not in levels:
            levels[factor] = _level(with_demand(design, factor), factor, seeds, confidence, gathering)
        return levels[factor]

    holds: float | None = None
    breaks: float | None = None
    factor = 1.0
    while breaks is None:
        if at(factor).on_time.estimate >= floor:
            holds = factor
            if factor >= most:
                break
            factor = round(min(most, factor * GROWTH), 4)
        else:
            breaks = factor
    for _ in range(steps if holds is not None and breaks is not None else 0):
        assert holds is not None and breaks is not None
        middle = round((holds + breaks) / 2, 4)
        if at(middle).on_time.estimate >= floor:
            holds = middle
        else:
            breaks = middle
    ordered = tuple(levels[f] for f in sorted(levels))
    reliefs: tuple[Relief, ...] = ()
    if breaks is not None:
        reliefs = _reliefs(levels[breaks], seeds, confidence, gathering)
    return Stress(
        floor=floor, levels=ordered, holds=holds, breaks=breaks,
        crossing=crossing(ordered, floor, confidence) if holds is not None and breaks is not None else None,
        reliefs=reliefs,
    )  # fmt: skip


def crossing(levels: Sequence[Level], floor: float, confidence: float) -> Interval | None:
    """Where each seed's own line through the levels first falls below the floor; None if a seed never does."""
    factors = np.array([level.factor for level in levels])
    table = np.stack([values(level.arm.replications, FIGURE) for level in levels])
    found = []
    for seed in table.T:
        below = np.flatnonzero(seed < floor)
        if not len(below):
            return None
        i = int(below[0])
        if i == 0:
            found.append(float(factors[0]))
            continue
        part = (seed[i - 1] - floor) / (seed[i - 1] - seed[i])
        found.append(float(factors[i - 1] + part * (factors[i] - factors[i - 1])))
    return mean_interval(found, confidence)


def _level(design: Design, factor: float, seeds: Sequence[int], confidence: float, gathering: Gathering) -> Level:
    wanted = [(design, seed) for seed in seeds]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    shares = values(found, FIGURE)
    if np.isnan(shares).any():
        raise SpecError(f"{design.name}: no order was due by the horizon on some seeds: on time cannot be told")
    roles = dict.fromkeys(r for x in found for r in x.result["kpis"].get("utilisation", {}))
    busy = {role: float(np.nanmean(values(found, f"utilisation.{role}"))) for role in roles}
    arm = Arm(design=design, replications=tuple(found))
    return Level(factor=factor, on_time=mean_interval(shares, confidence), busy=busy, arm=arm)


def _reliefs(level: Level, seeds: Sequence[int], confidence: float, gathering: Gathering) -> tuple[Relief, ...]:
    """A quarter more of each busy resource, one at a time, on the seeds and the demand of the crossing."""
    tried: list[tuple[str, str, float | None, Design]] = []
    busiest = sorted(level.busy, key=lambda role: (-level.busy[role], role))
    for role in [r for r in busiest if level.busy[r] >= BUSY][:CANDIDATES] or busiest[:1]:
        more = _more_people(level.arm.design, role)
        if more is not None:
            tried.append((f"{role.replace('_', ' ')}s", more[0], level.busy[role], more[1]))
    benches = _more_benches(level.arm.design)
    if benches is not None:
        tried.append(("packing benches", benches[0], None, benches[1]))
    if not tried:
        return ()
    wanted = [(design, seed) for *_, design in tried for seed in seeds]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    k = len(seeds)
    base = values(level.arm.replications, FIGURE)
    reliefs = [
        Relief(
            resource=name, change=change, busy=busy,
            gain=paired(base, values(found[i * k : (i + 1) * k], FIGURE), confidence).difference,
        )
        for i, (name, change, busy, _) in enumerate(tried)
    ]  # fmt: skip
    return tuple(sorted(reliefs, key=lambda r: (-r.gain.estimate, r.resource)))


def _more_people(design: Design, role: str) -> tuple[str, Design] | None:
    from experiments.staffing import with_count

    plural = next(p for p, one in ROLES.items() if one == role)
    sites = design.loaded.spec.site_specs
    crew = getattr(sites[0].workforce, plural)
    groups = crew if isinstance(crew, tuple) else (crew,)
    if len(sites) > 1 or not groups or not all(isinstance(g.count, int) for g in groups):
        return None
    place = max(range(len(groups)), key=lambda i: groups[i].count)
    count = groups[place].count
    more = max(1, round(count * MORE))
    return f"{more} more", with_count(design, plural, count + more, place if len(groups) > 1 else None)


def _more_benches(design: Design) -> tuple[str, Design] | None:
    """One bench more at every packing station, where the layout counts them."""
    layout = design.loaded.spec.site_specs[0].layout
    stations = getattr(layout, "pack_stations", ())
    if design.loaded.spec.sites or not stations or not all(isinstance(s.benches, int) for s in stations):
        return None
    said = {f"layout.pack_stations.{i}.benches": s.benches + 1 for i, s in enumerate(stations)}
    return "one more at each station", replace(design, name="benches", loaded=changed(design, said))
