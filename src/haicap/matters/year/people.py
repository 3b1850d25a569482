"""Who acts in the year: everybody in post in one province, built from a few queries instead of six a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from haicap.units.fold import Post, Unit, posts, units
from haicap.units.models import Bearer, OfficerRow, PostRow, UnitRow
from haicap.units.queries import acting
from haicap.units.rights import Person, Right


@dataclass(frozen=True, slots=True)
class Crew:
    """The units of a province by code, and who holds a post there by unit and role."""

    units: Mapping[str, Unit]
    holders: Mapping[tuple[str, str], Person]

    def who(self, unit: str, role: str) -> Person:
        """The person in that post. Raises `KeyError` where there is none."""
        return self.holders[unit, role]

    def communes(self) -> list[Unit]:
        """The units of commune level in which somebody is in post, by code."""
        manned = {unit for unit, _role in self.holders}
        return [it for code, it in sorted(self.units.items()) if it.level == "commune" and code in manned]


def crew(province: str, day: date, *, using: str = "worker") -> Crew:
    """Whoever holds a post with rights in `province` on `day`, with the rights of `person_of`. Three queries."""
    unit_rows = UnitRow.objects.using(using).filter(province=province)
    its = {row.code: units.form.validate_python(row.state) for row in unit_rows}
    post_rows = acting(PostRow.objects.using(using).filter(unit__in=its)).order_by("id")
    in_post = Bearer.objects.using(using).filter(
        subject__in=post_rows.order_by().values("pk"), person__isnull=False
    )
    names = {row.id: row for row in OfficerRow.objects.using(using).filter(pk__in=in_post.values("person"))}
    found: dict[tuple[str, str], Person] = {}
    for post in (posts.form.validate_python(row.state) for row in post_rows):
        officer = next((names[it.person] for it in post.tenures if _holds(it.since, it.until, day)), None)
        if officer is not None:
            unit, whole = its[post.unit], its[province]
            found[post.unit, post.role] = Person(
                id=officer.id, name=officer.name, account=officer.account, post_name=post.vi,
                unit=unit.code, unit_name=unit.name.vi, province=province, province_name=whole.name.vi,
                rights=tuple(_rights(post, day, its)),
            )  # fmt: skip
    return Crew(its, found)


def _rights(post: Post, day: date, its: Mapping[str, Unit]) -> Iterable[Right]:
    for grant in post.grants:
        if _holds(grant.since, grant.until, day):
            over = {"unit": frozenset({post.unit}), "province": frozenset(its), "nation": frozenset[str]()}
            whole = post.province if grant.over == "province" else None
            yield Right(
                grant.id, post.id, post.role, post.unit, grant.actions, grant.over, grant.kinds, over[grant.over], whole
            )  # fmt: skip


def _holds(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or until > day)
