"""Copies and corrections of diplomas: from a request without an account to a sealed file of the department."""

import re
import subprocess
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock, events, scope, work
from khue.foundation.actor import ANONYMOUS
from khue.foundation.errors import Forbidden
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.attaching import Sent
from khue.procedures.models import Attachment, Case, Procedure, Slip, Step
from khue.records import actions, queries
from khue.records.models import Diploma, DiplomaCorrection, ResultDocument, SigningBatch, SigningKey
from khue.records.refusals import LineNotChosen
from khue.records.tests import preflight
from khue.records.tests.authority import PASSWORD
from tests.world import NOON, TODAY, World, actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]
PROOF = {"born_on": "02/03/2015"}
COPY = {"diploma": "upper", "year": "2026", "number": "B 001", "asker": "owner"}
CORRECTION = {
    "diploma": "upper", "number": "B 001", "wrong": "Nguyễn Văn A", "right": "Nguyễn Văn Anh",
    "proof": "Trích lục 12/TL ngày 01/10/2026",
}  # fmt: skip
BOOK = {
    "book_number": "17/2011", "book_title": "Bằng tốt nghiệp THPT", "book_serial": "A 99",
    "book_issued_on": "2011-07-15",
}  # fmt: skip


@pytest.fixture
def line(world: World) -> Diploma:
    given = actions.NewDiploma("thpt", "Bằng tốt nghiệp THPT", "B 001", "QĐ 5/2026", date(2026, 7, 1))
    person = world.here.enrolments[0].person
    with scope.of(actor(world.here.head)):
        return actions.record_diploma(
            actor=actor(world.here.head), organisation=world.here.organisation, person=person, given=given, at=NOON
        )


@pytest.fixture
def key(world: World, trusting, client_of) -> SigningKey:
    """The department's seal, told on its own page by its officer, who has no key of a person."""
    file = SimpleUploadedFile("dau.p12", trusting.pkcs12(trusting.person("Sở GDĐT")))
    officer = client_of(world.department_officer)
    assert officer.get("/records/keys/").status_code == 200
    told = officer.post("/records/keys/", {"kind": "file", "file": file, "password": PASSWORD})
    assert told.status_code == 303, told.content.decode()
    return SigningKey.objects.get(organisation=world.department, holder=None)


