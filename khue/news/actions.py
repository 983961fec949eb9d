"""Writing, publishing and withdrawing what everybody may read; and counting that it was read."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from random import SystemRandom

from django.db import connection, transaction

from khue.foundation import audit, scope
from khue.foundation.actor import SYSTEM, Actor, require
from khue.foundation.errors import Forbidden
from khue.foundation.text import nfc, nfc_lines
from khue.news import access, queries
from khue.news.access import Permission
from khue.news.models import Article, Campaign
from khue.news.refusals import AlreadyPublished, CampaignNotOpen, DaysReversed, NotPublished

SHARDS = 8
_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Text:
    """What an author writes. lead: two or three sentences for lists; body: Markdown."""

    title: str
    lead: str
    body: str
    campaign: Campaign | None = None


@transaction.atomic
def write_article(*, actor: Actor, organisation_id: int, text: Text, on: date, at: datetime) -> Article:
    """Begin an article; nobody outside reads it before it is published.

    refuses  CampaignNotOpen
    """
    require(actor, Permission.WRITE, within=organisation_id)
    _refuse_closed(organisation_id, text.campaign, on)
    made = Article.objects.create(
        organisation_id=organisation_id, written_at=at, written_by_name=actor.name, **_cleaned(text)
    )
    audit.record(actor, "article.written", made, title=made.title)
    return made


@transaction.atomic
def rewrite_article(*, actor: Actor, article: Article, text: Text, on: date, at: datetime) -> Article:
    """Change an article: a draft by who writes for the place, a published one by who may publish.

    The text before stays in the audit trail, and readers see when a published one was changed.
    refuses  CampaignNotOpen; NotPublished where it was withdrawn
    """
    require(actor, Permission.PUBLISH if article.published_at else Permission.WRITE, within=article)
    if not access.writes_for(actor, article.organisation_id):
        raise Forbidden
    found = Article.objects.select_for_update().get(id=article.id)
    if found.withdrawn_at:
        raise NotPublished
    if text.campaign != found.campaign:
        _refuse_closed(found.organisation_id, text.campaign, on)
    before = {"title": found.title, "lead": found.lead, "body": found.body, "campaign": found.campaign_id}
    for name, value in _cleaned(text).items():
        setattr(found, name, value)
    found.changed_at = at if found.published_at else None
    found.save(update_fields=["title", "lead", "body", "campaign", "changed_at"])
    audit.record(actor, "article.rewritten", found, before=before)
    return found


@transaction.atomic
def publish_article(*, actor: Actor, article: Article, at: datetime) -> None:
    """Let everybody read it from now on.

    refuses  AlreadyPublished
    """
    require(actor, Permission.PUBLISH, within=article)
    rows = Article.objects.filter(id=article.id, published_at=None)
    if not rows.update(published_at=at, published_by_name=actor.name):
        raise AlreadyPublished
    audit.record(actor, "article.published", article)


@transaction.atomic
def withdraw_article(*, actor: Actor, article: Article, why: str, at: datetime) -> None:
    """Take it from the public pages. The address goes on to answer, with the reason and without the text.

    refuses  NotPublished
    """
    require(actor, Permission.PUBLISH, within=article)
    rows = Article.objects.filter(id=article.id, published_at__isnull=False, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_why=nfc(why)):
        raise NotPublished
    audit.record(actor, "article.withdrawn", article, why=why)


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign as it is opened: as in the model."""

    title: str
    aim: str
    begins_on: date
    ends_on: date
    source: str = ""
    wanted_reads: int | None = None


@transaction.atomic
def open_campaign(*, actor: Actor, organisation_id: int, plan: Plan, at: datetime) -> Campaign:
    """Open a campaign for this body and all below it.

    refuses  DaysReversed
    source   QĐ 131/QĐ-TTg, nhóm nhiệm vụ truyền thông
    """
    require(actor, Permission.PUBLISH, within=organisation_id)
    if plan.ends_on < plan.begins_on:
        raise DaysReversed
    made = Campaign.objects.create(body_id=organisation_id, opened_at=at, **asdict(plan))
    audit.record(actor, "campaign.opened", made, title=made.title)
    return made


def count_read(*, article: Article, on: date) -> None:
    """Count that somebody, whoever it is, opened a published article. One statement.

    The row belongs to the place that published; readers are of anywhere, so the scope is raised to that place.
    """
    if not queries.is_public(article):
        raise NotPublished
    with scope.raised(SYSTEM, [article.organisation_id]), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO news_reads (organisation_id, article_id, day, shard, count) VALUES (%s, %s, %s, %s, 1)"
            " ON CONFLICT (article_id, day, shard) DO UPDATE SET count = news_reads.count + 1",
            [article.organisation_id, article.id, on, _chance.randrange(SHARDS)],
        )


def _cleaned(text: Text) -> dict[str, object]:
    return {"title": nfc(text.title), "lead": nfc(text.lead), "body": nfc_lines(text.body), "campaign": text.campaign}


def _refuse_closed(organisation_id: int, campaign: Campaign | None, on: date) -> None:
    if campaign is not None and campaign not in queries.open_campaigns(organisation_id, on):
        raise CampaignNotOpen
