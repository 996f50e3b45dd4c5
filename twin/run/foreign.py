"""Policies that are not in the registers: a user's own class, an installed entry point, one that answers over HTTP.

They come by the command line or the Python argument, entry points also by name; never from a file.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from twin.domain.errors import PolicyError
from twin.policies.named import checked_rules, reference, register
from twin.policies.outside import made, source_sha256
from twin.policies.shape import POLICY_FAULTS, PolicyRef
from twin.policies.snapshots import canonical, from_json, to_json
from twin.wms.policies import PolicyInUse

CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Foreign:
    """A policy from outside, how it is named on record, and the hash of its source ("" if it has none here)."""

    policy: Any
    ref: PolicyRef
    source_sha256: str
    candidates_max: int

    def in_use(self) -> PolicyInUse:
        """As the WMS asks it."""
        return PolicyInUse(self.ref, self.policy, self.candidates_max)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A user's policy whose answers are read part by part, as JSON would bring them, before the book sees them."""

    policy: Any
    decision: type[Any]
    name: str

    def __call__(self, snapshot: Any, /) -> Any:
        """The decision; PolicyError if it is none of the family's, or made of other parts than its record says."""
        answer = self.policy(snapshot)
        if not isinstance(answer, self.decision):
            raise PolicyError(
                f"{self.name}: {self.decision.__name__} is needed, got {type(answer).__name__} at {snapshot.now_ms} ms"
            )
        try:
            return from_json(self.decision, to_json(answer))
        except PolicyError as error:
            raise PolicyError(f"{self.name} at {snapshot.now_ms} ms: {error}") from None


def is_foreign(target: object) -> bool:
    """Whether a policy comes from outside: an object, `module:Class`, or an address; a list of names does not."""
    return not isinstance(target, str) or (":" in target and not is_chain(target))


def is_chain(target: str) -> bool:
    """Whether a command line writes a list, as a scenario would: `[fixed_face_first, {name: fefo, owners: [acme]}]`."""
    return target.lstrip().startswith("[")


def chain_form(family: str, target: str) -> Any:
    """The list that a command line writes, as plain words and mappings."""
    from twin.spec.plain_yaml import read_text

    return read_text(target, f"--policy {family}={target}").plain()


def foreign(
    family: str, target: object, rules: Mapping[str, Any] | None = None, where: str = "",
    of_family: Mapping[str, Any] | None = None,
) -> Foreign:  # fmt: skip
    """The policy behind an object, `module:Class` or `http://...`; PolicyError says what to mend.

    of_family: rules beside those given, for a policy that takes the family's own.
    """
    where = where or f"--policy {family}"
    register(family)
    if isinstance(target, str) and target.startswith(("http://", "https://")):
        from twin.run.remote import remote

        policy, ref, most = remote(family, target, {**(of_family or {}), **(rules or {})})
        return Foreign(policy, ref, "", most)
    name = target if isinstance(target, str) else _name_of(target)
    found = loaded(target, f"{where}={target}") if isinstance(target, str) else target
    policy = made(
        found, rules, f"{where}={name}", family_rules=register(family).rules,
        check=lambda given, at: checked_rules(family, given, at), beside=of_family,
    )  # fmt: skip
    source = source_sha256(policy)
    own: Any = getattr(policy, "rules", None)
    text = canonical(own) if is_dataclass(own) else ""
    ref = PolicyRef(
        family=family, name=name, version=f"source:{source[:16]}", rules_digest=sha256(text.encode()).hexdigest()[:16]
    )
    answers = Guarded(policy, register(family).decision, f"{family}={name}")
    return Foreign(answers, ref, source, int(getattr(own, "candidates_max", CANDIDATES)))


def loaded(target: str, where: str) -> Any:
    """What stands at `package.module:Name`; the current folder counts as installed."""
    module, _, attribute = target.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = import_module(module)
    except ImportError as error:
        raise PolicyError(
            f"{where}: {module} cannot be imported: {error}; is it installed, or in this folder?"
        ) from None
    except POLICY_FAULTS as error:  # the module is the user's: whatever it raises is his to read
        raise PolicyError(f"{where}: {module} fails when it is imported: {type(error).__name__}: {error}") from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            own = [n for n, x in vars(found).items() if callable(x) and getattr(x, "__module__", "") == module]
            listed = ", ".join(sorted([n for n in own if not n.startswith("_")])[:10])
            raise PolicyError(f"{where}: {module} has no {attribute}; it has {listed or 'no policy of its own'}")
        found = getattr(found, part)
    return found


def _name_of(policy: object) -> str:
    cls = policy if isinstance(policy, type) or inspect.isfunction(policy) else type(policy)
    return f"{cls.__module__}:{cls.__qualname__}"


def policy_of(family: str, target: str, rules: Mapping[str, Any] | None = None) -> tuple[Any, PolicyRef]:
    """A policy as the command line names it, registered, a chain (`[fifo, fefo]`) or from outside; and its record."""
    from twin.policies.named import chain, named

    if is_chain(target):
        if rules:
            raise PolicyError(f"--policy {family}={target}: the rules of a chain stand in its entries")
        chained = chain(family, chain_form(family, target))
        return chained, reference(chained, family)
    if is_foreign(target):
        found = foreign(family, target, rules)
        return found.policy, found.ref
    policy = named(family, target, rules, where=f"--policy {family}={target}")
    return policy, reference(policy, family)
