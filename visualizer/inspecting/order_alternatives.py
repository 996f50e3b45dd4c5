"""What else decisions could have been, those about an order or one alone: the recorded run is repeated when asked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeGuard

from visualizer.feed import Feed, Ranking, Record
from visualizer.inspecting.blocks import Ask, Block, Note
from visualizer.inspecting.known import Known
from visualizer.panels.asking import Asking
from visualizer.words import word

REJECTED_NAMED = 2


def ask_alternatives(asking: Asking, feed: Feed, about: Hashable, seqs: Sequence[int]) -> None:
    """Ask once for all decisions about an order, or for one; what failed is asked again."""
    ask = feed.alternatives
    key = ("alternatives", about)
    if ask is None or asking.is_coming(key) or asking.answered(key) is not None:
        return
    asking.answer(key, lambda: ask(seqs, feed.events), again=True, takes_long=True)


def asks_alternatives(known: Known, order: str, seqs: Sequence[int]) -> list[Block]:
    """The line by which to ask, or how far the answer is."""
    key = ("alternatives", order)
    if known.asking.answered(key) is not None:
        return []
    if known.asking.is_coming(key):
        return [Note(known.say("inspect.asking_alternatives"))]
    if known.feed.alternatives is not None:
        return [Ask(known.say("inspect.ask_alternatives"), "alternatives", (order, tuple(seqs)))]
    return [Note(known.say("inspect.alternatives_later"))] if known.feed.live else []


def asks_policy(record: Record | None) -> TypeGuard[Record]:
    """Whether it is a decision of a policy: that can be asked again."""
    return record is not None and record["kind"] == "PolicyDecided"


def ranking_of(known: Known, record: Record | None) -> Ranking | None:
    """The ranking behind one decision that was asked about alone; None before it is known, or if there is none."""
    if record is None:
        return None
    told: Mapping[int, Ranking] | None = known.asking.answered(("alternatives", record["seq"]))
    return None if told is None else told.get(record["seq"])


def ranked_alternatives(known: Known, record: Record, about: Hashable) -> tuple[tuple[str, str], ...]:
    """What was taken with its sort key, the next best with theirs, and who was rejected; empty before it is known."""
    told: Mapping[int, Ranking] | None = known.asking.answered(("alternatives", about))
    if told is None:
        return ()
    found = told.get(record["seq"])
    if found is None:
        return ((known.say("inspect.no_policy_asked"), ""),)
    rows = [(known.say("inspect.taken", choice=known.short(name)), key) for name, key in found.chosen[:1]]
    rows += [(known.short(name), key) for name, key in found.others]
    return (*rows, *rejected_of(known, found)) or ((known.say("inspect.not_ranked"), ""),)


def rejected_of(known: Known, found: Ranking) -> list[tuple[str, str]]:
    """Why some were rejected, and the first of them."""
    by_code: dict[str, list[str]] = {}
    for name, code in found.rejected:
        by_code.setdefault(code, []).append(known.short(name))
    rows = []
    for code, names in by_code.items():
        more = f" +{len(names) - REJECTED_NAMED}" if len(names) > REJECTED_NAMED else ""
        rows.append((f"× {word('rejection', code, known.language)}", ", ".join(names[:REJECTED_NAMED]) + more))
    return rows
