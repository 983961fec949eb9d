"""Files of the program FET that a school brought."""

from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.timetable.access import planned_at
from khue.timetable.models import FetFile, FetUnread


def visible_fet_files(actor: Actor) -> QuerySet[FetFile]:
    """Files of the schools whose timetable the actor makes, the latest first. Page before use."""
    rows = FetFile.objects.filter(planned_at(actor), discarded_at=None)
    return rows.select_related("file", "answer", "job").order_by("-id")


def fet_file_of(actor: Actor, public_id: UUID) -> FetFile:
    """Raises NotFound, also when it is another school's or thrown away."""
    return one(visible_fet_files(actor), public_id=public_id)


def fet_file_numbered(actor: Actor, fet_file_id: int) -> FetFile:
    """The file with this key, for a job that was given the key. Raises NotFound."""
    return one(visible_fet_files(actor), id=fet_file_id)


def unread_of(fet_file: FetFile) -> list[FetUnread]:
    """Every kind of constraint in the file that the program does not know. One query."""
    return list(FetUnread.objects.filter(fet_file=fet_file).order_by("-count", "kind"))
