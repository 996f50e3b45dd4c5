"""Variates against the distributions of scipy: the same law, the mean they state, one uniform in and one value out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain import draws
from twin.domain.variates import Variate

SHAPES = {
    "constant": Variate.constant(3.0),
    "uniform": Variate.uniform(2.0, 5.0),
    "triangular": Variate.triangular(1.0, 2.0, 6.0),
    "triangular, mode at the end": Variate.triangular(1.0, 6.0, 6.0),
    "exponential": Variate.exponential(4.0),
    "lognormal": Variate.lognormal(4.0, 0.3),
    "gamma": Variate.gamma(4.0, 0.6),
    "empirical": Variate.empirical((5.0, 1.0, 2.0), (1.0, 2.0, 1.0)),
}
U = draws.uniforms(draws.stream(3, "variates"), draws.entities([f"e{n}" for n in range(100_000)]))


@pytest.mark.parametrize("name", SHAPES)
def test_the_mean_of_many_is_the_mean_stated(name: str) -> None:
    values = SHAPES[name].sample(U)
    assert abs(values.mean() - SHAPES[name].mean) <= 4 * values.std() / np.sqrt(len(U)) + 1e-6


@pytest.mark.parametrize("name", SHAPES)
@given(u=st.floats(min_value=2**-53, max_value=1 - 2**-53))
def test_scalar_equals_vector(name: str, u: float) -> None:
    variate = SHAPES[name]
    assert variate.at(u) == variate.sample(np.array([0.5, u, 0.25]))[1]


@pytest.mark.parametrize("name", SHAPES)
def test_a_larger_uniform_never_gives_a_smaller_value(name: str) -> None:
    assert (np.diff(SHAPES[name].sample(np.sort(U))) >= 0).all()


def test_laws_are_those_of_theory() -> None:
    from scipy import stats

    sigma = np.sqrt(np.log(1 + 0.3**2))
    laws = {
        "uniform": stats.uniform(2, 3),
        "triangular": stats.triang(0.2, 1, 5),
        "exponential": stats.expon(scale=4),
        "lognormal": stats.lognorm(sigma, scale=4 * np.exp(-(sigma**2) / 2)),
        "gamma": stats.gamma(1 / 0.36, scale=4 * 0.36),
    }
    for name, law in laws.items():
        assert stats.kstest(SHAPES[name].sample(U), law.cdf).pvalue > 0.001, name


def test_the_spread_is_the_coefficient_of_variation() -> None:
    for name, cv in (("lognormal", 0.3), ("gamma", 0.6), ("exponential", 1.0)):
        values = SHAPES[name].sample(U)
        assert values.std() / values.mean() == pytest.approx(cv, rel=0.03), name


def test_empirical_values_come_as_often_as_they_weigh() -> None:
    values = SHAPES["empirical"].sample(U)
    shares = [float((values == v).mean()) for v in (1.0, 2.0, 5.0)]
    assert shares == pytest.approx([0.5, 0.25, 0.25], abs=0.01)


@pytest.mark.parametrize(
    "variate",
    [
        Variate.exponential(0),
        Variate.lognormal(0, 0.3),
        Variate.lognormal(4, 0),
        Variate.gamma(4, 0),
        Variate.triangular(2, 2, 2),
    ],
)
def test_what_cannot_vary_says_so(variate: Variate) -> None:
    assert variate.is_constant
    assert variate.at(0.1) == variate.at(0.9) == variate.mean
