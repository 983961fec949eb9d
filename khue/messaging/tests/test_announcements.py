"""Announcements to classes: who is told, who has read them, who is reminded, and who learns nothing of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound
from khue.identity.models import Account
from khue.messaging import actions, announcement_nudges, queries
from khue.messaging.actions import EndsTooSoon, NobodyAddressed, NobodyToRemind, RemindedToday
from khue.messaging.models import Announcement, AnnouncementCopy, Delivery, Message
from khue.messaging.tests.classes import DUE, announced, asked_sheet, asked_survey, copy_for, draft, second_guardian
from khue.registry.models import Guardianship
from khue.schools.models import Enrolment, SchoolClass
from tests.world import NOON, TODAY, YEAR_START, World, account, actor, enrol, staff

ClientOf = Callable[[Account], Client]
NIGHT = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 22:30 in Vietnam
MORNING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 06:00 the next day
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_every_family_of_the_class_has_a_copy_and_every_guardian_a_message(world: World) -> None:
    second_guardian(world.here)

    made = announced(world.here)

    copies = AnnouncementCopy.objects.filter(announcement=made)
    assert sorted(copies.values_list("person_id", "side")) == sorted((p.person_id, "family") for p in world.here.pupils)
    told = Delivery.objects.filter(message__in=copies.values("message"), channel="app")
    assert told.count() == 4
    assert set(Message.objects.values_list("about_id", flat=True)) == {p.person_id for p in world.here.pupils}


def test_sending_the_form_twice_tells_once(world: World) -> None:
    asked = draft(world.here)
    for _ in range(2):
        actions.announce(actor=actor(world.here.teacher), draft=asked, files=[], at=NOON)

    assert (Announcement.objects.count(), Delivery.objects.filter(channel="app").count()) == (1, 3)


def test_pupils_are_told_on_copies_of_their_own(world: World, client_of: ClientOf) -> None:
    made = announced(world.here, to_families=False, to_pupils=True)

    assert client_of(world.here.pupils[0]).get(f"/messages/announcements/{made.public_id}/").status_code == 200
    assert client_of(world.here.guardians[0]).get(f"/messages/announcements/{made.public_id}/").status_code == 404


def test_a_teacher_sees_by_name_who_has_read_it_and_who_has_not(world: World, client_of: ClientOf) -> None:
    made = announced(world.here)
    client_of(world.here.guardians[1]).get(f"/messages/announcements/{made.public_id}/")

    teacher = actor(world.here.teacher)
    followed, reach = queries.followed_announcement(teacher, made.public_id)
    lines = queries.copy_lines(followed, reach)

    assert [(line.copy.child.full_name, line.has_reacted) for line in lines] == [
        ("Nguyễn Văn A", False), ("Nguyễn Văn B", True), ("Nguyễn Văn C", False),
    ]  # fmt: skip
    assert queries.figures_of([made])[made.id].read == 1
    assert "1/3 đã xem" in client_of(world.here.teacher).get("/messages/announcements/").content.decode()


def test_a_message_opened_in_the_inbox_counts_as_read(world: World, client_of: ClientOf) -> None:
    made = announced(world.here)
    told = Delivery.objects.get(recipient_id=world.here.guardians[0].person_id, channel="app")

    client_of(world.here.guardians[0]).get(f"/messages/{told.public_id}/")

    assert queries.figures_of([made])[made.id].read == 1


def test_one_guardian_acknowledges_for_the_family(world: World, client_of: ClientOf) -> None:
    other = second_guardian(world.here)
    made = announced(world.here, asks="receipt")
    copy = copy_for(world.here.pupils[0], made)

    answer = client_of(other).post(f"/messages/announcements/copies/{copy.public_id}/read/")

    assert answer.status_code == 303
    copy.refresh_from_db()
    assert (copy.acknowledged_by_id, copy.acknowledged_at) == (other.person_id, NOON)
    assert queries.figures_of([made])[made.id].acknowledged == 1
    for stranger in (world.here.guardians[1], world.elsewhere.guardians[0], world.here.teacher):
        address = f"/messages/announcements/copies/{copy_for(world.here.pupils[2], made).public_id}/read/"
        assert client_of(stranger).post(address).status_code == 404
    assert queries.figures_of([made])[made.id].acknowledged == 1


def test_those_who_have_not_read_it_are_reminded_once_a_day(world: World) -> None:
    made = announced(world.here)
    teacher = actor(world.here.teacher)
    actions.read_announcement(actor=actor(world.here.guardians[0]), announcement=made, at=NOON)

    assert actions.remind(actor=teacher, announcement=made, at=NOON) == 2
    with pytest.raises(RemindedToday):
        actions.remind(actor=teacher, announcement=made, at=NOON)

    reminders = Delivery.objects.filter(message__subject__startswith="Nhắc:", channel="app")
    late = [world.here.guardians[1].person_id, world.here.guardians[2].person_id]
    assert sorted(reminders.values_list("recipient_id", flat=True)) == sorted(late)
    assert actions.remind(actor=teacher, announcement=made, at=NOON + timedelta(days=1)) == 2
    for guardian in world.here.guardians:
        actions.read_announcement(actor=actor(guardian), announcement=made, at=NOON)
    with pytest.raises(NobodyToRemind):
        actions.remind(actor=teacher, announcement=made, at=NOON + timedelta(days=2))


def test_at_night_it_rings_in_the_morning_unless_there_is_a_reason(world: World) -> None:
    announced(world.here, when=NIGHT)
    mails = Delivery.objects.filter(channel="email")
    assert set(mails.values_list("next_attempt_at", "priority")) == {(MORNING, 1)}

    mails.delete()
    announced(world.here, when=NIGHT, urgent_reason="Nghỉ học vì bão")
    assert set(mails.values_list("next_attempt_at", "priority")) == {(NIGHT, 0)}


def test_a_barred_guardian_and_one_whose_guardianship_ended_lose_it_at_once(world: World, client_of: ClientOf) -> None:
    made = announced(world.here, asks="receipt")
    barred, ended = world.here.guardians[0], world.here.guardians[1]
    Guardianship.objects.filter(guardian_id=barred.person_id).update(is_barred=True)
    Guardianship.objects.filter(guardian_id=ended.person_id).update(valid_to=TODAY - timedelta(days=1))

    for gone in (barred, ended):
        client = client_of(gone)
        assert client.get(f"/messages/announcements/{made.public_id}/").status_code == 404
        assert made.subject not in client.get("/messages/announcements/").content.decode()
        assert made.subject not in client.get("/messages/").content.decode()
        assert made.subject not in client.get("/").content.decode()
    actions.remind(actor=actor(world.here.teacher), announcement=made, at=NOON)
    reminded = Delivery.objects.filter(message__subject__startswith="Nhắc:").values_list("recipient_id", flat=True)
    assert set(reminded) == {world.here.guardians[2].person_id}


def other_class(world: World) -> tuple[SchoolClass, Account, Account, Account]:
    """6B of the same school: the class, a pupil, the guardian, and the teacher who leads it."""
    here = world.here
    leader = staff("Đỗ Văn Khôi", here.organisation, "teacher")
    made = SchoolClass.objects.create(
        organisation=here.organisation, school_year=here.year, grade=6, name="6B", homeroom_teacher=leader
    )
    enrolment = enrol(here, "Phạm Thị Lan")
    Enrolment.objects.filter(id=enrolment.id).update(school_class=made)
    pupil, guardian = here.pupils.pop(), here.guardians.pop()
    here.enrolments.pop()
    return made, pupil, guardian, account(leader.person, "homeroom_teacher", here.organisation)


def test_nothing_is_told_to_a_class_that_is_not_the_own(world: World) -> None:
    six_b, _pupil, _guardian, _leader = other_class(world)
    for by in (world.here.teacher, world.elsewhere.head, world.here.guardians[0], world.here.pupils[0],
               world.department_officer):  # fmt: skip
        with pytest.raises(Forbidden):
            announced(world.here, by=by, class_ids=[six_b.id])
    with pytest.raises(Forbidden):
        announced(world.here, by=world.here.head, class_ids=[six_b.id, world.elsewhere.school_class.id])
    with pytest.raises(NobodyAddressed):
        announced(world.here, to_families=False)
    with pytest.raises(EndsTooSoon):
        announced(world.here, due_at=NOON)

    assert not Announcement.objects.exists()
    assert not Message.objects.exists()
    assert announced(world.here, by=world.here.head, class_ids=[six_b.id, world.here.school_class.id]).told_at == NOON


def addresses_of(world: World) -> list[tuple[str, str]]:
    """Every address of one announcement, one survey and one sheet of class 6A: method and path."""
    told, survey, sheet = announced(world.here, asks="receipt"), asked_survey(world.here), asked_sheet(world.here)
    one, two, three = told.public_id, survey.announcement.public_id, sheet.announcement.public_id
    question = queries.questions_of(survey)[0].row.public_id
    copies = [
        copy_for(world.here.pupils[0], each).public_id for each in (told, survey.announcement, sheet.announcement)
    ]
    return [
        ("get", f"/messages/announcements/{one}/"), ("post", f"/messages/announcements/{one}/remind/"),
        ("post", f"/messages/announcements/{one}/close/"),
        ("post", f"/messages/announcements/copies/{copies[0]}/read/"),
        ("get", f"/messages/surveys/{two}/questions/"), ("post", f"/messages/surveys/{two}/questions/{question}/"),
        ("post", f"/messages/surveys/{two}/tell/"), ("post", f"/messages/surveys/{two}/template/"),
        ("get", f"/messages/surveys/{two}/results/"), ("get", f"/messages/surveys/{two}/results/?export=xlsx"),
        ("get", f"/messages/surveys/copies/{copies[1]}/"), ("post", f"/messages/surveys/copies/{copies[1]}/"),
        ("get", f"/messages/consents/{three}/"), ("get", f"/messages/consents/{three}/?print"),
        ("post", f"/messages/consents/{three}/tell/"), ("get", f"/messages/consents/{three}/paper/{copies[2]}/"),
        ("get", f"/messages/consents/{three}/rule/{copies[2]}/"),
        ("post", f"/messages/consents/{three}/rule/{copies[2]}/"),
        ("get", f"/messages/consents/copies/{copies[2]}/"), ("post", f"/messages/consents/copies/{copies[2]}/"),
        ("get", f"/messages/consents/copies/{copies[2]}/withdraw/"),
        ("post", f"/messages/consents/copies/{copies[2]}/withdraw/"),
    ]  # fmt: skip


def test_every_address_is_404_to_whoever_has_no_part_in_it(world: World, client_of: ClientOf) -> None:
    _class, pupil, guardian, leader = other_class(world)
    addresses = addresses_of(world)
    before = state()
    strangers = (pupil, guardian, leader, world.elsewhere.head, world.elsewhere.teacher, world.elsewhere.guardians[0],
                 world.department_officer)  # fmt: skip

    for stranger in strangers:
        client = client_of(stranger)
        for method, address in addresses:
            assert (getattr(client, method)(address).status_code, address) == (404, address), stranger.display_name
    assert state() == before


def test_a_family_reaches_none_of_the_pages_of_staff(world: World, client_of: ClientOf) -> None:
    addresses = [(m, a) for m, a in addresses_of(world) if "/copies/" not in a and "/paper/" not in a]
    before = state()

    for one in (world.here.guardians[0], world.here.pupils[0]):
        client = client_of(one)
        for method, address in addresses[1:]:
            assert getattr(client, method)(address).status_code == 404, address
        for address in ("announcements", "surveys", "consents"):
            assert client.get(f"/messages/{address}/write/").status_code == 403
    assert state() == before


def state() -> list[object]:
    """What a denied step must not have changed."""
    rows = Announcement.objects.order_by("id").values_list("id", "told_at", "closed_at", "reminded_on")
    copies = AnnouncementCopy.objects.order_by("id").values_list("id", "answered", "acknowledged_at")
    return [*rows, *copies, Message.objects.count()]


def test_a_homeroom_teacher_follows_only_the_own_class_of_what_the_office_told(
    world: World, client_of: ClientOf
) -> None:
    six_b, _pupil, _guardian, leader = other_class(world)
    made = announced(world.here, by=world.here.head, class_ids=[six_b.id, world.here.school_class.id])

    page = client_of(leader).get(f"/messages/announcements/{made.public_id}/").content.decode()

    assert "Phạm Thị Lan" in page
    assert "Nguyễn Văn A" not in page
    assert client_of(leader).post(f"/messages/announcements/{made.public_id}/remind/").status_code == 403
    made.refresh_from_db()
    assert made.reminded_on is None


def test_files_are_read_by_whom_they_were_told_to_and_by_nobody_else(world: World, client_of: ClientOf) -> None:
    form = {"key": str(uuid4()), "classes": str(world.here.school_class.id), "to_families": "on", "subject": "Lịch thi",
            "body": "Xem tệp.", "file_1": SimpleUploadedFile("lich.pdf", PDF)}  # fmt: skip

    answer = client_of(world.here.teacher).post("/messages/announcements/write/", form)

    assert answer.status_code == 303
    made = Announcement.objects.get()
    (file,) = queries.files_of(made)
    address = f"/files/{file.public_id}/"
    for reader, status in ((world.here.guardians[0], 200), (world.here.teacher, 200), (world.here.pupils[0], 404),
                           (world.elsewhere.teacher, 404), (world.elsewhere.guardians[0], 404)):  # fmt: skip
        assert client_of(reader).get(address).status_code == status, reader.display_name


def test_a_form_that_is_wrong_keeps_what_was_typed_and_writes_nothing(world: World, client_of: ClientOf) -> None:
    form = {"key": str(uuid4()), "classes": "999999", "subject": "Lịch thi", "body": "Nội dung đã gõ"}

    answer = client_of(world.here.teacher).post("/messages/announcements/write/", form)

    assert answer.status_code == 422
    assert "Nội dung đã gõ" in answer.content.decode()
    assert not Announcement.objects.exists()


def test_the_clock_reminds_once_a_day_before_the_end_and_never_at_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = announced(world.here, asks="receipt", due_at=DUE)
    actions.acknowledge(actor=actor(world.here.guardians[0]), copy=copy_for(world.here.pupils[0], made), at=NOON)

    def at(moment: datetime) -> int:
        monkeypatch.setattr(clock, "now", lambda: moment)
        return announcement_nudges.nudge_due()

    assert at(DUE - timedelta(hours=30)) == 0
    assert at(DUE.replace(hour=17) - timedelta(days=1)) == 0  # midnight in Vietnam
    assert at(DUE - timedelta(hours=4)) == 1
    assert at(DUE - timedelta(hours=3)) == 0

    reminders = Delivery.objects.filter(message__subject__startswith="Nhắc:", channel="app")
    assert reminders.count() == 2
    with pytest.raises(RemindedToday):
        actions.remind(actor=actor(world.here.teacher), announcement=made, at=DUE - timedelta(hours=2))


def test_the_clock_alone_nudges(world: World) -> None:
    made = announced(world.here, asks="receipt", due_at=DUE)

    with pytest.raises(Forbidden):
        actions.nudge(actor=actor(world.here.guardians[0]), announcement=made, at=NOON)

    assert actions.nudge(actor=SYSTEM, announcement=made, at=NOON) == 3


def test_what_waits_stands_on_the_home_pages(world: World, client_of: ClientOf) -> None:
    announced(world.here, asks="receipt", subject="Nội quy mới", due_at=DUE)
    announced(world.here, subject="Lịch nghỉ Tết", pinned_until=TODAY)
    announced(world.here, subject="Đã qua", pinned_until=TODAY - timedelta(days=1))
    asked_sheet(world.here)

    guardian = world.here.guardians[0]
    found = queries.to_answer(actor(guardian), NOON)

    assert [(one.subject, one.asks) for one in found] == [
        ("Tham quan Gáo Giồng", "consent"), ("Nội quy mới", "receipt"), ("Lịch nghỉ Tết", "nothing"),
    ]  # fmt: skip
    home = client_of(guardian).get("/").content.decode()
    assert "Việc cần trả lời" in home
    assert [one.subject for one in found if one.asks == "nothing"] == ["Lịch nghỉ Tết"]
    assert "Nội quy mới" in client_of(world.here.teacher).get("/").content.decode()
    Guardianship.objects.filter(guardian_id=guardian.person_id).update(may_decide=False)
    assert [one.asks for one in queries.to_answer(actor(guardian), NOON)] == ["receipt", "nothing"]


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    # A request inside a test's transaction has a savepoint, and gives the scope of the test back.
    around = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT coalesce(current_setting")
    return sum(not query["sql"].startswith(around) for query in captured.captured_queries)


def test_pages_cost_the_same_for_three_pupils_and_for_thirty(world: World, client_of: ClientOf) -> None:
    for number in range(27):
        enrol(world.elsewhere, f"Trần Văn {number}")
    found = []
    for school in (world.here, world.elsewhere):
        for _ in range(2 if school is world.here else 20):
            made = announced(school, asks="receipt")
        sheet = asked_sheet(school).announcement
        survey = asked_survey(school).announcement
        teacher, guardian = client_of(school.teacher), client_of(school.guardians[0])
        own = [copy_for(school.pupils[0], each).public_id for each in (survey, sheet)]
        found.append(
            [
                cost(teacher, "/messages/announcements/"),
                cost(teacher, f"/messages/announcements/{made.public_id}/"),
                cost(teacher, f"/messages/surveys/{survey.public_id}/results/"),
                cost(teacher, f"/messages/surveys/{survey.public_id}/questions/"),
                cost(teacher, f"/messages/consents/{sheet.public_id}/"),
                cost(teacher, f"/messages/consents/{sheet.public_id}/?print"),
                cost(guardian, "/messages/announcements/"),
                cost(guardian, f"/messages/announcements/{made.public_id}/"),
                cost(guardian, f"/messages/surveys/copies/{own[0]}/"),
                cost(guardian, f"/messages/consents/copies/{own[1]}/"),
            ]
        )

    assert found[0] == found[1]
    assert max(found[0]) <= 15, found[0]


def test_telling_a_class_takes_as_many_statements_for_thirty_as_for_three(world: World) -> None:
    for number in range(27):
        enrol(world.elsewhere, f"Trần Văn {number}")

    def statements(school: object) -> int:
        with CaptureQueriesContext(connection) as captured:
            announced(school)
        return len(captured.captured_queries)

    assert statements(world.here) == statements(world.elsewhere)


def test_nobody_opens_what_is_not_told_yet(world: World) -> None:
    made = actions.write_announcement(actor=actor(world.here.teacher), draft=draft(world.here), files=[], at=NOON)

    with pytest.raises(NotFound):
        queries.announcement_of(actor(world.here.guardians[0]), made.public_id)
    with pytest.raises(Forbidden):
        actions.tell_announcement(actor=actor(world.elsewhere.head), announcement=made, at=NOON)
    made.refresh_from_db()
    assert made.told_at is None
    assert YEAR_START < TODAY
