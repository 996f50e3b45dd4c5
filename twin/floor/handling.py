"""How long hands take, and when they slip: keyed draws of the line, the carton, the pallet, never of the policy."""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.domain import draws
from twin.domain.calendar import ms
from twin.domain.variates import Variate
from twin.spec.unfold import variate
from twin.spec.work import ClerkSpec, GuidanceSpec, HandlingSpec, MethodsSpec


class Times:
    """Handling times of a site, in ms, by key; a draw is named by the key, what is handled and the occurrence."""

    def __init__(self, seed: int, spec: HandlingSpec, clerk: ClerkSpec) -> None:
        self.seed = seed
        self.cv = spec.cv
        self._variates: dict[str, Variate] = {
            key: variate(getattr(spec, key), spec.cv) for key in type(spec).model_fields if key.endswith("_s")
        }
        self._variates["key_line_s"] = variate(clerk.key_line_s, spec.cv)
        self._constant = {k: ms(v.mean) for k, v in self._variates.items() if v.is_constant}
        self._streams = {k: draws.stream(seed, k) for k in self._variates}
        self._spread = draws.stream(seed, "handling")
        self._unit = variate(1.0, spec.cv)
        self._mean_ms = {k: v.mean * 1000 for k, v in self._variates.items()}
        self.plain = {k for k in type(spec).model_fields if isinstance(getattr(spec, k), int | float)}

    def mean_ms(self, key: str) -> float:
        """The mean of a key."""
        return self._mean_ms[key]

    def draw_ms(self, key: str, name: str, occurrence: int = 0) -> int:
        """One time for `name`."""
        fixed = self._constant.get(key)
        if fixed is not None:
            return fixed
        u = draws.u01(draws.bits(self._streams[key], draws.entity(name), occurrence))
        return ms(self._variates[key].at(u))

    def factor(self, name: str, occurrence: int = 0) -> float:
        """The spread of one piece of work around its mean: lognormal with mean 1."""
        if self._unit.is_constant:
            return 1.0
        return self._unit.at(draws.u01(draws.bits(self._spread, draws.entity(name), occurrence)))

    def factors(self, words: draws.Words) -> np.ndarray[Any, np.dtype[np.float64]]:
        """`factor` for many names at once."""
        if self._unit.is_constant:
            return np.ones(len(words))
        return self._unit.sample(draws.uniforms(self._spread, words))

    def shared_ms(
        self, key: str, words: draws.Words, factor: np.ndarray[Any, np.dtype[np.float64]]
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Times of a key for many names: a plain key shares their `factor`, another is drawn for itself."""
        if key in self.plain:
            return factor * self._mean_ms[key]
        return self._variates[key].sample(draws.uniforms(self._streams[key], words)) * 1000

    def draws_ms(self, key: str, words: draws.Words) -> list[int]:
        """`draw_ms` for many names at once."""
        fixed = self._constant.get(key)
        if fixed is not None:
            return [fixed] * len(words)
        seconds = self._variates[key].sample(draws.uniforms(self._streams[key], words))
        return [int(t) for t in np.rint(seconds * 1000)]

    def sum_ms(self, name: str, counts: dict[str, float], occurrence: int = 0, factor: float | None = None) -> int:
        """A piece of work made of several keys: plain keys share one `factor`, others are drawn each for itself."""
        plain = 0.0
        other = 0
        for key, n in counts.items():
            if not n:
                continue
            if key in self.plain:
                plain += n * self._mean_ms[key]
            else:
                other += round(n * self.draw_ms(key, name, occurrence))
        if not plain:
            return other
        return other + round(plain * (self.factor(name, occurrence) if factor is None else factor))


class LineLuck:
    """What fate holds for `units` of a line before anybody touches it: its times, and its slips if it has any."""

    __slots__ = ("grasp_ms", "put_ms", "reads", "search_ms", "slips", "turn_ms", "units")

    def __init__(
        self, search_ms: int, grasp_ms: int, turn_ms: int, put_ms: int, slips: tuple[float, ...] | None, reads: float,
        units: int,
    ) -> None:  # fmt: skip
        self.search_ms = search_ms
        self.grasp_ms = grasp_ms
        self.turn_ms = turn_ms
        self.put_ms = put_ms
        self.slips = slips
        self.reads = reads
        self.units = units


class OrderLuck:
    """What fate holds for an order at the pack bench and beyond, for its first carton."""

    __slots__ = ("label", "load_ms", "pack_factor", "stage_ms")

    def __init__(self, pack_factor: float, label: float, stage_ms: int, load_ms: int) -> None:
        self.pack_factor = pack_factor
        self.label = label
        self.stage_ms = stage_ms
        self.load_ms = load_ms


_USUAL_MS = np.array(range(1 << 14), dtype=object)
_PURPOSES = ("wrong_sku", "wrong_units", "left_out", "wrong_position", "damage")


class Luck:
    """Draws the luck of whole blocks of lines at once; only lines that may slip keep their uniforms."""

    def __init__(self, seed: int, methods: MethodsSpec, times: Times, worst_worker: float) -> None:
        self.seed = seed
        self.times = times
        slips = methods.slips
        most_guided = [methods.paper, methods.barcode]
        location = max(g.location_factor for g in most_guided) * worst_worker
        units = max(g.units_factor for g in most_guided) * worst_worker
        left = max(g.left_out_factor for g in most_guided) * worst_worker
        self.limits = (
            slips.wrong_sku * location, max(slips.wrong_units, slips.wrong_units_single) * units,
            slips.left_out * left, slips.wrong_cart_position * worst_worker, slips.damage,
        )  # fmt: skip
        self.first_read = min(methods.paper.first_read, methods.barcode.first_read)

    def of_orders(self, names: list[str]) -> list[OrderLuck]:
        """The luck of these orders."""
        words = draws.entities(names)
        times = self.times
        return [
            OrderLuck(*row)
            for row in zip(
                times.factors(words).tolist(),
                draws.uniforms(draws.stream(self.seed, "wrong_label"), words).tolist(),
                times.draws_ms("stage_s", words),
                times.draws_ms("load_carton_s", words),
                strict=True,
            )
        ]

    def of_lines(self, names: list[str], units: list[int]) -> list[LineLuck]:
        """The luck of these lines, each a function of its name alone."""
        words = draws.entities(names)
        times = self.times
        factor = times.factors(words)
        search, first, further, turn, put = (
            times.shared_ms(key, words, factor)
            for key in ("search_s", "grasp_first_s", "grasp_further_s", "aisle_turn_s", "put_s")
        )
        more = np.asarray(units, dtype=np.float64) - 1
        columns = [_shared(np.rint(c).astype(np.int64)) for c in (search, first + more * further, turn, put)]
        us = [draws.uniforms(draws.stream(self.seed, p), words) for p in _PURPOSES]
        at_risk = np.zeros(len(names), dtype=bool)
        for u, limit in zip(us, self.limits, strict=True):
            at_risk |= u < limit
        reads = draws.uniforms(draws.stream(self.seed, "first_read"), words)
        slips = [tuple([float(u[i]) for u in us]) if risk else None for i, risk in enumerate(at_risk.tolist())]
        retries = [u or 0.0 for u in np.where(reads > self.first_read, reads, 0.0).tolist()]  # one 0.0 for most
        return [LineLuck(*row) for row in zip(*columns, slips, retries, units, strict=True)]


def _shared(times_ms: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    """The same numbers, one of each that is usual for all: lines wait for their picker by the ten thousand."""
    if times_ms.max(initial=0) < len(_USUAL_MS):
        return list(_USUAL_MS[times_ms])
    return [_USUAL_MS[ms] if ms < len(_USUAL_MS) else ms for ms in times_ms.tolist()]


def read_ms(guidance: GuidanceSpec, u: float) -> int:
    """Extra time when the first read fails: a retry each, after three failures the code is keyed."""
    failed = 1.0 - guidance.first_read
    if u <= guidance.first_read or failed <= 0:
        return 0
    rest = 1.0 - u
    extra = guidance.retry_s
    for _ in range(2):
        failed *= 1.0 - guidance.first_read
        if rest >= failed:
            return ms(extra)
        extra += guidance.retry_s
    return ms(extra + guidance.keyed_s)
