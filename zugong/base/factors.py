"""The second factor: six digits of an authenticator, or a recovery code, besides the password.

django-allauth keeps the secret and counts the codes; both are sealed. Codes and secrets never go on the trail.
"""

from __future__ import annotations

import base64
from datetime import date

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db.models import QuerySet

from zugong.base import sealing
from zugong.base.access import Permission
from zugong.base.actions import action, entry
from zugong.base.models import FactorSecret, User
from zugong.base.rules import Refused
from zugong.base.sessions import end_sessions

BOUND_TO = "base.factor.pending"
NONE, ASKED, TOTP_CODE, RECOVERY_CODE, ELSEWHERE = "none", "asked", "totp", "recovery", "elsewhere"
PASSED = frozenset({TOTP_CODE, RECOVERY_CODE, ELSEWHERE})
WRONG = "验证码不对，没有通过。请看验证器上现在的六位数字；手机的时间要准。"


class Sealing(DefaultMFAAdapter):
    """Keeps what the second factor hangs on sealed, like every other secret here."""

    def encrypt(self, text: str) -> str:
        """Keep the text sealed, inside an action; gives its number."""
        kept = FactorSecret(secret=text)
        kept.save()
        return str(kept.pk)

    def decrypt(self, encrypted_text: str) -> str:
        """The text kept under that number."""
        return str(FactorSecret.objects.get(pk=int(encrypted_text)).secret)


def has(user: User) -> bool:
    """Whether an account has set up a second factor."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def required(user: User) -> bool:
    """Whether a grant in force asks for one."""
    return any(role.second_factor for role in user.roles())


def fresh_secret() -> str:
    """A new secret for an authenticator, sealed: it waits in the session until the first code proves it was taken over."""
    return sealing.sealed(generate_totp_secret(), BOUND_TO)


def in_words(secret: str) -> str:
    """A sealed secret as it is typed by hand, in groups of four."""
    plain = sealing.unsealed(secret, BOUND_TO)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def picture(user: User, secret: str) -> str:
    """A sealed secret as a QR code, in an address of its own (data:)."""
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, sealing.unsealed(secret, BOUND_TO)))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode('ascii')}"


@action(None)
def set_up_factor(*, by: User, on: date, secret: str, code: str, session: str) -> list[str]:
    """Begin to ask for a second factor; ends one's other sessions. Returns the recovery codes, to be shown once. Raises
    Refused when the code does not belong to the secret."""
    plain = sealing.unsealed(secret, BOUND_TO)
    if has(by):
        raise Refused("这个账号已经有验证器了，没有改动。要换手机，请先停用现在的。")
    if not validate_totp_code(plain, _tidy(code)):
        raise Refused(f"验证码：{WRONG}")
    TOTP.activate(by, plain)
    entry().subject = by.key
    return _fresh_codes(by, session)


def _fresh_codes(user: User, session: str) -> list[str]:
    _forget(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES))
    end_sessions(user, besides=session)
    return RecoveryCodes.activate(user).get_unused_codes()


@action(None)
def answer_factor(*, by: User, on: date, code: str) -> str:
    """Check a code of the authenticator, or a recovery code, which then is used up. Returns which it was, "" for a wrong one;
    the trail says each by a name of its own."""
    kind, draft = _kind_of(by, _tidy(code)), entry()
    draft.subject = by.key
    draft.verb = {TOTP_CODE: draft.verb, RECOVERY_CODE: "base:use_recovery_code", "": "base:fail_factor"}[kind]
    if kind == RECOVERY_CODE:
        draft.note(codes_left=codes_left(by))
    return kind


def _kind_of(user: User, code: str) -> str:
    for one in Authenticator.objects.select_for_update().filter(user_id=user.pk).order_by("-type"):
        if one.wrap().validate_code(code):
            one.record_usage()
            return TOTP_CODE if one.type == Authenticator.Type.TOTP else RECOVERY_CODE
    return ""


def codes_left(user: User) -> int:
    """How many recovery codes are not used yet."""
    kept = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


@action(None)
def renew_recovery_codes(*, by: User, on: date, session: str) -> list[str]:
    """New recovery codes in place of the old, to be shown once; whoever asks has just shown a code."""
    if not has(by):
        raise Refused("这个账号没有验证器，不用恢复码。")
    entry().subject = by.key
    return _fresh_codes(by, session)


@action(None)
def stop_factor(*, by: User, on: date, session: str) -> None:
    """Ask for no second factor any more, or for that of another phone; whoever asks has just shown a code."""
    _forget(Authenticator.objects.filter(user_id=by.pk))
    end_sessions(by, besides=session)
    entry().subject = by.key


@action(Permission.ACCOUNTS_MANAGE)
def withdraw_factor(*, by: User, on: date, user: User) -> User:
    """Take an account's second factor away (a lost phone), which ends its sessions. Raises Refused for one's own."""
    if user.pk == by.pk:
        raise Refused("不能取消自己的验证器，没有改动。请由另一位管理员办理。")
    take_away(user)
    return user


def take_away(user: User) -> None:
    """End an account's second factor and its sessions; called inside an action. Raises Refused where there is none."""
    if not has(user):
        raise Refused(f"“{user.name}”没有设验证器，没有改动。")
    _forget(Authenticator.objects.filter(user_id=user.pk))
    draft = entry()
    draft.subject = user.key
    draft.note(sessions=end_sessions(user))


def _forget(kept: QuerySet[Authenticator]) -> None:
    numbers = [int(one.data.get("secret") or one.data["seed"]) for one in kept]
    kept.delete()
    FactorSecret.objects.filter(pk__in=numbers).delete()


def _tidy(code: str) -> str:
    return "".join(code.split())
