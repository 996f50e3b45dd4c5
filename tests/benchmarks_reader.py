"""Published routing and batching instances beside the checkout; nothing of them is in the repository.

The folder is `TWIN_BENCH_DATA`, by default `../shared/data`. Lengths are whole numbers, `scale` per published unit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.spec import published_sets
from twin.spec.published_sets import Instance

SETS = {"sprp": "sprp", "bahceci_oncan": "bahceci-oncan"}


def folder(name: str) -> Path:
    """The set's folder; the test is skipped, saying so, where it is absent."""
    root = Path(os.environ.get("TWIN_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / name
    if not (path / "instances.tgz").is_file():
        pytest.skip(f"benchmark set {name} is not at {path} (set TWIN_BENCH_DATA to its parent folder)")
    return path


def optima(name: str) -> dict[str, float]:
    """The proven optimum of each instance, in its own unit."""
    return {instance: found.value for instance, found in published_sets.references(folder(name)).items()}


def instances(name: str) -> Iterator[Instance]:
    """Every instance of a set, by file name; the file name is the key."""
    return published_sets.instances(SETS[name], folder(name))
