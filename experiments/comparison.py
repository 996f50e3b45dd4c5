"""Designs against the first of them, on the same seeds: paired differences, one family of claims, a verdict each.

The claims are the primary figures of all designs together: Holm holds the chance of any false claim at alpha, and
intervals are as wide as it takes to hold together (Bonferroni). Figures beside these are shown without a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.designs import Design
from experiments.figures import Asked, asked, scalar_figures, values
from experiments.replication import Replication
from experiments.statistics.intervals import Interval, mean_interval, needed
from experiments.statistics.paired import Paired, holm, paired
from experiments.statistics.probabilities import mcnemar, wilson
from twin.domain.errors import SpecError

Verdict = Literal["better", "worse", "differs", "equivalent", "same", "undecided", "undefined", "unclaimed"]
FALLBACK_SHARE = 0.01
"""The precision, as a share of the mean, for which replications are counted where no margin was declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A design and its replications, one per seed."""

    design: Design
    replications: tuple[Replication, ...]

    @property
    def name(self) -> str:
        """The design's name."""
        return self.design.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of one design against the baseline.

    `pairs`: seeds on which both have it, of `seeds`; `level` of `found`'s interval; `p_holm`: over all claims;
    `margin`: in the figure's unit; `pairs_needed`: about how many pairs would tell, where undecided.
    """

    figure: Asked
    arm: str
    seeds: int
    pairs: int
    found: Paired | None
    level: float
    p_holm: float | None
    margin: float | None
    verdict: Verdict
    inside_margin: bool = False
    pairs_needed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The share of replications on which something held, by arm with Wilson's interval; McNemar against the first."""

    name: str
    target: float
    by_arm: dict[str, Interval | None]
    held: dict[str, tuple[int, int]]
    p_value: dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Arms, the first being the baseline; `single`: each figure of each arm alone, at `confidence`."""

    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    confidence: float
    joint_level: float
    primary: tuple[Asked, ...]
    differences: tuple[Difference, ...]
    beside: tuple[Difference, ...]
    single: dict[str, dict[str, Interval | None]]
    risks: tuple[Risk, ...]

    @property
    def baseline(self) -> Arm:
        """The arm that the others are held against."""
        return self.arms[0]

    def of(self, arm: str) -> list[Difference]:
        """The claims about one arm."""
        return [d for d in self.differences if d.arm == arm]


def compare(
    arms: Sequence[Arm], primary: Sequence[Asked], confidence: float = 0.95, service: float = 0.98
) -> Comparison:
    """Compare; SpecError where the arms were not run on the same seeds."""
    seeds = [tuple(r.seed for r in arm.replications) for arm in arms]
    if len(set(seeds)) != 1:
        raise SpecError("the designs were not run on the same seeds: there is nothing to pair")
    claims = len(primary) * max(1, len(arms) - 1)
    joint = 1 - (1 - confidence) / claims
    pairs = [(figure, arm) for arm in arms[1:] for figure in primary]
    found = [_difference(figure, arms[0], arm, joint) for figure, arm in pairs]
    judged = _judged(found, 1 - confidence)
    currency = arms[0].design.loaded.spec.costs.currency
    others = [asked(name, currency=currency) for name in scalar_figures() if name not in {f.name for f in primary}]
    beside = [_difference(figure, arms[0], arm, confidence) for arm in arms[1:] for figure in others]
    names = [f.name for f in primary] + [f.name for f in others]
    return Comparison(
        arms=tuple(arms), seeds=seeds[0], confidence=confidence, joint_level=joint, primary=tuple(primary),
        differences=tuple(judged), beside=tuple(beside),
        single={arm.name: {name: alone(arm.replications, name, confidence) for name in names} for arm in arms},
        risks=risks(arms, confidence, service),
    )  # fmt: skip


def alone(replications: Sequence[Replication], figure: str, confidence: float) -> Interval | None:
    """The mean of a figure over the replications that have it; None if none has."""
    found = values(replications, figure)
    there = found[~np.isnan(found)]
    return mean_interval(there, confidence) if len(there) else None


def _difference(figure: Asked, base: Arm, arm: Arm, level: float) -> Difference:
    first, second = values(base.replications, figure.name), values(arm.replications, figure.name)
    both = ~np.isnan(first) & ~np.isnan(second)
    pairs = int(both.sum())
    known = paired(first[both], second[both], level) if pairs else None
    return Difference(
        figure=figure, arm=arm.name, seeds=len(first), pairs=pairs, found=known, level=level, p_holm=None,
        margin=_margin(figure, known), verdict="undefined" if known is None else "unclaimed",
    )  # fmt: skip


def _margin(figure: Asked, found: Paired | None) -> float | None:
    if figure.margin_absolute is not None:
        return figure.margin_absolute
    return None if figure.margin is None or found is None else figure.margin * abs(found.base_mean)


def _judged(found: Sequence[Difference], alpha: float) -> list[Difference]:
    tested = [d for d in found if d.found is not None and d.pairs > 1]
    adjusted = dict(zip(map(id, tested), holm([d.found.p_value for d in tested if d.found is not None]), strict=True))
    return [_verdict(d, adjusted.get(id(d)), alpha) for d in found]


def _verdict(d: Difference, p_holm: float | None, alpha: float) -> Difference:
    from dataclasses import replace

    if d.found is None:
        return d
    if p_holm is None:
        return replace(d, verdict="unclaimed")
    gap = d.found.difference
    inside = (
        d.margin is not None and gap.low is not None and gap.high is not None
        and -d.margin < gap.low and gap.high < d.margin
    )  # fmt: skip
    verdict: Verdict
    if d.found.exact and gap.estimate == 0:
        verdict = "same"
    elif p_holm <= alpha:
        good = d.figure.better is not None and (gap.estimate > 0) == (d.figure.better == "higher")
        verdict = "differs" if d.figure.better is None else "better" if good else "worse"
    else:
        verdict = "equivalent" if inside else "undecided"
    return replace(
        d, p_holm=p_holm, verdict=verdict, inside_margin=inside,
        pairs_needed=_pairs_needed(d) if verdict == "undecided" else None,
    )  # fmt: skip


def precision_of(d: Difference) -> float:
    """The half-width that would be worth having: the margin, else one per cent of the baseline's mean."""
    assert d.found is not None
    return d.margin if d.margin else FALLBACK_SHARE * abs(d.found.base_mean)


