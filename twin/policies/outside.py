"""Policies that are not ours: somebody's class, function or instance made a policy, and the hash of its source."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_type_hints

from twin.policies.shape import PolicyError, Rules
from twin.policies.snapshots import from_json

Checked = Callable[[Mapping[str, Any], str], Rules]


def made(
    found: Any, rules: Mapping[str, Any] | Rules | None, where: str, *, family_rules: type[Rules], check: Checked,
    beside: Mapping[str, Any] | None = None, strict: bool = False,
) -> Any:  # fmt: skip
    """An instance of a class, with its rules; a function or an instance is used as it is.

    check: reads rules of the family; beside: rules for a class that takes the family's, where none are given; strict:
    rules for something that takes none are a fault.
    """
    wanted = _rules_of(found) if isinstance(found, type) else None
    if wanted is None:
        if strict and rules:
            raise PolicyError(f"{where}.rules: {_called(found)} takes no rules")
        if not isinstance(found, type):
            if not callable(found):
                raise PolicyError(f"{where}: {type(found).__name__} cannot be called with a snapshot")
            return found
    given: dict[str, Any] = {}
    if wanted is family_rules and not isinstance(rules, Rules):
        rules = {**(beside or {}), **(rules or {})}
    if wanted is not None and rules:
        of_family = issubclass(family_rules, wanted) or wanted is Rules
        given["rules"] = (
            rules
            if isinstance(rules, Rules)
            else check(rules, f"{where}.rules")
            if of_family
            else from_json(wanted, dict(rules), f"{where}.rules")
        )
    try:
        policy = found(**given)
    except Exception as error:  # the class is the user's
        raise PolicyError(f"{where}: cannot be made: {type(error).__name__}: {error}") from error
    if not callable(policy):
        raise PolicyError(f"{where}: has no __call__(snapshot)")
    return policy


def _rules_of(found: type[Any]) -> type[Any] | None:
    """The record of rules that a class takes, by its field or by its constructor; None if it takes none."""
    for told in (found, found.__init__):
        try:
            wanted = get_type_hints(told).get("rules")
        except (NameError, TypeError):
            continue
        if isinstance(wanted, type) and is_dataclass(wanted):
            return wanted
    return None


def _called(found: Any) -> str:
    return str(getattr(found, "__qualname__", type(found).__name__))


def source_sha256(policy: object) -> str:
    """The hash of the file that holds the policy; "" if there is none."""
    held = policy if inspect.isfunction(policy) else type(policy)
    try:
        file = inspect.getsourcefile(held)
        return sha256(Path(file).read_bytes()).hexdigest() if file else ""
    except (TypeError, OSError):
        return ""
