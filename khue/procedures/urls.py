from django.urls import path

from khue.procedures.views import cases, drawing, public

app_name = "procedures"
urlpatterns = [
    path("procedures/", public.procedures, name="list"),
    path("procedures/follow/", public.follow, name="follow"),
    path("procedures/follow/answer/", public.answer, name="answer"),
    path("procedures/filed/", public.filed, name="filed"),
    path("procedures/<uuid:public_id>/", public.procedure, name="procedure"),
    path("procedures/<uuid:public_id>/file/", public.file, name="file"),
    path("procedures/desk/", cases.desk, name="desk"),
    path("procedures/cases/", cases.cases, name="cases"),
    path("procedures/cases/<uuid:public_id>/", cases.case, name="case"),
    path("procedures/cases/<uuid:public_id>/files/<uuid:attachment_id>/", cases.attachment, name="attachment"),
    path("procedures/cases/<uuid:public_id>/papers/<uuid:slip_id>.pdf", cases.slip, name="slip"),
    path("procedures/cases/<uuid:public_id>/<slug:how>/", cases.change, name="change"),
    path("procedures/steps/<uuid:public_id>/", cases.step, name="step"),
    path("procedures/figures/", cases.figures, name="figures"),
    path("procedures/drawn/", drawing.drawn, name="drawn"),
    path("procedures/drawn/new/", drawing.new, name="new"),
    path("procedures/drawn/<uuid:public_id>/", drawing.versions, name="versions"),
    path("procedures/drawn/<uuid:public_id>/draw/", drawing.draw, name="draw"),
    path("procedures/drawn/<uuid:public_id>/close/", drawing.close, name="close"),
    path("procedures/versions/<uuid:public_id>/", drawing.version, name="version"),
    path("procedures/versions/<uuid:public_id>/publish/", drawing.publish, name="publish"),
]
