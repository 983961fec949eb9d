"""A demonstration signs for real, with keys that nobody else trusts, and every page says so."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from khue.demo.last_year import KEY_TITLE
from khue.foundation import files
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, Job
from khue.foundation.work import run_now
from khue.gradebook import actions as gradebook
from khue.gradebook.tests.test_years import GOOD_YEAR, JUNE, results
from khue.records import actions, queries, sharing
from khue.records.models import SigningKey, TrialAuthority, YearSheet
from khue.records.refusals import CertificateNotTrusted, SigningNotSetUp
from khue.records.sharing import Part
from khue.records.signing.demonstration import DemonstrationAuthority
from khue.records.signing.verdicts import Verdict
from khue.records.tests.builders import complete_year, confirmed
from khue.records.trial import NAME
from tests.world import World, actor

pytestmark = pytest.mark.django_db
PASSWORD = "KhueDemo2026"
NOW = datetime.now(UTC)


@pytest.fixture
def at(world: World, settings):
    settings.TRUST_FILE = settings.TSA_URL = ""
    return world.here


def key_of(at, account, name: str, *, is_seal: bool = False) -> SigningKey:
    return actions.add_key_file(
        actor=actor(account), organisation=at.organisation, is_seal=is_seal, title=KEY_TITLE,
        file=queries.trial_key_file(name, PASSWORD, NOW), password=PASSWORD, at=NOW,
    )  # fmt: skip


def begin(at, account, role: str, key: SigningKey, school_class=None):
    batch = actions.begin_batch(
        actor=actor(account), school_year=at.year, school_class=school_class, role=role, key=key, secret=PASSWORD,
        at=NOW, recipient="Sở GD&ĐT" if role == "deposit" else "",
    )  # fmt: skip
    return run_now(batch.job)


def sealed(at) -> list[YearSheet]:
    """The class's sheets on their whole way, with keys of the trial."""
    actions.make_trial_authority(actor=SYSTEM, at=NOW)
    complete_year(at)
    confirmed(at)
    assert begin(at, at.teacher, "homeroom", key_of(at, at.teacher, "Lê Minh Bảo"), at.school_class).state == "done"
    assert begin(at, at.head, "head", key_of(at, at.head, "Nguyễn Thị An")).state == "done"
    assert begin(at, at.clerk, "seal", key_of(at, at.clerk, at.organisation.name, is_seal=True)).state == "done"
    return list(YearSheet.objects.filter(state="sealed").select_related("xml", "pdf").order_by("id"))


def family_of(at, sheet: YearSheet):
    """The account of a guardian of the pupil."""
    place = [one.person_id for one in at.enrolments].index(sheet.transcript.person_id)
    return at.guardians[place]


def test_a_class_goes_its_whole_way_and_whoever_verifies_is_told_what_signed_it(at, client_of, settings, tmp_path, ca):
    sheets = sealed(at)

    assert len(sheets) == len(at.enrolments)
    with files.open_file(sheets[0].xml) as stream:
        xml = stream.read()
    with files.open_file(sheets[0].pdf) as stream:
        pdf = stream.read()
    for data in (xml, pdf):
        found = queries.verify(data)
        assert (found.verdict, found.is_trial) == (Verdict.VALID, True)
        assert all(NAME in one.issuer for one in found.signatures)
        assert all("(Trình diễn)" in one.signer for one in found.signatures)
    text = Client().post("/verify/", {"kind": "file", "file": SimpleUploadedFile("hoc-ba.xml", xml)}).content.decode()
    assert "Khoá trình diễn" in text
    assert "không có giá trị pháp lý" in text
    share = actions.share(
        actor=actor(family_of(at, sheets[0])), transcript=sheets[0].transcript, parts=[Part.NAME, Part.RESULTS],
        years=[at.year.code], days=7, to="Trường mới", at=NOW,
    )  # fmt: skip
    shown = Client().get(queries.address_of(sharing.code_of(share.public_id))).content.decode()
    assert "Khoá trình diễn" in shown
    roots = tmp_path / "roots.pem"
    roots.write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_FILE = str(roots)  # the operator names roots: the trial is over, here too
    assert queries.verify(xml).verdict is Verdict.UNTRUSTED
    assert queries.verify_alone(xml, ca.anchors, ()).is_trial
    with pytest.raises(NotFound):
        key_of(at, at.head, "Nguyễn Thị An")


def test_where_an_operator_has_named_roots_no_authority_is_made(at, settings, tmp_path, ca):
    file = tmp_path / "roots.pem"
    file.write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_FILE = str(file)

    assert not actions.make_trial_authority(actor=SYSTEM, at=NOW)
    assert TrialAuthority.objects.count() == 0
    with pytest.raises(Forbidden):
        actions.make_trial_authority(actor=actor(at.head), at=NOW)


def test_another_demonstrations_key_is_not_trusted(at):
    actions.make_trial_authority(actor=SYSTEM, at=NOW)
    actions.make_trial_authority(actor=SYSTEM, at=NOW)
    foreign = DemonstrationAuthority.made(NOW).key_file("Người khác", PASSWORD, NOW)

    with pytest.raises(CertificateNotTrusted):
        actions.add_key_file(
            actor=actor(at.head), organisation=at.organisation, is_seal=False, title="", file=foreign,
            password=PASSWORD, at=NOW,
        )  # fmt: skip
    assert SigningKey.objects.count() == 0
    assert AuditRow.objects.filter(verb="trial_authority.made").count() == 1


def test_without_a_trial_signing_is_not_set_up(at):
    with pytest.raises(SigningNotSetUp):
        queries.refuse_unless_set_up()


def test_one_press_prepares_and_confirms_every_class_and_names_what_changed(at, client_of):
    complete_year(at)
    head = client_of(at.head)
    page = head.get("/records/").content.decode()
    assert "Lập học bạ mọi lớp đủ dữ liệu" in page
    assert "Xác nhận cả trường" not in page
    head.post(f"/records/years/{at.year.public_id}/classes/prepare/")
    run_now(Job.objects.latest("id"))
    assert YearSheet.objects.filter(state="complete").count() == len(at.enrolments)
    actions.compare_class(actor=actor(at.teacher), school_class=at.school_class, at=NOW)
    assert "Xác nhận cả trường" in head.get("/records/").content.decode()

    for somebody in (at.teacher, at.pupils[0], at.guardians[0]):
        answer = client_of(somebody).post(f"/records/years/{at.year.public_id}/classes/confirm/")
        assert answer.status_code in (403, 404)
    assert Job.objects.filter(kind=actions.CLASSES).count() == 1
    results(at, at.enrolments[0], [50] * 8)
    gradebook.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    head.post(f"/records/years/{at.year.public_id}/classes/confirm/", {"grade": "6"})
    left = run_now(Job.objects.latest("id"))
    assert (left.state, left.failed_count) == ("done", 1)
    assert at.school_class.name in left.summary
    assert YearSheet.objects.filter(state="confirmed").count() == 0
    results(at, at.enrolments[0], GOOD_YEAR)
    gradebook.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    head.post(f"/records/years/{at.year.public_id}/classes/confirm/", {"grade": ""})
    done = run_now(Job.objects.latest("id"))
    assert (done.state, done.failed_count) == ("done", 0)
    assert YearSheet.objects.filter(state="confirmed").count() == len(at.enrolments)
    assert head.post(f"/records/years/{at.year.public_id}/classes/burn/").status_code == 404
    assert head.post(f"/records/years/{at.year.public_id}/classes/confirm/", {"grade": "9"}).status_code == 303
