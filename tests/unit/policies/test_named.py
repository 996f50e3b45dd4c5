from __future__ import annotations

import re

import pytest

from twin.domain.errors import PolicyError
from twin.policies.allocation import AllocationRules, AllocationSnapshot, Fefo
from twin.policies.chains import AllocationChain, PutawayChain
from twin.policies.named import FAMILIES, chain, name_of, named, reference, rules_class
from twin.policies.promising import PromisingRules
from twin.policies.release import ReleaseRules
from twin.policies.snapshots import from_json, to_json

BUILT = list(FAMILIES)


@pytest.mark.parametrize("family", BUILT)
def test_every_registered_name_gives_a_policy_with_the_rules_of_its_family(family):
    assert FAMILIES[family].default in FAMILIES[family].classes
    for name in FAMILIES[family].classes:
        policy = named(family, name)
        assert policy.rules == rules_class(family)()
        assert type(policy).__dataclass_params__.frozen and list(type(policy).__dataclass_fields__) == ["rules"]


@pytest.mark.parametrize("family", BUILT)
def test_each_family_says_what_it_is_asked_and_what_it_answers(family):
    assert FAMILIES[family].snapshot.__name__.endswith("Snapshot")
    assert FAMILIES[family].decision.__dataclass_fields__


@pytest.mark.parametrize("family", BUILT)
def test_default_rules_survive_json(family):
    cls = rules_class(family)
    assert from_json(cls, to_json(cls())) == cls()


def test_a_batching_rule_names_a_router_that_exists():
    assert named("batching", "seed", {"routing": "return"}).rules.routing == "return"
    with pytest.raises(PolicyError, match="did you mean s_shape"):
        named("batching", "seed", {"routing": "s_shap"})


def test_rules_come_from_a_mapping_with_their_types():
    policy = named("release", "wave", {"waves": [["noon", "12:00", 50]], "ageing_s": 60, "candidates_max": "unlimited"})
    assert policy.rules == ReleaseRules(waves=(("noon", "12:00", 50),), ageing_s=60.0, candidates_max=0)
    assert isinstance(policy.rules.ageing_s, float)
    assert named("allocation", "fefo", {"forbidden_segregation": ["acid"]}).rules == AllocationRules(
        forbidden_segregation=frozenset({"acid"})
    )


@pytest.mark.parametrize(
    ("family", "name", "rules", "said"),
    [
        ("alocation", "fefo", None, "policies.alocation: unknown family; did you mean allocation?"),
        ("allocation", "fefoo", None, "policies.allocation: unknown policy 'fefoo'; did you mean fefo?"),
        ("allocation", "fefo", {"expird": "last"}, "policies.allocation.rules.expird: unknown; did you mean expired?"),
        ("allocation", "fefo", {"expired": "never"}, "must be one of refuse, last, ignore, got 'never'"),
        ("allocation", "fefo", {"use_tiers": "yes"}, "true or false is needed, got 'yes'"),
        ("promising", "accept_all", {"lead_h": -1}, "policies.promising.rules.lead_h: must be >= 0"),
        ("promising", "accept_all", {"lead_h": float("nan")}, "must be >= 0 and finite, got nan"),
        ("promising", "accept_all", {"safety_units": 1.5}, "a whole number is needed, got 1.5"),
        ("promising", "accept_all", {"safety_units": True}, "a whole number is needed, got True"),
        ("promising", "accept_all", ["lead_h"], "a mapping is needed"),
        ("release", "wave", {"waves": [["noon", "12:00"]]}, "policies.release.rules.waves[0]: 3 values are needed"),
        ("release", "wave", {"waves": [["noon", "25:00", 0]]}, "rules.waves[0][1]: a time of day is needed"),
        ("release", "wave", {"waves": [["noon", "12:00", -1]]}, "rules.waves[0][2]: must be >= 0 (0: any number)"),
        ("promising", "stock_feed", {"feed_at": ["02:00", "x"]}, "rules.feed_at[1]: a time of day is needed"),
        ("slotting", "abc", {"speed_m_per_s": 0}, "must be > 0"),
        ("slotting", "abc", {"class_cuts": [0.8, -0.1]}, "class_cuts: must be >= 0"),
        ("replenishment", "min_max", {"allocation": "fefoo"}, "did you mean fefo?"),
        ("release", "wave", PromisingRules(), "ReleaseRules is needed, got PromisingRules"),
    ],
)
def test_a_fault_is_a_sentence_that_says_where_and_what(family, name, rules, said):
    with pytest.raises(PolicyError, match=re.escape(said)):
        named(family, name, rules)


