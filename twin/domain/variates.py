"""Variates: one uniform in, one value out, by the inverse of the distribution function. No rejection, no state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Variate:
    """A distribution by its inverse; `sample` and `at` are the same function, so scalar and vector agree."""

    name: str
    mean: float
    inverse: Callable[[Any], Any]
    is_constant: bool = False

    def sample(self, u: Values) -> Values:
        """Values for uniforms, shape as `u`; rounded to 1e-6."""
        values: Values = np.asarray(self.inverse(u), dtype=np.float64).round(6)
        return values

    def at(self, u: float) -> float:
        """The value for one uniform."""
        return round(float(self.inverse(np.float64(u))), 6)

    @staticmethod
    def constant(value: float) -> Variate:
        """Always the same."""
        return Variate("constant", value, lambda u: np.full(np.shape(u), value), True)

    @staticmethod
    def uniform(low: float, high: float) -> Variate:
        """Every value between alike."""
        return Variate("uniform", (low + high) / 2, lambda u: low + (high - low) * u, low == high)

    @staticmethod
    def triangular(low: float, mode: float, high: float) -> Variate:
        """Least, most likely, greatest."""
        if low == high:
            return Variate.constant(low)
        cut = (mode - low) / (high - low)

        def inverse(u: Any) -> Any:
            left = low + np.sqrt(u * (high - low) * (mode - low))
            right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
            return np.where(u < cut, left, right)

        return Variate("triangular", (low + mode + high) / 3, inverse)

    @staticmethod
    def exponential(mean: float) -> Variate:
        """Memoryless, by its mean."""
        return Variate.constant(0.0) if mean == 0 else Variate("exponential", mean, lambda u: -mean * np.log1p(-u))

    @staticmethod
    def lognormal(mean: float, cv: float) -> Variate:
        """By mean and coefficient of variation."""
        if mean == 0 or cv == 0:
            return Variate.constant(mean)
        s2 = log(1 + cv * cv)
        scale, sigma = mean * exp(-s2 / 2), sqrt(s2)

        from scipy.special import ndtri

        def inverse(u: Any) -> Any:
            return scale * np.exp(sigma * ndtri(u))

        return Variate("lognormal", mean, inverse)

    @staticmethod
    def gamma(mean: float, cv: float) -> Variate:
        """By mean and coefficient of variation."""
        if mean == 0 or cv == 0:
            return Variate.constant(mean)
        shape = 1 / (cv * cv)

        from scipy.special import gammaincinv

        def inverse(u: Any) -> Any:
            return gammaincinv(shape, u) * (mean / shape)

        return Variate("gamma", mean, inverse)

    @staticmethod
    def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Variate:
        """One of the values, each as likely as its weight."""
        order = sorted(range(len(values)), key=lambda i: values[i])
        x = np.array([values[i] for i in order], dtype=np.float64)
        w = np.array([weights[i] if weights else 1.0 for i in order], dtype=np.float64)
        share = np.cumsum(w) / w.sum()
        mean = float((x * w).sum() / w.sum())
        return Variate(
            "empirical", mean, lambda u: x[np.minimum(np.searchsorted(share, u, side="right"), len(x) - 1)], len(x) == 1
        )
