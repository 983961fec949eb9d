"""The process that takes calls and statements of a bank is killed again and again: the books are as without it."""

import json
import random
import time
from dataclasses import dataclass
from threading import Timer

import httpx
import pytest
from django.conf import settings

from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, node  # noqa: F401  a fixture
from khue.foundation.tests.processes import free_port
from khue.identity import actions as identity
from khue.payments import actions, hooks, payment_codes, queries
from khue.payments.lines import Line
from khue.payments.models import BankCall, BankHook, BankLine, Entry, Invoice, Posting, Receipt, Statement
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY
from tests.world import world as a_world

pytestmark = pytest.mark.resilience
PUPILS = 12
TRANSFERS = 120
KILLS = 8
EVERYDAY = (httpx.HTTPError, OSError)
TOKEN = "resil" * 6 + "ie"


@dataclass
class Door:
    """The web process and how to speak to it; it may be away at any moment."""

    node: Node
    hook: BankHook
    account: str
    session: str

    def __post_init__(self) -> None:
        self.port = free_port()
        self.process = self.open()
        self.kills = 0

    def open(self):
        """Start it on its port."""
        self.process = self.node.start("tests.resilience.bank_door", str(self.port))
        return self.process

    def kill(self) -> None:
        """kill -9, and start the next one."""
        self.node.kill(self.process)
        self.kills += 1
        self.open()

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=10,
            cookies={"khue_session": self.session, "khue_csrf": TOKEN},
        )  # fmt: skip

    def call(self, lines: list[Line]) -> bool:
        """Tell of transfers as a bank calls. Whether it was acknowledged."""
        told = [{"reference": line.reference, "on": line.on.isoformat(), "amount": line.amount,
                 "purpose": line.purpose} for line in lines]  # fmt: skip
        body, second = json.dumps({"transactions": told}).encode(), str(int(clock.now().timestamp()))
        signature = hooks.signature_of(hooks.secret_of(self.hook.public_id), second, body)
        headers = {"X-Khue-Timestamp": second, "X-Khue-Signature": signature}
        with self.client as bank:
            return bank.post(f"/payments/bank/{self.hook.public_id}/", content=body, headers=headers).status_code == 200

    def bring(self, lines: list[Line]) -> bool:
        """Bring a file of the bank and take it, as the office does. Whether it was acknowledged."""
        text = "Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung\n" + "".join(
            f"{line.on:%d/%m/%Y},{line.reference},{line.amount},{line.purpose}\n" for line in lines
        )
        form = {"account": self.account, "csrfmiddlewaretoken": TOKEN}
        with self.client as office_of:
            brought = office_of.post(
                "/payments/statements/", data=form, files={"file": ("saoke.csv", text.encode(), "text/csv")}
            )
            if brought.status_code != 303:
                return False
            taken = office_of.post(f"{brought.headers['Location']}take/", data={"csrfmiddlewaretoken": TOKEN})
        return taken.status_code == 303


def transfers(invoices: list[Invoice], chance: random.Random) -> list[Line]:
    """Some fit, some are too much or too little, some name nobody; some of the files give no number."""
    made = []
    for number in range(TRANSFERS):
        invoice = chance.choice(invoices)
        purpose = chance.choice([payment_codes.code_of(invoice.id)] * 4 + ["hoc phi", f"hp {number}"])
        amount = chance.choice([100_000, 60_000, 40_000, 130_000])
        made.append(Line(TODAY, amount, purpose, f"FT{number:06}"))
    return made


def books() -> tuple[object, ...]:
    """Everything that must not depend on what died when; numbers of rows are left out."""
    lines = sorted(BankLine.objects.values_list("reference", "amount", "state", "family_id"))
    paid = sorted(Invoice.objects.values_list("id", "paid"))
    postings = sorted(
        Posting.objects.exclude(entry__key__startswith="invoice:").values_list("book", "amount", "family_id"), key=str
    )
    receipts = sorted(Receipt.objects.values_list("number", flat=True))
    return lines, paid, postings, receipts


@pytest.fixture
def here(node: Node) -> Office:  # noqa: F811  the fixture
    with scope.of_organisation(None):
        return office(a_world(pupils=PUPILS).here)


