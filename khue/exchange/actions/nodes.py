"""Who this node is to others, and whom it exchanges with. Both sides are told of each other by hand, once."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.exchange import keys
from khue.exchange.access import Permission
from khue.exchange.cards import Card
from khue.exchange.events import NodesChanged
from khue.exchange.models import LEVELS, Peer, ThisNode
from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation

#: What a body of this kind is in the chain of reports.
LEVEL_OF = {
    Organisation.Kind.SCHOOL: "school",
    Organisation.Kind.COMMUNE_OFFICE: "department",
    Organisation.Kind.DEPARTMENT: "department",
    Organisation.Kind.MINISTRY: "ministry",
}


class NodeUnnamed(Refusal):
    code = "node_unnamed"
    message = _("Hệ thống này chưa được đặt tên để trao đổi. Hãy chạy khue exchange name trước.")


class UnusableCard(Refusal):
    code = "unusable_card"
    message = _("Tệp giới thiệu không đúng: %(why)s. Hãy xin lại tệp từ đơn vị kia.")


class WrongLevel(Refusal):
    code = "wrong_level"
    message = _("Hệ thống %(name)s thuộc cấp %(level)s, không thể nối theo chiều này.")


class AnotherAbove(Refusal):
    code = "another_above"
    message = _("Hệ thống này đã báo cáo lên %(name)s. Hãy ngừng kết nối đó trước.")


@transaction.atomic
def name_node(*, actor: Actor, organisation: Organisation, level: str = "") -> ThisNode:
    """Say for which body this node stands. A second time only its name and level may change.

    level    "school", "department" or "ministry"; what the body is where none is given
    refuses  WrongLevel
    """
    require(actor, Permission.NODE_MANAGE, within=None)

    level = level or LEVEL_OF.get(Organisation.Kind(organisation.kind), "")
    if level not in LEVELS:
        raise WrongLevel(name=organisation.name, level=level or "—")
    node, _made = ThisNode.objects.update_or_create(
        id=1,
        defaults={"body": organisation, "name": organisation.name, "level": level},
        create_defaults={
            "body": organisation, "name": organisation.name, "level": level, "node": uuid.uuid4(),
        },
    )  # fmt: skip
    audit.record(actor, "node.named", node, name=node.name, level=level)
    return node


@transaction.atomic
def renew_keys(*, actor: Actor) -> ThisNode:
    """Sign with new keys from now on; every peer must be given the new card.

    refuses  NodeUnnamed
    """
    require(actor, Permission.NODE_MANAGE, within=None)

    node = ThisNode.objects.select_for_update().first()
    if node is None:
        raise NodeUnnamed
    node.key_generation += 1
    node.save(update_fields=["key_generation"])
    audit.record(actor, "node.keys_renewed", node, generation=node.key_generation)
    events.publish(NodesChanged(None))
    return node


@transaction.atomic
def admit_peer(*, actor: Actor, card: Card, organisation: Organisation, at: datetime) -> Peer:
    """Exchange with another node from now on, or take over its new keys and address.

    organisation  the body of our tree for which a node below may report; our own root for the node above
    refuses       NodeUnnamed; UnusableCard; WrongLevel; AnotherAbove
    """
    require(actor, Permission.NODE_MANAGE, within=None)

    this = ThisNode.objects.first()
    if this is None:
        raise NodeUnnamed
    direction = _direction(this, card)
    values: dict[str, Any] = {
        "organisation": organisation,
        "name": card.name[:200],
        "level": card.level,
        "direction": direction,
        "address": card.address,
        "keys": _usable(card),
        "is_active": True,
    }
    with scope.raised(actor):
        above = Peer.objects.filter(direction=Peer.Direction.ABOVE, is_active=True).exclude(node=card.node).first()
        if direction == Peer.Direction.ABOVE and above is not None:
            raise AnotherAbove(name=above.name)
        peer, _made = Peer.objects.update_or_create(
            node=card.node, defaults=values, create_defaults={**values, "admitted_at": at}
        )
        audit.record(actor, "peer.admitted", peer, node=str(card.node), name=card.name, direction=direction)
        events.publish(NodesChanged(None))
    return peer


@transaction.atomic
def retire_peer(*, actor: Actor, peer: Peer) -> Peer:
    """Exchange nothing more with a node. What it reported stays."""
    require(actor, Permission.NODE_MANAGE, within=None)

    peer.is_active = False
    peer.save(update_fields=["is_active"])
    audit.record(actor, "peer.retired", peer, name=peer.name)
    events.publish(NodesChanged(None))
    return peer


@transaction.atomic
def note_contact(*, actor: Actor, peer: Peer, error: str, clock_seconds: int | None, at: datetime) -> None:
    """Keep whether the last conversation with a peer went well, and how far its clock is from ours.

    error  what went wrong, for people; "" when all went well
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    known = {} if clock_seconds is None else {"clock_seconds": max(-(2**31), min(clock_seconds, 2**31 - 1))}
    if not error:
        known["contact_at"] = at  # type: ignore[assignment]  # columns of a peer
    Peer.objects.filter(id=peer.id).update(last_error=error[:500], **known)


def _direction(this: ThisNode, card: Card) -> str:
    if card.level not in LEVELS or card.node == str(this.node):
        raise UnusableCard(why=card.level or "—")
    ours, theirs = LEVELS.index(this.level), LEVELS.index(card.level)
    if theirs == ours + 1:
        return Peer.Direction.ABOVE
    if theirs == ours - 1:
        return Peer.Direction.BELOW
    raise WrongLevel(name=card.name, level=card.level)


def _usable(card: Card) -> list[dict[str, str]]:
    try:
        uuid.UUID(card.node)
        return keys.usable(card.keys)
    except (keys.UnusableKeys, ValueError) as error:
        raise UnusableCard(why=_("khoá công khai không dùng được")) from error
