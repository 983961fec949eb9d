"""From the gradebook's year and the person's file to the content of a sheet, and what is missing for it. Pure."""

from collections.abc import Mapping, Sequence

from khue.gradebook.queries import SubjectOfYear, YearOfPupil
from khue.records.content import Content, Item, Pupil, Remark, Result, School, Subject
from khue.registry.models import Person
from khue.schools.models import SchoolClass

LEVELS = ("Chưa đạt", "Đạt", "Khá", "Tốt")
PRIMARY = ("Chưa hoàn thành", "Hoàn thành", "Hoàn thành tốt", "Hoàn thành xuất sắc")
OUTCOMES = {"promoted": "Được lên lớp", "repeat": "Không được lên lớp"}
#: What a year completes. Since 1 January 2026 the completion of primary and of lower secondary school stands here
#: and there is no diploma for it (Luật 123/2025/QH15).
COMPLETES = {
    5: "Hoàn thành chương trình tiểu học",
    9: "Hoàn thành chương trình trung học cơ sở",
    12: "Hoàn thành chương trình giáo dục phổ thông",
}
LAST_PRIMARY = 5


def content_of(
    school: School, school_class: SchoolClass, person: Person, year: YearOfPupil, teachers: Mapping[int, Sequence[str]]
) -> Content:
    """The content of a sheet, still without its own codes and version.

    teachers  full names by class-subject
    """
    leads = school_class.homeroom_teacher
    return Content(
        transcript="", sheet="", year=school_class.school_year.code, grade=school_class.grade,
        class_name=school_class.name, homeroom_teacher=leads.person.full_name if leads else "",
        completes=COMPLETES.get(school_class.grade, "") if year.outcome == "promoted" else "",
        school=school, pupil=_pupil(person), result=_result(year, is_primary=school_class.grade <= LAST_PRIMARY),
        subjects=tuple(_subject(one, teachers.get(one.class_subject_id, ())) for one in year.subjects),
        items=tuple(
            Item(one.code, one.name, one.kind, one.level.replace("Đ", "D"), "" if one.test is None else str(one.test))
            for one in year.items
        ),
        remarks=tuple(Remark(on, text) for on, text in year.remarks),
    )  # fmt: skip


def problems_of(person: Person, year: YearOfPupil | None, *, leads: bool) -> list[str]:
    """Why no sheet can be made yet, each in a few words; nothing where it can."""
    found = []
    if not person.birth_day:
        found.append("hồ sơ chưa có ngày sinh đầy đủ")
    if person.sex == Person.Sex.UNKNOWN:
        found.append("hồ sơ chưa ghi giới tính")
    if not (person.national_id or person.foreign_paper or person.moet_code):
        found.append("hồ sơ chưa có số định danh hoặc mã định danh")
    if not leads:
        found.append("lớp chưa có giáo viên chủ nhiệm")
    if year is None:
        return [*found, "chưa có kết quả cả năm"]
    if year.missing:
        found.append(f"còn thiếu {year.missing} kết quả")
    if year.outcome not in OUTCOMES:
        found.append("chưa có quyết định cuối năm")
    elif not year.is_settled:
        found.append("kết quả cả năm của lớp chưa được duyệt")
    return found


def _pupil(person: Person) -> Pupil:
    parts = (person.birth_year, person.birth_month, person.birth_day)
    birth = "-".join(f"{part:02}" for part in parts if part)
    return Pupil(
        person.full_name, birth, person.sex, person.birthplace, person.ethnicity, person.nationality,
        person.national_id or "", person.foreign_paper, person.moet_code or "",
    )  # fmt: skip


def _result(year: YearOfPupil, *, is_primary: bool) -> Result:
    outcome = OUTCOMES.get(year.outcome, "")
    if is_primary:
        level = "" if year.primary is None else PRIMARY[year.primary]
        return Result(year.rule_set, level=level, outcome=outcome, outcome_code=year.outcome, award=year.award)
    study_1, study_2, study = (_level(one) for one in year.study)
    conduct_1, conduct_2, conduct = (_level(one) for one in year.conduct)
    absent = "" if year.sessions_absent is None else str(year.sessions_absent)
    return Result(
        year.rule_set, study_1, study_2, study, conduct_1, conduct_2, conduct, "", absent, outcome, year.outcome,
        year.award,
    )  # fmt: skip


def _level(value: int | None) -> str:
    return "" if value is None else LEVELS[value]


def _subject(one: SubjectOfYear, teachers: Sequence[str]) -> Subject:
    term_1, term_2, year, again = (_shown(value, one) for value in (one.term_1, one.term_2, one.year, one.reassessed))
    return Subject(one.code, one.name, term_1, term_2, year, again, ", ".join(dict.fromkeys(teachers)), one.remark)


def _shown(value: int | None, one: SubjectOfYear) -> str:
    if one.is_exempt:
        return "M"
    if value is None:
        return ""
    if one.is_scored:
        return f"{value // 10}.{value % 10}"
    return "D" if value else "CD"
