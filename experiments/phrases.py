"""How figures are spoken of, in English and Chinese: a label, and what it means when they go up or down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words for one figure. `up` and `down` hold `{x}`, the size of the change."""

    label: str
    up: str
    down: str


def _more(label: str, verb: str, of: str) -> Phrase:
    return Phrase(label, f"{verb} {{x}} more {of}", f"{verb} {{x}} fewer {of}")


def _longer(label: str, what: str) -> Phrase:
    return Phrase(label, f"{what} takes {{x}} longer", f"{what} takes {{x}} less time")


def _rises(label: str, what: str | None = None) -> Phrase:
    what = what or label
    return Phrase(label, f"{what} rises by {{x}}", f"{what} falls by {{x}}")


ENGLISH: dict[str, Phrase] = {
    "orders_received": _more("orders received", "receives", "orders"),
    "orders_shipped": _more("orders shipped", "ships", "orders"),
    "orders_unfinished": _more("orders unfinished", "leaves", "orders unfinished"),
    "lines_shipped": _more("lines shipped", "ships", "lines"),
    "units_shipped": _more("units shipped", "ships", "units"),
    "throughput_lines_per_h": _more("lines per hour", "ships", "lines per hour"),
    "throughput_orders_per_h": _more("orders per hour", "ships", "orders per hour"),
    "order_processing_time_mean_s": _longer("order processing time, mean", "processing an order"),
    "order_processing_time_p50_s": _longer("order processing time, median", "processing the median order"),
    "order_processing_time_p95_s": _longer("order processing time, 95th percentile", "processing the slowest 5 %"),
    "order_cycle_time_mean_s": _longer("order cycle time, mean", "an order until it leaves"),
    "order_cycle_time_p50_s": _longer("order cycle time, median", "the median order until it leaves"),
    "order_cycle_time_p95_s": _longer("order cycle time, 95th percentile", "the slowest 5 % until they leave"),
    "on_time_shipment": _rises("on-time shipment"),
    "order_picking_accuracy": _rises("order picking accuracy"),
    "line_picking_accuracy": _rises("line picking accuracy"),
    "unit_picking_accuracy": _rises("unit picking accuracy"),
    "perfect_order_rate": _rises("perfect order rate"),
    "customers_hit": Phrase(
        "customers hit by an error", "errors hit {x} more customers", "errors hit {x} fewer customers"
    ),
    "fill_rate": _rises("fill rate"),
    "ordered_then_short": _rises("lines ordered, then short", "the share of lines ordered and then short"),
    "inventory_record_accuracy": _rises("inventory record accuracy"),
    "lines_per_labour_h": _more("lines per labour hour", "ships", "lines per labour hour"),
    "labour_hours": Phrase("labour hours at work", "takes {x} more hours of work", "takes {x} fewer hours of work"),
    "travel_m_per_line": Phrase(
        "metres walked per line", "pickers walk {x} more per line", "pickers walk {x} less per line"
    ),
    "aisle_blocked_share": _rises("time blocked in aisles", "the time that pickers stand before full aisles"),
    "dock_to_stock_mean_s": _longer("dock-to-stock time, mean", "dock to stock"),
    "storage_utilisation": _rises("storage utilisation"),
    "locations_per_m2": _rises("locations per m2"),
    "floor_m2": _rises("floor area"),
    "labour_cost_per_order": Phrase(
        "labour cost per order", "an order costs {x} more in labour", "an order costs {x} less in labour"
    ),
    "labour_cost": _rises("labour cost"),
    "overtime_hours": Phrase("overtime hours", "takes {x} more overtime", "takes {x} less overtime"),
    "overtime_cost": _rises("cost of overtime hours"),
    "orders_late": Phrase("orders late", "{x} more orders are late", "{x} fewer orders are late"),
    "orders_wrong": Phrase("orders wrong", "{x} more orders are wrong", "{x} fewer orders are wrong"),
}  # fmt: skip


def _zh(label: str, up: str = "上升", down: str = "下降") -> Phrase:
    return Phrase(label, f"{label}{up} {{x}}", f"{label}{down} {{x}}")


def _zh_more(label: str) -> Phrase:
    return _zh(label, "增加", "减少")


def _zh_longer(label: str) -> Phrase:
    return _zh(label, "延长", "缩短")


CHINESE: dict[str, Phrase] = {
    "orders_received": _zh_more("收到的订单"),
    "orders_shipped": _zh_more("发出的订单"),
    "orders_unfinished": _zh_more("未完成订单"),
    "lines_shipped": _zh_more("发出的订单行"),
    "units_shipped": _zh_more("发出的件数"),
    "throughput_lines_per_h": _zh_more("每小时发出订单行"),
    "throughput_orders_per_h": _zh_more("每小时发出订单"),
    "order_processing_time_mean_s": _zh_longer("订单处理时间(平均)"),
    "order_processing_time_p50_s": _zh_longer("订单处理时间(中位数)"),
    "order_processing_time_p95_s": _zh_longer("订单处理时间(95 分位)"),
    "order_cycle_time_mean_s": _zh_longer("订单周期(平均)"),
    "order_cycle_time_p50_s": _zh_longer("订单周期(中位数)"),
    "order_cycle_time_p95_s": _zh_longer("订单周期(95 分位)"),
    "on_time_shipment": _zh("准时发货率"),
    "order_picking_accuracy": _zh("订单拣货准确率"),
    "line_picking_accuracy": _zh("订单行拣货准确率"),
    "unit_picking_accuracy": _zh("单件拣货准确率"),
    "perfect_order_rate": _zh("完美订单率"),
    "customers_hit": _zh_more("受差错影响的客户"),
    "fill_rate": _zh("满足率"),
    "ordered_then_short": _zh("下单后缺货的订单行比例"),
    "inventory_record_accuracy": _zh("库存记录准确率"),
    "lines_per_labour_h": _zh_more("每工时订单行"),
    "labour_hours": _zh_more("作业工时"),
    "travel_m_per_line": _zh_more("每订单行行走距离"),
    "aisle_blocked_share": _zh("巷道受阻时间比例"),
    "dock_to_stock_mean_s": _zh_longer("收货上架时间(平均)"),
    "storage_utilisation": _zh("储位利用率"),
    "locations_per_m2": _zh("每平方米储位数"),
    "floor_m2": _zh("占地面积"),
    "labour_cost_per_order": _zh("每单人工成本"),
    "labour_cost": _zh("人工成本"),
    "overtime_hours": _zh_more("加班工时"),
    "overtime_cost": _zh("加班成本"),
    "orders_late": _zh_more("迟发订单"),
    "orders_wrong": _zh_more("差错订单"),
}  # fmt: skip

PHRASES: dict[Language, dict[str, Phrase]] = {"en": ENGLISH, "zh": CHINESE}


def phrase(name: str, language: Language = "en") -> Phrase:
    """The words for a figure; a dotted one is named as it is written."""
    found = PHRASES[language].get(name)
    if found is not None:
        return found
    return _zh(name) if language == "zh" else _rises(name)
