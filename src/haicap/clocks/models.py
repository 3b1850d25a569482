"""Tables of this room: published documents, and the one list of all that is owed, whatever room it is from."""

from django.db import models

from haicap.clocks.fold import Document, documents
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects


class DocumentRow(Projection):
    """A document; its editions are in the state."""

    sort = models.TextField()
    code = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["sort", "code"])]


@projects(documents, into=DocumentRow)
def document_row(document: Document, folded: Folded[Document]) -> Row:
    return {"sort": document.sort, "code": document.code}


class Owed(models.Model):
    """One time limit of one subject: running while `met` is null, late when met, or unmet, after `due`.

    Filled by every room that has clocks, so that all that somebody owes is one query. `unit` is who owes it,
    null where that is a third party; `level` says which of unit, province and third party that is.
    """

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    room = models.TextField()
    number = models.TextField()
    title = models.TextField()
    procedure = models.TextField()
    clock = models.TextField()
    level = models.TextField()  # unit | province | third
    unit = models.TextField(null=True)
    file = models.TextField()
    holder = models.TextField(null=True)  # nobody is competent: a work item for the province
    raised_by = models.TextField()
    province = models.TextField(null=True)
    since = models.DateTimeField()
    due = models.DateTimeField(null=True)  # null while it stands still
    met = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "due"], condition=models.Q(met=None), name="owed_by_unit"),
            models.Index(fields=["holder", "due"], condition=models.Q(met=None), name="owed_by_holder"),
            models.Index(fields=["province", "due"], condition=models.Q(met=None), name="owed_in_province"),
            models.Index(fields=["subject"], name="owed_of_subject"),
            models.Index(fields=["file", "due"], name="owed_in_file"),
            models.Index(
                fields=["level", "due"],
                condition=models.Q(met=None) | models.Q(due__lt=models.F("met")),
                name="owed_missed",
            ),
        ]
