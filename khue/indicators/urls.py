from django.urls import path

from khue.indicators import views

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.own, name="own"),
    path("indicators/<uuid:organisation_id>/", views.organisation, name="organisation"),
    path("indicators/<uuid:organisation_id>/<slug:code>/", views.indicator, name="indicator"),
]
