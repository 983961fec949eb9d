"""A class's year from the recorded terms to moving up, with everything that may happen on the way."""

from datetime import date, timedelta

import pytest

from khue.curriculum.models import Programme, Subject, SubjectGrade
from khue.foundation.errors import Forbidden, NotFound
from khue.gradebook import actions, extensions
from khue.gradebook.actions import TypedConduct
from khue.gradebook.models import (
    ClassMeeting,
    Exemption,
    MakeUpTest,
    MarkBook,
    MarkColumn,
    PupilYear,
    Reassessment,
    SubjectYear,
    TermConduct,
    TermResult,
)
from khue.gradebook.refusals import (
    MakeUpTooEarly,
    MeetingTooEarly,
    NobodyInClass,
    NothingToDecide,
    NotReassessed,
    ResultsStand,
    WindowClosed,
)
from khue.gradebook.rule_sets import Level
from khue.schools.models import ClassSubject
from tests.world import NOON, actor, enrol

pytestmark = pytest.mark.django_db
JUNE = NOON.replace(year=2027, month=5, day=20)
GOOD_YEAR = [80, 80, 80, 80, 80, 80, 65, 65]


def class_with_subjects(at):
    """Eight scored subjects (Toán among them) and one commented in class 6A; the class-subjects."""
    programme = Programme.objects.get(code="GDPT2018")
    subjects = [at.maths]
    for number in range(8):
        subject, _ = Subject.objects.get_or_create(
            programme=programme, code=f"T{number}",
            defaults={"name": f"Môn {number}", "name_en": "", "hue": "blue", "order": 50 + number},
        )  # fmt: skip
        SubjectGrade.objects.get_or_create(
            subject=subject, grade=6, block="compulsory",
            defaults={
                "periods_per_year": 70, "mode": "comment" if number == 7 else "score", "regular_marks_per_term": 2,
                "valid_from": date(2021, 9, 5), "source": "test",
            },
        )  # fmt: skip
        subjects.append(
            ClassSubject.objects.create(
                organisation=at.organisation, school_class=at.school_class, subject=subject,
                weekly_periods_term_1=2, weekly_periods_term_2=2,
            )
        )  # fmt: skip
    return subjects


def results(at, enrolment, means, passed=True, terms=(1, 2)):
    """Put term results down as the mark-books would: the same in both terms."""
    for number in terms:
        term = at.term if number == 1 else at.term_2
        for place, subject in enumerate(class_subjects(at)):
            is_scored = place < 8
            book, _ = MarkBook.objects.get_or_create(
                class_subject=subject, term=term,
                defaults={
                    "organisation": at.organisation, "rule_set": "TT22-2021", "school_year": 2026,
                    "is_scored": is_scored,
                },
            )  # fmt: skip
            TermResult.objects.update_or_create(
                book=book, enrolment=enrolment,
                defaults={
                    "organisation": at.organisation,
                    "mean_tenths": means[place] if is_scored else None,
                    "passed": None if is_scored else passed,
                },
            )  # fmt: skip


def class_subjects(at):
    return list(ClassSubject.objects.filter(school_class=at.school_class).order_by("subject__order", "id"))


def conduct(at, enrolment, level=Level.GOOD, absent=0):
    for term in (at.term, at.term_2):
        TermConduct.objects.update_or_create(
            enrolment=enrolment, term=term,
            defaults={"organisation": at.organisation, "level": level, "sessions_absent": absent, "recorded_at": NOON},
        )  # fmt: skip


@pytest.fixture
def at(world):
    class_with_subjects(world.here)
    return world.here


def settled(at, enrolment):
    actions.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    return PupilYear.objects.get(enrolment=enrolment)


