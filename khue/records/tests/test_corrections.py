"""Before signing a sheet follows the books; after it only a new version says something else."""

import pytest
from django.db import DatabaseError, connection, transaction

from khue.foundation import clock, files
from khue.foundation.errors import Forbidden
from khue.gradebook.tests.test_years import JUNE
from khue.records import actions, queries
from khue.records.models import Step, YearSheet
from khue.records.refusals import DataDiffer, NothingCorrected, NotSealedYet, ReasonMissing, StepOutOfOrder
from khue.records.tests.builders import confirmed
from khue.registry.models import Person
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def rename(at, name="Nguyễn Văn An"):
    Person.objects.filter(id=at.enrolments[0].person_id).update(full_name=name)


def test_what_changed_after_the_sheets_were_made_stops_the_next_step_and_is_taken_over(at):
    teacher = actor(at.teacher)
    assert actions.prepare_class(actor=teacher, school_class=at.school_class, at=JUNE).made == 3
    rename(at)
    with pytest.raises(DataDiffer, match="Nguyễn Văn A"):
        actions.compare_class(actor=teacher, school_class=at.school_class, at=JUNE)
    assert not YearSheet.objects.exclude(state="complete").exists()

    again = actions.prepare_class(actor=teacher, school_class=at.school_class, at=JUNE)

    assert (again.made, again.refreshed, again.unchanged) == (0, 1, 2)
    assert actions.compare_class(actor=teacher, school_class=at.school_class, at=JUNE) == 3
    assert Step.objects.filter(kind="refreshed").count() == 1


def test_a_correction_is_a_new_version_and_the_old_one_is_told_to_be_superseded(at, hands, sealed):
    old = sealed[0]
    head = actor(at.head)
    with pytest.raises(NothingCorrected):
        actions.correct(actor=head, sheet=old, reason="Sửa tên", at=clock.now())
    rename(at)
    with pytest.raises(ReasonMissing):
        actions.correct(actor=head, sheet=old, reason=" ", at=clock.now())

    new = actions.correct(actor=head, sheet=old, reason="QĐ 12/QĐ-THCS sửa họ tên", at=clock.now())

    old.refresh_from_db()
    assert (new.version, new.previous_id, new.state, old.is_latest) == (2, old.id, "complete", False)
    with pytest.raises(StepOutOfOrder):
        actions.correct(actor=head, sheet=old, reason="Lần nữa", at=clock.now())
    with pytest.raises(NotSealedYet):
        actions.correct(actor=head, sheet=new, reason="Lần nữa", at=clock.now())
    with files.open_file(old.xml) as stream:
        document = stream.read()
    assert queries.verify(document).verdict == "valid"
    from khue.records.tests.builders import signed

    for step in (actions.compare_class, actions.confirm_class):
        who = at.teacher if step is actions.compare_class else at.head
        assert step(actor=actor(who), school_class=at.school_class, at=clock.now()) == 1
    for account, role, key in ((at.teacher, "homeroom", hands.homeroom), (at.head, "head", hands.head),
                               (at.clerk, "seal", hands.seal)):  # fmt: skip
        assert signed(at, account, role, key).state == "done"
    found = queries.verify(document)
    assert (found.verdict, found.is_known) == ("superseded", True)
    new.refresh_from_db()
    with files.open_file(new.xml) as stream:
        again = queries.verify(stream.read())
    assert (again.verdict, again.content.previous, again.content.version) == ("valid", old.digest, 2)


def test_the_database_itself_keeps_what_was_signed(sealed):
    sheet = sealed[0]
    for change in (
        "UPDATE records_yearsheet SET digest = 'x'", "UPDATE records_yearsheet SET sealed_at = now()",
        "UPDATE records_step SET kind = 'x'", "DELETE FROM records_step", "DELETE FROM records_signature",
        "UPDATE records_signature SET role = 'head'", "DELETE FROM records_yearsheet", "DELETE FROM records_issue",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    before = sheet.digest
    sheet.refresh_from_db()
    assert sheet.digest == before


def test_only_the_own_people_take_a_step(at, world):
    wrong = [
        (actions.prepare_class, at.pupils[0]), (actions.prepare_class, world.elsewhere.head),
        (actions.compare_class, at.head), (actions.compare_class, at.clerk), (actions.confirm_class, at.teacher),
        (actions.confirm_class, at.clerk), (actions.confirm_class, world.elsewhere.head),
    ]  # fmt: skip
    for step, account in wrong:
        with pytest.raises(Forbidden):
            step(actor=actor(account), school_class=at.school_class, at=JUNE)
    assert not YearSheet.objects.exists()


def test_a_pupil_whose_file_says_too_little_gets_no_sheet_and_is_told_why(at):
    Person.objects.filter(id=at.enrolments[0].person_id).update(moet_code=None, birth_day=None)

    done = actions.prepare_class(actor=actor(at.teacher), school_class=at.school_class, at=JUNE)

    assert (done.made, done.incomplete) == (2, 1)
    row = queries.class_sheets_of(actor(at.teacher), at.school_class).rows[0]
    assert row.problems == ["hồ sơ chưa có ngày sinh đầy đủ", "hồ sơ chưa có số định danh hoặc mã định danh"]


def test_subject_teachers_compare_their_subject(at):
    confirmed(at)

    assert actions.compare_subject(actor=actor(at.teacher), class_subject=at.maths, at=JUNE) == 3

    assert Step.objects.filter(role="subject_teacher", subject="TOAN").count() == 3
    with pytest.raises(Forbidden):
        actions.compare_subject(actor=actor(at.head), class_subject=at.maths, at=JUNE)
    rows = queries.class_sheets_of(actor(at.head), at.school_class).rows
    assert [row.compared_subjects for row in rows] == [1, 1, 1]
