"""Ledger 02, 党员花名册; and the columns every ledger of people shares."""

from __future__ import annotations

from dataclasses import replace

from zugong.base import cells
from zugong.base.access import Privacy
from zugong.base.ledgers import Column, Ledger
from zugong.base.wording import words
from zugong.people.actions import take_members
from zugong.people.models import Membership

SEXES = frozenset({"男", "女"})
SEX_WORDS = {"男": words("男性 1 M"), "女": words("女性 2 F")}
ETHNICITIES = frozenset(
    words(
        "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 "
        "畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 "
        "阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 "
        "门巴 珞巴 基诺"
    )
)
EDUCATIONS = ("研究生", "大学", "大专", "中专", "高中", "初中", "小学")
EDUCATION_WORDS = {
    "研究生": ("研究生学历", "研究生教育"),
    "大学": words("本科 大学本科 大学学历 大学普通班"),
    "大专": words("专科 大学专科 大专学历"),
    "中专": words("中等专科 中职 技校 中技"),
    "高中": ("普通高中", "职高"),
    "初中": ("普通初中",),
}
DEGREES = ("博士", "硕士", "学士")
DEGREE_WORDS = {"博士": ("博士学位", "博士研究生"), "硕士": ("硕士学位", "硕士研究生"), "学士": ("学士学位",)}
CATEGORIES = {"正式党员": ("正式",), "预备党员": ("预备",)}

NAME = Column(
    "name",
    "姓名",
    cells.name,
    fact="name",
    also=(
        "党员姓名",
        "干部姓名",
        "人员姓名",
        "学员姓名",
        "人才姓名",
        "名字",
        "姓  名",
        "参训人员姓名",
        "本人姓名",
        "引进人才姓名",
        "入住人姓名",
        "挂职干部姓名",
        "挂职人员",
        "入住人",
        "入住人员",
        "学员",
        "人才名称",
        "干部",
        "引进人才",
        "后备干部姓名",
        "年轻干部",
        "挂职干部",
        "挂职人员姓名",
        "参训人员",
        "参训人",
        "参训学员姓名",
        "承租人",
        "承租人姓名",
        "租住人",
        "住户姓名",
        "入住人才姓名",
    ),
)
RESIDENT_ID = Column(
    "resident_id",
    "公民身份号码",
    cells.resident_id,
    key=True,
    required=True,
    privacy=Privacy.RESTRICTED,
    also=words(
        "身份证号 身份证号码 居民身份证号 居民身份证号码 公民身份证号 公民身份证号码 证件号码 证件号 "
        "身份号码 身份证 公民身份号 身份证件号码 居民身份号码 身份证件号 有效证件号码 居民身份证 "
        "身份证编号 公民身份证 身份证件"
    ),
    hint="没有证件号码就认不出是谁。请补上 18 位公民身份号码。",
)
SEX = Column("sex", "性别", cells.choice(SEXES, SEX_WORDS), fact="sex", known=SEXES, privacy=Privacy.PERSONAL)


def _ethnicity(cell: object) -> str | None:
    """民族 with its 族: 汉 and 汉族 are the same."""
    found = cells.compact(cell)
    return f"{found}族" if found in ETHNICITIES else found


ETHNICITY = Column(
    "ethnicity",
    "民族",
    _ethnicity,
    fact="ethnicity",
    known=frozenset(f"{e}族" for e in ETHNICITIES),
    also=words("民族成份 民族成分 族别"),
    privacy=Privacy.PERSONAL,
)
BIRTH = Column(
    "birth_date",
    "出生日期",
    cells.day_or_month,
    fact="birth_date",
    happened=True,
    privacy=Privacy.PERSONAL,
    also=words("出生年月 出生年月日 出生时间 生日 出生 出生年月（岁） 出生年月日期"),
)
EDUCATION = Column(
    "education",
    "学历",
    cells.choice(EDUCATIONS, EDUCATION_WORDS),
    fact="education",
    stored="education",
    known=frozenset(EDUCATIONS),
    also=words("文化程度 学历层次 最高学历 学历情况 全日制学历 受教育程度 文化水平 最高学历层次 学历水平 教育程度 现有学历"),
)
DEGREE = Column(
    "degree",
    "学位",
    cells.choice(DEGREES, DEGREE_WORDS),
    fact="degree",
    stored="degree",
    also=words("最高学位 学位情况 学位层次 全日制学位 学位名称 所获学位"),
)
AT_UNIT = Column(
    "unit",
    "工作单位",
    cells.compact,
    stored="unit_name",
    refers="unit",
    also=words(
        "选派单位 派出单位 参训单位 推荐单位 报名单位 单位 所在单位 单位名称 现工作单位 工作单位名称 所在单位名称 "
        "任职单位 用人单位 工作部门 所属单位 现单位 单位（部门） 工作单位全称 就职单位 供职单位 时任单位 学员单位"
    ),
)

