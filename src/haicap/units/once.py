"""What the forms of every room share: the id of the entry that each becomes, and days."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from haicap.journal.ids import uuid7

DAY = "%Y-%m-%d"

Choices = Iterable[tuple[Any, Any]]


class Once(forms.Form):
    """A form with the id of the entry that it will become, minted when it is shown: sent twice is sent once.

    `prefix` keeps the ids of its controls apart where a page has several forms.
    """

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, initial: Mapping[str, Any] | None = None, prefix: str = ""
    ) -> None:
        super().__init__(data, initial={"entry_id": uuid7()} | dict(initial or {}))
        self.auto_id = f"id_{prefix}_%s" if prefix else "id_%s"

    def choose(self, name: str, choices: Choices) -> None:
        """Let one of these be chosen in the field `name`."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, as browsers let it be chosen."""
    widget = forms.DateInput(attrs={"type": "date"}, format=DAY)
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, input_formats=[DAY]
    )
