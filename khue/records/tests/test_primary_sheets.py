"""A primary pupil's year: levels of subjects and traits instead of means, the level of the year, what it completes."""

import pytest

from khue.gradebook import actions as gradebook
from khue.gradebook.tests.test_primary import at, everything, year_of  # noqa: F401  a fixture
from khue.records import actions, queries
from khue.records.models import YearSheet
from khue.registry.models import Person
from tests.world import NOON, actor

pytestmark = pytest.mark.django_db


def test_a_first_grade_gets_its_sheets_from_the_last_moment(at):  # noqa: F811
    everything(at, nhan_ai="Đ")
    everything(at, "C", "4", pupil=1)
    for number, one in enumerate(at.enrolments):
        Person.objects.filter(id=one.person_id).update(sex="2", moet_code=f"7900{number}")
    by = actor(at.teacher)

    done = actions.prepare_class(actor=by, school_class=at.school_class, at=NOON)

    assert (done.made, done.incomplete) == (1, 2)
    content = queries.content_in(YearSheet.objects.get())
    assert (content.result.level, content.result.outcome, content.subjects) == ("Hoàn thành", "Được lên lớp", ())
    levels = {item.code: (item.kind, item.level, item.test) for item in content.items}
    assert levels["TOAN"] == ("subject", "T", "9")
    assert levels["nhan_ai"] == ("trait", "D", "")

    gradebook.decide_promotion(
        actor=actor(at.head), enrolment=at.enrolments[1], promoted=False, reason="Chưa đạt sau hỗ trợ"
    )
    assert actions.prepare_class(actor=by, school_class=at.school_class, at=NOON).made == 1
    held_back = queries.content_in(YearSheet.objects.get(enrolment=at.enrolments[1]))
    assert (held_back.result.level, held_back.result.outcome) == ("Chưa hoàn thành", "Không được lên lớp")
