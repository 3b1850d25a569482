"""A history for every kind of entry of works."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.evidence import Evidence
from haicap.means.works import entries as e
from haicap.means.works.fold import programmes, projects

DAY, LATER = date(2026, 3, 2), date(2026, 12, 31)
OTHER = UUID(int=7)
PHOTO = Evidence(
    blob="f" * 64, size=9, media="image/jpeg", name="a.jpg", picture="e" * 64, taken=DAY, about="Móng"
)
BUDGET = (e.Share(source="province", sum="5900000000"), e.Share(source="commune", sum="400000000"))
PLANNED = e.Planned(
    unit="11311", province="31", name="Trụ sở Công an phường", sort="new", budget=BUDGET, programme=OTHER,
    stages=(e.Aim(stage="approval", on=DAY), e.Aim(stage="start", on=DAY), e.Aim(stage="handover", on=LATER)),
    gaps=(e.Gap(of="working-area", amount="470.5", norm="norm-office"),), paper="12/QĐ",
)  # fmt: skip
REACHED = e.Reached(stage="approval", on=DAY, paper="NQ 5", note="Họp ngày 2/3", evidence=(PHOTO,))
CORRECTED = e.Corrected(
    name="Trụ sở mới", sort="new", gaps=(), programme=None, site=OTHER, follows=OTHER, priority="pressing",
    reason="Đổi tên",
)  # fmt: skip
STOPPED = e.Stopped(since=DAY, ground="Vướng mặt bằng", paper="BB 1")
RESUMED = e.Resumed(since=LATER, ground="Đã có đất")
PROGRAMME = e.ProgrammeResolved(
    province="31", name="Xây trụ sở 2026-2028", paper="NQ 1", first=2026, last=2028, target=25, budget=BUDGET
)


def paid(amount: str) -> e.Paid:
    return e.Paid(on=DAY, source="province", sum=amount, paper="UNC 1")


def repaid(payment: UUID, amount: str | None) -> e.Repaid:
    return e.Repaid(payment=payment, on=DAY, source="commune", sum=amount, reason="Nhầm nguồn")


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


WORKS: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "project.planned": (projects, always(PLANNED)),
    "project.corrected": (projects, always(PLANNED, CORRECTED)),
    "project.scheduled": (
        projects,
        always(PLANNED, e.Scheduled(stages=(e.Aim(stage="handover", on=date(2027, 3, 1)),), reason="Mưa")),
    ),
    "project.reached": (projects, always(PLANNED, REACHED)),
    "project.unreached": (
        projects,
        lambda ids: [PLANNED, REACHED, e.Unreached(reached=ids[1], reason="Ghi nhầm"), REACHED],
    ),
    "project.shown": (
        projects,
        always(PLANNED, e.Shown(note="Móng", evidence=(PHOTO,)), REACHED, e.Shown(evidence=(PHOTO,))),
    ),
    "project.budgeted": (projects, always(PLANNED, e.Budgeted(shares=BUDGET[:1], reason="Điều chỉnh"))),
    "project.paid": (projects, always(PLANNED, paid("100"), REACHED, paid("200"))),
    "project.repaid": (
        projects,
        lambda ids: [PLANNED, paid("100"), repaid(ids[1], "90"), REACHED, repaid(ids[1], None)],
    ),
    "project.stopped": (projects, always(PLANNED, STOPPED)),
    "project.resumed": (projects, always(PLANNED, STOPPED, RESUMED)),
    "programme.resolved": (programmes, always(PROGRAMME, PROGRAMME.model_copy(update={"target": 30}))),
}
