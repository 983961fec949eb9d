"""A year's transcripts signed with a token; one byte changed is caught by us, by xmlsec1 and by pdfsig."""

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from khue.foundation import clock, files
from khue.records import actions, queries
from khue.records.models import YearSheet
from khue.records.tests.builders import complete_year, confirmed, signed
from khue.records.tests.conftest import PIN, TOKEN, ca, into_token, pdfsig, softhsm, trusting, xmlsec  # noqa: F401  fixtures
from khue.records.tests.test_signing import xmlsec_says
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def token_key(at, ca, into_token, account, name: str, label: str, *, is_seal: bool = False):  # noqa: F811
    """A key of the token, told to the node by its certificates alone."""
    issued = ca.person(name)
    into_token(issued, label)
    chain = [issued.certificate, ca.issuing.certificate, ca.root.certificate]
    return actions.add_token_key(
        actor=actor(account), organisation=at.organisation, is_seal=is_seal, title="", token=TOKEN, label=label,
        certificates=b"".join(one.public_bytes(Encoding.PEM) for one in chain), at=clock.now(),
    )  # fmt: skip


def test_a_year_signed_with_a_token_and_one_byte_changed(
    world,
    trusting,  # noqa: F811
    softhsm,  # noqa: F811
    into_token,  # noqa: F811
    xmlsec,  # noqa: F811
    pdfsig,  # noqa: F811
    settings,
    tmp_path,
):
    at = world.here
    settings.PKCS11_MODULE = softhsm[0]
    complete_year(at)
    confirmed(at)
    for account, role, name in (
        (at.teacher, "homeroom", "Lê Thị Hoa"), (at.head, "head", "Trần Văn Bình"), (at.clerk, "seal", "THCS Mỹ An"),
    ):  # fmt: skip
        key = token_key(at, trusting, into_token, account, name, f"journey-{role}", is_seal=role == "seal")
        job = signed(at, account, role, key, secret=PIN)
        assert job.state == "done", job.summary or job.last_error
    sheets = list(YearSheet.objects.select_related("xml", "pdf"))
    assert [sheet.state for sheet in sheets] == ["sealed"] * 3

    for sheet in sheets:
        with files.open_file(sheet.xml) as xml, files.open_file(sheet.pdf) as pdf:
            document, rendering = xml.read(), pdf.read()
        assert queries.verify(document).verdict == queries.verify(rendering).verdict == "valid"
        for name in ("ky-chu-nhiem", "ky-hieu-truong", "dau-nha-truong"):
            assert xmlsec_says(document, trusting, xmlsec, tmp_path, name)
        assert pdfsig_says(rendering, pdfsig, tmp_path)

    changed = document.replace(b'caNam="8.0"', b'caNam="9.0"', 1)
    assert changed != document
    assert queries.verify(changed).verdict == "changed"
    for name in ("ky-chu-nhiem", "ky-hieu-truong", "dau-nha-truong"):
        assert not xmlsec_says(changed, trusting, xmlsec, tmp_path, name)
    at_byte = rendering.index(b"stream", 2000) + 60
    broken = rendering[:at_byte] + bytes([rendering[at_byte] ^ 1]) + rendering[at_byte + 1 :]
    assert queries.verify(broken).verdict == "changed"
    assert not pdfsig_says(broken, pdfsig, tmp_path)


def pdfsig_says(data: bytes, program: str, folder) -> bool:
    """Whether the seal holds."""
    (folder / "x.pdf").write_bytes(data)
    done = subprocess.run([program, "-nocert", str(folder / "x.pdf")], capture_output=True, text=True)
    return "Signature is Valid" in done.stdout
