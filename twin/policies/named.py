"""Policies by name: the only way from a scenario file to a rule. Names and parameters, never import paths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_type_hints

from twin import __version__
from twin.policies.chains import ChainEntry
from twin.policies.owner_chains import CHAINS, LAST_SERVES_ALL, LIMITS, WHY_NOT, Chain
from twin.policies.shape import Policy, PolicyError, PolicyRef, Rules
from twin.policies.snapshots import UNLIMITED, canonical, did_you_mean, from_json

AnyPolicy = Policy[Any, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """Where a family's register of classes stands, and the name that serves when none is given."""

    module: str
    attribute: str
    default: str

    @property
    def classes(self) -> dict[str, type[Any]]:
        """The strategies by name; loads the family's module when first asked."""
        classes: dict[str, type[Any]] = getattr(import_module(f"twin.policies.{self.module}"), self.attribute)
        return classes

    @property
    def installed(self) -> dict[str, EntryPoint]:
        """The policies of installed packages, by name: entry points `FAMILY.NAME` of the group twin.policies."""
        return {name: point for (family, name), point in installed().items() if FAMILIES.get(family) is self}

    def known(self, name: str) -> type[Any]:
        """The class of this name, our own or installed; KeyError if there is none."""
        if name in self.classes:
            return self.classes[name]
        if name not in _LOADED.setdefault(self.module, {}):
            _LOADED[self.module][name] = self.installed[name].load()
        return _LOADED[self.module][name]

    @property
    def rules(self) -> type[Rules]:
        """The Rules class that all strategies of the family share."""
        rules: type[Rules] = get_type_hints(self.classes[self.default])["rules"]
        return rules

    @property
    def snapshot(self) -> type[Any]:
        """What the family is asked."""
        return self._call_hints()[0]

    @property
    def decision(self) -> type[Any]:
        """What the family answers."""
        return self._call_hints()[1]

    def _call_hints(self) -> tuple[type[Any], type[Any]]:
        hints = get_type_hints(self.classes[self.default].__call__)
        decision = hints.pop("return")
        (snapshot,) = hints.values()
        return snapshot, decision


FAMILIES: dict[str, Register] = {
    "promising": Register("promising", "PROMISING", "on_hand_atp"),
    "allocation": Register("allocation", "ALLOCATION", "fefo"),
    "release": Register("release", "RELEASE", "waveless"),
    "batching": Register("batching", "BATCHING", "first_come"),
    "routing": Register("routing", "ROUTING", "s_shape"),
    "putaway": Register("putaway", "PUTAWAY", "closest_open"),
    "slotting": Register("slotting", "SLOTTING", "abc"),
    "replenishment": Register("replenishment", "REPLENISHMENT", "min_max"),
    "dispatch": Register("dispatch", "DISPATCH", "earliest_start"),
    "dock_assignment": Register("dock_assignment", "DOCK_ASSIGNMENT", "first_come"),
    "cycle_counting": Register("cycle_counting", "CYCLE_COUNTING", "exceptions_first"),
    "pick_exceptions": Register("pick_exceptions", "PICK_EXCEPTIONS", "same_tour"),
    "sourcing": Register("sourcing", "SOURCING", "by_rank"),
    "zoning": Register("zoning", "ZONING", "single"),
    "sortation": Register("sortation", "SORTATION", "fixed"),
    "disposition": Register("disposition", "DISPOSITION", "first_match"),
    "cartonization": Register("cartonization", "CARTONIZATION", "first_fit_decreasing"),
    "kitting": Register("kitting", "KITTING", "prebuilt_first"),
    "cross_docking": Register("cross_docking", "CROSS_DOCKING", "opportunistic"),
    "reordering": Register("reordering", "REORDERING", "s_S"),
}

GROUP = "twin.policies"
_LOADED: dict[str, dict[str, type[Any]]] = {}


@cache
def installed() -> dict[tuple[str, str], EntryPoint]:
    """The entry points of the group, by family and name; ours are not among them."""
    found = {}
    for point in entry_points(group=GROUP):
        family, _, name = point.name.partition(".")
        found[family, name] = point
    return found


