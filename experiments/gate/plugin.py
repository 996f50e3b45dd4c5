"""The pytest plugin: the fixture `twin_gate` checks a scenario against its baseline inside a test suite.

    def test_my_router_is_not_slower(twin_gate):
        twin_gate("quickstart", policy={"routing": "my_package.router:MyRouter"}, margin={"labour_hours": "1%"})

`pytest --twin-update` records baselines, except in CI. The engine is that of `twin gate check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from experiments.gate.checking import Checked

Margin = str | float
MARKER = "twin_margins(**figures): margins of twin_gate in this test, such as labour_hours='1%'"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the gate."""
    group = parser.getgroup("twin", "throughput gate of the warehouse twin")
    group.addoption("--twin-update", action="store_true", help="record the baselines of twin_gate anew; refused in CI")
    group.addoption("--twin-workers", type=int, default=1, help="processes for replications (1: in this one)")
    parser.addini("twin_baselines", "folder of the baselines of twin_gate", default="baselines")


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def twin_gate(request: pytest.FixtureRequest) -> Iterator[Callable[..., Checked]]:
    """Check a scenario: fails the test where a figure regressed, or where the gate cannot tell."""
    config = request.config
    marker = request.node.get_closest_marker("twin_margins")
    marked: Mapping[str, Margin] = dict(marker.kwargs) if marker is not None else {}

    def gate(
        scenario: str, *, policy: Mapping[str, Any] | None = None, margin: Mapping[str, Margin] | None = None,
        overrides: Sequence[str] = (), replications: int = 10, name: str | None = None,
    ) -> Checked:  # fmt: skip
        folder = config.rootpath / str(config.getini("twin_baselines"))
        margins = {figure: _margin(figure, m) for figure, m in {**marked, **(margin or {})}.items()}
        cache = getattr(config, "cache", None)
        return _gate(
            scenario, dict(policy or {}), margins, tuple(overrides), replications,
            folder / f"{name or Path(scenario).stem}.json", cache.mkdir("twin-results") if cache else None,
            update=config.getoption("--twin-update"), workers=config.getoption("--twin-workers"),
        )  # fmt: skip

    yield gate


def _margin(figure: str, margin: Margin) -> tuple[float | None, float | None]:
    from experiments.figures import margin_of

    return margin_of(f"{figure}={margin}")[1]


def _gate(
    scenario: str, policies: dict[str, Any], margins: Mapping[str, tuple[float | None, float | None]],
    overrides: tuple[str, ...], replications: int, file: Path, store: Path | None, *, update: bool, workers: int,
) -> Checked:  # fmt: skip
    from experiments.designs import design_of
    from experiments.execution import InPlace, SpawnedWorkers
    from experiments.gate.baseline import read_baselines
    from experiments.gate.checking import check
    from experiments.gathering import Gathering
    from experiments.statistics.verdicts import Metric, exit_code
    from experiments.store import DEFAULT_STORE, ResultStore
    from twin.domain.errors import TwinError

    try:
        baselines = read_baselines(file)
        said = baselines[0][1].overrides if baselines and not overrides else overrides
        design = design_of(file.stem, scenario, said, policies)
        with Gathering(
            ResultStore(store or DEFAULT_STORE), InPlace if workers == 1 else lambda: SpawnedWorkers(workers)
        ) as gathering:
            if update:
                _record(scenario, design, overrides, margins, replications, file, gathering)
                baselines = read_baselines(file)
            if not baselines:
                pytest.fail(f"{file}: no baseline yet; pytest --twin-update records it", pytrace=False)
            baseline = baselines[0][1]
            metrics = [
                Metric(
                    name=n, better=w.metric.better, unit=w.metric.unit, exact=w.metric.exact,
                    margin_relative=margins.get(n, (w.metric.margin_relative, w.metric.margin_absolute))[0],
                    margin_absolute=margins.get(n, (w.metric.margin_relative, w.metric.margin_absolute))[1],
                )
                for n, w in baseline.metrics.items()
            ]  # fmt: skip
            checked = check(baseline, design, gathering, metrics=metrics)
    except TwinError as error:
        pytest.fail(str(error), pytrace=False)
    if exit_code(checked.outcomes):
        pytest.fail(_told(checked), pytrace=False)
    return checked


def _record(
    scenario: str, design: Any, overrides: tuple[str, ...], margins: Mapping[str, tuple[float | None, float | None]],
    replications: int, file: Path, gathering: Any,
) -> None:  # fmt: skip
    from experiments.gate.baseline import refuse_in_ci, write_baselines
    from experiments.gate.recording import Recipe, record

    refuse_in_ci("update")
    recipe = Recipe(scenario=scenario, design=design, overrides=overrides, margins=margins)
    first = design.loaded.spec.seed
    write_baselines(file, [record(recipe, range(first, first + replications), gathering, "pytest --twin-update")])


def _told(checked: Checked) -> str:
    from experiments.gate.outputs import rows

    lines = [f"{checked.baseline.name}: {checked.n} paired replications"]
    lines += [f"  {metric}: {outcome}: {said}" for _, metric, outcome, said in rows([checked])]
    return "\n".join([*lines, *checked.notes])
