"""Ids of the trade. All are text; ids of places, people and doors are `site/name`."""

from typing import Literal, NewType

Site = NewType("Site", str)
OwnerId = NewType("OwnerId", str)
SkuId = NewType("SkuId", str)
LotId = NewType("LotId", str)
Lpn = NewType("Lpn", str)
StockId = NewType("StockId", str)
LocationId = NewType("LocationId", str)
Zone = NewType("Zone", str)
OrderId = NewType("OrderId", str)
LineId = NewType("LineId", str)
CustomerId = NewType("CustomerId", str)
WorkerId = NewType("WorkerId", str)
TaskId = NewType("TaskId", str)
TrailerId = NewType("TrailerId", str)
DoorId = NewType("DoorId", str)
StationId = NewType("StationId", str)
CarrierId = NewType("CarrierId", str)
SupplierId = NewType("SupplierId", str)

StorageClass = Literal["ambient", "chilled", "frozen"]
StockStatus = Literal["available", "qc_hold", "blocked", "damaged", "expired", "returned"]
ShipRule = Literal["partial", "line_complete", "order_complete"]
