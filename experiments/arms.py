"""Arms as they are written on a command line: `SCENARIO`, `SCENARIO+KEY=VALUE+...`, `+KEY=VALUE` (the first, changed).

`+policy.FAMILY=module:Class` gives an arm a policy of one's own; every other key is a setting of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.designs import Design, design_of, distinct_names
from twin.domain.errors import SpecError

OWN = "policy."


@dataclass(frozen=True, slots=True)
class WrittenArm:
    """One arm taken apart."""

    scenario: str
    settings: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]


def designs_from(
    written: Sequence[str], overrides: Sequence[str] = (), policies: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
) -> list[Design]:  # fmt: skip
    """The designs of a command line; `overrides` and `policies` hold for all of them."""
    if len(names) > len(written):
        raise SpecError(f"{len(names)} names for {len(written)} arms")
    arms = [_apart(text, written[0]) for text in written]
    found = []
    for place, (text, arm) in enumerate(zip(written, arms, strict=True)):
        name = names[place] if place < len(names) else _name(text, arm)
        given = {**(policies or {}), **dict(arm.policies)}
        found.append(design_of(name, arm.scenario, [*overrides, *arm.settings], given))
    distinct_names(found)
    return found


def _apart(text: str, first: str) -> WrittenArm:
    if Path(text).exists():
        return WrittenArm(text, (), ())
    scenario, *changes = text.split("+")
    if not scenario:
        if text is first:
            raise SpecError(f"{text}: the first arm needs a scenario, such as quickstart{text}")
        below = _apart(first, "")
        scenario, changes = below.scenario, [*below.settings, *(f"{OWN}{f}={n}" for f, n in below.policies), *changes]
    wrong = [change for change in changes if "=" not in change]
    if wrong:
        raise SpecError(
            f"{text}: '{wrong[0]}' is no KEY=VALUE; write SCENARIO+KEY=VALUE, or +KEY=VALUE for the first, changed"
        )
    own = [change.removeprefix(OWN).partition("=") for change in changes if change.startswith(OWN)]
    return WrittenArm(
        scenario, tuple(c for c in changes if not c.startswith(OWN)), tuple((family, name) for family, _, name in own)
    )


def _name(text: str, arm: WrittenArm) -> str:
    if text.startswith("+"):
        return ", ".join(_short(change) for change in text[1:].split("+"))
    path = Path(arm.scenario)
    name = path.name if path.is_dir() else path.stem
    changes = [*arm.settings, *(f"{OWN}{f}={n}" for f, n in arm.policies)]
    return ", ".join([name, *(_short(change) for change in changes)])


def _short(change: str) -> str:
    key, _, value = change.partition("=")
    parts = key.split(".")
    return f"{parts[-1] if parts[0] in ('policies', 'policy') else '.'.join(parts[-2:])}={value}"
