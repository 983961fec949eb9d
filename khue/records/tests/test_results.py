"""A confirmation of studying, from the mother's request to a sealed file in her hand that anybody can verify."""

import subprocess
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import clock, events, files, scope, work
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, Job, StoredFile
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.events import ResultIssued
from khue.procedures.models import Case, Procedure, SignedResult, Slip, Step
from khue.records import actions, queries, results, tasks
from khue.records.models import ResultDocument, SigningBatch
from khue.records.refusals import AlreadyRunning, NoResultWaits
from khue.records.signing.certified import Trust
from khue.records.signing.packages import judge
from khue.records.tests import preflight
from khue.records.tests.authority import PASSWORD
from khue.records.tests.builders import key_file
from khue.records.tests.conftest import PIN, TOKEN
from khue.schools.dossiers.transfer import PupilNotHere
from tests.world import NOON, TODAY, World, actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]
PROOF = {"born_on": "02/03/2015"}


@pytest.fixture
def at(world: World):
    return world.here


def asked(at, by: Actor = ANONYMOUS, key: str = "study-confirmation", **more: object) -> Case:
    public_id = Procedure.objects.get(organisation=None, key=key).public_id
    filing = procedures.Filing(
        **{
            "definition": cases.open_definition(public_id, TODAY), "organisation": at.organisation,
            "applicant_name": "Nguyễn Thị Mẹ", "subject_name": "nguyễn văn a", "born_on": date(2015, 3, 2),
            "phone": "0901", "given": {"why": "Vay vốn học tập"}, **more,
        }
    )  # fmt: skip
    with scope.of(by):
        return procedures.file_case(actor=by, filing=filing, at=NOON)


def granted(at, **more: object) -> Case:
    case = asked(at, **more)
    step = Step.objects.select_related("case__definition", "case__subject").get(case=case, done_at=None)
    with scope.of(actor(at.clerk)):
        procedures.do_step(actor=actor(at.clerk), step=step, given={"decision": "accept"}, at=NOON)
    events.deliver_now()
    case.refresh_from_db()
    return case


@pytest.fixture
def key(at, trusting):
    return key_file(at, trusting, at.clerk, "Trường THCS Mỹ An", is_seal=True, when=clock.now())


def sealed(at, key, secret: str = PASSWORD) -> Job:
    with scope.of(actor(at.head)):
        batch = actions.begin_results(
            actor=actor(at.head), organisation=at.organisation, key=key, secret=secret, at=clock.now()
        )
    return work.run_now(batch.job)


def bytes_of(document: ResultDocument) -> bytes:
    document.refresh_from_db()
    with files.open_file(document.pdf) as stream:
        return stream.read()


def test_a_confirmation_is_granted_sealed_on_a_page_taken_without_an_account_and_verified(
    at, key, client, client_of, pdfsig, tmp_path
):
    case = granted(at)
    head = client_of(at.head)
    assert "Kết quả thủ tục chờ đóng dấu: 1" in head.get("/records/").content.decode()
    assert "Giấy xác nhận 1/2026" in head.get("/records/results/").content.decode()
    tracking = client.post("/procedures/follow/", {"code": case.code, **PROOF}).content.decode()
    assert "Chờ kí" in tracking
    assert "Tải kết quả" not in tracking
    begun = head.post("/records/results/", {"key": str(key.public_id), "secret": PASSWORD})
    assert begun.status_code == 303
    assert work.run_now(SigningBatch.objects.get().job).state == "done"
    events.deliver_now()

    assert "Tải kết quả" in client.post("/procedures/follow/", {"code": case.code, **PROOF}).content.decode()
    taken = client.post("/procedures/follow/answer/", {"code": case.code, **PROOF, "how": "result"})
    file = tmp_path / "ket-qua.pdf"
    file.write_bytes(b"".join(taken.streaming_content))
    said = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert preflight.faults(file) == []
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    for told in (at.organisation.name.upper(), "Nguyễn Văn A", "02/03/2015", "6A", "2026-2027", "Vay vốn học tập"):
        assert told.casefold() in text.casefold(), text
    shown = client.post("/verify/", {"kind": "file", "file": SimpleUploadedFile("x.pdf", file.read_bytes())})
    page = shown.content.decode()
    for told in ("Hợp lệ", "Trường THCS Mỹ An", "Vay vốn học tập", case.code):
        assert told in page
    assert "không do hệ thống này cấp" not in page
    case.refresh_from_db()
    assert case.status == Case.Status.HANDED_OVER
    assert AuditRow.objects.filter(verb="case.result_taken").count() == 1
    assert not SigningBatch.objects.exclude(secret=None).exists()


