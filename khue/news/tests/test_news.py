"""News for everybody: written, published, changed, withdrawn, counted; and whom it does not concern."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow
from khue.news import actions, queries
from khue.news.actions import Plan, Text
from khue.news.markup import html_of
from khue.news.models import Article, Campaign, Reads
from khue.news.refusals import AlreadyPublished, CampaignNotOpen, DaysReversed, NotPublished
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db
TEXT = Text("Tuyển sinh lớp 6", "Nhận hồ sơ từ thứ Hai.", "## Cần gì\n\n- Giấy khai sinh\n- **Học bạ**")


@pytest.fixture
def draft(world: World) -> Article:
    here = world.here
    return actions.write_article(
        actor=actor(here.clerk), organisation_id=here.organisation.id, text=TEXT, on=TODAY, at=NOON
    )


@pytest.fixture
def article(world: World, draft: Article) -> Article:
    actions.publish_article(actor=actor(world.here.head), article=draft, at=NOON)
    return Article.objects.get()


def campaign(world: World, **given: object) -> Campaign:
    days = {"begins_on": TODAY - timedelta(1), "ends_on": TODAY + timedelta(30)} | given
    return actions.open_campaign(
        actor=actor(world.department_officer), organisation_id=world.department.id,
        plan=Plan("Tuần lễ chuyển đổi số", "Nhà nào cũng biết", wanted_reads=100, **days), at=NOON,
    )  # fmt: skip


def test_a_draft_is_read_by_its_place_alone(world, draft, client_of):
    path = f"/news/{draft.public_id}/"

    assert client_of(world.here.clerk).get(path).status_code == 200
    for who in (world.here.teacher, world.elsewhere.head, world.department_officer, world.here.guardians[0]):
        assert client_of(who).get(path).status_code == 404
    assert Client().get(path, headers={"Accept": "application/json"}).status_code == 404
    assert draft.title not in Client().get("/news/").content.decode()


def test_what_is_published_is_read_by_everybody_and_kept_by_caches(world, article, client_of):
    answer = Client().get(f"/news/{article.public_id}/")

    assert "<li>Giấy khai sinh</li>" in answer.content.decode()
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cache-Control" not in client_of(world.here.head).get(f"/news/{article.public_id}/")
    for page in ("/", "/news/", f"/news/?at={article.organisation.public_id}", "/news/?q=tuyen+sinh"):
        assert article.title in Client().get(page).content.decode()
    assert article.title not in Client().get(f"/news/?at={world.elsewhere.organisation.public_id}").content.decode()


def test_the_clerk_writes_and_the_head_answers_for_it(world, draft):
    with pytest.raises(Forbidden):
        actions.publish_article(actor=actor(world.here.clerk), article=draft, at=NOON)
    assert Article.objects.get().published_at is None
    actions.publish_article(actor=actor(world.here.head), article=draft, at=NOON)
    with pytest.raises(AlreadyPublished):
        actions.publish_article(actor=actor(world.here.head), article=draft, at=NOON)
    with pytest.raises(Forbidden):
        actions.rewrite_article(
            actor=actor(world.here.clerk), article=Article.objects.get(), text=TEXT, on=TODAY, at=NOON
        )


def test_a_changed_article_says_when_and_the_audit_trail_keeps_what_it_was(world, article):
    new = Text("Tuyển sinh lớp 6 (sửa)", TEXT.lead, "Khác.")
    actions.rewrite_article(actor=actor(world.here.head), article=article, text=new, on=TODAY, at=NOON)

    assert Article.objects.get().changed_at == NOON
    assert AuditRow.objects.get(verb="article.rewritten").details["before"]["title"] == TEXT.title


def test_a_withdrawn_article_says_why_and_shows_nothing_else(world, article):
    actions.withdraw_article(actor=actor(world.here.head), article=article, why="Sai ngày.", at=NOON)
    answer = Client().get(f"/news/{article.public_id}/")

    assert answer.status_code == 410
    assert "Sai ngày." in answer.content.decode()
    assert "Giấy khai sinh" not in answer.content.decode()
    assert article.title not in answer.content.decode() + Client().get("/news/").content.decode()
    for again in (
        lambda: actions.withdraw_article(actor=actor(world.here.head), article=article, why="x", at=NOON),
        lambda: actions.rewrite_article(actor=actor(world.here.head), article=article, text=TEXT, on=TODAY, at=NOON),
        lambda: actions.count_read(article=Article.objects.get(), on=TODAY),
    ):
        with pytest.raises(NotPublished):
            again()


def test_nobody_else_writes_for_a_place(world, article, client_of):
    outsiders = (world.elsewhere.head, world.elsewhere.clerk, world.here.teacher, world.here.pupils[0])
    for who in outsiders:
        with pytest.raises(Forbidden):
            actions.write_article(
                actor=actor(who), organisation_id=world.here.organisation.id, text=TEXT, on=TODAY, at=NOON
            )
        with pytest.raises(Forbidden):
            actions.withdraw_article(actor=actor(who), article=article, why="", at=NOON)
        with pytest.raises(NotFound):
            queries.own_article(actor(who), article.public_id)
        assert client_of(who).post(f"/news/{article.public_id}/withdraw/", {"why": "x"}).status_code in (403, 404)
        assert client_of(who).get(f"/news/{article.public_id}/change/").status_code in (403, 404)
    with pytest.raises(Forbidden):  # a department takes down, but does not put words into a school's mouth
        actions.rewrite_article(actor=actor(world.department_officer), article=article, text=TEXT, on=TODAY, at=NOON)
    assert Article.objects.get().withdrawn_at is None


def test_another_scope_reads_what_is_published_and_not_the_rest(world, article):
    second = actions.write_article(
        actor=actor(world.here.clerk), organisation_id=world.here.organisation.id, text=TEXT, on=TODAY, at=NOON
    )
    actions.count_read(article=article, on=TODAY)
    with scope.of(actor(world.elsewhere.head)), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM news_article")
        assert [key for (key,) in cursor.fetchall()] == [article.id]
        cursor.execute("UPDATE news_article SET title = 'x' WHERE id IN (%s, %s)", [article.id, second.id])
        assert cursor.rowcount == 0
        cursor.execute("SELECT count(*) FROM news_reads")
        assert cursor.fetchone() == (0,)


def test_readers_are_counted_and_nothing_is_kept_of_them(world, article, client_of):
    for _ in range(3):
        assert Client(enforce_csrf_checks=True).post(f"/news/{article.public_id}/read/").status_code == 204

    assert queries.reads_of([article]) == {article.id: 3}
    assert {field.name for field in Reads._meta.get_fields()} == {
        "id", "organisation", "article", "day", "shard", "count",
    }  # fmt: skip
    assert "3 lượt đọc" in client_of(world.here.head).get("/news/desk/").content.decode()


def test_a_campaign_gathers_articles_of_all_below_and_how_far_they_came(world, client_of):
    opened = campaign(world)
    head = actor(world.here.head)
    text = Text("Ngày hội đọc sách", "Cả trường cùng đọc.", "Mời bà con.", opened)
    made = actions.write_article(actor=head, organisation_id=world.here.organisation.id, text=text, on=TODAY, at=NOON)
    actions.publish_article(actor=head, article=made, at=NOON)
    for _ in range(2):
        actions.count_read(article=Article.objects.get(), on=TODAY)

    reach = queries.reach_of(actor(world.department_officer), opened)
    assert (reach.articles, reach.places, reach.reads, reach.by_day) == (1, 1, 2, [(TODAY, 2)])
    assert queries.reach_of(actor(world.elsewhere.head), opened).reads == 0
    page = f"/news/campaigns/{opened.public_id}/"
    assert "Ngày hội đọc sách" in Client().get(page).content.decode()
    assert "Lượt đọc" not in Client().get(page).content.decode()
    assert "mục tiêu 100" in client_of(world.here.head).get(page).content.decode()


def test_a_campaign_that_is_over_or_of_elsewhere_takes_no_article(world):
    over = campaign(world, begins_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    elsewhere = Campaign.objects.create(
        body=world.elsewhere.organisation, title="x", aim="x", begins_on=TODAY, ends_on=TODAY, opened_at=NOON
    )
    for closed in (over, elsewhere):
        with pytest.raises(CampaignNotOpen):
            actions.write_article(
                actor=actor(world.here.head), organisation_id=world.here.organisation.id,
                text=Text("a", "b", "c", closed), on=TODAY, at=NOON,
            )  # fmt: skip
    with pytest.raises(DaysReversed):
        campaign(world, ends_on=TODAY - timedelta(9))
    assert not Article.objects.exists()


@given(st.text(max_size=400))
def test_nothing_an_author_writes_acts_in_the_page(text):
    made = html.fragment_fromstring(html_of(text) or "-", create_parent="div")

    allowed = {"div", "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote"}
    assert {node.tag for node in made.iter()} <= allowed
    assert {name for node in made.iter() for name in node.attrib} <= {"href", "title", "start"}


@pytest.mark.parametrize(
    "bad", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://h/x.png)", "[x](data:text/html,1)"]
)
def test_html_scripts_and_pictures_stay_text(bad):
    assert "<script" not in html_of(bad)
    assert "<a" not in html_of(bad) or "javascript" not in html_of(bad)
    assert "<img" not in html_of(bad)


@pytest.mark.parametrize("path", ["/", "/news/", "/news/campaigns/", "/news/desk/"])
def test_a_page_costs_the_same_queries_however_much_there_is(world, path, client_of):
    def ask(rows: int) -> int:
        for number in range(rows):
            made = actions.write_article(
                actor=actor(world.here.head), organisation_id=world.here.organisation.id,
                text=Text(f"Tin {number}", "b", "c"), on=TODAY, at=NOON,
            )  # fmt: skip
            actions.publish_article(actor=actor(world.here.head), article=made, at=NOON)
        client = client_of(world.here.head) if "desk" in path else Client()
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    assert ask(1) == ask(9)
