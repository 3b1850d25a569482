"""Lives of crime reports: received and checked at the commune, settled by the provincial agency."""

from datetime import datetime

from haicap.matters.coming import AS_USUAL, Coming
from haicap.matters.entries import Way
from haicap.matters.year.case import HOUR, Case, Life
from haicap.matters.year.conflict import acts_apart
from haicap.matters.year.duplicate import comes_twice

SEVERITIES = ("less-serious",) * 6 + ("serious",) * 5 + ("very-serious", "particularly-serious")
GROUPS = ("social-order",) * 7 + ("economy", "drugs", "drugs", "other")
SOURCES = ("denunciation", "information", "information")
WAYS: tuple[Way, ...] = ("desk", "phone", "phone", "letter", "online")
EMERGENCIES = ("life", "happening", "happening", "fire", "hurt")
OUTCOMES = ("case-opened",) * 5 + ("not-opened",) * 4


def crime(it: Case) -> Life:
    """A report from its receipt to the decision and what is to be told after it."""
    group, by = it.rng.choice(GROUPS), it.rng.choice(WAYS)
    title = it.of("title", f"crime-report-{group}" if group in ("drugs", "economy") else "crime-report")
    answers = {
        "group": group,
        "severity": it.rng.choice(SEVERITIES),
        "in_act": "yes" if it.chance(0.06) else "no",
    }

    coming = _coming(it, by)

    def come_in(case: Case) -> None:
        case.open(
            "officer", "crime-report", title, by, coming,
            source=case.rng.choice(SOURCES), what=case.of("what", "crime-report"),
            place=case.of("words", "places"), reporter__name=case.of("words", "people"),
            happened_at=(it.at - HOUR * case.rng.uniform(0.2, 30)).isoformat(),
            **answers,
        )  # fmt: skip
        case.do("officer", "record-receipt")
        if case.matter.branch == "urgent":
            case.do("officer", "call")

    come_in(it)
    comes_twice(it, come_in, 0.02)
    if it.matter.branch == "urgent":
        yield _handed_over(it)
    else:
        yield from _checked(it)
    it.do("leader", "pass-on")
    yield it.minutes(30, 600)
    yield from _settled(it)


def _coming(it: Case, by: Way) -> Coming:
    """A few reports cannot wait, a few come without a name, and a few people speak for others."""
    if it.chance(0.04):
        return Coming(emergency=it.rng.choice(EMERGENCIES), done="called" if it.chance(0.7) else "passed")
    if by in ("phone", "letter") and it.chance(0.1):
        return Coming(anonymous=True)
    if by == "desk" and it.chance(0.05):
        return Coming(speaker={"speaker.name": it.of("words", "people")})
    return AS_USUAL


def _checked(it: Case) -> Life:
    yield it.office(1.5)
    it.do("officer", "check", check_result=it.of("what", "check"))
    if it.chance(0.006):
        yield from acts_apart(
            it,
            lambda: it.do("officer", "turn-urgent"),
            lambda: it.do("leader", "turn-urgent", ground="may-flee"),
        )
    elif it.chance(0.05):
        it.do("officer", "turn-urgent")
    if it.matter.branch == "urgent":
        it.do("officer", "call")
        yield it.in_time("hand-over-turned")
    else:
        yield _handed_over(it)


def _handed_over(it: Case) -> datetime:
    """Of the slow cases half are slow at the commune, half at the agency."""
    return it.meet("hand-over") if it.chance(0.5) else it.in_time("hand-over")


def _settled(it: Case) -> Life:
    if it.chance(0.05):
        it.do("department-officer", "find-misdirected", reason=it.of("words", "back"))
        yield it.in_time("forward")
        if it.chance(0.3):
            it.do("department-head", "refer-out", agency="Cơ quan Cảnh sát điều tra tỉnh khác")
            return
        others = [each for each in ("PC01", "PC02", "PC04") if it.department(each) != it.holder]
        it.do("department-head", "forward", to=it.department(it.rng.choice(others)))
        yield it.minutes(60, 500)
    it.do("department-officer", "accept")
    yield it.soon("assignment")
    it.do("department-head", "assign", assignee="department-officer", assigned_to=it.paper("QĐPC-CQĐT"))
    yield it.soon("procuracy-notified")
    it.do("department-officer", "notify-procuracy")
    yield it.soon("receipt-told")
    it.do("department-officer", "tell-receipt")
    if it.chance(0.25):
        yield it.in_time("settle")
        it.do("department-head", "lengthen", extension_paper=it.paper("QĐKD-CQĐT"))
        if it.chance(0.15):
            yield it.in_time("settle")
            it.do("department-head", "procurator-extends", extension_paper=it.paper("QĐGH-VKS"))
    yield it.meet("settle")
    yield from _decided(it)


def _decided(it: Case) -> Life:
    if it.chance(0.05):
        it.do(
            "department-head", "decide", outcome="suspended", decision=it.paper("QĐTĐC-CQĐT"),
            reason="Chờ kết quả giám định.",
        )  # fmt: skip
        yield from _told(it)
        yield it.office(40)
        it.do("department-head", "resume-settling", decision=it.paper("QĐPH-CQĐT"))
        yield it.in_time("resumption-told")
        it.do("department-officer", "tell-resumed")
        yield it.in_time("settle-resumed")
    outcome = it.rng.choice(OUTCOMES)
    further = {"reason": "Hành vi không cấu thành tội phạm."} if outcome == "not-opened" else {}
    it.do("department-head", "decide", outcome=outcome, decision=it.paper("QĐ-CQĐT"), **further)
    yield from _told(it)


def _told(it: Case) -> Life:
    yield it.in_time("decision-sent")
    it.do("department-officer", "send-decision")
    yield it.in_time("outcome-told")
    it.do("department-officer", "tell-outcome")
