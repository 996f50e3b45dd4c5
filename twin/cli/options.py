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
