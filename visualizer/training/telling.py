"""Commands, figures and minutes of an exercise in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from visualizer.training.exercise import Both, Offer, PartName
from visualizer.words import LANGUAGES, Language, say, word

_GROUP: Final = {
    "role": "role", "from_role": "role", "to_role": "role", "family": "family", "work": "work", "method": "method",
}  # fmt: skip
"""Values of a command that have words of their own."""
_UNITS: Final[dict[PartName, str]] = {
    "service": "train.figure_service", "cost": "train.figure_cost", "congestion": "train.figure_congestion",
    "reaction": "train.figure_reaction",
}  # fmt: skip


def in_words(offer: Offer, language: Language) -> str:
    """What an order or an incident is."""
    return say(offer.key, language, **_worded(offer.values, language))


def _worded(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Values in words; a pair is said in one of its languages."""
    pairs = {name: both(value, language) for name, value in values.items() if isinstance(value, tuple)}
    return {
        name: word(_GROUP[name], str(value), language) if name in _GROUP else value for name, value in values.items()
    } | pairs


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


def minutes(value: float | None, language: Language) -> str:
    """After how long somebody answered."""
    if value is None:
        return say("debrief.no_reaction", language)
    return say("debrief.reaction", language, time=f"{value:.1f} min" if language == "en" else f"{value:.1f} 分钟")
