import re
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered

import haicap.web
from haicap.web.views import styleguide

HERE = Path(haicap.web.__file__).parent
PARTS = {f"web/parts/{file.name}" for file in (HERE / "templates/web/parts").iterdir()}


@pytest.fixture
def rendered(ask: Any, settings: Any) -> tuple[str, set[str]]:
    """The page, and the templates that it came from."""
    settings.DEMO = True
    settings.DEMO_SIGN_INS = [
        {"name": "Cán bộ 014", "post": "Trực ban", "username": "clerk", "password": "demo"}
    ]
    used: set[str] = set()

    def note(template: Any, **rest: Any) -> None:
        used.add(template.name)

    template_rendered.connect(note)
    html = styleguide(ask("/styleguide")).content.decode()
    template_rendered.disconnect(note)
    return html, used


def test_every_part_is_shown(rendered: tuple[str, set[str]]) -> None:
    assert PARTS - rendered[1] == set()


def test_the_call_stands_beside(rendered: tuple[str, set[str]]) -> None:
    assert "{% tag &quot;late&quot; _(&quot;Quá hạn&quot;) %}" in rendered[0]


def test_nothing_inline_that_the_policy_forbids(rendered: tuple[str, set[str]]) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", rendered[0])


def test_the_address_chooses_light_or_dark(ask: Any) -> None:
    light, dark, system = (
        styleguide(ask(f"/styleguide?theme={theme}")).content.decode() for theme in ("light", "dark", "")
    )
    assert "dark.css" not in light
    assert 'dark.css">' in dark
    assert 'dark.css" media="screen and (prefers-color-scheme: dark)">' in system


def test_ids_are_unique(rendered: tuple[str, set[str]]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', rendered[0])
    assert sorted(ids) == sorted(set(ids))


def _colours(file: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", (HERE / "static/web" / file).read_text()))


def _light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("file", ["tokens.css", "dark.css"])
def test_texts_stand_out_from_their_grounds(file: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the edge of a control."""
    of = _colours(file)
    pairs = [(ink, ground) for ink in ("ink", "quiet", "accent", "late") for ground in ("paper", "ground")]
    pairs += [(kind, f"{kind}-ground") for kind in ("accent", "late", "soon", "well", "hold", "clash")]
    pairs += [("on-accent", "accent"), ("ink", "accent-ground"), ("quiet", "accent-ground")]
    assert [(a, b) for a, b in pairs if _contrast(of[a], of[b]) < 4.5] == []
    assert _contrast(of["edge"], of["paper"]) >= 3


def test_dark_says_every_colour_that_light_says() -> None:
    assert set(_colours("dark.css")) == set(_colours("tokens.css"))
