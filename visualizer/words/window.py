"""Words of the window beside the screens' own: what the inspector adds, the log, finding, breakpoints, opening."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- inspector
    "inspect.asking": ("looking it up …", "正在查询…"), "inspect.not_yet": ("not yet at this time", "此刻尚未出现"),
    "inspect.history": ("What happened", "经过"), "inspect.received": ("Received", "接单"),
    "inspect.differs": ("book ≠ floor", "账实不符"), "inspect.agrees": ("book = floor", "账实相符"),
    "inspect.gap": ("Diff.", "差异"), "inspect.nothing_there": ("nothing", "无库存"),
    "inspect.since": ("first for {time}", "最长 {time}"),
    "inspect.done": ("Done", "已完成"), "inspect.locations": ("{n} locations", "{n} 个货位"),
    "inspect.runs": ("runs", "运行中"), "inspect.down": ("down", "故障"), "inspect.free_door": ("free", "空闲"),
    "inspect.waiting": ("{n} waiting", "{n} 等待"), "inspect.staged": ("Staged", "暂存"),
    "inspect.unloaded": ("Unloaded", "已卸"),
    "inspect.cartons": ("{n} cartons", "{n} 箱"), "inspect.pallets": ("{n} pallets", "{n} 托"),
    "inspect.arrived": ("arrived", "已到达"), "inspect.docked": ("at its door", "已靠台"),
    "inspect.departed": ("departed", "已发车"),
    # --- units
    "unit.kg": ("{n} kg", "{n} 公斤"), "unit.per_h": ("{n} an hour", "每小时 {n}"),
    "unit.s_per_min": ("{n} s/min", "{n} 秒/分"), "unit.lines_per_h": ("{n} lines/h", "{n} 行/小时"),
    "error.bug": ("Our bug, please report it: {what}", "程序内部错误，请反馈：{what}"),
    # --- log
    "log.marked": ("marked", "重要"), "log.all": ("all", "全部"), "log.selected": ("selection", "所选"),
    "help.log_mode": ("log: marked, all, selection", "日志：重要 / 全部 / 所选"),
    "help.quit": ("close the window", "关闭窗口"),
    "help.kind_choose": ("choose a kind of event", "选择事件类型"),
    # --- find
    "find.worker": ("Worker", "人员"), "find.order": ("Order", "订单"), "find.location": ("Location", "货位"),
    "find.sku": ("SKU", "商品"), "find.trailer": ("Truck", "车辆"), "find.station": ("Station", "工作台"),
    "find.aisle": ("Aisle", "巷道"), "find.belt": ("Conveyor", "输送线"), "find.door": ("Door", "月台"),
    "find.lane": ("Lane", "暂存道"), "kind.title": ("Kind of event", "事件类型"),
    "kind.prompt": ("which kind", "选择类型"), "kind.count": ("{n} so far", "已有 {n}"),
    # --- breakpoints
    "break.when": ("Stop", "停在"), "break.at": ("Time", "时间"), "break.kind": ("Kind of event", "事件类型"),
    "break.time_is": ("at {time}", "到 {time}"), "break.kind_is": ("{kind}", "{kind}"),
    "break.metric_above": ("{metric} above {value} for {s} s", "{metric} 高于 {value} 持续 {s} 秒"),
    "break.metric_below": ("{metric} below {value} for {s} s", "{metric} 低于 {value} 持续 {s} 秒"),
    "break.none": ("None is set", "尚未设置"), "break.was_set": ("Breakpoint: {what}", "已设断点：{what}"),
    "break.passed": ("{time} has passed", "{time} 已过"), "break.any_kind": ("choose a kind", "请选择类型"),
    # --- start and opening
    "start.scenarios": ("Scenarios", "场景"), "start.runs": ("Runs", "运行记录"),
    "start.go": ("Open", "打开"), "toast.step_kind": ("Step by: {kind}", "步进：{kind}"),
    "toast.ended": ("The run has come to its end", "运行已结束"), "toast.end": ("End of the recording", "已到结尾"),
    "toast.begin": ("Start of the recording", "已到开头"), "toast.speed": ("Speed {speed}×", "速度 {speed}×"),
    "toast.not_found": ("Not found", "未找到"),
    "toast.layer_on": ("{layer} on", "{layer}：开"), "toast.layer_off": ("{layer} off", "{layer}：关"),
    "toast.fastest": ("As fast as it goes", "全速运行"), "toast.later": ("Not in this window", "此窗口不可用"),
}  # fmt: skip
