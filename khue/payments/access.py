"""Who sets fees, sends bills and takes money, and who sees what a family owes: the family itself and the office."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of payments."""

    FEE_WRITE = "payments:fee:write"
    MONEY_TAKE = "payments:money:take"
    MONEY_READ = "payments:money:read"
    DAY_CLOSE = "payments:day:close"
    FEE_ANSWER = "payments:fee:answer"  # for a ward, by who may decide for it


def visible_invoices(actor: Actor) -> Q:
    """Invoices and receipts of the schools whose money the actor reads, and those of the own family.

    A teacher sees none: debt is never shown to other people, nor used against a pupil (issue of lạm thu, domain §6.2).
    """
    places = actor.organisations(Permission.MONEY_READ)
    if places is None:
        return Q()
    family = sorted(actor.wards | ({actor.person_id} if actor.person_id else set()))
    own = Q(family_id__in=family) if family else Q(pk__in=())
    return Q(organisation_id__in=sorted(places)) | own if places else own


def of_office(actor: Actor) -> Q:
    """What only the office of a school sees: its accounts, fees, reliefs, files of banks and closings."""
    places = actor.organisations(Permission.MONEY_READ)
    return Q() if places is None else Q(organisation_id__in=sorted(places))
