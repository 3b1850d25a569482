"""The tables of this room; each part keeps its own, indexes over folded subjects."""

from haicap.means.catalogue.models import KindRow as KindRow
from haicap.means.distances.models import DistanceRow as DistanceRow
from haicap.means.handover.models import KeptPlan as KeptPlan
from haicap.means.handover.models import SheetRow as SheetRow
from haicap.means.handover.models import Upload as Upload
from haicap.means.lines.models import CircuitRow as CircuitRow
from haicap.means.norms.models import FactRow as FactRow
from haicap.means.norms.models import NormRow as NormRow
from haicap.means.plans.models import PlanRow as PlanRow
from haicap.means.plans.models import Trial as Trial
from haicap.means.premises.models import SiteRow as SiteRow
from haicap.means.premises.models import SpaceRow as SpaceRow
from haicap.means.rounds.models import AssessmentRow as AssessmentRow
from haicap.means.rounds.models import NamedRow as NamedRow
from haicap.means.rounds.models import RoundRow as RoundRow
from haicap.means.rounds.models import SaidRow as SaidRow
from haicap.means.staff.models import EstablishedRow as EstablishedRow
from haicap.means.staff.models import EstablishmentRow as EstablishmentRow
from haicap.means.staff.models import QualifiedRow as QualifiedRow
from haicap.means.staff.models import RecordRow as RecordRow
from haicap.means.staff.models import SecondedRow as SecondedRow
from haicap.means.stocktake.models import StocktakeRow as StocktakeRow
from haicap.means.things.models import MoveRow as MoveRow
from haicap.means.things.models import ThingRow as ThingRow
from haicap.means.works.models import ProgrammeRow as ProgrammeRow
from haicap.means.works.models import ProjectRow as ProjectRow
