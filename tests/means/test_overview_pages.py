"""Pages of the room's overview, of norms, of facts and of the catalogue."""

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.means.norms import reckoning
from haicap.means.norms.actions import norm_id
from haicap.means.norms.facts import stated
from haicap.means.overview import filtered
from haicap.units.rights import tell_database
from means.norming import TODAY, establishes, states
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db
MOTOR = norm_id(None, "motorcycles")
PAGES = (
    f"/means/unit/?unit={WARD}", "/means/gaps/",
    "/means/gaps/?by=units", "/means/gaps/?by=each&state=short", "/means/norms/",
    f"/means/norms/{MOTOR}/", f"/means/norms/{MOTOR}/for/{WARD}/", "/means/norms/facts/",
    f"/means/norms/facts/{WARD}/", "/means/catalogue/",
)  # fmt: skip
TYPED = {
    "code": "may-quet", "means": "scanner", "vi": "Máy quét", "en": "Scanners", "units": ["commune", "ward"],
    "otherwise": "2", "rounding": "up", "rule": "Quyết định 9", "mark": "setting", "since": "2026-02-01",
    "issuer": "31-PH10",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("account", ["clerk", "director"])
def test_every_page_is_shown_in_few_queries(path: str, account: str) -> None:
    assert asked(browser(account), path) <= 12


def test_the_door_leads_to_ones_own_unit_or_to_the_gaps_of_the_province() -> None:
    assert browser("clerk").get("/means/").headers["Location"] == "/means/unit/"
    assert browser("director").get("/means/").headers["Location"] == "/means/gaps/"
    assert browser("director").get("/means/unit/").headers["Location"] == "/means/gaps/?province=31"


def test_a_neighbours_means_are_not_found() -> None:
    clerk = browser("clerk")
    for path in ("/means/unit/?unit=11329", f"/means/norms/{MOTOR}/for/11329/", "/means/norms/facts/11329/"):
        assert clerk.get(path).status_code == 404
    assert browser("operator").get("/means/norms/").status_code == 404


def test_figures_are_equal_to_the_lists_that_they_open() -> None:
    director = browser("director")
    tell_database(person("director"))
    short = filtered(person("director"), {"state": "short"}, TODAY)
    page = director.get("/means/gaps/?by=each&state=short")
    assert page.context["page"].paginator.count == len(short)
    by_kind = director.get("/means/gaps/").context["page"].paginator.object_list
    assert sum(it.short_in for it in by_kind) == len(short)
    for it in by_kind[:3]:
        assert director.get(it.url).context["page"].paginator.count == it.short_in
    by_unit = director.get("/means/gaps/?by=units").context["page"].paginator.object_list
    assert sum(it.short_in for it in by_unit) == len(short)
    assert director.get(by_unit[0].url).context["page"].paginator.count == by_unit[0].short_in


@pytest.mark.parametrize("path", ["/means/gaps/?by=each", "/means/gaps/?by=units", "/means/gaps/", "/means/norms/",
                                  "/means/norms/facts/", "/means/catalogue/", f"/means/unit/?unit={WARD}"])  # fmt: skip
def test_every_list_can_be_taken_away(path: str) -> None:
    director = browser("director")
    mark = "&" if "?" in path else "?"
    for form in ("csv", "xlsx"):
        answer = director.get(f"{path}{mark}format={form}")
        assert answer.status_code == 200
        assert b"".join(answer) if answer.streaming else answer.content


def test_a_norm_shows_its_effect_before_it_is_written() -> None:
    logistics = browser("logistics")
    preview = logistics.post("/means/norms/new/", TYPED | {"act": "preview"})
    assert preview.status_code == 200
    whole = preview.context["whole"]
    assert (whole.should_before, whole.units) == (0, len(preview.context["effect"].changes))
    assert whole.short_after == whole.should_after == 2 * whole.units
    assert whole.money_after == 2 * whole.units * 9_000_000
    assert not reckoning.norms_of("31")[0].province
    taken = logistics.post("/means/norms/new/", TYPED | {"format": "csv"})
    assert len(b"".join(taken).splitlines()) == whole.units + 1
    back = logistics.post("/means/norms/new/", TYPED | {"act": "edit"})
    assert back.status_code == 200
    assert 'value="Quyết định 9"' in back.content.decode()
    written = logistics.post("/means/norms/new/", TYPED | {"act": "write"})
    assert written.headers["Location"] == f"/means/norms/{norm_id('31', 'may-quet')}/"
    (norm, *_) = reckoning.norms_of("31")
    assert norm.now.lines[0].formula == "2.0"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"otherwise": "people * 2"}, "people"),
        ({"otherwise": "1 +"}, "viết chưa đúng"),
        ({"otherwise": "population / 1000"}, "chưa có số liệu: dân số"),
        ({"otherwise": "area_km2 - 9000"}, "không cho ra một số"),
        ({"units_0": ["department"], "formula_0": "3"}, "Không đơn vị nào rơi vào dòng 1"),
        ({"formula_0": "3"}, "chưa có điều kiện"),
        ({"until": "2025-01-01"}, "Ngày cuối"),
        ({"code": "Máy quét"}, "không dấu"),
    ],
)
def test_what_is_wrong_with_a_norm_is_said_beside_what_was_typed(typed: dict[str, object], said: str) -> None:
    answer = browser("logistics").post("/means/norms/new/", TYPED | typed | {"act": "preview"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Quyết định 9" in answer.content.decode()


def test_a_norm_is_revised_and_withdrawn_by_whoever_directs_means() -> None:
    logistics = browser("logistics")
    logistics.post("/means/norms/new/", TYPED | {"act": "write"})
    page = f"/means/norms/{norm_id('31', 'may-quet')}/"
    assert 'value="2"' in html(logistics, f"{page}revise/")
    revised = {name: value for name, value in TYPED.items() if name not in ("code", "means")}
    revised |= {"otherwise": "3", "changed": "Thêm một", "since": "2026-05-01", "act": "preview"}
    preview = logistics.post(f"{page}revise/", revised)
    assert preview.context["whole"].should_before == 2 * preview.context["whole"].units
    assert logistics.post(f"{page}revise/", revised | {"act": "write"}).status_code == 302
    assert "Bản 2" in html(logistics, page)
    ends = {"reason": "Bỏ", "since": "2026-09-01"}
    assert logistics.post(f"{page}withdraw/", ends | {"act": "preview"}).context["whole"].should_after == 0
    assert logistics.post(f"{page}withdraw/", ends | {"act": "write"}).status_code == 302
    assert "Thôi áp dụng từ 01/09/2026" in html(logistics, page)
    clerk = browser("clerk")
    assert clerk.get("/means/norms/new/").status_code == 403
    assert clerk.get(f"{page}revise/").status_code == 403
    assert logistics.get(f"/means/norms/{MOTOR}/revise/").status_code == 403, (
        "the nation's norm is not the province's"
    )


def test_a_figure_of_a_unit_is_stated_with_its_source() -> None:
    logistics = browser("logistics")
    path = f"/means/norms/facts/{WARD}/"
    sent = {"fact": "population", "value": "52.000", "since": "2026-01-01", "source": "Niên giám 2025"}
    assert logistics.post(path, sent).status_code == 302
    assert "52000" in html(logistics, path)
    assert logistics.post(path, sent | {"value": "nhiều"}).status_code == 422
    assert browser("clerk").post(path, sent).status_code == 403


def test_the_sheet_says_each_step_and_prints() -> None:
    establishes(33)
    states("population", "70000")
    clerk = browser("clerk")
    page = html(clerk, f"/means/norms/{norm_id(None, 'working-area')}/for/{WARD}/")
    for said in ("(biên chế được giao)", "math.least(552", "= 511", "511 m²", "5.927.600.000"):
        assert said in page
    pdf = clerk.get(f"/means/norms/{norm_id(None, 'id-capture-sets')}/for/{WARD}.pdf")
    assert pdf.content[:5] == b"%PDF-"


def test_the_catalogue_is_written_by_whoever_directs_means() -> None:
    logistics = browser("logistics")
    sent = {
        "code": "drone", "family": "equipment", "counting": "single", "vi": "Máy bay không người lái", "en": "Drone",
        "measure_vi": "chiếc", "measure_en": "piece", "price": "45.000.000",
    }  # fmt: skip
    assert logistics.post("/means/catalogue/new/", sent).status_code == 302
    assert logistics.post("/means/catalogue/new/", sent).status_code == 422, "the code is taken"
    assert "45.000.000" in html(logistics, "/means/catalogue/?q=may+bay")
    assert logistics.post("/means/catalogue/drone/", sent | {"price": "x"}).status_code == 422
    assert logistics.post("/means/catalogue/drone/", sent | {"price": "50000000"}).status_code == 302
    assert logistics.post("/means/catalogue/drone/drop/", {"since": "2026-11-01"}).status_code == 302
    assert "thôi dùng" in html(logistics, "/means/catalogue/?state=dropped")
    assert browser("clerk").get("/means/catalogue/new/").status_code == 403


def test_the_map_of_gaps_is_the_boards() -> None:
    director = browser("director")
    assert asked(director, "/board/means/") <= 12
    page = director.get("/board/means/?metric=kinds")
    assert [tab["current"] for tab in page.context["tabs"]].index(True) == 2
    ward = next(it for it in page.context["drawing"].areas if f"unit={WARD}" in it.url)
    assert director.get(ward.url).context["page"].paginator.count == int(ward.title.rpartition(" ")[2])
    pieces = director.get("/board/means/?kind=motorcycle")
    assert pieces.context["metric"] == "short"
    assert sum(int(it.title.rpartition(" ")[2]) for it in pieces.context["drawing"].areas) == sum(
        it.short for it in filtered(person("director"), {"kind": "motorcycle", "province": "31"}, TODAY)
    )
    assert director.get("/board/means/?format=csv").status_code == 200
    assert browser("operator").get("/board/means/").status_code == 404


def test_last_years_matters_are_counted_by_who_sees_them_all() -> None:
    entry = {"entry_id": str(uuid7())}
    assert browser("logistics_head").post("/means/norms/facts/count/", entry).status_code == 403
    director = browser("director")
    assert "Đếm số việc" in html(director, "/means/norms/facts/")
    for _again in range(2):
        assert director.post("/means/norms/facts/count/", entry).status_code == 302
    (facts,) = stated([WARD]).values()
    assert [(it.fact, it.value) for it in facts.figures] == [("matters_year", "0"), ("reports_year", "0")]
