"""A school that collects: what tests of money begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from khue.foundation.actor import Actor
from khue.payments import actions
from khue.payments.actions import Charge
from khue.payments.lines import Line
from khue.payments.models import CollectionAccount, FeeItem, Invoice
from khue.registry.models import Person
from tests.world import NOON, TODAY, School, actor


@dataclass
class Office:
    """The clerk of a school with one account and one fee of 100,000 đồng a month."""

    school: School
    clerk: Actor
    account: CollectionAccount
    fee: FeeItem

    @property
    def children(self) -> list[Person]:
        return [enrolment.person for enrolment in self.school.enrolments]

    def bill(self, *children: Person, months: int = 1, title: str = "Thu tháng 11") -> list[Invoice]:
        return actions.issue_invoices(
            actor=self.clerk,
            organisation_id=self.school.organisation.id,
            title=title,
            charges=[Charge(child.id, self.fee, months) for child in children],
            issued_on=TODAY,
            due_on=date(2026, 12, 5),
            at=NOON,
        )

    def agree(self, item: FeeItem, *children: Person, says_yes: bool = True) -> None:
        """Write down what families signed on paper."""
        for child in children:
            actions.answer_fee(actor=self.clerk, item=item, child=child, says_yes=says_yes, at=NOON)


def office(school: School, number: str = "0011001234567") -> Office:
    clerk = actor(school.clerk)
    account = actions.open_account(
        actor=clerk,
        organisation_id=school.organisation.id,
        bank="970436",
        number=number,
        holder="TRUONG THCS",
    )
    fee = actions.set_fee(
        actor=clerk,
        account=account,
        name="Nước uống",
        legal_basis="Nghị quyết của Hội đồng nhân dân tỉnh",
        base="month",
        amount=100_000,
        is_voluntary=False,
        valid_from=date(2026, 9, 1),
    )
    return Office(school, clerk, account, fee)


def batches_of(lines: Sequence[Line], chance: Random, *, is_mixed_up: bool) -> list[list[Line]]:
    """One by one; mixed up also in another order, again, and several at once."""
    batches = [[line] for line in lines]
    if is_mixed_up:
        batches += [[chance.choice(lines)] for _ in range(3)] + [list(lines[: len(lines) // 2 + 1])]
        chance.shuffle(batches)
    return batches
