"""What staff tells of what a unit holds: whoever is present today, by kind of the family `post`."""

from collections.abc import Collection

from haicap.means.holdings import Held, Source
from haicap.means.staff.queries import held_url
from haicap.means.staff.strength import held
from haicap.units.rights import Person
from haicap.units.sign_in import today


def _held(person: Person, units: Collection[str] | None) -> list[Held]:
    return held(person, units, today())


SOURCE = Source(_held, held_url)
