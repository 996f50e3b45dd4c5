"""Keyed draws, scheme 1: a draw is a function of (seed, purpose, entity, occurrence), never of who drew before.

SplitMix64 finaliser (Steele, Lea & Flood 2014) over BLAKE2b words of the names. The scalar and the vector path are the
same integer steps and agree bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

DRAW_SCHEME = 1
_M, _G = (1 << 64) - 1, 0x9E3779B97F4A7C15

Words = NDArray[np.uint64]
Uniforms = NDArray[np.float64]


def mix(z: int) -> int:
    """The SplitMix64 finaliser on a 64-bit word."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _M
    return z ^ (z >> 31)


def _word(text: str, person: bytes) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8, person=person).digest(), "little")


@lru_cache(maxsize=4096)
def stream(seed: int, purpose: str) -> int:
    """The word of a purpose under a seed; hash it once per purpose."""
    return _word(f"{seed}/{purpose}", b"stream")


def entity(name: str) -> int:
    """The word of an entity's id."""
    return _word(name, b"entity")


def bits(stream_word: int, entity_word: int, occurrence: int) -> int:
    """64 bits of the draw."""
    return mix((mix(stream_word ^ entity_word) + (occurrence + 1) * _G) & _M)


def u01(word: int) -> float:
    """A uniform in (0, 1): never 0, never 1."""
    return float(((word >> 12) + 0.5) * 2.0**-52)


def draw(seed: int, purpose: str, name: str, occurrence: int = 0) -> float:
    """One uniform in (0, 1)."""
    return u01(bits(stream(seed, purpose), entity(name), occurrence))


def entities(names: Sequence[str]) -> Words:
    """The words of many entities at once."""
    joined = b"".join([blake2b(n.encode(), digest_size=8, person=b"entity").digest() for n in names])
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)


def _mix(z: Words) -> Words:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniforms(stream_word: int, entity_words: Words, occurrence: int | Words = 0) -> Uniforms:
    """Uniforms of many entities under one purpose, shape as `entity_words`."""
    if isinstance(occurrence, int):
        step: Words = np.full(1, ((occurrence + 1) * _G) & _M, dtype=np.uint64)
    else:
        step = (occurrence + np.uint64(1)) * np.uint64(_G)
    words = _mix(_mix(np.full(1, stream_word, dtype=np.uint64) ^ entity_words) + step)
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
