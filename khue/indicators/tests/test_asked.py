"""An office asks its schools for a report of one occasion; who sent, who is late, and all of it as a sheet."""

import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from khue.foundation import clock, work
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import Job
from khue.indicators import actions, queries
from khue.indicators.actions.asked import (
    AskedWithdrawn,
    DueBefore,
    NobodyToRemind,
    NothingAnswered,
    QuestionsMissing,
    RemindedAlready,
)
from khue.indicators.models import AskedReport
from khue.indicators.queries import asked as asked_queries
from khue.messaging import actions as messaging
from khue.messaging.models import Delivery, Message
from tests.world import NOON, TODAY, World, account, actor, organisation

pytestmark = pytest.mark.django_db
STORM = {
    "title": "Báo cáo nhanh thiệt hại do bão", "words": "Gửi trước 17 giờ.",
    "questions": "Số học sinh phải nghỉ học\n\nPhòng học hư hỏng\n", "due_on": "25/11/2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def asking(**more: object) -> actions.Asking:
    said = {"title": "Bão", "words": "", "questions": ["Số học sinh phải nghỉ học"], "due_on": date(2026, 11, 25)}
    return actions.Asking(**{**said, **more})  # type: ignore[arg-type]  # built from names


def asked(world: World) -> AskedReport:
    """The row of the first school of the world."""
    made = actions.ask_schools(
        actor=actor(world.department_officer), office=world.department, asking=asking(), on=TODAY, at=NOON
    )
    return AskedReport.objects.get(round=made.round, organisation=world.here.organisation)


def test_from_the_question_to_the_sheet(world: World, client_of) -> None:
    officer, clerk = client_of(world.department_officer), client_of(world.here.clerk)
    office = f"/indicators/{world.department.public_id}/asked/"

    key = re.findall(r'name="key" value="([^"]+)"', officer.get(f"{office}new/").content.decode())[0]
    made = officer.post(f"{office}new/", {**STORM, "key": key})
    assert made.status_code == 303
    again = officer.post(f"{office}new/", {**STORM, "key": key})  # the answer was lost on the way
    assert again["Location"] == made["Location"]
    done = work.run_now(Job.objects.get())
    assert (done.done_count, done.summary) == (2, "Đã báo 2 trường: Báo cáo nhanh thiệt hại do bão.")
    assert done.result_url == made["Location"]
    told = Message.objects.filter(subject__startswith="Cần báo cáo: Báo cáo nhanh")
    reached = Delivery.objects.filter(message__in=told).values_list("recipient_id", flat=True)
    assert {world.here.head.person_id, world.here.clerk.person_id, world.elsewhere.head.person_id} <= set(reached)
    own = AskedReport.objects.get(organisation=world.here.organisation)
    page = f"/indicators/asked/answer/{own.public_id}/"
    assert told.filter(link=page).count() == 1
    assert "Phòng học hư hỏng" in clerk.get(page).content.decode()
    assert clerk.post(page, {"answer0": "", "answer1": " "}).status_code == 422
    assert clerk.post(page, {"answer0": "1.250", "answer1": "khoảng 2"}).status_code == 303

    shown = officer.get(made["Location"]).content.decode()
    assert "Nhắc 1 trường chưa gửi" in shown
    assert "khoảng 2" in shown
    assert "1/2 trường" in officer.get(office).content.decode()
    assert "THCS Mỹ An" not in officer.get(f"{made['Location']}?show=missing").content.decode().partition("<table")[2]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get(f"{made['Location']}?export=1").streaming_content)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [rows[0][0], *rows[0][3:]] == ["Trường", "Số học sinh phải nghỉ học", "Phòng học hư hỏng"]
    assert [(row[0], row[3:]) for row in rows[1:]] == [
        ("THCS Mỹ An", [1250, "khoảng 2"]), ("THCS&THPT Đốc Binh Kiều", [None, None]),
    ]  # fmt: skip


def test_a_worker_killed_in_the_middle_goes_on_with_the_first_school_that_was_not_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(world)
    monkeypatch.setattr(asked_queries, "AT_ONCE", 1)
    telling, told = messaging.notify, list[int]()

    def notified(**given: Any) -> Message:
        if len(told) == 1:
            told.append(0)
            raise RuntimeError("killed")
        told.append(given["organisation_id"])
        return telling(**given)

    monkeypatch.setattr(messaging, "notify", notified)
    job = work.run_now(Job.objects.get())
    assert job.state == Job.State.WAITING
    first = Message.objects.get(subject__startswith="Cần báo cáo")

    assert work.run_now(job).state == Job.State.DONE

    assert told == [first.organisation_id, 0, told[2]]
    assert {first.organisation_id, told[2]} == {world.here.organisation.id, world.elsewhere.organisation.id}
    assert Message.objects.filter(subject__startswith="Cần báo cáo").count() == 2


def test_head_and_clerk_see_on_their_first_page_what_the_school_owes(world: World, client_of) -> None:
    own = asked(world)
    page = f"/indicators/asked/answer/{own.public_id}/"

    for who in (world.here.head, world.here.clerk):
        assert page in client_of(who).get("/").content.decode()
    assert page not in client_of(world.here.teacher).get("/").content.decode()
    actions.answer_asked(actor=actor(world.here.clerk), asked=own, answers=["12"], at=NOON)

    for who in (world.here.head, world.here.clerk):
        assert page not in client_of(who).get("/").content.decode()


