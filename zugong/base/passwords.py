"""Passwords: long enough, not used before, not too old; of former ones only the argon2 hashes are kept."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zugong.base import parameters
from zugong.base.actions import action, entry
from zugong.base.models import FormerPassword, User
from zugong.base.rules import Reason, Refused
from zugong.base.sessions import end_sessions

PARAMETERS = parameters.read("zugong.base")


def _asked(name: str, user: User | None = None) -> int:
    day = user.day if user is not None else None
    return int(PARAMETERS[name].on(day or date.max).value)


class LongEnough:
    """Refuses a password shorter than the parameter says."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if len(password) < (least := _asked("password_length", user)):
            raise ValidationError(f"密码至少要 {least} 个字。")

    def get_help_text(self) -> str:
        """What is asked, in a sentence."""
        return f"至少 {_asked('password_length')} 个字。"


class NotUsedBefore:
    """Refuses the password in use and the last few before it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if user is None or not user.pk:
            return
        if user.has_usable_password() and check_password(password, user.password):
            raise ValidationError("新密码和现在的密码一样，没有改动。请换一个。")
        many = _asked("password_history", user)
        former = FormerPassword.objects.filter(user=user).order_by("-pk")[:many]
        if any(check_password(password, one.password) for one in former):
            raise ValidationError(f"这个密码以前用过，没有改动。最近用过的 {many} 个都不能再用，请换一个。")

    def get_help_text(self) -> str:
        """What is asked, in a sentence."""
        return f"不能和最近用过的 {_asked('password_history')} 个相同。"


def days_left(user: User, day: date) -> int | None:
    """For how many days more a password may be used; None where it does not grow old."""
    days = int(PARAMETERS["password_days"].on(day).value)
    return max(days - (day - user.password_set_on).days, 0) if days and user.password_set_on else None


def expired(user: User, day: date) -> bool:
    """Whether a password has been in use for as long as one may be."""
    return days_left(user, day) == 0


@action(None)
def change_own_password(*, by: User, on: date, password: str, session: str = "") -> User:
    """Set one's own password, which ends one's sessions but the one named. Raises Refused for one that is too weak."""
    try:
        validate_password(password, by)
    except ValidationError as error:
        raise Refused(*(Reason(sentence) for sentence in error.messages)) from None
    return keep_password(by, password, on, must_change=False, session=session)


def keep_password(user: User, password: str, on: date, *, must_change: bool, session: str = "") -> User:
    """Inside an action: keep a password's hash, and the old one's among the former; neither goes on the trail. Ends the
    account's sessions but the one named."""
    if user.has_usable_password():
        FormerPassword(user=user, password=user.password, until=on).save()
        former = FormerPassword.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
        FormerPassword.objects.filter(pk__in=list(former)[_asked("password_history", user) :]).delete()
    user.set_password(password)
    user.must_change_password = must_change
    user.password_set_on = on
    user.revision += 1
    user.save()
    end_sessions(user, besides=session)
    draft = entry()
    draft.subject = user.key
    draft.note(changed="password", must_change_password=must_change)
    return user
