"""Tables of given and expected for policies: what a rule must decide, written by the people who know.

A case gives of the snapshot what matters; the rest is filled in: 0, "", nothing, the first word of a choice. It expects
what matters of the decision: a mapping is compared key by key, a list entry by entry.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from twin.domain.errors import PolicyError, SpecError
from twin.policies.laws import broken_laws
from twin.policies.named import register
from twin.policies.shape import POLICY_FAULTS
from twin.policies.snapshots import did_you_mean, from_json, to_json
from twin.run.foreign import is_foreign
from twin.spec.plain_yaml import read_bytes

FILE_KEYS = ("policy", "rules", "defaults", "cases", "schema")
CASE_KEYS = ("name", "policy", "rules", "given", "expect")
USUAL: dict[str, Any] = {
    "owner": "owner", "units_per_pack": 1, "whole_units_only": True, "order_multiple": 1, "fill_share": 1.0,
    "covered": True, "free_places": 1, "cart_positions": 0, "queue": "main", "max_mass_kg": 1e9, "max_volume_l": 1e9,
    "free_kg": 1e9, "free_l": 1e9, "max_kg": 1e9, "shift_ends_ms": 1 << 40, "cold_left_ms": 1 << 40,
    "latest_ms": 1 << 40,
    "cutoff_at_ms": 1 << 40, "latest_start_ms": 1 << 40, "capacity_units": 1 << 40, "max_counts": 1 << 20,
    "lane_places_free": 1, "queues": ["main"], "mass_kg": 1.0, "volume_l": 1.0,
}  # fmt: skip
"""What stands for a value that a case leaves out, where 0 or nothing would not be the usual."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the answer wanted."""

    name: str
    family: str
    policy: str
    rules: dict[str, Any]
    snapshot: Any
    expect: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case; no faults: passed."""

    case: Case
    decision: Any
    faults: tuple[str, ...]


def filled(hint: Any, given: Any, name: str = "") -> Any:
    """The value with everything that was left out filled in, as plain JSON."""
    if isinstance(hint, NewType):
        return filled(hint.__supertype__, given, name)
    if isinstance(hint, type) and is_dataclass(hint):
        if given is not MISSING and not isinstance(given, Mapping):
            return given
        hints = get_type_hints(hint)
        of: Mapping[str, Any] = {} if given is MISSING else given
        whole = dict(of)
        for field in fields(hint):
            if field.name in of:
                whole[field.name] = filled(hints[field.name], of[field.name], field.name)
            elif field.default is MISSING and field.default_factory is MISSING:
                whole[field.name] = filled(hints[field.name], USUAL.get(field.name, MISSING), field.name)
        return whole
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        some = next(part for part in parts if part is not NoneType)
        return None if given is MISSING or given is None else filled(some, given, name)
    if given is not MISSING:
        if origin is tuple and isinstance(given, list) and len(parts) == 2 and parts[1] is Ellipsis:
            return [filled(parts[0], one, name) for one in given]
        return given
    if origin is Literal:
        return parts[0]
    if origin is tuple and not (len(parts) == 2 and parts[1] is Ellipsis):
        return [filled(part, MISSING) for part in parts]
    if origin in (tuple, frozenset):
        return []
    return {bool: False, int: 0, float: 0.0, str: name}.get(hint)


def snapshot_of(family: str, given: Any, where: str) -> Any:
    """The family's snapshot from what is given of it; PolicyError tells all faults."""
    cls = register(family).snapshot
    return from_json(cls, filled(cls, given), where)


