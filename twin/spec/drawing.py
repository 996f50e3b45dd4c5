"""A plan as a picture, for `twin layout show`: aisles, locations by zone, named places, belts, a scale."""

from __future__ import annotations

import warnings
from collections import defaultdict
from itertools import pairwise
from math import floor, hypot, log10
from pathlib import Path
from typing import Any

from twin.space.plan import FloorPlan, FloorZone, Location, Place, Subaisle

INK, SOFT_INK, PAPER, FLOOR, LINE = "#17212B", "#5F6E7D", "#FFFFFF", "#F4F6F8", "#D5DDE4"
ZONE_FILLS = ("#9DB2C2", "#E8C468", "#8FBF9F", "#D69A7C", "#B09CC8", "#7FB8C9", "#C9A0AE", "#A9B36B")
PLACES = {
    "depot": ("Depot", "o", "#0072B2"),
    "pack_station": ("Pack station", "s", "#1C5436"),
    "lane": ("Staging lane", "h", "#C2720A"),
    "door": ("Dock door", "^", "#A52009"),
    "office": ("Office", "P", "#67737E"),
    "gate": ("Gate", "D", "#67737E"),
}
BELT = "#8F3F70"
LABELS_MAX = 48
Spot = tuple[float, float]


def draw_layout(plan: FloorPlan, path: Path, title: str | None = None) -> Path:
    """Write the plan as a PNG (or SVG or PDF, by the ending); returns the path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    left, bottom, right, top = _frame(plan)
    wide, high = right - left, top - bottom
    width_in = 12.0
    height_in = min(11.0, max(4.5, (width_in - 2.6) * high / wide + 1.4))
    figure = Figure(figsize=(width_in, height_in), facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.02, 0.03, 0.76, 0.97 - 0.85 / height_in))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    _aisles(axes, plan)
    handles = _locations(axes, plan)
    handles += _belts(axes, plan)
    handles += _places(axes, plan, high)
    _scale(axes, left, bottom, wide, high)
    figure.text(0.025, 1 - 0.38 / height_in, title or plan.site, color=INK, fontsize=15, fontweight="bold", va="center")
    figure.text(0.025, 1 - 0.66 / height_in, _in_numbers(plan), color=SOFT_INK, fontsize=10, va="center")
    legend = figure.legend(
        handles=handles[:28], loc="upper left", bbox_to_anchor=(0.79, 1 - 0.8 / height_in), frameon=False, fontsize=9,
        labelcolor=INK, handlelength=1.4, labelspacing=0.75, borderaxespad=0,
    )  # fmt: skip
    legend.set_in_layout(False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # names in scripts that the font lacks
        figure.savefig(path, dpi=150, facecolor=PAPER)
    return path


def _in_numbers(plan: FloorPlan) -> str:
    stretches = len({x.subaisle for x in plan.locations})
    spots = len({(x.subaisle, x.x_mm, x.y_mm, x.side) for x in plan.locations})
    levels = f" on {len({x.level for x in plan.locations})} levels" if spots != len(plan.locations) else ""
    return f"{len(plan.locations):,} locations{levels} in {stretches:,} aisle stretches, {plan.floor_m2:,.0f} m²"


def _frame(plan: FloorPlan) -> tuple[float, float, float, float]:
    """The ground to show, in metres, with room for racks and names."""
    xs = [v / 1000 for s in plan.subaisles for v in (s.x_mm, s.to_x_mm)] + [p.x_mm / 1000 for p in plan.places.values()]
    ys = [v / 1000 for s in plan.subaisles for v in (s.y_mm, s.to_y_mm)] + [p.y_mm / 1000 for p in plan.places.values()]
    margin = max(4.0, 0.04 * max(max(xs) - min(xs), max(ys) - min(ys)))
    left, right, bottom, top = min(xs) - margin, max(xs) + margin, min(ys) - 1.6 * margin, max(ys) + margin
    wide, high = right - left, top - bottom
    if wide < 0.7 * high:
        left, right = left - (0.7 * high - wide) / 2, right + (0.7 * high - wide) / 2
    if high < 0.3 * wide:
        bottom, top = bottom - (0.3 * wide - high) / 2, top + (0.3 * wide - high) / 2
    return left, bottom, right, top


def _ends(s: Subaisle) -> tuple[Spot, Spot]:
    return (s.x_mm / 1000, s.y_mm / 1000), (s.to_x_mm / 1000, s.to_y_mm / 1000)


def _room(plan: FloorPlan) -> float:
    """Metres from one aisle's line to the next, where racks stand on the way."""
    if plan.aisle_plan is not None:
        xs = plan.aisle_plan.x_mm
        return (xs[1] - xs[0]) / 1000 if len(xs) > 1 and xs[1] > xs[0] else 5.0
    used = {x.subaisle for x in plan.locations}
    middles = sorted(
        ((s.x_mm + s.to_x_mm) / 2000, (s.y_mm + s.to_y_mm) / 2000) for s in plan.subaisles if s.key in used
    )
    gaps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(middles)]
    return min(6.0, max(1.0, min((g for g in gaps if g > 0.5), default=5.0)))


