"""Year sheets: whose they are, where they stand, what is missing, what was done to them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.records import access
from khue.records.content import Content, read
from khue.records.models import Issue, Signature, Step, Transcript, YearSheet
from khue.records.queries.compiled_years import Drafted, drafted_of
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, SchoolYear

STATES = tuple(YearSheet.State)
#: A school has a dozen; whoever sees more sees those of many schools.
MOST_YEARS = 200


def visible_sheets(actor: Actor) -> QuerySet[YearSheet]:
    """Sheets the actor may open, every version of them. Page before use."""
    rows = YearSheet.objects.filter(access.sheets(actor))
    return rows.select_related("transcript__person", "school_class", "school_year", "organisation")


def sheet_of(actor: Actor, public_id: UUID) -> YearSheet:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_sheets(actor), public_id=public_id)


def visible_transcripts(actor: Actor) -> QuerySet[Transcript]:
    """Transcripts of the school, one's own and those of one's wards."""
    return Transcript.objects.filter(access.transcripts(actor)).select_related("person", "organisation")


def transcript_of(actor: Actor, public_id: UUID) -> Transcript:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_transcripts(actor), public_id=public_id)


def own_transcripts(actor: Actor) -> list[Transcript]:
    """The holder's own and those of the wards it speaks for. One query."""
    people = access.children(actor)
    if not people:
        return []
    rows = Transcript.objects.filter(person_id__in=people).select_related("person", "organisation")
    return list(rows.order_by("person__sort_key"))


def content_in(sheet: YearSheet) -> Content:
    """What a sheet says."""
    from khue.records.signing.xades import parsed

    return read(parsed(bytes(sheet.content)), Content)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of a year: how many pupils, how many sheets in each state, in the order of the states."""

    school_class: SchoolClass
    pupils: int
    counts: tuple[int, ...]

    @property
    def by_state(self) -> list[tuple[str, int]]:
        """(state, how many) of the states in which some stand."""
        return [(str(state), count) for state, count in zip(STATES, self.counts, strict=True) if count]

    @property
    def made(self) -> int:
        return sum(self.counts)

    @property
    def done(self) -> int:
        return sum(self.counts[STATES.index(YearSheet.State.SEALED) :])

    @property
    def deposited(self) -> int:
        return self.counts[STATES.index(YearSheet.State.DEPOSITED)]


@dataclass(frozen=True, slots=True)
class GradeRows:
    """The classes of a grade with what they come to; is_open: whether a reader is to see them without asking."""

    grade: int
    rows: list[ClassRow]
    is_open: bool

    @property
    def pupils(self) -> int:
        return sum(row.pupils for row in self.rows)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def deposited(self) -> int:
        return sum(row.deposited for row in self.rows)


#: As many classes are read without their being folded into grades.
FEW = 12


def by_grade(rows: Sequence[ClassRow]) -> list[GradeRows]:
    """The rows under their grades. Of a large school the first grade that has begun and not ended is open, if any."""
    grades: dict[int, list[ClassRow]] = defaultdict(list)
    for row in rows:
        grades[row.school_class.grade].append(row)
    begun = (grade for grade, some in sorted(grades.items()) if any(row.made and row.done < row.pupils for row in some))
    first = next(begun, None)
    return [GradeRows(grade, grades[grade], len(rows) <= FEW or grade == first) for grade in sorted(grades)]


def class_rows(actor: Actor, school_year: SchoolYear) -> list[ClassRow]:
    """The classes of a year that the actor may open, with where their sheets stand. Three queries."""
    classes = list(schools.visible_classes(actor).filter(school_year=school_year))
    counted: dict[int, Counter[str]] = {one.id: Counter() for one in classes}
    rows = YearSheet.objects.filter(school_year=school_year, school_class_id__in=counted, is_latest=True)
    for key, state, number in rows.values_list("school_class_id", "state").annotate(number=Count("id")).order_by():
        counted[key][state] = number
    pupils = Counter(key for _enrolment, key, _over in schools.places_of_year(school_year))
    found = [ClassRow(one, pupils[one.id], tuple(counted[one.id][state] for state in STATES)) for one in classes]
    return sorted(found, key=lambda row: schools.by_number(row.school_class.name))


def classes_to(actor: Actor, school_year: SchoolYear, deed: str, grade: int | None) -> list[SchoolClass]:
    """The classes of a year, or of a grade, whose sheets may be prepared, or wait to be confirmed. Three queries."""
    compared = STATES.index(YearSheet.State.COMPARED)
    return [
        row.school_class for row in class_rows(actor, school_year)
        if grade in (None, row.school_class.grade) and (deed == "prepare" or row.counts[compared])
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of a class: the sheet, or why there is none yet."""

    full_name: str
    person_id: int
    sheet: YearSheet | None
    problems: list[str]
    differs: bool
    compared_subjects: int


