"""What an import would do with the teachers of a package, before it does anything.

Whoever the package names in a class-subject teaches it from the day of the import: in a full package they and nobody
else, in a delta they besides those who teach it already. Class-subjects that the package does not name stay as they
are, and so does what it cannot say: positions, shares and strands, as long as the same people teach. A sheet says
strands: whoever has "Sử 6A1" has that part of Lịch sử và Địa lí, and a part of an equal share beside the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from khue.foundation.text import fold
from khue.registry.queries import PersonDetails
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.known import KnownClass, by_number, name_key
from khue.schools.roster.known_staff import KnownTeacher, Place, Staff
from khue.schools.roster.plan import NewClass, Outcome
from khue.schools.roster.teachers import TeacherRow
from khue.schools.roster.work_places import REST, Places

_FIELDS = ("moet_code", "national_id", "sex", "birth", "phone", "email")


@dataclass(slots=True)
class TeacherPlan:
    """What becomes of one member of staff. changes: columns of the person, "teaching", "homeroom", "left"."""

    row: TeacherRow
    outcome: Outcome
    known: KnownTeacher | None = None
    details: PersonDetails | None = None
    changes: tuple[str, ...] = ()


#: Somebody of the package, or somebody of the school whom the package does not name.
Teacher = TeacherPlan | KnownTeacher


@dataclass(slots=True)
class StaffPlan:
    """All teachers in the order of the package, and what changes in the classes.

    teaching   who teaches each class-subject that changes, the first teacher first; nobody where it is empty
    strands    beside teaching: the strands that each of the teachers was given; none where the file does not say any
    leaders    who leads each class that changes; None where nobody does any more
    """

    teachers: list[TeacherPlan] = field(default_factory=list)
    teaching: dict[Place, list[Teacher]] = field(default_factory=dict)
    strands: dict[Place, list[tuple[str, ...]]] = field(default_factory=dict)
    leaders: dict[str, Teacher | None] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        return sum(teacher.outcome is outcome for teacher in self.teachers)


@dataclass(slots=True)
class _Named:
    """Whom the package names in one class-subject, or as leading one class. strands: by the key of a teacher."""

    stay: list[tuple[TeacherPlan, bool]] = field(default_factory=list)
    strands: dict[object, list[str]] = field(default_factory=lambda: defaultdict(list))
    end: list[int] = field(default_factory=list)


def planned_staff(
    rows: Sequence[TeacherRow],
    staff: Staff,
    classes: Mapping[str, KnownClass],
    new_classes: list[NewClass],
    *,
    pupil_numbers: frozenset[str],
    create_classes: bool,
    is_delta: bool,
    on: date,
) -> StaffPlan:
    """Compare the package with the school. Marks rows that are wrong.

    new_classes  grows by classes that only teachers' work names, where they may be made
    """
    plans = _matched(rows, staff, pupil_numbers)
    known = {key: known.grade for key, known in classes.items()} | {new.key: new.grade for new in new_classes}
    places = Places(staff, known, new_classes, may_make=create_classes)
    made = StaffPlan(plans)
    for place, people in _named(plans, places, staff).items():
        if place[1]:
            _plan_subject(made, place, people, staff, is_delta=is_delta)
        else:
            _plan_leader(made, place[0], people, staff, on)
    return made


def _named(plans: Sequence[TeacherPlan], places: Places, staff: Staff) -> dict[Place, _Named]:
    """Whom the rows name at each place. What is left of a class goes to whoever asks for it, once all were heard."""
    named: dict[Place, _Named] = defaultdict(_Named)
    rest: list[tuple[TeacherPlan, str]] = []
    for plan in plans:
        if plan.outcome is Outcome.WRONG:
            continue
        if plan.row.is_leaving and plan.known:
            _give_up_everything(plan.known.staff_id, staff, named)
            continue
        for work in plan.row.works:
            place = places.of(plan.row, work)
            if place is None:
                continue
            if place[1] == REST:
                rest.append((plan, place[0]))
            elif work.is_over:
                named[place].end.extend([plan.known.staff_id] if plan.known else [])
            else:
                named[place].stay.append((plan, work.leads))
                if strand := places.strand_of(work, place):
                    named[place].strands[_key(plan)].append(strand)
    for plan, key in rest:
        for place in [each for each in places.without_teacher(plan.row, key) if not named[each].stay]:
            named[place].stay.append((plan, False))
    return named


def _matched(rows: Sequence[TeacherRow], staff: Staff, pupil_numbers: frozenset[str]) -> list[TeacherPlan]:
    by_source = {known.source_id: known for known in staff.teachers.values()}
    numbers = by_number((key, known.details) for key, known in staff.teachers.items())
    by_name: dict[str, list[KnownTeacher]] = defaultdict(list)
    for known in staff.teachers.values():
        by_name[name_key(known.details.full_name)].append(known)
    claims: dict[object, int] = {}
    found: dict[int, KnownTeacher] = {}
    for row in rows:
        _refuse_foreign(row, staff, pupil_numbers)
        sure = by_source.get(row.source_id) or _by_number(row, staff, numbers)
        if sure is not None and not row.is_wrong:
            found[row.line] = sure
            _claim(row, ("staff", sure.staff_id), claims)
    for row in rows:
        if row.is_wrong or row.line in found:
            continue
        alike = [known for known in by_name.get(name_key(row.full_name), ()) if _fits(row, known, claims)]
        if len(alike) > 1:
            row.issues.append(issue(Code.SEVERAL_TEACHERS))
        elif alike:
            found[row.line] = alike[0]
            _claim(row, ("staff", alike[0].staff_id), claims)
        else:
            _claim_as_new(row, claims)
    return [_teacher_plan(row, found.get(row.line)) for row in rows]


def _refuse_foreign(row: TeacherRow, staff: Staff, pupil_numbers: frozenset[str]) -> None:
    numbers = {number for number in (row.moet_code, row.national_id) if number}
    if numbers & pupil_numbers:
        row.issues.append(issue(Code.NUMBER_OF_PUPIL))
    elif numbers & staff.elsewhere:
        row.issues.append(issue(Code.TEACHER_ELSEWHERE))


def _by_number(row: TeacherRow, staff: Staff, numbers: Mapping[tuple[str, str], int]) -> KnownTeacher | None:
    pairs = (("moet_code", row.moet_code or ""), ("national_id", row.national_id or ""))
    found = {numbers[pair] for pair in pairs if pair in numbers}
    if len(found) > 1:
        row.issues.append(issue(Code.SEVERAL_TEACHERS))
    return staff.teachers[found.pop()] if len(found) == 1 else None


def _fits(row: TeacherRow, known: KnownTeacher, claims: Mapping[object, int]) -> bool:
    """Nobody else's row claims the one known, and no number or birth date of the two contradicts the other."""
    details = known.details
    if ("staff", known.staff_id) in claims or (row.birth and details.birth and row.birth != details.birth):
        return False
    pairs = ((row.moet_code, details.moet_code), (row.national_id, details.national_id))
    return not any(one and other and one != other for one, other in pairs)


