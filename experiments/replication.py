"""One replication: a job that can be sent to another process, and what comes back from it.

A job carries everything: the checked scenario, the seed, the names of policies. What comes back is plain JSON: the
run's result, and the small series that studies need beside the figures.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from experiments.traces import Traces
from twin.domain.draws import DRAW_SCHEME
from twin.domain.errors import ConservationError, DataError, TwinError
from twin.spec.loading import Loaded

REPLICATION_SCHEMA = "twin.replication/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run to be made. `address` names its content: equal addresses give equal results."""

    loaded: Loaded
    seed: int
    policies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """What one run yielded: `result` as in result.json, `traces` as in `experiments.traces`.

    `error`: why there is no result, as a sentence; `ours`: and it is a bug of the product.
    """

    seed: int
    address: str
    result: Mapping[str, Any] = field(default_factory=dict)
    traces: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    ours: bool = False

    @property
    def digest(self) -> str:
        """The run's digest; "" where it failed."""
        return str(self.result.get("digest", ""))

    def figure(self, name: str) -> float | None:
        """A key figure by name, or by dotted name inside one (`utilisation.picker`); None where it is undefined."""
        value: Any = self.result.get("kpis", {})
        for part in _parts(name, value):
            if not isinstance(value, Mapping) or part not in value:
                return None
            value = value[part]
        return None if value is None or isinstance(value, Mapping) else float(value)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "schema": REPLICATION_SCHEMA, "seed": self.seed, "address": self.address, "result": dict(self.result),
            "traces": dict(self.traces),
        }  # fmt: skip


def _parts(name: str, kpis: Mapping[str, Any]) -> tuple[str, ...]:
    """Station names hold dots and slashes: only the first and the last dot of a dotted figure divide."""
    first, dot, rest = name.partition(".")
    if not dot or first not in kpis:
        return (name,)
    inner = kpis[first]
    if isinstance(inner, Mapping) and rest in inner:
        return first, rest
    middle, dot, last = rest.rpartition(".")
    return (first, middle, last) if dot else (first, rest)


def from_json(text: bytes | str) -> Replication:
    """A stored replication; ValueError if it is none."""
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("schema") != REPLICATION_SCHEMA:
        raise ValueError(f"not a {REPLICATION_SCHEMA}")
    return Replication(seed=said["seed"], address=said["address"], result=said["result"], traces=said["traces"])


def job_of(loaded: Loaded, seed: int, policies: Mapping[str, str] | None = None) -> Job:
    """The job of a scenario and a seed, with its address."""
    given = dict(policies or {})
    return Job(loaded=loaded, seed=seed, policies=given, address=_address(loaded, seed, given))


def _address(loaded: Loaded, seed: int, policies: Mapping[str, str]) -> str:
    said = {
        "scenario": loaded.sha256, "seed": seed, "code": code_sha256(),
        "policies": _policies_on_record(loaded, policies),
        "python": ".".join(map(str, sys.version_info[:3])), "libraries": _libraries(), "draws": DRAW_SCHEME,
        "schema": REPLICATION_SCHEMA,
    }  # fmt: skip
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _policies_on_record(loaded: Loaded, policies: Mapping[str, str]) -> dict[str, list[str]]:
    """Name, version and rules of every policy: a user's own has the hash of its source as version."""
    from twin.run.chosen import policies_in_use

    used = policies_in_use(loaded.spec.policies, policies)
    return {f: [p.ref.name, p.ref.version, p.ref.rules_digest] for f, p in sorted(used.items())}


@cache
def code_sha256() -> str:
    """The hash of the product's own source: a result of other code is another result."""
    import twin

    root = Path(twin.__file__).parent
    digest = sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    for name in ("replication.py", "traces.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


@cache
def _libraries() -> dict[str, str]:
    from twin.run.running import versions

    found = versions()
    return {name: found[name] for name in ("twin", "simpy", "numpy", "platform")}


def replicate(job: Job) -> Replication:
    """Run the job, here. What goes wrong comes back as a sentence, so that it survives the way between processes."""
    from twin.run.running import Run, few_collections

    try:
        _same_inputs(job.loaded)
        traces = Traces()
        run = Run(job.loaded, seed=job.seed, policies=dict(job.policies), sinks=[traces])
        with few_collections():
            run.advance(run.premises.horizon_ms)
            result = run.finish()
        assert run.watch is not None
        told = traces.told(run.watch.orders, run.watch.utilisation, run.premises.warmup_ms, run.premises.horizon_ms)
    except ConservationError as error:
        return Replication(seed=job.seed, address=job.address, error=str(error), ours=True)
    except TwinError as error:
        return Replication(seed=job.seed, address=job.address, error=str(error))
    return Replication(seed=job.seed, address=job.address, result=result.as_json(), traces=told)


def _same_inputs(loaded: Loaded) -> None:
    """A worker on another machine must read the same data files."""
    for file in loaded.inputs:
        try:
            there = type(file).read(file.role, file.path)
        except OSError as error:
            raise DataError(f"{file.path} cannot be read where the run is made: {error.strerror}") from None
        if there.sha256 != file.sha256:
            raise DataError(f"{file.path} is not the same where the run is made as where the study was started")
