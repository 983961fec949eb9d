"""A school's own rows become records: a version more when the content changed, and never otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from khue.exchange import actions, queries, tasks
from khue.exchange.envelope import projected
from khue.exchange.models import FieldGrant, HeldRecord, ReportedRecord, StaleSchool
from khue.foundation import clock, events
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.gradebook.models import PupilYear, SubjectYear
from khue.messaging.models import Delivery
from khue.registry import actions as registry
from khue.registry.models import Guardianship, Organisation, Person
from khue.schools.models import Enrolment, SchoolYear
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(named: World) -> Organisation:
    place = named.here.organisation
    Organisation.objects.filter(id=place.id).update(code="82300011", level_groups="03")
    place.refresh_from_db()
    return place


def collect(school: Organisation, at: datetime = NOON) -> actions.Collected:
    return actions.collect_school(actor=SYSTEM, school=school, at=at)


def versions(kind: str) -> list[tuple[int, str]]:
    return list(ReportedRecord.objects.filter(kind=kind).order_by("key").values_list("version", "event"))


def test_collecting_twice_changes_nothing(school: Organisation):
    first, before = collect(school), list(ReportedRecord.objects.order_by("id").values())

    second = collect(school)

    assert (first.changed, second.changed, second.cancelled) == (first.records, 0, 0)
    assert list(ReportedRecord.objects.order_by("id").values()) == before


def test_what_changed_has_a_version_more_and_goes_to_the_end_of_the_feed(school: Organisation):
    collect(school)
    last = ReportedRecord.objects.order_by("-position").first().position

    Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9)

    assert collect(school).changed == 1
    row = ReportedRecord.objects.get(version=2)
    assert (row.kind, row.event, row.position > last) == ("pupil_identity", "UPdate", True)


def test_what_is_gone_is_cancelled_and_may_come_back(school: Organisation):
    collect(school)
    gone = Enrolment.objects.filter(organisation=school).first()
    kept = {"person": gone.person, "school_class": gone.school_class, "starts_on": gone.starts_on}
    gone.delete()

    assert collect(school).cancelled == 2
    cancelled = ReportedRecord.objects.filter(event="CANCEL")
    assert sorted(cancelled.values_list("kind", "version", "payload")) == [("pupil", 2, {}), ("pupil_identity", 2, {})]

    Enrolment.objects.create(organisation=school, **kept)
    collect(school)
    assert versions("pupil")[0] == (3, "UPdate")


def test_a_year_that_is_over_stays_true(school: Organisation):
    collect(school)
    SchoolYear.objects.create(
        organisation=school, code="2027-2028", starts_on=date(2027, 9, 6), ends_on=date(2028, 5, 21)
    )

    done = collect(school, datetime(2027, 9, 20, tzinfo=UTC))

    assert done.cancelled == 0
    assert ReportedRecord.objects.filter(event="CANCEL").count() == 0
    assert ReportedRecord.objects.filter(kind="pupil").count() == 3


def test_a_pupil_without_an_error_is_sent_and_one_with_is_work_until_it_is_mended(school: Organisation, named: World):
    person = named.here.enrolments[0].person
    Person.objects.filter(id=person.id).update(national_id="12")

    assert collect(school).held == 1
    (line,) = HeldRecord.objects.all()
    assert (line.rule, line.field, line.duty, line.peer_id) == ("number_form", "sodinhdanh", "clerk", None)
    assert queries.waiting_after(0) == ReportedRecord.objects.count() - 1

    Person.objects.filter(id=person.id).update(national_id="082215000001")
    collect(school)

    assert HeldRecord.objects.count() == 0
    assert queries.waiting_after(0) == ReportedRecord.objects.count()


def test_the_clerk_hears_once_a_day_that_there_is_something_to_mend(school: Organisation, named: World):
    for number, enrolment in enumerate(named.here.enrolments[:2]):
        Person.objects.filter(id=enrolment.person_id).update(national_id=f"1{number}")
        collect(school)
        events.deliver_now()

    (told,) = Delivery.objects.filter(channel=Delivery.Channel.APPLICATION)
    assert (told.recipient_id, told.message.link) == (named.here.clerk.person_id, "/exchange/work/")


def test_results_are_reported_as_the_specification_numbers_them(school: Organisation, named: World):
    enrolment = named.here.enrolments[0]
    PupilYear.objects.create(
        organisation=school, enrolment=enrolment, rule_set="TT22-2021", study_term_1=3, conduct_term_1=2,
        worked_out_at=NOON,
    )  # fmt: skip
    SubjectYear.objects.create(
        organisation=school, enrolment=enrolment, class_subject=named.here.maths, is_scored=True, term_1=83
    )

    collect(school)

    payload = ReportedRecord.objects.get(kind="result").payload
    assert (payload["hocky"], payload["mahocluc"], payload["mahanhkiem"]) == ("1", "1", "2")
    assert (payload["diemtongket"], payload["diemmon"]) == (8.3, [{"mamonhoc": "TOAN", "diem": 8.3}])
    assert payload["malop"] == "6A-2026-2027"


def test_a_guardian_whom_a_court_barred_is_not_reported(school: Organisation, named: World):
    Guardianship.objects.filter(child=named.here.enrolments[0].person).update(is_barred=True)

    collect(school)

    families = [row.payload.get("me") for row in ReportedRecord.objects.filter(kind="pupil_identity").order_by("key")]
    assert sorted(family is None for family in families) == [False, False, True]


def test_a_field_without_a_grant_never_leaves(school: Organisation):
    """Whatever the fields of a kind are: what is not granted to the level is not in what is sent."""
    FieldGrant.objects.filter(field="hovaten", level="department").update(valid_to=date(2026, 11, 22))
    collect(school)

    allowed = queries.allowed_fields("department", date(2026, 11, 23))

    for row in ReportedRecord.objects.all():
        seen = projected(row.payload, allowed.get(row.kind, frozenset()))
        assert "hovaten" not in seen
        granted = FieldGrant.objects.filter(kind=row.kind, level="department", valid_to=None)
        assert seen.keys() <= set(granted.values_list("field", flat=True))
    assert "hovaten" in queries.allowed_fields("department", date(2026, 11, 22))["pupil_identity"]


def test_a_correction_of_a_person_has_the_school_collected(school: Organisation, named: World):
    collect(school)
    pupil = named.here.enrolments[0].person
    details = registry.PersonDetails(full_name="Nguyễn Văn An", sex="1")

    registry.correct_person(
        actor=actor(named.here.clerk), person=pupil, details=details, reason="Giấy khai sinh"
    )  # fmt: skip
    events.deliver_now()

    assert list(StaleSchool.objects.values_list("organisation_id", flat=True)) == [school.id]
    assert tasks.collect_stale_schools() == 1
    assert ReportedRecord.objects.filter(payload__hovaten="Nguyễn Văn An").count() == 1
    assert StaleSchool.objects.count() == 0


def test_only_schools_not_collected_for_a_day_are_swept(school: Organisation, monkeypatch: pytest.MonkeyPatch):
    """A worker that starts again does not have a whole province collected anew."""
    every = len(queries.own_schools(SYSTEM))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    assert tasks.mark_unseen_schools() == every >= 2
    StaleSchool.objects.all().delete()
    collect(school)

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=23))
    assert tasks.mark_unseen_schools() == every - 1
    assert not StaleSchool.objects.filter(organisation=school).exists()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=25))
    assert tasks.mark_unseen_schools() == every
    assert StaleSchool.objects.filter(organisation=school).exists()


def test_reference_data_is_loaded_once_and_what_a_person_verified_stays(named: World):
    rows = FieldGrant.objects.count()
    FieldGrant.objects.filter(kind="school", field="tentruong").update(verified=True)

    assert actions.load_reference(actor=SYSTEM) == 0

    assert FieldGrant.objects.count() == rows
    assert FieldGrant.objects.filter(verified=True).count() == 2


def test_a_teacher_collects_and_admits_nothing(school: Organisation, named: World):
    teacher = actor(named.here.teacher)

    with pytest.raises(Forbidden):
        actions.collect_school(actor=teacher, school=school, at=NOON)
    with pytest.raises(Forbidden):
        actions.name_node(actor=teacher, organisation=school)
    with pytest.raises(Forbidden):
        actions.renew_keys(actor=teacher)

    assert ReportedRecord.objects.count() == 0
    assert queries.this_node().name == "Sở GD&ĐT Đồng Tháp"
