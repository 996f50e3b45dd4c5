"""The designs of a study: variants times the grid of factors, or a Latin hypercube through their ranges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from experiments.designs import Design, distinct_names
from experiments.study_file import LatinHypercube, Span, StudySpec, Variant
from twin.spec.loading import load_scenario
from twin.spec.mistakes import Mistake, MistakesError
from twin.spec.plain_yaml import Node
from twin.spec.shipped import find_document, not_there

DESIGNS_MAX = 10_000


def designs_of(spec: StudySpec, tree: Node, folder: Path) -> list[Design]:
    """Every design of a study, the baseline first; SpecError tells where each fault stands in the study file."""
    mistakes: list[Mistake] = []
    designs: list[Design] = []
    if any(isinstance(f, Span) for f in spec.factors.values()) and not isinstance(spec.design, LatinHypercube):
        node = tree.child("factors") or tree
        told = "ranges are for a search: twin study optimise; to run every design give values, or design: {points: 20}"
        raise MistakesError([Mistake(node.mark, "factors", told)])
    cells = _cells(spec)
    variants = spec.variants or (Variant(name=spec.name),)
    if len(cells) * len(variants) > DESIGNS_MAX:
        said = f"{len(cells) * len(variants):,} designs; a study holds at most {DESIGNS_MAX:,}"
        raise MistakesError([Mistake(tree.mark, "factors", f"{said}: give fewer values, or a latin_hypercube")])
    variant_nodes = tree.child("variants")
    for place, variant in enumerate(variants):
        node = (variant_nodes.child(place) if variant_nodes is not None else None) or tree
        for cell in cells:
            try:
                designs.append(_design(spec, variant, cell, node, tree, folder))
            except MistakesError as error:
                found = [_placed(m, node, tree) for m in error.mistakes]
                mistakes += found
                if any(m.mark.file != node.mark.file for m in found):
                    which = (
                        ", ".join(filter(None, [variant.name if spec.variants else "", cell_name(cell)])) or spec.name
                    )
                    told = "does not hold together; its faults are told beside this one"
                    mistakes.append(Mistake(node.mark, which, told))
    if mistakes:
        raise MistakesError(mistakes)
    distinct_names(designs)
    return _baseline_first(spec, designs, tree)


def texts(overrides: Mapping[str, Any]) -> list[str]:
    """Settings as they are written behind `-o`: JSON is YAML."""
    return [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in overrides.items()]


def cell_name(cell: Mapping[str, Any]) -> str:
    """A cell in words: `pickers.count=6, routing=optimal`."""
    return ", ".join(f"{_short_key(key)}={_short_value(value)}" for key, value in cell.items())


def _design(spec: StudySpec, variant: Variant, cell: Mapping[str, Any], node: Node, tree: Node, folder: Path) -> Design:
    reference = variant.scenario or spec.scenario
    path = find_document(reference, "scenarios", folder)
    if path is None:
        said_at = node.child("scenario") or tree.child("scenario") or node
        raise MistakesError([Mistake(said_at.mark, "scenario", not_there(reference, folder, "scenarios"))])
    layout = {} if variant.layout is None else {"layout": variant.layout}
    policies = {f"policies.{family}": choice for family, choice in variant.policies.items()}
    said = texts({**spec.overrides, **layout, **policies, **variant.overrides, **cell})
    name = variant.name if not cell else cell_name(cell) if not spec.variants else f"{variant.name}, {cell_name(cell)}"
    return Design(name=name, loaded=load_scenario(path, said), factors=dict(cell))


def _placed(mistake: Mistake, node: Node, tree: Node) -> Mistake:
    """What is wrong with a setting stands in the study file, not on a command line."""
    if not mistake.mark.file.startswith("-o "):
        return mistake
    key, _, _ = mistake.mark.file.removeprefix("-o ").partition("=")
    for section in ("factors", "overrides"):
        for owner in (node, tree):
            found = owner.child(section)
            entry = found.child(key) if found is not None else None
            if entry is not None:
                return Mistake(entry.mark, f"{section}.{key}", mistake.sentence)
    return Mistake(node.mark, key, mistake.sentence)


def _cells(spec: StudySpec) -> list[dict[str, Any]]:
    if not spec.factors:
        return [{}]
    if isinstance(spec.design, LatinHypercube):
        return _hypercube(spec, spec.design)
    values: Iterable[tuple[Any, ...]] = [tuple(f) for f in spec.factors.values() if not isinstance(f, Span)]
    return [dict(zip(spec.factors, choice, strict=True)) for choice in product(*values)]


def _hypercube(spec: StudySpec, design: LatinHypercube) -> list[dict[str, Any]]:
    """Points of scipy's Latin hypercube; a list of values is divided evenly, equal points are taken once."""
    from scipy.stats.qmc import LatinHypercube as Sampler

    points = Sampler(d=len(spec.factors), rng=design.seed).random(design.points)
    cells: list[dict[str, Any]] = []
    for point in points.tolist():
        cell: dict[str, Any] = {}
        for u, (key, factor) in zip(point, spec.factors.items(), strict=True):
            cell[key] = _inside(factor, u) if isinstance(factor, Span) else factor[int(u * len(factor))]
        if cell not in cells:
            cells.append(cell)
    return cells


def _inside(span: Span, u: float) -> float | int:
    if span.whole:
        return int(span.low) + int(u * (int(span.high) - int(span.low) + 1))
    return float(f"{span.low + u * (span.high - span.low):.6g}")


def _baseline_first(spec: StudySpec, designs: list[Design], tree: Node) -> list[Design]:
    if spec.baseline is None:
        return designs
    of_name = [d for d in designs if d.name == spec.baseline or d.name.startswith(f"{spec.baseline}, ")]
    if not of_name:
        node = tree.child("baseline")
        names = ", ".join(d.name for d in designs[:12])
        raise MistakesError(
            [Mistake(node.mark if node else tree.mark, "baseline", f"no such design; there are {names}")]
        )
    return [of_name[0], *[d for d in designs if d is not of_name[0]]]


def _short_key(key: str) -> str:
    parts = key.split(".")
    return parts[-1] if parts[0] == "policies" or len(parts) == 1 else ".".join(parts[-2:])


def _short_value(value: Any) -> str:
    if isinstance(value, Mapping) and "name" in value:
        return str(value["name"])
    return str(value)
