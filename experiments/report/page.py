"""The self-contained page: every figure with its interval and n, every seed, and what the result rests on."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.comparison import Arm, Comparison, Difference
from experiments.designs import settings_that_differ
from experiments.phrases import PHRASES, Language, phrase
from experiments.replication import Replication
from experiments.report import charts
from experiments.report.words import PARTS_ZH, WORDS, part_name
from experiments.sensitivity import Sensitivity
from experiments.sentences import WORDS as SENTENCES
from experiments.sentences import change, decisions, number
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import paired

TEMPLATE = Path(__file__).with_name("page.html.j2")
FEWEST = 2
Row = dict[str, Any]


def pictures_of(comparison: Comparison, found: Sensitivity | None, language: Language) -> dict[str, bytes]:
    """All charts as PNG, by name."""
    with charts.styled(language):
        figures = {
            "forest": charts.forest(comparison, language), "percentiles": charts.percentiles(comparison, language),
            "series": charts.series(comparison, language), "visits": charts.maps(comparison, "visits", language),
            "travel": charts.maps(comparison, "travel", language), "parts": charts.parts(comparison, language),
            "tornado": None if found is None or not found.swings else charts.tornado(found, language),
        }  # fmt: skip
        return {name: charts.png(figure) for name, figure in figures.items() if figure is not None}


def page(comparison: Comparison, command: str, found: Sensitivity | None = None, language: Language = "en") -> str:
    """The HTML of a report."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup, escape

    words = WORDS[language]
    pictures = pictures_of(comparison, found, language)

    def picture(name: str, alt: str) -> Markup:
        if name not in pictures:
            return Markup("")
        data = base64.b64encode(pictures[name]).decode()
        return Markup('<figure><img alt="{}" src="data:image/png;base64,{}"></figure>').format(escape(alt), data)

    names = [arm.name for arm in comparison.arms]
    level, joint = f"{100 * comparison.confidence:.3g}", f"{100 * comparison.joint_level:.4g}"
    template = Environment(undefined=StrictUndefined, autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        w=words, language=language, title=words["title"].format(arms=" / ".join(names)), base=names[0], arms=names,
        picture=picture, font=_font(language), decisions=decisions(comparison, language), command=command,
        figures_note=words["figures_note"].format(level=level, joint=joint, claims=len(comparison.differences)),
        claims=[(arm, [_claim(comparison, d, language) for d in comparison.of(arm)]) for arm in names[1:]],
        risks=_risks(comparison, language), band=words["band"].format(n=len(comparison.seeds), level=level),
        parts=part_rows(comparison, language), settings=settings_rows(comparison),
        moves=_moves(found, language), moves_note=_moves_note(found, language), assumptions=assumption_rows(comparison),
        others=_others(comparison, language), other_note=words["other_note"].format(level=level),
        run=run_lines(comparison, language), digests=digest_rows(comparison),
    )  # fmt: skip


def _font(language: Language) -> str:
    """Chinese letters travel with the page: the shipped font, cut down to those that the words may need, as base64."""
    if language != "zh":
        return ""
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont

    from twin.spec.shipped import shipped_root

    letters = "".join([*WORDS["zh"].values(), *PARTS_ZH.values(), *SENTENCES["zh"].values()])
    letters += "".join(p.label + p.up + p.down for p in PHRASES["zh"].values())
    font = TTFont(shipped_root() / "fonts" / "TwinSansSC-Regular.otf")
    cut = subset.Subsetter(subset.Options(hinting=False, notdef_outline=True))
    cut.populate(text=letters + "".join(map(chr, range(32, 127))))
    cut.subset(font)
    out = BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()


def between(x: Interval | None, unit: str, language: Language, *, of_change: bool = False) -> str:
    """`[low, high]`, with n where it is the interval of a mean."""
    if x is None:
        return ""
    told = change if of_change else number
    n = "" if of_change else f" n={x.n}"
    if x.low is None or x.high is None:
        return n.strip()
    return f"[{told(x.low, unit, language)}, {told(x.high, unit, language)}]{n}"


def verdict_in_words(d: Difference, language: Language) -> str:
    """The verdict of a claim."""
    words = WORDS[language]
    if d.inside_margin and d.verdict in ("better", "worse", "differs"):
        return words["inside_margin"].format(verdict=words[d.verdict])
    return words[d.verdict]


def _claim(comparison: Comparison, d: Difference, language: Language) -> Row:
    unit, name = d.figure.unit, d.figure.name
    single = comparison.single
    row: Row = {"label": phrase(name, language).label, "verdict": verdict_in_words(d, language)}
    for key, arm in (("base", comparison.baseline.name), ("arm", d.arm)):
        x = single[arm].get(name)
        row[key] = "-" if x is None else number(x.estimate, unit, language)
        row[f"{key}_interval"] = between(x, unit, language)
    gap = None if d.found is None else d.found.difference
    row["difference"] = "-" if gap is None else change(gap.estimate, unit, language)
    row["interval"] = between(gap, unit, language, of_change=True)
    row["correlation"] = "-" if d.found is None or d.found.correlation is None else f"{d.found.correlation:.3f}"
    row["variance"] = "-" if d.found is None or d.found.variance_ratio is None else f"{d.found.variance_ratio:.3f}"
    return row


def _others(comparison: Comparison, language: Language) -> list[Row]:
    rows = []
    for name in dict.fromkeys(d.figure.name for d in comparison.beside):
        mine = [d for d in comparison.beside if d.figure.name == name]
        unit = mine[0].figure.unit
        means = []
        for arm in comparison.arms:
            x = comparison.single[arm.name].get(name)
            means.append(("-" if x is None else number(x.estimate, unit, language), between(x, unit, language)))
        gaps = []
        for d in mine:
            gap = None if d.found is None else d.found.difference
            told = "-" if gap is None else change(gap.estimate, unit, language)
            gaps.append((told, between(gap, unit, language, of_change=True)))
        rows.append({"label": phrase(name, language).label, "means": means, "differences": gaps})
    return rows


