"""A history for every kind of entry: what comes before it, and the entry itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from duty.histories import DUTY
from haicap.clocks.entries import DocumentPublished
from haicap.clocks.fold import documents
from haicap.journal.carrying import Left
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.journal.kinds import KINDS, Body
from haicap.journal.settling import Settled
from haicap.matters import entries as m
from haicap.matters.attaching.entries import Attached, Detached
from haicap.matters.directing import entries as d
from haicap.matters.directing.fold import directives
from haicap.matters.fold import matters
from haicap.matters.guidance import entries as g
from haicap.matters.guidance.fold import guidances
from haicap.matters.sheets import entries as s
from haicap.matters.sheets.fold import batches
from haicap.matters.sheets.retracting import Retracted
from haicap.matters.transferring.entries import Arrived, OutcomeTold
from haicap.means.things.fold import things
from haicap.papers.sheets_in.entries import Fault
from haicap.units import entries as u
from haicap.units.fold import officers, posts, units
from means.histories import MEANS
from means.things_histories import ONE
from nodes.histories import NODES

DAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
LABEL = u.Label(vi="Phường Thử", en="Test ward")
OTHER = UUID(int=7)

Bodies = Callable[[list[UUID]], list[Body]]
# The kinds that there are, without those that tests make for themselves.
SHIPPED = {name for name, kind in KINDS.items() if kind.body.__module__.startswith("haicap.")}
"""From the ids that the entries will have (settlements and withdrawals name them) to their bodies."""

FILE = Attached(
    blob="f" * 64, size=9, media="image/jpeg", name="a.jpg", personal=False, about="Mái dột", picture="e" * 64
)


def start(code: str = "answer", days: int = 10) -> m.Start:
    return m.Start(
        clock=code, binds="holder", since=NOON, limit=f"{days} working days", regime="office", calendar="c",
        due=NOON + timedelta(days=days),
    )  # fmt: skip


RAISED = m.Raised(
    number="11311-26-7K00001-X", procedure="difficulty", edition="e", by="desk", received=NOON, title="Trụ sở dột",
    facts={"kind": "headquarters"}, branch="only", now="raised", holder="31-PH10", province="31", starts=(start(),),
)  # fmt: skip
STEPPED = m.Stepped(
    step="answer", now="answered", outcome="guidance", facts={"guidance": "Theo mẫu"}, stops=("answer",),
    starts=(start("confirm", 15),),
)  # fmt: skip
PAUSED = m.Paused(clocks=("answer",), ground="expert")
UNIT = u.UnitOpened(
    code="99999", name=LABEL, level="commune", sort="ward", parent="31", province="31", territories=("99999",),
    since=DAY, act="Nghị quyết",
)  # fmt: skip
POST = u.PostOpened(unit="99999", province="31", role="clerk", name=LABEL, since=DAY)
GRANT = u.GrantGiven(actions=("matter.see",), over="unit", since=DAY)
TAKEN = u.PostTaken(person=OTHER, since=DAY)
LENT = u.DelegationGiven(to=OTHER, since=DAY, until=date(2026, 2, 1), ground="Đi học")
GUIDANCE: dict[str, Any] = {
    "question": "Mất tài khoản thì báo ai", "answer": "Báo PC06", "topics": ("software",), "since": DAY,
    "issuer": "31-PC06",
}  # fmt: skip
PUBLISHED = g.GuidancePublished(**GUIDANCE, province="31", sources=(g.Source(id=OTHER, number="2"),))
ISSUED = d.DirectiveIssued(
    number="12/KH", title="Kiểm tra", sort="plan", issued=DAY, signer="Trưởng phòng", province="31", units=("11311",),
    clauses=(d.ClauseSaid(code="1", text="Kiểm tra nhà trọ", due=DAY),),
)  # fmt: skip
REFUSED = m.Refused(ground="Không đúng đơn vị", back_to="11311")


def longer(ids: list[UUID]) -> list[Body]:
    it = m.Longer(
        clock="answer", limit="20 days", how="to", ground="Phức tạp", law="Điều 1", mark="setting",
        due=NOON + timedelta(days=20),
    )  # fmt: skip
    return [RAISED, m.Extended(longer=(it,))]


def ended(ids: list[UUID]) -> list[Body]:
    return [RAISED, m.Stepped(step="confirm-removed", now="removed", ends=True, stops=("answer",))]


def arrived(ids: list[UUID]) -> list[Body]:
    body = Arrived(earlier=(), stretches=(), statement="", signature="", giver="11311")
    return [RAISED, m.HandedOver(to="11329"), body]


def outcome_told(ids: list[UUID]) -> list[Body]:
    return [
        RAISED, m.HandedOver(to="11329"),
        OutcomeTold(unit="11329", now="decided", outcome="not-opened", ended=NOON, of=OTHER),
    ]  # fmt: skip


def settled_in_full(ids: list[UUID]) -> list[Body]:
    recorded = Entry(OTHER, 1, "11311", ids[0], OTHER, None, ONE.kind, 1, OTHER, None, NOON, ONE)
    thing = things([recorded]).state
    assert thing is not None
    state = things.form.dump_python(replace(thing, name="Máy xách tay"), mode="json")
    return [ONE, Settled(disposes=(), state=state, reason="Theo hóa đơn")]


def always(*bodies: Body) -> Bodies:
    return lambda ids: list(bodies)


SHEET = s.Imported(
    file="ban-giao.xlsx", sha256="s", sheet="1", giver="Công an quận", procedure="difficulty", province="31", lines=2,
    columns={"A": "title"},
)  # fmt: skip
LINES = s.Read(
    rows=(
        s.Row(number=1, sort="head", verdict="passed"),
        s.Row(
            number=2,
            sort="data",
            verdict="taken",
            matter=OTHER,
            faults=(Fault(cell="A2", reason="needed"),),
        ),
    ),
    done=True,
)


HISTORIES: dict[str, tuple[Fold[Any], Bodies]] = {
    "journal.left": (matters, always(RAISED, m.HandedOver(to="11329"), Left(to="11329"))),
    "journal.settled": (things, settled_in_full),
    "matter.arrived": (matters, arrived),
    "matter.outcome_told": (matters, outcome_told),
    "unit.opened": (units, always(UNIT)),
    "unit.renamed": (units, always(UNIT, u.UnitRenamed(name=LABEL, since=DAY, act="QĐ"))),
    "unit.marked": (units, always(UNIT, u.UnitMarked(remote=True, since=DAY, act="QĐ"))),
    "unit.served": (units, always(UNIT, u.UnitServed(territories=("1", "2"), since=DAY, act="QĐ"))),
    "unit.merged": (units, always(UNIT, u.UnitMerged(into="11311", since=DAY, act="QĐ"))),
    "unit.split": (units, always(UNIT, u.UnitSplit(into=("11311", "11329"), since=DAY, act="QĐ"))),
    "post.opened": (posts, always(POST)),
    "post.closed": (posts, always(POST, GRANT, u.PostClosed(since=DAY))),
    "post.taken": (posts, always(POST, TAKEN, u.PostTaken(person=UUID(int=8), since=DAY))),
    "post.left": (posts, always(POST, TAKEN, u.PostLeft(since=date(2026, 3, 1)))),
    "grant.given": (posts, always(POST, GRANT)),
    "grant.withdrawn": (
        posts,
        lambda ids: [POST, GRANT, u.GrantWithdrawn(grant=ids[1], since=date(2026, 3, 1))],
    ),
    "delegation.given": (posts, always(POST, TAKEN, LENT)),
    "delegation.ended": (
        posts,
        lambda ids: [POST, LENT, u.DelegationEnded(delegation=ids[1], since=date(2026, 1, 9))],
    ),
    "person.registered": (officers, always(u.PersonRegistered(name="Cán bộ 099", account="so99"))),
    "document.published": (
        documents,
        lambda ids: [
            DocumentPublished(sort="procedure", code="p", sha256=str(n), text=f"t{n}", since=DAY)
            for n in range(3)
        ],
    ),
    "matter.raised": (matters, always(RAISED)),
    "matter.stepped": (matters, always(RAISED, STEPPED, m.Stepped(step="still-there", now="raised"))),
    "matter.received": (matters, always(RAISED, m.Received())),
    "matter.refused": (matters, always(RAISED, m.HandedOver(to="31-PX01"), REFUSED)),
    "matter.handed_over": (
        matters,
        always(RAISED, m.HandedOver(to="31-PX01", why=m.Reason(vi="Vì", en="For"))),
    ),
    "matter.accepted": (matters, always(RAISED, m.HandedOver(to="31-PX01"), m.Accepted())),
    "matter.referred": (matters, always(RAISED, m.Referred(to="Tòa án"))),
    "matter.assigned": (matters, always(RAISED, m.Assigned(person=OTHER), m.Assigned(person=None))),
    "matter.paused": (matters, always(RAISED, PAUSED)),
    "matter.resumed": (matters, always(RAISED, PAUSED, m.Resumed(dues=(m.Due(clock="answer", due=NOON),)))),
    "matter.extended": (matters, longer),
    "matter.corrected": (
        matters,
        always(RAISED, m.Corrected(facts={"kind": "land"}, title="Đất", reason="Nhầm")),
    ),
    "matter.reopened": (matters, lambda ids: [*ended(ids), m.Reopened(now="raised", reason="Tái diễn")]),
    "matter.joined": (matters, always(RAISED, m.Joined(into=OTHER, number="2", stops=("answer",)))),
    "matter.linked": (matters, always(RAISED, STEPPED, m.Linked(to=OTHER, number="2", how="about"))),
    "matter.commented": (
        matters,
        always(RAISED, STEPPED, m.Commented(text="Đã gọi"), m.Commented(text="Rồi")),
    ),
    "matter.distinct": (matters, always(RAISED, STEPPED, m.Distinct(other=OTHER, number="2"))),
    "matter.emergency_shown": (
        matters,
        always(RAISED, m.EmergencyShown(emergency="going-on", numbers=("113",), done="called"), STEPPED),
    ),
    "matter.found_by_identity": (matters, always(RAISED, STEPPED, m.FoundByIdentity(purpose="Trả lời"))),
    "matter.unsealed": (matters, always(RAISED, m.Unsealed(purpose="Trả lời"), STEPPED)),
    "matter.issued": (
        matters,
        always(RAISED, m.Issued(paper="answer-letter", sha256="s", on=None, edition=""), STEPPED),
    ),
    "matter.attached": (matters, always(RAISED, FILE, STEPPED, FILE.model_copy(update={"name": "b.jpg"}))),
    "matter.detached": (
        matters,
        lambda ids: [RAISED, FILE, Detached(attached=ids[1], reason="Nhầm"), STEPPED],
    ),
    "matter.guided": (
        matters,
        always(
            RAISED,
            *(
                m.Guided(guidance=OTHER, title="Mất tài khoản", since=DAY, how=how)
                for how in ("again", "answered")
            ),
        ),
    ),
    "guidance.published": (guidances, always(PUBLISHED)),
    "guidance.revised": (
        guidances,
        always(
            PUBLISHED,
            g.GuidanceRevised(**GUIDANCE, changed="Rõ hơn"),
            g.GuidanceRevised(**GUIDANCE, changed="Lại"),
        ),
    ),
    "guidance.withdrawn": (guidances, always(PUBLISHED, g.GuidanceWithdrawn(reason="Đã có luật", since=DAY))),
    "directive.issued": (directives, always(ISSUED)),
    "directive.reminded": (
        directives,
        always(
            ISSUED,
            d.DirectiveReminded(tasks=(OTHER,), text="Báo cáo"),
            d.DirectiveReminded(tasks=(), text="x"),
        ),
    ),
    "matter.retracted": (matters, always(RAISED, Retracted(batch=OTHER, reason="Nhầm tệp"))),
    "sheet.imported": (batches, always(SHEET)),
    "sheet.read": (batches, always(SHEET, LINES)),
    "sheet.undone": (batches, always(SHEET, LINES, s.Undone(withdrawn=(OTHER,), kept=()))),
    **DUTY,
    **MEANS,
    **NODES,
}
