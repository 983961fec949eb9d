"""What arrived is put right, answered, and taken up again."""

import pytest

from khue.foundation.errors import Forbidden, NotFound
from khue.messaging.models import Message
from khue.workspace import actions, queries
from khue.workspace.models import Document, Step
from khue.workspace.refusals import DatedInTheFuture, NotNow
from khue.workspace.tests.test_documents import PLAN, arrival, arrive, colleague_named, released
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


def test_what_was_written_wrongly_of_an_arrival_is_put_right_on_its_page(world: World, client_of) -> None:
    made = arrive(world.here)
    clerk, page = client_of(world.here.clerk), f"/work/documents/{made.public_id}/"
    form = {
        "symbol": "152/SGDĐT-VP", "dated_on": "20/11/2026", "issuer": "Sở GDĐT", "kind": "letter",
        "summary": "Về việc báo cáo", "urgency": "urgent", "due_on": "",
    }  # fmt: skip

    assert 'value="125/SGDĐT-VP"' in clerk.get(f"{page}edit/").content.decode()
    assert clerk.post(f"{page}edit/", {**form, "dated_on": "25/11/2026"}).status_code == 422
    assert clerk.post(f"{page}edit/", form).status_code == 303

    made.refresh_from_db()
    assert (made.symbol, made.urgency, made.number, made.registered_on) == ("152/SGDĐT-VP", "urgent", 1, TODAY)
    shown = clerk.get(page).content.decode()
    for text in ("Số, ký hiệu: 125/SGDĐT-VP", "Ngày văn bản: 23/11/2026", "Mức độ khẩn: Thường"):
        assert text in shown
    assert "152/SGDĐT-VP" in clerk.get("/work/documents/?way=in&q=152").content.decode()


def test_a_correction_that_says_nothing_new_is_no_step(world: World) -> None:
    made = arrive(world.here)

    actions.correct_arrival(actor=actor(world.here.clerk), document=made, arrival=arrival(), at=NOON)

    assert list(Step.objects.values_list("verb", flat=True)) == ["registered"]


def test_only_the_register_is_kept_by_its_keeper_and_only_what_arrived(world: World) -> None:
    made, left = arrive(world.here), released(world.here)
    changed = arrival("999/SGDĐT")

    for who in (world.here.teacher, world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            actions.correct_arrival(actor=actor(who), document=made, arrival=changed, at=NOON)
    with pytest.raises(NotNow):
        actions.correct_arrival(actor=actor(world.here.clerk), document=left, arrival=changed, at=NOON)
    late = arrival(dated_on=TODAY.replace(month=12))
    with pytest.raises(DatedInTheFuture):
        actions.correct_arrival(actor=actor(world.here.clerk), document=made, arrival=late, at=NOON)

    assert not Document.objects.filter(symbol="999/SGDĐT").exists()


def test_an_answer_begins_with_what_was_asked_as_one_says_it_in_a_sentence(world: World, client_of) -> None:
    asked = arrival(summary="UBND tỉnh yêu cầu báo cáo sơ kết")
    made = actions.register(
        actor=actor(world.here.clerk), organisation_id=world.here.organisation.id, arrival=asked, on=TODAY, at=NOON
    )

    begun = client_of(world.here.clerk).get(f"/work/documents/draft/?answers={made.public_id}").content.decode()

    assert "của Sở GDĐT về việc UBND tỉnh yêu cầu báo cáo sơ kết, THCS Mỹ An báo cáo" in begun
    assert "Trả lời Công văn số 125/SGDĐT-VP</textarea>" in begun


def test_an_answer_knows_what_it_answers_and_settles_it(world: World, client_of) -> None:
    made = arrive(world.here)
    head, clerk = actor(world.here.head), actor(world.here.clerk)
    to = colleague_named(world.here, "Lê Thị Hoa")
    actions.assign(actor=head, document=made, to=to, due_on=None, note="", on=TODAY, at=NOON)
    teacher, page = client_of(world.here.teacher), f"/work/documents/{made.public_id}/"
    begin = f"/work/documents/draft/?answers={made.public_id}"

    assert "Soạn trả lời" in teacher.get(page).content.decode()
    begun = teacher.get(begin).content.decode()
    assert "Trả lời Công văn số 125/SGDĐT-VP ngày 23/11/2026 của Sở GDĐT về việc báo cáo, THCS Mỹ An báo cáo" in begun
    teacher.post(begin, {"kind": "letter", "issuer": "Sở GDĐT", "summary": "Trả lời 125/SGDĐT-VP", "body": "Đã xong."})
    answer = Document.objects.get(answers=made)
    actions.submit(actor=actor(world.here.teacher), document=answer, note="", at=NOON)
    actions.approve(actor=head, document=answer, note="", at=NOON)
    actions.release(actor=clerk, document=answer, body="THCSMA", on=TODAY, at=NOON)

    made.refresh_from_db()
    assert made.state == "done"
    shown = client_of(world.here.clerk).get(page).content.decode()
    assert "Đã trả lời bằng văn bản" in shown
    assert shown.count("1/THCSMA") == 2
    of_answer = client_of(world.here.clerk).get(f"/work/documents/{answer.public_id}/").content.decode()
    assert "125/SGDĐT-VP" in of_answer


@pytest.mark.parametrize("named", ["x", "00000000-0000-0000-0000-000000000000"])
def test_an_answer_to_nothing_is_not_begun(world: World, client_of, named: str) -> None:
    assert client_of(world.here.teacher).get(f"/work/documents/draft/?answers={named}").status_code == 404


def test_nobody_answers_what_another_school_got(world: World, client_of) -> None:
    there, own = arrive(world.elsewhere), released(world.here)

    for asked in (there, own):
        begin = f"/work/documents/draft/?answers={asked.public_id}"
        assert client_of(world.here.clerk).post(begin, {"kind": "letter"}).status_code == 404
        with pytest.raises(NotFound):
            actions.draft(
                actor=actor(world.here.clerk), organisation_id=world.here.organisation.id, content=PLAN, at=NOON,
                answers=asked,
            )  # fmt: skip

    assert not Document.objects.exclude(answers=None).exists()


def test_what_was_said_to_be_done_is_given_again(world: World) -> None:
    made, head = arrive(world.here), actor(world.here.head)
    actions.finish(actor=head, document=made, note="", at=NOON)

    to = colleague_named(world.here, "Lê Thị Hoa")
    actions.assign(actor=head, document=made, to=to, due_on=None, note="Chưa xong", on=TODAY, at=NOON)

    made.refresh_from_db()
    assert (made.state, made.handler_id) == ("assigned", world.here.teacher.person_id)


def test_whoever_drafted_hears_that_it_was_sent_back(world: World) -> None:
    teacher = actor(world.here.teacher)
    made = actions.draft(actor=teacher, organisation_id=world.here.organisation.id, content=PLAN, at=NOON)
    actions.submit(actor=teacher, document=made, note="", at=NOON)

    actions.send_back(actor=actor(world.here.head), document=made, note="Thiếu phần dự toán.", at=NOON)

    told = Message.objects.get()
    assert (told.subject, told.body) == ("Cần sửa lại: Kế hoạch ôn tập cuối học kì I", "Thiếu phần dự toán.")
    assert [one.symbol for one in queries.answers_to(teacher, made)] == []
