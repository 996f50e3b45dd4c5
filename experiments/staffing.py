"""How many people of a role are enough for a service: the smallest number whose lower limit reaches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from experiments.comparison import Arm
from experiments.costs import ArmCosts, costs_of
from experiments.designs import Design
from experiments.figures import values
from experiments.gathering import Gathering
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.probabilities import wilson
from experiments.steady import changed
from twin.domain.errors import SpecError
from twin.spec.mistakes import unknown
from twin.spec.people import CrewSpec, WorkforceSpec

Reached = Literal["yes", "no", "cannot tell"]
FIGURE = "on_time_shipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One number of people: mean on-time share with a two-sided interval, days that reach the target, cost per day.

    `reached`: by the one-sided limits at `confidence`; "cannot tell" where the target lies between them.
    """

    count: int
    on_time: Interval
    days: Interval
    reached: Reached
    costs: ArmCosts | None
    arm: Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """`enough`: the smallest count that surely reaches the target; `surely_not`: the largest that surely does not.

    `enough` is None where no count asked does. Counts between the two cannot be told.
    """

    role: str
    target: float
    tried: tuple[Tried, ...]
    enough: int | None
    surely_not: int | None

    def sentence(self) -> str:
        """The answer in words."""
        goal = f"{100 * self.target:g} % on time"
        if self.enough is None:
            most = self.tried[-1]
            why = "cannot be told to reach it" if most.reached == "cannot tell" else "do not reach it"
            return f"{goal}: {most.count} {self.role}, the most tried, {why}; twin explain says what holds orders up"
        below = [t for t in self.tried if t.count < self.enough]
        if not below:
            return f"{goal}: {self.enough} {self.role}, the fewest tried, are enough"
        open_ = [t.count for t in below if t.reached == "cannot tell"]
        if open_:
            few = ", ".join(map(str, open_))
            return f"{goal}: {self.enough} {self.role} are enough; with {few} it cannot be told at this number of runs"
        return f"{goal}: {self.enough} {self.role} are enough, {below[-1].count} are not"


def with_count(design: Design, role: str, count: int, group: int | None = None) -> Design:
    """The design with another number of people in a role; SpecError where it is not clear in which group."""
    roles = list(WorkforceSpec.model_fields)
    if role not in roles:
        raise SpecError(f"role {role}: {unknown(role, roles, 'no such role')}")
    sites = design.loaded.spec.site_specs
    if len(sites) > 1:
        raise SpecError("several sites: say which by a study of its own (factors: sites.NAME.workforce...)")
    crew: CrewSpec | tuple[CrewSpec, ...] = getattr(sites[0].workforce, role)
    key = f"workforce.{role}.count"
    if isinstance(crew, tuple) and len(crew) != 1:
        if group is None or not 0 <= group < len(crew):
            raise SpecError(f"{role} are {len(crew)} groups: say which with --group 0 to {len(crew) - 1}")
        key = f"workforce.{role}.{group}.count"
    elif isinstance(crew, tuple):
        key = f"workforce.{role}.0.count"
    prefix = f"sites.{sites[0].name}." if design.loaded.spec.sites else ""
    return replace(design, name=f"{count} {role}", loaded=changed(design, {prefix + key: count}))


def staff(
    design: Design, role: str, target: float, gathering: Gathering, *, fewest: int = 1, most: int = 40,
    seeds: Sequence[int] = range(1, 11), confidence: float = 0.95, group: int | None = None,
) -> Staffing:  # fmt: skip
    """Search between `fewest` and `most`, on the same seeds for every number.

    On time is taken to grow with the number; the search halves the interval, then tries the neighbours of its answer.
    """
    if not 0 < target <= 1:
        raise SpecError(f"--on-time must be above 0 and at most 1, got {target:g}")
    if fewest > most or fewest < 0:
        raise SpecError(f"--between needs two numbers, the smaller first; got {fewest} and {most}")
    known: dict[int, Tried] = {}

    def at(count: int) -> Tried:
        if count not in known:
            known[count] = _try(with_count(design, role, count, group), count, target, seeds, confidence, gathering)
        return known[count]

    enough = smallest(lambda n: at(n).reached == "yes", fewest, most)
    not_below = enough if enough is not None else most + 1
    surely_not = largest(lambda n: at(n).reached == "no", fewest, not_below - 1)
    low = surely_not if surely_not is not None else fewest - 1
    for count in range(max(fewest, low + 1, not_below - 3), not_below):
        at(count)
    return Staffing(
        role=role, target=target, tried=tuple(known[n] for n in sorted(known)), enough=enough, surely_not=surely_not
    )


def smallest(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The smallest number from low to high at which something that once true stays true is true; None if never."""
    if low > high or not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


def largest(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The largest number at which something that once false stays false is true; None if never."""
    found = smallest(lambda n: not holds(n), low, high)
    end = high if found is None else found - 1
    return end if end >= low else None


def _try(
    design: Design, count: int, target: float, seeds: Sequence[int], confidence: float, gathering: Gathering
) -> Tried:
    wanted = [(design, seed) for seed in seeds]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    shares = values(found, FIGURE)
    if np.isnan(shares).any():
        raise SpecError(f"{design.name}: no order was due by the horizon on some seeds: on time cannot be told")
    arm = Arm(design=design, replications=tuple(found))
    one_sided = mean_interval(shares, 2 * confidence - 1)
    low = one_sided.estimate if one_sided.low is None else one_sided.low
    high = one_sided.estimate if one_sided.high is None else one_sided.high
    reached: Reached = "yes" if low >= target else "no" if high < target else "cannot tell"
    try:
        costs: ArmCosts | None = costs_of(arm, confidence)
    except SpecError:
        costs = None
    return Tried(
        count=count, on_time=mean_interval(shares, confidence),
        days=wilson(int((shares >= target).sum()), len(shares), confidence), reached=reached, costs=costs, arm=arm,
    )  # fmt: skip
