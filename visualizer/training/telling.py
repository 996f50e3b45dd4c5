"""Commands, figures and minutes of an exercise in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from twin.domain.refusals import Refusal
from visualizer.training.exercise import Both, Offer, PartName
from visualizer.words import CATALOGUE, LANGUAGES, Language, say, word

_GROUP: Final = {
    "role": "role", "from_role": "role", "to_role": "role", "family": "family", "work": "work", "method": "method",
    "status": "status",
}  # fmt: skip
"""Values of a command that have words of their own."""
_UNITS: Final[dict[PartName, str]] = {
    "service": "train.figure_service", "cost": "train.figure_cost", "congestion": "train.figure_congestion",
    "reaction": "train.figure_reaction",
}  # fmt: skip


def in_words(offer: Offer, language: Language) -> str:
    """What an order or an incident is."""
    return say(offer.key, language, **_worded(_shown(offer.values, language), language))


def _worded(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Values in words; a pair is said in one of its languages."""
    pairs = {name: both(value, language) for name, value in values.items() if isinstance(value, tuple)}
    return {
        name: word(_GROUP[name], str(value), language) if name in _GROUP else value for name, value in values.items()
    } | pairs


def why(reason: str, language: Language) -> str:
    """Why something was refused. What is no Refusal is said as it stands."""
    if not isinstance(reason, Refusal):
        return reason
    return say(f"refused.{reason.code}", language, **_worded(_shown(reason.values, language), language))


def _shown(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Lists as names side by side."""
    comma = ", " if language == "en" else "、"
    return {
        name: comma.join(_one(name, str(one), language) for one in value) or "–" if isinstance(value, list) else value
        for name, value in values.items()
    }


def _one(name: str, value: str, language: Language) -> str:
    """A name of a list: families, checks and what orders are chosen by have words."""
    if name == "chosen":
        key, _, of = value.partition(" ")
        return f"{word('chosen', key, language)} {of}"
    group = {"known": "family", "checks": "check"}.get(name, name)
    return word(group, value, language) if f"{group}.{value}" in CATALOGUE else value


def both(words: Both, language: Language) -> str:
    """One of a pair."""
    return words[LANGUAGES.index(language)]


def figure(part: PartName, value: float | None, language: Language, *, sees_floor: bool = True) -> str:
    """The figure of a part with its unit. Who does not see the floor is told of late orders, not of imperfect ones."""
    if value is None:
        return "–"
    shown = f"{value * 100:.1f}" if part == "service" else f"{value:.2f}" if part == "cost" else f"{value:.1f}"
    unit = "train.figure_late" if part == "service" and not sees_floor else _UNITS[part]
    return say(unit, language, value=shown)


def reacted(minutes: float | None, reference: float | None, language: Language) -> str:
    """After how long somebody answered, and the reference did."""
    said = say("debrief.no_reaction" if minutes is None else "debrief.reaction", language,
               **({} if minutes is None else {"time": _minutes(minutes, language)}))  # fmt: skip
    if reference is None:
        return said
    return say("debrief.beside", language, said=said, reference=_minutes(reference, language))


def _minutes(value: float, language: Language) -> str:
    return f"{value:.1f} min" if language == "en" else f"{value:.1f} 分钟"
