"""Ledgers 03, 干部花名册, 12, 年轻干部人才库, 13, 挂职干部台账, and 17, 干部实绩台账."""

from __future__ import annotations

from dataclasses import replace

from zugong.base import cells
from zugong.base.access import Privacy
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.cadres.actions import take_cadres, take_merits, take_reserve, take_secondments
from zugong.cadres.models import (
    DISCIPLINED,
    LEVELS,
    MERIT_KINDS,
    REASONS,
    RESERVE_KINDS,
    Cadre,
    Merit,
    ReserveEntry,
    Secondment,
)
from zugong.people.ledgers import AT_UNIT, BIRTH, DEGREE, EDUCATION, ETHNICITY, NAME, RESIDENT_ID, SEX, stored_at

POLITICAL = {
    "中共党员": words("党员 共产党员 中国共产党党员"),
    "中共预备党员": ("预备党员",),
    "群众": ("无",),
    "共青团员": ("团员",),
}
RANKS = (
    "乡科级副职",
    "乡科级正职",
    "县处级副职",
    "县处级正职",
    "厅局级副职",
    "厅局级正职",
    "一级科员及以下",
)
TITLE = Column(
    "title",
    "职务",
    cells.text,
    stored="title",
    also=words(
        "现任职务 现职务 现任职 职务名称 担任职务 现任职务（职级） 任职情况 行政职务 岗位职务 工作职务 任职 现任职务全称"
    ),
)

CADRES = Ledger(
    "cadres",
    "03",
    "干部花名册",
    also=words("干部名册 干部信息 干部基本信息 干部名单 干部情况"),
    identified=True,
    columns=(
        NAME,
        SEX,
        BIRTH,
        ETHNICITY,
        RESIDENT_ID,
        Column(
            "political_status",
            "政治面貌",
            cells.choice(POLITICAL, POLITICAL),
            stored="political_status",
            also=words("政治面貌情况 党派 政治身份 政治面貌（党派） 政治面目"),
            privacy=Privacy.PERSONAL,
        ),
        Column(
            "work_started_on",
            "参加工作时间",
            cells.day_or_month,
            fact="work_started_on",
            happened=True,
            privacy=Privacy.PERSONAL,
            also=words("参加工作日期 工作时间 参工时间 参加工作年月 参加革命工作时间 参工日期 何时参加工作 参加工作年月日"),
        ),
        EDUCATION,
        DEGREE,
        stored_at(AT_UNIT, "appointment__unit_name"),
        replace(TITLE, heading="现任职务", also=("职务", *TITLE.also), stored="appointment__title"),
        Column(
            "rank",
            "职务层次",
            cells.compact,
            stored="appointment__rank",
            known=frozenset(RANKS),
            also=words(
                "职级 职务级别 级别 职务职级 现职级 职务（职级）层次 干部级别 行政级别 现任职务层次 职务层级 "
                "干部职级 职级层次 现职务层次 职务职级层次 职级（层次）"
            ),
        ),
        Column(
            "rank_since",
            "任现职务层次时间",
            cells.day_or_month,
            happened=True,
            stored="appointment__rank_since",
            privacy=Privacy.PERSONAL,
            also=words(
                "任现职级时间 任现级时间 任现职务层次日期 任职级时间 任现职层次时间 任同级职务时间 "
                "任现职务层次年月 任该层次时间 任现级别时间 任现职级日期 任职务层次时间 现职级始任时间 "
                "现职级任职时间 任同级时间 现职务层次始任时间 任现层次时间"
            ),
            unlike=words("任现职时间 任职时间 任现职务时间 任现职日期 任职日期 任现职务日期 首次任职时间"),
        ),
    ),
    kept=lambda: Cadre.objects.filter(valid_to__isnull=True),
    take=take_cadres,
)

RESERVE = Ledger(
    "reserve",
    "12",
    "年轻干部人才库",
    also=words("年轻干部库 后备干部 后备人才 优秀年轻干部 年轻干部"),
    identified=True,
    columns=(
        NAME,
        RESIDENT_ID,
        AT_UNIT,
        TITLE,
        Column(
            "kind",
            "入库类别",
            cells.choice(RESERVE_KINDS, RESERVE_KINDS),
            key=True,
            stored="kind",
            known=frozenset(RESERVE_KINDS),
            also=words(
                "类别 入库类型 后备类别 人才类别 培养类别 入库种类 干部类别 库别 所属库 入选类别 后备类型 "
                "人才库类别 纳入类别 所在库 干部类型"
            ),
        ),
        Column(
            "valid_from",
            "入库时间",
            cells.day,
            key=True,
            happened=True,
            stored="valid_from",
            also=words(
                "入库日期 纳入时间 入选时间 列入时间 进库时间 选入时间 入库年月日 纳入日期 入选日期 "
                "列入后备时间 进库日期 选拔入库时间 调整入库时间"
            ),
        ),
        Column(
            "valid_to",
            "出库时间",
            cells.day,
            stored="valid_to",
            also=words(
                "出库日期 退出时间 移出时间 调出时间 出库年月日 退出日期 移出日期 退库时间 调整出库时间 "
                "调整出库日期 出库退出时间"
            ),
        ),
        Column(
            "left_because",
            "出库原因",
            cells.choice(REASONS, REASONS),
            stored="left_because",
            privacy=Privacy.PERSONAL,
            also=words("退出原因 移出原因 出库情形 出库事由 调出原因 退库原因 出库去向 出库理由 调整出库原因 退出（出库）原因"),
        ),
    ),
    kept=lambda: ReserveEntry.objects.all(),
    take=take_reserve,
)

