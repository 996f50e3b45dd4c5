"""Words of training, for trainee and trainer: score, incidents, commands, lessons, debrief."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "train.title": ("Training score", "训练评分"), "train.time_left": ("{time} left", "剩余 {time}"),
    "train.group": ("Group {name}", "第 {name} 组"), "train.of_100": ("/100", "/100"),
    "train.part_service": ("Service", "服务水平"), "train.part_cost": ("Cost, overtime", "成本 / 加班"),
    "train.part_congestion": ("Safety, congestion", "安全与拥堵"), "train.part_reaction": ("Reaction", "反应时间"),
    "train.points": ("{points}/{weight}", "{points}/{weight}"), "train.not_scored": ("not scored", "不计分"),
    "train.log": ("Decision log", "决策日志"), "train.pass_mark": ("pass mark {points}", "及格线 {points}"),
    "train.passed": ("Passed", "合格"), "train.failed": ("Not passed", "未合格"),
    "train.provisional": ("so far", "当前"), "train.question": ("Decide: {what}", "等待决策：{what}"),
    "train.answer_by": ("answer by {time}", "{time} 前作答"),
    "train.default": ("No answer: {choice} applied", "未作答：已按 {choice} 执行"),
    "train.paused": ("The run waits for your answer", "运行已暂停，等待作答"), "train.goals": ("Goals", "目标"),
    "train.hint": ("Hint", "提示"), "train.hints_left": ("{count} hints left", "剩余提示 {count} 条"),
    "train.begin": ("Begin", "开始"), "train.resume": ("Resume", "继续"),
    "train.saved": ("Saved: {path}", "已保存：{path}"), "train.time_up": ("Time is up", "时间到"),
    "train.book_only": ("You see what the WMS knows", "仅显示系统账面"),
    # --- what the trainee may order
    "order.title": ("Give an order", "下达指令"), "order.open_station": ("Open a station", "加开工作台"),
    "order.close_station": ("Close a station", "关闭工作台"), "order.move_people": ("Move people", "调配人员"),
    "order.add_workers": ("Call in people", "增派人员"), "order.hold_order": ("Hold an order", "挂起订单"),
    "order.release_order": ("Release an order", "释放订单"), "order.hold_wave": ("Hold the wave", "暂停波次"),
    "order.release_wave": ("Release the wave", "释放波次"), "order.request_count": ("Call a count", "发起盘点"),
    "order.set_policy": ("Change a policy", "更换策略"), "order.change_order": ("Change an order", "修改订单"),
    "order.cancel_order": ("Cancel an order", "取消订单"), "order.block_aisle": ("Close an aisle", "封闭巷道"),
    "order.unblock_aisle": ("Open an aisle", "解封巷道"), "order.inject_fault": ("Inject a fault", "注入故障"),
    "order.from": ("from", "从"), "order.to": ("to", "到"), "order.count": ("how many", "人数"),
    "order.station": ("station", "工作台"), "order.which": ("which", "对象"), "order.policy": ("policy", "策略"),
    "order.for_minutes": ("for minutes", "时长（分钟）"), "order.given": ("{at}: {what}", "{at}：{what}"),
    "order.refused": ("Refused: {why}", "被拒绝：{why}"),
    # --- incidents
    "inject.title": ("Inject an incident", "注入事件"), "inject.device": ("Device down", "设备故障"),
    "inject.agv": ("AGV fault", "AGV 故障"), "inject.aisle": ("Aisle blocked", "巷道封闭"),
    "inject.conveyor": ("Conveyor jam", "输送线卡堵"), "inject.absent": ("{count} absent", "缺勤 {count} 人"),
    "inject.rush": ("Rush orders ×{count}", "急单 ×{count}"), "inject.late_truck": ("Late truck", "车辆晚到"),
    "inject.wms_outage": ("WMS outage {min} min", "系统宕机 {min} 分钟"), "inject.network": ("No network", "断网"),
    "inject.at": ("at", "时间"), "inject.duration": ("duration", "时长"), "inject.target": ("where", "位置"),
    "inject.scheduled": ("Scheduled", "已排定"), "inject.now": ("Now", "立即"), "inject.truth": ("Truth", "真实情况"),
    "inject.nothing": ("Nothing could fail: {why}", "无法注入：{why}"),
    "incident.device": ("{name}: device down", "{name}：设备故障"), "incident.jam": ("{name} jammed", "{name} 卡堵"),
    "incident.aisle": ("Aisle {name} blocked", "巷道 {name} 封闭"),
    "incident.absent": ("{name} absent", "{name} 缺勤"), "incident.wms_outage": ("WMS outage", "系统宕机"),
    "incident.rush": ("Rush orders", "急单到达"), "incident.late_truck": ("{name} is late", "{name} 晚到"),
    "incident.over": ("over after {time}", "历时 {time}，已解除"),
    "incident.open": ("open for {time}", "已持续 {time}"),
    # --- debrief
    "debrief.title": ("Debrief", "复盘"), "debrief.score": ("Score {score} of 100", "得分 {score}/100"),
    "debrief.none": ("without decisions", "不作决策"), "debrief.reference": ("reference", "参考"),
    "debrief.trainee": ("trainee", "学员"), "debrief.worth": ("worth {points}", "价值 {points}"),
    "debrief.decisions": ("What each decision was worth", "每项决策的价值"),
    "debrief.computing": ("Running the same shift again: {share}", "正在重算同一班次：{share}"),
    "debrief.reaction": ("Reacted after {time}", "反应时间 {time}"), "debrief.no_reaction": ("No reaction", "未反应"),
    "debrief.figure": ("Figure", "指标"), "debrief.export": ("Save the debrief", "保存复盘"),
    # --- lessons
    "lesson.accuracy": ("Accuracy", "准确率"), "lesson.speed": ("Speed", "速度"),
    "lesson.limit": ("time limit {min} min", "限时 {min} 分钟"),
    "lesson.incidents": ("{count} incidents", "{count} 个事件"),
    "lesson.by_trainer": ("trainer's incidents", "由讲师注入事件"),
}  # fmt: skip
