"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON on stdout.")]
Overrides = Annotated[
    list[str] | None, typer.Option("-o", "--override", metavar="KEY=VALUE", help="Override a value of the scenario.")
]
Rules = Annotated[list[str] | None, typer.Option("--rule", metavar="KEY=VALUE", help="A rule of the policy.")]
