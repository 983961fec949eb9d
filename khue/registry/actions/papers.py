"""A person's identity papers: writing one down, correcting it, and saying that it holds no more."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry.access import Permission
from khue.registry.actions.affiliations import EndsBeforeItBegins
from khue.registry.models import IdentityPaper, Person

LONGEST_NUMBER = 50


class PaperNumberMissing(Refusal):
    code = "paper_number_missing"
    message = _("Chưa có số giấy tờ. Hãy ghi số như trên giấy (nhiều nhất 50 kí tự).")
    field = "number"


class PaperTwice(Refusal):
    code = "paper_twice"
    message = _("Giấy tờ số %(number)s đã có trong hồ sơ.")
    field = "number"


@dataclass(frozen=True, slots=True)
class PaperDetails:
    """What a paper says. issued_on is None, and issuing_place empty, where nobody knows."""

    kind: str
    number: str
    issued_on: date | None = None
    issuing_place: str = ""

    def tidied(self) -> "PaperDetails":
        """The same in one Unicode form, with single spaces."""
        return PaperDetails(self.kind, nfc(self.number), self.issued_on, nfc(self.issuing_place))


@transaction.atomic
def record_paper(*, actor: Actor, person: Person, details: PaperDetails, on: date) -> IdentityPaper:
    """Write down one more paper of a person. What merely looks wrong is said beside it and never refused.

    on       the day from which the file has it
    refuses  PaperNumberMissing; PaperTwice
    """
    require(actor, Permission.PERSON_WRITE, within=person)

    details = _usable(person, details, but=0)
    made = IdentityPaper.objects.create(
        organisation_id=person.organisation_id,
        person=person,
        kind=details.kind,
        number=details.number,
        issued_on=details.issued_on,
        issuing_place=details.issuing_place,
        valid_from=on,
    )
    audit.record(actor, "person.paper_recorded", person, paper=made.id, kind=made.kind, number=made.number, on=on)
    return made


@transaction.atomic
def correct_paper(*, actor: Actor, paper: IdentityPaper, details: PaperDetails) -> IdentityPaper:
    """Replace what was written down of a paper. A new paper is a row of its own.

    refuses  PaperNumberMissing; PaperTwice
    """
    require(actor, Permission.PERSON_WRITE, within=paper)

    paper = IdentityPaper.objects.select_for_update(of=("self",)).select_related("person").get(id=paper.id)
    details = _usable(paper.person, details, but=paper.id)
    changed = {name: getattr(details, name) for name in _FIELDS if getattr(details, name) != getattr(paper, name)}
    if not changed:
        return paper
    before = {name: getattr(paper, name) for name in changed}
    for name, value in changed.items():
        setattr(paper, name, value)
    paper.save(update_fields=list(changed))
    audit.record(
        actor, "person.paper_corrected", paper.person, paper=paper.id, paper_before=before, paper_after=changed
    )
    return paper


@transaction.atomic
def withdraw_paper(*, actor: Actor, paper: IdentityPaper, on: date) -> IdentityPaper:
    """Say that a paper holds no more: lost, expired, or another took its place. The row stays.

    on       the last day on which it held
    refuses  EndsBeforeItBegins
    """
    require(actor, Permission.PERSON_WRITE, within=paper)

    if on < paper.valid_from:
        raise EndsBeforeItBegins(on=f"{on:%d/%m/%Y}", begun=f"{paper.valid_from:%d/%m/%Y}")
    before = paper.valid_to
    paper.valid_to = on
    paper.save(update_fields=["valid_to"])
    audit.record(actor, "person.paper_withdrawn", paper.person, paper=paper.id, on=on, until_before=before)
    return paper


_FIELDS = ("kind", "number", "issued_on", "issuing_place")


def _usable(person: Person, details: PaperDetails, *, but: int) -> PaperDetails:
    details = details.tidied()
    if not details.number or len(details.number) > LONGEST_NUMBER:
        raise PaperNumberMissing
    known = IdentityPaper.objects.filter(person=person, kind=details.kind, number=details.number, valid_to=None)
    if known.exclude(id=but).exists():
        raise PaperTwice(number=details.number)
    return details