ASKED = (
    "promising", "allocation", "release", "batching", "routing", "putaway", "slotting", "replenishment", "dispatch",
    "dock_assignment", "cycle_counting", "pick_exceptions",
)  # fmt: skip
"""The families that the WMS asks today; the others are complete as decisions and wait for their flow."""

WITHOUT_FLOW = {
    ("batching", "by_sku"): "it needs a put wall behind picking, which the floor does not have yet",
    ("promising", "quota_atp"): "it reads quotas and announced goods, which scenarios do not have yet",
    ("promising", "substitute_atp"): "it promises another SKU, which an order line of the WMS does not have yet",
    ("promising", "reconfirm"): "it is asked periodically, which the WMS does not have yet",
    ("slotting", "from_orders"): "it reads ordered lines; slotting at opening does not have them yet",
    ("replenishment", "demand"): "it closes gaps of released work, which picking from reserve does not have yet",
    ("dock_assignment", "appointment"): "it books windows in advance, which the yard does not have yet",
    ("dock_assignment", "least_walk"): "it weighs loads by zone, which trailers of the twin do not have yet",
}
"""Strategies of asked families that are complete as decisions only, and what the floor lacks for them."""

ENTRY_KEYS = ("name", "rules", "zones", "owners")


def register(family: str) -> Register:
    """The family's register; PolicyError if there is no such family."""
    if family not in FAMILIES:
        raise PolicyError(f"policies.{family}: unknown family; {did_you_mean(family, list(FAMILIES))}")
    return FAMILIES[family]


def rules_class(family: str) -> type[Rules]:
    """The Rules class of a family."""
    return register(family).rules


def named(family: str, name: str, rules: Mapping[str, Any] | Rules | None = None, where: str = "") -> AnyPolicy:
    """The policy of this name with these rules; a mapping is checked key by key, all faults at once."""
    where = where or f"policies.{family}"
    of_family = register(family)
    if name not in of_family.classes and name not in of_family.installed:
        known = [*of_family.classes, *of_family.installed]
        raise PolicyError(f"{where}: unknown policy {name!r}; {did_you_mean(str(name), known)}")
    checked = rules if isinstance(rules, Rules) else checked_rules(family, rules or {}, f"{where}.rules")
    if not isinstance(checked, of_family.rules):
        raise PolicyError(f"{where}.rules: {of_family.rules.__name__} is needed, got {type(checked).__name__}")
    policy: AnyPolicy = of_family.known(name)(rules=checked)
    return policy


UNLIMITED_COUNTS = {"candidates_max": 0, "max_moves": 1_000_000_000, "max_splits": 1_000_000_000}
"""What `unlimited` means in rules that count; bounds of a search must be numbers."""


def checked_rules(family: str, rules: Mapping[str, Any], where: str) -> Rules:
    """Rules from a mapping: known keys, right types, no negative numbers; a count may be `unlimited`."""
    if not isinstance(rules, Mapping):
        raise PolicyError(f"{where}: a mapping is needed, got {rules!r}")
    given = dict(rules)
    given |= {key: most for key, most in UNLIMITED_COUNTS.items() if given.get(key) == UNLIMITED}
    checked = from_json(rules_class(family), given, where)
    faults: list[str] = []
    for field in fields(checked):
        value = getattr(checked, field.name)
        faults += [
            f"{where}.{field.name}: must be >= 0 and finite, got {number}"
            for number in (value if isinstance(value, tuple) else (value,))
            if isinstance(number, int | float) and not (number >= 0 and math.isfinite(number))
        ]
        if field.name in FAMILIES and value not in (names := register(field.name).classes):
            faults.append(f"{where}.{field.name}: unknown policy {value!r}; {did_you_mean(str(value), list(names))}")
        if field.name == "speed_m_per_s" and value == 0:
            faults.append(f"{where}.{field.name}: must be > 0, got 0")
    if faults:
        raise PolicyError("\n".join(faults))
    return checked


