from importlib import import_module

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "haicap.journal"
    label = "journal"

    def ready(self) -> None:
        """Let the fold of taking-in fill its table, and kinds be known, which cannot stand in `models`."""
        for module in ("intakes", "erasing"):
            import_module(f"haicap.journal.{module}")
