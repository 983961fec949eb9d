"""Files of a case: sent by applicants, put to steps by clerks, opened by who takes part and by nobody else."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import files, scope
from khue.foundation.actor import ANONYMOUS
from khue.foundation.models import AuditRow, StoredFile
from khue.procedures import actions, queries
from khue.procedures.attaching import CASE_FILE
from khue.procedures.models import Attachment, Case, Definition, Slip, Step
from khue.procedures.refusals import PaperMissing
from khue.procedures.sheets import UnusableSheet, read
from khue.procedures.tests.drawn import SHEET, published
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"1 0 obj\n" * 200 + b"%%EOF\n"
PAPER = {"type": "file", "title": "Trích lục hộ tịch", "maxItems": 2}
ASKING = {
    **SHEET,
    "filing": {
        "properties": {**SHEET["filing"]["properties"], "paper": PAPER},
        "required": ["why", "paper"],
    },
}


@pytest.fixture
def definition(world: World) -> Definition:
    return published(world.here.organisation, sheet=ASKING)


def photo(name: str = "trích lục.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def file(definition: Definition, by: Client | None = None, **more: object):
    given = {
        "subject_name_": "Nguyễn Văn Con", "born_on_": "02/03/2015", "applicant_name_": "Nguyễn Thị Mẹ",
        "phone_": "0901", "why": "Về quê", **more,
    }  # fmt: skip
    return (by or Client()).post(f"/procedures/{definition.procedure.public_id}/file/?subject=none", given)


def proof(case: Case) -> dict[str, str]:
    return {"code": case.code, "born_on": "02/03/2015"}


def test_somebody_without_an_account_sends_two_photos_and_the_clerk_opens_them(world, definition, client_of) -> None:
    shown = Client().get(f"/procedures/{definition.procedure.public_id}/file/")
    asked = shown.content.decode()
    assert (shown.status_code, "Chưa lưu được" in asked) == (200, False)
    assert 'name="paper.2"' in asked
    assert 'enctype="multipart/form-data"' in asked

    assert file(definition, paper=photo(), **{"paper.2": photo("mặt sau.pdf", PDF)}).status_code == 200

    case = Case.objects.get()
    kept = list(Attachment.objects.order_by("id"))
    assert [(each.field, each.title, each.is_applicants) for each in kept] == [("paper", "Trích lục hộ tịch", True)] * 2
    assert AuditRow.objects.filter(verb="case.file_attached").count() == 2
    clerk = client_of(world.here.clerk)
    html = clerk.get(f"/procedures/cases/{case.public_id}/").content.decode()
    assert "trích lục.png" in html
    assert "mặt sau.pdf" in html
    step = Step.objects.get()
    working = clerk.get(f"/procedures/steps/{step.public_id}/")
    assert (working.status_code, "Chưa lưu được" in working.content.decode()) == (200, False)
    assert "trích lục.png" in working.content.decode()
    place = f"/procedures/cases/{case.public_id}/files/{kept[1].public_id}/"
    answer = clerk.get(place)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    part = clerk.get(place, headers={"Range": "bytes=3-6"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, PDF[3:7])
    assert AuditRow.objects.filter(verb="case.file_opened").count() == 2


def test_what_lies_on_the_disk_is_not_the_photo(world, definition) -> None:
    file(definition, paper=photo())

    stored = Attachment.objects.get().file
    assert stored.is_sealed
    assert PNG[:200] not in files.path_of(stored.sha256).read_bytes()
    with files.open_file(stored) as stream:
        assert stream.read() == PNG


def macros() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
        package.writestr("word/vbaProject.bin", b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"<html><script>alert(1)</script>", "Không nhận loại tệp này"),
        ("a.exe", b"MZ" + bytes(100), "Không nhận loại tệp này"),
        ("a.docx", macros(), "macro"),
        ("a.png", b"", "không có nội dung"),
        ("a.png", PNG + bytes(10 * 1024 * 1024), "lớn hơn 10 MB"),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_is_half_written(world, definition, name, content, said) -> None:
    answer = file(definition, paper=photo(), **{"paper.2": photo(name, content)})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not any(model.objects.exists() for model in (Case, Step, Slip, Attachment))
    assert not StoredFile.objects.filter(purpose=CASE_FILE).exists()


def test_a_paper_that_must_come_is_asked_for_beside_its_field(world, definition, client_of) -> None:
    answer = file(definition)

    assert answer.status_code == 422
    assert "Hãy chụp ảnh hoặc chọn tệp." in answer.content.decode()
    without = actions.Filing(
        definition=definition, organisation=world.here.organisation, applicant_name="Mẹ", subject_name="Con",
        born_on=date(2015, 3, 2), phone="0901", given={"why": "Về quê"},
    )  # fmt: skip
    with scope.of(ANONYMOUS), pytest.raises(PaperMissing):  # by whatever door it comes
        actions.file_case(actor=ANONYMOUS, filing=without, at=NOON)
    assert not Case.objects.exists()
    at_the_desk = file(definition, client_of(world.here.clerk), channel_="desk")
    assert at_the_desk.status_code == 303  # handed in on paper


def test_what_the_platform_knows_is_not_asked_for_on_paper(world, client_of) -> None:
    paper = {**PAPER, "x-from": "person.is_poor_household"}
    sheet = {**ASKING, "filing": {**ASKING["filing"], "properties": {"why": {"title": "Lý do"}, "paper": paper}}}
    definition = published(world.here.organisation, sheet=sheet)
    child = world.here.enrolments[0].person
    child.is_poor_household = True
    child.save()
    mother = client_of(world.here.guardians[0])
    place = f"/procedures/{definition.procedure.public_id}/file/?subject={child.public_id}"

    assert 'type="file"' not in mother.get(place).content.decode()
    answer = mother.post(place, {"applicant_name_": "Mẹ", "phone_": "09", "why": "x"})
    assert answer.status_code == 200, answer.content.decode()

    assert Case.objects.get().subject_id == child.id


def test_a_supplement_may_be_files_alone_and_a_clerk_puts_one_to_a_step(world, definition, client_of) -> None:
    file(definition, paper=photo())
    case, clerk, public = Case.objects.get(), client_of(world.here.clerk), Client()
    clerk.post(f"/procedures/cases/{case.public_id}/supplement/", {"wanted": "Ảnh mặt sau"})
    empty = public.post("/procedures/follow/answer/", {**proof(case), "how": "answer"})
    assert empty.status_code == 422
    assert "hoặc gửi kèm tệp" in empty.content.decode()
    wrong = {**proof(case), "how": "answer", "files_": photo("a.txt", b"chu")}
    assert public.post("/procedures/follow/answer/", wrong).status_code == 422
    case.refresh_from_db()
    assert (case.status, Attachment.objects.count()) == (Case.Status.SUPPLEMENT, 1)

    sent = {**proof(case), "how": "answer", "files_": photo("mặt sau.png"), "files_.2": photo("đơn.pdf", PDF)}
    page = public.post("/procedures/follow/", proof(case)).content.decode()
    asked = page.index('name="files_"')
    assert asked < page.index('<details class="data">', asked - 800) < page.index('name="files_.2"')
    html = public.post("/procedures/follow/answer/", sent).content.decode()

    assert "mặt sau.png" in html
    step = Step.objects.get()
    address = f"/procedures/steps/{step.public_id}/"
    folded = clerk.get(address).content.decode().partition('<details class="data">')[2].partition("</details>")[0]
    assert [f'name="{name}"' in folded for name in ("files_", "files_.2", "files_.3", "decision")] == [True] * 3 + [
        False
    ]
    refused = clerk.post(address, {"decision": "accept", "files_": photo("a.txt", b"chu")}).content.decode()
    assert '<details class="data" open>' in refused
    given = {"decision": "accept", "files_": photo("biên bản.pdf", PDF)}
    assert clerk.post(f"/procedures/steps/{step.public_id}/", given).status_code == 303
    put = Attachment.objects.get(step=step)
    assert (put.is_applicants, put.attached_by_name) == (False, world.here.clerk.display_name)
    seen = public.post("/procedures/follow/", proof(case)).content.decode()
    assert "biên bản.pdf" in seen
    opened = public.post("/procedures/follow/answer/", {**proof(case), "how": "file", "file": str(put.public_id)})
    assert b"".join(opened.streaming_content) == PDF
    assert opened["Cache-Control"] == "no-store"


def test_outsiders_open_no_file_of_a_case_by_any_door(world, definition, client_of) -> None:
    mother = client_of(world.here.guardians[0])
    assert file(definition, mother, paper=photo()).status_code == 200, "filed by who is signed in"
    case, kept = Case.objects.get(), Attachment.objects.get()
    place, direct = f"/procedures/cases/{case.public_id}/files/{kept.public_id}/", f"/files/{kept.file.public_id}/"

    for insider in (world.here.clerk, world.here.head, world.department_officer, world.here.guardians[0]):
        assert client_of(insider).get(place).status_code == 200, insider.user_name
    opened = AuditRow.objects.filter(verb="case.file_opened").count()
    for outsider in (world.here.guardians[1], world.here.teacher, world.here.pupils[0], world.elsewhere.clerk):
        assert client_of(outsider).get(place).status_code == 404, outsider.user_name
    assert Client().get(place).status_code in (302, 404)
    for who in (client_of(world.here.clerk), mother, client_of(world.elsewhere.head), Client()):
        assert who.get(direct).status_code in (302, 404)
    Client().get(direct)
    guessed = {"code": case.code, "born_on": "03/03/2015", "how": "file", "file": str(kept.public_id)}
    assert Client().post("/procedures/follow/answer/", guessed).status_code == 422
    other = file(definition, paper=photo())
    assert other.status_code == 200
    second = Case.objects.exclude(id=case.id).get()
    crossed = {**proof(second), "how": "file", "file": str(kept.public_id)}
    assert Client().post("/procedures/follow/answer/", crossed).status_code == 404
    assert client_of(world.here.clerk).get(place.replace(str(case.public_id), str(second.public_id))).status_code == 404
    for nonsense in ("", "x"):
        asked = {**proof(second), "how": "file", "file": nonsense}
        assert Client().post("/procedures/follow/answer/", asked).status_code == 404

    assert AuditRow.objects.filter(verb="case.file_opened").count() == opened


def test_a_partner_reads_and_puts_files_at_its_step(world, client_of) -> None:
    sheet = {
        **ASKING, "partner": "school",
        "tasks": {**SHEET["tasks"], "review": {**SHEET["tasks"]["review"], "place": "partner"}},
    }  # fmt: skip
    definition = published(world.here.organisation, sheet=sheet)
    partner = world.elsewhere.organisation
    place = f"/procedures/{definition.procedure.public_id}/file/?partner={partner.public_id}"
    given = {
        "subject_name_": "Nguyễn Văn Con", "born_on_": "02/03/2015", "applicant_name_": "Mẹ", "phone_": "0901",
        "why": "x", "paper": photo(),
    }  # fmt: skip
    assert Client().post(place, given).status_code == 200
    case, kept = Case.objects.get(), Attachment.objects.get()
    clerk = client_of(world.elsewhere.clerk)
    step = Step.objects.get(case=case)

    assert "trích lục.png" in clerk.get(f"/procedures/steps/{step.public_id}/").content.decode()
    assert b"".join(clerk.get(f"/procedures/cases/{case.public_id}/files/{kept.public_id}/").streaming_content) == PNG
    sent = {"decision": "accept", "files_": photo("của nơi kia.pdf", PDF)}
    assert clerk.post(f"/procedures/steps/{step.public_id}/", sent).status_code == 303

    assert Attachment.objects.get(step=step).organisation_id == world.here.organisation.id


def test_a_file_in_pieces_is_bound_once(world, definition, client_of) -> None:
    clerk, office = client_of(world.here.clerk), world.here.organisation.id
    told = {"purpose": CASE_FILE, "name": "quét.pdf", "size": len(PDF), "organisation": office}
    begun = clerk.post("/uploads/", told, content_type="application/json")
    assert begun.status_code == 201, begun.content
    sent = clerk.patch(
        begun["Location"], PDF, content_type="application/offset+octet-stream", headers={"Upload-Offset": "0"}
    )
    assert sent.json()["done"]
    upload = begun.json()["id"]

    assert file(definition, clerk, channel_="desk", paper_upload=upload).status_code == 303
    again = file(definition, clerk, channel_="desk", paper_upload=upload)

    assert again.status_code == 422
    assert "đã nằm trong một hồ sơ" in again.content.decode()
    assert Attachment.objects.get().file.name == "quét.pdf"
    assert Case.objects.count() == 1
    far = {**told, "organisation": world.elsewhere.organisation.id}
    assert clerk.post("/uploads/", far, content_type="application/json").status_code == 403
    stranger = file(definition, client_of(world.here.guardians[0]), paper_upload=upload)
    assert stranger.status_code == 404
    assert Attachment.objects.count() == 1


def test_a_case_page_with_many_files_costs_as_many_queries_as_with_one(world, definition, client_of) -> None:
    file(definition, paper=photo())
    case, clerk = Case.objects.get(), client_of(world.here.clerk)
    place = f"/procedures/cases/{case.public_id}/"
    clerk.get(place)
    with CaptureQueriesContext(connection) as few:
        clerk.get(place)
    first = Attachment.objects.select_related("file").get()
    for number in range(10):
        with transaction.atomic():
            stored = StoredFile.objects.create(
                organisation_id=case.organisation_id, purpose=CASE_FILE, sha256=f"{number:064}", size=1,
                media_type="image/png", name=f"{number}.png", stored_at=first.attached_at,
            )  # fmt: skip
            Attachment.objects.create(
                organisation_id=case.organisation_id, case=case, field="paper", title="", file=stored,
                attached_at=first.attached_at, attached_by_name="", is_applicants=True,
            )  # fmt: skip

    with CaptureQueriesContext(connection) as many:
        html = clerk.get(place).content.decode()

    assert "9.png" in html
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize(
    "field",
    [
        {"type": "file", "maxItems": 0}, {"type": "file", "maxItems": 6}, {"type": "file", "maxItems": True},
        {"type": "file", "enum": ["a"]}, {"type": "string", "maxItems": 2},
    ],
)  # fmt: skip
def test_a_sheet_asks_for_files_only_as_files_come(field) -> None:
    with pytest.raises(UnusableSheet):
        read({"filing": {"properties": {"paper": field}}})


def test_no_condition_asks_for_a_file() -> None:
    form = read({"filing": {"properties": {"paper": PAPER, "why": {"title": "Vì"}}, "required": ["paper"]}}).filing

    assert ([f.name for f in form.values], [f.name for f in form.papers]) == (["why"], ["paper"])
    assert form.schema["properties"] == {"why": {"title": "Vì"}}


def test_a_form_keeps_the_order_it_was_written_in(world) -> None:
    asked = queries.questions_of(published(world.here.organisation, sheet=ASKING))

    assert [field.name for field in asked] == ["why", "address", "paper"]
    assert asked[-1].inputs == ("paper", "paper.2")
