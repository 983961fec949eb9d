from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import scope, work
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.messaging import actions, queries, tasks
from khue.messaging.actions import Announcement, NobodyToTell
from khue.messaging.models import Broadcast, Delivery, Message, Tally
from khue.messaging.pace import granted
from khue.messaging.quiet import next_loud
from khue.registry.models import Guardianship, Organisation
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]
NIGHT = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 22:30 in Vietnam
MORNING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 06:00 the next day


def storm(**changes: object) -> Announcement:
    made = Announcement(
        key=uuid4(), audience="registry.guardians", subject="Nghỉ học vì bão", body="Ngày mai các em nghỉ học."
    )
    return replace(made, **changes)


def queue(by: Account, place: Organisation, notice: Announcement | None = None, at: datetime = NOON) -> Broadcast:
    return actions.broadcast(actor=actor(by), organisation=place, notice=notice or storm(), at=at)


def spread(made: Broadcast) -> None:
    with scope.of_organisation(None):
        job = work.run_now(made.job)
    assert (job.state, job.last_error) == ("done", "")


def test_one_notice_of_the_department_reaches_every_family_of_every_school_once(world: World) -> None:
    made = queue(world.department_officer, world.department)
    spread(made)

    families = [g.person_id for school in (world.here, world.elsewhere) for g in school.guardians]
    told = Delivery.objects.filter(message=made.message, channel="app")
    assert sorted(told.values_list("recipient_id", flat=True)) == sorted(families)
    assert Broadcast.objects.get().told_count == 5
    for school in (world.here, world.elsewhere):
        guardian = actor(school.guardians[0])
        with scope.of(guardian):
            assert [d.message.subject for d in queries.inbox(guardian)] == ["Nghỉ học vì bão"]


def test_sending_the_form_twice_and_doing_the_job_twice_tells_once(world: World) -> None:
    notice = storm()
    made = queue(world.here.head, world.here.organisation, notice)
    assert queue(world.here.head, world.here.organisation, notice) == made
    spread(made)
    before = list(Delivery.objects.order_by("id").values_list("id", "recipient_id", "channel"))

    actions.tell_part(actor=actor(world.here.head), broadcast=made, places=[world.here.organisation.id], at=NOON)

    assert list(Delivery.objects.order_by("id").values_list("id", "recipient_id", "channel")) == before
    assert Message.objects.count() == 1


def test_a_barred_guardian_and_one_who_wants_no_messages_hear_nothing(world: World) -> None:
    rows = Guardianship.objects.order_by("id")
    Guardianship.objects.filter(id=rows[0].id).update(is_barred=True)
    Guardianship.objects.filter(id=rows[1].id).update(receives_messages=False)

    spread(queue(world.here.head, world.here.organisation))

    told = Delivery.objects.filter(channel="app").values_list("recipient_id", flat=True)
    assert list(told) == [world.here.guardians[2].person_id]


def test_at_night_it_rings_in_the_morning_unless_there_is_a_reason(world: World) -> None:
    spread(queue(world.here.head, world.here.organisation, at=NIGHT))
    assert set(Delivery.objects.filter(channel="email").values_list("next_attempt_at", "priority")) == {(MORNING, 2)}

    Delivery.objects.all().delete()
    spread(queue(world.here.head, world.here.organisation, storm(urgent_reason="Lũ về trong đêm"), at=NIGHT))
    assert set(Delivery.objects.filter(channel="email").values_list("next_attempt_at", "priority")) == {(NIGHT, 0)}


def test_what_is_urgent_goes_before_what_is_many(world: World) -> None:
    spread(queue(world.here.head, world.here.organisation))
    spread(queue(world.elsewhere.head, world.elsewhere.organisation, storm(urgent_reason="Lũ")))

    claimed = tasks._claim(tasks.channels.channel_named("email"), NOON + timedelta(minutes=1))

    assert [d.priority for d in claimed or []] == [0, 0, 2, 2, 2]
    assert [d.id for d in (claimed or [])[2:]] == sorted(d.id for d in (claimed or [])[2:])


def test_a_channel_sends_no_faster_than_it_may(world: World, settings: object) -> None:
    settings.MAIL_PER_MINUTE = 60
    mail = tasks.channels.channel_named("email")
    mail_batch = mail.batch
    assert granted(at=NOON, next_at=NOON, per_minute=60, burst=5, wanted=mail_batch) == (5, NOON + timedelta(seconds=5))
    assert granted(at=NOON, next_at=NOON + timedelta(seconds=5), per_minute=60, burst=5, wanted=50)[0] == 0


