"""Cartonization: what goes into which carton."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import permutations

from twin.domain.ids import LineId, SkuId
from twin.policies.shape import Policy, Rejection, Rules, Snapshot
from twin.policies.why import seen

Size = tuple[int, int, int]
DEFAULT_CARTON = "default"
OWN_PARCEL = "own_parcel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """Units of a line to pack. size_mm of one unit, None if unknown; mix_key: order, class, hazard, owner."""

    line: LineId
    sku: SkuId
    units: int
    size_mm: Size | None
    mass_kg: float
    upright: bool
    mix_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartonKind:
    """A carton that can be had."""

    kind: str
    inner_mm: Size
    max_kg: float
    tare_kg: float
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartonizationSnapshot(Snapshot):
    """What is to be packed together, and the cartons there are."""

    lines: tuple[PackLine, ...]
    kinds: tuple[CartonKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CartonizationRules(Rules):
    """fill_share: how much of a carton's volume units may take."""

    fill_share: float = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Cartonization:
    """cartons: (kind, ((line, units), ...), expected_kg with tare, for the scale check).

    Units of unknown size stand in a carton of kind `default`, units larger than every kind in one of kind `own_parcel`
    each; both are told in rejected.
    """

    cartons: tuple[tuple[str, tuple[tuple[LineId, int], ...], float], ...]
    rejected: tuple[Rejection, ...]


@dataclass
class Carton:
    """A carton as it fills."""

    kind: CartonKind
    mix_key: str
    units: list[PackLine] = field(default_factory=list)
    volume_mm3: int = 0
    kg: float = 0.0

    def put(self, line: PackLine) -> None:
        """One unit more."""
        self.units.append(line)
        self.volume_mm3 += volume_of(line.size_mm or (0, 0, 0))
        self.kg += line.mass_kg


def volume_of(size: Size) -> int:
    """Cubic millimetres."""
    return size[0] * size[1] * size[2]


def edges_fit(size: Size, inner: Size, upright: bool) -> bool:
    """Whether one unit goes in alone: length and width may turn, height not if upright."""
    turns = [size, (size[1], size[0], size[2])] if upright else permutations(size)
    return any(a <= b and c <= d and e <= f for (a, c, e), (b, d, f) in ((turn, inner) for turn in turns))


def holds(kind: CartonKind, units: Iterable[PackLine], volume_mm3: int, kg: float, share: float) -> bool:
    """Whether a kind takes these units by volume, mass and edges."""
    return (
        volume_mm3 <= volume_of(kind.inner_mm) * share
        and kg <= kind.max_kg
        and all(edges_fit(u.size_mm or (0, 0, 0), kind.inner_mm, u.upright) for u in units)
    )


def _largest_first(x: PackLine) -> tuple[int, float, str, str]:
    return (-volume_of(x.size_mm or (0, 0, 0)), -x.mass_kg, x.sku, x.line)


Choose = Callable[[list[Carton], PackLine, float], Carton | None]


def has_room(carton: Carton, unit: PackLine, share: float) -> bool:
    """Whether one unit more goes in."""
    volume = carton.volume_mm3 + volume_of(unit.size_mm or (0, 0, 0))
    return carton.mix_key == unit.mix_key and holds(carton.kind, [unit], volume, carton.kg + unit.mass_kg, share)


def packed(snapshot: CartonizationSnapshot, rules: CartonizationRules, choose: Choose) -> Cartonization:
    """Units by (-volume, -mass, SKU, line) into the carton chosen, else into a new one of the largest kind that fits.

    At the end each carton shrinks to the cheapest kind that holds it; ties: the kind's id.
    """
    largest = sorted(snapshot.kinds, key=lambda k: (-volume_of(k.inner_mm), -k.max_kg, k.kind))
    share = rules.fill_share
    rejected: list[Rejection] = []
    cartons: list[Carton] = []
    apart: list[tuple[str, tuple[tuple[LineId, int], ...], float]] = []
    sized: list[PackLine] = []
    for line in sorted(snapshot.lines, key=lambda x: x.line):
        if line.units <= 0:
            continue
        if line.size_mm is None:
            rejected.append(Rejection(subject=line.line, code="unknown_size", detail="default carton, to be measured"))
            apart.append((DEFAULT_CARTON, ((line.line, line.units),), line.units * line.mass_kg))
        elif not any(holds(k, [line], volume_of(line.size_mm), line.mass_kg, share) for k in largest):
            heavy = not any(line.mass_kg <= k.max_kg for k in largest) and bool(largest)
            rejected.append(Rejection(subject=line.line, code="mass" if heavy else "volume", detail="own parcel"))
            apart += [(OWN_PARCEL, ((line.line, 1),), line.mass_kg)] * line.units
        else:
            sized.append(line)
    for line in sorted(sized, key=seen(_largest_first, lambda x: x.line)):
        for _ in range(line.units):
            carton = choose(cartons, line, share)
            if carton is None:
                size = line.size_mm or (0, 0, 0)
                kind = next(k for k in largest if holds(k, [line], volume_of(size), line.mass_kg, share))
                carton = Carton(kind, line.mix_key)
                cartons.append(carton)
            carton.put(line)
    whole = [*[_shrunk(c, snapshot.kinds, share) for c in cartons], *apart]
    return Cartonization(cartons=tuple(whole), rejected=tuple(rejected))


