"""Every address of the room: whose it is, what it costs, and that nobody else finds it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.attendance import actions, queries
from khue.attendance.models import Absence, LessonLog, LogRules
from khue.attendance.tests.builders import published
from khue.foundation import clock, scope
from khue.identity.models import Account
from khue.schools.models import ClassSubject, Enrolment, SchoolClass
from tests.world import NOON, TODAY, School, World, actor, enrol, person

ClientOf = Callable[[Account], Client]


@pytest.fixture
def addresses(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    here, slot = world.here, published(world.here)
    actions.take_roll(
        actor=actor(here.teacher), slot=slot, day=TODAY, absences={here.enrolments[0].id: "K"}, mode="classroom",
        title="Phân số", at=NOON,
    )  # fmt: skip
    asked = actions.ask_leave(
        actor=actor(here.guardians[0]), enrolment=here.enrolments[0], first_day=TODAY, last_day=TODAY, session="",
        reason="Em bị sốt", attachment=None, at=NOON,
    )  # fmt: skip
    lesson, room = f"/attendance/{slot.public_id}/{TODAY}/", here.school_class.public_id
    child = f"/attendance/pupils/{here.enrolments[0].public_id}/"
    return {
        "roll": lesson,
        "lesson": f"{lesson}log/",
        "pupil": child,
        "ask_leave": f"{child}leave/",
        "leave": f"/attendance/leave/{asked.public_id}/",
        "plan": f"/attendance/plans/{here.maths.public_id}/",
        "week": f"/attendance/logs/{room}/?week={TODAY}",
        "class_year": f"/attendance/classes/{room}/",
    }


OWN = {
    "teacher": {"roll", "lesson", "pupil", "leave", "plan", "week", "class_year"},
    "head": {"roll", "lesson", "pupil", "leave", "plan", "week", "class_year"},
    "guardian": {"pupil", "ask_leave", "leave"},
    "other_guardian": set(),
    "pupil": {"pupil", "leave"},
}


def test_everybody_finds_their_own_addresses_and_no_others(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    here = world.here
    people = {
        "teacher": here.teacher, "head": here.head, "guardian": here.guardians[0],
        "other_guardian": here.guardians[1], "pupil": here.pupils[0],
    }  # fmt: skip
    for who, account in people.items():
        client = client_of(account)
        found = {name for name, address in addresses.items() if client.get(address).status_code == 200}
        assert found == OWN[who], who


def test_no_address_opens_to_another_school_by_any_method(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    posted = [
        *addresses.values(),
        f"{addresses['roll']}send/",
        f"{addresses['leave']}decide/",
        f"{addresses['leave']}withdraw/",
        f"/attendance/logs/{world.here.school_class.public_id}/close/",
    ]
    given = {"mode": "classroom", "decision": "approve", "lines": "Một", "week": str(TODAY), "title": "X"}
    there = world.elsewhere
    for account in (there.teacher, there.head, there.clerk, there.guardians[0], there.pupils[0]):
        client = client_of(account)
        assert {client.get(address).status_code for address in addresses.values()} == {404}
        assert {client.post(address, given).status_code for address in posted} == {404}

    assert Absence.objects.get().kind == "K"
    assert LessonLog.objects.get().signed_at is None


def test_pages_without_a_name_in_them_show_only_the_own_school(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    here, there = world.here, world.elsewhere
    for page in ("/attendance/school/", "/attendance/logs/", "/attendance/leave/"):
        assert "6A" in client_of(here.head).get(page).content.decode()
        assert "Nguyễn Văn A" not in client_of(there.head).get(page).content.decode()
    assert [client_of(who).get("/attendance/school/").status_code for who in (here.teacher, here.pupils[0])] == [
        404,
        404,
    ]
    assert client_of(here.teacher).post("/attendance/logs/rules/", {"rating": "points"}).status_code == 404
    client_of(there.clerk).post("/attendance/logs/rules/", {"rating": "points"})
    assert LogRules.objects.get().organisation_id == there.organisation.id


def test_pages_cost_the_same_for_three_pupils_and_for_thirty(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    teacher, head = client_of(world.here.teacher), client_of(world.here.head)
    pages = [(teacher, addresses[name]) for name in ("roll", "lesson", "week", "class_year")]
    pages += [(teacher, "/attendance/"), (head, "/attendance/school/"), (head, "/attendance/logs/")]
    pages += [(teacher, "/attendance/leave/"), (teacher, "/attendance/unwritten/")]

    few = [cost(client, page) for client, page in pages]
    lesson = LessonLog.objects.get()
    for number in range(27):
        pupil = enrol(world.here, f"Nguyễn Văn T{number}")
        Absence.objects.create(
            organisation=world.here.organisation, lesson=lesson, enrolment=pupil, kind="KPMS"[number % 4]
        )
    many = [cost(client, page) for client, page in pages]

    assert many == few
    assert max(few) <= 15, few


def test_the_day_counts_pupils_by_class_and_by_how_they_were_missing(
    world: World, addresses: dict[str, str], django_assert_num_queries: Callable
) -> None:
    here = world.here
    first, second = here.enrolments[:2]
    third = enrol(here, "Nguyễn Văn C")
    other = SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")
    maths = ClassSubject.objects.create(
        organisation=here.organisation, school_class=other, subject=here.maths.subject, weekly_periods_term_1=1,
        weekly_periods_term_2=1,
    )  # fmt: skip
    elsewhere = Enrolment.objects.create(
        organisation=here.organisation,
        person=person("Lê D", here.organisation, "pupil"),
        school_class=other,
        starts_on=TODAY,
    )
    later = [_lesson(here, period, taught) for period, taught in ((2, here.maths), (3, maths))]
    for lesson, enrolment, kind in (
        (later[0], first, "K"), (later[0], second, "P"), (later[0], third, "M"), (later[1], elsewhere, "T"),
    ):  # fmt: skip
        Absence.objects.create(organisation=here.organisation, lesson=lesson, enrolment=enrolment, kind=kind)

    with scope.of(actor(here.head)), django_assert_num_queries(7):
        sheet = queries.day_sheet(here.organisation.id, TODAY, NOON)

    assert sheet.classes == [queries.ClassDay("6A", 1, 1, 1), queries.ClassDay("6B", 0, 1, 0)]
    with scope.of(actor(world.elsewhere.head)):
        assert queries.day_sheet(here.organisation.id, TODAY, NOON).classes == []


def _lesson(here: School, period: int, taught: ClassSubject) -> LessonLog:
    return LessonLog.objects.create(
        organisation=here.organisation, slot=published(here, period), class_subject=taught, day=TODAY, title="Toán",
        mode="classroom", taken_at=NOON,
    )  # fmt: skip


def cost(client: Client, page: str) -> int:
    assert client.get(page).status_code == 200, page
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return sum(not is_housekeeping(query["sql"]) for query in asked.captured_queries)


def is_housekeeping(sql: str) -> bool:
    """Opening a transaction and setting its scope: the same on every page, and no question about its data."""
    return sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) or "khue.scope" in sql


def test_a_guardian_asks_and_the_homeroom_teacher_answers_on_pages(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    here = world.here
    guardian, teacher = client_of(here.guardians[0]), client_of(here.teacher)
    sent = guardian.post(
        addresses["ask_leave"], {"first_day": "25/11/2026", "last_day": "25/11/2026", "session": "am", "reason": "Khám"}
    )
    assert sent.status_code == 303
    wrong = guardian.post(
        addresses["ask_leave"], {"first_day": "25/11/2026", "last_day": "25/11/2026", "session": "am", "reason": "Khám"}
    )
    assert "đã có đơn xin nghỉ" in wrong.content.decode()

    teacher.post(f"{addresses['leave']}decide/", {"decision": "approve", "answer": "Chúc em mau khoẻ"})

    assert "Chúc em mau khoẻ" in guardian.get(addresses["leave"]).content.decode()
    assert Absence.objects.get().kind == "P"


def test_a_kept_roll_is_answered_as_programs_read_it(
    world: World, addresses: dict[str, str], client_of: ClientOf
) -> None:
    here, address = world.here, f"{addresses['roll']}send/"
    child = f"e{here.enrolments[1].id}"
    roll = {"mode": "classroom", child: "M", f"m{here.enrolments[1].id}": "10", "at": "1795410000000"}
    key = "0197a000-0000-7000-8000-000000000001"

    answers = [client_of(here.teacher).post(address, {**roll, "key": key}) for _ in range(2)]
    assert [(a.status_code, a.json()) for a in answers] == [(200, {"state": "saved"})] * 2
    early = client_of(here.teacher).post(address, {**roll, "key": key[:-1] + "2", "at": "1000"})

    assert early.status_code == 409
    assert early.json()["kinds"] == {str(here.enrolments[1].id): "M"}
    assert early.json()["seen"] == key
    assert Absence.objects.get().minutes == 10
    assert client_of(here.teacher).post(address, {"mode": "?"}).status_code == 422


def test_pages_of_teachers_do_not_exist_for_families(world: World, client_of: ClientOf) -> None:
    here = world.here
    for path in ("/attendance/", "/attendance/unwritten/"):
        answers = [client_of(who).get(path).status_code for who in (here.teacher, here.guardians[0], here.pupils[0])]
        assert answers == [200, 404, 404], path
