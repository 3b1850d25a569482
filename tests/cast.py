"""The standing cast: who acts in tests, so that a test of rights is one line.

`clerk` and `chief` sit in one ward of Hải Phòng, `neighbour` in the next, `outsider` in another province;
`logistics`, `crime` and `crime_head` in departments, `staff_head` in the staff department.
"""

from haicap.journal.bulk import Bulk
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.units.entries import Label, Role
from haicap.units.fold import Unit, units
from haicap.units.loading import FOUNDED, Founder, put_in_post, seeded
from haicap.units.models import UnitRow

WARD = "11311"
CAST: dict[str, tuple[str, Role]] = {
    "clerk": (WARD, "clerk"),
    "officer": (WARD, "officer"),
    "chief": (WARD, "leader"),
    "neighbour": ("11329", "clerk"),
    "outsider": ("00004", "leader"),
    "logistics": ("31-PH10", "department-officer"),
    "logistics_head": ("31-PH10", "department-head"),
    "crime": ("31-PC02", "department-officer"),
    "crime_head": ("31-PC02", "department-head"),
    "drugs_head": ("31-PC04", "department-head"),
    "staff_head": ("31-PV01", "department-head"),
    "director": ("31", "director"),
    "auditor": ("31", "auditor"),
    "operator": ("31", "operator"),
}


def load_cast(*, using: str = "worker") -> None:
    """Open a post for everybody of the cast; the account's name is the key."""
    desk = Bulk(own(using), seeded("cast"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for account, (code, role) in CAST.items():
        label = Label(vi=f"Chức vụ {account}", en=account)
        put_in_post(pen, account=account, name=f"Cán bộ {account}", unit=unit(code), role=role, label=label)
    desk.load(using)


def unit(code: str, *, using: str = "worker") -> Unit:
    """A unit of the register as it is now."""
    return units.form.validate_python(UnitRow.objects.using(using).get(code=code).state)
