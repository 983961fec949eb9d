from django.urls import path

from khue.exchange.views import keeping, overview, quality, vendor, work

app_name = "exchange"
urlpatterns = [
    path("exchange/", overview.overview, name="overview"),
    path("exchange/peers/<uuid:public_id>/", overview.peer, name="peer"),
    path("exchange/peers/<uuid:public_id>/hand-over/", keeping.hand_over, name="hand_over"),
    path("exchange/peers/<uuid:public_id>/handing/", keeping.handing, name="handing"),
    path("exchange/peers/<uuid:public_id>/hand-back/", keeping.hand_back, name="hand_back"),
    path("exchange/peers/<uuid:public_id>/take-back/", keeping.take_back, name="take_back"),
    path("exchange/log/", overview.log, name="log"),
    path("exchange/work/", work.work, name="work"),
    path("exchange/recovered/", work.recovered, name="recovered"),
    path("exchange/recovered/<int:record_id>/keep/", work.keep, name="keep"),
    path("exchange/quality/", quality.quality, name="quality"),
    path("exchange/sheets/", vendor.sheets, name="sheets"),
    path("exchange/sheets/<uuid:public_id>/", vendor.sheet, name="sheet"),
    path("exchange/sheets/<uuid:public_id>/take-over/", vendor.take_over, name="take_over"),
    path("exchange/sheets/<uuid:public_id>/drop/", vendor.drop, name="drop_sheet"),
    path("exchange/sheets/<uuid:public_id>/returned.xlsx", vendor.returned, name="returned_sheet"),
    path("exchange/facts/", quality.facts, name="facts"),
    path("exchange/schools/<uuid:public_id>/", quality.school, name="school"),
    path("exchange/schools/<uuid:public_id>/<slug:kind>.<slug:form>", quality.file, name="file"),
]
