"""Where pages about keys and results belong: to the transcripts of a school, to the registers of a department."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.records.access import Permission


def home_of(actor: Actor) -> tuple[str, str]:
    """Name and address of the page above, for whoever works at a school or above schools."""
    if any(actor.may(each) for each in (Permission.SHEET_READ_ALL, Permission.SHEET_READ_LED)):
        return _("Học bạ số"), reverse("records:year")
    return _("Sổ gốc"), reverse("records:diplomas")
