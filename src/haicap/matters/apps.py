from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "haicap.matters"
    label = "matters"

    def ready(self) -> None:
        """Tell the lists of all rooms: what is owed and comes next, and what conflicts are settled by."""
        from haicap.matters.conflicts.of_matters import tell
        from haicap.matters.erasure import actions as erasure
        from haicap.matters.owing import told

        told()
        tell()
        erasure.tell()
