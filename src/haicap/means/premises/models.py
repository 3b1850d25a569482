"""Tables of premises: an index over folded sites, and the areas of their buildings by kind of means."""

from collections import defaultdict
from decimal import Decimal
from typing import get_args
from uuid import UUID

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.means.premises.entries import Condition
from haicap.means.premises.fold import Building, Site, sites
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key

CONDITIONS: tuple[Condition, ...] = get_args(Condition)
"""From the best to the worst; a table keeps the place in this order, so that it sorts and the worst counts."""


class SiteRow(Projection):
    """A site as lists need it; areas are m², `estimate` VND."""

    unit = models.TextField()
    holder = models.TextField()
    receiver = models.TextField(null=True)
    province = models.TextField(null=True)
    name = models.TextField()
    order = models.TextField()
    words = models.TextField()  # folded for search
    title = models.TextField()
    land = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    floor = models.DecimalField(max_digits=12, decimal_places=2)
    buildings = models.PositiveSmallIntegerField()
    condition = models.PositiveSmallIntegerField(null=True)  # the worst of its buildings, by `CONDITIONS`
    unsurveyed = models.PositiveSmallIntegerField()
    surveyed = models.DateField(null=True)  # the oldest of the newest surveys of its buildings
    estimate = models.DecimalField(max_digits=16, decimal_places=0)
    borrowed = models.BooleanField()
    lent = models.BooleanField()
    shared = models.BooleanField()
    former = models.TextField(null=True)  # the level of the former unit
    fate = models.TextField(null=True)
    batch = models.UUIDField(null=True)  # the list of a former unit with which it came
    mistake = models.BooleanField(default=False)  # it should never have been recorded
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["holder"], name="means_site_of_holder"),
            models.Index(fields=["province", "order"], name="means_site_in_province"),
            models.Index(fields=["batch"], condition=~models.Q(batch=None), name="means_site_of_batch"),
        ]


@projects(sites, into=SiteRow)
def site_row(site: Site, folded: Folded[Site]) -> Row:
    """Every column but those of `Projection`."""
    its, standing = site.details, site.standing
    newest = [it.newest.said for it in standing if it.newest]
    lendings = [it.said for building in standing for it in building.lent]
    return {
        "unit": site.unit,
        "holder": site.holder,
        "receiver": site.handover.said.to if site.handover else None,
        "province": site.province,
        "name": its.name,
        "order": sort_key(its.name),
        "words": folded_text(" ".join(_words(site))),
        "title": its.land.title,
        "land": Decimal(its.land.area) if its.land.area else None,
        "floor": site.floor,
        "buildings": len(standing),
        "condition": max((CONDITIONS.index(it.condition) for it in newest), default=None),
        "unsurveyed": len(standing) - len(newest),
        "surveyed": min((it.on for it in newest), default=None),
        "estimate": sum((Decimal(it.estimate) for it in newest if it.estimate), Decimal()),
        "borrowed": any(it.its.tenure == "borrowed" for it in standing),
        "lent": any(not it.shared for it in lendings),
        "shared": any(it.shared for it in lendings),
        "former": its.former.level if its.former else None,
        "fate": site.fate.fate if site.fate else None,
        "batch": site.batch,
        "mistake": bool(site.withdrawn),
        "conflicts": len(folded.aside),
    }


def _words(site: Site) -> list[str]:
    its = site.details
    former = [its.former.unit] if its.former else []
    plain = [its.name, its.address, its.old_address, its.land.certificate, its.land.owner, *former]
    return plain + [f"{it.its.code} {it.its.name}" for it in site.buildings]


class SpaceRow(models.Model):
    """The m² that a building has of a kind of means, for its holder; `fit` whether it can be worked in."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    unit = models.TextField()
    holder = models.TextField()
    province = models.TextField(null=True)
    building = models.TextField()
    kind = models.TextField()
    area = models.DecimalField(max_digits=12, decimal_places=2)
    fit = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["holder", "kind"], name="means_space_of_holder"),
            models.Index(fields=["province", "kind"], name="means_space_in_province"),
        ]


@projects_also(sites, into=SpaceRow)
def space_rows(subject: UUID, folded: Folded[Site]) -> list[Row]:
    """What each building in use has of each use of rooms; rooms lent to others are not counted."""
    site = folded.state
    if site is None:
        return []
    found = [(it, kind, area) for it in _in_use(site) for kind, area in sorted(areas(it).items())]
    return [
        {
            "subject": subject,
            "place": place,
            "unit": site.unit,
            "holder": site.holder,
            "province": site.province,
            "building": building.its.code,
            "kind": kind,
            "area": area,
            "fit": building.fit,
        }
        for place, (building, kind, area) in enumerate(found)
    ]


def _in_use(site: Site) -> list[Building]:
    return [it for it in site.standing if site.fate_of(it.its.code) != "empty"]


def areas(building: Building) -> dict[str, Decimal]:
    """m² by use of the rooms that the holder uses."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for room in building.ours():
        found[room.use] += Decimal(room.area)
    return dict(found)
