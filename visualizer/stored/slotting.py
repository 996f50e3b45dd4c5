"""What lies where at the start, as the layout's tables say: the volume of a unit and the lines a day, per location."""

from __future__ import annotations

import numpy as np

from visualizer.feed import Tables
from visualizer.stored.ground import Ground
from visualizer.stored.growing import Array


class Slotting:
    """Per location: `unit_ml` the mean volume of a unit (NaN if no table says), `lines_per_day` that were planned."""

    def __init__(self, ground: Ground, tables: Tables) -> None:
        n = len(ground.cells)
        self.unit_ml: Array = np.full(n, np.nan)
        self.lines_per_day: Array = np.zeros(n)
        skus = tables.get("skus")
        if skus is None:
            return
        stock = tables["opening_stock"]
        place = {(owner, sku): i for i, (owner, sku) in enumerate(zip(skus["owner"], skus["sku"], strict=True))}
        which = np.array([place.get(key, -1) for key in zip(stock["owner"], stock["sku"], strict=True)], dtype=np.int64)
        cell = np.array([ground.cell_of.get(name, -1) for name in stock["location"]], dtype=np.int64)
        known = (which >= 0) & (cell >= 0)
        which, cell = which[known], cell[known]
        units = np.maximum(np.asarray(stock["floor_units"], dtype=np.float64)[known], 0)
        if "volume_l" in skus and len(which):
            ml = np.asarray(skus["volume_l"], dtype=np.float64)[which] * 1000
            weight = np.bincount(cell, weights=units, minlength=n)
            whole = np.bincount(cell, weights=units * ml, minlength=n)
            mean = float((units * ml).sum() / units.sum()) if units.sum() else float(ml.mean())
            self.unit_ml = np.where(weight > 0, whole / np.maximum(weight, 1e-9), mean)
        if "lines_per_day" in skus and "face" in stock and len(which):
            face = np.asarray(stock["face"], dtype=bool)[known]
            key = np.unique(cell[face] * len(place) + which[face])  # lots of one SKU at one face count once
            rate = np.asarray(skus["lines_per_day"], dtype=np.float64)[key % len(place)]
            self.lines_per_day = np.bincount(key // len(place), weights=np.nan_to_num(rate), minlength=n)
