"""How a command has its replications made: which workers, which store, and what is said meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.execution import Executor
    from experiments.gathering import Gathering, Tally


def gathering_of(store: Path, workers: int | None, cluster: str | None) -> Gathering:
    """The gathering that the options ask for."""
    from experiments.gathering import Gathering
    from experiments.store import ResultStore
    from twin.domain.errors import SpecError

    if workers is not None and cluster is not None:
        raise SpecError("--workers counts processes of this machine; a cluster brings its own: give one of the two")
    return Gathering(ResultStore(store), _executor(workers, cluster), progress_line(), partial(_stopped, store))


def _stopped(store: Path, tally: Tally) -> None:
    print(
        f"\nstopped at {tally.done} of {tally.wanted} replications, kept in {store}; "
        "the same command goes on from there",
        file=sys.stderr,
    )


def _executor(workers: int | None, cluster: str | None) -> Callable[[], Executor]:
    def make() -> Executor:
        if cluster is not None:
            from experiments.cluster import ClusterWorkers

            return ClusterWorkers(cluster)
        from experiments.execution import InPlace, SpawnedWorkers

        return InPlace() if workers == 1 else SpawnedWorkers(workers)

    return make


def progress_line() -> Callable[[Tally], None]:
    """Replications done and time left: a moving line on a terminal, a few plain lines elsewhere; always on stderr."""
    terminal = sys.stderr.isatty()
    said = {"quarter": 0}

    def show(tally: Tally) -> None:
        left = tally.left_s
        known = f", {tally.from_store} from the store" if tally.from_store else ""
        text = f"{tally.done} of {tally.wanted} replications{known}"
        if left is not None and tally.done < tally.wanted:
            text += f", about {_in_words(left)} left"
        if terminal:
            print(f"\r{text:70}", end="\n" if tally.done == tally.wanted else "", file=sys.stderr, flush=True)
        elif 4 * tally.done // max(1, tally.wanted) > said["quarter"]:
            said["quarter"] = 4 * tally.done // tally.wanted
            print(text, file=sys.stderr, flush=True)
        if tally.done == tally.wanted:
            said["quarter"] = 0

    return show


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
