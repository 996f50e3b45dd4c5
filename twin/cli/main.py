"""The `twin` command: one place where errors become sentences and exit codes.

0 done; 1 the check or comparison says no; 2 wrong use or bad input; 3 our bug (ConservationError); 130 stopped.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.bench_app import bench_app
from twin.cli.gate_app import gate_app
from twin.cli.options import Assumptions, Cluster, Html, Json, Lang, Overrides, Pictures, Rules, Store, Workers, Xlsx
from twin.cli.planning_app import add_planning
from twin.cli.policy_app import policy_app
from twin.cli.study_app import study_app
from twin.cli.talk import talk_may_fail
from twin.cli.train_app import add_train
from twin.cli.view_app import add_view
from twin.domain.errors import ConservationError, TwinError

app = typer.Typer(
    name="twin",
    help="A warehouse digital twin that runs the actual WMS policies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
layout_app = typer.Typer(help="Import and draw layouts.", no_args_is_help=True)
app.add_typer(layout_app, name="layout")
app.add_typer(bench_app, name="bench")
app.add_typer(policy_app, name="policy")
app.add_typer(study_app, name="study")
app.add_typer(gate_app, name="gate")

Seed = Annotated[int | None, typer.Option("--seed", help="Another seed than the scenario's.")]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", metavar="FAMILY=NAME", help="Use this policy for a family.")
]


OwnPolicies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="FAMILY=module:Class", help="Your own policy that the run used, given again."),
]


def _version(wanted: bool) -> None:
    if wanted:
        from twin import __version__

        typer.echo(f"twin {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A warehouse digital twin that runs the actual WMS policies."""


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")],
    override: Overrides = None,
    seed: Seed = None,
    replications: Annotated[int, typer.Option("-n", "--replications", min=1, help="Runs with consecutive seeds.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Write the run folder here.")] = None,
    json: Json = False,
    events: Annotated[str | None, typer.Option("--events", help="Write events as JSON lines to a file, or - .")] = None,
    commands: Annotated[Path | None, typer.Option("--commands", help="A file of commands, JSON lines.")] = None,
    policy: Policies = None,
) -> None:
    """Simulate a scenario and print its figures."""
    from twin.cli.run_command import run_command

    run_command(
        scenario, override or [], seed, replications, out, json=json, events=events, commands=commands,
        policies=policy or [],
    )  # fmt: skip


@app.command()
def check(scenario: str, override: Overrides = None, json: Json = False) -> None:
    """Check a scenario or a layout, and lint its floor."""
    from twin.cli.check_command import check_command

    raise typer.Exit(check_command(scenario, override or [], json=json))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to put the templates.")] = Path("."), json: Json = False
) -> None:
    """Copy the shipped scenarios and layouts out, to start from."""
    from twin.cli.check_command import init_command

    init_command(folder, json=json)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the page and the runs go.")] = Path("runs/demo"),
    quickstart: Annotated[
        bool, typer.Option("--quickstart", help="One run of the quickstart and its picture.")
    ] = False,
    json: Json = False,
) -> None:
    """Run a before/after pair and write one page with plots."""
    from twin.cli.demo_command import demo_command

    demo_command(out, quickstart=quickstart, json=json)


