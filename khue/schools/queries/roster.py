"""What an import compares a file with: pupils, their classes and guardians, and whose numbers are whose."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.models import Enrolment, RosterImport, SchoolClass, SchoolYear, StaffMember, TeachingAssignment
from khue.schools.queries.calendar import terms_of
from khue.schools.roster.known import KnownClass, KnownPupil, Link, School
from khue.schools.roster.rows import PupilRow
from khue.schools.roster.values import class_key
from khue.schools.roster.written import WrittenGuardian, WrittenPupil, WrittenRoster, WrittenTeaching, WrittenTerm


def visible_roster_imports(actor: Actor) -> QuerySet[RosterImport]:
    """Imports of the schools whose rosters the actor may import, the latest first. One query; page it before use."""
    rows = RosterImport.objects.filter(access.within(actor, access.Permission.ROSTER_IMPORT))
    return rows.select_related("organisation", "school_year", "file", "job__report_file", "begun_by").order_by("-id")


def roster_import_of(actor: Actor, public_id: UUID) -> RosterImport:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_roster_imports(actor), public_id=public_id)


def roster_import_numbered(actor: Actor, roster_import_id: int) -> RosterImport:
    """For the job, which knows the number. Raises NotFound like roster_import_of."""
    return one(visible_roster_imports(actor), id=roster_import_id)


def importable_years(actor: Actor) -> list[SchoolYear]:
    """School years a roster may be imported into, the latest first; with their schools. One query."""
    rows = SchoolYear.objects.filter(access.within(actor, access.Permission.ROSTER_IMPORT))
    return list(rows.select_related("organisation").order_by("-starts_on", "organisation__name")[:200])


def school_as_known(actor: Actor, school_year: SchoolYear, rows: Sequence[PupilRow], on: date) -> School:
    """The school as the plan of an import sees it on that day.

    cost  eight queries, whatever the number of rows; one of them looks beyond the actor's scope, for who holds the
          numbers of the file, and gives nothing away but that somebody elsewhere does
    """
    organisation = school_year.organisation
    classes = {
        class_key(name): KnownClass(key, name, grade)
        for key, name, grade in SchoolClass.objects.filter(school_year=school_year).values_list("id", "name", "grade")
    }
    members = registry.details_of_members(organisation, "pupil")
    former, elsewhere, strangers = _holders(actor, organisation.id, rows, set(members), on)
    details = {**members, **registry.details_of(former)}
    places = _places(organisation.id, school_year.id, on)
    guardians = registry.details_of_members(organisation, "guardian")
    links = _links(organisation)
    missing = {link.guardian_id for found in links.values() for link in found} - set(guardians)
    pupils = {}
    for person_id, known in details.items():
        enrolment_id, key = places.get(person_id, (None, ""))
        pupils[person_id] = KnownPupil(
            person_id, known, enrolment_id, key, tuple(links.get(person_id, ())), is_former=person_id in former
        )
    return School(pupils, classes, {**guardians, **registry.details_of(missing)}, elsewhere, strangers)


def _places(organisation_id: int, school_year_id: int, on: date) -> dict[int, tuple[int, str]]:
    """Each pupil's place, also one that is yet to begin; no class when it is one of another year."""
    not_ended = Q(ends_on=None) | Q(ends_on__gt=on)
    rows = Enrolment.objects.filter(not_ended, organisation_id=organisation_id).order_by("starts_on", "id")
    fields = rows.values_list("person_id", "id", "school_class__name", "school_class__school_year_id")
    return {
        person_id: (enrolment_id, class_key(name) if year_id == school_year_id else "")
        for person_id, enrolment_id, name, year_id in fields
    }


def _links(organisation: Organisation) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    for one_of in registry.guardianships_in(organisation):
        link = Link(one_of.guardianship_id, one_of.guardian_id, one_of.relationship, one_of.is_barred)
        found[one_of.child_id].append(link)
    return found


