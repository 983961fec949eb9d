"""What is exchanged between nodes: with whom, which records, in which batches, what was held back, who read what."""

from django.db import models
from django.db.models import F, Q

from khue.exchange.letter_models import FarSchool as FarSchool
from khue.exchange.letter_models import KnownNode as KnownNode
from khue.exchange.letter_models import Letter as Letter
from khue.exchange.letter_models import ListedSchool as ListedSchool
from khue.exchange.rule_models import FieldGrant as FieldGrant
from khue.exchange.rule_models import ValidationRule as ValidationRule
from khue.exchange.sheet_models import HeadingMeaning as HeadingMeaning
from khue.exchange.sheet_models import SheetLine as SheetLine
from khue.exchange.sheet_models import VendorSheet as VendorSheet
from khue.foundation.record import Record

#: The order in which nodes report: each to the next.
LEVELS = ("school", "department", "ministry")


class ThisNode(models.Model):
    """Who this node is to others. One row, made when the first peer is.

    node            the name in signatures, a UUID
    body            what it stands for: the root of its tree
    key_generation  which of the keys derived from the node's secret it signs with (docs/decisions/0200)
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    node = models.UUIDField(unique=True)
    name = models.TextField()
    level = models.CharField(max_length=10)
    body = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    key_generation = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="this_node_once")]


class Peer(Record):
    """Another node. It stands above, and we report to it, or below, and reports to us.

    organisation  below: the body of our tree it may report for; above: our own root
    keys          its public keys (JWK), known to us by hand: see actions.admit_peer
    epoch         of the numbers under which batches run; a new one begins after a restore (docs/decisions/0202)
    number        above: of the last batch we made; below: of the last one up to which none is missing
    position      above: how far in our feed the batches reach that were acknowledged
    nodes_told    above: SHA-256 of what we last told it of the nodes below us; nodes_told_at: when
    listed        above: up to which change of its list of schools we have heard; listed_at: when we had all of it
    handed_over_at  when the level above handed the school's rows over to the lower node: docs/decisions/0300
    taken_up_at     above: which such handing over we have taken up, by its moment
    handed_back_at  when the lower node handed those rows back: docs/decisions/0310
    back_settled_at above: when the node there had everything that was handed back; below: when we took it back
    """

    class Direction(models.TextChoices):
        ABOVE = "above"
        BELOW = "below"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    node = models.UUIDField(unique=True)
    name = models.TextField()
    level = models.CharField(max_length=10)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    address = models.TextField(default="")
    keys = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    epoch = models.IntegerField(default=1)
    number = models.IntegerField(default=0)
    position = models.BigIntegerField(default=0)
    made_position = models.BigIntegerField(default=0)
    contact_at = models.DateTimeField(null=True)
    clock_seconds = models.IntegerField(null=True)  # how far its clock is ahead of ours
    last_error = models.TextField(default="")
    admitted_at = models.DateTimeField()
    nodes_told = models.CharField(max_length=64, default="", db_default="")
    nodes_told_at = models.DateTimeField(null=True)
    listed = models.BigIntegerField(default=0, db_default=0)
    listed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)
    back_settled_at = models.DateTimeField(null=True)
    copies = models.BigIntegerField(default=0, db_default=0, editable=False)  # records of it here; the database counts

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["direction"], condition=Q(direction="above", is_active=True), name="one_active_peer_above"
            ),
        ]


class ReportedRecord(models.Model):
    """The newest version of one record: our own, or a copy of what a node below reported.

    period         code of the school year the record belongs to; "" for what lasts
    school_code    of the school it belongs to, as it was reported
    key            IdBanGhi; version: PhienBan, given by the node where the record began
    peer           whom it came from; null for our own
    payload        the fields of its kind, by the names of the national specification (domain §1.8)
    content_hash   of kind, key, event and payload as they stand here
    sent_hash      the same of what the level above may see of it
    position       in this node's feed: renewed with every version
    bucket         0-4095, where the record stands in the tree of hashes
    recovered_hash own record taken back from above after a restore: what our rows said at that moment
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=150)
    school_code = models.CharField(max_length=35, default="")
    period = models.CharField(max_length=9, default="", db_default="")
    version = models.IntegerField()
    event = models.CharField(max_length=6)
    payload = models.JSONField()
    content_hash = models.BinaryField()
    sent_hash = models.BinaryField()
    position = models.BigIntegerField()
    bucket = models.SmallIntegerField()
    warnings = models.SmallIntegerField(default=0)
    errors = models.SmallIntegerField(default=0)
    recovered_hash = models.BinaryField(null=True)
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="reported_record_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="reported_record_version"),
        ]
        indexes = [
            models.Index(fields=["position"], name="reported_record_feed"),
            models.Index(fields=["organisation", "kind", "key"], name="reported_record_of"),
            models.Index(fields=["bucket", "kind", "key"], name="reported_record_tree"),
        ]


