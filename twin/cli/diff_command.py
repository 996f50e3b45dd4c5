"""`twin diff RUN_A RUN_B`: the first decision that differs, and which parts account for the difference in time."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.wide_console import wide_console
from twin.domain.errors import JournalError

if TYPE_CHECKING:
    from twin.run.recorded_times import RecordedTimes

_MOST = 5
_KEYS = 12


def diff_command(first: Path, second: Path, *, json: bool) -> None:
    """Compare two run folders."""
    from twin.run.recorded_times import read_times

    a, b = read_times(first), read_times(second)
    answer = _answer(a, b)
    if json:
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _print(a, b, answer)


def _answer(a: RecordedTimes, b: RecordedTimes) -> dict[str, Any]:
    from twin.observers.time_parts import PARTS
    from twin.observers.times_compared import compare
    from twin.run.first_difference import first_decision, first_event, settings_that_differ

    if a.calendar.start != b.calendar.start:
        raise JournalError(
            f"{a.folder} begins at {a.calendar.start.isoformat()}, {b.folder} at {b.calendar.start.isoformat()}: their "
            "times cannot be compared"
        )
    digests = [run.result.get("digest") for run in (a, b)]
    same = digests[0] is not None and digests[0] == digests[1]
    told = compare(a.times, b.times, max(a.warmup_ms, b.warmup_ms))
    n = told.orders
    parts = [
        {"part": part, "a_sum_ms": int(told.parts_a_ms[part].sum()), "b_sum_ms": int(told.parts_b_ms[part].sum()),
         "change_sum_ms": int(told.change_of(part).sum())}
        for part in PARTS
    ]  # fmt: skip
    changed = [
        {"order": told.names[i], "a_ms": int(told.whole_a_ms[i]), "b_ms": int(told.whole_b_ms[i]),
         "change_ms": int(told.change_ms[i]), "part": (part := told.most_changed_part(i)),
         "part_change_ms": int(told.change_of(part)[i])}
        for i in told.most_changed(_MOST) if told.change_ms[i]
    ]  # fmt: skip
    return {
        "schema": "twin.diff/1", "a": str(a.folder), "b": str(b.folder), "same": same, "digests": digests,
        "seeds": [run.result.get("seed") for run in (a, b)],
        "settings": settings_that_differ(a.settings, b.settings) + _given(a, b),
        "first_event": None if same else first_event(a.folder, b.folder),
        "first_decision": None if same else first_decision(a.folder, b.folder),
        "orders": n, "only_a": told.only_a, "only_b": told.only_b,
        "cycle_a_sum_ms": int(told.whole_a_ms.sum()), "cycle_b_sum_ms": int(told.whole_b_ms.sum()),
        "change_sum_ms": int(told.change_ms.sum()), "parts": parts, "most_changed": changed,
    }  # fmt: skip


def _given(a: RecordedTimes, b: RecordedTimes) -> list[dict[str, Any]]:
    """What the command line gave beside the scenario: seed, policies, the source of one's own, commands."""
    rows = []
    for key in ("seed", "policies", "policy_sources", "commands", "simulated_h"):
        one, other = a.result.get(key), b.result.get(key)
        if key == "policies" and isinstance(one, dict) and isinstance(other, dict):
            own_a, own_b = (run.settings.get("policies") or {} for run in (a, b))
            rows += [
                {"key": f"--policy {family}", "a": one.get(family), "b": other.get(family)}
                for family in sorted({*one, *other})
                if one.get(family) != other.get(family) and _name(own_a.get(family)) == _name(own_b.get(family))
            ]
        elif one != other and not (key == "seed" and a.settings.get("seed") != b.settings.get("seed")):
            rows.append({"key": key, "a": one, "b": other})
    return rows


def _name(choice: Any) -> Any:
    return choice.get("name") if isinstance(choice, dict) else choice


def _print(a: RecordedTimes, b: RecordedTimes, told: dict[str, Any]) -> None:
    print(f"A  {a.folder}: {a.title}")
    print(f"B  {b.folder}: {b.title}")
    if told["same"]:
        print(f"The same events in both, digest {told['digests'][0]}: nothing differs.")
        return
    print()
    for row in told["settings"][:_KEYS]:
        print(f"{row['key']}: {_short(row['a'])} -> {_short(row['b'])}")
    if len(told["settings"]) > _KEYS:
        print(f"and {len(told['settings']) - _KEYS} more settings differ; --json has all")
    if not told["settings"]:
        print("No setting differs.")
    print()
    for sentence in _first(a, told):
        print(sentence)
    print()
    _print_parts(told)


