"""What a design costs to run and to have, per day, from its figures and the prices of its scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.comparison import Arm
from experiments.figures import values
from experiments.replication import Replication
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.paired import paired
from twin.domain.errors import SpecError
from twin.spec.scenario import ScenarioSpec
from twin.spec.work import CostsSpec

RUNNING = ("labour", "overtime", "lateness", "errors", "returns", "space")
ITEMS = (*RUNNING, "investment")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCosts:
    """One design: money per day by item, with intervals; `per_order` over orders that left whole."""

    arm: str
    currency: str
    by_item: dict[str, Interval]
    running: Interval
    total: Interval
    per_order: Interval | None
    invested: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """An arm against the baseline: what more is invested, what is saved a year, and after how many years it is back.

    `high_years` is None where the interval of the saving holds 0 or less: it may never pay. `years` is None where the
    mean saves nothing. The interval is that of the saving, turned over: the investment is taken as certain.
    """

    arm: str
    invested: float
    saved_per_year: Interval
    years: float | None
    low_years: float | None
    high_years: float | None


def days_of(spec: ScenarioSpec) -> int:
    """Days that a run stands for: each begun day between warm-up and horizon counts as a whole one."""
    return max(1, math.ceil((spec.horizon_h - spec.warmup_h) / 24))


def per_day(spec: ScenarioSpec, replications: Sequence[Replication]) -> dict[str, NDArray[np.float64]]:
    """Money per day by item, a value per replication; SpecError where a figure that it needs is undefined."""
    costs: CostsSpec = spec.costs
    days = days_of(spec)
    need = {n: values(replications, n) for n in ("labour_cost", "overtime_cost", "orders_late", "orders_wrong")}
    lacking = [name for name, found in need.items() if np.isnan(found).any()]
    if lacking:
        raise SpecError(f"{spec.name}: {lacking[0]} is undefined on some seeds: the costs cannot be told")
    floor_m2 = np.nan_to_num(values(replications, "floor_m2"))
    n = len(replications)
    return {
        "labour": need["labour_cost"] / days,
        "overtime": need["overtime_cost"] * costs.overtime_share / days,
        "lateness": need["orders_late"] * costs.per_late_order / days,
        "errors": need["orders_wrong"] * costs.per_wrong_order / days,
        "returns": need["orders_wrong"] * costs.returns_per_wrong_order * costs.per_return / days,
        "space": floor_m2 * costs.space_per_m2_year / costs.working_days_per_year,
        "investment": np.full(n, costs.investment / costs.investment_life_years / costs.working_days_per_year),
    }


def costs_of(arm: Arm, confidence: float = 0.95) -> ArmCosts:
    """One arm's costs."""
    spec = arm.design.loaded.spec
    by_item = per_day(spec, arm.replications)
    running = np.sum([by_item[item] for item in RUNNING], axis=0)
    total = running + by_item["investment"]
    orders = values(arm.replications, "orders_shipped") / days_of(spec)
    return ArmCosts(
        arm=arm.name, currency=spec.costs.currency,
        by_item={item: mean_interval(found, confidence) for item, found in by_item.items()},
        running=mean_interval(running, confidence), total=mean_interval(total, confidence),
        per_order=mean_interval(total / orders, confidence) if (orders > 0).all() else None,
        invested=spec.costs.investment,
    )  # fmt: skip


def payback(base: Arm, arm: Arm, confidence: float = 0.95) -> Payback:
    """How soon the arm earns what it costs more to have; running costs are paired seed by seed."""
    spec, other = base.design.loaded.spec, arm.design.loaded.spec
    if spec.costs.currency != other.costs.currency:
        raise SpecError(f"{base.name} counts in {spec.costs.currency}, {arm.name} in {other.costs.currency}")
    before, after = (
        np.sum([per_day(s, a.replications)[item] for item in RUNNING], axis=0) * s.costs.working_days_per_year
        for s, a in ((spec, base), (other, arm))
    )
    saved = paired(after, before, confidence).difference
    invested = other.costs.investment - spec.costs.investment
    return Payback(
        arm=arm.name, invested=invested, saved_per_year=saved, years=_years(invested, saved.estimate),
        low_years=_years(invested, saved.high), high_years=_years(invested, saved.low),
    )  # fmt: skip


def _years(invested: float, saved: float | None) -> float | None:
    if saved is None or saved <= 0:
        return None
    return max(0.0, invested) / saved


def payback_in_words(p: Payback, base: str, currency: str) -> str:
    """The payback as a sentence, honest about a saving that may be none."""
    saved = p.saved_per_year
    ends = "" if saved.low is None or saved.high is None else f" [{saved.low:,.0f}, {saved.high:,.0f}]"
    head = f"{p.arm} against {base}: {saved.estimate:,.0f} {currency} a year saved in running costs{ends}"
    if p.invested <= 0:
        return f"{head}; nothing more is invested"
    if p.years is None:
        return f"{head}; {p.invested:,.0f} {currency} invested do not come back"
    low = "-" if p.low_years is None else f"{p.low_years:.1f}"
    if p.high_years is None:
        return (
            f"{head}; {p.invested:,.0f} {currency} come back in {p.years:.1f} years, from {low} without an upper "
            "bound: the saving may be none"
        )
    return f"{head}; {p.invested:,.0f} {currency} come back in {p.years:.1f} years [{low}, {p.high_years:.1f}]"
