"""What each role needs to know now. One function a role; the page prints what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from khue.assessment import queries as assessment
from khue.assessment.queries import DueTest
from khue.attendance import queries as attendance
from khue.attendance.queries import DayCount, LessonToLog, PupilAbsence, TeachingDay
from khue.foundation import clock, extensions
from khue.foundation.actor import Actor
from khue.foundation.extensions import PublicDoor
from khue.gradebook import queries as gradebook
from khue.gradebook.queries import BookToFill, NewMark, ReportedPupil, SchoolMarks
from khue.identity.models import Role
from khue.indicators import queries as indicators
from khue.indicators.models import AskedReport
from khue.indicators.queries import Part, Received, Value
from khue.learning import queries as learning
from khue.learning.queries import DueLesson
from khue.messaging import queries as messaging
from khue.messaging.queries import News, ToAnswer, Waiting
from khue.payments import queries as payments
from khue.payments.queries import Desk, Owed
from khue.portal.beginning import Beginning, beginning_of, year_under_way
from khue.procedures import queries as procedures
from khue.procedures.queries import WaitingCases
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Term
from khue.timetable import queries as timetable
from khue.timetable.queries import Ahead, LessonsPlanned
from khue.workspace import queries as workspace
from khue.workspace.models import Task
from khue.workspace.queries import Away, WaitingAtDesk

LATELY = timedelta(days=14)
#: Of a kind on one page; the rooms' own pages show all.
MOST_OF_THE_DESK = 5


@dataclass(frozen=True, slots=True)
class PupilHome:
    """Hôm nay: the lessons of today or the next day, what is due, where I stopped, messages."""

    class_name: str
    ahead: Ahead
    asked: list[ToAnswer]
    tests: list[DueTest]
    due: list[DueLesson]
    going_on: list[DueLesson]
    messages: list[News]


@dataclass(frozen=True, slots=True)
class ChildCard:
    """One child on a guardian's page."""

    pupil: ReportedPupil
    ahead: Ahead
    absences: list[PupilAbsence]
    marks: list[NewMark]
    asked: list[ToAnswer]
    has_leave: bool


@dataclass(frozen=True, slots=True)
class GuardianHome:
    """A card for each child, what is asked of the guardian alone, what is to be paid, and messages to read."""

    children: list[ChildCard]
    asked: list[ToAnswer]
    owed: Owed
    messages: list[News]


@dataclass(frozen=True, slots=True)
class TeacherHome:
    """The next lessons with their rolls, leave to decide, mark-books with empty columns, tasks to do."""

    day: TeachingDay
    to_fill: list[BookToFill]
    waiting: list[Waiting]
    messages: list[News]
    tasks: list[Task]

    @property
    def next_lesson(self) -> LessonToLog | None:
        return next((row for row in self.day.lessons if not row.is_logged), None)


@dataclass(frozen=True, slots=True)
class HeadHome:
    """The school today: lessons logged of lessons planned, who is missing, marks entered, what waits for an answer.

    reported  lines of conversations that somebody reported and nobody has decided on
    """

    school: Organisation
    desk: WaitingAtDesk
    asked: list[AskedReport]
    tasks: list[Task]
    beginning: Beginning | None
    lessons: LessonsPlanned = field(default_factory=LessonsPlanned)
    day: DayCount | None = None
    marks: SchoolMarks = field(default_factory=SchoolMarks)
    reported: int = 0
    cases: int = 0
    late_cases: int = 0
    values: Sequence[Value] = ()


@dataclass(frozen=True, slots=True)
class ClerkHome:
    """The office today: dossiers at the counter, money nobody has placed, who is away, what was asked of oneself.

    away  colleagues on leave today
    desk  of it the papers that wait for a number
    """

    school: Organisation
    cases: WaitingCases
    transfers: int
    planned: int
    day: DayCount
    away: list[Away]
    desk: WaitingAtDesk
    asked: list[AskedReport]
    tasks: list[Task]
    messages: list[News]
    beginning: Beginning | None


