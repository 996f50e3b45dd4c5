"""The policies a scenario names, ready to be asked; a user's own come by the command line or the Python argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twin.policies.named import FAMILIES, chain, named, reference, register
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
    spec: PoliciesSpec, overrides: Mapping[str, str] | None = None, carrier_doors: Mapping[str, str] | None = None
) -> dict[str, PolicyInUse]:
    """One policy per family; `overrides`: family -> registered name, with the scenario's rules kept."""
    chosen = {}
    for family in overrides or {}:
        register(family)
    for family in FAMILIES:
        form = form_of(getattr(spec, family))
        name = (overrides or {}).get(family)
        if name is not None:
            form = {**form, "name": name} if isinstance(form, dict) else name
        policy: Any = chain(family, form)
        rules: Any = getattr(policy, "rules", None)
        if family == "dock_assignment" and carrier_doors and not rules.fixed:
            rules = replace(rules, fixed=tuple(sorted(carrier_doors.items())))
            policy = named(family, reference(policy, family).name, rules)
        chosen[family] = PolicyInUse(reference(policy, family), policy, 64 if rules is None else rules.candidates_max)
    return chosen


def caps_of(spec: PoliciesSpec) -> dict[str, int]:
    """Open lines allowed per zone, as the release entry says."""
    release = spec.release
    return dict(release.caps) if isinstance(release, PolicyEntry) else {}