def _aisles(axes: Any, plan: FloorPlan) -> None:
    """The ground people walk on: aisles as strips, all other ways as lines."""
    from matplotlib.collections import LineCollection

    used = {x.subaisle for x in plan.locations}
    strips = [_ends(s) for s in plan.subaisles if s.key in used]
    lines = [_ends(s) for s in plan.subaisles if s.key not in used]
    if plan.aisle_plan is not None:
        x1, x2 = plan.aisle_plan.x_mm[0] / 1000, plan.aisle_plan.x_mm[-1] / 1000
        lines += [((x1, y / 1000), (x2, y / 1000)) for y in plan.aisle_plan.cross_y_mm]
    axes.add_collection(LineCollection(lines, colors=LINE, linewidths=3.0, capstyle="round", zorder=1))
    axes.add_collection(LineCollection(strips, colors=LINE, linewidths=2.0, capstyle="round", zorder=1))
    arrows = [s for s in plan.subaisles if s.one_way != "both"]
    for s in arrows[:400]:
        (x1, y1), (x2, y2) = _ends(s) if s.one_way == "up" else _ends(s)[::-1]
        tip = {"arrowstyle": "-|>", "color": SOFT_INK, "lw": 0.8}
        middle = (x1 + (x2 - x1) * 0.55, y1 + (y2 - y1) * 0.55)
        axes.annotate("", middle, (x1 + (x2 - x1) * 0.45, y1 + (y2 - y1) * 0.45), arrowprops=tip, zorder=4)
    if plan.aisle_plan is not None and len(plan.aisle_plan.x_mm) <= LABELS_MAX:
        y = plan.aisle_plan.cross_y_mm[-1] / 1000 + 1.2
        for number, x in enumerate(plan.aisle_plan.x_mm, start=1):
            axes.text(x / 1000, y, str(number), color=SOFT_INK, fontsize=7, ha="center", va="bottom", zorder=6)


