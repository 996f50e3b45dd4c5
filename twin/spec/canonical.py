"""The scenario's hash: equal for two files that say the same.

What is left to a default, the form of a short-hand and the names of the data files make no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from twin.spec.scenario import PoliciesSpec, PolicyEntry, ScenarioSpec, SiteSpec


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A data file, by the key that names it."""

    role: str
    path: Path
    sha256: str

    @classmethod
    def read(cls, role: str, path: Path) -> InputFile:
        """Hash a file in pieces: order histories are large."""
        digest = sha256()
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return cls(role, path, digest.hexdigest())


def scenario_sha256(spec: ScenarioSpec, inputs: Iterable[InputFile]) -> str:
    """`sha256:` over canonical JSON of the resolved scenario less defaults, and of the input files by their role."""
    files = {file.role: file.sha256 for file in inputs}
    said = spec.model_dump(mode="json", exclude_defaults=True)
    for site, form in zip(spec.sites, said.get("sites", ()), strict=True):
        _own_sections(spec, site, form)
    policies = _policies(spec.policies)
    said.pop("policies", None)
    if policies:
        said["policies"] = policies
    said = _one_form(_with_hashes(said, files, ""))
    text = json.dumps(
        {"scenario": said, "files": dict(sorted(files.items()))},
        sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False,
    )  # fmt: skip
    return "sha256:" + sha256(text.encode()).hexdigest()


def _own_sections(spec: ScenarioSpec, site: SiteSpec, form: dict[str, Any]) -> None:
    """A site's section that says no more than the defaults still stands before the scenario's own."""
    for key, nothing in (("workforce", {}), ("carriers", [])):
        if key in site.model_fields_set and getattr(site, key) != getattr(spec, key):
            form.setdefault(key, nothing)


def _with_hashes(value: Any, files: Mapping[str, str], role: str) -> Any:
    """The path of an input file says nothing about the run: its content does."""
    if role in files:
        return "file"
    if isinstance(value, dict):
        return {k: _with_hashes(v, files, f"{role}.{k}" if role else k) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_hashes(v, files, f"{role}.{i}") for i, v in enumerate(value)]
    return value


def _one_form(said: dict[str, Any]) -> dict[str, Any]:
    """A crew of one group is written as the group or as a list of it; both mean the same."""
    for section in (said, *said.get("sites", ())):
        crews = section.get("workforce")
        if crews:
            section["workforce"] = {
                role: crew[0] if isinstance(crew, list) and len(crew) == 1 else crew for role, crew in crews.items()
            }
    return said


def _policies(policies: PoliciesSpec) -> dict[str, list[dict[str, Any]]]:
    """Each family's choice as a list of entries whose rules say only what differs from the defaults."""
    said: dict[str, list[dict[str, Any]]] = {}
    for family in PoliciesSpec.model_fields:
        choice = getattr(policies, family)
        entries = _entries(choice)
        default = _entries(PoliciesSpec.model_fields[family].default)
        forms = [_entry(family, entry) for entry in entries]
        if forms != [_entry(family, entry) for entry in default]:
            said[family] = forms
    return said


def _entries(choice: str | PolicyEntry | tuple[PolicyEntry, ...]) -> tuple[PolicyEntry, ...]:
    if isinstance(choice, str):
        return (PolicyEntry(name=choice),)
    return (choice,) if isinstance(choice, PolicyEntry) else choice


def _entry(family: str, entry: PolicyEntry) -> dict[str, Any]:
    from twin.policies.named import checked_rules
    from twin.policies.snapshots import to_json

    form = entry.model_dump(mode="json", exclude_defaults=True)
    form.pop("rules", None)
    rules = checked_rules(family, entry.rules, f"policies.{family}.rules")
    said, defaults = to_json(rules), to_json(type(rules)())
    differing = {key: value for key, value in said.items() if value != defaults[key]}
    if differing:
        form["rules"] = differing
    return form
