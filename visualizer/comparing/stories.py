"""One order's two stories: the pages of both runs, brought to the same lines, with what differs marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from twin.observers.time_parts import PARTS
from visualizer.drawing.written import MINUS, NOTHING, lasting, number
from visualizer.feed import Record
from visualizer.inspecting.blocks import Block, Event, Gap, Heading, Part, Parts, Row, Section, Table
from visualizer.inspecting.known import Known
from visualizer.inspecting.order import facts_known, order_page
from visualizer.inspecting.order_facts import OrderTime, time_of_order
from visualizer.panels.telling import tell
from visualizer.words import Language, say, word

Both = tuple[list[Block], list[Block]]
_SAME_STEP: Final = ("kind", "line", "location", "station", "door", "family", "choice", "reason", "status", "units")
"""What makes two events the same step of two stories; when and by whom may differ."""


def known_of(known: Known, order: str) -> int:
    """How many of the facts that an order's story rests on are known by now."""
    facts = facts_known(known, order) or ()
    return bisect_right(facts, known.moment.row, key=lambda r: int(r["seq"]))


@dataclass(frozen=True, slots=True)
class Stories:
    """Both pages; `over`: the order has left in both runs, or was given up, and its story changes no more."""

    pages: Both
    over: bool = False


def stories(a: Known, b: Known, order: str) -> Stories:
    """The pages of an order, with the same blocks in the same places on both sides."""
    times = _time(a, order), _time(b, order)
    pages = order_page(a, order, times[0]), order_page(b, order, times[1])
    if times[0] is None or times[1] is None:
        return Stories(pages)
    found: Both = ([], [])
    for mine, page in zip(found, pages, strict=True):
        mine += [block for block in page if isinstance(block, Heading)][:1]
    for mine, rows in zip(found, _rows(*pages), strict=True):
        mine += rows
    for n, (mine, known) in enumerate(zip(found, (a, b), strict=True)):
        time, other = times[n], times[1 - n]
        assert time is not None and other is not None
        mine.append(parts(known, time, other, is_b=n == 1))
    for mine, table in zip(found, _tables(*pages), strict=True):
        mine += table
    for mine, events in zip(found, _events(a, b, order), strict=True):
        mine += events
    return Stories(found, over=all(time is not None and time.state != "open" for time in times))


def _time(known: Known, order: str) -> OrderTime | None:
    facts = facts_known(known, order)
    return None if facts is None else time_of_order(facts, order, known.moment.row, known.moment.at_ms)


def parts(known: Known, time: OrderTime, other: OrderTime, *, is_b: bool) -> Parts:
    """Where its time went, with the parts of either run; those that are not the same are marked.

    On the side of B each says what it is more than in A, and these add up to what the whole is more.
    """
    found = []
    for name, part in PARTS.items():
        ms, theirs = time.parts_ms.get(name, 0), other.parts_ms.get(name, 0)
        if not ms and not theirs:
            continue
        value = lasting(ms)
        if is_b and ms != theirs:
            value = f"{value} ({change(ms - theirs, known.language)})"
        share = ms / time.whole_ms if time.whole_ms else 0.0
        found.append(Part(word("part", name, known.language), value, share, part.kind == "wait", ms != theirs))
    whole = lasting(time.whole_ms)
    if is_b and time.whole_ms != other.whole_ms:
        whole = f"{whole} ({change(time.whole_ms - other.whole_ms, known.language)})"
    return Parts(known.say("inspect.time"), whole, tuple(found))


def change(ms: int, language: Language) -> str:
    """A difference of times with its sign; under half a second in milliseconds."""
    if abs(ms) < 500:
        return say("unit.ms", language, n=number(ms, signed=True))
    return f"{'+' if ms > 0 else MINUS}{lasting(abs(ms))}"


