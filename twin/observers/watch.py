"""All observers of a run together: one sink that folds the stream once and yields every key figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from twin.domain.goods import OpeningStock
from twin.events.chunk import Chunk
from twin.events.digest import Digest
from twin.observers.accuracy import Accuracy
from twin.observers.conservation import Conservation
from twin.observers.inbound import Inbound
from twin.observers.kpis import KPIS
from twin.observers.order_lives import OrderLives
from twin.observers.run_context import Figures, RunContext, share
from twin.observers.service import Service
from twin.observers.stations import Stations
from twin.observers.storage import Storage
from twin.observers.throughput import Throughput
from twin.observers.travel import Travel
from twin.observers.unit_moves import UnitMoves
from twin.observers.utilisation import Utilisation, labour_cost, overtime_cost
from twin.observers.waiting import Waiting


class Watch:
    """A sink; what several observers need is gathered once and shared."""

    def __init__(
        self,
        opening: Sequence[OpeningStock] = (),
        volume_l: Mapping[str, float] | None = None,
        sku_volume_l: Mapping[tuple[str, str], float] | None = None,
        locations: Collection[str] = (),
    ) -> None:
        self.orders = OrderLives()
        self.units = UnitMoves()
        self.digest = Digest()
        self.throughput = Throughput(self.orders)
        self.service = Service(self.orders)
        self.accuracy = Accuracy(self.orders, self.units)
        self.utilisation = Utilisation()
        self.travel = Travel(self.utilisation, self.orders.picked)
        self.waiting = Waiting(self.utilisation)
        self.storage = Storage(opening, volume_l, sku_volume_l, self.units, locations)
        self.stations = Stations()
        self.inbound = Inbound()
        self.conservation = Conservation(opening, self.units)
        self.events = 0

    def fold(self, chunk: Chunk, /) -> None:
        """Take the next events."""
        self.events += chunk.size
        self.digest.fold(chunk)
        self.throughput.fold(chunk)
        self.service.fold(chunk)
        self.accuracy.fold(chunk)
        self.utilisation.fold(chunk)
        self.travel.fold(chunk)
        self.waiting.fold(chunk)
        self.storage.fold(chunk)
        self.stations.fold(chunk)
        self.inbound.fold(chunk)
        self.conservation.fold(chunk)


def compute(watch: Watch, context: RunContext) -> Figures:
    """The `kpis` of a result: just those of KPIS, in that order; undefined is None."""
    labour = watch.utilisation.labour(context)
    counts, served, judged = [], [], []
    for lives in watch.orders.parts():
        counts.append(watch.throughput.count(lives, context))
        served.append(watch.service.served(lives, context))
        judged.append(watch.accuracy.judged(lives, context))
    orders_left, lines_left = sum([c.orders_left for c in counts]), sum([c.lines_left for c in counts])
    cost = labour_cost(labour, context)
    found: Figures = {
        **watch.throughput.figures(context, counts),
        **watch.service.figures(context, served),
        **watch.accuracy.figures(context, judged),
        **watch.storage.figures(context),
        **watch.travel.figures(context),
        **watch.utilisation.figures(context),
        **watch.waiting.figures(context),
        **watch.inbound.figures(context),
        **watch.stations.figures(context),
        "lines_per_labour_h": share(lines_left, labour.hours),
        "labour_hours": sum(labour.at_work_ms.values()) / 3_600_000 if labour.on_shift_ms else None,
        "locations_per_m2": share(context.location_count, context.floor_m2 or 0),
        "floor_m2": context.floor_m2,
        "labour_cost": cost,
        "overtime_hours": sum(labour.overtime_ms.values()) / 3_600_000 if labour.on_shift_ms else None,
        "overtime_cost": overtime_cost(labour, context),
        "labour_cost_per_order": None if cost is None else share(cost, orders_left),
    }
    return {name: found[name] for name in KPIS}
