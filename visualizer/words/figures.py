"""Short names of the key figures, with their units, for cards, charts and breakpoints."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- the six cards of the top bar
    "card.lines_per_h": ("Lines shipped/h", "发出行/小时"), "card.shipped": ("Orders shipped", "已发订单"),
    "card.on_time": ("On time", "准时率"), "card.processing": ("Processing, mean", "平均处理时间"),
    "card.accuracy": ("Orders right", "订单准确率"), "card.in_process": ("In process", "在制订单"),
    "card.picker_utilisation": ("Pickers busy", "拣货利用率"), "card.hour": ("in an hour", "一小时变化"),
    # --- every figure of a result
    "kpi.orders_received": ("Orders received", "收到订单"), "kpi.orders_shipped": ("Orders shipped", "发出订单"),
    "kpi.orders_unfinished": ("Orders unfinished", "未完成订单"),
    "kpi.lines_shipped": ("Lines shipped", "发出订单行"), "kpi.units_shipped": ("Units shipped", "发出件数"),
    "kpi.throughput_lines_per_h": ("Lines per hour", "每小时订单行"),
    "kpi.throughput_orders_per_h": ("Orders per hour", "每小时订单"),
    "kpi.order_processing_time_mean_s": ("Processing time, mean", "处理时间 均值"),
    "kpi.order_processing_time_p50_s": ("Processing time, p50", "处理时间 p50"),
    "kpi.order_processing_time_p95_s": ("Processing time, p95", "处理时间 p95"),
    "kpi.order_processing_time_by_priority": ("Processing by priority", "分优先级处理时间"),
    "kpi.order_cycle_time_mean_s": ("Cycle time, mean", "订单周期 均值"),
    "kpi.order_cycle_time_p50_s": ("Cycle time, p50", "订单周期 p50"),
    "kpi.order_cycle_time_p95_s": ("Cycle time, p95", "订单周期 p95"),
    "kpi.on_time_shipment": ("On-time shipment", "准时发货率"),
    "kpi.order_picking_accuracy": ("Order accuracy", "订单准确率"),
    "kpi.line_picking_accuracy": ("Line accuracy", "订单行准确率"),
    "kpi.unit_picking_accuracy": ("Unit accuracy", "单件准确率"),
    "kpi.perfect_order_rate": ("Perfect orders", "完美订单率"), "kpi.customers_hit": ("Customers hit", "受影响客户"),
    "kpi.fill_rate": ("Fill rate", "满足率"), "kpi.ordered_then_short": ("Ordered, then short", "下单后缺货"),
    "kpi.inventory_record_accuracy": ("Record accuracy", "账实相符率"),
    "kpi.lines_per_labour_h": ("Lines per labour hour", "每工时订单行"),
    "kpi.labour_hours": ("Labour hours", "作业工时"), "kpi.travel_m_per_line": ("Metres per line", "每行行走米数"),
    "kpi.utilisation": ("Utilisation", "利用率"),
    "kpi.aisle_blocked_share": ("Time blocked in aisles", "巷道受阻占比"),
    "kpi.dock_to_stock_mean_s": ("Dock to stock, mean", "收货上架时间"),
    "kpi.storage_utilisation": ("Storage utilisation", "储位利用率"),
    "kpi.locations_per_m2": ("Locations per m²", "每平米货位数"), "kpi.floor_m2": ("Floor area", "占地面积"),
    "kpi.labour_cost_per_order": ("Labour cost per order", "每单人工成本"),
    "kpi.labour_cost": ("Labour cost", "人工成本"), "kpi.overtime_hours": ("Overtime hours", "加班工时"),
    "kpi.overtime_cost": ("Overtime cost", "加班成本"), "kpi.orders_late": ("Orders late", "迟发订单"),
    "kpi.orders_wrong": ("Orders wrong", "差错订单"), "kpi.stations": ("Stations", "工作台"),
    # --- figures that only the screen follows
    "metric.backlog_lines": ("Backlog, lines", "积压订单行"),
    "metric.orders_in_process": ("Orders in process", "在制订单"),
    "metric.aisle_wait": ("Aisle waiting, s/min", "巷道等待 秒/分"),
    "metric.orders_overdue": ("Orders overdue", "逾期订单"),
    "metric.waiting_units": ("Goods waiting", "等待处理货件"),
    "metric.longest_queue": ("Longest queue", "最长队列"), "metric.waiting_workers": ("Workers waiting", "等待人数"),
    "metric.lines_per_h": ("Lines per hour", "每小时订单行"),
    "metric.packing_utilisation": ("Packing utilisation", "包装利用率"),
}  # fmt: skip
