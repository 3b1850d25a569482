from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "haicap.matters"
    label = "matters"

    def ready(self) -> None:
        """Tell the lists of all rooms: what is owed and comes next, and what conflicts are settled by."""
        from haicap.matters import line_trouble
        from haicap.matters.conflicts.of_matters import tell
        from haicap.matters.erasure import actions as erasure
        from haicap.matters.owing import told
        from haicap.matters.transferring import between
        from haicap.nodes.courier.applying import CARRIED
        from haicap.nodes.line.reporting import MEASURED

        told()
        tell()
        erasure.tell()
        MEASURED["difficulties"] = line_trouble.take
        CARRIED["matter"] = between.take