def test_all_faults_of_a_chain_are_told_at_once():
    with pytest.raises(PolicyError) as fault:
        chain("allocation", ["fifoo", {"nam": "fefo"}, {"name": "fefo", "rules": {"a": 1, "b": 2}}, 7])
    assert len(str(fault.value).splitlines()) == 6
    assert "policies.allocation[2].rules.b: unknown" in str(fault.value)


def test_the_forms_of_a_scenario():
    assert chain("allocation") == chain("allocation", "fefo") == Fefo() == chain("allocation", ["fefo"])
    assert chain("allocation", {"name": "fefo", "rules": {"expired": "last"}}) == Fefo(
        rules=AllocationRules(expired="last")
    )
    many = chain("allocation", [{"name": "named_lot", "owners": ["acme"]}, {"name": "fifo", "zones": ["A"]}, "fefo"])
    assert isinstance(many, AllocationChain)
    assert [(e.name, e.zones, e.owners) for e in many.entries] == [
        ("named_lot", frozenset(), {"acme"}),
        ("fifo", {"A"}, frozenset()),
        ("fefo", frozenset(), frozenset()),
    ]
    assert isinstance(chain("putaway", ["fixed_location", "closest_open"]), PutawayChain)
    assert isinstance(chain("allocation", {"name": "fefo", "zones": ["A"]}), AllocationChain)


@pytest.mark.parametrize(
    "form", [[], ["wave", "waveless"], {"name": "wave", "zones": ["A"]}, {"name": "wave", "owners": "us"}]
)
def test_forms_that_a_family_cannot_take(form):
    with pytest.raises(PolicyError, match=r"policies\.release"):
        chain("release", form)


def test_a_reference_names_the_rule_and_digests_its_parameters():
    plain = reference(named("allocation", "fefo"), "allocation")
    assert (plain.family, plain.name, plain.version) == ("allocation", "fefo", "0.1.0")
    assert re.fullmatch("[0-9a-f]{16}", plain.rules_digest)
    assert reference(named("allocation", "fefo", {"expired": "refuse"}), "allocation", "fefo") == plain
    assert reference(named("allocation", "fefo", {"expired": "last"}), "allocation").rules_digest != plain.rules_digest
    lead = [reference(named("promising", "accept_all", {"lead_h": h}), "promising").rules_digest for h in (4, 4.0)]
    assert lead[0] == lead[1]


def test_the_reference_of_a_chain_covers_every_entry():
    forms = [
        ["fifo", "fefo"],
        ["fefo", "fifo"],
        [{"name": "fifo", "zones": ["A"]}, "fefo"],
        [{"name": "fifo", "owners": ["A"]}, "fefo"],
        [{"name": "fifo", "rules": {"use_tiers": False}}, "fefo"],
    ]
    chains = [chain("allocation", form) for form in forms]
    assert len({reference(one, "allocation").rules_digest for one in chains}) == len(forms)
    assert name_of(chains[0], "allocation") == "fifo > fefo"


def test_a_snapshot_with_unknown_missing_and_wrong_keys_tells_all_faults():
    with pytest.raises(PolicyError) as fault:
        from_json(
            AllocationSnapshot, {"now_ms": "soon", "nowms": 1, "book_version": 1, "on_day": 1, "deliver_on_day": 1}
        )
    said = str(fault.value).splitlines()
    assert said == [
        "AllocationSnapshot.nowms: unknown; did you mean now_ms?",
        "AllocationSnapshot.now_ms: a whole number is needed, got 'soon'",
        "AllocationSnapshot.line: is missing",
        "AllocationSnapshot.stock: is missing",
    ]
