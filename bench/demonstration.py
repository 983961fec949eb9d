"""More on the node of the benchmarks than its demonstration has: a class of a thousand, a hundred thousand people.

Made once and kept with the node. Works on the node's own database, in this process; see bench/visitor.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import connections, transaction

from bench.names import name_of
from khue.assessment.tests.builders import set_test
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM, Held
from khue.foundation.ids import uuid7
from khue.foundation.text import name_sort_key
from khue.gradebook import actions as gradebook
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import MarkBook, MarkColumn
from khue.identity import actions as identity
from khue.identity import queries as identities
from khue.identity.models import Account, Grant
from khue.messaging import actions as messaging
from khue.messaging.extensions import relations
from khue.registry.models import Organisation
from khue.schools.models import ClassSubject
from tests.world import NOON, YEAR_START, School, actor, maths_subject, organisation, school

NAME = "Trường của phép đo"
PUPILS = 1_000
#: Beside it, schools of the usual size for the department's officer to search.
SCHOOLS = 140
PEOPLE_EACH = 715


@dataclass(frozen=True)
class Large:
    """The large school: its mark-book of a thousand rows, and who teaches and learns there."""

    book: UUID
    teacher: Account
    pupils: Sequence[Account]


def large() -> Large:
    """The large school, made where the node has none yet: a minute of work."""
    with scope.of(SYSTEM):
        if not Organisation.objects.filter(name=NAME).exists():
            _make()
        place = Organisation.objects.get(name=NAME)
        book = MarkBook.objects.get(organisation=place)
        return Large(book.public_id, *_holding("subject_teacher"), pupils=_holding("pupil"))


def session_of(account: Account) -> str:
    """The token of a new session, second factor proved."""
    return identity.open_session(
        account=account, at=clock.now(), address="127.0.0.1", agent="bench", second_factor=True
    )


def account_named(user_name: str) -> Account:
    """An account of the demonstration."""
    with scope.of(SYSTEM):
        return Account.objects.get(user_name=user_name)


def commune_with_schools() -> UUID:
    """The public id of a commune's office under which there are schools."""
    with scope.of(SYSTEM):
        schools = Organisation.objects.filter(kind="school", parent__kind="commune_office").order_by("id")
        return schools.values_list("parent__public_id", flat=True)[0]


def talked_with(user_name: str, lines: int) -> UUID:
    """A conversation of this guardian with one of its child's teachers that has at least so many lines. Its address."""
    with scope.of(SYSTEM):
        account = Account.objects.get(user_name=user_name)
        guardian = identities.actor_of(account.id, on=clock.today(), door="page")
        partner = relations.filling.partners(account.person_id or 0, clock.today())[0]
        teacher = replace(
            guardian, person_id=partner.staff_id, held=(_teaching(partner.organisation_id),), wards=frozenset()
        )
        found = messaging.begin_conversation(actor=teacher, partner=partner, with_pupil=False, at=clock.now())
        for number in range(lines):
            writer = teacher if number % 2 else guardian
            draft = messaging.LineDraft(
                key=uuid4(), text=f"Tin nhắn số {number}: cô cho hỏi bài về nhà của cháu hôm nay ạ."
            )
            messaging.write_line(actor=writer, conversation=found, draft=draft, at=clock.now())
        return found.public_id


def talks_of(user_name: str, conversations: int) -> None:
    """So many families have written to this teacher."""
    with scope.of(SYSTEM):
        account = Account.objects.get(user_name=user_name)
        teacher = identities.actor_of(account.id, on=clock.today(), door="page")
        partners = relations.filling.partners(account.person_id or 0, clock.today())
        for partner in [p for p in partners if p.family_id != p.about_id][:conversations]:
            found = messaging.begin_conversation(actor=teacher, partner=partner, with_pupil=False, at=clock.now())
            draft = messaging.LineDraft(key=uuid4(), text="Kính gửi Quý phụ huynh, mời anh chị dự họp cuối kì.")
            messaging.write_line(actor=teacher, conversation=found, draft=draft, at=clock.now())


def _teaching(organisation_id: int) -> Held:
    return Held("subject_teacher", organisation_id, frozenset({organisation_id}))


def set_to_all() -> UUID:
    """A new test of ten questions, open now, for the class of a thousand. Its address."""
    with scope.of(SYSTEM):
        maths = ClassSubject.objects.select_related("subject").get(organisation__name=NAME)
        at = cast(School, _At(maths.organisation, maths))
        return set_test(at, 10, opens_at=clock.now() - timedelta(minutes=1)).assignment.public_id


@dataclass
class _At:
    """As much of a School as setting a test needs."""

    organisation: Organisation
    maths: ClassSubject


def _holding(role: str) -> list[Account]:
    grants = Grant.objects.filter(organisation__name=NAME, role=role).select_related("account")
    return [grant.account for grant in grants.order_by("id")]


@transaction.atomic
def _make() -> None:
    department = cast(Organisation, Organisation.objects.filter(kind="department").order_by("id").first())
    made = school(NAME, department, maths_subject(), PUPILS)
    teacher = actor(made.teacher)
    book = gradebook.open_book(actor=teacher, class_subject=made.maths, term=made.term)
    columns = MarkColumn.objects.filter(book=book).order_by("id")[:4]
    cells = [TypedCell(c.id, e.id, str((e.id * 7 + c.id) % 101)) for c in columns for e in made.enrolments]
    gradebook.record_marks(actor=teacher, book=book, cells=cells, at=NOON)
    places = [organisation("school", f"{NAME} {number}", department).id for number in range(SCHOOLS)]
    transaction.on_commit(lambda: _fill(places))


def _fill(places: Sequence[int]) -> None:
    """A hundred thousand people more, as the owner of the tables and by COPY."""
    with connections["owner"].cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(
            "COPY registry_person (public_id, organisation_id, full_name, sort_key, sex, birth_year, other_name,"
            " birthplace, foreign_paper, ethnicity, nationality, address, phone, email, is_disabled,"
            " is_poor_household) FROM STDIN"
        ) as copy:
            for number in range(len(places) * PEOPLE_EACH):
                name, place = name_of(number), places[number % len(places)]
                copy.write_row(
                    (uuid7(), place, name, name_sort_key(name), "1", 2015, *[""] * 4, "VN", *[""] * 3, False, False)
                )
        cursor.execute(
            "INSERT INTO registry_affiliation (person_id, organisation_id, kind, valid_from, sort_key, folded_name)"
            " SELECT id, organisation_id, 'pupil', %s, sort_key, folded_name FROM registry_person p"
            " WHERE organisation_id = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM registry_affiliation a WHERE a.person_id = p.id)",
            [YEAR_START, list(places)],
        )
        cursor.execute("VACUUM ANALYZE")  # now, and not by the server's clock in the middle of a measurement
