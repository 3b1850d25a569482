from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "haicap.clocks"
    label = "clocks"
