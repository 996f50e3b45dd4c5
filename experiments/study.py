"""A study from its file to its results: designs, replications, comparison, and what is written of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.comparison import Arm, Comparison, compare
from experiments.designs import Design
from experiments.factors import designs_of
from experiments.figures import DEFAULT_PRIMARY, Asked, asked
from experiments.gathering import Gathering
from experiments.sampling import Sampled, fixed, until_precise
from experiments.steady import WarmUp, found_warm_up, one_warm_up, with_warm_up
from experiments.study_file import SteadyState, StudySpec, UntilPrecise, read_study
from twin.domain.errors import SpecError
from twin.spec.mistakes import nearest
from twin.spec.shipped import is_file


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """What a study yields. `comparison` is over the seeds that all designs ran; None for one design."""

    spec: StudySpec
    sampled: tuple[Sampled, ...]
    primary: tuple[Asked, ...]
    comparison: Comparison | None
    warm_up: tuple[WarmUp, ...] = ()
    warmup_h: float | None = None


def study_path(reference: str) -> Path:
    """A study file by path, or by the name of a shipped one; SpecError with near names otherwise."""
    path = Path(reference)
    here = Path(__file__).parent
    for candidate in (path, here / f"{reference}.yaml", here / reference):
        if is_file(candidate):
            return candidate
    names = sorted(p.stem for p in here.glob("*.yaml"))
    near = nearest(path.stem, names)
    told = f"did you mean {near}?" if near else f"shipped studies: {', '.join(names)}"
    raise SpecError(f"no study file '{reference}'; {told}")


def load_study(path: Path) -> tuple[StudySpec, list[Design]]:
    """A study file and its designs, the baseline first."""
    spec, tree = read_study(path)
    return spec, designs_of(spec, tree, path.resolve().parent)


def primary_of(spec: StudySpec, currency: str = "money") -> tuple[Asked, ...]:
    """The figures that a study rests on."""
    if not spec.primary:
        return tuple(asked(name, currency=currency) for name in DEFAULT_PRIMARY)
    return tuple(asked(p.figure, p.better, p.margin, p.margin_absolute, currency) for p in spec.primary)


def run_study(
    spec: StudySpec, designs: list[Design], gathering: Gathering,
    warm_up_found: Callable[[list[WarmUp]], None] | None = None,
) -> StudyResult:  # fmt: skip
    """Make or fetch all replications and compare every design with the first.

    `warm_up_found` is told what was found before it is judged, so that it can be looked at even if runs are too short.
    """
    primary = primary_of(spec, designs[0].loaded.spec.costs.currency)
    most = spec.replications.max if isinstance(spec.replications, UntilPrecise) else spec.replications
    seeds = range(spec.first_seed, spec.first_seed + most)
    warm_up: tuple[WarmUp, ...] = ()
    warmup_h: float | None = None
    if isinstance(spec.run, SteadyState):
        if spec.run.warmup_h == "find":
            warm_up = tuple(found_warm_up(designs, seeds, gathering))
            if warm_up_found is not None:
                warm_up_found(list(warm_up))
            warmup_h = one_warm_up(warm_up)
        else:
            warmup_h = spec.run.warmup_h
        designs = [with_warm_up(design, warmup_h) for design in designs]
    if isinstance(spec.replications, UntilPrecise):
        sampled = until_precise(designs, spec.first_seed, spec.replications, primary, gathering, spec.confidence)
    else:
        sampled = fixed(designs, seeds, gathering)
    common = min(len(s.replications) for s in sampled)
    arms = [Arm(design=s.design, replications=s.replications[:common]) for s in sampled]
    return StudyResult(
        spec=spec, sampled=tuple(sampled), primary=primary, warm_up=warm_up, warmup_h=warmup_h,
        comparison=compare(arms, primary, spec.confidence) if len(arms) > 1 else None,
    )  # fmt: skip
