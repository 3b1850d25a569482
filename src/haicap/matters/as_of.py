"""While a unit's node is not in contact, what is shown of its work is what was known then: clocks may have stopped."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.matters.showing import Names
from haicap.nodes.header import clock
from haicap.nodes.line.silence import silent

SHOWN = 3  # units that are named; the others are counted


def marks(units: Collection[str | None], names: Names, at: datetime) -> list[str]:
    """Sentences on those of these units whose files may be further than they look from here; a query at most."""
    found = [
        _("Việc của %(unit)s: theo lần liên lạc cuối, %(when)s. Việc làm từ đó chưa chuyển đến.")
        % {"unit": names.unit(unit), "when": clock(last, at)}
        for unit, last in silent(units, at).items()
    ]
    count = len(found) - SHOWN
    if count <= 0:
        return found
    more = ngettext("Và %(n)s đơn vị nữa mất liên lạc.", "Và %(n)s đơn vị nữa mất liên lạc.", count) % {
        "n": count
    }
    return [*found[:SHOWN], more]
