"""`twin costs`, `twin staff`, `twin stress`: money, people and peaks."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.gathering_options import gathering_of
from twin.cli.wide_console import wide_console
from twin.domain.errors import SpecError

if TYPE_CHECKING:
    from experiments.costs import ArmCosts
    from experiments.designs import Design
    from experiments.statistics.intervals import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningOptions:
    """What the three commands share."""

    overrides: Sequence[str] = ()
    policies: Sequence[str] = ()
    replications: int = 10
    seed: int | None = None
    confidence: float = 0.95
    store: Path = Path("runs/results")
    workers: int | None = None
    cluster: str | None = None
    json: bool = False

    def seeds(self, design: Design) -> range:
        """The seeds that every design of the command runs."""
        first = design.loaded.spec.seed if self.seed is None else self.seed
        return range(first, first + self.replications)


def costs_command(arms: Sequence[str], options: PlanningOptions) -> None:
    """Costs per day by item; with several arms what each saves, and its payback."""
    from experiments.arms import designs_from
    from experiments.comparison import Arm
    from experiments.costs import ITEMS, costs_of, days_of, payback, payback_in_words
    from experiments.sampling import fixed
    from experiments.written import interval_json
    from twin.cli.run_command import policies_of

    designs = designs_from(arms, options.overrides, policies_of(list(options.policies)))
    with gathering_of(options.store, options.workers, options.cluster) as gathering:
        sampled = fixed(designs, options.seeds(designs[0]), gathering)
    found = [Arm(design=s.design, replications=s.replications) for s in sampled]
    priced = [costs_of(arm, options.confidence) for arm in found]
    back = [payback(found[0], arm, options.confidence) for arm in found[1:]]
    if options.json:
        said = {
            "schema": "twin.costs/1", "n": options.replications,
            "arms": [
                {
                    "arm": c.arm, "currency": c.currency, "invested": c.invested,
                    "per_day": {item: interval_json(x) for item, x in c.by_item.items()},
                    "running_per_day": interval_json(c.running), "total_per_day": interval_json(c.total),
                    "per_order": interval_json(c.per_order),
                }
                for c in priced
            ],
            "payback": [
                {
                    "arm": p.arm, "invested": p.invested, "saved_per_year": interval_json(p.saved_per_year),
                    "years": p.years, "low_years": p.low_years, "high_years": p.high_years,
                }
                for p in back
            ],
        }  # fmt: skip
        _print_json(said)
        return
    from rich.table import Table

    console = wide_console()
    title = f"costs per day, {priced[0].currency}, {options.replications} runs of {days_of(designs[0].loaded.spec)} day"
    table = Table(title=title, title_justify="left")
    table.add_column("item")
    for c in priced:
        table.add_column(c.arm, justify="right")
    for item in ITEMS:
        table.add_row(item, *(_money(c.by_item[item]) for c in priced))
    table.add_row("total", *(_money(c.total) for c in priced))
    table.add_row("per order shipped", *("-" if c.per_order is None else _money(c.per_order) for c in priced))
    console.print(table)
    for p in back:
        console.print(payback_in_words(p, found[0].name, priced[0].currency))


def staff_command(
    scenario: str, role: str, on_time: float, between: tuple[int, int], group: int | None, options: PlanningOptions
) -> int:
    """The smallest number of people that is surely enough; 1 where none is."""
    from experiments.designs import design_of
    from experiments.staffing import staff
    from experiments.written import interval_json
    from twin.cli.run_command import policies_of

    design = design_of(scenario, scenario, options.overrides, policies_of(list(options.policies)))
    if options.replications < 2:
        raise SpecError("staff needs two replications or more: one gives no interval")
    with gathering_of(options.store, options.workers, options.cluster) as gathering:
        found = staff(
            design, role, on_time, gathering, fewest=between[0], most=between[1], seeds=options.seeds(design),
            confidence=options.confidence, group=group,
        )  # fmt: skip
    if options.json:
        said = {
            "schema": "twin.staff/1", "role": role, "target": on_time, "enough": found.enough,
            "surely_not": found.surely_not, "sentence": found.sentence(),
            "tried": [
                {
                    "count": t.count, "reached": t.reached, "on_time": interval_json(t.on_time),
                    "days": interval_json(t.days),
                    "cost_per_day": None if t.costs is None else interval_json(t.costs.total),
                }
                for t in found.tried
            ],
        }  # fmt: skip
        _print_json(said)
        return 0 if found.enough is not None else 1
    from rich.table import Table

    console = wide_console()
    table = Table(title=f"{scenario}: {role} for {100 * on_time:g} % on time", title_justify="left")
    for name in (role, "on time", f"days at {100 * on_time:g} % or more", "cost per day", "enough"):
        table.add_column(name, justify="right")
    for t in found.tried:
        table.add_row(
            str(t.count), _share(t.on_time), _share(t.days), "-" if t.costs is None else _cost(t.costs), t.reached
        )
    console.print(table)
    console.print(
        f"{options.replications} runs each, the same seeds; enough: by one-sided limits at {options.confidence:g}"
    )
    console.print(found.sentence())
    return 0 if found.enough is not None else 1


def stress_command(scenario: str, floor: float, most: float, options: PlanningOptions) -> int:
    """How much peak is borne, and what gives way first."""
    from experiments.designs import design_of
    from experiments.stress import stress
    from experiments.written import interval_json
    from twin.cli.run_command import policies_of

    design = design_of(scenario, scenario, options.overrides, policies_of(list(options.policies)))
    if options.replications < 2:
        raise SpecError("stress needs two replications or more: one gives no interval")
    with gathering_of(options.store, options.workers, options.cluster) as gathering:
        found = stress(design, floor, gathering, most=most, seeds=options.seeds(design), confidence=options.confidence)
    if options.json:
        said = {
            "schema": "twin.stress/1", "floor": floor, "holds": found.holds, "breaks": found.breaks,
            "crossing": interval_json(found.crossing), "sentence": found.sentence(),
            "levels": [
                {"factor": x.factor, "on_time": interval_json(x.on_time), "utilisation": x.busy} for x in found.levels
            ],
            "reliefs": [
                {"resource": r.resource, "change": r.change, "busy": r.busy, "gain": interval_json(r.gain)}
                for r in found.reliefs
            ],
        }  # fmt: skip
        _print_json(said)
        return 0
    from rich.table import Table

    console = wide_console()
    table = Table(title=f"{scenario}: demand until fewer than {100 * floor:g} % are on time", title_justify="left")
    for name in ("demand", "on time"):
        table.add_column(name, justify="right")
    roles = [r for r, share in found.levels[-1].busy.items() if share >= 0.05]
    for role in roles:
        table.add_column(f"{role.replace('_', ' ')} busy", justify="right")
    for x in found.levels:
        table.add_row(f"{x.factor:.3f}", _share(x.on_time), *(f"{100 * x.busy.get(r, 0.0):.0f} %" for r in roles))
    console.print(table)
    if found.breaks is not None:
        for r in found.reliefs:
            gain = (
                ""
                if r.gain.low is None or r.gain.high is None
                else f" [{100 * r.gain.low:.1f}, {100 * r.gain.high:.1f}]"
            )
            console.print(
                f"at {found.breaks:.3f}: {r.resource}, {r.change}: {100 * r.gain.estimate:+.1f} points on time{gain}"
            )
    console.print(found.sentence())
    return 0


def _print_json(said: dict[str, Any]) -> None:
    print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))


def _money(x: Interval) -> str:
    half = "" if x.half_width is None or x.exact else f" ± {x.half_width:,.2f}"
    return f"{x.estimate:,.2f}{half}"


def _cost(c: ArmCosts) -> str:
    return f"{c.total.estimate:,.0f} {c.currency}"


def _share(x: Interval) -> str:
    between = "" if x.low is None or x.high is None else f" [{100 * x.low:.1f}, {100 * x.high:.1f}]"
    return f"{100 * x.estimate:.1f} %{between}"
