"""The exact router against published optima: Hessler & Irnich (2024), doi 10.1287/ijoc.2023.0075."""

from __future__ import annotations

import re

import pytest
from benchmarks_reader import Instance, instances, optima

from twin.policies.routing import ROUTING, RoutingSnapshot, Tour, walked_mm


def routed(instance: Instance, name: str) -> Tour:
    """The one pick list of an instance."""
    snapshot = RoutingSnapshot(
        now_ms=0,
        book_version=0,
        stops=instance.orders[0],
        plan=instance.plan,
        start=instance.depot,
        end=instance.depot,
    )
    return ROUTING[name]()(snapshot)


def agree(every: str) -> int:
    """How many instances whose name matches were routed; each must be optimal, complete and measured right."""
    best, checked = optima("sprp"), 0
    for instance in instances("sprp"):
        if not re.search(every, instance.name):
            continue
        tour = routed(instance, "optimal")
        assert tour.length_mm == best[instance.name] * instance.scale, instance.name
        assert walked_mm(instance.plan, instance.depot, instance.depot, tour) == tour.length_mm
        assert tour.exact
        assert {s.location for s in tour.stops} == {s.location for s in instance.orders[0]}
        for name in ("s_shape", "return", "midpoint", "largest_gap", "combined"):
            simple = routed(instance, name)
            walked = walked_mm(instance.plan, instance.depot, instance.depot, simple)
            assert simple.length_mm == walked >= tour.length_mm, (name, instance.name)
        checked += 1
    return checked


def test_one_instance_of_each_group_is_solved_to_its_proven_optimum() -> None:
    assert agree(r"_0\.txt$") == 48


@pytest.mark.slow
def test_all_instances_are_solved_to_their_proven_optimum() -> None:
    assert agree(r"\.txt$") == 1200
