"""The public conformance laws of a policy, own or foreign, with a readable verdict.

A law counts its questions and keeps its first counterexample. What a policy may not do (read the clock, draw, open a
file or a socket) is watched while it decides.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from twin.policies.laws import broken_laws
from twin.policies.named import register
from twin.policies.shape import PolicyError
from twin.policies.snapshots import canonical, from_json, to_json
from twin.run.drawn_snapshots import drawn, shuffled
from twin.run.remote import Remote

SNAPSHOTS = 200
SLOW_MS = 100.0
CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time")
DRAWS = ("random", "randint", "randrange", "choice", "shuffle", "uniform", "sample", "gauss", "getrandbits")
WATCHED_AUDITS = (
    "open",
    "socket.connect",
    "socket.bind",
    "subprocess.Popen",
    "os.system",
    "sqlite3.connect",
    "os.remove",
)
MEANING = {
    "total": "answers every snapshot with the family's decision",
    "pure": "reads no clock, draws no random number, opens nothing, leaves the snapshot as it was",
    "deterministic": "the same snapshot, the same decision, whatever was asked before",
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


class _Watch:
    """What a policy does besides deciding. Its audit hook stays for the process, and sleeps when nothing is watched."""

    def __init__(self) -> None:
        self.on = False
        self.deeds: list[str] = []
        self.hooked = False

    def hook(self) -> None:
        if not self.hooked:
            sys.addaudithook(self._heard)
            self.hooked = True

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if self.on and event in WATCHED_AUDITS:
            subject = given[0] if given else ""
            if event == "open" and str(subject).endswith((".py", ".pyc", ".so")):
                return  # an import that waits until it is needed
            self.deeds.append(f"{event} {subject!r:.60}")


_WATCH = _Watch()


def _telling(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any, **named: Any) -> Any:
        if _WATCH.on:
            _WATCH.deeds.append(name)
        return real(*given, **named)

    return told


@contextmanager
def watched_modules() -> Iterator[None]:
    """While it is open, calls of clocks and generators are told; open it before the policy is imported."""
    _WATCH.hook()
    kept: list[tuple[Any, str, Any]] = []
    for module, names in ((time, CLOCKS), (random, DRAWS), (np.random, (*DRAWS, "rand", "default_rng"))):
        for name in names:
            real = getattr(module, name, None)
            if real is not None:
                kept.append((module, name, real))
                setattr(module, name, _telling(f"{module.__name__}.{name}", real))
    try:
        yield
    finally:
        for module, name, real in kept:
            setattr(module, name, real)


_REAL_CLOCK = time.perf_counter


def check(
    family: str, name: str, make: Callable[[], Any], snapshots: int = SNAPSHOTS, slow_ms: float = SLOW_MS
) -> Verdict:
    """Put the policy to all laws. make: a fresh instance, so that memory shows."""
    verdict = Verdict(family, name)
    laws = verdict.laws
    decision_class, snapshot_class = register(family).decision, register(family).snapshot
    policy = make()
    elsewhere = isinstance(getattr(policy, "policy", policy), Remote)
    if elsewhere:
        laws["pure"].note = "runs elsewhere: only the snapshot is watched"
    used_ms: list[float] = []
    answers: list[tuple[int, Any, str]] = []
    for number in range(snapshots):
        snapshot = drawn(family, number)
        before = canonical(snapshot)
        _WATCH.deeds.clear()
        _WATCH.on = True
        begun = _REAL_CLOCK()
        try:
            decision = policy(snapshot)
            fault = (
                "" if isinstance(decision, decision_class) else f"answers {type(decision).__name__}: {decision!r:.120}"
            )
        except PolicyError as error:
            _WATCH.on = False
            laws["total"].keep(False, f"PolicyError: {error}; snapshot {before:.300}")
            continue
        except Exception as error:  # a policy under test may fail in any way
            fault = f"{type(error).__name__}: {error}"
        finally:
            _WATCH.on = False
        used_ms.append(1000 * (_REAL_CLOCK() - begun))
        laws["total"].keep(not fault, f"{fault}; snapshot {before:.300}")
        deeds = list(dict.fromkeys(_WATCH.deeds))
        changed = canonical(snapshot) != before
        if elsewhere:
            deeds = []
        laws["pure"].keep(
            not deeds and not changed,
            ", ".join(deeds) if deeds else "the snapshot is another afterwards",
        )
        if fault:
            continue
        try:
            text = canonical(decision)
        except PolicyError as error:
            laws["json"].keep(False, str(error))
            continue
        answers.append((number, snapshot, text))
        _json(laws["json"], policy, snapshot, decision, snapshot_class, decision_class, text)
        broken = broken_laws(snapshot, decision)
        laws["filters and units"].keep(not broken, f"{broken[:1]}: {text:.200} for {before:.300}")
        mixed = shuffled(snapshot, number)
        other = _text(policy, mixed)
        laws["ignores listing order"].keep(other == text, f"{text:.200} became {other:.200}")
        _bound(laws["exact bound"], family, snapshot, decision)
    fresh = make()
    for number, snapshot, text in reversed(answers):  # another instance, another order: memory and clocks show
        other = _text(fresh, snapshot)
        laws["deterministic"].keep(
            other == text and _text(policy, snapshot) == text,
            f"snapshot {number}: {text:.200}, asked again {other:.200}",
        )
    used_ms.sort()
    if used_ms:
        median, most = used_ms[len(used_ms) // 2], used_ms[int(0.95 * (len(used_ms) - 1))]
        laws["time"].note = f"median {median:.3f} ms, 95th percentile {most:.3f} ms, allowed {slow_ms:g} ms"
        laws["time"].keep(median <= slow_ms, laws["time"].note)
    return verdict


def _text(policy: Any, snapshot: Any) -> str:
    try:
        return canonical(policy(snapshot))
    except Exception as error:  # told as what it answered
        return f"{type(error).__name__}: {error}"


def _json(
    law: Law, policy: Any, snapshot: Any, decision: Any, snapshot_class: type[Any], decision_class: type[Any], text: str
) -> None:
    try:
        same = from_json(snapshot_class, to_json(snapshot)) == snapshot
        back = from_json(decision_class, to_json(decision)) == decision
        again = _text(policy, from_json(snapshot_class, to_json(snapshot))) == text
    except PolicyError as error:
        law.keep(False, str(error))
        return
    law.keep(same and back and again, f"another record comes back from JSON: {text:.200}")


def _bound(law: Law, family: str, snapshot: Any, decision: Any) -> None:
    if family == "routing":
        from twin.policies.routing import ROUTING

        best = ROUTING["optimal"]()(snapshot)
        if best.exact:
            law.keep(
                decision.length_mm >= best.length_mm,
                f"{decision.length_mm} mm, proven shortest is {best.length_mm} mm",
            )
    elif family == "allocation":
        from twin.policies.stock_filters import available

        most = sum([max(0, available(row)) for row in snapshot.stock])
        reserved = sum([r.units for r in decision.reservations])
        law.keep(reserved <= most, f"{reserved} units reserved of {most} that are free")
    else:
        law.note = "no exact bound is known for this family"
