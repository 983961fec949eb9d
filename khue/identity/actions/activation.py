"""Setting the first password, or a forgotten one: with a code from the school, or a link by e-mail."""

from datetime import datetime

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events, scope
from khue.foundation.actor import ANONYMOUS, SYSTEM
from khue.foundation.errors import Refusal
from khue.identity import attempts, codes, handles
from khue.identity.actions.accounts import make_codes
from khue.identity.actions.sessions import as_actor, open_session
from khue.identity.actions.sign_in import store_password
from khue.identity.events import LinkRequested
from khue.identity.models import ActivationCode, Handle, Session


class UnknownCode(Refusal):
    code = "unknown_code"
    field = "code"
    message = _("Mã kích hoạt không đúng, đã dùng hoặc đã hết hạn. Hãy kiểm tra lại, hoặc xin mã mới ở nhà trường.")


def check_code(*, code: str, at: datetime, address: str | None) -> str:
    """The name of the account that a code is for, so that a person sees whose password is being set.

    refuses  UnknownCode; TooManyAttempts. Not atomic: the count of failed attempts stays.
    """
    return _open_code(code, at, address).account.display_name


def activate(*, code: str, new_password: str, at: datetime, address: str | None, agent: str) -> str:
    """Set the password of the account that the code was issued for, and sign in. Returns the token for the cookie.

    refuses  UnknownCode, also for a code used before; TooManyAttempts; WeakPassword in its kinds, the code then stays
    """
    found = _open_code(code, at, address)
    with transaction.atomic(), scope.raised(ANONYMOUS):
        account = found.account
        store_password(account, new_password, at)
        if not ActivationCode.objects.filter(id=found.id, used_at=None).update(used_at=at):
            raise UnknownCode
        if found.channel == ActivationCode.Channel.EMAIL:
            Handle.objects.filter(account=account, kind=Handle.Kind.EMAIL, verified_at=None).update(verified_at=at)
        Session.objects.filter(account=account).delete()
        audit.record(as_actor(account), "account.activated", account, channel=found.channel)
    attempts.take_back(attempts.CODE, address or "")
    return open_session(account=account, at=at, address=address, agent=agent)


@transaction.atomic
def request_link(*, handle: str, page: str, at: datetime, address: str | None) -> None:
    """Send a link for setting the password to the account's e-mail address, if there is one. Says nothing either way.

    page     where the link leads: the node's own activation page
    refuses  TooManyAttempts
    """
    normal = handles.normal_form(handle)
    subject = normal[1] if normal else handle.strip().lower()[:200]
    attempts.count(attempts.ADDRESS, address or "", at)
    attempts.count(attempts.LINK, subject, at)
    with scope.raised(ANONYMOUS):
        named = Handle.objects.filter(value=subject, account__is_active=True).values("account_id")
        mail = Handle.objects.filter(kind=Handle.Kind.EMAIL, account_id__in=named).order_by("id").first()
        if mail is not None:
            events.publish(
                LinkRequested(organisation_id=None, account_id=mail.account_id, handle_id=mail.id, page=page)
            )


def send_link(*, account_id: int, handle_id: int, page: str, at: datetime) -> None:
    """Make a code and mail the link that carries it. Called again it makes another; only the newest works.

    page     where the link leads; the code follows the sign #, so that no server on the way writes it down
    """
    mail = Handle.objects.select_related("account").get(id=handle_id, account_id=account_id)
    account = mail.account
    made = make_codes([account], SYSTEM, at, ActivationCode.Channel.EMAIL)
    send_mail(
        translated("Đặt mật khẩu Khuê"),
        translated(
            "Kính gửi %(name)s,\n\nĐể đặt mật khẩu, hãy mở liên kết này trong vòng một giờ:\n%(link)s\n"
            "Nếu liên kết không mở được, hãy nhập mã %(code)s tại %(page)s.\n\n"
            "Nếu không phải quý vị yêu cầu, xin bỏ qua thư này: mật khẩu hiện tại không thay đổi."
        )
        % {"name": account.display_name, "link": f"{page}#{made[account.id]}", "code": made[account.id], "page": page},
        None,
        [mail.value],
    )
    audit.record(SYSTEM, "activation_link.sent", account)


def _open_code(code: str, at: datetime, address: str | None) -> ActivationCode:
    attempts.count(attempts.CODE, address or "", at)
    with scope.raised(ANONYMOUS):
        found = (
            ActivationCode.objects.filter(code_hash=codes.activation_hash(code), used_at=None, expires_at__gt=at)
            .filter(account__is_active=True)
            .select_related("account")
            .first()
        )
    if found is None:
        raise UnknownCode
    return found
