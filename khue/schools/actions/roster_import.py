"""Importing a roster, step by step: begin with a file, say what its columns mean, look, then apply or cancel.

Nothing is written to pupils, classes or guardians before `apply_roster`, and that is one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit, events, files, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.foundation.models import StoredFile
from khue.schools.access import Permission
from khue.schools.actions.roster_accounts import open_accounts
from khue.schools.actions.roster_plan import WholePlan, content_of, plan_of
from khue.schools.actions.roster_write import write_roster
from khue.schools.events import RosterImported
from khue.schools.models import ColumnChoice, Enrolment, RosterImport, SchoolYear, TeachingAssignment
from khue.schools.roster import reading
from khue.schools.roster.fields import Field
from khue.schools.roster.plan import RowPlan
from khue.schools.roster.preview import Counts, Preview, preview_of
from khue.schools.roster.report import report_of
from khue.schools.roster.staff_plan import TeacherPlan

JOB = "schools.import_roster"


class ImportIsOver(Refusal):
    code = "roster_import_over"
    message = gettext_lazy("Lần nhập này đã xong hoặc đã huỷ. Hãy tải tệp lên để nhập lần mới.")


class NothingToImport(Refusal):
    code = "roster_nothing_to_import"
    message = gettext_lazy("Không có dòng nào để nhập: mọi dòng đã có sẵn hoặc còn lỗi. Hãy sửa tệp rồi tải lên lại.")


@transaction.atomic
def begin_roster_import(
    *, actor: Actor, school_year: SchoolYear, file: StoredFile, at: datetime, is_staff: bool = False
) -> RosterImport:
    """Read the file's outline and propose what its columns mean. Changes no pupil and no staff.

    file     an .xlsx list of pupils or of staff, or a zip of OneRoster 1.2 CSV
    is_staff the file is said to be the list of staff; one that looks like it is taken for it anyway
    refuses  whatever cannot be read: see roster.refusals
    """
    require(actor, Permission.ROSTER_IMPORT, within=school_year)

    day = at.astimezone(VIETNAM).date()
    with files.open_file(file) as stream:
        remembered = _remembered(school_year.organisation_id)
        outline = reading.outline_of(stream.read(), remembered, today=day, is_staff=is_staff)
    made = RosterImport.objects.create(
        organisation_id=school_year.organisation_id,
        school_year=school_year,
        file=file,
        source=outline.source,
        sheet=outline.sheet,
        heading_first=outline.heading_first,
        heading_last=outline.heading_last,
        columns=outline.columns,
        notes=outline.notes,
        applies_on=_first_day(school_year, day, is_staff=outline.source == RosterImport.Source.STAFF),
        begun_by_id=actor.account_id,
        begun_at=at,
    )
    audit.record(actor, "roster_import.begun", made, file=file.name, school_year=school_year.code)
    return made


@transaction.atomic
def choose_columns(
    *,
    actor: Actor,
    roster_import: RosterImport,
    mapping: Mapping[int, Field | None],
    creates_classes: bool,
    opens_accounts: bool,
    applies_on: date,
    at: datetime,
    class_name: str = "",
) -> RosterImport:
    """Say what the columns mean, remember it for the school, and look what the import would do.

    mapping     column index to field; None leaves a column out. Empty for OneRoster, whose columns are known
    class_name  of every row that names no class; empty where the file's own column says it
    refuses     ImportIsOver; NoHeading without a name; NoRows; TooManyRows
    """
    require(actor, Permission.ROSTER_IMPORT, within=roster_import)

    roster_import = _open(roster_import)
    for column in roster_import.columns:
        if column["index"] in mapping:
            chosen = mapping[column["index"]]
            column["field"] = chosen.value if chosen else None
    roster_import.creates_classes = creates_classes
    roster_import.opens_accounts = opens_accounts
    roster_import.applies_on = applies_on
    roster_import.class_name = class_name
    plan = plan_of(actor, roster_import, content_of(roster_import), at)
    _remember(roster_import)
    roster_import.preview = preview_of(plan.pupils, plan.staff).stored()
    roster_import.state = RosterImport.State.PREVIEW
    roster_import.save()
    audit.record(actor, "roster_import.previewed", roster_import)
    return roster_import


@transaction.atomic
def confirm_roster_import(*, actor: Actor, roster_import: RosterImport, at: datetime) -> RosterImport:
    """Hand the import to a job that applies it.

    refuses  ImportIsOver; NothingToImport
    """
    require(actor, Permission.ROSTER_IMPORT, within=roster_import)

    roster_import = _open(roster_import)
    if not Preview.restored(roster_import.preview).does_something:
        raise NothingToImport
    roster_import.job = jobs.start(
        actor=actor,
        kind=JOB,
        organisation_id=roster_import.organisation_id,
        arguments={"roster_import": roster_import.id},
        at=at,
        title=_("Nhập danh sách từ “%(name)s”") % {"name": roster_import.file.name},
    )
    roster_import.state = RosterImport.State.RUNNING
    roster_import.save(update_fields=["job", "state"])
    audit.record(actor, "roster_import.confirmed", roster_import)
    return roster_import


@transaction.atomic
def cancel_roster_import(*, actor: Actor, roster_import: RosterImport, at: datetime) -> RosterImport:
    """Give the import up. Nothing of it was applied, and nothing will be.

    refuses  ImportIsOver
    """
    require(actor, Permission.ROSTER_IMPORT, within=roster_import)

    roster_import = _open(roster_import)
    roster_import.state = RosterImport.State.CANCELLED
    roster_import.finished_at = at
    roster_import.save(update_fields=["state", "finished_at"])
    audit.record(actor, "roster_import.cancelled", roster_import)
    return roster_import


@dataclass(frozen=True, slots=True)
class AppliedRoster:
    """What became of a roster: pupils and teachers by outcome, and the file that says it row by row, if need be."""

    new: int
    changed: int
    unchanged: int
    wrong: int
    report: StoredFile | None
    staff: Counts


@transaction.atomic
def apply_roster(
    *, actor: Actor, roster_import: RosterImport, at: datetime, progress: Callable[[int, int], None] | None = None
) -> AppliedRoster:
    """Read the file once more, plan against the school as it is now, and write everything that is not wrong.

    progress  called with rows done and rows in all, a few times
    refuses   ImportIsOver; what the file refuses
    cost      some thirty statements, whatever the number of rows
    """
    require(actor, Permission.ROSTER_IMPORT, within=roster_import)

    roster_import = _held(roster_import)
    data = content_of(roster_import)
    plan = plan_of(actor, roster_import, data, at)
    year = roster_import.school_year
    written = write_roster(
        actor=actor, school_year=year, plan=plan.pupils, staff=plan.staff, on=roster_import.applies_on,
        progress=progress,
    )  # fmt: skip
    if roster_import.opens_accounts:
        roster_import.newcomers = open_accounts(actor, year.organisation, written, at)
    preview = preview_of(plan.pupils, plan.staff)
    roster_import.preview, roster_import.finished_at = preview.stored(), at
    roster_import.state = RosterImport.State.DONE
    roster_import.save(update_fields=["preview", "newcomers", "state", "finished_at"])
    counts = {"new": preview.new, "changed": preview.changed, "unchanged": preview.unchanged, "wrong": preview.wrong}
    audit.record(actor, "roster.imported", roster_import, **counts)
    events.publish(
        RosterImported(
            organisation_id=roster_import.organisation_id, roster_import_id=roster_import.id, school_year_id=year.id
        )
    )
    return AppliedRoster(**counts, report=_report(actor, roster_import, data, plan, at), staff=preview.staff)


def _held(roster_import: RosterImport) -> RosterImport:
    """The import as it stands, locked with its school year: one of a year at a time. The second waits here, and then
    plans against what the first has written.
    """
    rows = RosterImport.objects.select_for_update(of=("self",)).select_related("file", "school_year__organisation")
    found = rows.get(id=roster_import.id)
    if found.state in (RosterImport.State.DONE, RosterImport.State.CANCELLED):
        raise ImportIsOver
    SchoolYear.objects.select_for_update().get(id=found.school_year_id)
    return found


def _report(actor: Actor, roster_import: RosterImport, data: bytes, plan: WholePlan, at: datetime) -> StoredFile | None:
    rows: list[RowPlan | TeacherPlan] = [*plan.pupils.rows, *plan.staff.teachers]
    if not any(row.row.issues for row in rows):
        return None
    table, heading_row = reading.printed(data, roster_import)
    name = roster_import.file.name.rpartition(".")[0] or roster_import.file.name
    with report_of(table, rows, sheet_name=roster_import.sheet, heading_row=heading_row) as stream:
        return files.store(
            actor=actor,
            stream=stream,
            name=_("%(name)s - kết quả nhập.xlsx") % {"name": name},
            purpose=jobs.REPORT,
            organisation_id=roster_import.organisation_id,
            at=at,
        )


def _open(roster_import: RosterImport) -> RosterImport:
    rows = RosterImport.objects.select_for_update(of=("self",)).select_related("file", "school_year__organisation")
    locked = rows.get(id=roster_import.id)
    if not locked.is_open:
        raise ImportIsOver
    return locked


def _first_day(school_year: SchoolYear, day: date, *, is_staff: bool) -> date:
    """The first list of a year holds from its first day; a later one from today."""
    if is_staff:
        is_later = TeachingAssignment.objects.filter(class_subject__school_class__school_year=school_year).exists()
    else:
        is_later = Enrolment.objects.filter(school_class__school_year=school_year).exists()
    return max(day, school_year.starts_on) if is_later else school_year.starts_on


def _remembered(organisation_id: int) -> dict[str, Field | None]:
    known = set(Field)
    rows = ColumnChoice.objects.filter(organisation_id=organisation_id).values_list("heading_key", "field")
    return {key: Field(field) if field else None for key, field in rows if field is None or field in known}


def _remember(roster_import: RosterImport) -> None:
    ColumnChoice.objects.bulk_create(
        [
            ColumnChoice(
                organisation_id=roster_import.organisation_id, heading_key=column["key"], field=column["field"]
            )
            for column in roster_import.columns
        ],
        update_conflicts=True,
        unique_fields=["organisation", "heading_key"],
        update_fields=["field"],
    )
