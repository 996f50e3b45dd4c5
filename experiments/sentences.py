"""The decision in words. A difference that cannot be told apart is said so, in the same type as a win."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.comparison import Comparison, Difference, precision_of
from experiments.phrases import Language, phrase

FEWEST = 2

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "colon": ": ", "points": "points", "min": "min", "and": " and ", "comma": ", ", "semicolon": "; ",
        "is": "is", "are": "are",
        "head": "{arm} against {base}, {n} paired seeds, {level}: ", "stop": ".",
        "level_one": "{level} % intervals", "level_all": "{level} % intervals for all {k} claims together",
        "ends": "{low} to {high}",
        "interval": "{level} % interval {low} to {high}",
        "joint": "{level} % interval {low} to {high} for all {k} claims together",
        "no_interval": "no interval from one seed",
        "one_seed": "{arm} against {base}: one seed proves nothing; take more replications.",
        "same": "{names} {is} the same on every seed", "within": "{names} {is} not different by more than the margin",
        "open": "{names} cannot be told apart", "undefined": "{names} {is} undefined",
        "inside": " (inside the margin of {margin})", "better": "better: ", "worse": "worse: ", "differs": "",
        "take": "Take {arm}.", "ahead": "{arm} is ahead where the two can be told apart.", "keep": "Keep {base}.",
        "choice": "A choice: {better} against {worse}.", "cannot": "Cannot distinguish {arm} and {base}.",
        "either": "Either is acceptable.",
        "claim_same": "{arm} and {base}: {what} is the same on all {n} seeds.",
        "claim_undefined": "{arm}: {what} is undefined on every seed that both ran.",
        "claim_one": "{arm}: {what} differs by {gap} on one seed, which proves nothing.",
        "claim_equivalent": (
            "{arm} and {base} differ in {what} by less than the margin of {margin} (n = {n} pairs). "
            "Either is acceptable."
        ),
        "claim_open": "Cannot tell {arm} and {base} apart in {what} at n = {n}: {interval}.",
        "claim_more": " About {n} pairs would give ± {aim}.",
        "margin": " The difference is inside the margin of {margin}.",
    },
    "zh": {
        "colon": "：", "points": "个百分点", "min": "分钟", "and": "和", "comma": "、", "semicolon": "；",
        "is": "", "are": "",
        "head": "{arm} 与 {base} 相比（{n} 个配对种子，{level}）：", "stop": "。",
        "level_one": "{level} % 区间", "level_all": "全部 {k} 项结论同时成立的 {level} % 区间",
        "ends": "{low} 至 {high}",
        "interval": "{level} % 区间 {low} 至 {high}",
        "joint": "全部 {k} 项结论同时成立的 {level} % 区间 {low} 至 {high}",
        "no_interval": "单个种子没有区间",
        "one_seed": "{arm} 与 {base} 相比：单个种子不能说明问题，请增加重复次数。",
        "same": "{names}在每个种子上都相同", "within": "{names}的差异不超过容许界限",
        "open": "{names}无法区分", "undefined": "{names}无定义",
        "inside": "（在容许界限 {margin} 之内）", "better": "更好：", "worse": "更差：", "differs": "",
        "take": "建议采用 {arm}。", "ahead": "在能够区分的指标上 {arm} 领先。", "keep": "建议保留 {base}。",
        "choice": "需要权衡：{better}对{worse}。", "cannot": "无法区分 {arm} 和 {base}。",
        "either": "两者均可接受。",
        "claim_same": "{arm} 与 {base}：{what}在全部 {n} 个种子上相同。",
        "claim_undefined": "{arm}：{what}在两者共同的种子上均无定义。",
        "claim_one": "{arm}：{what}在一个种子上相差 {gap}，不能说明问题。",
        "claim_equivalent": "{arm} 与 {base} 的{what}差异小于容许界限 {margin}（n = {n} 对）。两者均可接受。",
        "claim_open": "n = {n} 时无法区分 {arm} 与 {base} 的{what}：{interval}。",
        "claim_more": "约 {n} 对可达到 ± {aim}。",
        "margin": "差异在容许界限 {margin} 之内。",
    },
}  # fmt: skip


def number(value: float, unit: str, language: Language = "en", like: float | None = None) -> str:
    """A figure with its unit; seconds in minutes where it, or what it stands beside (`like`), is long."""
    if unit == "share":
        return f"{100 * value:.2f} %"
    if unit == "s":
        long = abs(value if like is None else like) >= 600
        return f"{value / 60:,.1f} {WORDS[language]['min']}" if long else f"{value:,.1f} s"
    text = (
        f"{value:,.0f}" if abs(value) >= 1000 or value == 0 else f"{value:.3g}" if abs(value) < 1 else f"{value:,.2f}"
    )
    return text if unit in ("orders", "lines", "units", "customers", "") else f"{text} {unit}"


def change(value: float, unit: str, language: Language = "en") -> str:
    """A difference with its unit: of shares in percentage points."""
    if unit == "share":
        return f"{100 * value:.2f} {WORDS[language]['points']}"
    return number(value, unit, language)


def claim(d: Difference, base: str, together: int, language: Language = "en") -> str:
    """What can be said of one figure, in a sentence."""
    words, what, unit = WORDS[language], phrase(d.figure.name, language).label, d.figure.unit
    if d.found is None:
        return words["claim_undefined"].format(arm=d.arm, what=what)
    if d.pairs < FEWEST:
        gap = change(d.found.difference.estimate, unit, language)
        return words["claim_one"].format(arm=d.arm, what=what, gap=gap)
    if d.verdict == "same":
        return words["claim_same"].format(arm=d.arm, base=base, what=what, n=d.pairs)
    margin = change(d.margin, unit, language) if d.margin is not None else ""
    if d.verdict in ("better", "worse", "differs"):
        inside = words["margin"].format(margin=margin) if d.inside_margin else ""
        said = f"{d.arm}{words['colon']}{moved(d, language)}{words['comma']}{_interval(d, together, language)}"
        return f"{said}{words['stop']}{inside}"
    if d.verdict == "equivalent":
        return words["claim_equivalent"].format(arm=d.arm, base=base, what=what, margin=margin, n=d.pairs)
    said = words["claim_open"].format(
        arm=d.arm, base=base, what=what, n=d.pairs, interval=_interval(d, together, language)
    )
    if d.pairs_needed is not None and d.pairs_needed > d.pairs:
        said += words["claim_more"].format(n=f"{d.pairs_needed:,}", aim=change(precision_of(d), unit, language))
    return said


def moved(d: Difference, language: Language = "en") -> str:
    """The change of a figure: `ships 6.1 % more lines per hour`; shares by points."""
    assert d.found is not None
    gap, relative = d.found.difference.estimate, d.found.relative
    words = phrase(d.figure.name, language)
    if relative is not None and d.figure.unit != "share":
        size = f"{100 * abs(relative.estimate):.1f} %"
    else:
        size = change(abs(gap), d.figure.unit, language)
    return (words.up if gap > 0 else words.down).format(x=size)


def _interval(d: Difference, together: int, language: Language) -> str:
    assert d.found is not None
    low_high = ends(d, language)
    if low_high is None:
        return WORDS[language]["no_interval"]
    level = f"{100 * (1 - (1 - d.level) * together):.3g}"
    key = "joint" if together > 1 else "interval"
    return WORDS[language][key].format(level=level, low=low_high[0], high=low_high[1], k=together)


def ends(d: Difference, language: Language = "en") -> tuple[str, str] | None:
    """The ends, in the way of the change that they stand behind, so that a gain of 6 % reads 5 to 7."""
    assert d.found is not None
    gap, relative = d.found.difference, d.found.relative
    if gap.low is None or gap.high is None:
        return None
    flip = -1 if gap.estimate < 0 else 1
    if relative is not None and d.figure.unit != "share" and relative.low is not None and relative.high is not None:
        low, high = (f"{100 * end:.1f} %" for end in sorted((flip * relative.low, flip * relative.high)))
    else:
        low, high = (change(end, d.figure.unit, language) for end in sorted((flip * gap.low, flip * gap.high)))
    return low, high


def decisions(comparison: Comparison, language: Language = "en") -> list[str]:
    """One paragraph per arm: what it does better, what worse, and what cannot be told."""
    return [_paragraph(comparison, arm.name, language) for arm in comparison.arms[1:]]


def _paragraph(comparison: Comparison, arm: str, language: Language) -> str:
    words, base, found = WORDS[language], comparison.baseline.name, comparison.of(arm)
    if all(d.pairs < FEWEST for d in found):
        return words["one_seed"].format(arm=arm, base=base)
    together = len(comparison.differences)
    clauses = []
    for verdict in ("better", "worse", "differs"):
        told = []
        for d in found:
            if d.verdict == verdict:
                inside = ""
                if d.inside_margin and d.margin is not None:
                    inside = words["inside"].format(margin=change(d.margin, d.figure.unit, language))
                low_high = ends(d, language)
                between = "" if low_high is None else f" ({words['ends'].format(low=low_high[0], high=low_high[1])})"
                told.append(f"{moved(d, language)}{between}{inside}")
        if told:
            clauses.append(words[verdict] + words["comma"].join(told))
    for verdict, key in (("same", "same"), ("equivalent", "within"), ("undecided", "open"), ("undefined", "undefined")):
        names = [phrase(d.figure.name, language).label for d in found if d.verdict == verdict]
        if names:
            clauses.append(
                words[key].format(names=_and(names, words), **{"is": words["is" if len(names) == 1 else "are"]})
            )
    level = words["level_all" if together > 1 else "level_one"].format(
        level=f"{100 * comparison.confidence:.3g}", k=together
    )
    head = words["head"].format(arm=arm, base=base, n=len(comparison.seeds), level=level)
    return f"{head}{words['semicolon'].join(clauses)}{words['stop']} {advice(found, arm, base, language)}"


def advice(found: Sequence[Difference], arm: str, base: str, language: Language = "en") -> str:
    """What to do, as far as the claims carry it."""
    words = WORDS[language]
    better, worse = ([d for d in found if d.verdict == v and not d.inside_margin] for v in ("better", "worse"))
    open_ = any(d.verdict == "undecided" for d in found)
    if better and worse:
        names = {
            key: _and([phrase(d.figure.name, language).label for d in some], words)
            for key, some in (("better", better), ("worse", worse))
        }
        return words["choice"].format(**names)
    if better:
        return words["ahead" if open_ else "take"].format(arm=arm)
    if worse:
        return words["keep"].format(base=base)
    return words["cannot" if open_ else "either"].format(arm=arm, base=base)


def _and(names: Sequence[str], words: dict[str, str]) -> str:
    return names[0] if len(names) == 1 else words["comma"].join(names[:-1]) + words["and"] + names[-1]
