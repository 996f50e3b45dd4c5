"""One event in a line of the log: what happened, to whom and where, in either language."""

from __future__ import annotations

from dataclasses import dataclass

from visualizer.feed import Record
from visualizer.palette import Tone
from visualizer.view import Selection, Thing
from visualizer.words import Language, word

MARKED: dict[str, Tone] = {
    "WorkerAbsent": "warning", "EquipmentFailed": "bad", "EquipmentRepaired": "good", "ExceptionReported": "warning",
    "SlipMade": "warning", "SlipCaught": "good", "LineShorted": "bad", "LineBackordered": "warning",
    "OrderRefused": "bad", "OrderCancelled": "warning", "OrderChanged": "info", "LineCancelled": "warning",
    "StockAdjusted": "warning", "UnitsLost": "bad", "UnitsBlocked": "warning", "BeltBlocked": "warning",
    "DecisionRefused": "warning", "TaskSuspended": "warning", "CommandGiven": "info", "DecisionAsked": "info",
    "CommandAnswered": "info",
    "TrailerArrived": "info", "TrailerDocked": "info", "TrailerDeparted": "info", "PromiseChanged": "warning",
    "MessageDelayed": "warning", "LaneFull": "warning",
}  # fmt: skip
"""Kinds that stand out of the stream, with their colour."""

LOGGED = tuple(kind for kind in MARKED if kind not in ("SlipMade", "SlipCaught"))
"""Of these the log shows, unless all are asked for: slips come in pairs of made and caught, by the hundred."""

_SUBJECT: tuple[tuple[str, Thing], ...] = (
    ("worker", "worker"), ("order", "order"), ("trailer", "trailer"), ("station", "station"), ("location", "location"),
    ("equipment", "belt"), ("door", "door"), ("sku", "sku"),
)  # fmt: skip
_WORDS_OF_ACTION = {"WorkStarted": "work", "WorkEnded": "work", "TaskCreated": "work", "TaskAssigned": "work",
                    "TaskEnded": "work", "TaskSuspended": "work", "WorkerCheckedIn": "role", "WorkerAbsent": "role",
                    "TrailerArrived": "way", "TrailerDocked": "way", "TrailerDeparted": "way"}  # fmt: skip
_WORDS_OF_REASON = {"SlipMade": "slip", "SlipCaught": "slip", "ExceptionReported": "fault"}


@dataclass(frozen=True, slots=True)
class Told:
    """A line: `title` names the kind, `about` the rest. `subject` can be inspected."""

    seq: int
    at_ms: int
    title: str
    about: str
    tone: Tone
    subject: Selection | None


def short(name: str, one_site: bool = True) -> str:
    """An id as it is shown: without its site where there is only one."""
    return name.split("/", 1)[1] if one_site and "/" in name else name


def tell(record: Record, language: Language, one_site: bool = True, of: str | None = None) -> Told:
    """The line of an event; in a list of one thing's events (`of`) its own name is left out."""
    kind = record["kind"]
    return Told(
        record["seq"], record["at_ms"], word("event", kind, language),
        " · ".join(_about(record, language, one_site, of)), MARKED.get(kind, "text_3"), subject_of(record),
    )  # fmt: skip


def subject_of(record: Record) -> Selection | None:
    """What an event is about, of those things that can be inspected."""
    return next((Selection(thing, record[column]) for column, thing in _SUBJECT if column in record), None)


def _about(record: Record, language: Language, one_site: bool, of: str | None) -> list[str]:
    kind = record["kind"]
    parts: list[str] = []

    def add(column: str) -> None:
        if column in record and record[column] != of:
            parts.append(short(str(record[column]), one_site))

    add("worker")
    if "family" in record:
        parts.append(f"{word('family', record['family'], language)}: {short(str(record.get('choice', '')), one_site)}")
    elif kind == "CommandGiven":
        said = [
            word("order", record["action"], language),
            *(str(record[c]) for c in ("choice", "value") if c in record),
        ]
        parts.append(" ".join(said))
    elif kind == "CommandAnswered":
        parts.append(f"{word('order', record['action'], language)}: {word('deed_status', record['status'], language)}")
    elif "action" in record:
        group = _WORDS_OF_ACTION.get(kind, "check" if kind == "SlipCaught" else "work")
        parts.append(word(group, record["action"], language))
    add("line" if "line" in record else "order")
    if "sku" in record:
        units, sku = record.get("units"), record["sku"]
        parts.append(sku if units is None else f"{units}" if sku == of else f"{units} × {sku}")
    if "origin" in record and "destination" in record:
        parts.append(f"{short(record['origin'], one_site)} → {short(record['destination'], one_site)}")
    for column in ("trailer", "door", "station", "equipment", "location"):
        if column == "location" and "family" in record:
            continue
        add(column)
    if "handling_unit" in record and not ({"order", "line"} & record.keys()):
        add("handling_unit")
    if "reason" in record:
        parts.append(word(_WORDS_OF_REASON.get(kind, "reason"), record["reason"], language))
    return [p for p in parts if p]
