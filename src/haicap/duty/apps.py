"""Who is on duty and what happened meanwhile: shifts, the log's lines, the daily bulletin."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "haicap.duty"
    label = "duty"

    def ready(self) -> None:
        """Tell the list of all that is owed what this room's clocks are called."""
        from haicap.clocks.calendars import Label
        from haicap.clocks.queries import TITLES, Published, Title
        from haicap.duty.sorts import PHONE, QUICK, WRITTEN

        parts = {
            PHONE: Label(vi="Báo bằng điện thoại", en="Report by phone"),
            WRITTEN: Label(vi="Báo cáo bằng văn bản", en="Report in writing"),
        }
        name = Label(vi="Báo cáo nhanh", en="Quick report")
        TITLES[QUICK] = Published("setting", QUICK, Title(name, parts), ())
