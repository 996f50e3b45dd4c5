"""What a check says: a table for people, JSON, JUnit XML, GitHub annotations and a Markdown summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from experiments.gate.checking import Checked
from experiments.sentences import change, number
from experiments.statistics.verdicts import FAILED, NO_VERDICT, Verdict, exit_code

GATE_SCHEMA = "twin.gate/1"
ANNOTATIONS_MAX = 10
SUMMARY_BYTES_MAX = 1000 * 1024
ORDER = {"errored": 0, "regressed": 1, "not_comparable": 2, "missing_baseline": 3, "inconclusive": 4}


def code_of(checks: Sequence[Checked]) -> int:
    """The exit code of all checks together."""
    return exit_code([outcome for check in checks for outcome in check.outcomes])


def as_json(checks: Sequence[Checked], first_decisions: dict[str, str]) -> dict[str, Any]:
    """Everything, for machines."""
    return {
        "schema": GATE_SCHEMA, "exit_code": code_of(checks),
        "scenarios": [
            {
                "scenario": c.baseline.name, "tier": c.tier, "replications": c.n, "looks": list(c.looks),
                "seeds": list(c.baseline.seeds[: c.n]), "error": c.error, "notes": list(c.notes),
                "warnings": list(c.baseline.warnings), "first_decision": first_decisions.get(c.baseline.name),
                "metrics": [verdict_json(v) for v in c.verdicts],
            }
            for c in checks
        ],
    }  # fmt: skip


def verdict_json(v: Verdict) -> dict[str, Any]:
    """One verdict."""
    gap = v.difference
    return {
        "metric": v.metric.name, "unit": v.metric.unit, "better": v.metric.better, "outcome": v.outcome, "n": v.n,
        "baseline_mean": v.baseline_mean, "new_mean": v.new_mean,
        "difference": None if gap is None else gap.estimate, "low": None if gap is None else gap.low,
        "high": None if gap is None else gap.high, "level": None if gap is None else gap.level,
        "relative": v.relative, "margin": v.margin, "margin_relative": v.metric.margin_relative,
        "margin_absolute": v.metric.margin_absolute, "p_regressed": v.p_reg, "p_not_worse": v.p_ok,
        "p_improved": v.p_imp, "inside_margin": v.inside_margin, "pairs_needed": v.pairs_needed, "why": v.why,
        "sentence": sentence(v),
    }  # fmt: skip


def sentence(v: Verdict) -> str:
    """One verdict in words: estimate, interval and margin always."""
    unit = v.metric.unit
    if v.difference is None or v.baseline_mean is None or v.new_mean is None:
        return v.why
    said = f"{number(v.baseline_mean, unit)} -> {number(v.new_mean, unit)}"
    gap = v.difference
    between = "" if gap.low is None or gap.high is None else f" [{change(gap.low, unit)}, {change(gap.high, unit)}]"
    relative = "" if v.relative is None else f", {100 * v.relative:+.2f} %"
    said += f": {change(gap.estimate, unit)}{between}{relative}, n = {v.n}"
    if v.margin is not None:
        said += f", margin {change(v.margin, unit)}"
    if v.inside_margin:
        said += f"; {'worse' if _worse(v) else 'better'}, inside the margin"
    if v.outcome == "inconclusive":
        about = f"about {v.pairs_needed:,} replications would decide" if v.pairs_needed else "too close to the margin"
        said += f"; the margin lies inside the interval, {about}"
    return f"{said}; {v.why}" if v.why else said


def _worse(v: Verdict) -> bool:
    assert v.difference is not None
    return (v.difference.estimate > 0) != (v.metric.better == "higher")


def rows(checks: Sequence[Checked]) -> list[tuple[str, str, str, str]]:
    """Scenario, metric, outcome and sentence, the worst first within a scenario."""
    return [
        (c.baseline.name, v.metric.name, v.outcome, sentence(v))
        for c in checks
        for v in sorted(c.verdicts, key=lambda v: ORDER.get(v.outcome, 9))
    ]


def junit(checks: Sequence[Checked]) -> bytes:
    """One test case per scenario and metric."""
    suites = ElementTree.Element("testsuites", name="twin gate")
    for c in checks:
        failed = sum(o in FAILED or o in NO_VERDICT for o in c.outcomes)
        suite = ElementTree.SubElement(
            suites, "testsuite", name=c.baseline.name, tests=str(len(c.verdicts)), failures=str(failed),
            errors=str(sum(o == "errored" for o in c.outcomes)),
        )  # fmt: skip
        for v in c.verdicts:
            case = ElementTree.SubElement(
                suite, "testcase", classname=f"twin.gate.{c.baseline.name}", name=v.metric.name
            )
            properties = ElementTree.SubElement(case, "properties")
            for key in ("n", "difference", "low", "high", "margin", "outcome"):
                ElementTree.SubElement(properties, "property", name=key, value=str(verdict_json(v)[key]))
            if v.outcome == "errored":
                ElementTree.SubElement(case, "error", type="errored", message=_plain(sentence(v)))
            elif v.outcome in FAILED or v.outcome in NO_VERDICT:
                ElementTree.SubElement(case, "failure", type=v.outcome, message=_plain(sentence(v)))
    ElementTree.indent(suites)
    return bytes(ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def _plain(text: str) -> str:
    """XML 1.0 knows no control characters."""
    return "".join(c if c in "\t\n\r" or ord(c) >= 32 else " " for c in text)


def github_lines(checks: Sequence[Checked], files: dict[str, Path], first_decisions: dict[str, str]) -> list[str]:
    """GitHub's workflow commands: it shows ten errors a step, so the worst come first and the rest share a line."""
    found = []
    for c in checks:
        for v in c.verdicts:
            if v.outcome == "errored" or v.outcome in FAILED or v.outcome in NO_VERDICT:
                file = files.get(c.baseline.name)
                first = first_decisions.get(c.baseline.name) if v.outcome in FAILED else None
                text = sentence(v) + (f"\nfirst decision that differs: {first}" if first else "")
                found.append(
                    (ORDER[v.outcome], _annotation(file, f"{c.baseline.name}: {v.metric.name} {v.outcome}", v, text))
                )
    ordered = [text for _, text in sorted(found, key=lambda pair: pair[0])]
    if len(ordered) > ANNOTATIONS_MAX:
        rest = len(ordered) - (ANNOTATIONS_MAX - 1)
        ordered = [*ordered[: ANNOTATIONS_MAX - 1], f"::error title=twin gate::and {rest} more; see the step summary"]
    return ordered


