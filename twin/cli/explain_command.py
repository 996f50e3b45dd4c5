"""`twin explain RUN`: where the orders' time went and what holds them up; with `--order`, the story of one."""

from __future__ import annotations

import json as jsonlib
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.domain.errors import SpecError

if TYPE_CHECKING:
    from twin.observers.bottleneck import Hour, Wait
    from twin.run.recorded_times import RecordedTimes

_SMALL = 0.02
"""A part below this share of the time is not called long."""


def explain_command(folder: Path, order: str | None, *, json: bool) -> None:
    """Print the one or the other."""
    from twin.run.recorded_times import read_times

    run = read_times(folder)
    if not run.complete:
        print(f"{folder}: the run was broken off; told up to its last recorded event", file=sys.stderr)
    answer = _one_order(run, order) if order is not None else _all_orders(run)
    if json:
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    elif order is not None:
        _print_order(run, answer)
    else:
        _print_all(run, answer)


# --- one order -----------------------------------------------------------------------------------------------


def _one_order(run: RecordedTimes, order: str) -> dict[str, Any]:
    import numpy as np

    from twin.cli.order_story import story
    from twin.events.columns import MISSING
    from twin.events.reading import read_events
    from twin.observers.time_parts import STATES

    times = run.times
    row = times.find(order)
    if row is None:
        known = [name for name in map(times.names.name, times.order.tolist()) if name is not None]
        near = get_close_matches(order, known, n=1, cutoff=0.5)
        raise SpecError(
            f"{run.folder}: no order {order} was received"
            + (f"; did you mean {near[0]}?" if near else f"; {len(known):,} were, the first is {known[0]}" if known else "")
        )
    steps = times.steps(row)
    received = read_events(
        run.folder, ["order", "customer", "carrier", "units", "due_ms", "value"], ["OrderReceived"]
    ).columns
    at = int(np.flatnonzero(received["order"] == order)[0])
    due = int(received["due_ms"][at])
    line = times.names.name(int(times.line[row]))
    told_of = ["seq", "at_ms", "kind", "order", "line", "worker", "sku", "location", "units", "expected_units", "reason",
               "choice", "family", "policy", "tour", "due_ms"]  # fmt: skip
    facts = read_events(
        run.folder, told_of,
        ["LinePicked", "ExceptionReported", "LineShorted", "LineBackordered", "PolicyDecided", "LinePromised"],
    ).columns  # fmt: skip
    mine = np.flatnonzero(facts["order"] == order)
    rows = [{name: facts[name][i] for name in told_of} for i in mine.tolist()]
    tours = _tours(run, order)
    decisions = run.decisions(s.cause for s in steps if s.cause is not None)
    state = STATES[int(times.state[row])]
    told = story(steps, decisions, tours, open_=state == "open")
    sentences = [{"from_ms": t.from_ms, "to_ms": t.to_ms, "sentence": t.sentence} for t in told]
    sentences += [
        {"from_ms": int(r["at_ms"]), "to_ms": int(r["at_ms"]), "sentence": text} for r in rows if (text := _fact(r, line))
    ]
    sentences.sort(key=lambda s: (s["from_ms"], s["to_ms"]))
    processed = int(times.processed_ms[row])
    promised = [r for r in rows if r["kind"] == "LinePromised"]
    critical = next((r for r in promised if r["line"] == line), None)
    return {
        "schema": "twin.explain-order/1", "run": str(run.folder), "order": order, "state": state,
        "customer": received["customer"][at], "carrier": received["carrier"][at], "priority": int(received["value"][at]),
        "lines": len(promised), "units": int(received["units"][at]), "line": line,
        "sku": None if critical is None else critical["sku"], "received_ms": int(times.received_ms[row]),
        "due_ms": None if due == MISSING else due, "staged_ms": None if processed == MISSING else processed,
        "end_ms": int(times.end_ms[row]), "time_ms": int(times.whole_ms[row]),
        "parts_ms": {name: int(column[row]) for name, column in times.parts.items()},
        "steps": [
            {"part": s.part, "deed": s.deed or None, "from_ms": s.from_ms, "to_ms": s.to_ms, "cause": s.cause,
             "worker": s.worker, "place": s.place}
            for s in steps
        ],
        "decisions": [{"seq": seq, **row} for seq, row in sorted(decisions.items())], "story": sentences,
    }  # fmt: skip


