"""Charts at the size of a slide, 1600 by 900; the title says what was found."""

from __future__ import annotations

from experiments.comparison import Comparison
from experiments.phrases import Language
from experiments.report import charts
from experiments.report.words import WORDS, part_name
from experiments.sensitivity import Sensitivity
from experiments.sentences import advice, change, claim

SIZE, DPI = (16.0, 9.0), 100
TITLE_LETTERS = 110


def slides(comparison: Comparison, found: Sensitivity | None = None, language: Language = "en") -> dict[str, bytes]:
    """PNG pictures by file name."""
    words = WORDS[language]
    base, arm = comparison.baseline.name, comparison.arms[1].name
    finding = advice(comparison.of(arm), arm, base, language)
    first = claim(comparison.differences[0], base, len(comparison.differences), language)
    with charts.styled(language):
        figures = {
            "1-differences": (charts.forest(comparison, language), finding),
            "2-percentiles": (charts.percentiles(comparison, language), first),
            "3-over-the-day": (charts.series(comparison, language), words["series"]),
            "4-where-the-time-goes": (charts.parts(comparison, language), _largest_part(comparison, language)),
            "5-picks": (charts.maps(comparison, "visits", language), words["visits"]),
            "6-travel": (charts.maps(comparison, "travel", language), words["travel"]),
            "7-assumptions": (
                None if found is None or not found.swings else charts.tornado(found, language), words["moves_most"],
            ),
        }  # fmt: skip
        pictures = {}
        for name, (figure, title) in figures.items():
            if figure is None:
                continue
            figure.set_size_inches(*SIZE)
            figure.suptitle(_short(title), x=0.02, ha="left", fontsize=20, fontweight="bold")
            for text in figure.findobj(lambda x: hasattr(x, "get_fontsize") and hasattr(x, "set_fontsize")):
                text.set_fontsize(max(text.get_fontsize(), 13))
            pictures[f"{name}.png"] = charts.png(figure, DPI)
        return pictures


def _largest_part(comparison: Comparison, language: Language) -> str:
    """Which part of an order's time changed most, from the baseline to the first other arm."""
    before, after = (charts.mean_parts(arm) for arm in comparison.arms[:2])
    if not before or not after:
        return WORDS[language]["where"]
    part = max(before, key=lambda p: (abs(after[p] - before[p]), p))
    gap = change(after[part] - before[part], "s", language)
    return f"{comparison.arms[1].name}: {part_name(part, language)} {gap}"


def _short(text: str) -> str:
    return text if len(text) <= TITLE_LETTERS else text[: TITLE_LETTERS - 1].rsplit(" ", 1)[0] + " ..."
