"""What the first page of each role shows. queries fills it, one function a role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from khue.assessment.queries import DueTest
from khue.attendance.queries import DayCount, LessonToLog, PupilAbsence, TeachingDay
from khue.gradebook.queries import BookToFill, NewMark, ReportedPupil, SchoolMarks
from khue.indicators.models import AskedReport
from khue.indicators.queries import Part, Received, Value
from khue.learning.queries import DueLesson
from khue.messaging.queries import News, ToAnswer, Waiting
from khue.payments.queries import Desk, Owed
from khue.portal.beginning import Beginning
from khue.procedures.queries import WaitingCases
from khue.registry.models import Organisation
from khue.timetable.queries import Ahead, LessonsPlanned
from khue.workspace.models import Task
from khue.workspace.queries import Away, WaitingAtDesk


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
