"""How many replications: a fixed number, or until each design's figures are known precisely enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.designs import Design
from experiments.figures import Asked, values
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.statistics.precision import LookAhead
from experiments.study_file import UntilPrecise
from twin.domain.errors import ConservationError, TwinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """The replications of one design. `stopped`: by rule, by budget, or fixed; `relative_precision` then reached."""

    design: Design
    replications: tuple[Replication, ...]
    stopped: str = "fixed"
    accepted_at: int | None = None
    relative_precision: float | None = None


SHOWN = 5
"""So many different faults are told."""


class ReplicationFailedError(TwinError):
    """Some replications could not be made; those that could are kept."""


def fixed(designs: Sequence[Design], seeds: Sequence[int], gathering: Gathering) -> list[Sampled]:
    """The same seeds for every design; seed by seed, so that whole comparisons are there early."""
    wanted = [(design, seed) for seed in seeds for design in designs]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    n = len(designs)
    return [
        Sampled(design=design, replications=tuple(found[i + k * n] for k in range(len(seeds))))
        for i, design in enumerate(designs)
    ]


def until_precise(
    designs: Sequence[Design], first_seed: int, rule: UntilPrecise, figures: Sequence[Asked], gathering: Gathering,
    confidence: float = 0.95,
) -> list[Sampled]:  # fmt: skip
    """Each design until every figure asked is precise, with look-ahead, or the budget is spent."""
    names = [rule.figure] if rule.figure is not None else [f.name for f in figures]
    took: dict[str, list[Replication]] = {d.name: [] for d in designs}
    open_ = list(designs)
    while open_:
        step = {d.name: _next(took[d.name], rule, names, gathering.workers, confidence) for d in open_}
        open_ = [d for d in open_ if step[d.name]]
        wanted = [
            (design, first_seed + len(took[design.name]) + k) for design in open_ for k in range(step[design.name])
        ]
        found = gathering.gather(wanted)
        must_have_succeeded(wanted_names(wanted), found)
        for (design, _), replication in zip(wanted, found, strict=True):
            took[design.name].append(replication)
    return [_ended(design, took[design.name], rule, names, confidence) for design in designs]


def _rules(took: Sequence[Replication], rule: UntilPrecise, names: Sequence[str], confidence: float) -> list[LookAhead]:
    looks = []
    for name in names:
        look = LookAhead(rule.relative_precision, level=confidence, least=rule.min)
        for value in values(took, name).tolist():
            look.add(value)
        looks.append(look)
    return looks


def _next(
    took: Sequence[Replication], rule: UntilPrecise, names: Sequence[str], workers: int, confidence: float
) -> int:
    """How many more to take now: none when done; never beyond what the rule would surely ask, but fill the workers."""
    if len(took) < rule.min:
        return rule.min - len(took)
    if len(took) >= rule.max:
        return 0
    if all(look.done for look in _rules(took, rule, names, confidence)):
        return 0
    return min(max(1, workers), rule.max - len(took))


def _ended(
    design: Design, took: Sequence[Replication], rule: UntilPrecise, names: Sequence[str], confidence: float
) -> Sampled:
    looks = _rules(took, rule, names, confidence)
    done = all(look.done for look in looks)
    reached = [look.relative for look in looks if look.relative is not None]
    accepted = [look.accepted_at for look in looks if look.accepted_at is not None]
    return Sampled(
        design=design, replications=tuple(took), stopped="by rule" if done else "by budget",
        accepted_at=max(accepted) if done and accepted else None,
        relative_precision=max(reached) if len(reached) == len(names) else None,
    )  # fmt: skip


def wanted_names(wanted: Sequence[tuple[Design, int]]) -> list[str]:
    """Each replication in words."""
    return [f"{design.name}, seed {seed}" for design, seed in wanted]


def must_have_succeeded(names: Sequence[str], found: Sequence[Replication]) -> None:
    """ReplicationFailedError that tells every different fault once, ConservationError where it is ours."""
    failed = [(name, r) for name, r in zip(names, found, strict=True) if r.error is not None]
    if not failed:
        return
    told: dict[str, list[str]] = {}
    for name, replication in failed:
        told.setdefault(str(replication.error), []).append(name)
    sentences = [
        f"{where[0]}{f' and {len(where) - 1} more' if len(where) > 1 else ''}: {error}" for error, where in told.items()
    ]
    head = f"{len(failed)} of {len(found)} replications failed; the others are kept"
    more = [f"and {len(sentences) - SHOWN} more"] if len(sentences) > SHOWN else []
    text = "\n".join([head, *sentences[:SHOWN], *more])
    raise ConservationError(text) if any(r.ours for _, r in failed) else ReplicationFailedError(text)


def precise_enough(sampled: Sequence[Sampled]) -> bool:
    """Whether no design ran out of budget."""
    return all(s.stopped != "by budget" for s in sampled)


def finite(found: Sequence[float]) -> bool:
    """Whether all values are numbers."""
    return bool(np.isfinite(np.asarray(found, dtype=np.float64)).all())