def _annotation(file: Path | None, title: str, v: Verdict, text: str) -> str:
    where = "" if file is None else f"file={_property(str(file))},line={_line(file, v.metric.name)},"
    return f"::error {where}title={_property(title)}::{_escaped(text)}"


def _line(file: Path, metric: str) -> int:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 1
    return next((i for i, line in enumerate(lines, 1) if line.strip().startswith(f'"{metric}":')), 1)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def markdown(checks: Sequence[Checked], first_decisions: dict[str, str]) -> str:
    """The step summary, cut below GitHub's limit."""
    lines = ["## Throughput gate", ""]
    for c in checks:
        how = (
            "same events on every seed"
            if c.tier == 0
            else f"{c.n} paired replications, looks at {', '.join(map(str, c.looks))}"
        )
        lines += [f"### {c.baseline.name}", "", f"{how}", "", "| metric | verdict | |", "|---|---|---|"]
        lines += [f"| {metric} | **{outcome}** | {_cell(said)} |" for _, metric, outcome, said in rows([c])]
        lines += ["", *(f"- {note}" for note in (*c.notes, *c.baseline.warnings))]
        if c.baseline.name in first_decisions:
            lines.append(f"- first decision that differs: {_cell(first_decisions[c.baseline.name])}")
        lines.append("")
    text = "\n".join(lines) + "\n"
    if len(text.encode()) > SUMMARY_BYTES_MAX:
        text = text.encode()[: SUMMARY_BYTES_MAX - 100].decode(errors="ignore") + "\n\n(cut)\n"
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
