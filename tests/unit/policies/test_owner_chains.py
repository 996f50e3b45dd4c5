"""Chains of the families whose rows bear an owner, and of dispatch, whose entries are asked in turn."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from twin.domain.errors import PolicyError
from twin.policies.named import ASKED, chain, name_of, named, register
from twin.policies.owner_chains import CHAINS, WHY_NOT
from twin.policies.snapshots import from_json, to_json
from twin.run.drawn_snapshots import drawn as drawn_snapshot
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

BY_OWNER = {
    "batching": ("seed", "one_by_one"),
    "slotting": ("abc", "scattered"),
    "pick_exceptions": ("same_tour", "next_wave"),
}


def known(family: str, *wanted: str) -> list[str]:
    """The names that are registered, else the family's first two."""
    names = list(register(family).classes)
    return [w for w in wanted if w in names] if all(w in names for w in wanted) else names[:2]


def drawn(family: str, count: int = 40):
    return [drawn_snapshot(family, number) for number in range(count)]


@pytest.mark.parametrize("family", BY_OWNER)
def test_an_entry_for_everybody_alone_decides_as_the_policy_does(family):
    """The first entry serves an owner who is not there: the chain is its last entry."""
    one, other = known(family, *BY_OWNER[family])
    both = chain(family, [{"name": one, "owners": ["nobody"]}, other])
    alone = named(family, other)
    for snapshot in drawn(family):
        assert both(snapshot) == alone(snapshot)


@pytest.mark.parametrize("family", [*BY_OWNER, "dispatch"])
def test_chains_are_pure_and_survive_json(family):
    one, other = known(family, *BY_OWNER.get(family, ("earliest_start", "nearest")))
    both = chain(family, [one, other])
    for snapshot in drawn(family):
        decided = both(snapshot)
        assert both(snapshot) == decided
        assert both(from_json(type(snapshot), to_json(snapshot))) == decided


def test_orders_of_each_owner_are_batched_apart():
    """Acme's orders one by one, all others by seed: no batch holds both."""
    apart = chain("batching", [{"name": "one_by_one", "owners": ["acme"]}, "seed"])
    tried = 0
    for snapshot in drawn("batching"):
        orders = tuple(replace(o, owner="acme" if i % 2 else "us") for i, o in enumerate(snapshot.orders))
        found = apart(replace(snapshot, orders=orders))
        owner = {o.order: o.owner for o in orders}
        for batch in found.batches:
            assert len({owner[o] for o in batch}) == 1
            assert len(batch) == 1 or owner[batch[0]] == "us"
        told = [o for batch in found.batches for o in batch] + [r.subject for r in found.rejected]
        assert sorted(told) == sorted(owner)
        tried += len(found.batches) > 1
    assert tried > 5


def test_homes_are_given_once():
    both = chain("slotting", [{"name": "abc", "owners": ["acme"]}, "scattered"])
    for snapshot in drawn("slotting"):
        demand = tuple(replace(d, owner="acme" if i % 2 else d.owner) for i, d in enumerate(snapshot.demand))
        found = both(replace(snapshot, demand=demand))
        taken = [location for _, _, location in found.homes]
        assert len(taken) == len(set(taken))


def test_dispatch_asks_in_turn():
    names = list(register("dispatch").classes)
    both = chain("dispatch", names[:2])
    first = named("dispatch", names[0])
    for snapshot in drawn("dispatch"):
        alone = first(snapshot)
        if alone.task is not None:
            assert both(snapshot).task == alone.task
    assert name_of(both, "dispatch") == " > ".join(names[:2])


@pytest.mark.parametrize(
    ("family", "form", "told"),
    [("batching", [{"name": "seed", "zones": ["A"]}, "seed"], "may be limited by owners"),
     ("batching", ["seed", {"name": "seed", "owners": ["acme"]}], "the last entry serves whoever is left"),
     ("dispatch", [{"name": "earliest_start", "owners": ["acme"]}, "earliest_start"], "asked in turn"),
     ("routing", ["s_shape", "optimal"], "one tour has one way")],
)  # fmt: skip
def test_chains_without_meaning_are_refused_with_the_reason(family, form, told):
    with pytest.raises(PolicyError, match=told):
        chain(family, form)


def test_every_family_has_a_chain_or_a_reason():
    assert set(ASKED) == set(CHAINS) | set(WHY_NOT)
    assert not set(CHAINS) & set(WHY_NOT)


def test_a_day_with_chains_in_five_families_loses_nothing():
    """Conservation is checked at the end of the run."""
    chosen = [
        'policies.batching=[{"name": "one_by_one", "owners": ["acme"]}, "seed"]',
        'policies.slotting=[{"name": "abc", "owners": ["acme"]}, "scattered"]',
        'policies.dispatch=["earliest_start", "earliest_start"]',
        'policies.pick_exceptions=[{"name": "same_tour", "owners": ["acme"]}, "same_tour"]',
        'policies.allocation=[{"name": "fefo", "owners": ["acme"]}, "fifo"]',
        'owners=["house", "acme"]', "horizon_h=8", "demand.generate.orders_per_day=200",
    ]  # fmt: skip
    result = run_scenario(load_scenario("quickstart", chosen))
    assert result.policies["batching"] == "one_by_one > seed"
    assert result.kpis["orders_shipped"] > 0


