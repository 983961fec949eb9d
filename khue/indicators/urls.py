from django.urls import path

from khue.indicators.views import figures, measures, open_data, reported, reports, school_index, support

app_name = "indicators"
urlpatterns = [
    path("indicators/", figures.own, name="own"),
    path("indicators/<uuid:organisation_id>/", figures.organisation, name="organisation"),
    path("indicators/<uuid:organisation_id>/index/", school_index.place, name="index"),
    path("indicators/<uuid:organisation_id>/index/begin/", school_index.begin, name="begin_index"),
    path("indicators/index/<uuid:assessment_id>/", school_index.assessment, name="assessment"),
    path("indicators/index/<uuid:assessment_id>/return/", school_index.give_back, name="return_index"),
    path("indicators/index/<uuid:assessment_id>/recognise/", school_index.recognise, name="recognise_index"),
    path("indicators/index/<uuid:assessment_id>/publish/", school_index.publish, name="publish_index"),
    path("indicators/<uuid:organisation_id>/reports/", reports.place, name="reports"),
    path("indicators/<uuid:organisation_id>/reports/deadline/", reports.deadline, name="deadline"),
    path("indicators/<uuid:organisation_id>/reports/<slug:period>/", reports.prefill, name="prefill"),
    path("indicators/<uuid:organisation_id>/reports/<slug:period>/<slug:kind>/", reports.summary, name="report_sum"),
    path("indicators/reports/<uuid:report_id>/", reports.report, name="report"),
    path("indicators/reports/<uuid:report_id>/sign/", reports.sign, name="sign_report"),
    path("indicators/reports/<uuid:report_id>/send/", reports.send, name="send_report"),
    path("indicators/reports/<uuid:report_id>/<slug:kind>/", reports.download, name="download_report"),
    path("indicators/<uuid:organisation_id>/support/", support.place, name="support"),
    path("indicators/<uuid:organisation_id>/support/new/", support.make, name="make_programme"),
    path("indicators/<uuid:organisation_id>/support/<uuid:programme_id>/", support.receive, name="receive_devices"),
    path("indicators/support/<uuid:device_id>/hand/", support.hand, name="hand_device"),
    path("indicators/support/<uuid:device_id>/back/", support.take_back, name="take_device"),
    path("indicators/<uuid:organisation_id>/reported/<slug:code>/", reported.write, name="reported"),
    path("indicators/<uuid:organisation_id>/human-capital/", measures.place, name="human_capital"),
    path("indicators/<uuid:organisation_id>/open-data/", open_data.publish, name="publish_open_data"),
    path("open-data/", open_data.index, name="open_data"),
    path("open-data/dictionary.json", open_data.describe, name="dictionary"),
    path("open-data/<uuid:set_id>.csv", open_data.data, name="open_set"),
    path("school-index/", school_index.published, name="published_index"),
    path("indicators/<uuid:organisation_id>/<slug:code>/", figures.indicator, name="indicator"),
    path("indicators/<uuid:organisation_id>/<slug:code>/in/<slug:key>/", figures.part, name="part"),
    path("indicators/<uuid:organisation_id>/<slug:code>/far/", figures.far, name="far"),
    path("indicators/<uuid:organisation_id>/<slug:code>/lineage/", figures.lineage, name="lineage"),
]
