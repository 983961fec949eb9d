from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock
from khue.identity.models import Account
from khue.messaging import actions, queries
from khue.messaging.models import Conversation, ConversationPolicy, Delegation, Line, Report
from khue.messaging.tests.talks import begin, write
from khue.registry.models import Guardianship
from khue.schools.models import ClassSubject, Enrolment, SchoolClass, TeachingAssignment
from tests.journeys.pages import ORIGIN, answer_by
from tests.world import TODAY, World, actor, enrol

if TYPE_CHECKING:
    from django.http import HttpResponse
    from playwright.sync_api import Page

ClientOf = Callable[[Account], Client]
PDF = b"%PDF-1.7\n" + b"\0" * 40


@pytest.fixture(autouse=True)
def _in_term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def address(conversation: Conversation) -> str:
    return f"/conversations/{conversation.public_id}/"


def test_a_guardian_begins_writes_and_is_answered_without_a_script(world: World, client_of: ClientOf) -> None:
    here = world.here
    guardian, teacher = client_of(here.guardians[0]), client_of(here.teacher)
    offered = guardian.get("/conversations/new/").content.decode()
    assert "Lê Thị Hoa" in offered
    assert "Chủ nhiệm, Toán · 6A · em Nguyễn Văn A" in offered
    [value] = re.findall(r'name="with" value="([^"]+)"', offered)

    opened = guardian.post("/conversations/new/", {"with": value})
    page = guardian.get(opened.headers["Location"]).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    sent = guardian.post(opened.headers["Location"], {"key": key, "text": "Cô ơi, cháu sốt."})
    assert (opened.status_code, sent.status_code) == (303, 303)
    guardian.post(opened.headers["Location"], {"key": key, "text": "Cô ơi, cháu sốt."})
    assert Line.objects.count() == 1

    listed = teacher.get("/conversations/").content.decode()
    assert "1 tin mới" in listed
    assert "Cô ơi, cháu sốt." in listed
    assert "Cô ơi, cháu sốt." in teacher.get(opened.headers["Location"]).content.decode()
    assert "Đã xem" in guardian.get(opened.headers["Location"]).content.decode()
    assert "1 tin mới" not in teacher.get("/conversations/").content.decode()


def test_a_teacher_of_many_pupils_chooses_the_class_first(world: World, client_of: ClientOf) -> None:
    here, teacher = world.here, client_of(world.here.teacher)
    second = SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")
    Enrolment.objects.filter(id=here.enrolments[2].id).update(school_class=second)
    taught = ClassSubject.objects.create(organisation=here.organisation, school_class=second,
        subject=here.maths.subject, weekly_periods_term_1=4, weekly_periods_term_2=4)  # fmt: skip
    TeachingAssignment.objects.create(
        organisation=here.organisation, class_subject=taught, staff=here.teacher_staff, starts_on=here.year.starts_on
    )
    few = teacher.get("/conversations/new/").content.decode()
    assert few.count('name="with"') == 3
    for number in range(18):
        enrol(here, f"Nguyễn Thị {number}")

    classes = teacher.get("/conversations/new/").content.decode()
    assert 'name="with"' not in classes
    hrefs = re.findall(r'href="(/conversations/new/\?of=[^"]+)"', classes)
    assert [teacher.get(each).content.decode().count('name="with"') for each in hrefs] == [20, 1]
    assert teacher.get("/conversations/new/?q=6b").content.decode().count('name="with"') == 1


