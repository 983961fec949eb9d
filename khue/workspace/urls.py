from django.urls import path

from khue.workspace.views import documents, tasks, week

app_name = "workspace"
urlpatterns = [
    path("work/documents/", documents.documents, name="documents"),
    path("work/documents/arrive/", documents.arrive, name="arrive"),
    path("work/documents/draft/", documents.draft, name="draft"),
    path("work/documents/<uuid:public_id>/", documents.document, name="document"),
    path("work/documents/<uuid:public_id>/edit/", documents.redraft, name="redraft"),
    path("work/documents/<uuid:public_id>/print/", documents.printed, name="printed"),
    path("work/documents/<uuid:public_id>/<slug:name>/", documents.step, name="step"),
    path("work/tasks/", tasks.tasks, name="tasks"),
    path("work/tasks/give/", tasks.give, name="give_task"),
    path("work/tasks/<uuid:public_id>/<slug:how>/", tasks.end, name="end_task"),
    path("work/week/", week.week, name="week"),
    path("work/week/plan/", week.plan, name="plan"),
    path("work/week/venue/", week.add_venue, name="add_venue"),
    path("work/week/<uuid:public_id>/cancel/", week.cancel, name="cancel_occasion"),
]
