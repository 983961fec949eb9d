"""What higher rooms plug into procedures: what a task does besides, what is known of people, what one may choose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a higher room is told of a case: ids and values.

    procedure   the key of its procedure
    partner_id  the second organisation; null where none takes part
    subject_id  the person it is about; null while nobody found the file
    data        everything filled in by now
    """

    case_id: int
    procedure: str
    code: str
    organisation_id: int
    partner_id: int | None
    subject_id: int | None
    subject_name: str
    born_on: date
    filed_at: datetime
    is_over: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act found out: whom the case is about, and what joins its data."""

    subject_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something a room does when a task of its procedure is done: move an enrolment, take a place in a queue.

    label  for whoever publishes a version: "chuyển học sinh sang trường mới"
    do     called in the transaction that does the task, in the scope of the case's offices, with the day and the
           instant; it may raise a Refusal, then the task is not done
    many   the same for cases that are done together, where asking once is enough; None: one by one
    """

    label: str | Promise
    do: Callable[[Actor, CaseFacts, date, datetime], Done | None]
    many: Callable[[Actor, Sequence[CaseFacts], date, datetime], None] | None = None


#: By the name a sheet calls it, "schools.transfer".
acts: Slots[Act] = Slots("procedures.acts")

#: What is known of a person, by the name a form calls it ("x-from"): "school", "class".
#: Given the ids of persons the actor may ask for; asked once a page.
known: Slots[Callable[[int], Mapping[str, str]]] = Slots("procedures.known")

#: What a form lets one choose from ("x-choices"): (value, label) in order, for the organisation where the task is done.
choices: Slots[Callable[[Actor, CaseFacts, int], Sequence[tuple[str, str]]]] = Slots("procedures.choices")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A procedure that comes with the program: a folder with procedure.json, drawing.bpmn and sheet.json."""

    folder: Path


shipped: Slots[Shipped] = Slots("procedures.shipped")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the tracking page shows about a case beyond its steps: the place in a queue.

    href  a page that says more; "" for none
    """

    title: str | Promise
    text: str | Promise
    href: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where an office works on the cases of a procedure together, so that its desk does not list them one by one.

    address  the name of that page: "schools:office_admissions"
    """

    title: str | Promise
    address: str


#: By the key of the procedure.
worked_elsewhere: Slots[Elsewhere] = Slots("procedures.worked_elsewhere")

#: A page that lists the offices which take a procedure now, by its key; whoever files begins there.
offices_listed: Slots[Elsewhere] = Slots("procedures.offices_listed")

#: By the key of the procedure; asked on the tracking page in the scope of the case's office.
notes: Slots[Callable[[CaseFacts], Sequence[Note]]] = Slots("procedures.notes")


#: Keys of procedures whose result becomes a signed file: what it is called. Of others nobody waits for a signature.
signed_results: Slots[str | Promise] = Slots("procedures.signed_results")


def _no_school(_: int) -> int | None:
    return None


#: The organisation a person now belongs to and would leave: the partner of a transfer. schools knows.
organisation_left: Slot[Callable[[int], int | None]] = Slot("procedures.organisation_left", default=_no_school)