def test_a_line_sent_by_the_script_brings_the_thread_and_the_next_key(world: World, client_of: ClientOf) -> None:
    conversation = begin(world.here)
    teacher = client_of(world.here.teacher)

    answer = teacher.post(address(conversation), {"key": uuid4(), "text": "Chào"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<div id="thread"')
    assert "khue:sent" in answer.headers["HX-Trigger"]
    refused = teacher.post(address(conversation), {"key": uuid4(), "text": " "}, headers={"HX-Request": "true"})
    assert refused.headers["HX-Retarget"] == "#write"
    assert "chưa có nội dung" in refused.content.decode()
    assert Line.objects.count() == 1


def test_what_was_typed_stays_when_it_is_refused(world: World, client_of: ClientOf) -> None:
    conversation, key = begin(world.here), uuid4()
    teacher = client_of(world.here.teacher)
    teacher.post(address(conversation), {"key": key, "text": "Tin một"})

    page = teacher.post(address(conversation), {"key": key, "text": "Tin hai, đã sửa"}).content.decode()

    assert "Tin hai, đã sửa" in page
    assert "Tin gửi trước đã tới nơi" in page
    assert f'value="{key}"' not in page
    assert Line.objects.count() == 1


def test_a_file_travels_with_a_line_and_is_for_members(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    file = SimpleUploadedFile("giấy khám.pdf", PDF, "application/pdf")
    sent = client_of(here.guardians[0]).post(address(conversation), {"key": uuid4(), "text": "", "file": file})
    assert sent.status_code == 303

    page = client_of(here.teacher).get(address(conversation)).content.decode()
    link = re.search(r'href="(/files/[^"]+)"', page)[1]
    assert client_of(here.teacher).get(link).status_code == 200
    for stranger in (here.guardians[1], here.head, world.elsewhere.teacher):
        assert client_of(stranger).get(link).status_code == 404
    program = SimpleUploadedFile("bài.pdf", b"MZ\x90\0" + b"\0" * 80, "application/pdf")
    refused = client_of(here.guardians[0]).post(
        address(conversation), {"key": uuid4(), "text": "Gửi cô", "file": program}
    )  # fmt: skip
    assert "Không nhận loại tệp này" in refused.content.decode()
    assert "Gửi cô" in refused.content.decode()
    assert Line.objects.count() == 1


def test_every_address_is_404_to_whoever_has_no_part_in_it(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    line = write(conversation, here.teacher)
    report = actions.report_line(actor=actor(here.guardians[0]), line=line, reason="Nhầm", at=clock.now())
    inside = [
        address(conversation), f"{address(conversation)}facts/", f"{address(conversation)}ticket/",
        f"/conversations/lines/{line.public_id}/report/",
    ]  # fmt: skip
    for outsider in (here.guardians[1], here.head, here.pupils[0], world.elsewhere.teacher, world.department_officer):
        client = client_of(outsider)
        for each in inside:
            assert client.get(each).status_code == 404, each
        assert client.post(address(conversation), {"key": uuid4(), "text": "x"}).status_code == 404
        assert client.post(f"{address(conversation)}close/").status_code == 404
        assert client.post(f"/conversations/lines/{line.public_id}/report/", {"reason": "x"}).status_code == 404
    for outsider in (here.guardians[0], here.teacher, world.elsewhere.head):
        client = client_of(outsider)
        assert client.get(f"/conversations/reports/{report.public_id}/").status_code == 404
        assert client.post(f"/conversations/reports/{report.public_id}/", {"reason": "x"}).status_code == 404
    for each in ("/conversations/reports/", "/conversations/rules/"):
        assert client_of(here.guardians[0]).get(each).status_code == 404
        assert client_of(here.teacher).get(each).status_code == 404
    assert client_of(here.guardians[0]).get("/conversations/away/").status_code == 404
    for each in ("/conversations/", "/conversations/new/", *inside):
        assert Client().get(each).status_code == 404, each
    assert (Line.objects.count(), Report.objects.filter(decision="open").count()) == (1, 1)
    assert Conversation.objects.filter(closed_at=None).count() == 1


def test_a_barred_guardian_is_gone_from_page_ticket_and_file(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.teacher)
    client = client_of(here.guardians[0])
    assert client.get(f"{address(conversation)}ticket/").status_code == 200

    Guardianship.objects.filter(guardian=here.guardians[0].person_id).update(is_barred=True)

    assert client.get(address(conversation)).status_code == 404
    assert client.get(f"{address(conversation)}ticket/").status_code == 404
    assert str(conversation.public_id) not in client.get("/conversations/").content.decode()


def test_the_office_hides_a_reported_line_and_members_read_why(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    line = write(conversation, here.guardians[0], "Những lời xúc phạm")
    client_of(here.teacher).post(f"/conversations/lines/{line.public_id}/report/", {"reason": "Xúc phạm"})
    head = client_of(here.head)
    report = Report.objects.get()
    assert "Phụ huynh Nguyễn Văn A" in head.get("/conversations/reports/").content.decode()
    assert "Những lời xúc phạm" in head.get(f"/conversations/reports/{report.public_id}/").content.decode()

    decided = head.post(
        f"/conversations/reports/{report.public_id}/", {"reason": "Lời lẽ không phù hợp", "decision": "hide"}
    )  # fmt: skip
    assert decided.status_code == 303

    page = client_of(here.guardians[0]).get(address(conversation)).content.decode()
    assert "Những lời xúc phạm" not in page
    assert "Tin này đã bị nhà trường ẩn. Lí do: Lời lẽ không phù hợp" in page
    assert "Tin đã bị nhà trường ẩn" in client_of(here.teacher).get("/conversations/").content.decode()


def test_a_teacher_names_who_answers_and_the_family_reads_it(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    teacher = client_of(here.teacher)
    assert "Trần Văn Bình" in teacher.get("/conversations/away/").content.decode()
    day = f"{TODAY:%d/%m/%Y}"
    wrong = teacher.post("/conversations/away/", {"substitute": "0", "first_on": day, "last_on": day})
    assert wrong.status_code == 200
    assert not Delegation.objects.exists()

    today = clock.now().astimezone(clock.VIETNAM).date()
    days = {"first_on": f"{TODAY:%d/%m/%Y}", "last_on": f"{today + timedelta(days=2):%d/%m/%Y}"}
    sent = teacher.post("/conversations/away/", {"substitute": here.head.person_id, **days})
    assert sent.status_code == 303

    page = client_of(here.guardians[0]).get(address(conversation)).content.decode()
    assert "Trần Văn Bình trả lời thay." in page
    made = Delegation.objects.get()
    assert client_of(here.guardians[0]).post(f"/conversations/away/{made.public_id}/end/").status_code == 404
    assert client_of(world.elsewhere.teacher).post(f"/conversations/away/{made.public_id}/end/").status_code == 404
    assert Delegation.objects.filter(ended_at=None).count() == 1
    assert teacher.post(f"/conversations/away/{made.public_id}/end/").status_code == 303
    assert Delegation.objects.filter(ended_at=None).count() == 0


def test_the_office_sets_the_rules_on_a_page(world: World, client_of: ClientOf) -> None:
    head = client_of(world.here.head)
    today = clock.now().astimezone(clock.VIETNAM).date()
    given = {"valid_from": f"{today:%d/%m/%Y}", "pupils_may_write": "on", "retention_months": "24",
             "quiet_from": "20:00", "quiet_to": "06:30"}  # fmt: skip

    wrong = head.post("/conversations/rules/", {**given, "retention_months": "0", "quiet_to": "25:00"})
    assert wrong.status_code == 200
    assert not ConversationPolicy.objects.exists()
    assert head.post("/conversations/rules/", given).status_code == 303

    assert queries.policy_of(world.here.organisation.id, today) == queries.Policy(
        pupils_may_write=True, families_may_begin=False, retention_months=24,
        quiet_from=ConversationPolicy.objects.get().quiet_from, quiet_to=ConversationPolicy.objects.get().quiet_to,
    )  # fmt: skip
    inbox = head.get("/messages/").content.decode()
    assert 'href="/conversations/rules/"' in inbox
    assert 'href="/conversations/reports/"' in inbox
    assert "24 tháng" in head.get("/conversations/rules/").content.decode()


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured.captured_queries)


def test_a_thread_costs_the_same_for_three_lines_and_for_thirty(world: World, client_of: ClientOf) -> None:
    here = world.here
    conversation = begin(here)
    client = client_of(here.guardians[0])

    def after(lines: int) -> int:
        for number in range(lines):
            write(conversation, here.teacher if number % 2 else here.guardians[0], f"Tin {number}")
        client.get(address(conversation))
        return cost(client, address(conversation))

    assert after(3) == after(27) == 16


def test_the_list_costs_the_same_for_two_conversations_and_for_twenty(world: World, client_of: ClientOf) -> None:
    here = world.here
    client = client_of(here.teacher)

    def after(conversations: int) -> int:
        for number in range(len(here.pupils), len(here.pupils) + conversations):
            enrol(here, f"Nguyễn Thị {number}")
            write(begin(here, number), here.guardians[number])
        client.get("/conversations/")
        return cost(client, "/conversations/")

    assert after(2) == after(18) == 8


def test_old_lines_are_a_page_away_and_search_stays_in_the_thread(world: World, client_of: ClientOf) -> None:
    conversation = begin(world.here)
    for number in range(45):
        write(conversation, world.here.teacher, f"Tin số {number:02}")
    client = client_of(world.here.guardians[0])

    page = client.get(address(conversation)).content.decode()
    assert "Tin số 44" in page
    assert "Tin số 14" not in page
    older = re.search(r'href="(\?after=[^"]+)"', page)[1]
    assert "Tin số 14" in client.get(address(conversation) + older).content.decode()
    found = client.get(f"{address(conversation)}?q=so 07").content.decode()
    assert "Tin số 07" in found
    assert "Tin số 08" not in found


#: What the page hears is said by the test.
EARS = "window.EventSource = class { constructor() { window.stream = this } close() {} }"
HEAR = """window.stream.onmessage({data: '{"channel": "a", "event": "line", "data": {}}'})"""


@pytest.mark.browser
def test_a_line_that_comes_while_others_are_fetched_is_shown_too(
    world: World, client_of: ClientOf, browser_page: Callable[..., Page]
) -> None:
    conversation = begin(world.here)
    page, teacher = browser_page(), client_of(world.here.teacher)
    page.add_init_script(EARS)

    class Meanwhile:
        """The answer is made, and before the browser has it a second line is written and heard."""

        lines: ClassVar[list[str]] = ["Dòng thứ hai"]

        def generic(self, method: str, path: str, **asked: Any) -> HttpResponse:
            answer = teacher.generic(method, path, **asked)
            if asked["headers"].get("hx-request") and self.lines:
                write(conversation, world.here.guardians[0], self.lines.pop())
                page.evaluate(HEAR)
            return answer

    answer_by(cast(Client, Meanwhile()), page)
    page.goto(ORIGIN + address(conversation))
    write(conversation, world.here.guardians[0], "Dòng thứ nhất")
    page.evaluate(HEAR)

    page.get_by_text("Dòng thứ nhất").wait_for(timeout=5_000)
    page.get_by_text("Dòng thứ hai").wait_for(timeout=5_000)
