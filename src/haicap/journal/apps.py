from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "haicap.journal"
    label = "journal"