def _short(value: Any) -> str:
    text = jsonlib.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return text if len(text) <= 60 else text[:57] + "..."


def _first(a: RecordedTimes, told: dict[str, Any]) -> list[str]:
    from twin.cli.order_story import clock

    found, event = told["first_decision"], told["first_event"]
    said = []
    if found is None:
        said.append("All decisions came to the same.")
    else:
        row = found["a"] or found["b"]
        said.append(
            f"First decision that differs: {clock(a.calendar, row['at_ms'])}, {row['family']}{_subject(row)}, after "
            f"{found['same_before']:,} that are the same."
        )
        for run in ("a", "b"):
            at = "" if found[run] is None else f"{clock(a.calendar, found[run]['at_ms'])}  "
            said.append(f"  {run.upper()}  {at}{_decision(found[run])}")
        if found["again_in_b"] is not None:
            again = found["again_in_b"]
            said.append(f"  B came to the question of A at {clock(a.calendar, again['at_ms'])}: {_decision(again)}")
    if event is not None:
        said.append(f"First event that differs: number {event['seq']:,}.")
        said += [f"  {run.upper()}  {_event(event[run])}" for run in ("a", "b")]
    return said


def _subject(row: dict[str, Any]) -> str:
    from twin.run.first_difference import SUBJECT

    about = [f"{name} {row[name]}" for name in SUBJECT if name in row and row[name] != row.get("choice")]
    return f" of {', '.join(about)}" if about else ""


def _decision(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no further decision"
    text = f"{row['family']} by {row['policy']}{_subject(row)}: {row['choice']}"
    if "units" in row:
        text += f", {row['units']} {_COUNTED.get(row['family'], 'units')}"
    if row["family"] == "routing" and "score" in row:
        text += f", {row['score'] / 1000:,.1f} m"
    many = row.get("candidates", 0)
    return f"{text} (decision {row['seq']}, {many:,} candidate{'' if many == 1 else 's'})"


_COUNTED = {"release": "orders", "batching": "orders", "routing": "stops"}


def _event(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no further event"
    shown = [f"{k}={v}" for k, v in row.items() if k not in ("seq", "kind", "side", "at_ms", "site", "owner", "detail")]
    return f"{row['kind']} at {row['at_ms'] / 3_600_000:.4f} h: {' '.join(shown)}"


def _print_parts(told: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    from twin.cli.order_story import span

    n = told["orders"]
    if not n:
        print("No order left in both runs: there are no means to compare.")
        return
    print(f"Mean time of the {n:,} orders that left in both runs, by part")
    table = Table(box=box.SIMPLE, collapse_padding=True)
    for name in ("part", "A", "B", "B less A", "of the difference"):
        table.add_column(name, justify="left" if name == "part" else "right", no_wrap=True)
    change = told["change_sum_ms"]
    up_to_lane = [p for p in told["parts"] if p["part"] != "truck"]

    def row(name: str, one: int, other: int) -> None:
        share = f"{round(100 * (other - one) / change, 1) + 0.0:.1f} %" if change else "-"
        sign = "+" if other > one else ""
        table.add_row(name, span(one / n), span(other / n), sign + span((other - one) / n), share)

    for p in up_to_lane:
        if p["a_sum_ms"] or p["b_sum_ms"]:
            row(p["part"], p["a_sum_ms"], p["b_sum_ms"])
    row("until staged", sum(p["a_sum_ms"] for p in up_to_lane), sum(p["b_sum_ms"] for p in up_to_lane))
    truck = next(p for p in told["parts"] if p["part"] == "truck")
    row("truck", truck["a_sum_ms"], truck["b_sum_ms"])
    row("whole", told["cycle_a_sum_ms"], told["cycle_b_sum_ms"])
    wide_console().print(table)
    if told["only_a"] or told["only_b"]:
        print(f"Not compared, because they left in one run only: {told['only_a']} in A, {told['only_b']} in B.")
    if told["most_changed"]:
        print("Orders that changed most:")
    for order in told["most_changed"]:
        sign = "+" if order["change_ms"] > 0 else ""
        part_sign = "+" if order["part_change_ms"] > 0 else ""
        print(
            f"  {order['order']}  {span(order['a_ms'])} -> {span(order['b_ms'])}, {sign}{span(order['change_ms'])}; "
            f"most in {order['part']}, {part_sign}{span(order['part_change_ms'])}"
        )
