"""Tables of the foundation: audit trail, outbox, files, jobs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khue.foundation.record import Record


class AuditRow(models.Model):
    """One act: who, acting as what, on what, before, after. Append-only; partitioned by month (migration 0001)."""

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    roles = models.TextField()
    door = models.TextField()
    verb = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField()
    block_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "foundation_auditrow"


class AuditBlock(models.Model):
    """A sealed run of audit rows. Each block's hash covers its rows and the block before it.

    id          without gaps: the number after the block before
    row_ids     the rows it covers, ascending
    row_hashes  32 bytes for each of them: SHA-256 of the row's canonical JSON (foundation.audit_chain)
    """

    id = models.BigIntegerField(primary_key=True)
    row_ids = ArrayField(models.BigIntegerField())
    row_hashes = models.BinaryField()
    sealed_at = models.DateTimeField()
    row_count = models.IntegerField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()


class OutboxEvent(models.Model):
    """A fact published in the transaction it came from, delivered at least once by the worker."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    payload = models.JSONField()
    organisation_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="outbox_waiting", condition=models.Q(delivered_at__isnull=True)
            )
        ]


class EventDelivery(models.Model):
    """That one handler has done its work for one event: written in the handler's own transaction."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="+")
    handler = models.TextField()
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="event_handled_once")]


class StoredFile(Record):
    """A file by its content. Two uploads of the same bytes are one row on disk and two rows here.

    organisation_id  whose file it is; null for files of the node
    purpose          what it was stored for, "library.resource": decides who may read it (extensions.file_readers)
    is_shared        other organisations may know that it exists, because what it belongs to is published
    sha256           of what lies on the disk, hexadecimal; its name there
    is_sealed        what lies there is encrypted; the purpose's seal has the key (extensions.file_seals)
    size             bytes of the content
    """

    organisation_id = models.BigIntegerField(null=True)
    purpose = models.TextField(default="")
    is_shared = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    is_sealed = models.BooleanField(default=False, db_default=False)
    size = models.BigIntegerField()
    media_type = models.TextField()
    name = models.TextField()
    stored_at = models.DateTimeField()
    stored_by_id = models.BigIntegerField(null=True)


class Upload(Record):
    """An upload under way: offset bytes of size have arrived; the rest may follow after a lost line."""

    organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField()
    purpose = models.TextField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")


class Job(Record):
    """A long job as a person sees it: counts, result, file of what failed. The queue itself is procrastinate's.

    position  how far the work is committed, in the work's own terms: where it goes on after a killed worker
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    organisation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    title = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    arguments = models.JSONField(default=dict)
    position = models.JSONField(null=True)
    attempts = models.SmallIntegerField(default=0)
    last_error = models.TextField(default="")
    done_count = models.IntegerField(default=0)
    failed_count = models.IntegerField(default=0)
    total_count = models.IntegerField(null=True)
    summary = models.TextField(default="")
    result_url = models.TextField(default="")
    report_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-id"], name="job_of_account"),
            models.Index(fields=["organisation_id", "-id"], name="job_of_organisation"),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
