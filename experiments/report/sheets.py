"""A comparison as a workbook: numbers as numbers, one subject per sheet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from experiments.comparison import Comparison
from experiments.phrases import Language, phrase
from experiments.replication import Replication
from experiments.report.page import assumption_rows, digest_rows, run_lines, settings_rows, verdict_in_words
from experiments.report.words import WORDS
from experiments.sampling import Sampled
from experiments.sentences import decisions
from experiments.written import replication_rows
from twin.domain.errors import SpecError


def workbook(comparison: Comparison, language: Language = "en") -> bytes:
    """The workbook's bytes; SpecError where its library is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise SpecError("--xlsx needs the extra: pip install 'warehouse-twin[excel]'") from None
    words, out = WORDS[language], BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(name: str, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int] = ()) -> None:
        page = book.add_worksheet(name[:31])
        page.write_row(0, 0, head, bold)
        page.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value)

    first = book.add_worksheet(words["decision"])
    first.set_column(0, 0, 120)
    for r, text in enumerate([*decisions(comparison, language), "", *run_lines(comparison, language)]):
        first.write_string(r, 0, text, wrap)
    claims = [
        [
            d.arm, phrase(d.figure.name, language).label, d.figure.unit,
            *(_ends(d.found.difference) if d.found else [None] * 3), d.pairs,
            None if d.found is None else d.found.base_mean, None if d.found is None else d.found.cand_mean,
            None if d.found is None else d.found.correlation, None if d.found is None else d.found.variance_ratio,
            d.p_holm, verdict_in_words(d, language),
        ]
        for d in (*comparison.differences, *comparison.beside)
    ]  # fmt: skip
    sheet(
        words["figure"],
        [words["design"], words["figure"], "unit", words["difference"], "low", "high", words["n"], "baseline", "arm",
         words["correlation"], words["variance"], "p (Holm)", words["verdict"]],
        claims, (24, 40, 10, 14, 14, 14, 6, 14, 14, 12, 12, 12, 26),
    )  # fmt: skip
    rows = replication_rows([Sampled(design=a.design, replications=_all(a.replications)) for a in comparison.arms])
    sheet(words["seeds"], list(rows[0]), [list(row.values()) for row in rows], (24, 8))
    sheet(words["risk"], [words["risk"], words["design"], "held", "days", "low", "high"], [
        [r.name, arm, *r.held[arm], None if x is None else x.low, None if x is None else x.high]
        for r in comparison.risks for arm, x in r.by_arm.items()
    ], (20, 24))  # fmt: skip
    sheet(
        words["setting"],
        [words["design"], words["setting"], "baseline", "arm"],
        settings_rows(comparison),
        (24, 50, 40, 40),
    )
    sheet(
        words["assumption"], [words["assumption"], words["value"], words["range"], words["source"]],
        [[row["key"], float(row["value"]), row["range"], row["source"]] for row in assumption_rows(comparison)],
        (44, 10, 16, 60),
    )  # fmt: skip
    sheet(words["digests"], [words["design"], words["seed"], words["digests"]], digest_rows(comparison), (24, 8, 76))
    book.close()
    return out.getvalue()


def _ends(x: Any) -> list[float | None]:
    return [x.estimate, x.low, x.high]


def _all(replications: Sequence[Replication]) -> tuple[Replication, ...]:
    return tuple(replications)