def test_a_good_year_moves_up_with_a_title(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    conduct(at, pupil)

    year = settled(at, pupil)

    assert (year.study, year.conduct, year.outcome, year.award) == (3, 3, "promoted", "good")
    assert (year.missing_term_1, year.missing_term_2, year.sessions_absent) == (0, 0, 0)


@pytest.mark.parametrize(("absent", "outcome"), [(45, "promoted"), (46, "repeat")])
def test_forty_five_sessions_are_allowed_and_one_more_is_not(at, absent, outcome):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    conduct(at, pupil, absent=0)
    TermConduct.objects.filter(enrolment=pupil, term=at.term).update(sessions_absent=absent)

    assert settled(at, pupil).outcome == outcome


def test_absences_nobody_counted_leave_the_outcome_open(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    conduct(at, pupil, absent=None)

    year = settled(at, pupil)

    assert (year.sessions_absent, year.outcome, year.study) == (None, "", 3)


def test_the_roll_call_counts_before_what_was_typed(at, monkeypatch):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    conduct(at, pupil, absent=1)
    monkeypatch.setattr(extensions.sessions_absent, "_filling", lambda ids, _first, _last: dict.fromkeys(ids, 46))

    assert (settled(at, pupil).sessions_absent, settled(at, pupil).outcome) == (46, "repeat")


def test_a_missing_term_leaves_the_year_open(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR, terms=(1,))

    year = settled(at, pupil)

    assert (year.study_term_1, year.study_term_2, year.study, year.missing_term_2) == (3, None, None, 9)


def test_an_exempted_subject_counts_for_nothing(at):
    pupil = at.enrolments[0]
    results(at, pupil, [80] * 7 + [20])
    conduct(at, pupil)

    actions.exempt(
        actor=actor(at.head), enrolment=pupil, class_subject=class_subjects(at)[7], starts_on=at.year.starts_on,
        reason="Em học hoà nhập theo kế hoạch riêng", at=NOON,
    )  # fmt: skip

    assert settled(at, pupil).study == 3
    assert SubjectYear.objects.get(enrolment=pupil, class_subject=class_subjects(at)[7]).year is None


def test_a_term_at_another_school_counts_with_its_origin(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR, terms=(2,))
    conduct(at, pupil)

    for place, subject in enumerate(class_subjects(at)):
        actions.receive_result(
            actor=actor(at.teacher), enrolment=pupil, class_subject=subject, term=at.term,
            typed="Đ" if place == 8 else "8,0", origin="THCS Cao Lãnh", at=NOON,
        )  # fmt: skip

    assert (settled(at, pupil).study_term_1, settled(at, pupil).study) == (3, 3)


def test_a_pupil_who_moved_within_the_school_keeps_the_first_term(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR, terms=(1,))
    day = at.term_2.starts_on
    other = type(at.school_class).objects.create(
        organisation=at.organisation, school_year=at.year, grade=6, name="6B", homeroom_teacher=at.teacher_staff
    )
    pupil.ends_on, pupil.status = day, "moved_class"
    pupil.save()
    moved = type(pupil).objects.create(
        organisation=at.organisation, person=pupil.person, school_class=other, starts_on=day
    )
    ClassSubject.objects.create(
        organisation=at.organisation, school_class=other, subject=at.maths.subject, weekly_periods_term_1=4,
        weekly_periods_term_2=4,
    )  # fmt: skip
    actions.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)

    assert SubjectYear.objects.get(enrolment=moved).term_1 == 80
    assert not PupilYear.objects.filter(enrolment=pupil).exists()


def test_assessed_again_after_summer_the_pupil_moves_up(at):
    pupil = at.enrolments[0]
    results(at, pupil, [60] * 6 + [32, 36])
    conduct(at, pupil, Level.FAIR)
    assert settled(at, pupil).outcome == "reassess"
    weak, fine = class_subjects(at)[6], class_subjects(at)[0]

    actions.register_reassessment(actor=actor(at.teacher), enrolment=pupil, class_subject=weak, at=JUNE)
    actions.record_reassessment(actor=actor(at.teacher), enrolment=pupil, class_subject=weak, typed="5", at=JUNE)

    year = PupilYear.objects.get(enrolment=pupil)
    assert (year.study, year.outcome, year.award) == (1, "promoted", "")
    with pytest.raises(NotReassessed):
        actions.register_reassessment(actor=actor(at.teacher), enrolment=pupil, class_subject=fine, at=JUNE)
    assert Reassessment.objects.count() == 1


def test_assessed_again_without_success_the_pupil_repeats(at):
    pupil = at.enrolments[0]
    results(at, pupil, [60] * 6 + [32, 36])
    conduct(at, pupil, Level.FAIR)
    settled(at, pupil)
    weak = class_subjects(at)[6]
    actions.register_reassessment(actor=actor(at.teacher), enrolment=pupil, class_subject=weak, at=JUNE)
    assert PupilYear.objects.get(enrolment=pupil).outcome == "reassess"

    actions.record_reassessment(actor=actor(at.teacher), enrolment=pupil, class_subject=weak, typed="2", at=JUNE)

    assert PupilYear.objects.get(enrolment=pupil).outcome == "repeat"


def test_training_in_summer_makes_conduct_met(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    conduct(at, pupil, Level.NOT_MET)
    assert settled(at, pupil).outcome == "summer_training"

    actions.propose_training(actor=actor(at.teacher), enrolment=pupil, task="Giúp thư viện mỗi tuần", at=JUNE)
    actions.approve_training(actor=actor(at.head), enrolment=pupil, at=JUNE)
    actions.judge_training(actor=actor(at.teacher), enrolment=pupil, was_completed=True, at=JUNE)

    year = PupilYear.objects.get(enrolment=pupil)
    assert (year.conduct, year.outcome, year.award) == (1, "promoted", "")


def test_an_ambiguous_level_waits_for_the_head(at):
    pupil = at.enrolments[0]
    results(at, pupil, [80] * 5 + [70, 70, 49])
    conduct(at, pupil)
    assert (settled(at, pupil).study, settled(at, pupil).is_ambiguous) == (1, True)
    reason = "Hội đồng xét theo cách hiểu có lợi cho em"

    with pytest.raises(Forbidden):
        actions.decide_level(actor=actor(at.teacher), enrolment=pupil, level=Level.FAIR, reason=reason, at=JUNE)
    assert PupilYear.objects.get(enrolment=pupil).is_ambiguous
    actions.decide_level(actor=actor(at.head), enrolment=pupil, level=Level.FAIR, reason=reason, at=JUNE)

    year = PupilYear.objects.get(enrolment=pupil)
    assert (year.study, year.unadjusted, year.is_ambiguous) == (2, 1, False)


def test_a_clear_level_cannot_be_decided(at):
    pupil = at.enrolments[0]
    results(at, pupil, GOOD_YEAR)
    settled(at, pupil)

    with pytest.raises(NothingToDecide):
        actions.decide_level(
            actor=actor(at.head), enrolment=pupil, level=Level.GOOD, reason="Em rất ngoan và chăm", at=JUNE
        )


def test_the_meeting_waits_for_every_result_and_its_approval_closes_conduct(at):
    by = actor(at.teacher)
    for pupil in at.enrolments[:2]:
        results(at, pupil, GOOD_YEAR)
        conduct(at, pupil)
    with pytest.raises(MeetingTooEarly):
        actions.record_meeting(actor=by, school_class=at.school_class, held_on=JUNE.date(), minutes="Họp", at=JUNE)
    with pytest.raises(NobodyInClass):
        actions.record_meeting(actor=by, school_class=at.school_class, held_on=date(2020, 5, 1), minutes="Họp", at=JUNE)
    assert not ClassMeeting.objects.exists()
    results(at, at.enrolments[2], GOOD_YEAR)
    conduct(at, at.enrolments[2])
    meeting = actions.record_meeting(
        actor=by, school_class=at.school_class, held_on=JUNE.date(), minutes="Đủ giáo viên bộ môn", at=JUNE
    )
    with pytest.raises(Forbidden):
        actions.approve_meeting(actor=by, meeting=meeting, at=JUNE)
    actions.approve_meeting(actor=actor(at.head), meeting=meeting, at=JUNE)

    typed = {at.enrolments[0].id: TypedConduct(Level.NOT_MET)}
    with pytest.raises(ResultsStand):
        actions.record_conduct(actor=by, school_class=at.school_class, term=at.term_2, typed=typed, at=JUNE)

    assert TermConduct.objects.get(enrolment=at.enrolments[0], term=at.term_2).level == 3


def test_conduct_is_the_homeroom_teachers(at, world):
    typed = {at.enrolments[0].id: TypedConduct(Level.FAIR, "Em cần chú ý giờ giấc", 2)}
    for other in (world.elsewhere.teacher, at.clerk, at.pupils[0]):
        with pytest.raises(Forbidden):
            actions.record_conduct(actor=actor(other), school_class=at.school_class, term=at.term, typed=typed, at=NOON)
    with pytest.raises(NotFound):
        actions.record_conduct(
            actor=actor(at.teacher), school_class=at.school_class, term=at.term,
            typed={world.elsewhere.enrolments[0].id: TypedConduct(Level.FAIR)}, at=NOON,
        )  # fmt: skip
    assert not TermConduct.objects.exists()

    actions.record_conduct(actor=actor(at.teacher), school_class=at.school_class, term=at.term, typed=typed, at=NOON)

    row = TermConduct.objects.get()
    assert (row.level, row.comment, row.sessions_absent) == (2, "Em cần chú ý giờ giấc", 2)
    assert PupilYear.objects.get().conduct_term_1 == 2


def test_conduct_outside_its_window_is_refused(at):
    day = NOON.date()
    actions.set_window(
        actor=actor(at.head), term=at.term, kind="conduct", opens_on=day + timedelta(1), closes_on=day + timedelta(9)
    )

    with pytest.raises(WindowClosed):
        actions.record_conduct(
            actor=actor(at.teacher), school_class=at.school_class, term=at.term,
            typed={at.enrolments[0].id: TypedConduct(Level.GOOD)}, at=NOON,
        )  # fmt: skip

    assert not TermConduct.objects.exists()


def test_a_make_up_test_that_never_came_is_nought_after_its_last_day(at):
    by = actor(at.teacher)
    book = actions.open_book(actor=by, class_subject=at.maths, term=at.term)
    column = MarkColumn.objects.get(book=book, kind="mid")
    planned = actions.plan_make_up(
        actor=by, column=column, enrolment=at.enrolments[0], reason="Em ốm, có giấy của bác sĩ", due_on=NOON.date(),
        at=NOON,
    )  # fmt: skip
    with pytest.raises(MakeUpTooEarly):
        actions.settle_make_up(actor=by, make_up=planned, typed="", at=NOON)
    assert not TermResult.objects.exists()

    actions.settle_make_up(actor=by, make_up=planned, typed="", at=NOON + timedelta(1))

    assert TermResult.objects.get().mean_tenths == 0
    assert MakeUpTest.objects.get().was_held is False


@pytest.mark.parametrize("who", ["teacher", "clerk"])
def test_only_the_head_exempts(at, who):
    with pytest.raises(Forbidden):
        actions.exempt(
            actor=actor(getattr(at, who)), enrolment=at.enrolments[0], class_subject=at.maths,
            starts_on=NOON.date(), reason="Em không thích học môn này", at=NOON,
        )  # fmt: skip

    assert not Exemption.objects.exists()


def test_a_whole_school_costs_as_many_statements_as_one_pupil(at, django_assert_num_queries):
    by = actor(at.head)
    for pupil in at.enrolments:
        results(at, pupil, GOOD_YEAR)
    with django_assert_num_queries(16):
        actions.recompute_years(actor=by, school_year=at.year, enrolment_ids=[at.enrolments[0].id], at=JUNE)
    for number in range(27):
        results(at, enrol(at, f"Trần Thị {number}"), GOOD_YEAR)

    with django_assert_num_queries(17):  # and one line in the audit trail
        assert actions.recompute_years(actor=by, school_year=at.year, at=JUNE) == 30


def test_nobody_works_out_another_schools_year(world):
    with pytest.raises(Forbidden):
        actions.recompute_years(actor=actor(world.elsewhere.head), school_year=world.here.year, at=JUNE)

    assert not PupilYear.objects.exists()
