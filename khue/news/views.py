"""News for everybody, and the desk of those who write it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import Actor, require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.lists import Filter, Listing
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request
from khue.news import access, actions, queries
from khue.news.access import Permission
from khue.news.forms import ArticleForm, CampaignForm, WithdrawForm
from khue.news.markup import html_of
from khue.news.models import Article, Campaign
from khue.registry import queries as registry
from khue.registry.models import Organisation

PUBLIC: Listing[Article] = Listing(
    order=("-published_at", "-id"),
    search=("folded",),
    filters=(
        Filter("at", gettext_lazy("Đơn vị"), "organisation__public_id", parse=UUID),
        Filter("campaign", gettext_lazy("Đợt truyền thông"), "campaign__public_id", parse=UUID),
    ),
    size=20,
)
OWN: Listing[Article] = Listing(order=("-id",), search=("folded",), size=30)
CAMPAIGNS: Listing[Campaign] = Listing(order=("-begins_on", "-id"), size=20)


@require_safe
def news(request: Request) -> HttpResponse:
    """What schools, departments and the Ministry tell everybody, the latest first."""
    given = request.GET.dict()
    seen = PUBLIC.page(queries.published_articles, given, of=())
    context = {"seen": seen, "place": _place(given.get("at")), "writes": request.actor.may(Permission.WRITE)}
    return for_everybody(page(request, "news/news.html", context), request)


def _place(public_id: str | None) -> Organisation | None:
    try:
        return registry.organisation_of(UUID(public_id)) if public_id else None
    except (ValueError, NotFound):
        return None


@require_safe
def article(request: Request, public_id: UUID) -> HttpResponse:
    """One article; where it was withdrawn, why."""
    found = queries.article_of(request.actor, public_id)
    is_own = access.writes_for(request.actor, found.organisation_id)
    context = {
        "article": found,
        "body": html_of(found.body) if is_own or not found.withdrawn_at else "",
        "is_own": is_own,
        "may_publish": request.actor.may(Permission.PUBLISH, found),
        "is_public": queries.is_public(found),
    }
    response = page(request, "news/article.html", context, status=410 if found.withdrawn_at and not is_own else 200)
    return for_everybody(response, request)


@csrf_exempt
@require_POST
def read(request: Request, public_id: UUID) -> HttpResponse:
    """A browser says that the article was opened. Exempt: it changes a count, whoever asks, and nothing of anybody."""
    actions.count_read(article=queries.article_of(request.actor, public_id), on=today())
    return HttpResponse(status=204)


@require_safe
def desk(request: Request) -> HttpResponse:
    """What the actor's places have written, drafts first of all."""
    require(request.actor, Permission.WRITE, within=None)
    seen = OWN.page(queries.visible_articles(request.actor), request.GET.dict())
    context = {
        "seen": seen,
        "reads": queries.reads_of(seen.rows),
        "may_publish": request.actor.may(Permission.PUBLISH),
    }
    return page(request, "news/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request) -> HttpResponse:
    """Begin an article."""
    place = _own_place(request.actor, Permission.WRITE)
    form = ArticleForm(request.POST or None, campaigns=queries.open_campaigns(place.id, today()))
    if form.is_valid():
        with refusals_on(form):
            made = actions.write_article(
                actor=request.actor, organisation_id=place.id, text=form.text, on=today(), at=now()
            )
            return flash.say(
                see_other("news:article", made.public_id), _("Đã lưu bản thảo. Chưa ai ngoài đơn vị đọc được.")
            )
    return page(request, "news/write.html", {"form": form, "article": None, "place": place})


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: Request, public_id: UUID) -> HttpResponse:
    """Change an article."""
    found = queries.own_article(request.actor, public_id)
    campaigns = queries.open_campaigns(found.organisation_id, today())
    if found.campaign and found.campaign not in campaigns:
        campaigns.append(found.campaign)
    initial: dict[str, Any] = {"title": found.title, "lead": found.lead, "body": found.body}
    initial["campaign"] = str(found.campaign.public_id) if found.campaign else ""
    form = ArticleForm(request.POST or None, initial=initial, campaigns=campaigns)
    if form.is_valid():
        with refusals_on(form):
            actions.rewrite_article(actor=request.actor, article=found, text=form.text, on=today(), at=now())
            return flash.say(see_other("news:article", found.public_id), _("Đã lưu."))
    return page(request, "news/write.html", {"form": form, "article": found, "place": found.organisation})


@require_POST
def publish(request: Request, public_id: UUID) -> HttpResponse:
    """Let everybody read it."""
    found = queries.own_article(request.actor, public_id)
    actions.publish_article(actor=request.actor, article=found, at=now())
    return flash.say(see_other("news:article", public_id), _("Đã đăng. Ai cũng đọc được tin này."))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    """Take it from the public pages, with the reason."""
    found = queries.article_of(request.actor, public_id)
    require(request.actor, Permission.PUBLISH, within=found)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.withdraw_article(actor=request.actor, article=found, why=form.cleaned_data["why"], at=now())
            return flash.say(see_other("news:article", public_id), _("Đã gỡ tin."))
    return page(request, "news/withdraw.html", {"form": form, "article": found})


@require_safe
def campaigns(request: Request) -> HttpResponse:
    """All campaigns, the latest first."""
    context = {
        "seen": CAMPAIGNS.page(queries.campaigns, request.GET.dict(), of=()),
        "may_open": request.actor.may(Permission.PUBLISH),
        "today": today(),
    }
    return for_everybody(page(request, "news/campaigns.html", context), request)


@require_safe
def campaign(request: Request, public_id: UUID) -> HttpResponse:
    """One campaign with its articles; for staff also how far it came."""
    found = queries.campaign_of(public_id)
    given = {**request.GET.dict(), "campaign": str(public_id)}
    context = {
        "campaign": found,
        "seen": PUBLIC.page(queries.published_articles, given, of=()),
        "reach": queries.reach_of(request.actor, found) if request.actor.may(Permission.WRITE) else None,
        "today": today(),
    }
    return for_everybody(page(request, "news/campaign.html", context), request)


@require_http_methods(["GET", "HEAD", "POST"])
def open_campaign(request: Request) -> HttpResponse:
    """Open a campaign."""
    place = _own_place(request.actor, Permission.PUBLISH)
    form = CampaignForm(request.POST or None, initial={"begins_on": today()})
    if form.is_valid():
        with refusals_on(form):
            made = actions.open_campaign(actor=request.actor, organisation_id=place.id, plan=form.plan, at=now())
            return flash.say(see_other("news:campaign", made.public_id), _("Đã mở đợt truyền thông."))
    return page(request, "news/open_campaign.html", {"form": form, "place": place})


def _own_place(actor: Actor, permission: str) -> Organisation:
    """Where the actor does this; the first place of several. Raises Forbidden."""
    places = registry.working_places(actor, permission)
    if not places:
        require(actor, permission, within=-1)
    return places[0]
