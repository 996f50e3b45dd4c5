"""`twin policy list|show|check|test|serve`."""

from __future__ import annotations

import inspect
import json as jsonlib
import sys
from collections.abc import Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from twin.domain.errors import PolicyError, SpecError


def family_and_target(text: str) -> tuple[str, str]:
    """`FAMILY=NAME`, `FAMILY=module:Class` or `FAMILY=http://...`."""
    family, equals, target = text.partition("=")
    if not equals or not family or not target:
        raise SpecError(f"{text}: write FAMILY=NAME, for example allocation=fefo")
    return family, target


def rules_of(given: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` options, values read as in YAML; a value in brackets is a list."""
    from twin.spec.plain_yaml import read_text

    found: dict[str, Any] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise SpecError(f"--rule {one}: KEY=VALUE is needed")
        found[key] = read_text(value, f"--rule {key}").plain()
    return found


def first_sentence(policy: Any) -> str:
    """What a policy says of itself."""
    return (inspect.getdoc(policy) or "").split("\n\n")[0].replace("\n", " ")


def list_command(*, json: bool) -> None:
    """All families and their policies, our own and installed."""
    from twin.policies.named import ASKED, FAMILIES, entry_point_faults, from_package
    from twin.policies.owner_chains import CHAINS

    rows: list[dict[str, Any]] = []
    for family, register in FAMILIES.items():
        for name in dict.fromkeys([*register.classes, *register.installed]):
            try:
                says = first_sentence(register.known(name))
            except PolicyError as error:  # somebody else's package: the others are listed all the same
                says = str(error)
            ours = name in register.classes
            rows.append({
                "family": family, "name": name, "default": name == register.default,
                "asked_by_the_wms": family in ASKED,
                "from": "twin" if ours else from_package(register.installed[name]), "says": says,
            })  # fmt: skip
    for fault in entry_point_faults():
        print(fault, file=sys.stderr)
    if json:
        print(jsonlib.dumps({"schema": "twin.policy-list/1", "policies": rows}, ensure_ascii=False, indent=2))
        return
    family = ""
    for row in rows:
        if row["family"] != family:
            family = row["family"]
            lists = "  (a list is a chain)" if family in CHAINS else ""
            print(f"{family}" + (lists if row["asked_by_the_wms"] else "  (decisions only: no flow asks it yet)"))
        print(f"  {row['name']:<22}{'*' if row['default'] else ' '} {row['says']}")
    print("* the family's default. More on one: twin policy show FAMILY=NAME")


def chain_in_words(family: str) -> str:
    """Whether a list of a family's policies is a chain, and by what its entries may be limited."""
    from twin.policies.owner_chains import CHAINS, LIMITS, WHY_NOT

    if family not in CHAINS:
        return f"no list: {WHY_NOT.get(family, 'the floor asks it nothing yet')}"
    limits = " and ".join(LIMITS[family])
    return f"a list; entries may be limited by {limits}" if limits else "a list; its entries are asked in turn"


def show_command(target: str, *, json: bool) -> None:
    """One policy or family: what it is asked, its rules with their defaults, what it answers."""
    from twin.policies.named import ASKED, FAMILIES, register
    from twin.policies.snapshots import did_you_mean

    family, _, name = target.partition("=")
    if not name and family not in FAMILIES:
        name = target
        homes = [f for f, found in FAMILIES.items() if name in found.classes or name in found.installed]
        if not homes:
            known = [*FAMILIES, *[n for found in FAMILIES.values() for n in found.classes]]
            raise PolicyError(f"{target}: no such family or policy; {did_you_mean(target, known)}")
        if len(homes) > 1:
            raise PolicyError(f"{target}: several families have it: {', '.join([f'{f}={name}' for f in homes])}")
        family = homes[0]
    found = register(family)
    name = name or found.default
    if name not in found.classes and name not in found.installed:
        raise PolicyError(f"{target}: unknown policy; {did_you_mean(name, [*found.classes, *found.installed])}")
    rules = found.rules()
    answer = {
        "schema": "twin.policy/1", "family": family, "name": name, "default": found.default,
        "asked_by_the_wms": family in ASKED, "says": inspect.getdoc(found.known(name)) or "",
        "snapshot": _fields(found.snapshot), "decision": _fields(found.decision),
        "rules": {field.name: _plain(getattr(rules, field.name)) for field in fields(rules)},
        "chain": chain_in_words(family), "docs": f"docs/policies/{family}.md",
    }  # fmt: skip
    if json:
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2))
        return
    print(f"{family}={name}\n\n{answer['says']}\n")
    for part in ("snapshot", "decision"):
        print(f"{part}: {getattr(found, part).__name__}")
        for field_name, kind in _fields(getattr(found, part)).items():
            print(f"  {field_name:<24}{kind}")
    print("rules and their defaults:")
    for key, value in _fields_of_rules(rules).items():
        print(f"  {key:<24}{value!r}")
    print(f"chain: {answer['chain']}")
    print(f"others of {family}: {', '.join([n for n in found.classes if n != name])}")


def _fields(cls: type[Any]) -> dict[str, str]:
    optional = {f.name for f in fields(cls) if f.default is not MISSING or f.default_factory is not MISSING}
    return {f.name: f"{f.type}{' (may be left out)' if f.name in optional else ''}" for f in fields(cls)}


def _fields_of_rules(rules: Any) -> dict[str, Any]:
    return {field.name: getattr(rules, field.name) for field in fields(rules)}


def _plain(value: Any) -> Any:
    from twin.policies.snapshots import to_json

    return to_json(value)


def test_command(file: Path, own: Sequence[str], to_junit: Path | None, *, json: bool) -> int:
    """Run a table of cases; exit code 1 if one fails. `own`: FAMILY=TARGET that stands in for the file's policy."""
    from twin.policies.snapshots import to_json
    from twin.run.cases import junit, read_cases, tried
    from twin.run.foreign import policy_of

    instead = dict([family_and_target(text) for text in own])
    outcomes = []
    for case in read_cases(file, instead):
        policy, _ = policy_of(case.family, case.policy, case.rules)
        outcomes.append(tried(case, policy))
    failed = [outcome for outcome in outcomes if outcome.faults]
    if to_junit is not None:
        from twin.events.whole_file import whole_file

        with whole_file(to_junit) as part:
            part.write_text(junit(outcomes, str(file)), encoding="utf-8")
    if json:
        rows = [
            {
                "name": o.case.name, "policy": f"{o.case.family}={o.case.policy}", "passed": not o.faults,
                "faults": list(o.faults), "decision": None if o.decision is None else to_json(o.decision),
            }
            for o in outcomes
        ]  # fmt: skip
        print(jsonlib.dumps({"schema": "twin.policy-test/1", "cases": rows, "failed": len(failed)}, ensure_ascii=False))
    else:
        for outcome in outcomes:
            case = outcome.case
            print(f"{'FAILED' if outcome.faults else 'passed'}  {case.family}={case.policy}: {case.name}")
            for fault in outcome.faults:
                print(f"        {fault}")
        print(f"{len(outcomes)} cases, {len(failed)} failed")
    return 1 if failed else 0


def check_command(target: str, rules: Sequence[str], snapshots: int, slow_ms: float, *, json: bool) -> int:
    """Put a policy to the conformance laws; exit code 1 if it breaks one."""
    from contextlib import redirect_stdout

    from twin.run.asked_elsewhere import asked_again
    from twin.run.conformance import MEANING, check
    from twin.run.deeds import watched_modules
    from twin.run.foreign import policy_of

    family, name = family_and_target(target)
    given = rules_of(rules)
    with watched_modules(), redirect_stdout(sys.stderr):  # what a policy prints is not part of the verdict
        policy_of(family, name, given)
        verdict = check(
            family, name, lambda: policy_of(family, name, given)[0], snapshots, slow_ms,
            lambda numbers, seed: asked_again(family, name, given, numbers, seed),
        )  # fmt: skip
    if json:
        laws = [
            {
                "law": law.name, "means": MEANING[law.name], "asked": law.asked, "broken": law.broken,
                "first": law.first or None, "note": law.note or None,
            }
            for law in verdict.laws.values()
        ]  # fmt: skip
        print(
            jsonlib.dumps(
                {
                    "schema": "twin.policy-check/1",
                    "family": family,
                    "policy": name,
                    "conforms": verdict.conforms,
                    "laws": laws,
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return 0 if verdict.conforms else 1
    print(f"{family}={name}, {snapshots} drawn snapshots")
    for law in verdict.laws.values():
        mark = "BROKEN" if law.broken else ("kept" if law.asked else "-")
        print(f"  {mark:<8}{law.name:<24}{MEANING[law.name]}")
        if law.broken:
            print(f"          {law.broken} of {law.asked}; first: {law.first}")
        elif law.note:
            print(f"          {law.note}")
    print("conforms" if verdict.conforms else "does not conform")
    return 0 if verdict.conforms else 1


def serve_command(
    own: Sequence[str],
    shadow: Sequence[str],
    host: str,
    port: int,
    ledger: Path | None,
    max_bytes: int,
    timeout_s: float,
) -> None:
    """Serve policies over HTTP until stopped."""
    import os

    try:
        from twin.run.policy_server import Serving, serve
    except ImportError as error:
        raise SpecError(
            f"twin policy serve needs the serve extra ({error.name}): pip install 'warehouse-twin[serve]'"
        ) from None
    serve(
        Serving(
            own=[family_and_target(text) for text in own],
            shadow=dict([family_and_target(text) for text in shadow]),
            ledger=ledger, token=os.environ.get("TWIN_POLICY_TOKEN") or None, max_bytes=max_bytes, timeout_s=timeout_s,
        ),
        host, port,
    )  # fmt: skip