SECONDMENTS = Ledger(
    "secondments",
    "13",
    "挂职干部台账",
    also=words("挂职干部 挂职锻炼 挂职台账 挂职"),
    identified=True,
    columns=(
        NAME,
        RESIDENT_ID,
        replace(
            AT_UNIT,
            heading="派出单位",
            also=words("选派单位 原单位 原工作单位 派员单位 所在单位 工作单位 派出部门"),
        ),
        Column(
            "host",
            "挂职单位",
            cells.compact,
            stored="host_name",
            refers="unit",
            also=words(
                "挂职所在单位 接收单位 挂任单位 挂职地 挂职接收单位 挂职地点 锻炼单位 挂职部门 挂职去向 挂职地单位 "
                "挂职锻炼单位 挂职去向单位 拟挂职单位"
            ),
        ),
        Column(
            "title",
            "挂任职务",
            cells.text,
            stored="title",
            also=words("挂职职务 挂职岗位 挂任岗位 挂职任职 拟挂任职务 职务 担任职务 挂职期间职务 挂职担任职务"),
        ),
        Column(
            "valid_from",
            "挂职开始时间",
            cells.day,
            key=True,
            happened=True,
            stored="valid_from",
            also=words(
                "开始时间 挂职起始时间 挂职时间 起始时间 挂职开始日期 开始日期 选派时间 派出时间 到任时间 "
                "挂职起始日期 起始日期 挂职时间起 起 到岗挂职时间 挂职到岗时间 挂职报到时间"
            ),
        ),
        Column(
            "valid_to",
            "挂职结束时间",
            cells.day,
            stored="valid_to",
            also=words(
                "结束时间 挂职终止时间 终止时间 挂职结束日期 结束日期 期满时间 到期时间 挂职期满时间 "
                "挂职到期时间 截止时间 期满日期 挂职时间止 止 截止日期 挂职截止时间 挂职截止日期 挂职期满日期"
            ),
        ),
        Column(
            "briefed_on",
            "任前座谈时间",
            cells.day,
            happened=True,
            stored="briefed_on",
            also=words(
                "任前座谈 任前谈话时间 任前谈话 任前座谈日期 行前座谈时间 任前 任前谈话日期 任前座谈会时间 行前谈话时间"
            ),
        ),
        Column(
            "midway_on",
            "任中考察时间",
            cells.day,
            happened=True,
            stored="midway_on",
            also=words(
                "任中考察 中期考察时间 中期考察 任中考察日期 期中考察时间 任中考核时间 任中 中期考核日期 "
                "中期考察日期 任中考核日期"
            ),
        ),
        Column(
            "closing_on",
            "期满交流时间",
            cells.day,
            happened=True,
            stored="closing_on",
            also=words(
                "期满交流 期满座谈时间 期满座谈 期满交流日期 期满考核时间 期满谈话时间 期满 期满交流座谈时间 "
                "期满座谈日期 期满谈话日期"
            ),
        ),
    ),
    kept=lambda: Secondment.objects.all(),
    take=take_secondments,
)

MERITS = Ledger(
    "merits",
    "17",
    "干部实绩台账",
    also=words("干部实绩 实绩 实绩档案 干部表现"),
    identified=True,
    columns=(
        NAME,
        RESIDENT_ID,
        Column(
            "kind",
            "类别",
            cells.choice(MERIT_KINDS, MERIT_KINDS),
            key=True,
            stored="kind",
            known=frozenset(MERIT_KINDS),
            also=words("实绩类别 事项类别 类型 实绩类型 情形 记录类别 项目类别 事项类型 事项 种类 表现类别 记实类别 纪实类别"),
            privacy=Privacy.PERSONAL,
        ),
        Column(
            "recorded_on",
            "时间",
            cells.day,
            key=True,
            happened=True,
            stored="recorded_on",
            privacy=Privacy.PERSONAL,
            also=words(
                "日期 发生时间 取得时间 事项时间 实绩时间 认定时间 记录时间 发生日期 获得时间 作出时间 "
                "认定日期 事项发生时间 实绩发生时间"
            ),
        ),
        Column(
            "level",
            "级别",
            cells.compact,
            stored="level",
            known=frozenset(LEVELS),
            also=words("层级 等级 层次 授予级别 表彰级别 认定级别 事项级别 级次 实绩级别 认定层级 表彰层级"),
        ),
        Column(
            "content",
            "内容",
            cells.text,
            key=True,
            stored="content",
            privacy=Privacy.PERSONAL,
            guarded=lambda values: values["kind"] == DISCIPLINED,
            also=words(
                "事项内容 实绩内容 具体内容 主要内容 具体事项 事实 情况说明 主要事迹 具体情况 实绩事项 事迹 "
                "具体表现 实绩描述 事迹内容"
            ),
        ),
        Column(
            "provider",
            "提供单位",
            cells.compact,
            stored="provider",
            refers="",
            also=words("来源单位 信息来源 提供部门 报送单位 认定单位 来源 出具单位 采集单位 材料提供单位 提供部门（单位）"),
        ),
    ),
    kept=lambda: Merit.objects.all(),
    take=take_merits,
)
