"""The registers: numbers without gaps, states in order, and who may do what."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.messaging.models import Delivery
from khue.registry import queries as registry
from khue.registry.queries import Colleague
from khue.workspace import actions, symbols
from khue.workspace.actions import Arrival, Draft
from khue.workspace.models import Document, Register, Step
from khue.workspace.refusals import DatedInTheFuture, DueInThePast, NotNow, NotOfTheStaff, ReasonMissing
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db

PLAN = Draft("plan", "Các tổ chuyên môn", "Kế hoạch ôn tập cuối học kì I", "I. Mục đích.\nII. Nội dung.")


def arrival(symbol: str = "125/SGDĐT-VP", **fields: object) -> Arrival:
    return Arrival(
        **{
            "symbol": symbol,
            "dated_on": TODAY,
            "issuer": "Sở GDĐT",
            "kind": "letter",
            "summary": "Về việc báo cáo",
            **fields,
        }
    )  # type: ignore[arg-type]  # built from names


def arrive(at: School, symbol: str = "125/SGDĐT-VP", on: date = TODAY) -> Document:
    return actions.register(
        actor=actor(at.clerk), organisation_id=at.organisation.id, arrival=arrival(symbol, dated_on=on), on=on, at=NOON
    )


def colleague_named(at: School, name: str) -> Colleague:
    return next(each for each in registry.colleagues(at.organisation.id) if each.full_name == name)


def released(at: School, on: date = TODAY) -> Document:
    made = actions.draft(actor=actor(at.teacher), organisation_id=at.organisation.id, content=PLAN, at=NOON)
    actions.submit(actor=actor(at.teacher), document=made, note="", at=NOON)
    actions.approve(actor=actor(at.head), document=made, note="", at=NOON)
    return actions.release(actor=actor(at.clerk), document=made, body="THCSKĐ", on=on, at=NOON)


def test_arrivals_are_numbered_from_one_every_year_and_each_school_by_itself(world: World):
    numbers = [arrive(world.here, on=on).number for on in (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 2))]

    assert numbers == [1, 2, 1]
    assert arrive(world.elsewhere).number == 1


def test_a_number_that_was_not_committed_is_given_again(world: World):
    arrive(world.here)
    with transaction.atomic():
        arrive(world.here)
        transaction.set_rollback(True)

    assert arrive(world.here).number == 2


def test_a_document_dated_after_its_arrival_is_refused_and_takes_no_number(world: World):
    with pytest.raises(DatedInTheFuture):
        actions.register(
            actor=actor(world.here.clerk),
            organisation_id=world.here.organisation.id,
            arrival=arrival(dated_on=TODAY + timedelta(days=1)),
            on=TODAY,
            at=NOON,
        )

    assert not Document.objects.exists()
    assert not Register.objects.exists()


def test_what_is_assigned_is_told_once_and_done_by_whoever_got_it(world: World):
    here, document = world.here, arrive(world.here)
    hoa = colleague_named(here, "Lê Thị Hoa")

    for _ in range(2):
        actions.assign(actor=actor(here.head), document=document, to=hoa, due_on=TODAY, note="Gấp", on=TODAY, at=NOON)
    actions.finish(actor=actor(here.teacher), document=document, note="Đã báo cáo", at=NOON)

    told = Delivery.objects.filter(recipient_id=hoa.person_id, channel=Delivery.Channel.APPLICATION)
    assert told.count() == 1
    assert Document.objects.get().state == "done"
    assert list(Step.objects.order_by("id").values_list("verb", flat=True)) == [
        "registered",
        "assigned",
        "assigned",
        "finished",
    ]
    with pytest.raises(NotNow):
        actions.finish(actor=actor(here.head), document=document, note="", at=NOON)


def test_only_the_board_assigns_and_only_to_the_own_staff_and_not_into_the_past(world: World):
    here, document = world.here, arrive(world.here)
    hoa, stranger = colleague_named(here, "Lê Thị Hoa"), colleague_named(world.elsewhere, "Lê Thị Hoa")

    def assign(who: Actor, to: Colleague = hoa, due: date = TODAY) -> None:
        actions.assign(actor=who, document=document, to=to, due_on=due, note="", on=TODAY, at=NOON)

    for nobody in (here.teacher, here.clerk, here.guardians[0], world.elsewhere.head):
        with pytest.raises(Forbidden):
            assign(actor(nobody))
    with pytest.raises(NotOfTheStaff):
        assign(actor(here.head), to=stranger)
    with pytest.raises(DueInThePast):
        assign(actor(here.head), due=TODAY - timedelta(days=1))

    assert Document.objects.get().state == "arrived"


def test_a_document_leaves_under_the_next_number_with_the_symbol_of_its_kind(world: World):
    first, second = released(world.here), released(world.here)

    assert (first.symbol, second.symbol) == ("01/KH-THCSKĐ", "02/KH-THCSKĐ")
    assert first.body == "I. Mục đích.\nII. Nội dung."
    assert (second.number, second.year, second.dated_on, second.state) == (2, 2026, TODAY, "released")


def test_what_is_sent_back_needs_a_reason_and_can_be_changed_and_submitted_again(world: World):
    here = world.here
    made = actions.draft(actor=actor(here.teacher), organisation_id=here.organisation.id, content=PLAN, at=NOON)
    actions.submit(actor=actor(here.teacher), document=made, note="", at=NOON)

    with pytest.raises(NotNow):
        actions.redraft(actor=actor(here.teacher), document=made, content=PLAN, at=NOON)
    with pytest.raises(ReasonMissing):
        actions.send_back(actor=actor(here.head), document=made, note=" ", at=NOON)
    actions.send_back(actor=actor(here.head), document=made, note="Thiếu thời gian", at=NOON)
    actions.redraft(actor=actor(here.teacher), document=made, content=PLAN, at=NOON)
    actions.submit(actor=actor(here.teacher), document=made, note="", at=NOON)

    assert Document.objects.get().state == "submitted"


def test_nobody_approves_or_numbers_who_may_not(world: World):
    here = world.here
    made = actions.draft(actor=actor(here.teacher), organisation_id=here.organisation.id, content=PLAN, at=NOON)
    actions.submit(actor=actor(here.teacher), document=made, note="", at=NOON)

    for nobody in (here.teacher, here.clerk, here.pupils[0], world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.approve(actor=actor(nobody), document=made, note="", at=NOON)
    with pytest.raises(NotNow):
        actions.release(actor=actor(here.clerk), document=made, body="X", on=TODAY, at=NOON)

    assert Document.objects.get().number is None


def test_the_database_removes_no_document_and_changes_no_step(world: World):
    arrive(world.here)

    for wish in (
        "DELETE FROM workspace_document",
        "DELETE FROM workspace_register",
        "UPDATE workspace_step SET note = 'x'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wish)

    assert Document.objects.count() == Step.objects.count() == 1


def test_another_school_reads_no_row_of_it(world: World):
    arrive(world.here)

    with scope.of(actor(world.elsewhere.head)), connection.cursor() as cursor:
        for table in ("document", "register", "step"):
            cursor.execute(f"SELECT count(*) FROM workspace_{table}")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "body"),
    [("Trường THCS Kim Đồng", "THCSKĐ"), ("Trường Tiểu học Hoà Bình", "THHB"), ("Phòng Giáo dục", "PGD"), ("", "")],
)
def test_a_body_is_abbreviated_by_its_first_letters(name: str, body: str):
    assert symbols.body_of(name) == body


@pytest.mark.parametrize(
    ("number", "kind", "symbol"),
    [(7, "plan", "07/KH-THCSKĐ"), (7, "letter", "07/THCSKĐ"), (123, "submission", "123/TTr-THCSKĐ")],
)
def test_a_symbol_is_number_kind_and_body(number: int, kind: str, symbol: str):
    assert symbols.symbol(number, kind, "THCSKĐ") == symbol
