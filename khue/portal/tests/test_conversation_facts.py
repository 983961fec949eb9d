"""A line points at a mark, an absence or a bill, and each reader sees of it what the reader may see anyway."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.attendance.models import Absence, LessonLog
from khue.foundation import clock
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.identity.models import Account
from khue.messaging.models import Conversation, Line
from khue.messaging.tests.talks import begin
from khue.payments.models import CollectionAccount, Invoice
from khue.timetable.models import Slot, TimetableVersion
from tests.world import NOON, TODAY, YEAR_START, World

ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _in_term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def marked(world: World, tenths: int = 45) -> Mark:
    here = world.here
    place = {"organisation": here.organisation}
    book, _ = MarkBook.objects.get_or_create(
        **place, class_subject=here.maths, term=here.term, rule_set="TT22-2021", school_year=2026, is_scored=True
    )
    number = MarkColumn.objects.count() + 1
    column = MarkColumn.objects.create(**place, book=book, kind="regular", position=number)
    return Mark.objects.create(
        **place, school_year=2026, column=column, enrolment=here.enrolments[0], tenths=tenths, recorded_at=NOON
    )


def address(conversation: Conversation) -> str:
    return f"/conversations/{conversation.public_id}/"


def test_a_teacher_quotes_a_mark_and_the_family_opens_it(world: World, client_of: ClientOf) -> None:
    here = world.here
    marked(world)
    conversation = begin(here)
    teacher, guardian = client_of(here.teacher), client_of(here.guardians[0])
    offered = teacher.get(f"{address(conversation)}facts/").content.decode()
    assert "Điểm thường xuyên Toán: 4,5 (23/11/2026)" in offered
    fact = re.search(r"\?fact=([^#\"]+)#write", offered)[1]

    box = teacher.get(f"{address(conversation)}?fact={fact}").content.decode()
    value = re.search(r'name="fact" value="([^"]+)"', box)[1]
    teacher.post(address(conversation), {"key": uuid4(), "text": "Em cần ôn lại phân số.", "fact": value})

    page = guardian.get(address(conversation)).content.decode()
    assert "Điểm thường xuyên Toán: 4,5 (23/11/2026)" in page
    assert f'href="/marks/pupils/{here.enrolments[0].public_id}/"' in page
    assert guardian.get(f"/marks/pupils/{here.enrolments[0].public_id}/").status_code == 200
    assert 'href="/marks/books/' in teacher.get(address(conversation)).content.decode()


def test_a_fact_that_is_not_the_writers_to_see_is_not_attached(world: World, client_of: ClientOf) -> None:
    here = world.here
    marked(world)
    column = MarkColumn.objects.get().public_id
    other = begin(here, 1)  # about another child
    client = client_of(here.guardians[1])
    for value in (f"mark|{column}", "mark|x", f"nothing|{column}", "mark|", "|"):
        assert 'class="about"' not in client.get(address(other), {"fact": value}).content.decode()
        client.post(address(other), {"key": uuid4(), "text": "Của bạn khác", "fact": value})

    page = client.get(address(other)).content.decode()
    assert "4,5" not in page
    assert Line.objects.count() == 5


def test_a_bill_is_for_the_family_and_the_teacher_reads_only_that_there_is_one(
    world: World, client_of: ClientOf
) -> None:
    here = world.here
    account = CollectionAccount.objects.create(
        organisation=here.organisation, bank="970436", number="123", holder="THCS MY AN"
    )
    bill = Invoice.objects.create(
        organisation=here.organisation, account=account, family_id=here.pupils[0].person_id, title="Tiền ăn tháng 11",
        total=600_000, due_on=TODAY, issued_on=TODAY,
    )  # fmt: skip
    conversation = begin(here)
    guardian, teacher = client_of(here.guardians[0]), client_of(here.teacher)
    assert "Khoản thu Tiền ăn tháng 11: 600.000" in guardian.get(f"{address(conversation)}facts/").content.decode()
    assert "Tiền ăn" not in teacher.get(f"{address(conversation)}facts/").content.decode()

    guardian.post(
        address(conversation), {"key": uuid4(), "text": "Nhờ cô hỏi giúp.", "fact": f"bill|{bill.public_id}"}
    )  # fmt: skip

    assert f'href="/payments/{bill.public_id}/"' in guardian.get(address(conversation)).content.decode()
    page = teacher.get(address(conversation)).content.decode()
    assert "Tiền ăn" not in page
    assert "Nội dung kèm theo không mở được với tài khoản này." in page


def test_an_absence_is_quoted_by_its_lesson(world: World, client_of: ClientOf) -> None:
    here = world.here
    place = {"organisation": here.organisation}
    version = TimetableVersion.objects.create(**place, term=here.term, title="HK I", valid_from=YEAR_START)
    slot = Slot.objects.create(
        **place, version=version, class_subject=here.maths, staff=here.teacher_staff, weekday=1, period=2, session="am",
    )  # fmt: skip
    lesson = LessonLog.objects.create(**place, slot=slot, class_subject=here.maths, day=TODAY, taken_at=NOON)
    Absence.objects.create(**place, lesson=lesson, enrolment=here.enrolments[0], kind="K")
    conversation = begin(here)

    client = client_of(here.guardians[0])
    client.post(
        address(conversation), {"key": uuid4(), "text": "Hôm đó cháu ốm.", "fact": f"absence|{lesson.public_id}"}
    )  # fmt: skip

    for who in (here.guardians[0], here.teacher):
        page = client_of(who).get(address(conversation)).content.decode()
        assert "Vắng không phép: tiết 2 Toán, 23/11/2026" in page
        assert f'href="/attendance/pupils/{here.enrolments[0].public_id}/"' in page


def test_facts_cost_the_same_for_one_and_for_ten(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    client = client_of(here.guardians[0])

    def after(facts: int) -> int:
        for _ in range(facts):
            marked(world)
            value = f"mark|{MarkColumn.objects.order_by('-id')[0].public_id}"
            client.post(address(conversation), {"key": uuid4(), "text": "Điểm này ạ", "fact": value})
        client.get(address(conversation))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(conversation))
        return len(captured.captured_queries)

    assert after(1) == after(9) == 17
