"""`twin demo`: a before/after pair on one page; `--quickstart`: one day and its picture."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import Any

BEFORE, AFTER = "demo_before", "demo_after"
SEEDS = 5
SHOWN = (
    "order_processing_time_mean_s", "order_processing_time_p95_s", "on_time_shipment", "order_picking_accuracy",
    "line_picking_accuracy", "perfect_order_rate", "ordered_then_short", "fill_rate", "inventory_record_accuracy",
    "throughput_lines_per_h", "lines_per_labour_h", "travel_m_per_line", "labour_cost_per_order",
)  # fmt: skip


def demo_command(
    out: Path, *, quickstart: bool, json: bool, seeds: int = SEEDS, overrides: list[str] | None = None
) -> None:
    """Run, draw, and say where the page is."""
    if quickstart:
        _quickstart(out if out != Path("runs/demo") else Path("runs/quickstart"), json, overrides or [])
    else:
        _pair(out, json, seeds, overrides or [])


def _quickstart(out: Path, json: bool, overrides: list[str]) -> None:
    from twin.cli.plots import day_picture, start_h
    from twin.cli.run_command import progress_printer
    from twin.cli.tables import print_results
    from twin.events.whole_file import whole_file
    from twin.run.running import run_scenario
    from twin.spec.building import plan_of
    from twin.spec.loading import load_scenario

    loaded = load_scenario("quickstart", overrides)
    folder = out / "run"
    result = run_scenario(loaded, out=folder, progress=progress_printer("quickstart"))
    picture = out / "day.png"
    plan = plan_of(loaded.spec.site_specs[0].layout, loaded.spec.site_specs[0].name)
    title = f"{result.scenario}, seed {result.seed}"
    with whole_file(picture) as part:
        day_picture(part, folder, plan, result.kpis, title, start_h(loaded.spec.start))
    if json:
        print(jsonlib.dumps({"schema": "twin.demo/1", "picture": str(picture), "result": result.as_json()}, indent=2))
        return
    print_results([result])
    twin = sys.argv[0] if Path(sys.argv[0]).name.startswith("twin") else "twin"
    print(f"\nThe day on a picture: {picture}\n\nTry next:")
    print(f"  {twin} run quickstart -n 5                          five seeds, with intervals")
    print(f"  {twin} run quickstart --policy routing=optimal      another rule, the same orders and the same luck")
    print(f"  {twin} demo                                         paper and waves against scanners, on one page")


def _pair(out: Path, json: bool, seeds: int, overrides: list[str]) -> None:
    from twin.cli.page import write_page
    from twin.run.running import run_scenario
    from twin.spec.loading import load_scenario

    results: dict[str, list[Any]] = {}
    loaded = {}
    for name in (BEFORE, AFTER):
        loaded[name] = load_scenario(name, overrides)
        results[name] = []
        for number in range(seeds):
            seed = loaded[name].spec.seed + number
            print(f"{name}: seed {seed}", file=sys.stderr)
            folder = out / name if number == 0 else None
            results[name].append(run_scenario(loaded[name], seed=seed, out=folder))
    rows = [compared(figure, results[BEFORE], results[AFTER]) for figure in SHOWN]
    page = out / "index.html"
    write_page(page, out, loaded[BEFORE], loaded[AFTER], results[BEFORE], results[AFTER], rows)
    if json:
        print(jsonlib.dumps({"schema": "twin.demo/1", "page": str(page), "seeds": seeds, "figures": rows}, indent=2))
        return
    for row in rows:
        print(f"{row['name']:32} {row['before_text']:>12} -> {row['after_text']:>12}   {row['verdict']}")
    print(f"\nThe page: {page}")


def compared(name: str, before: list[Any], after: list[Any]) -> dict[str, Any]:
    """Means and the paired difference over the seeds with its 95 % interval (Student t)."""
    from experiments.statistics.paired import paired
    from twin.cli.tables import as_text
    from twin.observers.kpis import KPIS

    kpi = KPIS[name]
    pairs = [
        (b.kpis[name], a.kpis[name])
        for b, a in zip(before, after, strict=True)
        if b.kpis[name] is not None and a.kpis[name] is not None
    ]
    row: dict[str, Any] = {"name": name, "unit": kpi.unit, "n": len(pairs), "definition": kpi.definition}
    if not pairs:
        return {**row, "before": None, "after": None, "before_text": "-", "after_text": "-", "verdict": "undefined"}
    found = paired([p[0] for p in pairs], [p[1] for p in pairs])
    mean_before, mean_after = found.base_mean, found.cand_mean
    row |= {
        "before": mean_before, "after": mean_after, "before_text": as_text(mean_before, kpi.unit),
        "after_text": as_text(mean_after, kpi.unit),
    }  # fmt: skip
    low, high = found.difference.low, found.difference.high
    if low is None or high is None:
        return {**row, "verdict": "one seed: no interval"}
    if found.exact:
        same = f"differs by the same on all {len(pairs)} seeds"
        return {**row, "verdict": same if found.difference.estimate else "no difference"}
    row |= {"difference": mean_after - mean_before, "low": low, "high": high}
    if low <= 0 <= high:
        verdict = "cannot distinguish"
    else:
        better = kpi.better is not None and (mean_after > mean_before) == (kpi.better == "higher")
        verdict = ("better" if better else "worse" if kpi.better else "differs") + (
            f" by {as_text(abs(mean_after - mean_before), kpi.unit)} "
            f"[{as_text(min(abs(low), abs(high)), kpi.unit)}, {as_text(max(abs(low), abs(high)), kpi.unit)}]"
        )
    return {**row, "verdict": verdict}
