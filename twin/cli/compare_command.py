"""`twin compare`: designs on the same seeds, and a sentence that a decision can rest on."""

from __future__ import annotations

import json as jsonlib
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.gathering_options import gathering_of
from twin.cli.wide_console import wide_console
from twin.domain.errors import SpecError

if TYPE_CHECKING:
    from experiments.comparison import Comparison, Difference
    from experiments.figures import Asked
    from experiments.gathering import Gathering
    from experiments.phrases import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """What the command line says beside the arms."""

    overrides: Sequence[str] = ()
    policies: Sequence[str] = ()
    names: Sequence[str] = ()
    replications: int = 10
    first_seed: int | None = None
    figures: Sequence[str] = ()
    margins: Sequence[str] = ()
    confidence: float = 0.95
    service: float = 0.98
    out: Path | None = None
    store: Path = Path("runs/results")
    workers: int | None = None
    cluster: str | None = None
    json: bool = False
    html: Path | None = None
    xlsx: Path | None = None
    pictures: Path | None = None
    language: str = "en"
    assumptions: int | None = None


def compare_command(arms: Sequence[str], options: CompareOptions) -> None:
    """Run, compare, print, write."""
    from experiments.arms import designs_from
    from experiments.comparison import Arm, compare
    from experiments.sampling import fixed
    from experiments.written import comparison_json, replication_rows, write_csv, write_json, write_parquet
    from twin.cli.run_command import policies_of

    if len(arms) < 2:
        raise SpecError("compare needs two arms or more: twin compare quickstart +policies.routing=optimal")
    if not 0 < options.confidence < 1:
        raise SpecError(f"--confidence must be between 0 and 1, got {options.confidence:g}")
    designs = designs_from(arms, options.overrides, policies_of(list(options.policies)), options.names)
    primary = primary_figures(options.figures, options.margins, designs[0].loaded.spec.costs.currency)
    first = designs[0].loaded.spec.seed if options.first_seed is None else options.first_seed
    language = language_of(options.language)
    with gathering_of(options.store, options.workers, options.cluster) as gathering:
        sampled = fixed(designs, range(first, first + options.replications), gathering)
        arms_run = [Arm(design=s.design, replications=s.replications) for s in sampled]
        comparison = compare(arms_run, primary, options.confidence, options.service)
        written = write_reports(comparison, gathering, options, language)
    said = comparison_json(comparison)
    if options.out is not None:
        rows = replication_rows(sampled)
        write_json(options.out / "comparison.json", said)
        write_csv(options.out / "replications.csv", rows)
        write_parquet(options.out / "replications.parquet", rows)
    if options.json:
        print(jsonlib.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
        return
    print_comparison(comparison, language)
    for path in ([options.out] if options.out is not None else []) + written:
        print(f"written: {path}")


def primary_figures(figures: Sequence[str], margins: Sequence[str], currency: str = "money") -> list[Asked]:
    """The figures of `--figure`, with the margins of `--margin FIGURE=2%` or `FIGURE=5` (in its unit)."""
    from experiments.figures import DEFAULT_PRIMARY, asked, margin_of

    said = dict(margin_of(text) for text in margins)
    names = list(figures) or list(dict.fromkeys([*DEFAULT_PRIMARY, *said]))
    lacking = [name for name in said if name not in names]
    if lacking:
        raise SpecError(f"--margin {lacking[0]}: not among the figures of --figure")
    return [asked(name, None, *said.get(name, (None, None)), currency) for name in names]


def language_of(text: str) -> Language:
    """`en` or `zh`."""
    if text == "zh":
        return "zh"
    if text != "en":
        raise SpecError(f"--lang {text}: en or zh")
    return "en"


def write_reports(
    comparison: Comparison, gathering: Gathering, options: CompareOptions, language: Language
) -> list[Path]:
    """The page, the workbook and the pictures that are asked for."""
    from experiments.written import write_bytes, write_text

    written: list[Path] = []
    found = None
    if options.html is not None or options.pictures is not None:
        from experiments.sensitivity import sensitivity

        print("varying the assumptions that both designs rest on; --assumptions 0 leaves it out", file=sys.stderr)
        found = sensitivity(comparison, gathering, most=options.assumptions)
    if options.html is not None:
        from experiments.report.page import page

        write_text(options.html, page(comparison, _command(), found, language))
        written.append(options.html)
    if options.xlsx is not None:
        from experiments.report.sheets import workbook

        write_bytes(options.xlsx, workbook(comparison, language))
        written.append(options.xlsx)
    if options.pictures is not None:
        from experiments.report.slides import slides

        for name, picture in slides(comparison, found, language).items():
            write_bytes(options.pictures / name, picture)
        written.append(options.pictures)
    return written


def _command() -> str:
    """What was typed, so that it can be typed again."""
    name = Path(sys.argv[0]).name
    return shlex.join(["twin" if name in ("main.py", "__main__.py") else name, *sys.argv[1:]])


def print_comparison(comparison: Comparison, language: Language = "en") -> None:
    """A table per arm, the risks, and the sentences."""
    from rich.table import Table

    from experiments.sentences import decisions, number

    console = wide_console()
    seeds = comparison.seeds
    for arm in comparison.arms[1:]:
        table = Table(
            title=f"{arm.name} against {comparison.baseline.name}, seeds {seeds[0]} to {seeds[-1]}",
            title_justify="left",
        )
        for name in ("figure", comparison.baseline.name, arm.name, "difference", "interval", "correlation", "variance"):
            table.add_column(name, justify="left" if name == "figure" else "right")
        table.add_column("verdict")
        for d in comparison.of(arm.name):
            table.add_row(*_cells(d))
        console.print(table)
    claims = len(comparison.differences)
    console.print(
        f"intervals hold together with {100 * comparison.confidence:g} % ({claims} claims, each at "
        f"{100 * comparison.joint_level:.2f} %); verdicts by Holm; variance: of the paired difference, over that of "
        "unpaired runs"
    )
    for risk in comparison.risks:
        share = "every due order" if risk.name == "all_on_time" else f"{number(risk.target, 'share')} of due orders"
        what = f"{share} left in time"
        console.print(f"\n{what}:")
        for arm in comparison.arms:
            interval, (held, days) = risk.by_arm[arm.name], risk.held[arm.name]
            if interval is None or interval.low is None or interval.high is None:
                console.print(f"  {arm.name}: no order was due")
                continue
            p = risk.p_value[arm.name]
            against = "" if p is None else f"; McNemar p {p:.3f}"
            console.print(
                f"  {arm.name}: {held} of {days} runs "
                f"[{100 * interval.low:.0f} %, {100 * interval.high:.0f} %]{against}"
            )
    console.print()
    for sentence in decisions(comparison, language):
        console.print(sentence)


def _cells(d: Difference) -> list[str]:
    from experiments.sentences import change, number

    unit = d.figure.unit
    if d.found is None:
        return [d.figure.name, "-", "-", "-", "-", "-", "-", "undefined"]
    gap, found = d.found.difference, d.found
    interval = "-" if gap.low is None or gap.high is None else f"[{change(gap.low, unit)}, {change(gap.high, unit)}]"
    return [
        d.figure.name, number(found.base_mean, unit), number(found.cand_mean, unit), change(gap.estimate, unit),
        interval,
        "-" if found.correlation is None else f"{found.correlation:.3f}",
        "-" if found.variance_ratio is None else f"{found.variance_ratio:.3f}",
        ("worse, inside the margin" if d.verdict == "worse" and d.inside_margin else d.verdict)
        + (f" ({d.pairs} of {d.seeds} pairs)" if d.pairs < d.seeds else ""),
    ]  # fmt: skip
