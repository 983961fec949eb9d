"""Whoever files without an account is written to by e-mail, through a real SMTP server."""

from datetime import date

import pytest

from khue.foundation import events, scope
from khue.foundation.actor import ANONYMOUS
from khue.procedures import actions
from khue.procedures.models import Case, Step
from khue.procedures.tests.drawn import published
from tests.mailbox import Mailbox
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


def filed(world: World, email: str) -> Case:
    filing = actions.Filing(
        definition=published(world.here.organisation), organisation=world.here.organisation, applicant_name="Lê Thị Mẹ",
        subject_name="Lê Văn Con", born_on=date(2015, 3, 2), phone="0901", email=email, given={"why": "Về quê"},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        return actions.file_case(actor=ANONYMOUS, filing=filing, at=NOON)


def test_receipt_supplement_and_end_are_mailed(world: World, mailbox: Mailbox) -> None:
    case = filed(world, "me@example.vn")
    events.deliver_now()
    clerk = actor(world.here.clerk)
    actions.ask_supplement(actor=clerk, case=case, wanted="Giấy khai sinh", at=NOON)
    actions.answer_supplement(actor=ANONYMOUS, case=case, proof=case.code, answer="Đã gửi", at=NOON)
    refused = {"decision": "refuse", "reason": "Hết chỗ"}
    actions.do_step(actor=clerk, step=Step.objects.get(case=case, done_at=None), given=refused, at=NOON)
    events.deliver_now()

    mails = mailbox.read()

    assert [mail["to"] for mail in mails] == ["me@example.vn"] * 3
    assert all(case.code in mail["subject"] and case.code in mail.get_content() for mail in mails)
    assert f"{case.due_on:%d/%m/%Y}" in mails[0].get_content()
    assert "Hết chỗ" in mails[2].get_content()
    assert "02/03/2015" not in "".join(mail.get_content() for mail in mails), "the key to the case is not in the mail"


def test_nobody_is_written_to_without_an_address(world: World, mailbox: Mailbox) -> None:
    filed(world, "")

    events.deliver_now()

    assert mailbox.taken == []
