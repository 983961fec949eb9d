import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow
from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.refusals import DamagedFile, NotAWorkbook
from khue.registry.models import Guardianship, Person
from khue.schools import actions, queries
from khue.schools.models import Enrolment, SchoolClass
from khue.schools.roster import headings, refusals
from khue.schools.roster.fields import PUPIL_FIELDS, Field
from khue.schools.tests.roster.workbooks import archive
from khue.schools.tests.roster.workbooks import workbook as made
from khue.schools.tests.test_roster_import import counts, everything, imported
from tests.world import NOON, TODAY, World, actor

FAMILIES = [
    ["Mã định danh Bộ GD&ĐT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Dân tộc", "CCCD", "Nơi sinh", "Địa chỉ",
     "SĐT", "Email", "Họ tên cha", "Năm sinh cha", "SĐT cha", "Họ tên mẹ", "SĐT mẹ", "Họ tên người giám hộ",
     "Nghề nghiệp cha", "Nghề nghiệp mẹ"],
    ["8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", "6A", "Kinh", "087215000001", "Đồng Tháp", "Ấp 3, xã Mỹ An",
     "0912345678", "an@example.vn", "Nguyễn Văn Ba", 1980, "0911111111", "Lê Thị Tư", "0922222222", None,
     "Nông dân", "Giáo viên"],
    ["8700000002", "Nguyễn Thị Bình", "2016", "Nữ", "6B", "H'Mông", None, None, None, None, None,
     "Nguyễn Văn Ba", 1980, "0911111111", None, None, "Bà Ngoại"],
    [None, "Lò", "03/2015", "Nữ", "6B", None, None, "Điện Biên", "Bản 2"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path


def excel(world: World, client_of) -> bytes:
    answer = client_of(world.here.clerk).get(f"/rosters/years/{world.here.year.public_id}/excel/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def package(world: World) -> bytes:
    who = actor(world.here.clerk)
    return actions.export_oneroster(actor=who, school_year=world.here.year, at=NOON).content


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with ZipFile(BytesIO(data)) as found:
        return {name: list(csv.DictReader(StringIO(found.read(name).decode()))) for name in found.namelist()}


def changed(data: bytes, change) -> bytes:
    """The package with `change(name, record)` applied to every record; records it answers None to are left out."""
    members = {}
    for name, records in tables(data).items():
        text = StringIO()
        writer = csv.DictWriter(text, list(records[0]) if records else ["sourcedId"])
        writer.writeheader()
        writer.writerows(filter(None, (change(name, dict(record)) for record in records)))
        members[name] = text.getvalue().encode()
    return archive(members)


def test_an_excel_export_imported_again_changes_nothing(world: World, client_of) -> None:
    imported(world.here, made(FAMILIES))
    before = everything()

    assert counts(imported(world.here, excel(world, client_of))) == (0, 0, 6, 0)
    assert everything() == before


def test_an_excel_export_has_the_sector_databases_headings_and_the_order_of_a_class_list(
    world: World, client_of
) -> None:
    imported(world.here, made(FAMILIES))

    sheet, heading = headings.heading_of(workbook.read(excel(world, client_of)).sheets, {})

    assert set(heading.mapping.values()) == set(PUPIL_FIELDS) - {Field.FAMILY_NAME, Field.GIVEN_NAME, Field.FEMALE_MARK}
    assert heading.columns[1].heading == "Mã định danh Bộ GD&ĐT"
    assert [(row[5], row[2]) for row in sheet.rows[-3:]] == [
        ("6A", "Nguyễn Văn C"), ("6B", "Nguyễn Thị Bình"), ("6B", "Lò"),
    ]  # fmt: skip


def test_a_oneroster_package_imported_again_changes_nothing(world: World) -> None:
    imported(world.here, made(FAMILIES))
    before = everything()

    assert counts(imported(world.here, package(world))) == (0, 0, 6, 0)
    assert everything() == before


def test_a_oneroster_package_brings_everybody_into_another_school(world: World) -> None:
    imported(world.here, made(FAMILIES))
    data = package(world)
    Person.objects.filter(organisation=world.here.organisation).update(moet_code=None, national_id=None)

    assert counts(imported(world.elsewhere, data)) == (4, 2, 0, 0)  # two pupils there are namesakes of one birth date

    an = Person.objects.get(moet_code="8700000001")
    assert (an.full_name, an.birth_day, an.sex, an.ethnicity, an.birthplace, an.address, an.phone, an.email) == (
        "Nguyễn Văn An", 2, "1", "01", "Đồng Tháp", "Ấp 3, xã Mỹ An", "0912345678", "an@example.vn",
    )  # fmt: skip
    adults = Guardianship.objects.filter(child=an).values_list("relationship", "guardian__occupation")
    assert set(adults) == {("father", "Nông dân"), ("mother", "Giáo viên")}
    lo = Person.objects.get(full_name="Lò", organisation=world.elsewhere.organisation)
    assert (lo.birth_year, lo.birth_month, lo.birth_day) == (2015, 3, None)
    assert SchoolClass.objects.filter(organisation=world.elsewhere.organisation, name="6B", grade=6).exists()


def test_a_package_says_which_tables_it_has(world: World) -> None:
    found = tables(package(world))

    manifest = {row["propertyName"]: row["value"] for row in found["manifest.csv"]}
    assert manifest["oneroster.version"] == "1.2"
    present = {f"{key.removeprefix('file.')}.csv" for key, value in manifest.items() if value == "bulk"}
    assert present == set(found) - {"manifest.csv"}
    assert {row["role"] for row in found["roles.csv"]} == {"student", "mother", "teacher"}
    users = {row["sourcedId"] for row in found["users.csv"]}
    assert all(row["userSourcedId"] in users for row in found["enrollments.csv"])
    assert not any(str(world.here.enrolments[0].person_id) == row["sourcedId"] for row in found["users.csv"])


def test_a_delta_with_a_deleted_enrolment_lets_the_pupil_leave(world: World) -> None:
    imported(world.here, made(FAMILIES))
    an = Person.objects.get(moet_code="8700000001")
    codes = {row["sourcedId"]: row["identifier"] for row in tables(package(world))["users.csv"]}

    def delta(name: str, record: dict[str, str]) -> dict[str, str] | None:
        if name == "enrollments.csv":
            return {**record, "status": "tobedeleted"} if codes[record["userSourcedId"]] == "8700000001" else None
        if name == "users.csv":
            return record if record["identifier"] == "8700000001" else None
        return record

    data = changed(package(world), delta)

    assert counts(imported(world.here, data)) == (0, 1, 0, 0)
    (place,) = queries.classes_of_pupil(an.id)
    assert (place.ends_on, place.status) == (TODAY, "left")
    assert counts(imported(world.here, data)) == (0, 0, 1, 0)


def test_a_package_says_who_teaches_what_and_who_leads(world: World) -> None:
    found = tables(package(world))

    users = {row["sourcedId"]: row for row in found["users.csv"]}
    classes = {row["sourcedId"]: row for row in found["classes.csv"]}
    courses = {row["sourcedId"]: row for row in found["courses.csv"]}
    teaching = [row for row in found["enrollments.csv"] if row["role"] == "teacher"]
    assert [
        (users[row["userSourcedId"]]["givenName"], classes[row["classSourcedId"]]["title"], row["primary"])
        for row in teaching
    ] == [("Hoa", "6A", "true"), ("Hoa", "Toán 6A", "true")]
    scheduled = classes[teaching[1]["classSourcedId"]]
    assert (scheduled["classType"], scheduled["subjectCodes"]) == ("scheduled", "TOAN")
    assert courses[scheduled["courseSourcedId"]]["courseCode"] == "TOAN6"
    sessions = [(row["title"], row["type"]) for row in found["academicSessions.csv"]]
    assert sessions == [("2026-2027", "schoolYear"), ("Học kì 1", "term"), ("Học kì 2", "term")]
    hoa = users[teaching[0]["userSourcedId"]]
    assert (hoa["userIds"], hoa["phone"], hoa["metadata.address"]) == ("", "", "")


@pytest.mark.parametrize("missing", ["users.csv", "roles.csv", "classes.csv", "enrollments.csv"])
def test_a_package_without_a_table_is_refused(world: World, missing: str) -> None:
    with ZipFile(BytesIO(package(world))) as found:
        members = {name: found.read(name) for name in found.namelist() if name != missing}

    with pytest.raises(refusals.NotOneRoster) as refused:
        imported(world.here, archive(members))

    assert missing in str(refused.value)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"sourcedId,title\n", refusals.NotOneRoster),
        (b"\xff\xfe\x00bad", DamagedFile),
        (b"sourcedId,givenName,familyName\n" + b'"' + b"a" * 200_000, DamagedFile),
    ],
)
def test_a_package_with_a_broken_table_is_refused(world: World, content: bytes, refusal) -> None:
    with ZipFile(BytesIO(package(world))) as found:
        members = {name: found.read(name) for name in found.namelist()}

    with pytest.raises(refusal):
        imported(world.here, archive({**members, "users.csv": content}))


