"""The policies in use, and the record of what they decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from twin.domain.errors import PolicyError
from twin.events.catalogue import PolicyDecided
from twin.events.stream import Record
from twin.policies.named import chain, reference
from twin.policies.shape import POLICY_FAULTS, PolicyRef
from twin.policies.why import Keys, key_text, runners_up, watched


@dataclass(frozen=True, slots=True)
class PolicyInUse:
    """One family's policy with its name on record; `candidates_max` 0 means unlimited."""

    ref: PolicyRef
    decide: Callable[[Any], Any]
    candidates_max: int


def in_use(family: str, name: str, rules: Mapping[str, Any]) -> PolicyInUse:
    """A registered or installed policy with these rules, ready to be asked; PolicyError says what is wrong."""
    policy: Any = chain(family, {"name": name, "rules": dict(rules)})
    return PolicyInUse(reference(policy, family), policy, policy.rules.candidates_max)


RANKED = frozenset({"dispatch", "putaway"})
"""Families whose record says what else was best: one thing is chosen, and they are asked seldom enough for it."""
MOST_ALTERNATIVES = 3
_NO_KEYS: Keys = {}
_quoted = json.encoder.encode_basestring


class Decisions:
    """Asks policies and records every answer as an event whose seq later facts name as their cause."""

    def __init__(self, policies: Mapping[str, PolicyInUse], record: Record) -> None:
        self.policies = dict(policies)
        self._put_on_record = record
        self._keys: Keys = _NO_KEYS
        self.tap: Callable[[PolicyRef, Any, Any], None] | None = None

    def ask(self, family: str, snapshot: Any, *, alone: bool = False) -> Any:
        """The decision of the family's policy for this snapshot; `alone`: there is but one candidate."""
        policy = self.policies[family]
        try:
            if family in RANKED and not alone:
                with watched() as self._keys:
                    decision = policy.decide(snapshot)
            else:
                self._keys = _NO_KEYS
                decision = policy.decide(snapshot)
        except PolicyError:
            raise
        except POLICY_FAULTS as error:
            raise PolicyError(
                f"{family}={policy.ref.name} failed on its snapshot at {snapshot.now_ms} ms: "
                f"{type(error).__name__}: {error}"
            ) from error
        if self.tap is not None:
            self.tap(policy.ref, snapshot, decision)
        return decision

    def record(
        self, family: str, at_ms: int, site: str, candidates: int, choice: str, *, score: float | None = None,
        order: str | None = None, line: str | None = None, task: str | None = None, worker: str | None = None,
        location: str | None = None, handling_unit: str | None = None, trailer: str | None = None,
        units: int | None = None, wave: str | None = None, detail: str | None = None,
    ) -> int:  # fmt: skip
        """Put a decision on record; returns its seq."""
        if detail is None and family in RANKED:
            detail = _alternatives(self._keys, choice)
        return self._put_on_record(
            PolicyDecided, at_ms, site, family, self.policies[family].ref.name, candidates, choice, score, order, line,
            task, worker, location, handling_unit, trailer, units, wave, detail,
        )  # fmt: skip

    def broken(self, family: str, law: str, snapshot: Any) -> PolicyError:
        """The error of a rule that proposed what the book cannot accept."""
        ref = self.policies[family].ref
        return PolicyError(f"{family}={ref.name} broke the law '{law}' on the snapshot {snapshot!r:.600}")


def _alternatives(keys: Keys, choice: str) -> str | None:
    """The best of what was not chosen with the sort keys, as JSON; None where nothing else could have been."""
    others = runners_up(keys, choice, MOST_ALTERNATIVES)
    if not others:
        return None
    best = [f'{{"choice":{_quoted(subject)},"key":{_quoted(key_text(key))}}}' for subject, key in others]
    return f'{{"key":{_quoted(key_text(keys[choice]))},"alternatives":[{",".join(best)}]}}'
