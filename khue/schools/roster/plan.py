"""What an import would do, row by row, before it does anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.known import KnownPupil, Link, School, name_key
from khue.schools.roster.matching import match
from khue.schools.roster.rows import GuardianRow, PupilRow
from khue.schools.roster.values import class_key, grade_of_class


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class that the file names and the year does not have; its grade from its own column or its name."""

    key: str
    name: str
    grade: int


@dataclass(frozen=True, slots=True)
class GuardianPlan:
    """What becomes of one guardian of one row.

    key        the same for rows that mean one new adult; person_id where the school knows the adult
    details    as they will be; None when nothing of the file is new
    appoint    whether the adult becomes this pupil's guardian
    replaces   the guardianship that ends, because the file names somebody else
    """

    relationship: str
    key: str
    person_id: int | None
    details: PersonDetails | None
    appoint: bool
    replaces: int | None = None

    @property
    def changes_something(self) -> bool:
        return self.appoint or self.details is not None or self.replaces is not None


@dataclass(slots=True)
class RowPlan:
    """What becomes of one row.

    details  the pupil as it will be; the same as known when nothing changes
    changes  names of what changes, for the preview: columns of the person, "class", "guardians"
    """

    row: PupilRow
    outcome: Outcome
    pupil: KnownPupil | None = None
    details: PersonDetails | None = None
    class_key: str = ""
    changes: tuple[str, ...] = ()
    guardians: tuple[GuardianPlan, ...] = ()


@dataclass(slots=True)
class Plan:
    """All rows in the order of the file, and the classes that would have to be made."""

    rows: list[RowPlan]
    new_classes: list[NewClass] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)


def planned(rows: Sequence[PupilRow], school: School, *, create_classes: bool) -> Plan:
    """Compare the file with the school. Marks rows that are wrong; decides nothing about the others by chance.

    create_classes  whether classes that the file names may be made; otherwise their rows are wrong
    """
    matched = match(rows, school)
    new_classes = _new_classes(rows, school, matched, create_classes=create_classes)
    guardians = _Guardians(school, rows)
    plans = [_row_plan(row, school, matched, guardians) for row in rows]
    return Plan(plans, list(new_classes.values()))


def _new_classes(
    rows: Sequence[PupilRow], school: School, matched: Mapping[int, int], *, create_classes: bool
) -> dict[str, NewClass]:
    wanted: dict[str, NewClass] = {}
    for row in rows:
        if row.is_wrong or row.is_leaving:
            continue
        if row.class_name is None:
            if row.line not in matched or school.pupils[matched[row.line]].enrolment_id is None:
                row.issues.append(issue(Code.CLASS_MISSING))
            continue
        key = class_key(row.class_name)
        if key in school.classes:
            continue
        grade = row.grade or grade_of_class(row.class_name)
        if not create_classes or grade is None:
            row.issues.append(issue(Code.CLASS_UNKNOWN, text=row.class_name))
            continue
        wanted.setdefault(key, NewClass(key, row.class_name, grade))
    return wanted


def _row_plan(row: PupilRow, school: School, matched: Mapping[int, int], guardians: "_Guardians") -> RowPlan:
    if row.is_wrong:
        return RowPlan(row, Outcome.WRONG)
    pupil = school.pupils[matched[row.line]] if row.line in matched else None
    if row.is_leaving:
        is_here = pupil is not None and bool(pupil.class_key)
        return (
            RowPlan(row, Outcome.CHANGED, pupil, pupil.details, "", ("left",))
            if pupil and is_here
            else RowPlan(row, Outcome.UNCHANGED)
        )
    known = pupil.details if pupil else _NOBODY
    differing = _differing(row, known)
    key = class_key(row.class_name) if row.class_name else pupil.class_key if pupil else ""
    adults = guardians.plan(row, pupil)
    changes = [*differing]
    if pupil is not None and (pupil.class_key != key or pupil.enrolment_id is None):
        changes.append("class")
    if any(adult.changes_something for adult in adults):
        changes.append("guardians")
    return RowPlan(
        row,
        Outcome.NEW if pupil is None else Outcome.CHANGED if changes else Outcome.UNCHANGED,
        pupil,
        (replace(known, **differing) if pupil else PersonDetails(**differing)) if differing else known,
        key,
        tuple(changes),
        adults,
    )


_NOBODY = PersonDetails("")
_PERSON_FIELDS = ("moet_code", "national_id", "sex", "birth", "ethnicity", "birthplace", "address", "phone", "email")


def _differing(row: PupilRow, known: PersonDetails) -> dict[str, Any]:
    """What the file says and the school does not yet know. What the file leaves blank stays as it is."""
    differing: dict[str, Any] = {}
    if row.full_name != known.full_name:
        differing["full_name"] = row.full_name
    for name in _PERSON_FIELDS:
        value = getattr(row, name)
        if value is not None and value != getattr(known, name):
            differing[name] = value
    return differing


