"""Long work: done once, as whoever began it, seen by nobody else, taken up again where it was cut off."""

from uuid import UUID

import pytest

from haicap.journal.ids import uuid7
from haicap.matters import work
from haicap.matters.work import Job, Tell
from pages import browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])

DID: list[tuple[UUID, str, int]] = []
FAILS: list[Exception] = []


@work.work("test", "Việc thử")
def trial(job: Job, tell: Tell) -> None:
    """Note who does what; fail as often as it is asked to."""
    for done in range(1, job.total + 1):
        DID.append((job.id, job.person_at_work().account, done))
        if FAILS:
            raise FAILS.pop()
        tell(done)


@pytest.fixture(autouse=True)
def fresh() -> None:
    DID.clear()
    FAILS.clear()


def begun(total: int = 2, id: UUID | None = None) -> Job:
    return work.begin(person("clerk"), trial, id=id or uuid7(), total=total, result="/matters/")


def test_work_is_done_as_whoever_began_it() -> None:
    job = begun()
    did = [*DID]
    assert did == [(job.id, "clerk", 1), (job.id, "clerk", 2)]
    assert (job.state, job.done, job.is_over) == ("done", 2, True)


def test_begun_twice_it_is_done_once() -> None:
    id = uuid7()
    begun(id=id)
    begun(id=id)
    assert len(DID) == 2


def test_what_fails_says_so_and_can_be_done_again() -> None:
    FAILS.append(ValueError("broken"))
    job = begun()
    assert job.state == "failed"
    clerk = browser("clerk")
    assert "Làm tiếp" in html(clerk, f"/jobs/{job.id}/")
    assert clerk.post(f"/jobs/{job.id}/again/").status_code == 302
    job.refresh_from_db()
    assert job.state == "waiting"
    work.do(job.id)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)


def test_what_is_cut_off_waits_for_the_next_worker() -> None:
    work.ENDED.set()
    try:
        with pytest.raises(work.Interrupted):
            begun()
    finally:
        work.ENDED.clear()
    (job,) = Job.objects.filter(what="test")
    assert (job.state, job.done) == ("waiting", 1)
    work.do(job.id)
    job.refresh_from_db()
    assert job.state == "done"


def test_the_page_says_how_far_it_is_and_looks_again() -> None:
    job = begun()
    Job.objects.filter(pk=job.pk).update(state="running", done=1)
    clerk = browser("clerk")
    page = html(clerk, f"/jobs/{job.id}/")
    assert "Đang làm" in page
    assert "1 trên 2" in page
    assert 'hx-trigger="every 2s"' in page
    part = clerk.get(f"/jobs/{job.id}/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    Job.objects.filter(pk=job.pk).update(state="done")
    over = clerk.get(f"/jobs/{job.id}/", headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert "Việc thử" in html(clerk, "/jobs/")


def test_another_person_sees_nothing_of_it() -> None:
    job = begun()
    chief = browser("chief")
    assert chief.get(f"/jobs/{job.id}/").status_code == 404
    assert chief.post(f"/jobs/{job.id}/again/").status_code == 302
    assert "Việc thử" not in html(chief, "/jobs/")


def test_what_was_over_long_ago_is_forgotten() -> None:
    job = begun()
    assert job.ended_at is not None
    later = int((job.ended_at + work.KEPT).timestamp())
    work.forget(later - 60)
    assert Job.objects.filter(pk=job.pk).exists()
    work.forget(later + 60)
    assert not Job.objects.filter(pk=job.pk).exists()
