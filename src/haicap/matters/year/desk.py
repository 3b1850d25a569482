"""Lives at the desk of a commune: residence, cards, notices of stays, lost papers."""

from datetime import timedelta

from haicap.matters.entries import Way
from haicap.matters.year.case import Case, Life, Telling
from haicap.matters.year.conflict import acts_apart
from haicap.matters.year.duplicate import comes_twice
from haicap.matters.year.shape import words

PORTAL_SHARE = 0.62
NIGHT, MORNING = 23, 8  # a guest who comes after 23:00 is notified before 08:00
RESIDENCE_CASES = {
    "residence-temporary": ("first", "first", "renewal", "group"),
    "residence-permanent": ("own-home", "family", "family", "rented"),
}


def residence(code: str) -> Telling:
    """The life of a file on residence: looked through, perhaps completed, granted or refused."""

    def life(it: Case) -> Life:
        online = it.chance(PORTAL_SHARE) or not _daytime(it)
        by: Way = "online" if online else "desk"
        answers = {"way": "portal" if online else "desk", "dossier": it.dossier()}
        if cases := RESIDENCE_CASES.get(code):
            answers["case"] = it.rng.choice(cases)
        it.slips = {"dossier": it.dossier}
        title = words()["title-of-case"][answers["case"]] if cases else it.of("title", code)
        it.open("clerk", code, title, by, applicant__name=it.of("words", "people"), **answers)
        yield it.office(0.2) if online else it.minutes(3, 15)
        if it.chance(0.09):
            it.do("clerk", "ask-more", missing=it.of("words", "missing"))
            yield it.office(3)
            if it.chance(0.08):
                it.do("clerk", "withdraw")
                return
            it.do("clerk", "supplement")
            yield it.minutes(2, 20)
        it.do("clerk", "accept-file")
        yield it.meet("settle")
        if it.chance(0.0025):
            yield from acts_apart(
                it,
                lambda: it.do("officer", "grant", result=it.paper("XN-CAX")),
                lambda: it.do("leader", "refuse", reason=it.of("words", "reasons")),
            )
        elif it.chance(0.035):
            it.do("leader", "refuse", reason=it.of("words", "reasons"))
        else:
            it.do("officer", "grant", result=it.paper("XN-CAX"))

    return life


def identity(it: Case) -> Life:
    """A card: collected at the commune, decided at the department, handed over when it has come."""
    case = it.rng.choice(("first", "exchange", "exchange", "reissue"))
    titles = {"first": 0, "exchange": 1, "reissue": 2}
    it.slips = {"dossier": it.dossier}
    title = words()["title"]["identity-card"][titles[case]]
    it.open(
        "officer",
        "identity-card",
        title,
        applicant__name=it.of("words", "people"),
        case=case,
        dossier=it.dossier(),
    )
    yield it.minutes(4, 30)
    if it.chance(0.05):
        it.do("officer", "ask-more", missing=it.of("words", "missing"))
        yield it.office(4)
        it.do("officer", "supplement")
        yield it.minutes(2, 15)
    it.do("officer", "collect")
    yield it.in_time("send")
    it.do("clerk", "send", batch=it.paper("DS-CC"))
    yield it.meet("issue")
    if it.chance(0.02):
        it.do("department-officer", "sent-back", reason="Ảnh chân dung không đạt, đề nghị thu nhận lại.")
        yield it.office(3)
        it.do("officer", "collect")
        yield it.in_time("send")
        it.do("clerk", "send", batch=it.paper("DS-CC"))
        yield it.in_time("issue")
    it.do("clerk", "card-came", where=it.scene.unit.code)
    yield it.office(2)
    it.do("clerk", "hand")


def stay(it: Case) -> Life:
    """A host gives notice of a guest, and the desk records it at once, by day and by night."""
    hour = _hour(it)
    night = hour >= NIGHT or hour < MORNING
    earlier = timedelta(minutes=it.rng.uniform(5, 50 if night else 170))
    arrived = it.at - (min(earlier, _since_night(it)) if night else earlier)
    if it.chance(0.07):  # the host is late
        arrived -= timedelta(days=1)
    by: Way = it.rng.choice(("online", "online", "online", "phone", "desk"))
    it.open(
        "clerk", "stay-notification", it.of("title", "stay-notification"), by,
        arrived="after-23" if night else "before-23", arrived_at=arrived.isoformat(),
        way={"online": "portal", "phone": "phone"}.get(by, "desk"), lodging=it.of("words", "homes"),
        host__name=it.of("words", "people"), guest__name=it.of("words", "people"),
    )  # fmt: skip
    yield it.meet("record")
    if it.chance(0.015):
        it.do("clerk", "reject", reason="Thông tin khách không khớp, đề nghị thông báo lại.")
    else:
        it.do("clerk", "record")


def foreigner(it: Case) -> Life:
    """A lodging declares a foreigner; the form goes back at once and the data on within a day."""
    way = it.rng.choice(("web", "web", "paper"))
    earlier = it.rng.uniform(20, 800) if way == "paper" or it.chance(0.08) else 0
    arrived = it.at - timedelta(minutes=earlier)
    it.open(
        "officer", "foreigner-stay", it.of("title", "foreigner-stay"), "online" if way == "web" else "desk",
        way=way, arrived_at=arrived.isoformat(), lodging=it.of("words", "lodgings"),
        guests=str(it.rng.randint(1, 4)), guest__name=it.of("words", "foreigners"),
    )  # fmt: skip
    yield it.at
    if it.chance(0.04):
        it.do("officer", "send-back", reason="Thiếu số hộ chiếu, đề nghị khai lại.")
        yield it.minutes(30, 400)
        it.do("officer", "declare-again")
        yield it.at
    it.do("officer", "return-form")
    yield it.meet("pass-on")
    it.do("officer", "send-immigration")


def lost(it: Case) -> Life:
    """A lost paper: confirmed at once; a passport goes on to immigration."""
    paper = it.rng.choice(
        ("passport", "identity-card", "identity-card", "vehicle-paper", "driving-licence", "other")
    )
    noticed = it.at - timedelta(hours=it.rng.uniform(1, 26))
    it.slips = {"where": lambda: it.of("words", "places")}

    def come_in(case: Case) -> None:
        case.open(
            "clerk", "lost-document", case.of("title", "lost-document"), paper=paper, where=case.of("words", "places"),
            noticed_at=noticed.isoformat(), holder__name=case.of("words", "people"),
        )  # fmt: skip

    come_in(it)
    comes_twice(it, come_in, 0.012)
    if paper != "passport":
        yield it.meet("confirm")
        it.do("clerk", "confirm")
        return
    yield it.meet("tell")
    it.do("clerk", "tell-immigration", told_paper=it.paper("TB-CAX"))
    yield it.office(1)
    it.do("clerk", "cancelled", where=it.scene.unit.code)


def _hour(it: Case) -> int:
    return (it.at.hour + 7) % 24


def _since_night(it: Case) -> timedelta:
    """How long ago it was 23:00."""
    return timedelta(hours=(_hour(it) - NIGHT) % 24, minutes=it.at.minute)


def _daytime(it: Case) -> bool:
    return 7 <= _hour(it) < 17