class _Guardians:
    """Adults of the file and of the school. Brothers and sisters share a parent of one name and phone, or number."""

    def __init__(self, school: School, rows: Sequence[PupilRow]) -> None:
        self._known = school.guardians
        self._children = school.children_of()
        self._by_contact: dict[str, int] = {}
        for link in (link for pupil in school.pupils.values() for link in pupil.links):
            details = school.guardians.get(link.guardian_id)
            if details is not None and not link.is_barred:
                contacts = _contacts(link.relationship, details.full_name, details.phone, details.national_id)
                self._by_contact.update((key, link.guardian_id) for key in contacts if key not in self._by_contact)
        self._new: dict[str, str] = {}
        #: Each adult as this file leaves it, and of which fields it has spoken: of two rows the first is believed.
        self._details: dict[str | int, PersonDetails] = {}
        self._said: dict[str | int, set[str]] = {}
        self._holders = {d.national_id: person_id for person_id, d in school.guardians.items() if d.national_id}
        self._holders |= {p.details.national_id: p.person_id for p in school.pupils.values() if p.details.national_id}
        self._taken = school.elsewhere | {row.national_id for row in rows if row.national_id}

    def plan(self, row: PupilRow, pupil: KnownPupil | None) -> tuple[GuardianPlan, ...]:
        """What becomes of each adult of the row. The mother written once more as the guardian is one adult."""
        plans: dict[str | int, GuardianPlan] = {}
        for adult in row.guardians:
            made = self._plan(row, adult, pupil)
            plans.setdefault(made.person_id or made.key, made)
        return tuple(plans.values())

    def _plan(self, row: PupilRow, adult: GuardianRow, pupil: KnownPupil | None) -> GuardianPlan:
        links = sorted(pupil.links, key=lambda link: link.relationship != adult.relationship) if pupil else []
        alike = [
            li
            for li in links
            if "other" in (li.relationship, adult.relationship) or li.relationship == adult.relationship
        ]
        named = next((link for link in alike if self._is_named(link, adult)), None)
        if named is not None and named.is_barred:
            return GuardianPlan(adult.relationship, "", named.guardian_id, None, appoint=False)
        if named is not None:
            return self._corrected(adult, named.guardian_id)
        replaced = self._replaced(links, adult)
        met = self._meet(adult)
        if replaced is not None and met is None and self._children.get(replaced.guardian_id, 0) <= 1:
            # Under the old name nobody else of this file is that adult any more.
            self._by_contact = {c: p for c, p in self._by_contact.items() if p != replaced.guardian_id}
            return self._corrected(adult, replaced.guardian_id)
        ends = replaced.guardianship_id if replaced else None
        if met is not None:
            is_linked = any(link.guardian_id == met for link in links)
            self._children[met] = self._children.get(met, 0) + (not is_linked)
            return replace(self._corrected(adult, met), appoint=not is_linked, replaces=None if is_linked else ends)
        keys = _contacts(adult.relationship, adult.full_name, adult.phone or "", adult.national_id or "")
        own = adult.source_id or f"{row.line}.{adult.relationship}"
        key = own if own in self._said else next((self._new[k] for k in keys if k in self._new), own)
        for contact in keys:
            self._new.setdefault(contact, key)
        new = PersonDetails(adult.full_name, sex=_SEX.get(adult.relationship, "0"))
        details = self._heard(key, new, adult)
        return GuardianPlan(adult.relationship, key, None, details, appoint=True, replaces=ends)

    def _replaced(self, links: Sequence[Link], adult: GuardianRow) -> Link | None:
        """The father or mother whom the file calls by another name. Other guardians may be several."""
        if adult.relationship == "other":
            return None
        return next((li for li in links if li.relationship == adult.relationship and not li.is_barred), None)

    def _honest(self, adult: GuardianRow, person_id: int | None) -> GuardianRow:
        """The adult without a number that is somebody else's: a parent with a child elsewhere, a typing mistake."""
        number = adult.national_id
        if not number:
            return adult
        if number in self._taken or self._holders.get(number, person_id) != person_id:
            return replace(adult, national_id=None)
        if person_id is not None:
            self._holders[number] = person_id
        return adult

    def _is_named(self, link: Link, adult: GuardianRow) -> bool:
        known = self._details.get(link.guardian_id) or self._known.get(link.guardian_id)
        return known is not None and name_key(known.full_name) == name_key(adult.full_name)

    def _meet(self, adult: GuardianRow) -> int | None:
        keys = _contacts(adult.relationship, adult.full_name, adult.phone or "", adult.national_id or "")
        return next((self._by_contact[key] for key in keys if key in self._by_contact), None)

    def _corrected(self, adult: GuardianRow, person_id: int) -> GuardianPlan:
        before = self._details.get(person_id, self._known[person_id])
        after = self._heard(person_id, before, adult)
        changed = None if after == before else after
        return GuardianPlan(adult.relationship, "", person_id, changed, appoint=False)

    def _heard(self, key: str | int, known: PersonDetails, adult: GuardianRow) -> PersonDetails:
        said = self._said.setdefault(key, set())
        before = self._details.get(key, known)
        differing: dict[str, Any] = {}
        for name, value in _spoken(self._honest(adult, key if isinstance(key, int) else None)):
            if name not in said:
                said.add(name)
                if not _says_same(name, value, getattr(before, name)):
                    differing[name] = value
        self._details[key] = replace(before, **differing) if differing else before
        return self._details[key]


_SEX = {"father": "1", "mother": "2"}


def _contacts(relationship: str, name: str, phone: str, national_id: str) -> list[str]:
    keys = [f"{relationship} {national_id}"] if national_id else []
    return [*keys, f"{relationship} {phone} {name_key(name)}"] if phone else keys


def _spoken(adult: GuardianRow) -> Iterator[tuple[str, Any]]:
    yield "full_name", adult.full_name
    if adult.birth_year is not None:
        yield "birth", PartialDate(adult.birth_year)
    for name in ("phone", "email", "national_id", "occupation"):
        value = getattr(adult, name)
        if value is not None:
            yield name, value


def _says_same(name: str, value: Any, known: Any) -> bool:
    """A file knows an adult's birth year only; a name spelt with the tone elsewhere is the same name."""
    if name == "birth":
        return bool(value.year == known.year)
    return name_key(value) == name_key(known) if name == "full_name" else bool(value == known)
