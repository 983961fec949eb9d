"""A run of invoices: how far it has come, who is reminded, and how a whole run is taken back."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from khue.foundation import events
from khue.foundation.errors import Forbidden, NotFound
from khue.messaging.models import Message
from khue.payments import actions, queries
from khue.payments.models import Entry, Invoice, Posting
from khue.payments.refusals import NothingToRemind, RemindedToday, RunCancelled
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY, World, actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


@pytest.fixture
def clerk(here: Office, client_of) -> Client:
    return client_of(here.school.clerk)


def pay(here: Office, invoice: Invoice, amount: int) -> None:
    actions.take_cash(
        actor=here.clerk, organisation=here.school.organisation, family=invoice.family, payer="Mẹ", amount=amount,
        key=uuid4(), on=TODAY, at=NOON,
    )  # fmt: skip


def test_a_run_says_how_far_it_has_come_class_by_class(here: Office, clerk: Client) -> None:
    first, second, _third = here.bill(*here.children)
    here.bill(here.children[0], title="Thu bù")
    pay(here, first, 100_000)
    pay(here, second, 40_000)

    runs = queries.runs_of(here.clerk, here.school.organisation.id, TODAY)
    assert [(run.title, run.families, run.paid_up, run.left) for run in runs] == [
        ("Thu bù", 1, 0, 100_000), ("Thu tháng 11", 3, 1, 160_000),
    ]  # fmt: skip
    (group,) = queries.by_group(queries.invoices_of_run(runs[1]))
    assert (group.group, group.families, group.waiting, group.left) == ("6A", 3, 2, 160_000)
    listed = clerk.get("/payments/runs/").content.decode()
    assert "1/3 gia đình" in listed
    shown = clerk.get(f"/payments/runs/{first.public_id}/?class=6A").content.decode()
    assert "Nhắc 2 gia đình chưa nộp đủ" in shown
    assert "đã nộp 40.000" in shown
    assert "Mọi gia đình đã nộp đủ" in clerk.get(f"/payments/runs/{first.public_id}/?class=9Z").content.decode()


def test_the_sheet_of_a_run_names_class_and_what_is_left(here: Office, clerk: Client) -> None:
    first, *_others = here.bill(*here.children)
    pay(here, first, 30_000)

    answer = clerk.get(f"/payments/runs/{first.public_id}/?export=xlsx")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [tuple(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [(row[0], row[1], row[3], row[4], row[5], row[7]) for row in rows] == [
        ("6A", "Nguyễn Văn A", 100_000, 30_000, 70_000, "Nộp một phần"),
        ("6A", "Nguyễn Văn B", 100_000, 0, 100_000, "Chưa nộp"),
        ("6A", "Nguyễn Văn C", 100_000, 0, 100_000, "Chưa nộp"),
    ]


def test_families_that_owe_are_reminded_once_a_day_and_nobody_else(here: Office, clerk: Client) -> None:
    first, second, third = here.bill(*here.children)
    pay(here, first, 100_000)
    events.deliver_now()
    place = f"/payments/runs/{first.public_id}/remind/"

    assert clerk.post(place).status_code == 303
    assert "Hôm nay đã nhắc" in clerk.post(place, follow=True).content.decode()
    pay(here, third, 100_000)  # before the worker comes to it
    events.deliver_now()

    told = Message.objects.filter(key__contains=":reminder:")
    assert [message.about_id for message in told] == [second.family_id]
    assert told.get().subject == "Nhắc: Thu tháng 11 còn 100.000 đồng, hạn 05/12/2026"


def test_a_run_billed_wrongly_is_taken_back_whole_and_billed_again(here: Office, clerk: Client) -> None:
    first, *_others = here.bill(*here.children)
    pay(here, first, 100_000)
    place = f"/payments/runs/{first.public_id}/cancel/"

    assert clerk.post(place, {"reason": ""}).status_code == 422
    assert Invoice.objects.filter(cancelled_at=None).count() == 3
    assert clerk.post(place, {"reason": "Nhầm mức thu"}).status_code == 303

    assert not Invoice.objects.filter(cancelled_at=None).exists()
    owed = Posting.objects.filter(book="family").values_list("amount", flat=True)
    assert sum(owed) == -100_000  # what came stays the family's
    assert "không còn phiếu nào để huỷ" in clerk.post(place, {"reason": "Nhầm"}).content.decode()
    again = here.bill(*here.children, title="Thu tháng 11 (lập lại)")
    assert [invoice.paid for invoice in Invoice.objects.filter(id__in=[one.id for one in again]).order_by("id")] == [
        100_000, 0, 0,
    ]  # fmt: skip


def test_only_the_office_of_the_school_touches_a_run(here: Office, world: World, client_of) -> None:
    first, *_others = here.bill(*here.children)
    run = queries.run_of(here.clerk, first.public_id)
    entries = Entry.objects.count()

    for account in (world.elsewhere.head, world.here.guardians[0], world.here.teacher, world.department_officer):
        client = client_of(account)
        for what in ("", "remind/", "cancel/"):
            path = f"/payments/runs/{first.public_id}/{what}"
            answer = client.post(path, {"reason": "x"}) if what else client.get(path)
            assert answer.status_code in (403, 404)
        with pytest.raises(NotFound):
            queries.run_of(actor(account), first.public_id)
        with pytest.raises(Forbidden):
            actions.cancel_run(actor=actor(account), run=run, reason="x", on=TODAY, at=NOON)
        with pytest.raises(Forbidden):
            actions.remind_families(actor=actor(account), run=run, on=TODAY)

    assert Entry.objects.count() == entries
    assert not Invoice.objects.exclude(cancelled_at=None, reminded_on=None).exists()


def test_there_is_nobody_to_remind_of_what_is_paid_or_taken_back(here: Office) -> None:
    first, *_others = here.bill(here.children[0])
    run = queries.run_of(here.clerk, first.public_id)
    actions.remind_families(actor=here.clerk, run=run, on=TODAY)
    with pytest.raises(RemindedToday):
        actions.remind_families(actor=here.clerk, run=run, on=TODAY)

    actions.cancel_run(actor=here.clerk, run=run, reason="Nhầm", on=TODAY, at=NOON)

    with pytest.raises(NothingToRemind):
        actions.remind_families(actor=here.clerk, run=run, on=TODAY)
    with pytest.raises(RunCancelled):
        actions.cancel_run(actor=here.clerk, run=run, reason="Nhầm", on=TODAY, at=NOON)


@pytest.mark.parametrize("pupils", [1, 10])
def test_a_run_costs_the_same_queries_however_many_families(
    here: Office, pupils: int, clerk: Client, django_assert_num_queries
) -> None:
    children = [enrol(here.school, f"Trần Thị {number}").person for number in range(pupils)]
    first, *_others = here.bill(*children)
    run = queries.run_of(here.clerk, first.public_id)
    with django_assert_num_queries(2):
        queries.invoices_of_run(run)
    with django_assert_num_queries(2):
        queries.runs_of(here.clerk, run.organisation_id, TODAY)
    with django_assert_num_queries(CANCELLING):
        actions.cancel_run(actor=here.clerk, run=run, reason="Nhầm", on=TODAY, at=NOON)


CANCELLING = 18
