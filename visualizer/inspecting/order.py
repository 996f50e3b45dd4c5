"""An order: where each line is, where its time went, what was decided about it and what else could have been."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from twin.observers.time_parts import PARTS
from visualizer.drawing.written import lasting, number
from visualizer.feed import Record
from visualizer.inspecting.blocks import Block, Cell, Decision, Heading, Note, Part, Parts, Row, Section, Table
from visualizer.inspecting.known import Known
from visualizer.inspecting.order_alternatives import asks_alternatives, ranked_alternatives
from visualizer.inspecting.order_facts import OrderTime, facts_of_order, time_of_order
from visualizer.palette import Tone
from visualizer.view import Selection
from visualizer.words import word

_TONE: dict[str, Tone] = {"shipped": "good", "cancelled": "text_3", "closed_short": "bad", "open": "info"}
MOST_LINES = 12
FRESH_ROWS = 300
"""So many events of a live run may pass before an open order is looked up again."""
MOST_DECISIONS = 6


def order_page(known: Known, name: str, time: OrderTime | None = None) -> list[Block]:
    """All that is shown of an order. `time`: where its time went, if that was parted already."""
    say, moment = known.say, known.moment
    facts = facts_known(known, name)
    if facts is None:
        return [Heading(name, say("inspect.order"), sign="square"), Note(say("inspect.asking"))]
    told = [r for r in facts if r["seq"] <= moment.row]
    own = [r for r in told if r.get("order") == name]
    received = next((r for r in own if r["kind"] == "OrderReceived"), None)
    if received is None:
        return [Heading(name, say("inspect.order"), sign="square"), Note(say("inspect.not_yet"))]
    time = time or time_of_order(told, name, moment.row, moment.at_ms)
    status, tone = _status(own, time)
    blocks: list[Block] = [
        Heading(name, _below(known, received), word("status", status, known.language), tone, sign="square")
    ]
    blocks += _due(known, own, received, time)
    blocks += _where(known, own)
    if time is not None and time.whole_ms > 0:
        blocks.append(_parts(known, time))
    blocks += _lines(known, own, time)
    blocks += _decisions(known, facts, name)
    seen = [r for r in own if known.sees_floor or r["side"] == "book"]
    return blocks + known.last_events(seen, "inspect.history", name, 12)


def facts_known(known: Known, name: str) -> list[Record] | None:
    """All that is told of an order; of a live run asked for again as it goes on, while the order is open."""
    feed, store, row = known.feed, known.store, known.moment.row

    def ask() -> tuple[list[Record], int]:
        upto = len(store) - 1 if feed.live else 2**60
        return facts_of_order(feed, name), upto

    found = known.asking.answer(("order", name), ask)
    if found is not None and row > found[1] + FRESH_ROWS and not any(r["kind"] == "GoodsLeft" for r in found[0]):
        found = known.asking.answer(("order", name), ask, again=True)
    return None if found is None else found[0]


def _below(known: Known, received: Record) -> str:
    parts = [received["customer"], known.say("inspect.priority") + f" {received['value']}", received["carrier"]]
    return " · ".join(parts)


def _status(own: Sequence[Record], time: OrderTime | None) -> tuple[str, Tone]:
    """The furthest that the order as a whole has come."""
    if time is not None and time.state != "open":
        return time.state, _TONE[time.state]
    status = "received"
    for record in own:
        status = {
            "OrderPromised": "promised", "OrderAllocated": "allocated", "OrderReleased": "released",
            "LinePicked": "picking", "CartonClosed": "packed", "HandlingUnitStaged": "staged",
            "HandlingUnitLoaded": "loaded", "LineBackordered": "backordered",
        }.get(record["kind"], status)  # fmt: skip
    return status, "info"


def _due(known: Known, own: Sequence[Record], received: Record, time: OrderTime | None) -> list[Block]:
    due = received.get("due_ms")
    for record in own:
        if record["kind"] in ("OrderPromised", "PromiseChanged") and "due_ms" in record:
            due = record["due_ms"]
    blocks: list[Block] = [Row(known.say("inspect.received"), known.clock(received["at_ms"]), at_ms=received["at_ms"])]
    if due is None:
        return blocks
    ended = time is not None and time.state != "open"
    against = time.until_ms if time is not None and ended else known.moment.at_ms
    slack = due - against
    late = slack < 0
    text = known.say("inspect.late_by", time=lasting(-slack)) if late else lasting(slack)
    return [
        *blocks, Row(known.say("inspect.due"), known.clock(due)),
        Row(known.say("inspect.slack"), text, "bad" if late else "good"),
    ]  # fmt: skip


def _where(known: Known, own: Sequence[Record]) -> list[Block]:
    blocks: list[Block] = []
    wave = next((r["wave"] for r in reversed(own) if "wave" in r), None)
    if wave:
        blocks.append(Row(known.say("inspect.wave"), known.short(wave)))
    tours = list(dict.fromkeys(r["tour"] for r in own if r["kind"] == "OrderBatched"))
    workers = list(dict.fromkeys(r["worker"] for r in own if r["kind"] == "LinePicked"))
    if tours:
        who = ", ".join(known.short(w) for w in workers)
        text = ", ".join(known.short(t) for t in tours)
        link = Selection("worker", workers[-1]) if workers else None
        blocks.append(Row(known.say("inspect.tour"), f"{text} · {who}" if who else text, link=link))
    trailer = next((r["trailer"] for r in reversed(own) if "trailer" in r), None)
    if trailer:
        blocks.append(Row(known.say("inspect.truck"), known.short(trailer), link=Selection("trailer", trailer)))
    return blocks


def _parts(known: Known, time: OrderTime) -> Parts:
    """The partition of its time: the parts add up to the whole."""
    found = tuple(
        Part(word("part", name, known.language), lasting(ms), ms / time.whole_ms, PARTS[name].kind == "wait")
        for name, ms in time.parts_ms.items()
        if ms
    )
    return Parts(known.say("inspect.time"), lasting(time.whole_ms), found)


def _lines(known: Known, own: Sequence[Record], time: OrderTime | None) -> list[Block]:
    """Where each line is."""
    asked: dict[str, Record] = {}
    for record in own:
        if record["kind"] == "LinePromised":
            asked.setdefault(record["line"], record)
    if not asked:
        return []
    say = known.say
    rows, links = [], []
    for line, promised in list(asked.items())[:MOST_LINES]:
        status, where, link = _of_line(own, line)
        critical = time is not None and time.line == line and time.state == "open"
        tone: Tone = "bad" if status in ("closed_short", "backordered") else "info" if critical else "text_2"
        rows.append((
            Cell(promised["sku"]), Cell(number(promised["expected_units"])),
            Cell(word("status", status, known.language), tone), Cell(known.short(where), "text_2"),
        ))  # fmt: skip
        links.append(link or Selection("sku", promised["sku"]))
    heads = (say("inspect.sku"), say("inspect.units"), say("inspect.state"), say("inspect.where"))
    title = Section(say("inspect.lines"), str(len(asked)))
    more: list[Block] = [Note(f"+{len(asked) - MOST_LINES}")] if len(asked) > MOST_LINES else []
    return [title, Table(heads, tuple(rows), (0.27, 0.12, 0.25, 0.36), tuple(links)), *more]


def _of_line(own: Sequence[Record], line: str) -> tuple[str, str, Selection | None]:
    """Status of a line, where it is, and what that can be inspected as."""
    status, where, link = "promised", "", None
    totes: set[str] = set()
    for r in own:
        kind = r["kind"]
        if r.get("line") == line:
            if kind == "LinePicked" and r["units"] > 0:
                status, where, link = "picked", r["location"], Selection("location", r["location"])
                totes.add(r["handling_unit"])
            elif kind == "LineShorted":
                status, where, link = "closed_short", r["reason"], None
            elif kind == "LineBackordered":
                status, where, link = "backordered", r["reason"], None
            elif kind == "LineCancelled":
                status, where, link = "cancelled", "", None
            elif kind == "PolicyDecided" and r["family"] == "allocation" and r.get("location"):
                status, where, link = "allocated", r["location"], Selection("location", r["location"])
        elif kind == "OrderReleased" and status in ("promised", "allocated"):
            status = "released"
        elif kind == "StationArrived" and r["handling_unit"] in totes:
            where, link = r["station"], Selection("station", r["station"])
        elif kind == "CartonClosed" and r.get("origin") in totes:
            totes.add(r["handling_unit"])
            status, where = "packed", r["handling_unit"]
        elif kind == "HandlingUnitStaged" and r["handling_unit"] in totes:
            status, where, link = "staged", r["location"], Selection("lane", r["location"])
        elif kind == "HandlingUnitLoaded" and r["handling_unit"] in totes:
            status, where, link = "loaded", r["trailer"], Selection("trailer", r["trailer"])
        elif kind == "GoodsLeft" and r["handling_unit"] in totes:
            status = "shipped"
    return status, where, link


def decided_about(facts: Sequence[Record], order: str) -> list[Record]:
    """Decisions about it, and those that its own facts name as their cause."""
    causes = {r["cause"] for r in facts if r.get("order") == order and "cause" in r}
    return [r for r in facts if r["kind"] == "PolicyDecided" and (r.get("order") == order or r["seq"] in causes)]


def _decisions(known: Known, facts: Sequence[Record], order: str) -> list[Block]:
    """What was decided about it up to now, the newest first."""
    about = decided_about([r for r in facts if r["seq"] <= known.moment.row], order)
    title = Section(known.say("inspect.decisions"), str(len(about)))
    if not about:
        return [title, Note(known.say("inspect.not_decided"))]
    found: list[Block] = [title, *asks_alternatives(known, order, [r["seq"] for r in decided_about(facts, order)])]
    for record in about[: -MOST_DECISIONS - 1 : -1]:
        found.append(decision(known, record, order))
    return found


def decision(known: Known, record: Record, order: str) -> Decision:
    """A decision as it is shown."""
    many = record.get("candidates")
    policy = word("policy", record["policy"], "en") if known.language == "en" else record["policy"]
    return Decision(
        record["seq"], record["at_ms"], known.clock(record["at_ms"]), word("family", record["family"], known.language),
        known.say("inspect.chose", policy=policy, choice=known.short(str(record["choice"]))),
        known.say("inspect.candidates", count=number(many)) if many else "",
        ranked_alternatives(known, record, order) or _on_record(known, record),
    )  # fmt: skip


def _on_record(known: Known, record: Record) -> tuple[tuple[str, str], ...]:
    """The alternatives on record, below what was taken with its own sort key where that is on record too."""
    others = alternatives(known, record)
    detail: Any = json.loads(record["detail"]) if others else {}
    if "key" not in detail:
        return others
    return ((known.say("inspect.taken", choice=known.short(str(record["choice"]))), str(detail["key"])), *others)


def alternatives(known: Known, record: Record) -> tuple[tuple[str, str], ...]:
    """What else could have been chosen with its score, or what was refused and why, out of a decision's `detail`."""
    try:
        detail: Any = json.loads(record.get("detail") or "{}")
    except ValueError:
        return ()
    if not isinstance(detail, dict):
        return ()
    found: list[tuple[str, str]] = []
    for one in detail.get("alternatives") or ():
        if isinstance(one, dict) and "choice" in one:
            score = one.get("score")
            text = (
                str(one.get("key", "")) if score is None else known.say("inspect.score", score=number(float(score), 1))
            )
            found.append((known.short(str(one["choice"])), text))
    refused = detail.get("rejected")
    if isinstance(refused, dict):
        found += [(word("reason", str(code), known.language), f"×{count}") for code, count in refused.items()]
    return tuple(found[:4])
