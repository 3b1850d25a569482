"""What a province shows of a commune whose node is not in contact is shown as of the last one."""

from datetime import UTC, datetime, timedelta

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.nodes.line.silence import silent
from haicap.nodes.models import Contact
from haicap.units.actions import merge_units, unit_id
from nodes.world import OTHER, THIRD, invites, itself, joined
from pages import asked, browser, difficulty, html

pytestmark = pytest.mark.django_db
CITY = "31"
MARK = "theo lần liên lạc cuối"


def contact(unit: str, ago: timedelta | None) -> None:
    node = joined(unit).node
    assert node is not None
    Contact.objects.create(node=node, last=datetime.now(UTC) - ago if ago else None)


def test_only_a_node_that_was_in_contact_and_is_not_now() -> None:
    at = datetime.now(UTC)
    assert silent([WARD, OTHER, THIRD, None], at) == {}
    contact(WARD, timedelta(hours=3))
    contact(OTHER, timedelta(minutes=3))
    invites(THIRD)
    assert list(silent([WARD, OTHER, THIRD, None], at)) == [WARD]
    assert silent([OTHER, THIRD], at) == {}
    assert silent([WARD], at - timedelta(hours=2, minutes=30)) == {}


def merged(code: str, into: str, at: datetime) -> None:
    with writing(
        itself(), at=at, subjects=[unit_id(code), unit_id(into)], units=[code, into], channel="reference"
    ) as pen:
        merge_units(
            pen, entry_ids=(uuid7(), uuid7()), codes=(code,), into=into, since=at.date(), act="Nghị quyết"
        )


def test_a_unit_that_works_on_another_ones_node_is_as_silent_as_that() -> None:
    at = datetime.now(UTC)
    merged(THIRD, OTHER, at)
    assert silent([OTHER, THIRD], at) == {}
    contact(OTHER, timedelta(hours=3))
    found = silent([WARD, OTHER, THIRD, CITY], at)
    assert found.keys() == {OTHER, THIRD}
    assert len({*found.values()}) == 1
    merged(OTHER, WARD, at)
    contact(WARD, timedelta(minutes=3))
    assert silent([WARD, OTHER, THIRD], at).keys() == {OTHER, THIRD}, (
        "its own machine goes on until it is closed"
    )


def test_never_in_contact_means_no_work_there() -> None:
    contact(WARD, None)
    assert silent([WARD], datetime.now(UTC)) == {}


def test_list_and_page_of_a_matter_say_so() -> None:
    subject = difficulty("Dột mái")
    page = f"/matters/id/{subject}/"
    clerk = browser("clerk")
    assert MARK not in html(clerk, "/matters/") + html(clerk, page)
    before = asked(clerk, "/matters/"), asked(clerk, page)
    contact(WARD, timedelta(days=2))
    assert html(clerk, "/matters/").count(MARK) == 1
    assert html(clerk, page).count(MARK) == 1
    after = asked(clerk, "/matters/"), asked(clerk, page)
    assert [late - early <= 1 for early, late in zip(before, after, strict=True)] == [True, True]
    Contact.objects.update(last=datetime.now(UTC))
    assert MARK not in html(clerk, "/matters/") + html(clerk, page)
