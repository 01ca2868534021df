"""zugong administrators: open the three administrators of a home that was prepared without pages."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.base.administrators import NAMES, open_administrators, renew_administrators_factor, reset_security_administrator
from zugong.base.models import User
from zugong.base.rules import Refused
from zugong.desk.clock import today
from zugong.desk.commands import ZugongCommand, told

OPTIONS = {"system_administrator": "system", "security_administrator": "security", "auditor": "auditor"}


class Command(ZugongCommand):
    help = "开通三名管理员（系统、安全、审计），缺谁开谁；本机操作员从此只管运行"
    permission = Permission.SYSTEM_RUN

    def add_arguments(self, parser: Any) -> None:
        for role, option in OPTIONS.items():
            parser.add_argument(f"--{option}", default=NAMES[role], metavar="账号", help=f"默认 {NAMES[role]}")
        parser.add_argument("--reset", default="", metavar="账号", help="只给安全管理员重设一次性密码，别人请他在网页上重设")
        help = "管理员的手机和恢复码都丢了：取消他的验证器，下次登录重新设；别的账号请安全管理员在网页上取消"
        parser.add_argument("--new-factor", default="", metavar="账号", help=help)

    def act(self, **options: Any) -> int | None:
        if options["reset"]:
            of = _account(options["reset"])
            secret = reset_security_administrator(by=self.by, on=today(), user=of)
            self._tell(
                [{"account": of.username, "password": secret}], f"账号：{of.username}　一次性密码：{secret}（只显示这一次）"
            )
            return None
        if options["new_factor"]:
            of = renew_administrators_factor(by=self.by, on=today(), user=_account(options["new_factor"]))
            said = f"已取消账号“{of.username}”的验证器和恢复码，他已登录的页面都已失效；下次登录输入密码后重新设。已留痕。"
            self._tell([{"account": of.username}], said)
            return None
        names = {role: options[option] for role, option in OPTIONS.items()}
        made = open_administrators(by=self.by, on=today(), names=names)
        self._tell(
            [{"role": role, "account": user.username, "password": password} for user, role, password in made], told(made)
        )
        return None

    def _tell(self, document: list[dict[str, str]], sentence: str) -> None:
        if self.json:
            self.out(document)
        else:
            self.stdout.write(sentence)


def _account(username: str) -> User:
    """The account named. Raises Refused where there is none."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(f"没有“{username}”这个账号，没有改动。")
    return found
