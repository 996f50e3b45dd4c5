"""`twin decide`, `twin decisions`, `twin shadow`: one question, those of a run, and another answer to them."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.cli.policy_commands import family_and_target, first_sentence, rules_of
from twin.domain.errors import PolicyError, SpecError
from twin.events.whole_file import whole_file


def decide_command(target: str, snapshot: Path, rules: Sequence[str], *, why: bool, json: bool) -> int:
    """Ask one question; exit code 1 if the answer breaks a law of the family."""
    from twin.policies.laws import broken_laws
    from twin.policies.snapshots import to_json
    from twin.policies.why import watched
    from twin.run.cases import snapshot_of
    from twin.run.foreign import policy_of
    from twin.spec.plain_yaml import read_bytes

    family, name = family_and_target(target)
    policy, ref = policy_of(family, name, rules_of(rules))
    try:
        content = snapshot.read_bytes()
    except OSError as error:
        raise SpecError(f"{snapshot}: cannot be read: {error.strerror or error}") from None
    given = read_bytes(content, str(snapshot)).plain()
    if isinstance(given, dict) and isinstance(given.get("snapshot"), dict):
        given = given["snapshot"]  # a line of a ledger
    elif isinstance(given, dict) and isinstance(given.get("cases"), list):
        if len(given["cases"]) != 1 or not isinstance(given["cases"][0], dict):
            raise SpecError(
                f"{snapshot}: one case is one question, got {len(given['cases'])}; twin policy test asks them all"
            )
        given = given["cases"][0].get("given", {})  # an exported case
    asked = snapshot_of(family, given, str(snapshot))
    with watched() as keys:
        try:
            decision = policy(asked)
        except PolicyError:
            raise
        except Exception as error:  # a policy of the user's own may fail in any way
            raise PolicyError(f"{target} failed on {snapshot}: {type(error).__name__}: {error}") from error
    broken = broken_laws(asked, decision)
    told = to_json(decision)
    rejected = told.pop("rejected", told.pop("held", [])) if isinstance(told, dict) else []
    ranked = [{"subject": s, "key": _key(k)} for s, k in sorted(keys.items(), key=lambda row: _sortable(row[1]))]
    if json:
        answer = {
            "schema": "twin.decide/1", "policy": to_json(ref), "decision": to_json(decision), "broken_laws": broken,
        }  # fmt: skip
        print(
            jsonlib.dumps(
                answer | ({"keys": ranked, "rejected": rejected} if why else {}), ensure_ascii=False, indent=2
            )
        )
        return 1 if broken else 0
    print(f"{ref.family}={ref.name}: {first_sentence(getattr(policy, 'policy', policy))}")
    for key, value in told.items():
        print(f"  {key}: {_short(value)}")
    if why:
        print("rejected:" if rejected else "rejected: nothing")
        for row in rejected:
            print(f"  {row['subject']:<20}{row['code']:<18}{row.get('detail', '')}")
        none = "none; nothing was left to rank, or this rule does not rank single candidates"
        print("sort keys, least first:" if ranked else f"sort keys: {none}")
        for row in ranked:
            print(f"  {row['subject']:<20}{_short(row['key'])}")
    for law in broken:
        print(f"BROKEN LAW: {law}")
    return 1 if broken else 0


def _short(value: Any) -> str:
    return jsonlib.dumps(value, ensure_ascii=False)


def _key(value: Any) -> Any:
    return [_key(part) for part in value] if isinstance(value, tuple) else value


def _sortable(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value,)


def decisions_command(
    folder: Path, family: str | None, number: int | None, export: Path | None, own: Mapping[str, str], limit: int,
    *, json: bool,
) -> None:  # fmt: skip
    """List the decisions of a run, or export one as a case."""
    if number is not None and export is not None:
        _export(folder, number, export, own)
        return
    if export is not None:
        raise SpecError("--export: say which decision with --id N")
    from twin.events.json_lines import lines_of
    from twin.events.reading import read_chunks
    from twin.policies.named import register

    if family is not None:
        register(family)
    shown = 0
    total = 0
    for chunk in read_chunks(folder):
        for line in lines_of(chunk):
            if '"PolicyDecided"' not in line:
                continue
            row = jsonlib.loads(line)
            if row["kind"] != "PolicyDecided" or (family is not None and row["family"] != family):
                continue
            if number is not None and row["seq"] != number:
                continue
            total += 1
            if shown >= limit:
                continue
            shown += 1
            if json:
                print(jsonlib.dumps(row, ensure_ascii=False))
            else:
                about = " ".join(
                    [
                        f"{k}={row[k]}"
                        for k in ("order", "line", "task", "worker", "handling_unit", "trailer")
                        if k in row
                    ]
                )
                print(
                    f"{row['seq']:>9}  {row['at_ms'] / 3_600_000:8.3f} h  {row['family']:<16}{row['policy']:<20}"
                    f"{row.get('candidates', 0):>5}  {row['choice']:<24}{about}"
                )
    if number is not None and not total:
        raise SpecError(f"{folder}: no decision has the number {number}; `twin decisions {folder}` lists them")
    if not json:
        more = f", {total - shown:,} more: --limit" if total > shown else ""
        print(f"{total:,} decisions{more}", file=sys.stderr)


def _export(folder: Path, number: int, export: Path, own: Mapping[str, str]) -> None:
    import yaml

    from twin.events.json_lines import lines_of
    from twin.events.reading import read_chunks
    from twin.policies.snapshots import to_json
    from twin.run.chosen import written
    from twin.run.replay import Asked, again, recorded_run

    row: dict[str, Any] | None = None
    for chunk in read_chunks(folder):
        if chunk.first_seq <= number < chunk.first_seq + chunk.size:
            row = next((r for r in map(jsonlib.loads, lines_of(chunk)) if r["seq"] == number), None)
    if row is None or row["kind"] != "PolicyDecided":
        raise SpecError(f"{folder}: no decision has the number {number}; `twin decisions {folder}` lists them")
    last: list[Asked] = []

    def heard(asked: Asked) -> None:
        if asked.from_seq <= number and asked.site == row["site"]:
            last[:] = [asked]

    again(recorded_run(folder, own), heard, frozenset({row["family"]}))
    if not last or last[0].snapshot.now_ms != row["at_ms"]:
        raise SpecError(f"{folder}: decision {number} ({row['choice']}) was not asked of a policy")
    asked = last[0]
    case = {
        "name": f"decision {number} of {folder.name}", "given": to_json(asked.snapshot),
        "expect": to_json(asked.decision),
    }  # fmt: skip
    name: str = row["policy"]
    rules: dict[str, Any] = {}
    if ":" not in name:  # a rule of one's own is given again by its name
        name, rules = written(asked.policy, asked.ref.family)
    form = {"policy": f"{row['family']}={name}", **({"rules": rules} if rules else {}), "cases": [case]}
    with whole_file(export) as part:
        part.write_text(yaml.safe_dump(form, sort_keys=False, allow_unicode=True), encoding="utf-8")
    code = f" --policy {form['policy']}" if ":" in str(row["policy"]) else ""
    print(f"{export}: decision {number}; try it: twin policy test {export}{code}", file=sys.stderr)


def shadow_command(source: Path, target: str, rules: Sequence[str], own: Mapping[str, str], *, json: bool) -> int:
    """Put recorded situations to a candidate; exit code 1 if it decides otherwise anywhere."""
    from twin.run.shadow import shadowed

    family, name = family_and_target(target)
    found = shadowed(source, family, name, rules_of(rules), own)
    if json:
        print(jsonlib.dumps(found, ensure_ascii=False, indent=2))
        return 1 if found["different"] else 0
    print(f"{family}: {found['old']} -> {found['new']}, {found['asked']:,} situations of {source}")
    share = 100 * found["different"] / found["asked"] if found["asked"] else 0.0
    print(f"  decides otherwise in {found['different']:,} ({share:.2f} %), fails in {found['failed']:,}")
    for figure, row in found["figures"].items():
        print(f"  {figure:<22}old {row['old']:,.1f}, new {row['new']:,.1f}, difference {row['new'] - row['old']:+,.1f}")
    for place, count in list(found["where"].items())[:10]:
        print(f"  otherwise at {place}: {count:,}")
    first = found["first_difference"]
    if first is not None:
        print(f"  first at {first['at_ms'] / 3_600_000:.3f} h ({first['where']}):")
        print(f"    old {_short(first['old']):.400}")
        print(f"    new {_short(first['new']):.400}")
    return 1 if found["different"] else 0
