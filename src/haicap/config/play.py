"""What `haicap demo-nodes` plays: five installations that work apart and come together again, told line by line."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import click

from haicap.config import home
from haicap.config.home import Trouble
from haicap.config.offices import Line, Office, Visitor, found

PROVINCE = "31"
ABREAST = 2  # commands at once: two cores are what an office has
PATIENCE = 90.0  # seconds that something has to arrive by itself
SUBJECT = r"/matters/id/([0-9a-f-]{36})/"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose machine it is: its unit, its folder, which the accounts of its people end with, and its name."""

    unit: str
    folder: str
    name: str


MINISTRY = Place("BCA", "ministry", "Bộ Công an")
POLICE = Place(PROVINCE, "haiphong", "Công an thành phố Hải Phòng")
WARD = Place("11311", "hongbang", "Công an phường Hồng Bàng")
COMMUNE = Place("10606", "namsach", "Công an xã Nam Sách")
ISLAND = Place("11914", "cathai", "Công an đặc khu Cát Hải")
COMMUNES = (WARD, COMMUNE, ISLAND)
ACCOUNTS = (
    *(f"{post}.{place.folder}" for place in COMMUNES for post in ("clerk", "chief")),
    "officer.ph10", "director.haiphong", "operator.haiphong",
)  # fmt: skip


