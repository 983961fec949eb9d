"""What the pages of the office have in common: which school, and the tabs above them."""

from django.utils.translation import gettext as _

from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.foundation.request import Request
from khue.foundation.ui.remembered import address
from khue.payments.access import Permission
from khue.registry import queries as registry
from khue.registry.models import Organisation


def school_of(request: Request, permission: Permission) -> Organisation:
    """The school whose money the actor works with; the first where there are several."""
    require(request.actor, permission, within=None)
    places = registry.working_places(request.actor, permission)
    if not places:
        raise NotFound
    return places[0]


def tabs(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this page) of the office's pages that the actor may open."""
    pages = (
        ("desk", _("Hôm nay")),
        ("runs", _("Đợt thu")),
        ("invoices", _("Phiếu thu")),
        ("transfers", _("Chuyển khoản")),
        *([("statements", _("Sao kê"))] if actor.may(Permission.MONEY_TAKE) else []),
        ("fees", _("Khoản thu")),
        ("days", _("Khoá sổ")),
    )
    return [(name, address(f"payments:{key}"), key == here) for key, name in pages]