def _fact(row: dict[str, Any], line: str | None) -> str:
    """What else happened to the critical line, in a sentence; empty for what the steps say already."""
    own = row["line"] == line
    if row["kind"] == "LinePicked" and own and row["units"]:
        return f"{row['worker']} picked {row['units']} of {row['sku']} from {row['location']}."
    if row["kind"] == "ExceptionReported" and own:
        found = f"{row['units']} of {row['expected_units']} {row['sku']}"
        return f"{row['worker']} reported a fault at {row['location']}: {found} found ({row['reason']})."
    if row["kind"] in ("LineShorted", "LineBackordered"):
        what = "will not come" if row["kind"] == "LineShorted" else "are to come later"
        return f"{row['units']} of {row['sku']} (line {row['line']}) {what} ({row['reason']})."
    if row["kind"] == "PolicyDecided" and str(row["choice"]).startswith("held:"):
        return f"{row['family']} by {row['policy']} held it: {row['choice'][5:]} (decision {row['seq']})."
    return ""


def _tours(run: RecordedTimes, order: str) -> dict[str, str]:
    """By routing decision, what is to be said of the tour: how many orders and lines it was for."""
    import numpy as np

    from twin.events.reading import read_events

    batched = read_events(run.folder, ["order", "tour"], ["OrderBatched"]).columns
    own = set(batched["tour"][batched["order"] == order].tolist())
    begun = read_events(run.folder, ["tour", "cause", "units", "value"], ["TourStarted"]).columns
    found = {}
    for i in np.flatnonzero(np.isin(begun["tour"], np.array(sorted(own), dtype=object))).tolist():
        tour = begun["tour"][i]
        orders = len(set(batched["order"][batched["tour"] == tour].tolist()))
        of = f"{orders} order{'s' if orders > 1 else ''}, {int(begun['units'][i])} lines, {begun['value'][i] / 1000:,.0f} m"
        found[str(int(begun["cause"][i]))] = f" ({tour}: {of})"
    return found


