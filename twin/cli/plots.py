"""Pictures of runs: throughput over the day, times, utilisation, and a heat map of where people walk."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np

from twin.events.reading import read_events
from twin.space.plan import FloorPlan

BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#9AA5B1", "#1B2733"
BIN_MS = 15 * 60_000
Axes = Any


def style() -> Any:
    """Matplotlib without a window, in the page's type."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update(
        {
            "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
            "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.titlesize": 11,
            "axes.titleweight": "bold", "axes.titlelocation": "left", "figure.facecolor": "white",
        }
    )  # fmt: skip
    return plt


def picked_per_hour(axes: Axes, folder: Path, color: str, label: str, start_h: float) -> None:
    """Lines picked per hour, by quarter of an hour, as the book learned of them."""
    at = read_events(folder, ("at_ms",), ["LinePicked"]).columns["at_ms"]
    if not len(at):
        return
    counts = np.bincount((at // BIN_MS).astype(int))
    hours = start_h + (np.arange(len(counts)) + 0.5) * BIN_MS / 3_600_000
    axes.plot(hours, counts * 3_600_000 / BIN_MS, color=color, label=label, linewidth=1.8)
    axes.set_title("Lines picked per hour")
    axes.set_xlabel("time of day, h")
    axes.set_ylim(bottom=0)


def processing_curve(axes: Axes, folder: Path, color: str, label: str) -> None:
    """Share of orders staged within so many minutes of their receipt."""
    received = read_events(folder, ("order", "at_ms"), ["OrderReceived"]).columns
    staged = read_events(folder, ("order", "at_ms"), ["HandlingUnitStaged"]).columns
    begun = dict(zip(received["order"], received["at_ms"], strict=True))
    last: dict[str, int] = {}
    for order, at in zip(staged["order"], staged["at_ms"], strict=True):
        last[order] = max(last.get(order, 0), int(at))
    minutes = np.sort(np.array([(at - begun[o]) / 60_000 for o, at in last.items() if o in begun]))
    if not len(minutes):
        return
    axes.plot(minutes, np.arange(1, len(minutes) + 1) / len(begun) * 100, color=color, label=label, linewidth=1.8)
    axes.set_title("Orders staged within ... minutes of receipt")
    axes.set_xlabel("minutes")
    axes.set_ylabel("% of orders received")
    axes.set_ylim(0, 102)


def utilisation_bars(axes: Axes, kpis: dict[str, Any], color: str, offset: float, height: float, label: str) -> None:
    """Utilisation by role."""
    found = {k: v for k, v in (kpis.get("utilisation") or {}).items() if v is not None}
    names = sorted(found)
    y = np.arange(len(names)) + offset
    axes.barh(y, [100 * found[n] for n in names], height=height, color=color, label=label)
    axes.set_yticks(np.arange(len(names)), [n.replace("_", " ") for n in names])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_title("Busy share of paid time, %")


def visits(folder: Path) -> dict[str, int]:
    """How often somebody set off for each place."""
    places = read_events(folder, ("destination",), ["WorkerDeparted"]).columns["destination"]
    names, counts = np.unique(np.array([str(p) for p in places if p is not None]), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def heat_map(axes: Axes, plan: FloorPlan, counts: dict[str, int], most: int, title: str) -> Any:
    """Visits per location, on the floor."""
    xs, ys, heat = [], [], []
    pitch = 700
    for x in plan.locations:
        xs.append((x.x_mm + (-pitch if x.side == "left" else pitch)) / 1000)
        ys.append(x.y_mm / 1000)
        heat.append(counts.get(x.location, 0))
    from matplotlib.colors import PowerNorm

    norm = PowerNorm(0.5, vmin=0, vmax=max(1, most))
    dots = axes.scatter(xs, ys, c=heat, cmap="YlOrRd", norm=norm, s=16, marker="s", linewidths=0.2, edgecolors=GREY)
    for place in plan.places.values():
        if place.kind in ("depot", "pack_station", "door"):
            axes.plot(place.x_mm / 1000, place.y_mm / 1000, marker="^", color=INK, markersize=5)
            name = place.name.split("/")[-1]
            axes.annotate(
                name, (place.x_mm / 1000, place.y_mm / 1000), fontsize=7, xytext=(4, -3), textcoords="offset points"
            )
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_title(title)
    return dots


def as_base64(figure: Any) -> str:
    """A figure as the text of an inline PNG."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130, bbox_inches="tight")
    return base64.b64encode(stream.getvalue()).decode()


def day_picture(path: Path, folder: Path, plan: FloorPlan, kpis: dict[str, Any], title: str, start_h: float) -> None:
    """One run on one picture."""
    plt = style()
    figure, axes = plt.subplots(2, 2, figsize=(12, 8), constrained_layout=True)
    figure.suptitle(title, x=0.01, ha="left", fontsize=14, fontweight="bold")
    picked_per_hour(axes[0, 0], folder, BLUE, "", start_h)
    processing_curve(axes[0, 1], folder, BLUE, "")
    utilisation_bars(axes[1, 0], kpis, BLUE, 0.0, 0.6, "")
    counts = visits(folder)
    most = max((counts.get(x.location, 0) for x in plan.locations), default=1)
    dots = heat_map(axes[1, 1], plan, counts, most, "Visits per location")
    figure.colorbar(dots, ax=axes[1, 1], shrink=0.7, label="visits")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def start_h(start: str) -> float:
    """The hour of the day at which a scenario starts."""
    from datetime import datetime

    t = datetime.fromisoformat(start)
    return t.hour + t.minute / 60
