"""Whom a person may begin a conversation with, as a page offers it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.text import fold, nfc
from khue.messaging.access import Permission
from khue.messaging.extensions import Partner, relations
from khue.messaging.queries.policies import Policy, policy_of

#: More than these are found by typing a name.
MOST_SHOWN = 60
#: So many are read in one list; more of several classes are chosen from class by class.
FEW = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One thread that may be begun, or gone on with.

    value  what a form sends for it
    title  the child for a teacher, the teacher for a family
    note   who reads there; for a family also why they know each other
    group  for a teacher, why: "Chủ nhiệm, Toán · 6A"
    """

    value: str
    title: str
    note: str
    with_pupil: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """The threads on a screen, or where they are many the classes they are of, each with how many."""

    choices: Sequence[Choice]
    has_more: bool
    groups: Sequence[tuple[str, int]] = ()


def choices_for(actor: Actor, on: date, text: str = "", group: str = "") -> Offer:
    """The threads the actor may begin whose names hold the text, or that are of one group.

    cost  what the slot `relations` needs, and one query a school
    """
    threads = _threads(actor, _partners(actor, on), on)
    found = [choice for choice in (_choice(actor, *item) for item in threads.items()) if _holds(choice, text)]
    groups = Counter(choice.group for choice in found)
    if not text and not group and len(groups) > 1 and len(found) > FEW:
        return Offer([], has_more=False, groups=list(groups.items()))
    shown = [choice for choice in found if group in ("", choice.group)]
    return Offer(shown[:MOST_SHOWN], has_more=len(shown) > MOST_SHOWN)


def partner_named(actor: Actor, value: str, on: date) -> tuple[Partner, bool]:
    """The partner behind the value of a `Choice`, and whether the pupil takes part. Raises NotFound."""
    for key, partners in _threads(actor, _partners(actor, on), on).items():
        if _value(key) == value:
            return partners[0], key[3]
    raise NotFound


_Key = tuple[int, int, int, bool]


def _partners(actor: Actor, on: date) -> list[Partner]:
    if not actor.may(Permission.TALK_AS_STAFF) and not actor.may(Permission.TALK_AS_FAMILY):
        return []
    return list(relations.filling.partners(actor.person_id or 0, on))


def _threads(actor: Actor, partners: Iterable[Partner], on: date) -> dict[_Key, list[Partner]]:
    """Partners by the thread they belong to; without those the schools' policies do not allow."""
    policies: dict[int, Policy] = {}
    found: dict[_Key, list[Partner]] = {}
    for partner in partners:
        place = partner.organisation_id
        if place not in policies:
            policies[place] = policy_of(place, on)
        with_pupil = partner.family_id == partner.about_id
        if with_pupil and not policies[place].pupils_may_write:
            continue
        if partner.staff_id != actor.person_id and not policies[place].families_may_begin:
            continue
        found.setdefault((place, partner.staff_id, partner.about_id, with_pupil), []).append(partner)
    return found


def _choice(actor: Actor, key: _Key, partners: list[Partner]) -> Choice:
    first, with_pupil = partners[0], key[3]
    if first.staff_id != actor.person_id:
        about = first.reason if with_pupil else _("%(reason)s · em %(child)s") % {
            "reason": first.reason, "child": first.about_name,
        }  # fmt: skip
        return Choice(_value(key), first.name, about, with_pupil)
    who = _("Em và phụ huynh") if with_pupil else ", ".join(partner.name for partner in partners)
    return Choice(_value(key), first.about_name, who, with_pupil, first.reason)


def _value(key: _Key) -> str:
    place, staff, child, with_pupil = key
    return f"{place}-{staff}-{child}-{int(with_pupil)}"


def _holds(choice: Choice, text: str) -> bool:
    """Whether every word typed begins a word of what the choice shows, with or without diacritics."""
    shown = fold(f"{choice.title} {choice.note} {choice.group}").split()
    return all(any(word.startswith(typed) for word in shown) for typed in fold(nfc(text)).split())
