"""Register pages over a province: how many queries, and the thousandth page against the first."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import Line
from bench.timing import best_of
from zugong.base.factors import TOTP_CODE
from zugong.base.records import writing_allowed
from zugong.base.sessions import STANDING
from zugong.desk.prepare import operator
from zugong.ui.listing import PAGE
from zugong.ui.registers import REGISTERS, Register

MOST_QUERIES = 12
FAR = 999 * PAGE


def pages() -> Iterator[Line]:
    """Each register that has a thousandth page: queries of a page, and that page's time against the first's."""
    client = Client(headers={"host": "127.0.0.1"})
    with writing_allowed():  # a login notes its day on the account
        client.force_login(operator())
    session = client.session
    session[STANDING] = {"factor": TOTP_CODE}
    session.save()
    client.get("/health/")  # the pages are loaded, and with them the registers
    for register in REGISTERS.values():
        before = far_key(register)
        if before is not None:
            yield from one(client, register, {"after": before})


def far_key(register: Register) -> int | None:
    """The number of the record before the thousandth page; None where the list is shorter."""
    order = register.order
    rows = register.model.objects.order_by(order, "-pk" if order.startswith("-") else "pk").values_list("pk", flat=True)
    return rows[FAR - 1 : FAR].first()


def one(client: Client, register: Register, far: dict[str, int]) -> Iterator[Line]:
    """The lines of one register."""
    address = register.href()
    client.get(address)  # the session keeps its frame from now on
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, far).status_code == 200
    yield Line(f"列表 {register.title}：一页的查询数", len(asked), None, MOST_QUERIES)
    first, _ = best_of(lambda: client.get(address))
    later, _ = best_of(lambda: client.get(address, far))
    yield Line(f"列表 {register.title}：第 1000 页，基线为第 1 页", later, first)
