"""Warm-up of a steady-state study: found once, on the mean over replications and for all designs alike."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.designs import Design
from experiments.factors import texts
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.sampling import must_have_succeeded, wanted_names
from experiments.statistics.warmup import averaged, mser5
from twin.domain.errors import SpecError
from twin.spec.loading import Loaded, load_scenario
from twin.spec.yaml_text import write

PILOT_RUNS = 5
SERIES = "in_process"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """What MSER-5 says of one design: `hours` to leave out, or `too_short`; `series`: mean orders in process."""

    design: str
    hours: float
    too_short: bool
    period_s: float
    series: tuple[float, ...]


def found_warm_up(designs: Sequence[Design], seeds: Sequence[int], gathering: Gathering) -> list[WarmUp]:
    """MSER-5 on the number of orders in process, averaged over replications that leave nothing out."""
    pilots = [with_warm_up(design, 0.0) for design in designs]
    wanted = [(pilot, seed) for pilot in pilots for seed in seeds[:PILOT_RUNS]]
    found = gathering.gather(wanted)
    must_have_succeeded(wanted_names(wanted), found)
    k = len(seeds[:PILOT_RUNS])
    return [_warm_up(design, found[i * k : (i + 1) * k]) for i, design in enumerate(designs)]


def _warm_up(design: Design, replications: Sequence[Replication]) -> WarmUp:
    period_s = float(replications[0].traces["period_s"])
    series: NDArray[np.float64] = averaged([np.asarray(r.traces[SERIES], dtype=np.float64) for r in replications])
    try:
        answer = mser5(series)
    except ValueError as error:
        raise SpecError(f"{design.name}: the warm-up cannot be found: {error}; a longer horizon_h is needed") from None
    return WarmUp(
        design=design.name, hours=answer.deleted * period_s / 3600, too_short=answer.too_short, period_s=period_s,
        series=tuple(series.tolist()),
    )  # fmt: skip


def with_warm_up(design: Design, hours: float) -> Design:
    """The same design, leaving out the first hours."""
    if design.loaded.spec.warmup_h == hours:
        return design
    return replace(design, loaded=changed(design, {"warmup_h": hours}))


def changed(design: Design, settings: Mapping[str, object]) -> Loaded:
    """The design's scenario with settings on top."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(write(design.loaded.resolved), encoding="utf-8")
        found = load_scenario(path, texts(settings))
    return replace(found, path=design.loaded.path, files=design.loaded.files)


def one_warm_up(found: Sequence[WarmUp]) -> float:
    """The larger of all designs' warm-ups; SpecError where a run is too short to say."""
    short = [w.design for w in found if w.too_short]
    if short:
        raise SpecError(
            f"{', '.join(short)}: the run is too short to find a warm-up (MSER-5 would leave out half of it); "
            "raise horizon_h, or say warmup_h"
        )
    return max(w.hours for w in found)