MEMBERS = Ledger(
    "members",
    "02",
    "党员花名册",
    also=words("党员名册 党员信息 党员基本信息 党员名单"),
    identified=True,
    columns=(
        NAME,
        SEX,
        ETHNICITY,
        RESIDENT_ID,
        BIRTH,
        EDUCATION,
        DEGREE,
        Column(
            "joined_on",
            "入党时间",
            cells.day,
            happened=True,
            stored="joined_on",
            privacy=Privacy.PERSONAL,
            also=words(
                "入党日期 加入党组织日期 加入中共组织的时间 加入党组织时间 入党年月 加入中国共产党时间 "
                "加入党组织的时间 入党年月日 加入中国共产党日期 接收预备党员时间 加入时间 接收为预备党员时间 "
                "何时入党 入党的时间"
            ),
            unlike=words(
                "申请入党时间 提交入党申请书时间 递交入党申请书时间 确定为入党积极分子时间 列为发展对象时间 组织关系转入时间"
            ),
        ),
        Column(
            "full_on",
            "转正时间",
            cells.day,
            stored="full_on",
            privacy=Privacy.PERSONAL,
            also=words(
                "转正日期 转为正式党员日期 转为正式党员时间 成为正式党员时间 转正年月 成为正式党员日期 "
                "预备期满转正时间 转正年月日 转为正式党员的时间 预备党员转正时间 何时转正"
            ),
        ),
        Column(
            "category",
            "党员类别",
            cells.choice(CATEGORIES, CATEGORIES),
            stored="category",
            known=frozenset(CATEGORIES),
            also=words(
                "正式党员/预备党员 人员类别 党籍状态 党员类型 党员身份 类别 正式/预备 党员性质 党籍状态（正式党员或预备党员） "
                "正式或预备 政治面貌 党员种类 党员身份类别 正式或预备党员 党员状态"
            ),
        ),
        Column(
            "organization",
            "所在党支部",
            cells.compact,
            required=True,
            refers="organization",
            stored="organization__name",
            also=words(
                "支部 党组织（支部） 所在党组织 党支部 所属党支部 所在支部 党支部名称 党组织名称 支部名称 所属党组织 "
                "组织关系所在党支部 党组织 组织关系所在党组织 组织关系所在支部 所在党支部名称 所在基层党组织 "
                "所属支部 所属党组织名称 所在支部全称 党支部全称 所在党支部（全称） 所在组织"
            ),
            unlike=words("入党时所在党支部 转正时所在党支部 转入党支部 转出党支部 原党支部 原所在党支部"),
        ),
        Column(
            "party_post",
            "党内职务",
            cells.compact,
            stored="party_post",
            also=words(
                "党内职务名称 支部职务 党组织职务 党务职务 担任党内职务 党内任职 党内职务情况 职务 "
                "现任党内职务 支委职务 党内现任职务"
            ),
            unlike=words("行政职务 工作职务 现任职务 单位职务 专业技术职务 技术职务 工作单位及职务"),
        ),
        Column(
            "phone",
            "手机号",
            cells.code,
            fact="phone",
            privacy=Privacy.RESTRICTED,
            also=words(
                "手机号码 联系电话 电话 手机 联系方式 移动电话 电话号码 联系手机 本人电话 本人手机号 "
                "联系手机号码 手机号码（本人）"
            ),
        ),
    ),
    kept=lambda: Membership.objects.filter(valid_to__isnull=True),
    take=take_members,
)


def stored_at(column: Column, path: str) -> Column:
    """The same column, kept elsewhere on the ledger's record."""
    return replace(column, stored=path)
