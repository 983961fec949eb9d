from django.urls import URLPattern, path

from khue.schools.views import roster

app_name = "schools"
urlpatterns: list[URLPattern] = [
    path("rosters/", roster.roster_imports, name="roster_imports"),
    path("rosters/years/<uuid:year_id>/excel/", roster.excel, name="roster_excel"),
    path("rosters/years/<uuid:year_id>/oneroster/", roster.oneroster, name="roster_oneroster"),
    path("rosters/<uuid:public_id>/", roster.roster_import, name="roster_import"),
    path("rosters/<uuid:public_id>/columns/", roster.choose_columns, name="choose_columns"),
    path("rosters/<uuid:public_id>/confirm/", roster.confirm, name="confirm_roster"),
    path("rosters/<uuid:public_id>/cancel/", roster.cancel, name="cancel_roster"),
]
