"""Why a command was refused: a sentence in English that also says its code and values, for other words and tongues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

SENTENCES: Final[dict[str, str]] = {
    "no_site": "no site {site!r}",
    "past_the_end": "the run has come to its horizon: nothing happens any more",
    # --- people and stations
    "no_crew": "no crew of role {role!r}",
    "nobody_there": "no {role} is at work",
    "no_skills": "none of the {role}s at work has the skills of a {to_role}: {skills}",
    "no_station": "no pack station {station!r}; there are {known}",
    "benches_already": "{station} works with {benches} benches already",
    "all_benches_already": "{station} works with all benches already",
    "method_already": "{work} is by {method} already",
    "checks_already": "the checks are {checks} already",
    "no_checks_already": "the checks are none already",
    # --- orders, counts, policies
    "no_order": "no such order in hand",
    "no_line": "no such line in hand",
    "order_released": "the order is {status}: it is released already",
    "order_begun": "the order is {status}: work on it has begun",
    "order_needs_person": "the order is {status}: a change needs a person",
    "units_free": "only {units} units more are free",
    "none_to_hold": "no order in hand that no picker has begun is of this site",
    "none_to_hold_of": "no order in hand that no picker has begun is of {chosen}",
    "none_to_release": "no order in hand that waits or is on hold is of this site",
    "none_to_release_of": "no order in hand that waits or is on hold is of {chosen}",
    "no_location": "no location {location!r}",
    "counted_already": "{location} is to be counted already",
    "family_not_asked": "{family!r} is asked nothing on this floor; of these another may decide: {known}",
    "no_family": "{family!r} is no family of policies; of these another may decide: {known}",
    "slotting_once": "slotting decides once, where goods lie at the opening: it cannot be changed during a run",
    "no_policy": "{why}",
    # --- what goes wrong
    "no_carrier": "no carrier {carrier!r}; there are {known}",
    "no_carriers": "no carrier {carrier!r}; there are none",
    "no_sku": "no SKU {sku!r}",
    "no_sku_of_owner": "no SKU {sku!r} of {owner}",
    "no_departure": "no departure of {carrier!r} is to come; there are some of {known}",
    "no_departures": "no departure of {carrier!r} is to come, nor of anybody else",
    "no_trailer": "no trailer of {supplier!r} is to come",
    "no_trailers": "no trailer is to come",
    "no_aisle": "no aisle {aisle!r}",
    "down_already": "it is down already",
    "no_conveyor": "no conveyor {target!r}",
    "no_conveyors": "there is no conveyor",
    "no_worker": "no worker {target!r}",
    "not_at_work": "{target} is not at work",
    "nobody_at_work": "nobody is at work",
    # --- questions
    "question_open": "the question {question!r} is open already",
    "no_question": "no open question {question!r}",
    "no_choice": "{choice!r} is no choice of {question}; there are {known}",
}  # fmt: skip


class Refusal(str):
    """The sentence; `code` and `values` are what it is made of."""

    code: str
    values: Mapping[str, Any]

    def __new__(cls, code: str, **values: Any) -> Refusal:
        """Lists are given as sequences of names."""
        shown = {name: _shown(value) for name, value in values.items()}
        refusal = super().__new__(cls, SENTENCES[code].format(**shown))
        refusal.code, refusal.values = code, values
        return refusal

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.code, dict(self.values))


def _again(code: str, values: Mapping[str, Any]) -> Refusal:
    return Refusal(code, **values)


def _shown(value: Any) -> Any:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return ", ".join(map(str, value)) if is_list else value
