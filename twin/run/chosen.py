"""The policies a scenario names, ready to be asked; a user's own come by the command line or the Python argument."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twin.domain.errors import PolicyError
from twin.policies.named import ASKED, chain, name_of, named, reference, register
from twin.policies.snapshots import to_json
from twin.run.foreign import CANDIDATES, Guarded, chain_form, foreign, is_chain, is_foreign
from twin.spec.scenario import PoliciesSpec, PolicyEntry
from twin.wms.policies import PolicyInUse


def form_of(choice: Any) -> Any:
    """A choice of a scenario as plain words and mappings."""
    if isinstance(choice, PolicyEntry):
        return {
            "name": choice.name, "rules": choice.rules, "zones": list(choice.zones), "owners": list(choice.owners),
        }  # fmt: skip
    if isinstance(choice, tuple):
        return [form_of(x) for x in choice]
    return choice


def policies_in_use(
    spec: PoliciesSpec, overrides: Mapping[str, Any] | None = None, carrier_doors: Mapping[str, str] | None = None
) -> dict[str, PolicyInUse]:
    """One policy per family; `overrides`: family -> name, `module:Class`, address or object; the rules are kept."""
    chosen = {}
    for family in overrides or {}:
        register(family)
        if family not in ASKED:
            raise PolicyError(f"--policy {family}: the floor has no flow that asks it yet; try it with twin decide")
    for family in ASKED:
        form = form_of(getattr(spec, family))
        name = (overrides or {}).get(family)
        if name is not None and is_foreign(name):
            rules_given = form.get("rules") if isinstance(form, dict) else None
            chosen[family] = foreign(family, name, rules_given).in_use()
            continue
        if name is not None and is_chain(name):
            form = chain_form(family, name)
        elif name is not None:
            form = {**form, "name": name} if isinstance(form, dict) else name
        policy: Any = chain(family, form)
        rules: Any = getattr(policy, "rules", None)
        if family == "dock_assignment" and carrier_doors and not getattr(rules, "fixed", True):
            rules = replace(rules, fixed=tuple(sorted(carrier_doors.items())))
            policy = named(family, reference(policy, family).name, rules)
        chosen[family] = PolicyInUse(reference(policy, family), guarded(family, policy), candidates_of(policy))
    return chosen


def guarded(family: str, policy: Any) -> Any:
    """A policy of an installed package is looked at as any other that is not ours."""
    ours = hasattr(policy, "entries") or type(policy) in register(family).classes.values()
    return policy if ours else Guarded(policy, register(family).decision, f"{family}={name_of(policy, family)}")


def candidates_of(policy: Any) -> int:
    """Rows that a policy wants to see at most, 0 for unlimited: of a chain what its hungriest entry wants."""
    links = [entry.policy for entry in getattr(policy, "entries", ())] or [policy]
    wanted = [int(getattr(getattr(link, "rules", None), "candidates_max", CANDIDATES)) for link in links]
    return 0 if 0 in wanted else max(wanted)


def written(policy: Any, family: str) -> tuple[str, dict[str, Any]]:
    """A policy of ours as a case names it, with the rules that differ from the defaults; a chain as its list."""
    policy = policy.policy if isinstance(policy, Guarded) else policy
    if hasattr(policy, "entries"):
        forms = []
        for entry in policy.entries:
            limits = {key: sorted(getattr(entry, key)) for key in ("zones", "owners") if getattr(entry, key)}
            rules = _differing(getattr(entry.policy, "rules", None))
            forms.append({"name": entry.name, **({"rules": rules} if rules else {}), **limits})
        return json.dumps(forms, ensure_ascii=False), {}
    return name_of(policy, family), _differing(getattr(policy, "rules", None))


def _differing(rules: Any) -> dict[str, Any]:
    if rules is None:
        return {}
    said, defaults = to_json(rules), to_json(type(rules)())
    return {key: value for key, value in said.items() if value != defaults[key]}


def caps_of(spec: PoliciesSpec) -> dict[str, int]:
    """Open lines allowed per zone, as the release entry says."""
    release = spec.release
    return dict(release.caps) if isinstance(release, PolicyEntry) else {}
