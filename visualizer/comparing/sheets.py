"""What a decision, or an event, was on one side, with all in which the other side differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visualizer.comparing.differing import columns_that_differ
from visualizer.drawing.written import NOTHING, lasting, number
from visualizer.feed import Ranking, Record
from visualizer.inspecting.blocks import Ask, Block, Cell, Event, Heading, Note, Row, Section, Table
from visualizer.inspecting.known import Known
from visualizer.inspecting.order import alternatives
from visualizer.inspecting.order_alternatives import asks_policy, rejected_of
from visualizer.palette import Tone
from visualizer.panels.telling import subject_of, tell
from visualizer.stored.fingerprints import COMPARED, SUBJECT
from visualizer.words import CATALOGUE, word

CAME_ROWS = 64
"""How many events behind a decision are looked through for what came of it at once."""
CAME_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What the repeated runs told of a decision on this side and on the other; `ask` is what stands before they do."""

    mine: Ranking | None = None
    theirs: Ranking | None = None
    ask: tuple[Block, ...] = ()


def asked_for(place: int, *sides: tuple[Known, Record | None]) -> tuple[Block, ...]:
    """The line by which both runs are asked what else they could have decided, or that they are being repeated."""
    asking = [(known, record) for known, record in sides if asks_policy(record)]
    if any(known.asking.is_coming(("alternatives", record["seq"])) for known, record in asking):
        return (Note(asking[0][0].say("inspect.asking_alternatives")),)
    left = [
        known for known, record in asking
        if known.feed.alternatives is not None and known.asking.answered(("alternatives", record["seq"])) is None
    ]  # fmt: skip
    return (Ask(left[0].say("compare.ask"), "alternatives_of_both", place),) if left else ()


def decision_sheet(
    known: Known, mine: Record | None, theirs: Record | None, asked: Asked | None = None
) -> list[Block]:  # fmt: skip
    """A decision as one run took it: the facts before it, the choice, its score, what else could have been."""
    asked = asked or Asked()
    say = known.say
    if mine is None:
        other = theirs or {}
        return [Heading(_family(known, other), "", sign="diamond_hollow"), Note(say("compare.took_none"), "warning")]
    blocks: list[Block] = [
        Heading(_family(known, mine), _subject(known, mine), known.clock(mine["at_ms"]), "info", sign="diamond")
    ]

    def row(label: str, column: str, shown: str) -> None:
        differs = theirs is not None and mine.get(column) != theirs.get(column)
        tone: Tone = "warning" if differs else "text"
        blocks.append(Row(say(label), shown, tone, link=subject_of(mine) if column == "choice" else None))

    policy = mine.get("policy") or mine.get("actor", "")
    row("compare.policy", "policy", word("policy", policy, "en") if known.language == "en" else policy)
    row("compare.candidates", "candidates", number(mine.get("candidates")))
    row("compare.choice", "choice", known.short(str(mine.get("choice", mine.get("action", "")))))
    row("inspect.units", "units", number(mine.get("units")))
    score = mine.get("score")
    row("compare.score", "score", number(score, 0 if score is None or score == int(score) else 1))
    if asked.mine is not None:
        return [*blocks, *_seen(known, asked.mine, asked.theirs), *_ranked(known, asked.mine), *_came(known, mine)]
    others = alternatives(known, mine)
    blocks.append(Section(say("compare.alternatives"), str(len(others)) if others else ""))
    if not others and not asked.ask:
        blocks.append(Note(say("compare.no_alternatives")))
    blocks += [Row(score or NOTHING, choice, "text_2") for choice, score in others]
    return [*blocks, *asked.ask, *_came(known, mine)]


def _seen(known: Known, mine: Ranking, theirs: Ranking | None) -> list[Block]:
    """The snapshot that the policy was asked with, field by field; what the other one had otherwise is marked."""
    other = None if theirs is None else dict(theirs.seen)
    rows: list[Block] = []
    for name, value in mine.seen:
        unlike = other is not None and other.get(name) != value
        label = word("snapshot", name, known.language)
        rows.append(Row(label, _written(known, name, value), "warning" if unlike else "text_2"))
    return [Section(known.say("compare.seen")), *rows]


def _written(known: Known, name: str, value: str) -> str:
    """A field as people write it: times of day and lengths of time instead of milliseconds."""
    if name.endswith("_ms") and name != "travel_ms" and value.isdigit():
        return known.clock(int(value)) if name.endswith(("_at_ms", "_ends_ms")) else lasting(int(value))
    said = f"told.{value}"
    return known.say(said) if said in CATALOGUE else known.short(value)


def _ranked(known: Known, found: Ranking) -> list[Block]:
    """Candidates with their sort keys, that taken first; then who was rejected, and why."""
    rows = [(Cell(known.say("inspect.taken", choice=known.short(name))), Cell(key)) for name, key in found.chosen[:1]]
    rows += [(Cell(known.short(name), "text_2"), Cell(key, "text_2")) for name, key in found.others]
    rows += [(Cell(name, "text_3"), Cell(why, "text_3")) for name, why in rejected_of(known, found)]
    title = Section(known.say("compare.alternatives"), str(len(found.others)) if found.others else "")
    if not rows:
        return [title, Note(known.say("inspect.not_ranked"))]
    heads = (known.say("compare.candidate"), known.say("compare.key"))
    return [title, Table(heads, tuple(rows), (0.5, 0.5))]


def _family(known: Known, record: Record) -> str:
    if record.get("kind") == "CommandGiven":
        return word("event", "CommandGiven", known.language)
    return word("family", str(record.get("family", "")), known.language)


def _subject(known: Known, record: Record) -> str:
    named = [str(record[c]) for c in SUBJECT if c in record and record[c] != record.get("choice")]
    if not named and record["kind"] == "CommandGiven":
        named = [str(record[c]) for c in ("action", "detail") if c in record]
    return " · ".join(known.short(name) for name in named)


def _came(known: Known, mine: Record) -> list[Block]:
    """What came of it at once: the tour that began, the orders of a batch."""
    seq = mine["seq"]
    near: Sequence[Record] | None = known.asking.answer(
        ("came", seq), lambda: known.feed.records(seq + 1, seq + CAME_ROWS)
    )
    came = [r for r in near or () if r.get("cause") == seq]
    if not came:
        return []
    more = f"+{len(came) - CAME_SHOWN}" if len(came) > CAME_SHOWN else ""
    found: list[Block] = [Section(known.say("compare.came"), more)]
    for record in came[:CAME_SHOWN]:
        found.append(Event(tell(record, known.language, known.one_site), known.clock(record["at_ms"])))
        if record.get("value_unit") == "mm":
            metres = number(record["value"] / 1000, 1)
            found.append(Row(known.say("compare.length"), known.say("unit.m", n=metres), "text_2"))
    return found


def event_sheet(known: Known, mine: Record | None, theirs: Record | None) -> list[Block]:
    """An event, column by column."""
    if mine is None:
        return [Heading(known.say("compare.nothing_here"), sign="circle_hollow")]
    unlike = columns_that_differ(mine, theirs) if theirs is not None else ()
    told = tell(mine, known.language, known.one_site)
    blocks: list[Block] = [
        Heading(told.title, known.say("compare.record", seq=number(mine["seq"])), known.clock(mine["at_ms"]), "bad")
    ]
    for column in COMPARED:
        if column in mine or column in unlike:
            value = mine.get(column)
            shown = NOTHING if value is None else known.short(str(value))
            blocks.append(Row(column, shown, "warning" if column in unlike else "text_2"))
    return blocks
