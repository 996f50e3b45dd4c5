"""`twin explain RUN`: where the orders' time went and what holds them up; with `--order`, the story of one."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.observers.bottleneck import Hour, Wait
    from twin.run.recorded_times import RecordedTimes

_SMALL = 0.02
"""A part below this share of the time is not called long."""


def explain_command(folder: Path, order: str | None, *, json: bool) -> None:
    """Print the one or the other."""
    from twin.cli.explain_order import one_order, print_order
    from twin.run.recorded_times import read_times

    run = read_times(folder)
    if not run.complete:
        print(f"{folder}: the run was broken off; told up to its last recorded event", file=sys.stderr)
    answer = all_orders(run) if order is None else one_order(run, order)
    if json:
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    elif order is not None:
        print_order(run, answer)
    else:
        _print_all(run, answer)


def all_orders(run: RecordedTimes) -> dict[str, Any]:
    """The answer about all orders, as `--json` prints it."""
    import numpy as np

    from twin.observers.bottleneck import by_hour, cohort, deeds_of, staged, staged_by_hour, waits, work
    from twin.observers.run_context import RunContext
    from twin.observers.time_parts import PARTS, STATES

    times = run.times
    among = cohort(times, run.warmup_ms)
    shipped = int(among.sum())
    if not shipped:
        among = staged(times, run.warmup_ms)
    n = int(among.sum())
    counted = [name for name in PARTS if shipped or name != "truck"]
    context = RunContext(horizon_ms=run.horizon_ms, warmup_ms=run.warmup_ms)
    hours = by_hour(times, run.people, context)
    found = [wait for wait in waits(times, among, hours) if shipped or wait.source.inside]
    labour = run.people.labour(context)
    busy = {
        role: labour.at_work_ms.get(role, 0) / there
        for role, ms in sorted(labour.on_shift_ms.items())
        if (there := ms - labour.on_break_ms.get(role, 0)) > 0
    }
    total = sum(int(times.parts[name][among].sum()) for name in counted)
    parts: list[dict[str, Any]] = []
    for name in counted:
        part, column = PARTS[name], times.parts[name][among]
        parts.append({
            "part": name, "kind": part.kind, "sum_ms": int(column.sum()),
            "mean_ms": float(column.mean()) if n else None, "p95_ms": float(np.quantile(column, 0.95)) if n else None,
            "share": int(column.sum()) / total if total else None, "behind": part.behind,
        })  # fmt: skip
    inside = [w for w in found if w.source.inside and w.total_ms]
    still: dict[str, Any] = {}
    for state in ("open", "cancelled", "closed_short"):
        rows = np.flatnonzero(times.state == STATES.index(state))
        last = [seen for row in rows.tolist() if (seen := times.last_part(row)) is not None]
        still[state] = {"orders": len(rows), "last_step": {p: last.count(p) for p in dict.fromkeys(last)}}
    return {
        "schema": "twin.explain/1", "run": str(run.folder), "scenario": run.title, "orders": len(times.order),
        "shipped": shipped, "counted": n, "not_shipped": still, "sum_ms": total, "mean_ms": total / n if n else None,
        "processing_mean_ms": sum(p["sum_ms"] for p in parts if p["part"] != "truck") / n if n else None,
        "parts": parts,
        "bottleneck": _wait_json(found[0], busy) if found and found[0].total_ms else None,
        "bottleneck_inside": _wait_json(inside[0], busy) if inside else None,
        "waits": [_wait_json(w, busy) for w in found],
        "utilisation": busy,
        "work": [{"part": name, "mean_ms": ms / n if n else None} for name, ms in work(times, among).items()],
        "truck": [
            {"deed": deed, "mean_ms": ms / n if n else None} for deed, ms in deeds_of(times, "truck", among).items()
        ],
        "staged_by_hour": [
            {"from_ms": hour, "orders": orders} for hour, orders in staged_by_hour(times, among).items()
        ],
        "hours": [{"from_ms": h.from_ms, "waiting": h.waiting, "busy": h.busy} for h in hours],
    }  # fmt: skip


def _wait_json(wait: Wait, busy: dict[str, float]) -> dict[str, Any]:
    peak: Hour | None = wait.peak
    name, role = wait.source.name, wait.source.role
    return {
        "source": name, "sum_ms": wait.total_ms, "mean_ms": wait.mean_ms, "orders": wait.orders,
        "longest_ms": wait.longest_ms, "mostly_at": wait.place, "role": role,
        "utilisation": None if role is None else busy.get(role),
        "peak_from_ms": None if peak is None else peak.from_ms,
        "peak_waiting": None if peak is None else peak.waiting[name],
        "peak_utilisation": None if peak is None or role is None else peak.busy.get(role),
        "relief": wait.source.relief, "inside": wait.source.inside, "families": list(wait.source.families),
    }  # fmt: skip


def _print_all(run: RecordedTimes, told: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    from twin.cli.order_story import span
    from twin.cli.wide_console import wide_console

    console = wide_console()
    if not told["counted"]:
        print(f"{told['scenario']}: {told['orders']} orders received, none was staged: there are no times to part")
        return
    print(f"{told['scenario']}: where the time of {told['counted']:,} orders went, mean per order")
    if not told["shipped"]:
        print("None has left: these are the orders that were staged, and their time up to that.")
    table = Table(box=box.SIMPLE, collapse_padding=True)
    for name in ("part", "mean", "share", "p95", "behind it"):
        table.add_column(name, justify="left" if name in ("part", "behind it") else "right", no_wrap=True)
    for row in told["parts"]:
        if row["sum_ms"] or row["part"] == "other":
            table.add_row(
                row["part"], span(row["mean_ms"]), f"{100 * row['share']:.1f} %", span(row["p95_ms"]), row["behind"]
            )
    table.add_row("whole", span(told["mean_ms"]), "100.0 %", "", "")
    console.print(table)
    if told["shipped"]:
        print(f"until staged {span(told['processing_mean_ms'])} of it")
    for state, row in told["not_shipped"].items():
        if row["orders"]:
            at = ", ".join(f"{n} at {part}" for part, n in sorted(row["last_step"].items(), key=lambda x: -x[1]))
            print(f"{state.replace('_', ' ')}: {row['orders']} orders{f', last seen: {at}' if at else ''}")
    print()
    for sentence in _verdict(run, told):
        print(sentence)
    print("\nOrders waiting at a time, by what for, and how busy people are")
    console.print(_hours_table(run, told))


def _verdict(run: RecordedTimes, told: dict[str, Any]) -> list[str]:
    """The bottleneck with its evidence; and, if that lies outside, the one inside the building."""
    first, inside = told["bottleneck"], told["bottleneck_inside"]
    said = []
    if first is None:
        return ["No order waited for anything: all of its time is work."]
    said += _evidence(run, told, first, "Bottleneck")
    if not first["inside"]:
        if inside is None or inside["mean_ms"] < _SMALL * told["processing_mean_ms"]:
            said.append("Inside the building no queue counts: up to the lane the time is work.")
        else:
            said += _evidence(run, told, inside, "Inside the building")
    from twin.cli.order_story import span

    longest = max(told["work"], key=lambda row: row["mean_ms"])
    if longest["mean_ms"]:
        behind = next(p["behind"] for p in told["parts"] if p["part"] == longest["part"])
        said.append(
            f"The longest piece of work is {longest['part'].replace('_', ' ')}, {span(longest['mean_ms'])} an order "
            f"({behind})."
        )
    return said


def _evidence(run: RecordedTimes, told: dict[str, Any], wait: dict[str, Any], word: str) -> list[str]:
    from twin.cli.order_story import clock, span

    whole = told["mean_ms"] if word == "Bottleneck" else told["processing_mean_ms"]
    of = "the order's time" if word == "Bottleneck" else "the time up to the lane"
    said = [
        f"{word}: {wait['source']}. Orders wait {span(wait['mean_ms'])} on average, "
        f"{100 * wait['mean_ms'] / whole:.0f} % of {of}; {wait['orders']:,} of {told['counted']:,} orders wait, the "
        f"longest {span(wait['longest_ms'])}."
    ]
    if wait["peak_from_ms"] is not None:
        hour, waiting = clock(run.calendar, wait["peak_from_ms"])[:-3], wait["peak_waiting"]
        line = f"  The hour from {hour} is the worst: {waiting:.1f} orders wait at a time"
        if wait["peak_utilisation"] is not None:
            line += f", {wait['role']}s are {100 * wait['peak_utilisation']:.0f} % busy then"
        if wait["utilisation"] is not None:
            line += f" ({100 * wait['utilisation']:.0f} % over the run)"
        said.append(line + ".")
    if wait["mostly_at"] is not None:
        at = {"release": "with wave", "departures": "for", "loaders": "for"}.get(wait["source"], "at")
        said.append(f"  The most of it {at} {wait['mostly_at']}.")
    policies = run.result.get("policies", {})
    named = [f"{family} {policies[family]}" for family in wait["families"] if family in policies]
    if named:
        said.append(f"  Policies behind it: {', '.join(named)}.")
    if wait["source"] == "departures":
        said.append(_of_departures(run, told))
    said.append(f"  Relieved first by: {wait['relief']}.")
    return said


def _of_departures(run: RecordedTimes, told: dict[str, Any]) -> str:
    """When orders come to their lanes, and whether a trailer is there."""
    from twin.cli.order_story import clock, span

    staged = told["staged_by_hour"]
    most = max(staged, key=lambda row: row["orders"])
    deeds = {row["deed"]: row["mean_ms"] for row in told["truck"]}
    return (
        f"  Most orders are staged in the hour from {clock(run.calendar, most['from_ms'])[:-3]} ({most['orders']}); "
        f"{span(deeds['trailer'])} pass before a trailer of the carrier stands at a door, {span(deeds['departure'])} "
        f"between loading and departure."
    )


def _hours_table(run: RecordedTimes, told: dict[str, Any]) -> Any:
    from rich import box
    from rich.table import Table

    shown = [w["source"] for w in told["waits"] if w["sum_ms"]][:4]
    roles = [w["role"] for w in told["waits"] if w["source"] in shown and w["role"]]
    table = Table(
        box=box.SIMPLE,
        collapse_padding=True,
    )
    hours = told["hours"]
    if len(hours) > 24:
        peak = told["bottleneck"]["peak_from_ms"] if told["bottleneck"] else 0
        middle = next((i for i, h in enumerate(hours) if h["from_ms"] == peak), 0)
        first = max(0, min(middle - 12, len(hours) - 24))
        hours = hours[first : first + 24]
    table.add_column("from", no_wrap=True)
    for name in (*shown, *(f"{r} %" for r in roles)):
        table.add_column(name, justify="right", no_wrap=True)
    for h in hours:
        busy = [h["busy"].get(r) for r in roles]
        table.add_row(
            run.calendar.clock(h["from_ms"])[:-3], *(f"{h['waiting'][name]:.1f}" for name in shown),
            *("-" if b is None else f"{100 * b:.0f}" for b in busy),
        )  # fmt: skip
    return table
