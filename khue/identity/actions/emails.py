"""Proving that an e-mail address is one's own: a link is sent there, and whoever opens it has read the mail."""

from datetime import datetime

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events, scope
from khue.foundation.actor import ANONYMOUS, SYSTEM, Actor
from khue.foundation.errors import Refusal
from khue.identity import attempts, email_proofs, handles
from khue.identity.access import own_account
from khue.identity.actions.sessions import as_actor
from khue.identity.email_proofs import EmailProof
from khue.identity.events import EmailProofRequested
from khue.identity.models import Account, Handle


class NotAnAddress(Refusal):
    code = "not_an_address"
    field = "email"
    message = _("Đây không phải địa chỉ thư điện tử. Hãy kiểm tra lại.")


class AddressTaken(Refusal):
    code = "address_taken"
    field = "email"
    message = _("Địa chỉ này đã thuộc về một tài khoản khác.")


class ProofExpired(Refusal):
    code = "proof_expired"
    message = _("Liên kết không đúng hoặc đã quá 24 giờ. Hãy yêu cầu gửi lại trong trang Tài khoản của tôi.")


@transaction.atomic
def ask_to_prove_email(*, actor: Actor, email: str, page: str, at: datetime) -> None:
    """Have a link sent to an address that is the actor's, or that the actor wants to add to the own account.

    page     where the link leads; the proof follows it
    refuses  NotAnAddress; TooManyAttempts after three mails a day
    """
    account_id = own_account(actor)
    normal = handles.normal_form(email)
    if normal is None or normal[0] != Handle.Kind.EMAIL:
        raise NotAnAddress
    attempts.count(attempts.LINK, f"prove:{account_id}", at)
    audit.record(actor, "email.proof_asked", None, email=normal[1])
    events.publish(EmailProofRequested(organisation_id=None, account_id=account_id, email=normal[1], page=page))


def send_email_proof(*, account_id: int, email: str, page: str, at: datetime) -> None:
    """Mail the link. The address is written down nowhere before it is proved: the link itself carries it, sealed."""
    account = Account.objects.get(id=account_id)
    proof = EmailProof(account_id, email).sealed(at)
    send_mail(
        translated("Xác minh địa chỉ thư điện tử"),
        translated(
            "Kính gửi %(name)s,\n\nĐể xác minh địa chỉ này là của mình, hãy mở liên kết sau trong vòng 24 giờ:\n"
            "%(link)s\n\nNếu không phải quý vị yêu cầu, xin bỏ qua thư này."
        )
        % {"name": account.display_name, "link": f"{page}{proof}/"},
        None,
        [email],
    )
    audit.record(SYSTEM, "email.proof_sent", account)


def prove_email(*, proof: str, at: datetime) -> str:
    """Write down that whoever opened the link reads the mail of that address. Returns the address.

    refuses  ProofExpired; AddressTaken when another account has it by now
    """
    said = email_proofs.opened(proof, at)
    if said is None:
        raise ProofExpired
    with transaction.atomic(), scope.raised(ANONYMOUS):
        account = Account.objects.filter(id=said.account_id, is_active=True).first()
        if account is None:
            raise ProofExpired
        handle, _is_new = Handle.objects.get_or_create(
            value=said.email, defaults={"account": account, "kind": Handle.Kind.EMAIL}
        )
        if handle.account_id != account.id:
            raise AddressTaken
        if handle.verified_at is None:
            Handle.objects.filter(id=handle.id).update(verified_at=at)
            audit.record(as_actor(account), "email.proved", account, email=handle.value)
    return handle.value
