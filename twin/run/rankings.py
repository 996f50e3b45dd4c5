"""What else a recorded decision could have been: its run is repeated and its policy asked again, watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from math import inf
from pathlib import Path
from typing import Any

from twin.domain.errors import JournalError
from twin.events.reading import read_events
from twin.policies.snapshots import UNLIMITED, to_json
from twin.policies.why import ranked, watched
from twin.run.replay import Asked, Recorded, again, recorded_run

_COLUMNS = ("seq", "at_ms", "site", "family", "policy", "choice", "detail")
_OF_EVERY_SNAPSHOT = frozenset({"now_ms", "book_version", "left_out"})
NAMED_AT_MOST = 3
BY_HAND = '"actor"'
"""In the detail of what a person decided: no policy was asked."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates with their sort keys, the least first: those that were taken, and those that were not.

    `others` are ranked as those taken were, all of them. A policy that does not rank single candidates gives none.
    `seen`: what it was asked with, field by field, in a few words.
    """

    chosen: tuple[tuple[str, Any], ...] = ()
    others: tuple[tuple[str, Any], ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    seen: tuple[tuple[str, str], ...] = ()


def rankings(folder: Path, seqs: Iterable[int], own: Mapping[str, Any] | None = None) -> dict[int, Ranking]:
    """The ranking behind each of these decisions; what no policy was asked about is left out.

    The whole run is repeated, once: JournalError if its digest is another, or if a number is no decision.
    """
    rows = _decisions(folder, sorted(set(seqs)))
    recorded = recorded_run(folder, own)
    return {seq: _ranked(asked, recorded) for seq, asked in _asked(recorded, rows).items()}


def _decisions(folder: Path, seqs: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    found = read_events(folder, _COLUMNS, ["PolicyDecided"]).columns
    place = {int(seq): n for n, seq in enumerate(found["seq"])}
    for seq in seqs:
        if seq not in place:
            raise JournalError(f"{folder}: no decision has the number {seq}; `twin decisions {folder}` lists them")
    return {seq: {column: found[column][place[seq]] for column in _COLUMNS} for seq in seqs}


def _asked(recorded: Recorded, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, Asked]:
    """The last question before each record, of the same site and family at the same instant."""
    last: dict[int, Asked] = {}
    waiting = [
        (seq, str(row["site"]), str(row["family"])) for seq, row in rows.items() if BY_HAND not in (row["detail"] or "")
    ]

    def heard(asked: Asked) -> None:
        while waiting and waiting[0][0] < asked.from_seq:
            waiting.pop(0)
        for seq, site, family in waiting:
            if site == asked.site and family == asked.ref.family:
                last[seq] = asked

    again(recorded, heard, frozenset(family for _, _, family in waiting))
    return {
        seq: asked
        for seq, asked in last.items()
        if asked.snapshot.now_ms == rows[seq]["at_ms"] and asked.ref.name == rows[seq]["policy"]
    }


def _ranked(asked: Asked, recorded: Recorded) -> Ranking:
    with watched() as keys:
        decision = asked.policy(asked.snapshot)
    told = to_json(decision)
    if told != to_json(asked.decision):
        raise JournalError(
            f"{recorded.folder}: {asked.ref.family}={asked.ref.name}, asked the same again, answers otherwise: its "
            f"decisions cannot be told"
        )
    refused = [row for key in ("rejected", "held") for row in told.pop(key, None) or ()]
    taken = set(_words(told))
    called = _called(asked.snapshot)
    chosen, others = ranked(keys, taken)
    return Ranking(
        tuple((called.get(subject, subject), key) for subject, key in chosen),
        tuple((called.get(subject, subject), key) for subject, key in others),
        tuple((called.get(row["subject"], row["subject"]), row["code"]) for row in refused),
        seen_of(asked.snapshot),
    )


def seen_of(snapshot: Any) -> tuple[tuple[str, str], ...]:
    """A snapshot in a few words, beside the time: numbers and names as they are, of many things how many."""
    return tuple(
        (field.name, _in_short(getattr(snapshot, field.name)))
        for field in fields(snapshot)
        if field.name not in _OF_EVERY_SNAPSHOT
    )


def _in_short(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return UNLIMITED if value == inf else f"{value:g}"
    if isinstance(value, tuple | frozenset):
        few = len(value) <= NAMED_AT_MOST and all(isinstance(one, str) for one in value)
        return ", ".join(sorted(value)) if few and value else str(len(value))
    if is_dataclass(value):
        return _in_short(getattr(value, fields(value)[0].name))
    return str(value)


def _words(told: Any) -> Iterable[str]:
    """Every name in a decision."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for part in told.values():
            yield from _words(part)
    elif isinstance(told, list | tuple):
        for part in told:
            yield from _words(part)


def _called(snapshot: Any) -> dict[str, str]:
    """Stock by where it lies and its lot, as people call it; everything else has its own name."""
    return {
        stock.stock: f"{stock.location} · {stock.lot}" if stock.lot else stock.location
        for stock in getattr(snapshot, "stock", ())
        if hasattr(stock, "stock") and hasattr(stock, "location")
    }