def _pairs_needed(d: Difference) -> int | None:
    assert d.found is not None
    aim, gap = precision_of(d), d.found.difference
    if not aim or gap.half_width is None:
        return None
    return needed(d.found.sd, aim, d.level)


def risks(arms: Sequence[Arm], confidence: float, service: float) -> tuple[Risk, ...]:
    """On how many days all due orders left in time, and at least `service` of them; one day is one trial."""
    return tuple(
        _risk(name, target, arms, confidence) for name, target in (("all_on_time", 1.0), ("service_kept", service))
    )


def _risk(name: str, target: float, arms: Sequence[Arm], confidence: float) -> Risk:
    kept = {arm.name: values(arm.replications, "on_time_shipment") for arm in arms}
    first = kept[arms[0].name]
    intervals: dict[str, Interval | None] = {}
    held: dict[str, tuple[int, int]] = {}
    p_value: dict[str, float | None] = {}
    for arm in arms:
        days = kept[arm.name]
        there = ~np.isnan(days)
        held[arm.name] = int((days[there] >= target).sum()), int(there.sum())
        intervals[arm.name] = wilson(*held[arm.name], confidence) if there.any() else None
        both = there & ~np.isnan(first)
        p_value[arm.name] = None
        if arm is not arms[0] and both.any():
            p_value[arm.name] = mcnemar((first[both] >= target).tolist(), (days[both] >= target).tolist())[2]
    return Risk(name=name, target=target, by_arm=intervals, held=held, p_value=p_value)
