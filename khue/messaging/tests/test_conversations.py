from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.messaging import actions, queries
from khue.messaging.actions import KeyUsed, LineTooLong, NothingWritten, UrgentIsForStaff
from khue.messaging.extensions import relations
from khue.messaging.models import Conversation, Delivery, Line, Reading
from khue.messaging.queries.obstacles import (
    ConversationClosed,
    FamiliesMayNotBegin,
    NoLongerTeaches,
    PupilsMayNotWrite,
)
from khue.messaging.tests.talks import begin, decide, write
from khue.registry.models import Guardianship
from khue.schools.models import SchoolClass, TeachingAssignment
from tests.world import NOON, World, account, actor
from tests.world import world as a_world

SECRET = "Bố cháu đang nằm viện, xin cô giữ kín ạ"


def words(by: object, conversation: Conversation) -> list[str | None]:
    who = actor(by)
    found = queries.conversation_of(who, conversation.public_id)
    lines = list(queries.lines_of(found))
    return [each.words.text if each.words else None for each in queries.said(who, found, lines)]


def test_a_teacher_and_a_guardian_write_to_each_other(world: World) -> None:
    here = world.here
    conversation = begin(here)

    write(conversation, here.teacher, "Chào anh chị, hôm nay cháu quên vở.")
    write(conversation, here.guardians[0], SECRET)

    expected = [SECRET, "Chào anh chị, hôm nay cháu quên vở."]
    assert words(here.teacher, conversation) == words(here.guardians[0], conversation) == expected
    assert conversation.reason == "Chủ nhiệm, Toán · 6A"


def test_lines_and_paragraphs_stay_as_they_were_written(world: World) -> None:
    conversation = begin(world.here)
    write(conversation, world.here.guardians[0], " Thưa cô,\r\n\r\n1. Sách\r\n2.  Vở\x00 ")

    assert words(world.here.teacher, conversation) == ["Thưa cô,\n\n1. Sách\n2.  Vở"]


def test_the_table_holds_no_word_of_it(world: World) -> None:
    conversation = begin(world.here)
    write(conversation, world.here.guardians[0], SECRET)

    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text, l.sealed FROM messaging_line l")
        raw = b"".join(row.encode() + bytes(sealed) for row, sealed in cursor.fetchall())
        for table in ("conversation", "message", "delivery", "reading"):
            cursor.execute(f"SELECT t::text FROM messaging_{table} t")
            raw += "".join(row for (row,) in cursor.fetchall()).encode()
        cursor.execute("SELECT details::text FROM foundation_auditrow")
        raw += "".join(row for (row,) in cursor.fetchall()).encode()
    for word in ("nằm viện", "viện", "giữ kín", "Bố cháu"):
        assert word.encode() not in raw
        assert word.encode().hex().encode() not in raw


def test_nobody_else_opens_a_conversation(world: World) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher)

    outsiders = [
        here.head, here.clerk, here.guardians[1], here.pupils[0], here.pupils[1], world.department_officer,
        world.ministry_officer, world.elsewhere.teacher, world.elsewhere.head, world.elsewhere.guardians[0],
    ]  # fmt: skip
    for outsider in outsiders:
        with pytest.raises(NotFound):
            queries.conversation_of(actor(outsider), conversation.public_id)
        with pytest.raises((NotFound, Forbidden)):
            write(conversation, outsider, "Tôi cũng xem được?")
        assert list(queries.listed_conversations(actor(outsider))) == []
    assert Line.objects.count() == 1


def test_a_barred_guardian_and_an_ended_guardianship_lose_it_at_the_next_request(world: World) -> None:
    conversation = begin(world.here)
    guardian = world.here.guardians[0]
    write(conversation, guardian)

    Guardianship.objects.filter(guardian=guardian.person_id).update(is_barred=True)

    with pytest.raises(NotFound):
        queries.conversation_of(actor(guardian), conversation.public_id)
    with pytest.raises(NotFound):
        write(conversation, guardian)
    assert Line.objects.count() == 1


def test_a_teacher_who_no_longer_teaches_reads_and_does_not_write(world: World) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher, "Chào anh chị.")
    TeachingAssignment.objects.filter(staff=here.teacher_staff).update(ends_on=NOON.date() - timedelta(days=1))
    SchoolClass.objects.filter(id=here.school_class.id).update(homeroom_teacher=None)

    assert words(here.teacher, conversation) == ["Chào anh chị."]
    for by in (here.teacher, here.guardians[0]):
        with pytest.raises(NoLongerTeaches):
            write(conversation, by)
    assert Line.objects.count() == 1


