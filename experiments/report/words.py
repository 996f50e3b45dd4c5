"""Every word of page, charts and sheets, in English and Chinese."""

from __future__ import annotations

from experiments.phrases import Language

ENGLISH: dict[str, str] = {
    "title": "Comparison: {arms}",
    "decision": "Decision",
    "figures": "Figures the decision rests on",
    "figures_note": (
        "Each mean bears its own {level} % interval over n replications. Differences are paired seed by seed; their "
        "intervals hold together with {level} % over all {claims} claims (each at {joint} %), verdicts are by Holm. "
        "Correlation and variance say what pairing bought: variance is that of the paired difference over that of "
        "unpaired runs."
    ),
    "figure": "figure", "difference": "difference", "correlation": "correlation", "variance": "variance",
    "verdict": "verdict", "better": "better", "worse": "worse", "differs": "differs", "same": "the same",
    "equivalent": "within the margin", "undecided": "cannot be told apart", "undefined": "undefined",
    "unclaimed": "shown only", "inside_margin": "{verdict}, inside the margin",
    "risk": "Risk", "risk_note": "One replication is one trial; Wilson's interval. McNemar's test on the same days.",
    "all_on_time": "days on which every due order left in time",
    "service_kept": "days on which at least {target} of due orders left in time",
    "of_days": "{held} of {days} days [{low}, {high}]", "no_due": "no order was due",
    "percentiles": "Order processing time by percentile", "percentile": "percentile of orders",
    "minutes": "minutes", "hours": "hours from the start",
    "series": "Over the day", "open_orders": "orders in the building",
    "in_process": "orders in process",
    "lines_out": "lines shipped per hour",
    "lines_picked": "lines picked per hour",
    "band": "lines: means over {n} replications; bands: {level} % intervals of the mean, point by point",
    "maps": "Layouts", "visits": "picks per location and day", "travel": "metres walked to a location per day",
    "map_of": "{arm}: {what}",
    "where": "Where the time goes",
    "where_note": "Mean time of a shipped order from receipt to departure; the parts add up to the whole.",
    "whole": "whole",
    "part": "part", "settings": "What differs in the settings", "setting": "setting", "no_settings": "nothing",
    "assumptions": "What it rests on",
    "assumptions_note": (
        "Inputs that were left at assumed values. Intervals cover the noise of the simulation only, not wrong inputs "
        "or a wrong model; nothing here was validated against a site."
    ),
    "moves_most": "The two assumptions that move the result most",
    "moves_note": (
        "{figure}: difference of {arm} against {base}, with each assumption at the ends of its range, all else as "
        "it is; {n} paired seeds, {tried} of {of} assumptions tried ({how})."
    ),
    "moves": "{key} from {low} to {high}: the difference goes from {a} to {b}{turn}",
    "turns": " and changes its sign", "not_tried": "No assumption was varied; --assumptions N does.",
    "how_range": "those with a stated range", "how_all": "those with a stated range, the others by 20 % each way",
    "assumption": "assumption", "value": "value", "range": "range", "source": "source", "other": "Other figures",
    "other_note": "Shown without a claim: single {level} % intervals, not adjusted for their number.",
    "run": "What kind of run it was",
    "terminating": "terminating: {hours} h from {start}, nothing left out",
    "steady": "steady state: {hours} h, the first {warmup} h left out",
    "searched": "searched: {arms} designs, {figures} figures, {claims} claims", "seeds": "seeds",
    "scenario_hash": "scenario", "versions": "versions", "digests": "digests", "repeat": "To repeat it",
    "failed": "replications that failed: none", "policies": "policies of one's own", "n": "n",
    "limits": "What the model does not know: anything that is not in the scenario.",
    "seed": "seed", "design": "design",
}  # fmt: skip