def _risks(comparison: Comparison, language: Language) -> list[Row]:
    words, told = WORDS[language], []
    for risk in comparison.risks:
        rows = []
        for arm in comparison.arms:
            x, (held, days) = risk.by_arm[arm.name], risk.held[arm.name]
            p = risk.p_value[arm.name]
            said = words["no_due"]
            if x is not None and x.low is not None and x.high is not None:
                said = words["of_days"].format(held=held, days=days, low=f"{x.low:.1%}", high=f"{x.high:.1%}")
            rows.append((arm.name, said, "" if p is None else f"p = {p:.3f}"))
        name = words[risk.name].format(target=f"{risk.target:.1%}") if risk.name == "service_kept" else words[risk.name]
        told.append({"name": name, "rows": rows})
    return told


def part_rows(comparison: Comparison, language: Language) -> list[Row]:
    """Where the time goes, part by part, with paired differences; empty where no replication tells."""
    arms = [a for a in comparison.arms if charts.mean_parts(a)]
    if len(arms) < len(comparison.arms):
        return []
    rows = []
    names = list(charts.mean_parts(arms[0]))
    tables = {arm.name: [r.traces["parts_s"] for r in arm.replications if r.traces.get("parts_s")] for arm in arms}
    for part in [*names, ""]:
        columns = {arm: [row[part] if part else sum(row.values()) for row in told] for arm, told in tables.items()}
        if not any(any(column) for column in columns.values()):
            continue
        first = columns[arms[0].name]
        gaps = []
        for arm in arms[1:]:
            second = columns[arm.name]
            if len(first) != len(second):
                gaps.append(("-", ""))
                continue
            gap = paired(first, second, comparison.confidence).difference
            gaps.append((change(gap.estimate, "s", language), between(gap, "s", language, of_change=True)))
        means = [number(sum(c) / len(c), "s", language) for c in columns.values()]
        rows.append(
            {
                "part": part_name(part, language) if part else WORDS[language]["whole"],
                "means": means,
                "differences": gaps,
            }
        )
    return rows


def settings_rows(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    """Arm, dotted key, the baseline's value and the arm's."""
    base = comparison.baseline.design
    rows = []
    for arm in comparison.arms[1:]:
        for key, before, after in settings_that_differ(base.loaded.resolved, arm.design.loaded.resolved):
            rows.append((arm.name, key, before, after))
        for family in sorted({*base.policies, *arm.design.policies}):
            one, other = base.policies.get(family, ""), arm.design.policies.get(family, "")
            if one != other:
                rows.append((arm.name, f"--policy {family}", str(one), str(other)))
    return rows


def assumption_rows(comparison: Comparison) -> list[Row]:
    """Every assumption that an arm rests on."""
    seen: dict[str, Row] = {}
    for arm in comparison.arms:
        for row in _first(arm).result.get("assumptions", ()):
            low, high = row["low"], row["high"]
            told = "" if low is None or high is None else f"{low:g} - {high:g}"
            seen.setdefault(row["key"], {**row, "value": f"{row['value']:g}", "range": told})
    return list(seen.values())


def _moves(found: Sensitivity | None, language: Language) -> list[str]:
    if found is None:
        return []
    words, unit = WORDS[language], found.figure.unit
    return [
        words["moves"].format(
            key=s.key, low=f"{s.low:g}", high=f"{s.high:g}", a=change(s.at_low, unit, language),
            b=change(s.at_high, unit, language), turn=words["turns"] if found.turns(s) else "",
        )
        for s in found.swings[:2]
    ]  # fmt: skip


def _moves_note(found: Sensitivity | None, language: Language) -> str:
    if found is None:
        return ""
    words = WORDS[language]
    how = words["how_range"] if all(s.stated for s in found.swings) else words["how_all"]
    return words["moves_note"].format(
        figure=phrase(found.figure.name, language).label, arm=found.arm, base=found.base, n=len(found.seeds),
        tried=len(found.swings), of=found.assumptions, how=how,
    )  # fmt: skip


def run_lines(comparison: Comparison, language: Language) -> list[str]:
    """What kind of run it was, what was searched, and what it was made with."""
    words, lines = WORDS[language], []
    for arm in comparison.arms:
        spec = arm.design.loaded.spec
        kind = "steady" if spec.warmup_h else "terminating"
        said = words[kind].format(hours=f"{spec.horizon_h:g}", start=spec.start, warmup=f"{spec.warmup_h:g}")
        lines.append(f"{arm.name}: {spec.name}, {said}; {words['scenario_hash']} {arm.design.loaded.sha256}")
        if arm.design.policies:
            lines.append(f"{arm.name}: {words['policies']}: {_pairs(arm.design.policies)}")
    seeds = ", ".join(map(str, comparison.seeds))
    lines.append(
        words["searched"].format(
            arms=len(comparison.arms), figures=len(comparison.primary), claims=len(comparison.differences)
        )
    )
    lines += [f"n = {len(comparison.seeds)}; {words['seeds']}: {seeds}", words["failed"]]
    lines.append(f"{words['versions']}: {_pairs(_first(comparison.baseline).result.get('versions', {}))}")
    return lines


def digest_rows(comparison: Comparison) -> list[tuple[str, int, str]]:
    """Arm, seed and digest of every replication."""
    return [(arm.name, r.seed, r.digest) for arm in comparison.arms for r in arm.replications]


def _first(arm: Arm) -> Replication:
    return arm.replications[0]


def _pairs(said: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in said.items())