def _locations(axes: Any, plan: FloorPlan) -> list[Any]:
    """Racks on both sides of their aisle, one box per location on the floor, in the colour of the zone."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Patch

    room = _room(plan)
    walk, depth = 0.25 * room, 0.235 * room
    way = {s.key: _ends(s) for s in plan.subaisles}
    by_aisle: dict[str, list[Location]] = defaultdict(list)
    for x in plan.locations:
        by_aisle[x.subaisle].append(x)
    boxes: dict[str, list[list[Spot]]] = defaultdict(list)
    for key, locations in by_aisle.items():
        (x1, y1), (x2, y2) = way[key]
        length = hypot(x2 - x1, y2 - y1) or 1.0
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        if (ux, uy) == (0.0, 0.0):
            uy = 1.0
        along = sorted({round((x.x_mm / 1000 - x1) * ux + (x.y_mm / 1000 - y1) * uy, 2) for x in locations})
        steps = sorted(b - a for a, b in pairwise(along))
        half = 0.46 * min(2.4, max(0.15, steps[len(steps) // 4] if steps else 1.0))
        seen: set[tuple[int, int, str]] = set()
        for x in locations:
            if (x.x_mm, x.y_mm, x.side) in seen:
                continue
            seen.add((x.x_mm, x.y_mm, x.side))
            turn = 1 if x.side == "left" else -1
            nx, ny = -uy * turn, ux * turn
            cx, cy = x.x_mm / 1000, x.y_mm / 1000
            near, far = (cx + nx * walk, cy + ny * walk), (cx + nx * (walk + depth), cy + ny * (walk + depth))
            front, back = (near[0] - ux * half, near[1] - uy * half), (near[0] + ux * half, near[1] + uy * half)
            rear = (far[0] + ux * half, far[1] + uy * half), (far[0] - ux * half, far[1] - uy * half)
            boxes[x.zone].append([front, back, *rear])
    handles = []
    for turn, zone in enumerate(plan.zones):
        fill = ZONE_FILLS[turn % len(ZONE_FILLS)]
        edge = INK if zone.secure else PAPER
        axes.add_collection(
            PolyCollection(boxes[zone.name], facecolors=fill, edgecolors=edge, linewidths=0.3, zorder=2)
        )
        handles.append(Patch(facecolor=fill, edgecolor=edge, label=_of_zone(zone)))
    return handles


def _of_zone(zone: FloorZone) -> str:
    words = [zone.use if zone.use == "reserve" else "", zone.storage if zone.storage != "ambient" else ""]
    words += ["secure" if zone.secure else ""]
    told = ", ".join(word for word in words if word)
    return f"Zone {zone.name}{f' ({told})' if told else ''}"


def _belts(axes: Any, plan: FloorPlan) -> list[Any]:
    from matplotlib.lines import Line2D

    for belt in plan.conveyors:
        a, b = plan.places[belt.origin], plan.places[belt.destination]
        (x1, y1), (x2, y2) = (a.x_mm / 1000, a.y_mm / 1000), (b.x_mm / 1000, b.y_mm / 1000)
        axes.plot([x1, x2], [y1, y2], color=BELT, lw=4, alpha=0.35, solid_capstyle="round", zorder=3)
        tip = {"arrowstyle": "-|>", "color": BELT, "lw": 1.2}
        ahead = (x1 + (x2 - x1) * 0.58, y1 + (y2 - y1) * 0.58)
        axes.annotate("", ahead, (x1 + (x2 - x1) * 0.42, y1 + (y2 - y1) * 0.42), arrowprops=tip, zorder=4)
    return [Line2D([], [], color=BELT, lw=4, alpha=0.45, label="Conveyor")] if plan.conveyors else []


def _places(axes: Any, plan: FloorPlan, high: float) -> list[Any]:
    """Named places as marks with their names; doors say which way they go."""
    from matplotlib.lines import Line2D

    handles = []
    for kind, (label, marker, colour) in PLACES.items():
        places = [p for p in plan.places.values() if p.kind == kind]
        if not places:
            continue
        for p in places:
            x, y = p.x_mm / 1000, p.y_mm / 1000
            axes.plot([x], [y], marker=marker, ms=9, color=colour, mec=PAPER, mew=1.0, zorder=5, ls="none")
            if len(places) <= LABELS_MAX:
                axes.annotate(
                    _name(plan, p), (x, y), xytext=(8, -8), textcoords="offset points", color=INK, fontsize=8, zorder=6,
                    bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.8},
                )  # fmt: skip
        handles.append(Line2D([], [], marker=marker, ms=8, color=colour, mec=PAPER, ls="none", label=label))
    return handles


def _name(plan: FloorPlan, place: Place) -> str:
    name = place.name.partition("/")[2] or place.name
    if place.kind == "door":
        return f"{name} ({' and '.join(plan.doors[place.name].directions)})"
    if place.kind == "pack_station":
        benches = plan.pack_stations[place.name].benches
        return name if benches == 1 else f"{name} ({'any number of' if benches is None else benches} benches)"
    return name


def _scale(axes: Any, left: float, bottom: float, wide: float, high: float) -> None:
    """A bar of a round length, about a sixth of the width."""
    power: float = 10.0 ** floor(log10(wide / 6))
    length = max(step * power for step in (1, 2, 5) if step * power <= wide / 6)
    x, y, tick = left + 0.02 * wide, bottom + 0.03 * high, 0.008 * high
    axes.plot([x, x + length], [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=6)
    for end in (x, x + length):
        axes.plot([end, end], [y - tick, y + tick], color=INK, lw=1.6, zorder=6)
    axes.text(
        x + length / 2, y + 1.6 * tick, f"{length:g} m", color=INK, fontsize=8, ha="center", va="bottom", zorder=6
    )
