"""Excel files of other programs: read, compared with our rows, and taken over where the school itself may say it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.exchange import queries
from khue.exchange.access import Permission
from khue.exchange.actions.declaring import declare_facts
from khue.exchange.actions.passages import log
from khue.exchange.models import HeadingMeaning, SheetLine, VendorSheet
from khue.exchange.vendor.columns import SETS, Column, FieldSet, Found, found_in, has_key, targets_of
from khue.exchange.vendor.comparing import SCHOOL, Compared, FileRow, Standing, compared, rows_of
from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.foundation.models import StoredFile
from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.workbook import Workbook
from khue.registry.models import Organisation

MOST_ROWS = 20_000
MOST_KEPT = 5_000
#: A list of schools is one row of each; of other sets a school has thousands.
MOST_SCHOOLS = {True: 1_000, False: 60}
BATCH = 1_000


class HeadingMissing(Refusal):
    code = "vendor_heading_missing"
    field = "file"
    message = gettext_lazy(
        "Không nhận ra dòng tiêu đề nào của mẫu cơ sở dữ liệu ngành. Hãy chọn loại dữ liệu của tệp rồi tải lên lại."
    )


class SheetTooLong(Refusal):
    code = "vendor_sheet_too_long"
    field = "file"
    message = gettext_lazy("Tệp có %(rows)s dòng, nhiều nhất là %(limit)s. Hãy chia thành nhiều tệp.")


class TooManySchools(Refusal):
    code = "vendor_too_many_schools"
    field = "file"
    message = gettext_lazy("Tệp nói về %(schools)s trường, nhiều nhất là %(limit)s. Hãy chia tệp theo trường.")


class TargetTwice(Refusal):
    code = "vendor_target_twice"
    message = gettext_lazy("Hai cột cùng được chọn là “%(label)s”. Hãy giữ lại một cột.")


class NothingToTake(Refusal):
    code = "vendor_nothing_to_take"
    message = gettext_lazy("Không có thông tin nào trong tệp mà trường được ghi ở đây.")


@transaction.atomic
def read_sheet(
    *, actor: Actor, organisation: Organisation, file: StoredFile, wanted: FieldSet | None, at: datetime
) -> VendorSheet:
    """Read a file and compare it with what our rows say. Changes nothing else.

    wanted   what the file is said to be; None to find out from its headings
    refuses  HeadingMissing; SheetTooLong; TooManySchools; whatever is no workbook (foundation.workbooks.refusals)
    source   domain §1.8
    """
    require(actor, Permission.RECORD_READ, within=organisation)

    book = _book(file)
    found = found_in(book.sheets, wanted, queries.meanings_at(organisation))
    if found is None:
        raise HeadingMissing
    made = VendorSheet.objects.create(
        organisation=organisation, file=file, field_set=found.set, sheet=found.sheet.name, heading=found.heading,
        columns=[_stored(column) for column in found.columns], notes=_notes(book, found), read_at=at,
        read_by_name=actor.name,
    )  # fmt: skip
    _compare(actor, made, found, at)
    audit.record(actor, "vendor_sheet.read", made, file=file.name, field_set=found.set, counts=made.counts)
    return made


@transaction.atomic
def choose_targets(*, actor: Actor, sheet: VendorSheet, targets: Mapping[int, str | None], at: datetime) -> VendorSheet:
    """Say what the columns of a file mean, remember it for the place, and compare again.

    targets  by index of the column; None leaves it out
    refuses  TargetTwice; SheetTooLong; TooManySchools
    """
    require(actor, Permission.RECORD_READ, within=sheet)

    sheet = _locked(sheet)
    known, which = targets_of(FieldSet(sheet.field_set)), sheet.field_set
    chosen = {index: name if name in known else None for index, name in targets.items()}
    for name, times in Counter(name for name in chosen.values() if name).items():
        if times > 1:
            raise TargetTwice(label=known[name].label)
    for column in sheet.columns:
        column["target"] = chosen.get(column["index"], column["target"])
    HeadingMeaning.objects.bulk_create(
        [
            HeadingMeaning(organisation_id=sheet.organisation_id, field_set=which, key=key, target=target or "")
            for key, target in {column["key"]: column["target"] for column in sheet.columns}.items()
        ],
        update_conflicts=True, unique_fields=["organisation", "field_set", "key"], update_fields=["target"],
    )  # fmt: skip
    _compare_again(actor, sheet, at)
    audit.record(actor, "vendor_sheet.columns_chosen", sheet, counts=sheet.counts)
    return sheet


@transaction.atomic
def take_over(*, actor: Actor, sheet: VendorSheet, at: datetime) -> int:
    """Keep what the file says of schools where the school itself may say it (declare_facts). Returns how many fields.

    Everything else stays with the page where its row is mended. The file is compared again after it.
    refuses  NothingToTake
    """
    require(actor, Permission.RECORD_READ, within=sheet)

    sheet = _locked(sheet)
    day = at.astimezone(VIETNAM).date()
    schools = queries.schools_at(actor, sheet.organisation, MOST_SCHOOLS[True])
    named = {queries.called(school): school for school in schools}
    may = queries.takeable(actor, schools, day)
    taken = 0
    for line in queries.lines_of(sheet).filter(standing=Standing.DIFFERS):
        allowed = may.get(line.school, frozenset())
        facts = {each["target"]: each["theirs"] for each in line.differences if each["may"]}
        facts = {name: value for name, value in facts.items() if name in allowed}
        if facts:
            taken += declare_facts(actor=actor, school=named[line.school], facts=facts, at=at)
    if not taken:
        raise NothingToTake
    sheet.applied_at = at
    _compare_again(actor, sheet, at)
    audit.record(actor, "vendor_sheet.taken_over", sheet, fields=taken)
    return taken


@transaction.atomic
def drop_sheet(*, actor: Actor, sheet: VendorSheet) -> None:
    """Let go of what a file was compared to; what was taken over stays."""
    require(actor, Permission.RECORD_READ, within=sheet)

    audit.record(actor, "vendor_sheet.dropped", sheet)
    SheetLine.objects.filter(sheet=sheet).delete()
    VendorSheet.objects.filter(id=sheet.id).delete()


def _locked(sheet: VendorSheet) -> VendorSheet:
    return VendorSheet.objects.select_for_update(of=("self",)).select_related("file", "organisation").get(id=sheet.id)


def _book(file: StoredFile) -> Workbook:
    with files.open_file(file) as stream:
        return workbook.read(stream.read())


def _stored(column: Column) -> dict[str, object]:
    return {"index": column.index, "heading": column.heading, "key": column.key, "target": column.target}


def _notes(book: Workbook, found: Found) -> list[str]:
    notes = []
    if book.formulas:
        notes.append(_("Tệp có %(count)s ô công thức: chỉ lấy giá trị đã tính sẵn.") % {"count": book.formulas})
    if book.broken:
        notes.append(_("%(count)s ô công thức bị lỗi được coi là ô trống.") % {"count": book.broken})
    below = sum(row > found.heading for row, _column in found.sheet.merged)
    if below:
        notes.append(_("%(count)s ô nằm trong vùng gộp được lấy theo giá trị của vùng đó.") % {"count": below})
    if len(book.sheets) > 1:
        notes.append(_("Chỉ đọc trang tính “%(name)s”.") % {"name": found.sheet.name})
    return notes


def _compare_again(actor: Actor, sheet: VendorSheet, at: datetime) -> None:
    sheets = _book(sheet.file).sheets
    table = next((each for each in sheets if each.name == sheet.sheet), sheets[0])
    columns = tuple(Column(c["index"], c["heading"], c["key"], c["target"]) for c in sheet.columns)
    _compare(actor, sheet, Found(table, FieldSet(sheet.field_set), sheet.heading, columns), at)


def _compare(actor: Actor, sheet: VendorSheet, found: Found, at: datetime) -> None:
    """Write what the comparison finds in place of what was found before; nothing while the rows have no name."""
    SheetLine.objects.filter(sheet=sheet).delete()
    sheet.counts = {}
    if has_key(found.set, [column.target for column in found.columns]):
        day = at.astimezone(VIETNAM).date()
        seen = queries.visible_names(actor, sheet.organisation, found.set, day)
        rows = list(rows_of(found, seen))
        if len(rows) > MOST_ROWS:
            raise SheetTooLong(rows=len(rows), limit=MOST_ROWS)
        schools = _schools(actor, sheet.organisation, found.set, rows)
        ours = queries.own_rows(schools, found.set, seen, day)
        done = compared(found.set, rows, ours, next(iter(ours)) if len(ours) == 1 else "")
        may = queries.takeable(actor, schools, day) if found.set is FieldSet.SCHOOL else {}
        _keep(sheet, done, may)
        log(actor, "compared", [SETS[found.set].kinds[0]] * len(rows), at=at, organisation_id=sheet.organisation_id)
    sheet.save()


def _schools(actor: Actor, place: Organisation, which: FieldSet, rows: Sequence[FileRow]) -> Sequence[Organisation]:
    """The schools of the place that the file speaks of; all where it is a list of schools, or there is one."""
    is_list = which is FieldSet.SCHOOL
    schools = queries.schools_at(actor, place, MOST_SCHOOLS[True])
    if not is_list and len(schools) > 1:
        spoken = {str(row.said.get(SCHOOL, "")) for row in rows}
        schools = [school for school in schools if school.code in spoken]
    if len(schools) > MOST_SCHOOLS[is_list]:
        raise TooManySchools(schools=len(schools), limit=MOST_SCHOOLS[is_list])
    return schools


def _keep(sheet: VendorSheet, done: Sequence[Compared], may: Mapping[str, frozenset[str]]) -> None:
    sheet.counts = dict(Counter(str(row.standing) for row in done))
    told = [row for row in done if row.standing is not Standing.SAME or row.troubles][:MOST_KEPT]
    SheetLine.objects.bulk_create(list(_lines(sheet, told, may)), batch_size=BATCH)


def _lines(sheet: VendorSheet, told: Iterable[Compared], may: Mapping[str, frozenset[str]]) -> Iterable[SheetLine]:
    targets = targets_of(FieldSet(sheet.field_set))
    for row in told:
        yield SheetLine(
            organisation_id=sheet.organisation_id, sheet=sheet, line=row.line, standing=row.standing,
            school=row.school[:100], title=row.title, troubles=[str(trouble) for trouble in row.troubles],
            differences=[
                {
                    "target": each.target, "label": targets[each.target].label, "theirs": each.theirs,
                    "ours": each.ours, "may": each.target in may.get(row.school, frozenset()),
                }
                for each in row.differences
            ],
            unread=[
                {"label": targets[name].label, "text": each.text, "why": str(each.why)}
                for name, each in row.unread.items()
            ],
        )  # fmt: skip
