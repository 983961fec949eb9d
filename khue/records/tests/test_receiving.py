"""A pupil brings a record along: what is taken in, for whom, and what is told apart."""

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.gradebook.models import ReceivedResult
from khue.records import actions, queries
from khue.records.models import Issue, ReceivedPackage, ReceivedSheet, SealedList
from khue.records.refusals import (
    AlreadyReceived,
    AnotherPupil,
    NotOurYear,
    PackageNotGood,
    PackageUnreadable,
    StepOutOfOrder,
    TooManyPackages,
)
from khue.records.tests.authority import authority
from khue.registry.models import Person
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


@pytest.fixture
def carried(at, sealed):
    """What the first family carries away: the whole record, downloaded by themselves."""
    return actions.download_whole_record(actor=actor(at.guardians[0]), transcript=sealed[0].transcript, at=clock.now())


@pytest.fixture
def there(world, at):
    """The other school, whose first pupil is the same child by name and day of birth."""
    child = at.enrolments[0].person
    Person.objects.filter(id=world.elsewhere.enrolments[0].person_id).update(
        full_name=child.full_name, birth_year=child.birth_year, birth_month=child.birth_month,
        birth_day=child.birth_day,
    )  # fmt: skip
    world.elsewhere.enrolments[0].person.refresh_from_db()
    return world.elsewhere


def taken_in(there, data, *, by=None, pupil: int = 0):
    return actions.take_in_package(
        actor=actor(by or there.clerk), organisation=there.organisation, person=there.enrolments[pupil].person,
        data=data, at=clock.now(),
    )  # fmt: skip


def changed(package: bytes, name: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.namelist():
            content = before.read(each)
            after.writestr(each, content.replace(old, new) if each.endswith(name) else content)
    return made.getvalue()


def test_a_family_carries_the_whole_record_to_the_next_school(at, sealed, carried, there, trusting):
    made = taken_in(there, carried)

    sheet = ReceivedSheet.objects.get()
    assert (made.sheets, made.issuer, sheet.year, sheet.verdict) == (1, at.organisation.name, "2026-2027", "valid")
    assert queries.content_of(sheet).subjects[0].name == "Toán"
    assert queries.sheets_in(made) == [sheet]
    with pytest.raises(AlreadyReceived):
        taken_in(there, carried)
    assert ReceivedPackage.objects.count() == 1


def test_a_revocation_that_came_later_is_told_and_does_not_matter(sealed, hands, carried, there, trusting):
    from cryptography import x509

    own = x509.load_der_x509_certificate(bytes(hands.head.certificate))
    trusting.revoked[own.serial_number] = clock.now()
    issuer = bytes.fromhex(hands.head.chain[0])
    try:
        from khue.foundation.actor import SYSTEM

        assert actions.keep_revocation_list(
            actor=SYSTEM, issuer=issuer, address="http://x", content=trusting.crl("issuing"), at=clock.now()
        )
        taken_in(there, carried)
    finally:
        del trusting.revoked[own.serial_number]

    assert ReceivedSheet.objects.get().verdict == "revoked_later"


def test_what_is_wrong_is_told_apart_and_nothing_is_kept(sealed, carried, there, trusting, settings, tmp_path):
    byte = changed(carried, ".xml", b'caNam="8.0"', b'caNam="9.0"')
    assert byte != carried
    with pytest.raises(PackageNotGood, match=r"Đã bị sửa sau khi ký"):
        taken_in(there, byte)
    missing = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(carried)) as before, zipfile.ZipFile(missing, "w") as after:
        for name in before.namelist():
            if not name.endswith(".pdf"):
                after.writestr(name, before.read(name))
    with pytest.raises(PackageNotGood, match=r"Thiếu chữ ký, con dấu hoặc tệp"):
        taken_in(there, missing.getvalue())
    for nothing in (b"", b"PK", b"<html/>", b"%PDF-1.7"):
        with pytest.raises(PackageUnreadable):
            taken_in(there, nothing)
    with authority() as other:
        (tmp_path / "other.pem").write_bytes(other.root.certificate.public_bytes(Encoding.PEM))
        settings.TRUST_FILE = str(tmp_path / "other.pem")
        with pytest.raises(PackageNotGood, match=r"Không rõ người ký"):
            taken_in(there, carried)

    assert not ReceivedPackage.objects.exists()
    assert not ReceivedSheet.objects.exists()


