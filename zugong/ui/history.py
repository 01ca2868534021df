"""What happened to a record, from the trail: who changed what, when, from what to what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q

from zugong.base.access import Privacy
from zugong.base.accounts import names_of
from zugong.base.models import TrailEntry, TrailTouch, User
from zugong.base.records import Record
from zugong.ui.shown import words

MOST = 30
CHANGED = "改动"  # what no name fits
COUNTS = (("rows", "共", "行"), ("new", "新增", "行"), ("changed", "变更", "行"))
LISTS = (("files", "个文件"), ("fields", "项敏感信息"), ("cells", "个格子"), ("values", "个数"))
VERBS = (
    ("desk:backed_up", "备份"),
    ("desk:restored", "从备份恢复"),
    ("desk:set_job_time", "设作业时间"),
    ("base:settle", "修改设置"),
    ("base:sign_out", "退出登录"),
    ("base:fail_login", "登录失败"),
    ("base:lock_login", "登录锁定"),
    ("base:unlock", "解锁账号"),
    ("base:set_up_factor", "设验证器"),
    ("base:answer_factor", "通过验证码"),
    ("base:use_recovery_code", "用恢复码登录"),
    ("base:fail_factor", "验证码不对"),
    ("base:renew_recovery_codes", "重新生成恢复码"),
    ("base:stop_factor", "停用验证器"),
    ("base:withdraw_factor", "取消他人的验证器"),
    ("base:renew_administrators_factor", "在服务器上取消管理员的验证器"),
    ("base:end_session", "结束一次登录"),
    ("base:end_other_sessions", "结束别处的登录"),
    ("tie_provider", "设统一认证编号"),
    ("base:refuse_provider", "统一认证没有对应的账号"),
    ("begin_demo", "建立演示"),
    ("read_own", "本人查看敏感信息"),
    ("take_copy", "本人要走一份副本"),
    ("link_account", "对应本人账号"),
    ("unlink_account", "解除本人账号"),
    ("accept_problem", "列为问题"),
    ("decline_problem", "不列为问题"),
    ("close_problem", "问题解决"),
    ("change_procedure", "改程序"),
    ("open_cases", "开启程序"),
    ("do_step", "办一步"),
    ("send_back", "退回"),
    ("pause_case", "中止计时"),
    ("resume_case", "恢复计时"),
    ("withdraw_case", "撤回程序"),
    ("close_case", "办结"),
    ("ask_correction", "本人申请更正"),
    ("withdraw_correction", "本人撤回更正申请"),
    ("read_correction", "查看更正申请"),
    ("refuse_correction", "不予更正"),
    ("correct", "更正"),
    ("enter_days", "登记工作日历"),
    ("restrict", "限制使用"),
    ("lift_restriction", "解除限制"),
    ("ask_who_sees", "查谁能看到"),
    ("ask_erasing", "提出清除"),
    ("erase_person", "清除个人信息"),
    ("decline_erasing", "不同意清除"),
    ("not_allowed", "越权被拒"),
    ("turned_away", "打不开被拒"),
    ("anchor_after_restore", "恢复备份后重新锚定"),
    ("tasks:move_deadline", "改时限"),
    ("tasks:arrange", "分工和节点"),
    ("tasks:reach", "节点完成"),
    ("tasks:tell", "记进展"),
    ("tasks:add_evidence", "挂佐证"),
    ("tasks:begin_plan", "登记"),
    ("add_paper", "收入制度汇编"),
    ("add_version", "制度加新版"),
    ("end_paper", "废止制度"),
    ("hand_over", "取走制度文件"),
    ("draft_line", "拟定标准"),
    ("put_in_force", "标准生效"),
    ("withdraw_line", "撤回标准"),
    ("end_line", "标准定失效日"),
    ("regulations:check", "核对条款"),
    ("withdraw_check", "撤回核对"),
    ("open_feed", "生成日历订阅地址"),
    ("end_feed", "停用日历订阅地址"),
    ("take_feed", "日历订阅取走"),
    ("excuse", "登记豁免或说明"),
    ("agree_excuse", "同意豁免"),
    ("end_excuse", "结束豁免"),
    ("tasks:set_reminding", "改提醒设置"),
    ("tasks:keep_digests", "每日提醒"),
    ("tasks:note_mailed", "发提醒邮件"),
    ("tasks:open_digest", "看过提醒"),
    ("tasks:send_follow_up", "督办"),
    ("tasks:decide_follow_up", "定超额的督办"),
    ("tasks:answer_follow_up", "答复督办"),
    ("tasks:close_follow_up", "督办办结"),
    ("tasks:seat_speakers", "定主讲次序"),
    ("tasks:note_speech", "记主讲"),
    ("edit", "修改"),
    ("remove", "删除"),
    ("restore", "恢复删除的"),
    ("keep_view", "保存视图"),
    ("rename_view", "视图改名"),
    ("drop_view", "删除视图"),
    ("record_export", "导出"),
    ("ask_export", "申请导出"),
    ("agree_export", "同意导出"),
    ("refuse_export", "不同意导出"),
    ("record_reading", "查看敏感信息"),
    ("record_lookup", "按证件号码查人"),
    ("note_reading", "查看敏感信息"),
    ("record", "登记"),
    ("assign", "登记"),
    ("begin", "登记"),
    ("rotate_begin", "开始更换密钥"),
    ("rotate_end", "换完密钥"),
    ("retire_key", "销毁旧密钥"),
    ("create_account", "开通账号"),
    ("create", "新建"),
    ("sign_in", "登录"),
    ("change_own_password", "修改密码"),
    ("reset_password", "重设密码"),
    ("give_grant", "授权"),
    ("change_grant", "改授权"),
    ("decide_grant", "第二人定授权"),
    ("switch_on", "启用授权"),
    ("switch_off", "关闭启用的授权"),
    ("open_administrators", "开通三名管理员"),
    ("reset_security_administrator", "重设密码"),
    ("end_grant", "结束授权"),
    ("set_active", "启用或停用账号"),
    ("settle", "处理"),
    ("move", "调整隶属关系"),
    ("place", "确定隶属关系"),
    ("stage", "读入台账"),
    ("commit", "写入台账"),
    ("take", "导入"),
    ("undo", "撤销导入"),
    ("adopt", "采用文本"),
    ("bind", "确认数据位"),
    ("reports:back", "定一句话的依据"),
    ("draft", "起草报告"),
    ("replace_number", "手填数字"),
    ("withdraw_number", "撤回手填数字"),
    ("produced", "出具文件"),
    ("open_demo_account", "开通演示账号"),
    ("open_local_account", "开通本机账号"),
    ("freeze", "固定指标"),
    ("submit", "报送"),
    ("limited", "太频繁被挡住"),
)

DENIED = ("not_allowed", "turned_away", "limited", "fail_", "lock_", "refuse_provider")  # somebody was refused


@dataclass(frozen=True)
class Change:
    """One field: what it was and what it became; `sealed` where the values are not shown."""

    title: str
    old: str
    new: str
    sealed: bool


@dataclass(frozen=True)
class Event:
    """One entry of the trail as a reader sees it."""

    at: datetime
    who: str
    what: str
    effective_on: date | None
    changes: tuple[Change, ...]
    note: str


def history(record: Record, user: User, touched_by: tuple[str, ...] = ()) -> list[Event]:
    """The latest entries about a record, newest first.

    An entry names the first record it changed; those that `touched_by` actions changed besides are looked for inside.
    """
    touching = TrailTouch.objects.filter(key=record.key).values("number")
    told = Q(subject=record.key) | Q(verb__in=(*touched_by, "base:record_export"), number__in=touching)
    entries = list(TrailEntry.objects.filter(told).order_by("-number")[:MOST])
    names = names_of(e.account for e in entries)
    return [_event(entry, record, user, names) for entry in entries]


def _event(entry: TrailEntry, record: Record, user: User, names: Mapping[str, str]) -> Event:
    values = json.loads(entry.values)
    changes = values.get("changes", {}).get(record.key, {})
    return Event(
        entry.at,
        names.get(entry.account, entry.account),
        verb_words(entry.verb),
        entry.effective_on,
        tuple(_change(record, name, pair, user) for name, pair in changes.items()),
        values.get("purpose", ""),
    )


def verb_words(verb: str) -> str:
    """What an action is called on the page."""
    name = verb.partition(":")[2]
    return next((title for start, title in VERBS if name.startswith(start) or verb == start), CHANGED)


def subject_words(subject: str) -> str:
    """What an entry is about, by the record's Chinese name and number."""
    label, _, number = subject.partition(":")
    try:
        name = apps.get_model(label)._meta.verbose_name
    except (LookupError, ValueError):
        return subject
    return f"{name} {number}".strip()


