"""How long the pages of means take with the whole country in them: 3,321 units and half a million things.

`.venv/bin/python bench/means.py FOLDER [THINGS [ROUNDS]]` fills FOLDER, or goes on where it was cut off, then asks each
page as a whole request through every middleware, as four people would, and prints for each the median in milliseconds,
its queries and its weight compressed. All is made of real entries by the rooms' own actions: things, a site with a
building, an establishment with officers, and a project with payments for every unit.
"""

import gzip
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from haicap.config import prepare

if TYPE_CHECKING:
    from haicap.journal.pen import Pen
    from haicap.units.fold import Unit

PROCESSES, CHUNK = 2, 60  # units filled together: memory stays bounded
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
DAY = date(2025, 7, 1)
WARD, PROVINCE, FULL = "11311", "31", 30  # officers of a unit in the province that is looked at
OFFICERS = 6  # of every other unit
PEOPLE: dict[str, tuple[str, str]] = {
    "bench.clerk": (WARD, "clerk"),
    "bench.logistics": (f"{PROVINCE}-PH10", "department-head"),
    "bench.personnel": (f"{PROVINCE}-PX01", "department-head"),
    "bench.ministry": ("BCA", "director"),
}
CLERK, LOGISTICS, PERSONNEL, MINISTRY = PEOPLE
COUNTED = 12  # of a unit's things, each so many of a kind


@dataclass(frozen=True, slots=True)
class Page:
    """A page and whoever opens it."""

    name: str
    account: str
    address: str


def main() -> None:
    """Fill the folder that is named, measure, and stop its database."""
    folder = Path(sys.argv[1]).absolute()
    things, rounds = (int(given) for given in (*sys.argv[2:4], *("500000", "7")[len(sys.argv) - 2 :]))
    os.environ["HAICAP_HOME"] = str(folder)
    with prepare.installation(print):
        begun = time.perf_counter()
        fill(things)
        print(f"{folder}: {held():,} things, {time.perf_counter() - begun:,.0f} s")
        told(measured(list(pages()), rounds))


# Filling


def held() -> int:
    """How many things this installation has."""
    from haicap.means.things.models import ThingRow

    return ThingRow.objects.using("worker").count()