def _claim(row: TeacherRow, who: object, claims: dict[object, int]) -> None:
    line = claims.setdefault(who, row.line)
    if line != row.line:
        row.issues.append(issue(Code.TEACHER_TWICE, line=line))


def _claim_as_new(row: TeacherRow, claims: dict[object, int]) -> None:
    if not row.full_name:
        row.issues.append(issue(Code.USER_UNKNOWN, text=row.source_id))
        return
    numbers = [number for number in (row.moet_code, row.national_id) if number]
    known_as = [("source", row.source_id)] if row.source_id else []
    for who in [*known_as, *(("number", number) for number in numbers)]:
        if not row.is_wrong:
            _claim(row, who, claims)
    if not numbers and not row.is_wrong and not row.is_leaving:
        _claim(row, ("name", name_key(row.full_name), row.birth), claims)
        if row.source_id or row.birth is None:
            row.issues.append(issue(Code.TEACHER_WITHOUT_NUMBER))


def _teacher_plan(row: TeacherRow, known: KnownTeacher | None) -> TeacherPlan:
    if row.is_wrong:
        return TeacherPlan(row, Outcome.WRONG)
    if row.is_leaving:
        return TeacherPlan(row, Outcome.UNCHANGED if known is None else Outcome.CHANGED, known, None, ("left",))
    before = known.details if known else PersonDetails(row.full_name)
    differing: dict[str, Any] = {}
    if row.full_name and name_key(row.full_name) != name_key(before.full_name):
        differing["full_name"] = row.full_name
    for name in _FIELDS:
        value = getattr(row, name)
        if value is not None and value != getattr(before, name):
            differing[name] = value
    details = replace(before, **differing)
    if known is None:
        if row.position == "deputy_head":
            row.issues.append(issue(Code.BOARD_BY_OFFICE))
        return TeacherPlan(row, Outcome.NEW, None, details, tuple(differing))
    changes = (*differing, *_work_differing(row, known))
    return TeacherPlan(row, Outcome.CHANGED if changes else Outcome.UNCHANGED, known, details, changes)


