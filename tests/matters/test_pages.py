"""The pages of matters, asked as a browser asks them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.journal.ids import uuid7
from haicap.matters.fold import Matter
from haicap.matters.models import MatterRow
from haicap.matters.procedures import shipped
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who
from matters.browsing import addresses, browser, hidden, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
CRIME = {
    "source": "information", "what": "Mất xe máy Wave", "place": "Chợ Sắt, phường Phạm Hồng Thái, quận Hồng Bàng, Hải Phòng",
    "severity": "serious", "group": "social-order", "reporter.name": "Trần Thị Bê", "reporter.phone": "0912345678",
}  # fmt: skip
NEEDS = {"kind": "headquarters", "what": "Dột khi mưa"}


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = addresses()
    yield
    tell_database(None)


def difficulty(title: str = "Trụ sở dột", **more: Any) -> Matter:
    return raises("clerk", "difficulty", title, NEEDS, at=datetime.now(UTC) - timedelta(hours=1), **more)


def crime(title: str = "Trộm cắp xe máy tại chợ Sắt", days_ago: int = 0) -> Matter:
    return raises(
        "clerk", "crime-report", title, CRIME, at=datetime.now(UTC) - timedelta(days=days_ago, hours=1)
    )


def test_smoke() -> None:
    matter = crime()
    client = browser("clerk")
    for address in ("/matters/", "/matters/new/", f"/matters/{matter.number}/", f"/matters/id/{matter.id}/",
                    "/matters/procedures/", "/matters/procedures/crime-report/", "/matters/competence/crime/",
                    "/matters/new/crime-report/", f"/matters/id/{matter.id}/clock/0/",
                    f"/matters/id/{matter.id}/step/check/", f"/matters/id/{matter.id}/step/turn-urgent/",
                    f"/matters/id/{matter.id}/act/comment/"):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