def _holders(
    actor: Actor, organisation_id: int, rows: Sequence[PupilRow], members: set[int], on: date
) -> tuple[set[int], frozenset[str], frozenset[str]]:
    """Of the file's numbers: former pupils of this school; numbers held elsewhere; numbers of others of this school."""
    numbers = {number for row in rows for number in (row.moet_code, row.national_id) if number}
    numbers |= {adult.national_id for row in rows for adult in row.guardians if adult.national_id}
    if not numbers:
        return set(), frozenset(), frozenset()
    with scope.raised(actor):
        holders = registry.holders_of(numbers)
        away = _enrolled_elsewhere(set(holders.values()), organisation_id, on)
    others = set(holders.values()) - members
    here = registry.holders_of(numbers) if others else {}
    were_pupils = set(
        Enrolment.objects.filter(organisation_id=organisation_id, person_id__in=others).values_list(
            "person_id", flat=True
        )
    )
    staff = set(
        StaffMember.objects.filter(organisation_id=organisation_id, person_id__in=others).values_list(
            "person_id", flat=True
        )
    )
    former = were_pupils - away
    elsewhere = frozenset(
        number
        for number, person in holders.items()
        if person in away or (person in others and person not in staff and number not in here)
    )
    strangers = frozenset(n for n, p in holders.items() if p in others and p not in former and n not in elsewhere)
    return former, elsewhere, strangers


def _enrolled_elsewhere(people: set[int], organisation_id: int, on: date) -> set[int]:
    """Those who are in a class of another school that day. One array instead of thousands of parameters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM schools_enrolment WHERE person_id = ANY(%s::bigint[]) AND organisation_id <> %s"
            " AND (ends_on IS NULL OR ends_on > %s)",
            [array(people), organisation_id, on],
        )
        return {row[0] for row in cursor.fetchall()}


def written_roster(actor: Actor, school_year: SchoolYear, on: date) -> WrittenRoster:
    """The roster of a year on that day, by class and name, barred guardians left out."""
    school = school_as_known(actor, school_year, [], on)
    people = {code.code: code.name for code in registry.ethnic_groups()}
    rows = Enrolment.objects.filter(access.in_force(on), school_class__school_year=school_year)
    rows = rows.order_by("school_class__grade", "school_class__name", "person__sort_key", "id")
    fields = rows.values_list("person_id", "school_class__name", "school_class__grade", "starts_on")
    pupils = tuple(
        WrittenPupil(
            person_id,
            school.pupils[person_id].details,
            class_name,
            grade,
            starts_on,
            people.get(school.pupils[person_id].details.ethnicity, ""),
            tuple(
                WrittenGuardian(link.guardian_id, link.relationship, school.guardians[link.guardian_id])
                for link in school.pupils[person_id].links
                if not link.is_barred and link.guardian_id in school.guardians
            ),
        )
        for person_id, class_name, grade, starts_on in fields
        if person_id in school.pupils
    )
    organisation = school_year.organisation
    return WrittenRoster(
        organisation.name,
        organisation.code or "",
        school_year.code,
        school_year.starts_on,
        school_year.ends_on,
        pupils,
        _teaching(school_year, on),
        tuple(WrittenTerm(term.number, term.starts_on, term.ends_on) for term in terms_of(school_year)),
    )


def _teaching(school_year: SchoolYear, on: date) -> tuple[WrittenTeaching, ...]:
    """Who leads the classes of the year, and who teaches what in them on that day. Two queries."""
    person = ("staff__person_id", "staff__person__full_name", "staff__person__moet_code", "staff__person__email")
    place = "class_subject__school_class__"
    rows = TeachingAssignment.objects.filter(access.in_force(on), **{f"{place}school_year": school_year})
    fields = (
        *person, f"{place}name", f"{place}grade", "class_subject__subject__code", "class_subject__subject__name",
        "leads",
    )  # fmt: skip
    taught = rows.order_by(f"{place}grade", f"{place}name", "class_subject__subject__order", "-leads", "id")
    led = SchoolClass.objects.filter(school_year=school_year, homeroom_teacher__isnull=False)
    leaders = led.order_by("grade", "name").values_list(
        *(f"homeroom_teacher__{path.removeprefix('staff__')}" for path in person), "name", "grade"
    )
    # Two parts of an integrated subject by one teacher are one enrolment of the teacher in that class.
    once = {(row[0], row[4], row[6]): row for row in reversed(list(taught.values_list(*fields)))}
    return tuple(
        WrittenTeaching(person_id, name, code or "", email, class_name, grade, subject_code, subject_name, leads)
        for person_id, name, code, email, class_name, grade, subject_code, subject_name, leads in [
            *((*leader, "", "", True) for leader in leaders),
            *reversed(once.values()),
        ]
    )


def exportable_year_of(actor: Actor, public_id: UUID) -> SchoolYear:
    """A school year whose roster the actor may take. Raises NotFound."""
    rows = SchoolYear.objects.filter(access.within(actor, access.Permission.ROSTER_EXPORT))
    return one(rows.select_related("organisation"), public_id=public_id)
