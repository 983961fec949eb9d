"""The list of a school's staff out of Excel: people, groups, teaching, homerooms, accounts."""

from dataclasses import asdict

import pytest

from khue.foundation import work
from khue.identity.models import Account, ActivationCode, Grant
from khue.registry.models import Affiliation, Person
from khue.schools import actions
from khue.schools.models import ClassSubject, RosterImport, SchoolClass, StaffMember, SubjectGroup, TeachingAssignment
from khue.schools.roster.preview import Preview
from khue.schools.tests.roster.workbooks import workbook
from khue.schools.tests.test_roster_import import begun
from khue.schools.tests.test_roster_pages import sent
from tests.world import NOON, TODAY, School, World, actor, person

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Vị trí việc làm", "Tổ", "Phân công chuyên môn", "Chủ nhiệm"]
MAI = [1, "Đỗ Thị Mai", "02/03/1985", "087185000001", "Giáo viên", "Toán - Tin", "Toán 6A; Tin 6A", "6A"]
HANH = [2, "Vũ Thị Hạnh", "05/09/1990", "087190000002", "Văn thư", "Văn phòng", "", ""]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path


def sheet(*rows: list[object]) -> bytes:
    return workbook([["DANH SÁCH CÁN BỘ, GIÁO VIÊN"], HEADINGS, *rows])


def previewed(school: School, data: bytes, *, opens_accounts: bool = False) -> RosterImport:
    return actions.choose_columns(
        actor=actor(school.head), roster_import=begun(school, data, actor(school.head)), mapping={},
        creates_classes=False, opens_accounts=opens_accounts, applies_on=TODAY, at=NOON,
    )  # fmt: skip


def imported(school: School, data: bytes, **more: bool) -> dict[str, int]:
    done = actions.apply_roster(actor=actor(school.head), roster_import=previewed(school, data, **more), at=NOON)
    return {key: count for key, count in asdict(done.staff).items() if count}


def taught(name: str) -> list[tuple[str, str]]:
    rows = TeachingAssignment.objects.filter(staff__person__full_name=name, ends_on=None).order_by("id")
    return list(rows.values_list("class_subject__subject__code", "class_subject__school_class__name"))


def test_one_sheet_brings_people_groups_teaching_and_homerooms(world: World) -> None:
    assert imported(world.here, sheet(MAI, HANH)) == {"new": 2, "teaching": 2, "homerooms": 1}

    work = {each.person.full_name: each for each in StaffMember.objects.filter(starts_on=TODAY)}
    assert {name: (each.position, each.subject_group.name) for name, each in work.items()} == {
        "Đỗ Thị Mai": ("teacher", "Toán - Tin"), "Vũ Thị Hạnh": ("clerk", "Văn phòng"),
    }  # fmt: skip
    assert taught("Đỗ Thị Mai") == [("TOAN", "6A"), ("TIN", "6A")]
    assert SchoolClass.objects.get(id=world.here.school_class.id).homeroom_teacher == work["Đỗ Thị Mai"]
    assert Affiliation.objects.get(person__full_name="Vũ Thị Hạnh").kind == "staff"


def test_the_same_sheet_again_changes_nothing(world: World) -> None:
    imported(world.here, sheet(MAI, HANH))
    before = [model.objects.count() for model in (Person, StaffMember, TeachingAssignment, SubjectGroup)]

    assert imported(world.here, sheet(MAI, HANH)) == {"unchanged": 2}
    assert before == [model.objects.count() for model in (Person, StaffMember, TeachingAssignment, SubjectGroup)]


def test_the_head_whose_account_came_first_is_put_on_the_list_and_not_written_down_twice(world: World) -> None:
    head = person("Trần Văn Hiệu", world.here.organisation, "staff")

    row = [1, "Trần Văn Hiệu", "", "", "Hiệu trưởng", "", "", ""]
    assert imported(world.here, sheet(row)) == {"changed": 1}

    assert StaffMember.objects.get(person=head).position == "head"
    assert Person.objects.filter(full_name="Trần Văn Hiệu").count() == 1


def test_the_rest_of_a_class_is_what_nobody_was_given(world: World) -> None:
    here = world.here
    actions.add_programme_subjects(actor=actor(here.head), school_year=here.year)
    english = [2, "Vũ Minh Anh", "05/09/1990", "087190000002", "Giáo viên", "", "Tiếng Anh 6A", ""]
    imported(here, sheet([*MAI[:6], "Các môn 6A", ""], english))

    assert taught("Vũ Minh Anh") == [("NN1", "6A")]
    rest = {code for code, _name in taught("Đỗ Thị Mai")}
    learnt = set(ClassSubject.objects.filter(school_class=here.school_class).values_list("subject__code", flat=True))
    assert rest == learnt - {"NN1", "TOAN"}  # mathematics had its teacher before


def test_classes_and_subjects_that_are_not_there_are_said_once_a_row(world: World) -> None:
    row = [*MAI[:6], "Toán 9A1, 9A2; Thiên văn 6A", ""]

    (shown,) = Preview.restored(previewed(world.here, sheet(row)).preview).mistakes

    assert shown.sentences == [
        "Lớp “9A1, 9A2” chưa có trong năm học, phân công vào lớp này được bỏ qua.",
        "Không có môn “Thiên văn” trong chương trình, phân công ở lớp 6A được bỏ qua.",
    ]