@dataclass(frozen=True, slots=True)
class AccountantHome:
    """The money today: what came, transfers and files that wait, who is late; what was asked of oneself."""

    school: Organisation
    desk: Desk
    tasks: list[Task]
    messages: list[News]


@dataclass(frozen=True, slots=True)
class OfficeWork:
    """What waits for an office above schools.

    cases, late         steps that wait at its counter, and those past their day
    period              of the round of reports that is due next, or was last; "" where no day is set
    receiving, waiting  admissions of its schools that take applications, and that wait for their seats
    """

    cases: int
    late: int
    period: str
    due_on: date | None
    reports: Received | None
    receiving: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OfficerHome:
    """A province or the country: what waits, indicators against targets, and the bodies below.

    work  null for the Ministry
    """

    organisation: Organisation
    year: str
    values: list[Value]
    parts: list[Part]
    work: OfficeWork | None


def public_doors() -> list[PublicDoor]:
    """What anybody may do here without signing in, in order. No query."""
    return sorted(extensions.public_doors, key=lambda door: door.order)


def pupil_home(actor: Actor, at: datetime) -> PupilHome:
    """Ten queries."""
    day = at.astimezone(clock.VIETNAM).date()
    asked = messaging.to_answer(actor, at)
    place = schools.place_of_pupil(actor.person_id or 0, day)
    if place is None:
        return PupilHome("", Ahead([]), asked, [], [], [], messaging.news(actor))
    tests = assessment.due_tests(actor, at, place)
    return PupilHome(
        class_name=place.class_name,
        ahead=timetable.ahead_of_class(place.organisation_id, place.school_class_id, at),
        asked=asked,
        tests=[test for test in tests if test.closes_at > at and test.mark is None][:5],
        due=learning.due_lessons(actor, 5, place),
        going_on=learning.continue_with(actor, place=place),
        messages=messaging.news(actor),
    )


def guardian_home(actor: Actor, at: datetime) -> GuardianHome:
    """Nine queries, one more where something is to be decided, however many children at however many schools."""
    day = at.astimezone(clock.VIETNAM).date()
    children = gradebook.reported_pupils(actor, day)
    asked = messaging.to_answer(actor, at)
    shown = {child.person_id for child in children}
    missed, on_leave = attendance.lately_missed(actor, [child.enrolment_id for child in children], day - LATELY, day)
    ahead = timetable.ahead_of_classes([(child.organisation_id, child.school_class_id) for child in children], at)
    marks = gradebook.new_marks(children, day - LATELY, 5)
    return GuardianHome(
        [
            ChildCard(
                child,
                ahead[child.school_class_id],
                [one for one in missed if one.enrolment_id == child.enrolment_id][:5],
                marks[child.enrolment_id],
                [one for one in asked if one.child_id == child.person_id],
                child.enrolment_id in on_leave,
            )
            for child in children
        ],
        [one for one in asked if one.child_id not in shown],
        payments.owed_by(actor),
        messaging.news(actor),
    )


def teacher_home(actor: Actor, at: datetime) -> TeacherHome:
    """Eleven queries for who works at one school."""
    return TeacherHome(
        day=attendance.teaching_day(schools.own_staff(actor), at),
        to_fill=gradebook.books_to_fill(actor, at.astimezone(clock.VIETNAM).date(), limit=8),
        waiting=messaging.waiting_for_classes(actor, at),
        messages=messaging.news(actor),
        tasks=workspace.own_tasks(actor),
    )


