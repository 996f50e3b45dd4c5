"""A candidate beside the old policy: recorded situations are put to it, and nothing it says is carried out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from twin.domain.errors import DataError, PolicyError
from twin.policies.named import register
from twin.policies.shape import POLICY_FAULTS
from twin.policies.snapshots import from_json, to_json
from twin.run.foreign import policy_of
from twin.run.replay import Asked, again, recorded_run


class _Comparison:
    """What the candidate says to each situation, against what was decided."""

    def __init__(self, family: str, policy: Any, new: str) -> None:
        self.family, self.policy, self.new, self.old = family, policy, new, ""
        self.asked = self.different = self.failed = 0
        self.where: Counter[str] = Counter()
        self.sums: dict[str, list[float]] = {}
        self.first: dict[str, Any] | None = None

    def put(self, where: str, snapshot: Any, decision: Any) -> None:
        """One situation."""
        self.asked += 1
        try:
            answer = self.policy(snapshot)
        except POLICY_FAULTS as error:  # a candidate may fail in any way
            self.failed += 1
            self._otherwise(where, snapshot, decision, {"error": f"{type(error).__name__}: {error}"})
            return
        for name, old in _figures(decision).items():
            both = self.sums.setdefault(name, [0.0, 0.0])
            both[0] += old
            both[1] += _figures(answer).get(name, 0.0)
        if answer != decision and _done(to_json(answer)) != _done(to_json(decision)):
            self._otherwise(where, snapshot, decision, to_json(answer))

    def _otherwise(self, where: str, snapshot: Any, decision: Any, new: Any) -> None:
        self.different += 1
        self.where[where] += 1
        if self.first is None:
            self.first = {
                "at_ms": snapshot.now_ms, "where": where, "old": to_json(decision), "new": new,
                "snapshot": to_json(snapshot),
            }  # fmt: skip

    def told(self, source: Path) -> dict[str, Any]:
        """The report."""
        return {
            "schema": "twin.shadow/1", "source": str(source), "family": self.family, "old": self.old, "new": self.new,
            "asked": self.asked, "different": self.different, "failed": self.failed,
            "where": dict(self.where.most_common()),
            "figures": {name: {"old": old, "new": new} for name, (old, new) in self.sums.items()},
            "first_difference": self.first,
        }  # fmt: skip


def _done(decision: Any) -> Any:
    """What is to be done, without what is claimed (a tour's `exact`) and what is told to people (`detail`)."""
    if isinstance(decision, dict):
        return {key: _done(value) for key, value in decision.items() if key not in ("exact", "detail")}
    return [_done(part) for part in decision] if isinstance(decision, list) else decision


def _figures(decision: Any) -> dict[str, float]:
    """What can be summed of a decision: its numbers, and how many rows its tuples have."""
    found: dict[str, float] = {}
    for field in fields(decision):
        value = getattr(decision, field.name)
        if isinstance(value, tuple):
            found[f"{field.name} (count)"] = len(value)
        elif isinstance(value, int | float) and not field.name.endswith("_at_ms"):
            found[field.name] = float(value)
    return found


def shadowed(
    source: Path, family: str, target: str, rules: Mapping[str, Any], own: Mapping[str, str]
) -> dict[str, Any]:
    """Compare on a run folder (run again, its digest checked) or on a ledger of `twin policy serve`."""
    register(family)
    policy, ref = policy_of(family, target, rules)
    comparison = _Comparison(family, policy, ref.name)
    if source.is_dir():

        def heard(asked: Asked) -> None:
            comparison.old = asked.ref.name
            comparison.put(_place(asked.site, asked.snapshot), asked.snapshot, asked.decision)

        again(recorded_run(source, own), heard, frozenset({family}))
    else:
        _ledger(source, comparison)
    if not comparison.asked:
        raise DataError(f"{source}: holds no decision of {family}")
    return comparison.told(source)


def _ledger(source: Path, comparison: _Comparison) -> None:
    family = comparison.family
    snapshot_class, decision_class = register(family).snapshot, register(family).decision
    try:
        with source.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{source}:{number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise DataError(f"{where}: no JSON: {error}") from None
                policy = row.get("policy") if isinstance(row, dict) else None
                if not isinstance(policy, dict) or policy.get("family") != family:
                    continue
                comparison.old = str(policy.get("name", ""))
                try:
                    snapshot = from_json(snapshot_class, row.get("snapshot"), f"{where}: snapshot")
                    decision = from_json(decision_class, row.get("decision"), f"{where}: decision")
                except PolicyError as error:
                    raise DataError(str(error)) from None
                comparison.put(_place("", snapshot), snapshot, decision)
    except UnicodeDecodeError as error:
        raise DataError(f"{source}: no ledger: {error}") from None
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror or error}") from None


def _place(site: str, snapshot: Any) -> str:
    """Where it was decided: the site, and the hour of the day."""
    hour = f"hour {snapshot.now_ms // 3_600_000}"
    return f"{site}, {hour}" if site else hour
