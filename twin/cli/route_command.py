"""`twin route`: one pick list, one routing policy, one answer."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Any

from twin.domain.errors import PolicyError, SpecError


def route_command(layout: str, stops: Path, policy: str, start: str | None, end: str | None, *, json: bool) -> None:
    """The order in which the policy visits the stops: indices into the list given."""
    from twin.policies.laws import broken_laws
    from twin.policies.named import named
    from twin.policies.routing import RoutingSnapshot
    from twin.run.foreign import foreign, is_foreign
    from twin.spec.building import plan_of
    from twin.spec.loading import load_layout
    from twin.spec.stop_list import read_stops, ways_between

    route: Any
    if is_foreign(policy):
        route = foreign("routing", policy).policy
    else:
        route = named("routing", policy, where=f"--policy {policy}")
    plan = plan_of(load_layout(layout), "main")
    places = read_stops(stops, plan)
    home = _point(plan, start, "--start", layout)
    target = home if end is None else _point(plan, end, "--end", layout)
    visits = tuple({place: plan.routing_stop(place) for place in places}.values())
    asked = RoutingSnapshot(
        now_ms=0, book_version=0, stops=visits, plan=plan.aisle_plan, start=home, end=target,
        ways=() if plan.aisle_plan is not None else ways_between(plan, {*places, home.location, target.location}),
    )  # fmt: skip
    try:
        tour = route(asked)
    except PolicyError:
        raise
    except Exception as error:  # a policy of the user's own may fail in any way
        raise PolicyError(f"--policy {policy} failed: {type(error).__name__}: {error}") from error
    broken = broken_laws(asked, tour)
    if broken:
        raise PolicyError(f"--policy {policy} broke the law '{broken[0]}'")
    given: dict[str, list[int]] = {}
    for i, place in enumerate(places):
        given.setdefault(place, []).append(i)
    answer = {
        "schema": "twin.route/1",
        "policy": policy,
        "sequence": [i for stop in tour.stops for i in given[stop.location]],
        "length_m": tour.length_mm / 1000,
        "exact": tour.exact,
    }
    if json:
        print(jsonlib.dumps(answer))
        return
    proof = "proven shortest" if tour.exact else "not proven shortest"
    print(f"{policy}: {len(visits):,} stops, {tour.length_mm / 1000:,.2f} m, {proof}")
    for turn, stop in enumerate(tour.stops, start=1):
        print(f"{turn:>5}  {stop.location.partition('/')[2]}")


def _point(plan: Any, name: str | None, flag: str, layout: str) -> Any:
    from twin.domain.ids import LocationId
    from twin.policies.snapshots import did_you_mean

    if name is None:
        if not plan.depots:
            raise SpecError(f"{layout}: has no depot; name a place or a location with {flag}")
        return plan.routing_point(plan.depots[0])
    full = LocationId(name if name.startswith(f"{plan.site}/") else f"{plan.site}/{name}")
    if full not in plan.places and full not in plan.by_name:
        known = [place.partition("/")[2] for place in plan.places]
        raise SpecError(f"{flag} {name}: no such place or location in {layout}; {did_you_mean(name, known)}")
    return plan.routing_point(full)
