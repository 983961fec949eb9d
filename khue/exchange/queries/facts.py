"""What one school has to report today, in the fields of the national specification: read from the rooms below.

A value we do not have is left out, never invented; what is left out though it is required is a warning of the rules.
A dozen queries a school, whatever its size.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from khue.exchange.catalogue import Kind
from khue.exchange.envelope import Payload
from khue.exchange.queries.known import known_facts
from khue.exchange.queries.people_facts import bare, identities, staff_facts
from khue.exchange.queries.quality import declared_facts
from khue.foundation.actor import SYSTEM
from khue.gradebook import queries as gradebook
from khue.gradebook.queries import ReportedResult
from khue.registry.models import Organisation, Territory
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolYear

#: domain §11.2; the codes of the catalogue are not known, so that the words are sent.
STATUSES = {
    Enrolment.Status.STUDYING: "Đang học",
    Enrolment.Status.MOVED_CLASS: "Đang học",
    Enrolment.Status.TRANSFERRED: "Chuyển đi",
    Enrolment.Status.LEFT: "Thôi học",
    Enrolment.Status.FINISHED: "Đã hoàn thành",
}
_AWARDS = {"excellent": "Học sinh Xuất sắc", "good": "Học sinh Giỏi"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One record as the school's own rows give it today. period: code of the year it belongs to, "" for what lasts."""

    kind: Kind
    key: str
    payload: Payload
    period: str = ""


@dataclass(frozen=True, slots=True)
class _Pupil:
    """A pupil's latest place in the year. level: code of the level group of the class."""

    enrolment_id: int
    person_id: int
    person: str
    status: str
    class_code: str
    grade: int
    code: str | None
    is_poor: bool


def facts_of_school(school: Organisation, on: date) -> list[Fact]:
    """Everything a school reports on that day. The transaction is in the school's scope."""
    return facts_of_kinds(school, frozenset(Kind), on)


def facts_of_kinds(school: Organisation, kinds: Collection[Kind], on: date) -> list[Fact]:
    """What a school reports of these kinds on that day. The transaction is in the school's scope."""
    found = list(_lasting(school, kinds, on))
    year = schools.school_year_on(school.id, on)
    if year is None:
        return found
    return found + [replace(fact, period=year.code) for fact in _of_year(school, year, kinds, on)]


def _lasting(school: Organisation, kinds: Collection[Kind], on: date) -> Iterator[Fact]:
    if Kind.SCHOOL in kinds:
        yield _school(school, on)
    if Kind.CAMPUS in kinds:
        yield from _campuses(school)
    if Kind.STAFF in kinds:
        yield from (Fact(Kind.STAFF, key, payload) for key, payload in staff_facts(school, on))


def _of_year(school: Organisation, year: SchoolYear, kinds: Collection[Kind], on: date) -> Iterator[Fact]:
    yield from (fact for fact in _classes(school, year) if fact.kind in kinds)
    if Kind.CLASS_SUBJECT in kinds:
        yield from _class_subjects(school, year, on)
    pupils = _pupils(year) if Kind.PUPIL in kinds or Kind.RESULT in kinds else []
    if Kind.PUPIL in kinds:
        yield from (_pupil(school, pupil) for pupil in pupils)
    if Kind.PUPIL_IDENTITY in kinds:
        yield from (Fact(Kind.PUPIL_IDENTITY, key, payload) for key, payload in identities(school, year))
    if Kind.RESULT in kinds:
        results = {result.enrolment_id: result for result in gradebook.results_to_report(year.id)}
        for pupil in pupils:
            if pupil.enrolment_id in results:
                yield from _results(school, pupil, results[pupil.enrolment_id])


def level_of(grade: int) -> str:
    """The level group of a grade: 02 primary, 03 lower, 04 upper secondary."""
    return "02" if grade <= 5 else "03" if grade <= 9 else "04"


def class_code(name: str, year: str) -> str:
    """A class's code, unique in its school: names come back every year."""
    return f"{name}-{year}"


def _school(school: Organisation, on: date) -> Fact:
    head = next(iter(schools.visible_staff(SYSTEM).filter(organisation=school, position="head", ends_on=None)), None)
    person = head.person if head else None
    return Fact(
        Kind.SCHOOL,
        f"school.{school.public_id}",
        bare(
            {
                **declared_facts(school),
                **known_facts(school, on),
                "matruong": school.code,
                "tentruong": school.name,
                "manhomcaphoc": school.level_groups,
                "maloaihinhtruong": school.ownership,
                "address": _address(school),
                "sodienthoai": school.phone,
                "email": school.email,
                "hieutruong": bare({"hovaten": person.full_name, "sdt": person.phone, "email": person.email})
                if person
                else None,
            }
        ),
    )


def _address(place: Organisation) -> Payload:
    commune, province = _codes(place.territory)
    return bare({"detail": place.address, "maxa": commune, "matinh": province})


def _codes(territory: Territory | None) -> tuple[str | None, str | None]:
    """Codes of commune and province. The district between them ended on 1 July 2025."""
    if territory is None:
        return None, None
    if territory.level == Territory.Level.PROVINCE:
        return None, territory.code
    return territory.code, territory.parent.code if territory.parent else None


