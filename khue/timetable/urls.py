from django.urls import URLPattern, path

from khue.timetable.views import absences, bells, drafts, feeds, fet, swaps, versions, week, wishes

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
    path(f"{DRAFT}/loads/", drafts.loads, name="draft_loads"),
    path("timetable/fet/", fet.fet_files, name="fet_files"),
    path("timetable/fet/<uuid:public_id>/", fet.fet_file, name="fet_file"),
    path("timetable/fet/<uuid:public_id>/search/", fet.search, name="search_fet"),
    path("timetable/fet/<uuid:public_id>/discard/", fet.discard, name="discard_fet"),
    path(f"{DRAFT}/excel/", versions.draft_excel, name="draft_excel"),
    path("timetable/versions/", versions.versions, name="versions"),
    path("timetable/versions/<uuid:public_id>/", versions.version, name="version"),
    path("timetable/versions/<uuid:public_id>/excel/", versions.excel, name="excel"),
    path("timetable/versions/<uuid:public_id>/print/<slug:kind>/", versions.printed, name="printed"),
    path("timetable/bells/", bells.bells, name="bells"),
    path("timetable/bells/ways/", bells.ways, name="ways"),
    path("timetable/absences/", absences.absences, name="absences"),
    path("timetable/absences/<uuid:public_id>/", absences.absence, name="absence"),
    path("timetable/absences/<uuid:public_id>/withdraw/", absences.withdraw_absence, name="withdraw_absence"),
    path("timetable/covers/<uuid:public_id>/withdraw/", absences.withdraw_cover, name="withdraw_cover"),
    path("timetable/swaps/", swaps.swaps, name="swaps"),
    path("timetable/swaps/<uuid:public_id>/take-back/", swaps.take_back, name="take_back_swap"),
    path("timetable/calendar/", feeds.feeds, name="feeds"),
    path("timetable/calendar/<uuid:public_id>/revoke/", feeds.revoke, name="revoke_feed"),
    path("timetable/calendar/<str:token>.ics", feeds.feed, name="feed"),
    path("timetable/wishes/", wishes.wishes, name="wishes"),
    path("timetable/wishes/<uuid:public_id>/end/", wishes.end_wish, name="end_wish"),
]
