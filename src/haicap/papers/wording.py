"""How papers write days, moments and text: Vietnamese words, Vietnamese time."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from haicap.clocks.wall import VIETNAM
from haicap.journal.text import clean


def day_in_words(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: nought before days below 10 and months 1, 2 (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    """`08 giờ 15 phút, ngày 05 tháng 02 năm 2026`, in Vietnamese time, of an aware instant."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H giờ %M phút}, {day_in_words(local)}"


def deadline_in_words(moment: datetime) -> str:
    """As `moment_in_words`; midnight is `24 giờ 00 phút` of the day that ends (Civil Code art. 148)."""
    local = moment.astimezone(VIETNAM)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment_in_words(moment)
    return f"24 giờ 00 phút, {day_in_words(local.date() - timedelta(days=1))}"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _paragraphs(text: str) -> str:
    return "\n".join(filter(None, map(_line, clean(text).split("\n"))))


Line = Annotated[str, AfterValidator(_line), Field(max_length=500)]
Words = Annotated[Line, Field(min_length=1)]
Text = Annotated[str, AfterValidator(_paragraphs), Field(min_length=1, max_length=20_000)]
Day = Annotated[date, PlainSerializer(day_in_words)]
Moment = Annotated[AwareDatetime, PlainSerializer(moment_in_words)]
Deadline = Annotated[AwareDatetime, PlainSerializer(deadline_in_words)]
