from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "haicap.papers"
    label = "papers"
