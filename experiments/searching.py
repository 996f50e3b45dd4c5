"""Searching a study's factors for the best design that keeps its constraints, and telling the truth about the winner.

The search sees few seeds, and chooses what they flatter; so its best designs and the base run again on seeds that the
search never saw, and only those are reported as what to expect.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.comparison import Arm
from experiments.costs import ITEMS, per_day
from experiments.designs import Design
from experiments.factors import cell_name, designs_of
from experiments.figures import Asked, asked, values
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.paired import Paired, paired
from experiments.steady import changed
from experiments.study_file import COST, Bound, Search, Span, StudySpec
from twin.domain.errors import SpecError
from twin.spec.plain_yaml import Node

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One design tried: its objective and how far each constraint is missed (0 or less: kept); `fault`: why not run."""

    number: int
    cell: Cell
    objective: float | None
    misses: Mapping[str, float]
    fault: str | None = None

    @property
    def feasible(self) -> bool:
        """Whether it ran and kept every constraint on the mean of the search seeds."""
        return self.objective is not None and all(miss <= 0 for miss in self.misses.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalist:
    """A design on held-out seeds; `against_base` is paired, None for the base itself."""

    name: str
    cell: Cell
    objective: Interval
    constraints: Mapping[str, Interval]
    keeps: bool
    against_base: Paired | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gives. `finalists`: the base first, then the best trials; `best`: None if none keeps bounds."""

    objective: Asked
    search: Search
    trials: tuple[Trial, ...]
    finalists: tuple[Finalist, ...]
    best: Finalist | None
    every: bool

    def sentence(self) -> str:
        """The answer in words."""
        whole = " (all there are)" if self.every else ""
        tried = f"{len(self.trials)} designs searched{whole} on {self.search.replications} seeds"
        head = f"{tried}, the best re-run on {self.search.held_out} other seeds"
        if self.best is None:
            return f"{head}: none keeps the constraints there"
        if self.best.against_base is None:
            return f"{head}: none beats the scenario as it is"
        gap = self.best.against_base.difference
        ends = "" if gap.low is None or gap.high is None else f" [{gap.low:,.4g}, {gap.high:,.4g}]"
        gain = f"{self.objective.name} {gap.estimate:+,.4g}{ends} {self.objective.unit} against the base"
        return f"{head}: {self.best.name}, {gain}"


def base_of(spec: StudySpec, tree: Node, folder: Path) -> Design:
    """The study's scenario with its own settings and no factor moved."""
    plain = spec.model_copy(update={"factors": {}, "design": "full_factorial", "variants": (), "baseline": None})
    return replace(designs_of(plain, tree, folder)[0], name="base")


def objective_of(search: Search, currency: str) -> Asked:
    """What is searched for; SpecError where it has no good side."""
    if search.objective == COST:
        return Asked(name=COST, unit=f"{currency}/day", better=search.better or "lower")
    figure = asked(search.objective, search.better, currency=currency)
    if figure.better is None:
        raise SpecError(f"search.objective {figure.name} has no good side: say better: higher or lower")
    return figure


def known(design: Design, replications: Sequence[Replication], name: str) -> NDArray[np.float64]:
    """A figure, or the cost per day, of each replication; SpecError where it is undefined."""
    if name == COST:
        by_item = per_day(design.loaded.spec, replications)
        return np.asarray(np.sum([by_item[item] for item in ITEMS], axis=0), dtype=np.float64)
    found = values(replications, name)
    if np.isnan(found).any():
        raise SpecError(f"{design.name}: {name} is undefined on some seeds")
    return found


def search(spec: StudySpec, base: Design, gathering: Gathering) -> Found:
    """Search, then judge on held-out seeds. The same study searches the same way; what is in the store is not run."""
    asked_for = spec.search
    if asked_for is None or not spec.factors:
        raise SpecError("a search needs factors and a section search, such as search: {objective: cost_per_day}")
    objective = objective_of(asked_for, base.loaded.spec.costs.currency)
    seeds = range(spec.first_seed, spec.first_seed + asked_for.replications)
    every = _all_cells(spec.factors, asked_for.trials)
    if every is not None:
        trials = [_try(n, cell, base, objective, asked_for, seeds, gathering) for n, cell in enumerate(every)]
    else:
        trials = _sampled(spec.factors, base, objective, asked_for, seeds, gathering)
    if all(t.fault is not None for t in trials):
        raise SpecError(f"no design of the search could be run; the first: {trials[0].fault}")
    sign = -1 if objective.better == "higher" else 1
    ranked = sorted((t for t in trials if t.feasible), key=lambda t: (sign * (t.objective or 0.0), t.number))
    chosen: list[Cell] = []
    for trial in ranked:
        if trial.cell not in chosen:
            chosen.append(trial.cell)
    finalists = _finalists(base, chosen[: asked_for.finalists], objective, asked_for, spec, gathering)
    keeping = [f for f in finalists if f.keeps]
    best = min(keeping, key=lambda f: sign * f.objective.estimate) if keeping else None
    return Found(
        objective=objective, search=asked_for, trials=tuple(trials), finalists=tuple(finalists), best=best,
        every=every is not None,
    )  # fmt: skip


def with_cell(base: Design, cell: Cell) -> Design:
    """The base with factors at other values."""
    return replace(base, name=cell_name(cell), loaded=changed(base, cell), factors=cell)


def _all_cells(factors: Mapping[str, Any], trials: int) -> list[Cell] | None:
    """Every cell, where there are no more than trials; None where there are more, or numbers without end."""
    choices: list[Sequence[Any]] = []
    for factor in factors.values():
        if isinstance(factor, Span):
            if not factor.whole:
                return None
            choices.append(range(int(factor.low), int(factor.high) + 1))
        else:
            choices.append(factor)
    if np.prod([float(len(c)) for c in choices]) > trials:
        return None
    return [dict(zip(factors, values_, strict=True)) for values_ in product(*choices)]


def _try(
    number: int, cell: Cell, base: Design, objective: Asked, asked_for: Search, seeds: Sequence[int],
    gathering: Gathering,
) -> Trial:  # fmt: skip
    try:
        design = with_cell(base, cell)
        wanted = [(design, seed) for seed in seeds]
        found = gathering.gather(wanted)
        must_have_succeeded(wanted_names(wanted), found)
        value = float(known(design, found, objective.name).mean())
        misses = {
            name: _miss(float(known(design, found, name).mean()), bound)
            for name, bound in asked_for.constraints.items()
        }
    except SpecError as error:
        return Trial(number=number, cell=cell, objective=None, misses={}, fault=str(error))
    return Trial(number=number, cell=cell, objective=value, misses=misses)


def _miss(value: float, bound: Bound) -> float:
    """How far a value is outside its bound; 0 or less inside."""
    over = [bound.at_least - value] if bound.at_least is not None else []
    over += [value - bound.at_most] if bound.at_most is not None else []
    return max(over)


def _sampled(
    factors: Mapping[str, Any], base: Design, objective: Asked, asked_for: Search, seeds: Sequence[int],
    gathering: Gathering,
) -> list[Trial]:  # fmt: skip
    """Trials by optuna's tree-structured Parzen estimator, one after the other: repeatable."""
    try:
        import optuna
    except ImportError:
        raise SpecError("a search over so many designs needs the extra: pip install 'warehouse-twin[opt]'") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = {key: _distribution(factor, optuna) for key, factor in factors.items()}
    trials: list[Trial] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constraints are marked experimental in optuna
        sampler = optuna.samplers.TPESampler(
            seed=asked_for.seed, multivariate=True, constraints_func=lambda t: t.user_attrs.get("misses", [1.0])
        )
        highest = objective.better == "higher"
        study = optuna.create_study(direction="maximize" if highest else "minimize", sampler=sampler)
        for number in range(asked_for.trials):
            asked_trial = study.ask(space)
            cell = {key: _plain(factors[key], asked_trial.params[key]) for key in factors}
            trial = _try(number, cell, base, objective, asked_for, seeds, gathering)
            trials.append(trial)
            if trial.objective is None:
                study.tell(asked_trial, state=optuna.trial.TrialState.FAIL)
                continue
            asked_trial.set_user_attr("misses", list(trial.misses.values()))
            study.tell(asked_trial, trial.objective)
    return trials


def _distribution(factor: Any, optuna: Any) -> Any:
    if isinstance(factor, Span):
        if factor.whole:
            return optuna.distributions.IntDistribution(int(factor.low), int(factor.high))
        return optuna.distributions.FloatDistribution(factor.low, factor.high)
    return optuna.distributions.CategoricalDistribution(range(len(factor)))


def _plain(factor: Any, drawn: Any) -> Any:
    if not isinstance(factor, Span):
        return factor[int(drawn)]
    return int(drawn) if factor.whole else float(f"{drawn:.6g}")


def _finalists(
    base: Design, cells: Sequence[Cell], objective: Asked, asked_for: Search, spec: StudySpec, gathering: Gathering
) -> list[Finalist]:
    first = spec.first_seed + asked_for.replications
    seeds = range(first, first + asked_for.held_out)
    designs = [base, *(with_cell(base, cell) for cell in cells)]
    wanted = [(design, seed) for seed in seeds for design in designs]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    k = len(designs)
    told: list[Finalist] = []
    of_base: NDArray[np.float64] | None = None
    for i, design in enumerate(designs):
        arm = Arm(design=design, replications=tuple(found[i::k]))
        reached = known(design, arm.replications, objective.name)
        of_base = reached if of_base is None else of_base
        bounds = {n: mean_interval(known(design, arm.replications, n), spec.confidence) for n in asked_for.constraints}
        told.append(
            Finalist(
                name=design.name, cell=dict(design.factors), objective=mean_interval(reached, spec.confidence),
                constraints=bounds,
                keeps=all(_miss(x.estimate, asked_for.constraints[n]) <= 0 for n, x in bounds.items()),
                against_base=None if i == 0 else paired(of_base, reached, spec.confidence),
            )
        )  # fmt: skip
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One factor at the ends of its range, all others as they are: what the objective becomes against the base."""

    factor: str
    low: Any
    high: Any
    at_low: Paired
    at_high: Paired

    @property
    def width(self) -> float:
        """How far the objective moves."""
        return abs(self.at_high.difference.estimate - self.at_low.difference.estimate)


def tornado(spec: StudySpec, base: Design, gathering: Gathering) -> tuple[Asked, list[Bar]]:
    """One factor at a time, the widest first."""
    asked_for = spec.search or Search()
    if not spec.factors:
        raise SpecError("a tornado needs factors")
    objective = objective_of(asked_for, base.loaded.spec.costs.currency)
    count = asked_for.held_out if spec.search is not None else 10
    seeds = range(spec.first_seed, spec.first_seed + count)
    ends = {
        key: (_plain(f, f.low), _plain(f, f.high)) if isinstance(f, Span) else (f[0], f[-1])
        for key, f in spec.factors.items()
    }
    designs = [base, *(with_cell(base, {key: end}) for key, pair in ends.items() for end in pair)]
    wanted = [(design, seed) for seed in seeds for design in designs]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    k = len(designs)
    reached = [known(design, found[i::k], objective.name) for i, design in enumerate(designs)]
    gaps = [paired(reached[0], x, spec.confidence) for x in reached[1:]]
    bars = [
        Bar(factor=key, low=low, high=high, at_low=gaps[2 * i], at_high=gaps[2 * i + 1])
        for i, (key, (low, high)) in enumerate(ends.items())
    ]
    return objective, sorted(bars, key=lambda bar: (-bar.width, bar.factor))


def draw_tornado(objective: Asked, bars: Sequence[Bar]) -> bytes:
    """The tornado as PNG: bars from the base, whiskers are intervals."""
    from experiments.report import charts

    with charts.styled("en"):
        figure = charts.new((11.0, 1.6 + 0.5 * max(2, len(bars))))
        axes = figure.subplots()
        for place, bar in enumerate(bars):
            for end, gap, color in ((bar.low, bar.at_low, charts.COLORS[0]), (bar.high, bar.at_high, charts.COLORS[1])):
                x = gap.difference
                axes.barh(place, x.estimate, color=color, height=0.6)
                if x.low is not None and x.high is not None:
                    axes.plot([x.low, x.high], [place, place], color=charts.INK, linewidth=1.2)
                side = 1 if x.estimate >= 0 else -1
                edge = x.estimate if x.low is None or x.high is None else x.high if side > 0 else x.low
                axes.annotate(
                    str(end), (edge, place), xytext=(4 * side, 0), textcoords="offset points", fontsize=9,
                    va="center", ha="left" if side > 0 else "right",
                )  # fmt: skip
        axes.axvline(0, color=charts.INK, linewidth=1)
        axes.set_yticks(range(len(bars)), [bar.factor for bar in bars])
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.margins(x=0.15)
        axes.set_title(f"{objective.name} against the base, one factor at a time ({objective.unit})")
        return charts.png(figure)
