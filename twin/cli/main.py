"""The `twin` command: one place where errors become sentences and exit codes.

0 done; 1 the check or comparison says no; 2 wrong use or bad input; 3 our bug (ConservationError); 130 stopped.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.domain.errors import ConservationError, TwinError

app = typer.Typer(
    name="twin",
    help="A warehouse digital twin that runs the actual WMS policies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
layout_app = typer.Typer(help="Import and draw layouts.", no_args_is_help=True)
policy_app = typer.Typer(help="List, explain, check, test and serve policies.", no_args_is_help=True)
bench_app = typer.Typer(help="Measure speed, as ratios taken in one run.", no_args_is_help=True)
app.add_typer(layout_app, name="layout")
app.add_typer(bench_app, name="bench")
app.add_typer(policy_app, name="policy")

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON on stdout.")]
Overrides = Annotated[
    list[str] | None, typer.Option("-o", "--override", metavar="KEY=VALUE", help="Override a value of the scenario.")
]
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
    what: Annotated[str, typer.Argument(help="scenario or layout")] = "scenario",
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema of scenario or layout files."""
    from twin.cli.check_command import schema_command

    schema_command(what, out)


@app.command()
def verify(folder: Path, policy: OwnPolicies = None, json: Json = False) -> None:
    """Run a recorded run again and compare; names the first event that differs."""
    from twin.cli.run_command import policies_of
    from twin.cli.verify_command import verify_command

    raise typer.Exit(verify_command(folder, policies_of(policy or []), json=json))


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


@bench_app.command("run")
def bench_run(
    scenario: Annotated[str, typer.Argument()] = "reference",
    override: Overrides = None,
    json: Json = False,
) -> None:
    """CPU of a run against a bare SimPy loop in the same process."""
    from twin.cli.bench_command import bench_run_command

    bench_run_command(scenario, override or [], json=json)


@bench_app.command("scale")
def bench_scale(
    most: Annotated[int, typer.Option("--most", help="The largest run, in lines.")] = 1_000_000,
    json: Json = False,
) -> None:
    """How CPU and memory grow with the number of lines."""
    from twin.cli.bench_command import bench_scale_command

    bench_scale_command(most, json=json)


Rules = Annotated[list[str] | None, typer.Option("--rule", metavar="KEY=VALUE", help="A rule of the policy.")]


@policy_app.command("list")
def policy_list(json: Json = False) -> None:
    """All families and their policies, our own and installed ones."""
    from twin.cli.policy_commands import list_command

    list_command(json=json)


@policy_app.command("show")
def policy_show(
    name: Annotated[str, typer.Argument(help="FAMILY=NAME, a family or a policy's name.")], json: Json = False
) -> None:
    """One policy: what it is asked, its rules and their defaults, what it answers."""
    from twin.cli.policy_commands import show_command

    show_command(name, json=json)


@policy_app.command("check")
def policy_check(
    target: Annotated[str, typer.Argument(help="FAMILY=NAME, FAMILY=module:Class or FAMILY=http://...")],
    rule: Rules = None,
    snapshots: Annotated[int, typer.Option("--snapshots", min=1, help="How many drawn snapshots.")] = 200,
    slow_ms: Annotated[float, typer.Option("--slow-ms", min=0, help="Allowed median time of a decision.")] = 100.0,
    json: Json = False,
) -> None:
    """Put a policy to the conformance laws: exit code 1 if it breaks one."""
    from twin.cli.policy_commands import check_command

    raise typer.Exit(check_command(target, rule or [], snapshots, slow_ms, json=json))


