"""Keyed draws: published vectors, scalar equals vector, and 200,000 draws that are dice however they are keyed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.domain import draws

G = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
DRAWS = 200_000


@pytest.mark.parametrize(
    ("seed", "purpose", "name", "occurrence", "bits", "u"),
    [
        (7, "pick_time", "line-000123", 0, 0x5794F9A85F80C6AF, 0.3421169315402067),
        (7, "pick_time", "line-000123", 1, 0x9A0543BE9BA1D489, 0.6016428318358814),
        (7, "pick_time", "line-000124", 0, 0x59D11477130AA3DF, 0.35084655673112286),
        (8, "pick_time", "line-000123", 0, 0x883DA3B9A797EC81, 0.5321905449160053),
        (7, "walk_noise", "line-000123", 0, 0x93AFAB9C36D94496, 0.5768992668516592),
    ],
)
def test_published_vectors(seed: int, purpose: str, name: str, occurrence: int, bits: int, u: float) -> None:
    assert draws.bits(draws.stream(seed, purpose), draws.entity(name), occurrence) == bits
    assert draws.draw(seed, purpose, name, occurrence) == u


def test_known_answer_of_the_mixer() -> None:
    assert [draws.mix((1_234_567 + i * G) & MASK) for i in (1, 2)] == [6457827717110365317, 3203168211198807973]


def test_a_uniform_is_never_0_and_never_1() -> None:
    assert 0.0 < draws.u01(0) < draws.u01(MASK) < 1.0


names = st.text(max_size=12)
words = st.integers(0, MASK)


@given(
    seed=st.integers(-5, 2**40), purpose=names, entities=st.lists(names, min_size=1, max_size=30), k=st.integers(0, 99)
)
def test_scalar_equals_vector_bit_for_bit(seed: int, purpose: str, entities: list[str], k: int) -> None:
    stream = draws.stream(seed, purpose)
    many = draws.uniforms(stream, draws.entities(entities), k)
    assert many.tolist() == [draws.draw(seed, purpose, name, k) for name in entities]


@given(stream=words, entities=st.lists(st.tuples(words, st.integers(0, 2**40)), min_size=1, max_size=30))
def test_scalar_equals_vector_for_every_word_and_occurrence(stream: int, entities: list[tuple[int, int]]) -> None:
    e = np.array([word for word, _ in entities], dtype=np.uint64)
    k = np.array([occurrence for _, occurrence in entities], dtype=np.uint64)
    one_by_one = [draws.u01(draws.bits(stream, word, occurrence)) for word, occurrence in entities]
    assert draws.uniforms(stream, e, k).tolist() == one_by_one


def over_entities() -> np.ndarray:
    return draws.uniforms(draws.stream(1, "pick_time"), draws.entities([f"O{n:06d}-1" for n in range(DRAWS)]))


def over_occurrences() -> np.ndarray:
    word = np.full(DRAWS, draws.entity("line-000123"), dtype=np.uint64)
    return draws.uniforms(draws.stream(1, "breakdown"), word, np.arange(DRAWS, dtype=np.uint64))


def over_seeds() -> np.ndarray:
    entity = draws.entity("line-000123")
    return np.array([draws.u01(draws.bits(draws.stream(seed, "arrival"), entity, 0)) for seed in range(DRAWS)])


def over_purposes() -> np.ndarray:
    entity = draws.entity("line-000123")
    return np.array([draws.u01(draws.bits(draws.stream(1, f"purpose-{n}"), entity, 0)) for n in range(DRAWS)])


@pytest.mark.parametrize("keyed", [over_entities, over_occurrences, over_seeds, over_purposes])
def test_draws_are_uniform_and_their_neighbours_unrelated(keyed: object) -> None:
    from scipy.stats import kstest

    u = keyed()  # type: ignore[operator]
    assert len(u) == DRAWS
    assert kstest(u, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(DRAWS)


def test_two_purposes_of_one_entity_are_unrelated() -> None:
    entities = draws.entities([f"O{n:06d}" for n in range(DRAWS)])
    a, b = (draws.uniforms(draws.stream(1, purpose), entities) for purpose in ("wrong_sku", "wrong_units"))
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(DRAWS)
