"""What tests of norms and requests have in common: facts of units, norms, requests as people make them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.matters.state import Matter
from haicap.means.catalogue.queries import catalogue
from haicap.means.needs import asking, queries
from haicap.means.norms import actions, reckoning
from haicap.means.norms.entries import Fact, FactStated, Line, NormSaid
from haicap.means.norms.facts import grounds
from haicap.means.norms.fold import Facts, Norm
from haicap.means.norms.reckoning import Gap, gaps
from haicap.means.staff.actions import establishment_id, set_establishment
from haicap.units.entries import Label
from haicap.units.rights import tell_database
from matters.acting import raises, steps
from pages import person

NOW = datetime.now(UTC)
TODAY = day_of(NOW)
LONG_AGO = NOW - timedelta(days=90)
SINCE = date(2026, 1, 1)
PLAIN = NormSaid(
    name=Label(vi="Máy tính xách tay", en="Laptops"), means="scanner", units=("commune", "ward"),
    lines=(Line(formula="2"),), rounding="up", rule="Quyết định 12", mark="setting", since=SINCE, issuer="31-PH10",
)  # fmt: skip


def as_(account: str, act: Callable[[Pen], Any], *, subject: UUID, file: str = "31") -> Any:
    """What somebody of the cast does, on the channel of reference."""
    tell_database(person(account))
    with writing(person(account), at=NOW, subjects=[subject], units=[file], channel="reference") as pen:
        return act(pen)


def publishes(
    saying: NormSaid = PLAIN,
    code: str = "scanners",
    account: str = "logistics",
    *,
    entry_id: UUID | None = None,
    others: tuple[Norm, ...] | None = None,
) -> Norm:
    its = reckoning.norms_of("31") if others is None else others
    own = [it for it in its if it.province == "31"]
    return as_(account, lambda pen: actions.publish(
        pen, entry_id=entry_id or uuid7(), code=code, saying=saying, province="31", kinds=catalogue(),
        units=grounds("31", saying.since).values(), others=own,
    ), subject=actions.norm_id("31", code))  # fmt: skip


def revises(norm: Norm, changed: str = "Thêm một", **said: Any) -> Norm:
    saying = PLAIN.model_copy(update=said)
    return as_("logistics", lambda pen: actions.revise(
        pen, entry_id=uuid7(), subject=norm.id, saying=saying, changed=changed, kinds=catalogue(),
        units=grounds("31", saying.since).values(), others=[it for it in reckoning.norms_of("31") if it.province],
    ), subject=norm.id)  # fmt: skip


def states(
    fact: Fact, value: str, *, since: date = SINCE, code: str = WARD, account: str = "logistics"
) -> Facts:
    body = FactStated(unit=code, fact=fact, value=value, since=since, source="Niên giám 2025")
    return as_(account, lambda pen: actions.state_fact(pen, entry_id=uuid7(), body=body),
               subject=actions.facts_id(code), file=code)  # fmt: skip


def establishes(count: int, code: str = WARD) -> None:
    tell_database(person("chief"))
    with writing(person("chief"), at=NOW, subjects=[establishment_id(code)], units=[code]) as pen:
        set_establishment(pen, entry_id=uuid7(), unit=unit(code, using="default"), since=SINCE, act="QĐ 1",
                          counts={"officer": count})  # fmt: skip


def gap(kind: str = "motorcycle") -> Gap:
    tell_database(person("clerk"))
    return next(it for it in gaps(person("clerk"), [WARD], TODAY) if it.kind == kind)


def requested(kind: str = "motorcycle", at: datetime = LONG_AGO) -> Matter:
    answers = asking.facts(gap(kind), catalogue()[kind])
    return raises("clerk", queries.PROCEDURE, f"Đề nghị {kind}", answers, at=at)


def reviewed(matter: Matter, **answers: str) -> Matter:
    return steps("logistics", matter, "review", at=LONG_AGO + timedelta(days=2), outcome="agreed", **answers)


def normed() -> None:
    """For crawlers: figures of a ward, a norm of the province in two versions, requests in two states."""
    states("population", "70000")
    revises(publishes(), since=date(2026, 6, 1), lines=(Line(formula="3"),))
    matter = reviewed(requested("generator"), count_agreed="1")
    steps(
        "logistics", matter, "provide", at=LONG_AGO + timedelta(days=9), outcome="from-stock", count_given="1"
    )
    requested("pickup")
