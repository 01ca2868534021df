"""Where the lines of a title end: as a trapezoid or a diamond, and never inside a word (GB/T 9704-2012 on titles).

A title is cut into units that stay whole (年份, 机关名称, 书名, words common in titles). Every way of ending the lines
between units is then weighed: how well the reader can pause there, and what shape the lines make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

LIMIT = 20.0  # characters of 22 pt on a line of 442.2 pt
MOST_LINES = 4
MOST_UNITS = 40  # above this the lines are simply filled: weighing every way would take seconds
ONE_LINE_MORE = 4.0  # what the others must gain before a title takes a line more than it needs

# Words frequent in titles; the longest that fits is taken. Not a dictionary: an unknown word costs a little, no more.
VOCABULARY = """
中国共产党 中共 中央 习近平新时代中国特色社会主义思想 新时代 中国特色社会主义 社会主义 党的二十大 二十大 党的 精神
主题教育 党的组织路线 党的建设 党的领导 路线 党建 组织部 委组织部 委员会 组织工作 组织系统 组织 党委 党组 党支部 党总支
基层党组织 基层党建 基层治理 基层 治理 党员 干部 公务员 人才 机关 离退休 老干部 领导班子 领导 班子 队伍 工作委员会 工委
领导小组 小组 办公室 人民政府 政府 中华人民共和国 全国 全省 全市 全区 全县 全旗 自治区 自治州 自治县 开发区 市委组织部
区委组织部 县委组织部 省委组织部 街道 社区 乡镇 农村 城市 国有企业 企业 高校 学校 系统 工作总结 工作要点 工作计划
工作报告 工作情况 工作安排 工作方案 工作意见 工作 总结 要点 计划 报告 情况 安排 方案 意见 实施方案 实施意见 实施办法
实施 办法 规定 制度 机制 通知 通报 请示 批复 决定 公告 通告 纪要 汇报 材料 清单 台账 上半年 下半年 半年 全年 年度 季度
月份 阶段 时期 重点 任务 问题 整改 落实 贯彻 学习 宣传 教育 培训 考核 考察 选拔 任用 选举 换届 发展 建设 管理 服务 保障
引领 监督 检查 督导 调研 研究 分析 评估 测评 谋划 下一步 存在 关于 做好 开展 加强 进一步 推进 推动 促进 提升 提高 深化
深入 全面 扎实 持续 专项 专题 综合 改革 创新 乡村振兴 乡村 振兴 高质量 质量 述职 评议 民主生活会 组织生活会 民主 生活会
挂职 年轻 优秀 先进 表彰 奖励 引进 急需 紧缺 落户 公寓 以及 印发 转发 征求 申报 推荐 上报 有关 事项 经济 技术 高新技术
产业 人事部 人事 科级 处级 县级
"""
WORDS = tuple(VOCABULARY.split())
KINDS = ("总结", "要点", "计划", "报告", "方案", "意见", "通知", "通报", "请示", "办法", "规定", "决定", "公告", "纪要", "汇报")
OFFICES = ("组织部", "委员会", "委", "党组", "党支部", "党总支", "办公室", "政府", "局", "领导小组")
TAILS = "的了地得等们性化者型式度率省市区县旗镇乡村委部局厅处科院会办室站所队组年月日号级届次项个名"
CLOSING = "、，。：；！？）》〉」』】〕”’…—"
OPENING = "（《〈「『【〔“‘"

HAN = "[\u3400-\u9fff\uf900-\ufaff]"
LEXICON = "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True))
PERIOD = r"\d{4}(?:年度|年)?(?:上半年|下半年|第?[一二三四]季度|\d{1,2}月份?(?:\d{1,2}日)?)?"
# A place and its committee: 滨江区委组织部. No word of the lexicon may begin inside the name.
PLACE = f"(?:(?!{LEXICON}){HAN}){{1,4}}?[省市区县旗镇乡](?:委员会|委组织部|委办公室|委(?!员))?"
UNIT = re.compile(f"{PERIOD}|《[^》]{{1,18}}》|“[^”]{{1,12}}”|（[^）]{{1,12}}）|{LEXICON}|{PLACE}|[A-Za-z0-9.,%+-]+|.", re.S)


def width(text: str) -> float:
    """The length of a text in characters: Latin letters and digits take little more than half of one."""
    return sum(0.6 if char < "\u0100" else 1.0 for char in text)


def units(title: str) -> list[str]:
    """The title cut into pieces that stay whole; a piece longer than a line is cut into characters again."""
    pieces: list[str] = []
    for piece in UNIT.findall(title):
        glued = piece[0] in CLOSING or (len(piece) == 1 and piece in TAILS) or piece.startswith("委")
        if pieces and (glued or pieces[-1][-1] in OPENING):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return [part for piece in pieces for part in ([piece] if width(piece) <= LIMIT else piece)]


def pause(before: str, after: str) -> float:
    """How badly a line ends between two units: 0 where one would pause in reading, 6 inside an unknown word."""
    if after in ("和", "与", "及", "以及") or before[-1] in CLOSING + "的" or after[0] in OPENING:
        return 0.0
    if before in ("和", "与", "及", "以及", "关于"):
        return 5.0
    if after == "关于" or before.endswith(OFFICES) or re.match(r"\d{4}年", before):
        return 0.0
    if after[0].isdigit() or (after.startswith("工作") and after != "工作") or after in KINDS:
        return 1.0
    return 6.0 - 2.0 * (len(before) > 1) - 2.0 * (len(after) > 1)


def shape(lengths: list[float]) -> float:
    """How far the lines are from a trapezoid or a diamond; a waist in the middle is worst, a rectangle poor."""
    spread = max(lengths) - min(lengths)
    cost = 1.5 if spread < 1.5 else 0.6 * max(0.0, spread - 6.0)
    cost += sum(6.0 for length in lengths if length < 4.0)
    waists = (b < a and b < c for a, b, c in zip(lengths, lengths[1:], lengths[2:], strict=False))
    return cost + 8.0 * sum(waists)


def ways(pieces: list[str], count: int) -> Iterator[tuple[float, list[str]]]:
    """Every way to set the pieces in `count` lines that fit, with its cost."""
    for cuts in combinations(range(1, len(pieces)), count - 1):
        lines = ["".join(pieces[a:b]) for a, b in pairwise((0, *cuts, len(pieces)))]
        lengths = [width(line) for line in lines]
        if max(lengths) <= LIMIT:
            yield shape(lengths) + sum(pause(pieces[cut - 1], pieces[cut]) for cut in cuts), lines


def filled(pieces: list[str]) -> list[str]:
    """Lines filled one after the other, for titles beyond every measure."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and width(lines[-1] + piece) > LIMIT:
            lines.append("")
        lines[-1] += piece
    return lines


def title_lines(title: str) -> list[str]:
    """The lines of a title; line ends the writer has set stay, a line longer than the measure is divided."""
    return [line for given in title.split("\n") for line in divided(given.strip()) if line] or [""]


def divided(title: str) -> list[str]:
    """One given line of a title, divided where it does not fit."""
    if width(title) <= LIMIT:
        return [title]
    pieces = units(title)
    least = int(-(-width(title) // LIMIT))
    counts = range(least, MOST_LINES + 1) if len(pieces) <= MOST_UNITS else ()
    every = ((cost + ONE_LINE_MORE * (count - least), lines) for count in counts for cost, lines in ways(pieces, count))
    best = min(every, default=None, key=lambda way: way[0])
    return best[1] if best else filled(pieces)
