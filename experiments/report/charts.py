"""The charts of a report. Each is a matplotlib figure; the same serve the page and the slides."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.comparison import Arm, Comparison
from experiments.phrases import Language, phrase
from experiments.report.words import WORDS, part_name
from experiments.sensitivity import Sensitivity
from experiments.sentences import change
from experiments.statistics.intervals import mean_interval
from experiments.statistics.warmup import welch
from experiments.steady import WarmUp

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B4C9A", "#8C8C00")
INK, GREY = "#1B2733", "#9AA5B1"
WIDE = (11.0, 4.6)
PART_COLORS = (
    "#4E79A7", "#A0CBE8", "#F28E2B", "#FFBE7D", "#59A14F", "#8CD17D", "#B6992D", "#F1CE63", "#499894", "#86BCB6",
    "#E15759", "#FF9D9A", "#79706E", "#BAB0AC", "#D37295", "#9D7660", "#000000",
)  # fmt: skip
Figure = Any


def styled(language: Language) -> Any:
    """Matplotlib without a window; Chinese in the font that ships."""
    import matplotlib
    from matplotlib import font_manager

    from twin.spec.shipped import shipped_root

    family = ["DejaVu Sans"]
    if language == "zh":
        for path in sorted((shipped_root() / "fonts").glob("TwinSansSC-*.otf")):
            font_manager.fontManager.addfont(path)
        family = ["Twin Sans SC", "DejaVu Sans"]
    return matplotlib.rc_context(
        {
            "font.family": family, "font.size": 11, "axes.spines.top": False, "axes.spines.right": False,
            "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK,
            "ytick.color": INK, "axes.titlesize": 12, "axes.titleweight": "bold", "axes.titlelocation": "left",
            "figure.facecolor": "white", "axes.unicode_minus": False, "legend.frameon": False,
        }
    )  # fmt: skip


def new(size: tuple[float, float] = WIDE) -> Figure:
    """An empty figure."""
    from matplotlib.figure import Figure as MatplotlibFigure

    return MatplotlibFigure(figsize=size, layout="constrained")


def png(figure: Figure, dpi: int = 130) -> bytes:
    """The figure as a picture."""
    out = BytesIO()
    figure.savefig(out, format="png", dpi=dpi)
    return out.getvalue()


def color_of(place: int) -> str:
    """An arm's colour, safe for the colour-blind up to eight arms."""
    return COLORS[place % len(COLORS)]


def forest(comparison: Comparison, language: Language = "en") -> Figure:
    """Each difference with its interval, in per cent of the baseline; shares in points. Zero is a line."""
    rows = [d for d in comparison.differences if d.found is not None]
    figure = new((11.0, 1.2 + 0.42 * max(2, len(rows))))
    axes = figure.subplots()
    names = [arm.name for arm in comparison.arms]
    several = len(comparison.arms) > 2
    labels = []
    for place, d in enumerate(rows):
        assert d.found is not None
        share = d.figure.unit == "share" or d.found.relative is None
        x = d.found.difference if share else d.found.relative
        assert x is not None
        scale = 100 if d.figure.unit == "share" or not share else 1
        told = d.verdict in ("better", "worse", "differs")
        color = color_of(names.index(d.arm)) if told else GREY
        if x.low is not None and x.high is not None:
            axes.plot([scale * x.low, scale * x.high], [place, place], color=color, linewidth=3, solid_capstyle="butt")
        axes.plot(scale * x.estimate, place, marker="o", color=color, markersize=7)
        unit = WORDS_POINTS[language] if d.figure.unit == "share" else "%" if not share else d.figure.unit
        label = f"{phrase(d.figure.name, language).label} ({unit})"
        labels.append(f"{d.arm}: {label}" if several else label)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_title(WORDS[language]["difference"])
    return figure


WORDS_POINTS: dict[Language, str] = {"en": "points", "zh": "百分点"}


def _mean_band(rows: Sequence[Sequence[float]], level: float) -> tuple[NDArray[np.float64], ...]:
    table = np.array([row[: min(map(len, rows))] for row in rows], dtype=np.float64)
    found = [mean_interval(column, level) for column in table.T]
    middle = np.array([x.estimate for x in found])
    low = np.array([x.estimate if x.low is None else x.low for x in found])
    high = np.array([x.estimate if x.high is None else x.high for x in found])
    return middle, low, high


def _lines(axes: Any, arms: Sequence[Arm], of: Any, x: Any, level: float) -> None:
    for place, arm in enumerate(arms):
        rows = [row for r in arm.replications if (row := of(r))]
        if not rows:
            continue
        middle, low, high = _mean_band(rows, level)
        at = x(len(middle))
        axes.plot(at, middle, color=color_of(place), label=arm.name, linewidth=2)
        axes.fill_between(at, low, high, color=color_of(place), alpha=0.18, linewidth=0)


