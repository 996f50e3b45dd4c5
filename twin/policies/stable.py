"""Stable hashes: what a "scattered" rule uses in place of a random number."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=1 << 16)
def word(name: str) -> int:
    """64 bits of BLAKE2b of one id; the same on every machine and in every process."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def stable_hash(first: str, second: str) -> int:
    """64 bits of BLAKE2b of two ids, in this order."""
    return int.from_bytes(blake2b(f"{first}\0{second}".encode(), digest_size=8).digest(), "big")
