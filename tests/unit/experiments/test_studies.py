"""Study files, their designs, how many replications, warm-up, and the sentences that come out."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from small_days import SMALL, small
from typer.testing import CliRunner

from experiments.arms import designs_from
from experiments.comparison import Arm, compare
from experiments.designs import Design
from experiments.execution import InPlace
from experiments.figures import Asked, asked
from experiments.gathering import Gathering
from experiments.replication import Replication
from experiments.sampling import until_precise
from experiments.searching import base_of
from experiments.selecting import select
from experiments.sentences import claim, decisions
from experiments.steady import found_warm_up, one_warm_up, with_warm_up
from experiments.store import ResultStore
from experiments.study import load_study, study_path
from experiments.study_file import UntilPrecise, read_study
from experiments.written import comparison_json
from twin.cli.main import app
from twin.domain.errors import SpecError

BASE = [402.1, 418.7, 431.5, 396.4, 409.9, 425.2, 414.3, 399.8, 437.6, 407.0]
CAND = [407.9, 421.2, 440.3, 401.0, 413.1, 433.6, 421.9, 403.5, 444.0, 410.8]
TIME = "order_processing_time_mean_s"


def study(tmp_path: Path, text: str):
    path = tmp_path / "study.yaml"
    path.write_text(text)
    return load_study(path)


def arm(name: str, **figures) -> Arm:
    """An arm with made-up figures: name -> values by seed."""
    n = len(next(iter(figures.values())))
    loaded = SimpleNamespace(
        spec=SimpleNamespace(name=name, costs=SimpleNamespace(currency="EUR")), sha256=f"sha256:{name}", resolved={}
    )
    rows = [
        Replication(
            seed=i + 1, address=f"{name}{i}",
            result={"kpis": {f: v[i] for f, v in figures.items()}, "digest": f"d{i}", "versions": {}},
        )
        for i in range(n)
    ]  # fmt: skip
    return Arm(design=Design(name=name, loaded=loaded), replications=tuple(rows))  # type: ignore[arg-type]


# study files


def test_factors_times_variants_and_the_baseline_first(tmp_path):
    _, designs = study(
        tmp_path,
        "name: s\nscenario: quickstart\nbaseline: b\nvariants: [{name: a}, {name: b, policies: {routing: optimal}}]\n"
        "factors: {workforce.pickers.count: [4, 6], policies.batching: [seed, savings]}\n",
    )
    assert designs[0].name == "b, pickers.count=4, batching=seed"
    assert len(designs) == 8
    assert designs[0].loaded.spec.policies.routing == "optimal"
    assert {d.loaded.spec.workforce.pickers[0].count if isinstance(d.loaded.spec.workforce.pickers, tuple)
            else d.loaded.spec.workforce.pickers.count for d in designs} == {4, 6}  # fmt: skip


def test_a_latin_hypercube_is_spread_evenly_over_every_factor(tmp_path):
    _, designs = study(
        tmp_path,
        "name: s\nscenario: quickstart\ndesign: {points: 10, seed: 3}\n"
        "factors: {workforce.pickers.count: {low: 1, high: 10}, policies.routing: [s_shape, optimal]}\n",
    )
    assert sorted(d.factors["workforce.pickers.count"] for d in designs) == list(range(1, 11))
    assert sorted(d.factors["policies.routing"] for d in designs).count("optimal") == 5


def test_a_relative_scenario_stands_beside_the_study(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: quickstart\nname: mine\nhorizon_h: 5\n")
    _, designs = study(tmp_path, "name: s\nscenario: mine.yaml\n")
    assert designs[0].loaded.spec.horizon_h == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: s\nscenario: quickstrat\n", "2:1   scenario   no file 'quickstrat'; did you mean quickstart"),
        ("name: s\nscenario: quickstart\nreplications: 0\n", "3:1"),
        ("name: s\nscenario: quickstart\nfactors: {workforce.pikkers.count: [1]}\n", "did you mean"),
        ("name: s\nscenario: quickstart\nfactors: {workforce.pickers.count: {low: 1, high: 4}}\n", "points: 20"),
        ("name: s\nscenario: quickstart\nprimary: [order_time]\n", "no such figure"),
        ("name: s\nscenario: quickstart\nbaseline: x\n", "no such design"),
        ("name: s\nscenario: quickstart\nvariants: [{name: a}, {name: a}]\n", "two variants are called a"),
        ("name: s\nscenario: quickstart\nvariants: [{name: a, policies: {routing: 'os:system'}}]\n", "os:system"),
        ("name: s\n", "missing"),
        ("- a\n", "a study is a mapping"),
    ],
)
def test_faults_of_a_study_file_are_sentences_with_a_place(tmp_path, text, told):
    with pytest.raises(SpecError) as error:
        study(tmp_path, text)
    assert told in str(error.value)
    assert "study.yaml" in str(error.value)


def test_a_shipped_study_is_found_by_name():
    assert study_path("pickers").name == "pickers.yaml"
    with pytest.raises(SpecError, match="did you mean pickers"):
        study_path("picker")


def test_every_shipped_study_loads():
    for path in sorted(Path(study_path("pickers")).parent.glob("*.yaml")):
        spec, tree = read_study(path)
        assert spec.name == path.stem
        if spec.search is not None:
            assert base_of(spec, tree, path.parent).name == "base"
            with pytest.raises(SpecError, match="twin study optimise"):
                load_study(path)
        else:
            assert load_study(path)[1]


# arms of a command line


def test_arms_are_scenarios_and_changes():
    a, b, c = designs_from(["quickstart", "+policies.routing=optimal+horizon_h=5", "demo_after+seed=3"])
    assert [d.name for d in (a, b, c)] == ["quickstart", "routing=optimal, horizon_h=5", "demo_after, seed=3"]
    assert (b.loaded.spec.horizon_h, b.loaded.spec.name, c.loaded.spec.seed) == (5, "quickstart", 3)


def test_an_arm_may_have_code_of_ones_own_and_a_name():
    _, b = designs_from(["quickstart", "+policy.routing=my.code:Router"], names=["A", "B"])
    assert (b.name, dict(b.policies)) == ("B", {"routing": "my.code:Router"})
    assert b.loaded.spec.policies.routing == "largest_gap"


@pytest.mark.parametrize(
    ("arms", "told"),
    [(["+a=b"], "first arm needs a scenario"), (["quickstart", "+horizon"], "no KEY=VALUE"),
     (["quickstart", "quickstart"], "two designs are called"),
     (["quickstart", "+horizn_h=3"], "did you mean horizon_h")],
)  # fmt: skip
def test_faults_of_arms(arms, told):
    with pytest.raises(SpecError, match=told):
        designs_from(arms)


# comparison and sentences


def test_the_worked_pair_is_told_apart_and_said_so():
    found = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: CAND})], [asked(TIME)])
    d = found.differences[0]
    assert (d.verdict, found.joint_level) == ("worse", 0.95)
    assert claim(d, "A", 1) == "B: processing an order takes 1.3 % longer, 95 % interval 0.9 % to 1.7 %."
    assert decisions(found)[0].endswith("Keep A.")


def test_the_same_numbers_without_their_pairs_cannot_distinguish():
    shuffled = [CAND[i] for i in (3, 9, 4, 8, 1, 7, 0, 2, 5, 6)]
    found = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: shuffled})], [asked(TIME)])
    assert found.differences[0].verdict == "undecided"
    assert decisions(found)[0].endswith("Cannot distinguish B and A.")
    assert "cannot be told apart" in decisions(found)[0]
    assert found.differences[0].pairs_needed > 10


def test_a_margin_makes_either_acceptable_and_a_worse_one_inside_it():
    wide = Asked(name=TIME, unit="s", better="lower", margin=0.02)
    found = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: CAND})], [wide])
    d = found.differences[0]
    assert (d.verdict, d.inside_margin) == ("worse", True)
    assert "inside the margin" in claim(d, "A", 1)
    near = [b + e for b, e in zip(BASE, [1, -1, 2, -2, 1, -1, 0.5, -0.5, 1, -1], strict=True)]
    close = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: near})], [wide]).differences[0]
    assert close.verdict == "equivalent"
    assert "Either is acceptable" in claim(close, "A", 1)


def test_many_claims_are_one_family():
    """Four designs against one: p-values by Holm, intervals by Bonferroni (1.375 times as wide)."""
    arms = [arm("A", **{TIME: BASE}), *(arm(f"B{i}", **{TIME: CAND}) for i in range(4))]
    one, four = compare(arms[:2], [asked(TIME)]), compare(arms, [asked(TIME)])
    assert four.joint_level == pytest.approx(0.9875)
    ratio = four.differences[0].found.difference.half_width / one.differences[0].found.difference.half_width
    assert ratio == pytest.approx(1.375, abs=5e-4)
    assert four.differences[0].p_holm == pytest.approx(4 * one.differences[0].p_holm)


def test_no_difference_undefined_and_one_seed_are_said_to_be_so():
    same = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: BASE})], [asked(TIME)]).differences[0]
    assert same.verdict == "same" and "the same on all 10 seeds" in claim(same, "A", 1)
    none = compare([arm("A", **{TIME: [None] * 3}), arm("B", **{TIME: [1.0] * 3})], [asked(TIME)]).differences[0]
    assert none.verdict == "undefined" and "undefined" in claim(none, "A", 1)
    one = compare([arm("A", **{TIME: [1.0]}), arm("B", **{TIME: [2.0]})], [asked(TIME)])
    assert "proves nothing" in decisions(one)[0]


def test_pairs_with_a_gap_are_counted():
    found = compare(
        [arm("A", **{TIME: BASE}), arm("B", **{TIME: [None, *CAND[1:]]})], [asked(TIME)]
    ).differences[0]  # fmt: skip
    assert (found.pairs, found.seeds) == (9, 10)


def test_risk_is_counted_in_days():
    days = {"on_time_shipment": [1.0] * 18 + [0.99, 0.90]}
    found = compare([arm("A", **days), arm("B", **days)], [asked("on_time_shipment")], service=0.98).risks
    assert [r.held["A"] for r in found] == [(18, 20), (19, 20)]
    assert found[0].by_arm["A"].low == pytest.approx(0.6990, abs=5e-5)


def test_every_sentence_exists_in_both_languages():
    arms = [arm("A", **{TIME: BASE, "fill_rate": [0.9] * 10}), arm("B", **{TIME: CAND, "fill_rate": [0.9] * 10})]
    found = compare(arms, [asked(TIME), asked("fill_rate")])
    english, chinese = decisions(found, "en")[0], decisions(found, "zh")[0]
    assert "1.3 %" in english and "1.3 %" in chinese
    assert "Keep A." in english and "建议保留 A。" in chinese
    assert not any("a" < c < "z" for c in chinese.replace("A", "").replace("B", ""))


def test_every_figure_has_words_in_both_languages():
    from experiments.figures import scalar_figures
    from experiments.phrases import PHRASES

    for language, words in PHRASES.items():
        assert set(scalar_figures()) <= set(words), language


# how many


class Drawn(Gathering):
    """Replications out of a hat: the figure is a function of design and seed."""

    def __init__(self, value) -> None:
        super().__init__(ResultStore(Path("/nowhere")), InPlace)
        self.value, self.asked = value, []

    def gather(self, wanted):
        rows = []
        for design, seed in wanted:
            self.asked.append((design.name, seed))
            kpis = {TIME: self.value(design.name, seed)}
            rows.append(Replication(seed=seed, address=f"{design.name}{seed}", result={"kpis": kpis}))
        return rows


def test_until_precise_stops_by_rule_or_by_budget():
    rng = {n: np.random.default_rng(n) for n in (1, 2)}
    table = {"calm": rng[1].normal(100, 2, 400), "wild": rng[2].normal(100, 60, 400)}
    hat = Drawn(lambda name, seed: float(table[name][seed - 1]))
    designs = [arm("calm", **{TIME: [0.0]}).design, arm("wild", **{TIME: [0.0]}).design]
    rule = UntilPrecise(relative_precision=0.05, max=40)
    calm, wild = until_precise(designs, 1, rule, [asked(TIME)], hat)
    assert (calm.stopped, wild.stopped) == ("by rule", "by budget")
    assert calm.accepted_at is not None and len(calm.replications) == calm.accepted_at + 5
    assert len(wild.replications) == 40 and wild.relative_precision > 0.05


def test_select_takes_the_best_and_runs_the_hopeless_no_further():
    noise = np.random.default_rng(7).normal(0, 1, (3, 500))
    means = {"a": 400.0, "b": 401.0, "c": 500.0}
    hat = Drawn(lambda name, seed: means[name] + float(noise["abc".index(name), seed]))
    found = select([arm(n, **{TIME: [0.0]}).design for n in "abc"],
                   Asked(name=TIME, unit="s", better="lower", margin_absolute=0.5), hat)  # fmt: skip
    assert (found.best, found.decided, found.screened) == ("a", True, ("c",))
    assert max(seed for name, seed in hat.asked if name == "c") == 10
    assert "at least 95 %" in found.guarantee()


def test_select_says_when_the_budget_ended_first():
    hat = Drawn(lambda name, seed: 400.0 + ((seed * 7919) % 101 - 50) * (1 if name == "a" else -1))
    found = select([arm(n, **{TIME: [0.0]}).design for n in "ab"],
                   Asked(name=TIME, unit="s", better="lower", margin_absolute=0.1), hat, most=15)  # fmt: skip
    assert not found.decided and "nothing is promised" in found.guarantee()


def test_a_selection_needs_a_margin():
    hat = Drawn(lambda name, seed: 400.0 + seed)
    with pytest.raises(SpecError, match="needs a margin"):
        select([arm(n, **{TIME: [0.0]}).design for n in "ab"], asked(TIME), hat)


# steady state


def test_the_warm_up_is_one_for_all_designs(tmp_path):
    with Gathering(ResultStore(tmp_path), InPlace) as gathering:
        found = found_warm_up([small("a", "horizon_h=8"), small("b", "horizon_h=8", "workforce.pickers.count=4")],
                              range(1, 4), gathering)  # fmt: skip
    assert all(len(w.series) == 96 and w.period_s == 300 for w in found)
    if not any(w.too_short for w in found):
        assert one_warm_up(found) == max(w.hours for w in found)


def test_a_run_too_short_for_its_warm_up_is_refused():
    from experiments.steady import WarmUp

    short = WarmUp(design="x", hours=2, too_short=True, period_s=300, series=())
    with pytest.raises(SpecError, match="x: the run is too short"):
        one_warm_up([short])


def test_a_warm_up_changes_the_scenario_and_nothing_else():
    day = small()
    later = with_warm_up(day, 1.5)
    assert later.loaded.spec.warmup_h == 1.5
    assert with_warm_up(later, 0.0).loaded.sha256 == day.loaded.sha256


def test_open_orders_are_little_s_law(tmp_path):
    """The mean number open times the time is the sum of the times in the system."""
    from experiments.replication import job_of, replicate

    day = small("x", "horizon_h=8")
    told = replicate(job_of(day.loaded, 1)).traces
    assert len(told["open_orders"]) == len(told["lines_out"]) == 96
    assert sum(told["lines_picked"]) > 0
    assert all(x >= 0 for x in told["open_orders"])


# the commands

RUN = CliRunner()


def test_study_run_and_compare_write_what_they_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = "\n".join(f"  {s.partition('=')[0]}: {s.partition('=')[2]}" for s in SMALL)
    Path("s.yaml").write_text(
        f"name: s\nscenario: quickstart\noverrides:\n{settings}\nvariants: [{{name: a}}, {{name: b, policies: "
        "{routing: optimal}}]\nreplications: 3\nprimary: [travel_m_per_line]\n"
    )
    done = RUN.invoke(app, ["study", "run", "s.yaml", "--workers", "1", "--json", "--out", "out"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["schema"] == "twin.study/1"
    assert said["comparison"]["differences"][0]["pairs"] == 3
    assert json.loads(Path("out/study.json").read_text()) == said
    rows = Path("out/replications.csv").read_text().splitlines()
    assert len(rows) == 7 and rows[0].startswith("design,seed,")
    import duckdb

    counted = "select count(*), count(distinct digest) from 'out/replications.parquet'"
    assert duckdb.execute(counted).fetchall() == [(6, 6)]
    options = [word for s in SMALL for word in ("-o", s)]
    again = RUN.invoke(
        app, ["compare", "quickstart", "+policies.routing=optimal", *options, "-n", "3", "--workers", "1", "--json",
              "--figure", "travel_m_per_line"],
    )  # fmt: skip
    assert again.exit_code == 0, again.output
    compared = json.loads(again.stdout)
    assert compared["differences"][0]["difference"] == said["comparison"]["differences"][0]["difference"]
    assert "6 from the store" in again.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [(["compare", "quickstart"], "two arms"), (["compare", "quickstart", "+horizon_h=x"], "horizon_h"),
     (["compare", "quickstart", "+horizon_h=5", "--figure", "nope"], "no such figure"),
     (["compare", "quickstart", "+horizon_h=5", "--margin", "fill_rate"], "write FIGURE=2%"),
     (["study", "run", "nothing"], "no study file"), (["study", "select", "nothing"], "no study file"),
     (["compare", "quickstart", "+horizon_h=5", "--workers", "2", "--cluster", "tcp://x:1"], "one of the two")],
)  # fmt: skip
def test_wrong_words_are_sentences(words, told, capsys, monkeypatch):
    import sys

    from twin.cli.main import main

    monkeypatch.setattr(sys, "argv", ["twin", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert told in capsys.readouterr().err


def test_what_is_compared_is_plain_json():
    found = compare([arm("A", **{TIME: BASE}), arm("B", **{TIME: CAND})], [asked(TIME)])
    said = comparison_json(found)
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert said["differences"][0]["sentence"].startswith("B: processing an order takes")


def test_the_policy_library_study_names_every_strategy_with_a_flow():
    from twin.policies.named import ASKED
    from twin.run.policy_grid import names

    _, designs = load_study(study_path("policy_library"))
    wanted = {f"{family} {name}" for family in ASKED for name in names(family)}
    assert {d.name for d in designs} == wanted | {"as it is"}
    for design in designs[1:]:
        family, name = design.name.split(" ")
        choice = getattr(design.loaded.spec.policies, family)
        assert (choice if isinstance(choice, str) else choice.name) == name


def test_a_table_is_written_while_somebody_reads_by_the_shared_connection(tmp_path: Path) -> None:
    import duckdb

    from experiments.written import write_parquet

    reading = duckdb.execute("select * from range(3)")
    reading.fetchone()
    write_parquet(tmp_path / "rows.parquet", [{"a": 1}, {"a": 2}])
    assert reading.fetchall() == [(1,), (2,)]
    assert duckdb.execute(f"from '{tmp_path / 'rows.parquet'}'").fetchall() == [(1,), (2,)]