def test_another_zip_is_no_package_and_no_workbook(world: World) -> None:
    with pytest.raises(NotAWorkbook):
        imported(world.here, archive({"readme.txt": b"x", "data.csv": b"a,b\n"}))


def test_a_barred_guardian_is_not_written(world: World, client_of) -> None:
    imported(world.here, made(FAMILIES))
    Guardianship.objects.filter(guardian__full_name="Nguyễn Văn Ba").update(is_barred=True)

    cells = {cell for row in workbook.read(excel(world, client_of)).sheets[0].rows for cell in row}

    assert "Lê Thị Tư" in cells
    assert "Nguyễn Văn Ba" not in cells


def test_only_head_and_clerk_of_the_school_take_a_roster_and_it_is_written_down(world: World, client_of) -> None:
    year = world.here.year
    for somebody in (world.elsewhere.head, world.here.teacher, world.here.pupils[0], world.department_officer):
        for kind in ("excel", "oneroster"):
            assert client_of(somebody).get(f"/rosters/years/{year.public_id}/{kind}/").status_code == 404
        with pytest.raises(Forbidden):
            actions.export_roster(actor=actor(somebody), school_year=year, at=NOON)
        with pytest.raises(NotFound):
            queries.exportable_year_of(actor(somebody), year.public_id)
    assert not AuditRow.objects.filter(verb="roster.exported").exists()

    answer = client_of(world.here.head).get(f"/rosters/years/{year.public_id}/oneroster/")

    assert answer["Content-Disposition"] == 'attachment; filename="oneroster-2026-2027.zip"'
    assert AuditRow.objects.get(verb="roster.exported").details["pupils"] == 3


def test_an_export_holds_nobody_of_another_school(world: World) -> None:
    who = actor(world.here.clerk)
    with scope.of(who):
        roster = actions.export_roster(actor=who, school_year=world.here.year, at=NOON)

    assert {pupil.person_id for pupil in roster.pupils} == {e.person_id for e in world.here.enrolments}
    assert Enrolment.objects.count() == 5
