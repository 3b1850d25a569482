"""Plans for crawlers: two trials that can be compared, one adopted; and a stated distance."""

from haicap.journal.ids import uuid7
from haicap.means.plans.models import Trial
from means.test_distances import states
from pages import browser, in_days

POINTS = {"points": "4", "aim": "median", "within": "", "longest": ""}


def planned() -> None:
    """As the head of logistics does it on the pages."""
    page = browser("logistics_head")
    page.post("/means/plans/new/points/", {"id": str(uuid7()), **POINTS})
    first = Trial.objects.get()
    key = first.answer["items"][0]["key"]
    page.post(f"/means/plans/trial/{first.pk}/", {"id": str(uuid7()), "forbidden": key})
    form = {
        "entry_id": str(uuid7()),
        "name": "Điểm tiếp nhận chung",
        "paper": "15/KH",
        "due": f"{in_days(90)}",
    }
    page.post(f"/means/plans/trial/{first.pk}/adopt/", form)
    states()
