"""Grades of qualifications as `data/grades.toml` has them, and what the parts of an officer's file are called."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.means.catalogue.queries import name, of_family
from haicap.units.entries import Label

ALL = "officer"
"""The kind of the catalogue that counts every officer, whatever they are qualified for."""


@cache
def grades() -> Mapping[str, Mapping[str, Label]]:
    """The grades of each qualification that has any, by code, the lowest first."""
    text = (files("haicap.means") / "data" / "grades.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["grade"]
    return {
        sort: {code: Label.model_validate(label) for code, label in its.items()}
        for sort, its in table.items()
    }


def lang() -> str:
    """`vi` or `en`: the language of the page."""
    return (get_language() or "vi")[:2]


def qualifications() -> dict[str, str]:
    """What an officer can be qualified for, by code: the kinds of the family `post` but the one that counts all."""
    return {code: name(kind, lang()) for code, kind in of_family("post").items() if code != ALL}


def short_names() -> dict[str, str]:
    """The same in a word or two, for the heads of tables; the whole name of what an office has listed itself."""
    known = {"investigator": _("Điều tra viên"), "driver": _("Lái xe"), "first-aider": _("Sơ cứu")}
    return {code: known.get(code, name) for code, name in qualifications().items()}


def grade_words(sort: str, grade: str) -> str:
    """The name of a grade; as it was written where none is known."""
    known = grades().get(sort, {}).get(grade)
    return str(getattr(known, lang())) if known else grade


def results() -> dict[str, str]:
    """How a course can stand."""
    return {"running": _("Đang học"), "completed": _("Hoàn thành"), "not-completed": _("Không hoàn thành")}
