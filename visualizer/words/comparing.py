"""Words of two runs side by side."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "compare.title": ("Side by side", "并排对比"), "compare.minus": ("B minus A", "B 减 A"), "compare.a": ("A", "A"),
    "compare.b": ("B", "B"), "compare.ended": ("{run} ended at {time}", "{run} 已于 {time} 结束"),
    "compare.open": ("Open a second run beside it", "打开第二个运行进行对比"),
    "compare.only_recordings": ("Only recorded runs can be put side by side", "只有已录制的运行可以并排对比"),
    "compare.alone": ("There is no second run; C opens one", "没有第二个运行，按 C 打开"),
    "compare.alike": ("same policies and seed", "策略与种子相同"),
    "compare.only": ("only in {run}", "仅 {run} 有"),
    # --- where they part
    "compare.next": ("Next different decision", "下一个不同决策"),
    "compare.first_short": ("First", "首个"), "compare.next_short": ("Next", "下一个"),
    "compare.overlay_short": ("Overlay", "叠加"),
    "compare.looking": ("Comparing event by event: {share}", "正在逐条对比：{share}"),
    "compare.still_looking": ("Still comparing", "仍在对比"),
    "compare.same": ("No decision differs: the runs are the same, event by event", "决策完全一致：两次运行逐条相同"),
    "compare.same_until": (
        "No decision differs up to {time}, where {run} ends", "截至 {time}（{run} 结束）决策完全一致",
    ),
    "compare.no_more": ("No further decision differs", "之后没有不同决策"),
    "compare.parted": (
        "First different decision at {time}; {count} of {paired} decided otherwise",
        "首个不同决策在 {time}；{paired} 个决策中 {count} 个不同",
    ),
    "compare.not_comparable": (
        "These runs are not comparable: record {seq} differs and is not a decision ({kind})",
        "两次运行不可比：第 {seq} 条记录不同，且不是决策（{kind}）",
    ),
    "compare.by_scenario": ("another scenario", "场景不同"), "compare.by_seed": ("another seed", "种子不同"),
    "compare.by_version": ("another version", "版本不同"),
    "compare.timeline": (
        "A above the line, B below; diamond = different decision", "线上为 A，线下为 B；菱形=不同决策",
    ),
    "compare.marks": ("{count} from {time} on", "{time} 起 {count} 个"),
    # --- cards
    "compare.card": ("At the same time in both runs", "两次运行的同一时刻"),
    "compare.nth": ("Different decision {n} of {count}", "第 {n} 个不同决策，共 {count} 个"),
    "compare.first_record": ("The first record that differs", "首条不同的记录"),
    "compare.order": ("One order, two stories", "同一订单，两种经过"),
    "compare.steps": ("{unlike} of {count} differ", "{count} 步中 {unlike} 步不同"),
    "compare.took_none": ("Took no decision here", "此处未做决策"),
    "compare.nothing_here": ("Nothing here", "此处没有记录"),
    "compare.record": ("record {seq}", "第 {seq} 条记录"),
    "compare.policy": ("Policy", "策略"), "compare.candidates": ("Candidates", "候选数"),
    "compare.choice": ("Choice", "选择"), "compare.score": ("Score", "得分"),
    "compare.seen": ("What the policy saw", "策略所见"), "compare.candidate": ("candidate", "候选"),
    "compare.key": ("sort key, least first", "排序键（小者优先）"),
    "compare.ask": ("What else? Click to repeat both runs", "还有哪些备选？点击后重算两次运行"),
    "compare.alternatives": ("Best alternatives", "最佳备选"),
    "compare.no_alternatives": ("None on record", "没有记录"),
    "compare.came": ("What came of it", "决策结果"), "compare.length": ("Length", "长度"),
    # --- overlay
    "compare.overlay": ("B drawn over A as outlines", "B 以轮廓叠加在 A 上"),
    "compare.no_overlay": ("Outlines of B taken away", "已取消 B 的轮廓"),
}  # fmt: skip
