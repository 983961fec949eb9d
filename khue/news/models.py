"""What schools, departments and the Ministry tell everybody, and how many have read it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.record import Record


class Campaign(Record):
    """Something a body wants many to hear of for a while; those below it write for it too.

    body           who opened it; named so, and not isolated for readers, because campaigns are public
    source         the decision or plan it carries out, as written there; empty where there is none
    wanted_reads   how often its articles are to be read by its last day; None where nobody has said
    """

    body = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    aim = models.TextField()
    source = models.TextField(default="")
    begins_on = models.DateField()
    ends_on = models.DateField()
    wanted_reads = models.IntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="campaign_days_in_order"),
            models.CheckConstraint(condition=Q(wanted_reads=None) | Q(wanted_reads__gt=0), name="campaign_wants_some"),
        ]
        indexes = [models.Index(fields=["body", "-begins_on"], name="campaigns_of_body")]

    @property
    def organisation_id(self) -> int:
        return self.body_id


class Article(Record):
    """One piece of news. A draft has no published_at; what was withdrawn is kept and shown to nobody outside.

    body            Markdown without HTML and pictures
    withdrawn_why   what readers who follow an old link are told
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    lead = models.TextField()
    body = models.TextField()
    written_at = models.DateTimeField()
    written_by_name = models.TextField()
    published_at = models.DateTimeField(null=True)
    published_by_name = models.TextField(default="")
    changed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(default="")
    folded = models.GeneratedField(
        expression=Func("title", "lead", function="khue_fold", arg_joiner=" || ' ' || "),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False), name="withdrawn_after_published"
            )
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(published_at__isnull=False, withdrawn_at=None),
                name="news_latest",
            ),
            models.Index(fields=["organisation", "-id"], name="news_of_place"),
            models.Index(fields=["campaign", "-published_at"], name="news_of_campaign"),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="news_search"),
        ]


class Reads(models.Model):
    """How often an article was opened on one day: a count, and nothing of who it was.

    shard   one of a few rows a day, so that those who read at once do not wait for each other
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    shard = models.SmallIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day", "shard"], name="reads_once_a_day")]
