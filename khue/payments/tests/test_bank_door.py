"""Calls of banks over real HTTP: signed, replayed, forged, broken; and that files and calls end in the same books."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from wsgiref.simple_server import make_server

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import clock
from khue.payments import actions, hooks, payment_codes, queries, statements
from khue.payments.lines import Line
from khue.payments.models import BankCall, BankHook, BankLine, Entry, Invoice, Receipt
from khue.payments.refusals import HookOpen
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY, World, world


@pytest.fixture(name="here")
def _here(world: World) -> Office:
    return office(world.here)


@pytest.fixture(name="hook")
def _hook(here: Office) -> BankHook:
    return actions.open_hook(actor=here.clerk, account=here.account, at=NOON)[0]


def body_of(*lines: Line) -> bytes:
    told = [{"reference": line.reference, "on": line.on.isoformat(), "amount": line.amount, "purpose": line.purpose,
             "payer": line.payer} for line in lines]  # fmt: skip
    return json.dumps({"transactions": told}).encode()


def signed(hook: BankHook, body: bytes, at: datetime | None = None) -> dict[str, str]:
    second = str(int((at or clock.now()).timestamp()))
    secret = hooks.secret_of(hook.public_id)
    return {"X-Khue-Timestamp": second, "X-Khue-Signature": hooks.signature_of(secret, second, body)}


def call(hook: BankHook, body: bytes, headers: dict[str, str]):
    return Client(enforce_csrf_checks=True).post(
        f"/payments/bank/{hook.public_id}/", body, content_type="application/json", headers=headers
    )


def test_a_signed_call_is_written_and_the_same_call_again_is_answered_as_before(here: Office, hook: BankHook) -> None:
    (invoice,) = here.bill(here.children[0])
    body = body_of(Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1"))
    headers = signed(hook, body)

    first, replayed = call(hook, body, headers), call(hook, body, headers)
    later = call(hook, body, signed(hook, body, clock.now() + timedelta(seconds=7)))

    assert first.json() == replayed.json() == {"new": 1, "known": 0, "unknown": 0}
    assert later.json() == {"new": 0, "known": 1, "unknown": 0}
    assert (BankLine.objects.count(), BankCall.objects.count(), Receipt.objects.count()) == (1, 2, 1)
    assert Invoice.objects.get().paid == 100_000


def test_a_wrong_signature_changes_nothing(here: Office, hook: BankHook) -> None:
    body = body_of(Line(TODAY, 1, "x", "FT1"))
    right = signed(hook, body)
    old, early = (signed(hook, body, clock.now() + timedelta(minutes=minutes)) for minutes in (-6, 6))
    forged = [
        {}, right | {"X-Khue-Signature": "0" * 64},
        right | {"X-Khue-Timestamp": str(int(right["X-Khue-Timestamp"]) + 1)},
        right | {"X-Khue-Timestamp": "٣" * 10}, right | {"X-Khue-Timestamp": "9" * 11}, old, early,
    ]  # fmt: skip

    answers = [call(hook, body, headers).status_code for headers in forged] + [
        call(hook, body + b" ", right).status_code
    ]

    assert answers == [401] * 8
    assert (BankLine.objects.count(), Entry.objects.count(), BankCall.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"transactions": [{}]}', b"\xff", b"[" * 10_000,
     body_of(Line(TODAY, 0, "x", "A")), body_of(Line(TODAY, -5, "x", "A")), body_of(Line(TODAY, 10**15, "x", "A")),
     body_of(Line(TODAY, 5, "x", "")), body_of(Line(TODAY, 5, "x", "~A")), body_of(Line(TODAY, 5, "x", "A" * 101)),
     body_of(Line(TODAY, 5, "x", "A"), Line(TODAY, 0, "x", "B"))],
)  # fmt: skip
def test_a_signed_call_that_says_nothing_sensible_changes_nothing(hook: BankHook, body: bytes) -> None:
    answer = call(hook, body, signed(hook, body))

    assert answer.status_code == 422
    assert answer.json()["title"] == "unreadable"
    assert BankLine.objects.count() == 0


def test_an_account_has_one_address_and_a_closed_one_takes_nothing(here: Office, hook: BankHook) -> None:
    with pytest.raises(HookOpen):
        actions.open_hook(actor=here.clerk, account=here.account, at=NOON)
    actions.close_hook(actor=here.clerk, hook=hook, at=NOON)
    body = body_of(Line(TODAY, 1, "x", "FT1"))

    assert call(hook, body, signed(hook, body)).status_code == 404
    assert BankLine.objects.count() == 0
    _new, secret = actions.open_hook(actor=here.clerk, account=here.account, at=NOON)
    assert secret != hooks.secret_of(hook.public_id)


def test_the_secret_is_shown_once_and_stands_in_no_table(here: Office, client_of) -> None:
    client = client_of(here.school.clerk)
    address = f"/payments/accounts/{here.account.public_id}/hook/"
    shown = client.post(address).content.decode()
    secret = hooks.secret_of(BankHook.objects.get().public_id)

    assert secret in shown
    assert secret not in client.get("/payments/fees/").content.decode()
    assert client.post(address).status_code == 422


def mt940(lines: list[Line]) -> bytes:
    told = "".join(
        f":61:{line.on:%y%m%d}C{line.amount},NTRFNONREF//{line.reference}\n:86:{line.purpose}\n" for line in lines
    )
    return f":20:X\n:25:0011001234567\n{told}".encode()


def csv(lines: list[Line]) -> bytes:
    told = "".join(f"{line.on:%d/%m/%Y},{line.reference},{line.amount},{line.purpose}\n" for line in lines)
    return ("Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung\n" + told).encode()


def camt(lines: list[Line]) -> bytes:
    told = "".join(
        f'<Ntry><Amt Ccy="VND">{line.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{line.on}</Dt>'
        f"</BookgDt><AcctSvcrRef>{line.reference}</AcctSvcrRef><AddtlNtryInf>{line.purpose}</AddtlNtryInf></Ntry>"
        for line in lines
    )
    return f"<Document><Stmt>{told}</Stmt></Document>".encode()


def tell(here: Office, hook: BankHook, door: str, lines: list[Line]) -> None:
    if door == "call":
        body = body_of(*lines)
        assert call(hook, body, signed(hook, body)).status_code == 200
    else:
        read = statements.read({"mt940": mt940, "csv": csv, "camt": camt}[door](lines))
        actions.take_lines(actor=here.clerk, account=here.account, lines=read.lines, today=TODAY, at=NOON)


AMOUNTS = st.sampled_from([30_000, 100_000, 130_000])
DOORS = st.sampled_from(["call", "mt940", "csv", "camt"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), AMOUNTS), min_size=1, max_size=5), st.lists(DOORS, min_size=9, max_size=9),
       st.randoms())  # fmt: skip
def test_through_whatever_doors_lines_come_in_any_order_the_books_are_the_same(
    here: Office, hook: BankHook, sent, doors, chance
) -> None:
    seen = []
    for is_mixed_up in (False, True):
        with transaction.atomic():
            invoices = [here.bill(child)[0] for child in here.children[:2]]
            codes = [*(payment_codes.code_of(invoice.id) for invoice in invoices), "hoc phi"]
            lines = [Line(TODAY, amount, codes[which], f"R{n}") for n, (which, amount) in enumerate(sent)]
            batches = [[line] for line in lines]
            if is_mixed_up:
                batches += [[chance.choice(lines)] for _ in range(2)] + [lines[: len(lines) // 2 + 1]]
                chance.shuffle(batches)
            for number, batch in enumerate(batches):
                tell(here, hook, doors[number % len(doors)] if is_mixed_up else "call", batch)
            computed = [bill.paid for bill in queries.bills_of(invoices)]
            kept = [Invoice.objects.get(id=invoice.id).paid for invoice in invoices]
            assert kept == computed
            day = queries.day_of(here.clerk, here.school.organisation.id, TODAY)
            states = dict(BankLine.objects.values_list("reference", "state"))
            seen.append((computed, states, day.balances, Receipt.objects.count()))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]


@pytest.fixture
def address(committed_db: str) -> Iterator[tuple[str, BankHook]]:
    """A school with an address for its bank, behind a real server."""
    made = office(world().here)
    opened, _secret = actions.open_hook(actor=made.clerk, account=made.account, at=NOON)
    with make_server("127.0.0.1", 0, WSGIHandler()) as server:
        thread = Thread(target=lambda: (server.serve_forever(), connections.close_all()))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/payments/bank/{opened.public_id}/", opened
        server.shutdown()
        thread.join()


def test_a_bank_calls_over_real_http(address: tuple[str, BankHook]) -> None:
    place, opened = address
    body = body_of(Line(TODAY, 7, "khong ro", "FT1"))

    told = [httpx.post(place, content=body, headers=headers) for headers in ({}, signed(opened, body))]

    assert [answer.status_code for answer in told] == [401, 200]
    assert told[1].json() == {"new": 1, "known": 0, "unknown": 1}
    assert BankLine.objects.get().purpose == "khong ro"