def read_cases(file: Path, instead: Mapping[str, str] | None = None) -> list[Case]:
    """The cases of a file; SpecError tells all faults at once.

    instead: family -> the policy that is tried in place of the file's. A file names policies, it never makes code load.
    """
    try:
        tree = read_bytes(file.read_bytes(), str(file)).plain()
    except OSError as error:
        raise SpecError(f"{file}: cannot be read: {error.strerror or error}") from None
    if not isinstance(tree, dict) or not isinstance(tree.get("cases"), list):
        raise SpecError(f"{file}: a mapping with a list `cases` is needed")
    if not tree["cases"]:
        raise SpecError(f"{file}: cases: the list is empty; nothing would be tried")
    faults = [
        f"{file}: {key}: unknown; {did_you_mean(str(key), list(FILE_KEYS))}" for key in tree if key not in FILE_KEYS
    ]
    if not isinstance(tree.get("rules") or {}, dict):
        raise SpecError(f"{file}: rules: a mapping is needed, got {tree['rules']!r}")
    found: list[Case] = []
    for turn, row in enumerate(tree["cases"]):
        where = f"{file}: cases[{turn}]"
        if not isinstance(row, dict):
            faults.append(f"{where}: a mapping is needed, got {row!r}")
            continue
        faults += [
            f"{where}.{key}: unknown; {did_you_mean(str(key), list(CASE_KEYS))}" for key in row if key not in CASE_KEYS
        ]
        target = str(row.get("policy", tree.get("policy", "")))
        family, equals, policy = target.partition("=")
        if not equals:
            faults.append(f"{where}.policy: FAMILY=NAME is needed, got {target!r}")
            continue
        policy = (instead or {}).get(family, policy)
        if family not in (instead or {}) and is_foreign(policy):
            faults.append(
                f"{where}.policy: {policy} is code of your own, which is never loaded from a file; give it: "
                f"--policy {target}"
            )
            continue
        if not isinstance(row.get("rules") or {}, dict):
            faults.append(f"{where}.rules: a mapping is needed, got {row['rules']!r}")
            continue
        if "expect" not in row:
            faults.append(f"{where}.expect: is missing")
            continue
        try:
            given = _with_defaults(row.get("given", {}), tree.get("defaults", {}))
            snapshot = snapshot_of(family, given, f"{where}.given")
        except PolicyError as error:
            faults += str(error).splitlines()
            continue
        rules = {**(tree.get("rules") or {}), **(row.get("rules") or {})}
        found.append(Case(str(row.get("name", f"case {turn + 1}")), family, policy, rules, snapshot, row["expect"]))
    if faults:
        raise SpecError("\n".join(faults))
    return found


def _with_defaults(given: Any, defaults: Any) -> Any:
    """The file's defaults under what the case gives: of a mapping, or of each row of a list."""
    if not isinstance(given, dict) or not isinstance(defaults, dict):
        return given
    whole = dict(given)
    for key, default in defaults.items():
        value = given.get(key)
        if isinstance(value, list) and isinstance(default, dict):
            whole[key] = [{**default, **row} if isinstance(row, dict) else row for row in value]
        elif isinstance(value, dict) and isinstance(default, dict):
            whole[key] = {**default, **value}
        elif key not in given and not isinstance(default, dict):
            whole[key] = default
    return whole


def tried(case: Case, policy: Any) -> Outcome:
    """Ask the policy and compare."""
    try:
        decision = policy(case.snapshot)
    except POLICY_FAULTS as error:  # a policy under test may fail in any way: that is an outcome
        return Outcome(case, None, (f"{type(error).__name__}: {error}",))
    faults = _differences("decision", to_json(decision), case.expect)
    faults += [f"broken law: {law}" for law in broken_laws(case.snapshot, decision)]
    return Outcome(case, decision, tuple(faults))


def _differences(where: str, got: Any, expected: Any) -> list[str]:
    if isinstance(expected, dict) and isinstance(got, dict):
        found = [
            f"{where}.{key}: no such field; {did_you_mean(str(key), list(got))}" for key in expected if key not in got
        ]
        for key in expected:
            if key in got:
                found += _differences(f"{where}.{key}", got[key], expected[key])
        return found
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return [f"{where}: {len(expected)} expected, got {len(got)}: {got}"]
        return [
            fault
            for i, (one, other) in enumerate(zip(got, expected, strict=True))
            for fault in _differences(f"{where}[{i}]", one, other)
        ]
    return [] if got == expected else [f"{where}: expected {expected!r}, got {got!r}"]


def junit(outcomes: list[Outcome], name: str) -> str:
    """The outcomes as JUnit XML, as CI servers read it."""
    failed = sum([bool(o.faults) for o in outcomes])
    suite = ET.Element("testsuite", name=name, tests=str(len(outcomes)), failures=str(failed), errors="0")
    for outcome in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=f"{outcome.case.family}.{outcome.case.policy}", name=outcome.case.name
        )
        if outcome.faults:
            ET.SubElement(case, "failure", message=outcome.faults[0]).text = "\n".join(outcome.faults)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)
