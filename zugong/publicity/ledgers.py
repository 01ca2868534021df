"""Ledger 19, 宣传稿件台账."""

from __future__ import annotations

from zugong.base import cells
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.publicity.actions import take_articles
from zugong.publicity.models import Article

ARTICLES = Ledger(
    "articles",
    "19",
    "宣传稿件台账",
    also=words("宣传稿件 稿件 信息稿件 公众号 宣传信息"),
    columns=(
        Column(
            "title",
            "标题",
            cells.text,
            key=True,
            required=True,
            stored="title",
            also=words("稿件标题 题目 稿件名称 文章标题 信息标题 稿件题目 文章名称 名称 稿件 信息题目 宣传标题 推文标题"),
        ),
        Column(
            "column",
            "栏目",
            cells.compact,
            stored="column",
            also=words("版块 板块 栏目类别 稿件类别 稿件类型 所属栏目 类别 栏目名称 类型 信息类别 发布栏目 刊发栏目 刊登栏目"),
        ),
        Column(
            "office",
            "供稿科室",
            cells.compact,
            stored="office",
            also=words(
                "来稿科室 供稿单位 投稿科室 撰稿科室 报送科室 科室 供稿部门 作者科室 责任科室 来稿单位 "
                "撰稿单位 报送单位 供稿人 撰写科室 供稿（撰稿）科室"
            ),
        ),
        Column(
            "platform",
            "发布平台",
            cells.compact,
            stored="platform",
            also=words(
                "刊登平台 刊登媒体 刊发平台 刊发媒体 发布媒体 平台 媒体 采用媒体 发布渠道 刊发渠道 刊播平台 "
                "媒体名称 推送平台 刊载平台"
            ),
        ),
        Column(
            "published_on",
            "发布时间",
            cells.day,
            key=True,
            happened=True,
            stored="published_on",
            also=words(
                "刊登时间 刊登日期 登载时间 发布日期 刊发时间 刊发日期 推送时间 推送日期 发稿时间 发表时间 "
                "发表日期 时间 日期 采用时间 上稿时间 上稿日期 采用日期 刊载时间"
            ),
        ),
        Column(
            "reads",
            "阅读量",
            cells.whole,
            stored="reads",
            also=words("阅读数 阅读次数 点击量 浏览量 阅读人次 点击数 浏览次数 阅读（次） 点击率 阅读人数 阅读（浏览）量"),
        ),
    ),
    kept=lambda: Article.objects.all(),
    take=take_articles,
)
