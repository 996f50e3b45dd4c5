"""Baselines in git: what every replication of a scenario yielded, so that a diff shows exactly what moved.

One scenario: the file is its baseline. Several: `{"baselines": {name: ...}}`; a path that ends in no `.json` is a
folder with a file for each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from experiments.statistics.verdicts import Metric
from experiments.written import write_text
from twin.domain.errors import DataError, SpecError
from twin.observers.kpis import KPIS
from twin.run.foreign import is_foreign
from twin.spec.mistakes import unknown

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A metric with its recorded values; `definition` and `unit` are those of the key figure when it was recorded."""

    metric: Metric
    alpha: float
    definition: int
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One scenario's record. `scenario` and `overrides` say how it is found again; `policies` are from outside."""

    scenario: str
    scenario_sha256: str
    seeds: tuple[int, ...]
    event_digest: tuple[str, ...]
    metrics: Mapping[str, Watched]
    versions: Mapping[str, str]
    draw_scheme: int
    reason: str = ""
    overrides: tuple[str, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's name, for tables and files."""
        return Path(self.scenario).stem

    def as_json(self) -> dict[str, Any]:
        """The form of the file."""
        return {
            "draw_scheme": self.draw_scheme, "event_digest": list(self.event_digest),
            "metrics": {name: _metric_json(w) for name, w in self.metrics.items()}, "overrides": list(self.overrides),
            "policies": dict(self.policies), "reason": self.reason, "scenario": self.scenario,
            "scenario_sha256": self.scenario_sha256, "schema_version": SCHEMA_VERSION, "seeds": list(self.seeds),
            "versions": dict(self.versions), "warnings": list(self.warnings),
        }  # fmt: skip


def definition_of(figure: str) -> int:
    """A number that changes when the words that define a key figure do."""
    kpi = KPIS[figure.partition(".")[0]]
    return int.from_bytes(blake2b(f"{kpi.definition}/{kpi.undefined_when}".encode(), digest_size=4).digest(), "big")


def _metric_json(w: Watched) -> dict[str, Any]:
    margin = (
        {"exact": True} if w.metric.exact
        else {"margin_relative": w.metric.margin_relative} if w.metric.margin_relative is not None
        else {"margin_absolute": w.metric.margin_absolute}
    )  # fmt: skip
    return {
        "alpha": w.alpha, "better": w.metric.better, "definition": w.definition, **margin, "unit": w.metric.unit,
        "values": list(w.values),
    }  # fmt: skip


def is_folder(path: Path) -> bool:
    """Whether a baseline path means a file for each scenario."""
    return path.is_dir() or (path.suffix != ".json" and not path.is_file())


def files_of(path: Path) -> list[Path]:
    """The files behind a baseline path, there or not."""
    return sorted(path.glob("*.json")) if is_folder(path) else [path]


def write_baselines(path: Path, baselines: Sequence[Baseline]) -> list[Path]:
    """Write them; the files written."""
    if is_folder(path):
        files = [path / f"{b.name}.json" for b in baselines]
        for file, baseline in zip(files, baselines, strict=True):
            write_text(file, _text(baseline.as_json()))
        return files
    if len(baselines) == 1:
        write_text(path, _text(baselines[0].as_json()))
    else:
        together = {b.name: b.as_json() for b in baselines}
        if len(together) < len(baselines):
            raise SpecError("two scenarios bear one name; give each its own baseline file")
        write_text(path, _text({"baselines": together, "schema_version": SCHEMA_VERSION}))
    return [path]


def _text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def read_baselines(path: Path) -> list[tuple[Path, Baseline]]:
    """Every baseline behind a path with its file; none where there is no file. DataError where one is damaged."""
    found: list[tuple[Path, Baseline]] = []
    for file in files_of(path):
        if not file.is_file():
            continue
        try:
            said: Any = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{file}: cannot be read: {error}") from None
        except json.JSONDecodeError as error:
            raise DataError(f"{file}:{error.lineno}:{error.colno}: no JSON: {error.msg}") from None
        version = said.get("schema_version") if isinstance(said, dict) else None
        if version != SCHEMA_VERSION:
            raise DataError(f"{file}: schema_version {SCHEMA_VERSION} is needed, got {version!r}; record it again")
        for one in said["baselines"].values() if "baselines" in said else [said]:
            found.append((file, _baseline(one, file)))
    return found


def _baseline(said: Mapping[str, Any], file: Path) -> Baseline:
    try:
        baseline = Baseline(
            scenario=said["scenario"], scenario_sha256=said["scenario_sha256"], seeds=tuple(said["seeds"]),
            event_digest=tuple(said["event_digest"]), versions=said["versions"], draw_scheme=said["draw_scheme"],
            metrics={name: _watched(name, m) for name, m in said["metrics"].items()},
            reason=said.get("reason", ""), overrides=tuple(said.get("overrides", ())),
            policies=said.get("policies", {}), warnings=tuple(said.get("warnings", ())),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(f"{file}: not a baseline: {type(error).__name__}: {error}; record it again") from None
    n = len(baseline.seeds)
    uneven = [name for name, w in baseline.metrics.items() if len(w.values) != n]
    if uneven or len(baseline.event_digest) != n:
        what = uneven[0] if uneven else "event_digest"
        raise DataError(f"{file}: {what} has not as many values as there are seeds ({n}); record it again")
    own = [f"{family}={name}" for family, name in baseline.policies.items() if is_foreign(name)]
    if own:
        raise DataError(f"{file}: names code ({own[0]}); a file may name registered policies only: give --policy")
    return baseline


def _watched(name: str, said: Mapping[str, Any]) -> Watched:
    metric = Metric(
        name=name, better=said["better"], margin_relative=said.get("margin_relative"),
        margin_absolute=said.get("margin_absolute"), unit=said["unit"], exact=said.get("exact", False),
    )  # fmt: skip
    return Watched(metric=metric, alpha=said["alpha"], definition=said["definition"], values=tuple(said["values"]))


def checked_figure(name: str) -> None:
    """SpecError if there is no such key figure."""
    first = name.partition(".")[0]
    if first not in KPIS:
        raise SpecError(f"figure {name}: {unknown(first, list(KPIS), 'no such figure')}")


def refuse_in_ci(what: str) -> None:
    """A baseline is changed by a person, who reads the diff."""
    if os.environ.get("CI", "") not in ("", "0", "false"):
        raise SpecError(f"twin gate {what} is refused in CI (CI is set): run it, review the diff and commit the file")