def test_a_bank_that_tells_again_until_it_is_heard_ends_in_the_same_books(node: Node, here: Office) -> None:  # noqa: F811
    chance = random.Random(20261128)
    with scope.of_organisation(None):
        invoices = [invoice for child in here.children for invoice in here.bill(child, months=4)]
        hook, _secret = actions.open_hook(actor=here.clerk, account=here.account, at=NOON)
        session = identity.open_session(
            account=here.school.clerk, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
        )
    told = transfers(invoices, chance)
    node.var = settings.VAR_DIR  # the secret of the hook follows from the node's own
    door = Door(node, hook, str(here.account.public_id), session)
    batches = [told[at : at + 5] for at in range(0, TRANSFERS, 5)] + [told[at : at + 40] for at in (0, 40, 80)]
    chance.shuffle(batches)
    _tell_all(door, batches, chance)
    with scope.of_organisation(None):
        after = books()
        numbers = after[-1]
        assert numbers == list(range(1, len(numbers) + 1))
        assert Entry.objects.filter(key__startswith="bank:").count() == TRANSFERS
        killed_with = (BankCall.objects.count(), Statement.objects.exclude(taken_at=None).count())
        computed = {bill.public_id: bill.paid for bill in queries.bills_of(invoices)}
        assert dict(Invoice.objects.values_list("public_id", "paid")) == computed
    print(f"killed {door.kills} times, {killed_with[0]} calls and {killed_with[1]} files taken")
    assert door.kills >= KILLS
    assert after[:3] == _without_kills(here, invoices, told)


def _tell_all(door: Door, batches: list[list[Line]], chance: random.Random) -> None:
    """Every batch by a call or a file until it is acknowledged; the process dies at moments nobody chose."""
    next_death = time.monotonic() + chance.uniform(0.5, 2.5)
    waiting = [(batch, chance.choice((door.call, door.bring))) for batch in batches]
    end = time.monotonic() + 240
    while waiting or door.kills < KILLS:
        assert time.monotonic() < end, "it did not come to an end"
        if time.monotonic() > next_death and door.kills < KILLS:
            door.kill()
            next_death = time.monotonic() + chance.uniform(1.5, 4)
        batch, way = waiting[0] if waiting else (batches[0], door.call)
        try:
            is_heard = _interrupted(door, way, batch, chance) if door.kills < KILLS else way(batch)
        except EVERYDAY:
            time.sleep(0.1)
            continue
        if is_heard and waiting:
            waiting.pop(0)


def _interrupted(door: Door, way, batch: list[Line], chance: random.Random) -> bool:
    """Tell of a batch; now and then the process is killed a few milliseconds into it."""
    if chance.random() > 0.25:
        return way(batch)
    death = Timer(chance.uniform(0.0, 0.12), door.node.kill, [door.process])
    death.start()
    try:
        return way(batch)
    finally:
        death.join()
        door.kills += 1
        door.open()


def _without_kills(here: Office, invoices: list[Invoice], told: list[Line]) -> tuple[object, ...]:
    """The same lines told once, in order, to a school of the same shape that nothing happened to."""
    with scope.of_organisation(None):
        other = office(a_world(pupils=PUPILS).here, number="0011009999999")
        same = [invoice for child in other.children for invoice in other.bill(child, months=4)]
        new_id = {old.id: new.id for old, new in zip(invoices, same, strict=True)}
        person = {old.family_id: new.family_id for old, new in zip(invoices, same, strict=True)}
        back = {new: old for old, new in person.items()}
        lines = []
        for line in told:
            (named,) = payment_codes.numbers_in(line.purpose) or (None,)
            purpose = payment_codes.code_of(new_id[named]) if named else line.purpose
            lines.append(Line(line.on, line.amount, purpose, line.reference))
        actions.take_lines(actor=other.clerk, account=other.account, lines=lines, today=TODAY, at=NOON)
        place = other.school.organisation
        old_id = {new: old for old, new in new_id.items()}
        rows = BankLine.objects.filter(organisation=place).values_list("reference", "amount", "state", "family_id")
        postings = (
            Posting.objects.filter(organisation=place)
            .exclude(entry__key__startswith="invoice:")
            .values_list("book", "amount", "family_id")
        )
        return (
            sorted((*row[:3], back.get(row[3])) for row in rows),
            sorted(
                (old_id[key], paid)
                for key, paid in Invoice.objects.filter(organisation=place).values_list("id", "paid")
            ),
            sorted(((book, amount, back.get(family)) for book, amount, family in postings), key=str),
        )
