from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import files, scope, work
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.models import AuditRow, OutboxEvent
from khue.foundation.workbooks import workbook
from khue.identity.models import Account, Grant, Password
from khue.registry.models import Affiliation, Guardianship, Person
from khue.schools import actions, queries
from khue.schools.models import Enrolment, RosterImport, SchoolClass
from khue.schools.roster import refusals
from khue.schools.roster.fields import Field
from khue.schools.tests.roster.workbooks import HEADINGS, pupils, roster
from khue.schools.tests.roster.workbooks import workbook as made
from tests.world import NOON, TODAY, School, World, actor, person

AN = [1, "8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", "6A", 6, "0912345678"]
BINH = [2, "8700000002", "Lê Thị Bình", "15/08/2015", "Nữ", "6B", 6, None]
FAMILY = ["Họ và tên", "Lớp", "Mã định danh Bộ GD&ĐT", "Họ tên cha", "SĐT cha", "Họ tên mẹ", "SĐT mẹ"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path


def begun(school: School, data: bytes, by: Actor | None = None) -> RosterImport:
    who = by or actor(school.clerk)
    file = files.store(
        actor=who,
        stream=BytesIO(data),
        name="6A.xlsx",
        purpose="schools.roster",
        organisation_id=school.organisation.id,
        at=NOON,
    )
    return actions.begin_roster_import(actor=who, school_year=school.year, file=file, at=NOON)


def previewed(school: School, data: bytes, **chosen) -> RosterImport:
    return actions.choose_columns(
        actor=actor(school.clerk),
        roster_import=begun(school, data),
        **{"mapping": {}, "creates_classes": True, "opens_accounts": False, "applies_on": TODAY, "at": NOON, **chosen},
    )


def imported(school: School, data: bytes, **chosen) -> actions.AppliedRoster:
    made = previewed(school, data, **chosen)
    return actions.apply_roster(actor=actor(school.clerk), roster_import=made, at=NOON)


def counts(done: actions.AppliedRoster) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.unchanged, done.wrong


def everything() -> list[int]:
    return [m.objects.count() for m in (Person, Affiliation, Guardianship, Enrolment, SchoolClass)]


def test_a_roster_brings_pupils_into_their_classes(world: World) -> None:
    assert counts(imported(world.here, roster(AN, BINH))) == (2, 0, 0, 0)

    an = Person.objects.get(moet_code="8700000001")
    assert (an.full_name, an.birth_year, an.birth_month, an.birth_day, an.sex) == ("Nguyễn Văn An", 2015, 3, 2, "1")
    assert an.organisation == world.here.organisation
    place = queries.enrolment_of_pupil(an.id, TODAY)
    assert place is not None
    assert (place.school_class, place.starts_on) == (world.here.school_class, TODAY)
    new_class = SchoolClass.objects.get(name="6B")
    assert (new_class.grade, new_class.school_year) == (6, world.here.year)
    assert [m.full_name for m in queries.members(new_class, TODAY)] == ["Lê Thị Bình"]


def test_the_same_file_again_changes_nothing(world: World) -> None:
    data = roster(AN, BINH)
    imported(world.here, data)
    before = everything()

    assert counts(imported(world.here, data)) == (0, 0, 2, 0)
    assert everything() == before


def test_a_changed_row_changes_only_what_changed(world: World) -> None:
    imported(world.here, roster(AN, BINH))
    before = list(Person.objects.order_by("id").values())

    assert counts(imported(world.here, roster([*AN[:7], "0999999999"], [*BINH[:3], None, None, "6B"]))) == (0, 1, 1, 0)

    after = list(Person.objects.order_by("id").values())
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [{k for k in a if a[k] != b[k]} for a, b in changed] == [{"phone"}]


def test_a_pupil_moved_to_another_class_leaves_the_old_one_that_day(world: World) -> None:
    imported(world.here, roster(AN), applies_on=date(2026, 9, 7))
    imported(world.here, roster([*AN[:5], "6B", 6]), applies_on=TODAY)

    an = Person.objects.get(moet_code="8700000001")
    new, old = queries.classes_of_pupil(an.id)
    assert (old.school_class.name, old.ends_on, old.status) == ("6A", TODAY, "moved_class")
    assert (new.school_class.name, new.starts_on, new.ends_on) == ("6B", TODAY, None)
    assert queries.enrolment_of_pupil(an.id, TODAY - timedelta(days=1)) == old


def test_a_class_corrected_on_the_day_of_the_import_leaves_no_day_in_the_wrong_one(world: World) -> None:
    imported(world.here, roster(AN))
    imported(world.here, roster([*AN[:5], "6B", 6]))

    new, old = queries.classes_of_pupil(Person.objects.get(moet_code="8700000001").id)
    assert old.starts_on == old.ends_on == TODAY
    assert new.school_class.name == "6B"


def test_pupils_without_a_number_are_found_by_name_birth_and_class(world: World) -> None:
    known = world.here.enrolments[0].person

    done = imported(world.here, roster([1, "8700000009", known.full_name, "02/03/2015", "Nam", "6A"]))

    assert counts(done) == (0, 1, 0, 0)
    known.refresh_from_db()
    assert known.moet_code == "8700000009"


def test_decomposed_letters_are_the_same_name(world: World) -> None:
    import unicodedata

    imported(world.here, roster(AN))
    row = [1, "8700000001", unicodedata.normalize("NFD", "Nguyễn Văn An"), "02/03/2015", "Nam", "6A"]

    assert counts(imported(world.here, roster(row))) == (0, 0, 1, 0)


def test_wrong_rows_are_left_out_and_told_in_the_returned_file(world: World) -> None:
    leap = [3, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]
    short = [4, None, "Mai Dung", "1/2/03", "Nữ", "6A"]
    twice = [5, "8700000001", "Võ Em", "05/05/2015", "Nam", "6A"]

    done = imported(world.here, roster(AN, BINH, leap, short, twice))

    assert counts(done) == (1, 0, 0, 4)
    assert not Person.objects.filter(full_name__in=["Đỗ Cúc", "Mai Dung", "Võ Em", "Nguyễn Văn An"]).exists()
    assert done.report is not None
    with files.open_file(done.report) as stream:
        (sheet,) = workbook.read(stream.read()).sheets
    told = [row[-1] for row in sheet.rows[2:]]
    assert told[0] == "Kết quả nhập"
    assert [row[2] for row in sheet.rows[3:]] == ["Nguyễn Văn An", "Lê Thị Bình", "Đỗ Cúc", "Mai Dung", "Võ Em"]
    assert "dòng 8" in str(told[1])
    assert str(told[2]).startswith("Đã thêm mới")
    assert "28 ngày" in str(told[3])
    assert "bốn chữ số" in str(told[4])
    assert "dòng 4" in str(told[5])


def test_the_returned_file_corrected_is_a_roster_again(world: World) -> None:
    done = imported(world.here, roster(AN, [3, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]))
    assert done.report is not None
    with files.open_file(done.report) as stream:
        rows = workbook.read(stream.read()).sheets[0].rows
    rows[4][3] = "28/02/2015"

    assert counts(imported(world.here, made(rows))) == (1, 0, 1, 0)


def test_a_missing_class_is_wrong_unless_it_may_be_made(world: World) -> None:
    done = imported(world.here, roster(BINH), creates_classes=False)

    assert counts(done) == (0, 0, 0, 1)
    assert not SchoolClass.objects.filter(name="6B").exists()


def test_brothers_share_a_father(world: World) -> None:
    data = made(
        [
            FAMILY,
            ["Lê An", "6A", "8700000011", "Lê Ba", "0912345678", "Võ Thị Tư", None],
            ["Lê Bình", "6A", "8700000012", "Lê Ba", 912345678, "Võ Thị Tư", None],
        ]
    )
    imported(world.here, data)
    imported(world.here, data)

    fathers = Guardianship.objects.filter(relationship="father", child__moet_code__startswith="87")
    assert fathers.count() == 2
    assert len({g.guardian_id for g in fathers}) == 1
    assert Person.objects.filter(full_name="Võ Thị Tư").count() == 2  # nothing tells that they are one


def test_a_barred_father_stays_barred_and_untouched(world: World) -> None:
    data = made([FAMILY, ["Lê An", "6A", "8700000011", "Lê Ba", "0912345678"]])
    imported(world.here, data)
    Guardianship.objects.filter(guardian__full_name="Lê Ba").update(is_barred=True)

    imported(world.here, made([FAMILY, ["Lê An", "6A", "8700000011", "Lê Ba", "0999999999"]]))

    assert Person.objects.get(full_name="Lê Ba").phone == "0912345678"
    assert Guardianship.objects.get(guardian__full_name="Lê Ba").is_barred


def test_a_number_held_by_another_school_is_wrong_and_tells_nothing_of_its_bearer(world: World) -> None:
    there = world.elsewhere.enrolments[0].person
    Person.objects.filter(id=there.id).update(moet_code="8700000001", full_name="Người Trường Khác")

    with scope.of(actor(world.here.clerk)):
        done = imported(world.here, roster(AN))

    assert counts(done) == (0, 0, 0, 1)
    roster_import = RosterImport.objects.get()
    assert "đơn vị khác" in roster_import.preview["mistakes"][0]["sentences"][0]
    assert "Người" not in str(roster_import.preview)


def test_a_number_of_a_teacher_is_wrong(world: World) -> None:
    Person.objects.filter(id=world.here.teacher_staff.person_id).update(moet_code="8700000001")

    assert counts(imported(world.here, roster(AN))) == (0, 0, 0, 1)


def test_a_former_pupil_who_comes_back_is_the_same_person(world: World) -> None:
    known = world.here.enrolments[0]
    Person.objects.filter(id=known.person_id).update(moet_code="8700000001")
    Enrolment.objects.filter(id=known.id).update(ends_on=date(2026, 10, 1), status="left")
    Affiliation.objects.filter(person_id=known.person_id).update(valid_to=date(2026, 10, 1))

    assert counts(imported(world.here, roster(AN))) == (0, 1, 0, 0)

    assert len(queries.classes_of_pupil(known.person_id)) == 2
    assert Affiliation.objects.filter(person_id=known.person_id, kind="pupil", valid_to=None).count() == 1


def test_cancelling_applies_nothing_and_ends_it(world: World) -> None:
    made = previewed(world.here, roster(AN))
    before = everything()

    actions.cancel_roster_import(actor=actor(world.here.clerk), roster_import=made, at=NOON)

    assert everything() == before
    for again in (actions.confirm_roster_import, actions.cancel_roster_import, actions.apply_roster):
        with pytest.raises(actions.ImportIsOver):
            again(actor=actor(world.here.clerk), roster_import=made, at=NOON)


def test_looking_at_a_file_changes_no_pupil(world: World) -> None:
    before = everything()
    made = previewed(world.here, roster(AN, BINH, [3, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]))

    assert everything() == before
    assert {k: made.preview[k] for k in ("new", "changed", "unchanged", "wrong")} == {
        "new": 2, "changed": 0, "unchanged": 0, "wrong": 1,
    }  # fmt: skip
    assert made.preview["new_classes"] == ["6B"]


def test_the_mapping_is_corrected_and_remembered_for_the_school(world: World) -> None:
    data = made([["Tên gọi", "Lớp", "Họ và tên"], ["Nguyễn Văn An", "6A", "biệt danh"]])
    first = begun(world.here, data)
    assert [c["field"] for c in first.columns] == [None, "class_name", "full_name"]

    actions.choose_columns(
        actor=actor(world.here.clerk),
        roster_import=first,
        mapping={0: Field.FULL_NAME, 2: None},
        creates_classes=False,
        opens_accounts=False,
        applies_on=TODAY,
        at=NOON,
    )

    assert [c["field"] for c in begun(world.here, data).columns] == ["full_name", "class_name", None]
    other = begun(world.elsewhere, data)
    assert [c["field"] for c in other.columns] == [None, "class_name", "full_name"]


@pytest.mark.parametrize(
    ("mapping", "refusal"),
    [({2: None}, refusals.NameColumnMissing), ({3: Field.FULL_NAME}, refusals.FieldTwice)],
)
def test_a_mapping_without_sense_is_refused(world: World, mapping, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        previewed(world.here, roster(AN), mapping=mapping)

    assert RosterImport.objects.get().state == "mapping"


def test_a_heading_without_pupils_is_refused(world: World) -> None:
    with pytest.raises(refusals.NoRows):
        previewed(world.here, roster())


def test_nothing_to_import_is_refused(world: World) -> None:
    made = previewed(world.here, roster([3, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]))

    with pytest.raises(actions.NothingToImport):
        actions.confirm_roster_import(actor=actor(world.here.clerk), roster_import=made, at=NOON)


def test_the_job_applies_the_roster_and_says_what_became_of_it(world: World) -> None:
    wrong = [3, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]
    made = previewed(world.here, roster(AN, wrong))

    made = actions.confirm_roster_import(actor=actor(world.here.clerk), roster_import=made, at=NOON)
    assert made.job is not None
    job = work.run_now(made.job)

    assert (job.state, job.summary) == ("done", "Thêm 1, cập nhật 0, giữ nguyên 0, chưa nhập 1 học sinh.")
    assert job.report_file is not None
    made.refresh_from_db()
    assert made.state == "done"
    assert work.run_now(job).state == "done"
    assert Person.objects.filter(moet_code="8700000001").count() == 1


@pytest.mark.parametrize("who", ["teacher", "pupil", "guardian", "elsewhere"])
def test_only_head_and_clerk_of_the_school_import(world: World, who: str) -> None:
    accounts = {
        "teacher": world.here.teacher,
        "pupil": world.here.pupils[0],
        "guardian": world.here.guardians[0],
        "elsewhere": world.elsewhere.head,
    }
    somebody = actor(accounts[who])
    made = previewed(world.here, roster(AN))
    before = everything()

    for action in (actions.confirm_roster_import, actions.cancel_roster_import, actions.apply_roster):
        with pytest.raises(Forbidden):
            action(actor=somebody, roster_import=made, at=NOON)
    with pytest.raises(Forbidden):
        actions.begin_roster_import(actor=somebody, school_year=world.here.year, file=made.file, at=NOON)
    with pytest.raises(NotFound):
        queries.roster_import_of(somebody, made.public_id)

    assert everything() == before
    assert RosterImport.objects.get().state == "preview"


def test_an_import_leaves_its_audit_rows_and_events(world: World) -> None:
    imported(world.here, roster(AN, BINH))

    verbs = set(AuditRow.objects.values_list("verb", flat=True))
    assert {"roster_import.begun", "roster.imported", "people.recorded", "pupils.enrolled", "classes.created"} <= verbs
    names = list(OutboxEvent.objects.values_list("name", flat=True))
    assert names.count("schools.roster_imported") == 1
    assert names.count("schools.pupils_enrolled") == 1


def test_accounts_are_opened_without_a_password_when_asked(world: World) -> None:
    data = made([FAMILY, ["Lê An", "6A", "8700000011", "Lê Ba", "0912345678", "Võ Thị Tư", None]])
    before = Account.objects.count()

    imported(world.here, data)
    assert Account.objects.count() == before

    other = made([FAMILY, ["Lê Bình", "6A", "8700000012", "Lê Sáu", None, "Võ Thị Tám", None]])
    imported(world.here, other, opens_accounts=True)

    made_now = Account.objects.order_by("-id")[:3]
    assert {a.display_name for a in made_now} == {"Lê Bình", "Lê Sáu", "Võ Thị Tám"}
    assert not Password.objects.filter(account__in=list(made_now)).exists()
    roles = Grant.objects.filter(account__in=list(made_now)).values_list("role", flat=True)
    assert sorted(roles) == ["guardian", "guardian", "pupil"]
    assert Account.objects.count() == before + 3


@pytest.mark.parametrize("count", [20, 200])
def test_an_import_costs_the_same_statements_for_twenty_rows_and_for_two_hundred(world: World, count: int) -> None:
    made = previewed(world.here, pupils(count))
    who = actor(world.here.clerk)

    with CaptureQueriesContext(connection) as captured:
        actions.apply_roster(actor=who, roster_import=made, at=NOON)

    assert len(captured) == 35


def test_people_of_a_school_never_become_visible_to_another_by_import(world: World) -> None:
    imported(world.here, roster(AN, BINH))

    with scope.of(actor(world.elsewhere.head)):
        assert not Person.objects.filter(moet_code__startswith="87").exists()
        assert not RosterImport.objects.exists()
        assert list(queries.visible_roster_imports(actor(world.elsewhere.head))) == []


def test_a_guardian_who_works_at_the_school_is_the_same_person(world: World) -> None:
    teacher = world.here.teacher_staff.person
    Person.objects.filter(id=teacher.id).update(national_id="087180000001")
    data = made([[*HEADINGS[:6], "Họ tên mẹ", "CCCD mẹ"], [*AN[:6], "Lê Thị Hoa", "087180000001"]])

    imported(world.here, data)

    assert Guardianship.objects.get(child__moet_code="8700000001").guardian_id == teacher.id
    assert person("Ai Đó", world.here.organisation, "staff").id
