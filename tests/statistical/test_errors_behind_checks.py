"""Slips, guidance and checks: line errors of whole runs against the closed form, and slip by slip."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, stdev

import pytest
from facts_seen import FactsSeen
from queue_theory import two_workers

from twin.run.error_grid import CHECKS, METHODS, ORACLE, Cell, closed_form, line_error, replicate
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario
from twin.spec.work import MethodsSpec

REPLICATIONS = 10
PUBLISHED = {
    ("paper", ()): "1.00",
    ("paper", ("scale",)): "0.20",
    ("paper", ("every_unit",)): "0.030",
    ("barcode", ()): "0.26",
    ("barcode", ("scale",)): "0.053",
    ("barcode", ("every_unit",)): "0.008",
}
"""Line errors in percent that the calibration table states for its own numbers."""


@pytest.mark.parametrize(("method", "checks"), PUBLISHED)
def test_the_closed_form_gives_the_published_figures(method: str, checks: tuple[str, ...]) -> None:
    told = PUBLISHED[method, checks]
    digits = len(told.split(".")[1])
    assert f"{100 * line_error(MethodsSpec(), method, checks):.{digits}f}" == told


def test_a_line_of_one_unit_has_its_own_rate_of_wrong_units() -> None:
    methods = MethodsSpec()
    several, one = (line_error(methods, "paper", (), single=single) for single in (False, True))
    assert several - one == pytest.approx(0.0035 - 0.0005, rel=0.01)


@pytest.mark.parametrize("factor", [1.0, 10.0])
@pytest.mark.parametrize("checks", CHECKS, ids="+".join)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.statistical
@pytest.mark.slow
def test_line_errors_agree_with_the_closed_form(method: str, checks: tuple[str, ...], factor: float) -> None:
    _agree(Cell(ORACLE, method, checks, factor, 1_500))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.statistical
@pytest.mark.slow
def test_lines_of_one_unit_agree_with_the_closed_form(method: str) -> None:
    """With many more miscounts of single units than default, so that their own rate shows."""
    said = ("demand.generate.units_per_line={constant: 1}", "methods.slips.wrong_units_single=0.06")
    _agree(Cell(ORACLE, method, (), 10.0, 1_500, said))


def _agree(cell: Cell) -> None:
    theory = closed_form(cell)
    with two_workers() as pool:
        kpis = list(pool.map(replicate, [cell] * REPLICATIONS, range(1, REPLICATIONS + 1)))
    from scipy.stats import t

    seen = [1.0 - k["line_picking_accuracy"] for k in kpis]
    error = stdev(seen) / sqrt(REPLICATIONS)
    half_width = float(t.ppf(0.9995, REPLICATIONS - 1)) * error
    told = f"{cell.method} {cell.checks} x {cell.factor:g}: theory {theory:.6f}, "
    told += f"seen {fmean(seen):.6f} +- {half_width:.6f}"
    print(told)
    assert abs(fmean(seen) - theory) <= half_width, told
    lines = sum(k["lines"] for k in kpis)
    assert error <= 2 * sqrt(theory / lines), f"wider than independent lines would be: {told}"


@pytest.mark.parametrize("checks", [(), ("scale",)], ids="+".join)
@pytest.mark.parametrize("method", METHODS)
def test_a_line_is_wrong_when_its_slip_was_not_caught_and_only_then(method: str, checks: tuple[str, ...]) -> None:
    """Slip by slip: beyond the uncaught ones a line is wrong only where an order asks for what it got by mistake."""
    facts = FactsSeen("SlipMade", "SlipCaught")
    cell = Cell(ORACLE, method, checks, 10.0, 400)
    kpis = run_scenario(load_scenario(cell.scenario, cell.overrides), seed=3, sinks=[facts]).kpis
    made = [(f["line"], f["reason"]) for f in facts["SlipMade"]]
    caught = [(f["line"], f["reason"]) for f in facts["SlipCaught"]]
    loose = set(made) - set(caught)
    assert len(made) == len(set(made))
    assert set(caught) <= set(made)
    wrong = round((1.0 - kpis["line_picking_accuracy"]) * kpis["lines_shipped"])
    wrong_sku = sum(1 for _, kind in loose if kind == "wrong_sku")
    assert loose
    assert len({line for line, _ in loose}) <= wrong <= len({line for line, _ in loose}) + wrong_sku * 0.05 + 1