def head_home(actor: Actor, at: datetime) -> HeadHome:
    """Eleven queries. Before the year has a timetable there is no lesson to count, only what is to be set up."""
    day = at.astimezone(clock.VIETNAM).date()
    school, term, counted = _today_at_school(actor, Role.HEAD, day)
    beginning = beginning_of(actor, school, year_under_way(term, day), day, has_begun=counted.has_begun)
    waiting = HeadHome(
        school=school,
        desk=workspace.waiting(actor, day),
        asked=indicators.owed_by(school),
        tasks=workspace.own_tasks(actor),
        beginning=beginning,
    )
    if beginning is not None and not beginning.has_timetable:
        return waiting
    cases, late = procedures.count_waiting(actor, day)
    return replace(
        waiting,
        lessons=timetable.count_lessons(school.id, day),
        day=counted,
        marks=gradebook.school_marks(actor, term),
        reported=messaging.open_reports(actor),
        cases=cases,
        late_cases=late,
        values=_computed(school, day),
    )


def _today_at_school(actor: Actor, role: Role, day: date) -> tuple[Organisation, Term | None, DayCount]:
    """The school in which the actor has this role, its term, what was counted today. Two queries."""
    place = next(held.organisation for held in actor.held if held.role == role)
    term = schools.current_term(place, day)
    year = year_under_way(term, day)
    school = term.organisation if term else registry.organisation_with(place)
    return school, term, attendance.day_of_school(place, day, year.starts_on if year else None)


def clerk_home(actor: Actor, at: datetime) -> ClerkHome:
    """Twelve queries; some more until the first roll of the year is taken."""
    day = at.astimezone(clock.VIETNAM).date()
    school, term, counted = _today_at_school(actor, Role.CLERK, day)
    return ClerkHome(
        school=school,
        cases=procedures.waiting_cases(actor, day, MOST_OF_THE_DESK),
        transfers=payments.count_transfers_waiting(actor, school.id),
        planned=timetable.count_lessons(school.id, day).planned,
        day=counted,
        away=workspace.away_between(actor, day, day),
        desk=workspace.waiting(actor, day),
        asked=indicators.owed_by(school),
        tasks=workspace.own_tasks(actor),
        messages=messaging.news(actor),
        beginning=beginning_of(actor, school, year_under_way(term, day), day, has_begun=counted.has_begun),
    )


def accountant_home(actor: Actor, at: datetime) -> AccountantHome:
    """Ten queries."""
    day = at.astimezone(clock.VIETNAM).date()
    school = registry.organisation_with(next(held.organisation for held in actor.held if held.role == Role.ACCOUNTANT))
    desk = payments.desk_of(actor, school.id, day)
    return AccountantHome(school, desk, workspace.own_tasks(actor), messaging.news(actor))


def officer_home(actor: Actor, at: datetime) -> OfficerHome:
    """Ten queries, five for the Ministry, whatever the size of the country."""
    day = at.astimezone(clock.VIETNAM).date()
    organisation = indicators.own_organisation(actor)
    year = indicators.school_year_of(day)
    values = _computed(organisation, day)
    return OfficerHome(
        organisation, year, values, indicators.parts_of(organisation, values[1].indicator, year, limit=50),
        _office_work(actor, organisation, year, at) if Role.DEPARTMENT_OFFICER.value in actor.roles else None,
    )  # fmt: skip


def _office_work(actor: Actor, office: Organisation, year: str, at: datetime) -> OfficeWork:
    day = at.astimezone(clock.VIETNAM).date()
    rounds = indicators.due_dates(office, year)
    # The nearest day ahead; behind us, the last one.
    period = min(rounds, key=lambda each: (rounds[each] < day, abs((rounds[each] - day).days)), default="")
    due_on = rounds.get(period)
    reports = indicators.received(indicators.Round(office, year, period, due_on), day) if due_on else None
    return OfficeWork(
        *procedures.count_waiting(actor, day), period, due_on, reports, *schools.count_admissions(actor, at)
    )


def _computed(organisation: Organisation, day: date) -> list[Value]:
    values = indicators.values_of(organisation, indicators.school_year_of(day))
    return [value for value in values if value.indicator.is_computed]
