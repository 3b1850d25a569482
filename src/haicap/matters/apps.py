from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "haicap.matters"
    label = "matters"

    def ready(self) -> None:
        """Tell the list of all that is owed what comes next in this room."""
        from haicap.matters.owing import told

        told()
