"""Policies by name: the only way from a scenario file to a rule. Names and parameters, never import paths."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any

from twin import __version__
from twin.policies.chains import ChainEntry
from twin.policies.outside import made, source_sha256
from twin.policies.owner_chains import CHAINS, LAST_SERVES_ALL, LIMITS, WHY_NOT, Chain
from twin.policies.registers import (
    ASKED,
    FAMILIES,
    LOADED,
    WITHOUT_FLOW,
    Register,
    entry_point_faults,
    from_package,
    installed,
    register,
    rules_class,
)
from twin.policies.shape import Policy, PolicyError, PolicyRef, Rules
from twin.policies.snapshots import UNLIMITED, canonical, did_you_mean, from_json

__all__ = [
    "ASKED", "FAMILIES", "LOADED", "WITHOUT_FLOW", "AnyPolicy", "Register", "chain", "checked_rules",
    "entry_point_faults", "from_package", "installed", "name_of", "named", "reference", "register", "rules_class",
]  # fmt: skip

AnyPolicy = Policy[Any, Any]


ENTRY_KEYS = ("name", "rules", "zones", "owners")


def named(family: str, name: str, rules: Mapping[str, Any] | Rules | None = None, where: str = "") -> AnyPolicy:
    """The policy of this name with these rules; a mapping is checked key by key, all faults at once."""
    where = where or f"policies.{family}"
    of_family = register(family)
    if name not in of_family.classes and name not in of_family.installed:
        known = [*of_family.classes, *of_family.installed]
        raise PolicyError(f"{where}: unknown policy {name!r}; {did_you_mean(str(name), known)}")
    if name not in of_family.classes:
        return _installed_policy(family, name, rules, where)
    checked = rules if isinstance(rules, Rules) else checked_rules(family, rules or {}, f"{where}.rules")
    if not isinstance(checked, of_family.rules):
        raise PolicyError(f"{where}.rules: {of_family.rules.__name__} is needed, got {type(checked).__name__}")
    policy: AnyPolicy = of_family.classes[name](rules=checked)
    return policy


def _installed_policy(family: str, name: str, rules: Mapping[str, Any] | Rules | None, where: str) -> AnyPolicy:
    """A policy of an installed package, with its rules if it takes some."""
    of_family = register(family)
    try:
        found = of_family.known(name)
    except PolicyError as error:
        raise PolicyError(f"{where}: {error}") from None
    policy: AnyPolicy = made(
        found, rules, f"{where}={name}", family_rules=of_family.rules, strict=True,
        check=lambda given, at: checked_rules(family, given, at),
    )  # fmt: skip
    return policy


CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00")
NO_CLOCK = "a time of day is needed, HH:MM or HH:MM:SS"
UNLIMITED_COUNTS = {"candidates_max": 0, "max_moves": 1_000_000_000, "max_splits": 1_000_000_000}
"""What `unlimited` means in rules that count; bounds of a search must be numbers."""


def checked_rules(family: str, rules: Mapping[str, Any], where: str) -> Rules:
    """Rules from a mapping: known keys, right types, no negative numbers; a count may be `unlimited`."""
    if not isinstance(rules, Mapping):
        raise PolicyError(f"{where}: a mapping is needed, got {rules!r}")
    given = dict(rules)
    given |= {key: most for key, most in UNLIMITED_COUNTS.items() if given.get(key) == UNLIMITED}
    checked = from_json(rules_class(family), given, where)
    faults: list[str] = []
    for field in fields(checked):
        value = getattr(checked, field.name)
        faults += [
            f"{where}.{field.name}: must be >= 0 and finite, got {number}"
            for number in (value if isinstance(value, tuple) else (value,))
            if isinstance(number, int | float) and not (number >= 0 and math.isfinite(number))
        ]
        if field.name in FAMILIES and value not in (names := register(field.name).classes):
            faults.append(f"{where}.{field.name}: unknown policy {value!r}; {did_you_mean(str(value), list(names))}")
        if field.name == "speed_m_per_s" and value == 0:
            faults.append(f"{where}.{field.name}: must be > 0, got 0")
        if field.name == "feed_at":
            faults += [f"{where}.feed_at[{i}]: {NO_CLOCK}, got {at!r}" for i, at in enumerate(value) if not _clock(at)]
        if field.name == "waves":
            faults += _wave_faults(value, f"{where}.waves")
    if faults:
        raise PolicyError("\n".join(faults))
    return checked


def _clock(text: str) -> bool:
    return CLOCK.fullmatch(text) is not None


def _wave_faults(waves: Sequence[tuple[str, str, int]], where: str) -> Iterator[str]:
    """What is wrong with (name, closes at, most lines) of waves."""
    for i, (_, closes, most) in enumerate(waves):
        if not _clock(closes):
            yield f"{where}[{i}][1]: {NO_CLOCK}, got {closes!r}"
        if most < 0:
            yield f"{where}[{i}][2]: must be >= 0 (0: any number), got {most}"


def chain(family: str, form: object = None) -> AnyPolicy | Chain:
    """The policy of a family as a scenario writes it.

    A name; a mapping of name, rules, zones and owners; a list of both, in which each entry gets what the former left;
    None: the family's default. All faults at once.
    """
    of_family = register(family)
    if form is None:
        form = of_family.default
    forms = list(form) if isinstance(form, Sequence) and not isinstance(form, str) else [form]
    if not forms:
        raise PolicyError(f"policies.{family}: the list is empty; name at least one policy")
    entries: list[ChainEntry] = []
    faults: list[str] = []
    for turn, one in enumerate(forms):
        where = f"policies.{family}" if len(forms) == 1 else f"policies.{family}[{turn}]"
        try:
            entries.append(_entry(family, one, where))
        except PolicyError as fault:
            faults.append(str(fault))
    if faults:
        raise PolicyError("\n".join(faults))
    if len(entries) == 1 and not entries[0].zones and not entries[0].owners:
        return entries[0].policy
    _chain_is_sound(family, entries)
    return CHAINS[family](entries=tuple(entries))


def _chain_is_sound(family: str, entries: Sequence[ChainEntry]) -> None:
    """PolicyError where a chain, or what limits its entries, has no meaning in the family."""
    if family not in CHAINS:
        why = WHY_NOT.get(family, "the floor asks it nothing")
        raise PolicyError(
            f"policies.{family}: one policy without zones and owners is needed ({why}); chains are for "
            f"{', '.join(CHAINS)}"
        )
    for turn, entry in enumerate(entries):
        for limit in ("zones", "owners"):
            if getattr(entry, limit) and limit not in LIMITS[family]:
                allowed = ", ".join(LIMITS[family]) or "nothing: its entries are asked in turn"
                raise PolicyError(f"policies.{family}[{turn}].{limit}: entries may be limited by {allowed}")
    if family in LAST_SERVES_ALL and entries[-1].owners:
        raise PolicyError(
            f"policies.{family}: the last entry serves whoever is left: leave out its owners, or add an entry without"
        )


def _entry(family: str, form: object, where: str) -> ChainEntry:
    name = form if isinstance(form, str) else form.get("name") if isinstance(form, Mapping) else None
    if (family, name) in WITHOUT_FLOW:
        raise PolicyError(f"{where}: {name} decides, but {WITHOUT_FLOW[family, str(name)]}; try it with twin decide")
    if isinstance(form, str):
        return ChainEntry(name=form, policy=named(family, form, where=where))
    if not isinstance(form, Mapping):
        raise PolicyError(f"{where}: a name, a mapping or a list of those is needed, got {form!r}")
    faults = [
        f"{where}.{key}: unknown; {did_you_mean(str(key), list(ENTRY_KEYS))}" for key in form if key not in ENTRY_KEYS
    ]
    if not isinstance(form.get("name"), str):
        faults.append(f"{where}.name: the name of a policy is needed, got {form.get('name')!r}")
    for key in ("zones", "owners"):
        names = form.get(key, [])
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            faults.append(f"{where}.{key}: a list of names is needed, got {names!r}")
    if faults:
        raise PolicyError("\n".join(faults))
    return ChainEntry(
        name=form["name"],
        policy=named(family, form["name"], form.get("rules"), where),
        zones=frozenset(form.get("zones", ())),
        owners=frozenset(form.get("owners", ())),
    )


def name_of(policy: AnyPolicy | Chain, family: str) -> str:
    """The registered name, or the names of a chain in order."""
    if isinstance(policy, Chain):
        return " > ".join([entry.name for entry in policy.entries])
    of_family = register(family)
    known: dict[str, Any] = of_family.classes | LOADED.get(of_family.module, {})
    return next(
        (name for name, found in known.items() if type(policy) is found or policy is found), type(policy).__name__
    )


def reference(policy: AnyPolicy | Chain, family: str, name: str | None = None) -> PolicyRef:
    """Which rule decides, for the record of every decision; the digest is of the rules' canonical JSON."""
    return PolicyRef(
        family=family,
        name=name_of(policy, family) if name is None else name,
        version=_version(policy, family),
        rules_digest=sha256(_rules_text(policy).encode()).hexdigest()[:16],
    )


def _version(policy: AnyPolicy | Chain, family: str) -> str:
    """Ours, or where a policy of an installed package decides the hash of its source."""
    links = [entry.policy for entry in policy.entries] if isinstance(policy, Chain) else [policy]
    ours = register(family).classes.values()
    hashes = [source_sha256(link)[:16] for link in links if type(link) not in ours]
    return f"source:{'+'.join(hashes)}" if hashes else __version__


def _rules_text(policy: AnyPolicy | Chain) -> str:
    if isinstance(policy, Chain):
        return "|".join(
            [
                f"{entry.name} {canonical(entry.zones)} {canonical(entry.owners)} {_rules_text(entry.policy)}"
                for entry in policy.entries
            ]
        )
    return canonical(getattr(policy, "rules", ()))
