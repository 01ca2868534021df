"""Which figure (指标) and facets (限定) each slot stands for: proposals with a reason, for a person to accept.

The words of reports are data in `lexicon/binding.yaml`; other names of a figure stand at the figure itself and are
tried after them. `other` is a real slot that no figure of the catalogue answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zugong.base.figures import AS_OF, FLOW, PLAN, Time
from zugong.reports import modifiers
from zugong.reports.finding import Slot, find_slots
from zugong.reports.grounds import OTHER, Bound, figure_names, listed, match, period_words, same_kind, tells
from zugong.reports.lookalikes import ends_counted, is_kind
from zugong.reports.phrases import SLOT, Phrase, phrases
from zugong.reports.quantities import raised
from zugong.reports.texts import Text, parse
from zugong.statistics.catalogue import FIGURES

AUDIENCE = "audience"
CLASSES, TRAINEES, HOURS = "training.classes", "training.trainees", "training.hours"
HELD, JOINT, ATTENDANCE = "meetings.held", "meetings.joint_study", "meetings.attendance"
LISTED = ("people.members_developed", "talents.introduced")
ACTIVITIES = (CLASSES, TRAINEES, HELD, JOINT, ATTENDANCE)
MEMBERS_DEVELOPED, CADRES, COMMENDED = "people.members_developed", "cadres.total", "cadres.commended"
VISITS, VISITED, APPOINTED = "visits.made", "visits.organizations", "cadres.appointed"
REMEMBERED = 8  # how many slots back a phrase may speak of

STATED_THINGS = re.compile(r"问题|意见|建议|诉求|任务|要点|事项|清单|重点工作|督办件|隐患|不足|短板")
MODIFIES = re.compile(
    r"女|男|学历|学位|文化|高中|初中|硕士|博士|研究生|本科|大专|岁|[0-9][05][”]?后|预备|正式|流动|少数民族|党外"
    r"|^在[岗编职]|硕博|来自|专业|背景|职称|职级|民族|群众|级以?上?|采用|占|获|奖|入选|^(?:[较比][^，]{1,4})?(?:新增|增设|新设|新建|新成立|新组建|撤并|撤销|合并|整合)$|[^，]{0,2}年：?$"
)
PART_NOUN = re.compile(r"[\u4e00-\u9fff]{2,7}")  # 产业工人▮名 after 35岁以下▮名: one part more
BY_KEY = re.compile(r"完成|指标|任务|计划|达到|新增|开展|举办|召开|累计|合计|派出|选派|组织|现有|共有|列入|实际|[”」]$")
ONE_SEX = re.compile(r"[女男]性?党员")
AVERAGE = re.compile(r"(?:的)?平均(?:年龄|学历|分|得分)?.*$")
OBJECT = re.compile(r"干部|人员|书记|成员|委员|队员|职|岗位|主任|行长|院长|庭长|经理|法官|检察官|教师")
PRIZED = re.compile(r"(?:获|被|入选|得到|在)")


@dataclass(frozen=True)
class Proposal:
    """What a slot stands for: a figure and facets in the report's own words, the kind of period, and why.

    `prior` marks a number of an earlier period quoted for comparison. `supported` is False where the figure cannot
    be seen the way the sentence asks (newly founded branches: a flow of a stock): such a slot needs a decision.
    """

    slot: Slot
    figure: str
    facets: dict[str, str]
    period: Time
    prior: bool
    reason: str
    supported: bool = True


def propose(text: str | Text, slots: list[Slot] | None = None) -> list[Proposal]:
    """A proposal for each slot of the text, in its order."""
    structure = text if isinstance(text, Text) else parse(text)
    decided: list[Bound] = []
    for phrase in phrases(structure, find_slots(structure) if slots is None else slots):
        one = Bound(phrase, decided[-REMEMBERED:])
        any(way(one) for way in WAYS)
        _place_in_whole(one)
        one.facets = _facets(one)
        decided.append(one)
    return [_proposal(one) for one in decided]


def _proposal(one: Bound) -> Proposal:
    period = _period(one)
    figure = FIGURES.get(one.figure)
    supported = figure is None or period in figure.rows_by_time
    return Proposal(one.phrase.slot, one.figure, one.facets, period, _is_prior(one), _reason(one), supported)


# --- the ways to a figure, the surest first; the first that answers decides


def _own_deed(one: Bound) -> bool:
    return _by_words(one, "deeds", one.phrase.own)


def _as_part(one: Bound) -> bool:
    """其中… goes on with the figure of its whole."""
    whole = _whole(one) if one.phrase.part else None
    return whole is not None and same_kind(one.unit, whole.unit) and _inherit(one, whole)


def _carried(one: Bound) -> bool:
    """In a list the verb goes on: 表彰优秀党员20名、先进支部5个."""
    last = one.previous
    if last is None or not one.phrase.chained or not last.deed or last.figure not in listed("carried"):
        return False
    if not one.phrase.before or not (same_kind(one.unit, last.unit) or last.figure == COMMENDED):
        return False
    if last.figure == MEMBERS_DEVELOPED and re.search("积极分子|对象|申请", one.phrase.own):
        return False
    one.deed = True
    _inherit(one, last, as_part=False)
    if one.figure in (VISITS, VISITED):
        one.figure = VISITED if is_kind(one.unit, "things") and one.unit != "户" else VISITS
    return True


def _own_state(one: Bound) -> bool:
    """已办结*条 after 意见建议*条: a state of what was counted before."""
    kept = [b for b in reversed(one.before[-5:]) if b.figure in listed("stateful") and same_kind(one.unit, b.unit)]
    last = next((b for b in kept if b.unit == one.unit), next(iter(kept), None))
    said = f"{one.phrase.before}{SLOT}{one.phrase.after[:8]}"
    if last is None or not one.phrase.nearby or not modifiers.states().search(said):
        return False
    noun = match(one, "nouns", one.phrase.own)
    if noun and (STATED_THINGS.search(said) or noun[0].figure not in listed("stateful")):
        return False
    return _inherit(one, last, as_part=False)


def _own_noun(one: Bound) -> bool:
    """The noun decides; after the same figure a mere modifier (女干部 after 科级干部) is a part of it."""
    if modifiers.is_modifier(one.phrase.before) and _as_sibling(one):
        return True
    if not _by_words(one, "nouns", one.phrase.own):
        return False
    whole = _whole(one)
    if ONE_SEX.fullmatch(one.phrase.before) and any(b.figure == MEMBERS_DEVELOPED for b in one.in_sentence):
        return _inherit(one, next(b for b in reversed(one.in_sentence) if b.figure == MEMBERS_DEVELOPED))
    if whole and whole.figure == one.figure == CADRES and whole.phrase.sentence == one.phrase.sentence:
        one.parent = whole if modifiers.only_modifies(one.phrase.before) else None
    return True


def _own_name(one: Bound) -> bool:
    """“机关早课”，全年开讲▮讲: the verb alone says nothing, the name before it does."""
    if not is_kind(one.unit, "times") or not modifiers.is_bare_verb(one.phrase.before):
        return False
    named = re.search(r"“[^”]+”[^“”]*$", one.phrase.piece)
    if named is None:
        return modifiers.is_class(one.phrase.key) and _by_words(one, "nouns", f"{one.phrase.key}{SLOT}")
    return _by_words(one, "nouns", f"{named[0].rstrip('，')}{SLOT}".replace("，", ""))


def _bare_people(one: Bound) -> bool:
    """3期，N人次: people told without a word are those the deed before was done to, or those who came."""
    last = one.previous
    bare = not one.phrase.before.strip("共计合累约近达") and not one.phrase.after[:1].strip("、）")
    if last is None or not bare or not is_kind(one.unit, "persons") or is_kind(last.unit, "persons"):
        return False
    return _by_words(one, "deeds", f"{last.phrase.before}{SLOT}") or _to_audience(one, "")


def _who_came(one: Bound) -> bool:
    """组织生活会12次，▮人次党员亮身份: 人次 that open a clause are those who came to what was just counted."""
    last = one.previous
    if last is None or one.phrase.before or one.unit.lstrip("万") != "人次" or is_kind(last.unit, "persons"):
        return False
    return last in one.in_sentence and last.figure in ACTIVITIES and _to_audience(one, "")


def _opens_list(one: Bound) -> bool:
    """▮个社区党委、*个企业支部届满换届: what happened is said behind the last of the list."""
    return bool(one.phrase.tail) and _by_words(one, "deeds", f"{SLOT}{one.phrase.tail}")


def _as_sibling(one: Bound) -> bool:
    """女性49人, 大专以上417名, 获奖3篇: only a modifier; it is said of the figure before."""
    told = (b for b in reversed(one.in_sentence) if b.figure != OTHER and same_kind(one.unit, b.unit))
    last = next(told, None)
    unsaid = not one.phrase.before and (one.previous is None or same_kind(one.unit, one.previous.unit))
    listed_before = last is not None and last is one.previous and (last.partial or last.figure in LISTED)
    one_more = listed_before and PART_NOUN.fullmatch(one.phrase.before)
    unsaid = unsaid and (one.phrase.chained or bool(PRIZED.match(one.phrase.after)))
    if not (MODIFIES.search(one.phrase.before) or one_more or unsaid):
        return False
    one.partial = True
    if last is None:
        return _of_those_averaged(one)
    whole = _whole(one)
    if whole is None or whole.phrase.sentence != one.phrase.sentence:
        whole = last.parent if last.partial and last.parent else last
    return _inherit(one, whole)


def _of_those_averaged(one: Bound) -> bool:
    """中层干部平均年龄43.2岁，40岁以下▮名: said of those whose average was told, though they were not counted."""
    averaged = next((b for b in reversed(one.in_sentence) if AVERAGE.search(b.phrase.before)), None)
    return averaged is not None and _by_words(one, "nouns", f"{AVERAGE.sub('', averaged.phrase.before)}{SLOT}")


def _by_key(one: Bound) -> bool:
    """The key of the line: 党课：十八堂."""
    if not one.phrase.key or not (len(one.phrase.before) <= 4 or BY_KEY.search(one.phrase.before)):
        return False
    return _by_deed_or_noun(one, f"{one.phrase.key}{'：' if one.phrase.before else ''}{one.phrase.own}")


def _by_lead(one: Bound) -> bool:
    """The verb its list began with: 调整▮个班子、▮名干部."""
    if not one.phrase.chained or one.phrase.part or not one.phrase.lead:
        return False
    return _by_words(one, "deeds", f"{one.phrase.lead}{one.phrase.own}")


def _by_piece(one: Bound) -> bool:
    """What stands between the slot before and this one: 围绕…开展主题党日，共12次."""
    if len(one.phrase.piece) <= len(one.phrase.before):
        return False
    clauses = re.split("[，；]", one.phrase.piece)
    return _by_deed_or_noun(one, f"{clauses[-2] if len(clauses) > 1 else clauses[0]}{one.phrase.own}")


def _by_names(one: Bound) -> bool:
    """The names the figures themselves go by, longest first."""
    after = "" if one.phrase.before else one.phrase.after
    for said in (one.phrase.before, one.phrase.key, one.phrase.piece, after):
        for name, id in figure_names():
            if tells(id, one.unit) and name in (said if said is not after else said[: len(name) + 4]):
                one.figure, one.said, one.context = id, name, f"{said}{SLOT}"
                return True
    return False


def _as_activity(one: Bound) -> bool:
    """进企业、进校园普法▮场: what is counted 场, or ends in the name of an activity, was held."""
    before = one.phrase.before
    if one.unit not in ("场", "场次") and not (is_kind(one.unit, "times") and ends_counted(before, "场")):
        return False
    one.figure, one.said, one.context = HELD, modifiers.noun_phrase(before) or one.unit, one.phrase.own
    return True


def _as_before(one: Bound) -> bool:
    """Nothing else is said: the figure before goes on within its list."""
    last = one.previous
    if last is None or last.figure == OTHER or one.unit != last.unit or not one.phrase.chained:
        return False
    return _inherit(one, last)


WAYS = (
    _own_deed,
    _as_part,
    _carried,
    _opens_list,
    _own_state,
    _own_name,
    _own_noun,
    _bare_people,
    _who_came,
    _as_sibling,
    _by_key,
    _by_lead,
    _by_piece,
    _by_names,
    _as_before,
    _as_activity,
)


def _by_deed_or_noun(one: Bound, said: str) -> bool:
    return _by_words(one, "deeds", said) or _by_words(one, "nouns", said)


def _by_words(one: Bound, group: str, said: str) -> bool:
    found = match(one, group, said)
    if found is None:
        return False
    ground, words_said = found
    if ground.figure == AUDIENCE:
        return _to_audience(one, words_said)
    one.figure, one.said, one.context, one.deed = ground.figure, words_said.strip("…") or ground.name, said, group == "deeds"
    return True


def _to_audience(one: Bound, said: str) -> bool:
    """Those who came to what was last counted in the sentence."""
    shown = next((b for b in reversed(one.in_sentence) if b.figure in ACTIVITIES), None)
    if shown is None and not said:
        return False
    taught = re.search("参训|培训|听课|学员", one.phrase.own) or (shown and shown.figure in (CLASSES, TRAINEES))
    one.figure = TRAINEES if taught else ATTENDANCE
    one.said, one.context, one.deed, one.parent = said or one.unit, one.phrase.own, True, shown
    return True


def _whole(one: Bound) -> Bound | None:
    """The slot this one is a part of: the last that is no part itself; in a bracket that right before it."""
    if one.phrase.bracketed and one.previous and not same_kind(one.unit, one.previous.unit):
        return None
    for before in reversed(one.before):
        if not before.phrase.part and not before.partial and before.figure != OTHER:
            return before if same_kind(one.unit, before.unit) else None
        if not before.phrase.nearby:
            break
    return None


def _inherit(one: Bound, whole: Bound, as_part: bool = True) -> bool:
    one.figure, one.said, one.context = whole.figure, "", whole.context
    one.parent = whole if as_part else None
    return True


def _place_in_whole(one: Bound) -> None:
    """其中新提任24名 after 选任处级干部63名: its own verb says the same figure, so it is a part of that whole."""
    whole = _whole(one) if one.phrase.part and one.parent is None else None
    if whole is not None and whole.figure == one.figure:
        one.parent = whole


# --- facets, period, reason


def _facets(one: Bound) -> dict[str, str]:
    """The facets the phrase names; a part takes those of its whole it does not name itself."""
    if one.figure == OTHER:
        return {}
    if one.figure in (TRAINEES, HOURS, ATTENDANCE):
        return _kind_of_audience(one)
    named = modifiers.facets(one.figure, one.phrase, one.context)
    if one.figure == APPOINTED and "rank" not in named and not OBJECT.search(one.phrase.own):
        named |= _rank_before(one)
    if one.parent is None or not one.goes_on:
        return named
    inherited = one.parent.facets.items()
    return {k: v for k, v in inherited if not (one.parent.partial and k in modifiers.FINDERS)} | named


def _rank_before(one: Bound) -> dict[str, str]:
    """提拔县处级干部▮名，轮岗▮名: where the object is left out, it is the one of the verb before."""
    last = next((b for b in reversed(one.in_sentence) if b.figure == APPOINTED), None)
    return {"rank": last.facets["rank"]} if last and "rank" in last.facets else {}


def _kind_of_audience(one: Bound) -> dict[str, str]:
    """The class they name themselves, else the one class or activity just before; a total after several has none."""
    if one.figure != ATTENDANCE and (kind := modifiers.own_class(one.phrase)):
        return {"kind": kind}
    last = one.previous
    told = [b for b in one.in_sentence if b.figure in (CLASSES, HELD, JOINT)]
    if last is None or last not in told:
        kind = "" if told else modifiers.named_before(one.phrase, classes=one.figure != ATTENDANCE)
        return {"kind": kind} if kind else {}
    summed = re.search(r"累计|合计|共|总|人均", one.phrase.before)
    if len(told) > 1 and (summed or (last.phrase.chained and last.previous in told)):
        return {}
    kind = "联学共建" if last.figure == JOINT else last.facets.get("kind", "")
    return {"kind": kind} if kind else {}


def _period(one: Bound) -> Time:
    """plan, as of or flow, as the sentence says; else the figure's own way."""
    figure = FIGURES.get(one.figure)
    if one.planned:
        return PLAN
    newly = period_words("newly").search(f"{one.phrase.before}{SLOT}{one.phrase.after}")
    if one.parent is not None and one.goes_on and not newly:
        return _period(one.parent)
    if figure is None:
        return FLOW
    if figure.time == AS_OF:
        return FLOW if newly else AS_OF
    return AS_OF if AS_OF in figure.rows_by_time and period_words("as_of").search(one.phrase.piece) else figure.time


