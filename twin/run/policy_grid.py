"""Every policy that the floor can use, on the same day with the same luck: the comparisons in docs/policies.

`python -m twin.run.policy_grid` prints them; `--write` puts them into the pages of docs/policies.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twin.domain.errors import TwinError
from twin.policies.named import ASKED, WITHOUT_FLOW, register
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

SCENARIO = "policy_day"
SEEDS = (1, 2, 3)
FIGURES = (
    ("lines_per_labour_h", "lines per labour hour", 1.0, 2),
    ("travel_m_per_line", "m walked per line", 1.0, 2),
    ("order_processing_time_p95_s", "processing p95, min", 1 / 60, 1),
    ("on_time_shipment", "on time, %", 100.0, 2),
    ("fill_rate", "filled, %", 100.0, 2),
    ("ordered_then_short", "promised, then short, %", 100.0, 2),
    ("inventory_record_accuracy", "book right, %", 100.0, 2),
    ("dock_to_stock_mean_s", "dock to stock, min", 1 / 60, 1),
)
BEGIN, END = "<!-- comparison: python -m twin.run.policy_grid --write -->", "<!-- end of comparison -->"
WAVES = "[[w1, '09:00', 600], [w2, '12:00', 600], [w3, '15:00', 600], [w4, '18:00', 600], [w5, '20:00', 600]]"
OVERRIDES: dict[tuple[str, str], tuple[str, ...]] = {
    ("release", "wave"): (f"policies.release={{name: wave, rules: {{waves: {WAVES}}}}}",),
}
"""What a strategy needs to be asked at all."""


def names(family: str) -> list[str]:
    """The strategies of a family that a scenario may name."""
    return [name for name in register(family).classes if (family, name) not in WITHOUT_FLOW]


def compared(family: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each strategy with the mean of its figures over the seeds, or why the day cannot be run with it."""
    for name in names(family):
        sums: dict[str, list[float]] = {}
        try:
            overrides = OVERRIDES.get((family, name))
            for seed in SEEDS:
                loaded = load_scenario(SCENARIO, overrides or (f"policies.{family}={name}",))
                kpis = run_scenario(loaded, seed=seed).kpis
                for key, *_ in FIGURES:
                    if kpis.get(key) is not None:
                        sums.setdefault(key, []).append(float(kpis[key]))
        except TwinError as error:
            yield name, {}, str(error).splitlines()[-1].strip()
            continue
        yield name, {key: sum(values) / len(values) for key, values in sums.items()}, ""


def table(family: str) -> str:
    """The comparison of a family as Markdown."""
    rows = [
        f"`{SCENARIO}`, seeds {SEEDS[0]} to {SEEDS[-1]}, means; everything else and all luck the same.",
        "",
        f"| policy | {' | '.join([words for _, words, _, _ in FIGURES])} |",
        "|---|" + "---|" * len(FIGURES),
    ]
    for name, means, fault in compared(family):
        if fault:
            rows.append(f"| `{name}` | {fault} |" + " |" * (len(FIGURES) - 1))
            continue
        cells = [f"{means[key] * scale:.{digits}f}" if key in means else "-" for key, _, scale, digits in FIGURES]
        rows.append(f"| `{name}` | {' | '.join(cells)} |")
    for (of, name), lacks in WITHOUT_FLOW.items():
        if of == family:
            rows += ["", f"`{name}` is a decision only so far: {lacks}."]
    return "\n".join(rows)


def with_table(page: str, text: str) -> str:
    """The page with its comparison replaced, or added at its end."""
    section = f"{BEGIN}\n\n{text}\n\n{END}"
    if BEGIN in page and END in page:
        return page[: page.index(BEGIN)] + section + page[page.index(END) + len(END) :]
    return page.rstrip("\n") + f"\n\n## In the twin\n\n{section}\n"


def main() -> int:
    """Print or write the comparisons."""
    pages = Path(__file__).resolve().parents[2] / "docs" / "policies"
    for family in ASKED:
        text = table(family)
        print(f"{family}\n\n{text}\n")
        page = pages / f"{family}.md"
        if "--write" in sys.argv and page.is_file():
            page.write_text(with_table(page.read_text(encoding="utf-8"), text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
