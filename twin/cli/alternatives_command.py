"""`twin decisions RUN --id N --why`: what else a decision could have been."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError


def alternatives_command(
    folder: Path, number: int | None, export: Path | None, own: Mapping[str, Any], limit: int, *, json: bool
) -> None:
    """What was taken, what was not, the best first, with sort keys; who was rejected and why."""
    from twin.policies.why import key_text
    from twin.run.rankings import rankings

    if number is None or export is not None:
        raise SpecError("--why: say which decision with --id N, and leave --export for another time")
    found = rankings(folder, [number], own).get(number)
    if found is None:
        raise SpecError(f"{folder}: decision {number} was not asked of a policy")
    rows = [("taken", *row) for row in found.chosen] + [("instead", *row) for row in found.others]
    if json:
        answer = {
            "schema": "twin.alternatives/1", "decision": number,
            "ranked": [{"what": what, "subject": subject, "key": key} for what, subject, key in rows],
            "rejected": [{"subject": subject, "code": code} for subject, code in found.rejected],
        }  # fmt: skip
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2))
        return
    if not rows:
        print("nothing was left to rank, or this policy does not rank single candidates")
    for what, subject, key in rows[:limit]:
        print(f"{what:<9}{subject:<32}{key_text(key)}")
    for subject, code in found.rejected[: max(limit - len(rows), 0)]:
        print(f"{'rejected':<9}{subject:<32}{code}")
