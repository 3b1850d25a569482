from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "haicap.duty"
    label = "duty"