class Play:
    """The script: each method a scene, each scene a few numbered lines."""

    def __init__(self, its: list[Office]) -> None:
        self.its, self.number = its, 0
        self.ministry, self.police, *self.communes = (
            Office(home.folder() / "nodes" / place.folder, place.name)
            for place in (MINISTRY, POLICE, *COMMUNES)
        )
        its += [self.ministry, self.police, *self.communes]
        self.ward, self.commune, self.island = self.communes
        self.lines: dict[str, Line] = {}

    def all(self) -> None:
        """From five empty machines to five that say the same."""
        self.begin()
        self.join_province()
        self.join_communes()
        subject = self.raise_and_see()
        self.part(subject)
        self.settle(subject)
        self.carry()
        self.compare()

    # What a line of the script is made of

    def step(self, words: str) -> None:
        """The next numbered line."""
        self.number += 1
        click.echo(f"\n{self.number:2}. {words}")

    def told(self, text: str) -> None:
        """What came of it."""
        for line in text.strip("\n").splitlines():
            click.echo(f"    {line.rstrip()}")

    def run(self, office: Office, *words: str) -> str:
        """A command at an office, as a shell line, and what it printed."""
        out = office.run(*words)
        self.told(_shell(office, *words))
        self.told(out)
        return out

    def run_each(self, each: Iterable[tuple[Office, tuple[str, ...]]]) -> list[str]:
        """Commands at several offices, some at a time."""
        asked = list(each)
        with ThreadPoolExecutor(ABREAST) as pool:
            done = list(pool.map(lambda it: it[0].run(*it[1]), asked))
        for (office, words), out in zip(asked, done, strict=True):
            self.told(_shell(office, *words))
            self.told(out)
        return done

    def serve(self, office: Office) -> None:
        """A server, until the end of the play."""
        office.open()
        self.told(f"{_shell(office, 'serve')} &      # HAICAP_PORT={office.port}, {office.address}/")

    def visit(self, office: Office, account: str) -> Visitor:
        """Somebody signs in at an office."""
        from haicap.matters.demo import PASSWORD

        return Visitor(office, account, PASSWORD)

    def fill(self, visitor: Visitor, path: str, answers: dict[str, str], *, to: str | None = None) -> str:
        """Somebody fills in the form of a page; the page that follows."""
        shown = ", ".join(f"{name}: {value}" for name, value in answers.items())
        self.told(f"{visitor.account} at {visitor.office.address}{path}\n  {shown}")
        return visitor.fill(path, answers, to=to)[1]

    def look(self, visitor: Visitor, path: str) -> str:
        """What a page says in the line below its heading."""
        says = summary(visitor.read(path))
        self.told(f"{visitor.account} at {visitor.office.address}{path}\n  {says}")
        return says

    # The scenes

    def begin(self) -> None:
        """Five machines with keys of their own; the register of units at the ministry alone."""
        self.step(
            "Five machines are set up, each with a database and keys. The ministry has the register of units."
        )
        self.run_each(
            [(self.ministry, ("node", "init", "--register", self.ministry.name))]
            + [(it, ("node", "init", it.name)) for it in (self.police, *self.communes)]
        )
        self.step("The ministry serves.")
        self.serve(self.ministry)

    def join_province(self) -> None:
        """The province comes below the ministry, fills its posts and serves."""
        self.step("The ministry invites the province, which joins and fetches the register.")
        code = self.run(self.ministry, "node", "invite", PROVINCE).strip()
        self.line(self.police, self.ministry)
        self.run(self.police, "node", "join", self.lines[self.police.name].address, code)
        self.step("The province puts (invented) people in its posts, gives them sign-ins, and serves.")
        self.run(self.police, "demo-nodes", "--within", "people")
        self.serve(self.police)

    def join_communes(self) -> None:
        """Three communes come below the province."""
        self.step(
            "The province invites three communes; each machine joins with its code over a line of its own."
        )
        codes = [self.run(self.police, "node", "invite", place.unit).strip() for place in COMMUNES]
        for office in self.communes:
            self.line(office, self.police)
        self.run_each(
            (office, ("node", "join", self.lines[office.name].address, code))
            for office, code in zip(self.communes, codes, strict=True)
        )
        self.step("The communes serve: every page, for all people of the office, from their own database.")
        for office in self.communes:
            self.serve(office)

    def raise_and_see(self) -> str:
        """A matter goes up by itself; its id."""
        self.step("The clerk of the ward raises a difficulty at the ward's own machine.")
        clerk = self.visit(self.ward, "clerk.hongbang")
        answers = {"title": "Thiếu máy phát điện dự phòng", "kind": "equipment", "by": "unit",
                   "what": "Mất điện là trụ sở ngừng việc: chưa được cấp máy phát."}  # fmt: skip
        subject = _one(SUBJECT, self.fill(clerk, "/matters/new/difficulty/", answers))
        self.look(clerk, f"/matters/id/{subject}/")
        self.step("It goes up by itself: the department at the province that is competent for it sees it.")
        self.officer = self.visit(self.police, "officer.ph10")
        waited = self.wait(lambda: self.officer.finds(f"/matters/id/{subject}/"))
        self.look(self.officer, f"/matters/id/{subject}/")
        self.told(f"there {waited:.0f} s after")
        return subject

    def part(self, subject: str) -> None:
        """Both sides decide about one matter while the line between them is cut."""
        here = f"/matters/id/{subject}/"
        self.step("The line of the ward is cut.")
        self.lines[self.ward.name].cut()
        self.told("(nothing goes over it any more)")
        self.step("The chief of the ward withdraws the difficulty, on the ward's machine.")
        chief = self.visit(self.ward, "chief.hongbang")
        self.fill(chief, f"{here}step/withdraw/", {"reason": "Phường đã tự mua máy phát."})
        _require("Withdrawn by the unit", self.look(chief, here))
        self.step("Meanwhile the department answers it, on the province's machine.")
        answers = {"guidance": "Mượn máy phát của kho hậu cần; đăng ký cấp trong quý IV."}
        self.fill(self.officer, f"{here}step/answer/?outcome=guidance", answers)
        _require("Answered, not yet removed", self.look(self.officer, here))
        self.step("The ward goes on: the next matter comes in as on any day.")
        clerk = self.visit(self.ward, "clerk.hongbang")
        new = {"title": "Đường truyền dữ liệu đứt do bão", "kind": "data-lines", "by": "unit",
               "what": "Cáp đứt ở đầu đường Điện Biên Phủ."}  # fmt: skip
        self.second = _one(SUBJECT, self.fill(clerk, "/matters/new/difficulty/", new))
        self.look(clerk, f"/matters/id/{self.second}/")
        self.told(f"the head of the page: {head(clerk.read('/matters/'))}")

    def settle(self, subject: str) -> None:
        """The line is back, the conflict shows on both sides, the province settles it."""
        here, chief = f"/matters/id/{subject}/", self.visit(self.ward, "chief.hongbang")
        self.step(
            "The line is mended. The ward would call by itself within minutes; the command does it now."
        )
        self.lines[self.ward.name].mend()
        self.told("(it carries again)")
        self.run(self.ward, "node", "contact")
        self.step("Nobody's work was overwritten: both machines show that two people decided at once.")
        for visitor in (chief, self.officer):
            _require("Two records differ", self.look(visitor, here))
        self.step("The new matter of the ward is at the province, too.")
        self.look(self.visit(self.police, "director.haiphong"), f"/matters/id/{self.second}/")
        self.step("The director settles it, with a reason that stays in the journal: the withdrawal stands.")
        director = self.visit(self.police, "director.haiphong")
        path = f"/conflicts/matter/{subject}/"
        chosen = {"whole": "1", "reason": "Phường đã có máy phát; trả lời không còn cần."}
        self.fill(director, path, chosen, to=path)
        self.run(self.ward, "node", "contact")
        self.step("Both machines show the same.")
        for visitor in (chief, self.officer):
            _require("Withdrawn by the unit", self.look(visitor, here))
        self.step("The province sees its nodes.")
        self.run(self.police, "node", "list")

    def carry(self) -> None:
        """The line to the island is down for good: a file is carried there and back."""
        stick = home.folder() / "nodes" / "stick"
        stick.mkdir()
        up, down = str(stick / "cathai-1.courier"), str(stick / "haiphong-1.courier")
        self.step("The island's line is down for good. Its clerk goes on working.")
        self.lines[self.island.name].end()
        self.told("(nobody answers at its other end any more)")
        clerk = self.visit(self.island, "clerk.cathai")
        answers = {"title": "Tàu tuần tra hỏng máy", "kind": "equipment", "by": "unit",
                   "what": "Máy chính hỏng, chờ phụ tùng từ đất liền."}  # fmt: skip
        subject = _one(SUBJECT, self.fill(clerk, "/matters/new/difficulty/", answers))
        self.look(clerk, f"/matters/id/{subject}/")
        self.step("All that waits goes on a stick, encrypted to the province, which takes it in.")
        self.run(self.island, "courier", "pack", "parent", up)
        self.run(self.police, "courier", "unpack", up)
        self.look(self.officer, f"/matters/id/{subject}/")
        self.step(
            "The province answers. The boat takes the return file back, and what the province has for the island."
        )
        self.fill(
            self.officer, f"/matters/id/{subject}/step/answer/?outcome=guidance",
            {"guidance": "Dùng tàu của biên phòng theo quy chế phối hợp cho đến khi có phụ tùng."},
        )  # fmt: skip
        self.run(self.police, "courier", "pack", ISLAND.unit, down)
        self.run(self.island, "courier", "unpack", f"{up}.return")
        self.run(self.island, "courier", "unpack", down)
        _require("Answered, not yet removed", self.look(clerk, f"/matters/id/{subject}/"))
        self.run(self.island, "courier", "list")

    def compare(self) -> None:
        """All is closed, every journal proved, and what two machines hold of one stream is the same."""
        self.step("Evening: the machines are closed, those with a line after a last contact.")
        for office in self.communes:
            office.close()
        for office in (self.ward, self.commune):
            self.run(office, "node", "contact")
        self.police.close()
        self.run(self.police, "node", "contact")
        self.ministry.close()
        self.step("Every machine proves its own record: each entry hashed, each table folded anew.")
        self.run_each((office, ("verify",)) for office in self.its)
        self.step("What two machines hold of a stream is the same, to the hash of its last entry.")
        with ThreadPoolExecutor(ABREAST) as pool:
            held = list(pool.map(lambda it: json.loads(it.run("demo-nodes", "--within", "heads")), self.its))
        self.told(table([office.name for office in self.its], held))

    # Lines

    def line(self, office: Office, to: Office) -> None:
        """A line of an office to the one above it."""
        self.lines[office.name] = Line(to.port)

    def wait(self, there: Callable[[], bool]) -> float:
        """Seconds until it was so. Raises `Trouble` where it does not come."""
        began = time.monotonic()
        while not there():
            if time.monotonic() - began > PATIENCE:
                raise Trouble("It did not arrive.")
            time.sleep(0.5)
        return time.monotonic() - began