def _is_prior(one: Bound) -> bool:
    """去年同期为38名; the first number of 由32个增加到38个."""
    if period_words("prior").search(one.phrase.piece[-16:]):
        return True
    came_from = re.search(r"[由从][^，。；]{0,12}$", one.phrase.piece)
    return bool(came_from) and bool(re.match(r".{0,6}(?:增|减|提|升|降|上升|下降|扩)", one.phrase.after))


def _reason(one: Bound) -> str:
    """Why, in one sentence for the reader."""
    slot = one.phrase.slot
    measure = f"量词“{slot.unit}”" if slot.unit else "省略了量词"
    said = raised(one.said.strip("“”，、 "))
    if one.figure == OTHER:
        return f"“{said or _shown(one.phrase)}”不在指标目录里（{measure}）。"
    name = FIGURES[one.figure].name
    if one.parent is not None and one.goes_on:
        return f"承接前文“{_shown(one.parent.phrase)}”，仍是“{name}”，{measure}相符。"
    if not said:
        return f"接着前一处说，仍是“{name}”，{measure}相符。"
    return f"“{said}”说的是“{name}”，{measure}相符。"


def _shown(phrase: Phrase) -> str:
    said = raised(phrase.before or phrase.key or phrase.after)
    return f"{said[-16:]}{phrase.slot.text or '（缺）'}{phrase.slot.unit}"


__all__ = ["AUDIENCE", "OTHER", "Proposal", "propose"]
