"""Parents are invited to a meeting about results: in words that need nothing added, once, each family of the class."""

from datetime import date, time
from uuid import uuid4

import pytest

from khue.foundation import clock
from khue.gradebook.parents_invitation import TERM_1, invitation
from khue.messaging import queries as messaging
from khue.messaging.models import Announcement, AnnouncementCopy
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return world.here


def address(here, tail="parents/"):
    return f"/marks/classes/{here.school_class.public_id}/{tail}"


def typed(**other):
    asked = {"key": str(uuid4()), "on": "16/01/2027", "at": "07:30", "place": "Phòng 12"}
    return {**asked, "agenda": "kết quả học kì 1.", **other}


def test_the_invitation_says_when_where_and_what_about():
    said = invitation(
        class_name="6A", year="2026-2027", occasion=TERM_1, on=date(2027, 1, 16), at=time(7, 30), place="Phòng 12",
        agenda="kết quả học kì 1.",
    )  # fmt: skip

    assert said.subject == "Mời họp cha mẹ học sinh lớp 6A cuối học kì 1"
    assert "Thời gian: 7 giờ 30, ngày 16/01/2027.\nĐịa điểm: Phòng 12.\nNội dung: kết quả học kì 1.\n" in said.body


def test_the_homeroom_teacher_invites_every_family_once(here, client_of):
    teacher, form = client_of(here.teacher), typed()
    assert "Soạn giấy mời" in teacher.get(address(here, "?period=1")).content.decode()
    page = address(here, "parents/?occasion=term_1")
    assert "Kết quả học tập và rèn luyện học kì 1" in teacher.get(page).content.decode()

    answers = [teacher.post(page, form) for _time in range(2)]

    made = Announcement.objects.get()
    assert made.subject == "Mời họp cha mẹ học sinh lớp 6A cuối học kì 1"
    assert {answer["Location"] for answer in answers} == {f"/messages/announcements/{made.public_id}/"}
    assert (made.asks, made.pinned_until, made.to_families, made.to_pupils) == (
        "receipt", date(2027, 1, 16), True, False,
    )  # fmt: skip
    assert AnnouncementCopy.objects.count() == len(here.enrolments)
    assert messaging.unread_count(actor(here.guardians[0])) == 1


def test_nobody_is_invited_to_what_is_over(here, client_of):
    answer = client_of(here.teacher).post(address(here), typed(on="16/01/2026"))

    assert (answer.status_code, Announcement.objects.count()) == (422, 0)
    assert "Cuộc họp phải ở sau lúc này" in answer.content.decode()


def test_only_whoever_leads_the_class_finds_the_page(here, world, client_of):
    others = (here.pupils[0], here.guardians[0], world.elsewhere.teacher, world.elsewhere.head)
    assert [client_of(who).post(address(here), typed()).status_code for who in others] == [404] * 4

    assert not Announcement.objects.exists()
