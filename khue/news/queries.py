"""What everybody may read, what a place has written, and how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.news import access
from khue.news.models import Article, Campaign, Reads
from khue.registry import queries as registry

LATEST = 5


@dataclass(frozen=True, slots=True)
class Headline:
    """One line of a public list."""

    public_id: UUID
    title: str
    lead: str
    published_at: datetime
    place: str


def latest() -> list[Headline]:
    """The latest five articles of the node. One query."""
    return [Headline(key, title, lead, at, place) for key, title, lead, at, place in _latest() if at]


@compiled
def _latest() -> QuerySet[Article, tuple[UUID, str, str, datetime | None, str]]:
    rows = Article.objects.filter(access.PUBLISHED).order_by("-published_at", "-id")
    return rows.values_list("public_id", "title", "lead", "published_at", "organisation__name")[:LATEST]


def published_articles() -> QuerySet[Article]:
    """Everything that everybody may read. Page it before use."""
    return Article.objects.filter(access.PUBLISHED).select_related("organisation")


def is_public(article: Article) -> bool:
    """Whether everybody may read it now. No query."""
    return article.published_at is not None and article.withdrawn_at is None


def article_of(actor: Actor, public_id: UUID) -> Article:
    """An article that was ever published, or is the actor's to write. Raises NotFound.

    A withdrawn one is found too: its page says so, and why, instead of the text.
    """
    rows = Article.objects.select_related("organisation", "campaign")
    seen = rows.filter(published_at__isnull=False)
    if actor.may(access.Permission.WRITE):
        seen = seen | rows.filter(access.own_articles(actor))
    return one(seen, public_id=public_id)


def visible_articles(actor: Actor) -> QuerySet[Article]:
    """What the places of the actor have written. One query; page it before use."""
    return Article.objects.filter(access.own_articles(actor)).select_related("organisation", "campaign")


def own_article(actor: Actor, public_id: UUID) -> Article:
    """An article of a place for which the actor writes. Raises NotFound."""
    return one(visible_articles(actor), public_id=public_id)


def reads_of(articles: Sequence[Article]) -> dict[int, int]:
    """How often each was opened, by its id; none stands for never. One query."""
    rows = Reads.objects.filter(article__in=articles).order_by().values_list("article_id")
    return dict(rows.annotate(total=Sum("count")))


def open_campaigns(organisation_id: int, on: date) -> list[Campaign]:
    """Campaigns of this place and of the bodies above it that run on that day. Two queries."""
    lineage = registry.organisation_with(organisation_id).lineage
    above = [int(key) for key in lineage.strip(".").split(".")]
    rows = Campaign.objects.filter(body_id__in=above, begins_on__lte=on, ends_on__gte=on)
    return list(rows.select_related("body").order_by("ends_on", "id"))


def campaign_of(public_id: UUID) -> Campaign:
    """Any campaign: they are public. Raises NotFound."""
    return first(_campaign(public_id))


@compiled
def _campaign(public_id: UUID) -> QuerySet[Campaign]:
    return Campaign.objects.select_related("body").filter(public_id=public_id)


def campaigns() -> QuerySet[Campaign]:
    """All campaigns. Page it before use."""
    return Campaign.objects.select_related("body")


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a campaign came.

    places    bodies that have published for it
    by_day    (day, how often its articles were opened), only days on which somebody did
    """

    articles: int
    places: int
    reads: int
    by_day: Sequence[tuple[date, int]]

    @property
    def chart(self) -> list[tuple[str, int]]:
        """The last fortnight with readers, as a picture wants it."""
        return [(f"{day:%d/%m}", total) for day, total in self.by_day[-14:]]


def reach_of(actor: Actor, campaign: Campaign) -> Reached:
    """How far the articles of a campaign came, those of the actor's places and below. Two queries."""
    places, by_day = _places(actor, campaign.id), _by_day(actor, campaign.id)
    return Reached(len(places), len(set(places)), sum(total for _day, total in by_day), by_day)


@compiled
def _places(actor: Actor, campaign: int) -> QuerySet[Article, int]:
    return _told(actor, campaign).values_list("organisation_id", flat=True)


@compiled
def _by_day(actor: Actor, campaign: int) -> QuerySet[Reads, tuple[date, int]]:
    rows = Reads.objects.filter(article__in=_told(actor, campaign)).order_by("day").values_list("day")
    return rows.annotate(total=Sum("count"))


def _told(actor: Actor, campaign: int) -> QuerySet[Article]:
    return Article.objects.filter(access.PUBLISHED, access.articles_below(actor), campaign_id=campaign).order_by()
