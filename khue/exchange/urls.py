from django.urls import path

from khue.exchange.views import overview, quality, work

app_name = "exchange"
urlpatterns = [
    path("exchange/", overview.overview, name="overview"),
    path("exchange/peers/<uuid:public_id>/", overview.peer, name="peer"),
    path("exchange/log/", overview.log, name="log"),
    path("exchange/work/", work.work, name="work"),
    path("exchange/recovered/", work.recovered, name="recovered"),
    path("exchange/recovered/<int:record_id>/keep/", work.keep, name="keep"),
    path("exchange/quality/", quality.quality, name="quality"),
    path("exchange/facts/", quality.facts, name="facts"),
    path("exchange/schools/<uuid:public_id>/", quality.school, name="school"),
    path("exchange/schools/<uuid:public_id>/<slug:kind>.<slug:form>", quality.file, name="file"),
]
