"""`twin check`, `init`, `schema`, `explain-kpi`: what needs no simulation."""

from __future__ import annotations

import json as jsonlib
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from twin.domain.errors import SpecError
from twin.events.whole_file import whole_file


def check_command(scenario: str, overrides: list[str], *, json: bool) -> int:
    """0: it holds together and the lint is content; 1: the lint finds something. Bad input raises SpecError.

    Data files are read too; what only a generator makes is left to the run, so that a check stays light.
    """
    from twin.policies.routing.sweeps import cannot_walk
    from twin.spec.building import plan_of
    from twin.spec.lint import Finding, lint
    from twin.spec.loading import load_scenario

    layout = _as_layout(scenario)
    if layout is not None:
        if overrides:
            raise SpecError(f"{scenario}: -o changes a scenario, and this is a layout; edit it, or check a scenario")
        plans = {"layout": plan_of(layout, "main")}
        words = f"{scenario}: a layout"
        sha256 = routing = None
    else:
        loaded = load_scenario(scenario, overrides)
        plans = {s.name: plan_of(s.layout, s.name) for s in loaded.spec.site_specs}
        words = f"{loaded.spec.name}: {len(plans)} site{'s' if len(plans) > 1 else ''}"
        if any(f.rule == "unreachable" for plan in plans.values() for f in lint(plan)):
            words += " (data files are read when all of the floor can be reached)" if loaded.inputs else ""
        elif loaded.inputs:
            from twin.spec.unfold import unfold

            premises = unfold(loaded, loaded.spec.seed)
            words += f", {len(premises.skus):,} SKUs, {len(premises.opening_rows()):,} stock lines from its files"
        sha256 = loaded.sha256
        routing = loaded.spec.policies.routing
    findings = [(site, finding) for site, plan in plans.items() for finding in lint(plan)]
    findings += [
        (site, Finding("routing", told, ()))
        for site, plan in plans.items()
        if (told := cannot_walk(str(getattr(routing, "name", routing)), plan.aisle_plan)) is not None
    ]
    if json:
        answer = {
            "schema": "twin.check/1", "ok": not findings, "scenario_sha256": sha256,
            "findings": [
                {"site": site, "rule": f.rule, "sentence": f.sentence, "places": list(f.places)} for site, f in findings
            ],
        }  # fmt: skip
        print(jsonlib.dumps(answer, ensure_ascii=False, indent=2))
    else:
        locations = sum(len(p.locations) for p in plans.values())
        print(f"{words}, {locations:,} locations")
        for site, finding in findings:
            print(f"  {site}  {finding.rule}: {finding.sentence}")
        count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
        print(count if findings else "nothing to complain about")
    return 1 if findings else 0


def _as_layout(name: str) -> Any:
    """The layout, when the name is one and no scenario."""
    from twin.spec.loading import found, load_layout

    try:
        path = found(name, "scenarios")
    except SpecError as no_scenario:
        try:
            return load_layout(name)
        except SpecError:
            raise no_scenario from None
    return load_layout(path) if is_layout(path) else None


def is_layout(path: Path) -> bool:
    """Does a YAML file say of which type it is, as layouts do and scenarios do not."""
    from twin.spec.plain_yaml import says

    try:
        return says(path.read_bytes(), "type")
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error}") from None


def init_command(folder: Path, *, json: bool) -> None:
    """Copy scenarios, layouts and their schemas; nothing that is there is touched, and nothing is left half done."""
    wanted = _templates(folder)
    there = [path for path in wanted if path.exists()]
    if there:
        told = "\n".join(f"  {path}" for path in there)
        raise SpecError(f"nothing was copied, for these are there already; name another folder:\n{told}")
    written: list[Path] = []
    try:
        for path, text in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise SpecError(f"{folder}: cannot be written: {error.strerror or error}") from None
    if json:
        print(jsonlib.dumps({"schema": "twin.init/1", "files": [str(p) for p in wanted]}, indent=2))
    else:
        print(f"{len(wanted)} files copied to {folder}; try: twin run {folder / 'scenarios' / 'quickstart.yaml'}")


def _templates(folder: Path) -> dict[Path, str]:
    """What goes where. A scenario that names a shipped layout names the copy beside it: who edits that means it."""
    from twin.spec.shipped import shipped_folder, shipped_names

    layouts = "|".join(shipped_names("layouts"))
    wanted: dict[Path, str] = {}
    for kind in ("scenarios", "layouts"):
        source = shipped_folder("scenarios" if kind == "scenarios" else "layouts")
        for path in sorted(source.rglob("*.yaml")):
            inside = path.relative_to(source)
            up = "../" * len(inside.parts)
            text = path.read_text(encoding="utf-8")
            if kind == "scenarios":
                text = re.sub(rf"(?m)^layout: ({layouts})(?=\s|$)", rf"layout: {up}layouts/\1.yaml", text)
            wanted[folder / kind / inside] = text
    for what in ("scenario", "layout", "lesson"):
        wanted[folder / "docs" / "schema" / f"{what}.json"] = schema_text(what)
    return wanted


def schema_text(what: str) -> str:
    """The JSON Schema of `scenario`, `layout` or `lesson` files or of a `command`, as it is written to disk."""
    from twin.run.lesson_schema import command_schema, lesson_schema
    from twin.spec.schema import layout_schema, scenario_schema

    makers = {
        "scenario": scenario_schema, "layout": layout_schema, "lesson": lesson_schema, "command": command_schema,
    }  # fmt: skip
    if what not in makers:
        raise SpecError(f"schema {what!r}: one of {', '.join(makers)} is needed")
    return jsonlib.dumps(makers[what](), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def schema_command(what: str, out: Path | None) -> None:
    """Print a schema, or write it."""
    text = schema_text(what)
    if out is None:
        sys.stdout.write(text)
        return
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    print(f"written to {out}", file=sys.stderr)


def explain_kpi_command(name: str | None, *, json: bool) -> None:
    """One figure's definition, or all."""
    from twin.observers.kpis import KPIS
    from twin.spec.mistakes import nearest

    if name is not None and name not in KPIS:
        near = nearest(name, KPIS)
        hint = f"; did you mean {near}?" if near else "; twin explain-kpi lists them"
        raise SpecError(f"no figure {name!r}{hint}")
    rows = [KPIS[name]] if name is not None else list(KPIS.values())
    if json:
        answer = [
            {
                "name": k.name, "unit": k.unit, "better": k.better, "side": k.side, "definition": k.definition,
                "undefined_when": k.undefined_when,
            }
            for k in rows
        ]  # fmt: skip
        print(jsonlib.dumps({"schema": "twin.kpis/1", "kpis": answer}, ensure_ascii=False, indent=2))
        return
    for k in rows:
        better = f", {k.better} is better" if k.better else ""
        print(f"{k.name} ({k.unit}{better}; reads the {k.side})")
        print(f"  {k.definition} Undefined: {k.undefined_when}.")
