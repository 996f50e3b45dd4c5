"""Checking against a baseline: digests first, then paired differences with as many replications as it takes.

Tier 0: the first seeds give the digests of the baseline, and nothing more needs to be said. Tier 1: looks at 10, 20, 40
... replications, each at alpha over the number of planned looks, until nothing is inconclusive or something regressed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from experiments.designs import Design
from experiments.gate.baseline import Baseline, definition_of
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.statistics.verdicts import Metric, Outcome, Values, Verdict, evaluate
from twin.domain.draws import DRAW_SCHEME
from twin.observers.kpis import KPIS

LOOKS = (10, 20, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The check of one scenario. `tier` 0: digests agreed; `n`: replications run; `error`: why there is no result."""

    baseline: Baseline
    verdicts: tuple[Verdict, ...]
    tier: int
    n: int
    looks: tuple[int, ...]
    error: str | None = None
    ours: bool = False
    notes: tuple[str, ...] = ()
    replications: tuple[Replication, ...] = field(default=(), repr=False)

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcome of each metric."""
        return [v.outcome for v in self.verdicts]


def looks_of(replications: int) -> tuple[int, ...]:
    """The planned looks of a baseline with so many replications."""
    return (*(n for n in LOOKS if n < replications), replications)


def check(
    baseline: Baseline, design: Design, gathering: Gathering, *, max_s: float | None = None, every_seed: bool = False,
    metrics: Sequence[Metric] | None = None, clock: Callable[[], float] = time.monotonic,
) -> Checked:  # fmt: skip
    """Check a design against its baseline; `every_seed`: compare the digests of all recorded replications (nightly)."""
    watched = list(metrics or [w.metric for w in baseline.metrics.values()])
    looks = looks_of(len(baseline.seeds))
    why_not = not_comparable(baseline, design, watched)
    if len(why_not) == len(watched):
        verdicts = evaluate(watched, {}, {}, why_not=why_not)
        return Checked(baseline=baseline, verdicts=tuple(verdicts), tier=1, n=0, looks=looks)
    begun = clock()
    found: list[Replication] = []
    verdicts = []
    notes: list[str] = []
    for turn, n in enumerate((looks[-1],) if every_seed else looks):
        if turn and max_s is not None:
            spent = clock() - begun
            more_s = spent / len(found) * (n - len(found))
            if spent + more_s > max_s:
                notes.append(f"out of time after {len(found)} replications: {n} would take about {more_s:.0f} s more")
                break
        found += gathering.gather([(design, seed) for seed in baseline.seeds[len(found) : n]])
        failed = [r for r in found if r.error is not None]
        if failed:
            return Checked(
                baseline=baseline, verdicts=tuple(_errored(watched, failed[0])), tier=1, n=len(found), looks=looks,
                error=failed[0].error, ours=any(r.ours for r in failed),
            )  # fmt: skip
        same = not why_not and all(r.digest == d for r, d in zip(found, baseline.event_digest, strict=False))
        if same and turn == 0:
            return Checked(
                baseline=baseline, verdicts=tuple(_same(watched, found)), tier=0, n=len(found), looks=looks,
                replications=tuple(found),
            )  # fmt: skip
        verdicts = judge(baseline, watched, found, len(looks), why_not)
        outcomes = {v.outcome for v in verdicts}
        if "regressed" in outcomes or "inconclusive" not in outcomes:
            break
    notes += _platform(baseline, found)
    return Checked(
        baseline=baseline, verdicts=tuple(verdicts), tier=1, n=len(found), looks=looks, notes=tuple(notes),
        replications=tuple(found),
    )  # fmt: skip


def judge(
    baseline: Baseline, watched: Sequence[Metric], found: Sequence[Replication], looks: int,
    why_not: dict[str, str] | None = None,
) -> list[Verdict]:  # fmt: skip
    """The verdicts on what has been run so far. The gate's command and the pytest fixture both come here."""
    recorded: dict[str, Values] = {name: w.values for name, w in baseline.metrics.items()}
    new: dict[str, Values] = {m.name: [r.figure(m.name) for r in found] for m in watched}
    alpha = min((w.alpha for w in baseline.metrics.values()), default=0.05)
    return evaluate(watched, recorded, new, alpha=alpha, looks=looks, why_not=why_not)


def not_comparable(baseline: Baseline, design: Design, watched: Sequence[Metric]) -> dict[str, str]:
    """Metrics whose recorded values say nothing of what is run now, each with the reason."""
    if baseline.draw_scheme != DRAW_SCHEME:
        return dict.fromkeys(
            (m.name for m in watched), f"recorded with draw scheme {baseline.draw_scheme}, now {DRAW_SCHEME}"
        )
    if baseline.scenario_sha256 != design.loaded.sha256:
        return dict.fromkeys((m.name for m in watched), "the scenario changed: it is another question now")
    found = {}
    for metric in watched:
        recorded = baseline.metrics.get(metric.name)
        if recorded is None:
            continue
        kpi = KPIS.get(metric.name.partition(".")[0])
        if kpi is None:
            found[metric.name] = "there is no such figure any more"
        elif recorded.definition != definition_of(metric.name):
            found[metric.name] = "the figure is defined otherwise now"
    return found


def _same(watched: Sequence[Metric], found: Sequence[Replication]) -> list[Verdict]:
    same = {m.name: [r.figure(m.name) for r in found] for m in watched}
    exact = [replace(m, exact=True) for m in watched]
    return [
        replace(v, metric=m, why=v.why or "the same events on every seed")
        for m, v in zip(watched, evaluate(exact, same, same), strict=True)
    ]


def _errored(watched: Sequence[Metric], failed: Replication) -> list[Verdict]:
    return [Verdict(metric=m, outcome="errored", why=f"seed {failed.seed}: {failed.error}") for m in watched]


def _platform(baseline: Baseline, found: Sequence[Replication]) -> list[str]:
    """Another platform or library may give other digests without anything having changed."""
    if not found:
        return []
    now = dict(found[0].result["versions"])
    other = [f"{k} {v} -> {now.get(k)}" for k, v in baseline.versions.items() if now.get(k) != v]
    return [f"recorded with other versions: {', '.join(other)}"] if other else []