@dataclass(frozen=True, slots=True)
class ClassSheets:
    """A class's transcripts."""

    rows: list[PupilRow]
    subjects: int

    @property
    def made(self) -> list[PupilRow]:
        """Those who have a sheet, or lack nothing for one."""
        return [row for row in self.rows if not row.problems]

    @property
    def held_back(self) -> list[tuple[str, list[str]]]:
        """What keeps sheets from being made, each with the pupils it keeps; what keeps most of them first."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.problems:
                found["; ".join(row.problems)].append(row.full_name)
        return sorted(found.items(), key=lambda each: -len(each[1]))

    def count(self, *states: str) -> int:
        """How many sheets stand in one of these states."""
        return sum(row.sheet is not None and row.sheet.state in states for row in self.rows)


def class_sheets_of(actor: Actor, school_class: SchoolClass) -> ClassSheets:
    """A class's pupils with their sheets. Twelve queries at most, however many pupils."""
    drafts = drafted_of(actor, school_class)
    rows = YearSheet.objects.filter(access.sheets(actor), school_class=school_class, is_latest=True)
    sheets = {sheet.enrolment_id: sheet for sheet in rows.defer("content")}
    compared = Counter(
        Step.objects.filter(sheet__in=[one.id for one in sheets.values()], role="subject_teacher")
        .values_list("sheet_id", "subject").distinct().values_list("sheet_id", flat=True)
    )  # fmt: skip
    found = [_pupil_row(one, sheets.get(one.enrolment_id), compared) for one in drafts]
    return ClassSheets(found, len(schools.subject_lines(school_class, school_class.school_year.ends_on)))


def _pupil_row(one: Drafted, sheet: YearSheet | None, compared: Counter[int]) -> PupilRow:
    differs = sheet is not None and one.differs_from(sheet)
    said = [] if sheet else one.problems
    return PupilRow(one.person.full_name, one.person.id, sheet, said, differs, compared[sheet.id] if sheet else 0)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet with everything that was done to it."""

    sheet: YearSheet
    content: Content
    steps: list[Step]
    signatures: list[Signature]
    versions: list[YearSheet]
    issues: list[Issue]


def sheet_page_of(actor: Actor, sheet: YearSheet) -> SheetPage:
    """All that a page shows of a sheet from `sheet_of`. Five queries."""
    versions = visible_sheets(actor).filter(transcript=sheet.transcript_id, school_year=sheet.school_year_id)
    sees_log = actor.may(access.Permission.SHEET_ISSUE, sheet) or sheet.transcript.person_id in access.children(actor)
    issues = Issue.objects.filter(Q(sheet=sheet) | Q(sheet=None), transcript=sheet.transcript_id).order_by("-id")
    return SheetPage(
        sheet,
        content_in(sheet),
        list(Step.objects.filter(sheet=sheet).order_by("id")),
        list(Signature.objects.filter(sheet=sheet).select_related("key").order_by("id")),
        list(versions.order_by("version")),
        list(issues[:50]) if sees_log else [],
    )


def sheets_of_transcript(transcript: Transcript) -> list[YearSheet]:
    """The sealed sheets that hold, the first year first. One query.

    transcript  from a query that says who may see it
    """
    rows = YearSheet.objects.filter(transcript=transcript, sealed_at__isnull=False).select_related(
        "xml", "pdf", "school_year", "school_class", "organisation"
    )
    newest: dict[int, YearSheet] = {}
    for sheet in rows.defer("content").order_by("school_year__starts_on", "version"):
        newest[sheet.school_year_id] = sheet
    return list(newest.values())


def newer_than(digest: str) -> bool | None:
    """Whether a sealed version has taken the place of the sheet with this digest; None where we do not know it."""
    known = YearSheet.objects.filter(digest=digest, sealed_at__isnull=False).first()
    if known is None:
        return None
    return YearSheet.objects.filter(
        transcript=known.transcript_id, school_year=known.school_year_id, version__gt=known.version,
        sealed_at__isnull=False,
    ).exists()  # fmt: skip


def names_of(sheets: Sequence[YearSheet]) -> str:
    """At most five names, for a sentence."""
    names = [sheet.transcript.person.full_name for sheet in sheets[:5]]
    return ", ".join(names) + (f" và {len(sheets) - 5} em khác" if len(sheets) > 5 else "")


def year_to_record(actor: Actor, code: str, on: date) -> tuple[SchoolYear, list[SchoolYear]]:
    """The school year of the page and all that may be chosen, the latest first. Raises NotFound where there is none.

    code  of the year that was chosen; else the latest that has begun, since one is opened months before. One query
    """
    one_of_each = schools.visible_classes(actor).order_by("school_year_id").distinct("school_year_id")[:MOST_YEARS]
    years = sorted((each.school_year for each in one_of_each), key=lambda year: year.starts_on, reverse=True)
    if not years:
        raise NotFound
    begun = next((year for year in years if year.starts_on <= on), years[0])
    return next((year for year in years if str(year.public_id) == code), begun), years


def may_read_document(actor: Actor, file: StoredFile) -> bool:
    """A document is for whoever may open its sheet."""
    return YearSheet.objects.filter(access.sheets(actor)).filter(Q(xml=file) | Q(pdf=file)).exists()
