"""Files beside a matter: what is taken and what is not, who sees it, what is recorded, and what a crash leaves."""

import io
import time
import wave
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from PIL import ExifTags, Image

from haicap.journal import blob_check, blobs
from haicap.journal.ids import uuid7
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of, told
from haicap.matters.state import File, Matter
from haicap.units.rights import tell_database
from pages import asked, browser, crime_report, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def photo(form: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


def located() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return photo(exif=exif)


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(200_000))
    return out.getvalue()


@cache
def pdf() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(out, "PDF")
    return out.getvalue()


def office(**parts: bytes) -> bytes:
    out = io.BytesIO()
    Document().save(out)
    with zipfile.ZipFile(out, "a") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "x")
    return out.getvalue()


def send(client: Client, subject: UUID, *given: tuple[str, bytes], **fields: Any) -> Any:
    sent = {"files": [SimpleUploadedFile(name, data) for name, data in given], "entry_id": str(uuid7())}
    return client.post(f"/matters/id/{subject}/files/", sent | fields, follow=True)


def matter(subject: UUID) -> Matter:
    tell_database(person("clerk"))
    return matter_of(MatterRow.objects.get(pk=subject))


def only(subject: UUID) -> File:
    (file,) = matter(subject).files
    return file


def address(subject: UUID, file: File, more: str = "") -> str:
    return f"/matters/id/{subject}/files/{file.id}/{more}"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def lying(home: Path) -> list[Path]:
    return [it for it in (home / "blobs").rglob("*") if it.is_file()] if (home / "blobs").exists() else []


