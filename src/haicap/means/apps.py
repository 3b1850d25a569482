"""What a unit has, against what it should have: premises, equipment, vehicles, lines, people, works."""

from django.apps import AppConfig


class MeansConfig(AppConfig):
    name = "haicap.means"
    label = "means"
