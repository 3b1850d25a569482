"""How fast the journal is verified and its tables are made again: entries a second.

Uses the installation that HAICAP_HOME names, such as a loaded demo; without it, one of its own, with 40,000
invented matters of five entries each, made in a temporary folder and thrown away.
"""

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from haicap.config import home, postgres, prepare

if TYPE_CHECKING:
    from haicap.journal.pen import Pen

MATTERS = 40_000
BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def main() -> None:
    """Print hashing, refolding and rebuilding, each in entries a second over all processors."""
    own = "HAICAP_HOME" not in os.environ
    if own:
        os.environ["HAICAP_HOME"] = str(Path(tempfile.gettempdir()) / f"haicap-bench-{token_hex(4)}")
    try:
        with prepare.installation(print):
            if own:
                fill()
            measure()
    finally:
        if own:
            postgres.stop()
            shutil.rmtree(home.folder())


def measure() -> None:
    from haicap.journal.checkpoint import checkpoint
    from haicap.journal.rebuild import rebuild
    from haicap.journal.verify import verify

    checkpoint(at=datetime.now(UTC), using="worker")
    report = verify()
    assert report.ok, report.problems[:3]
    print(f"{report.entries:,} entries, {os.cpu_count()} processors; {report.says}")
    print(f"hashing    {report.entries / report.hashing:10,.0f} entries/s")
    print(f"refolding  {report.entries / report.refolding:10,.0f} entries/s")
    begun = time.perf_counter()
    made = rebuild()
    print(f"rebuilding {made.entries / (time.perf_counter() - begun):10,.0f} entries/s ({made.rows:,} rows)")


def fill() -> None:
    """The register, and matters of real size: what came in, what was done about it, some of it sealed."""
    from haicap.journal.bulk import Bulk
    from haicap.journal.node import own
    from haicap.journal.pen import Pen
    from haicap.units.loading import Founder, load_register, seeded
    from haicap.units.models import UnitRow

    load_register()
    communes = list(
        UnitRow.objects.using("worker").filter(province="31", level="commune").values_list("code", flat=True)
    )
    desk = Bulk(own("worker"), seeded("bench"))
    pen = Pen(Founder(desk.own.id), BEGAN, desk)
    for n in range(MATTERS):
        one_matter(pen.by(pen.person, BEGAN + timedelta(minutes=n)), communes[n % len(communes)], n)
    desk.load("worker")


def one_matter(pen: "Pen", unit: str, n: int) -> None:
    from haicap.journal.ids import uuid7
    from haicap.matters import entries as it
    from haicap.matters.fold import matters

    subject, later = uuid7(pen.at, pen.desk.entropy), timedelta(days=1)
    start = it.Start(
        clock="answer", binds="holder", since=pen.at, limit="10 working days", regime="office", calendar="0" * 64,
        due=pen.at + 14 * later,
    )  # fmt: skip
    raised = it.Raised(
        number=f"{unit}-26-7K{n:05}-X", procedure="difficulty", edition="0" * 64, by="desk", received=pen.at,
        title="Trụ sở làm việc xuống cấp, dột khi mưa", facts={"kind": "headquarters", "what": "Mái dột ba phòng"},
        branch="only", now="raised", holder="31-PH10", why=it.Reason(vi="Hậu cần giữ trụ sở", en="Logistics"),
        province="31", starts=(start,),
    )  # fmt: skip
    answered = it.Stepped(
        step="answer", now="answered", outcome="guidance", facts={"guidance": "Sửa bằng nguồn tự có"}, stops=("answer",)
    )  # fmt: skip
    bodies = [
        raised,
        it.Received(),
        it.Commented(text=""),
        answered,
        it.Stepped(step="confirm", now="removed", ends=True),
    ]
    for place, body in enumerate(bodies):
        sealed = {"text": "Đã gọi cho bà Nguyễn Thị B"} if place == 2 and n % 2 == 0 else None
        pen.by(pen.person, pen.at + place * later).write(
            matters, uuid7(pen.at, pen.desk.entropy), subject, body, unit=unit, grant=None, sealed=sealed
        )


if __name__ == "__main__":
    main()
