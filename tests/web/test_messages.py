from pathlib import Path

import pytest

from haicap.web import messages


@pytest.mark.parametrize("room", messages.rooms(), ids=lambda room: room.name)
def test_every_text_has_its_english_and_every_english_is_said(room: Path) -> None:
    """`python -m haicap.web.messages` adds what is missing and takes out what is left over."""
    translated = messages.held(messages.catalog(room / messages.ENGLISH))
    assert messages.said(room) - translated.keys() == set(), "not in the catalog"
    assert translated.keys() - messages.said(room) == set(), "in the catalog, but nobody says it"
    assert [text for text, full in translated.items() if not full] == [], "no English yet"


def test_a_text_has_one_english_in_all_rooms() -> None:
    """Catalogs are merged when they are read: of two translations the room listed first would win on every page."""
    said: dict[messages.Message, dict[str, set[str]]] = {}
    for room in messages.rooms():
        for text, english in messages.translations(messages.catalog(room / messages.ENGLISH)).items():
            said.setdefault(text, {}).setdefault(english, set()).add(room.name)
    assert {text: rooms for text, rooms in said.items() if len(rooms) > 1} == {}


def test_the_bought_sign_in_speaks_vietnamese() -> None:
    file = messages.PACKAGE / "web/locale/vi/LC_MESSAGES/django.po"
    translated = messages.held(messages.catalog(file))
    assert translated.keys() - messages.said_by_allauth() == set()
    assert all(translated.values())


def test_texts_are_found_in_templates_and_python(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(
        '{% translate "Một" %}{% tag "late" _("Hai") %}{% blocktranslate %}Ba {{ n }}{% endblocktranslate %}'
        "{% blocktranslate count n=n %}bốn{% plural %}bốn{% endblocktranslate %}",
        encoding="utf-8",
    )
    (tmp_path / "views.py").write_text('_("Năm")\nngettext("sáu", "sáu", n)\n', encoding="utf-8")
    assert messages.said(tmp_path) == {"Một", "Hai", "Ba %(n)s", ("bốn", "bốn"), "Năm", ("sáu", "sáu")}


def test_completing_a_catalog_keeps_the_known_and_drops_the_unsaid(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text('_("Cũ")\n_("Mới")\nngettext("lần", "lần", n)\n', encoding="utf-8")
    old = messages.catalog(tmp_path / messages.ENGLISH)
    old.add("Cũ", "Old")
    old.add("Thừa", "Left over")
    messages.save(old, tmp_path / messages.ENGLISH)
    assert messages.complete(tmp_path) == 2
    assert messages.held(messages.catalog(tmp_path / messages.ENGLISH)) == {
        "Cũ": True,
        "Mới": False,
        ("lần", "lần"): False,
    }