def fill(things: int) -> None:
    """Fill this installation with so many things, evenly over all units of commune level."""
    from django.db import connections

    from haicap.matters.founding import load_documents
    from haicap.means.catalogue.shipped import load_catalogue
    from haicap.means.norms.shipped import load_norms
    from haicap.units.loading import load_register
    from haicap.units.models import UnitRow

    load_register()
    load_documents()
    load_catalogue()
    load_norms()
    people()
    rows = UnitRow.objects.using("worker").filter(level="commune", closed=None).order_by("code")
    codes = list(rows.values_list("code", flat=True))
    done = Path(os.environ["HAICAP_HOME"]) / "chunks"  # the first units of those that are whole
    whole = set(done.read_text().split()) if done.exists() else set()
    every = (codes[place : place + CHUNK] for place in range(0, len(codes), CHUNK))
    chunks = [chunk for chunk in every if chunk[0] not in whole]
    each = -(-things // len(codes))
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=prepare.django) as pool:
        for place, its in enumerate(as_completed([pool.submit(some, chunk, each) for chunk in chunks]), 1):
            whole.add(its.result())
            done.write_text(" ".join(sorted(whole)))
            print(f"{place} of {len(chunks)}", flush=True)
    if chunks:
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def people() -> None:
    """Open a post for everybody who looks; whoever looks from the ministry sees the whole country."""
    from django.contrib.auth.models import User

    from haicap.journal.bulk import Bulk
    from haicap.journal.node import own
    from haicap.journal.pen import Pen
    from haicap.means.works.actions import resolve
    from haicap.units.actions import give_grant
    from haicap.units.entries import GrantGiven, Label
    from haicap.units.loading import FOUNDED, Founder, put_in_post, seeded
    from haicap.units.models import OfficerRow
    from haicap.units.register import provinces

    if OfficerRow.objects.using("worker").filter(account=CLERK).exists():
        return
    desk = Bulk(own("worker"), seeded("bench"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for account, (code, role) in PEOPLE.items():
        label = Label(vi=account, en=account)
        post = put_in_post(pen, account=account, name=account, unit=unit_of(code), role=role, label=label)  # type: ignore[arg-type]
        if account == MINISTRY:
            nation = GrantGiven(actions=("means.see", "staff.see", "matter.see"), over="nation", since=DAY)
            give_grant(pen, entry_id=fresh(pen), post=post, grant=nation)
        User.objects.using("worker").get_or_create(username=account)
    for it in provinces():
        resolve(
            pen, entry_id=fresh(pen), subject=programme_id(it.code), province=it.code, name="Chương trình trụ sở",
            first=2026, last=2028, synthetic=True,
        )  # fmt: skip
    desk.load("worker")


def unit_of(code: str) -> "Unit":
    """A unit of the register as it is now."""
    from haicap.units.fold import units
    from haicap.units.models import UnitRow

    return units.form.validate_python(UnitRow.objects.using("worker").get(code=code).state)


def some(codes: Sequence[str], each: int) -> str:
    """Fill some units and load them, the same again for the same units; returns the first."""
    from haicap.journal.bulk import Bulk
    from haicap.journal.fold import Folded
    from haicap.journal.node import own
    from haicap.journal.pen import Pen
    from haicap.means.works.models import ProgrammeRow
    from haicap.means.works.queries import programme_of
    from haicap.units.loading import Founder, seeded

    desk = Bulk(own("worker"), seeded(f"means/{codes[0]}"))
    pen = Pen(Founder(desk.own.id), AT, desk)
    for row in ProgrammeRow.objects.using("worker"):  # known to the desk, not written again
        desk.kept[row.pk] = Folded(state=programme_of(row))
    for code in codes:
        unit, rng = unit_of(code), random.Random(code)
        things_of(pen, unit, each, rng)
        site_of(pen, unit, rng)
        officers_of(pen, unit, rng)
        project_of(pen, unit, rng)
    desk.load("worker")
    return codes[0]


def fresh(pen: "Pen") -> UUID:
    """A new id of the pen's desk."""
    from haicap.journal.ids import uuid7

    return uuid7(pen.at, pen.desk.entropy)


def things_of(pen: "Pen", unit: "Unit", each: int, rng: random.Random) -> None:
    """So many things of all kinds, most of them single, some worn or broken, some with a warranty."""
    from haicap.means.catalogue.queries import catalogue
    from haicap.means.things import recording
    from haicap.means.things.entries import Bought, Put

    kinds = [it for it in catalogue(using="worker").values() if it.family in ("equipment", "vehicle")]
    single = [it for it in kinds if it.counting == "single"]
    counted = [it for it in kinds if it.counting == "counted"]
    for place in range(each):
        kind = counted[place % len(counted)] if place < COUNTED else single[place % len(single)]
        bought = DAY + timedelta(days=rng.randint(0, 300))
        its = recording.Described(
            kind=kind, way="handed-over", since=bought, name=f"Loại {rng.randint(1, 40)}",
            condition=rng.choice(("good", "good", "worn", "broken")),
            warranty=bought + timedelta(days=730) if rng.random() < 0.3 else None, bought=Bought(on=bought),
            put=Put(place=f"Phòng {rng.randint(1, 12)}"), serials=(f"{rng.randrange(16**8):08X}",),
        )  # fmt: skip
        count = rng.randint(2, 40) if kind.counting == "counted" else 1
        recording.record(pen, entry_id=fresh(pen), unit=unit, its=its, count=count, synthetic=True)


def site_of(pen: "Pen", unit: "Unit", rng: random.Random) -> None:
    """A site with one building and its rooms."""
    from haicap.means.premises import entries as e
    from haicap.means.premises import recording

    subject = fresh(pen)
    land = e.Land(
        area=str(rng.randint(400, 2600)), title=rng.choice(("granted", "applied", "none")), certificate="CT"
    )
    details = e.Details(name=f"Trụ sở {unit.name.vi}", address="Số 1", land=land)
    recording.record_site(
        pen, entry_id=fresh(pen), subject=subject, unit=unit, details=details, synthetic=True
    )
    area = rng.randint(150, 552)
    frame = e.Frame(code="A", name="Nhà làm việc", use="office", storeys=2, area=str(area), year=2010)
    recording.record_building(pen, entry_id=fresh(pen), subject=subject, building=frame)
    rooms = (
        e.Room(code="1", name="Làm việc", use="working-area", area=str(area // 2)),
        e.Room(code="2", name="Tiếp dân", use="reception-area", area=str(area // 6)),
    )
    recording.set_rooms(pen, entry_id=fresh(pen), subject=subject, building="A", rooms=rooms)


def officers_of(pen: "Pen", unit: "Unit", rng: random.Random) -> None:
    """An establishment, and posts that somebody holds."""
    from haicap.means.staff.actions import set_establishment
    from haicap.means.staff.sorts import ALL
    from haicap.units.entries import Label
    from haicap.units.loading import put_in_post

    counts = {ALL: rng.randint(26, 40), "investigator": 6, "driver": 4, "first-aider": 5}
    set_establishment(
        pen, entry_id=fresh(pen), unit=unit, since=DAY, act="Mẫu", counts=counts, synthetic=True
    )
    label = Label(vi="Cán bộ", en="Officer")
    for place in range(FULL if unit.province == PROVINCE else OFFICERS):
        account = f"b.{unit.code}.{place:02}"
        put_in_post(
            pen, account=account, name=f"Cán bộ {unit.code}/{place:02}", unit=unit, role="officer", label=label,
            plain=True,
        )  # fmt: skip


def project_of(pen: "Pen", unit: "Unit", rng: random.Random) -> None:
    """A headquarters to be built; some have begun and are paid for, some are late. In one programme of the province."""
    from haicap.means.works import actions
    from haicap.means.works.actions import Saying
    from haicap.means.works.entries import Stage

    begins = AT.date() + timedelta(days=rng.randint(-200, 200))
    away: dict[Stage, int] = {"approval": -120, "land": -80, "design": -50, "start": 0, "handover": 200}
    subject, budget = fresh(pen), rng.randint(4000, 7000) * 10**6
    early = pen.by(pen.person, AT - timedelta(days=360))
    actions.plan(
        early, entry_id=fresh(pen), subject=subject, unit=unit, budget={"province": budget}, synthetic=True,
        saying=Saying(f"Trụ sở {unit.name.vi}", "new", programme=programme_id(unit.province or "")),
        stages={stage: begins + timedelta(days=days) for stage, days in away.items()},
    )  # fmt: skip
    for stage, days in away.items():
        if (on := begins + timedelta(days=days)) < AT.date() and rng.random() < 0.95:
            if stage == "handover":
                continue
            actions.reach(pen, entry_id=fresh(pen), subject=subject, stage=stage, on=on)
    if begins < AT.date():
        actions.pay(
            pen, entry_id=fresh(pen), subject=subject, on=AT.date(), source="province", amount=budget // 3
        )


def programme_id(province: str) -> UUID:
    """The programme of a province."""
    return uuid5(NAMESPACE_URL, f"programme/{province}")


# Measuring


def pages() -> Iterator[Page]:
    """What is asked, and by whom."""
    norm = one_norm()
    programme = programme_id(PROVINCE)
    for who in (CLERK, LOGISTICS, MINISTRY):
        yield Page("things, all", who, "/means/things/")
        yield Page("things, broken computers", who, "/means/things/?kind=computer&condition=broken")
        yield Page("things, words", who, "/means/things/?q=loai+7+phong+3")
    yield Page("things, warranty ends, by holder", LOGISTICS, "/means/things/?warranty=soon&sort=holder")
    yield Page("things, last pages", MINISTRY, "/means/things/?page=180")
    yield Page("a unit's means", CLERK, "/means/unit/")
    yield Page("a unit's means", LOGISTICS, f"/means/unit/?unit={WARD}")
    yield Page("gaps by kind, province", LOGISTICS, "/means/gaps/")
    yield Page("gaps by unit, province", LOGISTICS, "/means/gaps/?by=units")
    yield Page("gaps, each, province", LOGISTICS, "/means/gaps/?by=each")
    yield Page("gaps by kind, nation", MINISTRY, "/means/gaps/")
    yield Page("gaps by unit, nation", MINISTRY, "/means/gaps/?by=units")
    yield Page("gaps, each, nation", MINISTRY, "/means/gaps/?by=each")
    yield Page("norms", LOGISTICS, "/means/norms/")
    yield Page("a norm and its effect", LOGISTICS, f"/means/norms/{norm}/")
    yield Page("a norm and its effect", MINISTRY, f"/means/norms/{norm}/")
    yield Page("premises, province", LOGISTICS, "/means/premises/")
    yield Page("premises, nation", MINISTRY, "/means/premises/")
    yield Page("works, province", LOGISTICS, "/means/works/")
    yield Page("works, nation", MINISTRY, "/means/works/?against=2026-03-01")
    yield Page("programmes, nation", MINISTRY, "/means/works/programmes/")
    yield Page("a programme", LOGISTICS, f"/means/works/programmes/{programme}/")
    yield Page(
        "a programme against a day", LOGISTICS, f"/means/works/programmes/{programme}/?against=2026-06-01"
    )
    yield Page("staff, province", PERSONNEL, "/means/staff/")
    yield Page("staff, people of the province", PERSONNEL, "/means/staff/people/")
    yield Page("staff, a unit", PERSONNEL, f"/means/staff/units/{WARD}/")
    yield Page("staff, nation", MINISTRY, "/means/staff/")
    yield Page("staff, people of the nation", MINISTRY, "/means/staff/people/")


def one_norm() -> UUID:
    """A norm of those that come with haicap."""
    from haicap.means.norms.models import NormRow

    return NormRow.objects.using("worker").order_by("code").values_list("pk", flat=True)[0]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page took: milliseconds of each request, queries, bytes compressed."""

    page: Page
    times: list[float]
    busy: list[float]  # of these, milliseconds of this process's processor
    queries: int
    weight: int
    status: int


def measured(its: Sequence[Page], rounds: int) -> list[Taken]:
    """Each page once to warm up, once with its queries counted, then in so many rounds."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from haicap.config.serving import tune

    settings.ALLOWED_HOSTS = ["*"]
    tune()  # as `haicap serve` does
    clients = {account: Client() for account in PEOPLE}
    for account, client in clients.items():
        client.force_login(
            User.objects.get(username=account), "allauth.account.auth_backends.AuthenticationBackend"
        )
    found = []
    for page in its:
        client = clients[page.account]
        client.get(page.address)
        asked: list[str] = []

        def noted(execute: Any, sql: str, *rest: Any, asked: list[str] = asked) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(noted):
            answer = client.get(page.address)
        times, busy = [], []
        for _ in range(rounds):
            begun, used = time.perf_counter(), time.process_time()
            client.get(page.address)
            times.append((time.perf_counter() - begun) * 1000)
            busy.append((time.process_time() - used) * 1000)
        weight = len(gzip.compress(answer.content))
        found.append(Taken(page, times, busy, len(asked), weight, answer.status_code))
    return found


def told(its: Sequence[Taken]) -> None:
    """Print the table."""
    print(f"{'page':36}{'who':18}{'ms':>9}{'busy':>9}{'queries':>9}{'kB':>7}")
    for it in its:
        said = "" if it.status == 200 else f"  {it.status}!"
        print(
            f"{it.page.name:36}{it.page.account:18}{statistics.median(it.times):9.1f}"
            f"{statistics.median(it.busy):9.1f}{it.queries:9}{it.weight / 1000:7.1f}{said}"
        )


if __name__ == "__main__":
    main()