class Batch(Record):
    """A signed, compressed run of records, made by us or accepted from a peer.

    content        the bytes as they are sent: kept until they are acknowledged; null for accepted ones
    digest         SHA-256 of the bytes
    previous       digest of the batch before it in its epoch; empty for the first
    answer         what the receiver said: counts, and what it held back
    """

    class State(models.TextChoices):
        MADE = "made"
        SETTLED = "settled"
        ABANDONED = "abandoned"  # its epoch ended before it was acknowledged

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="+")
    epoch = models.IntegerField()
    number = models.IntegerField()
    digest = models.BinaryField()
    previous = models.BinaryField()
    first_position = models.BigIntegerField(default=0)
    last_position = models.BigIntegerField(default=0)
    records = models.IntegerField()
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "epoch", "number"], name="batch_once")]
        indexes = [models.Index(fields=["peer", "state", "epoch", "number"], name="batch_waiting")]


class HeldRecord(Record):
    """One reason why a version of a record was not taken over: a line of somebody's work list.

    organisation  where the row can be mended
    peer          above: who held it back, as it told us; below: whose record it is; null: held back by ourselves
    duty          who can mend it: a role
    payload       what was held back, at the receiver alone; empty at the sender, who has the row itself
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=150)
    version = models.IntegerField()
    content_hash = models.BinaryField()
    bucket = models.SmallIntegerField(default=0)
    rule = models.CharField(max_length=40)
    field = models.CharField(max_length=40, default="")
    message = models.TextField()
    duty = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    held_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "kind", "key", "version", "rule", "field"],
                name="held_record_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], condition=Q(mended_at=None), name="held_record_open"),
            models.Index(fields=["kind", "key"], condition=Q(mended_at=None), name="held_record_of"),
        ]


class Passage(models.Model):
    """That records went out, came in or were read: by whom, how many of which kinds. Never changed.

    deed     "sent", "received", "compared", "fetched", "exported", "imported"
    kinds    {"pupil": 312, ...}
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    deed = models.CharField(max_length=10)
    kinds = models.JSONField(default=dict)
    records = models.IntegerField()
    batch = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="passage_latest")]


class DeclaredFact(models.Model):
    """What a school says of itself for the national specification, where no other row of the node knows it.

    field  of the kind "school"; value: as the specification has it, 0 and 1 for no and yes
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    value = models.JSONField()
    declared_at = models.DateTimeField()
    declared_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "field"], name="declared_fact_once")]


class StaleSchool(models.Model):
    """A school where something happened since its records were last collected."""

    organisation = models.OneToOneField(
        "registry.Organisation", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["since", "organisation"], name="exchange_stale_first")]


class SchoolQuality(models.Model):
    """How good a school's records of one kind are, or of all kinds together where it is "", as last collected.

    faultless without any complaint; warnings: with some, but sent; errors: held back
    checks    how many checks were made, one for each record and rule; failed: how many found something
    by_rule   {"pupil.code": 12, ...}: how often each rule complained; of all kinds together nothing
    missed    of a million checks, how many found something; kept of all kinds together, by which schools stand in order
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    records = models.IntegerField()
    faultless = models.IntegerField()
    warnings = models.IntegerField()
    errors = models.IntegerField()
    checks = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    by_rule = models.JSONField(default=dict)
    missed = models.IntegerField(default=0, db_default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="school_quality_once"),
            models.CheckConstraint(
                condition=Q(records=F("faultless") + F("warnings") + F("errors")), name="school_quality_sums"
            ),
        ]
        indexes = [models.Index(fields=["-missed", "organisation"], name="school_quality_worst", condition=Q(kind=""))]

    @property
    def percent(self) -> float:
        """The score: the share of checks that found nothing."""
        return 100 * (1 - self.failed / self.checks) if self.checks else 100.0
