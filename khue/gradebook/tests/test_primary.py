"""A primary class by TT 27/2020: four moments, the level of the year, titles, moving up."""

import re
from datetime import date

import pytest

from khue.curriculum.models import SubjectGrade
from khue.foundation import clock
from khue.foundation.errors import Forbidden, NotFound
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedAssessment
from khue.gradebook.models import PrimaryAssessment, PrimaryYear, Remark
from khue.gradebook.refusals import AwardNotDue, NotAPrimaryEntry, NothingToDecide
from tests.world import NOON, actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    """Class 6A of the small world as a first grade with one subject, Toán."""
    here = world.here
    here.school_class.grade = 1
    here.school_class.save()
    SubjectGrade.objects.get_or_create(
        subject=world.subject, grade=1, block="compulsory",
        defaults={"periods_per_year": 105, "mode": "level_test", "valid_from": date(2020, 9, 1), "source": "test"},
    )  # fmt: skip
    return here


def everything(at, level="T", test="9", moment=4, pupil=0, **other):
    """Every item of one pupil at a level; `other` by code."""
    items = queries.items_of(at.school_class)
    typed = [
        TypedAssessment(
            at.enrolments[pupil].id,
            item.code,
            other.get(item.code, level if item.kind == "subject" or level != "H" else "Đ"),
            test if item.is_tested else "",
        )
        for item in items
    ]
    actions.record_assessments(
        actor=actor(at.teacher), school_class=at.school_class, moment=moment, typed=typed, remarks={}, at=NOON
    )


def year_of(at, pupil=0):
    return PrimaryYear.objects.get(enrolment=at.enrolments[pupil])


@pytest.mark.parametrize(
    ("level", "test", "other", "expected", "award"),
    [
        ("T", "9", {}, 3, "excellent"),
        ("T", "8", {}, 2, ""),
        ("T", "6", {}, 1, ""),
        ("H", "5", {}, 1, ""),
        ("H", "4", {}, 0, ""),
        ("T", "10", {"nhan_ai": "Đ"}, 1, ""),
        ("T", "9", {"nhan_ai": "C"}, 0, ""),
        ("T", "9", {"TOAN": "C"}, 0, ""),
    ],
)
def test_the_level_of_a_year(at, level, test, other, expected, award):
    everything(at, level, test, **other)

    assert (year_of(at).level, year_of(at).missing, year_of(at).award) == (expected, 0, award)


def test_a_year_with_something_missing_is_open(at):
    everything(at, "T", "")

    assert (year_of(at).level, year_of(at).missing) == (None, 1)


def test_the_middle_of_a_term_settles_no_year(at):
    everything(at, moment=1)

    assert not PrimaryYear.objects.exists()


@pytest.mark.parametrize(("level", "test"), [("X", "9"), ("T", "0"), ("T", "11"), ("T", "8,5"), ("Đ", "9")])
def test_what_is_no_level_and_no_whole_mark_is_refused(at, level, test):
    with pytest.raises(NotAPrimaryEntry):
        everything(at, "T", "9", TOAN=level) if test == "9" else everything(at, level, test)

    assert not PrimaryAssessment.objects.exists()


def test_a_pupil_of_the_second_level_may_be_named(at):
    everything(at, "T", "8")
    actions.name_outstanding(
        actor=actor(at.teacher), enrolment=at.enrolments[0], reason="Giải nhất viết chữ đẹp của trường"
    )

    assert year_of(at).award == "outstanding"
    everything(at, "T", "9", pupil=1)
    with pytest.raises(AwardNotDue):
        actions.name_outstanding(
            actor=actor(at.teacher), enrolment=at.enrolments[1], reason="Đã là học sinh xuất sắc rồi"
        )


def test_only_the_head_moves_up_who_has_not_completed(at):
    everything(at, "H", "4")
    reason = "Em đã đạt sau khi được giúp đỡ thêm"
    with pytest.raises(Forbidden):
        actions.decide_promotion(actor=actor(at.teacher), enrolment=at.enrolments[0], promoted=True, reason=reason)
    assert year_of(at).promoted is None

    actions.decide_promotion(actor=actor(at.head), enrolment=at.enrolments[0], promoted=True, reason=reason)

    assert year_of(at).promoted is True
    everything(at, "T", "9", pupil=1)
    with pytest.raises(NothingToDecide):
        actions.decide_promotion(actor=actor(at.head), enrolment=at.enrolments[1], promoted=True, reason=reason)


def address(at, tail=""):
    return f"/marks/primary/{at.school_class.public_id}/{tail}"


def test_the_class_teacher_enters_on_the_page(at, client_of):
    first = at.enrolments[0].id
    client = client_of(at.teacher)

    assert client.post(address(at, "4/TOAN/"), {f"level{first}": "T", f"test{first}": "9"}).status_code == 303
    assert client.post(address(at, "4/remark/"), {f"remark{first}": "Em chăm ngoan"}).status_code == 303

    row = PrimaryAssessment.objects.get(enrolment=first, item="TOAN")
    assert (row.level, row.test) == (2, 9)
    assert Remark.objects.get(enrolment=first).text == "Em chăm ngoan"
    page = client.get(address(at, "?moment=4")).content.decode()
    assert "T · 9" in page
    assert "Toán 1/3" in page
    assert client.get(address(at, "levels.xlsx")).status_code == 200


def test_another_school_and_families_find_no_primary_class(at, world, client_of):
    everything(at, "T", "8")
    pupil = at.enrolments[0].public_id
    for other in (world.elsewhere.head, at.pupils[0], at.guardians[0]):
        client = client_of(other)
        for tail in ("", "levels.xlsx", "4/TOAN/"):
            assert client.get(address(at, tail)).status_code == 404
        for tail in ("award/", "promotion/"):
            answer = client.post(f"/marks/primary/pupils/{pupil}/{tail}", {"reason": "x" * 20, "decision": "yes"})
            assert answer.status_code == 404
    assert (year_of(at).award, year_of(at).promoted) == ("", None)


def test_the_page_costs_the_same_for_three_and_thirty_pupils(at, client_of, django_assert_num_queries):
    client = client_of(at.teacher)
    client.get(address(at))
    with django_assert_num_queries(15):
        client.get(address(at))
    for number in range(27):
        enrol(at, f"Trần Thị {number}")

    with django_assert_num_queries(15):
        client.get(address(at))


def test_a_pupil_of_another_class_takes_nothing(at, world):
    typed = [TypedAssessment(world.elsewhere.enrolments[0].id, "TOAN", "T", "9")]

    with pytest.raises(NotFound):
        actions.record_assessments(
            actor=actor(at.teacher), school_class=at.school_class, moment=4, typed=typed, remarks={}, at=NOON
        )

    assert not PrimaryAssessment.objects.exists()


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 9, 7), 1), (date(2026, 11, 20), 1), (date(2026, 12, 10), 2), (date(2027, 1, 10), 2),
        (date(2027, 2, 20), 3), (date(2027, 5, 20), 4), (date(2027, 7, 1), 4),
    ],
)  # fmt: skip
def test_the_page_opens_at_the_moment_that_comes_next(at, client_of, monkeypatch, day, moment):
    monkeypatch.setattr(clock, "today", lambda: day)

    page = client_of(at.teacher).get(address(at)).content.decode()

    assert re.search(rf'href="[^"]*moment={moment}"[^>]*aria-current', page)


def test_a_primary_school_has_no_mark_books_to_open(at, client_of):
    for who in (at.teacher, at.head):
        answer = client_of(who).get("/marks/")
        assert (answer.status_code, answer["Location"]) == (303, "/marks/classes/")
