"""What was told to classes, put right or taken back: who hears of it, what is kept, and who may."""

from collections.abc import Callable

import pytest
from django.test import Client

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.messaging import actions, queries
from khue.messaging.actions import NotToldYet, WithdrawnAlready, WithdrawnWithoutReason, WordsAreAnswered
from khue.messaging.models import Announcement, Delivery, Message
from khue.messaging.tests.classes import announced, asked_sheet, asked_survey, draft
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]
BODY = "9 giờ Chủ nhật, phòng 6B."


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def correct(world: World, made: Announcement, body: str = BODY, by: Account | None = None) -> int:
    who = actor(by or world.here.teacher)
    return actions.correct_announcement(actor=who, announcement=made, subject="Họp phụ huynh", body=body, at=NOON)


def withdraw(world: World, made: Announcement, reason: str = "Trường hoãn họp", by: Account | None = None) -> int:
    return actions.withdraw_announcement(
        actor=actor(by or world.here.teacher), announcement=made, reason=reason, at=NOON
    )


def told_to(account: Account) -> list[str]:
    rows = Delivery.objects.filter(recipient_id=account.person_id, channel="app").order_by("id")
    return list(rows.values_list("message__subject", flat=True))


def test_a_correction_is_told_once_and_who_had_read_stays_so(world: World, client_of: ClientOf) -> None:
    made = announced(world.here)
    page = f"/messages/announcements/{made.public_id}/"
    client_of(world.here.guardians[1]).get(page)

    assert (correct(world, made), correct(world, made)) == (3, 0)

    assert told_to(world.here.guardians[0]) == ["Họp phụ huynh", "Đính chính: Họp phụ huynh"]
    assert queries.figures_of([made])[made.id].read == 1
    assert BODY in client_of(world.here.guardians[0]).get(page).content.decode()
    row = AuditRow.objects.get(verb="announcement.corrected")
    assert (row.details["body_before"], row.details["body"]) == ("8 giờ Chủ nhật, phòng 6A.", BODY)


def test_what_is_taken_back_is_read_by_nobody_and_its_words_are_kept(world: World, client_of: ClientOf) -> None:
    made = announced(world.here, asks="receipt")
    waiting = Delivery.objects.filter(state="waiting").count()

    assert withdraw(world, made) == 3

    for account in (world.here.guardians[0], world.here.teacher):
        html = client_of(account).get(f"/messages/announcements/{made.public_id}/").content.decode()
        assert "Trường hoãn họp" in html
        assert "phòng 6A" not in html
    assert (waiting, Delivery.objects.filter(state="withdrawn").count()) == (3, 3)
    assert not Message.objects.filter(body__contains="phòng 6A").exists()
    assert told_to(world.here.guardians[0]) == ["Đã thu hồi: Họp phụ huynh"] * 2
    assert AuditRow.objects.get(verb="announcement.withdrawn").details["body_before"] == "8 giờ Chủ nhật, phòng 6A."
    with pytest.raises(WithdrawnAlready):
        correct(world, made)


def test_nobody_but_author_and_office_changes_what_was_told(world: World, client_of: ClientOf) -> None:
    made, here, there = announced(world.here), world.here, world.elsewhere
    for who in (here.guardians[0], here.pupils[0], there.teacher, there.head):
        with pytest.raises(Forbidden):
            correct(world, made, by=who)
        with pytest.raises(Forbidden):
            withdraw(world, made, by=who)
        for what in ("correct", "withdraw"):
            assert client_of(who).post(f"/messages/announcements/{made.public_id}/{what}/").status_code == 404

    assert Message.objects.count() == 3
    assert Announcement.objects.get().body == "8 giờ Chủ nhật, phòng 6A."
    assert withdraw(world, made, by=here.head) == 3


def test_what_was_answered_or_not_told_is_not_changed(world: World) -> None:
    for asked in (asked_survey(world.here).announcement, asked_sheet(world.here).announcement):
        with pytest.raises(WordsAreAnswered):
            correct(world, asked)
        with pytest.raises(WordsAreAnswered):
            withdraw(world, asked)
    written = actions.write_announcement(
        actor=actor(world.here.teacher), draft=draft(world.here, subject="Nháp"), files=[], at=NOON
    )
    with pytest.raises(NotToldYet):
        correct(world, written)
    with pytest.raises(WithdrawnWithoutReason):
        withdraw(world, announced(world.here), reason="  ")

    assert Announcement.objects.filter(corrected_at=None, withdrawn_at=None).count() == 4


def test_both_are_done_on_pages(world: World, client_of: ClientOf) -> None:
    made, teacher = announced(world.here), client_of(world.here.teacher)
    page = f"/messages/announcements/{made.public_id}/"
    assert "Đính chính" in teacher.get(page).content.decode()
    assert teacher.post(f"{page}correct/", {"subject": "Họp", "body": ""}).status_code == 422
    assert teacher.post(f"{page}correct/", {"subject": "Họp", "body": BODY}).status_code == 303
    assert "8 giờ" not in teacher.get(f"{page}withdraw/").content.decode()
    assert teacher.post(f"{page}withdraw/", {"reason": "Trường hoãn họp"}).status_code == 303

    assert "Đã thu hồi" in client_of(world.here.guardians[0]).get("/messages/announcements/").content.decode()
    assert teacher.get(f"{page}correct/").status_code == 404
