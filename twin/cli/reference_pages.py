"""Writes the reference pages that come out of the code: events, figures, assumptions, JSON Schemas.

`python -m twin.cli.reference_pages` writes them under docs/; `--check` only says whether they are current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from twin.cli.check_command import schema_text
from twin.events.catalogue import KINDS
from twin.events.columns import COLUMNS, FLOATS, NUMBERS, TEXTS
from twin.observers.kpis import KPIS
from twin.policies.named import ASKED, FAMILIES, WITHOUT_FLOW
from twin.spec.assumptions import GENERATED, TABLE

NOTE = "<!-- written by `python -m twin.cli.reference_pages`; do not edit -->\n"


def events_page() -> str:
    """All kinds with their side and columns."""
    rows = [
        "# Events",
        "",
        NOTE,
        "Every event has `at_ms`, `seq`, `kind` and `side`; the other columns depend on its kind. Side `book`: learned "
        "by a scan, a message or a keyed sheet. Side `floor`: truth that no scan need have told. Columns in brackets "
        "may be empty.",
        "",
        "| kind | side | what it says | columns |",
        "|---|---|---|---|",
    ]
    for k in KINDS.values():
        columns = ", ".join(f if f in k.required else f"[{f}]" for f in k.fields if f != "at_ms")
        rows.append(f"| `{k.name}` | {k.side} | {' '.join(k.doc.split())} | {columns} |")
    rows += ["", "## Columns", "", "| column | holds |", "|---|---|"]
    for column in COLUMNS:
        kind = (
            "whole number" if column in NUMBERS else "fraction" if column in FLOATS else "text" if column in TEXTS
            else "name: an id or a word"
        )  # fmt: skip
        rows.append(f"| `{column}` | {kind} |")
    return "\n".join(rows) + "\n"


def kpis_page() -> str:
    """All figures with their definitions."""
    rows = ["# Figures", "", NOTE, "`twin explain-kpi NAME` prints one of them.", ""]
    rows += ["| figure | unit | better | reads | definition | undefined when |", "|---|---|---|---|---|---|"]
    for k in KPIS.values():
        rows.append(f"| `{k.name}` | {k.unit} | {k.better or '-'} | {k.side} | {k.definition} | {k.undefined_when} |")
    return "\n".join(rows) + "\n"


def assumptions_page() -> str:
    """The table of defaults."""
    rows = [
        "# What a result rests on",
        "",
        NOTE,
        "Defaults, each with its range for sensitivity runs. None is measured on a real site; a site replaces them by "
        "its own. `result.json` lists those that a run left at their default.",
        "",
        "| key | value | range | mark | reason or source |",
        "|---|---|---|---|---|",
    ]
    for a in (*TABLE, *GENERATED):
        span = "" if a.low is None else f"{a.low:g} to {a.high:g}"
        rows.append(f"| `{a.key}` | {a.value:g} | {span} | {a.mark} | {a.source} |")
    return "\n".join(rows) + "\n"


def policies_page() -> str:
    """All families, their policies, and what the twin does with them."""
    rows = [
        "# Policies",
        "",
        NOTE,
        "A family is a decision; a policy is one way to take it. A star marks the default. `twin policy list` says "
        "what each does; how to add one: [your own policy](../your-own-policy.md).",
        "",
        "| family | policies |",
        "|---|---|",
    ]
    for asked in (True, False):
        if not asked:
            rows += ["", "| decisions that no flow asks yet | policies |", "|---|---|"]
        for family, found in FAMILIES.items():
            if (family in ASKED) == asked:
                names = [
                    f"`{name}`"
                    + ("\\*" if name == found.default else "")
                    + (" (decision only)" if (family, name) in WITHOUT_FLOW else "")
                    for name in found.classes
                ]
                rows.append(f"| [{family}]({family}.md) | {', '.join(names)} |")
    return "\n".join(rows) + "\n"


def pages(docs: Path) -> dict[Path, str]:
    """Each page's path and text."""
    return {
        docs / "events.md": events_page(),
        docs / "kpis.md": kpis_page(),
        docs / "assumptions.md": assumptions_page(),
        docs / "policies" / "index.md": policies_page(),
        docs / "schema" / "scenario.json": schema_text("scenario"),
        docs / "schema" / "layout.json": schema_text("layout"),
        docs / "schema" / "lesson.json": schema_text("lesson"),
        docs / "schema" / "command.json": schema_text("command"),
    }


def main() -> int:
    """0 when the pages are written or current, 1 when `--check` finds an old one."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    old = []
    for path, text in pages(docs).items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(path.name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print(f"{'old' if '--check' in sys.argv else 'written'}: {', '.join(old) or 'none'}")
    return 1 if old and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
