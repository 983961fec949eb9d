"""What stands side by side above the pages of this room."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.registry.models import Organisation

Tab = tuple[str, str, bool]


def tabs(_actor: Actor, place: Organisation, chosen: str) -> list[Tab]:
    """Label, address and whether it is open."""
    at = [place.public_id]
    found = [
        ("figures", _("Chỉ số"), reverse("indicators:organisation", args=at)),
        ("index", _("Đánh giá trường"), reverse("indicators:index", args=at)),
        ("reports", _("Báo cáo định kì"), reverse("indicators:reports", args=at)),
        ("asked", _("Báo cáo theo yêu cầu"), reverse("indicators:asked", args=at)),
        ("support", _("Hỗ trợ thiết bị"), reverse("indicators:support", args=at)),
    ]
    return [(label, address, key == chosen) for key, label, address in found]