def percentiles(comparison: Comparison, language: Language = "en") -> Figure:
    """Percentiles of order processing time: those of each replication, then their mean with its interval."""
    words, figure = WORDS[language], new()
    axes = figure.subplots()
    _lines(
        axes, comparison.arms, lambda r: [s / 60 for s in r.traces.get("processing_s", ())], np.arange,
        comparison.confidence,
    )  # fmt: skip
    axes.set_xlim(0, 99)
    axes.set_ylim(bottom=0)
    axes.set_title(words["percentiles"])
    axes.set_xlabel(words["percentile"])
    axes.set_ylabel(words["minutes"])
    axes.legend()
    return figure


def series(comparison: Comparison, language: Language = "en") -> Figure:
    """Orders in the building and lines picked and shipped over the run."""
    words, figure = WORDS[language], new((11.0, 7.6))
    first = comparison.arms[0].replications[0]
    period_h = float(first.traces.get("period_s", 300)) / 3600
    block = max(1, round(0.5 / period_h))

    def blocks(row: Sequence[float], scale: float) -> list[float]:
        whole = len(row) // block * block
        means = np.asarray(row[:whole], dtype=float).reshape(-1, block).mean(axis=1)
        return [float(x) for x in means * scale]

    grid = figure.subplots(3, 1, sharex=True)
    for axes, (name, scale) in zip(
        grid, (("open_orders", 1.0), ("lines_picked", 1 / period_h), ("lines_out", 1 / period_h)), strict=True
    ):
        _lines(
            axes, comparison.arms, lambda r, n=name, s=scale: blocks(r.traces.get(n, ()), s),
            lambda k: (np.arange(k) + 0.5) * block * period_h, comparison.confidence,
        )  # fmt: skip
        axes.set_title(words[name])
        axes.set_ylim(bottom=0)
    grid[0].legend()
    grid[-1].set_xlabel(words["hours"])
    return figure


