"""The worker itself: from the queue of the web role, through the worker role, to a job that is done."""

import asyncio
from time import monotonic, sleep
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import ProgrammingError, connection, connections
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from haicap.config.working import working
from haicap.journal.ids import uuid7
from haicap.matters import work
from haicap.matters.bulk import doing as doing  # its tasks are known by being imported
from haicap.matters.notices import digest as digest
from haicap.matters.work import Job, Tell
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)


@work.work("test-worker", "Việc thử")
def trial(job: Job, tell: Tell) -> None:
    """Nothing but to tell how far it is."""
    tell(job.total)


def queued() -> Job:
    return work.begin(person("clerk"), trial, id=uuid7(), total=3, result="/matters/")


def ended(job: Job) -> Job:
    """The job when it is over, or as it is after a long wait."""
    until = monotonic() + 30
    while not job.is_over and monotonic() < until:
        sleep(0.05)
        job.refresh_from_db()
    return job


def test_a_job_waits_in_the_queue_until_a_worker_comes(own_database: str, settings: Any) -> None:
    settings.WORK_AT_ONCE = False
    before = queued()
    assert before.state == "waiting"
    with working():
        assert ended(before).state == "done"
        during = queued()  # heard of at once
        assert (ended(during).state, during.done) == ("done", 3)
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'haicap.work'")
        assert cursor.fetchone() == (0,)


def test_a_job_carries_an_id_and_nothing_else(own_database: str, settings: Any) -> None:
    settings.WORK_AT_ONCE = False
    job = queued()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'job', args - 'job' = '{}' FROM procrastinate_jobs")
        assert cursor.fetchall() == [(str(job.id), True)]


def test_pages_may_put_work_in_and_never_take_it_out(own_database: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_what_waits_for_its_hour_is_put_in_the_queue(own_database: str) -> None:
    its = [(task, 1_795_000_000) for task in app.periodic_registry.periodic_tasks.values()]
    assert {"haicap.digest", "haicap.work.forget"} <= {task.task.name for task, _at in its}

    async def put() -> None:
        for _worker in range(2):  # two workers at the same hour
            await PeriodicDeferrer(registry=app.periodic_registry).defer_jobs(its)
        await sync_to_async(connections.close_all)()

    asyncio.run(put())
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY task_name")
        assert [name for (name,) in cursor] == sorted(task.task.name for task, _at in its)
