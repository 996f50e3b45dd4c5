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


@study_app.command("select")
def study_select(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or the name of a shipped one.")],
    figure: Annotated[
        str | None, typer.Option("--figure", help="Select by this figure; else the first primary.")
    ] = None,
    margin: Annotated[
        str | None, typer.Option("--margin", metavar="2%", help="The smallest lead worth acting on; else the study's.")
    ] = None,
    n0: Annotated[int, typer.Option("--n0", min=3, help="Replications of the first look.")] = 10,
    alpha: Annotated[float, typer.Option("--alpha", min=0.001, max=0.5, help="How often it may choose wrong.")] = 0.05,
    most: Annotated[int, typer.Option("--most", min=3, help="Replications of one design at most.")] = 200,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Choose the best design, with a stated probability of being right."""
    from twin.cli.study_command import study_select_command

    raise typer.Exit(study_select_command(file, figure, margin, n0, alpha, most, store, workers, cluster, json=json))


@study_app.command("optimise")
def study_optimise(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file with a search, or a shipped one's name.")],
    trials: Annotated[int | None, typer.Option("--trials", min=1, help="Another number of trials.")] = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Search for the best design under constraints; the winner is judged on seeds that the search never saw."""
    from twin.cli.search_command import optimise_command

    raise typer.Exit(optimise_command(file, trials, store, workers, cluster, json=json))


@study_app.command("tornado")
def study_tornado(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file with factors, or a shipped one's name.")],
    png: Annotated[Path | None, typer.Option("--png", help="Draw it.")] = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Move one factor at a time to the ends of its range: what moves the objective most."""
    from twin.cli.search_command import tornado_command

    tornado_command(file, png, store, workers, cluster, json=json)
