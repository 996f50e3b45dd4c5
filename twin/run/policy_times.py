"""What a decision costs: microseconds per tour, and CPU against length for waves of orders, on drawn pick lists.

The block is that of Henn and Waescher (10 aisles of 45 positions), the depot at its front left corner.
"""

from __future__ import annotations

import time
from typing import Any

from twin.domain.aisles import AislePlan, Point, Stop
from twin.domain.draws import draw
from twin.domain.ids import LocationId
from twin.policies.batching import BATCHING, BatchingRules
from twin.policies.named import named
from twin.policies.routing import ROUTING, RoutingSnapshot
from twin.run.policy_bench import batch_snapshot, tour_snapshot
from twin.spec.published_sets import Instance

AISLES, POSITIONS, PITCH_MM, CELL_MM, ENTRY_MM = 10, 45, 5_000, 1_000, 1_500
STOPS = (5, 10, 30)
BLOCKS = (1, 2, 3, 4)
REPEATS = 40
WAVES = ((1, 50), (1, 100), (1, 200), (1, 500), (2, 64), (2, 500), (3, 500), (4, 64), (4, 500))  # blocks, orders
LINES_MAX, CAPACITY = 8, 40
TOURS = (10_000, 30_000, 100_000)
LARGE, TOURS_OF_LARGE = 500, (*TOURS, 300_000)  # what more work would still bring


def floor(blocks: int) -> tuple[AislePlan, Point]:
    """The block, cut into several by cross-aisles."""
    per_block = POSITIONS // blocks
    depth = 2 * ENTRY_MM + (per_block - 1) * CELL_MM
    plan = AislePlan(
        x_mm=tuple([PITCH_MM * a for a in range(AISLES)]), cross_y_mm=tuple([depth * k for k in range(blocks + 1)])
    )
    return plan, Point(location=LocationId("depot"), aisle=0, y_mm=0)


def drawn_stops(plan: AislePlan, name: str, count: int) -> tuple[Stop, ...]:
    """Uniform picks, keyed by the list's name."""
    blocks = len(plan.cross_y_mm) - 1
    per_block = POSITIONS // blocks
    stops: dict[str, Stop] = {}
    for i in range(count):
        aisle = int(draw(0, "bench aisle", name, i) * AISLES)
        block = int(draw(0, "bench block", name, i) * blocks)
        position = int(draw(0, "bench position", name, i) * per_block)
        place = f"{aisle}/{block}/{position}"
        y = plan.cross_y_mm[block] + ENTRY_MM + CELL_MM * position
        stops[place] = Stop(location=LocationId(place), aisle=aisle, block=block, y_mm=y)
    return tuple(stops.values())


def tour_times() -> list[dict[str, Any]]:
    """Microseconds of CPU per tour for every policy, number of blocks and of stops, and the mean length in m."""
    found = []
    for blocks in BLOCKS:
        plan, depot = floor(blocks)
        for count in STOPS:
            asked = [
                RoutingSnapshot(
                    now_ms=0, book_version=0, stops=drawn_stops(plan, f"{count}/{i}", count), plan=plan, start=depot,
                    end=depot,
                )
                for i in range(REPEATS)
            ]  # fmt: skip
            for name in ROUTING:
                route = named("routing", name)
                route(asked[0])
                begun = time.process_time()
                lengths = [route(snapshot).length_mm for snapshot in asked]
                used = time.process_time() - begun
                found.append(
                    {
                        "policy": name, "blocks": blocks, "stops": count, "us_per_tour": 1e6 * used / REPEATS,
                        "mean_m": sum(lengths) / REPEATS / 1000,
                    }
                )  # fmt: skip
    return found


def drawn_wave(orders: int, blocks: int = 1) -> Instance:
    """Orders of one to eight lines for carts of forty."""
    plan, depot = floor(blocks)
    lists = tuple(
        [drawn_stops(plan, f"order {i}", 1 + int(draw(0, "bench lines", f"{i}") * LINES_MAX)) for i in range(orders)]
    )
    return Instance(f"wave of {orders}", plan, depot, lists, tuple([len(stops) for stops in lists]), CAPACITY, 1000)


def wave_times(routing: str = "optimal", waves: tuple[tuple[int, int], ...] = WAVES) -> list[dict[str, Any]]:
    """CPU and total length of waves, given as (blocks, orders), by policy and work bound, walked by that policy."""
    found = []
    for blocks, orders in waves:
        wave = drawn_wave(orders, blocks)
        asked = batch_snapshot(wave)
        own: list[dict[str, Any]] = []
        runs = [(name, None) for name in BATCHING if name not in ("given", "by_sku", "cluster", "optimised")]
        for name, tours in [*runs, *[("optimised", tours) for tours in (TOURS_OF_LARGE if orders >= LARGE else TOURS)]]:
            rules = BatchingRules(candidates_max=0, routing=routing)
            if tours is not None:
                rules = BatchingRules(candidates_max=0, routing=routing, max_tours=tours, max_rounds=tours // 50)
            policy = named("batching", name, rules)
            policy(batch_snapshot(drawn_wave(2, blocks)))  # tables made once per process are not the wave's
            begun = time.process_time()
            batches = policy(asked).batches
            used = time.process_time() - begun
            by_id = {o.order: o for o in asked.orders}
            route = named("routing", routing)
            length = sum([_length(wave, [s for o in b for s in by_id[o].stops], route) for b in batches])
            own.append(
                {
                    "blocks": blocks, "orders": orders, "policy": name, "max_tours": tours, "batches": len(batches),
                    "length_m": length / 1000, "cpu_s": used,
                }
            )  # fmt: skip
        best = min([row["length_m"] for row in own])
        found += [row | {"over_best": row["length_m"] / best - 1 if best else 0.0} for row in own]
    return found


def _length(instance: Instance, stops: list[Stop], route: Any) -> int:
    length_mm: int = route(tour_snapshot(instance, stops)).length_mm
    return length_mm
