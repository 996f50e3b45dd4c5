"""`twin policy`: list, explain, check, test and serve policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Json, Rules

policy_app = typer.Typer(help="List, explain, check, test and serve policies.", no_args_is_help=True)


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
