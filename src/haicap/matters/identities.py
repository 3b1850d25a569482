"""What sealed facts about people are found by: identity numbers and phones, brought to one form."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

Sort = Literal["id", "phone"]
FORMS: dict[Sort, str] = {"id": r"(?=(.*[0-9]){5})[A-Z0-9]{6,15}", "phone": r"0[0-9]{8,14}"}


def identities(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What the facts' people can be found by: `id:…` for each identity number, `phone:…` for each phone."""
    return tuple(dict.fromkeys(_of(facts)))


def _of(facts: Mapping[str, Any]) -> Iterator[str]:
    for person in facts.values():
        if isinstance(person, Mapping):
            yield from _of(person)  # what came over from another file lies one level deeper
            for sort, part in (("id", "id_number"), ("phone", "phone")):
                if isinstance(number := person.get(part), str):
                    yield f"{sort}:{_tidy(sort, number)}"


def meant(text: str) -> tuple[str, ...]:
    """What a typed number may mean, as `identities` has it: an identity number, a phone, both or nothing."""
    its = ((sort, _tidy(sort, text)) for sort in FORMS)
    return tuple(f"{sort}:{number}" for sort, number in its if re.fullmatch(FORMS[sort], number))


def is_number_of_a_person(text: str) -> bool:
    """Whether a text is, but for spaces and signs between, 9 to 12 digits: it should not stand in an address."""
    digits = re.sub(r"[\s.+()-]", "", text)
    return digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 12


def _tidy(sort: Sort | str, text: str) -> str:
    """Alphanumerics in capitals; of a phone the digits, with 0 for the country's code 84."""
    if sort == "id":
        return re.sub(r"[^A-Za-z0-9]", "", text).upper()
    digits = re.sub(r"[^0-9]", "", text)
    return re.sub(r"^(00)?84(?=[0-9]{8,})", "0", digits)
