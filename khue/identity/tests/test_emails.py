"""An e-mail address is proved by a link, mailed through a real SMTP server."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from khue.foundation import events
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity import actions
from khue.identity.models import Account, Handle
from tests.mailbox import Mailbox
from tests.world import NOON, World, actor

PAGE = "https://khue.example/emails/"


def link_in(mailbox: Mailbox) -> str:
    """The link in the last mail."""
    found = re.search(r"\S+/emails/\S+/", mailbox.read()[-1].get_content())
    assert found is not None
    return found[0]


def ask(who: Account, email: str) -> None:
    actions.ask_to_prove_email(actor=actor(who), email=email, page=PAGE, at=NOON)
    events.deliver_now()


def proof_of(link: str) -> str:
    return link.removeprefix(PAGE).rstrip("/")


def test_an_address_is_added_once_its_mail_was_read(world: World, mailbox: Mailbox) -> None:
    teacher = world.here.teacher

    ask(teacher, "  Hoa.Le@Example.VN ")

    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [["hoa.le@example.vn"]]
    assert not Handle.objects.filter(kind="email", account=teacher).exists()
    proof = proof_of(link_in(mailbox))
    # A minute after it was sent: the link is sealed with the clock of the one who sends it.
    address = actions.prove_email(proof=proof, at=_sent(mailbox))
    assert address == "hoa.le@example.vn"
    assert Handle.objects.get(account=teacher, kind="email").verified_at is not None
    assert AuditRow.objects.get(verb="email.proved").account_id == teacher.id


def test_a_known_address_is_verified_and_stays_one_handle(world: World, mailbox: Mailbox) -> None:
    teacher = world.here.teacher
    Handle.objects.create(account=teacher, kind="email", value="hoa@example.vn")

    ask(teacher, "hoa@example.vn")
    proof = proof_of(link_in(mailbox))
    for _ in range(2):
        actions.prove_email(proof=proof, at=_sent(mailbox))

    assert Handle.objects.get(value="hoa@example.vn").verified_at is not None
    assert AuditRow.objects.filter(verb="email.proved").count() == 1


def test_an_address_of_another_account_is_not_taken_over(world: World, mailbox: Mailbox) -> None:
    Handle.objects.create(account=world.here.head, kind="email", value="chung@example.vn")
    ask(world.here.teacher, "chung@example.vn")

    with pytest.raises(actions.AddressTaken):
        actions.prove_email(proof=proof_of(link_in(mailbox)), at=_sent(mailbox))

    assert Handle.objects.get(value="chung@example.vn").account_id == world.here.head.id


def test_a_forged_or_old_link_proves_nothing(world: World, mailbox: Mailbox) -> None:
    ask(world.here.teacher, "hoa@example.vn")
    proof = proof_of(link_in(mailbox))

    for link, later in ((proof, timedelta(hours=25)), (proof[:-6] + "AAAAA=", timedelta()), ("x", timedelta())):
        with pytest.raises(actions.ProofExpired):
            actions.prove_email(proof=link, at=_sent(mailbox) + later)

    assert not Handle.objects.filter(value="hoa@example.vn").exists()


def test_what_is_no_address_and_too_many_mails_are_refused(world: World, mailbox: Mailbox) -> None:
    with pytest.raises(actions.NotAnAddress):
        ask(world.here.teacher, "0912345678")
    for _ in range(3):
        ask(world.here.teacher, "hoa@example.vn")
    with pytest.raises(actions.TooManyAttempts):
        ask(world.here.teacher, "hoa@example.vn")
    with pytest.raises(Forbidden):
        actions.ask_to_prove_email(actor=actor(world.here.teacher).__class__(), email="a@b.vn", page=PAGE, at=NOON)

    assert len(mailbox.taken) == 3


def test_opening_the_link_shows_the_address_and_the_button_proves_it(world: World, mailbox: Mailbox, client_of) -> None:
    teacher = client_of(world.here.teacher)
    assert teacher.post("/emails/", {"email": "hoa@example.vn"}).status_code == 303
    events.deliver_now()
    path = "/emails/" + link_in(mailbox).split("/emails/")[1]

    stranger = Client()
    assert "hoa@example.vn" in stranger.get(path).content.decode()
    assert not Handle.objects.filter(value="hoa@example.vn").exists()
    assert stranger.post(path).status_code == 303
    assert "Đã xác minh" in teacher.get("/account/").content.decode()
    assert stranger.post("/emails/x/").status_code == 422


def _sent(mailbox: Mailbox):
    from khue.foundation import clock

    assert mailbox.taken
    return clock.now() + timedelta(minutes=1)
