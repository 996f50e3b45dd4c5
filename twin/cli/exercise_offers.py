"""What can be ordered and what can be let go wrong in an exercise, as a list that typing narrows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

from twin.policies.named import ASKED, FAMILIES
from twin.run.lesson_file import Lesson
from twin.spec.people import ROLES
from visualizer.training.exercise import Offer
from visualizer.training.telling import in_words
from visualizer.view import Selection
from visualizer.words import LANGUAGES

SHOWN = 60
BEFORE_THE_DAY = ("slotting", "promising")
"""Families of which a change in the middle of a shift does nothing, or only for orders to come."""
CHECKS: tuple[tuple[str, ...], ...] = ((), ("scale",), ("every_unit",), ("label",), ("scale", "label"),
                                       ("scale", "every_unit", "label"))  # fmt: skip
WORKS = ("picking", "receiving", "putaway", "replenishing", "counting")
_NUMBER = re.compile(r"\d+")


def number_in(text: str, otherwise: int) -> int:
    """The first number that was typed."""
    found = _NUMBER.search(text)
    return max(1, min(1000, int(found.group()))) if found else otherwise


def narrowed(offers: Iterator[Offer], text: str) -> list[Offer]:
    """Those that hold every word that was typed, in either language or in the command; first where in that order."""
    wanted = _NUMBER.sub(" ", text).casefold().split()
    as_typed: list[Offer] = []
    otherwise: list[Offer] = []
    for offer in offers:
        command = " ".join(map(str, offer.command.values()))
        said = [text.casefold() for text in (*(in_words(offer, language) for language in LANGUAGES), command)]
        if any(_in_order(wanted, one) for one in said):
            as_typed.append(offer)
        elif all(any(part in one for one in said) for part in wanted):
            otherwise.append(offer)
    return [*as_typed, *otherwise][:SHOWN]


def _in_order(parts: Sequence[str], text: str) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


class Offers:
    """Made of what the lesson's scenario has: roles, stations, carriers, aisles."""

    def __init__(self, lesson: Lesson, stations: Sequence[str], aisles: Sequence[str]) -> None:
        spec = lesson.loaded.spec
        self.roles = roles_of(spec)
        self.carriers = [c.name for c in spec.carriers]
        self.stations, self.aisles = stations, aisles

    def orders(self, text: str, chosen: Selection | None) -> list[Offer]:
        """What a supervisor may do now."""
        return narrowed(self._orders(number_in(text, 1), chosen), text)

    def incidents(self, text: str) -> list[Offer]:
        """What may go wrong now."""
        return narrowed(self._incidents(text), text)

    def _orders(self, count: int, chosen: Selection | None) -> Iterator[Offer]:
        if chosen is not None and chosen.kind == "order":
            for action in ("hold_order", "release_order", "cancel_order"):
                yield _offer(action, order=chosen.name)
        if chosen is not None and chosen.kind == "location":
            yield _offer("call_count", location=chosen.name)
        for a, b in permutations(self.roles, 2):
            yield _offer("move_workers", count=count, from_role=a, to_role=b)
        for role in self.roles:
            yield _offer("add_workers", role=role, count=count)
        yield from self._work()
        for station in self.stations:
            yield _offer("set_benches", station=station, benches=count)
            yield _offer("open_station", station=station)
            yield _offer("close_station", station=station)
        for checks in CHECKS:
            yield Offer("deed.set_checks", {"action": "set_checks", "checks": checks},
                        {"checks": list(checks)})  # fmt: skip
        for work in WORKS:
            for method in ("barcode", "paper"):
                yield _offer("set_method", work=work, method=method)
        for family in ASKED:
            if family not in BEFORE_THE_DAY:
                for name in (*FAMILIES[family].classes, *FAMILIES[family].installed):
                    yield _offer("change_policy", family=family, name=name)

    def _work(self) -> Iterator[Offer]:
        for action in ("release_work", "hold_work"):
            yield Offer(f"deed.{action}_all", {"action": action})
            yield Offer(f"deed.{action}_urgent", {"action": action, "priority": 1})
            for carrier in self.carriers:
                yield _offer(action, carrier=carrier)

    def _incidents(self, text: str) -> Iterator[Offer]:
        minutes, count = number_in(text, 10), number_in(text, 2)
        for kind in ("device", "conveyor", "wms_outage", "network"):
            command = {"action": "inject_fault", "kind": kind, "duration_s": minutes * 60.0}
            yield Offer(f"deed.fault_{kind}", command, {"minutes": minutes})
        for role in self.roles:
            yield _offer("absent_workers", role=role, count=count)
        rush = number_in(text, 30)
        yield _offer("rush_orders", count=rush, due_min=120.0)
        for carrier in self.carriers:
            yield _offer("late_truck", carrier=carrier, delay_min=float(number_in(text, 30)))
        yield _offer("late_trailer", delay_min=float(number_in(text, 30)))
        for aisle in self.aisles:
            yield Offer("deed.block_aisle", {"action": "block_aisle", "aisle": aisle, "duration_s": minutes * 60.0},
                        {"aisle": aisle, "minutes": minutes})  # fmt: skip


def _offer(action: str, **values: Any) -> Offer:
    return Offer(f"deed.{action}", {"action": action, **values}, values)


def roles_of(spec: Any) -> list[str]:
    """The roles that somebody has in the scenario, in the order of the workforce."""
    found = []
    for field, role in ROLES.items():
        crews = getattr(spec.workforce, field)
        if any(crew.count for crew in (crews if isinstance(crews, tuple | list) else (crews,))):
            found.append(role)
    return found


def told(command: dict[str, Any]) -> Offer:
    """A command on record as an offer, for its words."""
    values = {k: v for k, v in command.items() if k not in ("at_ms", "at", "action", "actor", "site", "rules")}
    action = str(command["action"])
    if action == "inject_fault":
        return Offer(f"deed.fault_{values['kind']}", command, {"minutes": round(values.get("duration_s", 300) / 60)})
    if action == "block_aisle":
        return Offer("deed.block_aisle", command, {"aisle": values["aisle"],
                                                   "minutes": round(values["duration_s"] / 60)})  # fmt: skip
    if action == "set_checks":
        return Offer("deed.set_checks", command, {"checks": list(values["checks"])})
    if action in ("hold_work", "release_work"):
        if "carrier" in values and len(values) == 1:
            return Offer(f"deed.{action}", command, values)
        if not values:
            return Offer(f"deed.{action}_all", command)
        if values == {"priority": 1}:
            return Offer(f"deed.{action}_urgent", command)
        return Offer(f"deed.{action}", command, {"carrier": ", ".join(f"{k} {v}" for k, v in values.items())})
    return Offer(f"deed.{action}", command, values)
