"""`twin explain RUN --order ID`: one order, from its receipt to its end."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from twin.cli.wide_console import wide_console
from twin.domain.calendar import DAY_MS
from twin.domain.errors import SpecError

if TYPE_CHECKING:
    from twin.run.recorded_times import RecordedTimes

_PICKED = ("LinePicked", "ExceptionReported")


def one_order(run: RecordedTimes, order: str) -> dict[str, Any]:
    """Everything that is told of an order. Raises SpecError when it was not received."""
    import numpy as np

    from twin.cli.order_story import story
    from twin.events.columns import MISSING
    from twin.events.reading import read_events
    from twin.observers.time_parts import STATES
    from twin.observers.tour_times import TOUR_PARTS

    times = run.times
    row = times.find(order)
    if row is None:
        known = [name for name in map(times.names.name, times.order.tolist()) if name is not None]
        near = get_close_matches(order, known, n=1, cutoff=0.5)
        raise SpecError(
            f"{run.folder}: no order {order} was received"
            + (
                f"; did you mean {near[0]}?"
                if near
                else f"; {len(known):,} were, the first is {known[0]}"
                if known
                else ""
            )
        )
    steps = times.steps(row)
    received = read_events(
        run.folder, ["order", "customer", "carrier", "units", "due_ms", "value"], ["OrderReceived"]
    ).columns
    at = int(np.flatnonzero(received["order"] == order)[0])
    due = int(received["due_ms"][at])
    line = times.names.name(int(times.line[row]))
    told_of = ["seq", "at_ms", "kind", "order", "line", "worker", "sku", "location", "units", "expected_units",
               "reason",
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
    toured_ms = max((s.to_ms for s in steps if s.part in TOUR_PARTS and s.worker), default=int(times.end_ms[row]))
    for r in rows:
        text = _fact(r, line)
        if text:
            heard = "The book hears only now: " if r["kind"] in _PICKED and r["at_ms"] > toured_ms else ""
            sentences.append({"from_ms": int(r["at_ms"]), "to_ms": int(r["at_ms"]), "sentence": heard + text})
    sentences.sort(key=lambda s: (s["from_ms"], s["to_ms"]))
    processed = int(times.processed_ms[row])
    promised = [r for r in rows if r["kind"] == "LinePromised"]
    critical = next((r for r in promised if r["line"] == line), None)
    return {
        "schema": "twin.explain-order/1", "run": str(run.folder), "order": order, "state": state,
        "customer": received["customer"][at], "carrier": received["carrier"][at],
        "priority": int(received["value"][at]),
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
        lines, way_m = int(begun["units"][i]), begun["value"][i] / 1000
        of = f"{orders} order{'s' if orders > 1 else ''}, {lines} line{'s' if lines > 1 else ''}, {way_m:,.0f} m"
        found[str(int(begun["cause"][i]))] = f" ({tour}: {of})"
    return found


def print_order(run: RecordedTimes, told: dict[str, Any]) -> None:
    """The story and the parts."""
    from rich import box
    from rich.table import Table

    from twin.cli.order_story import clock, day_and_clock, due_text, span

    calendar = run.calendar
    shipped = told["state"] == "shipped"
    ends = {
        "shipped": "left", "cancelled": "was cancelled", "closed_short": "was closed short",
        "open": "is open at the end of the run,",
    }[told["state"]]  # fmt: skip
    due = due_text(calendar, told["due_ms"], told["end_ms"] if shipped else None)
    print(
        f"{told['order']} of {told['customer']}: {told['lines']} lines, {told['units']} units, priority "
        f"{told['priority']}, carrier {told['carrier']}, {due}"
    )
    print(
        f"received {day_and_clock(calendar, told['received_ms'])}, {ends} {day_and_clock(calendar, told['end_ms'])}: "
        f"{span(told['time_ms'])}"
        + (f", told by its critical line {told['line']} ({told['sku']})" if told["line"] else "")
    )
    print()
    for row in told["story"]:
        at = calendar.clock(row["from_ms"]) if run.horizon_ms <= DAY_MS else clock(calendar, row["from_ms"])
        print(f"{at}  {row['sentence']}")
    print()
    table = Table(box=box.SIMPLE)
    table.add_column("part")
    table.add_column("time", justify="right")
    table.add_column("share", justify="right")
    for name, ms in told["parts_ms"].items():
        if ms:
            table.add_row(name, span(ms), f"{100 * ms / told['time_ms']:.1f} %")
    table.add_row("sum", span(told["time_ms"]), "")
    wide_console().print(table)