def summary(page: str) -> str:
    """The line below the heading of a matter's page: what it is marked with, its state, who has it."""
    return text_of(_one(r'<p class="sub row">(.*?)</p>', page))


def head(page: str) -> str:
    """What the head of every page says of the line."""
    return text_of(_one(r'<a class="line"[^>]*>(.*?)</a>', page))


def text_of(html: str) -> str:
    """The words between the tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def table(names: list[str], held: list[dict[str, Any]]) -> str:
    """Of each machine how many entries and streams it holds, and of those that others hold how many end alike.

    Raises `Trouble` where one stream ends in two ways.
    """
    ends: dict[str, set[tuple[int, str]]] = defaultdict(set)
    holders: dict[str, int] = defaultdict(int)
    for its in held:
        for stream, (seq, digest) in its.items():
            ends[stream].add((seq, digest))
            holders[stream] += 1
    shared = {stream for stream, count in holders.items() if count > 1}
    rows = [f"{'':30} {'entries':>8} {'streams':>8} {'shared':>8} {'equal':>8}"]
    for name, its in zip(names, held, strict=True):
        mine = shared & its.keys()
        same = sum(len(ends[stream]) == 1 for stream in mine)
        entries = sum(seq for seq, _ in its.values())
        rows.append(f"{name:30} {entries:>8} {len(its):>8} {len(mine):>8} {same:>8}")
    if any(len(ends[stream]) > 1 for stream in shared):
        raise Trouble("\n".join(["A stream does not end alike everywhere.", *rows]))
    return "\n".join(rows)


def _one(form: str, page: str) -> str:
    its = found(form, page)
    if not its:
        raise Trouble(f"A page does not show what was looked for ({form}).")
    return its[0]


def _require(words: str, text: str) -> None:
    if words not in text:
        raise Trouble(f"A page should say “{words}”, and says “{text}”.")


def _shell(office: Office, *words: str) -> str:
    quoted = " ".join(f'"{word}"' if " " in word else word for word in words)
    return f"$ HAICAP_HOME={_near(office.folder)} haicap {quoted}"


def _near(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