def chain(family: str, form: object = None) -> AnyPolicy | Chain:
    """The policy of a family as a scenario writes it.

    A name; a mapping of name, rules, zones and owners; a list of both, in which each entry gets what the former left;
    None: the family's default. All faults at once.
    """
    of_family = register(family)
    if form is None:
        form = of_family.default
    forms = list(form) if isinstance(form, Sequence) and not isinstance(form, str) else [form]
    if not forms:
        raise PolicyError(f"policies.{family}: the list is empty; name at least one policy")
    entries: list[ChainEntry] = []
    faults: list[str] = []
    for turn, one in enumerate(forms):
        where = f"policies.{family}" if len(forms) == 1 else f"policies.{family}[{turn}]"
        try:
            entries.append(_entry(family, one, where))
        except PolicyError as fault:
            faults.append(str(fault))
    if faults:
        raise PolicyError("\n".join(faults))
    if len(entries) == 1 and not entries[0].zones and not entries[0].owners:
        return entries[0].policy
    _chain_is_sound(family, entries)
    return CHAINS[family](entries=tuple(entries))


def _chain_is_sound(family: str, entries: Sequence[ChainEntry]) -> None:
    """PolicyError where a chain, or what limits its entries, has no meaning in the family."""
    if family not in CHAINS:
        why = WHY_NOT.get(family, "the floor asks it nothing")
        raise PolicyError(
            f"policies.{family}: one policy without zones and owners is needed ({why}); chains are for "
            f"{', '.join(CHAINS)}"
        )
    for turn, entry in enumerate(entries):
        for limit in ("zones", "owners"):
            if getattr(entry, limit) and limit not in LIMITS[family]:
                allowed = ", ".join(LIMITS[family]) or "nothing: its entries are asked in turn"
                raise PolicyError(f"policies.{family}[{turn}].{limit}: entries may be limited by {allowed}")
    if family in LAST_SERVES_ALL and entries[-1].owners:
        raise PolicyError(
            f"policies.{family}: the last entry serves whoever is left: leave out its owners, or add an entry without"
        )


def _entry(family: str, form: object, where: str) -> ChainEntry:
    name = form if isinstance(form, str) else form.get("name") if isinstance(form, Mapping) else None
    if (family, name) in WITHOUT_FLOW:
        raise PolicyError(f"{where}: {name} decides, but {WITHOUT_FLOW[family, str(name)]}; try it with twin decide")
    if isinstance(form, str):
        return ChainEntry(name=form, policy=named(family, form, where=where))
    if not isinstance(form, Mapping):
        raise PolicyError(f"{where}: a name, a mapping or a list of those is needed, got {form!r}")
    faults = [
        f"{where}.{key}: unknown; {did_you_mean(str(key), list(ENTRY_KEYS))}" for key in form if key not in ENTRY_KEYS
    ]
    if not isinstance(form.get("name"), str):
        faults.append(f"{where}.name: the name of a policy is needed, got {form.get('name')!r}")
    for key in ("zones", "owners"):
        names = form.get(key, [])
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            faults.append(f"{where}.{key}: a list of names is needed, got {names!r}")
    if faults:
        raise PolicyError("\n".join(faults))
    return ChainEntry(
        name=form["name"],
        policy=named(family, form["name"], form.get("rules"), where),
        zones=frozenset(form.get("zones", ())),
        owners=frozenset(form.get("owners", ())),
    )


def name_of(policy: AnyPolicy | Chain, family: str) -> str:
    """The registered name, or the names of a chain in order."""
    if isinstance(policy, Chain):
        return " > ".join([entry.name for entry in policy.entries])
    of_family = register(family)
    classes = of_family.classes | _LOADED.get(of_family.module, {})
    return next((name for name, cls in classes.items() if type(policy) is cls), type(policy).__name__)


def reference(policy: AnyPolicy | Chain, family: str, name: str | None = None) -> PolicyRef:
    """Which rule decides, for the record of every decision; the digest is of the rules' canonical JSON."""
    return PolicyRef(
        family=family,
        name=name_of(policy, family) if name is None else name,
        version=__version__,
        rules_digest=sha256(_rules_text(policy).encode()).hexdigest()[:16],
    )


def _rules_text(policy: AnyPolicy | Chain) -> str:
    if isinstance(policy, Chain):
        return "|".join(
            [
                f"{entry.name} {canonical(entry.zones)} {canonical(entry.owners)} {_rules_text(entry.policy)}"
                for entry in policy.entries
            ]
        )
    return canonical(getattr(policy, "rules", ()))
