"""The one page of `twin demo`: figures with intervals, pictures, what differs, what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.designs import settings_that_differ
from twin.cli import plots
from twin.events.whole_file import whole_file
from twin.spec.building import plan_of
from twin.spec.loading import Loaded

TEMPLATE = Path(__file__).with_name("page.html.j2")


def write_page(
    page: Path, out: Path, before: Loaded, after: Loaded, results_before: list[Any], results_after: list[Any],
    rows: list[dict[str, Any]],
) -> None:  # fmt: skip
    """Write the page; JournalError when the disk refuses."""
    from jinja2 import Environment, StrictUndefined

    plt = plots.style()

    folders = {name: out / loaded.spec.name for name, loaded in (("before", before), ("after", after))}
    start_h = plots.start_h(before.spec.start)
    arms = (("before", plots.ORANGE, results_before), ("after", plots.BLUE, results_after))
    lines, lines_axes = plt.subplots(1, 2, figsize=(11, 3.4), constrained_layout=True)
    for name, color, _ in arms:
        plots.picked_per_hour(lines_axes[0], folders[name], color, name, start_h)
        plots.processing_curve(lines_axes[1], folders[name], color, name)
    for axes in lines_axes:
        axes.legend(frameon=False)
    bars, bar_axes = plt.subplots(figsize=(7, 3.2), constrained_layout=True)
    for (name, color, results), offset in zip(arms, (-0.2, 0.2), strict=True):
        plots.utilisation_bars(bar_axes, results[0].kpis, color, offset, 0.36, name)
    bar_axes.set_ylim(
        bar_axes.get_ylim()[::-1] if bar_axes.get_ylim()[0] < bar_axes.get_ylim()[1] else bar_axes.get_ylim()
    )
    bar_axes.legend(frameon=False, loc="lower right")
    site = before.spec.site_specs[0]
    plan = plan_of(site.layout, site.name)
    counts = {name: plots.visits(folder) for name, folder in folders.items()}
    most = max((c.get(x.location, 0) for c in counts.values() for x in plan.locations), default=1)
    maps, map_axes = plt.subplots(1, 2, figsize=(11, 4.6), constrained_layout=True)
    for axes, name in zip(map_axes, ("before", "after"), strict=True):
        dots = plots.heat_map(axes, plan, counts[name], most, f"Visits per location, {name}")
    maps.colorbar(dots, ax=map_axes, shrink=0.7, label="visits")
    pictures = {"lines": lines, "bars": bars, "maps": maps}
    template = Environment(undefined=StrictUndefined, autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    html = template.render(
        rows=rows, before=before.spec, after=after.spec, first=results_before, second=results_after,
        pictures={k: plots.as_base64(f) for k, f in pictures.items()},
        differing=settings_that_differ(before.resolved, after.resolved), assumptions=results_after[0].assumptions,
    )  # fmt: skip
    for figure in pictures.values():
        plt.close(figure)
    with whole_file(page) as part:
        part.write_text(html, encoding="utf-8")