def _campuses(school: Organisation) -> Iterator[Fact]:
    for campus in schools.campuses_of(school):
        payload = {
            "manhomcaphoc": school.level_groups,
            "matruong": school.code,
            "madiemtruong": campus.code or f"{school.code or school.public_id}-{campus.id}",
            "tendiemtruong": campus.name,
            "sdt": campus.phone,
            "address": _address(campus),
        }
        yield Fact(Kind.CAMPUS, f"campus.{campus.public_id}", bare(payload))


def _classes(school: Organisation, year: SchoolYear) -> Iterator[Fact]:
    rows = schools.visible_classes(SYSTEM).filter(school_year=year, closed_on=None)
    for one in rows.values_list(
        "public_id", "name", "grade", "campus__code", "homeroom_teacher__person__full_name",
        "homeroom_teacher__person__moet_code",
    ):  # fmt: skip
        public_id, name, grade, campus, leader, leader_code = one
        shared = {
            "matruong": school.code,
            "malop": class_code(name, year.code),
            "tenlop": name,
            "makhoi": f"{grade:02}",
            "madiemtruong": campus,
        }
        if grade <= 5:
            kind, payload = Kind.CLASS_PRIMARY, {**shared, "giaoviencn": leader}
        else:
            kind = Kind.CLASS_SECONDARY
            payload = {**shared, "manhomcaphoc": level_of(grade), "magiaoviencn": leader_code}
        yield Fact(kind, f"class.{public_id}", bare(payload))


def _class_subjects(school: Organisation, year: SchoolYear, on: date) -> Iterator[Fact]:
    rows = schools.visible_class_subjects(SYSTEM).filter(school_class__school_year=year, school_class__closed_on=None)
    taught = list(
        rows.values_list(
            "id", "public_id", "school_class__name", "subject__code", "weekly_periods_term_1", "weekly_periods_term_2"
        )
    )
    teachers = schools.leading_codes([row[0] for row in taught], on)
    for key, public_id, name, subject, first, second in taught:
        for term, periods in (("1", first), ("2", second)):
            if periods:
                payload = {
                    "matruong": school.code,
                    "malop": class_code(name, year.code),
                    "mamonhoc": subject,
                    "hocky": term,
                    "magiaovien": teachers.get(key),
                }
                yield Fact(Kind.CLASS_SUBJECT, f"class_subject.{public_id}.{term}", bare(payload))


def _pupils(year: SchoolYear) -> list[_Pupil]:
    rows = schools.visible_enrolments(SYSTEM).filter(school_class__school_year=year).order_by("starts_on", "id")
    latest = {}
    for enrolment, person, public_id, status, name, grade, code, poor in rows.values_list(
        "id", "person_id", "person__public_id", "status", "school_class__name", "school_class__grade",
        "person__moet_code", "person__is_poor_household",
    ):  # fmt: skip
        place = class_code(name, year.code)
        latest[person] = _Pupil(enrolment, person, str(public_id), status, place, grade, code, poor)
    return list(latest.values())


def _pupil(school: Organisation, pupil: _Pupil) -> Fact:
    payload = {
        "manhomcaphoc": level_of(pupil.grade),
        "matruong": school.code,
        "makhoi": f"{pupil.grade:02}",
        "malop": pupil.class_code,
        "mahocsinh": pupil.code,
        "matrangthaihientai": STATUSES[Enrolment.Status(pupil.status)],
        "hongheo": 1 if pupil.is_poor else None,
    }
    return Fact(Kind.PUPIL, f"pupil.{school.public_id}.{pupil.person}", bare(payload))


def _results(school: Organisation, pupil: _Pupil, result: ReportedResult) -> Iterator[Fact]:
    for place, term in enumerate("123"):
        study, conduct = result.study[place], result.conduct[place]
        if study is None and conduct is None:
            continue
        marks = [(code, values[place]) for code, *values in result.subjects if values[place] is not None]
        payload = {
            "manhomcaphoc": level_of(pupil.grade),
            "matruong": school.code,
            "makhoi": f"{pupil.grade:02}",
            "malop": pupil.class_code,
            "mahocsinh": pupil.code,
            "hocky": term,
            "diemtongket": _plain_mean([mark for _code, mark in marks if mark is not None]),
            "mahocluc": None if study is None else str(4 - study),
            "mahanhkiem": None if conduct is None else str(4 - conduct),
            "madanhhieu": _AWARDS.get(result.award) if term == "3" else None,
            "songaynghi": result.sessions_absent if term == "3" else None,
            "colenlop": int(result.outcome == "promoted") if term == "3" and result.outcome else None,
            "corenluyenlai": int(result.outcome == "summer_training") if term == "3" and result.outcome else None,
            "diemmon": [{"mamonhoc": code, "diem": mark / 10} for code, mark in marks if mark is not None] or None,
        }
        key = f"result.{school.public_id}.{pupil.person}.{pupil.class_code}.{term}"
        yield Fact(Kind.RESULT, key[:150], bare(payload))


def _plain_mean(tenths: list[int]) -> float | None:
    """TT 22/2021 has no mean of all subjects; the specification wants one, so it is the plain mean (domain §1.8)."""
    if not tenths:
        return None
    return (2 * sum(tenths) + len(tenths)) // (2 * len(tenths)) / 10
