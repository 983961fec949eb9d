from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from khue.attendance.models import Absence, LessonLog
from khue.foundation import clock, outbox
from khue.identity.models import Account
from khue.messaging import queries as messaging
from khue.messaging.models import Message
from khue.timetable import actions as timetable
from khue.timetable.actions import PlannedLesson
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, YEAR_START, World, actor

ClientOf = Callable[[Account], Client]


@pytest.fixture
def address(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    here = world.here
    planned = [PlannedLesson(here.maths, here.teacher_staff, TODAY.isoweekday(), "am", 1)]
    timetable.publish_timetable(
        actor=actor(here.head), term=here.term, title="Tuần 1", valid_from=YEAR_START, lessons=planned, at=NOON
    )
    return f"/attendance/{Slot.objects.get().public_id}/{TODAY}/"


def test_a_roll_is_taken_and_the_family_of_the_missing_hears_once(
    world: World, address: str, client_of: ClientOf
) -> None:
    teacher, missing = client_of(world.here.teacher), world.here.enrolments[0]
    assert "Chưa điểm danh" in teacher.get("/attendance/").content.decode()

    for _ in range(2):
        answer = teacher.post(address, {"mode": "classroom", "title": "Phân số", f"e{missing.id}": "K"})
        outbox.deliver_all(rises=True)

    assert answer.status_code == 303
    assert "Đã điểm danh" in teacher.get("/attendance/").content.decode()
    assert Message.objects.get().subject == "Em Nguyễn Văn A vắng không phép ngày 23/11/2026"
    assert messaging.unread_count(actor(world.here.guardians[0])) == 1
    family = client_of(world.here.guardians[0]).get(f"/attendance/pupils/{missing.public_id}/")
    assert "Vắng không phép" in family.content.decode()


def test_an_absence_taken_back_before_it_was_told_is_not_told(world: World, address: str, client_of: ClientOf) -> None:
    teacher = client_of(world.here.teacher)
    teacher.post(address, {"mode": "classroom", f"e{world.here.enrolments[0].id}": "K"})
    teacher.post(address, {"mode": "classroom", f"e{world.here.enrolments[0].id}": "P"})
    outbox.deliver_all(rises=True)

    assert not Message.objects.exists()


def test_a_wrong_form_comes_back_and_changes_nothing(world: World, address: str, client_of: ClientOf) -> None:
    answer = client_of(world.here.teacher).post(address, {"mode": "x", f"e{world.here.enrolments[0].id}": "Z"})

    assert answer.status_code == 200
    assert not Absence.objects.exists()


def test_every_address_is_404_to_another_school_and_to_other_families(
    world: World, address: str, client_of: ClientOf
) -> None:
    child = f"/attendance/pupils/{world.here.enrolments[0].public_id}/"

    for other in (world.elsewhere.teacher, world.elsewhere.head, world.elsewhere.guardians[0]):
        assert [client_of(other).get(page).status_code for page in (address, child)] == [404, 404]
    assert client_of(world.here.guardians[1]).get(child).status_code == 404


def test_a_pupil_neither_sees_nor_takes_the_roll(world: World, address: str, client_of: ClientOf) -> None:
    pupil = client_of(world.here.pupils[0])

    assert pupil.get(address).status_code == 404
    assert pupil.post(address, {"mode": "classroom"}).status_code == 404
    assert not Absence.objects.exists()


def test_an_impossible_day_is_not_found(world: World, address: str, client_of: ClientOf) -> None:
    assert client_of(world.here.teacher).get(address.replace(str(TODAY), "2026-02-30")).status_code == 404
    assert client_of(world.here.teacher).get("/attendance/?day=hôm-qua").status_code == 404


def test_a_teacher_goes_back_to_another_day_and_from_the_roll_to_the_log(
    world: World, address: str, client_of: ClientOf
) -> None:
    teacher, earlier = client_of(world.here.teacher), TODAY - timedelta(days=7)
    path = address.replace(str(TODAY), str(earlier))
    shown = teacher.get(f"/attendance/?day={earlier}").content.decode()
    assert (path in shown, "Ghi sổ</span>" in shown) == (True, False)
    assert f'href="/attendance/?day={earlier - timedelta(days=1)}"' in shown
    assert f'href="/attendance/?day={earlier + timedelta(days=1)}"' in shown
    assert "Ngày sau" not in teacher.get("/attendance/").content.decode()

    assert teacher.post(path, {"mode": "classroom", "title": "Phân số"})["Location"] == f"/attendance/?day={earlier}"

    assert f'href="{path}log/"' in teacher.get(f"/attendance/?day={earlier}").content.decode()
    assert teacher.post(address, {"mode": "classroom", "title": "Phân số"})["Location"] == "/attendance/"
    LessonLog.objects.update(signed_at=NOON)
    signed = teacher.get(f"/attendance/?day={earlier}").content.decode()
    assert ("Đã kí sổ" in signed, f'href="{path}log/"' in signed) == (True, False)
