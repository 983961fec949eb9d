"""Putting files to a case: how they come, how many there may be, and the rows that bind them to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.db.models import QuerySet

from khue.foundation import audit, files
from khue.foundation.actor import Actor
from khue.foundation.files import Readable
from khue.foundation.models import StoredFile
from khue.procedures.models import Attachment, Case, Step
from khue.procedures.refusals import FileUsed, PaperMissing, TooManyFiles
from khue.procedures.sheets import FILE, Field

CASE_FILE = "procedures.case_file"
MOST_BYTES = 10 * files.MEGABYTE
MOST_OF_CASE = 30
#: What may be sent with an answer and put to any step, whatever the sheet says; the page has a name for it.
FREELY = Field(
    name="files_", type=FILE, title="", hint="", format="", required=False, choices=(), known_as="", offered="",
    most=3,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came. stored: where it came in pieces before; else stream is read once."""

    name: str
    stream: Readable | None = None
    stored: StoredFile | None = None


#: By the name of the field that asked.
Papers = Mapping[str, Sequence[Sent]]
NO_PAPERS: Papers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Put:
    """Where files go. step: null at filing and with an answer; is_applicants: see Attachment."""

    case: Case
    at: datetime
    is_applicants: bool
    step: Step | None = None
    asked: Sequence[Field] = field(default=())


def refuse_missing(asked: Sequence[Field], papers: Papers, known: Mapping[str, str]) -> None:
    """Refuse with PaperMissing, naming all that must be sent, is not known, and did not come."""
    missing = [
        each.title for each in asked if each.required and not papers.get(each.name) and not known.get(each.known_as)
    ]
    if missing:
        raise PaperMissing(names=", ".join(missing))


def put(actor: Actor, where: Put, papers: Papers) -> list[Attachment]:
    """Keep the files and bind them to the case, in the transaction and the scope of who does something with the case.

    What no field asked for is left out. The caller undoes what was written where one of them is refused.
    refuses  TooManyFiles, FileUsed, what files.store refuses
    """
    sent = [(each, one) for each in where.asked for one in papers.get(each.name, ())]
    if not sent:
        return []
    case = where.case
    if any(len(papers.get(each.name, ())) > each.most for each in where.asked):
        raise TooManyFiles(most=MOST_OF_CASE)
    if _count(case.id) + len(sent) > MOST_OF_CASE:
        raise TooManyFiles(most=MOST_OF_CASE)
    name = case.applicant_name if where.is_applicants else actor.name
    made = []
    for each, one in sent:
        file = _kept(actor, case, one, where.at)
        attachment = Attachment.objects.create(
            organisation_id=case.organisation_id, case=case, step=where.step, field=each.name,
            title=each.title, file=file, attached_at=where.at, attached_by_name=name,
            is_applicants=where.is_applicants,
        )  # fmt: skip
        audit.record(actor, "case.file_attached", attachment, case=case.code, field=each.name, file=file.id)
        made.append(attachment)
    return made


def _kept(actor: Actor, case: Case, sent: Sent, at: datetime) -> StoredFile:
    if sent.stored is None:
        assert sent.stream is not None  # one of the two is there
        return files.store(
            actor=actor, stream=sent.stream, name=sent.name, purpose=CASE_FILE, organisation_id=case.organisation_id,
            at=at,
        )  # fmt: skip
    if _bound(sent.stored).exists():
        raise FileUsed(name=sent.stored.name)
    return sent.stored


def _bound(file: StoredFile) -> QuerySet[Attachment]:
    return Attachment.objects.filter(file=file)


def _count(case_id: int) -> int:
    return Attachment.objects.filter(case_id=case_id).count()
