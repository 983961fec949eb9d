"""Lessons in a calendar program: true to the day, let in by the address alone, closed at once."""

from datetime import date, time

import pytest

from khue.foundation import scope
from khue.identity.models import Account
from khue.registry.models import Guardianship
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment, SpecialDay
from khue.timetable import actions
from khue.timetable.actions import BellTime
from khue.timetable.models import Absence, CalendarFeed, Cover, Slot
from khue.timetable.tests.test_icalendar import properties
from khue.timetable.tests.test_week import lesson, publish
from tests.world import NOON, TODAY, School, World, actor, staff

PAGE = "/timetable/calendar/"


def address(client, of: School, person: int) -> str:
    """Make a feed on the page and read its address there."""
    shown = client.post(PAGE, {"whose": f"{of.organisation.id}-{person}"})
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    text = shown.content.decode()
    return "/timetable" + text.split('value="http://testserver/timetable')[1].split('"')[0]


@pytest.fixture
def feed(world: World, client_of) -> str:
    return address(client_of(world.here.teacher), world.here, world.here.teacher_staff.person_id)


@pytest.fixture(autouse=True)
def on_monday(monkeypatch) -> None:
    for name in ("now", "today"):
        monkeypatch.setattr(
            f"khue.timetable.views.feeds.{name}", lambda given={"now": NOON, "today": TODAY}[name]: given
        )


def summaries(client, at: str) -> list[tuple[str, str]]:
    """What a feed tells, as start and summary."""
    found, start = [], ""
    for name, value in properties(client.get(at).content):
        if name.startswith("DTSTART"):
            start = value
        elif name == "SUMMARY":
            found.append((start, value))
    return sorted(found)


def test_a_teachers_calendar_follows_holidays_covers_and_new_versions(world: World, client, feed: str) -> None:
    here = world.here
    hours = [BellTime("am", 1, time(7), time(7, 45)), BellTime("am", 2, time(7, 55), time(8, 40))]
    actions.set_bells(actor=actor(here.head), organisation=here.organisation, campus=None, bells=hours)
    publish(here, lesson(here, 1))
    publish(here, lesson(here, 1, 2), valid_from=date(2026, 11, 30))
    SpecialDay.objects.create(
        organisation=here.organisation, school_year=here.year, day=date(2026, 11, 16), kind="holiday", title="Nghỉ bão"
    )
    other = staff("Ngô Minh Đức", here.organisation, "teacher")
    slot = Slot.objects.get(period=1)
    absence = Absence.objects.create(
        organisation=here.organisation, staff=here.teacher_staff, starts_on=TODAY, ends_on=TODAY, told_at=NOON
    )
    told = summaries(client, feed)
    Cover.objects.create(
        organisation=here.organisation, absence=absence, slot=slot, staff=other, day=TODAY, session="am", period=1,
        assigned_at=NOON,
    )  # fmt: skip

    assert told[:4] == [
        ("20261109T070000", "Toán 6A"),
        ("20261116", "Nghỉ bão"),
        ("20261123T070000", "Toán 6A"),
        ("20261130T075500", "Toán 6A"),
    ]
    assert ("20261123T070000", "Toán 6A") not in summaries(client, feed)


def test_a_pupil_and_a_guardian_have_the_lessons_the_child_takes(world: World, client_of) -> None:
    here, subject = world.here, world.subject
    chosen = ClassSubject.objects.create(
        organisation=here.organisation, school_class=here.school_class, subject=_subject(subject, "TIN", "Tin học"),
        weekly_periods_term_1=1, weekly_periods_term_2=1, is_elective=True,
    )  # fmt: skip
    ElectiveChoice.objects.create(
        organisation=here.organisation,
        enrolment=here.enrolments[0],
        class_subject=chosen,
        starts_on=here.year.starts_on,
    )
    publish(here, lesson(here, 2), actions.PlannedLesson(chosen, here.teacher_staff, 3, "am", 1))
    child, friend = here.enrolments[0].person_id, here.enrolments[1].person_id

    for who in (here.pupils[0], here.guardians[0]):
        client = client_of(who)
        told = {text for _start, text in summaries(client, address(client, here, child))}
        assert told == {"Toán (sáng tiết 1)", "Tin học (sáng tiết 1)"}
    other = client_of(here.pupils[1])
    assert {text for _start, text in summaries(other, address(other, here, friend))} == {"Toán (sáng tiết 1)"}


