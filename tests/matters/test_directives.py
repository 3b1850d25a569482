"""Directives rolled up: every figure is the list that it opens."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from haicap.matters.directives import KINDS, rolled_up
from haicap.matters.queries import filtered
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import DAY, raises, steps, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
AT = DAY + timedelta(days=40)


def task(clause: str, to: str = "11311", due: str = "2026-08-20") -> Matter:
    answers = {"directive": "12/KH-PV01", "clause": clause, "what": "Kiểm tra nhà trọ", "due": due}
    return raises("staff_head", "directive", "Kiểm tra nhà trọ", answers, at_unit="31-PV01", to_unit=to)


def test_each_clause_with_its_tasks_as_they_stand() -> None:
    one, two, three = (task("1") for _ in range(3))
    steps("chief", one, "report", at=DAY + timedelta(days=3), done="Đã kiểm tra")
    steps("staff_head", one, "verify", at=DAY + timedelta(days=4))
    steps("chief", two, "report", at=DAY + timedelta(days=30), done="Đã kiểm tra")
    steps("staff_head", two, "verify", at=DAY + timedelta(days=31))
    steps("chief", three, "report", at=DAY + timedelta(days=3), done="Đã kiểm tra")
    task("2", to="11329")
    task("2", to="11329", due="2026-12-31")
    steps("staff_head", task("2"), "revoke", at=DAY + timedelta(days=1), reason="Giao nhầm")
    task("Toàn văn bản", to="31-PV01")

    tell_database(who("staff_head"))
    ((whole, clauses),) = rolled_up(who("staff_head"), at=AT)
    counts = {it.clause: {kind: it.cells[kind].count for kind in KINDS} for it in clauses}
    none = dict.fromkeys(KINDS, 0)
    assert counts == {
        "1": none | {"done": 1, "late": 1, "claimed": 1},
        "2": none | {"overdue": 1, "open": 1, "revoked": 1},
    }
    assert whole.all.count == 6
    for line in (whole, *clauses):
        for cell in (*line.cells.values(), line.all):
            params = dict(parse_qsl(urlsplit(cell.url).query))
            assert filtered(who("staff_head"), params, at=AT).count() == cell.count
