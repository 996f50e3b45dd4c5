"""What a run yields: its figures, and all that says what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RESULT_SCHEMA = "twin.result/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """One run. `kpis` are defined in `twin.observers.kpis`; undefined figures are None."""

    scenario: str
    seed: int
    scenario_sha256: str
    digest: str
    versions: dict[str, str]
    simulated_h: float
    events: int
    scheduled_events: int
    cpu_s: float
    kpis: dict[str, Any]
    assumptions: list[dict[str, Any]]
    policies: dict[str, str]
    policies_given: dict[str, str] = field(default_factory=dict)
    policy_sources: dict[str, str] = field(default_factory=dict)
    commands: int = 0
    complete: bool = True
    cleaning: list[dict[str, Any]] = field(default_factory=list)
    faults_missed: list[dict[str, Any]] = field(default_factory=list)
    folder: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """The contents of `result.json`."""
        return {
            "schema": RESULT_SCHEMA, "scenario": self.scenario, "seed": self.seed,
            "scenario_sha256": self.scenario_sha256, "digest": self.digest, "versions": self.versions,
            "simulated_h": self.simulated_h, "events": self.events, "scheduled_events": self.scheduled_events,
            "cpu_s": round(self.cpu_s, 3), "complete": self.complete, "commands": self.commands,
            "policies": self.policies, "policies_given": self.policies_given, "policy_sources": self.policy_sources,
            "kpis": self.kpis,
            "cleaning": self.cleaning, "faults_missed": self.faults_missed, "assumptions": self.assumptions,
        }  # fmt: skip