def test_a_head_opens_accounts_of_the_newcomers_with_the_roles_of_their_positions(world: World) -> None:
    imported(world.here, sheet(MAI, HANH), opens_accounts=True)

    roles = Grant.objects.filter(account__person__full_name__in=["Đỗ Thị Mai", "Vũ Thị Hạnh"])
    assert sorted(roles.values_list("account__person__full_name", "role")) == [
        ("Vũ Thị Hạnh", "clerk"), ("Đỗ Thị Mai", "homeroom_teacher"), ("Đỗ Thị Mai", "subject_teacher"),
    ]  # fmt: skip
    assert ActivationCode.objects.filter(account__person__full_name="Đỗ Thị Mai", used_at=None).count() == 1


def test_a_clerk_imports_the_list_and_opens_no_account(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    sent(client, world, sheet(MAI), "can-bo.xlsx")
    made = RosterImport.objects.get()
    assert made.source == "staff"
    shown = client.get(f"/rosters/{made.public_id}/").content.decode()
    assert "Phân công giảng dạy" in shown
    assert "opens_accounts" not in shown
    columns = {f"column_{c['index']}": c["field"] or "" for c in made.columns}
    accounts = Account.objects.count()

    client.post(f"/rosters/{made.public_id}/columns/", {**columns, "applies_on": "23/11/2026", "opens_accounts": "on"})
    client.post(f"/rosters/{made.public_id}/confirm/")
    made.refresh_from_db()
    assert made.job is not None
    work.run_now(made.job)

    assert taught("Đỗ Thị Mai") == [("TOAN", "6A"), ("TIN", "6A")]
    assert Account.objects.count() == accounts


def test_everybody_without_an_account_gets_one_and_a_slip_in_one_press(world: World, client_of) -> None:
    imported(world.here, sheet(MAI, HANH))
    client = client_of(world.here.head)
    assert "Mở tài khoản và in phiếu" in client.get("/staff/").content.decode()

    slips = client.post("/staff/accounts/").content.decode()

    assert slips.count('class="slip"') == 2
    assert "Đỗ Thị Mai" in slips
    assert "Mở tài khoản và in phiếu" not in client.get("/staff/").content.decode()
    before = Account.objects.count()
    assert client_of(world.here.clerk).post("/staff/accounts/").status_code == 200
    assert client_of(world.here.teacher).post("/staff/accounts/").status_code == 403
    assert Account.objects.count() == before


def test_the_list_that_is_given_out_is_read_back_without_a_change(world: World, client_of) -> None:
    imported(world.here, sheet(MAI, HANH))

    answer = client_of(world.here.head).get(f"/rosters/years/{world.here.year.public_id}/staff/")

    again = imported(world.here, b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert set(again) == {"unchanged"}


def test_parts_of_an_integrated_subject_are_given_with_their_strands(world: World) -> None:
    here = world.here
    actions.add_programme_subjects(actor=actor(here.head), school_year=here.year)
    history = [*MAI[:6], "Sử 6A; Lí, Hoá 6A; Nghệ thuật 6A", ""]
    geography = [2, "Vũ Minh Anh", "05/09/1990", "087190000002", "Giáo viên", "", "Địa 6A; Sinh 6A", ""]

    def parts() -> list[tuple[str, str, int]]:
        rows = TeachingAssignment.objects.filter(ends_on=None).exclude(class_subject__subject__code="TOAN")
        found = rows.values_list("class_subject__subject__code", "strand", "share_percent")
        return sorted(found, key=lambda row: (row[0], -row[2], row[1]))

    imported(here, sheet(history, geography))
    given = parts()

    assert given == [
        ("KHTN", "Vật lí", 34), ("KHTN", "Hoá học", 33), ("KHTN", "Sinh học", 33),
        ("LSDL", "Lịch sử", 50), ("LSDL", "Địa lí", 50), ("NT", "", 100),
    ]  # fmt: skip
    assert imported(here, sheet(history, geography)) == {"unchanged": 2}
    kept = [*MAI[:6], "Lịch sử và Địa lí 6A", ""]  # now alone: what was a part is the whole
    imported(here, sheet(kept))
    assert [row for row in parts() if row[0] == "LSDL"] == [("LSDL", "", 100)]


@pytest.mark.parametrize(
    ("written", "position", "roles"),
    [
        ("Kế toán", "accountant", ["accountant"]),
        ("Văn thư - Thủ quỹ", "clerk", ["clerk"]),
        ("Kế toán kiêm văn thư", "clerk", ["clerk"]),  # who does both has the role that may do both
        ("Phó Hiệu trưởng", "deputy_head", ["homeroom_teacher", "subject_teacher"]),
        ("Tổ trưởng chuyên môn", "teacher", ["homeroom_teacher", "subject_teacher"]),
        ("Bảo vệ", "other", []),
    ],
)
def test_an_account_has_the_roles_of_the_position(world: World, written: str, position: str, roles: list[str]) -> None:
    row = [1, "Cao Thị Nga", "02/07/1980", "087180000003", written, "Văn phòng", "", ""]
    found = previewed(world.here, sheet(row), opens_accounts=True)
    actions.apply_roster(actor=actor(world.here.head), roster_import=found, at=NOON)

    assert StaffMember.objects.get(person__full_name="Cao Thị Nga").position == position
    given = Grant.objects.filter(account__person__full_name="Cao Thị Nga").order_by("role")
    assert list(given.values_list("role", flat=True)) == roles
    told = [sentence for row in Preview.restored(found.preview).mistakes for sentence in row.sentences]
    assert any("Ban giám hiệu" in sentence for sentence in told) == (position == "deputy_head")
