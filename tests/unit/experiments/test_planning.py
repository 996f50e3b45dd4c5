"""Costs by hand, the fewest people, the largest peak, and who gives way first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_days import small
from typer.testing import CliRunner

from experiments.comparison import Arm
from experiments.costs import costs_of, days_of, payback, payback_in_words
from experiments.execution import InPlace
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.staffing import largest, smallest, staff, with_count
from experiments.store import ResultStore
from experiments.stress import crossing, stress, with_demand
from twin.cli.main import app
from twin.domain.errors import SpecError

RUN = CliRunner()


def arm(name: str, *settings: str, **figures) -> Arm:
    """A design with made-up figures: name -> a value per seed."""
    n = len(next(iter(figures.values())))
    rows = [
        Replication(seed=i, address=f"{name}{i}", result={"kpis": {f: v[i] for f, v in figures.items()}})
        for i in range(n)
    ]
    return Arm(design=small(name, *settings), replications=tuple(rows))


DAY = {
    "labour_cost": [1000.0, 1100.0], "overtime_cost": [40.0, 0.0], "orders_late": [5, 7], "orders_wrong": [2, 0],
    "floor_m2": [500.0, 500.0], "orders_shipped": [100, 100],
}  # fmt: skip
PRICES = (
    "costs.overtime_share=0.5", "costs.per_late_order=3", "costs.per_wrong_order=10", "costs.per_return=4",
    "costs.returns_per_wrong_order=0.5", "costs.space_per_m2_year=50", "costs.working_days_per_year=250",
)  # fmt: skip


def test_costs_by_hand():
    found = costs_of(arm("a", *PRICES, "costs.investment=17500", "costs.investment_life_years=7", **DAY))
    means = {item: x.estimate for item, x in found.by_item.items()}
    assert means == {
        "labour": 1050, "overtime": 10, "lateness": 18, "errors": 10, "returns": 2, "space": 100, "investment": 10
    }  # fmt: skip
    assert (found.running.estimate, found.total.estimate, found.per_order.estimate) == (1190, 1200, 12)


def test_a_begun_day_counts_whole():
    assert [days_of(small("x", f"horizon_h={h}").loaded.spec) for h in (5, 24, 25, 48)] == [1, 1, 2, 2]


def test_costs_that_cannot_be_told_are_not_made_up():
    with pytest.raises(SpecError, match="labour_cost is undefined"):
        costs_of(arm("a", **{**DAY, "labour_cost": [None, 1.0]}))


def saving(*less: float) -> tuple[Arm, Arm]:
    days = {**DAY, "overtime_cost": [0.0] * len(less), "orders_late": [0] * len(less), "orders_wrong": [0] * len(less),
            "floor_m2": [0.0] * len(less), "orders_shipped": [10] * len(less)}  # fmt: skip
    a = arm("A", **{**days, "labour_cost": [1000.0] * len(less)})
    b = arm("B", "costs.investment=50000", **{**days, "labour_cost": [1000.0 - x for x in less]})
    return a, b


def test_payback_is_investment_over_the_saving_of_a_year():
    found = payback(*saving(100.0, 100.0, 100.0))
    assert (found.saved_per_year.estimate, found.years) == (25_000, 2.0)
    assert (found.low_years, found.high_years) == (2.0, 2.0)


def test_payback_has_no_upper_bound_where_the_saving_may_be_none():
    found = payback(*saving(150.0, 90.0, -40.0))
    assert found.saved_per_year.low < 0 < found.saved_per_year.estimate
    assert found.high_years is None and found.low_years > 0
    assert "without an upper bound" in payback_in_words(found, "A", "EUR")
    assert "do not come back" in payback_in_words(payback(*saving(-10.0, -12.0)), "A", "EUR")


def test_prices_that_are_left_alone_change_no_hash():
    assert small().loaded.sha256 == small("x", "costs.per_late_order=4").loaded.sha256
    assert small().loaded.sha256 != small("x", "costs.per_late_order=5").loaded.sha256


# people


def test_halving_finds_the_turn():
    for turn in range(1, 12):
        assert smallest(lambda n, t=turn: n >= t, 1, 10) == (turn if turn <= 10 else None)
        assert largest(lambda n, t=turn: n < t, 1, 10) == (None if turn == 1 else min(turn - 1, 10))


class Hat(Gathering):
    """On time is a function of the design and the seed."""

    def __init__(self, on_time, utilisation=None) -> None:
        super().__init__(ResultStore(Path("/nowhere")), InPlace)
        self.on_time, self.utilisation, self.asked = on_time, utilisation or (lambda spec: {}), []

    def gather(self, wanted):
        rows = []
        for design, seed in wanted:
            spec = design.loaded.spec
            self.asked.append(design.name)
            kpis = {"on_time_shipment": self.on_time(spec, seed), "utilisation": self.utilisation(spec)}
            rows.append(Replication(seed=seed, address=f"{design.name}{seed}", result={"kpis": kpis}))
        return rows


def pickers(spec) -> int:
    crew = spec.workforce.pickers
    return (crew[0] if isinstance(crew, tuple) else crew).count


def test_the_fewest_people_that_are_surely_enough():
    """On time rises with the pickers; the target lies between seven and eight."""
    hat = Hat(lambda spec, seed: min(1.0, 0.80 + 0.0236 * pickers(spec) + 0.001 * (seed % 3)))
    found = staff(small(), "pickers", 0.98, hat, fewest=1, most=40)
    assert (found.enough, found.surely_not) == (8, 7)
    assert found.sentence() == "98 % on time: 8 pickers are enough, 7 are not"
    assert len(found.tried) <= 10


def test_numbers_that_cannot_be_told_are_said():
    hat = Hat(lambda spec, seed: min(1.0, 0.95 + 0.005 * pickers(spec) + 0.02 * (-1) ** seed))
    found = staff(small(), "pickers", 0.98, hat, most=20)
    open_ = [t.count for t in found.tried if t.reached == "cannot tell"]
    assert open_ and found.enough > max(open_)
    assert "cannot be told" in found.sentence()


def test_no_number_is_enough():
    found = staff(small(), "pickers", 0.98, Hat(lambda spec, seed: 0.9), most=6)
    assert found.enough is None
    assert "do not reach it" in found.sentence()


@pytest.mark.parametrize(
    ("role", "told"), [("pikers", "did you mean pickers"), ("packers", "are 2 groups: say which with --group 0 to 1")]
)
def test_faults_of_a_role(role, told):
    two = small("x", 'workforce.packers=[{"count": 1}, {"count": 2}]')
    with pytest.raises(SpecError, match=told):
        with_count(two, role, 3)
    assert with_count(two, "packers", 3, group=1).loaded.spec.workforce.packers[1].count == 3


# peaks


def orders(spec) -> float:
    return spec.demand.generate.orders_per_day / 100


def test_the_peak_is_found_and_interpolated_seed_by_seed():
    """Each seed falls below 0.95 at 1.6 + 0.01 x seed times the demand, in a straight line."""
    hat = Hat(lambda spec, seed: 1.0 - 0.05 * (orders(spec) / (1.6 + 0.01 * seed)), lambda spec: {"packer": 0.9})
    found = stress(small(), 0.95, hat, seeds=range(-2, 3))
    assert found.holds < 1.6 <= found.breaks
    assert found.crossing.estimate == pytest.approx(1.6, abs=1e-3)
    assert found.crossing.low < 1.6 < found.crossing.high


def test_what_gives_way_first_is_what_helps_most():
    """Packers are the limit: one more packer helps, one more picker does not."""

    def on_time(spec, seed):
        crew = spec.workforce.packers
        return 1.0 - 0.05 * orders(spec) / (1.5 * (crew.count / small().loaded.spec.workforce.packers.count))

    found = stress(small(), 0.95, Hat(on_time, lambda spec: {"packer": 0.8, "picker": 0.85, "loader": 0.1}))
    assert found.reliefs[0].resource == "packers"
    assert "the packers, busy 80 % of their time, give way first" in found.sentence()
    assert {r.resource for r in found.reliefs} >= {"packers", "pickers"}
    assert "loaders" not in {r.resource for r in found.reliefs}


def test_a_floor_never_passed_and_one_never_kept():
    kept = stress(small(), 0.95, Hat(lambda spec, seed: 0.99), most=2)
    assert (kept.holds, kept.breaks) == (2, None) and "is kept up to 2.00 times" in kept.sentence()
    never = stress(small(), 0.95, Hat(lambda spec, seed: 0.5))
    assert never.holds is None and "not kept even at the scenario's own demand" in never.sentence()


def test_no_helper_is_named_when_none_helps():
    found = stress(small(), 0.95, Hat(lambda spec, seed: 1.0 - 0.04 * orders(spec), lambda spec: {"picker": 0.9}))
    assert "no single resource gives way first" in found.sentence()


def test_recorded_orders_are_not_stretched():
    base = small()
    generate = base.loaded.spec.demand.generate
    spec = base.loaded.spec.model_copy(
        update={"demand": base.loaded.spec.demand.model_copy(update={"generate": None, "orders_csv": "x.csv"})}
    )
    with pytest.raises(SpecError, match="come from a file"):
        with_demand(replace(base, loaded=replace(base.loaded, spec=spec)), 1.5)
    assert with_demand(base, 2.0).loaded.spec.demand.generate.orders_per_day == 2 * generate.orders_per_day


def test_a_seed_that_never_falls_gives_no_crossing():
    hat = Hat(lambda spec, seed: 0.9 if seed == 1 else 1.0)
    found = stress(small(), 0.97, hat, seeds=(1, 2), most=1)
    assert crossing(found.levels, 0.97, 0.95) is None


# for real


@pytest.mark.slow
def test_with_one_packer_the_packers_give_way_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = RUN.invoke(
        app, ["stress", "quickstart", "-o", "workforce.packers.count=1", "-o", "workforce.pickers.count=8", "-n", "8",
              "--until-on-time", "0.9", "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["reliefs"][0]["resource"] == "packers" and said["reliefs"][0]["gain"]["low"] > 0


@pytest.mark.slow
def test_the_commands_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    day = ["-o", "horizon_h=8", "-o", "demand.generate.orders_per_day=80", "-o", "assortment.generate.skus=60",
           "-o", "inbound.generate.trailers_per_day=0", "-n", "2", "--workers", "1"]  # fmt: skip
    priced = RUN.invoke(app, ["costs", "quickstart", "+workforce.pickers.count=3", *day, "--json"])
    assert priced.exit_code == 0, priced.output
    said = json.loads(priced.stdout)
    assert [a["arm"] for a in said["arms"]] == ["quickstart", "pickers.count=3"]
    assert said["payback"][0]["saved_per_year"]["estimate"] > 0
    assert "a year saved" in RUN.invoke(app, ["costs", "quickstart", "+workforce.pickers.count=3", *day]).stdout
    manned = RUN.invoke(app, ["staff", "quickstart", *day, "--on-time", "0.2", "--between", "1", "3"])
    assert manned.exit_code == 0, manned.output
    assert "pickers" in manned.stdout
    wrong = RUN.invoke(app, ["staff", "quickstart", *day, "--on-time", "2"])
    assert isinstance(wrong.exception, SpecError)
    assert isinstance(RUN.invoke(app, ["stress", "quickstart", *day, "--until-on-time", "0"]).exception, SpecError)
