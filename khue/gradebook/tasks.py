"""What follows from marks: families hear of them; what flows in: results of online tests."""

from django.utils.translation import gettext as _

from khue.assessment.events import AttemptSubmitted
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.gradebook import actions, queries
from khue.gradebook.events import MarksRecorded
from khue.gradebook.queries import ToldMark
from khue.messaging import actions as messaging
from khue.messaging.actions import Addressed, Note
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.events import TransferReleased


def tell_families(event: MarksRecorded) -> None:
    """Tell guardians and pupils of new and changed marks. A mark retyped changes the message it made before."""
    marks = queries.marks_to_tell([(column, enrolment) for column, enrolment in event.cells])
    guardians = registry.guardians_to_tell([mark.person_id for mark in marks], clock.today())
    told = [Addressed(_note(mark), [mark.person_id, *guardians[mark.person_id]]) for mark in marks]
    if told:
        messaging.notify_each(actor=SYSTEM, organisation_id=event.organisation_id or 0, told=told, at=clock.now())


def settle_years(event: MarksRecorded) -> None:
    """Work out the years of the pupils whose marks changed."""
    school_year = queries.school_year_of_book(event.book_id)
    if event.pupils and school_year is not None:
        actions.recompute_years(actor=SYSTEM, school_year=school_year, enrolment_ids=event.pupils, at=clock.now())


def _note(mark: ToldMark) -> Note:
    kinds = {"regular": _("Điểm thường xuyên"), "mid": _("Điểm giữa kì"), "end": _("Điểm cuối kì")}
    values = {
        "name": mark.full_name,
        "class": mark.class_name,
        "subject": mark.subject,
        "kind": kinds[mark.kind],
        "mark": mark.shown,
    }
    return Note(
        kind="mark",
        key=f"mark:{mark.column_id}:{mark.enrolment_id}",
        subject=_("%(name)s có điểm %(subject)s mới: %(mark)s") % values,
        body=_(
            "Kính gửi Quý phụ huynh,\n\nEm %(name)s, lớp %(class)s, có điểm mới môn %(subject)s.\n%(kind)s: %(mark)s."
        )
        % values,
        link=f"/marks/pupils/{mark.enrolment}/",
        about_id=mark.person_id,
        caused_by_id=mark.recorded_by_id,
    )


def receive_test_result(event: AttemptSubmitted) -> None:
    """Put the mark of an online test into the column it belongs to, if the teacher named one."""
    column = queries.column_for_test(event.assignment_id) or actions.take_column_for_test(
        actor=SYSTEM,
        class_subject_id=event.class_subject_id,
        assignment_id=event.assignment_id,
        kind=event.mark_column,
        on=clock.today(),
    )
    if column is not None:
        actions.record_test_results(
            actor=SYSTEM, column=column, tenths={event.enrolment_id: event.mark}, at=clock.now()
        )


def bring_marks_of_transfer(event: TransferReleased) -> None:
    """Put the marks that the pupil has at the school left behind into the books of the new one."""
    enrolment = schools.visible_enrolments(SYSTEM, event.on).filter(id=event.enrolment_id).first()
    if enrolment is None:  # the pupil has moved on since
        return
    actions.carry_marks_over(
        actor=SYSTEM, enrolment=enrolment, left_enrolment_id=event.left_enrolment_id,
        left_organisation_id=event.left_organisation_id, at=clock.now(),
    )  # fmt: skip