def test_a_pupil_who_moved_has_each_class_in_its_time(world: World, client_of) -> None:
    here = world.here
    publish(here, lesson(here, 1))
    Enrolment.objects.filter(id=here.enrolments[0].id).update(starts_on=TODAY)
    client = client_of(here.pupils[0])

    told = summaries(client, address(client, here, here.enrolments[0].person_id))

    assert told[0][0] == "20261123"


def _subject(like, code: str, name: str):
    from khue.curriculum.models import Subject

    made, _new = Subject.objects.get_or_create(
        programme=like.programme, code=code, defaults={"name": name, "name_en": name, "hue": "teal", "order": 9}
    )
    return made


def test_what_has_not_changed_is_not_sent_again(world: World, client, feed: str) -> None:
    publish(world.here, lesson(world.here, 1))
    first = client.get(feed)

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get(feed, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(feed, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert first["Last-Modified"] == "Mon, 23 Nov 2026 05:00:00 GMT"
    publish(world.here, lesson(world.here, 1, 3), valid_from=date(2026, 11, 30))
    again = client.get(feed, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"] == first["ETag"]) == (200, False)
    assert client.head(feed).status_code == 200
    assert client.post(feed).status_code == 405


def test_a_closed_address_is_gone_at_once_and_a_new_one_closes_the_old(world: World, client_of, client, feed) -> None:
    assert client.get(feed).status_code == 200
    teacher = client_of(world.here.teacher)
    second = address(teacher, world.here, world.here.teacher_staff.person_id)

    assert client.get(feed, headers={"Accept": "text/html"}).status_code == 404
    assert client.get(second).status_code == 200
    row = CalendarFeed.objects.get(revoked_at=None)
    assert client_of(world.here.head).post(f"{PAGE}{row.public_id}/revoke/").status_code == 404
    assert client.get(second).status_code == 200
    assert teacher.post(f"{PAGE}{row.public_id}/revoke/").status_code == 303
    assert client.get(second).status_code == 404


def test_the_secret_stands_nowhere(world: World, feed: str) -> None:
    from khue.foundation.models import AuditRow

    token = feed.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) >= 43
    row = CalendarFeed.objects.get()
    assert token.encode() not in bytes(row.token_hash)
    assert not any(token in str(vars(each)) for each in AuditRow.objects.all())


def test_an_address_opens_no_more_than_its_maker_may_see(world: World, client_of, client) -> None:
    here = world.here
    publish(here, lesson(here, 1))
    guardian = client_of(here.guardians[0])
    at = address(guardian, here, here.enrolments[0].person_id)
    assert client.get(at).status_code == 200

    Guardianship.objects.filter(child=here.enrolments[0].person).update(is_barred=True)
    assert client.get(at).status_code == 404
    Guardianship.objects.filter(child=here.enrolments[0].person).update(is_barred=False)
    assert client.get(at).status_code == 200
    Account.objects.filter(id=here.guardians[0].id).update(is_active=False)
    assert client.get(at).status_code == 404


@pytest.mark.parametrize("who", ["guardian", "teacher", "elsewhere", "officer"])
def test_nobody_has_a_feed_of_anybody_else(world: World, client_of, who: str) -> None:
    here = world.here
    account = {
        "guardian": here.guardians[1], "teacher": here.teacher, "elsewhere": world.elsewhere.head,
        "officer": world.department_officer,
    }[who]  # fmt: skip
    child = here.enrolments[0].person_id

    for whose in (f"{here.organisation.id}-{child}", "x", "1-x", f"{'9' * 30}-1", "٣-1"):
        assert client_of(account).post(PAGE, {"whose": whose}).status_code in (403, 404)

    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("token", ["x", "%00", "a" * 2000, "ế"])
def test_a_guessed_address_is_not_found(world: World, client, token: str) -> None:
    assert client.get(f"{PAGE}{token}.ics").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_a_feed_costs_the_same_queries_whatever_is_taught(
    world: World, client, feed: str, django_assert_num_queries, count: int
) -> None:
    here = world.here
    publish(here, *(lesson(here, weekday, period) for weekday in range(1, count + 1) for period in range(1, count + 1)))
    client.get(feed)
    with django_assert_num_queries(20):
        client.get(feed)


def test_another_school_sees_no_feed(world: World, feed: str) -> None:
    with scope.of(actor(world.elsewhere.head)):
        assert not CalendarFeed.objects.exists()