def _work_differing(row: TeacherRow, known: KnownTeacher) -> list[str]:
    changes = [] if known.is_listed else ["position"]
    if row.code and row.code != known.code:
        changes.append("staff_code")
    if row.group and fold(row.group) != fold(known.group):
        changes.append("subject_group")
    return changes


def _give_up_everything(staff_id: int, staff: Staff, named: dict[Place, _Named]) -> None:
    for place, people in staff.taught.items():
        if staff_id in people:
            named[place].end.append(staff_id)
    for key, leader in staff.leaders.items():
        if leader.staff_id == staff_id:
            named[key, ""].end.append(staff_id)


def _plan_subject(made: StaffPlan, place: Place, people: _Named, staff: Staff, *, is_delta: bool) -> None:
    now = staff.taught.get(place, ())
    coming = dict.fromkeys(_key(plan) for plan, _ in people.stay)
    by_key: dict[object, Teacher] = {staff_id: staff.teachers[staff_id] for staff_id in now}
    by_key |= {_key(plan): plan for plan, _ in people.stay}
    ending = set(people.end) - coming.keys()
    stays = [staff_id for staff_id in now if staff_id not in ending] if is_delta or not coming else []
    after: list[object] = [*stays, *(key for key in coming if key not in stays)]
    leading = (_key(plan) for plan, leads in people.stay if leads)
    leader = next(leading, now[0] if now and now[0] in after else None)
    after.sort(key=lambda key: key != leader)
    said = people.strands if len(after) > 1 else {}
    parts = {(key, strand) for key, theirs in said.items() for strand in theirs}
    if set(after) == set(now) and after[:1] == list(now[:1]) and parts <= staff.parts.get(place, frozenset()):
        return
    made.teaching[place] = [by_key[key] for key in after]
    # Who teaches alone teaches all of it.
    made.strands[place] = [tuple(said.get(key, ())) for key in after] if len(after) > 1 else [("",)] * len(after)
    _mark(made, {*after, *now}, "teaching")


def _plan_leader(made: StaffPlan, key: str, people: _Named, staff: Staff, on: date) -> None:
    """The first teacher of a homeroom class leads it. Who only leaves it leads it no more."""
    now = staff.leaders.get(key)
    leader = next((plan for plan, leads in people.stay if leads), people.stay[0][0] if people.stay else None)
    if leader is not None and now is not None and _key(leader) == now.staff_id:
        return
    if leader is None and (now is None or now.staff_id not in people.end):
        return
    is_late = now is not None and now.since is not None and now.since > on
    if is_late or not staff.may_appoint:
        for plan in made.teachers:
            if plan is leader or (leader is None and plan.known and now and plan.known.staff_id == now.staff_id):
                plan.row.issues.append(issue(Code.LEADS_ELSEWHEN, name=key.upper()))
        return
    made.leaders[key] = leader
    _mark(made, {_key(leader) if leader else None, now.staff_id if now else None}, "homeroom")


def _key(plan: TeacherPlan) -> object:
    """What tells one teacher from another: the staff id, or the row of somebody new."""
    return plan.known.staff_id if plan.known else ("line", plan.row.line)


def _mark(made: StaffPlan, keys: set[object], change: str) -> None:
    for plan in made.teachers:
        if _key(plan) in keys and plan.outcome is not Outcome.WRONG and change not in plan.changes:
            plan.changes = (*plan.changes, change)
            if plan.outcome is Outcome.UNCHANGED:
                plan.outcome = Outcome.CHANGED