@policy_app.command("test")
def policy_test(
    cases: Annotated[Path, typer.Argument(help="A YAML table of given and expected.")],
    policy: Annotated[
        list[str] | None, typer.Option("--policy", metavar="FAMILY=TARGET", help="Try this one instead of the file's.")
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML here.")] = None,
    json: Json = False,
) -> None:
    """Run a table of cases: exit code 1 if one fails."""
    from twin.cli.policy_commands import test_command

    raise typer.Exit(test_command(cases, policy or [], junit, json=json))


@policy_app.command("serve")
def policy_serve(
    policy: Annotated[
        list[str] | None, typer.Option("--policy", metavar="FAMILY=module:Class", help="Serve your own one too.")
    ] = None,
    shadow: Annotated[
        list[str] | None, typer.Option("--shadow", metavar="FAMILY=NAME", help="Ask this one beside, and log it.")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Beyond this machine only with TWIN_POLICY_TOKEN.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8765,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Append snapshots and decisions here.")] = None,
    max_bytes: Annotated[int, typer.Option("--max-bytes", min=1, help="The largest question.")] = 4_194_304,
    timeout_s: Annotated[float, typer.Option("--timeout-s", min=0.001, help="The longest decision.")] = 5.0,
) -> None:
    """Answer POST /v1/policies/FAMILY/NAME:decide for a WMS in production."""
    from twin.cli.policy_commands import serve_command

    serve_command(policy or [], shadow or [], host, port, ledger, max_bytes, timeout_s)


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
    policy: OwnPolicies = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many rows.")] = 1000,
    json: Json = False,
) -> None:
    """List the decisions of a run, or turn one into a test case."""
    from twin.cli.decision_commands import decisions_command
    from twin.cli.run_command import policies_of

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


BenchSet = Annotated[str | None, typer.Option("--set", help="The kind of files; without it drawn pick lists.")]
BenchPath = Annotated[Path | None, typer.Argument(help="A folder of instances, or the .tgz in it.")]
BenchRules = Annotated[list[str] | None, typer.Option("--rule", metavar="KEY=VALUE", help="A rule of the policy.")]
Every = Annotated[int, typer.Option("--every", min=1, help="Only every N-th instance.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many instances.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes; the rows stay in order.")]
MaxGap = Annotated[float | None, typer.Option("--max-gap", help="Exit code 1 if the mean gap is above this share.")]
ToCsv = Annotated[Path | None, typer.Option("--csv", help="Write the rows here.")]


@bench_app.command("routing")
def bench_routing(
    path: BenchPath = None,
    of_set: BenchSet = None,
    policy: Annotated[str | None, typer.Option("--policy", help="The routing policy.")] = None,
    every: Every = 1,
    limit: Limit = None,
    workers: Workers = 1,
    max_gap: MaxGap = None,
    csv: ToCsv = None,
    json: Json = False,
) -> None:
    """A routing policy against published optima; without a set, microseconds per tour of all policies."""
    from twin.cli.policy_bench_command import policy_bench_command

    raise typer.Exit(
        policy_bench_command(
            "routing", of_set, path, policy, routing="", rules=[], seeds=1, every=every, limit=limit, workers=workers,
            max_gap=max_gap, to_csv=csv, json=json,
        )
    )  # fmt: skip


@bench_app.command("batching")
def bench_batching(
    path: BenchPath = None,
    of_set: BenchSet = None,
    policy: Annotated[str | None, typer.Option("--policy", help="The batching policy.")] = None,
    routing: Annotated[str, typer.Option("--routing", help="The policy that walks the batches.")] = "optimal",
    rule: BenchRules = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds 0 to N-1 of a randomised search.")] = 1,
    every: Every = 1,
    limit: Limit = None,
    workers: Workers = 1,
    max_gap: MaxGap = None,
    csv: ToCsv = None,
    json: Json = False,
) -> None:
    """A batching policy against published values; without a set, CPU and length of drawn waves."""
    from twin.cli.policy_bench_command import policy_bench_command

    raise typer.Exit(
        policy_bench_command(
            "batching", of_set, path, policy, routing=routing, rules=rule or [], seeds=seeds, every=every, limit=limit,
            workers=workers, max_gap=max_gap, to_csv=csv, json=json,
        )
    )  # fmt: skip


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


def main() -> None:
    """Run the command; errors are sentences on stderr."""
    try:
        app()
    except ConservationError as error:
        print(f"This is our bug, please report it: {error}", file=sys.stderr)
        raise SystemExit(3) from None
    except TwinError as error:
        print(str(error), file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