@given(
    waits=st.lists(st.floats(0, 30), min_size=1, max_size=60), per_minute=st.integers(1, 6000),
    burst=st.integers(1, 50), wanted=st.integers(0, 60),
)  # fmt: skip
def test_however_it_is_asked_never_more_than_the_rate_and_one_burst(
    waits: list[float], per_minute: int, burst: int, wanted: int
) -> None:
    at, next_at, sent = NOON, NOON, 0
    for wait in waits:
        at += timedelta(seconds=wait)
        count, next_at = granted(at=at, next_at=next_at, per_minute=per_minute, burst=burst, wanted=wanted)
        sent += count
    assert sent <= burst + (at - NOON).total_seconds() / 60 * per_minute + 1


@pytest.mark.parametrize(
    ("hour", "minute", "loud"),
    [(20, 59, None), (21, 0, (24, 6)), (23, 30, (24, 6)), (0, 0, (23, 6)), (5, 59, (23, 6)), (6, 0, None)],
)
def test_quiet_hours_end_in_the_morning(hour: int, minute: int, loud: tuple[int, int] | None) -> None:
    from khue.foundation.clock import VIETNAM

    at = datetime(2026, 11, 23, hour, minute, tzinfo=VIETNAM)
    expected = at if loud is None else datetime(2026, 11, loud[0], loud[1], tzinfo=VIETNAM)
    assert next_loud(at) == expected
    assert next_loud(at, quiet_from=time(0), quiet_to=time(0)) == at


def test_nobody_tells_a_place_that_is_not_the_own(world: World) -> None:
    for by, place in (
        (world.here.head, world.elsewhere.organisation), (world.here.head, world.department),
        (world.here.teacher, world.here.organisation), (world.here.guardians[0], world.here.organisation),
        (world.here.pupils[0], world.here.organisation),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            queue(by, place)
    with pytest.raises(NobodyToTell):
        queue(world.here.head, world.here.organisation, storm(audience="nobody"))

    assert not Broadcast.objects.exists()
    assert not Message.objects.exists()


def test_figures_of_a_big_notice_are_those_last_counted(world: World) -> None:
    made = queue(world.here.head, world.here.organisation)
    spread(made)
    actions.count_again(actor=actor(world.here.head), broadcast=made)
    actions.mark_all_read(actor=actor(world.here.guardians[0]), at=NOON)

    assert queries.fates_of([made.message])[made.message.id].read == 0
    actions.count_again(actor=actor(world.here.head), broadcast=made)
    assert queries.fates_of([made.message])[made.message.id].read == 1
    assert Tally.objects.count() == 3


def test_a_head_writes_a_notice_on_a_page_and_sees_how_far_it_is(world: World, client_of: ClientOf) -> None:
    head = client_of(world.here.head)
    place = world.here.organisation.id
    page = head.get("/messages/notice/").content.decode()
    assert "Mọi phụ huynh" in page
    form = {
        "key": str(uuid4()), "audience": f"{place}|registry.guardians|", "subject": "Họp phụ huynh",
        "body": "8 giờ Chủ nhật.",
    }  # fmt: skip

    answer = head.post("/messages/notice/", form)

    assert answer.status_code == 303
    spread(Broadcast.objects.get())
    assert "Đã gửi tới 3 người." in head.get(answer["Location"]).content.decode()
    for other in (world.elsewhere.head, world.here.guardians[0], world.elsewhere.teacher):
        assert client_of(other).get(answer["Location"]).status_code == 404
    forged = {**form, "key": str(uuid4()), "audience": f"{world.elsewhere.organisation.id}|registry.guardians|"}
    assert "Đã gửi" not in head.post("/messages/notice/", forged).content.decode()
    assert client_of(world.here.guardians[0]).get("/messages/notice/").status_code == 403
    assert Broadcast.objects.count() == 1


def test_the_department_follows_its_own_notice_without_names(world: World, client_of: ClientOf) -> None:
    made = queue(world.department_officer, world.department)
    spread(made)
    own = queue(world.here.head, world.here.organisation)
    officer = client_of(world.department_officer)

    page = officer.get(f"/messages/told/{made.message.public_id}/").content.decode()

    assert "Đã gửi tới 5 người." in page
    assert "Phụ huynh Nguyễn" not in page
    assert officer.get(f"/messages/told/{own.message.public_id}/").status_code == 404


def test_a_browser_rings_for_one_person_only(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.here.guardians[0]).post(
        "/messages/browser/", '{"endpoint": "https://example.vn/x", "key": "AA", "secret": "AA"}', "application/json"
    )
    assert answer.status_code == 422
