"""The public conformance laws of a policy, own or foreign, with a readable verdict.

A law counts its questions and keeps its first counterexample. What a policy may not do (read the clock, draw, open a
file or a socket) is watched while it decides, see `twin.run.deeds`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twin.policies.laws import READABLE, broken_laws
from twin.policies.named import register
from twin.policies.shape import POLICY_FAULTS, PolicyError, Rules
from twin.policies.snapshots import canonical, from_json, to_json
from twin.run.asked_elsewhere import SEEDS, text_of
from twin.run.deeds import listening
from twin.run.drawn_snapshots import drawn, shuffled
from twin.run.patience import Unanswered, patient
from twin.run.remote import Remote

SNAPSHOTS = 200
SLOW_MS = 100.0
LIMIT_S = 10.0
MAY_REFUSE = {"routing": "one-way aisles, graphs and another end"}
MEANING = {
    "total": "answers every snapshot with the family's decision",
    "pure": "reads no clock, draws no random number, opens nothing, leaves the snapshot as it was",
    "deterministic": "the same snapshot, the same decision, whatever was asked before, in any process",
    "ignores listing order": "another order of the same rows, the same decision",
    "json": "the snapshot and the decision survive JSON unchanged, and so does the answer",
    "filters and units": "the laws of the family: refused candidates are not used, capacities hold, units add up",
    "exact bound": "never better than what is proven best",
    "time": "milliseconds for each decision",
}


@dataclass
class Law:
    """One law's outcome."""

    name: str
    asked: int = 0
    broken: int = 0
    first: str = ""
    note: str = ""

    def keep(self, kept: bool, example: str) -> None:
        """Count a question; keep the first counterexample."""
        self.asked += 1
        if not kept:
            self.broken += 1
            self.first = self.first or example


@dataclass
class Verdict:
    """All laws of one policy."""

    family: str
    name: str
    laws: dict[str, Law] = field(default_factory=lambda: {name: Law(name) for name in MEANING})

    @property
    def conforms(self) -> bool:
        """No law is broken."""
        return not any(law.broken for law in self.laws.values())


_REAL_CLOCK = time.perf_counter


def check(
    family: str, name: str, make: Callable[[], Any], snapshots: int = SNAPSHOTS, slow_ms: float = SLOW_MS,
    again: Callable[[list[int], str], Mapping[int, str]] | None = None, limit_s: float = LIMIT_S,
) -> Verdict:  # fmt: skip
    """Put the policy to all laws. make: a fresh instance, so that memory shows; again: what the same snapshots, by
    number, are answered in another process with that seed for hashes; limit_s: how long one answer is waited for."""
    verdict = Verdict(family, name)
    try:
        _put_to_all(verdict, make, snapshots, slow_ms, again, limit_s)
    except Unanswered as error:
        for law in (verdict.laws["total"], verdict.laws["time"]):
            law.keep(False, f"{error}; it was not asked further")
    return verdict