def asked(world: World, key: str, given: dict[str, str]) -> Case:
    public_id = Procedure.objects.get(organisation=None, key=key).public_id
    paper = {"proof_paper": [Sent("trích lục.pdf", stream=BytesIO(b"%PDF-1.7\n" + bytes(99)))]}
    filing = procedures.Filing(
        definition=cases.open_definition(public_id, TODAY), organisation=world.department, applicant_name="Mẹ",
        subject_name="nguyễn văn a", born_on=date(2015, 3, 2), phone="0901", given=given,
        papers=paper if key == "diploma-correction" else {},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        return procedures.file_case(actor=ANONYMOUS, filing=filing, at=NOON)


def does(world: World, case: Case, **given: str) -> Case:
    officer = actor(world.department_officer)
    step = Step.objects.select_related("case__definition", "case__subject").get(case=case, done_at=None)
    with scope.of(officer):
        procedures.do_step(actor=officer, step=step, given=given, at=NOON)
    events.deliver_now()
    case.refresh_from_db()
    return case


def sealed_pdf(world: World, case: Case, key: SigningKey, client, client_of) -> bytes:
    officer = client_of(world.department_officer)
    assert ResultDocument.objects.get().organisation_id == world.department.id
    assert case.code in officer.get("/records/results/").content.decode()
    assert officer.post("/records/results/", {"key": str(key.public_id), "secret": PASSWORD}).status_code == 303
    job = work.run_now(SigningBatch.objects.get().job)
    assert job.state == "done", job.summary or job.last_error
    events.deliver_now()
    assert case.code in officer.get("/records/results/?state=sealed").content.decode()
    taken = client.post("/procedures/follow/answer/", {"code": case.code, **PROOF, "how": "result"})
    return b"".join(taken.streaming_content)


def verified(pdf: bytes, pdfsig: str, tmp_path, *told: str) -> None:
    file = tmp_path / "ket-qua.pdf"
    file.write_bytes(pdf)
    said = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert preflight.faults(file) == []
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    for each in told:
        assert each.casefold() in " ".join(text.split()).casefold(), text


def test_a_copy_from_the_register_is_sealed_by_the_department(
    world, line, key, client, client_of, pdfsig, tmp_path
) -> None:
    case = asked(world, "diploma-copy", COPY)
    step = Step.objects.get(case=case, done_at=None)
    page = client_of(world.department_officer).get(f"/procedures/steps/{step.public_id}/").content.decode()
    assert "1/2026 · B 001 · Nguyễn Văn A" in page
    does(world, case, decision="accept", line=str(line.id))
    done = does(world, case)
    assert (done.ends, done.subject_id) == ("granted", line.person_id)

    pdf = sealed_pdf(world, case, key, client, client_of)

    verified(
        pdf, pdfsig, tmp_path, world.department.name, "Bản sao từ sổ gốc", "B 001", "1/2026", "01/07/2026",
        "Ký số bởi: Sở GDĐT",  # whom the certificate names, not what somebody called the key
    )  # fmt: skip
    above = client_of(world.department_officer).get(f"/procedures/cases/{case.public_id}/").content.decode()
    assert re.search(r"Dòng trong sổ gốc</dt>\s*<dd[^>]*>\s*1/2026 · B 001 · Nguyễn Văn A", above)
    page = client.post("/verify/", {"kind": "file", "file": SimpleUploadedFile("x.pdf", pdf)}).content.decode()
    for told in ("Hợp lệ", "B 001", world.here.organisation.name, case.code):
        assert told in page


def test_a_correction_is_noted_beside_its_line_and_its_decision_is_sealed(
    world, line, key, client, client_of, pdfsig, tmp_path
) -> None:
    case = asked(world, "diploma-correction", CORRECTION)
    assert Attachment.objects.get(case=case).field == "proof_paper"
    does(world, case, decision="accept", line=str(line.id))
    assert not DiplomaCorrection.objects.exists()
    done = does(world, case)

    noted = DiplomaCorrection.objects.get()
    assert (noted.diploma_id, noted.right, noted.decision) == (line.id, "Nguyễn Văn Anh", case.code)
    assert noted.organisation_id == world.here.organisation.id
    line.refresh_from_db()
    assert (line.name, line.withdrawn_on, Diploma.objects.count()) == ("Nguyễn Văn A", None, 1)
    assert done.ends == "granted"
    shown = client_of(world.here.clerk).get(f"/records/diplomas/{line.public_id}/").content.decode()
    assert "Nguyễn Văn A → Nguyễn Văn Anh" in shown
    given = {"kind": "serial", "serial": "B 001", "name": "nguyen van a", "birth": "02/03/2015"}
    assert "Nguyễn Văn Anh" in client.post("/verify/", given).content.decode()
    pdf = sealed_pdf(world, case, key, client, client_of)
    verified(pdf, pdfsig, tmp_path, "Quyết định chỉnh sửa", "Nguyễn Văn Anh", "Trích lục 12/TL")
    with transaction.atomic(), pytest.raises(Exception, match="permission denied"):
        DiplomaCorrection.objects.update(right="Khác")


def test_a_line_of_a_book_on_paper_is_copied_by_the_officer(world, key) -> None:
    case = asked(world, "diploma-copy", COPY)

    for given in ({}, {**BOOK, "book_serial": ""}, {"line": "999"}):
        with pytest.raises(LineNotChosen), transaction.atomic():
            does(world, case, decision="accept", **given)
    assert Step.objects.filter(case=case, done_at=None).count() == 1
    does(world, case, decision="accept", **BOOK)
    does(world, case)

    facts = dict(ResultDocument.objects.get().content["facts"])
    assert (facts["Số vào sổ gốc"], facts["Ngày cấp"], facts["Cơ quan cấp"]) == ("17/2011", "15/07/2011", "")


def test_a_withdrawn_line_or_one_of_another_person_is_not_offered(world, line) -> None:
    officer = actor(world.department_officer)
    alike = {"name": "Nguyễn Văn A", "born_on": date(2015, 3, 2), "serial": ""}
    with scope.of(officer):
        assert queries.lines_like(officer, **alike) == [line]
        assert queries.lines_like(officer, **{**alike, "name": "Nguyễn Văn B"}) == []
        assert queries.lines_like(officer, **{**alike, "born_on": date(2015, 3, 3)}) == []
        assert queries.lines_like(officer, **{**alike, "name": "x", "serial": "B 001"}) == [line]
    with scope.of(actor(world.elsewhere.head)):
        assert queries.lines_like(actor(world.elsewhere.head), **alike) == []
    head = actor(world.here.head)
    with scope.of(head):
        actions.withdraw_diploma(actor=head, diploma=line, reason="Cấp sai", on=TODAY, at=NOON)
    with scope.of(officer):
        assert queries.lines_like(officer, **alike) == []


def test_a_department_uses_no_seal_and_writes_no_register_of_a_school(world, line, trusting, client_of) -> None:
    from khue.records.tests.builders import key_file

    seal = key_file(world.here, trusting, world.here.clerk, "Trường", is_seal=True, when=clock.now())
    officer = actor(world.department_officer)
    new = actions.NewDiploma("thpt", "Bằng", "C 1", "QĐ", TODAY)
    with scope.of(officer):
        assert not queries.visible_keys(officer).exists()
        for act in (
            lambda: actions.begin_results(
                actor=officer, organisation=world.here.organisation, key=seal, secret=PASSWORD, at=NOON
            ),
            lambda: actions.retire_key(actor=officer, key=seal, at=NOON),
            lambda: actions.record_diploma(
                actor=officer, organisation=world.here.organisation, person=line.person, given=new, at=NOON
            ),
            lambda: actions.withdraw_diploma(actor=officer, diploma=line, reason="x", on=TODAY, at=NOON),
        ):
            with pytest.raises(Forbidden):
                act()
    for outsider in (world.here.clerk, world.elsewhere.head):
        correction = actions.Correction("a", "b", "c", "d")
        with scope.of(actor(outsider)), pytest.raises(Forbidden):
            actions.note_correction(actor=actor(outsider), diploma=line, given=correction, on=TODAY, at=NOON)

    seal.refresh_from_db()
    assert (seal.retired_at, Diploma.objects.count(), DiplomaCorrection.objects.count()) == (None, 1, 0)
    assert not SigningBatch.objects.exists()
    page = client_of(world.department_officer).get(f"/records/diplomas/{line.public_id}/").content.decode()
    assert "Ghi thu hồi" not in page
    assert client_of(world.department_officer).get("/records/").status_code == 404


def results(world: World, many: int) -> None:
    public_id = Procedure.objects.get(organisation=None, key="study-confirmation").public_id
    definition = cases.open_definition(public_id, TODAY)
    for number in range(many):
        case = Case.objects.create(
            organisation=world.here.organisation, definition=definition, code=f"K{Case.objects.count()}",
            applicant_name="Mẹ", subject_name=f"Em {number}", born_on=TODAY, channel="desk", state=0, status=9,
            filed_at=NOON, received_on=TODAY,
        )  # fmt: skip
        slip = Slip.objects.create(
            organisation=world.here.organisation, case=case, kind="result", year=2026,
            number=Slip.objects.filter(kind="result").count() + 1, content={}, issued_at=NOON,
        )  # fmt: skip
        content = {"heading": "Giấy xác nhận", "number": f"{slip.number}/2026", "code": case.code, "facts": []}
        ResultDocument.objects.create(organisation=world.here.organisation, slip=slip, content=content, drafted_at=NOON)


def test_the_list_of_results_is_paged_and_costs_the_same_for_thirty_as_for_three_hundred(world, client_of) -> None:
    head = client_of(world.here.head)
    results(world, 30)
    head.get("/records/results/")
    with CaptureQueriesContext(connection) as few:
        head.get("/records/results/")
    results(world, 270)

    with CaptureQueriesContext(connection) as many:
        html = head.get("/records/results/").content.decode()

    assert len(many) - len(few) in (0, 1)  # the page before none asked whether there is one after
    assert len(many) <= 15
    assert "300 kết quả đang chờ" in html
    assert html.count("Giấy xác nhận ") == 30
    assert 'rel="next"' in html or "Trang sau" in html
