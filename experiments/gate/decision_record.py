"""The decisions of one run, kept beside the baseline, so that a regression can name the first one that differs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

from experiments.replication import Job
from experiments.written import write_bytes
from twin.domain.errors import DataError
from twin.events.chunk import Chunk
from twin.events.columns import MISSING
from twin.observers.gathered import Gathered

SUBJECTS = ("order", "line", "task", "worker", "location", "handling_unit", "trailer")
MOST = 200_000
ENDING = ".decisions.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided when, by which policy, about what."""

    at_ms: int
    site: str
    family: str
    policy: str
    about: str
    choice: str


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The place of the first decision that is not the same, and both decisions there; None: the run had ended."""

    place: int
    before: Decision | None
    now: Decision | None

    def sentence(self) -> str:
        """What differs, in words."""
        shown = self.now or self.before
        assert shown is not None
        head = f"decision {self.place + 1}, {_clock(shown)}: {_what(shown)} chose {shown.choice}"
        if self.before is None:
            return f"{head}; the baseline decided nothing more"
        if self.now is None:
            return f"{head} in the baseline; now nothing more is decided"
        same = ("at_ms", "family", "about")
        if all(getattr(self.before, key) == getattr(self.now, key) for key in same):
            return f"{head}, in the baseline {self.before.choice}"
        return f"{head}; in the baseline {_what(self.before)} at {_clock(self.before)} chose {self.before.choice}"


def _clock(decision: Decision) -> str:
    return f"{decision.at_ms / 3_600_000:.3f} h"


def _what(decision: Decision) -> str:
    about = f" about {decision.about}" if decision.about else ""
    return f"{decision.family}={decision.policy}{about}"


class _Record:
    def __init__(self) -> None:
        self.facts = Gathered("PolicyDecided", "site", "family", "policy", "choice", *SUBJECTS)

    def fold(self, chunk: Chunk, /) -> None:
        self.facts.fold(chunk)

    def decisions(self) -> list[Decision]:
        columns = {name: column[:MOST].tolist() for name, column in self.facts.columns().items()}
        name = self.facts.names.name
        rows = zip(
            columns["at_ms"], columns["site"], columns["family"], columns["policy"], columns["choice"], strict=True
        )
        about = list(zip(*(columns[s] for s in SUBJECTS), strict=True))
        return [
            Decision(
                at_ms, str(name(site)), str(name(family)), str(name(policy)),
                " ".join(f"{s}={name(code)}" for s, code in zip(SUBJECTS, about[i], strict=True) if code != MISSING),
                str(name(choice)),
            )
            for i, (at_ms, site, family, policy, choice) in enumerate(rows)
        ]  # fmt: skip


def decisions_of(job: Job) -> list[Decision]:
    """Run a job once more and list what was decided, in order."""
    from twin.run.running import run_scenario

    record = _Record()
    run_scenario(job.loaded, seed=job.seed, policies=dict(job.policies), observers=False, sinks=[record])
    return record.decisions()


def first_difference(before: list[Decision], now: list[Decision]) -> FirstDifference | None:
    """Where two runs first decided otherwise; None if they never did."""
    for place, (one, other) in enumerate(zip_longest(before, now)):
        if one != other:
            return FirstDifference(place, one, other)
    return None


def beside(baseline: Path) -> Path:
    """The file of decisions that belongs to a baseline file."""
    return baseline.with_name(baseline.stem + ENDING)


def write_decisions(path: Path, by_scenario: Mapping[str, list[Decision]]) -> None:
    """Write the decisions of each scenario's first seed; the same decisions give the same bytes."""
    lines = [
        json.dumps({"scenario": name, **asdict(decision)}, ensure_ascii=False)
        for name, decisions in sorted(by_scenario.items())
        for decision in decisions
    ]
    write_bytes(path, gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def read_decisions(path: Path, scenario: str) -> list[Decision] | None:
    """The recorded decisions of a scenario; None where there is no file."""
    if not path.is_file():
        return None
    try:
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines() if line]
        return [
            Decision(**{k: v for k, v in row.items() if k != "scenario"}) for row in rows if row["scenario"] == scenario
        ]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: damaged ({error}); record the baseline again") from None