def test_a_dispatch_chain_rejects_only_what_every_entry_asked_rejects():
    """The shift is over for the first entry; the second may run over: what it would have taken is not rejected."""
    both = chain("dispatch", ["nearest", {"name": "nearest", "rules": {"may_overrun_s": 60}}])
    first, second = both.entries
    told = 0
    for snapshot in drawn("dispatch", 300):
        short = replace(snapshot, shift_ends_ms=snapshot.now_ms + 1)
        found, asked = both(short), [first.policy(short)]
        if asked[0].task is None:
            asked.append(second.policy(short))
        wanted = set.intersection(*[{r.subject for r in one.rejected} for one in asked])
        assert {r.subject for r in found.rejected} == wanted
        told += len(asked) == 2 and len(asked[1].rejected) < len(asked[0].rejected)
    assert told, "no snapshot on which the second entry takes back a rejection"


@pytest.mark.parametrize(("most", "wanted"), [((7, 8), 8), ((7, "unlimited"), 0)])
def test_a_chain_sees_what_its_hungriest_entry_wants(most, wanted):
    from twin.run.chosen import policies_in_use

    form = [{"name": "fifo", "rules": {"candidates_max": m}} for m in most]
    spec = load_scenario("quickstart", [f"policies.allocation={json.dumps(form)}"]).spec.policies
    assert policies_in_use(spec)["allocation"].candidates_max == wanted


def test_one_question_and_a_case_to_a_chain(tmp_path, monkeypatch, capsys):
    """A decision of a run with a chain, rules and limits in its entries, exported and tried again."""
    from typer.testing import CliRunner

    from twin.cli.main import app

    monkeypatch.chdir(tmp_path)
    form = [{"name": "fefo", "owners": ["house"], "rules": {"candidates_max": 9}}, "fifo"]
    run_scenario(load_scenario("one_order", [f"policies.allocation={json.dumps(form)}"]), out=tmp_path / "run")
    ask = CliRunner()
    listed = ask.invoke(app, ["decisions", "run", "--family", "allocation", "--json"]).stdout.splitlines()
    number = str(json.loads(listed[0])["seq"])
    exported = ask.invoke(app, ["decisions", "run", "--id", number, "--export", "case.yaml"])
    assert exported.exit_code == 0, exported.output
    assert '"candidates_max": 9' in (tmp_path / "case.yaml").read_text()
    assert ask.invoke(app, ["policy", "test", "case.yaml"]).exit_code == 0
    import yaml

    case = yaml.safe_load((tmp_path / "case.yaml").read_text())["cases"][0]
    (tmp_path / "s.json").write_text(json.dumps(case["given"]))
    decided = ask.invoke(app, ["decide", "allocation=[fefo, fifo]", "s.json", "--json"])
    assert decided.exit_code == 0, decided.output
    assert json.loads(decided.stdout)["policy"]["name"] == "fefo > fifo"


def test_an_exported_case_keeps_the_rules_of_its_policy(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from twin.cli.main import app

    monkeypatch.chdir(tmp_path)
    setting = 'policies.allocation={"name": "fifo", "rules": {"candidates_max": 5}}'
    run_scenario(load_scenario("one_order", [setting]), out=tmp_path / "run")
    ask = CliRunner()
    listed = ask.invoke(app, ["decisions", "run", "--family", "allocation", "--json"]).stdout.splitlines()
    ask.invoke(app, ["decisions", "run", "--id", str(json.loads(listed[0])["seq"]), "--export", "case.yaml"])
    assert "candidates_max: 5" in (tmp_path / "case.yaml").read_text()
    assert ask.invoke(app, ["policy", "test", "case.yaml"]).exit_code == 0


def test_the_schema_offers_a_list_only_where_it_is_a_chain():
    from twin.spec.schema import scenario_schema

    offered = scenario_schema()["$defs"]["PoliciesSpec"]["properties"]
    lists = {family for family, said in offered.items() if any(way.get("type") == "array" for way in said["anyOf"])}
    assert lists == set(CHAINS)


def test_a_chain_by_the_command_line_is_the_chain_of_the_scenario_and_is_run_again(tmp_path):
    from twin.run.replay import again, recorded_run

    written = "[{name: fefo, owners: [house], rules: {candidates_max: 9}}, fifo]"
    given = run_scenario(load_scenario("one_order"), policies={"allocation": written}, out=tmp_path / "run")
    form = [{"name": "fefo", "owners": ["house"], "rules": {"candidates_max": 9}}, "fifo"]
    said = run_scenario(load_scenario("one_order", [f"policies.allocation={json.dumps(form)}"]))
    assert given.policies["allocation"] == said.policies["allocation"] == "fefo > fifo"
    assert given.digest == said.digest
    heard = []
    assert again(recorded_run(tmp_path / "run"), heard.append, frozenset({"allocation"})).digest == given.digest
    assert heard
