"""One press for a school or a grade: what is otherwise done class by class, as a job."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.models import Job
from khue.records.access import Permission
from khue.records.queries.sheets import classes_to
from khue.records.refusals import NothingToDo
from khue.schools.models import SchoolYear

#: The deed, and whose it is.
PERMISSIONS = {"prepare": Permission.SHEET_READ_ALL, "confirm": Permission.SHEET_CONFIRM}
CLASSES = "records.classes"


@transaction.atomic
def begin_for_classes(*, actor: Actor, school_year: SchoolYear, deed: str, grade: int | None, at: datetime) -> Job:
    """Ask for the sheets of every class of a year, or of a grade, to be prepared or confirmed.

    deed     "prepare" or "confirm"; grade: None for the whole school
    refuses  NothingToDo
    """
    require(actor, PERMISSIONS[deed], within=school_year)

    if not classes_to(actor, school_year, deed, grade):
        raise NothingToDo
    title = _("Lập học bạ") if deed == "prepare" else _("Xác nhận học bạ")
    where = (
        school_year.code
        if grade is None
        else _("khối %(grade)s, %(year)s") % {"grade": grade, "year": school_year.code}
    )
    job = jobs.start(
        actor=actor, kind=CLASSES, organisation_id=school_year.organisation_id, at=at, title=f"{title} {where}",
        arguments={"year": str(school_year.public_id), "deed": deed, "grade": grade},
    )  # fmt: skip
    audit.record(actor, "sheets.asked_for", school_year, deed=deed, grade=grade)
    return job