def test_a_record_is_taken_in_for_its_own_pupil_by_the_office_alone(at, carried, there, trusting):
    with pytest.raises(AnotherPupil, match=at.enrolments[0].person.full_name):
        taken_in(there, carried, pupil=1)
    for who in (there.teacher, there.guardians[0], at.clerk):
        with pytest.raises(Forbidden):
            taken_in(there, carried, by=who)

    assert not ReceivedPackage.objects.exists()


def test_the_homeroom_teacher_carries_the_results_into_the_mark_book(carried, there, trusting, client_of):
    made = taken_in(there, carried)
    address = f"/records/received/{made.public_id}/"
    assert "Đưa kết quả vào sổ điểm" in client_of(there.teacher).get(address).content.decode()

    said = client_of(there.teacher).post(f"{address}1/carry/", follow=True).content.decode()

    assert "Đã đưa 2 kết quả vào sổ điểm." in said
    found = ReceivedResult.objects.order_by("term__number")
    assert [one.mean_tenths for one in found] == [80, 80]
    assert found[0].origin.startswith("THCS Mỹ An, học bạ số nhận ngày")
    sheet = ReceivedSheet.objects.select_related("package").get()
    with pytest.raises(StepOutOfOrder):
        actions.carry_results(
            actor=actor(there.teacher), sheet=sheet, content=queries.content_of(sheet), at=clock.now()
        )


def test_results_of_a_year_elsewhere_stay_in_the_record(carried, there, trusting):
    made = taken_in(there, carried)
    sheet = queries.sheets_in(made)[0]
    sheet.year = "2020-2021"

    with pytest.raises(NotOurYear):
        actions.carry_results(
            actor=actor(there.teacher), sheet=sheet, content=queries.content_of(sheet), at=clock.now()
        )

    assert not ReceivedResult.objects.exists()


def test_the_office_uploads_a_package_for_a_pupil_by_name(at, carried, there, trusting, client_of):
    clerk = client_of(there.clerk)
    name = there.enrolments[0].person.full_name
    file = SimpleUploadedFile("hoc-ba.zip", carried)
    done = clerk.post("/records/received/", {"pupil": name, "file": file}, follow=True).content.decode()
    assert "Học bạ hợp lệ, đã nhận vào hồ sơ." in done
    assert at.organisation.name in done
    broken = SimpleUploadedFile("hoc-ba.zip", changed(carried, ".xml", b'caNam="8.0"', b'caNam="9.0"'))
    answer = clerk.post("/records/received/", {"pupil": name, "file": broken})
    assert answer.status_code == 422
    assert "Đã bị sửa sau khi ký" in answer.content.decode()
    assert "trường đã nhận và kiểm tra" not in client_of(at.guardians[1]).get("/records/mine/").content.decode()


def test_a_family_downloads_its_own_record_five_times_an_hour(at, sealed, trusting, client_of):
    transcript = sealed[0].transcript
    address = f"/records/transcripts/{transcript.public_id}/whole/"
    answer = client_of(at.pupils[0]).post(address)
    assert answer["Content-Type"] == "application/zip"
    assert queries.verify(answer.content).verdict == "valid"
    assert client_of(at.guardians[1]).post(address).status_code == 404
    assert client_of(at.head).post(address).status_code == 403
    for _each in range(4):
        actions.download_whole_record(actor=actor(at.pupils[0]), transcript=transcript, at=clock.now())
    with pytest.raises(TooManyPackages):
        actions.download_whole_record(actor=actor(at.pupils[0]), transcript=transcript, at=clock.now())

    assert list(Issue.objects.values_list("kind", "by_name").distinct()) == [("package", at.pupils[0].display_name)]
    assert Issue.objects.count() == 5
    assert SealedList.objects.count() == 3


def test_a_package_is_judged_by_a_command_without_a_node(carried, trusting, settings, tmp_path, capsys):
    from khue.cli import check

    (tmp_path / "ho-so.zip").write_bytes(carried)
    (tmp_path / "sua.zip").write_bytes(changed(carried, ".xml", b'caNam="8.0"', b'caNam="9.0"'))
    roots = settings.TRUST_FILE

    assert check.main(["records", "--roots", roots, str(tmp_path / "ho-so.zip")]) == 0
    assert "ho-so.zip: valid" in capsys.readouterr().out
    assert check.main(["records", "--roots", roots, str(tmp_path / "sua.zip")]) == 1
    assert "sua.zip: changed" in capsys.readouterr().out
