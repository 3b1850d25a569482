"""What a unit has, against what it should have: premises, equipment, vehicles, lines, people, works."""

from django.apps import AppConfig


class MeansConfig(AppConfig):
    name = "haicap.means"
    label = "means"

    def ready(self) -> None:
        from haicap.matters.late import CUTS
        from haicap.means import conflicts, owing
        from haicap.means.holdings import SOURCES
        from haicap.means.lines import board as lines_board
        from haicap.means.lines import queries as lines
        from haicap.means.lines import watching
        from haicap.means.norms import board
        from haicap.means.plans import offered as plans
        from haicap.means.premises import queries as premises
        from haicap.means.rounds import owing as rounds
        from haicap.means.staff.holding import SOURCE
        from haicap.means.things import source as things
        from haicap.means.works import owing as works
        from haicap.nodes.line.reporting import MEASURED

        SOURCES["post"] = SOURCE
        SOURCES["premises"] = premises.SOURCE
        SOURCES["line"] = lines.SOURCE
        things.tell()
        owing.told()
        works.told()
        rounds.told()
        plans.tell()
        board.tell()
        lines_board.tell()
        MEASURED["lines"] = watching.take
        CUTS.append(lines.cuts)
        conflicts.tell()
