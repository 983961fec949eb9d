"""The papers of the one-stop office as PDF, for the office and for whoever holds code and birth date."""

from django.http import HttpResponse

from khue.foundation import paper
from khue.foundation.errors import NotFound
from khue.procedures import labels
from khue.procedures.models import Case, Slip
from khue.registry.queries.places import above_on_paper


def printed(case: Case, slip: Slip) -> HttpResponse:
    """A slip to be printed and signed. Raises NotFound for a result: what is granted is a signed paper of its own."""
    if slip.kind == Slip.Kind.RESULT:
        raise NotFound
    context = {
        "case": case, "slip": slip, "title": labels.SLIPS[Slip.Kind(slip.kind)],
        "channel": labels.CHANNELS[Case.Channel(case.channel)], "above": above_on_paper(case.organisation),
    }  # fmt: skip
    return paper.answer("procedures/paper/slip.html", context, name=f"{slip.kind}-{case.code}".lower())
