from django.urls import path

from khue.indicators.views import figures, school_index

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
    path("school-index/", school_index.published, name="published_index"),
    path("indicators/<uuid:organisation_id>/<slug:code>/", figures.indicator, name="indicator"),
    path("indicators/<uuid:organisation_id>/<slug:code>/lineage/", figures.lineage, name="lineage"),
]
