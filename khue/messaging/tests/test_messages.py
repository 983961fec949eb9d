from datetime import timedelta
from email import message_from_bytes

import pytest

from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound
from khue.messaging import actions, queries, tasks
from khue.messaging.actions import Note
from khue.messaging.models import Delivery, Message
from khue.messaging.queries import Fate
from khue.registry import queries as registry
from khue.registry.models import Guardianship, Person
from tests.mailbox import Mailbox
from tests.world import NOON, TODAY, World, actor

NOTE = Note(kind="absence", key="absence:1", subject="Vắng không phép", body="Con vắng tiết 1 ngày 23/11/2026.")


def tell(world: World, note: Note = NOTE) -> Message:
    return actions.notify(
        actor=SYSTEM,
        organisation_id=world.here.organisation.id,
        note=note,
        recipients=[world.here.guardians[0].person_id],
        at=NOON,
    )


def by_mail() -> Delivery:
    return Delivery.objects.get(channel="email")


def test_a_message_reaches_the_guardian_in_the_application_and_by_mail(world: World, mailbox: Mailbox) -> None:
    message = tell(world)

    assert tasks.send_waiting() == 1
    [mail] = mailbox.taken
    assert mail.rcpt_tos == [by_mail().address]
    assert "Con vắng tiết 1" in message_from_bytes(mail.content).get_payload(decode=True).decode()
    assert (by_mail().state, by_mail().attempts) == ("sent", 1)
    assert [d.message for d in queries.inbox(actor(world.here.guardians[0]))] == [message]
    assert queries.fates_of([message]) == {message.id: Fate(told=1, read=0, mail={"sent": 1})}


def test_telling_again_sends_nothing_and_a_corrected_text_is_unread_again(world: World, mailbox: Mailbox) -> None:
    guardian = actor(world.here.guardians[0])
    tell(world)
    tasks.send_waiting()
    actions.mark_all_read(actor=guardian, at=NOON)

    tell(world)
    assert queries.unread_count(guardian) == 0

    tell(world, Note(**{**NOTE.__dict__, "body": "Con đi muộn."}))
    assert queries.unread_count(guardian) == 1
    assert tasks.send_waiting() == 0
    assert Message.objects.get().body == "Con đi muộn."
    assert len(mailbox.taken) == 1


def test_a_wrong_address_fails_for_good_and_a_busy_server_is_tried_again(world: World, mailbox: Mailbox) -> None:
    tell(world)
    mailbox.busy.add(by_mail().address)
    tasks.send_waiting()
    delayed = by_mail()
    assert (delayed.state, delayed.attempts, delayed.error) == ("waiting", 1, "451 try again later")

    mailbox.busy.clear()
    mailbox.refused.add(delayed.address)
    Delivery.objects.update(next_attempt_at=NOON)
    tasks.send_waiting()
    assert (by_mail().state, by_mail().error) == ("failed", "550 no such user")
    assert mailbox.taken == []


def test_without_a_server_mail_waits_and_is_not_lost(world: World, settings: object) -> None:
    settings.EMAIL_HOST = ""
    tell(world)

    assert tasks.send_waiting() == 0
    assert (by_mail().state, by_mail().attempts, by_mail().error) == ("waiting", 0, "")


def test_a_worker_that_died_while_sending_leaves_the_mail_to_the_next(world: World, mailbox: Mailbox) -> None:
    tell(world)
    Delivery.objects.filter(channel="email").update(state="sending", next_attempt_at=NOON - timedelta(minutes=1))

    assert tasks.send_waiting() == 1


def test_who_has_no_address_is_told_in_the_application_and_the_school_sees_it(world: World) -> None:
    Person.objects.filter(id=world.here.guardians[0].person_id).update(email="")

    tell(world)

    assert by_mail().state == "no_address"
    assert queries.unread_count(actor(world.here.guardians[0])) == 1


def test_a_line_break_in_a_subject_makes_no_second_header(world: World, mailbox: Mailbox) -> None:
    tell(world, Note(**{**NOTE.__dict__, "subject": "Vắng\r\nBcc: kẻ.khác@example.vn"}))

    tasks.send_waiting()

    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [[by_mail().address]]


