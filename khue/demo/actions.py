"""Loading the demonstration: a ministry, one department, and schools in real shapes. The same rows every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher
from django.conf import settings
from django.db import connections

from khue.curriculum import queries as curriculum
from khue.curriculum.models import SubjectGrade
from khue.demo import beside, days, everyday, last_year, lessons
from khue.demo.access import Permission
from khue.demo.cast import Cast
from khue.demo.last_year import Signing
from khue.demo.loader import Loader
from khue.demo.news import Office, tell_everybody
from khue.demo.people import Being, Moment, add_account, add_person
from khue.demo.queries import PASSWORD, SIGN_INS
from khue.demo.schools import TERM_1, Made, Plan, add_accountant, add_school
from khue.demo.shapes import Shape, shapes
from khue.foundation import audit, clock, scope
from khue.foundation.actor import SYSTEM, Actor, require
from khue.identity import queries as identity
from khue.identity.models import Account, Password
from khue.indicators import actions as indicators
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools

SEED = 20260907
#: Up to so many schools get marks and lesson logs; more would only make the benchmark's load longer.
FILLED = 20
ELECTIVES = 4


@dataclass(frozen=True)
class Department:
    """The department of the province: its key, its place in the tree, the account of its officer."""

    key: int
    lineage: str
    officer: int


def load(*, actor: Actor = SYSTEM, scale: int = 3, at: datetime | None = None) -> None:
    """Generate `scale` schools (1 to 1,000) with people, a timetable week, lessons held, marks and a course.

    Rows come by COPY as the owner of the tables; what is counted or needs a rule goes through the actions.
    """
    now = at or clock.now()
    department = load_schools(actor=actor, shapes=shapes(scale), at=now)
    with scope.of(SYSTEM):
        _count_month(department, now)


def load_schools(*, actor: Actor, shapes: Sequence[Shape], at: datetime) -> Department:
    """Generate a province with schools of these shapes: what `load` does with the shapes of its scale."""
    require(actor, Permission.PROVINCE_LOAD, within=None)
    when = Moment(TERM_1[0], at)
    plan = _plan()
    with Loader(SEED) as rows:
        department = _offices(rows, when)
        made = [
            add_school(rows, shape, _commune(rows, department, number), number, plan, when)
            for number, shape in enumerate(shapes, 1)
        ]
        for school in made[:FILLED]:
            days.add_lessons(rows, school, at.astimezone(clock.VIETNAM).date())
            days.add_active_days(rows, school, at.astimezone(clock.VIETNAM).date())
            days.add_marks(rows, school, plan, at)
        has_last_year = last_year.add_last_year(rows, made[0], plan)
        accountant = add_accountant(rows, made[0].key, when)
        rows.flush()
        _set_passwords(rows, at)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    with scope.of(SYSTEM):
        audit.record(actor, "demo.loaded", None, scale=len(shapes))
    with scope.of(SYSTEM):
        _first_course(made[0], at)
        _everyday(made[0], accountant, at)
        _news(department, made[0], at)
        _records(department, made[0], at, has_last_year=has_last_year)
    for school in made:
        with scope.of(SYSTEM):
            indicators.recount(actor=SYSTEM, organisation=registry.organisation_with(school.key), at=at)
    return department


def write_country(*, actor: Actor = SYSTEM, root: Path | None = None, share: float = 1.0) -> dict[str, int]:
    """Write a synthetic country beside the node's own lake: 26,000 schools, 18.35 million pupils, a term of lessons.

    root     var/lake-country unless told; whatever is there is deleted first
    returns  how many rows each table of facts has
    """
    require(actor, Permission.PROVINCE_LOAD, within=None)
    from khue.demo.country import write

    with scope.of(SYSTEM):
        provinces = [(row.code, registry.communes_of(row).count()) for row in registry.provinces(TERM_1[0])]
        rows = write(root or Path(settings.VAR_DIR) / "lake-country", provinces, share)
        audit.record(actor, "demo.country_written", None, **rows)
    return rows


def _plan() -> Plan:
    """Compulsory subjects of every grade, and the first four electives of grades 10 to 12."""
    by_grade = {}
    for grade in range(1, 13):
        rows = curriculum.subjects_in(grade, TERM_1[0])
        kept = [row for row in rows if row.block == SubjectGrade.Block.COMPULSORY]
        kept += [row for row in rows if row.block == SubjectGrade.Block.ELECTIVE][:ELECTIVES]
        by_grade[grade] = [(row.subject, row) for row in kept]
    return Plan(by_grade)


def _offices(rows: Loader, when: Moment) -> Department:
    """Ministry and department with an officer each, and the node's operator."""
    ministry = rows.key(Organisation)
    rows.row(
        Organisation, id=ministry, kind="ministry", name="Bộ Giáo dục và Đào tạo", lineage=f"{ministry}.", code="BGDDT"
    )
    department = rows.key(Organisation)
    lineage = f"{ministry}.{department}."
    province = registry.territory_of_code("province", "82", on=when.first_day)
    rows.row(
        Organisation, id=department, kind="department", name="Sở Giáo dục và Đào tạo Đồng Tháp", lineage=lineage,
        parent_id=ministry, code="82", territory_id=province.now.id if province else None,
    )  # fmt: skip
    accounts = {}
    for place, user_name, role in (
        (ministry, "chuyenvien.bo", "ministry_officer"),
        (department, "chuyenvien.so", "department_officer"),
        (ministry, "vanhanh", "operator"),
    ):
        person, name = add_person(rows, place, "staff", when, is_girl=rows.random.random() < 0.5, born=1980)
        accounts[role] = add_account(rows, person, name, user_name, [(role, place)], when)
    return Department(department, lineage, accounts["department_officer"])


