"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON on stdout.")]
Overrides = Annotated[
    list[str] | None, typer.Option("-o", "--override", metavar="KEY=VALUE", help="Override a value of the scenario.")
]
Rules = Annotated[list[str] | None, typer.Option("--rule", metavar="KEY=VALUE", help="A rule of the policy.")]
Store = Annotated[Path, typer.Option("--store", help="Where results are kept, and looked for, by their content.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes at a time; else all processors.")]
Cluster = Annotated[
    str | None, typer.Option("--cluster", metavar="tcp://HOST:PORT", help="Run on the workers of a Dask scheduler.")
]
Html = Annotated[Path | None, typer.Option("--html", help="Write the report as one page.")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Write the figures as a workbook.")]
Pictures = Annotated[Path | None, typer.Option("--pictures", help="Write the charts into this folder, slide-sized.")]
Lang = Annotated[str, typer.Option("--lang", help="en or zh.")]
Assumptions = Annotated[
    int | None, typer.Option("--assumptions", min=0, help="Vary so many assumptions; else all with a stated range.")
]
