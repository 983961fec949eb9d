from datetime import datetime, timedelta
from email import message_from_bytes

from khue.foundation.clock import VIETNAM
from khue.messaging import actions, queries, tasks
from khue.messaging.models import Conversation, Delivery, Line, Message
from khue.messaging.tests.talks import begin, decide, write
from khue.registry.models import Guardianship
from tests.mailbox import Mailbox
from tests.world import NOON, World, actor

EVENING = datetime(2026, 11, 23, 21, 30, tzinfo=VIETNAM)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=VIETNAM)


def by_mail(world: World) -> list[Delivery]:
    return list(Delivery.objects.filter(channel="email", message__kind="conversation").order_by("id"))


def test_the_mail_says_that_a_message_waits_and_not_its_words(world: World, mailbox: Mailbox) -> None:
    write(begin(world.here), world.here.teacher, "Cháu bị bạn bắt nạt")

    assert tasks.send_waiting() == 1
    [mail] = mailbox.taken
    text = message_from_bytes(mail.content)
    body = text.get_payload(decode=True).decode()
    assert "bắt nạt" not in body
    assert "Nội dung chỉ đọc được trong Khuê" in body
    assert mail.rcpt_tos == [by_mail(world)[0].address]


def test_a_burst_rings_once_and_again_after_it_was_read(world: World) -> None:
    here = world.here
    conversation = begin(here)
    for number in range(5):
        write(conversation, here.teacher, f"Tin {number}", at=NOON + timedelta(seconds=number))
    assert Delivery.objects.filter(channel="app").count() == len(by_mail(world)) == 1
    guardian = actor(here.guardians[0])
    assert queries.unread_count(guardian) == 1

    last = Line.objects.order_by("-id")[0].id
    actions.read_conversation(actor=guardian, conversation=conversation, up_to=last, at=NOON + timedelta(minutes=1))
    assert queries.unread_count(guardian) == 0
    assert [row.state for row in by_mail(world)] == ["withdrawn"]

    write(conversation, here.teacher, "Thêm một tin", at=NOON + timedelta(minutes=2))
    write(conversation, here.teacher, "Thêm hai tin", at=NOON + timedelta(minutes=3))
    assert [row.state for row in by_mail(world)] == ["withdrawn", "waiting"]
    assert queries.unread_count(guardian) == 1
    write(conversation, here.teacher, "Hôm sau", at=NOON + timedelta(days=1))
    assert [row.state for row in by_mail(world)] == ["withdrawn", "waiting", "waiting"]


def test_quiet_hours_hold_back_what_rings_and_a_reason_does_not(world: World) -> None:
    conversation = begin(world.here)
    write(conversation, world.here.teacher, "Nhắc đóng quỹ", at=EVENING)
    write(conversation, world.here.teacher, "Cháu ngã, đang ở trạm y tế", urgent_reason="Tai nạn", at=EVENING)

    waiting = [(row.next_attempt_at, row.priority) for row in by_mail(world)]
    assert waiting == [(MORNING, Delivery.Priority.ORDINARY), (EVENING, Delivery.Priority.URGENT)]
    assert Delivery.objects.filter(channel="app", state="sent").count() == 2


def test_a_school_sets_its_own_quiet_hours(world: World) -> None:
    decide(world, quiet_from="19:00", quiet_to="07:00")
    write(begin(world.here), world.here.teacher, at=datetime(2026, 11, 23, 19, 5, tzinfo=VIETNAM))

    assert by_mail(world)[0].next_attempt_at == MORNING + timedelta(hours=1)


def test_the_other_side_is_rung_and_a_barred_guardian_never(world: World, mailbox: Mailbox) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.guardians[0], "Thưa cô")
    assert list(Delivery.objects.filter(channel="app").values_list("recipient_id", flat=True)) == [
        here.teacher.person_id
    ]
    write(conversation, here.teacher, "Vâng ạ")
    Guardianship.objects.filter(guardian_id=here.guardians[0].person_id).update(is_barred=True)

    tasks.send_waiting()
    assert mailbox.taken == []
    write(conversation, here.teacher, "Anh chị ơi", at=NOON + timedelta(days=1))
    assert Delivery.objects.filter(recipient_id=here.guardians[0].person_id, channel="app").count() == 1


def test_who_writes_to_whom_is_not_in_what_the_office_follows(world: World) -> None:
    write(begin(world.here), world.here.teacher)

    assert Message.objects.filter(kind="conversation").count() == 1
    for office in (world.here.head, world.here.clerk, world.here.teacher):
        assert list(queries.visible_messages(actor(office))) == []
    assert Conversation.objects.count() == 1