def test_told_twice_it_is_drafted_once_and_sealed_once(at, key):
    granted(at)
    slip = Slip.objects.get(kind="result")
    told = ResultIssued(organisation_id=slip.organisation_id, case_id=slip.case_id, slip_id=slip.id)
    tasks.draft_result(told)
    assert ResultDocument.objects.count() == 1

    job = sealed(at, key)
    assert (job.state, job.done_count) == ("done", 1), job.summary or job.last_error
    document = ResultDocument.objects.get()
    first = document.digest
    tasks.draft_result(told)
    with pytest.raises(NoResultWaits):
        sealed(at, key)
    batch = SigningBatch.objects.get()
    SigningBatch.objects.update(ended_at=None)
    batch.refresh_from_db()
    again = actions.SealedResult(document, b"%PDF-1.7 other", 1)
    assert not actions.keep_result(actor=actor(at.head), batch=batch, sealed=again, at=clock.now())

    document.refresh_from_db()
    assert (document.digest, SignedResult.objects.count()) == (first, 1)
    assert StoredFile.objects.filter(purpose=actions.RESULT_FILE).count() == 1


def test_two_taps_begin_one_batch_and_a_wrong_password_seals_nothing(at, key):
    granted(at)
    given_ = {"actor": actor(at.clerk), "organisation": at.organisation, "key": key, "at": clock.now()}
    batch = actions.begin_results(**given_, secret="sai")
    with pytest.raises(AlreadyRunning):
        actions.begin_results(**given_, secret=PASSWORD)

    job = work.run_now(batch.job)

    assert job.state == "failed"
    assert "mật khẩu của khoá không đúng" in job.summary
    assert not SignedResult.objects.exists()
    assert not SigningBatch.objects.exclude(secret=None).exists()
    assert sealed(at, key).state == "done"


def test_a_key_in_a_token_seals(at, trusting, softhsm, into_token, settings):
    from cryptography.hazmat.primitives.serialization import Encoding

    settings.PKCS11_MODULE = softhsm[0]
    issued = trusting.person("Trường THCS Mỹ An")
    into_token(issued, "ket-qua")
    key = actions.add_token_key(
        actor=actor(at.clerk), organisation=at.organisation, is_seal=True, title="", token=TOKEN, label="ket-qua",
        certificates=b"".join(
            one.certificate.public_bytes(Encoding.PEM) for one in (issued, trusting.issuing)
        ), at=clock.now(),
    )  # fmt: skip
    granted(at)

    job = sealed(at, key, PIN)

    assert job.state == "done", job.summary or job.last_error
    assert queries.verify(bytes_of(ResultDocument.objects.get())).verdict == "valid"