CHINESE: dict[str, str] = {
    "title": "对比：{arms}",
    "decision": "结论",
    "figures": "结论依据的指标",
    "figures_note": (
        "每个均值附有 n 次重复的 {level} % 区间。差值按种子配对；{claims} 项结论的区间以 {level} % 同时成立"
        "（每项 {joint} %），判定采用 Holm 方法。"
        "相关系数与方差比说明配对的收益：方差比为配对差值的方差除以非配对运行的方差。"
    ),
    "figure": "指标", "difference": "差值", "correlation": "相关系数", "variance": "方差比",
    "verdict": "判定", "better": "更好", "worse": "更差", "differs": "不同", "same": "相同",
    "equivalent": "在容许界限之内", "undecided": "无法区分", "undefined": "无定义",
    "unclaimed": "仅供参考", "inside_margin": "{verdict}，在容许界限之内",
    "risk": "风险", "risk_note": "一次重复为一次试验；Wilson 区间。同一天的对比采用 McNemar 检验。",
    "all_on_time": "全部到期订单准时发出的天数",
    "service_kept": "至少 {target} 到期订单准时发出的天数",
    "of_days": "{days} 天中 {held} 天 [{low}, {high}]", "no_due": "没有到期订单",
    "percentiles": "订单处理时间分位数", "percentile": "订单分位", "minutes": "分钟", "hours": "开始后的小时数",
    "series": "一天之内", "open_orders": "在库处理中的订单",
    "in_process": "作业中的订单",
    "lines_out": "每小时发出订单行",
    "lines_picked": "每小时拣货订单行",
    "band": "线：{n} 次重复的均值；带：均值的逐点 {level} % 区间",
    "maps": "布局", "visits": "每天每储位拣货次数", "travel": "每天走到该储位的米数",
    "map_of": "{arm}：{what}",
    "where": "时间花在哪里",
    "where_note": "已发订单从接单到发车的平均时间，按环节划分；各环节之和等于总时间。",
    "whole": "合计",
    "part": "环节", "settings": "设置差异", "setting": "设置", "no_settings": "无",
    "assumptions": "所依据的假设",
    "assumptions_note": "以下输入采用假设值。区间只包含仿真噪声，不包含输入或模型的错误；未与现场数据进行验证。",
    "moves_most": "对结果影响最大的两个假设",
    "moves_note": (
        "{figure}：{arm} 与 {base} 的差值，每个假设取其范围两端，其余不变；{n} 个配对种子，"
        "共 {of} 个假设，试验 {tried} 个（{how}）。"
    ),
    "moves": "{key} 从 {low} 到 {high}：差值从 {a} 变为 {b}{turn}",
    "turns": "，并且改变符号", "not_tried": "未改变任何假设；使用 --assumptions N 进行试验。",
    "how_range": "有给定范围的假设", "how_all": "有给定范围的假设，其余各变动 20 %",
    "assumption": "假设", "value": "取值", "range": "范围", "source": "来源", "other": "其他指标",
    "other_note": "仅供参考：单独的 {level} % 区间，未按数量校正。",
    "run": "运行类型",
    "terminating": "终止型：从 {start} 起 {hours} 小时，未删除任何时段",
    "steady": "稳态：{hours} 小时，删除最初 {warmup} 小时",
    "searched": "共考察 {arms} 个方案、{figures} 个指标、{claims} 项结论", "seeds": "种子",
    "scenario_hash": "场景", "versions": "版本", "digests": "摘要", "repeat": "重现方法",
    "failed": "失败的重复：无", "policies": "自有策略", "n": "n",
    "limits": "模型不知道场景之外的任何事情。",
    "seed": "种子", "design": "方案",
}  # fmt: skip

PARTS_ZH: dict[str, str] = {
    "promise": "承诺", "stock": "等库存", "release": "等释放", "batch": "等合批", "worker": "等人员",
    "aisle": "巷道等待",
    "walking": "行走", "search_and_pick": "寻找与拣取", "scan_and_retry": "扫描与重试", "cart": "拣货车",
    "keying": "录单",
    "conveyor": "输送", "consolidation": "集货", "packing": "包装", "staging": "暂存",
    "lane": "等暂存道空位", "truck": "等车", "other": "其他",
}  # fmt: skip

WORDS: dict[Language, dict[str, str]] = {"en": ENGLISH, "zh": CHINESE}


def part_name(part: str, language: Language) -> str:
    """The name of a part of an order's time."""
    return PARTS_ZH.get(part, part) if language == "zh" else part.replace("_", " ")