def _print_order(run: RecordedTimes, told: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from twin.cli.order_story import clock, day_and_clock, due_text, span

    calendar = run.calendar
    shipped = told["state"] == "shipped"
    ends = {
        "shipped": "left", "cancelled": "was cancelled", "closed_short": "was closed short",
        "open": "is open at the end of the run,",
    }[told["state"]]  # fmt: skip
    print(
        f"{told['order']} of {told['customer']}: {told['lines']} lines, {told['units']} units, priority "
        f"{told['priority']}, carrier {told['carrier']}, {due_text(calendar, told['due_ms'], told['end_ms'] if shipped else None)}"
    )
    print(
        f"received {day_and_clock(calendar, told['received_ms'])}, {ends} {day_and_clock(calendar, told['end_ms'])}: "
        f"{span(told['time_ms'])}"
        + (f", told by its critical line {told['line']} ({told['sku']})" if told["line"] else "")
    )
    print()
    for row in told["story"]:
        print(f"{clock(calendar, row['from_ms'])}  {row['sentence']}")
    print()
    table = Table(box=box.SIMPLE)
    table.add_column("part")
    table.add_column("time", justify="right")
    table.add_column("share", justify="right")
    for name, ms in told["parts_ms"].items():
        if ms:
            table.add_row(name, span(ms), f"{100 * ms / told['time_ms']:.1f} %")
    table.add_row("sum", span(told["time_ms"]), "")
    Console(highlight=False).print(table)


# --- all orders ----------------------------------------------------------------------------------------------


def _all_orders(run: RecordedTimes) -> dict[str, Any]:
    import numpy as np

    from twin.observers.bottleneck import by_hour, cohort, deeds_of, staged_by_hour, waits
    from twin.observers.run_context import RunContext
    from twin.observers.time_parts import PARTS, STATES

    times = run.times
    among = cohort(times, run.warmup_ms)
    n = int(among.sum())
    context = RunContext(horizon_ms=run.horizon_ms, warmup_ms=run.warmup_ms)
    hours = by_hour(times, run.people, context)
    found = waits(times, among, hours)
    labour = run.people.labour(context)
    busy = {
        role: labour.at_work_ms.get(role, 0) / there
        for role, ms in sorted(labour.on_shift_ms.items())
        if (there := ms - labour.on_break_ms.get(role, 0)) > 0
    }
    total = int(times.whole_ms[among].sum())
    parts = []
    for name, part in PARTS.items():
        column = times.parts[name][among]
        parts.append({
            "part": name, "kind": part.kind, "sum_ms": int(column.sum()),
            "mean_ms": float(column.mean()) if n else None, "p95_ms": float(np.quantile(column, 0.95)) if n else None,
            "share": int(column.sum()) / total if total else None, "behind": part.behind,
        })  # fmt: skip
    inside = [w for w in found if w.source.inside and w.total_ms]
    still = {}
    for state in ("open", "cancelled", "closed_short"):
        rows = np.flatnonzero(times.state == STATES.index(state))
        last = [steps[-1].part for row in rows.tolist() if (steps := times.steps(row))]
        still[state] = {"orders": len(rows), "last_step": {p: last.count(p) for p in dict.fromkeys(last)}}
    return {
        "schema": "twin.explain/1", "run": str(run.folder), "scenario": run.title, "orders": len(times.order),
        "shipped": n, "not_shipped": still, "sum_ms": total, "mean_ms": total / n if n else None,
        "processing_mean_ms": (total - parts[-2]["sum_ms"]) / n if n else None, "parts": parts,
        "bottleneck": _wait_json(found[0], busy) if found and found[0].total_ms else None,
        "bottleneck_inside": _wait_json(inside[0], busy) if inside else None,
        "waits": [_wait_json(w, busy) for w in found],
        "utilisation": busy,
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
    from rich.console import Console
    from rich.table import Table

    from twin.cli.order_story import span

    console = Console(highlight=False)
    if not told["shipped"]:
        print(f"{told['scenario']}: {told['orders']} orders received, none has left: there are no times to part")
        return
    title = f"{told['scenario']}: where the time of {told['shipped']:,} orders went, mean per order"
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    for name in ("part", "mean", "share", "95th percentile", "behind it"):
        table.add_column(name, justify="left" if name in ("part", "behind it") else "right", no_wrap=True)
    for row in told["parts"]:
        if row["sum_ms"] or row["part"] == "other":
            table.add_row(
                row["part"], span(row["mean_ms"]), f"{100 * row['share']:.1f} %", span(row["p95_ms"]), row["behind"]
            )
    table.add_row("whole", span(told["mean_ms"]), "100.0 %", "", "")
    console.print(table)
    print(f"until staged {span(told['processing_mean_ms'])} of it")
    for state, row in told["not_shipped"].items():
        if row["orders"]:
            at = ", ".join(f"{n} at {part}" for part, n in sorted(row["last_step"].items(), key=lambda x: -x[1]))
            print(f"{state.replace('_', ' ')}: {row['orders']} orders{f', last seen: {at}' if at else ''}")
    print()
    for sentence in _verdict(run, told):
        print(sentence)
    print()
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
    longest = max((p for p in told["parts"] if p["kind"] == "deed"), key=lambda p: p["sum_ms"])
    from twin.cli.order_story import span

    said.append(
        f"The longest piece of work is {longest['part'].replace('_', ' ')}, {span(longest['mean_ms'])} an order "
        f"({longest['behind']})."
    )
    return said


def _evidence(run: RecordedTimes, told: dict[str, Any], wait: dict[str, Any], word: str) -> list[str]:
    from twin.cli.order_story import clock, span

    whole = told["mean_ms"] if word == "Bottleneck" else told["processing_mean_ms"]
    of = "the order's time" if word == "Bottleneck" else "the time up to the lane"
    said = [
        f"{word}: {wait['source']}. Orders wait {span(wait['mean_ms'])} on average, "
        f"{100 * wait['mean_ms'] / whole:.0f} % of {of}; {wait['orders']:,} of {told['shipped']:,} orders wait, the "
        f"longest {span(wait['longest_ms'])}."
    ]
    if wait["peak_from_ms"] is not None:
        line = f"  The hour from {clock(run.calendar, wait['peak_from_ms'])[:-3]} is the worst: {wait['peak_waiting']:.1f} orders wait at a time"
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
        title="orders waiting at a time, by what for, and how busy people are", title_justify="left", box=box.SIMPLE
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