def test_only_the_recipient_opens_a_message(world: World) -> None:
    tell(world)
    told = Delivery.objects.get(channel="app")

    for other in (world.here.guardians[1], world.here.teacher, world.elsewhere.guardians[0], world.elsewhere.head):
        with pytest.raises(NotFound):
            queries.delivery_of(actor(other), told.public_id)
        actions.mark_read(actor=actor(other), delivery=told, at=NOON)

    told.refresh_from_db()
    assert told.read_at is None
    assert queries.delivery_of(actor(world.here.guardians[0]), told.public_id) == told


def test_a_head_follows_the_own_school_only_and_a_teacher_sends_nothing(world: World) -> None:
    message = tell(world)

    assert list(queries.visible_messages(actor(world.here.head))) == [message]
    assert list(queries.visible_messages(actor(world.elsewhere.head))) == []
    pupil = actor(world.here.pupils[0])
    with pytest.raises(Forbidden):
        actions.notify(actor=pupil, organisation_id=message.organisation_id, note=NOTE, recipients=[], at=NOON)


def test_a_barred_guardian_and_one_who_wants_no_messages_are_not_told(world: World) -> None:
    children = [account.person_id for account in world.here.pupils]
    Guardianship.objects.filter(child_id=children[0]).update(is_barred=True)
    Guardianship.objects.filter(child_id=children[1]).update(receives_messages=False)

    told = registry.guardians_to_tell(children, TODAY)

    assert told == {children[0]: [], children[1]: [], children[2]: [world.here.guardians[2].person_id]}


def test_messages_of_another_school_do_not_exist(world: World) -> None:
    tell(world)

    with scope.of(actor(world.elsewhere.head)):
        assert not Message.objects.exists()
        assert not Delivery.objects.exists()


def test_many_notes_at_once_are_told_as_each_alone_and_ask_once_for_mail(
    world: World, django_assert_num_queries: object
) -> None:
    from khue.foundation.models import OutboxEvent

    tell(world, Note(**{**NOTE.__dict__, "key": "n:0", "body": "Cũ."}))
    guardians = [account.person_id for account in world.here.guardians]
    place = world.here.organisation.id

    def told(count: int) -> list[actions.Addressed]:
        notes = [Note(**{**NOTE.__dict__, "key": f"n:{number}"}) for number in range(count)]
        return [actions.Addressed(note, guardians[:2]) for note in notes]

    OutboxEvent.objects.all().delete()
    with django_assert_num_queries(11):  # 7, the text of n:0 put right (2), 2 lines of the audit trail
        actions.notify_each(actor=SYSTEM, organisation_id=place, told=told(2), at=NOON)
    with django_assert_num_queries(7 + 20):
        messages = actions.notify_each(actor=SYSTEM, organisation_id=place, told=told(20), at=NOON)

    assert [message.key for message in messages] == [f"n:{number}" for number in range(20)]
    assert Message.objects.get(key="n:0").body == NOTE.body
    assert Delivery.objects.filter(channel="app").count() == 40
    assert Delivery.objects.filter(channel="email", state="waiting").count() == 40
    assert OutboxEvent.objects.filter(name="messaging.mail_waiting").count() == 2


def test_a_queued_mail_asks_the_worker_for_one_round(world: World, mailbox: Mailbox) -> None:
    from django.db import connection

    from khue.foundation import outbox

    tell(world)
    tell(world, Note(**{**NOTE.__dict__, "key": "absence:2"}))
    outbox.deliver_all(rises=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messaging.send_mail'")
        assert cursor.fetchone() == (1,)


def test_the_queue_that_sends_mail_is_one_the_worker_serves(world: World, mailbox: Mailbox) -> None:
    from procrastinate.contrib.django import app

    from khue.foundation import jobs

    assert app.tasks["messaging.send_mail"].queue == jobs.QUEUE


def test_what_was_put_off_asks_for_a_round_when_its_time_has_come(world: World, mailbox: Mailbox) -> None:
    from django.db import connection

    tasks.queue_due_mail()
    tell(world)
    for _ in range(2):
        tasks.queue_due_mail()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messaging.send_mail'")
        assert cursor.fetchone() == (1,)
