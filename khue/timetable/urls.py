from django.urls import URLPattern, path

from khue.timetable.views import drafts, week, wishes

app_name = "timetable"
DRAFT = "timetable/drafts/<uuid:public_id>"
urlpatterns: list[URLPattern] = [
    path("timetable/", week.week, name="week"),
    path("timetable/drafts/", drafts.drafts, name="drafts"),
    path(f"{DRAFT}/", drafts.draft, name="draft"),
    path(f"{DRAFT}/progress/", drafts.progress, name="progress"),
    path(f"{DRAFT}/conflicts/", drafts.conflicts, name="conflicts"),
    path(f"{DRAFT}/search/", drafts.search, name="search"),
    path(f"{DRAFT}/renew/", drafts.renew, name="renew"),
    path(f"{DRAFT}/discard/", drafts.discard, name="discard"),
    path(f"{DRAFT}/publish/", drafts.publish, name="publish"),
    path(f"{DRAFT}/lessons/<uuid:lesson_id>/", drafts.lesson, name="lesson"),
    path("timetable/wishes/", wishes.wishes, name="wishes"),
    path("timetable/wishes/<uuid:public_id>/end/", wishes.end_wish, name="end_wish"),
]
