"""The whole load, with one small school."""

from datetime import UTC, datetime

from django.test import Client

from khue.assessment import queries as assessment
from khue.assessment.models import Attempt, Question
from khue.attendance.models import LeaveRequest
from khue.demo import actions, queries
from khue.demo.shapes import Shape
from khue.foundation import files, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.work import run_now
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.identity import queries as identity
from khue.identity.models import Account, Grant, Role
from khue.indicators.models import IndicatorCount
from khue.messaging.models import AnnouncementCopy, ConsentSheet, Conversation, Line, SurveyReply
from khue.news.models import Article
from khue.payments.models import BankLine, Invoice, Receipt
from khue.records import actions as records
from khue.records import queries as signing
from khue.records.models import SigningKey, YearSheet
from khue.records.signing.verdicts import Verdict
from khue.registry.models import Person
from khue.schools.models import ClassSubject, Enrolment, SchoolClass, StaffMember, SubjectGroup, TeachingAssignment
from khue.timetable.models import Absence, Draft, Slot
from khue.workspace.models import Document, Meeting, Occasion, StaffLeave, Task

SMALL = Shape("Trường THCS Cù Lao", "03", ((6, 1),), pupils=12, campuses=0, teachers=14)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def counted() -> dict[str, int]:
    """What there is to see in the rooms where people write to each other, work and pay."""
    models = (
        Conversation,
        Line,
        AnnouncementCopy,
        SurveyReply,
        Document,
        Task,
        StaffLeave,
        Occasion,
        Invoice,
        Receipt,
        Article,
        LeaveRequest,
        Draft,
        Absence,
        Meeting,
        ConsentSheet,
        BankLine,
    )
    return {model.__name__: model.objects.count() for model in models}


def every_printed_sign_in_opens_its_role() -> None:
    """What a start prints is typed into the form, as it stands there."""
    opened = set()
    for role, user_name, password in queries.sign_ins():
        answer = Client().post("/sign-in/", {"handle": user_name, "password": password})
        assert answer.status_code == 303, role
        opened |= set(Grant.objects.filter(account__user_name=user_name).values_list("role", flat=True))
    assert opened == {role.value for role in Role}


def test_a_province_of_one_small_school(committed_db: str) -> None:
    actions.load_schools(actor=SYSTEM, shapes=[SMALL], at=MONDAY)

    assert Enrolment.objects.count() == 12
    assert (
        Account.objects.filter(user_name__in=["hieutruong1", "gv1.1", "hs1.1", "ph1.1", "chuyenvien.so"]).count() == 5
    )
    every_printed_sign_in_opens_its_role()
    assert Slot.objects.exists()
    for book in MarkBook.objects.all():
        columns = MarkColumn.objects.filter(book=book)
        standing = set(Mark.objects.filter(column__book=book).values_list("column_id", flat=True))
        assert {column.id for column in columns if column.has_marks} == standing
        assert (book.columns, book.columns_entered) == (len(columns), len(standing))
        assert 0 < len(standing) < len(columns)
    teachers = StaffMember.objects.filter(position="teacher")
    assert teachers.filter(subject_group=None).count() == 0 < SubjectGroup.objects.count()
    taught = TeachingAssignment.objects.values_list("class_subject_id", flat=True)
    assert ClassSubject.objects.exclude(id__in=taught).count() == 0
    for question in Question.objects.all():
        choices = [choice.content for choice in assessment.choices_of(question)]
        assert len(set(choices)) == len(choices) == 4
    assert IndicatorCount.objects.filter(code="A2", numerator__gt=0).exists()
    assert counted() == {
        "Conversation": 6, "Line": 16, "AnnouncementCopy": 36, "SurveyReply": 5, "Document": 3, "Task": 3,
        "StaffLeave": 1, "Occasion": 2, "Invoice": 12, "Receipt": 10, "Article": 3,
        "LeaveRequest": 2, "Draft": 1, "Absence": 1, "Meeting": 1, "ConsentSheet": 1, "BankLine": 4,
    }  # fmt: skip
    # Whoever loads it meets the same people who do the same: a demonstration can be written about.
    names = list(Person.objects.order_by("id").values_list("full_name", flat=True)[:3])
    marks = list(Attempt.objects.order_by("id").values_list("mark", flat=True))
    assert names == ["Trần Anh Khánh", "Lê Công Long", "Nguyễn Mỹ An"]
    assert marks == [90, 60, 20, 50, 80, 40, 70, 60, 80, 40]


def test_a_class_of_last_year_is_signed_sealed_and_verified_with_the_keys_of_the_demonstration(
    committed_db: str,
) -> None:
    shape = Shape("Trường THCS Cù Lao", "03", ((6, 1), (7, 1)), pupils=12, campuses=0, teachers=14)
    actions.load_schools(actor=SYSTEM, shapes=[shape], at=MONDAY)
    head, clerk, teacher = (
        identity.actor_of(Account.objects.get(user_name=name).id, on=MONDAY.date())
        for name in ("hieutruong1", "vanthu1", "gv1.1")
    )
    with scope.of(SYSTEM):
        room = SchoolClass.objects.get(school_year__code="2025-2026")
        keys = {key.holder_id: key for key in SigningKey.objects.filter(organisation=room.organisation)}
        assert SigningKey.objects.count() == 4
        made = records.prepare_class(actor=teacher, school_class=room, at=MONDAY)
        records.compare_class(actor=teacher, school_class=room, at=MONDAY)
        records.confirm_class(actor=head, school_class=room, at=MONDAY)
    assert 0 < made.made == 6 - made.incomplete
    for who, role, place in ((teacher, "homeroom", room), (head, "head", None), (clerk, "seal", None)):
        with scope.of(SYSTEM):
            batch = records.begin_batch(
                actor=who, school_year=room.school_year, school_class=place, role=role, secret=queries.PASSWORD,
                key=keys[None if role == "seal" else who.account_id], at=MONDAY,
            )  # fmt: skip
        assert run_now(batch.job).state == "done"
    with scope.of(SYSTEM):
        sheets = list(YearSheet.objects.filter(state="sealed").select_related("xml"))
        with files.open_file(sheets[0].xml) as stream:
            found = signing.verify(stream.read())
    assert (len(sheets), found.verdict, found.is_trial) == (made.made, Verdict.VALID, True)