def maps(comparison: Comparison, what: str, language: Language = "en") -> Figure:
    """The layouts side by side, heat on one scale: `visits` (picks) or `travel` (metres)."""
    from matplotlib.colors import PowerNorm

    from twin.spec.building import plan_of

    words, arms = WORDS[language], comparison.arms
    key, unit = ("visits", 1.0) if what == "visits" else ("travel_mm", 1e-3)
    plans = [[plan_of(site.layout, site.name) for site in arm.design.loaded.spec.site_specs] for arm in arms]
    heats = [_mean_by_place(arm, key, unit) for arm in arms]
    most = max(
        (heat.get(x.location, 0.0) for heat, of_arm in zip(heats, plans, strict=True) for plan in of_arm
         for x in plan.locations),
        default=1.0,
    )  # fmt: skip
    columns = min(3, len(arms))
    rows = -(-len(arms) // columns)
    figure = new((11.0, 4.6 * rows + 0.4))
    grid = np.asarray(figure.subplots(rows, columns, squeeze=False)).ravel()
    dots = None
    for axes, arm, heat, of_arm in zip(grid, arms, heats, plans, strict=False):
        norm = PowerNorm(0.5, vmin=0, vmax=max(1e-9, most))
        for plan in of_arm:
            dots = _floor(axes, plan, heat, norm)
        axes.set_title(words["map_of"].format(arm=arm.name, what=words[what]), fontsize=10, wrap=True)
    for axis in ("x", "y"):  # one metre is as long on every plan
        ends = [end for axes in grid[: len(arms)] for end in getattr(axes, f"get_{axis}lim")()]
        for axes in grid[: len(arms)]:
            getattr(axes, f"set_{axis}lim")(min(ends), max(ends))
    for axes in grid[len(arms) :]:
        axes.axis("off")
    if dots is not None:
        figure.colorbar(dots, ax=list(grid[: len(arms)]), shrink=0.7, label=words[what])
    return figure


def _mean_by_place(arm: Arm, key: str, unit: float) -> dict[str, float]:
    total: dict[str, float] = {}
    for r in arm.replications:
        for place, amount in r.traces.get(key, {}).items():
            total[place] = total.get(place, 0.0) + amount * unit / len(arm.replications)
    return total


def _floor(axes: Any, plan: Any, heat: dict[str, float], norm: Any) -> Any:
    pitch = 700
    xs = [(x.x_mm + (-pitch if x.side == "left" else pitch)) / 1000 for x in plan.locations]
    ys = [x.y_mm / 1000 for x in plan.locations]
    size = float(np.clip(14000 / max(1, len(xs)), 1.5, 42))
    values = [heat.get(x.location, 0.0) for x in plan.locations]
    dots = axes.scatter(
        xs, ys, c=values, cmap="YlOrRd", norm=norm, s=size, marker="s", linewidths=0.15, edgecolors=GREY
    )
    for place in plan.places.values():
        if place.kind in ("depot", "pack_station", "door"):
            at = (place.x_mm / 1000, place.y_mm / 1000)
            axes.plot(*at, marker="^", color=INK, markersize=5)
            name = place.name.rpartition("/")[2]
            axes.annotate(name, at, fontsize=7, xytext=(4, -3), textcoords="offset points")
    axes.set_aspect("equal")
    axes.axis("off")
    return dots


def parts(comparison: Comparison, language: Language = "en", without: Sequence[str] = ("truck",)) -> Figure | None:
    """Mean time of an order by part, one bar per arm; the wait for the truck would hide the rest.

    None where no replication tells.
    """
    told = {arm.name: mean_parts(arm) for arm in comparison.arms}
    if not any(told.values()):
        return None
    names = [p for p in dict.fromkeys(p for t in told.values() for p in t) if p not in without]
    names = [p for p in names if any(t.get(p, 0.0) > 0 for t in told.values())]
    figure = new((11.0, 1.9 + 0.55 * len(told)))
    axes = figure.subplots()
    left = np.zeros(len(told))
    for place, part in enumerate(names):
        width = np.array([t.get(part, 0.0) / 60 for t in told.values()])
        axes.barh(
            list(told), width, left=left, color=PART_COLORS[place % len(PART_COLORS)],
            label=part_name(part, language), height=0.62,
        )  # fmt: skip
        left += width
    axes.invert_yaxis()
    axes.set_xlabel(WORDS[language]["minutes"])
    axes.set_title(WORDS[language]["where"])
    figure.legend(loc="outside lower center", ncols=6, fontsize=9)
    return figure


def mean_parts(arm: Arm) -> dict[str, float]:
    """Seconds by part, the mean over replications; empty where no replication tells."""
    rows = [r.traces["parts_s"] for r in arm.replications if r.traces.get("parts_s")]
    return {p: float(np.mean([row[p] for row in rows])) for p in rows[0]} if rows else {}


def welch_plot(found: Sequence[WarmUp], language: Language = "en") -> Figure:
    """Orders in process over the run: the mean, its moving average (Welch), and what MSER-5 leaves out."""
    figure = new((11.0, 1.0 + 3.0 * len(found)))
    grid = np.asarray(figure.subplots(len(found), 1, squeeze=False)).ravel()
    for axes, warm in zip(grid, found, strict=True):
        hours = (np.arange(len(warm.series)) + 0.5) * warm.period_s / 3600
        window = max(1, len(warm.series) // 20)
        smooth = welch(warm.series, window)
        axes.plot(hours, warm.series, color=GREY, linewidth=0.8)
        axes.plot(hours[: len(smooth)], smooth, color=COLORS[0], linewidth=2)
        axes.axvline(warm.hours, color=COLORS[1], linewidth=2)
        said = f"MSER-5: {warm.hours:.2f} h" + (" - run too short" if warm.too_short else "")
        axes.set_title(f"{warm.design}: {said}")
        axes.set_ylim(bottom=0)
        axes.set_ylabel(WORDS[language]["in_process"])
    grid[-1].set_xlabel(WORDS[language]["hours"])
    return figure


def tornado(found: Sensitivity, language: Language = "en") -> Figure:
    """How far each assumption moves the difference between two arms, the widest first."""
    rows = found.swings[:12]
    figure = new((11.0, 1.4 + 0.42 * max(2, len(rows))))
    axes = figure.subplots()
    scale = 100 if found.figure.unit == "share" else 1 / 60 if found.figure.unit == "s" else 1
    for place, swing in enumerate(rows):
        for value, end, color in ((swing.low, swing.at_low, COLORS[0]), (swing.high, swing.at_high, COLORS[1])):
            axes.barh(place, scale * (end - found.as_is), left=scale * found.as_is, color=color, height=0.6)
            axes.annotate(
                f"{value:g}", (scale * end, place), fontsize=8, va="center",
                ha="left" if end >= found.as_is else "right", xytext=(3 if end >= found.as_is else -3, 0),
                textcoords="offset points",
            )  # fmt: skip
    axes.axvline(scale * found.as_is, color=INK, linewidth=1)
    axes.set_yticks(range(len(rows)), [s.key for s in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.margins(x=0.12)
    axes.set_xlabel(
        WORDS_POINTS[language] if found.figure.unit == "share"
        else WORDS[language]["minutes"] if found.figure.unit == "s" else found.figure.unit
    )  # fmt: skip
    label = phrase(found.figure.name, language).label
    axes.set_title(
        f"{WORDS[language]['difference']}: {label} ({change(scale and found.as_is, found.figure.unit, language)})"
    )
    return figure