def _rows(a: Sequence[Block], b: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The rows of both under the same labels; a value that is not the same is marked."""
    rows_a, rows_b = ({row.label: row for row in page if isinstance(row, Row)} for page in (a, b))
    labels = _merged(list(rows_a), list(rows_b))
    return _of(labels, rows_a, rows_b), _of(labels, rows_b, rows_a)


def _of(labels: Iterable[str], mine: Mapping[str, Row], theirs: Mapping[str, Row]) -> list[Block]:
    found: list[Block] = []
    for label in labels:
        row, other = mine.get(label), theirs.get(label)
        if row is None:
            found.append(Row(label, NOTHING, "text_3"))
        else:
            found.append(row if other is not None and other.value == row.value else replace(row, tone="warning"))
    return found


def _merged(a: list[str], b: list[str]) -> list[str]:
    """Labels of both, in an order that both agree with where they can."""
    found: list[str] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        found += a[a0:a1]
        if tag != "equal":
            found += b[b0:b1]
    return list(dict.fromkeys(found))


def _tables(a: Sequence[Block], b: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The lines of the order; a cell that is not the same is marked."""
    one, other = (next((block for block in page if isinstance(block, Table)), None) for page in (a, b))
    if one is None or other is None:
        return [], []
    titles = (_title(a), _title(b))
    return [titles[0], _marked(one, other)], [titles[1], _marked(other, one)]


def _title(page: Sequence[Block]) -> Section:
    """The section before the first table."""
    place = next(n for n, block in enumerate(page) if isinstance(block, Table))
    title = page[place - 1]
    assert isinstance(title, Section)
    return title


def _marked(mine: Table, theirs: Table) -> Table:
    rows = []
    for n, row in enumerate(mine.rows):
        other = theirs.rows[n] if n < len(theirs.rows) else ()
        rows.append(tuple(
            replace(cell, tone="warning") if c >= len(other) or other[c].text != cell.text else cell
            for c, cell in enumerate(row)
        ))  # fmt: skip
    return replace(mine, rows=tuple(rows))


# --- events -----------------------------------------


def steps(a: Sequence[Record], b: Sequence[Record]) -> list[tuple[Record | None, Record | None]]:
    """Events of both, the same step of the story in the same line; None where a side has none."""
    keys_a, keys_b = ([tuple(r.get(c) for c in _SAME_STEP) for r in side] for side in (a, b))
    found: list[tuple[Record | None, Record | None]] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(a[a0:a1], b[b0:b1], strict=True)
        else:
            found += [(record, None) for record in a[a0:a1]]
            found += [(None, record) for record in b[b0:b1]]
    return found


def _events(a: Known, b: Known, order: str) -> tuple[list[Block], list[Block]]:
    own = []
    for known in (a, b):
        facts = facts_known(known, order) or ()
        own.append([
            r for r in facts
            if r["seq"] <= known.moment.row and r.get("order") == order and (known.sees_floor or r["side"] == "book")
        ])  # fmt: skip
    pairs = steps(*own)
    unlike = sum(one is None or other is None or one["at_ms"] != other["at_ms"] for one, other in pairs)
    found: tuple[list[Block], list[Block]] = ([], [])
    for n, known in enumerate((a, b)):
        right = known.say("compare.steps", unlike=unlike, count=len(pairs))
        found[n].append(Section(known.say("inspect.history"), right))
        for pair in pairs:
            found[n].append(_event(known, pair[n], pair[1 - n], is_b=n == 1))
    return found


def _event(known: Known, mine: Record | None, theirs: Record | None, *, is_b: bool) -> Block:
    if mine is None:
        return Gap()
    told = tell(mine, known.language, known.one_site)
    if theirs is None:
        told = replace(told, tone="warning")
    elif mine["at_ms"] != theirs["at_ms"]:
        later = f"{change(mine['at_ms'] - theirs['at_ms'], known.language)} · " if is_b else ""
        told = replace(told, tone="info", about=later + told.about)
    else:
        told = replace(told, tone="text_3")
    return Event(told, known.clock(mine["at_ms"]))