def test_sending_twice_under_one_key_makes_one_line(world: World) -> None:
    conversation, key = begin(world.here), uuid4()

    first = write(conversation, world.here.guardians[0], "Cháu ốm ạ", key=key)
    second = write(conversation, world.here.guardians[0], "Cháu ốm ạ ", key=key, at=NOON + timedelta(minutes=3))
    with pytest.raises(KeyUsed):
        write(conversation, world.here.guardians[0], "Cháu khoẻ rồi ạ", key=key)
    other = write(conversation, world.here.teacher, "Cháu ốm ạ", key=key)

    assert first.id == second.id != other.id
    assert Line.objects.count() == 2
    assert Delivery.objects.filter(channel="app").count() == 2


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=8), st.text(min_size=1, max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_the_same_keys_arrive_each_makes_one_line_that_reads_as_written(
    world: World, sent: list[int], text: str
) -> None:
    conversation = begin(world.here)
    Line.objects.all().delete()
    keys = [uuid4() for _ in range(3)]

    for number in sent:
        write(conversation, world.here.guardians[0], f"{number} {text} x", key=keys[number])

    assert Line.objects.count() == len(set(sent))
    read = words(world.here.teacher, conversation)
    assert sorted(word[0] for word in read) == sorted(str(number) for number in set(sent))


def test_four_presses_at_the_same_moment_make_one_line(committed_db: str) -> None:
    here = a_world().here
    conversation, key, together = begin(here), uuid4(), Barrier(4)

    def press(_number: int) -> int:
        try:
            with scope.of_organisation(None):
                together.wait()
                return write(conversation, here.guardians[0], "Cháu ốm ạ", key=key).id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = set(pool.map(press, range(4)))

    assert written == set(Line.objects.values_list("id", flat=True))
    assert len(written) == 1
    assert Delivery.objects.filter(channel="app").count() == 1


def test_what_cannot_be_sent_is_said(world: World) -> None:
    conversation = begin(world.here)
    for refusal, text, more in (
        (NothingWritten, " \n ", {}),
        (LineTooLong, "a" * 4001, {}),
        (UrgentIsForStaff, "Gấp", {"urgent_reason": "bão"}),
    ):
        with pytest.raises(refusal):
            write(conversation, world.here.guardians[0], text, **more)
    assert not Line.objects.exists()


def test_seen_is_shown_on_the_newest_own_line_once_the_other_side_has_it(world: World) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher, "Một")
    line = write(conversation, here.teacher, "Hai")
    teacher = actor(here.teacher)

    def seen() -> list[object]:
        return [each.seen_at for each in queries.said(teacher, conversation, list(queries.lines_of(conversation)))]

    assert seen() == [None, None]
    at = NOON + timedelta(hours=2)
    guardian = actor(here.guardians[0])
    actions.read_conversation(actor=guardian, conversation=conversation, up_to=line.id, at=at)
    actions.read_conversation(actor=guardian, conversation=conversation, up_to=line.id - 1, at=at + timedelta(hours=1))
    assert seen() == [at, None]


def test_the_list_counts_what_is_unread_and_shows_the_last_line(world: World) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher, "Một")
    write(conversation, here.teacher, "Hai")
    guardian = actor(here.guardians[0])

    [card] = queries.cards_of(guardian, list(queries.listed_conversations(guardian)))
    assert (card.unread, card.last.text, card.is_own, card.is_staff) == (2, "Hai", False, False)
    [mine] = queries.cards_of(actor(here.teacher), list(queries.listed_conversations(actor(here.teacher))))
    assert (mine.unread, mine.is_own, mine.is_staff) == (0, True, True)
    assert queries.unread_conversations(guardian) == 1


def test_pupils_write_where_the_school_lets_them_and_their_guardians_read_along(world: World) -> None:
    here = world.here
    with pytest.raises(PupilsMayNotWrite):
        begin(here, with_pupil=True)
    assert not Conversation.objects.exists()

    policy = decide(world)
    conversation = begin(here, with_pupil=True)
    write(conversation, here.pupils[0], "Em thưa cô")
    assert words(here.guardians[0], conversation) == ["Em thưa cô"]

    policy.pupils_may_write = False
    policy.save()
    with pytest.raises(PupilsMayNotWrite):
        write(conversation, here.pupils[0])
    assert words(here.pupils[0], conversation) == ["Em thưa cô"]


def test_families_begin_where_the_school_lets_them(world: World) -> None:
    policy = decide(world, families_may_begin=False)
    guardian = actor(world.here.guardians[0])
    [partner] = relations.filling.partners(guardian.person_id, NOON.date())
    with pytest.raises(FamiliesMayNotBegin):
        actions.begin_conversation(actor=guardian, partner=partner, with_pupil=False, at=NOON)
    assert not Conversation.objects.exists()

    policy.families_may_begin = True
    policy.save()
    made = actions.begin_conversation(actor=guardian, partner=partner, with_pupil=False, at=NOON)
    assert made == begin(world.here)
    with pytest.raises(Forbidden):
        actions.begin_conversation(actor=actor(world.here.guardians[1]), partner=partner, with_pupil=False, at=NOON)


def test_a_closed_conversation_is_read_and_not_written_in(world: World) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher, "Chào anh chị")
    with pytest.raises(Forbidden):
        actions.close_conversation(actor=actor(here.guardians[0]), conversation=conversation, at=NOON)
    assert Conversation.objects.filter(closed_at=None).count() == 1

    actions.close_conversation(actor=actor(here.teacher), conversation=conversation, at=NOON)
    closed = queries.conversation_of(actor(here.guardians[0]), conversation.public_id)
    with pytest.raises(ConversationClosed):
        write(closed, here.guardians[0])
    assert Line.objects.count() == 1

    actions.reopen_conversation(actor=actor(here.teacher), conversation=closed, at=NOON)
    closed.refresh_from_db()
    write(closed, here.guardians[0])
    assert Line.objects.count() == 2


def test_a_search_finds_words_in_one_thread_without_diacritics(world: World) -> None:
    conversation = begin(world.here)
    line = write(conversation, world.here.guardians[0], "Cháu bị sốt xuất huyết")
    write(conversation, world.here.teacher, "Chúc cháu mau khoẻ")

    assert queries.found_in(conversation, "sot huyet") == [line.id]
    assert queries.found_in(conversation, "khong co") == []


def test_somebody_who_holds_two_sides_speaks_for_the_school_where_they_teach(world: World) -> None:
    here = world.here
    child = here.pupils[1].person_id
    Guardianship.objects.create(
        organisation=here.organisation, child_id=child, guardian_id=here.teacher.person_id, relationship="mother",
        valid_from=NOON.date(),
    )  # fmt: skip
    account(None, "guardian", here.organisation)
    conversation = begin(here)
    assert queries.is_staff_side(actor(here.teacher), conversation)
    assert Reading.objects.count() == 0
