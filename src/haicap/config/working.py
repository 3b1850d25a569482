"""The worker: what takes long or waits for its hour, in a thread of `haicap serve` or by `haicap work` alone."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from haicap.matters.work import ENDED

AGAIN = 10.0  # seconds until the next try while the database is away
GLANCE = 0.2  # seconds between two looks whether to end
PATIENCE = 10.0  # seconds that a job at work has to reach a place to stop at
QUEUE = "work"

log = logging.getLogger(__name__)


@contextmanager
def working() -> Iterator[None]:
    """Do what is waiting, beside what is done within; at its end a job is left where it can be taken up again."""
    ENDED.clear()
    thread = Thread(target=keep_on, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ENDED.set()
        thread.join()


def keep_on() -> None:
    """Work until `ENDED` is set. While the database is away it is tried again and again."""
    while not ENDED.is_set():
        try:
            asyncio.run(_work())
        except Exception:  # whatever it was, it is tried again
            log.exception("the worker could not work")
            ENDED.wait(AGAIN)


async def _work() -> None:
    try:
        await _work_on(_app())
    finally:  # periodic work is put into the queue on a connection of Django's, in the thread that it keeps for that
        await sync_to_async(connections.close_all)()


async def _work_on(its: App) -> None:
    async with its.open_async():
        await take_up(its)
        doing = asyncio.create_task(
            its.run_worker_async(
                queues=[QUEUE],
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=PATIENCE,
            )
        )
        while not (ENDED.is_set() or doing.done()):
            await asyncio.sleep(GLANCE)
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing


def _app() -> App:
    """The app with the tasks, on a connection of the worker role that hears at once of what is waiting."""
    kwargs = connector_params("worker")
    its = App(connector=PsycopgConnector(kwargs=kwargs, min_size=1, max_size=4))
    for module in settings.PROCRASTINATE_IMPORT_PATHS:
        import_module(module)
    its.tasks, its.periodic_registry = app.tasks, app.periodic_registry
    return its


async def take_up(its: App) -> None:
    """Put back what a worker that is gone (a power cut) had begun."""
    for job in await its.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await its.job_manager.retry_job(job)
