from django.apps import AppConfig


class NodesConfig(AppConfig):
    name = "haicap.nodes"
    label = "nodes"
