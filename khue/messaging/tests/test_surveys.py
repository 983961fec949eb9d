"""Surveys: who answers for whom, what is kept of whose answer, and what is shown of it."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.foundation.workbooks import workbook
from khue.identity.models import Account
from khue.messaging import actions, queries
from khue.messaging.actions import (
    AnsweredAlready,
    AnswersWrong,
    ChoicesMissing,
    NoQuestions,
    QuestionDraft,
    ScaleOutOfOrder,
    SurveyIsOver,
    ToldAlready,
)
from khue.messaging.models import (
    Announcement,
    AnnouncementCopy,
    Delivery,
    Survey,
    SurveyAnswer,
    SurveyReply,
    SurveyTally,
)
from khue.messaging.tests.classes import DUE, asked_survey, begun_survey, copy_for, second_guardian
from khue.registry.models import Guardianship, Person
from tests.world import NOON, World, actor, enrol

ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def typed(survey: Survey, *values: str | list[str]) -> dict[int, list[str]]:
    """What is typed to the questions in their order."""
    asked = queries.questions_of(survey)
    return {
        question.row.id: [value] if isinstance(value, str) else value
        for question, value in zip(asked, values, strict=False)
    }


GOOD = ("1", ["1", "3"], "4", "5", "01/12/2026", "Cảm ơn nhà trường")


def answer(by: Account, survey: Survey, copy: AnnouncementCopy, *values: str | list[str]) -> None:
    actions.answer_survey(actor=actor(by), copy=copy, typed=typed(survey, *(values or GOOD)), at=NOON)


def results(by: Account, survey: Survey, at: object = NOON) -> queries.Results:
    found, reach = queries.followed_announcement(actor(by), survey.announcement.public_id)
    return queries.results_of(found.survey, reach, at)


def test_a_child_is_answered_for_once_and_every_change_is_kept(world: World) -> None:
    survey = asked_survey(world.here)
    other = second_guardian(world.here)
    copy = copy_for(world.here.pupils[0], survey.announcement)

    answer(world.here.guardians[0], survey, copy)
    answer(other, survey, copy, "3", [], "2", "0,5")

    assert [(r.replied_by_id, r.stands) for r in SurveyReply.objects.order_by("id")] == [
        (world.here.guardians[0].person_id, False), (other.person_id, True),
    ]  # fmt: skip
    brought = results(world.here.teacher, survey)
    assert (brought.answered, brought.asked) == (1, 3)
    assert [dict(r.sum.counts) for r in brought.by_question[:2]] == [{"1": 0, "2": 0, "3": 1}, {"1": 0, "2": 0, "3": 0}]
    assert str(brought.by_question[3].sum.mean) == "0.50"
    assert [row.replied_by for row in queries.own_replies(copy)] == ["Phụ huynh hai 0", "Phụ huynh Nguyễn Văn A"]


def test_only_a_guardian_who_may_decide_answers_for_the_child(world: World) -> None:
    survey = asked_survey(world.here)
    copy = copy_for(world.here.pupils[0], survey.announcement)
    undecided = second_guardian(world.here, may_decide=False)
    barred = world.here.guardians[0]
    Guardianship.objects.filter(guardian_id=barred.person_id).update(is_barred=True)

    for by in (undecided, barred, world.here.guardians[1], world.here.teacher, world.here.pupils[0],
               world.elsewhere.guardians[0]):  # fmt: skip
        with pytest.raises(Forbidden):
            answer(by, survey, copy)

    assert not SurveyReply.objects.exists()
    assert not AnnouncementCopy.objects.filter(answered=True).exists()


def test_by_person_every_guardian_and_pupil_answers_for_oneself(world: World) -> None:
    other = second_guardian(world.here)
    survey = asked_survey(world.here, by_child=False, to_pupils=True)
    sides = list(AnnouncementCopy.objects.values_list("side", flat=True))
    assert (sides.count("guardian"), sides.count("pupil"), sides.count("family")) == (4, 3, 0)

    answer(other, survey, copy_for(other, survey.announcement, "guardian"))
    answer(world.here.pupils[0], survey, copy_for(world.here.pupils[0], survey.announcement, "pupil"))

    assert results(world.here.teacher, survey).answered == 2
    with pytest.raises(Forbidden):
        answer(world.here.guardians[0], survey, copy_for(other, survey.announcement, "guardian"))


def test_what_is_wrong_is_said_beside_the_question_and_nothing_is_kept(world: World, client_of: ClientOf) -> None:
    survey = asked_survey(world.here)
    copy = copy_for(world.here.pupils[0], survey.announcement)
    asked = queries.questions_of(survey)
    with pytest.raises(AnswersWrong) as refused:
        answer(world.here.guardians[0], survey, copy, "9", ["1"], "", "8", "31/02/2026", "")
    assert [str(refused.value.wrong[q.row.id]) for q in asked if q.row.id in refused.value.wrong] == [
        "Hãy chọn trong các mục đã cho.", "Câu này cần được trả lời.", "Hãy nhập số từ 0 đến 7.",
        "Hãy nhập ngày như 05/12/2026.",
    ]  # fmt: skip

    page = client_of(world.here.guardians[0]).post(
        f"/messages/surveys/copies/{copy.public_id}/", {f"q{asked[3].row.id}": "8", f"q{asked[5].row.id}": "Đã gõ"}
    )

    assert page.status_code == 422
    assert "Hãy nhập số từ 0 đến 7." in page.content.decode()
    assert "Đã gõ" in page.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_a_phone_without_scripts_answers_in_one_form(world: World, client_of: ClientOf) -> None:
    survey = asked_survey(world.here)
    copy = copy_for(world.here.pupils[0], survey.announcement)
    names = [f"q{question.row.id}" for question in queries.questions_of(survey)]

    sent = client_of(world.here.guardians[0]).post(
        f"/messages/surveys/copies/{copy.public_id}/", dict(zip(names, GOOD, strict=True))
    )

    assert sent.status_code == 303
    values = SurveyAnswer.objects.order_by("id").values_list("value", flat=True)
    assert list(values) == ["1", "1", "3", "4", "5", "2026-12-01", "Cảm ơn nhà trường"]


def test_nothing_is_taken_after_the_end_or_the_close(world: World) -> None:
    survey = asked_survey(world.here)
    copy = copy_for(world.here.pupils[0], survey.announcement)
    with pytest.raises(SurveyIsOver):
        actions.answer_survey(
            actor=actor(world.here.guardians[0]), copy=copy, typed=typed(survey, *GOOD), at=DUE + timedelta(seconds=1)
        )
    actions.close_announcement(actor=actor(world.here.teacher), announcement=survey.announcement, at=NOON)
    with pytest.raises(SurveyIsOver):
        answer(world.here.guardians[0], survey, copy)

    assert not SurveyReply.objects.exists()


def anonymous_with(world: World, pupils: int) -> Survey:
    for number in range(pupils - 3):
        enrol(world.here, f"Trần Văn {number}")
    return asked_survey(world.here, is_anonymous=True)


def test_of_an_anonymous_survey_nothing_leads_from_an_answer_to_a_person(world: World) -> None:
    survey = anonymous_with(world, 6)
    before = AuditRow.objects.count()
    for number in range(6):
        copy = copy_for(world.here.pupils[number], survey.announcement)
        answer(world.here.guardians[number], survey, copy, str(number % 3 + 1), [], "3", "5", "", f"Ý {number}")

    assert not SurveyReply.objects.exists()
    assert not SurveyAnswer.objects.exists()
    with connection.cursor() as cursor:
        # Every row was written by the last answer: neither the answers nor the turnout tell which came when.
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM messaging_surveytally")
        assert cursor.fetchone() == (1, 11)
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM messaging_announcementcopy")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT value FROM messaging_surveytally WHERE value LIKE 'Ý%' ORDER BY ctid")
        order = [value for (value,) in cursor.fetchall()]
    assert sorted(order) == [f"Ý {number}" for number in range(6)]
    trail = AuditRow.objects.order_by("id")[before:]
    assert {(row.verb, row.account_id, row.person_id) for row in trail} == {("survey.answered_unnamed", None, None)}
    assert sum(SurveyTally.objects.filter(value__startswith="Ý").values_list("count", flat=True)) == 6


def test_anonymous_answers_lie_in_no_order(world: World) -> None:
    """Twelve texts in the order in which they came would be one chance in 479 million."""
    survey = anonymous_with(world, 12)
    for number in range(12):
        copy = copy_for(world.here.pupils[number], survey.announcement)
        answer(world.here.guardians[number], survey, copy, "1", [], "3", "5", "", f"Ý {number:02}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM messaging_surveytally WHERE value LIKE 'Ý%' ORDER BY ctid")
        order = [value for (value,) in cursor.fetchall()]
    assert order != sorted(order)
    assert len(order) == 12


def test_an_anonymous_copy_is_answered_once(world: World) -> None:
    survey = anonymous_with(world, 3)
    copy = copy_for(world.here.pupils[0], survey.announcement)
    answer(world.here.guardians[0], survey, copy)
    before = sorted(SurveyTally.objects.values_list("value", "count"))

    with pytest.raises(AnsweredAlready):
        answer(second_guardian(world.here), survey, copy, "2", [], "1", "1")

    assert sorted(SurveyTally.objects.values_list("value", "count")) == before


def test_anonymous_results_wait_for_the_end_and_for_five(world: World, client_of: ClientOf) -> None:
    survey = anonymous_with(world, 6)
    teacher = client_of(world.here.teacher)
    address = f"/messages/surveys/{survey.announcement.public_id}/results/"
    for number in range(4):
        answer(world.here.guardians[number], survey, copy_for(world.here.pupils[number], survey.announcement))
    assert (results(world.here.teacher, survey).hidden, teacher.get(f"{address}?export=xlsx").status_code) == (
        "open",
        403,
    )
    assert "Cảm ơn nhà trường" not in teacher.get(address).content.decode()
    assert results(world.here.teacher, survey, DUE).hidden == "few"

    answer(world.here.guardians[4], survey, copy_for(world.here.pupils[4], survey.announcement))

    shown = results(world.here.teacher, survey, DUE)
    assert (shown.hidden, shown.answered, dict(shown.by_question[0].sum.counts)) == ("", 5, {"1": 5, "2": 0, "3": 0})
    assert list(shown.by_question[5].texts) == [("Cảm ơn nhà trường", 5)]


def test_those_who_have_not_answered_an_anonymous_survey_are_reminded_by_name(world: World) -> None:
    survey = anonymous_with(world, 3)
    answer(world.here.guardians[0], survey, copy_for(world.here.pupils[0], survey.announcement))

    assert actions.remind(actor=actor(world.here.teacher), announcement=survey.announcement, at=NOON) == 2

    told = Delivery.objects.filter(message__subject__startswith="Nhắc:", channel="app")
    assert world.here.guardians[0].person_id not in set(told.values_list("recipient_id", flat=True))


def cells(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    book = workbook.read(b"".join(answer.streaming_content))
    return [[str(cell) if cell is not None else "" for cell in row] for row in book.sheets[0].rows]


def test_results_are_exported_as_they_are_shown(world: World, client_of: ClientOf) -> None:
    survey = asked_survey(world.here)
    answer(world.here.guardians[0], survey, copy_for(world.here.pupils[0], survey.announcement))
    teacher = client_of(world.here.teacher)
    address = f"/messages/surveys/{survey.announcement.public_id}/results/"

    sheet = teacher.get(f"{address}?export=xlsx")

    assert sheet.status_code == 200
    assert BytesIO(b"".join(sheet.streaming_content)).getvalue()[:2] == b"PK"
    page = teacher.get(address).content.decode()
    assert "Xem bảng số liệu" in page
    assert "Trung bình 4" in page


@pytest.mark.parametrize("typed_text", ['=HYPERLINK("http://x","Xem")', "+84901234567", "-1+2", "@SUM(1)", "\t=1+1"])
def test_what_a_family_types_is_text_in_the_sheet_and_never_a_formula(
    world: World, client_of: ClientOf, typed_text: str
) -> None:
    survey = asked_survey(world.here)
    Person.objects.filter(id=world.here.pupils[0].person_id).update(full_name="=1+1 Đặng Thị Ngọc Ánh")
    child = copy_for(world.here.pupils[0], survey.announcement)
    answer(world.here.guardians[0], survey, child, "1", ["1", "3"], "4", "5", "01/12/2026", typed_text)
    sheet = client_of(world.here.teacher).get(f"/messages/surveys/{survey.announcement.public_id}/results/?export=xlsx")

    content = b"".join(sheet.streaming_content)
    book = workbook.read(content)

    assert (book.formulas, book.broken) == (0, 0)
    heading, row, *others = book.sheets[0].rows
    assert heading == ["Lớp", "Học sinh", "Người trả lời", "Lúc", "Bữa ăn thế nào?", "Nên thêm món gì?",
                       "Mức hài lòng", "Số bữa một tuần", "Bắt đầu ăn từ ngày", "Ý kiến khác"]  # fmt: skip
    guardian = world.here.guardians[0].person.full_name
    assert row[:3] == ["6A", "=1+1 Đặng Thị Ngọc Ánh", guardian]
    assert row[3] == NOON.astimezone(clock.VIETNAM).replace(tzinfo=None)
    assert row[4:9] == ["Ngon", "Cá; Trái cây", 4, 5, date(2026, 12, 1)]
    assert row[9] == typed_text.strip()
    assert others == []
    with zipfile.ZipFile(BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f" in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_questions_are_set_up_moved_copied_and_stay_once_told(world: World, client_of: ClientOf) -> None:
    survey = begun_survey(world.here)
    teacher = actor(world.here.teacher)
    first, second = (question.row for question in queries.questions_of(survey)[:2])
    actions.move_question(actor=teacher, question=second, up=True)
    assert [q.row.text for q in queries.questions_of(survey)[:2]] == ["Nên thêm món gì?", "Bữa ăn thế nào?"]
    actions.remove_question(actor=teacher, question=second)
    for wrong, refusal in (
        (QuestionDraft("one", "?", choices=("Một",)), ChoicesMissing),
        (QuestionDraft("several", "?", choices=("Một", "Một")), ChoicesMissing),
        (QuestionDraft("scale", "?", least=5, most=1), ScaleOutOfOrder),
        (QuestionDraft("number", "?", least=5, most=5), ScaleOutOfOrder),
    ):
        with pytest.raises(refusal):
            actions.add_question(actor=teacher, survey=survey, question=wrong)
    with pytest.raises(Forbidden):
        actions.add_question(actor=actor(world.elsewhere.head), survey=survey, question=QuestionDraft("text", "?"))
    assert len(queries.questions_of(survey)) == 5

    actions.tell_survey(actor=teacher, survey=survey, at=NOON)
    with pytest.raises(ToldAlready):
        actions.remove_question(actor=teacher, question=first)

    form = {"key": str(uuid4()), "classes": str(world.here.school_class.id), "subject": "Kì sau", "who": "child",
            "source": str(survey.announcement.public_id)}  # fmt: skip
    made = client_of(world.here.teacher).post("/messages/surveys/write/", form)
    assert made.status_code == 303
    again = Survey.objects.order_by("id").last()
    assert [q.row.text for q in queries.questions_of(again)] == [q.row.text for q in queries.questions_of(survey)]
    assert [q.choices for q in queries.questions_of(again)] == [q.choices for q in queries.questions_of(survey)]


def test_a_template_is_copied_by_colleagues_of_the_school_alone(world: World) -> None:
    source = begun_survey(world.here, by=world.here.head)
    mine = begun_survey(world.here, [QuestionDraft("text", "Ý kiến")])
    theirs = begun_survey(world.elsewhere, [QuestionDraft("text", "Ý kiến")])
    teacher = actor(world.here.teacher)
    with pytest.raises(Forbidden):
        actions.copy_questions(actor=teacher, source=source, into=mine)

    actions.offer_as_template(actor=actor(world.here.head), survey=source, is_template=True)

    assert actions.copy_questions(actor=teacher, source=source, into=mine) == 6
    with pytest.raises(Forbidden):
        actions.copy_questions(actor=actor(world.elsewhere.teacher), source=source, into=theirs)
    assert len(queries.questions_of(theirs)) == 1


def test_a_survey_without_questions_is_not_told(world: World, client_of: ClientOf) -> None:
    survey = begun_survey(world.here, [QuestionDraft("text", "Ý kiến")])
    actions.remove_question(actor=actor(world.here.teacher), question=queries.questions_of(survey)[0].row)
    with pytest.raises(NoQuestions):
        actions.tell_survey(actor=actor(world.here.teacher), survey=survey, at=NOON)

    client_of(world.here.teacher).post(f"/messages/surveys/{survey.announcement.public_id}/tell/")

    assert Announcement.objects.get().told_at is None