ORDINARY = [
    ("anh.jpg", photo(), "image/jpeg", True),
    ("ẢNH HIỆN TRƯỜNG.JPEG", photo(), "image/jpeg", True),
    ("a.png", photo("PNG"), "image/png", True),
    ("a.webp", photo("WEBP"), "image/webp", True),
    ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "image/heic", False),
    ("a.pdf", pdf(), "application/pdf", True),
    ("a.wav", sound(), "audio/wav", False),
    ("a.mp3", b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 50, "audio/mpeg", False),
    ("a.m4a", b"\0\0\0\x18ftypM4A \0\0\2\0M4A isom" + bytes(99), "audio/mp4", False),
    ("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99), "video/mp4", False),
    ("a.ogg", b"OggS\0\2" + bytes(22) + b"\x01vorbis", "audio/ogg", False),
    ("a.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
]


@pytest.mark.parametrize(("name", "data", "media", "pictured"), ORDINARY, ids=[it[0] for it in ORDINARY])
def test_what_offices_have_is_taken_and_comes_back_as_it_was(
    name: str, data: bytes, media: str, pictured: bool
) -> None:
    subject, clerk = difficulty("Trụ sở dột"), browser("clerk")
    assert send(clerk, subject, (name, data), about="mái nhà").status_code == 200
    file = only(subject)
    assert (file.media, file.size, bool(file.picture), file.about) == (media, len(data), pictured, "mái nhà")
    answer = clerk.get(address(subject, file))
    assert body(answer) == data
    assert answer["Content-Type"] == media
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith(
        "inline" if media.split("/")[0] != "application" else "attachment"
    )
    assert (f"files/{file.id}/picture.jpg" in html(clerk, f"/matters/id/{subject}/")) is pictured


REFUSED = [
    ("virus.exe", b"MZ\x90\0\3" + bytes(99)),
    ("page.html", b"<!DOCTYPE html><html><script>"),
    ("drawing.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("page.jpg", b"<!DOCTYPE html><html><script>alert(1)</script>"),
    ("virus.pdf", b"MZ\x90\0\3" + bytes(99)),
    ("photo.png", photo("JPEG")),
    ("archive.zip", archive()),
    ("archive.docx", archive()),
    ("macro.docx", office(**{"word/vbaProject.bin": b"x"})),
    ("macro.docm", office()),
    ("sheet.xlsx", office()),
    ("cut.docx", office()[:300]),
    ("noend", photo()),
    ("empty.jpg", b""),
]


@pytest.mark.parametrize(("name", "data"), REFUSED, ids=[it[0] for it in REFUSED])
def test_what_is_not_on_the_list_or_only_pretends_is_refused_whole(
    name: str, data: bytes, home: Path
) -> None:
    subject = difficulty("Trụ sở dột")
    page = send(browser("clerk"), subject, ("anh.jpg", photo()), (name, data)).content.decode()
    assert "Chưa nhận tệp nào." in page
    assert name in page
    assert matter(subject).files == ()
    assert lying(home) == []


def test_too_large_a_file_is_refused(settings: Any) -> None:
    settings.FILE_LIMIT = 1_000
    subject = difficulty("Trụ sở dột")
    assert "lớn hơn" in send(browser("clerk"), subject, ("anh.jpg", photo())).content.decode()
    assert matter(subject).files == ()


def test_several_at_once_and_the_same_form_twice() -> None:
    subject, clerk, entry = difficulty("Trụ sở dột"), browser("clerk"), str(uuid7())
    for _again in range(2):
        send(clerk, subject, ("a.jpg", photo()), ("b.pdf", pdf()), entry_id=entry)
    assert [it.name for it in matter(subject).files] == ["a.jpg", "b.pdf"]
    send(clerk, subject)
    assert len(matter(subject).files) == 2


def test_what_the_camera_wrote_is_not_on_the_small_picture() -> None:
    subject, clerk = difficulty("Trụ sở dột"), browser("clerk")
    send(clerk, subject, ("anh.jpg", located()))
    small = body(clerk.get(address(subject, only(subject), "picture.jpg")))
    seen = Image.open(io.BytesIO(small))
    assert max(seen.size) == 320
    assert not dict(seen.getexif())
    assert b"Camera of somebody" not in small
    assert b"Camera of somebody" in body(clerk.get(address(subject, only(subject))))  # kept in the original


def test_a_picture_that_unfolds_to_more_than_any_camera_makes_gets_no_small_one() -> None:
    subject = difficulty("Trụ sở dột")
    send(browser("clerk"), subject, ("bomb.png", photo("PNG", (9000, 9000))))
    assert only(subject).picture == ""


def test_nothing_lies_there_in_clear(home: Path) -> None:
    subject = difficulty("Trụ sở dột")
    send(browser("clerk"), subject, ("anh.jpg", located()))
    assert len(lying(home)) == 2
    assert not any(
        b"Camera of somebody" in it.read_bytes() or b"JFIF" in it.read_bytes() for it in lying(home)
    )


@pytest.mark.parametrize(
    ("asked_for", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=70000-", 70000, None),
        ("bytes=-10", -10, None),
        ("bytes=65530-65545", 65530, 65546),
    ],
)
def test_a_recording_can_be_heard_from_the_middle(asked_for: str, start: int, end: int | None) -> None:
    subject, clerk = difficulty("Trụ sở dột"), browser("clerk")
    send(clerk, subject, ("a.wav", sound()))
    answer = clerk.get(address(subject, only(subject)), headers={"range": asked_for})
    assert answer.status_code == 206
    part = body(answer)
    assert part == sound()[start:end]
    assert answer["Content-Length"] == str(len(part))
    assert answer["Content-Range"].endswith(f"/{len(sound())}")


def test_beyond_the_end_there_is_nothing() -> None:
    subject, clerk = difficulty("Trụ sở dột"), browser("clerk")
    send(clerk, subject, ("a.jpg", photo()))
    assert clerk.get(address(subject, only(subject)), headers={"range": "bytes=999999-"}).status_code == 416


def test_a_personal_file_is_opened_with_a_purpose_and_that_is_written_down() -> None:
    subject, clerk = crime_report("Mất xe"), browser("clerk")
    send(clerk, subject, ("đơn của bà Bê.pdf", pdf()), personal="on")
    file = only(subject)
    assert (file.name, file.picture) == ("", "")
    page = html(clerk, f"/matters/id/{subject}/")
    assert "bà Bê" not in page
    assert "picture.jpg" not in page
    assert clerk.get(address(subject, file)).status_code == 404
    assert clerk.get(address(subject, file, "picture.jpg")).status_code == 404
    assert clerk.post(address(subject, file), {"purpose": " ", "entry_id": str(uuid7())}).status_code == 302
    assert matter(subject).openings == 0
    answer = clerk.post(address(subject, file), {"purpose": "xác minh", "entry_id": str(uuid7())})
    assert body(answer) == pdf()
    assert "b%C3%A0%20B%C3%AA.pdf" in answer["Content-Disposition"]
    assert matter(subject).openings == 1
    assert "xác minh" in html(clerk, f"/matters/id/{subject}/")
    assert (
        browser("director")
        .post(address(subject, file), {"purpose": "x", "entry_id": str(uuid7())})
        .status_code
        == 403
    )


@pytest.mark.parametrize("account", ["neighbour", "outsider", "operator"])
def test_who_does_not_see_the_matter_sees_no_file(account: str) -> None:
    subject = difficulty("Trụ sở dột")
    send(browser("clerk"), subject, ("a.jpg", photo()))
    file = only(subject)
    for more in ("", "picture.jpg"):
        assert browser(account).get(address(subject, file, more)).status_code == 404
    assert send(browser(account), subject, ("a.jpg", photo())).status_code == 404


def test_an_auditor_sees_and_does_not_attach() -> None:
    subject = difficulty("Trụ sở dột")
    assert send(browser("auditor"), subject, ("a.jpg", photo())).status_code == 403
    assert "Thêm tài liệu" not in html(browser("auditor"), f"/matters/id/{subject}/")


def test_a_file_is_hidden_with_a_reason_and_stays() -> None:
    subject, chief = difficulty("Trụ sở dột"), browser("chief")
    send(chief, subject, ("a.jpg", photo()))
    file = only(subject)
    hide = address(subject, file, "hide/")
    assert browser("clerk").post(hide, {"reason": "nhầm", "entry_id": str(uuid7())}).status_code == 403
    chief.post(hide, {"reason": " ", "entry_id": str(uuid7())})
    assert matter(subject).hidden == ()
    chief.post(hide, {"reason": "đính kèm nhầm hồ sơ", "entry_id": str(uuid7())})
    assert matter(subject).hidden == (file.id,)
    page = html(chief, f"/matters/id/{subject}/")
    assert "đính kèm nhầm hồ sơ" in page
    assert f"files/{file.id}/" not in page
    assert chief.get(address(subject, file)).status_code == 404
    assert blobs.whole(file.blob)
    tell_database(person("clerk"))
    assert matters(told(subject)).state == matter(subject)


def test_what_is_missing_damaged_or_left_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = difficulty("Trụ sở dột")
    send(browser("clerk"), subject, ("a.jpg", photo()), ("b.jpg", photo()), ("c.wav", sound()))
    one, two, three = matter(subject).files
    assert blob_check.look(using="default") == blob_check.Found(5, (), (), ())
    blobs.path_of(one.blob).unlink()
    blobs.path_of(two.picture).write_bytes(b"changed")
    (home / "blobs" / "new-left").write_bytes(b"left by a crash")
    now = time.time()
    monkeypatch.setattr(blob_check.time, "time", lambda: now + 2 * blob_check.GRACE)
    found = blob_check.look(using="default")
    assert (found.missing, found.damaged, found.orphans) == ((one.blob,), (two.picture,), ("new-left",))
    assert blob_check.sweep(using="default") == 1
    assert blob_check.look(using="default").orphans == ()
    assert browser("clerk").get(address(subject, one)).status_code == 404
    assert body(browser("clerk").get(address(subject, three))) == sound()


def test_the_card_asks_nothing_of_the_database() -> None:
    bare, full = difficulty("Trụ sở dột"), difficulty("Trụ sở dột hai")
    send(browser("clerk"), full, *((f"{n}.jpg", photo()) for n in range(5)))
    clerk = browser("clerk")
    assert asked(clerk, f"/matters/id/{full}/") <= asked(clerk, f"/matters/id/{bare}/") + 1


def test_the_moment_is_that_of_the_sending() -> None:
    before = datetime.now(UTC)
    subject = difficulty("Trụ sở dột")
    send(browser("clerk"), subject, ("a.jpg", photo()))
    assert before <= only(subject).at <= datetime.now(UTC)
