"""A person's hands at a page, in their language: what they read, press, fill in and take away."""

import io
from typing import Any

import pypdfium2
import pytest
from django.utils import translation
from PIL import Image
from playwright.sync_api import Locator, Page, Response, expect

from browser.conftest import SignIn

WAYS = pytest.mark.parametrize(
    ("lang", "narrow"), [("vi", False), ("vi", True), ("en", False), ("en", True)],
    ids=["vi-1366", "vi-390", "en-1366", "en-390"],
)  # fmt: skip
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pressed(button: Locator) -> None:
    """Press it, and wait for what comes of it."""
    button.click()
    settled(button.page)


def settled(page: Page) -> None:
    """What was sent is answered, or stays because nobody answers."""
    expect(page.locator("form[aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state()


class Hands:
    """Somebody of the cast at a page; `words` are the Vietnamese of the source, read in the page's language."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.lang = page, lang

    def read(self, words: str) -> str:
        """How the page says it."""
        with translation.override(self.lang):
            return str(translation.gettext(words))

    def open(self, address: str) -> Response:
        """A page that answers and is not wider than the window."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {address}"
        assert self.page.evaluate(WIDER) <= 0, f"{address} is wider than the window"
        return answer

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=self.read(words)).first

    def press(self, words: str) -> None:
        """The button, and what it leads to."""
        pressed(self.button(words))

    def follow(self, words: str) -> None:
        """The link in the page itself, wherever a menu hides it."""
        link = self.page.locator("main").get_by_role("link", name=self.read(words)).first
        if not link.is_visible():
            self.page.locator("main details.menu summary").first.click()
        link.click()
        self.page.wait_for_load_state()

    def fill(self, **values: str) -> None:
        """Fields by what they are called in the form; `__` is a dot."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name.replace('__', '.')}']:not([type=hidden])").first
            kind = field.get_attribute("type")
            if kind in ("radio", "checkbox"):
                self.page.check(f"main [name='{name.replace('__', '.')}'][value='{value}']")
            elif field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def sees(self, *words: str) -> None:
        """All of it stands in the page, as it is."""
        for text in words:
            expect(self.page.locator("main")).to_contain_text(text)

    def taken(self, address: str, **form: str) -> bytes:
        """What is downloaded from an address, by a form if it has fields."""
        if form:
            token = self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
            answer = self.page.request.post(
                address, form={"csrfmiddlewaretoken": token, **form}, headers={"Referer": self.page.url}
            )
        else:
            answer = self.page.request.get(address)
        assert answer.status == 200, f"{answer.status} {address}"
        return answer.body()


def hands(sign_in: SignIn, account: str, lang: str, narrow: bool, **more: Any) -> Hands:
    """Somebody of the cast, signed in, at Today."""
    return Hands(sign_in(account, lang=lang, narrow=narrow, **more), lang)


def looked_at(pdf: bytes, pages: int | None = 1) -> str:
    """The text of an A4 paper, each page drawn to a picture that is neither blank nor written over its edge."""
    document = pypdfium2.PdfDocument(pdf)
    assert pages is None or len(document) == pages
    for page in document:
        assert {round(page.get_width()), round(page.get_height())} == {595, 842}
        picture = page.render(scale=1, grayscale=True).to_numpy()
        assert picture.min() < 100 < 250 < picture.max()
        edges = (picture[:8], picture[-8:], picture[:, :8], picture[:, -8:])
        assert min(edge.min() for edge in edges) > 200
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def papers(its: Hands) -> list[str]:
    """The texts of all papers that the page of a matter offers, each looked at."""
    found = its.page.locator("form[action*='/paper/']")
    all_of_them: list[str] = found.evaluate_all("all => all.map(it => it.getAttribute('action'))")
    return [looked_at(its.taken(href, again="1"), pages=None) for href in dict.fromkeys(all_of_them)]


def photo() -> bytes:
    """A photo as a phone makes it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return out.getvalue()