@app.command()
def schema(
    what: Annotated[str, typer.Argument(help="scenario, layout, lesson or command")] = "scenario",
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema of scenario, layout or lesson files, or of a command."""
    from twin.cli.check_command import schema_command

    schema_command(what, out)


@app.command()
def verify(folder: Path, policy: OwnPolicies = None, json: Json = False) -> None:
    """Run a recorded run again and compare; names the first event that differs."""
    from twin.cli.run_command import policies_of
    from twin.cli.verify_command import verify_command

    raise typer.Exit(verify_command(folder, policies_of(policy or []), json=json))


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    order: Annotated[str | None, typer.Option("--order", metavar="ID", help="Tell the story of this order.")] = None,
    json: Json = False,
) -> None:
    """Say where the orders' time went and what holds them up, or tell one order's story."""
    from twin.cli.explain_command import explain_command

    explain_command(folder, order, json=json)


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run folder.")],
    second: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another.")],
    json: Json = False,
) -> None:
    """Find the first decision in which two runs differ, and the parts of an order's time that account for it."""
    from twin.cli.diff_command import diff_command

    diff_command(first, second, json=json)


@app.command("explain-kpi")
def explain_kpi(
    name: Annotated[str | None, typer.Argument(help="A figure; without it all are listed.")] = None, json: Json = False
) -> None:
    """Say how a figure is defined."""
    from twin.cli.check_command import explain_kpi_command

    explain_kpi_command(name, json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """Say what this machine has and what is missing."""
    from twin.cli.doctor_command import doctor_command

    raise typer.Exit(doctor_command(json=json))


@layout_app.command("import")
def layout_import(
    locations: Annotated[Path, typer.Argument(help="A WMS location master, csv or xlsx.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the layout here instead of stdout.")] = None,
    json: Json = False,
) -> None:
    """Turn a WMS location master into a layout, listing what was guessed."""
    from twin.cli.layout_command import import_command

    import_command(locations, out, json=json)


@layout_app.command("show")
def layout_show(
    layout: Annotated[str, typer.Argument(help="A layout file or shipped name, or a scenario.")],
    png: Annotated[Path, typer.Option("--png", help="The picture to write.")],
    json: Json = False,
) -> None:
    """Draw a layout."""
    from twin.cli.layout_command import show_command

    show_command(layout, png, json=json)


@app.command()
def decide(
    policy: Annotated[str, typer.Argument(metavar="FAMILY=NAME", help="The policy to ask.")],
    snapshot: Annotated[Path, typer.Argument(help="JSON or YAML; what is left out is filled in.")],
    rule: Rules = None,
    why: Annotated[bool, typer.Option("--why", help="Every rejected candidate and every sort key.")] = False,
    json: Json = False,
) -> None:
    """Ask one policy one question."""
    from twin.cli.decision_commands import decide_command

    raise typer.Exit(decide_command(policy, snapshot, rule or [], why=why, json=json))


@app.command()
def decisions(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    family: Annotated[str | None, typer.Option("--family", help="Only this family.")] = None,
    number: Annotated[int | None, typer.Option("--id", help="Only the decision of this number.")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Write it as a case for twin policy test.")] = None,
    why: Annotated[
        bool, typer.Option("--why", help="With --id: what else it could have been; the run is repeated for it.")
    ] = False,
    policy: OwnPolicies = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many rows.")] = 1000,
    json: Json = False,
) -> None:
    """List the decisions of a run, turn one into a test case, or say what else it could have been."""
    from twin.cli.decision_commands import decisions_command
    from twin.cli.run_command import policies_of

    if why:
        from twin.cli.alternatives_command import alternatives_command

        alternatives_command(folder, number, export, policies_of(policy or []), limit, json=json)
        return
    decisions_command(folder, family, number, export, policies_of(policy or []), limit, json=json)


@app.command()
def shadow(
    source: Annotated[Path, typer.Argument(metavar="RUN|LEDGER", help="A run folder, or a ledger of policy serve.")],
    policy: Annotated[str, typer.Option("--policy", metavar="FAMILY=NEW", help="The candidate.")],
    rule: Rules = None,
    own: Annotated[
        list[str] | None, typer.Option("--own", metavar="FAMILY=module:Class", help="Your own policy of the run.")
    ] = None,
    json: Json = False,
) -> None:
    """Put recorded situations to a candidate and say where it decides otherwise: exit code 1 if anywhere."""
    from twin.cli.decision_commands import shadow_command
    from twin.cli.run_command import policies_of

    raise typer.Exit(shadow_command(source, policy, rule or [], policies_of(own or []), json=json))


@app.command()
def route(
    layout: Annotated[str, typer.Argument(help="A layout file or shipped name.")],
    stops: Annotated[Path, typer.Option("--stops", help="YAML or JSON list: names, or aisle, block, position.")],
    policy: Annotated[str, typer.Option("--policy", help="The routing policy.")] = "optimal",
    start: Annotated[str | None, typer.Option("--start", help="A depot, place or location; else the depot.")] = None,
    end: Annotated[str | None, typer.Option("--end", help="Where the tour ends; else where it starts.")] = None,
    json: Json = False,
) -> None:
    """Put the stops of one pick list into walking order."""
    from twin.cli.route_command import route_command

    route_command(layout, stops, policy, start, end, json=json)


@app.command()
def compare(
    arms: Annotated[
        list[str], typer.Argument(metavar="A B [C...]", help="SCENARIO, SCENARIO+KEY=VALUE, or +KEY=VALUE: A, changed.")
    ],
    override: Overrides = None,
    policy: Policies = None,
    name: Annotated[list[str] | None, typer.Option("--name", help="Names of the arms, in their order.")] = None,
    replications: Annotated[int, typer.Option("-n", "--replications", min=1, help="Seeds that each arm runs.")] = 10,
    seed: Annotated[int | None, typer.Option("--seed", help="The first seed; else the first arm's.")] = None,
    figure: Annotated[list[str] | None, typer.Option("--figure", help="A figure the decision rests on.")] = None,
    margin: Annotated[
        list[str] | None, typer.Option("--margin", metavar="FIGURE=2%", help="The smallest difference that matters.")
    ] = None,
    confidence: Annotated[float, typer.Option("--confidence", help="For all claims together.")] = 0.95,
    service: Annotated[float, typer.Option("--service", min=0, max=1, help="The share on time to be kept.")] = 0.98,
    html: Html = None,
    xlsx: Xlsx = None,
    pictures: Pictures = None,
    lang: Lang = "en",
    assumptions: Assumptions = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the results here.")] = None,
    store: Store = Path("runs/results"),
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Compare layouts, settings or policies on the same seeds, with intervals and a sentence."""
    from twin.cli.compare_command import CompareOptions, compare_command

    compare_command(
        arms,
        CompareOptions(
            overrides=override or [], policies=policy or [], names=name or [], replications=replications,
            first_seed=seed, figures=figure or [], margins=margin or [], confidence=confidence, service=service,
            out=out, store=store, workers=workers, cluster=cluster, json=json, html=html, xlsx=xlsx,
            pictures=pictures, language=lang, assumptions=assumptions,
        ),
    )  # fmt: skip


add_planning(app)
add_train(app)
add_view(app)


READER_WENT = 141
"""Of a shell: ended because nobody reads its output any more."""


def main() -> None:
    """Run the command; errors are sentences on stderr."""
    _answer_in_any_script()
    with talk_may_fail():
        _main()


def _answer_in_any_script() -> None:
    """Data is UTF-8 whatever the locale says (JSON is nothing else); a terminal shows what it can."""
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="replace") if out.isatty() else out.reconfigure(encoding="utf-8")


def _main() -> None:
    try:
        app()
    except ConservationError as error:
        print(f"This is our bug, please report it: {error}", file=sys.stderr)
        raise SystemExit(3) from None
    except TwinError as error:
        print(str(error), file=sys.stderr)
        raise SystemExit(2) from None
    except (KeyboardInterrupt, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not str(error).startswith("Query interrupted"):  # Ctrl-C, by DuckDB
            raise
        print("stopped", file=sys.stderr)
        raise SystemExit(130) from None
    except (BrokenPipeError, SystemExit) as ended:
        if isinstance(ended, SystemExit) and not isinstance(ended.__context__, BrokenPipeError):
            raise
        # The reader went away: neither yes, nor no (which click and rich make of it), nor wrong use.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(READER_WENT) from None
    except OSError as error:
        if error.filename is not None:
            print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        elif error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            print(f"the answer cannot be written: {error.strerror}", file=sys.stderr)
        else:
            raise
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
