"""Pages: the public without an account, the office, and who may open what."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS
from khue.procedures import actions
from khue.procedures.models import Case, Definition, Procedure, Rating, Step
from khue.procedures.tests.drawn import REVIEW, SHEET, published
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
DAYS = re.compile(r"<dt>([^<]*)</dt><dd>(\d\d/\d\d/\d{4})</dd>")


@pytest.fixture
def definition(world: World, monkeypatch) -> Definition:
    return published(world.here.organisation)


def test_words_are_no_telephone_number(definition: Definition):
    given = {
        "subject_name_": "Nguyễn Văn Con", "born_on_": "02/03/2015", "applicant_name_": "Nguyễn Thị Mẹ",
        "phone_": "hỏi cô giáo", "why": "Về quê",
    }  # fmt: skip
    address = f"/procedures/{definition.procedure.public_id}/file/"

    answer = Client().post(address, given)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Số điện thoại chỉ gồm chữ số" in text
    assert 'value="hỏi cô giáo"' in text
    assert Case.objects.count() == 0
    assert Client().post(address, {**given, "phone_": "+84 (91) 234-5678"}).status_code == 200


def filed(definition: Definition) -> Case:
    given = {
        "subject_name_": "Nguyễn Văn Con", "born_on_": "02/03/2015", "applicant_name_": "Nguyễn Thị Mẹ",
        "phone_": "0901", "why": "Về quê",
    }  # fmt: skip
    address = f"/procedures/{definition.procedure.public_id}/file/"
    given["key_"] = re.findall(r'name="key_" value="([^"]+)"', Client().get(address).content.decode())[0]
    answer = Client().post(address, given)
    assert answer.status_code == 200, answer.content.decode()
    case = Case.objects.get()
    sent_again = Client().post(address, {**given, "why": "Về quê, như đã viết"}).content.decode()  # no answer had come
    assert case.code in sent_again
    assert "đã được nhận lúc" in sent_again
    assert "đã được nhận lúc" not in answer.content.decode()
    receipt = re.search(r'data-address="([^"]+)"', answer.content.decode())
    assert receipt
    again = Client().get(receipt[1])  # the tab was reloaded
    assert case.code in again.content.decode()
    assert again["Cache-Control"] == "no-store"
    assert Client().get(f"{receipt[1]}x")["Location"] == "/procedures/follow/"
    assert Case.objects.get() == case
    return case


def test_the_public_finds_files_and_follows_without_an_account(world: World, definition: Definition) -> None:
    public = Client()
    listed = public.get("/procedures/?q=xin+hoc")
    assert definition.procedure.title in listed.content.decode()
    assert listed["Cache-Control"] == "public, max-age=300"
    shown = public.get(f"/procedures/{definition.procedure.public_id}/").content.decode()
    assert "5 ngày làm việc" in shown
    assert "Xem xét hồ sơ" in shown
    case = filed(definition)

    html = public.post("/procedures/follow/", {"code": case.code, "born_on": "02/03/2015"}).content.decode()
    assert "Đang làm: Xem xét hồ sơ" in html
    assert "Nguyễn Thị Mẹ" not in html
    wrong = public.post("/procedures/follow/", {"code": case.code, "born_on": "03/03/2015"})
    assert wrong.status_code == 422
    assert "Không tìm thấy hồ sơ" in wrong.content.decode()
    assert "Chưa lưu được" not in wrong.content.decode()
    assert "Xem xét hồ sơ" not in wrong.content.decode()


def test_a_supplement_is_given_and_an_end_is_rated_on_the_tracking_page(
    world: World, definition: Definition, client_of
) -> None:
    case = filed(definition)
    office, public, proof = client_of(world.here.clerk), Client(), {"code": case.code, "born_on": "02/03/2015"}

    assert (
        office.post(f"/procedures/cases/{case.public_id}/supplement/", {"wanted": "Tóm tắt kết quả"}).status_code == 303
    )
    assert "Tóm tắt kết quả" in public.post("/procedures/follow/", proof).content.decode()
    given = {**proof, "how": "answer", "answer": "Đây ạ"}
    assert public.post("/procedures/follow/answer/", given).status_code == 200
    step = Step.objects.get(case=case)
    refused = {"decision": "refuse", "reason": "Quá tuổi quy định"}
    assert office.post(f"/procedures/steps/{step.public_id}/", refused).status_code == 303
    assert office.get(f"/procedures/cases/{case.public_id}/").content.decode().count("Quá tuổi quy định") == 1
    assert "Quá tuổi quy định" in public.post("/procedures/follow/", proof).content.decode()
    public.post("/procedures/follow/answer/", {**proof, "how": "rate", "score": "1"})

    assert Rating.objects.get().score == 1


def test_a_case_of_a_sunday_says_when_it_was_filed_and_from_when_its_days_count(
    world: World, definition: Definition, client_of
) -> None:
    sunday = datetime(2026, 11, 22, 3, tzinfo=UTC)
    filing = actions.Filing(
        definition=definition, organisation=world.here.organisation, applicant_name="Mẹ", subject_name="Con",
        born_on=date(2015, 3, 2), phone="09", given={"why": "Về quê"},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        case = actions.file_case(actor=ANONYMOUS, filing=filing, at=sunday)
    given = {"decision": "refuse", "reason": "Quá tuổi"}
    actions.do_step(actor=actor(world.here.clerk), step=Step.objects.get(case=case), given=given, at=sunday)

    proof = {"code": case.code, "born_on": "02/03/2015"}
    followed = Client().post("/procedures/follow/", proof).content.decode()
    opened = client_of(world.here.clerk).get(f"/procedures/cases/{case.public_id}/").content.decode()

    for html in (followed, opened):
        assert [day for _, day in DAYS.findall(html)] == ["22/11/2026", "23/11/2026", "01/12/2026", "22/11/2026"]
        assert [name for name, _ in DAYS.findall(html)] == [
            "Ngày nộp", "Thời hạn tính từ", "Hẹn trả kết quả", "Ngày xong"
        ]  # fmt: skip


def test_a_guardian_chooses_a_child_and_is_not_asked_what_the_file_holds(
    world: World, definition: Definition, client_of
) -> None:
    mother = client_of(world.here.guardians[0])
    child = world.here.enrolments[0].person
    child.address = "Ấp 3, Mỹ An"
    child.save()
    place = f"/procedures/{definition.procedure.public_id}/file/"

    assert child.full_name in mother.get(place).content.decode()
    html = mother.get(f"{place}?subject={child.public_id}").content.decode()
    assert "Ấp 3, Mỹ An" in html
    assert 'name="address"' not in html
    assert 'name="subject_name_"' not in html
    done = mother.post(f"{place}?subject={child.public_id}", {"applicant_name_": "Mẹ", "phone_": "09", "why": "x"})
    assert done.status_code == 200

    case = Case.objects.get()
    assert (case.subject_id, case.data["address"]) == (child.id, "Ấp 3, Mỹ An")
    assert case.code in mother.get("/procedures/cases/").content.decode()


def test_a_clerk_adds_a_procedure_from_a_drawing_and_questions(world: World, client_of) -> None:
    clerk = client_of(world.here.clerk)
    begun = clerk.post("/procedures/drawn/new/", {"title": "Mượn hội trường", "summary": "Cho cha mẹ học sinh"})
    place = begun["Location"]
    bpmn = REVIEW.replace(b'decision = "accept"', b'ket_qua = "dong_y"')
    first = clerk.post(place, {
        "drawing": SimpleUploadedFile("a.bpmn", bpmn), "questions": "Ngày mượn *: ngày\nSố người: số",
        "working_days": "2", "valid_from": "01/01/2030", "source": "Quy chế",
    })  # fmt: skip
    assert first.status_code == 200
    html = first.content.decode()
    assert "role_review" in html
    kept = first.context["kept"] if first.context else None
    if kept is None:
        import html as escaping

        kept = escaping.unescape(re.search(r'name="kept" value="([^"]*)"', html)[1])
    said = {
        "kept": kept,
        "role_review": "clerk",
        "role_sign": "head",
        "end_done": "granted",
        "end_turned_down": "refused",
    }
    second = clerk.post(place, said)
    assert second.status_code == 303, second.content.decode()
    shown = clerk.get(second["Location"]).content.decode()
    assert "Ngày mượn" in shown
    assert clerk.post(second["Location"] + "publish/").status_code == 303

    made = Definition.objects.get(organisation__isnull=False)
    assert made.sheet["tasks"]["review"]["form"]["properties"]["ket_qua"]["enum"] == ["dong_y", "khac"]
    assert Procedure.objects.get(organisation__isnull=False).is_open
    assert json.dumps(made.steps)


def test_a_drawing_with_a_script_is_refused_with_its_line(world: World, client_of) -> None:
    clerk = client_of(world.here.clerk)
    place = clerk.post("/procedures/drawn/new/", {"title": "Mượn hội trường"})["Location"]
    bpmn = REVIEW.replace(b'<endEvent id="done"/>', b'\n<scriptTask id="x"><script>import os</script></scriptTask>')
    answer = clerk.post(place, {
        "drawing": SimpleUploadedFile("a.bpmn", bpmn), "working_days": "2", "valid_from": "01/01/2030", "source": "Q",
    })  # fmt: skip

    assert answer.status_code == 422
    assert "Dòng 9" in answer.content.decode()
    assert not Definition.objects.filter(organisation__isnull=False).exists()


def test_steps_are_named_in_the_order_in_which_cases_come_to_them(world: World) -> None:
    late_by_name = REVIEW.replace(b'"review"', b'"zzz_first"')
    sheet = {**SHEET, "tasks": {"zzz_first": SHEET["tasks"]["review"], "sign": {"role": "head"}}}
    made = published(world.here.organisation, late_by_name, sheet)
    made.refresh_from_db()

    html = Client().get(f"/procedures/{made.procedure.public_id}/").content.decode()

    assert re.findall("<ol><li>(.*?)</li><li>(.*?)</li>", html) == [("Xem xét hồ sơ", "Kí quyết định")]


def test_what_is_not_as_the_procedure_asks_is_said_beside_it(world: World) -> None:
    asked = {"why": {"type": "string", "title": "Năm tốt nghiệp", "maxLength": 4}}
    made = published(world.here.organisation, sheet={**SHEET, "filing": {"properties": asked, "required": ["why"]}})
    given = {"subject_name_": "Con", "born_on_": "02/03/2015", "applicant_name_": "Mẹ", "phone_": "09", "why": "đã lâu"}

    html = Client().post(f"/procedures/{made.procedure.public_id}/file/", given).content.decode()

    assert '<a href="#id_why">Năm tốt nghiệp</a>: Chưa đúng' in html
    assert not Case.objects.exists()


def test_whoever_files_says_how_to_be_reached_with_the_rest(definition: Definition) -> None:
    answer = Client().post(f"/procedures/{definition.procedure.public_id}/file/", {"applicant_name_": "Mẹ"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Hãy ghi số điện thoại hoặc địa chỉ email" in html
    assert html.count("Hãy điền mục này.") == 6  # name, birth date and reason, each above and beside


def test_outsiders_open_no_page_of_an_office(world: World, definition: Definition, client_of) -> None:
    case = filed(definition)
    step = Step.objects.get()
    places = [
        "/procedures/desk/", "/procedures/figures/", "/procedures/drawn/", "/procedures/drawn/new/",
        f"/procedures/cases/{case.public_id}/", f"/procedures/steps/{step.public_id}/",
        f"/procedures/drawn/{definition.procedure.public_id}/",
        f"/procedures/drawn/{definition.procedure.public_id}/draw/",
    ]  # fmt: skip

    for who in (world.here.guardians[0], world.here.teacher):
        answers = [client_of(who).get(place).status_code for place in places]
        assert set(answers) <= {403, 404}, dict(zip(places, answers, strict=True))
    other = client_of(world.elsewhere.clerk)
    assert [other.get(place).status_code for place in places[4:]] == [404] * 4
    assert other.post(f"/procedures/versions/{definition.public_id}/publish/").status_code == 403
    assert other.post(f"/procedures/steps/{step.public_id}/", {"decision": "accept"}).status_code == 404
    assert Step.objects.get().done_at is None
    draft = Definition.objects.filter(published_at=None)
    assert not draft.exists()


def test_the_tracking_page_asks_once_for_all_that_happened(world: World, definition: Definition) -> None:
    case, public = filed(definition), Client()
    proof = {"code": case.code, "born_on": "02/03/2015"}
    public.post("/procedures/follow/", proof)

    # Counting the try, the case by its code in a wider scope, taking the try back, and what happened in a narrower one.
    with CaptureQueriesContext(connection) as asked:
        html = public.post("/procedures/follow/", proof).content.decode()
    assert len([each for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 11
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in html

    actions.do_step(
        actor=actor(world.here.clerk), step=Step.objects.get(case=case), given={"decision": "accept"}, at=NOON
    )
    with CaptureQueriesContext(connection) as again:
        html = public.post("/procedures/follow/", proof).content.decode()
    assert len(again) == len(asked)
    assert html.index("Xem xét hồ sơ") < html.index("Đang làm: Kí quyết định")
