"""Official forms as PDF: real files, their text read again by another program."""

import re
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from khue.foundation import work
from khue.foundation.models import Job
from khue.foundation.tests.printed import printed
from khue.gradebook import actions, prints, queries
from khue.gradebook.actions import TypedAssessment, TypedCell
from khue.gradebook.tests.test_primary import at as primary_class  # noqa: F401  a fixture
from khue.gradebook.tests.test_year_pages import at  # noqa: F401  a fixture
from khue.gradebook.tests.test_years import JUNE
from khue.schools.models import Enrolment, SchoolClass
from tests.world import NOON, YEAR_START, actor, enrol, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]


def text_of(pdf: bytes, folder: Path) -> str:
    """What stands on a PDF's pages, form feeds between them."""
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def size_of(folder: Path) -> str:
    said = subprocess.run(["pdfinfo", str(folder / "form.pdf")], capture_output=True, text=True, check=True).stdout
    return next(line for line in said.splitlines() if line.startswith("Page size"))


@pytest.fixture
def book(world):
    here = world.here
    made = actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)
    columns = queries.columns_of(made)
    cells = [TypedCell(column.id, here.enrolments[0].id, "8,5") for column in columns]
    actions.record_marks(actor=actor(here.teacher), book=made, cells=cells, at=NOON)
    actions.record_remarks(
        actor=actor(here.teacher), book=made, remarks={here.enrolments[0].id: "Tiến bộ rõ rệt"}, at=NOON
    )
    return made


def test_a_teachers_book_on_a4_across(world, book, client_of, tmp_path):
    text = text_of(printed(client_of(world.here.teacher), f"/marks/books/{book.public_id}/book.pdf"), tmp_path)

    for said in ("SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH", "THCS MỸ AN", "ĐĐGtx", "ĐTBmhk", "8,5", "Tiến bộ rõ rệt",
                 "Lê Thị Hoa", "Hiệu trưởng", "chưa khoá"):  # fmt: skip
        assert said in text, said
    assert "841.89 x 595.276 pts (A4)" in size_of(tmp_path)


def test_a_class_sheet_on_a3_across_with_the_meeting(at, client_of, tmp_path):  # noqa: F811  the fixture
    held = actions.record_meeting(
        actor=actor(at.teacher), school_class=at.school_class, held_on=JUNE.date(), minutes="Đủ thành phần", at=JUNE
    )
    actions.approve_meeting(actor=actor(at.head), meeting=held, at=JUNE)

    text = text_of(printed(client_of(at.head), f"/marks/classes/{at.school_class.public_id}/sheet.pdf"), tmp_path)

    for said in ("BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ CỦA LỚP", "Toán", "Học sinh Giỏi", "Được lên lớp", "20/05/2027",
                 "Tổng số học sinh", "Giáo viên chủ nhiệm", "Trần Văn Bình"):  # fmt: skip
        assert said in text, said
    assert "1190.55 x 841.89 pts (A3)" in size_of(tmp_path)
    assert "Hạng" not in text


def test_the_forms_of_the_whole_school_are_a_file_for_each_class(at, client_of):  # noqa: F811
    other = SchoolClass.objects.create(organisation=at.organisation, school_year=at.year, grade=6, name="6B")
    Enrolment.objects.create(
        organisation=at.organisation, person=person("Lê Thị D", at.organisation, "pupil"), school_class=other,
        starts_on=YEAR_START,
    )  # fmt: skip
    SchoolClass.objects.create(organisation=at.organisation, school_year=at.year, grade=6, name="6C")  # nobody in it
    head = client_of(at.head)

    for form, begins in (("classes", "bang-tong-hop"), ("notices", "phieu-bao-ket-qua")):
        asked = head.post("/marks/print/?period=1", {"form": form})
        job = work.run_now(Job.objects.get(public_id=asked["Location"].strip("/").split("/")[-1]))
        assert (job.state, job.done_count, job.total_count) == (Job.State.DONE, 2, 2), job.last_error
        page = head.get(asked["Location"]).content.decode()
        assert "Tải về máy" in page
        assert "Mở tệp PDF" not in page
        pack = ZipFile(BytesIO(head.get(f"/files/{job.report_file.public_id}/").getvalue()))
        assert [name.partition("-6")[0] for name in pack.namelist()] == [f"01 {begins}", f"02 {begins}"]
        assert all(pack.read(name).startswith(b"%PDF-") for name in pack.namelist())


