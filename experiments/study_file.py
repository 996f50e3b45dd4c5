"""What a study file may say. It names scenarios, settings and registered policies; never code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from twin.spec.documents import display, read_document
from twin.spec.mistakes import Mark, Mistake, MistakesError, unknown
from twin.spec.plain_yaml import Node
from twin.spec.sentences import Translation
from twin.spec.shape import Name, NotNegative, Positive, Spec

Share = Annotated[float, Field(gt=0, lt=1)]
COST = "cost_per_day"
"""Beside the key figures: running costs and investment, per day."""


class PrimaryFigure(Spec):
    """A figure on which the decision rests, declared before the runs.

    `better` comes from the figure's definition where it has a good side. `margin`: the smallest difference worth
    acting on, as a share of the baseline's mean; `margin_absolute`: in the figure's unit.
    """

    figure: str
    better: Literal["higher", "lower"] | None = None
    margin: Share | None = None
    margin_absolute: Positive | None = None

    @model_validator(mode="after")
    def _one_margin(self) -> PrimaryFigure:
        if self.margin is not None and self.margin_absolute is not None:
            raise ValueError("give one of margin and margin_absolute")
        return self


def _figure_of(written: object) -> object:
    return {"figure": written} if isinstance(written, str) else written


class Variant(Spec):
    """A scenario, or the study's own with other settings. `policies`: family -> registered name, or name with rules."""

    name: Name
    scenario: str | None = None
    layout: str | None = None
    overrides: dict[str, Any] = Field(default_factory=dict)
    policies: dict[str, Any] = Field(default_factory=dict)


class Span(Spec):
    """A factor's range, for designs that fill a space. Two whole numbers give whole numbers."""

    low: float
    high: float

    @model_validator(mode="after")
    def _a_range(self) -> Span:
        if self.low >= self.high:
            raise ValueError(f"low must be < high, got {self.low:g} and {self.high:g}")
        return self

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return float(self.low).is_integer() and float(self.high).is_integer()


class LatinHypercube(Spec):
    """So many points, evenly spread over every factor at once."""

    points: Annotated[int, Field(ge=2, le=10_000)]
    seed: int = 1


class UntilPrecise(Spec):
    """Replications until the relative half-width is reached, and stays so for a while (look-ahead)."""

    relative_precision: Share
    figure: str | None = None
    min: Annotated[int, Field(ge=3)] = 3
    max: Annotated[int, Field(ge=3)] = 100

    @model_validator(mode="after")
    def _room(self) -> UntilPrecise:
        if self.min > self.max:
            raise ValueError(f"min must be <= max, got {self.min} and {self.max}")
        return self


class SteadyState(Spec):
    """A run without a natural end.

    `warmup_h`: what is left out at the start; `find`: by MSER-5 over the replications.
    """

    warmup_h: NotNegative | Literal["find"] = "find"


class Bound(Spec):
    """What a figure has to keep to."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _some(self) -> Bound:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        return self


class Search(Spec):
    """A search for the best design: `objective` is a figure, or `cost_per_day`; every trial runs `replications` seeds.

    held_out: seeds, never used in the search, on which the `finalists` and the base are run at the end.
    """

    objective: str = "cost_per_day"
    better: Literal["higher", "lower"] | None = None
    constraints: dict[str, Bound] = Field(default_factory=dict)
    trials: Annotated[int, Field(ge=1, le=10_000)] = 60
    replications: Annotated[int, Field(ge=2)] = 4
    held_out: Annotated[int, Field(ge=2)] = 10
    finalists: Annotated[int, Field(ge=1, le=20)] = 3
    seed: int = 1


Factor = Span | Annotated[tuple[Any, ...], Field(min_length=1, strict=False)]
Figure = Annotated[PrimaryFigure, BeforeValidator(_figure_of, json_schema_input_type=str | PrimaryFigure)]


class StudySpec(Spec):
    """A study file: what is varied, how often it is run, and on which figures the decision rests."""

    name: Name
    description: str = ""
    scenario: str
    overrides: dict[str, Any] = Field(default_factory=dict)
    variants: tuple[Variant, ...] = Field(default=(), strict=False)
    factors: dict[str, Factor] = Field(default_factory=dict)
    design: Literal["full_factorial"] | LatinHypercube = "full_factorial"
    replications: Annotated[int, Field(ge=1)] | UntilPrecise = 10
    first_seed: int = 1
    run: Literal["terminating"] | SteadyState = "terminating"
    primary: tuple[Figure, ...] = Field(default=(), strict=False)
    confidence: Share = 0.95
    search: Search | None = None
    baseline: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> StudySpec:
        names = [v.name for v in self.variants]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"two variants are called {twice[0]}")
        if isinstance(self.design, LatinHypercube) and not self.factors:
            raise ValueError("a latin_hypercube needs factors")
        spans = [key for key, factor in self.factors.items() if isinstance(factor, Span)]
        if spans and self.search is None and not isinstance(self.design, LatinHypercube):
            raise ValueError(f"{spans[0]} is a range: give values, design: {{points: 20}}, or a search")
        return self


def read_study(path: Path) -> tuple[StudySpec, Node]:
    """A study file and its tree; SpecError tells all faults at once."""
    tree = read_document(path)
    if not isinstance(tree.value, dict):
        raise MistakesError([Mistake(Mark(display(path), 1, 1), "", "a study is a mapping (key: value)")])
    mistakes: list[Mistake] = []
    try:
        spec = TypeAdapter(StudySpec).validate_python(tree.plain())
    except ValidationError as error:
        Translation(StudySpec, tree, mistakes).add(error)
        raise MistakesError(mistakes) from None
    _known_figures(spec, tree, mistakes)
    if mistakes:
        raise MistakesError(mistakes)
    return spec, tree


def _known_figures(spec: StudySpec, tree: Node, mistakes: list[Mistake]) -> None:
    from twin.observers.kpis import KPIS

    if spec.search is not None:
        said = [("objective", spec.search.objective), *(("constraints", name) for name in spec.search.constraints)]
        for key, name in said:
            if name != COST and name.partition(".")[0] not in KPIS:
                node = tree.child("search")
                told = unknown(name, [COST, *KPIS], "no such figure")
                mistakes.append(Mistake(node.mark if node is not None else tree.mark, f"search.{key}", told))
    primary = tree.child("primary")
    for place, figure in enumerate(spec.primary):
        if figure.figure.partition(".")[0] not in KPIS:
            node = primary.child(place) if primary is not None else None
            mark = node.mark if node is not None else tree.mark
            mistakes.append(
                Mistake(mark, f"primary.{place}.figure", unknown(figure.figure, list(KPIS), "no such figure"))
            )
    until = spec.replications
    if isinstance(until, UntilPrecise) and until.figure is not None and until.figure.partition(".")[0] not in KPIS:
        node = tree.child("replications")
        told = unknown(until.figure, list(KPIS), "no such figure")
        mistakes.append(Mistake(node.mark if node is not None else tree.mark, "replications.figure", told))
