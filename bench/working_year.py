"""One school in the middle of its year, for pages: a class of 45 with all its results, a staff of 120 with its desks.

Made once and kept with the node. Works on the node's own database, in this process; see bench/visitor.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.db import connections, transaction

from bench import demonstration
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.gradebook import actions as gradebook
from khue.gradebook.tests.test_years import GOOD_YEAR, class_with_subjects, conduct, results
from khue.identity.models import Account, Grant
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools.models import Enrolment, SchoolClass
from khue.workspace.actions import Decided
from khue.workspace.models import Document, Meeting
from khue.workspace.tests.test_documents import arrive, released
from khue.workspace.tests.test_leave import ask, grant
from khue.workspace.tests.test_meetings import write
from khue.workspace.tests.test_tasks_and_week import hall, plan, task
from tests.world import TODAY, School, actor, maths_subject, school, staff

NAME = "Trường 120 thầy cô giữa năm"
PUPILS = 45
#: Of each kind of paper, task and booking; lists show a screen of them.
EACH = 60
#: The staff of a large school: all of them may have been at a meeting.
STAFF = 120


@dataclass(frozen=True)
class WorkingYear:
    """Sessions of its people, and the addresses of a class, a pupil and a document of each way."""

    head: str
    clerk: str
    teacher: str
    guardian: str
    school_class: UUID
    pupil: UUID
    arrived: UUID
    released: UUID
    meeting: UUID


def working_year() -> WorkingYear:
    """The school, made where the node has none yet: half a minute of work."""
    with scope.of(SYSTEM):
        if not Organisation.objects.filter(name=NAME).exists():
            _make()
        place = Organisation.objects.get(name=NAME)
        papers = Document.objects.filter(organisation=place).order_by("id")
        return WorkingYear(
            *(demonstration.session_of(_holding(place, r)) for r in ("head", "clerk", "homeroom_teacher", "guardian")),
            school_class=SchoolClass.objects.get(organisation=place).public_id,
            pupil=Enrolment.objects.filter(organisation=place).order_by("id")[0].public_id,
            arrived=papers.filter(way="in")[0].public_id,
            released=papers.filter(way="out")[0].public_id,
            meeting=Meeting.objects.get(organisation=place).public_id,
        )


def _holding(place: Organisation, role: str) -> Account:
    return Grant.objects.select_related("account").filter(organisation=place, role=role).order_by("id")[0].account


@transaction.atomic
def _make() -> None:
    department = cast(Organisation, Organisation.objects.filter(kind="department").order_by("id").first())
    made = school(NAME, department, maths_subject(), PUPILS)
    class_with_subjects(made)
    for pupil in made.enrolments:
        results(made, pupil, GOOD_YEAR)
        conduct(made, pupil)
    gradebook.recompute_years(actor=actor(made.head), school_year=made.year, at=clock.now())
    _fill_desks(made)
    _meet(made)
    transaction.on_commit(_analyse)


def _fill_desks(made: School) -> None:
    place = hall(made)
    for number in range(EACH):
        arrive(made, f"{number}/SGDĐT")
        released(made)
        task(made, due=30)
        plan(made, place, 24 * (number % 6) + number // 6, 1)
        day = TODAY + timedelta(days=number)
        grant(made, ask(made, day, day, half_days=1))


def _meet(made: School) -> None:
    """The whole staff met, decided five things, and the minutes are handed in."""
    for number in range(STAFF - len(registry.colleagues(made.organisation.id))):
        staff(f"Nguyễn Thị {chr(65 + number % 26)}{number}", made.organisation, "teacher")
    present = registry.colleagues(made.organisation.id)
    decided = [Decided(f"Việc {number}", present[number], TODAY + timedelta(days=30)) for number in range(5)]
    write(made, present=present, decisions=decided, hands_in=False)


def _analyse() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
