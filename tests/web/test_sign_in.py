from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client

import haicap.web

TEMPLATES = Path(haicap.web.__file__).parent / "templates"


@pytest.fixture
def visitor(settings: Any) -> Client:
    """A browser before signing in; sessions in cookies and no person, so that no database is needed."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("PersonMiddleware")]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return Client()


def test_the_page_is_vietnamese_and_offers_the_passkey(visitor: Client) -> None:
    html = visitor.get("/account/login/").content.decode()
    for words in ("Tên đăng nhập", "Mật khẩu", "Nhớ đăng nhập trên máy này", "Dùng khóa truy cập"):
        assert words in html
    assert "Username" not in html
    assert "sign up" not in html.lower()


def test_the_switch_makes_it_english(visitor: Client) -> None:
    visitor.post("/language/setlang/", {"language": "en", "next": "/account/login/"})
    html = visitor.get("/account/login/").content.decode()
    assert "Username" in html
    assert "Use a passkey" in html
    assert '<html lang="en">' in html


def test_every_answer_carries_the_policy(visitor: Client) -> None:
    assert "default-src 'self'" in visitor.get("/account/login/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", [str(file.relative_to(TEMPLATES)) for file in sorted(TEMPLATES.rglob("*.html"))]
)
def test_every_template_can_be_read(name: str) -> None:
    assert get_template(name).origin.name == str(TEMPLATES / name)  # type: ignore[attr-defined]
