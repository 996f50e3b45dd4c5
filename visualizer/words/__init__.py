"""Everything the screen says, in English and Chinese: one catalogue of `key -> (en, zh)`."""

from __future__ import annotations

import re
from typing import Final, Literal

from visualizer.words import (
    comparing,
    controls,
    figures,
    floor,
    happenings,
    refusals,
    rejections,
    screens,
    snapshots,
    training,
    window,
)

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
Pair = tuple[str, str]


def _joined(*parts: dict[str, Pair]) -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for part in parts:
        twice = found.keys() & part.keys()
        if twice:
            raise ValueError(f"said twice: {sorted(twice)}")
        found |= part
    return found


CATALOGUE: Final[dict[str, Pair]] = _joined(
    screens.WORDS,
    comparing.WORDS,
    floor.WORDS,
    happenings.WORDS,
    figures.WORDS,
    controls.WORDS,
    training.WORDS,
    window.WORDS,
    rejections.WORDS,
    refusals.WORDS,
    snapshots.WORDS,
)


def say(key: str, language: Language, /, **values: object) -> str:
    """The words of a key with its placeholders filled; KeyError where there are none."""
    text = CATALOGUE[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def word(group: str, name: str, language: Language, /) -> str:
    """The word for a name out of the stream, as `word("role", "picker", "zh")`; an unknown name is shown as written."""
    pair = CATALOGUE.get(f"{group}.{name}")
    if pair is not None:
        return pair[LANGUAGES.index(language)]
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).strip().capitalize()


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{(\w+)[^{}]*\}", text))
