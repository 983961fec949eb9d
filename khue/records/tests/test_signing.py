"""Signatures by every kind of key, judged by us and by xmlsec1."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from khue.records import content as contents
from khue.records.content import Content, Item, Pupil, Remark, Result, School, Subject
from khue.records.signing.certified import Trust
from khue.records.signing.judge import judge_xml
from khue.records.signing.keys import Certificate, KeyMissing, Pkcs11Signer, Pkcs12Signer, WrongSecret
from khue.records.signing.session import Session
from khue.records.signing.verdicts import Verdict
from khue.records.tests.authority import PASSWORD, authority
from khue.records.tests.conftest import PIN, TOKEN

SHEET = Content(
    transcript="0198a0", sheet="0198a1", year="2026-2027", grade=6, class_name="6A",
    school=School("THCS Mỹ An", "T1"), pupil=Pupil("Nguyễn Văn A", "2015-03-02", "1"),
    result=Result("TT22-2021", study="Tốt", conduct="Tốt", outcome="Được lên lớp"),
    subjects=(Subject("TOAN", "Toán", "8.5", "9.0", "8.8", teachers="Lê Thị Hoa", remark="Tiến bộ\nrõ <rệt> & đều"),),
    items=(Item("yeu_nuoc", "Yêu nước", "trait", "T"),), remarks=(Remark("1", "Ngoan"),),
)  # fmt: skip
NOW = datetime.now(UTC).replace(microsecond=0)


def session_of(ca, issued) -> Session:
    return Session(Pkcs12Signer(ca.pkcs12(issued), PASSWORD), f"{ca.address}/tsa", ca.anchors)


def sealed(ca, homeroom=None, head=None, seal=None, content=SHEET) -> bytes:
    """A whole document: two people and the seal of the school."""
    body = contents.written(content)
    under = []
    for role, issued in (
        ("homeroom", homeroom or ca.person("Lê Thị Hoa")),
        ("head", head or ca.person("Trần Văn Bình")),
    ):
        with session_of(ca, issued) as at_work:
            under.append(at_work.sign([body], role, NOW)[0].xml)
    with session_of(ca, seal or ca.person("Trường THCS Mỹ An")) as at_work:
        return at_work.seal([body], [under], NOW)[0]


@pytest.fixture(scope="module")
def document(ca) -> bytes:
    return sealed(ca)


@pytest.fixture
def trust(ca) -> Trust:
    return Trust(ca.anchors)


def test_what_two_people_and_the_seal_have_signed_is_valid(document, trust):
    judged = judge_xml(document, trust)

    assert judged.verdict is Verdict.VALID
    assert [(one.role, one.signer, one.verdict) for one in judged.signatures] == [
        ("homeroom", "Lê Thị Hoa", "valid"), ("head", "Trần Văn Bình", "valid"),
        ("seal", "Trường THCS Mỹ An", "valid"),
    ]  # fmt: skip
    assert judged.content == SHEET


@pytest.mark.parametrize("name", ["ky-chu-nhiem", "ky-hieu-truong", "dau-nha-truong"])
def test_xmlsec1_agrees_with_every_signature(document, ca, xmlsec, tmp_path, name):
    assert xmlsec_says(document, ca, xmlsec, tmp_path, name)
    changed = document.replace("Nguyễn Văn A".encode(), "Nguyễn Văn B".encode())
    assert not xmlsec_says(changed, ca, xmlsec, tmp_path, name)


def xmlsec_says(document, ca, xmlsec, folder, name) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding

    (folder / "root.pem").write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    (folder / "issuing.pem").write_bytes(ca.issuing.certificate.public_bytes(Encoding.PEM))
    (folder / "file.xml").write_bytes(document)
    done = subprocess.run(
        [xmlsec, "--verify", "--trusted-pem", folder / "root.pem", "--untrusted-pem", folder / "issuing.pem",
         "--id-attr:Id", "urn:khue:hoc-ba:0:NoiDung", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
         "--node-xpath", f"//*[local-name()='Signature'][@Id='{name}']", folder / "file.xml"],
        capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode == 0 and "OK" in done.stderr + done.stdout


def test_a_token_signs_and_its_key_stays_there(ca, softhsm, into_token, trust, xmlsec, tmp_path):
    for curve in (False, True):
        issued = ca.person("Trường THCS Mỹ An", curve=curve)
        into_token(issued, f"dau{curve}")
        certificate = Certificate(issued.der, (ca.issuing.der, ca.root.der))
        signer = Pkcs11Signer(softhsm[0], TOKEN, f"dau{curve}", PIN, certificate)
        with Session(signer, f"{ca.address}/tsa", ca.anchors) as at_work:
            made = at_work.seal([contents.written(SHEET)], [[]], NOW)[0]

        assert judge_xml(made, trust, ["seal"]).verdict is Verdict.VALID
        assert xmlsec_says(made, ca, xmlsec, tmp_path, "dau-nha-truong")
        with pytest.raises(WrongSecret):
            Pkcs11Signer(softhsm[0], TOKEN, f"dau{curve}", "000000", certificate)
        with pytest.raises(KeyMissing):
            Pkcs11Signer(softhsm[0], TOKEN, "khac", PIN, certificate)


def test_a_certificate_that_is_not_the_keys_signs_nothing(ca, softhsm, into_token):
    into_token(ca.person("Một"), "mot")
    other = Certificate(ca.person("Hai").der, (ca.issuing.der, ca.root.der))
    signer = Pkcs11Signer(softhsm[0], TOKEN, "mot", PIN, other)

    with Session(signer, f"{ca.address}/tsa", ca.anchors) as at_work, pytest.raises(KeyMissing):
        at_work.sign([b"x"], "head", NOW)


def test_a_wrong_password_opens_no_file(ca):
    with pytest.raises(WrongSecret):
        Pkcs12Signer(ca.pkcs12(ca.person("A")), "khác")


def test_a_certificate_revoked_later_and_one_revoked_before_are_told_apart():
    for uses_ocsp in (True, False):
        with authority(uses_ocsp=uses_ocsp) as ca:
            head = ca.person("Trần Văn Bình")
            document = sealed(ca, head=head)
            trust = Trust(ca.anchors)
            assert judge_xml(document, trust).verdict is Verdict.VALID

            ca.revoke(head, datetime.now(UTC) + timedelta(minutes=5))
            judged = judge_xml(document, Trust(ca.anchors, (ca.crl("issuing"),)))
            assert [one.verdict for one in judged.signatures] == ["valid", "revoked_later", "valid"]
            assert judged.verdict is Verdict.REVOKED_LATER

            ca.revoke(head, datetime.now(UTC) - timedelta(days=3))
            judged = judge_xml(document, Trust(ca.anchors, (ca.crl("issuing"),)))
            assert judged.verdict is Verdict.REVOKED_BEFORE
            assert judge_xml(sealed(ca, head=head), trust).verdict is Verdict.REVOKED_BEFORE


def test_a_certificate_of_somebody_elses_authority_is_not_trusted(document):
    with authority() as other:
        assert judge_xml(document, Trust(other.anchors)).verdict is Verdict.UNTRUSTED


def test_a_signature_that_is_missing_is_told(ca, trust):
    with session_of(ca, ca.person("Trường")) as at_work:
        made = at_work.seal([contents.written(SHEET)], [[]], NOW)[0]

    assert judge_xml(made, trust).verdict is Verdict.INCOMPLETE
