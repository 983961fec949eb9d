"""Pages and addresses: whose they are, what they cost, and that nobody else finds them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khue.foundation import clock, files
from khue.records import actions, queries, sharing
from khue.records.models import Issue, Share, YearSheet
from khue.records.tests.authority import PASSWORD
from khue.records.tests.builders import confirmed, key_file
from khue.registry.models import Guardianship
from khue.schools.models import SchoolClass, SchoolYear
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def test_a_class_goes_from_marks_to_seal_by_buttons(at, hands, client_of):
    place = f"/records/classes/{at.school_class.public_id}/"
    teacher, head = client_of(at.teacher), client_of(at.head)
    assert "đủ dữ liệu, hãy lập học bạ" in teacher.get(place).content.decode()

    assert "Đã lập 3 học bạ mới" in teacher.post(f"{place}prepare/", follow=True).content.decode()
    assert "Đã đối chiếu 3 học bạ." in teacher.post(f"{place}compare/", follow=True).content.decode()
    assert "Đã xác nhận 3 học bạ." in head.post(f"{place}confirm/", follow=True).content.decode()
    given = {"key": str(hands.homeroom.public_id), "secret": PASSWORD}
    assert teacher.post(f"{place}sign/", given).status_code == 303
    year = head.get("/records/").content.decode()
    assert "Hiệu trưởng ký" in year
    wrong = head.post(f"/records/years/{at.year.public_id}/sign/head/", {"head-key": "x", "head-secret": ""})
    assert wrong.status_code == 422


def test_a_year_that_was_opened_early_waits_until_it_begins(at, client_of):
    head, of = client_of(at.head), {"organisation": at.organisation}
    coming = SchoolYear.objects.create(code="2027-2028", starts_on=date(2127, 9, 6), ends_on=date(2128, 5, 23), **of)
    SchoolClass.objects.create(school_year=coming, name="6A9", grade=6, **of)

    assert "Năm học 2026-2027" in head.get("/records/").content.decode()
    assert "Năm học 2027-2028" in head.get(f"/records/?year={coming.public_id}").content.decode()


def test_every_address_is_found_by_its_own_people_and_no_others(at, world, sealed, client_of):
    sheet = sealed[0]
    addresses = {
        "year": "/records/", "class": f"/records/classes/{at.school_class.public_id}/",
        "sheet": f"/records/sheets/{sheet.public_id}/", "mine": "/records/mine/", "keys": "/records/keys/",
        "package": f"/records/transcripts/{sheet.transcript.public_id}/package/", "diplomas": "/records/diplomas/",
        "new_diploma": "/records/diplomas/new/",
    }  # fmt: skip
    own = {
        at.head: set(addresses), at.clerk: set(addresses), at.teacher: {"year", "class", "sheet", "mine", "keys"},
        at.guardians[0]: {"sheet", "mine"}, at.pupils[0]: {"sheet", "mine"}, at.guardians[1]: {"mine"},
    }  # fmt: skip
    for account, names in own.items():
        client = client_of(account)
        found = {name for name, address in addresses.items() if client.get(address).status_code == 200}
        assert found == names, account.user_name
    for account in (world.elsewhere.head, world.elsewhere.teacher, world.elsewhere.guardians[0]):
        client = client_of(account)
        for name in ("class", "sheet", "package"):
            assert client.get(addresses[name]).status_code == 404
        for path in ("correct/", "extract/", "copy.xml", "copy.pdf"):
            assert client.post(f"{addresses['sheet']}{path}", {"reason": "x"}).status_code == 404
        for path in ("prepare/", "compare/", "confirm/", "sign/"):
            assert client.post(f"{addresses['class']}{path}").status_code == 404
    assert YearSheet.objects.count() == 3
    assert not Issue.objects.exists()


def test_lists_cost_the_same_for_three_pupils_and_thirty(at, client_of, django_assert_max_num_queries):
    confirmed(at)
    client = client_of(at.head)
    client.get("/records/")
    with django_assert_max_num_queries(15):
        client.get("/records/")
    with django_assert_max_num_queries(24):
        client.get(f"/records/classes/{at.school_class.public_id}/")


def test_a_holder_shows_exactly_the_chosen_parts_until_the_code_is_closed(at, sealed, client_of, client):
    family = client_of(at.guardians[0])
    transcript = sealed[0].transcript
    answer = family.post(
        f"/records/transcripts/{transcript.public_id}/share/",
        {"parts": ["results"], "years": ["2026-2027"], "days": 7, "to": "Trường mới"},
    )
    share = Share.objects.get()
    code = sharing.code_of(share.public_id)
    assert answer.status_code == 303
    assert "data:image/svg+xml" in family.get(f"/records/shares/{share.public_id}/").content.decode()

    seen = client.get(f"/verify/{sharing.grouped(code)}/")
    text = seen.content.decode()
    assert seen.status_code == 200
    assert "Được lên lớp" in text
    for hidden in ("Nguyễn Văn A", "Toán", transcript.person.moet_code):
        assert hidden not in text
    assert Issue.objects.filter(kind="check").count() == 1

    family.post(f"/records/shares/{share.public_id}/end/")
    assert client.get(f"/verify/{code}/").status_code == 404
    assert client.get("/verify/AAAABBBBCCCCDDDD/").status_code == 404


def test_only_who_may_decide_for_a_child_shows_its_transcript(at, sealed, client_of):
    transcript = sealed[0].transcript
    given = {"parts": ["results"], "years": ["2026-2027"], "days": 7}
    address = f"/records/transcripts/{transcript.public_id}/share/"

    assert client_of(at.guardians[1]).post(address, given).status_code == 404
    assert client_of(at.pupils[0]).post(address, given).status_code == 403
    assert client_of(at.head).post(address, given).status_code == 403
    assert client_of(at.guardians[0]).post(address, {**given, "days": 0}).status_code == 422
    assert client_of(at.guardians[0]).post(address, {**given, "years": ["2020-2021"]}).status_code == 422
    Guardianship.objects.filter(guardian_id=at.guardians[0].person_id).update(is_barred=True)
    assert client_of(at.guardians[0]).post(address, given).status_code == 404

    assert not Share.objects.exists()


def test_anybody_learns_what_a_file_is_worth_and_that_is_written_down(at, sealed, client, client_of):
    with files.open_file(sealed[0].xml) as stream:
        document = stream.read()
    for data, said in (
        (document, "Hợp lệ"),
        (document.replace("Nguyễn Văn A".encode(), "Nguyễn Văn Ă".encode()), "Đã bị sửa sau khi ký"),
        (b"<html/>", "Không phải học bạ số"), (b"", ""),
    ):  # fmt: skip
        answer = client.post("/verify/", {"kind": "file", "file": SimpleUploadedFile("hoc-ba.xml", data)})
        assert said in answer.content.decode()
    noted = Issue.objects.get()  # what this node has issued, and nothing else
    assert (noted.kind, noted.sheet, noted.verdict, noted.by_name) == ("verify", sealed[0], "valid", "Khách")
    log = client_of(at.clerk).get(f"/records/sheets/{sealed[0].public_id}/").content.decode()
    assert "Có người kiểm tra tệp" in log


def test_a_package_of_the_whole_record_is_verified_and_a_missing_file_is_missed(at, hands, sealed):
    import io
    import zipfile

    package = actions.package_of(
        actor=actor(at.clerk), transcript=sealed[0].transcript, key=hands.seal, secret=PASSWORD, to="Gia đình",
        at=clock.now(),
    )  # fmt: skip
    found = queries.verify(package)
    assert found.verdict == "valid"
    assert {name for name, _verdict in found.parts} == {"hoc-ba/2026-2027-lan-1.xml", "hoc-ba/2026-2027-lan-1.pdf"}
    assert Issue.objects.get().kind == "package"

    def repacked(keep, change=None) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
            for name in filter(keep, old.namelist()):
                new.writestr(
                    name, change or old.read(name) if name.endswith(".xml") and "hoc-ba" in name else old.read(name)
                )
        return made.getvalue()

    assert queries.verify(repacked(lambda name: not name.endswith(".pdf"))).verdict == "incomplete"
    assert queries.verify(repacked(lambda name: name != "danh-muc.xml")).verdict == "incomplete"
    assert queries.verify(repacked(lambda name: True, change=b"<x/>")).verdict in ("changed", "not_ours")


def test_an_extract_and_a_copy_are_written_down(at, sealed, client_of, tmp_path):
    import subprocess

    sheet, clerk = sealed[0], client_of(at.clerk)
    answer = clerk.post(
        f"/records/sheets/{sheet.public_id}/extract/",
        {"parts": ["name", "results"], "to": "Công an xã", "reason": "Giấy giới thiệu số 5"},
    )
    file = tmp_path / "x.pdf"
    file.write_bytes(answer.content)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "Nguyễn Văn A" in text
    assert "Được lên lớp" in text
    assert "Toán" not in text
    copy = b"".join(client_of(at.guardians[0]).post(f"/records/sheets/{sheet.public_id}/copy.xml").streaming_content)
    assert queries.verify(copy).verdict == "valid"
    assert list(Issue.objects.order_by("id").values_list("kind", "to")) == [("extract", "Công an xã"), ("copy", "")]
    assert "Cấp trích lục" in clerk.get(f"/records/sheets/{sheet.public_id}/").content.decode()


def test_a_retired_key_is_refused_on_its_page(at, trusting, client_of):
    key = key_file(at, trusting, at.head, "Trần Văn Bình", when=clock.now())
    head = client_of(at.head)
    assert "Trần Văn Bình" in head.get("/records/keys/").content.decode()
    assert client_of(at.teacher).post(f"/records/keys/{key.public_id}/retire/").status_code == 404
    head.post(f"/records/keys/{key.public_id}/retire/")
    key.refresh_from_db()
    assert key.retired_at is not None
