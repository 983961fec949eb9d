from django.urls import URLPattern, path, re_path

from khue.foundation import api_door, upload_door, views
from khue.foundation.ui import views as ui_views

app_name = "foundation"
urlpatterns: list[URLPattern] = [
    path("language/", ui_views.language, name="language"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("ui/", ui_views.components, name="components"),
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
    path("jobs/<uuid:public_id>/cancel/", views.cancel_job, name="cancel_job"),
    path("audit/", views.audit_trail, name="audit"),
    path("files/<uuid:public_id>/", views.download, name="file"),
    path("uploads/", upload_door.begin, name="uploads"),
    path("uploads/<uuid:public_id>/", upload_door.upload, name="upload"),
    re_path(r"^api/", api_door.answer, name="api"),
]