def test_outsiders_find_nothing_and_seal_nothing(at, key, world, client, client_of):
    case = granted(at)
    sealed(at, key)
    document = ResultDocument.objects.get()
    page, file = f"/procedures/cases/{case.public_id}/result/", f"/files/{document.pdf_id and document.pdf.public_id}/"
    others = (world.elsewhere.head, world.elsewhere.clerk, at.guardians[1], at.pupils[1], at.teacher)
    for account in others:
        stranger = client_of(account)
        assert stranger.post(page).status_code == 404
        assert stranger.get(file).status_code == 404
    for account in (at.guardians[0], at.pupils[0], at.teacher):
        assert client_of(account).get("/records/results/").status_code == 404
    for account in (world.elsewhere.head, world.department_officer):  # each its own, not those of a school below
        seen = client_of(account).get("/records/results/?state=sealed")
        assert (seen.status_code, case.code in seen.content.decode()) == (200, False)
    wrong = {"code": case.code, "born_on": "03/03/2015", "how": "result"}
    assert client.post("/procedures/follow/answer/", wrong).status_code == 422
    assert client.post(page).status_code in (302, 303, 401, 403, 404)
    for account in (world.elsewhere.head, at.teacher, at.guardians[0], world.department_officer):
        with pytest.raises(Forbidden):
            actions.begin_results(
                actor=actor(account), organisation=at.organisation, key=key, secret=PASSWORD, at=clock.now()
            )
    with pytest.raises(Forbidden):
        procedures.take_result(actor=ANONYMOUS, case=case, proof="")

    assert not AuditRow.objects.filter(verb="case.result_taken").exists()
    assert SigningBatch.objects.count() == 1


def test_the_applicant_takes_it_on_the_case_page_and_so_does_the_office(at, key, client_of):
    child = at.enrolments[0].person
    case = granted(at, by=actor(at.guardians[0]), subject=child)
    mother = client_of(at.guardians[0])
    place = f"/procedures/cases/{case.public_id}/"
    assert "Tải kết quả" not in mother.get(place).content.decode()
    assert mother.post(f"{place}result/").status_code == 404
    sealed(at, key)
    events.deliver_now()

    assert "Tải kết quả" in mother.get(place).content.decode()
    for who in (mother, client_of(at.clerk)):
        answer = who.post(f"{place}result/")
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_who_is_in_no_class_is_not_confirmed(at):
    for more in ({"subject_name": "Nguyễn Văn Khác"}, {"born_on": date(2015, 3, 3)}):
        with pytest.raises(PupilNotHere):
            granted(at, **more)

    assert not Slip.objects.filter(kind="result").exists()
    assert not ResultDocument.objects.exists()


def test_other_procedures_are_not_sealed(at):
    case = asked(at, key="fee-support", given={"group": "poor"})
    while case.finished_on is None:
        step = Step.objects.select_related("case__definition").get(case=case, done_at=None)
        doer = actor({"head": at.head}.get(step.role, at.clerk))
        with scope.of(doer):
            case = procedures.do_step(actor=doer, step=step, given={"decision": "accept"}, at=NOON)
    events.deliver_now()

    assert Slip.objects.filter(kind="result").exists()
    assert not ResultDocument.objects.exists()


def test_what_was_sealed_stands_in_the_database(at, key):
    granted(at)
    sealed(at, key)
    for change in ("content = '{}'", "digest = 'x'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE records_resultdocument SET {change}")


@pytest.fixture
def document(at, key) -> bytes:
    granted(at)
    sealed(at, key)
    return bytes_of(ResultDocument.objects.get())


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999999), bit=st.integers(0, 7))
def test_one_bit_anywhere_is_seen(document, ca, place, bit):
    assert judge(document, Trust(ca.anchors)).verdict.is_good
    changed = bytearray(document)
    changed[int(place * len(document))] ^= 1 << bit

    judged = judge(bytes(changed), Trust(ca.anchors))

    assert not judged.verdict.is_good
    assert judged.result is None


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.text(), lambda inner: st.lists(inner)).map(repr).map(str.encode)
)
def test_rubbish_inside_a_file_is_no_result(data):
    with pytest.raises(results.NotAResult):
        results.read(data)


@given(st.lists(st.tuples(st.text(max_size=50), st.text(max_size=50)), max_size=10), st.text(max_size=80))
def test_a_result_is_read_as_it_was_written(facts, text):
    made = results.Result("Sở", text, "Giấy", "Câu", "1/2026", "T1", "01/01/2026", tuple(facts))

    assert results.read(results.written(made)) == made
