"""What the demonstration shows beside its year is written once, by people with a right to it, as the stories tell."""

from datetime import UTC, datetime

import pytest

from haicap.matters.authorities.models import AskedRow
from haicap.matters.demo import PROVINCE, SEED, fill_posts
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.guidance.models import GuidanceRow
from haicap.matters.models import MatterRow
from haicap.matters.year.running import Year
from haicap.matters.year.topics import VISITED, load_topics, words

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
YEAR = Year(SEED, datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


def test_all_parts_are_there_and_a_second_loading_adds_nothing() -> None:
    fill_posts()
    for _time in range(2):
        load_topics(YEAR, PROVINCE)
        guidance = GuidanceRow.objects.using("worker")
        assert guidance.count() == len(words()["guidance"])
        assert (guidance.filter(version=2).count(), guidance.filter(withdrawn=True).count()) == (1, 1)
        asked = AskedRow.objects.using("worker")
        assert asked.count() == len(words()["request"])
        assert asked.filter(met=None, due__lt=YEAR.end).exists()
        assert asked.filter(key="uy-ban-nhan-dan-phuong-hong-bang").count() == 3
        tasks = MatterRow.objects.using("worker").filter(procedure="directive")
        assert tasks.count() == 114 * 4 + 4 + 3
        assert not tasks.filter(received__gt=YEAR.end).exists()
        assert {"given", "reported", "verified"} <= set(tasks.values_list("status", flat=True))
        first, second = DirectiveRow.objects.using("worker").filter(visited=VISITED).order_by("issued")
        assert second.state is not None
        assert second.state["previous"] == str(first.pk)
