"""Drawing procedures: a new one, a version of it, its publication, its end."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.text import fold, nfc
from khue.procedures import extensions, sheets
from khue.procedures.access import Permission
from khue.procedures.models import Definition, Procedure, PublicDay
from khue.procedures.refusals import (
    DaysOutOfRange,
    DrawingUnusable,
    KeyTaken,
    PublishedAlready,
    SheetUnusable,
    StartsInThePast,
    TitleMissing,
)
from khue.procedures.sheets import UnusableSheet
from khue.registry.models import Organisation

MOST_DAYS = 200


@dataclass(frozen=True)
class Terms:
    """What a version promises. See Definition."""

    working_days: int
    valid_from: date
    source: str
    days_elsewhere: int | None = None
    received_until: time = time(17)


@transaction.atomic
def draw_procedure(*, actor: Actor, organisation: Organisation, title: str, summary: str) -> Procedure:
    """Begin a procedure of one office. Nobody finds it before a version is published.

    refuses  TitleMissing; KeyTaken
    """
    require(actor, Permission.DEFINITION_WRITE, within=organisation.id)

    title = " ".join(nfc(title.replace("\x00", "")).split())[:200]
    key = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:60]
    if not key:
        raise TitleMissing
    try:
        with transaction.atomic():
            made = Procedure.objects.create(
                organisation=organisation, key=key, title=title, summary=nfc(summary).strip()[:1000],
                office=organisation.kind, source=organisation.name,
            )  # fmt: skip
    except IntegrityError:
        raise KeyTaken from None
    audit.record(actor, "procedure.drawn", made, title=title)
    return made


@transaction.atomic
def draw_version(
    *, actor: Actor, procedure: Procedure, bpmn: bytes, sheet: Mapping[str, Any], terms: Terms, at: datetime
) -> Definition:
    """Bring a drawing with its forms. It is read whole, walked through by SpiffWorkflow, and kept unpublished.

    bpmn     a BPMN 2.0 file
    sheet    see sheets.Sheet
    refuses  DrawingUnusable with every line that is wrong; SheetUnusable; DaysOutOfRange; StartsInThePast
    """
    require(actor, Permission.DEFINITION_WRITE, within=procedure)

    if not 0 <= terms.working_days <= MOST_DAYS:
        raise DaysOutOfRange
    if terms.valid_from < at.astimezone(VIETNAM).date() and not actor.is_system:
        raise StartsInThePast
    steps = _checked(bpmn, sheet)
    last = Definition.objects.filter(procedure=procedure).aggregate(last=Max("version"))["last"] or 0
    made = Definition.objects.create(
        procedure=procedure, organisation_id=procedure.organisation_id, version=last + 1, bpmn=bpmn.decode(),
        sheet=sheets.in_order(sheet), steps=steps, working_days=terms.working_days, days_elsewhere=terms.days_elsewhere,
        received_until=terms.received_until, valid_from=terms.valid_from, source=terms.source, made_at=at,
    )  # fmt: skip
    audit.record(actor, "procedure.version_drawn", made, version=made.version, working_days=terms.working_days)
    return made


@transaction.atomic
def publish_version(*, actor: Actor, definition: Definition, at: datetime) -> Definition:
    """Let a version be filed from its day on. The one before ends the day before; cases under way keep theirs.

    refuses  PublishedAlready
    """
    require(actor, Permission.DEFINITION_WRITE, within=definition)

    procedure = Procedure.objects.select_for_update().get(id=definition.procedure_id)
    definition = Definition.objects.select_for_update().get(id=definition.id)
    if definition.published_at is not None:
        raise PublishedAlready
    earlier = Definition.objects.filter(procedure=procedure, published_at__isnull=False)
    lasting = Q(valid_to=None) | Q(valid_to__gte=definition.valid_from)
    earlier.filter(lasting).update(valid_to=definition.valid_from - timedelta(days=1))
    definition.published_at = at
    definition.save(update_fields=["published_at"])
    procedure.is_open = True
    procedure.save(update_fields=["is_open"])
    audit.record(actor, "procedure.published", definition, version=definition.version, valid_from=definition.valid_from)
    return definition


@transaction.atomic
def close_procedure(*, actor: Actor, procedure: Procedure) -> Procedure:
    """Take no new cases any more; those under way go on."""
    require(actor, Permission.DEFINITION_WRITE, within=procedure)

    procedure.is_open = False
    procedure.save(update_fields=["is_open"])
    audit.record(actor, "procedure.closed", procedure, title=procedure.title)
    return procedure


@transaction.atomic
def load_shipped(*, actor: Actor, at: datetime) -> int:
    """Bring the procedures that come with the program, each with the version it has now. Returns rows written.

    A folder whose drawing, forms or terms differ from the last version becomes the next version; the same again writes
    nothing. Cases under way keep theirs.
    """
    require(actor, Permission.REFERENCE_WRITE, within=None)

    return _load_public_days() + sum(_bring(actor, key, one.folder, at) for key, one in extensions.shipped.items())


def _bring(actor: Actor, key: str, folder: Path, at: datetime) -> int:
    """Bring one procedure from its folder. Returns rows written."""
    told = json.loads((folder / "procedure.json").read_text())
    is_open = told.get("is_open", True)
    bpmn = (folder / "drawing.bpmn").read_bytes()
    sheet = sheets.in_order(json.loads((folder / "sheet.json").read_text()))
    said = {name: told[name] for name in ("code", "title", "summary", "office", "source", "verified")}
    procedure, is_new = Procedure.objects.update_or_create(
        organisation=None, key=key, defaults=said, create_defaults={"is_open": is_open, **said}
    )
    latest = Definition.objects.filter(procedure=procedure).order_by("-version").first()
    until = time.fromisoformat(told.get("received_until", "17:00"))
    days = (told["working_days"], told.get("days_elsewhere"), until)
    if latest is not None and (latest.bpmn, latest.sheet) == (bpmn.decode(), sheet) and _days(latest) == days:
        return 0
    valid_from = at.astimezone(VIETNAM).date() if latest else date.fromisoformat(told["valid_from"])
    terms = Terms(days[0], valid_from, told["source"], days[1], until)
    made = draw_version(actor=actor, procedure=procedure, bpmn=bpmn, sheet=sheet, terms=terms, at=at)
    publish_version(actor=actor, definition=made, at=at)
    if not is_open:  # another node opens such cases, and nobody files them
        Procedure.objects.filter(id=procedure.id).update(is_open=False)
    return 1 + is_new


def _load_public_days() -> int:
    """Days that were declared on this node stay as they are: somebody read the decision."""
    known = set(PublicDay.objects.values_list("day", flat=True))
    told = json.loads((Path(__file__).parent.parent / "data" / "public_days.json").read_text())
    rows = [PublicDay(**{**row, "day": date.fromisoformat(row["day"])}) for row in told]
    return len(PublicDay.objects.bulk_create(row for row in rows if row.day not in known))


def _days(row: Definition) -> tuple[int, int | None, time]:
    return row.working_days, row.days_elsewhere, row.received_until


def _checked(bpmn: bytes, sheet: Mapping[str, Any]) -> dict[str, Any]:
    # lxml and SpiffWorkflow: 20 MB that a process where nobody draws need not hold
    from khue.procedures.reading.checking import check
    from khue.procedures.reading.drawing import UnusableDrawing

    try:
        return check(bpmn, sheet, acts=[key for key, _act in extensions.acts.items()]).steps
    except UnusableDrawing as wrong:
        raise DrawingUnusable(problems=" ".join(map(_said, wrong.problems[:10]))) from None
    except UnusableSheet as wrong:
        raise SheetUnusable(problem=str(wrong)) from None


def _said(problem: Any) -> str:
    where = _("Dòng %(line)s") % {"line": problem.line} if problem.line else ""
    return ": ".join(filter(None, [where, problem.element, str(problem.text)])).rstrip(".") + "."
