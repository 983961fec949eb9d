"""A .fet file from the upload to the workbook; wrong files leave nothing behind, other schools find nothing."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khue.foundation import files, work
from khue.foundation.models import Job
from khue.timetable.models import FetFile
from khue.timetable.tests.test_fet import fet_file, rule
from tests.world import World

PAGE = "/timetable/fet/"
KNOWN = rule("ConstraintTeacherMaxGapsPerWeek", "<Teacher_Name>An</Teacher_Name><Max_Gaps>0</Max_Gaps>")
UNKNOWN = rule("ConstraintTeacherRunsAMarathon", "<Teacher_Name>An</Teacher_Name>")


@pytest.fixture(autouse=True)
def on_disk(settings, tmp_path) -> None:
    settings.FILES_ROOT = str(tmp_path)


def send(client, data: bytes, name: str = "binh-minh.fet"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.fet", fet_file())
    return made.getvalue()


def test_a_file_is_read_searched_and_given_back_as_a_workbook(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    at = send(client, fet_file(KNOWN, UNKNOWN, UNKNOWN))["Location"]

    page = client.get(at).content.decode()
    assert "Trường THCS Bình Minh" in page
    assert "1 loại ràng buộc máy chưa hiểu" in page
    assert "<code>ConstraintTeacherRunsAMarathon</code> × 2" in page
    answer = client.post(f"{at}search/", {"seconds": 5, "seed": 1})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.public_id}/"
    assert client.post(f"{at}search/", {"seconds": 5, "seed": 1})["Location"] == at
    assert Job.objects.count() == 1
    assert work.run_now(job).state == Job.State.DONE

    found = FetFile.objects.get()
    assert found.conflicts == 0
    assert "binh-minh.xlsx" in client.get(at).content.decode()
    with files.open_file(found.answer) as stream:
        book = openpyxl.load_workbook(stream)
    assert book.sheetnames == ["Theo lớp", "Theo giáo viên", "Danh sách", "Chỗ sai", "Chưa hiểu"]
    rows = list(book["Danh sách"].values)
    assert {row[0] for row in rows[1:]} == {7, 9}
    assert all(row[3] in ("T2", "T3") for row in rows[1:])
    assert list(book["Chưa hiểu"].values)[1] == ("ConstraintTeacherRunsAMarathon", 2)
    assert client.post(f"{at}discard/").status_code == 303
    assert client.get(at).status_code == 404


BOMB = b"""<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><fet><Institution_Name>&c;</Institution_Name></fet>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<fet><Institution_Name>&x;</Institution_Name></fet>"""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Hãy chọn một tệp .fet"),
        (b"%PDF-1.7 x", "Hãy chọn một tệp .fet"),
        (zipped(), "Hãy chọn một tệp .fet"),
        (b"\x89PNG\r\n\x1a\n", "Hãy chọn một tệp .fet"),
        (b"\xff\xfe\x00\x01", "Không đọc được tệp FET"),
        (b"xin chao", "Không đọc được tệp FET"),
        (b"<?xml version='1.0'?><fet><a></fet>", "Không đọc được tệp FET"),
        (b"<?xml version='1.0'?><xml/>", "Không đọc được tệp FET"),
        (b"<?xml version='1.0'?><fet/>", "Không đọc được tệp FET"),
        (b"<?xml version='1.0'?>" + b"<fet>" * 100_000, "Không đọc được tệp FET"),
        (BOMB, "Không đọc được tệp FET"),
        (OUTSIDE, "Không đọc được tệp FET"),
        (fet_file().replace(b"<Students>6A<", b"<Students>9Z<"), "Không đọc được tệp FET"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_leaves_nothing(world: World, client_of, data: bytes, said: str) -> None:
    answer = send(client_of(world.here.head), data)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "root:" not in text
    assert not FetFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(world: World, client_of) -> None:
    answer = send(client_of(world.here.head), b"<?xml version='1.0'?><fet>" + b" " * 16_000_001)

    assert answer.status_code == 422
    assert "lớn hơn" in answer.content.decode()
    assert not FetFile.objects.exists()


def test_a_form_without_a_file_asks_for_one(world: World, client_of) -> None:
    answer = client_of(world.here.head).post(PAGE, {"x": "1"})

    assert answer.status_code == 422
    assert "Hãy chọn một tệp .fet" in answer.content.decode()


def test_another_school_finds_neither_the_file_nor_its_week(world: World, client_of) -> None:
    mine = client_of(world.here.clerk)
    at = send(mine, fet_file())["Location"]
    mine.post(f"{at}search/", {"seconds": 5, "seed": 1})
    work.run_now(Job.objects.get())
    answer = FetFile.objects.get().answer
    assert mine.get(f"/files/{answer.public_id}/").status_code == 200

    for account in (world.elsewhere.head, world.here.teacher, world.here.pupils[0], world.department_officer):
        client = client_of(account)
        assert client.get(at).status_code == 404
        assert client.post(f"{at}search/", {"seconds": 5, "seed": 1}).status_code == 404
        assert client.post(f"{at}discard/").status_code == 404
        assert client.get(f"/files/{answer.public_id}/").status_code == 404
        assert "Bình Minh" not in client.get(PAGE).content.decode()
    assert client_of(world.here.teacher).post(PAGE, {}).status_code == 403
    assert FetFile.objects.get().discarded_at is None
    assert Job.objects.count() == 1


@pytest.mark.parametrize("count", [1, 10])
def test_the_pages_cost_the_same_for_any_number_of_files(
    world: World, client_of, django_assert_num_queries, count: int
) -> None:
    client = client_of(world.here.head)
    for number in range(count):
        at = send(client, fet_file(*[UNKNOWN.replace("Marathon", f"Way{n}") for n in range(number)]))["Location"]
    for address, queries_done in ((PAGE, 9), (at, 9)):
        client.get(address)
        with django_assert_num_queries(queries_done):
            client.get(address)
