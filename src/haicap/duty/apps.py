"""Who is on duty and what happened meanwhile: shifts, the log's lines, the daily bulletin."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "haicap.duty"
    label = "duty"

    def ready(self) -> None:
        """Tell the list of all that is owed what this room owes."""
        from haicap.duty import owing

        owing.told()
