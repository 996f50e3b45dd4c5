"""Chains of the families whose rows bear an owner, and of dispatch, whose entries are asked in turn."""

from __future__ import annotations

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
