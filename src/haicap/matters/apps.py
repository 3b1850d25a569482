from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "haicap.matters"
    label = "matters"
