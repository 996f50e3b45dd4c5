"""Distributions of times and counts: one key names the shape.

The numbers are in the unit of the key that they stand under.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from twin.domain.variates import Variate
from twin.spec.shape import NotNegative, Spec

Cv = Annotated[float, Field(ge=0, le=100)]
"""A coefficient of variation."""


class UniformSpec(Spec):
    """Every value between `low` and `high` alike."""

    low: NotNegative
    high: NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> UniformSpec:
        if self.high < self.low:
            raise ValueError(f"high must be >= low, got low={self.low} high={self.high}")
        return self


class TriangularSpec(Spec):
    """Least, most likely and greatest value."""

    low: NotNegative
    mode: NotNegative
    high: NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> TriangularSpec:
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"low <= mode <= high is needed, got {self.low}, {self.mode}, {self.high}")
        return self


class MeanSpec(Spec):
    """A shape told by its mean alone."""

    mean: NotNegative


class MeanCvSpec(Spec):
    """A shape told by its mean and coefficient of variation."""

    mean: NotNegative
    cv: Cv = 0.3


class EmpiricalSpec(Spec):
    """Measured values, each as likely as its weight (all alike without weights)."""

    values: tuple[NotNegative, ...] = Field(min_length=1, strict=False)
    weights: tuple[NotNegative, ...] | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _matched(self) -> EmpiricalSpec:
        if self.weights is not None and (len(self.weights) != len(self.values) or sum(self.weights) <= 0):
            raise ValueError("weights must be as many as values, with a sum > 0")
        return self


class ShapeSpec(Spec):
    """Exactly one shape."""

    constant: NotNegative | None = None
    uniform: UniformSpec | None = None
    triangular: TriangularSpec | None = None
    exponential: MeanSpec | None = None
    lognormal: MeanCvSpec | None = None
    gamma: MeanCvSpec | None = None
    empirical: EmpiricalSpec | None = None

    @model_validator(mode="after")
    def _one(self) -> ShapeSpec:
        named = [n for n in type(self).model_fields if getattr(self, n) is not None]
        if len(named) != 1:
            raise ValueError(f"name exactly one shape of {', '.join(type(self).model_fields)}; got {len(named)}")
        return self


DistributionSpec = NotNegative | ShapeSpec
"""A plain number is the mean of the default shape of its section (lognormal with that section's `cv`)."""


def mean_of(spec: DistributionSpec) -> float:
    """The mean, without making the distribution."""
    if isinstance(spec, int | float):
        return float(spec)
    if spec.uniform is not None:
        return (spec.uniform.low + spec.uniform.high) / 2
    if spec.triangular is not None:
        return (spec.triangular.low + spec.triangular.mode + spec.triangular.high) / 3
    if spec.empirical is not None:
        values, weights = spec.empirical.values, spec.empirical.weights or (1.0,) * len(spec.empirical.values)
        return sum([v * w for v, w in zip(values, weights, strict=True)]) / sum(weights)
    by_mean = spec.exponential or spec.lognormal or spec.gamma
    return by_mean.mean if by_mean is not None else spec.constant or 0.0


def variate(spec: DistributionSpec, cv: float) -> Variate:
    """The distribution of a key; a plain number is the mean of a lognormal one with `cv`, constant if `cv` is 0."""
    if isinstance(spec, int | float):
        return Variate.lognormal(float(spec), cv)
    if spec.constant is not None:
        return Variate.constant(spec.constant)
    if spec.uniform is not None:
        return Variate.uniform(spec.uniform.low, spec.uniform.high)
    if spec.triangular is not None:
        return Variate.triangular(spec.triangular.low, spec.triangular.mode, spec.triangular.high)
    if spec.exponential is not None:
        return Variate.exponential(spec.exponential.mean)
    if spec.lognormal is not None:
        return Variate.lognormal(spec.lognormal.mean, spec.lognormal.cv)
    if spec.gamma is not None:
        return Variate.gamma(spec.gamma.mean, spec.gamma.cv)
    assert spec.empirical is not None
    return Variate.empirical(spec.empirical.values, spec.empirical.weights)
