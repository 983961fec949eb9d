"""Letters between nodes, and the schools on other nodes that one may write to."""

from django.db import models
from django.db.models import F, Func


class KnownNode(models.Model):
    """Another node one may write to: a peer, or a neighbour of whom the node above told us. docs/decisions/0250

    keys     its public keys, by which its letters are known and ours are sealed for it
    behind   it lies further down: through which peer below it is reached, as that one says (docs/decisions/0251)
    schools  of one behind a peer: codes of the schools whose rows it keeps, as that peer says
    """

    id = models.BigAutoField(primary_key=True)
    node = models.UUIDField(unique=True)
    name = models.TextField()
    keys = models.JSONField(default=list)
    heard_at = models.DateTimeField()
    behind = models.ForeignKey("exchange.Peer", null=True, on_delete=models.PROTECT, related_name="+")
    schools = models.JSONField(default=list, db_default=[])


class FarSchool(models.Model):
    """A school whose rows another node keeps. Which schools exist is public.

    is_below  its node is below us; of the others the node above told us
    """

    code = models.CharField(primary_key=True, max_length=35)
    name = models.TextField()
    folded_name = models.GeneratedField(
        expression=Func(F("name"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )
    node = models.ForeignKey(KnownNode, to_field="node", on_delete=models.PROTECT, related_name="+")
    is_below = models.BooleanField(default=False)


class ListedSchool(models.Model):
    """What this node says of one school to the nodes below it, in the order in which that last changed. 0253

    node      which node keeps its rows; via: the peer below that reported it; null: our own, or told from above
    digest    of what is said: name, node, and how that node is known
    position  when that changed, in microseconds; no two schools have the same
    is_gone   it is a school no more: said so that others forget it
    """

    code = models.CharField(primary_key=True, max_length=35)
    name = models.TextField()
    node = models.UUIDField()
    via = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    position = models.BigIntegerField(unique=True)
    is_gone = models.BooleanField(default=False)


class Letter(models.Model):
    """A sealed letter on its way: written here, kept for a node that fetches its own, or arrived and not yet read.

    organisation  written here: the school it is about; kept: the body of the peer it goes to; arrived: this node's body
    via           the node that handed it over, or that it was fetched from; null: written here
    thread        what it is about, the same on both sides; part: 0 for the word, 1, 2, ... for pieces of a file
    content       the signed line and what is encrypted for its reader; digest: SHA-256 of it
    tries         how often it could not be read, or was not taken; problem: what was wrong with it then
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    thread = models.UUIDField()
    part = models.IntegerField(default=0)
    from_node = models.UUIDField()
    to_node = models.UUIDField()
    via = models.UUIDField(null=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    problem = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "from_node", "part"], name="letter_once")]
        indexes = [models.Index(fields=["to_node", "id"], name="letter_for")]
