"""Who the pupils and the staff of a school are, in the fields of the national specification."""

from collections.abc import Iterator
from datetime import date

from khue.exchange.envelope import Payload
from khue.foundation.actor import SYSTEM
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import SchoolYear

_PERSON = (
    "public_id", "full_name", "other_name", "sex", "birth_year", "birth_month", "birth_day", "birthplace",
    "national_id", "moet_code", "foreign_paper", "ethnicity", "nationality", "address", "phone", "email",
    "territory__code", "territory__parent__code",
)  # fmt: skip
_RELATIONS = {"father": "cha", "mother": "me", "other": "nguoigiamho"}


def birth_fields(year: int | None, month: int | None, day: int | None) -> Payload:
    """A partial date as the specification has it: a field for a day, for a month, for a year."""
    if year is None:
        return {}
    if month is None:
        return {"namsinh": f"{year:04}"}
    if day is None:
        return {"thangnamsinh": f"{year:04}-{month:02}"}
    return {"ngaythangnamsinh": f"{year:04}-{month:02}-{day:02}"}


def identities(school: Organisation, year: SchoolYear) -> Iterator[tuple[str, Payload]]:
    """(key, fields) of every pupil of the year, with parents and guardians that no court has barred. Three queries."""
    families = _families(school)
    rows = schools.visible_enrolments(SYSTEM).filter(school_class__school_year=year).order_by("person_id", "id")
    fields = [f"person__{name}" for name in _PERSON]
    for person_id, *person in rows.values_list("person_id", *fields).distinct("person_id"):
        public_id, *rest = person
        payload = {**_identity(rest), **families.get(person_id, {})}
        yield f"pupil_identity.{school.public_id}.{public_id}", payload


def staff_facts(school: Organisation, on: date) -> Iterator[tuple[str, Payload]]:
    """(key, fields) of everybody who works at the school on that day. One query."""
    rows = schools.visible_staff(SYSTEM).filter(organisation=school, starts_on__lte=on).exclude(ends_on__lte=on)
    fields = [f"person__{name}" for name in _PERSON]
    for staff_id, starts_on, *person in rows.values_list("public_id", "starts_on", *fields):
        named = dict(zip(_PERSON, person, strict=True))
        payload = {
            "manhomcaphoc": school.level_groups,
            "matruong": school.code,
            "magiaovien": named["moet_code"],
            "matrangthailv": "Đang làm việc",
            "sdt": named["phone"],
            "email": named["email"],
            "ngaytuyendung": starts_on.isoformat(),
            "sodinhdanh": named["national_id"],
            "hovaten": named["full_name"],
            "gioitinh": named["sex"],
            "dantoc": named["ethnicity"],
            "quoctich": named["nationality"],
            **birth_fields(named["birth_year"], named["birth_month"], named["birth_day"]),
        }
        yield f"staff.{staff_id}", bare(payload)


def _identity(person: list[object]) -> Payload:
    named = dict(zip(_PERSON[1:], person, strict=True))
    year, month, day = (named[f"birth_{part}"] for part in ("year", "month", "day"))
    payload = {
        "mahocsinh": named["moet_code"],
        "sodinhdanh": named["national_id"],
        "sogiaytoxnc": named["foreign_paper"],
        "hovaten": named["full_name"],
        "tenkhac": named["other_name"],
        "gioitinh": named["sex"],
        **birth_fields(year, month, day),  # type: ignore[arg-type]  # columns of a person
        "dantoc": named["ethnicity"],
        "quoctich": named["nationality"],
        "noisinh": bare({"detail": named["birthplace"]}),
        "noicutru": bare(
            {
                "detail": named["address"],
                "maxa": named["territory__code"],
                "matinh": named["territory__parent__code"],
            }
        ),
    }
    return bare(payload)


def _families(school: Organisation) -> dict[int, dict[str, Payload]]:
    links = [link for link in registry.guardianships_in(school) if not link.is_barred]
    adults = registry.details_of({link.guardian_id for link in links})
    families: dict[int, dict[str, Payload]] = {}
    for link in links:
        adult = adults.get(link.guardian_id)
        if adult is not None:
            said = {
                "hovaten": adult.full_name,
                "sodinhdanh": adult.national_id,
                "nghenghiep": adult.occupation,
                "namsinh": str(adult.birth.year) if adult.birth.year else None,
            }
            families.setdefault(link.child_id, {}).setdefault(_RELATIONS[link.relationship], bare(said))
    return families


def bare(payload: Payload) -> Payload:
    """Without the fields of which nothing is known."""
    return {name: value for name, value in payload.items() if value not in (None, "", {})}