def _put_to_all(
    verdict: Verdict, make: Callable[[], Any], snapshots: int, slow_ms: float,
    again: Callable[[list[int], str], Mapping[int, str]] | None, limit_s: float,
) -> None:  # fmt: skip
    family, laws = verdict.family, verdict.laws
    decision_class, snapshot_class = register(family).decision, register(family).snapshot
    policy = make()
    rules = rules_held(family, policy)
    elsewhere = isinstance(getattr(policy, "policy", policy), Remote)  # that one has a limit of its own
    policy = policy if elsewhere else _InTime(policy, limit_s)
    if elsewhere:
        laws["pure"].note = "runs elsewhere: only the snapshot is watched"
    used_ms: list[float] = []
    answers: list[tuple[int, Any, str]] = []
    refused = 0
    for number in range(snapshots):
        snapshot = drawn(family, number)
        before = canonical(snapshot)
        decision, fault, deeds = _asked(policy, snapshot, decision_class)
        refuses = fault.startswith("PolicyError") and may_refuse(family, snapshot)
        refused += refuses
        laws["total"].keep(not fault or refuses, f"{fault}; snapshot {before:.300}")
        if elsewhere:
            deeds = []
        changed = _written(snapshot) != before
        laws["pure"].keep(
            not deeds and not changed,
            ", ".join(deeds) if deeds else "the snapshot is another afterwards",
        )
        if fault:
            continue
        begun = _REAL_CLOCK()
        text_of(policy, snapshot)
        used_ms.append(1000 * (_REAL_CLOCK() - begun))
        text = _written(decision)
        if not text.startswith("{"):
            laws["json"].keep(False, text)
            continue
        answers.append((number, snapshot, text))
        _json(laws["json"], policy, snapshot, decision, snapshot_class, decision_class, text)
        broken = broken_laws(snapshot, decision, rules)
        laws["filters and units"].keep(not broken, f"{broken[:1]}: {text:.200} for {before:.300}")
        mixed = shuffled(snapshot, number)
        other = text_of(policy, mixed)
        laws["ignores listing order"].keep(other == text, f"{text:.200} became {other:.200}")
        if not any(law.startswith(READABLE) for law in broken):
            _bound(laws["exact bound"], family, snapshot, decision)
    if refused:
        laws["total"].note = f"{refused} refused with a PolicyError, as it may on {MAY_REFUSE[family]}"
    fresh = make() if elsewhere else _InTime(make(), limit_s)
    for number, snapshot, text in reversed(answers):  # another instance, another order: memory and clocks show
        other = text_of(fresh, snapshot)
        laws["deterministic"].keep(
            other == text and text_of(policy, snapshot) == text,
            f"snapshot {number}: {text:.200}, asked again {other:.200}",
        )
    if again is not None and answers and not elsewhere:
        for seed in SEEDS:
            there = again([number for number, _, _ in answers], seed)
            for number, _, text in answers:
                other = there.get(number, there.get(-1, ""))
                laws["deterministic"].keep(
                    other == text,
                    f"snapshot {number}: {text:.200}, in another process (PYTHONHASHSEED={seed}) {other:.200}",
                )
    used_ms.sort()
    if used_ms:
        median, most = used_ms[len(used_ms) // 2], used_ms[int(0.95 * (len(used_ms) - 1))]
        laws["time"].note = f"median {median:.3f} ms, 95th percentile {most:.3f} ms, allowed {slow_ms:g} ms"
        laws["time"].keep(median <= slow_ms, laws["time"].note)


@dataclass(frozen=True, slots=True)
class _InTime:
    """A policy that is waited for so long and no longer."""

    policy: Any
    limit_s: float

    def __call__(self, snapshot: Any) -> Any:
        with patient(self.limit_s):
            return self.policy(snapshot)


def _asked(policy: Any, snapshot: Any, decision_class: type[Any]) -> tuple[Any, str, list[str]]:
    """The decision, what is wrong with it ("" if nothing), and what the policy did besides."""
    decision, fault = None, ""
    with listening() as told:
        try:
            decision = policy(snapshot)
        except POLICY_FAULTS as error:  # a policy under test may fail in any way
            fault = f"{type(error).__name__}: {error}"
    if not fault and not isinstance(decision, decision_class):
        fault = f"answers {type(decision).__name__}: {decision!r:.120}"
    return decision, fault, list(dict.fromkeys(told))


def rules_held(family: str, policy: Any) -> Rules | None:
    """By which rules a policy is held to its filters: its own, else the family's defaults; of a chain, or of one that
    runs elsewhere, nobody knows."""
    policy = getattr(policy, "policy", policy)
    if isinstance(policy, Remote) or hasattr(policy, "entries"):
        return None
    own, of_family = getattr(policy, "rules", None), register(family).rules
    return own if isinstance(own, of_family) else of_family()


def may_refuse(family: str, snapshot: Any) -> bool:
    """Whether a rule of the family may say that this is not for it."""
    if family != "routing":
        return False
    plan = snapshot.plan
    return plan is None or not plan.both_ways or snapshot.start != snapshot.end


def _written(record: Any) -> str:
    """The canonical JSON, or why there is none."""
    try:
        return canonical(record)
    except (PolicyError, TypeError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


def _json(
    law: Law, policy: Any, snapshot: Any, decision: Any, snapshot_class: type[Any], decision_class: type[Any], text: str
) -> None:
    try:
        same = from_json(snapshot_class, to_json(snapshot)) == snapshot
        back = from_json(decision_class, to_json(decision)) == decision
        again = text_of(policy, from_json(snapshot_class, to_json(snapshot))) == text
    except PolicyError as error:
        law.keep(False, str(error))
        return
    law.keep(same and back and again, f"another record comes back from JSON: {text:.200}")


def _bound(law: Law, family: str, snapshot: Any, decision: Any) -> None:
    if family == "routing":
        from twin.policies.routing import ROUTING

        best = ROUTING["optimal"]()(snapshot)
        if best.exact:
            told = decision.length_mm == best.length_mm if decision.exact else decision.length_mm >= best.length_mm
            claim = ", said to be exact" if decision.exact else ""
            law.keep(told, f"{decision.length_mm} mm{claim}, proven shortest is {best.length_mm} mm")
    elif family == "allocation":
        from twin.policies.stock_filters import available

        most = sum([max(0, available(row)) for row in snapshot.stock])
        reserved = sum([r.units for r in decision.reservations])
        law.keep(reserved <= most, f"{reserved} units reserved of {most} that are free")
    else:
        law.note = "no exact bound is known for this family"
