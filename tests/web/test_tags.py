from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.template import Context, Engine, engines
from django.test import RequestFactory
from django.utils import translation

from haicap.web.samples import Intake

NOW = datetime(2026, 11, 21, 3, 41, tzinfo=UTC)


def shown(source: str, address: str = "/", **context: Any) -> str:
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]
    request = RequestFactory().get(address)
    return engine.from_string(source).render(Context({"request": request, "now": NOW} | context)).strip()


def test_a_state_is_told_by_word_and_shape() -> None:
    assert (
        shown('{% tag "late" "Quá hạn" %}')
        == '<span class="tag late"><i aria-hidden="true">▲</i>Quá hạn</span>'
    )
    assert "<i" not in shown('{% tag "plain" "Nháp" %}')


def test_a_clock_carries_its_instant() -> None:
    html = shown("{% clock due %}", due=NOW + timedelta(hours=2))
    assert 'datetime="2026-11-21T05:41:00+00:00"' in html
    assert 'title="21/11/2026 12:41"' in html
    assert "Còn 2 giờ" in html


def test_a_paused_clock_says_why_and_is_not_late() -> None:
    html = shown('{% clock due paused="chờ giám định" %}', due=NOW - timedelta(days=9))
    assert "Tạm dừng: chờ giám định" in html
    assert "late" not in html


def test_the_bar_shows_the_share_used_and_never_more_than_all() -> None:
    context = {
        "since": NOW - timedelta(days=3),
        "due": NOW + timedelta(days=1),
        "past": NOW - timedelta(days=1),
    }
    assert 'width="75"' in shown('{% clock_bar "Kiểm tra" since due %}', **context)
    assert 'width="100"' in shown('{% clock_bar "Kiểm tra" since past %}', **context)


def test_a_text_in_two_languages() -> None:
    text = {"vi": "Vướng mắc", "en": "Difficulty"}
    assert shown("{{ text|label }}", text=text) == "Vướng mắc"
    with translation.override("en"):
        assert shown("{{ text|label }}", text=text) == "Difficulty"
        assert shown("{{ text|label }}", text={"vi": "Chưa dịch"}) == "Chưa dịch"


def test_one_parameter_changes_and_the_rest_stays() -> None:
    address = "/?kind=report&page=3"
    assert shown("{% query_with page=4 %}", address) == "?kind=report&amp;page=4"
    assert shown('{% query_with sort="due" %}', address) == "?kind=report&amp;sort=due"
    assert shown('{% query_with kind="" %}', address) == "?"


def test_a_head_sorts_and_turns_round() -> None:
    assert 'href="?sort=due"' in shown('{% head "Hạn" "due" %}')
    up = shown('{% head "Hạn" "due" %}', "/?sort=due")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-due"' in up
    assert 'aria-sort="descending"' in shown('{% head "Hạn" "due" %}', "/?sort=-due")
    assert 'aria-sort="ascending"' in shown('{% head "Hạn" "due" default="due" %}')
    assert shown('{% head "Nội dung" %}') == '<th scope="col">Nội dung</th>'


def test_filters_come_from_the_address_and_can_be_taken_out() -> None:
    filters = [
        {"name": "kind", "label": "Loại", "options": [("report", "Tin báo"), ("stay", "Cư trú")]},
        {"name": "q", "label": "Có chữ", "type": "search"},
    ]
    html = shown("{% filter_bar filters %}", "/?kind=report&q=chợ&sort=due&page=2", filters=filters)
    assert '<option value="report" selected>Tin báo</option>' in html
    assert 'href="?q=ch%E1%BB%A3&amp;sort=due"' in html  # the chip "Loại: Tin báo ×"
    assert "Có chữ: chợ" in html
    assert '<input type="hidden" name="sort" value="due">' in html
    assert 'name="page"' not in html
    assert "chip" not in shown("{% filter_bar filters %}", "/", filters=filters)


def test_what_is_typed_cannot_become_markup() -> None:
    filters = [{"name": "q", "label": "Có chữ"}]
    html = shown("{% filter_bar filters %}", "/?q=%22%3E%3Cscript%3E", filters=filters)
    assert "<script>" not in html


def test_pages() -> None:
    page = Paginator(range(4054), 50).page(3)
    html = shown("{% pages page %}", "/?kind=report&page=3", page=page)
    assert 'href="?kind=report&amp;page=4" rel="next"' in html
    assert 'aria-current="page">3</a>' in html
    assert "101–150 trong 4.054" in html
    assert "<a" not in shown("{% pages page %}", page=Paginator(range(9), 50).page(1))


def test_a_figure_links_to_its_records_and_nothing_late_is_not_red() -> None:
    assert shown('{% figure 4054 "Việc" "/matters/" %}').startswith(
        '<a class="figure plain" href="/matters/">'
    )
    assert 'class="figure plain"' in shown('{% figure 0 "Quá hạn" "#" "late" %}')
    assert "–" in shown('{% figure None "Chưa có" %}')


def test_downloads_keep_the_filters() -> None:
    html = shown("{% downloads %}", "/?kind=report&page=2")
    assert 'href="?kind=report&amp;format=csv"' in html
    assert 'href="?kind=report&amp;format=xlsx"' in html


def test_every_control_is_tied_to_its_label_help_and_error() -> None:
    html = shown("{{ form }}", form=Intake({"title": ""}))
    assert '<label for="id_title">Sự việc<abbr class="needed" title="bắt buộc">*</abbr></label>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_links_to_what_is_wrong() -> None:
    html = shown(
        "{% error_summary form %}", form=Intake({"title": "", "received": "31/02/2026", "severity": "less"})
    )
    assert 'role="alert"' in html
    assert '<a href="#id_title">Sự việc: ' in html
    assert '<a href="#id_received">Lúc tiếp nhận: ' in html
    assert "id_severity" not in html
    assert shown("{% error_summary form %}", form=Intake()) == ""


def test_ready_sign_ins_stand_only_in_the_demonstration(settings: Any) -> None:
    settings.DEMO_SIGN_INS = [
        {"name": "Cán bộ 014", "post": "Trực ban", "username": "clerk", "password": "demo"}
    ]
    settings.DEMO = False
    assert shown("{% ready_sign_ins %}") == ""
    settings.DEMO = True
    html = shown("{% ready_sign_ins %}", csrf_token="token")
    assert 'name="login" value="clerk"' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