def test_only_who_decides_about_the_year_prints_the_whole_school(at, world, client_of):  # noqa: F811
    for who in (at.teacher, at.clerk, at.pupils[0], at.guardians[0]):
        assert client_of(who).post("/marks/print/?period=1").status_code in (403, 404)

    assert not Job.objects.exists()


def test_notices_of_a_class_are_one_page_a_pupil_and_name_nobody_else(at, client_of, tmp_path):  # noqa: F811
    text = text_of(printed(client_of(at.teacher), f"/marks/classes/{at.school_class.public_id}/notices.pdf"), tmp_path)

    pages = text.rstrip("\f").split("\f")
    assert len(pages) == 3
    for page, own in zip(pages, "ABC", strict=True):
        assert f"Nguyễn Văn {own}" in page
        assert not any(f"Nguyễn Văn {other}" in page for other in "ABC" if other != own)
        assert "PHIẾU BÁO KẾT QUẢ" in page
        assert "Được lên lớp" in page


def test_a_family_prints_its_own_childs_notice_and_no_other(at, client_of, tmp_path):  # noqa: F811
    family = client_of(at.guardians[0])

    text = text_of(family.get(f"/marks/pupils/{at.enrolments[0].public_id}/notice.pdf?period=1").content, tmp_path)

    assert "Nguyễn Văn A" in text
    assert "Học kì 1" in text
    assert "Cả năm" not in text
    assert family.get(f"/marks/pupils/{at.enrolments[1].public_id}/notice.pdf").status_code == 404
    for form in ("notices.pdf", "sheet.pdf"):
        assert family.post(f"/marks/classes/{at.school_class.public_id}/{form}").status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_a_primary_class_at_each_moment(primary_class, client_of, tmp_path, moment):  # noqa: F811  the fixture
    here = primary_class
    items = queries.items_of(here.school_class)
    typed = [TypedAssessment(here.enrolments[0].id, item.code, "T", "9" if item.is_tested else "") for item in items]
    actions.record_assessments(
        actor=actor(here.teacher), school_class=here.school_class, moment=moment, typed=typed,
        remarks={here.enrolments[0].id: "Chăm ngoan"}, at=NOON,
    )  # fmt: skip
    client = client_of(here.teacher)

    text = text_of(printed(client, f"/marks/classes/{here.school_class.public_id}/sheet.pdf?moment={moment}"), tmp_path)

    assert "BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC CỦA LỚP" in text
    assert ["", "Giữa kì 1", "Cuối kì 1", "Giữa kì 2", "Cuối năm"][moment] in text
    assert ("Hoàn thành xuất sắc" in text) == (moment == 4)
    assert "(A3)" in size_of(tmp_path)


def test_a_primary_pupils_sheet_and_page(primary_class, client_of, tmp_path):  # noqa: F811  the fixture
    here = primary_class
    actions.record_assessments(
        actor=actor(here.teacher), school_class=here.school_class, moment=2, at=NOON, remarks={},
        typed=[TypedAssessment(here.enrolments[0].id, "TOAN", "T", "9")],
    )  # fmt: skip
    family = client_of(here.guardians[0])

    page = family.get(f"/marks/pupils/{here.enrolments[0].public_id}/", follow=True).content.decode()
    assert "T · 9" in page
    text = text_of(family.get(f"/marks/pupils/{here.enrolments[0].public_id}/notice.pdf").content, tmp_path)
    assert re.search(r"Toán .*T\s*·\s*9", text)
    assert "Nguyễn Văn B" not in text
    assert family.get(f"/marks/pupils/{here.enrolments[1].public_id}/notice.pdf").status_code == 404


def test_a_form_reads_as_much_for_thirty_pupils_as_for_three(at, django_assert_num_queries):  # noqa: F811
    teacher, of_class = actor(at.teacher), {"class": str(at.school_class.public_id), "period": 0}
    asked = [(prints.class_sheet, 12), (prints.notices, 10)]
    for made, most in asked:
        with django_assert_num_queries(most):
            assert made(teacher, of_class).count == 3
    for number in range(27):
        enrol(at, f"Trần Thị {number}")

    for made, most in asked:
        with django_assert_num_queries(most):
            assert made(teacher, of_class).count == 30
