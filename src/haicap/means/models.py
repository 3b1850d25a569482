"""The tables of this room; each part keeps its own, indexes over folded subjects."""

from haicap.means.catalogue.models import KindRow as KindRow
