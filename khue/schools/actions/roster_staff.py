"""Writing what a plan says of teachers: people, their work at the school, what they teach, which class they lead.

What ends gets a day, and a row that began that very day ends as it began; nothing is deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q
from django.db.models.functions import Greatest

from khue.curriculum import queries as curriculum
from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.registry import actions as registry
from khue.registry.actions import PersonChange
from khue.registry.models import Organisation
from khue.registry.queries import PersonDetails
from khue.schools.actions.roster_work import write_work
from khue.schools.actions.teaching import new_class_subject
from khue.schools.models import (
    ClassSubject,
    HomeroomAppointment,
    SchoolClass,
    SchoolYear,
    StaffMember,
    SubjectGroup,
    TeachingAssignment,
)
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.known_staff import Place
from khue.schools.roster.plan import Outcome
from khue.schools.roster.staff_plan import StaffPlan, Teacher, TeacherPlan


@dataclass(frozen=True, slots=True)
class Brought:
    """staff: id of each teacher of the file by line; people: person id by sourcedId; working: position by person id."""

    staff: dict[int, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    working: dict[int, str] = field(default_factory=dict)

    def of(self, teacher: Teacher) -> int | None:
        if isinstance(teacher, TeacherPlan):
            return self.staff.get(teacher.row.line)
        return teacher.staff_id


def write_staff(
    *, actor: Actor, school_year: SchoolYear, plan: StaffPlan, classes: Mapping[str, int], on: date
) -> Brought:
    """Write what the plan says of teachers, inside the caller's transaction. Impossible rows become wrong.

    classes  ids of all classes of the year by key
    cost     two dozen statements, whatever the number of teachers
    """
    if not plan.teachers:
        return Brought()
    organisation = school_year.organisation
    ids = _write_people(actor, organisation, plan.teachers, on)
    write_work(actor, organisation, plan.teachers, ids.staff)
    # Class-subjects first: their rows are the lock that two people assigning at once wait at.
    taught = _class_subjects(actor, school_year, list(plan.teaching), classes)
    _assign(actor, school_year, plan, taught, ids, on)
    _appoint(actor, school_year, plan, classes, ids, on)
    _end(actor, organisation, [t for t in plan.teachers if "left" in t.changes and t.known], on)
    return ids


def _write_people(actor: Actor, organisation: Organisation, teachers: Sequence[TeacherPlan], on: date) -> Brought:
    ids = Brought()
    working: dict[int, TeacherPlan] = {}
    for teacher in teachers:
        if teacher.known is None or teacher.outcome is Outcome.WRONG:
            continue
        ids.people[teacher.row.source_id] = teacher.known.person_id
        if teacher.known.is_listed:
            ids.staff[teacher.row.line] = teacher.known.staff_id
        elif "left" not in teacher.changes:
            working[teacher.known.person_id] = teacher
    corrected = [
        PersonChange(t.known.person_id, t.details)
        for t in teachers
        if t.outcome is Outcome.CHANGED and t.known and t.details and t.details != t.known.details
    ]
    if corrected:
        registry.correct_people(actor=actor, organisation=organisation, changes=corrected)
    new = [t for t in teachers if t.outcome is Outcome.NEW]
    people = registry.record_people(
        actor=actor, organisation=organisation, kind="staff", people=[_details(t) for t in new], on=on
    ) if new else []  # fmt: skip
    for teacher, answer in zip(new, people, strict=True):
        if answer.person_id is None or answer.person_id in working:
            teacher.outcome = Outcome.WRONG
            teacher.row.issues.append(issue(Code.TEACHER_ELSEWHERE))
        else:
            working[answer.person_id] = teacher
            ids.people[teacher.row.source_id] = answer.person_id
    _list(actor, organisation, working, ids, on)
    return ids


def _list(actor: Actor, organisation: Organisation, working: Mapping[int, TeacherPlan], ids: Brought, on: date) -> None:
    """Let these people work here from that day; whoever was to begin later begins now."""
    StaffMember.objects.filter(id__in=list(ids.staff.values()), starts_on__gt=on).update(starts_on=on)
    made = StaffMember.objects.bulk_create(
        [
            StaffMember(organisation=organisation, person_id=person_id, position=teacher.row.position, starts_on=on)
            for person_id, teacher in working.items()
        ],
        update_conflicts=True,  # who left on this very day and is back
        unique_fields=["organisation", "person", "starts_on"],
        update_fields=["ends_on"],
    )
    ids.staff.update((working[row.person_id].row.line, row.id) for row in made)
    ids.working.update((person_id, teacher.row.position) for person_id, teacher in working.items())
    if made:
        audit.record(actor, "staff.imported", organisation, on=on, staff=[row.id for row in made])


def _details(teacher: TeacherPlan) -> PersonDetails:
    assert teacher.details is not None  # whoever is new has them
    return teacher.details


def _class_subjects(
    actor: Actor, school_year: SchoolYear, places: Sequence[Place], classes: Mapping[str, int]
) -> dict[Place, int]:
    """Ids of these class-subjects, locked. Those that the programme has and a class does not have yet are made."""
    wanted = {(classes[key], code): (key, code) for key, code in places if key in classes}
    if not wanted:
        return {}
    rows = ClassSubject.objects.filter(school_class__in={class_id for class_id, _ in wanted})
    have = {
        (class_id, code): key
        for class_id, code, key in rows.select_for_update(of=("self",))
        .order_by("id")
        .values_list("school_class_id", "subject__code", "id")
    }
    missing = [pair for pair in wanted if pair not in have]
    if missing:
        school_classes = SchoolClass.objects.in_bulk({class_id for class_id, _ in missing})
        plans = {
            (grade, plan.subject.code): plan
            for grade in {each.grade for each in school_classes.values()}
            for plan in reversed(curriculum.subjects_in(grade, school_year.starts_on))
            if plan.block != "topic"
        }
        made = ClassSubject.objects.bulk_create(
            new_class_subject(
                school_classes[class_id],
                plans[school_classes[class_id].grade, code],
                is_elective=plans[school_classes[class_id].grade, code].block == "elective",
            )
            for class_id, code in missing
        )
        have |= {pair: row.id for pair, row in zip(missing, made, strict=True)}
        audit.record(actor, "class_subjects.added", school_year, count=len(made))
    return {place: have[pair] for pair, place in wanted.items()}


def _assign(
    actor: Actor, school_year: SchoolYear, plan: StaffPlan, taught: Mapping[Place, int], ids: Brought, on: date
) -> None:
    """Those of the plan, and nobody else, teach from that day: in equal parts, the first of them leads.

    Who has several strands has several parts. Where the plan names none, a teacher keeps the one that there is.
    """
    if not taught:
        return
    before = _assigned(taught, on)
    new: list[TeachingAssignment] = []
    kept: set[int] = set()
    for place, teachers in plan.teaching.items():
        parts = [
            (key, strand)
            for key, strands in zip(map(ids.of, teachers), plan.strands[place], strict=True)
            for strand in strands or (None,)
            if key is not None and place in taught
        ]
        for number, (staff_id, said) in enumerate(parts):
            percent = 100 // len(parts) + (number < 100 % len(parts))
            known = [row for row in before.get((taught[place], staff_id), []) if said in (None, row.strand)]
            strand = said or (known[0].strand if len(known) == 1 else "")
            same = (percent, number == 0)
            if len(known) == 1 and known[0].starts_on <= on and (known[0].share_percent, known[0].leads) == same:
                kept.add(known[0].id)
                continue
            new.append(
                TeachingAssignment(
                    organisation_id=school_year.organisation_id, class_subject_id=taught[place], staff_id=staff_id,
                    strand=strand, share_percent=percent, leads=number == 0, starts_on=on,
                )
            )  # fmt: skip
    ended = [row.id for found in before.values() for row in found if row.id not in kept]
    begun = _replace(ended, new, on)
    audit.record(actor, "teaching.imported", school_year, on=on, begun=begun, ended=ended)


def _replace(ended: Sequence[int], new: Sequence[TeachingAssignment], on: date) -> list[int]:
    TeachingAssignment.objects.filter(id__in=ended).update(ends_on=Greatest(F("starts_on"), on))
    made = TeachingAssignment.objects.bulk_create(
        new,
        update_conflicts=True,  # a row of this very day that has just ended as it began
        unique_fields=["class_subject", "staff", "strand", "starts_on"],
        update_fields=["ends_on", "share_percent", "leads"],
    )
    return [row.id for row in made]


def _assigned(taught: Mapping[Place, int], on: date) -> dict[tuple[int, int], list[TeachingAssignment]]:
    """Who teaches these class-subjects after that day, by class-subject and staff id."""
    open_then = Q(ends_on=None) | Q(ends_on__gt=on)
    rows = TeachingAssignment.objects.filter(open_then, class_subject__in=list(taught.values())).order_by("id")
    found: dict[tuple[int, int], list[TeachingAssignment]] = {}
    for row in rows:
        found.setdefault((row.class_subject_id, row.staff_id), []).append(row)
    return found


def _appoint(
    actor: Actor, school_year: SchoolYear, plan: StaffPlan, classes: Mapping[str, int], ids: Brought, on: date
) -> None:
    """Those of the plan lead their classes from that day, and whoever led them until then leads them no more."""
    leaders = {
        classes[key]: ids.of(who) if who else None
        for key, who in plan.leaders.items()
        if key in classes and (who is None or ids.of(who) is not None)
    }
    if not leaders:
        return
    led = SchoolClass.objects.select_for_update(of=("self",)).filter(id__in=leaders).order_by("id")
    now = HomeroomAppointment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), school_class__in=leaders)
    dated = set(HomeroomAppointment.objects.filter(school_class__in=leaders).values_list("school_class_id", flat=True))
    now.update(ends_on=Greatest(F("starts_on"), on))
    appointments, changed, before = [], [], {}
    for each in led:
        before[each.id] = each.homeroom_teacher_id
        if each.homeroom_teacher_id is not None and each.id not in dated and on > school_year.starts_on:
            # Brought in when nothing was known of days: it held from the beginning of the year.
            appointments.append(_appointment(each, each.homeroom_teacher_id, school_year.starts_on, on))
        leader = leaders[each.id]
        if leader is not None:
            appointments.append(_appointment(each, leader, on, None))
        each.homeroom_teacher_id = leader
        changed.append(each)
    HomeroomAppointment.objects.bulk_create(appointments)
    SchoolClass.objects.bulk_update(changed, ["homeroom_teacher"])
    audit.record(actor, "homeroom_teachers.imported", school_year, on=on, before=before, after=leaders)


def _appointment(school_class: SchoolClass, staff_id: int, begins: date, ends: date | None) -> HomeroomAppointment:
    return HomeroomAppointment(
        organisation_id=school_class.organisation_id, school_class=school_class, staff_id=staff_id, starts_on=begins,
        ends_on=ends,
    )  # fmt: skip


def _end(actor: Actor, organisation: Organisation, leaving: Sequence[TeacherPlan], on: date) -> None:
    """Work at the school, and belonging to it as staff, end: the day before is the last."""
    known = [teacher.known for teacher in leaving if teacher.known is not None]
    if not known:
        return
    staff = [each.staff_id for each in known]
    StaffMember.objects.filter(id__in=staff).update(ends_on=Greatest(F("starts_on"), on))
    SubjectGroup.objects.filter(leader__in=staff).update(leader=None)
    people = [each.person_id for each in known]
    registry.end_affiliations(
        actor=actor, organisation=organisation, kind="staff", people=people, on=on - timedelta(days=1)
    )
    audit.record(actor, "staff.import_ended", organisation, on=on, staff=staff)
