"""What the dossiers on this node say of an indicator that an office answers for with its own report."""

from datetime import date

from khue.foundation.actor import Actor
from khue.indicators.counts import Count
from khue.procedures import queries as procedures
from khue.registry.models import Organisation

OF_CASES = "B5"


def count_of_cases(actor: Actor, organisation: Organisation, code: str, on: date) -> Count | None:
    """Dossiers decided this year and, of them, those filed through the platform: what B5 asks for, to be taken over.

    Only where the actor answers for the body itself, whose offices it then reads; None where nothing was decided: the
    office may work with another program, and unknown is not zero. Two queries, for B5 alone.
    """
    if code != OF_CASES or organisation.id not in {held.organisation for held in actor.held}:
        return None
    seen = procedures.figures(actor, date(on.year, 1, 1), on, on)
    return Count(seen.decided_online, seen.finished) if seen.finished else None