def _change(record: Record, name: str, pair: list[Any], user: User) -> Change:
    try:
        title = str(record._meta.get_field(name).verbose_name)
        hidden = not record.shows(user, record.class_of(name)) or record.class_of(name) == Privacy.RESTRICTED
    except (FieldDoesNotExist, KeyError):
        title, hidden = name, True
    sealed = hidden or any(isinstance(value, dict) for value in pair)
    old, new = ("", "") if sealed else (_said(value) for value in pair)
    return Change(title, old, new, sealed)


def _said(value: Any) -> str:
    if isinstance(value, str | bool) or value is None:
        return words(value) or "空"
    return words(value, grouped=False)


def noted(entry: TrailEntry) -> str:
    """What an entry says of itself in the open: what for, under which conditions, how many. Sealed values stay sealed."""
    values = json.loads(entry.values)
    said = [f"第 {values['number']} 号"] if isinstance(values.get("number"), int) else []
    said += [f"用途：{values['purpose']}"] if values.get("purpose") else []
    said += [str(values[name]) for name in ("page", "why") if values.get(name)]
    said += [f"{title}：{values[name]}" for name, title in (("way", "方式"), ("address", "地址")) if values.get(name)]
    said += [f"同样的另有 {values['again']} 次"] if values.get("again") else []
    said += [f"{title}：{words}" for title, words in values.get("filters", {}).items() if words]
    said += [f"{title} {values[name]} {unit}" for name, title, unit in COUNTS if isinstance(values.get(name), int)]
    said += [f"{len(values[name])} {unit}" for name, unit in LISTS if values.get(name)]
    changed = sum(len(fields) for fields in values.get("changes", {}).values())
    return "；".join([*said, *([f"改动 {changed} 项"] if changed else [])])
