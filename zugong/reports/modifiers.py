"""The facets (限定) a phrase names, in the words of the report; resolving them against what is kept is `base.facets`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from zugong.reports.phrases import Phrase, words
from zugong.reports.quantities import load, pattern, raised
from zugong.statistics.catalogue import FIGURES

Facets = dict[str, str]
QUOTES = "“”「」『』《》‘’\"'"
LONGEST_KIND = 12
ANY_MEETING = "会议"  # names no kind: resolving it would pick whichever kind ends so
GENERAL_WAYS = ("招聘", "招录", "引进", "招考", "选聘")
FINDERS = ("sex", "education", "age_band", "level")


@cache
def lexicon() -> dict[str, str]:
    """The words of facets, as data."""
    return {name: str(source) for name, source in load("facets.yaml").items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return pattern(lexicon()[name])


def facets(figure: str, phrase: Phrase, context: str) -> Facets:
    """The facets of a figure that the phrase names; `context` is the wording that decided for the figure."""
    known = FIGURES[figure].facets if figure in FIGURES else {}
    found: Facets = {}
    for name in FINDERS:
        if name in known and (value := _first(name, _near(phrase))):
            found[name] = bare(value)
    for name in ("category", "rank", "way", "state", "kind", "topic", "reason"):
        finder = BY_FIGURE.get(f"{figure}.{name}") or BY_FACET.get(name)
        if name in known and finder and (value := finder(phrase, context)):
            found[name] = value
    if figure == "meetings.held":
        found |= _meeting(phrase, context)
    return found


def _near(phrase: Phrase) -> str:
    """The phrase before the slot, or the noun phrase behind it."""
    return f"{phrase.before}▮{re.split('[、（]', phrase.after)[0][:16]}"


def _first(name: str, said: str) -> str:
    found = _pattern(name).search(said)
    return next((g for g in found.groups() if g), found[0]) if found else ""


def bare(said: str) -> str:
    """Words as the report has them, without the quotation marks and joints at their ends."""
    words_only = raised(said).strip(" \u3000、，和及与的了：:▮")
    inside = words_only.strip(QUOTES)
    return words_only if set(QUOTES) & set(inside) else inside


def _said(phrase: Phrase, context: str) -> str:
    """The words before the slot, else those that decided."""
    return phrase.before or context.partition("▮")[0] or phrase.key


def noun_phrase(said: str, least: int = 2) -> str:
    """What is counted, without the verb that leads to it: 先后举办招商专题培训 → 招商专题培训."""
    rest = _pattern("trailing").sub("", said)
    cuts = [m.end() for m in _pattern("led_by").finditer(rest) if len(rest) - m.end() >= least]
    rest = rest[cuts[-1] :] if cuts else rest
    while (found := _pattern("led_by_adverb").match(rest)) and len(rest) - found.end() >= least:
        rest = rest[found.end() :]
    return bare(rest)


def _category(phrase: Phrase, context: str) -> str:
    return _first("category", _near(phrase))


def _rank(phrase: Phrase, context: str) -> str:
    """The rank, or the noun phrase that says which cadres: 县管干部, 社区“两委”成员."""
    near = _near(phrase)
    modifies = only_modifies(phrase.before) or is_modifier(phrase.before)
    ranked = _first("rank", near) or (_first("rank", context) if modifies else "")
    if ranked:
        return ranked
    said = noun_phrase(_said(phrase, context))
    return "" if modifies or _pattern("plain_cadres").fullmatch(said) or only_modifies(said) else said


def only_modifies(said: str) -> bool:
    """Whether words name no more than sex, age, education or party: 女干部, 党外干部."""
    return bool(_pattern("only_modifier").search(said))


def is_modifier(said: str) -> bool:
    """Whether words are no more than such a modifier: 博士, 45岁以下的, 具有高级职称的."""
    return bool(_pattern("modifier").fullmatch(said))


def is_bare_verb(said: str) -> bool:
    """Whether words say no more than that something was held: 全年开讲."""
    return bool(_pattern("bare_verb").fullmatch(said) or _pattern("amount_words").fullmatch(said))


def _rank_appointed(phrase: Phrase, context: str) -> str:
    ranked = _first("rank_appointed", _near(phrase)) or _first("rank_appointed", context)
    return ranked or bare(_first("appointee", f"{phrase.before}▮"))


def _way(phrase: Phrase, context: str) -> str:
    """The way in the phrase, else the channel its sentence began with: 校园招聘启动，推出岗位▮个，计划招收▮名."""
    if near := _first("way", f"{phrase.before}▮{phrase.after}") or _first("way", context):
        channel = _channel(phrase) if near in GENERAL_WAYS else ""
        return channel if channel else near
    return _channel(phrase)


def _channel(phrase: Phrase) -> str:
    told = phrase.sentence.partition(phrase.before)[0] if phrase.before else ""
    found = [m[0] for m in _pattern("channel_of_hiring").finditer(f"{phrase.key}，{told}")]
    return found[-1] if len(set(found)) == 1 else ""  # several channels: the count is of them all


def _state(phrase: Phrase, context: str) -> str:
    """The state word before the slot, else the first behind it (▮项已完成), else the one of the key.

    Before a noun it is the first (查找整改不实等问题▮条), else the last, with the one it goes on from (汇总整理▮条).
    """
    said_states = states()
    if before := list(said_states.finditer(phrase.before)):
        if len(before) > 1 and _pattern("noun_of_states").search(phrase.before):
            before = before[:2] if before[1].start() - before[0].end() <= 1 else before[:1]
        between = phrase.before[before[-2].end() : before[-1].start()] if len(before) > 1 else "…"
        first = before[-2] if re.fullmatch(r"[\u4e00-\u9fff]{0,2}", between) else before[-1]
        return phrase.before[first.start() : before[-1].end()]
    behind = re.match(r"[^、，。；]{0,16}", phrase.after)
    found = said_states.search(behind[0]) if behind else None
    if found:
        return found[0]
    named = [m[0] for told in (context.partition("▮")[0], phrase.lead) for m in said_states.finditer(told)]
    return named[0] if named else ""


@cache
def states() -> re.Pattern[str]:
    """The words that say how far a thing has come: 办结, 整改, 完成."""
    return pattern(words()["states"])


def _state_of_service(phrase: Phrase, context: str) -> str:
    found = _pattern("service_state").findall(_said(phrase, context))
    return found[-1] if found else ""


def _kind_of_organization(phrase: Phrase, context: str) -> str:
    before = _pattern("trailing").sub("", phrase.before)
    found = [m for m in _pattern("organization").finditer(before) if m.end() == len(before)]
    found = found or list(_pattern("organization").finditer(phrase.after.split("、")[0][:16]))[:1]
    for said in (phrase.before, phrase.key):
        found = found or list(_pattern("organization").finditer(said))
    if not found:
        return ""
    kind = bare(noun_phrase(found[-1][0]))
    return "" if _pattern("any_organization").fullmatch(kind) else kind


def _kind_of_class(phrase: Phrase, context: str) -> str:
    """The name of the class: before the slot, behind it, or in the clause that led to it (…培训，计划▮期)."""
    behind, key = re.split("[、，]", phrase.after)[0], phrase.key if is_class(phrase.key) else ""
    for said in (_said(phrase, context), behind, class_before(phrase), context.partition("▮")[0], key):
        kind = noun_phrase(said)
        if kind and not is_bare_verb(kind):
            quoted = _pattern("quoted").search(kind)
            return bare(quoted[1]) if quoted else "" if _pattern("any_class").fullmatch(kind) else kind
    return ""


def is_class(said: str) -> bool:
    """Whether words end in the name of a class: 第18期入党积极分子培训班."""
    return bool(_pattern("class_head").search(said))


def own_class(phrase: Phrase) -> str:
    """The class people were sent to, where the phrase names one: 参加上级调训, 选送国培、省培."""
    kind = noun_phrase(_pattern("sent_to").sub("", phrase.before))
    return kind if _pattern("class_attended").search(kind) else ""


def class_before(phrase: Phrase) -> str:
    """The class named in the clause before, where it was not counted: 举办第18期积极分子培训班，▮人结业."""
    clauses = re.split("[，；]", phrase.piece.removesuffix(phrase.before).rstrip("，；"))
    return noun_phrase(clauses[-1]) if is_class(clauses[-1]) else ""


def named_before(phrase: Phrase, classes: bool) -> str:
    """What people came to, where it was not counted: “金秋读书会”吸引▮名职工."""
    quoted = re.match(r"“([^”]+)”", phrase.before)
    return bare(quoted[1]) if quoted else class_before(phrase) if classes else ""


def _kind_introduced(phrase: Phrase, context: str) -> str:
    said = phrase.before if len(phrase.before) > 1 else ""
    found = _pattern("introduced").search(said) or _pattern("introduced_after").search(phrase.after)
    found = found or _pattern("introduced_part").search(said)
    if not found and said and (phrase.part or phrase.chained) and not is_modifier(said):
        kind = noun_phrase(said)  # a member of the list: 引进领军人才▮名、博士后▮名
    else:
        found = found or (None if phrase.part else _pattern("introduced").search(context.partition("▮")[0]))
        kind = bare(next(g for g in found.groups() if g)) if found else ""
    kind = _pattern("schooled").sub("", kind)
    return "" if _pattern("any_talent").fullmatch(kind) else kind


def _kind_reserve(phrase: Phrase, context: str) -> str:
    for said in (phrase.before, re.split("[、，]", phrase.after)[0][:14], context, phrase.key, phrase.piece):
        if found := _pattern("reserve").search(said):
            kind = noun_phrase(said[: found.end()])
            return kind if len(kind) <= LONGEST_KIND else found[0]
    return ""


def _kind_of_post(phrase: Phrase, context: str) -> str:
    found = _pattern("post_kind").search(_near(phrase))
    kind = bare(_pattern("posted").sub("", found[1])) if found else ""
    return "" if _pattern("any_post").fullmatch(kind) else kind


def _kind_of_service(phrase: Phrase, context: str) -> str:
    """What was done for them: the words behind the verb, else those before it (子女入学等协调解决▮件)."""
    said = _said(phrase, context)
    verbs = list(_pattern("service_state").finditer(said))
    behind, front = (said[verbs[-1].end() :], said[: verbs[0].start()]) if verbs else (said, "")
    for part in (behind, front if re.search("、|等", front) else ""):
        kind = _pattern("any_service").sub("", re.split("等", _pattern("served").sub("", part))[0])
        kind = bare(re.sub(r"^.*?人才(?:服务)?(?:的)?(?!“)", "", kind))
        if kind not in ("", "人才", "各类", "一站式"):
            return kind
    return ""


def _kind_of_money(phrase: Phrase, context: str) -> str:
    said = noun_phrase(_said(phrase, context))
    return said if _pattern("money").search(said) else ""


def _state_of_project(phrase: Phrase, context: str) -> str:
    return _first("project_state", phrase.before)


def _kind_of_article(phrase: Phrase, context: str) -> str:
    """Where it appeared (公众号, 市级以上媒体) or, without that, which sort of article it is."""
    for said in (phrase.before, phrase.piece, f"{phrase.after[:12]}"):
        if found := list(_pattern("channel").finditer(said)):
            return bare(found[-1][0])
    kind = noun_phrase(_said(phrase, context))
    return "" if _pattern("any_article").fullmatch(kind) else kind


def _kind_elected(phrase: Phrase, context: str) -> str:
    found = _pattern("elected").search(f"{phrase.before}▮{phrase.after}")
    return bare(found[0]) if found else ""


def _topic_researched(phrase: Phrase, context: str) -> str:
    """The subject of the research named in the sentence; two phrases share what both contain."""
    if part := _pattern("researched_part").search(phrase.before):
        return bare(part[1] or part[2])
    said = phrase.sentence.replace("·", "、")
    subjects = [next(g for g in m.groups() if g) for m in _pattern("researched").finditer(said)]
    subjects = [bare(_pattern("masked").sub("", s)) for s in subjects]
    subjects = [s for s in subjects if s and "、" not in s and "等" not in s]
    if len(subjects) < 2:
        return subjects[0] if subjects else _report_topic(phrase)
    return _common(subjects[0], subjects[1])


def _report_topic(phrase: Phrase) -> str:
    found = _pattern("report_topic").search(phrase.before)
    topic = bare(found[1]) if found else ""
    return "" if _pattern("any_report").fullmatch(topic) else topic


def _common(one: str, other: str) -> str:
    """The longest words both phrases contain, "" when they share less than two characters."""
    for length in range(min(len(one), len(other)), 1, -1):
        for start in range(len(one) - length + 1):
            if one[start : start + length] in other:
                return re.sub(r"(?:工作|建设|情况)$", "", one[start : start + length])
    return ""


def _meeting(phrase: Phrase, context: str) -> Facets:
    """The kind of a meeting and its subject: 人才工作领导小组成员单位座谈会 is a 座谈会 about 人才工作领导小组."""
    said = _pattern("trailing").sub("", phrase.before)
    told = _meeting_heads().search(said) or _pattern("quoted").search(said)
    if not told and (_meeting_heads().search(phrase.key) or _pattern("quoted").search(phrase.key)):
        said = phrase.key
    elif not said or _pattern("bare_verb").fullmatch(said):
        behind = re.split("[、，（]", phrase.after)[0]
        named = behind.startswith("“") or _pattern("meeting").search(behind)
        said = behind if named else context.partition("▮")[0] or phrase.key
    if found := _pattern("studied_after").match(phrase.after) or _pattern("studied").search(said):
        convened = said if found.string == phrase.after else said[: found.start()]
        heads = [m[0] for m in _meeting_heads().finditer(convened)]
        return ({"kind": heads[-1]} if heads else {}) | {"topic": bare(found[1])}
    said = _pattern("combined").sub("", said)
    kind = _meeting_kind(said) or _told_before(phrase)
    topic = _meeting_topic(said, kind)
    found_facets = {"kind": kind} if kind and kind != ANY_MEETING else {}
    return found_facets | ({"topic": topic} if topic else {})


def _told_before(phrase: Phrase) -> str:
    """The kind named earlier in the piece: 普遍开展主题党日，半年累计*次; “组工夜学”雷打不动，共*次."""
    heads = [m[0] for m in _meeting_heads().finditer(phrase.piece)]
    quoted = re.findall(r"[“「]([^“”「」]{2,12})[”」]", phrase.piece)
    return bare(heads[-1] if heads else quoted[-1] if quoted else "")


def _meeting_kind(said: str) -> str:
    heads = [m[0] for m in _meeting_heads().finditer(said)]
    tail = noun_phrase(said)
    quoted = _pattern("quoted").search(said)
    if quoted and heads and said[: quoted.start()].endswith(heads[-1]):
        return heads[-1]  # 主题党日“学雷锋”
    if quoted and not (heads and heads[-1] in said[quoted.end(1) :]):
        return bare(quoted[1])
    if heads and (not tail or heads[-1] in tail or tail in heads[-1]):
        return _to_the_end(heads[-1], tail)
    if tail and not (_pattern("amount_words").fullmatch(tail) or _pattern("bare_verb").fullmatch(tail)):
        return "" if _pattern("any_meeting").fullmatch(tail) else tail
    return heads[-1] if heads else ""


def _convener(said: str) -> str:
    """The body that meets, without whose it is: 县委人才工作领导小组 → 人才工作领导小组."""
    return _pattern("whose").sub("", noun_phrase(said, 0))


def _to_the_end(head: str, tail: str) -> str:
    """The head with the few characters that end its word: 主题演讲 of 主题演讲比赛 is all of it."""
    rest = tail.rpartition(head)[2] if head in tail else ""
    return head + rest if re.fullmatch(r"[\u4e00-\u9fff]{1,4}", rest) else head


@cache
def _meeting_heads() -> re.Pattern[str]:
    """The kinds of meeting the figure knows, with their other names, longest first, and those reports add."""
    kind = FIGURES["meetings.held"].facets["kind"]
    names = set(kind.synonyms) | {other for others in kind.synonyms.values() for other in others}
    known = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if n not in ("授课", "座谈", "例会", "小组会"))
    return re.compile(f"{known}|{pattern(lexicon()['meeting']).pattern}")


def _meeting_topic(said: str, kind: str) -> str:
    """The words directly before the kind, where they name a subject."""
    at = said.rfind(kind) if kind else -1
    if at <= 0:
        found = _pattern("convener").search(said)
        return _convener(found[1]) if found and kind in ("会议", "全体会议") else ""
    before = said[:at]
    if found := _pattern("about").search(before):
        return bare(found[1])
    if quoted := re.search(r"[“「]([^”」]{2,20})[”」](?:专题|主题)?$", before):
        return bare(quoted[1])
    if not _pattern("has_topic").search(kind):
        return ""
    if found := _pattern("convener").search(before):
        return _convener(found[1])
    topic = _pattern("without_topic").sub("", _convener(before))
    return topic if 2 <= len(topic) <= 14 and not _pattern("no_topic").search(topic) else ""


def _reason_used(phrase: Phrase, context: str) -> str:
    return _first("reason", f"{phrase.before}▮{phrase.after}")


BY_FACET: dict[str, Callable[[Phrase, str], str]] = {"category": _category, "rank": _rank, "way": _way, "state": _state}
BY_FIGURE: dict[str, Callable[[Phrase, str], str]] = {
    "organizations.party_organizations.kind": _kind_of_organization,
    "cadres.appointed.rank": _rank_appointed,
    "cadres.reserve_selected.kind": _kind_reserve,
    "cadres.reserve_used.reason": _reason_used,
    "training.classes.kind": _kind_of_class,
    "talents.introduced.kind": _kind_introduced,
    "talents.posts.kind": _kind_of_post,
    "talents.services.kind": _kind_of_service,
    "talents.services.state": _state_of_service,
    "talents.benefits_paid.kind": _kind_of_money,
    "talents.projects.state": _state_of_project,
    "publicity.articles.kind": _kind_of_article,
    "publicity.reads.kind": _kind_of_article,
    "elections.held.kind": _kind_elected,
    "visits.research_reports.topic": _topic_researched,
}
