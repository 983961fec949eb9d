"""Official forms as they are printed: a teacher's book, a class's sheet, notices to families. Nobody is ranked."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.gradebook import labels
from khue.gradebook.models import MarkBook, MarkCorrection, PupilYear, ReceivedMark, Remark, SubjectYear, TermConduct
from khue.gradebook.queries.books import strands_of
from khue.gradebook.queries.entering import received_marks_of, remarks_in
from khue.gradebook.queries.grids import Grid, grid_of
from khue.gradebook.queries.years import Sheet, day_of
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolClass
from khue.schools.queries import Member


@dataclass(frozen=True, slots=True)
class Heading:
    """Who issues a form: the two lines at its left."""

    superior: str
    issuer: str


def heading_of(school_class: SchoolClass) -> Heading:
    """The school of a class and the body it stands under. At most two queries."""
    school = school_class.organisation
    return Heading(school.parent.name if school.parent else "", school.name)


def homeroom_teacher_of(school_class: SchoolClass) -> str:
    """The name of the homeroom teacher; empty while nobody leads the class. At most two queries."""
    leads = school_class.homeroom_teacher
    return leads.person.full_name if leads else ""


@dataclass(frozen=True, slots=True)
class BookPaper:
    """A teacher's book of one term, to be printed.

    remarks      the teacher's words by enrolment id
    corrections  changes after the lock that the head has approved
    """

    grid: Grid
    remarks: dict[int, str]
    teachers: list[str]
    strands: list[str]
    corrections: list[MarkCorrection]
    received: list[ReceivedMark]


def book_paper_of(book: MarkBook) -> BookPaper:
    """All that is printed of a book from `book_of`. Nine queries, however many pupils."""
    grid = grid_of(book)
    shares = schools.shares_of_one(book.class_subject, day_of(book.class_subject.school_class))
    approved = MarkCorrection.objects.filter(column__book=book, state=MarkCorrection.State.APPROVED)
    return BookPaper(
        grid,
        remarks_in(book, [row.enrolment_id for row in grid.rows]),
        list(dict.fromkeys(share.full_name for share in shares)),
        strands_of(book),
        list(approved.select_related("enrolment__person", "column").order_by("decided_at", "id")),
        received_marks_of(book),
    )


def sheet_totals(sheet: Sheet) -> list[tuple[str, list[tuple[str, int]]]]:
    """How many pupils of a class sheet reached what: study, conduct and, for the year, moving up and titles."""
    counted = [("Học tập", Counter(row.study for row in sheet.rows))]
    counted.append(("Rèn luyện", Counter(row.conduct for row in sheet.rows)))
    if not sheet.period:
        counted.append(("Kết quả cả năm", Counter(row.outcome for row in sheet.rows)))
        counted.append(("Danh hiệu", Counter(row.award for row in sheet.rows if row.award)))
    order = [labels.level(level) for level in (3, 2, 1, 0, None)]
    return [
        (title, sorted(found.items(), key=lambda one: (order.index(one[0]) if one[0] in order else 9, one[0])))
        for title, found in counted
    ]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One subject on a notice: results of term 1, term 2, the year, after summer, and the teacher's words."""

    subject: str
    results: tuple[str, str, str, str]
    remark: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Phiếu báo kết quả of one pupil for a term or the year; nothing of any other pupil.

    study, conduct  of term 1, term 2, the year
    remark          the homeroom teacher's words on the term, for the year on both
    """

    enrolment: UUID
    full_name: str
    lines: list[NoticeLine]
    study: tuple[str, str, str]
    conduct: tuple[str, str, str]
    absent: str
    outcome: str
    award: str
    remark: str


def notices_of(pupils: Sequence[Member], period: int) -> list[Notice]:
    """The notices of pupils of one class. Four queries, however many pupils.

    period  1, 2, or 0 for the year
    """
    ids = [pupil.enrolment_id for pupil in pupils]
    years = {year.enrolment_id: year for year in PupilYear.objects.filter(enrolment_id__in=ids)}
    lines = _lines(ids, period)
    words: dict[int, list[str]] = defaultdict(list)
    spoken = TermConduct.objects.filter(enrolment_id__in=ids).exclude(comment="").order_by("term__number")
    for pupil, number, comment in spoken.values_list("enrolment_id", "term__number", "comment"):
        if period in (0, number):
            words[pupil].append(comment if period else f"Học kì {number}: {comment}")
    return [_notice(pupil, lines[pupil.enrolment_id], years, " ".join(words[pupil.enrolment_id])) for pupil in pupils]


def member_of(enrolment: Enrolment) -> Member:
    """One pupil as a class list has it, for an enrolment from `schools.enrolment_of`."""
    person = enrolment.person
    return Member(enrolment.id, enrolment.public_id, person.id, person.public_id, person.full_name)


def _lines(enrolment_ids: Sequence[int], period: int) -> dict[int, list[NoticeLine]]:
    moment = 2 if period == 1 else 4
    said = Remark.objects.filter(enrolment_id__in=enrolment_ids, moment=moment).exclude(item="")
    remarks = {(pupil, item): text for pupil, item, text in said.values_list("enrolment_id", "item", "text")}
    found: dict[int, list[NoticeLine]] = defaultdict(list)
    rows = SubjectYear.objects.filter(enrolment_id__in=enrolment_ids).select_related("class_subject__subject")
    for row in rows.order_by("class_subject__subject__order", "class_subject__subject__code"):
        subject = row.class_subject.subject
        first, second, year, again = (
            labels.result(value, is_scored=row.is_scored, is_exempt=row.is_exempt)
            for value in (row.term_1, row.term_2, row.year, row.reassessed)
        )
        shown = (first, second, year, "" if row.is_exempt else again)
        remark = remarks.get((row.enrolment_id, subject.code), "")
        found[row.enrolment_id].append(NoticeLine(subject.name, shown, remark))
    return found


def _notice(pupil: Member, lines: list[NoticeLine], years: dict[int, PupilYear], remark: str) -> Notice:
    year = years.get(pupil.enrolment_id) or PupilYear(outcome="", award="")
    return Notice(
        pupil.enrolment_public_id,
        pupil.full_name,
        lines,
        (labels.level(year.study_term_1), labels.level(year.study_term_2), labels.level(year.study)),
        (labels.level(year.conduct_term_1), labels.level(year.conduct_term_2), labels.level(year.conduct)),
        labels.sessions(year.sessions_absent),
        labels.outcome(year.outcome),
        labels.award(year.award),
        remark,
    )