def _commune(rows: Loader, department: Department, number: int) -> tuple[int, str]:
    """The body that manages a school: the department for those with grades 10 to 12, else a commune's office."""
    if number == 1:
        return department.key, department.lineage
    key = rows.key(Organisation)
    lineage = f"{department.lineage}{key}."
    rows.row(
        Organisation, id=key, kind="commune_office", name=f"UBND xã số {number}", parent_id=department.key,
        lineage=lineage, code=f"82X{number:04}",
    )  # fmt: skip
    return key, lineage


def _set_passwords(rows: Loader, at: datetime) -> None:
    """One password for the accounts of the greeting; everybody else has to activate."""
    hashed = PasswordHasher().hash(PASSWORD)  # as identity writes them: Argon2id at the library's cost
    for _label, user_name in SIGN_INS:
        rows.execute(
            f"INSERT INTO {Password._meta.db_table} (account_id, hash, set_at) SELECT id, '{hashed}',"  # noqa: S608  all ours
            f" '{at.isoformat()}' FROM {Account._meta.db_table} WHERE user_name = '{user_name}'"
        )


def _first_course(made: Made, at: datetime) -> None:
    """The course of the first teacher of grade 6 mathematics: the one the greeting signs in."""
    account_id = next(being.account_id for being in made.teachers.values() if being.user_name == "gv1.1")
    teacher = identity.actor_of(account_id, on=at.astimezone(clock.VIETNAM).date())
    taught = schools.classes_taught_by(teacher)
    lessons.add_course(teacher, taught[0].public_id, at)


#: Families of the first class that write, answer and acknowledge.
FAMILIES = 6


def _everyday(made: Made, accountant: Being, at: datetime) -> None:
    """What the people of the first school do with each other; its homeroom teacher is the one the greeting signs in."""
    on = at.astimezone(clock.VIETNAM).date()
    teacher = next(being for being in made.teachers.values() if being.user_name == "gv1.1")
    acting = [made.head, made.clerk, accountant, teacher, *made.guardians[:FAMILIES]]
    head, clerk, keeper, homeroom, *guardians = (identity.actor_of(being.account_id, on=on) for being in acting)
    people = Cast(made.key, head, clerk, keeper, homeroom, tuple(guardians))
    everyday.live_a_month(people, at)
    beside.live_a_term(people, at)


def _news(department: Department, made: Made, at: datetime) -> None:
    on = at.astimezone(clock.VIETNAM).date()
    officer, head = (identity.actor_of(key, on=on) for key in (department.officer, made.head.account_id))
    tell_everybody(Office(department.key, officer), Office(made.key, head), at)


def _records(department: Department, made: Made, at: datetime, *, has_last_year: bool) -> None:
    """Keys to sign with as a trial, and a class whose year is over."""
    on = at.astimezone(clock.VIETNAM).date()
    being = next(being for being in made.teachers.values() if being.user_name == "gv1.1")
    officer, head, clerk, teacher = (
        identity.actor_of(key, on=on)
        for key in (department.officer, made.head.account_id, made.clerk.account_id, being.account_id)
    )
    school, office = registry.organisation_with(made.key), registry.organisation_with(department.key)
    if has_last_year:
        last_year.close_last_year(head, teacher, at)
    last_year.hand_out_keys(
        [
            Signing(head, made.head.name, school), Signing(teacher, being.name, school),
            Signing(clerk, school.name, school, is_seal=True), Signing(officer, office.name, office, is_seal=True),
        ],
        at,
    )  # fmt: skip


def _count_month(department: Department, at: datetime) -> None:
    """The month is counted as every night, and published as open data by the department."""
    on = at.astimezone(clock.VIETNAM).date()
    month = f"{on:%Y-%m}"
    indicators.fill_lake(actor=SYSTEM, at=at, month=month)
    officer = identity.actor_of(department.officer, on=on)
    body = registry.organisation_with(department.key)
    indicators.publish_open_data(actor=officer, organisation=body, month=month, at=at)