def test_what_was_sent_is_put_right_and_the_first_day_stays(world: World, client_of) -> None:
    own = asked(world)
    head = client_of(world.here.head)
    page = f"/indicators/asked/answer/{own.public_id}/"
    head.post(page, {"answer0": "12"})
    head.post(page, {"answer0": "15"})

    own.refresh_from_db()
    assert (own.answers, own.sent_at, own.sent_by_name) == (["15"], NOON, "Trần Văn Bình")
    assert queries.round_with(own).sent == 1
    listed = head.get(f"/indicators/{world.here.organisation.public_id}/asked/").content.decode()
    assert "đã gửi" in listed


def test_who_has_not_sent_is_reminded_once_a_day_and_counts_as_late(world: World, client_of) -> None:
    own, officer = asked(world), actor(world.department_officer)
    actions.answer_asked(actor=actor(world.here.head), asked=own, answers=["12"], at=NOON)

    assert actions.remind_schools(actor=officer, asked=own, on=TODAY, at=NOON) == 1
    work.run_now(Job.objects.latest("id"))
    reminded = Message.objects.filter(subject__startswith="Nhắc gửi báo cáo")
    assert [message.organisation_id for message in reminded] == [world.elsewhere.organisation.id]
    with pytest.raises(RemindedAlready):
        actions.remind_schools(actor=officer, asked=own, on=TODAY, at=NOON)
    (found,) = queries.rounds_of(world.department)
    later = TODAY + timedelta(days=3)
    assert (found.schools, found.sent, found.late(TODAY), found.late(later)) == (2, 1, 0, 1)
    other = AskedReport.objects.get(organisation=world.elsewhere.organisation)
    actions.answer_asked(actor=actor(world.elsewhere.head), asked=other, answers=["0"], at=NOON)
    with pytest.raises(NobodyToRemind):
        actions.remind_schools(actor=officer, asked=own, on=TODAY + timedelta(days=1), at=NOON)


def test_what_is_withdrawn_is_owed_by_nobody(world: World, client_of) -> None:
    own, officer = asked(world), client_of(world.department_officer)
    first = AskedReport.objects.order_by("id")[0]

    assert officer.post(f"/indicators/asked/{first.public_id}/withdraw/").status_code == 303

    with pytest.raises(AskedWithdrawn):
        actions.answer_asked(actor=actor(world.here.head), asked=own, answers=["12"], at=NOON)
    assert (
        "Không cần gửi nữa"
        in client_of(world.here.head).get(f"/indicators/asked/answer/{own.public_id}/").content.decode()
    )
    listed = client_of(world.here.head).get(f"/indicators/{world.here.organisation.public_id}/asked/").content.decode()
    assert "Chưa có yêu cầu nào" in listed
    assert not AskedReport.objects.exclude(sent_at=None).exists()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"questions": [" ", ""]}, QuestionsMissing), ({"questions": ["x"] * 21}, QuestionsMissing),
        ({"due_on": date(2026, 11, 22)}, DueBefore),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_not_asked(world: World, wrong: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.ask_schools(
            actor=actor(world.department_officer), office=world.department, asking=asking(**wrong), on=TODAY, at=NOON
        )

    assert not AskedReport.objects.exists()


def test_only_the_office_asks_and_only_the_school_answers(world: World, client_of) -> None:
    own = asked(world)
    other_office = organisation("department", "Sở GD&ĐT An Giang", world.ministry)
    stranger = account(None, "department_officer", other_office)

    for who in (world.here.head, world.here.clerk, stranger):
        with pytest.raises(Forbidden):
            actions.ask_schools(actor=actor(who), office=world.department, asking=asking(), on=TODAY, at=NOON)
        with pytest.raises(Forbidden):
            actions.withdraw_asked(actor=actor(who), asked=own, at=NOON)
    for who in (world.elsewhere.head, world.here.teacher, world.department_officer):
        with pytest.raises(Forbidden):
            actions.answer_asked(actor=actor(who), asked=own, answers=["1"], at=NOON)
    for who in (world.elsewhere.head, world.here.teacher, world.here.guardians[0], stranger):
        with pytest.raises(NotFound):
            queries.asked_of(actor(who), own.public_id)
        assert client_of(who).get(f"/indicators/asked/answer/{own.public_id}/").status_code in (403, 404)

    assert AskedReport.objects.count() == 2
    assert not AskedReport.objects.exclude(sent_at=None, withdrawn_at=None).exists()
    with pytest.raises(NothingAnswered):
        actions.answer_asked(actor=actor(world.here.head), asked=own, answers=["1", "2"], at=NOON)


@pytest.mark.parametrize("schools", [1, 30])
def test_asking_costs_the_same_however_many_schools(world: World, schools: int, django_assert_num_queries) -> None:
    for number in range(schools):
        organisation("school", f"Trường số {number:02}", world.department)
    with django_assert_num_queries(ASKING):
        made = actions.ask_schools(
            actor=actor(world.department_officer), office=world.department, asking=asking(), on=TODAY, at=NOON
        )
    with django_assert_num_queries(1):
        queries.rounds_of(world.department)
    with django_assert_num_queries(1):
        assert len(queries.round_of(made)) == schools + 2


ASKING = 14