def _shrunk(
    carton: Carton, kinds: tuple[CartonKind, ...], share: float
) -> tuple[str, tuple[tuple[LineId, int], ...], float]:
    fitting = [k for k in kinds if holds(k, carton.units, carton.volume_mm3, carton.kg, share)]
    kind = min([*fitting, carton.kind], key=lambda k: (k.cents, volume_of(k.inner_mm), k.kind))
    units: dict[LineId, int] = {}
    for unit in carton.units:
        units[unit.line] = units.get(unit.line, 0) + 1
    return kind.kind, tuple(sorted(units.items())), kind.tare_kg + carton.kg


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFitDecreasing:
    """Largest units first, each into the first carton with room."""

    rules: CartonizationRules = CartonizationRules()

    def __call__(self, snapshot: CartonizationSnapshot, /) -> Cartonization:
        return packed(
            snapshot, self.rules, lambda open_, unit, share: next((c for c in open_ if has_room(c, unit, share)), None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFit:
    """Largest units first, each into the carton with the least room left."""

    rules: CartonizationRules = CartonizationRules()

    def __call__(self, snapshot: CartonizationSnapshot, /) -> Cartonization:
        def choose(cartons: list[Carton], unit: PackLine, share: float) -> Carton | None:
            fitting = [
                (volume_of(c.kind.inner_mm) - c.volume_mm3, i)
                for i, c in enumerate(cartons)
                if has_room(c, unit, share)
            ]
            return cartons[min(fitting)[1]] if fitting else None

        return packed(snapshot, self.rules, choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentOnly:
    """Only the carton opened last takes more."""

    rules: CartonizationRules = CartonizationRules()

    def __call__(self, snapshot: CartonizationSnapshot, /) -> Cartonization:
        def choose(cartons: list[Carton], unit: PackLine, share: float) -> Carton | None:
            return cartons[-1] if cartons and has_room(cartons[-1], unit, share) else None

        return packed(snapshot, self.rules, choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePerOrder:
    """One carton per mix key, of the cheapest kind that holds all; what no single kind holds is packed first fit."""

    rules: CartonizationRules = CartonizationRules()

    def __call__(self, snapshot: CartonizationSnapshot, /) -> Cartonization:
        first_fit = FirstFitDecreasing(rules=self.rules)
        cartons: list[tuple[str, tuple[tuple[LineId, int], ...], float]] = []
        rejected: list[Rejection] = []
        for key in sorted({x.mix_key for x in snapshot.lines}):
            lines = [x for x in snapshot.lines if x.mix_key == key and x.units > 0]
            volume = sum([x.units * volume_of(x.size_mm or (0, 0, 0)) for x in lines])
            kg = sum([x.units * x.mass_kg for x in sorted(lines, key=lambda x: x.line)])
            known = bool(lines) and all(x.size_mm is not None for x in lines)
            one = [k for k in snapshot.kinds if known and holds(k, lines, volume, kg, self.rules.fill_share)]
            if one:
                kind = min(one, key=lambda k: (k.cents, volume_of(k.inner_mm), k.kind))
                contents = tuple(sorted([(x.line, x.units) for x in lines]))
                cartons.append((kind.kind, contents, kind.tare_kg + kg))
                continue
            found = first_fit(CartonizationSnapshot(
                now_ms=snapshot.now_ms, book_version=snapshot.book_version, lines=tuple(lines), kinds=snapshot.kinds
            ))  # fmt: skip
            cartons += found.cartons
            rejected += found.rejected
        return Cartonization(cartons=tuple(cartons), rejected=tuple(sorted(rejected, key=lambda r: r.subject)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCarton:
    """Every unit in a carton of its own, the cheapest that holds it."""

    rules: CartonizationRules = CartonizationRules()

    def __call__(self, snapshot: CartonizationSnapshot, /) -> Cartonization:
        return packed(snapshot, self.rules, lambda cartons, unit, share: None)


CARTONIZATION: dict[str, type[Policy[CartonizationSnapshot, Cartonization]]] = {
    "first_fit_decreasing": FirstFitDecreasing,
    "best_fit": BestFit,
    "current_only": CurrentOnly,
    "one_per_order": OnePerOrder,
    "own_carton": OwnCarton,
}
