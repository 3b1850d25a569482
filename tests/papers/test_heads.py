"""The head of a paper says who makes it and where, from the register or from a letterhead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from cast import WARD
from haicap.papers.editions import Letterhead
from haicap.papers.heads import head, head_of, place
from haicap.units.fold import Name, Unit

EVENING = datetime(2026, 8, 3, 18, 0, tzinfo=UTC)  # the 4th in Vietnam
POLICE = Unit(
    code=WARD, names=(Name("Công an phường Hồng Bàng", "Hồng Bàng ward police", date(2025, 7, 1), "NĐ"),),
    level="commune", sort="ward", parent="31", province="31", territories=(WARD,), remote=False, resolved=True,
    opened=date(2025, 7, 1),
)  # fmt: skip


def test_the_place_is_the_territory_else_the_province_else_the_capital() -> None:
    assert place(POLICE) == "Hồng Bàng"
    assert place(replace(POLICE, territories=())) == "Hải Phòng"
    assert place(replace(POLICE, territories=(), province=None)) == "Hà Nội"


def test_a_letterhead_says_what_it_says_and_leaves_the_rest() -> None:
    assert head(POLICE, "Công an thành phố", EVENING, Letterhead(place="Sở Dầu", symbol="CAP-TH")) == {
        "superior": "Công an thành phố", "agency": "Công an phường Hồng Bàng", "symbol": "CAP-TH", "place": "Sở Dầu",
        "date": date(2026, 8, 4),
    }  # fmt: skip


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_the_head_of_a_unit_by_its_code(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        its = head_of(WARD, EVENING)
    assert its == head(POLICE, "Công an thành phố Hải Phòng", EVENING)
    assert head_of("31", EVENING)["superior"] == "Bộ Công an"
