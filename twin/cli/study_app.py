"""`twin study`: many designs, many seeds, one answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Cluster, Json, Store, Workers

study_app = typer.Typer(help="Run many designs over many seeds and say which is better.", no_args_is_help=True)


@study_app.command("run")
def study_run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the results here.")] = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Run a study; what is in the store already is not run again."""
    from twin.cli.study_command import study_run_command

    study_run_command(file, out, store, workers, cluster, json=json)
